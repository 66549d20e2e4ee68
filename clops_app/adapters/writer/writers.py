"""Who writes is decided by which credentials the environment holds, without asking the network and without showing one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from clops_app.adapters.writer.agent import Model, Pair
from clops_app.adapters.writer.providers import AnthropicApi, Bedrock, Gemini, Provider, StaticKeys, Vertex
from clops_app.language import tr
from clops_app.usecases.errors import ConfigError

Name: TypeAlias = Literal["auto", "anthropic", "bedrock", "vertex", "none"]
Role: TypeAlias = Literal["write", "reword"]
Environment: TypeAlias = Mapping[str, str]

MODEL_VARIABLES: Mapping[Role, str] = {"write": "CLOPS_AI_MODEL", "reword": "CLOPS_AI_FAST_MODEL"}
# None of these is among anthropic's DEPRECATED_MODELS (2.12.0), nor announced to end in ai.google.dev/gemini-api/docs/changelog.
# Bedrock has them as inference profiles only: docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
DEFAULT_MODELS: Mapping[type[Provider], Mapping[Role, str]] = {
    AnthropicApi: {"write": "claude-sonnet-5-5", "reword": "claude-haiku-5-5"},
    Bedrock: {"write": "global.anthropic.claude-sonnet-5-5", "reword": "global.anthropic.claude-haiku-5-5"},
    Vertex: {"write": "gemini-4-argon", "reword": "gemini-3.5-flash-lite"},
    Gemini: {"write": "gemini-4-argon", "reword": "gemini-3.5-flash-lite"},
}
_LOCATION = "global"  # where every Gemini model is: cloud.google.com/vertex-ai/generative-ai/docs/learn/locations
# What says who a role is, by AWS's own names: docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
_ROLES = (
    ("AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"),
    ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",),
    ("AWS_CONTAINER_CREDENTIALS_FULL_URI",),
    ("AWS_BEARER_TOKEN_BEDROCK",),
    ("AWS_PROFILE",),
)
# A model's name becomes part of a path. A slash would lead elsewhere in it; an ARN, which has one, is the operator's to choose.
_MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,199}")
_PROFILE_ARN = re.compile(r"arn:aws[a-z-]*:bedrock:[a-z0-9-]+:[0-9]{12}:(?:application-)?inference-profile/[A-Za-z0-9._:-]{1,128}")
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Choice:
    """Who writes, None where templates do, and a sentence that says why."""

    writer: Pair | None
    why: str


@dataclass(frozen=True, slots=True)
class _Found:
    """`why` is the rest of a sentence that begins with who writes."""

    provider: Provider
    why: str


@dataclass(frozen=True, slots=True)
class _Lacking:
    """`why` names the variables that are not set."""

    why: str


@dataclass(frozen=True, slots=True)
class _Wish:
    """What was asked for; a model that is not named is the provider's default."""

    environment: Environment
    models: Mapping[Role, str]
    base_url: str | None

    def says(self, *names: str) -> bool:
        return all(self.environment.get(name) for name in names)

    def model_of(self, provider: type[Provider], role: Role = "write") -> str:
        return self.models[role] or DEFAULT_MODELS[provider][role]


def writer_for(provider: Name, environment: Environment, *, model: str = "", base_url: str | None = None) -> Choice:
    """`model` is what the reviewed repository's settings name for the strong one; the environment's choice goes before it.

    `base_url` is the operator's alone. Raises ConfigError where a provider was named that cannot be asked.
    """
    if provider == "none":
        return Choice(None, tr("No model is asked, as the settings say."))
    chosen = {role: environment.get(name, "") for role, name in MODEL_VARIABLES.items()}
    _check(chosen, model, base_url)
    wish = _Wish(environment, {**chosen, "write": chosen["write"] or model}, base_url)
    finders: Mapping[Name, Callable[[_Wish], _Found | _Lacking]] = {"anthropic": _anthropic, "bedrock": _bedrock, "vertex": _google}
    reasons = []
    for name in finders if provider == "auto" else (provider,):
        match finders[name](wish):
            case _Found(found, why):
                pair = Pair(Model(found), Model(replace(found, model=wish.model_of(type(found), "reword"))))
                return Choice(pair, f"{pair.name} is asked, {why}.")
            case _Lacking(why):
                reasons.append(why)
    if provider != "auto":
        raise ConfigError((tr("ai.provider is {provider}, but {reason}.", provider=provider, reason=reasons[0]),))
    return Choice(None, tr("No model is asked: {reasons}.", reasons="; ".join(reasons)))


def _anthropic(wish: _Wish) -> _Found | _Lacking:
    key = wish.environment.get("ANTHROPIC_API_KEY")
    if not key:
        return _Lacking(tr("ANTHROPIC_API_KEY is not set"))
    return _Found(AnthropicApi(wish.model_of(AnthropicApi), key, wish.base_url), "because ANTHROPIC_API_KEY is set")


def _bedrock(wish: _Wish) -> _Found | _Lacking:
    region = wish.environment.get("AWS_REGION") or wish.environment.get("AWS_DEFAULT_REGION")
    if not region:
        return _Lacking(tr("AWS_REGION is not set"))
    keys, why = None, next((" with ".join(names) for names in _ROLES if wish.says(*names)), None)
    if wish.says("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        given = wish.environment
        keys = StaticKeys(given["AWS_ACCESS_KEY_ID"], given["AWS_SECRET_ACCESS_KEY"], given.get("AWS_SESSION_TOKEN") or None)
        why = "AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY"
    if why is None:
        return _Lacking(tr("neither AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY nor AWS_ROLE_ARN with AWS_WEB_IDENTITY_TOKEN_FILE is set"))
    found = Bedrock(wish.model_of(Bedrock), region, keys, wish.base_url)
    return _Found(found, f"because AWS_REGION is set and so is {why}")


def _google(wish: _Wish) -> _Found | _Lacking:
    project, credentials = wish.environment.get("GOOGLE_CLOUD_PROJECT"), _application_default(wish.environment)
    if project and credentials is not None:
        location = wish.environment.get("GOOGLE_CLOUD_LOCATION") or _LOCATION
        vertex = Vertex(wish.model_of(Vertex), project, location, str(credentials), wish.base_url)
        return _Found(vertex, "because GOOGLE_CLOUD_PROJECT is set and there are credentials for it")
    if key := wish.environment.get("GOOGLE_API_KEY"):
        return _Found(Gemini(wish.model_of(Gemini), key, wish.base_url), "because GOOGLE_API_KEY is set")
    if project:
        return _Lacking(tr("GOOGLE_APPLICATION_CREDENTIALS names no file, and GOOGLE_API_KEY is not set"))
    return _Lacking(tr("neither GOOGLE_CLOUD_PROJECT nor GOOGLE_API_KEY is set"))


def _application_default(environment: Environment) -> Path | None:
    """The file that says who we are on Google Cloud: cloud.google.com/docs/authentication/application-default-credentials"""
    if given := environment.get("GOOGLE_APPLICATION_CREDENTIALS"):
        path = Path(given)
    elif folder := environment.get("CLOUDSDK_CONFIG"):
        path = Path(folder, "application_default_credentials.json")
    elif home := environment.get("HOME"):
        path = Path(home, ".config", "gcloud", "application_default_credentials.json")
    else:
        return None
    return path if path.is_file() else None


def _check(chosen: Mapping[Role, str], model: str, base_url: str | None) -> None:
    for role, name in chosen.items():
        if name and not _MODEL.fullmatch(name) and not _PROFILE_ARN.fullmatch(name):
            variable = MODEL_VARIABLES[role]
            raise ConfigError((tr("{variable} is neither a model's name nor the ARN of an inference profile.", variable=variable),))
    if model and not _MODEL.fullmatch(model):
        raise ConfigError((tr("ai.model is not a model's name: letters, digits and . _ : - make one."),))
    parts = urlsplit(base_url or "https://")
    if parts.username is not None or not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)):
        raise ConfigError(("The model's address must begin with https:// and hold no credential.",))
