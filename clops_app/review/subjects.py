"""What is computed of one thing is not told of another, nor turned around: an amount stands by its own name, a rise is no saving."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_OF_SOMETHING = re.compile(r"\{\{\s*([a-z]+:[0-9]+)\.([a-z_]+)\s*\}\}")
_NAMES = frozenset({"address", "fix", "name", "place", "title", "what"})
_TOLD = frozenset({"after", "before", "cost", "count", "delta", "fix_cost", "severity", "unit_price", "zones"})
_TURNED = re.compile(
    r"\b(?:sav(?:e|es|ing|ings of)|cuts?|lowers?|reduces?|drops?)(?: (?:you|us|it|the|your|this|bill|cost|by|about|only))* \+(?:US)?\$"
    r"|\b(?:adds?|costs?|raises?)(?: (?:you|us|it|the|your|this|bill|cost|by|about|only))* -(?:US)?\$"
    r"|\+(?:US)?\$[\d.,]+(?: a month)? (?:less|cheaper|lower)\b|-(?:US)?\$[\d.,]+(?: a month)? (?:more|dearer|higher)\b"
    r"|\+(?:US)?\$[\d.,]+\S{0,3} ?(?:정도 |가량 )?(?:절감|절약|아끼|아낄|아낍|줄)"
    r"|-(?:US)?\$[\d.,]+\S{0,3} ?(?:정도 |가량 )?(?:더 |늘|추가|오르|올라)",
    re.IGNORECASE,
)


def turned_around(said: str) -> bool:
    """Whether a sentence with its references filled in tells a rise as a saving, or the other way round."""
    return _TURNED.search(said) is not None


def told_of_another(sentence: str, before: str, shown: Mapping[str, str], about: str = "") -> bool:
    """Whether a reference tells of something else than the sentence names, or of nothing named.

    Named is what is cited last, in the sentence or in the text `before` it; else what the sentence cites first afterwards, else
    what the whole text is `about` (an id).
    """
    names = list(_names(sentence))
    named_before = [name for _, name in _names(before)]
    for found in _OF_SOMETHING.finditer(sentence):
        if found[2] in _TOLD:
            last = [name for start, name in names if start < found.start()]
            named = (last[-1:] or [name for _, name in names[:1]] or named_before[-1:] or [about])[0]
            if not _same(found[1], named, shown):
                return True
    return False


def _names(text: str) -> Iterator[tuple[int, str]]:
    return ((found.start(), found[1]) for found in _OF_SOMETHING.finditer(text) if found[2] in _NAMES and not found[1].startswith("rule:"))


def _same(one: str, other: str, shown: Mapping[str, str]) -> bool:
    """A resource has an id as a finding, another as a line of the bill; it is the same by its address."""
    address = shown.get(f"{one}.address")
    return one == other or (address is not None and address == shown.get(f"{other}.address"))
