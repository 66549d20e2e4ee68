"""Version constraints as intervals: which versions of a module `terraform init` may choose, of which it takes the newest."""

from __future__ import annotations

import re
from typing import NamedTuple

Version = tuple[int, ...]

# https://developer.hashicorp.com/terraform/language/expressions/version-constraints
_TERM = re.compile(r"\s*(=|!=|>=|<=|>|<|~>)?\s*v?(\d+(?:\.\d+){0,2})\s*")


class Range(NamedTuple):
    """From `low` up to, not including, `high`; `high` None has no upper end."""

    low: Version
    high: Version | None

    def meets(self, other: Range) -> bool:
        """Whether some version is in both."""
        return (self.high is None or other.low < self.high) and (other.high is None or self.low < other.high)


EVERY = Range((0, 0, 0), None)


def allowed(constraint: str) -> Range | None:
    """What a constraint allows, `!=` left out: it never moves the newest by more than a patch. None: it cannot be read or allows nothing.

    Pre-releases are chosen only by name, and are read as nothing that is known.
    """
    low, high = EVERY
    for term in constraint.split(",") if constraint.strip() else ():
        found = _TERM.fullmatch(term)
        if found is None:
            return None
        least, below = _interval(found[1] or "=", tuple(map(int, found[2].split("."))))
        low = max(low, least)
        high = below if high is None else high if below is None else min(high, below)
    return None if high is not None and low >= high else Range(low, high)


def _interval(operator: str, written: Version) -> tuple[Version, Version | None]:
    version = (*written, 0, 0)[:3]
    after = (*version[:2], version[2] + 1)
    match operator:
        case "=":
            return version, after
        case ">=":
            return version, None
        case ">":
            return after, None
        case "<":
            return EVERY.low, version
        case "<=":
            return EVERY.low, after
        case "~>":
            # All but the last written number stay; with one number written, nothing limits it from above.
            kept = written[:-1]
            return version, (*kept[:-1], kept[-1] + 1, 0, 0)[:3] if kept else None
        case _:
            return EVERY
