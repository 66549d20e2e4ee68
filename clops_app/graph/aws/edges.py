"""Edges with a meaning: beside who refers to whom, who is placed where, serves, uses, scales, guards and watches what."""

from __future__ import annotations

from collections.abc import Iterator

from clops_app.graph.aws.exposure import guarded_by
from clops_app.graph.aws.flows import invokes, routes_to, runs_on, serves
from clops_app.graph.aws.following import follow, follow_any, mentioned
from clops_app.graph.aws.index import Index, index, kind_of
from clops_app.graph.aws.placement import SUBNET_TYPES, placed
from clops_app.graph.aws.places import SECURITY_GROUPS, SUBNETS, THROUGH
from clops_app.graph.aws.routing import VPCS
from clops_app.graph.aws.scaling import scalers
from clops_app.graph.aws.uses import reads_writes
from clops_app.graph.build import span_at
from clops_app.model.graph import Edge, Graph
from clops_app.model.resource import Resource
from clops_app.model.source import Span

_SIZED = (
    "aws_autoscaling_group",
    "aws_ecs_service",
    "aws_dynamodb_table",
    "aws_rds_cluster",
    "aws_elasticache_replication_group",
    "aws_lambda_alias",
)
_FIREWALLS = (
    ("aws_wafv2_web_acl_association", "web_acl_arn", "resource_arn", "aws_wafv2_web_acl"),
    ("aws_wafregional_web_acl_association", "web_acl_id", "resource_arn", "aws_wafregional_web_acl"),
)


def derived_edges(graph: Graph) -> tuple[Edge, ...]:
    """Every edge whose kind is not `references`, sorted.

    Flows (`routes_to`, `serves`, `reads_writes`, `invokes`) run the way a request does; `guards`, `scales`,
    `watches`, `backs_up` from who does it; `placed_in` from what is placed. The span is the attribute that says so.
    """
    lookup = index(graph)
    kinds = (placed_in, runs_on, routes_to, serves, reads_writes, invokes, scales, guards, watches, backs_up)
    return tuple(sorted({edge for kind in kinds for edge in kind(lookup)}))


def placed_in(index: Index) -> Iterator[Edge]:
    """Resources to their subnets, subnets to their VPCs."""
    for subnet in index.of(*SUBNET_TYPES):
        for vpc in follow(index, subnet, "vpc_id", *VPCS).sure:
            yield Edge(subnet.address, vpc.address, *span_at(subnet, "vpc_id"), "placed_in")
    for resource in index.graph.resources.values():
        if resource.mode == "managed" and kind_of(resource) not in SUBNET_TYPES:
            for subnet in placed(index, resource).sure:
                yield Edge(resource.address, subnet.address, *span_at(resource, _placing(resource)), "placed_in")


def scales(index: Index) -> Iterator[Edge]:
    """Policies, schedules and scalable targets to what they scale."""
    for resource in index.of(*_SIZED):
        for scaler in scalers(index, resource):
            yield Edge(scaler.address, resource.address, *_mention(index, scaler, resource), "scales")


def guards(index: Index) -> Iterator[Edge]:
    """Security groups and web firewalls to what stands behind them."""
    for resource in index.graph.resources.values():
        if resource.mode == "managed":
            path = next(iter(SECURITY_GROUPS.get(kind_of(resource), ("vpc_security_group_ids",))))
            for group in guarded_by(index, resource).sure:
                yield Edge(group.address, resource.address, *span_at(resource, path.replace(".", "[0].")), "guards")
    for kind, names, guarded, firewall in _FIREWALLS:
        for association in index.of(kind):
            for acl in follow(index, association, names, firewall).sure:
                for target in follow(index, association, guarded).sure:
                    yield Edge(acl.address, target.address, *span_at(association, guarded), "guards")
    for distribution in index.of("aws_cloudfront_distribution"):
        for acl in follow(index, distribution, "web_acl_id", "aws_wafv2_web_acl", "aws_waf_web_acl").sure:
            yield Edge(acl.address, distribution.address, *span_at(distribution, "web_acl_id"), "guards")


def watches(index: Index) -> Iterator[Edge]:
    """Alarms to what their dimensions name."""
    for alarm in index.of("aws_cloudwatch_metric_alarm"):
        for path in ("dimensions", "metric_query.metric.dimensions"):
            for target in mentioned(index, alarm, path):
                if target.mode == "managed":
                    yield Edge(alarm.address, target.address, *span_at(alarm, path.replace(".", "[0].")), "watches")


def backs_up(index: Index) -> Iterator[Edge]:
    """Backup selections to what they select by name."""
    for selection in index.of("aws_backup_selection"):
        for target in follow_any(index, selection, ("resources",)).sure:
            if target.mode == "managed":
                yield Edge(selection.address, target.address, *span_at(selection, "resources"), "backs_up")


def _placing(resource: Resource) -> str:
    """The attribute that places a resource, as far as it is its own."""
    kind = kind_of(resource)
    candidates = (*SUBNETS.get(kind, ()), *(through.attribute for through in THROUGH.get(kind, ())), "subnet_id")
    for path in candidates:
        first = path.replace(".", "[0].")
        if first in resource.spans:
            return first
    return ""


def _mention(index: Index, origin: Resource, target: Resource) -> tuple[str, Span]:
    edges = index.graph.outgoing.get(origin.address, ())
    return next(((edge.via, edge.span) for edge in edges if edge.target == target.address), ("", origin.source))
