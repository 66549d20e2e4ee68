"""What a change adds to a root's bill, address by address, told only where both bills speak of the same things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from clops_app.model.cost import Bill, ResourceCost
from clops_app.model.resource import Configuration, Resource

# What others are launched from: their price moves with it.
LAUNCHED_FROM = ("aws_launch_template.", "aws_launch_configuration.", "aws_ecs_task_definition.")


def cost_delta(before: Configuration, was: Bill, after: Configuration, now: Bill) -> Decimal | None:
    """USD a month, negative when it saves; None when part of it cannot be told."""
    return total(cost_moves(before, was, after, now).values())


def total(moves: Iterable[Decimal | None]) -> Decimal | None:
    """Their sum; None when one of them cannot be told."""
    known = Decimal(0)
    for move in moves:
        if move is None:
            return None
        known += move
    return known


def cost_moves(before: Configuration, was: Bill, after: Configuration, now: Bill) -> Mapping[str, Decimal | None]:
    """What moves, by the address at which it is billed. None: it cannot be told.

    That is when a resource became unpriced or priced, when one that has no price is changed, or when usage that
    nobody told us took the place of a known quantity, gave it up, or got another price. Usage that merely comes on
    top is named by its own line.
    """
    kept = {cost.address: cost for cost in was.resources}
    billed = {cost.address: cost for cost in now.resources}
    moves: dict[str, Decimal | None] = {}
    for address in kept.keys() | billed.keys():
        old, new = kept.get(address), billed.get(address)
        if old != new:
            moves[address] = _difference(old, new)
    moves |= dict.fromkeys(unpriced.address for unpriced in set(was.unpriced) ^ set(now.unpriced))
    if now.unpriced:
        changed = changed_addresses(before, after)
        resources = {resource.address: resource for resource in after.resources}
        moves |= dict.fromkeys(u.address for u in now.unpriced if _moves(u.address, changed, resources.get(u.address)))
    return moves


def changed_addresses(before: Configuration, after: Configuration) -> frozenset[str]:
    """Those that have other values, are new or are gone."""
    was = {resource.address: resource.values for resource in before.resources}
    now = {resource.address: resource.values for resource in after.resources}
    return frozenset(address for address in was.keys() | now.keys() if was.get(address) != now.get(address))


def _difference(was: ResourceCost | None, now: ResourceCost | None) -> Decimal | None:
    if was is not None and now is not None and not _comparable(was, now):
        return None
    return (now.monthly_usd if now is not None else Decimal(0)) - (was.monthly_usd if was is not None else Decimal(0))


def _moves(address: str, changed: frozenset[str], resource: Resource | None) -> bool:
    if address in changed:
        return True
    targets = {link.target for link in resource.links} if resource is not None else set()
    prefix = f"{resource.module}." if resource is not None and resource.module else ""
    return any(name in changed and name.removeprefix(prefix).startswith(LAUNCHED_FROM) for name in targets)


def _comparable(was: ResourceCost, now: ResourceCost) -> bool:
    known_before = {line.name for line in was.lines if line.quantity is not None}
    known_after = {line.name for line in now.lines if line.quantity is not None}
    usage_before = {line.name: line.unit_price_usd for line in was.lines if line.quantity is None}
    usage_after = {line.name: line.unit_price_usd for line in now.lines if line.quantity is None}
    to_usage = usage_after.keys() - usage_before.keys() and known_before - known_after
    from_usage = usage_before.keys() - usage_after.keys() and known_after - known_before
    repriced = any(usage_after.get(name, price) != price for name, price in usage_before.items())
    return not to_usage and not from_usage and not repriced
