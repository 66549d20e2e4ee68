"""What other tools say of the same code: theirs, kept apart from what we found and from what decides the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, order=True)
class Remark:
    """One check of a scanner that failed. Lines are 1-based and inclusive; `link` is "" where the scanner gave no page."""

    path: str
    start_line: int
    end_line: int
    check: str
    address: str
    title: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scanner says of one tree. `unread`: how many files it could not read."""

    version: str
    remarks: tuple[Remark, ...]
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Scan:
    """What checkov says of a change, in the order of paths and lines. Without `compared` everything is in `new`.

    `said` counts the new remarks that say what one of our own findings says of the same block: they are in neither.
    """

    version: str
    new: tuple[Remark, ...]
    old: tuple[Remark, ...]
    said: int
    compared: bool


@dataclass(frozen=True, slots=True)
class Estimated:
    """What Infracost counts a month, by root and address, without what depends on usage. None: it has no amount.

    `unread`: roots that it could not price, or not whole.
    """

    monthly_usd: Mapping[tuple[str, str], Decimal | None]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SecondPrice:
    """One resource priced twice. None: no amount on that side."""

    root: str
    address: str
    ours: Decimal | None
    theirs: Decimal | None


@dataclass(frozen=True, slots=True)
class SecondBill:
    """Our bill beside Infracost's: every resource that has an amount on either side, by root and address."""

    prices: tuple[SecondPrice, ...]
