"""However a writer fails, the review is whole, on time, and says so in one line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from io import StringIO

import pytest
from rich.console import Console

from clops_app.model.writing import Explanation, Prompt, Spent, Writing, Written
from clops_app.ports import WriterError
from clops_app.review.facts import Context, numbered
from clops_app.review.render.markdown.comment import comment
from clops_app.review.render.terminal.review import print_review
from clops_app.review.words import NotWritten, Words
from clops_app.usecases.write_words import ALLOWANCE, Allowance, words_of
from tests.review.samples import PAGES, second_server
from tests.stories.tell import reviewed

GOOD = Writing(
    "If one machine fails, your players are out.", ("It adds {{cost.delta}}.",), (Explanation("finding:1", "That is the worst of it."),)
)
POOR = Writing("It costs 5.", ("It costs 6.",), ())
FAIR = replace(GOOD, story=("It adds {{cost.delta}}. It costs 5. It costs 6. It costs 7.",))
SPENT = Spent("strong-one", 2_000, 300, Decimal("0.01"))


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class FakeWriter:
    """Answers in turn; each answer takes `takes` seconds. An error is raised."""

    answers: Sequence[Writing | WriterError]
    clock: Clock = field(default_factory=Clock)
    takes: float = 1.0
    asked: list[tuple[Prompt, float, tuple[str, ...]]] = field(default_factory=list)
    name: str = "acme: strong-one"

    def write(self, prompt: Prompt, seconds: float, complaints: tuple[str, ...] = ()) -> tuple[Writing, Spent]:
        self.asked.append((prompt, seconds, complaints))
        self.clock.now += self.takes
        found = self.answers[len(self.asked) - 1]
        if isinstance(found, WriterError):
            raise found
        return found, SPENT


def words(writer: FakeWriter | None, allowance: Allowance = ALLOWANCE, clock: Callable[[], float] | None = None) -> Words | None:
    return words_of(writer, second_server(), PAGES, Context(), clock or (writer.clock if writer else Clock()), allowance=allowance)


def test_a_good_answer_takes_one_call() -> None:
    writer = FakeWriter([GOOD])
    written = words(writer)
    assert isinstance(written, Written)
    assert (written.story, written.spent, len(writer.asked)) == (("It adds +$7.59 a month.",), (SPENT,), 1)
    assert writer.asked[0][1:] == (60.0, ())


def test_without_a_writer_there_are_no_words_and_nothing_is_said_of_it() -> None:
    assert words(None) is None


def test_where_there_is_nothing_to_say_nobody_is_asked() -> None:
    writer = FakeWriter([GOOD])
    assert words_of(writer, reviewed("nothing-to-say"), PAGES, Context(), writer.clock) is None
    assert writer.asked == []


def test_a_poor_answer_gets_one_more_round_with_what_was_wrong_and_the_time_that_is_left() -> None:
    writer = FakeWriter([POOR, GOOD], takes=20.0)
    written = words(writer)
    assert isinstance(written, Written)
    assert written.spent == (SPENT, SPENT)
    assert writer.asked[1][1:] == (40.0, ("headline, sentence 1: a bare figure", "story 1, sentence 1: a bare figure"))


def test_after_two_poor_answers_the_templates_speak_and_both_are_paid_for() -> None:
    writer = FakeWriter([POOR, POOR, GOOD])
    assert words(writer) == NotWritten("too much of what acme: strong-one wrote had to be refused", (SPENT, SPENT), 2)
    assert len(writer.asked) == 2


@pytest.mark.parametrize("second", [WriterError("acme: strong-one is overloaded."), POOR])
def test_a_first_answer_that_can_be_used_stays_if_the_second_is_no_better(second: Writing | WriterError) -> None:
    written = words(FakeWriter([FAIR, second]))
    assert isinstance(written, Written)
    assert (written.story, len(written.refused)) == (("It adds +$7.59 a month.",), 3)


def test_an_error_is_one_line_and_the_rest_of_the_comment_is_the_templates() -> None:
    found = words(FakeWriter([WriterError("acme: strong-one did not answer within 60 seconds.")]))
    review = second_server()
    without, with_words = (comment(review, PAGES, version="0.1.0", words=each) for each in (None, found))
    added = [line for line in with_words.splitlines() if line not in without.splitlines()]
    assert added == ["<sub>Words from templates: acme: strong-one did not answer within 60 seconds.</sub>"]


def test_no_second_round_where_no_time_is_left() -> None:
    writer = FakeWriter([POOR, GOOD], takes=57.0)
    assert isinstance(words(writer), NotWritten)
    assert len(writer.asked) == 1


@pytest.mark.parametrize("allowance", [Allowance(tokens=4_000), Allowance(usd=Decimal("0.015"))])
def test_no_second_round_where_the_budget_would_not_last(allowance: Allowance) -> None:
    writer = FakeWriter([POOR, GOOD])
    assert isinstance(words(writer, allowance), NotWritten)
    assert len(writer.asked) == 1


def test_a_prompt_above_the_budget_is_not_sent() -> None:
    writer = FakeWriter([GOOD])
    found = words(writer, Allowance(tokens=100))
    assert isinstance(found, NotWritten)
    assert "was not asked" in found.why
    assert writer.asked == []


def test_the_comment_shows_the_words_in_their_places_and_who_wrote_them() -> None:
    writer = FakeWriter([replace(GOOD, questions=("Who restarts {{finding:1.address}} at night?",), priorities=("finding:9",))])
    review, found = second_server(), words(writer)
    text = comment(review, PAGES, version="0.1.0", words=found)
    assert text.splitlines()[1] == "### ClOps: not yet. If one machine fails, your players are out."
    assert "\nIt adds +$7.59 a month.\n" in text
    assert "Do this first" not in text
    assert text.count("That is the worst of it.") == 1
    assert f"- Who restarts `{numbered(review)[0][1].address}` at night?" in text
    assert "✍ Words by a language model, 1 sentence refused" in text
    assert "strong-one: 2,000 tokens in, 300 out, $0.01" in text
    assert "unknown finding (1)" in text


def test_the_terminal_shows_the_same_words_plainly() -> None:
    found = words(FakeWriter([replace(GOOD, story=("{{finding:1.address}} stands alone.",), questions=("Who restarts it?",))]))
    text = printed(found)
    address = numbered(second_server())[0][1].address
    for line in (
        f"{address} stands alone.",
        "Who restarts it?",
        "That is the worst of it.",
        "Not yet. If one machine fails, your players are out.",
    ):
        assert line in text
    assert "Written by strong-one: 2,000 tokens in, 300 out, $0.01." in text


def test_the_terminal_says_why_there_are_no_words_and_nothing_where_nobody_was_asked() -> None:
    assert "From templates: acme: strong-one is overloaded." in printed(words(FakeWriter([WriterError("acme: strong-one is overloaded.")])))
    assert "In words" not in printed(None)


def printed(found: Words | None) -> str:
    console = Console(file=StringIO(), width=200, color_system=None)
    print_review(console, second_server(), PAGES, words=found)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()
