"""ElastiCache: nodes by the hour, serverless caches by what they store and process, backups by usage.

Source: https://aws.amazon.com/elasticache/pricing/
"""

from __future__ import annotations

from decimal import Decimal

from clops_app.cost.aws.ec2 import Count, times
from clops_app.cost.book import Price
from clops_app.cost.pricing import (
    Missing,
    Part,
    Parts,
    Pricing,
    Quantity,
    by_usage,
    fixed,
    list_price,
    number_at,
    text_at,
    told_by,
)
from clops_app.kit import Known, absent, blocks, read, text
from clops_app.language import tr
from clops_app.model.cost import HOURS_PER_MONTH
from clops_app.model.resource import Resource

_BACKUP = "snapshot_storage_size_gb"
USAGE = {
    "aws_elasticache_cluster": (_BACKUP,),
    "aws_elasticache_replication_group": (_BACKUP,),
    "aws_elasticache_serverless_cache": ("storage_gb", "monthly_ecpu", _BACKUP),
}
# One price for backups in all regions (https://aws.amazon.com/elasticache/pricing/, on backup storage);
# the day is that of Infracost's golden files, which agree.
BACKUP = Price(Decimal("0.085"), "GiB-month", "https://aws.amazon.com/elasticache/pricing/ (the same in all regions)", "2026-08-21")
# The least that is metered: 100 MB for Valkey, 1 GB for the others (the same page, "ElastiCache Serverless").
LEAST_GB = {"valkey": Decimal("0.1")}
NAMES = {"redis": "Redis", "valkey": "Valkey", "memcached": "Memcached"}


def node_hour(pricing: Pricing, resource: Resource, engine: str, node_type: str) -> Price | Missing:
    """What an hour of a cache node costs."""
    return list_price(pricing, resource, "elasticache", f"{engine} {node_type}", "hour")


def parts(resource: Resource, pricing: Pricing) -> Parts:
    match resource.type:
        case "aws_elasticache_serverless_cache":
            yield from _serverless(resource, pricing)
        case "aws_elasticache_cluster":
            yield from _cluster(resource, pricing)
        case _:
            yield from _group(resource, pricing)


def _cluster(resource: Resource, pricing: Pricing) -> Parts:
    """A cluster that names a replication group is one more replica of it, of the group's type and engine."""
    groups = pricing.architecture.linked(resource, "replication_group_id", "aws_elasticache_replication_group")
    member = read(resource, "replication_group_id") != absent
    if member and not groups:
        yield Missing(tr("its replication group is not in this root"))
        return
    described = groups[0] if member else resource
    yield from _nodes(resource, pricing, described, "redis" if member else "memcached", number_at(resource, "num_cache_nodes", 1))


def _group(resource: Resource, pricing: Pricing) -> Parts:
    if read(resource, "global_replication_group_id") != absent and read(resource, "node_type") == absent:
        yield Missing(tr("its node type is that of the global replication group"))
        return
    number = _members(resource, pricing)
    match number:
        case Missing() as missing:
            yield missing
        case Count() as count:
            yield from times(_nodes(resource, pricing, resource, "redis", 1), count)


def _nodes(resource: Resource, pricing: Pricing, described: Resource, default: str, number: Quantity | Missing) -> Parts:
    match text_at(described, "engine", default), text_at(described, "node_type", ""), number:
        case Missing() as missing, _, _:
            yield missing
        case _, Missing() as missing, _:
            yield missing
        case _, _, Missing() as missing:
            yield missing
        case str() as engine, str() as node_type, (int() | Decimal()) as nodes:
            yield fixed(tr("Cache node, {size}", size=node_type), node_hour(pricing, resource, engine, node_type), nodes * HOURS_PER_MONTH)
            # One day's backup is free.
            if engine != "memcached" and number_at(resource, "snapshot_retention_limit", 0) not in (0, 1):
                yield by_usage(pricing, resource, tr("Backup"), BACKUP, _BACKUP)


def _members(group: Resource, pricing: Pricing) -> Count | Missing:
    """Shards times their members, or the number of clusters; what a scaling target keeps at least goes before both."""
    least = _scaled(group, pricing)
    sharded = read(group, "num_node_groups") != absent or "NodeGroups" in least
    shards = least.get("NodeGroups") or number_at(group, "num_node_groups", 1)
    replicas = least.get("Replicas") or number_at(group, "replicas_per_node_group", 0)
    clusters = number_at(group, "num_cache_clusters", 1)
    note = tr("the least that its scaling target keeps") if least else None
    if blocks(group, "node_group_configuration") and "NodeGroups" not in least and read(group, "num_node_groups") == absent:
        return _configured(group)
    match shards, replicas, clusters:
        case Missing() as missing, _, _:
            return missing
        case _, Missing() as missing, _:
            return missing
        case (int() | Decimal()) as groups, (int() | Decimal()) as each, _ if sharded:
            return Count(groups * (1 + each), note)
        case _, _, Missing() as missing:
            return missing
        case _, _, (int() | Decimal()) as number:
            return Count(number, note)


def _configured(group: Resource) -> Count | Missing:
    total: Quantity = 0
    for path, _ in blocks(group, "node_group_configuration"):
        match number_at(group, f"{path}.replica_count", 0):
            case Missing() as missing:
                return missing
            case replicas:
                total += 1 + replicas
    return Count(total)


def _scaled(group: Resource, pricing: Pricing) -> dict[str, Quantity]:
    """What Application Auto Scaling keeps at least, by dimension (NodeGroups, Replicas)."""
    found: dict[str, Quantity] = {}
    for target in pricing.architecture.scalers(group):
        dimension = text(read(target, "scalable_dimension")).rpartition(":")[2]
        match read(target, "min_capacity"):
            case Known(int() | Decimal() as least) if dimension:
                found[dimension] = least
            case _:
                pass
    return found


def _serverless(resource: Resource, pricing: Pricing) -> Parts:
    match text_at(resource, "engine", ""):
        case Missing() as missing:
            yield missing
        case "":
            yield Missing(tr("an engine that is not written is not a cache engine that ClOps knows"))
        case engine if engine not in NAMES:
            yield Missing(tr("{engine} is not a cache engine that ClOps knows", engine=engine))
        case engine:
            yield _stored(resource, pricing, engine)
            unit = list_price(pricing, resource, "elasticache", f"Serverless {NAMES[engine]} per ElastiCacheProcessingUnit", "ECPU")
            yield by_usage(pricing, resource, tr("Processing units"), unit, "monthly_ecpu")
            if engine != "memcached" and number_at(resource, "snapshot_retention_limit", 0) not in (0, 1):
                yield by_usage(pricing, resource, tr("Backup"), BACKUP, _BACKUP)


def _stored(resource: Resource, pricing: Pricing, engine: str) -> Part:
    price = list_price(pricing, resource, "elasticache", f"Serverless {NAMES[engine]} per GB-Hours", "GB-hour")
    kept = number_at(resource, "cache_usage_limits[0].data_storage[0].minimum", 0)
    if isinstance(kept, Missing):
        return kept
    least = max(LEAST_GB.get(engine, Decimal(1)), Decimal(kept))
    told = pricing.usage.number(resource, "storage_gb")
    more = tr("at its least, {amount}; for more set {key}", amount=f"{least} GB", key=f"usage.{resource.type}.storage_gb")
    note = more if told is None else told_by("storage_gb")
    return fixed(tr("Data stored"), price, max(least, told or least) * HOURS_PER_MONTH, note)
