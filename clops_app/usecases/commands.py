"""What somebody writes to us in a comment: one line that begins with `/clops`, read strictly, answered with what was understood."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import TypeAlias

from clops_app.language import tr
from clops_app.rulebook.ignore import unknown_rule

NAMES = ("review", "explain", "fix", "ignore", "why", "help")
_MOST_REASON = 200


@dataclass(frozen=True, slots=True)
class ReviewAgain:
    pass


@dataclass(frozen=True, slots=True)
class Explain:
    rule: str


@dataclass(frozen=True, slots=True)
class Fix:
    """`rule` None: everything that is safe."""

    rule: str | None


@dataclass(frozen=True, slots=True)
class IgnoreRule:
    rule: str
    reason: str
    until: date | None


@dataclass(frozen=True, slots=True)
class Why:
    pass


@dataclass(frozen=True, slots=True)
class Help:
    """`because` says what was not understood; "" when help was asked for."""

    because: str = ""


Command: TypeAlias = ReviewAgain | Explain | Fix | IgnoreRule | Why | Help


def is_command(text: str) -> bool:
    """Whether a comment speaks to us: its first line begins with `/clops`."""
    return re.match(r"\s*/clops(\s|$)", text) is not None


def read_command(text: str, rules: frozenset[str]) -> Command:
    """What is asked. `rules` are the ids that may be named, with or without `aws/`. What is not understood becomes Help."""
    words = (text.strip().splitlines() or [""])[0].split()[1:]
    match words:
        case [] | ["help", *_]:
            return Help()
        case ["review"]:
            return ReviewAgain()
        case ["why"]:
            return Why()
        case ["fix"] | ["fix", "all"]:
            return Fix(None)
        case ["fix" | "explain" as asked, name]:
            rule = _rule(name, rules)
            return Help(_no_rule(name, rules)) if rule is None else Fix(rule) if asked == "fix" else Explain(rule)
        case ["ignore", name, *rest] if rest:
            return _ignore(name, rest, rules)
        case ["ignore", *_]:
            return Help(tr("`/clops ignore` needs a rule and a reason: `/clops ignore RULE because… until=2027-01-31`"))
        case ["explain"]:
            return Help(tr("`/clops explain` needs a rule"))
        case [name, *_] if name in NAMES:
            return Help(tr("`/clops {name}` takes fewer words", name=name))
        case [name, *_]:
            near = get_close_matches(name, NAMES, n=1)
            if not near:
                return Help(tr("there is no such command"))
            return Help(tr("there is no such command; did you mean `/clops {near}`?", near=near[0]))
    return Help()


def _ignore(name: str, rest: list[str], rules: frozenset[str]) -> Command:
    rule = _rule(name, rules)
    if rule is None:
        return Help(_no_rule(name, rules))
    dates = [word.removeprefix("until=") for word in rest if word.startswith("until=")]
    reason = " ".join(word for word in rest if not word.startswith("until="))[:_MOST_REASON]
    if not reason:
        return Help(tr("`/clops ignore` needs a reason: whoever reads the code after you will ask"))
    try:
        until = date.fromisoformat(dates[0]) if dates else None
    except ValueError:
        return Help(tr("`until=` takes a date such as until=2027-01-31"))
    return IgnoreRule(rule, reason, until)


def _rule(name: str, rules: frozenset[str]) -> str | None:
    return next((rule for rule in (name, f"aws/{name}") if rule in rules), None)


def _no_rule(name: str, rules: frozenset[str]) -> str:
    known = name if re.fullmatch(r"[\w/-]{1,60}", name) else "…"
    return unknown_rule(known, rules).replace("'", "`")
