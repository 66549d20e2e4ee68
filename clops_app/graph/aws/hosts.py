"""It is known which groups of instances an ECS service may run on."""

from __future__ import annotations

from clops_app.graph.aws.following import Followed, both, follow, follow_any, mentioned, naming
from clops_app.graph.aws.index import Index, answered_once, in_order
from clops_app.graph.aws.launch import launch, templates
from clops_app.graph.leaves import leaves_at
from clops_app.kit import read, text
from clops_app.language import tr
from clops_app.model.resource import Resource
from clops_app.model.values import Datum, Known, Unknown, Value

_SERVERLESS = ("FARGATE", "FARGATE_SPOT")
_GROUP = "auto_scaling_group_provider.auto_scaling_group_arn"
# What gives a cluster its capacity providers from outside: its type, where it names the cluster, and the cluster's type.
_ATTACHED = ("aws_ecs_cluster_capacity_providers", "cluster_name", "aws_ecs_cluster")


def on_fargate(index: Index, service: Resource) -> Value:
    """Whether AWS runs a service's tasks with no instances of ours."""
    match read(service, "launch_type"):
        case Known(written):
            return Known(written == "FARGATE")
        case Unknown() as unknown:
            return unknown
        case _:
            providers = _providers(index, service)
            if not providers:
                return Known(False)  # the provider's and AWS's default launch type is EC2
            unknown_provider = next((each for each in providers if isinstance(each, Unknown) and each.ref is None), None)
            return Known(all(each in _SERVERLESS for each in providers)) if unknown_provider is None else unknown_provider


@answered_once
def hosts(index: Index, service: Resource) -> Followed:
    """The autoscaling groups that a service without a network of its own may run on; none on Fargate."""
    fargate = on_fargate(index, service)
    if isinstance(fargate, Unknown):
        return Followed(unknown=fargate, written=True)
    if fargate == Known(True):
        return Followed()
    found = both(index, _by_capacity_provider(index, service), _by_user_data(index, service))
    if found.sure or found.unknown is not None:
        return found
    return Followed(unknown=Unknown(tr("which instances run {address} is not said in this root", address=service.address)), written=True)


def cluster_of(index: Index, service: Resource) -> Followed:
    return follow(index, service, "cluster", "aws_ecs_cluster")


def _providers(index: Index, service: Resource) -> tuple[Datum, ...]:
    """The capacity providers of a service, else the default ones of its cluster, as written."""
    own = tuple(leaf for _, leaf in leaves_at(service.values, "capacity_provider_strategy.capacity_provider"))
    if own:
        return own
    strategies = _strategies(index, service)
    return tuple(leaf for owner, path in strategies for _, leaf in leaves_at(owner.values, path))


def _strategies(index: Index, service: Resource) -> tuple[tuple[Resource, str], ...]:
    clusters = cluster_of(index, service).sure
    attached = in_order((each for cluster in clusters for each in naming(index, cluster, *_ATTACHED)), index)
    return tuple((each, "default_capacity_provider_strategy.capacity_provider") for each in (*attached, *clusters))


def _by_capacity_provider(index: Index, service: Resource) -> Followed:
    own = "capacity_provider_strategy.capacity_provider"
    places = ((service, own),) if any(leaves_at(service.values, own)) else _strategies(index, service)
    followed = both(index, *(_without_fargate(index, owner, path) for owner, path in places))
    groups = (follow(index, provider, _GROUP, "aws_autoscaling_group") for provider in followed.sure)
    return both(index, Followed(unknown=followed.unknown, written=followed.written), *groups)


def _without_fargate(index: Index, owner: Resource, path: str) -> Followed:
    exact = tuple(place for place, leaf in leaves_at(owner.values, path) if leaf not in _SERVERLESS)
    return follow_any(index, owner, exact, "aws_ecs_capacity_provider")


def _by_user_data(index: Index, service: Resource) -> Followed:
    """Groups whose instances are told the cluster's name when they start, as the ECS agent wants it (ECS_CLUSTER=…)."""
    clusters = cluster_of(index, service).sure
    return Followed(in_order((group for cluster in clusters for group in _joining(index, cluster)), index))


@answered_once
def _joining(index: Index, cluster: Resource) -> tuple[Resource, ...]:
    return tuple(group for group in index.of("aws_autoscaling_group") if _joins(index, group, cluster))


def _joins(index: Index, group: Resource, cluster: Resource) -> bool:
    name = text(read(cluster, "name"))
    if name and f"ECS_CLUSTER={name}" in text(launch(index, group, "user_data")[0]).replace('"', "").split():
        return True
    told = (each for template in templates(index, group).sure for each in mentioned(index, template, "user_data", "aws_ecs_cluster"))
    return any(each.address == cluster.address for each in told)
