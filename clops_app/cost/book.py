"""AWS's list prices, read from package data one service and region at a time; a price that is not listed is None, never a guess.

The data (`prices.bin`) is made by scripts/compile_prices.py. Layout: a 4-byte length, the zlib-packed index (date, provenance,
record lengths by service and region), then one raw DEFLATE record a service and region: lines of item, USD and provenance number.
A zip was rejected for the reason told in clops_app/terraform/schema: reading its directory costs more than what is read.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib import resources
from types import MappingProxyType

GLOBAL = "global"  # the region of what AWS sells without one: hosted zones, CloudFront, dashboards


@dataclass(frozen=True, slots=True)
class Price:
    """`usd` for one `unit`. `date` is the day AWS published it or, where that is not known, the day it was copied."""

    usd: Decimal
    unit: str
    source: str
    date: str


@dataclass(frozen=True, slots=True, eq=False)
class PriceBook:
    """`date` is the day of the main source. `places` says where in `content` a service's region stands."""

    date: str
    provenance: tuple[tuple[str, str], ...]
    places: Mapping[tuple[str, str], tuple[int, int]]
    content: bytes = field(repr=False)

    def price(self, service: str, region: str, item: str, unit: str = "") -> Price | None:
        """The price of one item under AWS's own label, told in `unit` (the labels say it in prose only)."""
        found = _record(self, service, region).get(item)
        if found is None:
            return None
        usd, _, number = found.partition("\t")
        source, date = self.provenance[int(number)]
        return Price(Decimal(usd), unit, source, date)

    def regions(self, service: str) -> tuple[str, ...]:
        """The regions in which this service has prices, sorted."""
        return tuple(sorted(region for of, region in self.places if of == service))

    def items(self, service: str, region: str) -> tuple[str, ...]:
        """The labels of all items of a service in a region, sorted; () when there are none."""
        return tuple(_record(self, service, region))


@cache
def _record(book: PriceBook, service: str, region: str) -> Mapping[str, str]:
    place = book.places.get((service, region))
    if place is None:
        return MappingProxyType({})
    text = zlib.decompress(book.content[place[0] : place[1]], -15).decode()
    return MappingProxyType(dict(line.split("\t", 1) for line in text.split("\n")))


def opened(content: bytes) -> PriceBook:
    """A book from what scripts/compile_prices.py wrote."""
    start = 4 + int.from_bytes(content[:4], "big")
    index = json.loads(zlib.decompress(content[4:start]))
    places: dict[tuple[str, str], tuple[int, int]] = {}
    for service, regions in index["members"].items():
        for region, length in regions.items():
            places[service, region] = (start, start + length)
            start += length
    return PriceBook(index["date"], tuple((source, date) for source, date in index["provenance"]), MappingProxyType(places), content)


@cache
def embedded_book() -> PriceBook:
    """The prices that this version of ClOps carries."""
    return opened(resources.files(__package__).joinpath("prices.bin").read_bytes())
