"""Of what a model wrote only sentences without a fact of their own are kept; references are filled in last, and nothing after that.

Sentence by sentence, so that one wrong figure costs one sentence. Every text is bounded before it is looked at. What is filled in is
never looked at again: it is ours, and it may hold what no sentence may.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from clops_app.model.writing import Explanation, Facts, Spent, Writing, Written
from clops_app.review.wording import REFERENCE, objection

T = TypeVar("T")
HEADLINE, TEXT, STORY, QUESTIONS = 160, 600, 4, 3  # characters of a headline and of any other text, paragraphs, questions
_EXPLANATIONS = 60
_LONGEST = 4_000  # characters: nobody splits into sentences what is longer
_END = re.compile(r"(?<=[.!?…])[\"”’')]*\s+")


@dataclass(frozen=True, slots=True)
class Checked:
    """What is left, and of how many sentences: `sentences` were looked at, `written.refused` says which were not kept."""

    written: Written
    sentences: int

    @property
    def usable(self) -> bool:
        """Whether it can stand in the place of the templates: a headline and something of a story."""
        return bool(self.written.headline and self.written.story)

    @property
    def poor(self) -> bool:
        """Whether it is worth another round: it cannot be used, or more than a third of its sentences were refused."""
        return not self.usable or 3 * len(self.written.refused) > self.sentences


def checked(writing: Writing, facts: Facts, spent: Sequence[Spent] = ()) -> Checked:
    """Keep what may be shown and fill it in. `spent` is handed through."""
    check = _Check(facts.shown, korean=facts.document.get("language") == "Korean")
    headline = check.text("headline", writing.headline, HEADLINE, most=1)
    story = [check.text(f"story {number}", text, TEXT) for number, text in check.first("story", writing.story, STORY)]
    questions = [check.question(f"question {number}", text) for number, text in check.first("questions", writing.questions, QUESTIONS)]
    explanations = dict(check.explanations(writing.explanations, _ids(facts)))
    for name in writing.priorities[:_EXPLANATIONS]:
        if name not in _ids(facts):
            check.refuse("priorities", "unknown finding")
    kept = Written(
        headline=check.filled(headline),
        story=tuple(check.filled(text) for text in story if text),
        explanations={name: check.filled(text) for name, text in explanations.items()},
        questions=tuple(check.filled(text) for text in questions if text),
        refused=tuple(check.refused),
        spent=tuple(spent),
    )
    return Checked(kept, check.sentences)


@dataclass(slots=True)
class _Check:
    shown: Mapping[str, str]
    korean: bool
    refused: list[str] = field(default_factory=list)
    sentences: int = 0

    def text(self, where: str, text: str, limit: int, most: int = 20) -> str:
        """The sentences of a text that may be shown, unfilled; what is too long is refused whole, never cut."""
        if len(text) > _LONGEST:
            self.sentences += 1
            self.refuse(where, "too long")
            return ""
        kept: list[str] = []
        for number, sentence in enumerate(_sentences(unicodedata.normalize("NFC", text)), start=1):
            self.sentences += 1
            why = objection(sentence, self.shown, korean=self.korean)
            if not why and (len(kept) == most or len(" ".join([*kept, sentence])) > limit):
                why = "too long"
            if why:
                self.refuse(f"{where}, sentence {number}", why)
            else:
                kept.append(sentence)
        return " ".join(kept)

    def question(self, where: str, text: str) -> str:
        asked = self.text(where, text, TEXT)
        if asked and not asked.endswith("?"):
            self.refuse(where, "no question")
            return ""
        return asked

    def explanations(self, written: Sequence[Explanation], known: frozenset[str]) -> Iterator[tuple[str, str]]:
        seen: set[str] = set()
        for number, explanation in self.first("explanations", written, _EXPLANATIONS):
            where = f"explanation {number}"
            if explanation.finding not in known or explanation.finding in seen:
                self.sentences += 1
                self.refuse(where, "unknown finding, or told twice")
                continue
            seen.add(explanation.finding)
            text = self.text(where, explanation.text, TEXT)
            if text:
                yield explanation.finding, text

    def first(self, where: str, items: Sequence[T], most: int) -> list[tuple[int, T]]:
        """The first so many, numbered; the rest is refused as one."""
        if len(items) > most:
            self.sentences += 1
            self.refuse(where, f"more than {most}")
        return list(enumerate(items[:most], start=1))

    def refuse(self, where: str, why: str) -> None:
        self.refused.append(f"{where}: {why}")

    def filled(self, text: str) -> str:
        """In one pass: a reference inside what is filled in is text."""
        return REFERENCE.sub(lambda found: self.shown[found[1]], text)


def _ids(facts: Facts) -> frozenset[str]:
    return frozenset(key.rpartition(".")[0] for key in facts.shown if key.startswith("finding:"))


def _sentences(text: str) -> Iterator[str]:
    """On one line each, empty ones left out. A line break ends a sentence: a paragraph has none."""
    for line in text.splitlines():
        at = 0
        for end in _END.finditer(line):
            yield from _worded(line[at : end.end()])
            at = end.end()
        yield from _worded(line[at:])


def _worded(piece: str) -> tuple[str, ...]:
    words = " ".join(piece.split(" ")).strip(" ")
    return (words,) if words else ()
