"""How much proving is worth its time: counted in instances thought again, so that the same review always gets the same patches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from clops_app.model.source import SourceTree
from clops_app.patch.thought import Think, Thought


class Limits(NamedTuple):
    """In instances: a proof thinks through every root that reads a changed file, and costs what these hold.

    Up to `alone` for all patches together, each is proven by itself, which is the strongest proof there is; above it
    those that are alike are proven together. Above `at_most` what is left is given up, and said so.
    """

    alone: int
    at_most: int


# Measured on examples/viral-game, a root of 68 instances and one of 1,500: a proof takes 0.3 to 0.6 ms an instance, of
# which evaluating, judging and pricing are 0.25. So proving one by one takes a second, and no review proves for more
# than two minutes.
LIMITS = Limits(alone=2_000, at_most=200_000)


@dataclass(slots=True)
class Work:
    """What was done of what may be done."""

    limits: Limits
    spent: int = 0

    def allows(self, instances: int) -> bool:
        """Whether one more proof of that many may begin. The first always may."""
        return self.spent == 0 or self.spent + instances <= self.limits.at_most


def instances(base: Thought, paths: Iterable[str]) -> int:
    """What a proof of a change of these files costs."""
    changed = frozenset(paths)
    read = (one.configuration for one in base.values() if not changed.isdisjoint(one.configuration.files))
    return sum(1 + len(configuration.resources) for configuration in read)


def counting(think: Think, base: Thought, work: Work) -> Think:
    """The same thinking, counted. What is refused before it is thought of costs nothing."""

    def counted(tree: SourceTree, paths: tuple[str, ...]) -> Thought:
        work.spent += instances(base, paths)
        return think(tree, paths)

    return counted
