"""Words through the true clients of four providers, from strict stand-ins on loopback."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
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
from clops_app.model.writing import Explanation, Prompt, Proposal, Replacement, Rewording, Writing
from clops_app.ports import Proposer, Writer, WriterError
from tests.adapters.writer.conftest import environment_of, model_at, pair_at
from tests.adapters.writer.dialects import ANTHROPIC, BEDROCK, DIALECTS, GEMINI, INPUT_TOKENS, OUTPUT_TOKENS, VERTEX, Dialect
from tests.adapters.writer.world import WORDS, Answer, Ill, Raw, Said, Silence, World, world_of

PROMPT = Prompt("You review Terraform: s3cr3t-prompt.", '{"facts": "s3cr3t-facts"}')
SECONDS = 20
WRITING = Writing(
    headline="Costs {{cost.delta}} more.",
    story=("Die erste Flut trifft {{finding:1.address}}.", "두 번째 문단."),
    explanations=(Explanation("finding:1", "One zone only."),),
    priorities=("finding:1",),
    questions=("Who is on call?",),
)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_words_arrive_with_what_they_took(dialect: Dialect, tmp_path: Path) -> None:
    with world_of(dialect) as world:
        writer: Writer = model_at(world, tmp_path, [])
        writing, spent = writer.write(PROMPT, SECONDS)
    assert writing == WRITING
    assert (spent.model, spent.input_tokens, spent.output_tokens) == (writer.name, INPUT_TOKENS, OUTPUT_TOKENS)
    assert spent.usd is not None
    assert Decimal(0) < spent.usd < Decimal("0.1")
    assert len(world.asked) == 1


def test_the_fixed_part_is_the_system_prompt_and_the_facts_are_the_users(model: Model, world: World) -> None:
    model.write(PROMPT, SECONDS)
    asked = world.asked[0]
    system = json.dumps(asked.get("system") or asked["systemInstruction"])
    user = json.dumps(asked.get("messages") or asked["contents"])
    assert ("s3cr3t-prompt" in system, "s3cr3t-facts" in system) == (True, False)
    assert ("s3cr3t-prompt" in user, "s3cr3t-facts" in user) == (False, True)


def test_what_was_wrong_before_is_said_after_the_facts(model: Model, world: World) -> None:
    world.says = [Answer({"proposals": []})]
    model.propose(PROMPT, SECONDS, ("«12» is a bare figure.", "«finding:9» is unknown."))
    asked = world.asked[0]
    turns = asked.get("messages") or asked["contents"]
    facts, complaints = turns[0].get("content") or turns[0]["parts"]
    assert (len(turns), facts["text"]) == (1, PROMPT.facts)
    assert complaints["text"].endswith("\n- «12» is a bare figure.\n- «finding:9» is unknown.")


@pytest.mark.parametrize("dialect", [ANTHROPIC, BEDROCK], ids=["anthropic", "bedrock"])
def test_the_fixed_part_is_cached_where_that_must_be_asked_for(dialect: Dialect, tmp_path: Path) -> None:
    with world_of(dialect) as world:
        model = model_at(world, tmp_path, [])
        for facts in ("first", "second"):
            model.write(replace(PROMPT, facts=facts), SECONDS)
    first, second = world.asked
    assert first["system"] == second["system"]  # to the byte, or the second would find nothing in the cache
    assert "cache_control" in second["system"][-1] or "cachePoint" in second["system"][-1]
    assert json.dumps(first["messages"]).replace("first", "second") == json.dumps(second["messages"])


def test_what_is_read_from_the_cache_is_paid_as_such(tmp_path: Path) -> None:
    def uncached(content: object, why: str) -> dict[str, object]:
        usage = {
            "input_tokens": INPUT_TOKENS,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "output_tokens": OUTPUT_TOKENS,
        }
        return {**ANTHROPIC.said(content, why), "usage": usage}

    paid = []
    for dialect in (ANTHROPIC, replace(ANTHROPIC, said=uncached)):
        with world_of(dialect) as world:
            _, spent = model_at(world, tmp_path, []).write(PROMPT, SECONDS)
        paid.append((spent.input_tokens, spent.usd))
    (tokens, cached), (same, dear) = paid
    assert cached is not None
    assert dear is not None
    assert (tokens, cached < dear) == (same, True)


# The two roles.


def fast_of(dialect: Dialect) -> Dialect:
    """The provider as it answers for its fast model."""
    names = {"sonnet": "haiku", "gemini-4-argon": "gemini-3.5-flash-lite"}

    def renamed(text: str) -> str:
        for strong, fast in names.items():
            text = text.replace(strong, fast)
        return text

    return replace(
        dialect, path=renamed(dialect.path), said=lambda content, why: json.loads(renamed(json.dumps(dialect.said(content, why))))
    )


@pytest.mark.parametrize("dialect", [pytest.param(one, marks=[pytest.mark.slow] * (one is not ANTHROPIC), id=one.name) for one in DIALECTS])
def test_the_fast_model_words_single_sentences_anew_for_less(dialect: Dialect, tmp_path: Path) -> None:
    with world_of(dialect) as world:
        _, dear = pair_at(world, tmp_path, []).write(PROMPT, SECONDS)
    with world_of(fast_of(dialect)) as world:
        world.says = [Answer({"sentences": [{"id": "story 1, sentence 2", "text": "It costs {{cost.delta}}."}, {"id": "x", "text": ""}]})]
        pair: Writer = pair_at(world, tmp_path, [])
        rewordings, spent = pair.reword(PROMPT, SECONDS)
    assert rewordings == (Rewording("story 1, sentence 2", "It costs {{cost.delta}}."), Rewording("x", ""))
    assert (dear.model, spent.model != dear.model) == (pair.name, True)
    assert dear.usd is not None
    assert spent.usd is not None
    assert Decimal(0) < spent.usd < dear.usd


def test_each_role_asks_its_model(tmp_path: Path) -> None:
    with world_of(ANTHROPIC) as world:
        world.says = [Answer(), Answer({"sentences": []})]
        pair = pair_at(world, tmp_path, [])
        pair.write(PROMPT, SECONDS)
        pair.reword(PROMPT, SECONDS)
    assert [asked["model"] for asked in world.asked] == ["claude-sonnet-5-5", "claude-haiku-5-5"]


def test_the_pauses_before_asking_again_are_not_the_same_for_all_who_were_turned_away(tmp_path: Path) -> None:
    waits: list[float] = []
    with world_of(ANTHROPIC) as world:
        for _ in range(3):
            world.says = [Ill(529)]
            model_at(world, tmp_path, waits).write(PROMPT, SECONDS)
    assert len(set(waits)) > 1


@pytest.mark.parametrize(
    ("dialect", "name"),
    [
        (ANTHROPIC, "claude-haiku-4-5"),
        (replace(BEDROCK, path=r"/model/us\.amazon\.nova-pro-v1%3A0/converse"), "us.amazon.nova-pro-v1:0"),
        (
            replace(BEDROCK, path=r"/model/eu\.anthropic\.claude-haiku-4-5-20251001-v1%3A0/converse"),
            "eu.anthropic.claude-haiku-4-5-20251001-v1:0",
        ),
    ],
    ids=["claude", "nova", "claude-on-bedrock"],
)
def test_another_model_is_asked_for_little_chance_where_it_takes_that(dialect: Dialect, name: str, tmp_path: Path) -> None:
    with world_of(dialect) as world:
        writing, _ = model_at(world, tmp_path, [], name).write(PROMPT, SECONDS)
    asked = world.asked[0]
    assert (writing, (asked.get("inferenceConfig") or asked)["temperature"]) == (WRITING, 0.2)


def test_an_inference_profile_is_asked_by_its_arn_and_called_by_its_name(tmp_path: Path) -> None:
    arn = "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/abc123"
    with world_of(replace(BEDROCK, path=r"/model/arn%3Aaws%3Abedrock%3A.*%2Fabc123/converse")) as world:
        environment = {**environment_of(BEDROCK, world.url, tmp_path), "CLOPS_AI_MODEL": arn}
        writer = writer_for("bedrock", environment, base_url=world.url).writer
        assert writer is not None
        writing, spent = writer.write(PROMPT, SECONDS)
    assert (writing, spent.model, spent.usd) == (WRITING, "Amazon Bedrock in eu-west-1: abc123", None)
    assert "temperature" not in world.asked[0]["inferenceConfig"]


def test_a_model_that_cannot_answer_in_a_shape_is_one_error(tmp_path: Path) -> None:
    with world_of(GEMINI) as world, pytest.raises(WriterError, match="Choose another model"):
        model_at(world, tmp_path, [], "gemini-3-pro-image").write(PROMPT, SECONDS)
    assert world.asked == []


def test_a_model_without_a_known_price_has_none(tmp_path: Path) -> None:
    def said(content: object, why: str) -> dict[str, object]:
        return {**ANTHROPIC.said(content, why), "model": "claude-unheard-of"}

    with world_of(replace(ANTHROPIC, said=said)) as world:
        _, spent = model_at(world, tmp_path, [], "claude-unheard-of").write(PROMPT, SECONDS)
    assert (spent.usd, spent.input_tokens) == (None, INPUT_TOKENS)


def test_proposed_edits_arrive(model: Model, world: World) -> None:
    edit = {"path": "db.tf", "old": "multi_az = false", "new": "multi_az = true"}
    world.says = [Answer({"proposals": [{"finding": "finding:1", "edits": [edit], "reason": "A second zone."}]})]
    proposer: Proposer = model
    proposals, spent = proposer.propose(PROMPT, SECONDS, ("it would not parse",))
    assert proposals == (Proposal("finding:1", (Replacement("db.tf", "multi_az = false", "multi_az = true"),), "A second zone."),)
    assert spent.output_tokens == OUTPUT_TOKENS


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
