"""Compute that serves one purpose is one tier, whatever number of blocks it is written in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from clops_app.graph.aws.exposure import guarded_by
from clops_app.graph.aws.following import follow
from clops_app.graph.aws.index import Index, grouped, kind_of
from clops_app.graph.aws.launch import INSTANCES, launch
from clops_app.graph.aws.placement import joined, zones
from clops_app.graph.aws.roles import role
from clops_app.graph.aws.scaling import scalable_targets
from clops_app.graph.aws.serving import front, load_balanced
from clops_app.graph.build import resource_address
from clops_app.kit import Tier, number, read
from clops_app.language import tr
from clops_app.model.resource import Resource
from clops_app.model.values import Known, Unknown, Value, absent

_GROUPS = ("aws_autoscaling_group",)
_SERVICES = ("aws_ecs_service",)
_NODES = ("aws_eks_node_group",)
# Compute of these roles serves nobody's request, so no tier is made of it.
_APART = ("bastion", "nat", "image_builder", "bot", "tool")
Kind = Literal["instances", "autoscaling_group", "ecs_service", "node_group"]


def tiers(index: Index) -> tuple[Tier, ...]:
    """The tiers of a root, in the order of their first members.

    One tier is: what shares a target group or classic load balancer; the instances or groups of one block; lone
    servers with the same security groups, image and user data; the node groups of one cluster. Bastions, NAT
    instances, image builders, bots and the team's tools belong to none.
    """
    members = tuple(each for each in index.of(*INSTANCES, *_GROUPS, *_SERVICES, *_NODES) if _serves(index, each))
    joined_to: dict[str, str] = {}
    for resource in members:
        for key in _keys(index, resource):
            joined_to[_last(joined_to, key)] = _last(joined_to, resource.address)
    return tuple(_tier(index, found) for found in grouped((_last(joined_to, each.address), each) for each in members).values())


def _serves(index: Index, resource: Resource) -> bool:
    return kind_of(resource) in (*_SERVICES, *_NODES) or role(index, resource) not in _APART


def _last(joined_to: dict[str, str], key: str) -> str:
    """The key that stands for all that this one was joined with; the way there is halved each time it is gone."""
    while (above := joined_to.setdefault(key, key)) != key:
        joined_to[key] = joined_to[above]
        key = above
    return key


def _keys(index: Index, resource: Resource) -> set[str]:
    """What a resource shares with others of its tier."""
    kind = kind_of(resource)
    keys = {resource.address} | {f"behind {each.address}" for each in front(index, resource).sure}
    if kind in (*INSTANCES, *_GROUPS):
        keys.add(f"block {resource_address(resource)}")
    if kind in _NODES:
        cluster = follow(index, resource, "cluster_name", "aws_eks_cluster")
        keys |= {f"cluster {address}" for address in cluster.addresses}
    if kind in INSTANCES and (groups := guarded_by(index, resource).addresses):
        launched = tuple(launch(index, resource, path)[0] for path in ("ami", "user_data"))
        keys.add(f"like {sorted(groups)} {launched}")
    return keys


def _tier(index: Index, members: tuple[Resource, ...]) -> Tier:
    sizes = [_size(index, member) for member in members]
    balanced = [load_balanced(index, member) for member in members]
    return Tier(
        name=resource_address(members[0]),
        kind=_kind(members[0]),
        members=members,
        zones=_zones(index, members),
        minimum=_sum(least for least, _ in sizes),
        maximum=_sum(most for _, most in sizes),
        load_balanced=Known(True)
        if Known(True) in balanced
        else next((each for each in balanced if isinstance(each, Unknown)), Known(False)),
    )


def _kind(resource: Resource) -> Kind:
    match kind_of(resource):
        case "aws_autoscaling_group":
            return "autoscaling_group"
        case "aws_ecs_service":
            return "ecs_service"
        case "aws_eks_node_group":
            return "node_group"
        case _:
            return "instances"


def _zones(index: Index, members: tuple[Resource, ...]) -> Value:
    each = [zones(index, member) for member in members]
    if absent in each and any(zone != absent for zone in each):
        return Unknown(tr("nothing places {address}", address=members[each.index(absent)].address))
    return joined(each)


def _size(index: Index, resource: Resource) -> tuple[Value, Value]:
    """How many run at least and at most."""
    if isinstance(resource.index, Unknown):
        return resource.index, resource.index
    match kind_of(resource):
        case "aws_autoscaling_group":
            return read(resource, "min_size"), read(resource, "max_size")
        case "aws_eks_node_group":
            return read(resource, "scaling_config[0].min_size"), read(resource, "scaling_config[0].max_size")
        case "aws_ecs_service":
            return _tasks(index, resource)
        case _:
            return Known(1), Known(1)


def _tasks(index: Index, service: Resource) -> tuple[Value, Value]:
    if read(service, "scheduling_strategy") == Known("DAEMON"):
        return Unknown(tr("one task runs on each instance")), absent
    targets = scalable_targets(index, service)
    if targets:
        return read(targets[0], "min_capacity"), read(targets[0], "max_capacity")
    if "desired_count" in service.ignored_changes or "all" in service.ignored_changes:
        moved = Unknown(tr("something else changes desired_count of {address}", address=service.address))
        return moved, moved
    desired = read(service, "desired_count")
    desired = Known(0) if desired == absent else desired  # the provider's default
    return desired, desired


def _sum(values: Iterable[Value]) -> Value:
    total = 0
    for value in values:
        if isinstance(value, Unknown):
            return value
        counted = number(value)
        if counted is None:
            return absent
        total += int(counted)
    return Known(total)
