"""Resources can be found by type and by the names they are known by, each looked up once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from clops_app.graph.build import resource_address
from clops_app.model.graph import Graph
from clops_app.model.resource import Resource

# Attributes by which another resource may name this one with a plain string.
IDENTITIES = (
    "id", "name", "identifier", "cluster_identifier", "replication_group_id", "cluster_id", "bucket", "family", "function_name",
    "domain_name", "cluster_name", "launch_template_id", "allocation_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Index:
    """A graph's resources by type (`data.aws_subnet` for data sources), by (type, own name), by resource address, and by what they mention.

    `naming` gives who holds a text as a whole top-level attribute; `rank` is the place in address order.
    """

    graph: Graph
    by_type: Mapping[str, tuple[Resource, ...]]
    by_name: Mapping[tuple[str, str], tuple[Resource, ...]]
    instances: Mapping[str, tuple[Resource, ...]]
    naming: Mapping[str, tuple[Resource, ...]]
    rank: Mapping[str, int]

    def of(self, *types: str) -> tuple[Resource, ...]:
        """The resources of these types, in address order."""
        if len(types) == 1:
            return self.by_type.get(types[0], ())
        return in_order((resource for wanted in types for resource in self.by_type.get(wanted, ())), self)

    def at(self, address: str) -> tuple[Resource, ...]:
        """The instance at an address, or all instances of the resource there."""
        found = self.graph.resources.get(address)
        return (found,) if found is not None else self.instances.get(address, ())


def index(graph: Graph) -> Index:
    by_type: dict[str, list[Resource]] = {}
    by_name: dict[tuple[str, str], list[Resource]] = {}
    instances: dict[str, list[Resource]] = {}
    naming: dict[str, list[Resource]] = {}
    for resource in graph.resources.values():
        kind = kind_of(resource)
        by_type.setdefault(kind, []).append(resource)
        instances.setdefault(resource_address(resource), []).append(resource)
        for name in {value for attribute in IDENTITIES if isinstance(value := resource.values.get(attribute), str)}:
            by_name.setdefault((kind, name), []).append(resource)
        for text in {value for value in resource.values.values() if isinstance(value, str)}:
            naming.setdefault(text, []).append(resource)
    return Index(
        graph,
        {kind: tuple(group) for kind, group in by_type.items()},
        {key: tuple(group) for key, group in by_name.items()},
        {address: tuple(group) for address, group in instances.items()},
        {text: tuple(group) for text, group in naming.items()},
        {address: number for number, address in enumerate(graph.resources)},
    )


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


def named_by(index: Index, resource: Resource, *types: str) -> tuple[Resource, ...]:
    """The resources of these types that hold a name of this one as plain text."""
    names = {value for attribute in IDENTITIES if isinstance(value := resource.values.get(attribute), str)}
    return in_order((each for name in names for each in index.naming.get(name, ()) if is_a(each, types)), index)
