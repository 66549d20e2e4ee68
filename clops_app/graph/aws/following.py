"""An attribute leads to resources, and it is said apart which it surely names and which it may name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clops_app.graph.aws.index import IDENTITIES, Index, answered_once, grouped, in_order, is_a, merged
from clops_app.graph.leaves import concerns, leaves_at
from clops_app.language import tr
from clops_app.model.resource import Resource
from clops_app.model.values import Datum, Reference, Unknown


@dataclass(frozen=True, slots=True)
class Followed:
    """Where an attribute leads. `sure` is what it names, `unknown` why there may be more, `possible` what its expression mentions.

    `written` is false where the attribute is absent or null: then all else is empty.
    """

    sure: tuple[Resource, ...] = ()
    unknown: Unknown | None = None
    possible: tuple[Resource, ...] = ()
    written: bool = False

    @property
    def all(self) -> tuple[Resource, ...] | Unknown:
        """Everything it names, or why that cannot be told."""
        return self.sure if self.unknown is None else self.unknown

    @property
    def addresses(self) -> frozenset[str]:
        """The addresses of what it surely names."""
        return frozenset(resource.address for resource in self.sure)


_NOWHERE = Followed()


def follow(index: Index, resource: Resource, pattern: str, *types: str) -> Followed:
    """Follow the attribute at `pattern` (see leaves_at) to resources of these types, data sources as `data.aws_subnet`."""
    if (first := pattern.split(".", 1)[0].split("[", 1)[0]) and first not in resource.values:
        return _NOWHERE
    written = tuple(leaves_at(resource.values, pattern))
    possible = mentioned(index, resource, pattern, *types)
    sure: list[Resource] = []
    unknown: Unknown | None = None
    for _, leaf in written:
        match _meant(index, leaf, types, possible):
            case Unknown() as why:
                unknown = why if unknown is None else unknown
            case found:
                sure += found
    return Followed(in_order(sure, index), unknown, in_order((*sure, *possible), index), bool(written))


def follow_any(index: Index, resource: Resource, patterns: tuple[str, ...], *types: str) -> Followed:
    """Follow several attributes at once."""
    return both(index, *(follow(index, resource, pattern, *types) for pattern in patterns))


def both(index: Index, *parts: Followed) -> Followed:
    """What several attributes name together."""
    parts = tuple(part for part in parts if part != _NOWHERE)
    if len(parts) < 2:
        return parts[0] if parts else _NOWHERE
    return Followed(
        in_order((each for part in parts for each in part.sure), index),
        next((part.unknown for part in parts if part.unknown is not None), None),
        in_order((each for part in parts for each in part.possible), index),
        any(part.written for part in parts),
    )


def made_elsewhere(resource: Resource) -> Unknown:
    """What another root decides of a resource."""
    return Unknown(tr("{address} is made by another root", address=resource.address))


def mentioned(index: Index, resource: Resource, pattern: str, *types: str) -> tuple[Resource, ...]:
    """What the expression at, above or below `pattern` refers to, whether or not its value names it."""
    edges = index.graph.outgoing.get(resource.address, ())
    named = ((edge, index.graph.resources[edge.target]) for edge in edges)
    return in_order((target for edge, target in named if is_a(target, types) and concerns(pattern, edge.via)), index)


def mentioning(index: Index, resource: Resource, *types: str) -> tuple[Resource, ...]:
    """The resources of these types whose expressions refer to this one."""
    if types:
        return merged((index.mentioning.get((resource.address, kind), ()) for kind in types), index)
    return in_order((index.graph.resources[edge.origin] for edge in index.graph.incoming.get(resource.address, ())), index)


def naming(index: Index, resource: Resource, kind: str, pattern: str, *types: str) -> tuple[Resource, ...]:
    """The resources of a type whose attribute at `pattern`, which names such of these types, surely names this one."""
    return _by_named(index, kind, pattern, *types).get(resource.address, ())


@answered_once
def _by_named(index: Index, kind: str, pattern: str, *types: str) -> Mapping[str, tuple[Resource, ...]]:
    """All resources of a type by the addresses that their attribute at `pattern` surely names."""
    return grouped((address, each) for each in index.of(kind) for address in follow(index, each, pattern, *types).addresses)


def _meant(index: Index, leaf: Datum, types: tuple[str, ...], possible: tuple[Resource, ...]) -> tuple[Resource, ...] | Unknown:
    match leaf:
        case Unknown(ref=Reference(address=address, attribute=attribute)):
            found = index.at(address)
            wanted = tuple(each for each in found if is_a(each, types)) or _made_with(index, found, attribute, types)
            return wanted if len(wanted) == 1 else _named_alike(leaf, possible)
        case Unknown():
            return _named_alike(leaf, possible)
        case str():
            return _named(index, leaf, types, possible)
        case _:
            return ()


def _named_alike(leaf: Unknown, possible: tuple[Resource, ...]) -> tuple[Resource, ...] | Unknown:
    """The one resource referred to whose own name is this very unknown (`name = "${var.stage}-db"`, referred to by that name)."""
    alike = tuple(each for each in possible if any(each.values.get(attribute) == leaf for attribute in IDENTITIES))
    return alike if len(alike) == 1 else leaf


def _named(index: Index, name: str, types: tuple[str, ...], possible: tuple[Resource, ...]) -> tuple[Resource, ...] | Unknown:
    """The resource that is known by this name. Two of them with one name are told apart by the reference, if there is one."""
    known = {each.address: each for wanted in types for each in index.by_name.get((wanted, name), ())}
    if len(known) > 1:
        known = {each.address: each for each in possible if each.address in known}
    if len(known) == 1:
        return tuple(known.values())
    return Unknown(tr('several resources are named "{name}"', name=name) if known else tr('"{name}" is not made by this root', name=name))


# Resources that exist with a VPC and that Terraform adopts: the VPC's attribute, the adopting type and its attribute.
_ADOPTED = {
    "default_security_group_id": ("aws_default_security_group", "vpc_id"),
    "main_route_table_id": ("aws_default_route_table", "default_route_table_id"),
    "default_route_table_id": ("aws_default_route_table", "default_route_table_id"),
}


def _made_with(index: Index, found: tuple[Resource, ...], attribute: str, types: tuple[str, ...]) -> tuple[Resource, ...]:
    """What `aws_vpc.main.default_security_group_id` is here: the resource that adopts it."""
    adopted = _ADOPTED.get(attribute)
    if adopted is None or adopted[0] not in types:
        return ()
    adopting, via = adopted
    addresses = {each.address for each in found}
    return tuple(
        each
        for each in index.of(adopting)
        if isinstance(leaf := each.values.get(via), Unknown) and leaf.ref is not None and leaf.ref.address in addresses
    )
