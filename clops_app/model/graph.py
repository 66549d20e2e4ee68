"""The resource graph: what a root creates and what leads where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from clops_app.model.resource import Configuration, Resource
from clops_app.model.source import Span
from clops_app.model.values import Datum

EdgeKind = Literal["references", "placed_in", "routes_to", "serves", "reads_writes", "invokes", "scales", "guards", "backs_up", "watches"]


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """`origin` depends on `target` because its attribute `via` says so, at `span`."""

    origin: str
    target: str
    via: str
    span: Span
    kind: EdgeKind = "references"


@dataclass(frozen=True, slots=True)
class Graph:
    """`resources` by address, in address order. `outgoing` and `incoming` hold the edges by address."""

    configuration: Configuration
    resources: Mapping[str, Resource]
    edges: tuple[Edge, ...]
    outgoing: Mapping[str, tuple[Edge, ...]]
    incoming: Mapping[str, tuple[Edge, ...]]


@dataclass(frozen=True, slots=True)
class AttributeChange:
    """The value at `path` was `old` and is `new`; None where it was not written, or is no more.

    `path` is the nearest whole attribute ("tags.Name", "ingress[0].from_port"): a list changes as one.
    """

    path: str
    old: Datum
    new: Datum


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """One instance before and after. `attributes` in the order of their paths; empty when it was only moved."""

    base: Resource
    head: Resource
    attributes: tuple[AttributeChange, ...]


@dataclass(frozen=True, slots=True)
class GraphDiff:
    """What a change does to the managed resources of a root, each in address order (moved ones by their new address).

    A moved instance whose attributes changed as well is in both `moved` and `changed`.
    """

    added: tuple[Resource, ...]
    removed: tuple[Resource, ...]
    changed: tuple[ResourceChange, ...]
    moved: tuple[ResourceChange, ...]
