"""What a change adds to a root's bill, told only where both bills speak of the same things."""

from __future__ import annotations

from decimal import Decimal

from clops_app.model.cost import Bill, ResourceCost, Unpriced
from clops_app.model.resource import Configuration

# What others are launched from: their price moves with it.
LAUNCHED_FROM = ("aws_launch_template.", "aws_launch_configuration.", "aws_ecs_task_definition.")


def cost_delta(before: Configuration, was: Bill, after: Configuration, now: Bill) -> Decimal | None:
    """USD a month, negative when it saves; None when part of it cannot be told.

    That is when a resource became unpriced or priced, when one that has no price is changed, or when usage that
    nobody told us took the place of a known quantity, gave it up, or got another price. Usage that merely comes on
    top is named by its own line.
    """
    if set(was.unpriced) != set(now.unpriced):
        return None
    changed = _changed(before, after)
    if any(_moves(unpriced, changed, after) for unpriced in now.unpriced):
        return None
    kept = {cost.address: cost for cost in was.resources}
    if any(cost.address in kept and not _comparable(kept[cost.address], cost) for cost in now.resources):
        return None
    return now.monthly_usd - was.monthly_usd


def _changed(before: Configuration, after: Configuration) -> frozenset[str]:
    known = {resource.address: resource.values for resource in before.resources}
    return frozenset(resource.address for resource in after.resources if known.get(resource.address) != resource.values)


def _moves(unpriced: Unpriced, changed: frozenset[str], after: Configuration) -> bool:
    if unpriced.address in changed:
        return True
    resource = next((item for item in after.resources if item.address == unpriced.address), None)
    targets = {link.target for link in resource.links} if resource is not None else set()
    prefix = f"{resource.module}." if resource is not None and resource.module else ""
    return any(name in targets and name.removeprefix(prefix).startswith(LAUNCHED_FROM) for name in changed)


def _comparable(was: ResourceCost, now: ResourceCost) -> bool:
    known_before = {line.name for line in was.lines if line.quantity is not None}
    known_after = {line.name for line in now.lines if line.quantity is not None}
    usage_before = {line.name: line.unit_price_usd for line in was.lines if line.quantity is None}
    usage_after = {line.name: line.unit_price_usd for line in now.lines if line.quantity is None}
    to_usage = usage_after.keys() - usage_before.keys() and known_before - known_after
    from_usage = usage_before.keys() - usage_after.keys() and known_after - known_before
    repriced = any(usage_after.get(name, price) != price for name, price in usage_before.items())
    return not to_usage and not from_usage and not repriced
