"""A review on the strict GitHub, by a process apart, with words and patches of a strict provider: what stands there when it answers, and when not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.importorskip("pydantic_ai", reason="NOT PROVEN: pydantic-ai-slim is not installed")
pytest.importorskip("anthropic", reason="NOT PROVEN: anthropic is not installed")

from clops_app.adapters.thinking import ThinksApart, ThinksHere
from clops_app.model.draft import Posted
from clops_app.model.writing import Prompt, Proposal, Rewording, Spent, Writing
from clops_app.ports import Assistant, Thinker
from tests.adapters.writer.conftest import pair_at
from tests.adapters.writer.dialects import ANTHROPIC
from tests.adapters.writer.world import Answer, Ill, Raw, Said, Silence, World, world_of
from tests.conversation.stage import PROVIDER, THINK, TOLD, Stage, stages, volume
from tests.words.proposed import LEAD, MAIN, MENDED, NAME, proposal
from tests.words.proposed import WORDS as NETWORK_WORDS

BASE = {"main.tf": PROVIDER, ".clops.yml": "ai: {provider: auto}\n"}
HEAD = {"main.tf": PROVIDER + volume()}
WORDS = {
    "headline": "The disk is slower than it need be.",
    "story": ["It adds {{cost.delta}}. It costs 5 more.", "See https://evil.example now."],
    "explanations": [{"finding": "finding:1", "text": "An older kind of disk waits longer for everything."}],
    "priorities": ["finding:1"],
    "questions": [],
}
REWORDED = {
    "sentences": [{"id": "story 1, sentence 2", "text": "After that it is {{cost.after}}."}, {"id": "story 2, sentence 1", "text": ""}]
}


@dataclass(frozen=True)
class Hasty:
    """One that is given a second, so that nobody has to wait for a minute."""

    writer: Assistant

    @property
    def name(self) -> str:
        return self.writer.name

    def write(self, prompt: Prompt, seconds: float) -> tuple[Writing, Spent]:
        return self.writer.write(prompt, min(seconds, 1.0))

    def reword(self, prompt: Prompt, seconds: float) -> tuple[tuple[Rewording, ...], Spent]:
        return self.writer.reword(prompt, min(seconds, 1.0))

    def propose(self, prompt: Prompt, seconds: float, complaints: tuple[str, ...] = ()) -> tuple[tuple[Proposal, ...], Spent]:
        return self.writer.propose(prompt, min(seconds, 1.0), complaints)


@pytest.fixture
def world() -> Iterator[World]:
    with world_of(ANTHROPIC) as found:
        yield found


def app(world: World, folder: Path, *, hasty: bool = False) -> Thinker:
    pair = pair_at(world, folder, [])
    return ThinksApart(THINK, lambda: TOLD, writer=lambda _: Hasty(pair) if hasty else pair)


def summary_of(stage: Stage) -> str:
    (summary,) = stage.summaries
    return summary.body


def templates_of(stage: Stage) -> list[str]:
    """The lines of the comment as they are without a model."""
    with ThinksHere(TOLD).think(stage.forge.read(stage.pull.number), stage.forge) as thought:
        summary = thought.draft(Posted()).summary
    assert summary is not None
    return summary.body.splitlines()


def test_a_posted_review_has_the_models_words_and_no_figure_or_link_of_its_own(world: World, tmp_path: Path) -> None:
    world.says = [Answer(WORDS), Answer(REWORDED)]
    with stages(HEAD, BASE) as stage:
        stage.thinker = app(world, tmp_path)
        assert stage.reviews().state == "published"
        text = summary_of(stage)
    assert "### ClOps: fine to merge. The disk is slower than it need be." in text
    assert "It adds +$10.00 a month. After that it is $10.00 a month." in text
    assert "An older kind of disk waits longer for everything." in text
    assert "Anthropic: claude-sonnet-5-5 and Anthropic: claude-haiku-5-5: 2,200 tokens in, 400 out" in text
    assert "of at most $0.50." in text
    assert [word for word in ("evil", "costs 5") if word in text] == []
    assert [asked["model"] for asked in world.asked] == ["claude-sonnet-5-5", "claude-haiku-5-5"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        pytest.param(Ill(429), "Anthropic: claude-sonnet-5-5 has too many requests of this account", id="429"),
        pytest.param(Ill(529), "Anthropic: claude-sonnet-5-5 is overloaded", marks=pytest.mark.slow, id="529"),
        pytest.param(
            Raw(b'{"id": "msg_1", "content": [{"ty'),
            "Anthropic: claude-sonnet-5-5 gave an answer that cannot be read",
            marks=pytest.mark.slow,
            id="malformed",
        ),
        pytest.param(
            Answer(prose="I would rather not.", end="refusal"),
            "Anthropic: claude-sonnet-5-5 refused to answer",
            marks=pytest.mark.slow,
            id="refusal",
        ),
        pytest.param(
            Ill(401),
            "Anthropic: claude-sonnet-5-5 refused the credential (status 401): see `ANTHROPIC_API_KEY`",
            marks=pytest.mark.slow,
            id="401",
        ),
    ],
)
def test_whatever_the_provider_does_the_review_is_whole_and_says_so_in_one_line(world: World, tmp_path: Path, said: Said, why: str) -> None:
    world.says = [said] * 9
    with stages(HEAD, BASE) as stage:
        stage.thinker = app(world, tmp_path)
        assert stage.reviews().state == "published"
        assert_templates(stage, why)


def test_a_provider_that_does_not_answer_is_waited_for_no_longer_than_there_is_time(world: World, tmp_path: Path) -> None:
    until = threading.Event()
    world.says = [Silence(until)]
    with stages(HEAD, BASE) as stage:
        stage.thinker = app(world, tmp_path, hasty=True)
        assert stage.reviews().state == "published"
        until.set()
        text = summary_of(stage)
    assert text.count("<sub>Words from templates: Anthropic: claude-sonnet-5-5 did not answer") == 1


def assert_templates(stage: Stage, why: str) -> None:
    text, templates = summary_of(stage), templates_of(stage)
    assert [line for line in text.splitlines() if line not in templates] == [f"<sub>Words from templates: {why}.</sub>"]
    assert [secret for secret in ("s3cr3t", "rather not") if secret in text] == []
    assert stage.notes


def test_a_patch_that_a_model_proposed_and_we_proved_is_posted_under_its_name(world: World, tmp_path: Path) -> None:
    world.says = [proposal(MENDED.replace("aws_eip.nat_b.id", "aws_eip.nat_c.id")), proposal(MENDED), NETWORK_WORDS]
    with stages({"main.tf": MAIN}, BASE) as stage:
        stage.thinker = app(world, tmp_path)
        assert stage.reviews().state == "published"
        (note,) = stage.notes
        for text in (summary_of(stage), note.body):
            assert f"Proposed by `{NAME}`, proven by ClOps" in text
            assert "Read it first: a language model wrote it." in text
            assert 'resource "aws_nat_gateway" "b" {' in text
            assert "nat_c" not in text
        assert LEAD in summary_of(stage)
        assert f"{NAME} was asked for a patch of 1 finding: 1 proven (2,200 tokens in, 400 out" in summary_of(stage)
    assert len(world.asked) == 3
    assert "finding:1: it could not be evaluated" in world.asked[1]["messages"][0]["content"][-1]["text"]


def test_of_a_proposal_that_is_wrong_only_that_is_posted(world: World, tmp_path: Path) -> None:
    wrong = MENDED.replace("aws_eip.nat_b.id", "aws_eip.nat_c.id")
    world.says = [*[proposal(wrong, reason="Trust me.")] * 3, NETWORK_WORDS]
    with stages({"main.tf": MAIN}, BASE) as stage:
        stage.thinker = app(world, tmp_path)
        assert stage.reviews().state == "published"
        text, (note,) = summary_of(stage), stage.notes
    assert f"{NAME} was asked for a patch of 1 finding: 0 proven (3,300 tokens in, 600 out" in text
    assert "What it proposed for 1 finding could not be proven and is left out.</sub>" in text
    assert LEAD in text
    assert [word for word in ("nat_c", "public_b", "Trust me", "Proposed by") if word in text + note.body] == []


def test_who_does_not_answer_for_patches_costs_one_line_more(world: World, tmp_path: Path) -> None:
    world.says = [Ill(401)] * 2
    with stages({"main.tf": MAIN}, BASE) as stage:
        stage.thinker = app(world, tmp_path)
        assert stage.reviews().state == "published"
        text, templates = summary_of(stage), templates_of(stage)
    why = f"{NAME} refused the credential (status 401): see `ANTHROPIC_API_KEY`."
    expected = [f"<sub>{what}: {why}</sub>" for what in ("No patches from a model", "Words from templates")]
    assert sorted(line for line in text.splitlines() if line not in templates) == expected


def test_commands_cost_nothing(world: World, tmp_path: Path) -> None:
    with stages({"main.tf": MAIN + volume()}, BASE) as stage:
        stage.thinker = app(world, tmp_path)
        for command in ("/clops why", "/clops fix gp2_volume", "/clops fix single_nat_gateway"):
            assert stage.asks(command).reply
    assert world.asked == []


def test_a_pull_request_that_says_nothing_new_costs_nothing(world: World, tmp_path: Path) -> None:
    with stages({"main.tf": PROVIDER + "# a comment\n"}, BASE) as stage:
        stage.thinker = app(world, tmp_path)
        stage.reviews()
    assert world.asked == []
