"""However a writer fails, the review is whole, on time, and says so in one line."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from io import StringIO

import pytest
from rich.console import Console

from clops_app.model.writing import ALLOWANCE, Allowance, Explanation, Prompt, Proposals, Rewording, Spent, Writing, Written
from clops_app.ports import WriterError
from clops_app.review.advice import first_sentence, lowered
from clops_app.review.facts import Context, numbered
from clops_app.review.render.markdown.comment import comment
from clops_app.review.render.terminal.review import print_review
from clops_app.review.words import NotWritten, Words, taken
from clops_app.usecases.write_words import words_of
from tests.review.samples import PAGES, second_server
from tests.stories.tell import reviewed

GOOD = Writing(
    "If one machine fails, your players are out.", ("It adds {{cost.delta}}.",), (Explanation("finding:1", "That is the worst of it."),)
)
POOR = Writing("It costs 5.", ("It costs 6.",), ())
FAIR = replace(GOOD, story=("It adds {{cost.delta}}. It costs 5. It costs 6. It costs 7.",))
SPENT = Spent("strong-one", 2_000, 300, Decimal("0.01"))
FAST = Spent("fast-one", 500, 50, Decimal("0.0004"))
MENDED = (Rewording("headline, sentence 1", GOOD.headline), Rewording("story 1, sentence 1", "It adds {{cost.delta}}."))


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class FakeWriter:
    """Answers once each way; each answer takes `takes` seconds. An error is raised."""

    answer: Writing | WriterError
    anew: Sequence[Rewording] | WriterError = ()
    clock: Clock = field(default_factory=Clock)
    takes: float = 1.0
    asked: list[tuple[Prompt, float]] = field(default_factory=list)
    reworded: list[tuple[Prompt, float]] = field(default_factory=list)
    name: str = "acme: strong-one"

    def write(self, prompt: Prompt, seconds: float) -> tuple[Writing, Spent]:
        self.asked.append((prompt, seconds))
        self.clock.now += self.takes
        if isinstance(self.answer, WriterError):
            raise self.answer
        return self.answer, SPENT

    def reword(self, prompt: Prompt, seconds: float) -> tuple[tuple[Rewording, ...], Spent]:
        self.reworded.append((prompt, seconds))
        self.clock.now += self.takes
        if isinstance(self.anew, WriterError):
            raise self.anew
        return tuple(self.anew), FAST


def words(writer: FakeWriter | None, allowance: Allowance = ALLOWANCE, clock: Callable[[], float] | None = None) -> Words | None:
    return words_of(writer, second_server(), PAGES, Context(), clock or (writer.clock if writer else Clock()), allowance=allowance)


def test_a_good_answer_takes_one_call() -> None:
    writer = FakeWriter(GOOD)
    written = words(writer)
    assert isinstance(written, Written)
    assert (written.story, written.spent, len(writer.asked)) == (("It adds +$7.59 a month.",), (SPENT,), 1)
    assert (writer.asked[0][1], writer.reworded) == (60.0, [])


def test_without_a_writer_there_are_no_words_and_nothing_is_said_of_it() -> None:
    assert words(None) is None


def test_where_there_is_nothing_to_say_nobody_is_asked() -> None:
    writer = FakeWriter(GOOD)
    assert words_of(writer, reviewed("nothing-to-say"), PAGES, Context(), writer.clock) is None
    assert writer.asked == []


def test_what_was_refused_is_worded_anew_by_the_fast_one_in_the_time_that_is_left() -> None:
    writer = FakeWriter(POOR, MENDED, takes=20.0)
    written = words(writer)
    assert isinstance(written, Written)
    assert (written.headline, written.story) == (GOOD.headline, ("It adds +$7.59 a month.",))
    assert (written.spent, written.reworded, written.refused) == ((SPENT, FAST), 2, ())
    assert (len(writer.asked), writer.reworded[0][1]) == (1, 40.0)


def test_the_fast_one_is_told_the_sentences_the_reasons_and_what_may_be_cited_and_no_more() -> None:
    writer = FakeWriter(replace(FAIR, explanations=(Explanation("finding:2", "It stands alone."),)), MENDED)
    words(writer)
    (whole, _), (prompt, _) = writer.asked[0], writer.reworded[0]
    told = json.loads(prompt.facts.removeprefix("<facts>").removesuffix("</facts>"))
    assert told["sentences"] == [
        {"id": f"story 1, sentence {number}", "text": f"It costs {number + 3}.", "why": "a bare figure"} for number in (2, 3, 4)
    ]
    assert (told["language"], told["references"]["cost.delta"]) == ("English", "+$7.59 a month")
    assert "finding:2.address" in told["references"]
    assert {name.partition(".")[0] for name in told["references"]} == {"review", "service", "cost", "finding:2"}
    assert (len(prompt.facts) < len(whole.facts) / 2, len(prompt.fixed) < len(whole.fixed)) == (True, True)


def test_where_the_rewording_does_not_help_the_templates_speak_and_both_are_paid_for() -> None:
    writer = FakeWriter(POOR, (Rewording("headline, sentence 1", "It costs 9."), Rewording("story 1, sentence 1", "")))
    assert words(writer) == NotWritten("too much of what acme: strong-one wrote had to be refused", (SPENT, FAST), 2)


@pytest.mark.parametrize("anew", [WriterError("acme: fast-one is overloaded."), (), (Rewording("story 1, sentence 2", "It costs 9."),)])
def test_an_answer_that_can_be_used_stays_if_the_rewording_fails(anew: Sequence[Rewording] | WriterError) -> None:
    writer = FakeWriter(FAIR, anew)
    written = words(writer)
    assert isinstance(written, Written)
    assert (written.story, len(written.refused), len(writer.reworded)) == (("It adds +$7.59 a month.",), 3, 1)


def test_an_error_is_one_line_and_the_rest_of_the_comment_is_the_templates() -> None:
    found = words(FakeWriter(WriterError("acme: strong-one did not answer within 60 seconds.")))
    review = second_server()
    without, with_words = (comment(review, PAGES, version="0.1.0", words=each) for each in (None, found))
    added = [line for line in with_words.splitlines() if line not in without.splitlines()]
    assert added == ["<sub>Words from templates: acme: strong-one did not answer within 60 seconds.</sub>"]


def test_nothing_is_worded_anew_where_no_time_is_left() -> None:
    writer = FakeWriter(POOR, MENDED, takes=57.0)
    assert isinstance(words(writer), NotWritten)
    assert writer.reworded == []


@pytest.mark.parametrize("allowance", [Allowance(tokens=4_000), Allowance(usd=Decimal("0.015"))])
def test_nothing_is_worded_anew_where_the_budget_would_not_last(allowance: Allowance) -> None:
    writer = FakeWriter(POOR, MENDED)
    assert isinstance(words(writer, allowance), NotWritten)
    assert writer.reworded == []


def test_a_prompt_above_the_budget_is_not_sent() -> None:
    writer = FakeWriter(GOOD)
    found = words(writer, Allowance(tokens=100))
    assert isinstance(found, NotWritten)
    assert "was not asked" in found.why
    assert writer.asked == []


def test_where_proposals_took_all_that_a_review_may_cost_nobody_writes() -> None:
    writer, spent = FakeWriter(GOOD), Spent("acme: strong-one", 9_000, 1_000, Decimal("0.60"))
    review = replace(second_server(), proposals=Proposals("acme: strong-one", 1, spent=(spent,)))
    found = words_of(writer, review, PAGES, Context(), writer.clock)
    assert isinstance(found, NotWritten)
    assert found.why == "acme: strong-one was not asked: the time or money that a review may take of a model is used up"
    assert writer.asked == []


def test_the_comment_shows_the_words_in_their_places_and_who_wrote_them() -> None:
    writer = FakeWriter(replace(GOOD, questions=("Who restarts {{finding:1.address}} at night?",), priorities=("finding:9",)))
    review, found = second_server(), words(writer)
    text = comment(review, PAGES, version="0.1.0", words=found)
    assert text.splitlines()[1] == "### ClOps: not yet. If one machine fails, your players are out."
    assert "\nIt adds +$7.59 a month.\n" in text
    assert text.index("It adds +$7.59 a month.") < text.index("- **Do this first:**") < text.index("- **Then:**")
    assert text.count("That is the worst of it.") == 1
    assert f"- Who restarts `{numbered(review)[0][1].address}` at night?" in text
    assert "✍ Words by a language model, 1 sentence refused" in text
    assert "are by strong-one: 2,000 tokens in, 300 out, $0.01 of at most $0.50." in text
    assert "unknown finding (1)" in text


def test_the_comment_names_both_models_and_what_was_worded_anew_and_what_they_took_together() -> None:
    text = comment(second_server(), PAGES, version="0.1.0", words=words(FakeWriter(POOR, MENDED)))
    assert "are by strong-one and fast-one: 2,500 tokens in, 350 out, $0.0104 of at most $0.50." in text
    assert "Refused at first and worded anew: 2 sentences." in text
    assert "refused</summary>" not in text


def test_without_a_known_price_the_tokens_are_what_is_bounded() -> None:
    unknown = replace(SPENT, usd=None)
    found = NotWritten("it was refused", (SPENT, unknown), 1, Allowance(tokens=9_000))
    assert taken(found) == "4,000 tokens in, 600 out of at most 9,000, price not known"


def test_a_model_that_turns_everything_round_changes_what_is_then_to_do_among_equals_and_nothing_else() -> None:
    review = second_server()
    upside_down = replace(GOOD, priorities=tuple(name for name, _ in reversed(numbered(review))))
    plain, turned = (comment(review, PAGES, version="0.1.0", words=words(FakeWriter(one))).splitlines() for one in (GOOD, upside_down))
    assert [pair for pair in zip(plain, turned, strict=True) if len(set(pair)) > 1] == [
        (
            "- **Then:** `aws_instance.game[*]`: put an `aws_lb` before the servers.",
            f"- **Then:** `aws_instance.game[*]`: {lowered(first_sentence(PAGES['aws/single_az_compute'].fix)).rstrip('.')}.",
        )
    ]


def test_the_terminal_shows_the_same_words_plainly() -> None:
    found = words(FakeWriter(replace(GOOD, story=("{{finding:1.address}} stands alone.",), questions=("Who restarts it?",))))
    text = printed(found)
    address = numbered(second_server())[0][1].address
    for line in (
        f"{address} stands alone.",
        "Who restarts it?",
        "That is the worst of it.",
        "Not yet. If one machine fails, your players are out.",
    ):
        assert line in text
    assert "Written by strong-one: 2,000 tokens in, 300 out, $0.01 of at most $0.50." in text


def test_the_terminal_says_why_there_are_no_words_and_nothing_where_nobody_was_asked() -> None:
    assert "From templates: acme: strong-one is overloaded." in printed(words(FakeWriter(WriterError("acme: strong-one is overloaded."))))
    assert "In words" not in printed(None)


def printed(found: Words | None) -> str:
    console = Console(file=StringIO(), width=200, color_system=None)
    print_review(console, second_server(), PAGES, words=found)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()
