"""Everything that AWS puts somewhere can be asked where: in which subnets, and so in which zones."""

from __future__ import annotations

import re
from collections.abc import Iterable

from clops_app.graph.aws.beanstalk import VPC, setting
from clops_app.graph.aws.following import Followed, both, follow, follow_any, made_elsewhere, mentioning
from clops_app.graph.aws.hosts import hosts
from clops_app.graph.aws.index import Index, answered_once, kind_of
from clops_app.graph.aws.launch import INSTANCES, interfaces, launch, launched_by
from clops_app.graph.aws.places import SUBNETS, THROUGH, ZONES
from clops_app.graph.leaves import leaves_at
from clops_app.kit import blocks
from clops_app.language import tr
from clops_app.model.resource import Resource
from clops_app.model.values import Absent, Datum, Known, Reference, Unknown, Value, absent

SUBNET_TYPES = ("aws_subnet", "aws_default_subnet")
_SUBNETS_AND_DATA = (*SUBNET_TYPES, "data.aws_subnet")
# A zone id (use1-az1) says the same zone in every account, a zone name (us-east-1a) does not: the two never compare.
_ZONE_ID = re.compile(r"[a-z]{2,4}\d-az\d")
# No chain of "placed like that one" is longer than member → cluster → source → group; strings could make a ring.
_DEPTH = 5


def subnets(index: Index, resource: Resource) -> tuple[Resource, ...] | Unknown:
    """The subnets a resource is placed in; () when it names none; Unknown when one of them is not of this root."""
    followed = placed(index, resource)
    if followed.unknown is not None:
        return followed.unknown
    elsewhere = next((subnet for subnet in followed.sure if subnet.mode == "data"), None)
    return followed.sure if elsewhere is None else made_elsewhere(elsewhere)


@answered_once
def placed(index: Index, resource: Resource, depth: int = _DEPTH) -> Followed:
    """The same, with subnets that data sources look up among them, and what is sure told from what is not."""
    kind = kind_of(resource)
    if kind in _SUBNETS_AND_DATA:
        return Followed((resource,), None, (resource,), True)
    if depth == 0:
        return Followed(unknown=_in_a_ring(resource), written=True)
    if kind == "aws_efs_file_system":
        return both(index, *(placed(index, target) for target in mentioning(index, resource, "aws_efs_mount_target")))
    if kind == "aws_elastic_beanstalk_environment":
        return _of_environment(index, resource)
    if kind in INSTANCES:
        return _of_instance(index, resource)
    own = follow_any(index, resource, SUBNETS.get(kind, ()), *_SUBNETS_AND_DATA)
    if own.written:
        return own
    for through in THROUGH.get(kind, ()):
        group = follow(index, resource, through.attribute, *through.types)
        if group.written:
            return both(index, Followed((), group.unknown, (), True), *(placed(index, each, depth - 1) for each in group.sure))
    if kind == "aws_autoscaling_group":
        return own if resource.values.get("availability_zones") is not None else _of_instance(index, resource)
    if kind == "aws_ecs_service":
        running = hosts(index, resource)
        return both(index, Followed(unknown=running.unknown), *(placed(index, host, depth - 1) for host in running.sure))
    return own


def _in_a_ring(resource: Resource) -> Unknown:
    return Unknown(tr("{address} is placed in a ring", address=resource.address))


def zones(index: Index, resource: Resource) -> Value:
    """The zones a resource is in, sorted; for a database those it may use; Absent when nothing places it."""
    return _zones(index, resource, _DEPTH)


@answered_once
def _zones(index: Index, resource: Resource, depth: int) -> Value:
    kind = kind_of(resource)
    if depth == 0:
        return _in_a_ring(resource)
    if kind in _SUBNETS_AND_DATA:
        return _zone_of_subnet(index, resource, depth)
    if kind in INSTANCES:
        value, _ = launch(index, resource, "availability_zone")
        match value:
            case Known(str() as zone):
                return Known((zone,))
            case _:
                by_subnet = _of_subnets(index, placed(index, resource), depth)
                return value if by_subnet == absent else by_subnet
    own = _named_zones(index, resource, ZONES.get(kind, ()), depth)
    if own != absent and (kind not in THROUGH or not any(resource.values.get(each.attribute) is not None for each in THROUGH[kind])):
        return own
    if kind == "aws_ecs_service" and resource.values.get("network_configuration") is None:
        running = hosts(index, resource)
        return joined((_zones(index, host, depth - 1) for host in running.sure), running.unknown)
    return _of_subnets(index, placed(index, resource), depth)


def joined(parts: Iterable[Value], unknown: Unknown | None = None) -> Value:
    """All the zones of several places together. One that is unknown makes the whole unknown."""
    names: set[str] = set()
    for part in parts:
        match part:
            case Known(tuple() as found):
                names |= {name for name in found if isinstance(name, str)}
            case Unknown():
                unknown = part if unknown is None else unknown
            case _:
                pass
    if unknown is not None:
        return unknown
    if len({_ZONE_ID.match(name) is None for name in names}) == 2:
        return Unknown(tr("some zones are named by id and some by name"))
    return Known(tuple(sorted(names))) if names else absent


def _of_subnets(index: Index, followed: Followed, depth: int) -> Value:
    uncounted = next((subnet for subnet in followed.sure if isinstance(subnet.index, Unknown)), None)
    if uncounted is not None and len(followed.sure) > 1 and isinstance(uncounted.index, Unknown):
        return Unknown(tr("how many {address} there are is unknown: {why}", address=uncounted.address, why=uncounted.index.why))
    return joined((_zones(index, subnet, depth - 1) for subnet in followed.sure), followed.unknown)


def _zone_of_subnet(index: Index, subnet: Resource, depth: int) -> Value:
    for attribute in ("availability_zone", "availability_zone_id"):
        value = _named_zones(index, subnet, (attribute,), depth)
        if value != absent:
            return value
    if subnet.mode == "data":
        filtered = _filtered_zone(subnet)
        return Known((filtered,)) if filtered else Unknown(tr("{address} is read from AWS", address=subnet.address))
    return Unknown(tr("{address} names no zone: AWS chooses one", address=subnet.address))


def _filtered_zone(subnet: Resource) -> str:
    """The zone that a data source filters by (filter names: the EC2 API's DescribeSubnets)."""
    for _, block in blocks(subnet, "filter"):
        match block.get("name"), block.get("values"):
            case ("availability-zone" | "availabilityZone" | "availability-zone-id", (str() as zone,)):
                return zone
            case _:
                pass
    return ""


def _named_zones(index: Index, resource: Resource, attributes: tuple[str, ...], depth: int) -> Value:
    written = (leaf for attribute in attributes for _, leaf in leaves_at(resource.values, attribute))
    return joined(_zone_named(index, leaf, depth) for leaf in written)


def _zone_named(index: Index, leaf: Datum, depth: int) -> Value:
    match leaf:
        case str():
            return Known((leaf,))
        case Unknown(ref=Reference(address=address, attribute="availability_zone")) if len(found := index.at(address)) == 1:
            there = _zones(index, found[0], depth - 1)
            return leaf if isinstance(there, Absent) else there
        case Unknown():
            return leaf
        case _:
            return absent


def _of_instance(index: Index, resource: Resource) -> Followed:
    """By its subnet, its network interfaces, or what its launch template says of either."""
    match launched_by(index, resource, "subnet_id"):
        case (owner, path):
            return follow(index, owner, path, *_SUBNETS_AND_DATA)
        case Unknown() as unknown:
            return Followed(unknown=unknown, written=True)
        case None:
            own = interfaces(index, resource)
            return both(index, Followed(unknown=own.unknown), *(placed(index, each) for each in own.sure))


def _of_environment(index: Index, environment: Resource) -> Followed:
    path, value = setting(environment, VPC, "Subnets")
    match value:
        case Absent():
            return Followed()
        case _:
            return follow(index, environment, path, *_SUBNETS_AND_DATA)
