"""One fact is what a model is told, and what it may say: each field it may cite, as the model reads it and as people will."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from clops_app.model.writing import Facts, Json
from clops_app.review.redact import redacted
from clops_app.review.render.markdown.safe import visible

MOST = 700  # bytes of one text as JSON: the longest paragraph of a rule's page is shorter; what is longer stays away whole
_MOST_READ = 4_000  # characters: more of a stranger's text is not even looked at
_KEY = re.compile(r'(?<=[\w\]])\["(?:[^"\\]|\\.)*"\]')  # a for_each key is free text; the reader sees it, the model need not


@dataclass(frozen=True, slots=True)
class Fact:
    """`say`: field -> (what the model reads, what stands in the comment as Markdown); cited as `{{id.field}}`."""

    id: str
    told: Mapping[str, Json] = field(default_factory=dict)
    say: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cleaner:
    """Makes texts fit to leave, each once. `hidden` as `prepared` gives it."""

    hidden: Sequence[str]
    cleaned: dict[str, str] = field(default_factory=dict)

    def clean(self, text: str) -> str:
        """On one line, with nothing unseen, no secret, no free text of a for_each key; empty when it is too long."""
        if len(text) > _MOST_READ:
            return ""
        if text not in self.cleaned:
            left = visible(redacted(_KEY.sub('["…"]', text), self.hidden))
            self.cleaned[text] = left if len(json_text(left).encode()) <= MOST else ""
        return self.cleaned[text]

    def without_secrets(self, text: str) -> str:
        """The text as it stands, of any length, but for what must not leave."""
        return redacted(text, self.hidden)


Section: TypeAlias = Sequence[Fact] | Fact | str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Facts by section, in the order in which they are told; a section that is a word is ours and stays as it is."""

    sections: Mapping[str, Section]
    cleaner: Cleaner

    def facts(self) -> Facts:
        """The document, every text in it cleaned on the way out, whoever wrote it."""
        every = (fact for section in self.sections.values() for fact in _facts_in(section))
        shown = {f"{fact.id}.{name}": said for fact in every for name, (_, said) in fact.say.items()}
        document = {name: self._section(section) for name, section in self.sections.items()}
        return Facts({name: section for name, section in document.items() if section not in ([], {})}, shown)

    def _section(self, section: Section) -> Json:
        match section:
            case Fact():
                return self._fact(section)
            case str():
                return section
            case _:
                return [self._fact(fact) for fact in section]

    def _fact(self, fact: Fact) -> Json:
        say: dict[str, Json] = {name: plain for name, (plain, _) in fact.say.items()}
        told = {name: value for name, value in fact.told.items() if value not in ("", [], None)}
        return {"id": fact.id, **{name: self._clean(value) for name, value in told.items()}, "say": self._clean(say)}

    def _clean(self, value: Json) -> Json:
        match value:
            case str():
                return self.cleaner.clean(value)
            case list():
                return [self._clean(item) for item in value]
            case dict():
                return {name: self._clean(item) for name, item in value.items()}
            case _:
                return value


def json_text(value: Json | Mapping[str, Json]) -> str:
    """JSON without blanks, in which nothing can be read as a tag: the marks around the facts cannot be closed from inside."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def tokens(text: str) -> int:
    """An estimate of how many tokens a text takes: one for 3.5 bytes of UTF-8, rounded up.

    Anthropic speaks of about 3.5 English characters a token (https://platform.claude.com/docs/en/about-claude/glossary), and a
    Korean syllable, three bytes, is taken for 0.86: both are on the high side for JSON, whose names repeat.
    """
    return -(-len(text.encode()) * 2 // 7)


def sentences(text: str, most: int) -> str:
    """As many whole sentences of a page's first paragraph as fit into `most` characters; none where the first does not."""
    paragraph = " ".join(text.strip().split("\n\n", 1)[0].split())
    kept = ""
    for sentence in re.split(r"(?<=[.!?]) ", paragraph):
        longer = f"{kept} {sentence}".strip()
        if len(longer) > most:
            break
        kept = longer
    return kept


def _facts_in(section: Section) -> Sequence[Fact]:
    match section:
        case Fact():
            return (section,)
        case str():
            return ()
        case _:
            return section
