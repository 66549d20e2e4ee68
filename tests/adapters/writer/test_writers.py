"""Who writes, by what the environment holds."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from clops_app.adapters.writer.providers import AnthropicApi, Bedrock, Gemini, Provider, StaticKeys, Vertex
from clops_app.adapters.writer.writers import DEFAULT_MODELS, Name, writer_for
from clops_app.usecases.errors import ConfigError

ANTHROPIC = {"ANTHROPIC_API_KEY": "sk-s3cr3t"}
AWS = {"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKIA-s3cr3t", "AWS_SECRET_ACCESS_KEY": "s3cr3t"}
GEMINI = {"GOOGLE_API_KEY": "AIza-s3cr3t"}


def provider_of(name: Name, environment: dict[str, str], **more: str) -> Provider:
    writer = writer_for(name, environment, **more).writer
    assert writer is not None
    return writer.strong.provider


@pytest.fixture
def vertex(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "key.json").write_text("{}")
    return {"GOOGLE_CLOUD_PROJECT": "my-project", "GOOGLE_APPLICATION_CREDENTIALS": str(tmp_path / "key.json")}


def test_what_is_there_is_taken_in_this_order(vertex: dict[str, str]) -> None:
    everything = ANTHROPIC | AWS | vertex | GEMINI
    found = []
    for lost in ("ANTHROPIC_API_KEY", "AWS_REGION", "GOOGLE_CLOUD_PROJECT", "GOOGLE_API_KEY"):
        found.append(type(provider_of("auto", everything)))
        del everything[lost]
    assert found == [AnthropicApi, Bedrock, Vertex, Gemini]
    assert writer_for("auto", everything).writer is None


def test_the_choice_says_who_and_why_and_shows_no_value(vertex: dict[str, str]) -> None:
    said = [writer_for("auto", environment).why for environment in (ANTHROPIC, AWS, vertex, GEMINI, {})]
    assert said == [
        "Anthropic: claude-sonnet-5-5 is asked, because ANTHROPIC_API_KEY is set.",
        "Amazon Bedrock in eu-west-1: global.anthropic.claude-sonnet-5-5 is asked, because AWS_REGION is set and so is AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY.",
        "Vertex AI in global: gemini-4-argon is asked, because GOOGLE_CLOUD_PROJECT is set and there are credentials for it.",
        "Google Gemini: gemini-4-argon is asked, because GOOGLE_API_KEY is set.",
        "No model is asked: ANTHROPIC_API_KEY is not set; AWS_REGION is not set; neither GOOGLE_CLOUD_PROJECT nor GOOGLE_API_KEY is set.",
    ]


def test_nobody_is_asked_where_the_settings_say_so() -> None:
    choice = writer_for("none", ANTHROPIC)
    assert (choice.writer, choice.why) == (None, "No model is asked, as the settings say.")


@pytest.mark.parametrize(
    ("name", "environment", "fault"),
    [
        ("anthropic", AWS | GEMINI, "ai.provider is anthropic, but ANTHROPIC_API_KEY is not set."),
        ("anthropic", {"ANTHROPIC_API_KEY": ""}, "ai.provider is anthropic, but ANTHROPIC_API_KEY is not set."),
        ("bedrock", ANTHROPIC, "ai.provider is bedrock, but AWS_REGION is not set."),
        (
            "bedrock",
            {"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKIA-s3cr3t", "AWS_ROLE_ARN": "arn:s3cr3t"},
            "ai.provider is bedrock, but neither AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY nor AWS_ROLE_ARN with AWS_WEB_IDENTITY_TOKEN_FILE is set.",
        ),
        ("vertex", ANTHROPIC, "ai.provider is vertex, but neither GOOGLE_CLOUD_PROJECT nor GOOGLE_API_KEY is set."),
        (
            "vertex",
            {"GOOGLE_CLOUD_PROJECT": "s3cr3t", "GOOGLE_APPLICATION_CREDENTIALS": "/s3cr3t/none.json"},
            "ai.provider is vertex, but GOOGLE_APPLICATION_CREDENTIALS names no file, and GOOGLE_API_KEY is not set.",
        ),
    ],
)
def test_a_provider_that_was_named_must_have_its_credential(name: Name, environment: dict[str, str], fault: str) -> None:
    with pytest.raises(ConfigError) as caught:
        writer_for(name, environment)
    assert caught.value.faults == (fault,)


@pytest.mark.parametrize(
    "role",
    [
        {"AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/clops", "AWS_WEB_IDENTITY_TOKEN_FILE": "/var/run/token"},
        {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/1"},
        {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials"},
        {"AWS_PROFILE": "work"},
    ],
)
def test_a_role_needs_no_key(role: dict[str, str]) -> None:
    assert provider_of("auto", {"AWS_DEFAULT_REGION": "eu-west-1"} | role) == Bedrock(
        "global.anthropic.claude-sonnet-5-5", "eu-west-1", None
    )


def test_temporary_keys_keep_their_token() -> None:
    found = provider_of("bedrock", AWS | {"AWS_SESSION_TOKEN": "t0k3n"})
    assert isinstance(found, Bedrock)
    assert found.keys == StaticKeys("AKIA-s3cr3t", "s3cr3t", "t0k3n")


@pytest.mark.parametrize("variable", ["CLOUDSDK_CONFIG", "HOME"])
def test_the_login_of_gcloud_is_found_where_gcloud_keeps_it(tmp_path: Path, variable: str) -> None:
    path = tmp_path / ("" if variable == "CLOUDSDK_CONFIG" else ".config/gcloud") / "application_default_credentials.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{}")
    found = provider_of("vertex", {"GOOGLE_CLOUD_PROJECT": "p", variable: str(tmp_path)})
    assert found == Vertex("gemini-4-argon", "p", "global", str(path))


def test_each_role_has_its_model_and_its_variable() -> None:
    chosen = ANTHROPIC | {"CLOPS_AI_MODEL": "claude-opus-5-5", "CLOPS_AI_FAST_MODEL": "claude-haiku-4-5"}
    pairs = [writer_for("auto", given).writer for given in (ANTHROPIC, chosen)]
    models = [(pair.strong.provider.model, pair.fast.provider.model) for pair in pairs if pair]
    assert models == [("claude-sonnet-5-5", "claude-haiku-5-5"), ("claude-opus-5-5", "claude-haiku-4-5")]


def test_the_operators_model_goes_before_the_repositorys() -> None:
    assert provider_of("auto", ANTHROPIC, model="claude-opus-4-8").model == "claude-opus-4-8"
    pair = writer_for("auto", ANTHROPIC, model="claude-opus-4-8").writer
    assert pair is not None
    assert pair.fast.provider.model == "claude-haiku-5-5"
    assert provider_of("auto", ANTHROPIC | {"CLOPS_AI_MODEL": "claude-opus-5-5"}, model="claude-opus-4-8").model == "claude-opus-5-5"


ARN = "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/abc123"


@pytest.mark.parametrize(
    "model", ["../../v1/files", "models/x", "a b", "x?alt=sse", "x#", "-x", "x@everyone", "%2e%2e", ARN, "x" * 201, "모델"]
)
def test_a_repository_can_name_a_model_and_nothing_else(model: str) -> None:
    with pytest.raises(ConfigError, match=r"ai\.model is not a model's name"):
        writer_for("auto", AWS, model=model)


def test_the_operator_can_name_an_inference_profile() -> None:
    assert provider_of("auto", AWS | {"CLOPS_AI_MODEL": ARN}).model == ARN
    for variable in ("CLOPS_AI_MODEL", "CLOPS_AI_FAST_MODEL"):
        with pytest.raises(ConfigError, match=variable):
            writer_for("auto", AWS | {variable: "arn:aws:s3:::bucket/key"})


@pytest.mark.parametrize(
    "url", ["http://example.com", "https://user:s3cr3t@example.com", "ftp://example.com", "http://127.0.0.1.example.com"]
)
def test_an_address_is_safe_or_refused_without_being_shown(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        writer_for("auto", ANTHROPIC, base_url=url)
    assert "example.com" not in str(caught.value)


def test_no_credential_is_shown(vertex: dict[str, str]) -> None:
    shown = [repr(writer_for("auto", environment)) for environment in (ANTHROPIC, AWS | {"AWS_SESSION_TOKEN": "s3cr3t"}, vertex, GEMINI)]
    assert [text for text in shown if "s3cr3t" in text] == []


def test_no_default_model_is_about_to_end() -> None:
    messages = pytest.importorskip("anthropic.resources.messages.messages", reason="NOT PROVEN: anthropic is not installed")
    names = pytest.importorskip("pydantic_ai.models", reason="NOT PROVEN: pydantic-ai-slim is not installed")
    known = set(get_args(names.KnownModelName.__value__))
    for provider, prefix in ((AnthropicApi, "anthropic"), (Bedrock, "bedrock"), (Vertex, "google-cloud"), (Gemini, "google")):
        for model in DEFAULT_MODELS[provider].values():
            assert f"{prefix}:{model}" in known
            assert model.rpartition("anthropic.")[2] not in messages.DEPRECATED_MODELS
