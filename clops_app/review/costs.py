"""Which resources change the bill, by how much, and what the bill does not know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from clops_app.graph.diff import diff
from clops_app.model.cost import Bill, CostLine, ResourceCost, Unpriced
from clops_app.model.review import Review, RootReview
from clops_app.review.groups import block_address, shared_address, type_of

Priced = tuple[ResourceCost | Unpriced, ...]


@dataclass(frozen=True, slots=True)
class CostChange:
    """Instances of one block whose cost changes alike. A side is empty where there was no such resource.

    A resource that has a price in part stands in a side twice, priced and unpriced: then the change is `partly` known,
    and `delta` counts what has a price. `certain` is False for what is missing after the change from code that was
    not read whole. `delta` is None where a side is not known at all.
    """

    root: str
    address: str
    type: str
    before: Priced
    after: Priced
    count: int
    certain: bool = True

    @property
    def delta(self) -> Decimal | None:
        before, after = known_sum(self.before), known_sum(self.after)
        return None if before is None or after is None or not self.certain else after - before

    @property
    def partly(self) -> bool:
        return any(isinstance(item, Unpriced) for item in (*self.before, *self.after))


@dataclass(frozen=True, slots=True)
class UsageLine:
    """A line whose quantity nobody told: which resources have it, its price, and what to set."""

    type: str
    name: str
    unit: str
    unit_price_usd: Decimal
    assumption: str
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """What has no price at head, of which root. `partly`: the rest of the resource has one, and is in the sums."""

    root: str
    item: Unpriced
    partly: bool


def known_sum(side: Priced) -> Decimal | None:
    """What a side comes to as far as it has a price; 0 when it is empty, None when something in it has no price and nothing an amount."""
    known = [line.monthly_usd for item in side if isinstance(item, ResourceCost) for line in item.lines if line.monthly_usd is not None]
    if not known and any(isinstance(item, Unpriced) for item in side):
        return None
    return sum(known, Decimal(0))


def seen_whole(review: Review) -> bool:
    """Whether all code was read. If not, what seems to be gone may only be unread, and the sum is the least it costs."""
    return not any(diagnostic.lost for diagnostic in review.diagnostics)


def cost_changes(review: Review) -> tuple[CostChange, ...]:
    """The resources that change the bill, dearest change first; without a base, everything that costs, dearest first."""
    compared, whole = review.base is not None, seen_whole(review)
    found = [change for root in review.roots for change in _changes_of(root, compared=compared, whole=whole)]
    return tuple(sorted(found, key=_weight))


def usage_lines(review: Review) -> tuple[UsageLine, ...]:
    """The lines that depend on usage, one for each type, name and price; against a base only those of resources that change."""
    found: dict[tuple[str, str, str, Decimal, str], list[str]] = {}
    for cost in _shown_costs(review):
        for line in cost.lines:
            if line.quantity is None:
                found.setdefault(_usage_key(cost, line), []).append(cost.address)
    return tuple(UsageLine(*key, tuple(addresses)) for key, addresses in sorted(found.items()))


def assumptions(review: Review) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What was assumed for amounts that are in the bill, and for whom; against a base only for resources that change."""
    found: dict[str, dict[str, None]] = {}
    for cost in _shown_costs(review):
        for line in cost.lines:
            if line.quantity is not None and line.assumption:
                found.setdefault(line.assumption, {})[cost.address] = None
    return tuple((text, tuple(addresses)) for text, addresses in sorted(found.items()))


def _shown_costs(review: Review) -> Iterator[ResourceCost]:
    for change in cost_changes(review):
        yield from (item for item in change.after if isinstance(item, ResourceCost))


def unpriced(review: Review) -> tuple[Without, ...]:
    """What has no price at head, by root and address."""
    return tuple(without for root in review.roots for without in without_price(root.root, root.bill))


def without_price(root: str, bill: Bill) -> tuple[Without, ...]:
    """What has no price in one bill, by address."""
    priced = {cost.address for cost in bill.resources}
    return tuple(Without(root, item, item.address in priced) for item in sorted(bill.unpriced, key=lambda item: item.address))


def _usage_key(cost: ResourceCost, line: CostLine) -> tuple[str, str, str, Decimal, str]:
    return cost.type, line.name, line.unit, line.unit_price_usd, line.assumption or ""


def _changes_of(root: RootReview, *, compared: bool, whole: bool) -> Iterator[CostChange]:
    before, after = _by_address(root.base_bill, _moves(root)), _by_address(root.bill, {})
    blocks: dict[tuple[str, ...], list[str]] = {}
    for address in sorted({*before, *after}):
        old, new = before.get(address, ()), after.get(address, ())
        if _differs(old, new) if compared else _costs(new):
            blocks.setdefault((block_address(address), _fate(old), _fate(new)), []).append(address)
    for addresses in blocks.values():
        yield CostChange(
            root=root.root,
            address=shared_address(addresses),
            type=type_of(addresses[0]),
            before=tuple(item for address in addresses for item in before.get(address, ())),
            after=tuple(item for address in addresses for item in after.get(address, ())),
            count=len(addresses),
            certain=whole or any(address in after for address in addresses),
        )


def _fate(side: Priced) -> str:
    """What is known of one side; instances of a block of which not the same is known are told apart."""
    if not side:
        return "absent"
    partly = any(isinstance(item, Unpriced) for item in side)
    return "unpriced" if known_sum(side) is None else "partly" if partly else "priced"


def _moves(root: RootReview) -> Mapping[str, str]:
    """Where the resources of the base went by `moved` blocks."""
    moved = () if root.base_graph is None else diff(root.base_graph, root.graph).moved
    return {change.base.address: change.head.address for change in moved}


def _by_address(bill: Bill | None, moves: Mapping[str, str]) -> Mapping[str, Priced]:
    if bill is None:
        return {}
    items: tuple[ResourceCost | Unpriced, ...] = (*bill.resources, *bill.unpriced)
    found: dict[str, Priced] = {}
    for item in items:
        address = moves.get(item.address, item.address)
        found[address] = (*found.get(address, ()), item)
    return found


def _differs(old: Priced, new: Priced) -> bool:
    """Whether what is paid differs, or what one would pay for a unit of use; unpriced before and after is no change."""
    return bool(old) != bool(new) or _paid(old) != _paid(new)


def _paid(side: Priced) -> tuple[Decimal, frozenset[tuple[str, Decimal]], bool]:
    costs = [item for item in side if isinstance(item, ResourceCost)]
    usage = frozenset((line.name, line.unit_price_usd) for cost in costs for line in cost.lines if line.quantity is None)
    return sum((cost.monthly_usd for cost in costs), Decimal(0)), usage, len(costs) < len(side)


def _costs(new: Priced) -> bool:
    return any(isinstance(item, ResourceCost) and item.lines for item in new)


def _weight(change: CostChange) -> tuple[bool, Decimal, str, str]:
    delta = change.delta
    return delta is None, -abs(delta or Decimal(0)), change.root, change.address
