"""What a root costs each month: lines, resources, bill. Money is Decimal USD, a month is 730 hours."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

HOURS_PER_MONTH = 730  # AWS's own month in its price calculator: 8,760 hours / 12


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of a bill. `quantity` None: it depends on usage that nobody told us; then `assumption` says what to set.

    `quantity` is per month in `unit`. `source` and `date` say where the unit price comes from.
    """

    name: str
    quantity: Decimal | None
    unit: str
    unit_price_usd: Decimal
    assumption: str | None = None
    source: str = ""
    date: str = ""

    @property
    def monthly_usd(self) -> Decimal | None:
        return None if self.quantity is None else self.quantity * self.unit_price_usd


@dataclass(frozen=True, slots=True)
class ResourceCost:
    address: str
    type: str
    lines: tuple[CostLine, ...]

    @property
    def monthly_usd(self) -> Decimal:
        """The sum of the lines whose quantity is known, unrounded."""
        return sum((line.monthly_usd for line in self.lines if line.monthly_usd is not None), Decimal(0))


@dataclass(frozen=True, slots=True)
class Unpriced:
    address: str
    type: str
    why: str


@dataclass(frozen=True, slots=True)
class Bill:
    """What one root costs. `free` are addresses of types that cost nothing by themselves."""

    resources: tuple[ResourceCost, ...]
    unpriced: tuple[Unpriced, ...]
    free: tuple[str, ...]
    prices_date: str

    @property
    def monthly_usd(self) -> Decimal:
        return sum((resource.monthly_usd for resource in self.resources), Decimal(0))
