"""It is known what moves the size of a group, a service or a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from clops_app.graph.aws.following import follow, mentioned, mentioning
from clops_app.graph.aws.index import Index, answered_once, grouped, in_order, kind_of, named_by
from clops_app.kit import read, text
from clops_app.model.resource import Resource
from clops_app.model.values import Known

_GROUP_SCALERS = ("aws_autoscaling_policy", "aws_autoscaling_schedule")
_TARGET_SCALERS = ("aws_appautoscaling_policy", "aws_appautoscaling_scheduled_action")
# How Application Auto Scaling names what it scales: "table/orders" (API reference, RegisterScalableTarget, ResourceId).
_NAMED = {
    "aws_ecs_service": ("service/", "name"),
    "aws_dynamodb_table": ("table/", "name"),
    "aws_rds_cluster": ("cluster:", "cluster_identifier"),
    "aws_elasticache_replication_group": ("replication-group/", "replication_group_id"),
    "aws_lambda_alias": ("function:", "name"),
    "aws_lambda_function": ("function:", "function_name"),
    "aws_spot_fleet_request": ("spot-fleet-request/", "id"),
    "aws_sagemaker_endpoint": ("endpoint/", "name"),
    "aws_neptune_cluster": ("cluster:", "cluster_identifier"),
    "aws_msk_cluster": ("", "arn"),
}


def scalers(index: Index, resource: Resource) -> tuple[Resource, ...]:
    """The policies, schedules and scalable targets that change how many of it there are, in address order."""
    if kind_of(resource) == "aws_autoscaling_group":
        candidates = (*mentioning(index, resource, *_GROUP_SCALERS), *named_by(index, resource, *_GROUP_SCALERS))
        moving = (scaler for scaler in candidates if _scales(index, scaler, resource))
        return in_order((*moving, *_managed_by(index, resource)), index)
    targets = scalable_targets(index, resource)
    return in_order((*targets, *(scaler for target in targets for scaler in _moving(index, target))), index)


def scalable_targets(index: Index, resource: Resource) -> tuple[Resource, ...]:
    """The Application Auto Scaling targets of a service, table, cluster, …"""
    return _by_scaled(index, kind_of(resource)).get(resource.address, ())


def _scales(index: Index, scaler: Resource, group: Resource) -> bool:
    followed = follow(index, scaler, "autoscaling_group_name", "aws_autoscaling_group")
    return group.address in {each.address for each in followed.sure or followed.possible}


@answered_once
def _by_scaled(index: Index, kind: str) -> Mapping[str, tuple[Resource, ...]]:
    """All scalable targets by the addresses of those of this type that they are of."""
    prefix, attribute = _NAMED.get(kind, ("", ""))
    targets = index.of("aws_appautoscaling_target") if attribute else ()
    named = grouped((name, each) for each in index.of(kind) if (name := text(read(each, attribute))))
    return grouped(
        (each.address, target)
        for target in targets
        for each in mentioned(index, target, "resource_id", kind) or named.get(_name(text(read(target, "resource_id")), prefix), ())
    )


def _name(resource_id: str, prefix: str) -> str:
    """The name in a resource id: "web" in "service/main/web", "orders" in "table/orders/index/by-day", and so on."""
    if not resource_id.startswith(prefix):
        return ""
    parts = resource_id.removeprefix(prefix).replace(":", "/").split("/")
    return parts[-1] if prefix == "service/" else parts[0]


def _moving(index: Index, target: Resource) -> Iterator[Resource]:
    """The policies and schedules that work on a scalable target."""
    meant = mentioned(index, target, "resource_id", *_NAMED)
    keys = (target.address, repr(read(target, "resource_id")), *(f"of {each.address}" for each in meant))
    return (scaler for key in keys for scaler in _by_target(index).get(key, ()))


@answered_once
def _by_target(index: Index) -> Mapping[str, tuple[Resource, ...]]:
    """All policies and schedules by what tells their target: its address, the resource id or, if that is unknown, what it is made of."""
    return grouped((key, scaler) for scaler in index.of(*_TARGET_SCALERS) for key in _keys(index, scaler))


def _keys(index: Index, scaler: Resource) -> Iterator[str]:
    resource_id = read(scaler, "resource_id")
    yield from (each.address for each in mentioned(index, scaler, "resource_id"))
    if isinstance(resource_id, Known):
        yield repr(resource_id)
    else:
        # Not the cluster: services that have nothing to do with each other share it.
        yield from (f"of {each.address}" for each in mentioned(index, scaler, "resource_id", *_NAMED))


def _managed_by(index: Index, group: Resource) -> tuple[Resource, ...]:
    """ECS capacity providers that scale the group themselves."""
    path = "auto_scaling_group_provider.auto_scaling_group_arn"
    return tuple(
        provider
        for provider in mentioning(index, group, "aws_ecs_capacity_provider")
        if group in follow(index, provider, path, "aws_autoscaling_group").possible
        if read(provider, "auto_scaling_group_provider[0].managed_scaling[0].status") != Known("DISABLED")
    )
