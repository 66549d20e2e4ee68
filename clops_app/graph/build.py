"""A root's instances form a graph: who refers to whom, to the very instance where the value says which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from operator import attrgetter
from types import MappingProxyType

from clops_app.graph.leaves import concerns, leaves
from clops_app.model.graph import Edge, Graph
from clops_app.model.resource import Configuration, Resource
from clops_app.model.source import Span
from clops_app.model.values import Reference, Unknown

_INDEX = re.compile(r"\[(?:\d+|\*|\"(?:[^\"\\]|\\.)*\")\]$")


def build_graph(configuration: Configuration) -> Graph:
    """Link the instances of a configuration, data sources included.

    A value that is exactly another instance's attribute gives an edge to that instance. A link that says no more
    than which resource is meant gives an edge to each of its instances; of two resources that are counted alike,
    each instance counts with the one of its own index. Modules that are not here are no nodes.
    """
    resources = {resource.address: resource for resource in configuration.resources}
    instances: dict[str, dict[str, str]] = {}
    for resource in configuration.resources:
        instances.setdefault(resource_address(resource), {})[_key(resource)] = resource.address
    numbers: dict[frozenset[str], int] = {}
    counted = {address: numbers.setdefault(frozenset(keyed), len(numbers)) for address, keyed in instances.items()}
    found = {edge for resource in configuration.resources for edge in _edges(resource, resources, instances, counted)}
    edges = tuple(sorted(found, key=attrgetter("origin", "target", "via", "span", "kind")))  # as edges compare, without asking each
    return Graph(configuration, MappingProxyType(resources), edges, _grouped(edges, outgoing=True), _grouped(edges, outgoing=False))


def resource_address(resource: Resource) -> str:
    """The address without the instance's own index: `module.web[0].aws_instance.app`."""
    name = f"{resource.type}.{resource.name}"
    name = name if resource.mode == "managed" else f"data.{name}"
    return f"{resource.module}.{name}" if resource.module else name


def instance_at(resources: Mapping[str, Resource], address: str) -> Resource | None:
    """The instance at an address. One of a resource that has nobody knows how many instances is the one that stands for them all."""
    found = resources.get(address)
    if found is None and address.endswith("]"):
        marked = resources.get(f"{without_index(address)}[*]")
        return marked if marked is not None and isinstance(marked.index, Unknown) else None
    return found


def without_index(address: str) -> str:
    """`aws_subnet.a` of `aws_subnet.a[0]` and `aws_subnet.a["x[1]"]`."""
    return _INDEX.sub("", address)


def span_at(resource: Resource, path: str) -> tuple[str, Span]:
    """The nearest written attribute or block at or above `path`, and where; the whole resource when there is none."""
    while path and path not in resource.spans:
        path = path[: path.rindex("[")] if path.endswith("]") else path.rpartition(".")[0]
    return path, resource.spans[path] if path else resource.source


def _edges(
    resource: Resource, resources: Mapping[str, Resource], instances: Mapping[str, Mapping[str, str]], counted: Mapping[str, int]
) -> Iterator[Edge]:
    """The edges of one instance. Resources whose instances have the same keys have the same number in `counted`."""
    exact: dict[str, list[str]] = {}
    for path, target in _exact(resource, resources):
        exact.setdefault(resource_address(resources[target]), []).append(path)
        yield Edge(resource.address, target, *span_at(resource, path))
    paired: set[tuple[str, str]] = set()
    for link in resource.links:
        named = resources.get(link.target)
        meant = link.target if named is None else resource_address(named)
        if any(concerns(link.via, path) for path in exact.get(meant, ())):
            continue
        targets = instances.get(meant, {})
        if (link.via, meant) in paired:
            continue
        if link.via in ("count", "for_each") and counted.get(meant) == counted[resource_address(resource)]:
            paired.add((link.via, meant))
            alike = {targets[_key(resource)]}
        else:
            alike = set(targets.values()) if named is None else {link.target}
        yield from (Edge(resource.address, target, link.via, link.span) for target in alike if target != resource.address)


def _key(resource: Resource) -> str:
    """The index as text; an unknown one is no other's equal but its own."""
    return "*" if isinstance(resource.index, Unknown) else repr(resource.index)


def _exact(resource: Resource, resources: Mapping[str, Resource]) -> Iterator[tuple[str, str]]:
    """The leaves that are another instance's attribute: (path, address)."""
    for path, leaf in leaves(resource.values):
        match leaf:
            case Unknown(ref=Reference(address=address)) if (
                named := instance_at(resources, address)
            ) and named.address != resource.address:
                yield path, named.address
            case _:
                pass


def _grouped(edges: tuple[Edge, ...], outgoing: bool) -> Mapping[str, tuple[Edge, ...]]:
    groups: dict[str, list[Edge]] = {}
    for edge in edges:
        groups.setdefault(edge.origin if outgoing else edge.target, []).append(edge)
    return MappingProxyType({address: tuple(group) for address, group in groups.items()})
