"""All that the operator can say is said by variables called CLOPS_…, read here once; a fault names the variable, never its value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from clops_app.adapters.secrets_manager import SecretError, is_arn, secret_at
from clops_app.adapters.writer.writers import MODEL_VARIABLES, Name
from clops_app.language import Language
from clops_app.usecases.errors import ConfigError

PREFIX = "CLOPS_"
_FILE = "_FILE"
_MOST_SECRET_BYTES = 65_536  # as much as AWS Secrets Manager keeps


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError("an address such as https://clops.example.com is needed")
    return text.rstrip("/")


def _port(value: object) -> object:
    """Kubernetes sets CLOPS_PORT=tcp://… by itself beside a Service named clops (kubernetes.io, "Accessing the Service")."""
    return 8080 if isinstance(value, str) and value.startswith("tcp://") else value


Address = Annotated[str, AfterValidator(_address)]
Long = Annotated[SecretStr, Field(min_length=16)]


class Settings(BaseModel):
    """`workers` reviews run at once, each within `review_memory_mib` and `review_seconds`; with 0 another process is to run them.
    `state` is a directory. `ai` is the provider of the model that may write for `ai_repositories`. Repositories are globs and
    `slack_teams` ids of workspaces, with commas between; "": all. `language` is that of Slack's /clops, which belongs to no repository.

    Every secret may also be given as the path of a file, by the same name and _FILE, or as the ARN of a secret in AWS
    Secrets Manager.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)

    github_app_id: Annotated[int, Field(gt=0)] | None = None
    github_private_key: SecretStr | None = None
    github_webhook_secret: SecretStr | None = None
    github_api_url: Address = "https://api.github.com"
    state: Path = Path("clops-state")
    database_url: SecretStr | None = None
    public_url: Address | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, BeforeValidator(_port), Field(ge=0, le=65_535)] = 8080
    workers: Annotated[int, Field(ge=0, le=64)] = 2
    review_memory_mib: Annotated[int, Field(ge=256)] = 2_048
    review_seconds: Annotated[int, Field(ge=10, le=3_600)] = 300
    slack_signing_secret: SecretStr | None = None
    slack_bot_token: SecretStr | None = None
    slack_channel: str | None = None
    slack_webhook_url: SecretStr | None = None
    language: Language = "en"
    ai: Name = "none"
    ai_repositories: str = ""
    slack_repositories: str = ""
    slack_teams: str = ""
    metrics_token: Long | None = None
    status_token: Long | None = None
    setup_token: Long | None = None
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(lambda text: str(text).lower())] = "info"

    @property
    def database(self) -> str:
        """Where the queue is kept: what was said, else a file in the state directory."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.state.absolute() / 'queue.sqlite3'}"

    @property
    def github_web_url(self) -> str:
        """Where people see GitHub: https://github.com, https://octo.ghe.com, or the host of a GitHub Enterprise Server."""
        parts = urlsplit(self.github_api_url)
        return f"{parts.scheme}://{parts.netloc.removeprefix('api.')}"


SECRETS = frozenset(name for name, field in Settings.model_fields.items() if "SecretStr" in repr(field.annotation))


def read_settings(environment: Mapping[str, str], fetch: Callable[[str], str] = secret_at) -> Settings:
    """The settings. `fetch` reads a secret by its ARN, raising SecretError. Raises ConfigError with every fault found."""
    values, faults = {}, list[str]()
    for field in Settings.model_fields:
        name = PREFIX + field.upper()
        try:
            text = _secret(name, environment, fetch) if field in SECRETS else environment.get(name, "")
        except (SecretError, OSError, UnicodeDecodeError) as error:
            faults.append(f"{name}: {_words(error)}.")
            continue
        if text.strip():
            values[field] = text
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        faults += [f"{PREFIX}{str(one['loc'][0]).upper()}: {one['msg'].removeprefix('Value error, ')}." for one in error.errors()]
        raise ConfigError(tuple(faults)) from None
    faults += _half(settings)
    if faults:
        raise ConfigError(tuple(faults))
    return settings


def misspelt(environment: Mapping[str, str]) -> tuple[str, ...]:
    """What looks like one of our variables and is none: sentences for the log."""
    known = {PREFIX + field.upper() for field in Settings.model_fields} | {f"{PREFIX}{field.upper()}{_FILE}" for field in SECRETS}
    known |= set(MODEL_VARIABLES.values())
    said = []
    for name in sorted(set(environment) - known):
        near = get_close_matches(name, known, n=1, cutoff=0.85) if name.startswith(PREFIX) else []
        said += [f"{name} is not read: did you mean {near[0]}?"] if near else []
    return tuple(said)


def _secret(name: str, environment: Mapping[str, str], fetch: Callable[[str], str]) -> str:
    text, path = environment.get(name, "").strip(), environment.get(name + _FILE, "").strip()
    if text and path:
        raise SecretError(f"it is set, and {name}{_FILE} as well: choose one")
    if path:
        with open(path, "rb") as file:
            content = file.read(_MOST_SECRET_BYTES + 1)
        if len(content) > _MOST_SECRET_BYTES:
            raise SecretError(f"the file that {name}{_FILE} names is too large for a secret")
        text = content.decode().strip()
    # A key on one line, as many a dashboard forces it: \n stands for the line's end.
    return (fetch(text) if is_arn(text) else text).replace("\\n", "\n")


def _words(error: Exception) -> str:
    match error:
        case SecretError():
            return str(error)
        case OSError():
            return f"the file cannot be read ({(error.strerror or type(error).__name__).lower()})"
        case _:
            return "the file is not text"


def _half(settings: Settings) -> list[str]:
    """The App's three credentials come together or not at all."""
    there = {name: getattr(settings, name) is not None for name in ("github_app_id", "github_private_key", "github_webhook_secret")}
    missing = [PREFIX + name.upper() for name, is_there in there.items() if not is_there]
    faults = [f"{name} is missing: the App's id, private key and webhook secret belong together." for name in missing]
    faults = faults if len(missing) < len(there) else []
    key = settings.github_private_key
    if key is not None and "PRIVATE KEY-----" not in key.get_secret_value():
        faults.append(f"{PREFIX}GITHUB_PRIVATE_KEY: this is no private key; one begins with -----BEGIN RSA PRIVATE KEY-----.")
    return faults
