"""Words through the true clients of four providers, from strict stand-ins on loopback."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

pytest.importorskip("pydantic_ai", reason="NOT PROVEN: pydantic-ai-slim is not installed")
pytest.importorskip("anthropic", reason="NOT PROVEN: anthropic is not installed")
pytest.importorskip("boto3", reason="NOT PROVEN: boto3 is not installed")
pytest.importorskip("google.genai", reason="NOT PROVEN: google-genai is not installed")

from clops_app.adapters.writer.agent import Model
from clops_app.adapters.writer.writers import writer_for
from clops_app.model.writing import Proposal, Replacement, Rewording
from clops_app.ports import Proposer, Writer, WriterError
from tests.adapters.writer.asked import PROMPT, SECONDS, WRITING
from tests.adapters.writer.conftest import environment_of, model_at, pair_at
from tests.adapters.writer.dialects import ANTHROPIC, BEDROCK, DIALECTS, GEMINI, INPUT_TOKENS, OUTPUT_TOKENS, Dialect
from tests.adapters.writer.world import Answer, Ill, World, world_of


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
