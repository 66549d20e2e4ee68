"""How many more there are than a list shows, in the words that comment and terminal share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from clops_app.language import trn

More: TypeAlias = Callable[[int], str]


def more_findings(count: int) -> str:
    return trn("and {count:,} more finding", "and {count:,} more findings", count)


def more_older_findings(count: int) -> str:
    return trn("and {count:,} more older finding", "and {count:,} more older findings", count)


def more_dismissed_findings(count: int) -> str:
    return trn("and {count:,} more dismissed finding", "and {count:,} more dismissed findings", count)


def more_places(count: int) -> str:
    return trn("and {count:,} more place", "and {count:,} more places", count)


def more_roots(count: int) -> str:
    return trn("and {count:,} more root", "and {count:,} more roots", count)


def more_changes(count: int) -> str:
    return trn("and {count:,} more change", "and {count:,} more changes", count)


def more_resources(count: int) -> str:
    return trn("and {count:,} more resource", "and {count:,} more resources", count)


def more_unpriced_resources(count: int) -> str:
    return trn("and {count:,} more resource without a price", "and {count:,} more resources without a price", count)


def more_prices_by_usage(count: int) -> str:
    return trn("and {count:,} more such price", "and {count:,} more such prices", count)


def more_assumptions(count: int) -> str:
    return trn("and {count:,} more assumption", "and {count:,} more assumptions", count)
