"""What a test of one type's prices is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Expected(NamedTuple):
    """A line: its quantity a month (None where it depends on usage) and its unit price in both regions."""

    name: str
    quantity: str | None
    us_east_1: str
    ap_northeast_2: str


class Case(NamedTuple):
    """Terraform text, the resource looked at, and all of its lines."""

    title: str
    address: str
    text: str
    lines: tuple[Expected, ...]
    usage: Mapping[str, object] = {}
