"""Whose money a model of the App may take is the operator's word; what it took is counted, and nothing that it read or wrote is logged."""

from __future__ import annotations

import json
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="NOT PROVEN: the server needs the extra `app`")
pytest.importorskip("openapi_schema_validator", reason="NOT PROVEN: the strict GitHub needs the extra `github-test`")
pytest.importorskip("pydantic_ai", reason="NOT PROVEN: pydantic-ai-slim is not installed")
pytest.importorskip("anthropic", reason="NOT PROVEN: anthropic is not installed")

from structlog.testing import capture_logs

from clops_app.entrypoints.server.metrics import Metrics
from clops_app.entrypoints.server.settings import misspelt, read_settings
from clops_app.entrypoints.server.words import Counted, writer_of
from clops_app.model.pull import PullRequest
from clops_app.model.writing import Prompt
from clops_app.ports import Assistant, WriterError
from clops_app.usecases.errors import ConfigError
from tests.adapters.writer.conftest import pair_at
from tests.adapters.writer.dialects import ANTHROPIC, INPUT_TOKENS, OUTPUT_TOKENS
from tests.adapters.writer.world import Answer, Ill, world_of
from tests.entrypoints.server.stage import FakeQueue
from tests.entrypoints.test_serving import get, started
from tests.github import scene
from tests.github.world import worlds
from tests.words.proposed import MAIN, MENDED, NAME, proposal

KEYS = {"ANTHROPIC_API_KEY": "sk-ant-hidden-canary", "AWS_REGION": "eu-west-1", "AWS_PROFILE": "hidden-canary"}
PULL = PullRequest("acme/infra", 4, "https://github.com/acme/infra/pull/4", "open", "ana", "main", "b" * 40, "f", "a" * 40, "acme/infra")
PROMPT = Prompt("CANARY rules", "CANARY facts")


def asked(repository: str = "acme/infra", **said: str) -> Assistant | None:
    environment = {**KEYS, **said}
    return writer_of(read_settings(environment), environment, Metrics(FakeQueue().stats))(replace(PULL, repository=repository))


def test_credentials_that_lie_about_let_no_model_write() -> None:
    assert asked() is None
    assert asked(CLOPS_AI="none") is None


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"CLOPS_AI": "auto"}, "Anthropic: claude-sonnet-5-5"),
        ({"CLOPS_AI": "bedrock"}, "Amazon Bedrock in eu-west-1: global.anthropic.claude-sonnet-5-5"),
        ({"CLOPS_AI": "anthropic", "CLOPS_AI_MODEL": "claude-opus-5-5"}, "Anthropic: claude-opus-5-5"),
    ],
)
def test_the_operator_says_which_model_writes(said: dict[str, str], name: str) -> None:
    writer = asked(**said)
    assert writer is not None
    assert writer.name == name


@pytest.mark.parametrize(
    ("repository", "globs", "may"),
    [
        ("acme/infra", "", True),
        ("acme/infra", "acme/*", True),
        ("Acme/Infra", "other/x, acme/INFRA", True),
        ("evil/acme", "acme/*", False),
        ("acme-evil/infra", "acme/*", False),
        ("acme/infra2", "acme/infra", False),
    ],
)
def test_the_operator_says_for_which_repositories(repository: str, globs: str, *, may: bool) -> None:
    assert (asked(repository, CLOPS_AI="anthropic", CLOPS_AI_REPOSITORIES=globs) is not None) == may


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"CLOPS_AI": "vertex"}, "CLOPS_AI: ai.provider is vertex, but neither GOOGLE_CLOUD_PROJECT nor GOOGLE_API_KEY is set."),
        ({"CLOPS_AI": "auto", "ANTHROPIC_API_KEY": "", "AWS_REGION": ""}, "CLOPS_AI: No model is asked: ANTHROPIC_API_KEY is not set;"),
        ({"CLOPS_AI": "anthropic", "CLOPS_AI_FAST_MODEL": "hidden canary"}, "CLOPS_AI: CLOPS_AI_FAST_MODEL is neither"),
        ({"CLOPS_AI": "hidden-canary"}, "CLOPS_AI: "),
    ],
)
def test_what_cannot_be_asked_is_told_at_the_start(said: dict[str, str], fault: str) -> None:
    with pytest.raises(ConfigError) as raised:
        asked(**said)
    assert (str(raised.value).startswith(fault), "canary" in str(raised.value)) == (True, False)


def test_a_process_that_reviews_nothing_needs_no_key() -> None:
    assert asked(CLOPS_AI="anthropic", ANTHROPIC_API_KEY="", CLOPS_WORKERS="0") is None


def test_the_variables_of_the_models_are_known() -> None:
    given = {"CLOPS_AI": "auto", "CLOPS_AI_MODEL": "x", "CLOPS_AI_FAST_MODEL": "x", "CLOPS_AI_REPOSITORIES": "x"}
    assert misspelt(given) == ()
    assert misspelt({"CLOPS_AI_FASTMODEL": "x"}) == ("CLOPS_AI_FASTMODEL is not read: did you mean CLOPS_AI_FAST_MODEL?",)


def test_what_was_taken_is_counted_by_provider_and_model_and_nothing_of_it_is_logged(tmp_path: Path) -> None:
    metrics = Metrics(FakeQueue().stats)
    with world_of(ANTHROPIC) as world, capture_logs() as logs:
        writer: Assistant = Counted(pair_at(world, tmp_path, []), metrics)
        spent = [writer.write(PROMPT, 20)[1] for _ in range(2)]
        world.says = [Answer({"proposals": []}), *[Ill(529)] * 6]
        spent.append(writer.propose(PROMPT, 20, ("CANARY complaint",))[1])
        with pytest.raises(WriterError):
            writer.reword(PROMPT, 20)
        with pytest.raises(WriterError):
            writer.propose(PROMPT, 20)
    assert spent[0].usd is not None
    lines, labels = metrics.text().decode().splitlines(), 'model="claude-sonnet-5-5",provider="Anthropic"'
    assert 'clops_words_total{model="claude-sonnet-5-5",outcome="said",provider="Anthropic"} 3.0' in lines
    assert 'clops_words_total{model="claude-sonnet-5-5",outcome="unsaid",provider="Anthropic"} 1.0' in lines
    assert 'clops_words_total{model="claude-haiku-5-5",outcome="unsaid",provider="Anthropic"} 1.0' in lines
    assert f'clops_words_tokens_total{{direction="in",{labels}}} {3 * INPUT_TOKENS}.0' in lines
    assert f'clops_words_tokens_total{{direction="out",{labels}}} {3 * OUTPUT_TOKENS}.0' in lines
    assert f"clops_words_usd_total{{{labels}}} {float(3 * spent[0].usd)}" in lines
    assert [(line["event"], line["reason"]) for line in logs] == [
        ("no words", "Anthropic: claude-haiku-5-5 is overloaded."),
        ("no proposals", "Anthropic: claude-sonnet-5-5 is overloaded."),
    ]
    shown = "".join(map(str, (*logs, *lines)))
    assert [word for word in ("CANARY", "s3cr3t", "erste Flut") if word in shown] == []


@pytest.mark.slow
def test_from_the_event_to_a_review_in_the_models_words_and_the_key_is_nowhere(tmp_path: Path) -> None:
    words = {
        "headline": "One zone may fail.",
        "story": ["{{finding:1.address}} waits."],
        "explanations": [],
        "priorities": [],
        "questions": [],
    }
    with worlds() as world, world_of(ANTHROPIC) as provider:
        provider.says = [proposal(MENDED), Answer(words)]
        scene.push(world.hub, world.repository, "main", {".clops.yml": "ai: {provider: auto}\n"})
        given = {
            "CLOPS_GITHUB_APP_ID": str(world.app.id),
            "CLOPS_GITHUB_PRIVATE_KEY": world.app.private_key,
            "CLOPS_GITHUB_WEBHOOK_SECRET": "s3cret",
            "CLOPS_GITHUB_API_URL": world.hub.api,
            "CLOPS_AI": "anthropic",
            "CLOPS_AI_REPOSITORIES": "acme/*",
            "ANTHROPIC_API_KEY": "sk-ant-s3cr3t",
            "ANTHROPIC_BASE_URL": provider.url,
            "CLOPS_LOG_LEVEL": "debug",
        }
        with started("serve", tmp_path / "state", **given) as (process, said, address):
            world.app.hook_url = f"{address}/webhooks/github"
            world.push({"main.tf": MAIN})
            deadline = time.monotonic() + 60
            while not world.repository.runs and time.monotonic() < deadline:
                time.sleep(0.1)
            figures = get(f"{address}/metrics")[1].decode()
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
            assert process.stderr
            logs = json.dumps(said) + process.stderr.read()
        (text,) = (comment.body for comment in world.repository.issue_comments.values())
    assert "One zone may fail." in text
    assert "`aws_nat_gateway.main` waits." in text
    assert f"Proposed by `{NAME}`, proven by ClOps" in text
    assert 'clops_words_total{model="claude-sonnet-5-5",outcome="said",provider="Anthropic"} 2.0' in figures
    assert "a model writes" in logs
    for shown in (text, figures, logs):
        assert [word for word in ("s3cr3t", "You write the words of ClOps", "You propose changes", "{{finding:1") if word in shown] == []
