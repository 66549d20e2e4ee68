"""When each push happens and when each delivery of it is sent: the same for the same seed, with duplicates, out of order."""

from __future__ import annotations

import random
from dataclasses import dataclass

_APART_S = 1.0  # so much later than others a delivery may be sent
_REPEATED_S = 5.0  # so much later its duplicate
LEAD_S = 2.0  # pushes begin so much before the first delivery: no event is told before it happened
_LATE = 0.2  # the share of deliveries that others overtake


@dataclass(frozen=True, slots=True)
class Push:
    """At `at` seconds the branch of pull request `pull` goes from one of its heads to another; None: it is opened."""

    at: float
    pull: int
    before: int | None
    head: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """`push` is an index; `guid` is the same for a duplicate."""

    at: float
    push: int
    guid: str


@dataclass(frozen=True, slots=True)
class Plan:
    pushes: tuple[Push, ...]
    deliveries: tuple[Delivery, ...]

    @property
    def seconds(self) -> float:
        return self.deliveries[-1].at


def plan(deliveries: int, rate: float, pulls: int, heads: int, duplicates: float, seed: int) -> Plan:
    """Every pull request is opened at its first head, wanders among those between, and ends at its last, where it never was before."""
    dice = random.Random(seed)
    unique = round(deliveries / (1 + duplicates))
    order = [number % pulls for number in range(unique)]
    dice.shuffle(order)
    left = [order.count(pull) for pull in range(pulls)]
    at: list[int | None] = [None] * pulls
    pushes = []
    for number, pull in enumerate(order):
        left[pull] -= 1
        before = at[pull]
        head = heads - 1 if left[pull] == 0 else 0 if before is None else before % (heads - 2) + 1
        pushes.append(Push(number * deliveries / unique / rate, pull, before, head))
        at[pull] = head
    sent = [(one.at + dice.uniform(0, _APART_S if dice.random() < _LATE else 0), number) for number, one in enumerate(pushes)]
    sent += [(when + dice.uniform(0, _REPEATED_S), number) for when, number in dice.sample(sent, deliveries - unique)]
    guids = [f"{dice.getrandbits(128):032x}" for _ in pushes]
    spread = (Delivery(LEAD_S + place / rate, number, guids[number]) for place, (_, number) in enumerate(sorted(sent)))
    return Plan(tuple(pushes), tuple(spread))


def overtaken(made: Plan) -> int:
    """How many deliveries are sent after one of a later push of the same pull request."""
    newest: dict[int, int] = {}
    count = 0
    for one in made.deliveries:
        pull = made.pushes[one.push].pull
        count += one.push < newest.get(pull, -1)
        newest[pull] = max(newest.get(pull, -1), one.push)
    return count
