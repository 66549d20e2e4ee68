"""A provider that is ill, refuses, talks nonsense, is slow or not there: one error in a sentence, and nothing of the prompt in it."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("pydantic_ai", reason="NOT PROVEN: pydantic-ai-slim is not installed")
pytest.importorskip("anthropic", reason="NOT PROVEN: anthropic is not installed")
pytest.importorskip("boto3", reason="NOT PROVEN: boto3 is not installed")
pytest.importorskip("google.genai", reason="NOT PROVEN: google-genai is not installed")

from clops_app.adapters.writer.agent import Model
from clops_app.adapters.writer.providers import AnthropicApi
from clops_app.adapters.writer.writers import writer_for
from clops_app.language import speaking
from clops_app.model.writing import Writing
from clops_app.ports import WriterError
from tests.adapters.writer.asked import PROMPT, SECONDS, WRITING
from tests.adapters.writer.conftest import model_at
from tests.adapters.writer.dialects import DIALECTS, OUTPUT_TOKENS, VERTEX, Dialect
from tests.adapters.writer.world import WORDS, Answer, Ill, Raw, Said, Silence, World, world_of

# When asking again helps.


@pytest.mark.parametrize("status", [429, 500, 503, 529])
def test_an_ill_provider_is_asked_again_a_little_later(model: Model, world: World, waits: list[float], status: int) -> None:
    world.says = [Ill(status), Ill(status)]
    assert model.write(PROMPT, SECONDS)[0] == WRITING
    assert len(world.asked) == 3
    first, second = waits
    assert 0.25 <= first <= 0.5 <= second <= 1


@pytest.mark.parametrize(
    ("status", "sentence"), [(429, "too many requests"), (500, "failed"), (503, "is overloaded"), (529, "is overloaded")]
)
def test_a_provider_that_stays_ill_is_left_alone(model: Model, world: World, status: int, sentence: str) -> None:
    world.says = [Ill(status)] * 9
    with pytest.raises(WriterError, match=sentence) as caught:
        model.write(PROMPT, SECONDS)
    assert len(world.asked) == 3
    assert str(caught.value).startswith(model.name)


def test_why_no_answer_came_is_told_in_the_language_that_is_spoken(model: Model, world: World) -> None:
    world.says = [Ill(529)] * 3
    with speaking("ko"), pytest.raises(WriterError, match="과부하"):
        model.write(PROMPT, SECONDS)


def test_a_busy_provider_is_given_the_time_it_asks_for(model: Model, world: World, waits: list[float]) -> None:
    world.says = [Ill(429, {"retry-after": "7"})]
    model.write(PROMPT, SECONDS)
    assert 7 <= waits[0] <= 8


def test_nobody_waits_for_longer_than_there_is_time(model: Model, world: World, waits: list[float]) -> None:
    world.says = [Ill(429, {"retry-after": "3600"})]
    with pytest.raises(WriterError, match="asks for 3600 s of patience"):
        model.write(PROMPT, SECONDS)
    assert (len(world.asked), waits) == (1, [])


def test_a_pause_of_years_is_not_quoted(model: Model, world: World) -> None:
    world.says = [Ill(429, {"retry-after": "315360000"})]
    with pytest.raises(WriterError, match=r"too many requests of this account\.$"):
        model.write(PROMPT, SECONDS)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [(400, "refused the request"), (401, "refused the credential"), (403, "refused the credential"), (404, "is not there")],
)
def test_what_was_refused_is_not_asked_again(model: Model, world: World, status: int, sentence: str) -> None:
    world.says = [Ill(status)]
    with pytest.raises(WriterError, match=sentence):
        model.write(PROMPT, SECONDS)
    assert len(world.asked) == 1


def test_a_refused_credential_is_named_and_not_shown(model: Model, world: World) -> None:
    world.says = [Ill(401)]
    with pytest.raises(WriterError) as caught:
        model.write(PROMPT, SECONDS)
    variable = {
        "anthropic": "ANTHROPIC_API_KEY",
        "bedrock": "AWS_ACCESS_KEY_ID",
        "vertex": "GOOGLE_APPLICATION_CREDENTIALS",
        "gemini": "GOOGLE_API_KEY",
    }
    assert variable[world.dialect.name] in str(caught.value)


# Answers that are none.


@pytest.mark.parametrize(
    "body",
    [
        b'{"id": "msg_1", "content": [{"ty',
        b"<html>busy</html>",
        b"",
        b"[]",
        b"{}",
        b"null",
        b"7",
        b'"text"',
        b"\xff\xfe",
        b'{"content": 7}',
        b"[" * 100_000,
        b'{"content":' * 100_000,
    ],
    ids=lambda body: repr(body[:30]),
)
def test_a_malformed_answer_is_one_error(model: Model, world: World, body: bytes) -> None:
    world.says = [Raw(body)] * 9
    with pytest.raises(WriterError, match=r"an answer that cannot be (read|used)\.$"):
        model.write(PROMPT, SECONDS)


def test_an_answer_that_is_not_compressed_as_it_says_is_one_error(model: Model, world: World) -> None:
    world.says = [Raw(b"s3cr3t-answer", headers={"content-encoding": "gzip"})] * 9
    with pytest.raises(WriterError, match=r"broke off|cannot be read"):
        model.write(PROMPT, SECONDS)


@pytest.mark.parametrize("wrong", [{}, {"headline": "x" * 301}], ids=["of the shape", "of another shape"])
def test_half_a_character_is_one_error(model: Model, world: World, wrong: dict[str, str]) -> None:
    world.says = [Answer({**WORDS, "questions": ["Who \ud800 is on call?"], **wrong})] * 9
    with pytest.raises(WriterError, match=r"cannot be (read|used)\.$"):
        model.write(PROMPT, SECONDS)


def test_half_an_answer_is_asked_for_again_and_then_one_error(model: Model, world: World) -> None:
    body = json.dumps(world.dialect.said(world.dialect.prose("x" * 2_000), world.dialect.ends["good"])).encode()
    world.says = [Raw(body, cut=900)]
    assert model.write(PROMPT, SECONDS)[0] == WRITING
    world.says = [Raw(body, cut=900)] * 9
    with pytest.raises(WriterError, match=r"broke off|cannot be read"):
        model.write(PROMPT, SECONDS)


def test_a_refusal_is_one_error(model: Model, world: World) -> None:
    world.says = [Answer(prose="I would rather not: s3cr3t-answer.", end="refusal")] * 9
    with pytest.raises(WriterError, match="refused to answer"):
        model.write(PROMPT, SECONDS)
    assert len(world.asked) == 1


def test_an_answer_that_never_ends_is_one_error(model: Model, world: World) -> None:
    world.says = [Answer(prose='{"headline": "s3cr3t-answer', end="long")] * 9
    with pytest.raises(WriterError, match="too great a length"):
        model.write(PROMPT, SECONDS)


BAD: list[Answer] = [
    Answer(prose="Here is my review: s3cr3t-answer."),
    Answer({**WORDS, "headline": 7}),
    Answer({**WORDS, "headline": "x" * 301}),
    Answer({**WORDS, "story": []}),
    Answer({**WORDS, "explanations": ["finding:1"]}),
    Answer({"headline": "s3cr3t-answer"}),
]


@pytest.mark.parametrize("bad", BAD, ids=["prose", "wrong type", "too long", "empty", "wrong list", "lacking"])
def test_an_answer_of_another_shape_is_mended_by_the_model_once(model: Model, world: World, bad: Said) -> None:
    world.says = [bad]
    writing, spent = model.write(PROMPT, SECONDS)
    assert (writing, spent.output_tokens, len(world.asked)) == (WRITING, 2 * OUTPUT_TOKENS, 2)
    world.says = [bad, bad]
    with pytest.raises(WriterError, match="cannot be used"):
        model.write(PROMPT, SECONDS)
    assert len(world.asked) == 4


# Time.


@pytest.fixture
def silence() -> Iterator[Silence]:
    until = threading.Event()
    yield Silence(until)
    until.set()


def test_a_slow_answer_is_given_up_in_time(model: Model, world: World, silence: Silence) -> None:
    world.says = [silence]
    with pytest.raises(WriterError, match=r"did not answer (within 1\.5 s|in time)"):
        model.write(PROMPT, 1.5)


def test_what_is_left_of_the_time_is_told_as_people_count(model: Model, world: World, silence: Silence) -> None:
    world.says = [silence]
    with pytest.raises(WriterError, match=r"did not answer (within 1\.5 s|in time)\."):
        model.write(PROMPT, 1.4999876)


def test_a_provider_that_is_not_there_is_one_error(waits: list[float]) -> None:
    async def wait(seconds: float) -> None:
        waits.append(seconds)

    with pytest.raises(WriterError, match="could not be reached"):
        Model(AnthropicApi("claude-sonnet-5-5", "sk-ant-s3cr3t", "http://127.0.0.1:9"), wait).write(PROMPT, SECONDS)
    assert len(waits) == 2


def test_a_writer_can_be_asked_from_within_an_event_loop(model: Model) -> None:
    async def ask() -> Writing:
        return model.write(PROMPT, SECONDS)[0]

    assert asyncio.run(ask()) == WRITING


# Credentials that are there and do not work.


@pytest.mark.parametrize(
    "kept", ["", "{", '{"type": "service_account"}', '{"type": "authorized_user", "client_id": "s3cr3t"}', "key", "gone"]
)
def test_a_broken_key_of_google_is_one_error(tmp_path: Path, kept: str) -> None:
    with world_of(VERTEX) as world:
        model = model_at(world, tmp_path, [])
        path = tmp_path / "key.json"
        match kept:
            case "gone":
                path.unlink()
            case "key":
                path.write_text(json.dumps({**json.loads(path.read_text()), "private_key": "-----BEGIN PRIVATE KEY-----"}))
            case _:
                path.write_text(kept)
        with pytest.raises(WriterError, match=r"no working credential\. See GOOGLE_APPLICATION_CREDENTIALS"):
            model.write(PROMPT, SECONDS)
    assert world.asked == []


def test_a_role_of_aws_that_cannot_be_had_is_one_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    writer = writer_for("bedrock", {"AWS_REGION": "eu-west-1", "AWS_PROFILE": "work"}, base_url="http://127.0.0.1:9").writer
    assert writer is not None
    with pytest.raises(WriterError, match="no working credential"):
        writer.write(PROMPT, SECONDS)
    monkeypatch.setenv("AWS_PROFILE", "work")
    with pytest.raises(WriterError, match="no working credential"):
        writer.write(PROMPT, SECONDS)


# Secrets, and what is imported when.


@pytest.mark.parametrize("said", [Answer(), Ill(400), Ill(401), Ill(429, {"retry-after": "999"}), Raw(b"s3cr3t-answer"), *BAD[:2]])
def test_no_secret_is_logged_shown_or_raised(
    model: Model, world: World, said: Said, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("anthropic", "botocore", "httpx2", "google_genai"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    world.says = [said, said]
    shown = [repr(model), model.name]
    try:
        model.write(PROMPT, SECONDS)
    except WriterError as error:
        shown += [str(error), repr(error.__cause__), repr(error.__context__)]
    shown += [caplog.text, *capfd.readouterr()]
    assert [text for text in shown if "s3cr3t" in text] == []


def test_no_client_is_imported_before_it_is_asked() -> None:
    code = """
import sys
import clops_app.entrypoints.cli
from clops_app.adapters.writer.writers import writer_for
environment = {"ANTHROPIC_API_KEY": "k", "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "k", "GOOGLE_API_KEY": "k"}
for provider in ("anthropic", "bedrock", "vertex"):
    assert writer_for(provider, environment).writer.name
print(sorted({name.partition(".")[0] for name in sys.modules} & {"pydantic_ai", "anthropic", "boto3", "botocore", "google", "httpx", "httpx2", "pydantic"}))
"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_a_missing_client_is_one_error_that_says_what_to_install(dialect: Dialect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pydantic_ai", None)
    with world_of(dialect) as world, pytest.raises(WriterError, match=r'pip install "clops\[(anthropic|bedrock|google)\]"'):
        model_at(world, tmp_path, []).write(PROMPT, SECONDS)
