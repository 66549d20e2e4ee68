"""What the code says of a value and what a plan knows of it are one; where the code is not what was planned, it alone counts."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from clops_app.model.values import Datum, Reference, Unknown
from clops_app.terraform.reasons import after_apply

MAX_PAIRED = 500  # pairing takes the square of it; an AWS security group holds 60 rules unless the quota was raised


@dataclass(frozen=True, slots=True)
class Nothing:
    """Not written at all."""


nothing = Nothing()
# What an unknown reference is worth: another reference, more exact; or None where the plan's value says more than it.
Follow = Callable[[Reference], Reference | None]


def settled(ours: Datum, planned_from: Datum | Nothing, plan: Datum, follow: Follow) -> Datum:
    """The value that `plan` knows, for as long as the code says the same as that which was planned; else what the code says.

    An Unknown in the plan leaves what the code tells.
    """
    if ours == planned_from:
        return taken(ours, plan, follow)
    match ours, planned_from, plan:
        case Mapping(), Mapping(), Mapping():
            return {name: settled(item, planned_from.get(name, nothing), plan.get(name), follow) for name, item in ours.items()}
        case tuple(), tuple(), tuple() if len(ours) == len(planned_from) == len(plan):
            order = paired(planned_from, plan)
            return tuple(
                item if at is None else settled(item, then, plan[at], follow)
                for item, then, at in zip(ours, planned_from, order, strict=True)
            )
        case _:
            return ours


def taken(ours: Datum, plan: Datum, follow: Follow) -> Datum:
    match ours, plan:
        case Unknown(ref=Reference() as ref), _ if (exact := follow(ref)) is not None:
            return ours if exact == ref else Unknown(after_apply(f"{exact.address}.{exact.attribute}"), exact)
        case _, Unknown():
            return ours
        case Unknown(), _:
            return without_nulls(plan)
        case (_, None) | (None, _):
            # A provider that turns "" into null has not unwritten it; what it makes of null, nobody has written.
            return ours
        case Mapping(), Mapping():
            return {name: taken(item, plan.get(name), follow) for name, item in ours.items()}
        case (tuple() as items, Mapping()) if len(items) == 1:  # a block that there can be only one of
            return (taken(items[0], plan, follow),)
        case tuple(), tuple():
            return _items(ours, plan, follow)
        case str(), str() if ours != plan and plan == _stored(ours):
            return ours
        case (Mapping() | tuple(), _) | (_, Mapping() | tuple()):
            return ours
        case _:
            return plan


def without_nulls(plan: Datum) -> Datum:
    """A value that only the plan has: what is null or an empty block was not written."""
    match plan:
        case Mapping():
            return {name: without_nulls(item) for name, item in plan.items() if item is not None and item != ()}
        case tuple():
            return tuple(without_nulls(item) for item in plan)
        case _:
            return plan


def _stored(text: str) -> str:
    """What the AWS provider keeps of user data (up to its version 5): the SHA-1 of what is encoded, if it is."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        content = text.encode()
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def _items(ours: tuple[Datum, ...], plan: tuple[Datum, ...], follow: Follow) -> Datum:
    """Item by item. An unknown item of ours may stand for none or many: what is left of the plan's takes its place, then the end."""
    order = paired(ours, plan)
    left = [number for number in range(len(plan)) if number not in set(order)]
    found: list[Datum] = []
    for item, at in zip(ours, order, strict=True):
        if at is not None:
            found.append(taken(item, plan[at], follow))
        elif left:
            found.append(without_nulls(plan[left.pop(0)]) if isinstance(item, Unknown) else taken(item, plan[left.pop(0)], follow))
        elif isinstance(item, Unknown) and item.ref is not None:
            found.append(item)
    return (*found, *(without_nulls(plan[number]) for number in left))


def paired(ours: tuple[Datum, ...], plan: tuple[Datum, ...]) -> list[int | None]:
    """Which item of the plan each of ours is: the one in its place if all agree so, else the first that agrees.

    Sets have an order of their own in a plan.
    """
    in_place: list[int | None] = [number if number < len(plan) else None for number in range(len(ours))]
    if (len(ours) == len(plan) and all(map(_agree, ours, plan))) or max(len(ours), len(plan)) > MAX_PAIRED:
        return in_place
    left = dict.fromkeys(range(len(plan)))
    found: list[int | None] = []
    for item in ours:
        at = None if isinstance(item, Unknown) else next((number for number in left if _agree(item, plan[number])), None)
        if at is not None:
            del left[at]
        found.append(at)
    alone = [number for number, at in enumerate(found) if at is None]
    if len(alone) == len(left):  # those that are left have one another
        for number, at in zip(alone, left, strict=True):
            found[number] = at
    return found


def _agree(ours: Datum, plan: Datum) -> bool:
    match ours, plan:
        case (Unknown(), _) | (_, Unknown()) | (None, _):
            return True
        case Mapping(), Mapping():
            return all(_agree(item, plan.get(name)) for name, item in ours.items())
        case tuple(), tuple():
            return len(ours) == len(plan) and None not in paired(ours, plan)
        case tuple(), Mapping():
            return len(ours) == 1 and _agree(ours[0], plan)
        case (tuple() | Mapping(), _):
            return not ours and plan is None
        case _:
            return type(ours) is type(plan) and ours == plan
