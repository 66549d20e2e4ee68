"""Resources can be found by type, name and who mentions them; what was answered about them once is not worked out again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from clops_app.graph.build import instance_at, resource_address
from clops_app.model.graph import Graph
from clops_app.model.resource import Resource

A = TypeVar("A")
K = TypeVar("K", bound=Hashable)
P = ParamSpec("P")

# Attributes by which another resource may name this one with a plain string.
IDENTITIES = (
    "id", "name", "identifier", "cluster_identifier", "replication_group_id", "cluster_id", "bucket", "family", "function_name",
    "domain_name", "cluster_name", "launch_template_id", "allocation_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Index:
    """A graph's resources by type (`data.aws_subnet` for data sources), by (type, own name) and by resource address.

    `naming` gives those of a type that hold a text as a whole top-level attribute, `mentioning` those of a type that refer
    to an address; `rank` is the place in address order. `answers` holds what `answered_once` was asked before.
    """

    graph: Graph
    by_type: Mapping[str, tuple[Resource, ...]]
    by_name: Mapping[tuple[str, str], tuple[Resource, ...]]
    instances: Mapping[str, tuple[Resource, ...]]
    naming: Mapping[tuple[str, str], tuple[Resource, ...]]
    mentioning: Mapping[tuple[str, str], tuple[Resource, ...]]
    rank: Mapping[str, int]
    answers: dict[Hashable, object] = field(default_factory=dict, repr=False, compare=False)

    def of(self, *types: str) -> tuple[Resource, ...]:
        """The resources of these types, in address order."""
        return merged((self.by_type.get(wanted, ()) for wanted in types), self)

    def at(self, address: str) -> tuple[Resource, ...]:
        """The instance at an address, or all instances of the resource there."""
        found = instance_at(self.graph.resources, address)
        return (found,) if found is not None else self.instances.get(address, ())


def index(graph: Graph) -> Index:
    kinds = {address: kind_of(resource) for address, resource in graph.resources.items()}
    every = tuple(graph.resources.values())
    texts = ((each, {value for value in each.values.values() if isinstance(value, str)}) for each in every)
    return Index(
        graph,
        by_type=grouped((kinds[each.address], each) for each in every),
        by_name=grouped(((kinds[each.address], name), each) for each in every for name in _names(each)),
        instances=grouped((resource_address(each), each) for each in every),
        naming=grouped(((kinds[each.address], text), each) for each, held in texts for text in held),
        mentioning=grouped(
            ((target, kinds[each.address]), each)
            for each in every
            for target in {edge.target for edge in graph.outgoing.get(each.address, ())}
        ),
        rank={address: number for number, address in enumerate(graph.resources)},
    )


def grouped(pairs: Iterable[tuple[K, Resource]]) -> Mapping[K, tuple[Resource, ...]]:
    """Resources by key, in the order in which they come."""
    groups: dict[K, list[Resource]] = {}
    for key, resource in pairs:
        groups.setdefault(key, []).append(resource)
    return {key: tuple(group) for key, group in groups.items()}


def answered_once(question: Callable[Concatenate[Index, P], A]) -> Callable[Concatenate[Index, P], A]:
    """Make an index remember what it answers; resources, which are told apart by address, cannot change under it."""

    @wraps(question)
    def answer(index: Index, /, *about: P.args, **named: P.kwargs) -> A:
        key = (question, *(each.address if isinstance(each, Resource) else each for each in about), *named.items())
        if key not in index.answers:
            index.answers[key] = question(index, *about, **named)
        return cast("A", index.answers[key])

    return answer


def canonical(type: str) -> str:
    """The provider's newer name of a type: `aws_alb_listener` is `aws_lb_listener`. Inside this package only these are used."""
    return type.replace("aws_alb", "aws_lb", 1) if type.startswith(("aws_alb", "data.aws_alb")) else type


def kind_of(resource: Resource) -> str:
    """Its canonical type, with `data.` before it for a data source."""
    kind = canonical(resource.type)
    return kind if resource.mode == "managed" else f"data.{kind}"


def is_a(resource: Resource, types: Collection[str]) -> bool:
    """Whether it is of one of these types; any will do where none is named."""
    return not types or kind_of(resource) in types


def in_order(found: Iterable[Resource], index: Index) -> tuple[Resource, ...]:
    """Each once, in address order."""
    once = {resource.address: resource for resource in found}
    if len(once) < 2:
        return tuple(once.values())
    return tuple(once[address] for address in sorted(once, key=index.rank.__getitem__))


def merged(groups: Iterable[tuple[Resource, ...]], index: Index) -> tuple[Resource, ...]:
    """The same of groups that are in order themselves, most of them empty."""
    found = [group for group in groups if group]
    return found[0] if len(found) == 1 else in_order((each for group in found for each in group), index)


def named_by(index: Index, resource: Resource, *types: str) -> tuple[Resource, ...]:
    """The resources of these types that hold a name of this one as plain text."""
    return merged((index.naming.get((kind, name), ()) for name in _names(resource) for kind in types), index)


def _names(resource: Resource) -> set[str]:
    return {value for attribute in IDENTITIES if isinstance(value := resource.values.get(attribute), str)}
