"""What is thought of each root, and how to think again of those that a change reaches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from clops_app.model.cost import Bill
from clops_app.model.finding import Finding
from clops_app.model.resource import Configuration, Diagnostic
from clops_app.model.source import SourceTree


@dataclass(frozen=True, slots=True)
class RootThought:
    """What is thought of one root: the rules' findings and the bill of its configuration."""

    configuration: Configuration
    findings: tuple[Finding, ...]
    bill: Bill
    diagnostics: tuple[Diagnostic, ...] = ()


Thought = Mapping[str, RootThought]  # by root
Think = Callable[[SourceTree, tuple[str, ...]], Thought]  # of a tree, given the paths in which it differs from the one thought of before


def thinker(base: Thought, think_root: Callable[[SourceTree, str], RootThought]) -> Think:
    """Think again only of the roots that read a changed file; of the others the base holds."""

    def think(tree: SourceTree, paths: tuple[str, ...]) -> Thought:
        changed = frozenset(paths)
        return {root: before if changed.isdisjoint(before.configuration.files) else think_root(tree, root) for root, before in base.items()}

    return think


def rethought(before: Thought, after: Thought) -> Mapping[str, tuple[RootThought, RootThought]]:
    """The roots that were thought of again: what was and what is thought of them."""
    return {root: (before[root], now) for root, now in after.items() if before[root] is not now}
