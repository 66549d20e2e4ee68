"""A team's settings stand in `.clops.yml`, beside the code or above it."""

from __future__ import annotations

from clops_app.model.source import SourceTree
from clops_app.usecases.config import Config
from clops_app.usecases.errors import ConfigError

SETTINGS = ".clops.yml"
_MISNAMED = (".clops.yaml", "clops.yml", "clops.yaml")


def places_of_settings(scope: str) -> tuple[str, ...]:
    """Every path at which settings for this directory may stand, misnamed ones as well, the nearest first."""
    directories = [scope]
    while directories[-1]:
        directories.append(directories[-1].rpartition("/")[0])
    return tuple(f"{directory}/{name}".removeprefix("/") for directory in directories for name in (SETTINGS, *_MISNAMED))


def settings_in(tree: SourceTree, scope: str) -> tuple[str, Config] | None:
    """The nearest settings at or above the scope, and their path; None when there are none. Raises ConfigError."""
    path = _path(tree, scope)
    return (path, settings_from(path, tree.files[path])) if path else None


def settings_from(path: str, content: bytes) -> Config:
    """The settings that a file holds. Raises ConfigError."""
    from clops_app.usecases.config_file import read_config  # brings pydantic: a fifth of a second that most runs can save

    return read_config(path, content)


def _path(tree: SourceTree, scope: str) -> str:
    directories = tuple(f"{place}/" for place in places_of_settings(scope) if place.endswith(SETTINGS))
    below = next((path for path in tree.files if path.startswith(directories)), None)
    if below is not None:
        where = next(place for place in directories if below.startswith(place)).removesuffix("/")
        raise ConfigError((f"{where} was not read: a directory, not a file.",))
    directory = scope
    while True:
        path = f"{directory}/{SETTINGS}".removeprefix("/")
        if path in tree.files:
            return path
        if path in tree.refused:
            raise ConfigError((f"{path} was not read: {tree.refused[path]}.",))
        for name in _MISNAMED:
            misnamed = f"{directory}/{name}".removeprefix("/")
            if misnamed in tree.files:
                raise ConfigError((f"{misnamed} is not read: rename it to {SETTINGS}.",))
        if not directory:
            return ""
        directory = directory.rpartition("/")[0]
