"""Between a load balancer and the compute behind it stand listeners, target groups and attachments; they are followed here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from clops_app.graph.aws.beanstalk import setting
from clops_app.graph.aws.following import Followed, both, follow, follow_any, mentioned, mentioning, naming
from clops_app.graph.aws.hosts import hosts
from clops_app.graph.aws.index import Index, answered_once, grouped, in_order, kind_of, named_by
from clops_app.graph.aws.launch import INSTANCES
from clops_app.graph.aws.opaque import handed_over
from clops_app.graph.leaves import leaves_at
from clops_app.language import tr
from clops_app.model.resource import Resource
from clops_app.model.values import Absent, Known, Unknown, Value

LOAD_BALANCERS = ("aws_lb", "aws_elb")
_GROUP = "aws_lb_target_group"
_FRONTS = (_GROUP, "aws_elb")
APIS = ("aws_api_gateway_rest_api", "aws_apigatewayv2_api")
_TARGETS = ("target_group_arn", "forward.target_group.arn")
FORWARDS = {
    "aws_lb_listener": tuple(f"default_action.{path}" for path in _TARGETS),
    "aws_lb_listener_rule": tuple(f"action.{path}" for path in _TARGETS),
}
# What a resource says itself of the target groups and classic load balancers before it.
_OWN = {
    "aws_autoscaling_group": ("target_group_arns", "load_balancers", "traffic_source.identifier"),
    "aws_ecs_service": ("load_balancer.target_group_arn", "load_balancer.elb_name"),
    "aws_ecs_task_set": ("load_balancer.target_group_arn", "load_balancer.load_balancer_name"),
    "aws_spot_fleet_request": ("target_group_arns", "load_balancers"),
}
# What others say of it: the attaching type, where it names the compute, where it names the target group or load balancer.
_ATTACHMENTS = (
    ("aws_lb_target_group_attachment", "target_id", ("target_group_arn",)),
    ("aws_elb_attachment", "instance", ("elb",)),
    ("aws_autoscaling_attachment", "autoscaling_group_name", ("lb_target_group_arn", "alb_target_group_arn", "elb")),
    ("aws_autoscaling_traffic_source_attachment", "autoscaling_group_name", ("traffic_source.identifier",)),
)
# Tags of Kubernetes nodes (Cluster Autoscaler's and the cloud provider's documentation).
_CLUSTER_TAGS = ("kubernetes.io/cluster/", "k8s.io/cluster/", "k8s.io/cluster-autoscaler/")
_INTEGRATIONS = {"aws_api_gateway_integration": ("uri", "rest_api_id"), "aws_apigatewayv2_integration": ("integration_uri", "api_id")}
_LINKS = {"aws_api_gateway_vpc_link": "target_arns"}


@answered_once
def load_balancers(index: Index, resource: Resource) -> tuple[Resource, ...] | Unknown:
    """The load balancers and API gateways that send traffic to this compute; Unknown when something unseen may."""
    fronts = both(index, front(index, resource), *(front(index, service) for service in _hosted(index, resource)))
    behind = [balancers_of(index, each) for each in fronts.sure if kind_of(each) == _GROUP]
    classic = tuple(each for each in fronts.sure if kind_of(each) == "aws_elb")
    found = in_order((*classic, *(each for followed in behind for each in followed.sure)), index)
    gateways = in_order((gateway for each in (resource, *found) for gateway in gateways_of(index, each)), index)
    if found or gateways:
        return in_order((*found, *gateways), index)
    unknown = next((each.unknown for each in (fronts, *behind) if each.unknown is not None), None)
    unknown = handed_over(index, resource) if unknown is None else unknown
    return () if unknown is None else unknown


def _hosted(index: Index, resource: Resource) -> tuple[Resource, ...]:
    """The ECS services that run on a group: what sends them traffic sends it to the group's instances."""
    return _by_host(index).get(resource.address, ())


@answered_once
def _by_host(index: Index) -> Mapping[str, tuple[Resource, ...]]:
    return grouped((address, service) for service in index.of("aws_ecs_service") for address in hosts(index, service).addresses)


def load_balanced(index: Index, resource: Resource) -> Value:
    """Whether something spreads requests over this compute: a target group is enough, whoever's its listener is."""
    if any(front(index, each).sure for each in (resource, *_hosted(index, resource))):
        return Known(True)
    found = load_balancers(index, resource)
    return found if isinstance(found, Unknown) else Known(bool(found))


@answered_once
def front(index: Index, resource: Resource) -> Followed:
    """The target groups and classic load balancers that this compute is registered with."""
    kind = kind_of(resource)
    if kind == "aws_elastic_beanstalk_environment":
        return _of_environment(resource)
    if kind in ("aws_eks_node_group", "aws_eks_fargate_profile") or _is_node(resource):
        attached = both(index, follow_any(index, resource, _OWN.get(kind, ()), *_FRONTS), _attached(index, resource))
        why = Unknown(tr("Kubernetes decides what sends traffic to {address}", address=resource.address))
        return attached if attached.sure else Followed(unknown=why, written=True)
    own = follow_any(index, resource, _OWN.get(kind, ()), *_FRONTS)
    parts = [own, _attached(index, resource)]
    if kind in INSTANCES:
        parts.append(Followed(naming(index, resource, "aws_elb", "instances", *INSTANCES)))
    return both(index, *parts)


def _is_node(group: Resource) -> bool:
    """Whether a group's instances join a Kubernetes cluster, by the tag that its controllers look for."""
    keys = (leaf for _, leaf in leaves_at(group.values, "tag.key"))
    return any((key.prefix if isinstance(key, Unknown) else str(key)).startswith(_CLUSTER_TAGS) for key in keys)


@answered_once
def balancers_of(index: Index, group: Resource) -> Followed:
    """The load balancers whose listeners and rules forward to a target group."""
    listeners: list[Resource] = []
    unknown: Unknown | None = None
    for forwarding in mentioning(index, group, *FORWARDS):
        kind = kind_of(forwarding)
        if group.address not in {each.address for each in follow_any(index, forwarding, FORWARDS[kind], _GROUP).possible}:
            continue
        if kind == "aws_lb_listener":
            listeners.append(forwarding)
        else:
            named = follow(index, forwarding, "listener_arn", "aws_lb_listener")
            listeners += named.sure
            unknown = named.unknown if unknown is None else unknown
    found = both(index, *(follow(index, listener, "load_balancer_arn", "aws_lb") for listener in listeners))
    unknown = found.unknown if unknown is None else unknown
    if not found.sure and unknown is None:
        unknown = Unknown(tr("no listener of this root forwards to {address}", address=group.address))
    return Followed(found.sure, unknown, found.possible, True)


@answered_once
def gateways_of(index: Index, resource: Resource) -> tuple[Resource, ...]:
    """The API gateways that pass requests to a load balancer or compute."""
    return in_order((api for api, _, _ in integrations(index, resource)), index)


def integrations(index: Index, resource: Resource) -> Iterator[tuple[Resource, Resource, str]]:
    """The same with what integrates them: (gateway, integration, attribute that names the resource or what stands for it)."""
    for via in _in_between(index, resource):
        for integration in mentioning(index, via, *_INTEGRATIONS):
            uri, api = _INTEGRATIONS[integration.type]
            named = next((path for path in (uri, "connection_id") if via in mentioned(index, integration, path)), None)
            if named is not None:
                yield from ((gateway, integration, named) for gateway in follow(index, integration, api, *APIS).sure)


def _in_between(index: Index, resource: Resource) -> Iterator[Resource]:
    """The resource, and what an integration may name in its stead."""
    yield resource
    yield from (link for link in mentioning(index, resource, *_LINKS) if resource in mentioned(index, link, _LINKS[link.type]))
    yield from mentioning(index, resource, "aws_lb_listener")
    yield from mentioned(index, resource, "service_registries.registry_arn", "aws_service_discovery_service")


def compute(index: Index) -> tuple[Resource, ...]:
    """Everything that a target group or classic load balancer may send requests to."""
    return index.of(*INSTANCES, *_OWN, "aws_eks_node_group", "aws_lambda_function", "aws_lb")


def attachments(index: Index, resource: Resource) -> tuple[Resource, ...]:
    """The attachments that register this compute somewhere, or may."""
    kinds = tuple(kind for kind, _, _ in _ATTACHMENTS)
    return in_order((*mentioning(index, resource, *kinds), *named_by(index, resource, *kinds)), index)


def _attached(index: Index, resource: Resource) -> Followed:
    parts: list[Followed] = []
    for attachment in attachments(index, resource):
        _, names, fronts = next(row for row in _ATTACHMENTS if row[0] == kind_of(attachment))
        named = follow(index, attachment, names, kind_of(resource))
        if resource.address in named.addresses:
            parts.append(follow_any(index, attachment, fronts, *_FRONTS))
        elif resource in named.possible:
            parts.append(Followed(unknown=named.unknown))
    return both(index, *parts)


def _of_environment(environment: Resource) -> Followed:
    """A Beanstalk environment makes its load balancer itself, unless it is of one instance."""
    match setting(environment, "aws:elasticbeanstalk:environment", "EnvironmentType")[1]:
        case Known("SingleInstance"):
            return Followed()
        case Unknown() as unknown:
            return Followed(unknown=unknown, written=True)
        case Known() | Absent():
            return Followed(unknown=Unknown(tr("Elastic Beanstalk makes the load balancer itself")), written=True)
