"""A process without network and keys has a model write and propose, which its other end asks, within bounds it cannot move."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

from clops_app.adapters.dictation import Scribe
from clops_app.adapters.thinking import Limits, ThinksApart
from clops_app.adapters.wire import Json
from clops_app.language import spoken
from clops_app.model.draft import Posted
from clops_app.model.pull import PullRequest
from clops_app.model.writing import Explanation, Prompt, Proposal, Replacement, Rewording, Spent, Writing
from clops_app.ports import ThinkingFailed, Thought, WriterError
from tests.adapters.forges import GitForge
from tests.adapters.repositories import commit, git, repository
from tests.adapters.test_thinking import PROVIDER, THINK, TOLD, VOLUME
from tests.words.proposed import MAIN, MENDED, ROUTES

pytestmark = pytest.mark.slow

ON = "ai: {provider: auto, model: the-teams-own}\n"
NETWORK = MAIN.replace(PROVIDER, "")
WORDS = Writing("The disk is slower than it need be.", ("It adds {{cost.delta}}. It costs 5.",), (Explanation("finding:1", "It is old."),))
SPENT = Spent("acme: strong-one", 2_000, 300, Decimal("0.0123"))


@dataclass
class FakeWriter:
    """Answers `said`, or raises it, after `first`; proposes each of `texts` for the routes, then nothing. An answer takes `spent`."""

    said: Writing | WriterError = WORDS
    first: Callable[[], object] = lambda: None
    texts: list[str | WriterError] = field(default_factory=list)
    spent: Spent = SPENT
    asked: list[tuple[str, Prompt, float, str]] = field(default_factory=list)
    complaints: list[tuple[str, ...]] = field(default_factory=list)
    name: str = "acme: strong-one"

    def write(self, prompt: Prompt, seconds: float) -> tuple[Writing, Spent]:
        self.asked.append(("write", prompt, seconds, spoken()))
        self.first()
        if isinstance(self.said, WriterError):
            raise self.said
        return self.said, self.spent

    def reword(self, prompt: Prompt, seconds: float) -> tuple[tuple[Rewording, ...], Spent]:
        self.asked.append(("reword", prompt, seconds, spoken()))
        return (Rewording("story 1, sentence 2", "It costs {{cost.after}} then."),), Spent("acme: fast-one", 500, 50, None)

    def propose(self, prompt: Prompt, seconds: float, complaints: tuple[str, ...] = ()) -> tuple[tuple[Proposal, ...], Spent]:
        self.asked.append(("propose", prompt, seconds, spoken()))
        self.complaints.append(complaints)
        self.first()
        texts, self.texts = self.texts[:1], self.texts[1:]
        for text in texts:
            if isinstance(text, WriterError):
                raise text
        edits = [(Replacement("main.tf", ROUTES, text),) for text in texts if isinstance(text, str)]
        return tuple(Proposal("finding:1", each, "Each zone its own.") for each in edits), self.spent


def forge_of(folder: Path, settings: str, head: str = VOLUME) -> GitForge:
    top = repository(folder, {"main.tf": PROVIDER, ".clops.yml": settings})
    base = git(top, "rev-parse", "HEAD")
    return GitForge(top, base, commit(top, {"main.tf": PROVIDER + head}))


def apart(writer: FakeWriter | None, *command: str, **limits: float) -> ThinksApart:
    return ThinksApart(command or THINK, lambda: TOLD, Limits(**limits), lambda _: writer)  # type: ignore[arg-type]


def comment_of(thought: Thought) -> str:
    summary = thought.draft(Posted()).summary
    assert summary is not None
    return summary.body


def reviewed(forge: GitForge, writer: FakeWriter | None) -> str:
    with apart(writer).think(forge.pull, forge) as thought:
        return comment_of(thought)


def test_the_words_of_a_review_are_the_models_and_every_figure_ours(tmp_path: Path) -> None:
    writer, forge = FakeWriter(), forge_of(tmp_path, ON)
    text = reviewed(forge, writer)
    assert "The disk is slower than it need be." in text.splitlines()[2]
    assert "It adds +$10.00 a month. It costs $10.00 a month then." in text
    assert "by acme: strong-one and acme: fast-one: 2,500 tokens in, 350 out of at most 60,000, price not known." in text
    assert [what for what, *_ in writer.asked] == ["write", "reword"]
    assert all(seconds <= 60 for _, _, seconds, _ in writer.asked)


def test_what_leaves_the_process_is_without_secrets(tmp_path: Path) -> None:
    secret = NETWORK + 'locals {\n  password = "correct-horse-battery"\n}\n'
    secret = secret.replace('"vpc"\n', '"vpc"\n  tags   = { Password = local.password, Old = "correct-horse-battery" }\n')
    quoting = MENDED.replace('"10.0.1.0/24"', "tobool(local.password)")
    writer = FakeWriter(texts=[quoting])
    reviewed(forge_of(tmp_path, ON, secret), writer)
    assert [what for what, *_ in writer.asked] == ["propose", "propose", "write", "reword"]
    (complaint,) = writer.complaints[1]
    told = complaint + "".join(prompt.fixed + prompt.facts for _, prompt, *_ in writer.asked)
    assert "it could not be evaluated" in complaint
    assert ("aws_eip" in told, "correct-horse" in told) == (True, False)


def test_a_model_is_asked_only_where_the_team_and_the_operator_want_it(tmp_path: Path) -> None:
    writer = FakeWriter()
    silent, wished = forge_of(tmp_path / "silent", "fail_on: high\n", NETWORK), forge_of(tmp_path / "wished", ON, NETWORK)
    without, refused = reviewed(silent, writer), reviewed(wished, None)
    assert writer.asked == []
    assert [word for word in ("Words", "patches from a model") if word in without] == []
    assert "<sub>Words from templates: whoever runs this App lets no model write for this repository.</sub>" in refused


def test_for_a_thought_that_is_not_said_as_a_review_no_model_is_asked(tmp_path: Path) -> None:
    writer, forge = FakeWriter(), forge_of(tmp_path, ON, NETWORK + VOLUME)
    with apart(writer).think(forge.pull, forge, silent=True) as thought:
        assert thought.mending("aws/gp2_volume").files
    assert writer.asked == []


@pytest.mark.slow
def test_a_change_cannot_have_itself_put_into_words_by_its_own_settings(tmp_path: Path) -> None:
    top = repository(tmp_path, {"main.tf": PROVIDER})
    base = git(top, "rev-parse", "HEAD")
    forge, writer = GitForge(top, base, commit(top, {"main.tf": PROVIDER + VOLUME, ".clops.yml": ON})), FakeWriter()
    reviewed(forge, writer)
    assert writer.asked == []


@pytest.mark.slow
def test_a_model_that_fails_costs_one_line(tmp_path: Path) -> None:
    forge = forge_of(tmp_path, ON)
    found = reviewed(forge, FakeWriter(WriterError("acme: strong-one is overloaded."))).splitlines()
    templates = reviewed(forge, None).splitlines()
    assert [(ours, theirs) for ours, theirs in zip(found, templates, strict=True) if ours != theirs] == [
        (
            "<sub>Words from templates: acme: strong-one is overloaded.</sub>",
            "<sub>Words from templates: whoever runs this App lets no model write for this repository.</sub>",
        )
    ]


@pytest.mark.slow
def test_a_failure_is_told_in_the_language_of_the_review(tmp_path: Path) -> None:
    writer = FakeWriter(WriterError("x"), texts=[WriterError("x")])
    reviewed(forge_of(tmp_path, f"language: ko\n{ON}", NETWORK), writer)
    assert [(what, language) for what, *_, language in writer.asked] == [("propose", "ko"), ("write", "ko")]


def test_a_patch_that_a_model_proposes_is_proven_in_the_process_and_shown_under_its_name(tmp_path: Path) -> None:
    writer = FakeWriter(texts=[MENDED.replace("aws_eip.nat_b.id", "aws_eip.nat_c.id"), MENDED])
    text = reviewed(forge_of(tmp_path, ON, NETWORK), writer)
    assert "Proposed by `acme: strong-one`, proven by ClOps" in text
    assert 'resource "aws_nat_gateway" "b" {' in text
    assert "acme: strong-one was asked for a patch of 1 finding: 1 proven (4,000 tokens in, 600 out" in text
    assert [what for what, *_ in writer.asked] == ["propose", "propose", "write", "reword"]
    first, second = writer.complaints
    assert (first, second[0].startswith("finding:1: it could not be evaluated")) == ((), True)
    given = [seconds for _, _, seconds, _ in writer.asked]
    assert given == sorted(given[:2], reverse=True) + sorted(given[2:], reverse=True)
    assert (given[0] <= 30, given[2] <= 60) == (True, True)


@pytest.mark.slow
def test_who_cannot_propose_may_still_write(tmp_path: Path) -> None:
    writer = FakeWriter(texts=[WriterError("acme: strong-one is overloaded.")])
    text = reviewed(forge_of(tmp_path, ON, NETWORK), writer)
    assert "<sub>No patches from a model: acme: strong-one is overloaded.</sub>" in text
    assert "The disk is slower than it need be." in text


ASKED: dict[str, Json] = {"words": "write", "prompt": {"fixed": "x", "facts": "y"}, "complaints": [], "seconds": 5, "language": "en"}
PROPOSE: dict[str, Json] = {**ASKED, "words": "propose"}
USED_UP = "the time or money that a review may take of a model is used up"
DIGEST = {"verdict": "pass", "title": "x", "new": {}, "before": None, "after": "1", "failed": False, "language": "en"}
ANSWERS = f"print({json.dumps(json.dumps({'answer': DIGEST}))}, flush=True); sys.stdin.readline()"


@pytest.mark.parametrize("asked", [ASKED, pytest.param(PROPOSE, marks=pytest.mark.slow)])
def test_the_time_of_the_model_is_not_the_time_of_the_process(tmp_path: Path, asked: object) -> None:
    writer, forge = FakeWriter(first=lambda: threading.Event().wait(1.6)), forge_of(tmp_path, ON)
    with apart(writer, sys.executable, "-c", _asks(1, asked, ANSWERS), seconds=1.5).think(forge.pull, forge) as thought:
        assert thought.digest.title == "x"


def _asks(times: int, asked: object = ASKED, then: str = "") -> str:
    """A process that has words written, so often. MUCH stands for more than a command line could hold."""
    said = f"print({json.dumps(json.dumps(asked))}.replace('MUCH', 'x' * 200_000), flush=True); sys.stdin.readline()"
    return f"import sys; sys.stdin.readline()\nfor _ in range({times}): {said}\n{then}"


@pytest.mark.parametrize(
    ("times", "asked", "why", "calls"),
    [
        (9, ASKED, "it asked for more words than a review has", 5),
        (9, PROPOSE, "it asked for more words than a review has", 5),
        (1, {**PROPOSE, "complaints": ["MUCH"]}, "it asked for more words than a review has", 0),
        (1, {**PROPOSE, "complaints": ["x"] * 6}, "it asked for more words than a review has", 0),
        (1, {**PROPOSE, "complaints": [7]}, "an answer is no tuple", 0),
        (1, {**ASKED, "prompt": {"fixed": "MUCH", "facts": "y"}}, "it asked for more words than a review has", 0),
        (1, {**ASKED, "prompt": 7}, "an answer is no Prompt", 0),
        (1, {**ASKED, "seconds": "long"}, "it asked for no words", 0),
        (1, {**ASKED, "words": "anything"}, "it asked for no words", 0),
        (1, {**ASKED, "language": "xx"}, "it asked for no words", 0),
    ],
)
def test_a_process_cannot_have_more_than_a_review_has(tmp_path: Path, times: int, asked: object, why: str, calls: int) -> None:
    writer, forge = FakeWriter(), forge_of(tmp_path, ON)
    with pytest.raises(ThinkingFailed, match=f"^{why}"):
        apart(writer, sys.executable, "-c", _asks(times, asked)).think(forge.pull, forge).__enter__()
    assert len(writer.asked) == calls


def test_a_process_cannot_take_more_time_of_a_model_than_a_review_has(tmp_path: Path) -> None:
    writer, forge = FakeWriter(), forge_of(tmp_path, ON)
    with pytest.raises(ThinkingFailed):
        apart(writer, sys.executable, "-c", _asks(2, {**ASKED, "seconds": 1e9})).think(forge.pull, forge).__enter__()
    first, second = (seconds for _, _, seconds, _ in writer.asked)
    assert second < first == 60


@pytest.mark.parametrize("asked", [ASKED, PROPOSE])
@pytest.mark.parametrize(
    ("spent", "calls", "why"),
    [
        (Spent("x", 29_000, 1_000, None), 2, "about 2 tokens are more than the 0 that are allowed"),
        (Spent("x", 90_000, 10, None), 1, "about 2 tokens are more than the 0 that are allowed"),
        (Spent("x", 10, 10, Decimal("0.26")), 2, USED_UP),
    ],
)
def test_a_process_cannot_take_more_tokens_or_money_than_a_review_has(asked: Json, spent: Spent, calls: int, why: str) -> None:
    writer = FakeWriter(spent=spent)
    scribe = Scribe(writer)
    told = [scribe.answer(asked) for _ in range(5)]
    assert told[calls:] == [{"unsaid": f"acme: strong-one was not asked: {why}"}] * (5 - calls)
    assert len(writer.asked) == calls


def test_when_the_time_is_over_no_model_is_asked() -> None:
    writer = FakeWriter(first=lambda: threading.Event().wait(0.02))
    scribe = Scribe(writer, seconds=0.01)
    first, second = scribe.answer(PROPOSE), scribe.answer(ASKED)
    assert isinstance(first, dict)
    assert ("said" in first, second) == (True, {"unsaid": f"acme: strong-one was not asked: {USED_UP}"})
    assert len(writer.asked) == 1


def test_a_process_for_which_nobody_is_asked_gets_no_words(tmp_path: Path) -> None:
    forge = forge_of(tmp_path, ON)
    with pytest.raises(ThinkingFailed, match=r"^it ended without an answer"):
        apart(None, sys.executable, "-c", _asks(1)).think(forge.pull, forge).__enter__()


def test_no_key_reaches_the_process_by_its_environment_or_its_pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-s3cr3t")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cr3t")
    found, forge = tmp_path / "found", forge_of(tmp_path / "repository", ON)
    spy = f"import os, sys; open({str(found)!r}, 'w').write(repr(dict(os.environ)) + sys.stdin.readline())"
    with pytest.raises(ThinkingFailed):
        apart(FakeWriter(), sys.executable, "-c", spy).think(forge.pull, forge).__enter__()
    assert ("acme: strong-one" in found.read_text(), "s3cr3t" in found.read_text()) == (True, False)


def test_who_is_asked_may_depend_on_the_repository(tmp_path: Path) -> None:
    asked: list[str] = []

    def writer(pull: PullRequest) -> None:
        asked.append(pull.repository)

    forge = forge_of(tmp_path, ON)
    command = (sys.executable, "-c", _asks(0, then=ANSWERS))
    with ThinksApart(command, lambda: TOLD, writer=writer).think(forge.pull, forge):
        assert asked == ["acme/infra"]
