"""Storage that is not encrypted can be read by whoever gets hold of a copy."""

from __future__ import annotations

from collections.abc import Iterator

from clops_app.kit import (
    AddBlock,
    Architecture,
    Fix,
    Hit,
    Known,
    NewBlock,
    Resource,
    SetAttribute,
    absent,
    blocks,
    hit,
    is_false,
    read,
    text,
    tr,
)

STORES = {
    "aws_db_instance": "storage_encrypted",
    "aws_rds_cluster": "storage_encrypted",
    "aws_docdb_cluster": "storage_encrypted",
    "aws_efs_file_system": "encrypted",
    "aws_elasticache_replication_group": "at_rest_encryption_enabled",
    "aws_opensearch_domain": "encrypt_at_rest[0].enabled",
    "aws_elasticsearch_domain": "encrypt_at_rest[0].enabled",
}
DISKS = ("aws_ebs_volume", "aws_instance", "aws_spot_instance_request", "aws_launch_configuration", "aws_launch_template")
# Where its data comes from: it is encrypted if that is, and what is written here counts for little.
ORIGINS = (
    "replicate_source_db",
    "replication_source_identifier",
    "snapshot_identifier",
    "restore_to_point_in_time",
    "global_replication_group_id",
    "snapshot_id",
)


def check(architecture: Architecture) -> Iterator[Hit]:
    for resource, path in (*_stores(architecture), *_disks(architecture)):
        written = read(resource, path)
        if is_false(written, default=False) or written == Known("false"):  # a launch template's flags are strings
            message = tr(
                "`{address}` does not ask for encryption: whoever gets a copy of its disk or a backup can read everything.",
                address=resource.address,
            )
            disk = text(read(resource, f"{path.partition('.')[0]}.device_name"))
            yield hit(resource, message, path, _fix(resource, path), key=disk)


def _stores(architecture: Architecture) -> Iterator[tuple[Resource, str]]:
    for resource in architecture.resources(*STORES):
        # Serverless v1 and Valkey are encrypted unless somebody says otherwise; a mode nobody knows may be one of them.
        mode = read(resource, "engine" if resource.type.startswith("aws_elasticache") else "engine_mode")
        if mode in (absent, Known("provisioned"), Known("redis")) and not _takes_over(resource, ""):
            yield resource, STORES[resource.type]


def _disks(architecture: Architecture) -> Iterator[tuple[Resource, str]]:
    settings = architecture.resources("aws_ebs_encryption_by_default")
    regions = [setting.region for setting in settings if not is_false(read(setting, "enabled"), default=True)]
    for resource in architecture.resources(*DISKS):
        for before in _devices(resource):
            if resource.region not in regions and not _takes_over(resource, before):
                yield resource, f"{before}encrypted"


def _devices(resource: Resource) -> Iterator[str]:
    if resource.type == "aws_ebs_volume":
        yield ""
    for name in ("root_block_device", "ebs_block_device"):
        yield from (f"{path}." for path, _ in blocks(resource, name))
    # A device without `ebs` is a disk inside the machine, not one that EBS keeps.
    yield from (f"{path}.ebs[0]." for path, device in blocks(resource, "block_device_mappings") if "ebs" in device)


def _takes_over(resource: Resource, before: str) -> bool:
    return any(read(resource, f"{before}{origin}") not in (absent, Known(())) for origin in ORIGINS)


def _fix(resource: Resource, path: str) -> Fix:
    if path.startswith("encrypt_at_rest") and read(resource, "encrypt_at_rest") in (absent, Known(())):
        return Fix(tr("Encrypt it"), (AddBlock(resource.address, "", NewBlock("encrypt_at_rest", attributes={"enabled": True})),))
    return Fix(tr("Encrypt it"), (SetAttribute(resource.address, path, True),))
