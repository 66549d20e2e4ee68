"""What a workflow writes under `with:` reaches us as environment, one variable an input, and is checked here: the runner checks nothing."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from clops_app.model.finding import SEVERITIES, Severity
from clops_app.usecases.errors import ConfigError

_NAMES = ("path", "base", "config", "fail-on", "comment", "checkov", "infracost", "version", "token")


@dataclass(frozen=True, slots=True)
class Inputs:
    """The inputs of action.yml. `path` and `config` are relative to the top of the repository, "" where nothing was given."""

    path: str
    base: str
    config: str
    fail_on: Severity | None
    comment: bool
    checkov: bool
    infracost: bool
    version: str
    token: str


def inputs_of(environment: Mapping[str, str]) -> Inputs:
    """Raises ConfigError with all that is wrong."""
    faults: list[str] = []
    found = {name: environment.get(f"CLOPS_{name.upper().replace('-', '_')}", "").strip() for name in _NAMES}
    severity = found["fail-on"]
    if severity and severity not in SEVERITIES:
        faults.append(f"fail-on: {severity!r} is none of {', '.join(SEVERITIES)}.")
    flags = {name: found[name].lower() or default for name, default in (("comment", "true"), ("checkov", "false"), ("infracost", "false"))}
    faults += [f"{name}: {value!r} is neither true nor false." for name, value in flags.items() if value not in ("true", "false")]
    for name in ("path", "config"):
        if found[name].startswith("/") or posixpath.normpath(found[name] or ".").split("/")[0] == "..":
            faults.append(f"{name}: {found[name]!r} leads out of the repository.")
    if faults:
        raise ConfigError(tuple(faults))
    return Inputs(
        path=_relative(found["path"]),
        base=found["base"],
        config=_relative(found["config"]),
        fail_on=cast("Severity", severity) if severity else None,
        comment=flags["comment"] == "true",
        checkov=flags["checkov"] == "true",
        infracost=flags["infracost"] == "true",
        version=found["version"],
        token=found["token"],
    )


def _relative(path: str) -> str:
    normal = posixpath.normpath(path or ".")
    return "" if normal == "." else normal
