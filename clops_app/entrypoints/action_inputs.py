"""What a workflow writes under `with:` reaches us as environment, one variable an input, and is checked here: the runner checks nothing."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, cast

from clops_app.model.finding import SEVERITIES, Severity
from clops_app.usecases.config import LanguageModel
from clops_app.usecases.errors import ConfigError

Provider: TypeAlias = Literal["auto", "anthropic", "bedrock", "vertex", "none"]

_NAMES = (
    "path", "base", "config", "fail-on", "comment", "checkov", "infracost", "version", "token", "language", "model-provider", "model",
    "anthropic-api-key",
)  # fmt: skip
_LANGUAGES, _PROVIDERS = ("en", "ko"), ("auto", "anthropic", "bedrock", "vertex", "none")


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
    language: Literal["en", "ko"] | None
    ai: LanguageModel | None
    anthropic_api_key: str = field(repr=False)


def inputs_of(environment: Mapping[str, str]) -> Inputs:
    """Raises ConfigError with all that is wrong."""
    faults: list[str] = []
    found = {name: environment.get(f"CLOPS_{name.upper().replace('-', '_')}", "").strip() for name in _NAMES}
    severity = found["fail-on"]
    if severity and severity not in SEVERITIES:
        faults.append(f"fail-on: {severity!r} is none of {', '.join(SEVERITIES)}.")
    faults += [f"language: {found['language']!r} is none of en, ko."] if found["language"] not in ("", *_LANGUAGES) else []
    provider = found["model-provider"]
    faults += [f"model-provider: {provider!r} is none of {', '.join(_PROVIDERS)}."] if provider not in ("", *_PROVIDERS) else []
    faults += ["model: of which model-provider?"] if found["model"] and not provider else []
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
        language=cast("Literal['en', 'ko']", found["language"]) if found["language"] else None,
        ai=LanguageModel(cast("Provider", provider), found["model"]) if provider else None,
        anthropic_api_key=found["anthropic-api-key"],
    )


def _relative(path: str) -> str:
    normal = posixpath.normpath(path or ".")
    return "" if normal == "." else normal
