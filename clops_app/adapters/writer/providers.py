"""Who can be asked and with what: each provider's true client, made when it is asked and for no longer than the answer takes.

Clients here never try again by themselves: agent.py does, the same way for all, within the time there is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias, assert_never

from clops_app.language import tr

if TYPE_CHECKING:
    from pydantic_ai.models import Model
    from pydantic_ai.settings import ModelSettings

# Room for the longest answer that answers.py takes (some 10,000 characters, of which Korean needs about one token each) and for
# what a model thinks before, which providers count as output.
MOST_OUTPUT_TOKENS = 16_000
_TEMPERATURE = 0.2
_CONNECT_SECONDS = 5
_CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform"  # cloud.google.com/vertex-ai/docs/authentication


@dataclass(frozen=True, slots=True)
class AnthropicApi:
    model: str
    key: str = field(repr=False)
    base_url: str | None = None


@dataclass(frozen=True, slots=True)
class StaticKeys:
    """An access key of AWS; `token` where it is a temporary one."""

    id: str = field(repr=False)
    secret: str = field(repr=False)
    token: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Bedrock:
    """`keys` None: a role, which boto3 assumes by what the environment says of it."""

    model: str
    region: str
    keys: StaticKeys | None = field(repr=False)
    base_url: str | None = None


@dataclass(frozen=True, slots=True)
class Vertex:
    """Gemini in a project of Google Cloud; `credentials` is the path of a file that says who we are there."""

    model: str
    project: str
    location: str
    credentials: str
    base_url: str | None = None


@dataclass(frozen=True, slots=True)
class Gemini:
    """Gemini by an API key, without a project."""

    model: str
    key: str = field(repr=False)
    base_url: str | None = None


Provider: TypeAlias = AnthropicApi | Bedrock | Vertex | Gemini


@dataclass(frozen=True, slots=True)
class Label:
    """What people need to know of a provider: its name, the extra that brings its client, and where its credential is set."""

    name: str
    extra: str
    credential: str


def label_of(provider: Provider) -> Label:
    match provider:
        case AnthropicApi():
            return Label("Anthropic", "anthropic", "ANTHROPIC_API_KEY")
        case Bedrock(region=region, keys=keys):
            role, key = tr("the AWS role's permission for bedrock:InvokeModel"), tr("AWS_ACCESS_KEY_ID and what it may do")
            credential = role if keys is None else key
            return Label(f"Amazon Bedrock in {region}", "bedrock", credential)
        case Vertex(location=location):
            return Label(f"Vertex AI in {location}", "google", tr("GOOGLE_APPLICATION_CREDENTIALS and GOOGLE_CLOUD_PROJECT"))
        case Gemini():
            return Label("Google Gemini", "google", "GOOGLE_API_KEY")
        case _:
            assert_never(provider)


def unauthorized_of(provider: Provider) -> tuple[type[Exception], ...]:
    """What the provider's client raises of its own where a credential cannot be had. Raises ImportError without its extra."""
    match provider:
        case AnthropicApi():
            return ()
        case Bedrock():
            from botocore.exceptions import BotoCoreError

            return (BotoCoreError,)
        case Vertex() | Gemini():
            from google.auth.exceptions import GoogleAuthError

            return (GoogleAuthError,)
        case _:
            assert_never(provider)


def opened(provider: Provider, seconds: float) -> tuple[Model, ModelSettings]:
    """The provider's client, and what is asked of it beyond the prompt. Slow: imports the client.

    Raises ImportError without its extra, and what `unauthorized_of` says.
    """
    match provider:
        case AnthropicApi():
            return _anthropic(provider, seconds)
        case Bedrock():
            return _bedrock(provider, seconds)
        case Vertex():
            return _vertex(provider, seconds)
        case Gemini():
            return _gemini(provider, seconds)
        case _:
            assert_never(provider)


def _anthropic(provider: AnthropicApi, seconds: float) -> tuple[Model, ModelSettings]:
    from pydantic_ai.models.anthropic import AnthropicModel, AnthropicModelSettings
    from pydantic_ai.providers.anthropic import AnthropicProvider

    model = AnthropicModel(provider.model, provider=AnthropicProvider(api_key=provider.key, base_url=provider.base_url))
    settings = AnthropicModelSettings(max_tokens=MOST_OUTPUT_TOKENS, timeout=seconds, max_retries=0, anthropic_cache_instructions=True)
    return model, _calmed(settings, model)


def _bedrock(provider: Bedrock, seconds: float) -> tuple[Model, ModelSettings]:
    import boto3
    from botocore.config import Config
    from pydantic_ai.models.bedrock import BedrockConverseModel, BedrockModelSettings
    from pydantic_ai.providers.bedrock import BedrockProvider

    config = Config(read_timeout=seconds, connect_timeout=_CONNECT_SECONDS, retries={"total_max_attempts": 1, "mode": "standard"})
    keys = provider.keys
    client = boto3.Session(
        aws_access_key_id=keys and keys.id,
        aws_secret_access_key=keys and keys.secret,
        aws_session_token=keys and keys.token,
        region_name=provider.region,
    ).client("bedrock-runtime", config=config, endpoint_url=provider.base_url)
    model = BedrockConverseModel(provider.model, provider=BedrockProvider(bedrock_client=client))
    return model, _calmed(BedrockModelSettings(max_tokens=MOST_OUTPUT_TOKENS, bedrock_cache_instructions=True), model)


def _vertex(provider: Vertex, seconds: float) -> tuple[Model, ModelSettings]:
    import google.auth
    from google.auth.exceptions import DefaultCredentialsError
    from google.auth.transport.requests import Request
    from pydantic_ai.models.google import GoogleModel
    from pydantic_ai.providers.google_cloud import GoogleCloudProvider
    from pydantic_ai.settings import ModelSettings

    try:
        credentials, _ = google.auth.load_credentials_from_file(provider.credentials, scopes=[_CLOUD_PLATFORM])  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:  # no such file any more, or a key in it that is none
        raise DefaultCredentialsError("not read") from error  # type: ignore[no-untyped-call]
    # The client would fetch the token on a thread that the interpreter waits for at its end; ours it does not wait for.
    credentials.refresh(Request())
    cloud = GoogleCloudProvider(credentials=credentials, project=provider.project, location=provider.location, base_url=provider.base_url)
    return GoogleModel(provider.model, provider=cloud), ModelSettings(max_tokens=MOST_OUTPUT_TOKENS, timeout=seconds)


def _gemini(provider: Gemini, seconds: float) -> tuple[Model, ModelSettings]:
    from pydantic_ai.models.google import GoogleModel
    from pydantic_ai.providers.google import GoogleProvider
    from pydantic_ai.settings import ModelSettings

    # No temperature: of Gemini 3 and later Google says to leave it alone (ai.google.dev/gemini-api/docs/gemini-3).
    # Its cache of what prompts have in common needs no asking for (ai.google.dev/gemini-api/docs/caching).
    model = GoogleModel(provider.model, provider=GoogleProvider(api_key=provider.key, base_url=provider.base_url))
    return model, ModelSettings(max_tokens=MOST_OUTPUT_TOKENS, timeout=seconds)


def _calmed(settings: ModelSettings, model: Model) -> ModelSettings:
    """With a low temperature, unless the model is known to refuse any. Of one that is named by an ARN nothing is known."""
    refusals = ("anthropic_disallows_sampling_settings", "bedrock_disallows_sampling_settings")
    return (
        settings
        if model.model_name.startswith("arn:") or any(map(model.profile.get, refusals))
        else {**settings, "temperature": _TEMPERATURE}
    )
