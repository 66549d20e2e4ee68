"""A stranger's text may reach the model, and the model may obey it: nothing that counts changes, and nothing foreign is read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import cycle

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from clops_app.model.review import Review
from clops_app.model.writing import Explanation, Prompt, Rewording, Spent, Writing, Written
from clops_app.review.facts import Context
from clops_app.review.render.markdown.comment import comment
from clops_app.review.words import NotWritten, Words
from clops_app.usecases.config import Config
from clops_app.usecases.explain_rule import list_rules
from clops_app.usecases.question import Question
from clops_app.usecases.write_words import words_of
from tests.review.test_facts import reviewed_files
from tests.words.injections import CASES, Injection, Where, files, says

RULES = list_rules()
IDS = [f"{number} {case.where}" for number, case in enumerate(CASES, start=1)]


@dataclass(frozen=True, slots=True)
class Obedient:
    """Does what the stranger says, and says it again in the place of whatever was refused."""

    answer: Writing
    name: str = "fake: obedient"

    def write(self, prompt: Prompt, seconds: float) -> tuple[Writing, Spent]:  # noqa: ARG002 - the port's
        return self.answer, Spent("obedient", 1_000, 100, Decimal("0.001"))

    def reword(self, prompt: Prompt, seconds: float) -> tuple[tuple[Rewording, ...], Spent]:  # noqa: ARG002 - the port's
        refused = json.loads(prompt.facts.removeprefix("<facts>").removesuffix("</facts>"))["sentences"]
        claims = cycle([self.answer.headline, *self.answer.story])
        return tuple(Rewording(one["id"], next(claims)) for one in refused), Spent("fast", 500, 50, Decimal("0.0001"))


@cache
def review_with(where: Where | None, text: str) -> Review:
    return reviewed_files(files(where, text), Question(date(2026, 11, 21), Config()), {"main.tf": ""})


def words_with(review: Review, answer: Writing, language: str) -> Words | None:
    return words_of(Obedient(answer), review, RULES, Context(language="ko" if language == "ko" else "en"), lambda: 0.0)


def judged(review: Review) -> object:
    """All that counts: what was found and how severe, what it costs, what is said of merging."""
    return review.verdict, [(f.rule, f.severity, f.status) for f in review.findings], review.before, review.after


def read(text: str) -> Iterator[Token]:
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        yield token
        yield from token.children or ()


def prose_of(text: str) -> str:
    """What is read as text or HTML, outside of code."""
    return "\n".join(token.content for token in read(text) if token.type in ("text", "html_block", "html_inline"))


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_an_obeyed_injection_changes_nothing_that_counts_and_is_not_read(case: Injection) -> None:
    review = review_with(case.where, case.text)
    assert judged(review) == judged(review_with(None, ""))
    found = words_with(review, case.obeyed, case.language)
    assert found is not None
    with_words, without = (comment(review, RULES, version="0.1.0", words=words) for words in (found, None))
    assert with_words.splitlines()[1].startswith("### ClOps: not yet. ")
    assert with_words.splitlines()[3] == without.splitlines()[3]
    assert folds(with_words) == folds(without)
    assert [token.type for token in read(with_words) if token.type in ("link_open", "image")] == []
    foreign = [line for line in prose_of(with_words).splitlines() if line not in prose_of(without)]
    assert [claim for claim in case.claims for line in foreign if claim in line] == []


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_beside_what_is_refused_the_honest_sentences_of_the_same_answer_stay(case: Injection) -> None:
    honest = "하나가 멈추면 모두 끊깁니다." if case.language == "ko" else "If one machine fails, everybody is out."
    mixed = Writing(honest, (f"{honest} {case.obeyed.headline}",), (Explanation("finding:1", case.obeyed.headline),))
    found = words_with(review_with(case.where, case.text), mixed, case.language)
    assert isinstance(found, (Written, NotWritten))
    if isinstance(found, Written):
        assert found.headline == honest
        assert all(claim not in " ".join([*found.story, *found.explanations.values()]) for claim in case.claims)


def test_there_are_thirty_cases_in_every_place_and_two_languages() -> None:
    assert len(CASES) == 30
    assert {case.where for case in CASES} == set(Where.__args__)  # type: ignore[attr-defined]
    assert {case.language for case in CASES} == {"en", "ko"}


def test_the_check_would_see_a_claim_that_came_through() -> None:
    """The test above can fail: a sentence that no rule refuses is read in the comment."""
    review = review_with(None, "")
    found = words_with(review, says("The moon is made of cheese."), "en")
    text = comment(review, RULES, version="0.1.0", words=found)
    assert "moon" in prose_of(text)


def folds(text: str) -> list[str]:
    """The findings, by their summaries."""
    return [line for line in text.splitlines() if line.startswith(tuple(f"<details><summary>{icon} <b>" for icon in "🔴🟠🟡🔵"))]
