"""A rule's page is a checked value: what is written in rule.md, or an error that says which line of it is wrong.

rule.md holds all that is known of a rule; a page beside it in another language (rule.ko.md) its words alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeVar, get_args

from clops_app.language import Language, spoken
from clops_app.model.finding import SEVERITIES, Category, Safety, Severity

HEADINGS: Mapping[Language, tuple[str, str, str]] = {"en": ("What", "Why", "Fix"), "ko": ("무엇", "왜", "고치기")}

_Choice = TypeVar("_Choice", bound=str)

_FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_KEYS = frozenset({"title", "severity", "category", "resources", "patch", "replaces", "since", "sources"})
_TRANSLATED_KEYS = frozenset({"title"})


class PageError(ValueError):
    """A rule's page is wrong. The message names the file, the key and what belongs there."""


@dataclass(frozen=True, slots=True)
class PageSource:
    """Where a rule's facts come from, and the day somebody looked."""

    title: str
    url: str
    date: date


@dataclass(frozen=True, slots=True)
class RulePage:
    """What people read of a rule, and what the runner needs to know before it imports the check.

    `resources` are the types without which the check has nothing to say; ("*",) means it always runs.
    `patch` is how far its fix may be trusted; "none" where the rule has no fix. `replaces`: its patch recreates the resource.
    """

    title: str
    severity: Severity
    category: Category
    resources: tuple[str, ...]
    patch: Safety | Literal["none"]
    replaces: bool
    since: str
    sources: tuple[PageSource, ...]
    what: str
    why: str
    fix: str

    @property
    def sections(self) -> tuple[tuple[str, str], ...]:
        """The three parts below their headings, in the language spoken."""
        return tuple(zip(HEADINGS[spoken()], (self.what, self.why, self.fix), strict=True))


def parse_page(text: str, where: str) -> RulePage:
    """Read a rule.md. `where` is its path, for the message of a PageError."""
    front, body = _parted(text, where)
    written = _mapping(front, where, _KEYS)
    what, why, fix = _sections(body, where, "en")
    return RulePage(
        title=_text(written, "title", where),
        severity=_one_of(written, "severity", SEVERITIES, where),
        category=_one_of(written, "category", get_args(Category), where),
        resources=_types(written.get("resources"), where),
        patch=_one_of(written, "patch", (*get_args(Safety), "none"), where),
        replaces=_flag(written, "replaces", where),
        since=_text(written, "since", where),
        sources=_sources(written.get("sources"), where),
        what=what,
        why=why,
        fix=fix,
    )


def in_other_words(page: RulePage, text: str, where: str, language: Language) -> RulePage:
    """The page in the words of its translation (a rule.ko.md), which says nothing else: title and the three sections."""
    front, body = _parted(text, where)
    title = _text(_mapping(front, where, _TRANSLATED_KEYS), "title", where)
    what, why, fix = _sections(body, where, language)
    return replace(page, title=title, what=what, why=why, fix=fix)


def _parted(text: str, where: str) -> tuple[str, str]:
    front = _FRONT.match(text)
    if front is None:
        raise PageError(f"{where}: must begin with YAML front matter between two lines of ---")
    return front.group(1), text[front.end() :]


def _mapping(text: str, where: str, keys: frozenset[str]) -> Mapping[str, object]:
    import yaml

    try:
        loaded: object = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe loaders
    except yaml.YAMLError as error:
        raise PageError(f"{where}: the front matter is not YAML: {error}") from error
    if not isinstance(loaded, dict):
        raise PageError(f"{where}: the front matter must be keys and values")
    unknown = sorted(str(key) for key in loaded if key not in keys)
    if unknown:
        raise PageError(f"{where}: unknown key {unknown[0]!r}; the keys are {', '.join(sorted(keys))}")
    return loaded


def _sections(body: str, where: str, language: Language) -> Iterable[str]:
    parts = _SECTION.split(body)
    found = {name.strip(): text.strip() for name, text in zip(parts[1::2], parts[2::2], strict=True)}
    if tuple(found) != HEADINGS[language] or not all(found.values()):
        headings = ", ".join(f"## {heading}" for heading in HEADINGS[language])
        raise PageError(f"{where}: the headings must be {headings}, in this order, with text below each")
    return found.values()


def _text(written: Mapping[str, object], key: str, where: str) -> str:
    match written.get(key):
        case str() as text if text.strip():
            return text
        case other:
            raise PageError(f"{where}: {key} must be text, not {other!r} (quote a version)")


def _flag(written: Mapping[str, object], key: str, where: str) -> bool:
    match written.get(key):
        case bool() as flag:
            return flag
        case other:
            raise PageError(f"{where}: {key} must be true or false, not {other!r}")


def _one_of(written: Mapping[str, object], key: str, allowed: tuple[_Choice, ...], where: str) -> _Choice:
    value = written.get(key)
    found = next((choice for choice in allowed if choice == value), None)
    if found is None:
        raise PageError(f"{where}: {key} must be one of {', '.join(allowed)}, not {value!r}")
    return found


def _types(written: object, where: str) -> tuple[str, ...]:
    match written:
        case "*":
            return ("*",)
        case list() if (names := [item for item in written if isinstance(item, str)]) and len(names) == len(written):
            return tuple(names)
        case other:
            raise PageError(f'{where}: resources must be a list of resource types or "*", not {other!r}')


def _sources(written: object, where: str) -> tuple[PageSource, ...]:
    if not isinstance(written, list) or not written:
        raise PageError(f"{where}: sources must be a list with at least one entry")
    return tuple(_source(item, where) for item in written)


def _source(written: object, where: str) -> PageSource:
    match written:
        case {"title": str() as title, "url": str() as url, "date": date() as seen} if url.startswith("https://"):
            return PageSource(title, url, seen)
        case other:
            raise PageError(f"{where}: a source needs title, url (https://…) and date (YYYY-MM-DD), not {other!r}")
