"""All that a rule may import: what to ask of an architecture, and how to say what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol

from clops_app.language import tr, trn
from clops_app.model.finding import AddBlock, AddResource, Change, Code, Fix, Hit, NewBlock, Place, RemoveAttribute, SetAttribute
from clops_app.model.resource import Configuration, ModuleCall, Resource, TerraformSettings
from clops_app.model.values import Absent, Datum, Known, Plain, Reference, Unknown, Value, absent, first_unknown

__all__ = [
    "Absent", "AddBlock", "AddResource", "Architecture", "Change", "Code", "Configuration", "Datum", "Fix", "Hit", "Known",
    "ModuleCall", "NewBlock", "OpenPort", "Place", "Plain", "Reference", "RemoveAttribute", "Resource", "Role", "SetAttribute",
    "TerraformSettings", "Tier", "Unknown", "Value", "absent", "at", "blocks", "hit", "is_false", "is_true", "number", "read", "text", "tr",
    "trn",
]  # fmt: skip

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def read(resource: Resource, path: str) -> Value:
    """What is at `path` ("multi_az", "root_block_device[0].volume_type"). Unknown if any leaf of it is unknown.

    Absent when it is not written or null; then the provider's default applies, and the rule must know it.
    """
    return _value(_walk(resource.values, path))


def _walk(datum: Datum, path: str) -> Datum:
    for name, number in _STEP.findall(path):
        match datum:
            case Unknown():
                return datum
            case Mapping():
                datum = datum.get(name)
            case tuple() if number and int(number) < len(datum):
                datum = datum[int(number)]
            case _:
                return None
    return datum


def _value(datum: Datum) -> Value:
    if datum is None:
        return absent
    unknown = first_unknown(datum)
    return Known(datum) if unknown is None else unknown  # type: ignore[arg-type]  # no unknown leaf: it is Plain


def blocks(resource: Resource, path: str) -> tuple[tuple[str, Mapping[str, Datum]], ...]:
    """The nested blocks at `path` with the path of each: (("ingress[0]", {...}), …); empty when none or unknown."""
    found = _walk(resource.values, path)
    if not isinstance(found, tuple):
        return ()
    return tuple((f"{path}[{number}]", item) for number, item in enumerate(found) if isinstance(item, Mapping))


def is_true(value: Value) -> bool:
    """Surely true."""
    return value == Known(True)


def is_false(value: Value, default: bool) -> bool:
    """Surely false: written so, or left out where the provider's default is false."""
    match value:
        case Known(written):
            return written is False
        case Absent():
            return not default
        case Unknown():
            return False


def text(value: Value, default: str = "") -> str:
    """The string, or the default where there is no known string."""
    match value:
        case Known(str() as written):
            return written
        case _:
            return default


def at(resource: Resource, path: str = "") -> Place:
    """Where to point: the attribute at `path` if it is written, else the nearest block around it that is."""
    while path and path not in resource.spans:
        path = path.rpartition(".")[0]
    return Place(resource.address, resource.spans[path] if path else resource.source)


def hit(resource: Resource, message: str, path: str = "", fix: Fix | None = None, key: str = "") -> Hit:
    """A hit at `path` of a resource. `key` tells it from other hits of the same rule on the same address."""
    return Hit(message, at(resource, path), fix, key)


@dataclass(frozen=True, slots=True)
class OpenPort:
    """An ingress rule that lets in the whole internet (0.0.0.0/0 or ::/0).

    `protocol` is "tcp", "udp", "icmp", "-1" for all, …; ports are inclusive, 0–65535 for protocol -1.
    `place` is the attribute or block that says so; `group` the security group's address;
    `written_in` the resource it is written in (the group or a rule resource), `path` the nested block in it ("" if none).
    """

    group: str
    protocol: str
    from_port: int
    to_port: int
    cidr: str
    place: Place
    written_in: Resource
    path: str

    def covers(self, port: int, protocol: str = "tcp") -> bool:
        return self.protocol in ("-1", protocol) and self.from_port <= port <= self.to_port


@dataclass(frozen=True, slots=True)
class Tier:
    """Compute that serves one purpose: shares a target group, group, service, or (lone instances) a role.

    `members` are the addresses of its instances, group, service or node group. `zones` are the zones it is in.
    `minimum`, `maximum`: how many run at least and at most; Absent where the maximum is not limited by what is written.
    """

    name: str
    kind: Literal["instances", "autoscaling_group", "ecs_service", "node_group"]
    members: tuple[Resource, ...]
    zones: Value
    minimum: Value
    maximum: Value
    load_balanced: Value


Role = Literal["serving", "bastion", "nat", "image_builder", "bot", "tool", "game_server", "unclear"]


class Architecture(Protocol):
    """The AWS reading of one root's graph. Answers are Known, Unknown with why, or Absent: a rule is silent on Unknown.

    Resources come in address order. `aws_alb*` types are answered for as `aws_lb*`.
    """

    @property
    def settings(self) -> TerraformSettings: ...

    @property
    def modules(self) -> tuple[ModuleCall, ...]: ...

    def resources(self, *types: str) -> tuple[Resource, ...]:
        """Managed instances of these types."""

    def linked(self, resource: Resource, path: str, *types: str) -> tuple[Resource, ...]:
        """The resources of these types (all when none is given) that the attribute at `path`, or anything below it, may refer to.

        `path` without an index (`subnet_mapping.subnet_id`) means every block. Data sources are asked for as `data.aws_ami`.
        """

    def referring(self, resource: Resource, *types: str) -> tuple[Resource, ...]:
        """The resources of these types that refer to this one."""

    def opaque_modules(self, resource: Resource) -> tuple[ModuleCall, ...]:
        """The module calls without source here that are given this resource: they may scale, route or open it unseen."""

    def subnets(self, resource: Resource) -> tuple[Resource, ...] | Unknown:
        """The subnets it is placed in, launch template and subnet group followed. () when it names none."""

    def zones(self, resource: Resource) -> Value:
        """The availability zones it is in, Known(tuple of names, sorted). For databases: where it may be. Absent when nothing places it."""

    def subnet_kind(self, subnet: Resource) -> Value:
        """Known("public" | "private" | "isolated") by its route table, never by its name."""

    def launch(self, resource: Resource, path: str) -> tuple[Value, Place]:
        """An instance setting ("instance_type", "vpc_security_group_ids", …) of an instance, group or node group, from itself or its
        launch template or launch configuration, and where it is written."""

    def load_balancers(self, resource: Resource) -> tuple[Resource, ...] | Unknown:
        """The load balancers (aws_lb, aws_elb) and API gateways that send traffic to this compute; Unknown when an opaque value may."""

    def security_groups(self, resource: Resource) -> tuple[Resource, ...] | Unknown:
        """Its security groups that this root creates. Unknown when others may apply."""

    def open_ports(self, group: Resource) -> tuple[OpenPort, ...]:
        """What the group's rules (inline, rule resources of both kinds) surely open to the whole internet."""

    def publicly_reachable(self, resource: Resource) -> Value:
        """Known(True) when it has a public address, a route and an open port; Known(False) when surely not."""

    def scalers(self, resource: Resource) -> tuple[Resource, ...]:
        """What moves its size: autoscaling policies and schedules of a group, Application Auto Scaling targets (and their policies) of a
        service or table."""

    def tiers(self) -> tuple[Tier, ...]: ...

    def nat_zones(self, gateway: Resource) -> Value:
        """The zones of the subnets whose default route leads to this NAT gateway."""

    def role(self, resource: Resource) -> Role:
        """What lone compute is there for, by ports, names, user data and what refers to it."""


def number(value: Value) -> int | Decimal | None:
    """The number, or None where there is no known number."""
    match value:
        case Known(bool()):
            return None
        case Known(int() | Decimal() as written):
            return written
        case _:
            return None
