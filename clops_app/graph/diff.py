"""Two graphs of one root differ by what was added, removed, changed and moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from clops_app.graph.moves import Moves, moved_address, moves
from clops_app.model.graph import AttributeChange, Graph, GraphDiff, ResourceChange
from clops_app.model.resource import Resource
from clops_app.model.values import Datum, Reference, Unknown


def diff(base: Graph | None, head: Graph) -> GraphDiff:
    """Compare the managed resources. Without a base everything is new.

    Instances match by address, then by head's `moved` blocks and the moves that Terraform makes by itself. A reference
    to something that moved is no change, nor is an unknown value that is unknown for the same reason.
    """
    after = {address: resource for address, resource in head.resources.items() if resource.mode == "managed"}
    before = {} if base is None else {address: each for address, each in base.resources.items() if each.mode == "managed"}
    moved = {} if base is None else _matched(before, after, moves(base.configuration, head.configuration))
    pairs = [(before[old], after[new]) for old, new in moved.items()]
    pairs += [(resource, after[address]) for address, resource in before.items() if address in after and address not in moved]
    order = {address: number for number, address in enumerate(after)}
    changes = sorted((_change(old, new, moved) for old, new in pairs), key=lambda change: order[change.head.address])
    matched_old, matched_new = {old.address for old, _ in pairs}, {new.address for _, new in pairs}
    return GraphDiff(
        added=tuple(resource for address, resource in after.items() if address not in matched_new),
        removed=tuple(resource for address, resource in before.items() if address not in matched_old),
        changed=tuple(change for change in changes if change.attributes),
        moved=tuple(change for change in changes if change.base.address != change.head.address),
    )


def _matched(before: Mapping[str, Resource], after: Mapping[str, Resource], moved: Moves) -> dict[str, str]:
    """The moves of instances that were at the old place and are at the new one."""
    found: dict[str, str] = {}
    for address in before:
        at = moved_address(address, moved)
        if at != address and at in after and at not in before:
            found.setdefault(at, address)  # two that moved to one place: the first is there
    return {address: at for at, address in found.items()}


def _change(old: Resource, new: Resource, moved: Mapping[str, str]) -> ResourceChange:
    return ResourceChange(old, new, tuple(_differences(old.values, new.values, "", moved)))


def _differences(old: Datum, new: Datum, path: str, moved: Mapping[str, str]) -> Iterator[AttributeChange]:
    match old, new:
        case (Mapping(), Mapping()):
            for name in sorted({*old, *new}):
                yield from _differences(old.get(name), new.get(name), f"{path}.{name}" if path else name, moved)
        case (tuple(), tuple()) if len(old) == len(new) and all(isinstance(item, Mapping) for item in (*old, *new)):
            for number, (was, becomes) in enumerate(zip(old, new, strict=True)):
                yield from _differences(was, becomes, f"{path}[{number}]", moved)
        case _ if not _same(old, new, moved):
            yield AttributeChange(path, old, new)
        case _:
            pass


def _same(old: Datum, new: Datum, moved: Mapping[str, str]) -> bool:
    match old, new:
        case (Unknown(ref=Reference() as was), Unknown(ref=Reference() as becomes)):
            return (moved.get(was.address, was.address), was.attribute) == (becomes.address, becomes.attribute)
        case (Unknown(ref=None), Unknown(ref=None)):
            return (old.why, old.prefix) == (new.why, new.prefix)
        case (Unknown(), _) | (_, Unknown()):
            return False
        case (tuple(), tuple()):
            return len(old) == len(new) and all(_same(was, becomes, moved) for was, becomes in zip(old, new, strict=True))
        case (Mapping(), Mapping()):
            return old.keys() == new.keys() and all(_same(old[name], new[name], moved) for name in old)
        case _:
            # In Python True is 1; in a configuration it is not.
            return old == new and isinstance(old, bool) == isinstance(new, bool)
