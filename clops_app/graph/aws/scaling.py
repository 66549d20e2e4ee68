"""It is known what moves the size of a group, a service or a table."""

from __future__ import annotations

from clops_app.graph.aws.following import follow, mentioned, mentioning
from clops_app.graph.aws.index import Index, in_order, kind_of, named_by
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
    policies = (scaler for scaler in index.of(*_TARGET_SCALERS) if any(_moves(index, scaler, each) for each in targets))
    return in_order((*targets, *policies), index)


def scalable_targets(index: Index, resource: Resource) -> tuple[Resource, ...]:
    """The Application Auto Scaling targets of a service, table, cluster, …"""
    return tuple(target for target in index.of("aws_appautoscaling_target") if _is_of(index, target, resource))


def _scales(index: Index, scaler: Resource, group: Resource) -> bool:
    followed = follow(index, scaler, "autoscaling_group_name", "aws_autoscaling_group")
    return group.address in {each.address for each in followed.sure or followed.possible}


def _is_of(index: Index, target: Resource, resource: Resource) -> bool:
    kind = kind_of(resource)
    if kind not in _NAMED:
        return False
    meant = mentioned(index, target, "resource_id", kind)
    if meant:
        return resource in meant
    prefix, attribute = _NAMED[kind]
    name = text(read(resource, attribute))
    return bool(name) and _names(text(read(target, "resource_id")), prefix, name)


def _names(resource_id: str, prefix: str, name: str) -> bool:
    """Whether "service/main/web" names "web", "table/orders/index/by-day" "orders", and so on."""
    if not resource_id.startswith(prefix):
        return False
    parts = resource_id.removeprefix(prefix).replace(":", "/").split("/")
    return parts[-1] == name if prefix == "service/" else parts[0] == name


def _moves(index: Index, scaler: Resource, target: Resource) -> bool:
    if target in mentioned(index, scaler, "resource_id"):
        return True
    ours, theirs = read(scaler, "resource_id"), read(target, "resource_id")
    if isinstance(ours, Known):
        return ours == theirs
    theirs_too = mentioned(index, target, "resource_id")
    return any(each in theirs_too for each in mentioned(index, scaler, "resource_id"))


def _managed_by(index: Index, group: Resource) -> tuple[Resource, ...]:
    """ECS capacity providers that scale the group themselves."""
    path = "auto_scaling_group_provider.auto_scaling_group_arn"
    return tuple(
        provider
        for provider in mentioning(index, group, "aws_ecs_capacity_provider")
        if group in follow(index, provider, path, "aws_autoscaling_group").possible
        if read(provider, "auto_scaling_group_provider[0].managed_scaling[0].status") != Known("DISABLED")
    )
