"""What a picture of the architecture shows: who serves whom, where it stands, and what the change does to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from clops_app.graph.diff import diff
from clops_app.language import tr, tr_noop, trn
from clops_app.model.graph import Graph
from clops_app.model.resource import Resource
from clops_app.review.groups import block_address, shared_address
from clops_app.review.sight import INTERNET, NOTHING, Sight, sight

Shape = Literal["internet", "entry", "compute", "store", "queue", "network"]
Change = Literal["same", "added", "changed", "removed"]

MOST_NODES = 40  # more than this is a wallpaper on a phone; GitHub's own limit is far above

# What a person would draw on a whiteboard, and what they would call it, said with `tr`; names of products stay.
KINDS: Mapping[str, tuple[Shape, str]] = MappingProxyType(
    {
        "aws_cloudfront_distribution": ("entry", "CloudFront"),
        "aws_globalaccelerator_accelerator": ("entry", "Global Accelerator"),
        "aws_api_gateway_rest_api": ("entry", "API Gateway"),
        "aws_apigatewayv2_api": ("entry", "API Gateway"),
        "aws_appsync_graphql_api": ("entry", "AppSync"),
        "aws_lb": ("entry", tr_noop("Load balancer")),
        "aws_alb": ("entry", tr_noop("Load balancer")),
        "aws_elb": ("entry", tr_noop("Load balancer")),
        "aws_instance": ("compute", tr_noop("EC2 instance")),
        "aws_spot_instance_request": ("compute", tr_noop("EC2 spot instance")),
        "aws_autoscaling_group": ("compute", tr_noop("Auto Scaling group")),
        "aws_lightsail_instance": ("compute", tr_noop("Lightsail instance")),
        "aws_ecs_service": ("compute", tr_noop("ECS service")),
        "aws_eks_cluster": ("compute", tr_noop("EKS cluster")),
        "aws_eks_node_group": ("compute", tr_noop("EKS node group")),
        "aws_eks_fargate_profile": ("compute", tr_noop("EKS on Fargate")),
        "aws_lambda_function": ("compute", tr_noop("Lambda function")),
        "aws_apprunner_service": ("compute", "App Runner"),
        "aws_elastic_beanstalk_environment": ("compute", "Elastic Beanstalk"),
        "aws_batch_compute_environment": ("compute", "Batch"),
        "aws_gamelift_fleet": ("compute", tr_noop("GameLift fleet")),
        "aws_sfn_state_machine": ("compute", "Step Functions"),
        "aws_db_instance": ("store", tr_noop("RDS database")),
        "aws_rds_cluster": ("store", tr_noop("Aurora cluster")),
        "aws_docdb_cluster": ("store", tr_noop("DocumentDB cluster")),
        "aws_neptune_cluster": ("store", tr_noop("Neptune cluster")),
        "aws_dynamodb_table": ("store", tr_noop("DynamoDB table")),
        "aws_elasticache_cluster": ("store", "ElastiCache"),
        "aws_elasticache_replication_group": ("store", "ElastiCache"),
        "aws_elasticache_serverless_cache": ("store", "ElastiCache"),
        "aws_memorydb_cluster": ("store", "MemoryDB"),
        "aws_opensearch_domain": ("store", "OpenSearch"),
        "aws_elasticsearch_domain": ("store", "Elasticsearch"),
        "aws_redshift_cluster": ("store", "Redshift"),
        "aws_efs_file_system": ("store", "EFS"),
        "aws_s3_bucket": ("store", tr_noop("S3 bucket")),
        "aws_sqs_queue": ("queue", tr_noop("SQS queue")),
        "aws_sns_topic": ("queue", tr_noop("SNS topic")),
        "aws_kinesis_stream": ("queue", tr_noop("Kinesis stream")),
        "aws_kinesis_firehose_delivery_stream": ("queue", "Firehose"),
        "aws_msk_cluster": ("queue", "Kafka"),
        "aws_mq_broker": ("queue", tr_noop("MQ broker")),
        "aws_nat_gateway": ("network", tr_noop("NAT gateway")),
    }
)
# Drawn only where something leads to them or the change touches them: alone they are not part of any path.
_QUIET_ALONE = frozenset({"aws_s3_bucket", "aws_sqs_queue", "aws_sns_topic", "aws_efs_file_system", "aws_kinesis_firehose_delivery_stream"})


@dataclass(frozen=True, slots=True)
class Node:
    """`key` is unique in its diagram. `zone` is "" for what stands in no zone or in several; `count` instances are one node."""

    key: str
    kind: str
    name: str
    shape: Shape
    change: Change
    zone: str = ""
    count: int = 1
    note: str = ""


@dataclass(frozen=True, slots=True)
class Diagram:
    """Nodes in a stable order and arrows between their keys, along the way of a request."""

    nodes: tuple[Node, ...]
    arrows: tuple[tuple[str, str], ...]

    @property
    def changed(self) -> bool:
        return any(node.change != "same" for node in self.nodes)


def diagram(head: Graph, base: Graph | None = None, *, compared: bool = True, whole: bool = True, most: int = MOST_NODES) -> Diagram:
    """Draw a root. With no base all of it is new; not `compared`, nothing is marked, since everything would be.

    Not `whole`: code was not read, so what is missing from the head is not drawn as removed.
    """
    after = sight(head, KINDS)
    scene = _compared(after, head, base, whole=whole) if compared else _scene(after, NOTHING, {})

    def placed(address: str) -> tuple[str, ...]:
        zones = scene.zones.get(address, ())
        return block_address(address), scene.changes[address], zones[0] if len(zones) == 1 else f"{len(zones)} zones"

    def alike(address: str) -> tuple[str, ...]:
        return scene.members[address].module, scene.members[address].type

    drawn = _draw(scene, placed)
    return drawn if len(drawn.nodes) <= most else _draw(scene, alike)


@dataclass(frozen=True, slots=True)
class _Scene:
    """What may be drawn, by address, with its fate and its place."""

    members: Mapping[str, Resource]
    changes: Mapping[str, Change]
    zones: Mapping[str, tuple[str, ...]]
    arrows: frozenset[tuple[str, str]]


def _compared(after: Sight, head: Graph, base: Graph | None, *, whole: bool) -> _Scene:
    found = diff(base, head)
    moves = {change.base.address: change.head.address for change in found.moved}
    before = NOTHING if base is None else _moved(sight(base, KINDS), moves)
    changes: dict[str, Change] = {resource.address: "added" for resource in found.added}
    changes |= {change.head.address: "changed" for change in found.changed}
    changes |= {resource.address: "removed" for resource in found.removed}
    return _scene(after, before if whole else _present(before, after), changes)


def _scene(after: Sight, before: Sight, changes: Mapping[str, Change]) -> _Scene:
    present = {*after.resources, INTERNET}
    # Between two things that are still there, only what is true now is drawn.
    arrows = after.arrows | {pair for pair in before.arrows if not present.issuperset(pair)}
    touched = {end for pair in arrows for end in pair}
    every = {**before.resources, **after.resources}
    members = {a: r for a, r in every.items() if a in touched or a in changes or r.type not in _QUIET_ALONE}
    return _Scene(members, {address: changes.get(address, "same") for address in members}, {**before.zones, **after.zones}, arrows)


def _draw(scene: _Scene, together: Callable[[str], tuple[str, ...]]) -> Diagram:
    """Make one node of all that `together` gives the same answer for."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for address in sorted(scene.members):
        groups.setdefault(together(address), []).append(address)
    node_of = {address: "\0".join(key) for key, addresses in groups.items() for address in addresses} | {INTERNET: INTERNET}
    nodes = [_node("\0".join(key), addresses, scene) for key, addresses in groups.items()]
    pairs = {(node_of[a], node_of[b]) for a, b in scene.arrows if a in node_of and b in node_of}
    if any(INTERNET in pair for pair in pairs):
        nodes.insert(0, Node(INTERNET, "", tr("Internet"), "internet", "same"))
    short = {node.key: f"n{number}" for number, node in enumerate(nodes)}
    order = {node.key: number for number, node in enumerate(nodes)}
    arrows = sorted(((a, b) for a, b in pairs if a != b), key=lambda pair: (order[pair[0]], order[pair[1]]))
    return Diagram(tuple(replace(node, key=short[node.key]) for node in nodes), tuple((short[a], short[b]) for a, b in arrows))


def _node(key: str, addresses: Sequence[str], scene: _Scene) -> Node:
    first = scene.members[addresses[0]]
    shape, kind = KINDS[first.type]
    one_block = len({block_address(address) for address in addresses}) == 1
    zones = sorted({zone for address in addresses for zone in scene.zones.get(address, ())})
    changes = {scene.changes[address] for address in addresses}
    return Node(
        key=key,
        kind=tr(kind),
        name=shared_address(addresses).replace(f"{first.type}.", "") if one_block else first.module or tr("root module"),
        shape=shape,
        change=changes.pop() if len(changes) == 1 else "changed",
        zone=zones[0] if len(zones) == 1 else "",
        count=len(addresses),
        # Of a store the zones are those it may use, not those it is in.
        note=trn("{count} zone", "{count} zones", len(zones)) if len(zones) > 1 and shape != "store" else "",
    )


def _present(before: Sight, after: Sight) -> Sight:
    """Of the base, what is still there."""
    kept = {address: resource for address, resource in before.resources.items() if address in after.resources}
    ends = {*kept, INTERNET}
    return Sight(kept, before.zones, frozenset(pair for pair in before.arrows if ends.issuperset(pair)))


def _moved(seen: Sight, moves: Mapping[str, str]) -> Sight:
    """The base under the addresses its resources have now."""
    return Sight(
        resources={moves.get(address, address): resource for address, resource in seen.resources.items()},
        zones={moves.get(address, address): zones for address, zones in seen.zones.items()},
        arrows=frozenset((moves.get(a, a), moves.get(b, b)) for a, b in seen.arrows),
    )
