"""Resources can be found by type and by the names they are known by, each looked up once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    """A graph with its resources by type (`data.aws_subnet` for data sources), by (type, name) and by resource address."""

    graph: Graph
    by_type: Mapping[str, tuple[Resource, ...]]
    by_name: Mapping[tuple[str, str], tuple[Resource, ...]]
    instances: Mapping[str, tuple[Resource, ...]]

    def of(self, *types: str) -> tuple[Resource, ...]:
        """The resources of these types, in address order."""
        wanted = dict.fromkeys(canonical(name) for name in types)
        if len(wanted) == 1:
            return self.by_type.get(next(iter(wanted)), ())
        chosen = {resource.address for name in wanted for resource in self.by_type.get(name, ())}
        return tuple(resource for address, resource in self.graph.resources.items() if address in chosen) if chosen else ()

    def at(self, address: str) -> tuple[Resource, ...]:
        """The instance at an address, or all instances of the resource there."""
        found = self.graph.resources.get(address)
        return (found,) if found is not None else self.instances.get(address, ())


def index(graph: Graph) -> Index:
    by_type: dict[str, list[Resource]] = {}
    by_name: dict[tuple[str, str], list[Resource]] = {}
    instances: dict[str, list[Resource]] = {}
    for resource in graph.resources.values():
        kind = kind_of(resource)
        by_type.setdefault(kind, []).append(resource)
        instances.setdefault(resource_address(resource), []).append(resource)
        for name in {value for attribute in IDENTITIES if isinstance(value := resource.values.get(attribute), str)}:
            by_name.setdefault((kind, name), []).append(resource)
    return Index(
        graph,
        {kind: tuple(group) for kind, group in by_type.items()},
        {key: tuple(group) for key, group in by_name.items()},
        {address: tuple(group) for address, group in instances.items()},
    )


def canonical(type: str) -> str:
    """The provider's newer name of a type: `aws_alb_listener` is `aws_lb_listener`."""
    return type.replace("aws_alb", "aws_lb", 1) if type.startswith(("aws_alb", "data.aws_alb")) else type


def kind_of(resource: Resource) -> str:
    """Its canonical type, with `data.` before it for a data source."""
    kind = canonical(resource.type)
    return kind if resource.mode == "managed" else f"data.{kind}"


def is_a(resource: Resource, types: Iterable[str]) -> bool:
    """Whether it is of one of these types; any will do where none is named."""
    wanted = {canonical(name) for name in types}
    return not wanted or kind_of(resource) in wanted


def in_order(found: Iterable[Resource], graph: Graph) -> tuple[Resource, ...]:
    """Each once, in address order."""
    addresses = {resource.address for resource in found}
    if len(addresses) < 2:
        return tuple(graph.resources[address] for address in addresses)
    return tuple(resource for address, resource in graph.resources.items() if address in addresses)
