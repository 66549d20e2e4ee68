"""Where a resource of the base is at the head: by `moved` blocks, and by the moves that Terraform makes by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clops_app.model.resource import Configuration

Moves = tuple[tuple[str, str], ...]
FIRST = "[0]"


def moved_address(address: str, moves: Iterable[tuple[str, str]]) -> str:
    """The address after the moves, of an instance, of all of a resource's, or of a whole module; they chain."""
    for origin, target in moves:
        # Where one end names an instance, the other is one too: `a` to `a[0]` does not touch a[1].
        below = (".",) if origin.endswith("]") or target.endswith("]") else (".", "[")
        if address == origin or address.startswith(tuple(origin + step for step in below)):
            address = target + address[len(origin) :]
    return address


def moves(base: Configuration, head: Configuration) -> Moves:
    """Head's `moved` blocks, then what Terraform takes for moved unsaid: the one instance of a resource or module that
    gets a `count` becomes its first, and back.

    Source: Terraform, "Refactoring": adding `count` to a resource moves its object to index 0.
    """
    return (*head.moved, *_implied(_modules(base), _modules(head)), *_implied(_managed(base), _managed(head)))


def _implied(before: frozenset[str], after: frozenset[str]) -> Iterator[tuple[str, str]]:
    for address in sorted(before - after):
        now = address.removesuffix(FIRST) if address.endswith(FIRST) else address + FIRST
        if now in after and now not in before:
            yield address, now


def _managed(configuration: Configuration) -> frozenset[str]:
    return frozenset(resource.address for resource in configuration.resources if resource.mode == "managed")


def _modules(configuration: Configuration) -> frozenset[str]:
    return frozenset(call.address for call in configuration.modules)
