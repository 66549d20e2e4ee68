"""It is known which databases, caches, queues and buckets compute reads and writes, as far as the code says so."""

from __future__ import annotations

from collections.abc import Iterator

from clops_app.graph.aws.exposure import GROUP_TYPES, RULE_TYPES, guarded_by
from clops_app.graph.aws.following import follow, follow_any, mentioned, mentioning
from clops_app.graph.aws.index import Index, answered_once
from clops_app.graph.aws.launch import INSTANCES, templates
from clops_app.graph.build import span_at
from clops_app.model.graph import Edge
from clops_app.model.resource import Resource
from clops_app.model.source import Span

# Reached over the network, so a security group may let compute in.
_BEHIND_A_PORT = (
    "aws_db_instance", "aws_db_proxy", "aws_docdb_cluster", "aws_elasticache_cluster", "aws_elasticache_replication_group",
    "aws_elasticache_serverless_cache", "aws_elasticsearch_domain", "aws_efs_file_system", "aws_memorydb_cluster", "aws_mq_broker",
    "aws_msk_cluster", "aws_neptune_cluster", "aws_opensearch_domain", "aws_rds_cluster", "aws_redshift_cluster",
)  # fmt: skip
# Reached through AWS's own API, so a role's policy may let compute in.
_BEHIND_A_POLICY = (
    "aws_dynamodb_table", "aws_kinesis_firehose_delivery_stream", "aws_kinesis_stream", "aws_s3_bucket", "aws_sns_topic", "aws_sqs_queue",
)  # fmt: skip
STORES = (*_BEHIND_A_PORT, *_BEHIND_A_POLICY)
_USERS = (
    *INSTANCES, "aws_apprunner_service", "aws_autoscaling_group", "aws_batch_job_definition", "aws_codebuild_project", "aws_ecs_service",
    "aws_eks_node_group", "aws_elastic_beanstalk_environment", "aws_lambda_function",
)  # fmt: skip
_SECRETS = ("aws_secretsmanager_secret", "aws_ssm_parameter")
_ADMITS = ("source_security_group_id", "referenced_security_group_id", "security_groups", "ingress.security_groups")
# Said for other reasons than use.
_NO_USE = ("depends_on", "count", "for_each", "tags")
_ROLES = ("role", "task_role_arn", "iam_instance_profile", "iam_instance_profile.name", "iam_instance_profile.arn", "node_role_arn")


def reads_writes(index: Index) -> Iterator[Edge]:
    """Compute to the stores that its settings name, whose security groups admit its own, or that its role's policies name."""
    for user in index.of(*_USERS):
        found: dict[str, Edge] = {}
        for edge in (*_named(index, user), *_admitted(index, user), *_permitted(index, user)):
            found.setdefault(edge.target, edge)
        yield from found.values()
    for joint in index.of("aws_db_proxy_target"):
        for proxy in follow(index, joint, "db_proxy_name", "aws_db_proxy").sure:
            for path, kind in (("db_instance_identifier", "aws_db_instance"), ("db_cluster_identifier", "aws_rds_cluster")):
                for store in follow(index, joint, path, kind).sure:
                    yield Edge(proxy.address, store.address, *span_at(joint, path), "reads_writes")


def settings_of(index: Index, user: Resource) -> tuple[Resource, ...]:
    """Where the settings of compute stand: itself, its launch templates, its task definition."""
    return (user, *templates(index, user).sure, *follow(index, user, "task_definition", "aws_ecs_task_definition").sure)


def _named(index: Index, user: Resource) -> Iterator[Edge]:
    """By environment variables, user data, task definitions and the secrets they read."""
    writers = settings_of(index, user)
    secrets = [secret for writer in writers for secret in mentioned(index, writer, "", *_SECRETS)]
    versions = [each for secret in secrets for each in mentioning(index, secret, "aws_secretsmanager_secret_version")]
    for writer in (*writers, *secrets, *versions):
        for edge in index.graph.outgoing.get(writer.address, ()):
            if edge.via.split("[")[0] not in _NO_USE and _is_store(index, edge.target):
                yield Edge(user.address, edge.target, edge.via, edge.span, "reads_writes")


def _admitted(index: Index, user: Resource) -> Iterator[Edge]:
    """By the security groups of stores that let in the user's."""
    for group in guarded_by(index, user).sure:
        yield from (Edge(user.address, *into, "reads_writes") for into in _admits(index, group))


@answered_once
def _admits(index: Index, group: Resource) -> tuple[tuple[str, str, Span], ...]:
    """The stores that let in what stands behind a group, and what says so: address, attribute, place."""
    found: list[tuple[str, str, Span]] = []
    for admitting in mentioning(index, group, *GROUP_TYPES, *RULE_TYPES):
        named = follow_any(index, admitting, _ADMITS, *GROUP_TYPES).addresses
        if admitting.values.get("type") == "egress" or group.address not in named:
            continue
        path = next((edge.via for edge in index.graph.outgoing[admitting.address] if edge.target == group.address), "")
        doors = (admitting,) if admitting.type in GROUP_TYPES else follow(index, admitting, "security_group_id", *GROUP_TYPES).sure
        for store in (each for door in doors for each in mentioning(index, door, *_BEHIND_A_PORT, "aws_efs_mount_target")):
            is_mount = store.type == "aws_efs_mount_target"
            stores = follow(index, store, "file_system_id", "aws_efs_file_system").sure if is_mount else (store,)
            found += ((each.address, *span_at(admitting, path)) for each in stores)
    return tuple(found)


def _permitted(index: Index, user: Resource) -> Iterator[Edge]:
    """By the policies of its role."""
    named = [each for writer in settings_of(index, user) for path in _ROLES for each in mentioned(index, writer, path)]
    profiles = [each for each in named if each.type == "aws_iam_instance_profile"]
    roles = [each for each in named if each.type == "aws_iam_role"]
    roles += [role for profile in profiles for role in follow(index, profile, "role", "aws_iam_role").sure]
    for role in roles:
        yield from (Edge(user.address, edge.target, edge.via, edge.span, "reads_writes") for edge in _allows(index, role))


@answered_once
def _allows(index: Index, role: Resource) -> tuple[Edge, ...]:
    """The edges of a role's policies to the stores that they name."""
    attached = mentioning(index, role, "aws_iam_role_policy", "aws_iam_role_policy_attachment")
    policies = (policy for each in attached for policy in (each, *follow(index, each, "policy_arn", "aws_iam_policy").sure))
    return tuple(
        edge
        for policy in policies
        for edge in index.graph.outgoing.get(policy.address, ())
        if edge.via == "policy" and index.graph.resources[edge.target].type in _BEHIND_A_POLICY
    )


def _is_store(index: Index, address: str) -> bool:
    resource = index.graph.resources[address]
    return resource.mode == "managed" and resource.type in STORES
