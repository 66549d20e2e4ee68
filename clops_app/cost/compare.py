"""Two bills say what a change costs: resource by resource, in total, and which part of the answer is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from clops_app.graph.moves import moved_address
from clops_app.model.cost import Bill


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """What one resource costs a month before and after; None where it is not, or has no price at all.

    `partly`: some part of it has no price, on one side or the other, so that `delta` is not the whole truth.
    """

    address: str
    type: str
    before: Decimal | None
    after: Decimal | None
    partly: bool = False

    @property
    def delta(self) -> Decimal:
        return (self.after or Decimal(0)) - (self.before or Decimal(0))


@dataclass(frozen=True, slots=True)
class Comparison:
    """`changes` are the resources whose cost differs, by address; `unpriced` all of the new bill that have no full price.

    `before` and `delta` are None when there is nothing to compare with.
    """

    before: Decimal | None
    after: Decimal
    delta: Decimal | None
    changes: tuple[ResourceChange, ...]
    unpriced: tuple[str, ...]


def compare(before: Bill | None, after: Bill, moved: Iterable[tuple[str, str]] = ()) -> Comparison:
    """Compare two bills of one root. `moved` are the (from, to) addresses of `moved` blocks, instances or whole resources."""
    renamed = tuple(moved)
    old = {} if before is None else {moved_address(address, renamed): cost for address, cost in _costs(before).items()}
    new = _costs(after)
    without = {item.address for item in after.unpriced}
    partly = without | ({moved_address(item.address, renamed) for item in before.unpriced} if before is not None else set())
    changes = tuple(
        ResourceChange(address, (new.get(address) or old[address])[0], _usd(old.get(address)), _usd(new.get(address)), address in partly)
        for address in sorted({*old, *new})
        if _usd(old.get(address)) != _usd(new.get(address))
    )
    then = None if before is None else before.monthly_usd
    return Comparison(then, after.monthly_usd, None if then is None else after.monthly_usd - then, changes, tuple(sorted(without)))


def _costs(bill: Bill) -> Mapping[str, tuple[str, Decimal]]:
    return {cost.address: (cost.type, cost.monthly_usd) for cost in bill.resources}


def _usd(cost: tuple[str, Decimal] | None) -> Decimal | None:
    return None if cost is None else cost[1]
