"""Which resources a change recreates, as far as the provider's sources say so of what fixes change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from clops_app.model.resource import Configuration, Resource
from clops_app.model.values import Datum

# The published schema does not tell which arguments force a replacement; the provider's documentation ("Forces new
# resource", "forces replacement") and its sources (ForceNew) do. Read 2026-11-21 for rds/instance.go, rds/cluster.go,
# elasticache/replication_group.go, efs/file_system.go, ec2/ebs_volume.go of hashicorp/terraform-provider-aws, the rest in
# https://registry.terraform.io/providers/hashicorp/aws/latest/docs. Only arguments that a fix may want to change are
# here; of others the rule's page speaks. ECS task definitions are left out: a new revision is what every change makes.
FORCES_REPLACEMENT: Mapping[str, frozenset[str]] = {
    "aws_db_instance": frozenset(
        {"storage_encrypted", "kms_key_id", "engine", "db_name", "username", "identifier", "snapshot_identifier", "character_set_name"}
    ),
    "aws_dynamodb_table": frozenset({"name", "hash_key", "range_key"}),
    "aws_docdb_cluster": frozenset({"storage_encrypted", "kms_key_id", "db_subnet_group_name", "cluster_identifier", "engine"}),
    "aws_ebs_volume": frozenset({"availability_zone", "encrypted", "kms_key_id", "multi_attach_enabled", "snapshot_id"}),
    "aws_efs_file_system": frozenset({"availability_zone_name", "creation_token", "encrypted", "kms_key_id", "performance_mode"}),
    "aws_eks_node_group": frozenset({"ami_type", "capacity_type", "disk_size", "instance_types", "node_role_arn", "subnet_ids"}),
    "aws_elasticache_replication_group": frozenset(
        {"at_rest_encryption_enabled", "data_tiering_enabled", "kms_key_id", "network_type", "port", "subnet_group_name"}
        | {"transit_encryption_enabled"}  # on engines before 7.0.5, which the configuration need not say
    ),
    "aws_instance": frozenset(
        {"ami", "associate_public_ip_address", "availability_zone", "key_name", "placement_group", "private_ip", "subnet_id", "tenancy"}
        | {"root_block_device.encrypted", "root_block_device.kms_key_id", "ebs_block_device.encrypted", "ebs_block_device.kms_key_id"}
        | {"ebs_block_device.snapshot_id", "ephemeral_block_device", "network_interface"}
    ),
    "aws_lb": frozenset({"internal", "load_balancer_type", "name", "customer_owned_ipv4_pool"}),
    "aws_lb_target_group": frozenset({"name", "port", "protocol", "protocol_version", "target_type", "vpc_id"}),
    "aws_nat_gateway": frozenset({"allocation_id", "connectivity_type", "subnet_id"}),
    "aws_neptune_cluster": frozenset({"storage_encrypted", "kms_key_arn", "cluster_identifier", "neptune_subnet_group_name"}),
    "aws_rds_cluster": frozenset(
        {"storage_encrypted", "kms_key_id", "engine", "engine_mode", "database_name", "master_username", "db_subnet_group_name"}
        | {"cluster_identifier"}
    ),
    "aws_s3_bucket": frozenset({"bucket", "bucket_prefix", "object_lock_enabled"}),
    "aws_sqs_queue": frozenset({"fifo_queue", "name", "name_prefix"}),
    "aws_subnet": frozenset({"availability_zone", "availability_zone_id", "cidr_block", "vpc_id"}),
}
# Every change of these makes a new one: AWS has no call to update them.
ALWAYS_REPLACED = frozenset({"aws_launch_configuration"})


def replaced(before: Configuration, after: Configuration) -> frozenset[str]:
    """The addresses that exist in both and differ in an argument that cannot be changed in place."""
    known = {resource.address: resource for resource in before.resources}
    managed = (resource for resource in after.resources if resource.mode == "managed" and resource.address in known)
    return frozenset(resource.address for resource in managed if _is_replaced(known[resource.address], resource))


def _is_replaced(was: Resource, now: Resource) -> bool:
    if was.type in ALWAYS_REPLACED:
        return was.values != now.values
    forcing = FORCES_REPLACEMENT.get(was.type.replace("aws_alb", "aws_lb"), frozenset())
    return any(path in forcing or path.partition(".")[0] in forcing for path in set(_differences(was.values, now.values)))


def _differences(was: Mapping[str, Datum], now: Mapping[str, Datum], prefix: str = "") -> Iterator[str]:
    """The paths, without indexes, at which two values differ. Left out and written as the provider's default is no difference."""
    for name in {*was, *now}:
        old, new = was.get(name), now.get(name)
        if old == new or (name != "associate_public_ip_address" and _is_off(old) and _is_off(new)):
            continue
        blocks = (*_blocks(old), *_blocks(new))
        if not blocks:
            yield prefix + name
            continue
        olds, news = _blocks(old), _blocks(new)
        for number in range(max(len(olds), len(news))):
            yield from _differences(
                olds[number] if number < len(olds) else {}, news[number] if number < len(news) else {}, f"{prefix}{name}."
            )


def _blocks(datum: Datum) -> tuple[Mapping[str, Datum], ...]:
    return tuple(item for item in datum if isinstance(item, Mapping)) if isinstance(datum, tuple) else ()


def _is_off(datum: Datum) -> bool:
    # What AWS takes where a boolean is not written. The public address is the exception above: there the subnet decides.
    return datum is None or datum is False
