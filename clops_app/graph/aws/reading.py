"""The architecture that rules are shown: every question of `kit.Architecture`, answered from one graph."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from clops_app.graph.aws.egress import nat_zones
from clops_app.graph.aws.exposure import open_ports, security_groups
from clops_app.graph.aws.following import follow, mentioned, mentioning
from clops_app.graph.aws.index import Index, canonical, index
from clops_app.graph.aws.launch import launch
from clops_app.graph.aws.opaque import opaque_modules
from clops_app.graph.aws.placement import subnets, zones
from clops_app.graph.aws.reachability import publicly_reachable
from clops_app.graph.aws.roles import role
from clops_app.graph.aws.routing import subnet_kind
from clops_app.graph.aws.scaling import scalers
from clops_app.graph.aws.serving import load_balancers
from clops_app.graph.aws.tiers import tiers
from clops_app.kit import OpenPort, Role, Tier
from clops_app.model.finding import Place
from clops_app.model.graph import Graph
from clops_app.model.resource import ModuleCall, Resource, TerraformSettings
from clops_app.model.values import Unknown, Value


@dataclass(frozen=True)
class Reading:
    """The AWS reading of a graph. Not slotted, so that what every rule asks again (index, tiers) is computed once."""

    graph: Graph

    @cached_property
    def index(self) -> Index:
        return index(self.graph)

    @property
    def settings(self) -> TerraformSettings:
        return self.graph.configuration.settings

    @property
    def modules(self) -> tuple[ModuleCall, ...]:
        return self.graph.configuration.modules

    def resources(self, *types: str) -> tuple[Resource, ...]:
        return self.index.of(*map(canonical, types))

    def linked(self, resource: Resource, path: str, *types: str) -> tuple[Resource, ...]:
        wanted = tuple(map(canonical, types))
        return follow(self.index, resource, path, *wanted).possible or mentioned(self.index, resource, path, *wanted)

    def referring(self, resource: Resource, *types: str) -> tuple[Resource, ...]:
        return mentioning(self.index, resource, *map(canonical, types))

    def opaque_modules(self, resource: Resource) -> tuple[ModuleCall, ...]:
        return opaque_modules(self.index, resource)

    def subnets(self, resource: Resource) -> tuple[Resource, ...] | Unknown:
        return subnets(self.index, resource)

    def zones(self, resource: Resource) -> Value:
        return zones(self.index, resource)

    def subnet_kind(self, subnet: Resource) -> Value:
        return subnet_kind(self.index, subnet)

    def launch(self, resource: Resource, path: str) -> tuple[Value, Place]:
        return launch(self.index, resource, path)

    def load_balancers(self, resource: Resource) -> tuple[Resource, ...] | Unknown:
        return load_balancers(self.index, resource)

    def security_groups(self, resource: Resource) -> tuple[Resource, ...] | Unknown:
        return security_groups(self.index, resource)

    def open_ports(self, group: Resource) -> tuple[OpenPort, ...]:
        return open_ports(self.index, group)

    def publicly_reachable(self, resource: Resource) -> Value:
        return publicly_reachable(self.index, resource)

    def scalers(self, resource: Resource) -> tuple[Resource, ...]:
        return scalers(self.index, resource)

    @cached_property
    def _tiers(self) -> tuple[Tier, ...]:
        return tiers(self.index)

    def tiers(self) -> tuple[Tier, ...]:
        return self._tiers

    def nat_zones(self, gateway: Resource) -> Value:
        return nat_zones(self.index, gateway)

    def role(self, resource: Resource) -> Role:
        return role(self.index, resource)
