"""Of what a model wrote only sentences without a fact of their own are kept; references are filled in last, and nothing after that.

Sentence by sentence, so that one wrong figure costs one sentence, which may be worded anew once. Every text is bounded before it is
looked at. What is filled in is never looked at again: it is ours, and it may hold what no sentence may.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from clops_app.language import tr_noop
from clops_app.model.writing import Explanation, Facts, Rewording, Spent, Writing, Written
from clops_app.review.subjects import told_of_another, turned_around
from clops_app.review.wording import REFERENCE, objection

T = TypeVar("T")
HEADLINE, TEXT, STORY, QUESTIONS = 160, 600, 4, 3  # characters of a headline and of any other text, paragraphs, questions
_EXPLANATIONS = 60
_LONGEST = 4_000  # characters: nobody splits into sentences what is longer
_END = re.compile(r"(?<=[.!?…])[\"”’')]*\s+")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A sentence that is not kept, where it stands ("story 1, sentence 2") and why."""

    sentence: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What is left, of how many sentences, and which of them were refused that could be worded anew."""

    written: Written
    sentences: int
    refusals: tuple[Refusal, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether it can stand in the place of the templates: a headline and something of a story."""
        return bool(self.written.headline and self.written.story)


def checked(writing: Writing, facts: Facts, spent: Sequence[Spent] = (), rewordings: Sequence[Rewording] = ()) -> Checked:
    """Keep what may be shown and fill it in. `spent` is handed through. `rewordings` take the place of what is refused, if they may."""
    anew = {one.sentence: unicodedata.normalize("NFC", one.text).strip(" ") for one in rewordings if len(one.text) <= TEXT}
    check = _Check(facts.shown, anew, korean=facts.document.get("language") == "Korean")
    headline = check.text("headline", writing.headline, HEADLINE, most=1)
    story = [check.text(f"story {number}", text, TEXT) for number, text in check.first("story", writing.story, STORY)]
    questions = [check.question(f"question {number}", text) for number, text in check.first("questions", writing.questions, QUESTIONS)]
    explanations = dict(check.explanations(writing.explanations, _ids(facts)))
    priorities = tuple(check.priorities(writing.priorities[:_EXPLANATIONS], _ids(facts)))
    kept = Written(
        headline=check.filled(headline),
        story=tuple(check.filled(text) for text in story if text),
        explanations={name: check.filled(text) for name, text in explanations.items()},
        questions=tuple(check.filled(text) for text in questions if text),
        refused=tuple(check.refused),
        priorities=priorities,
        reworded=check.reworded,
        spent=tuple(spent),
    )
    return Checked(kept, check.sentences, tuple(check.refusals))


@dataclass(slots=True)
class _Check:
    shown: Mapping[str, str]
    anew: Mapping[str, str]
    korean: bool
    refused: list[str] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    sentences: int = 0
    reworded: int = 0

    def text(self, where: str, text: str, limit: int, most: int = 20, about: str = "") -> str:
        """The sentences of a text that may be shown, unfilled; what is too long is refused whole, never cut. `about`: a finding's id."""
        if len(text) > _LONGEST:
            self.sentences += 1
            self.refuse(where, tr_noop("too long"))
            return ""
        kept: list[str] = []
        for number, sentence in enumerate(_sentences(unicodedata.normalize("NFC", text)), start=1):
            self.sentences += 1
            place = f"{where}, sentence {number}"
            why = self._objection(sentence, kept, limit, most, about)
            anew = self.anew.get(place, "")
            if not why:
                kept.append(sentence)
            elif len(tuple(_sentences(anew))) == 1 and not self._objection(anew, kept, limit, most, about):
                kept.append(anew)
                self.reworded += 1
            else:
                self.refuse(place, why)
                if len(kept) < most and len(sentence) <= TEXT:
                    self.refusals.append(Refusal(place, sentence, why))
        return " ".join(kept)

    def _objection(self, sentence: str, kept: Sequence[str], limit: int, most: int, about: str) -> str:
        if len(kept) == most:
            return tr_noop("too many")
        if why := objection(sentence, self.shown, korean=self.korean):
            return why
        if told_of_another(sentence, " ".join(kept), self.shown, about):
            return tr_noop("what is computed of something else")
        if turned_around(self.filled(sentence)):
            return tr_noop("a figure that is not what it says")
        too_long = tr_noop("too long")
        return f"{too_long}: {limit} characters are the most" if len(" ".join([*kept, sentence])) > limit else ""

    def question(self, where: str, text: str) -> str:
        asked = self.text(where, text, TEXT)
        if asked and not asked.endswith("?"):
            self.refuse(where, tr_noop("no question"))
            return ""
        return asked

    def explanations(self, written: Sequence[Explanation], known: frozenset[str]) -> Iterator[tuple[str, str]]:
        seen: set[str] = set()
        for number, explanation in self.first("explanations", written, _EXPLANATIONS):
            where = f"explanation {number}"
            if explanation.finding not in known or explanation.finding in seen:
                self.sentences += 1
                self.refuse(where, tr_noop("unknown finding, or told twice"))
                continue
            seen.add(explanation.finding)
            text = self.text(where, explanation.text, TEXT, about=explanation.finding)
            if text:
                yield explanation.finding, text

    def priorities(self, names: Sequence[str], known: frozenset[str]) -> Iterator[str]:
        for name in dict.fromkeys(names):
            if name in known:
                yield name
            else:
                self.refuse("priorities", tr_noop("unknown finding"))

    def first(self, where: str, items: Sequence[T], most: int) -> list[tuple[int, T]]:
        """The first so many, numbered; the rest is refused as one."""
        if len(items) > most:
            self.sentences += 1
            self.refuse(where, tr_noop("too many"))
        return list(enumerate(items[:most], start=1))

    def refuse(self, where: str, why: str) -> None:
        """`why` is a kind, for people a message, or `kind: of what`, in English for the model."""
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
