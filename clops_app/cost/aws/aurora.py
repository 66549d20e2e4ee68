"""Aurora and RDS Multi-AZ clusters: instances or capacity units, and storage, I/O and backup by usage.

Sources: https://aws.amazon.com/rds/aurora/pricing/ and, for defaults, the provider's documentation of aws_rds_cluster and
aws_rds_cluster_instance.
"""

from __future__ import annotations

from decimal import Decimal
from math import prod

from clops_app.cost.aws.ipv4 import address_if
from clops_app.cost.aws.rds import credits_of, extended_support, insights, rds_hour
from clops_app.cost.book import Price
from clops_app.cost.pricing import (
    Missing,
    Parts,
    Pricing,
    Step,
    by_usage,
    fixed,
    list_price,
    named,
    number_at,
    set_usage,
    stepped,
    text_at,
    told_by,
)
from clops_app.kit import absent, read, text
from clops_app.language import tr
from clops_app.model.cost import HOURS_PER_MONTH, CostLine
from clops_app.model.resource import Resource

USAGE = {
    "aws_rds_cluster": (
        "storage_gb",
        "read_requests_per_sec",
        "write_requests_per_sec",
        "backup_snapshot_size_gb",
        "average_statements_per_hr",
        "change_records_per_statement",
        "backtrack_window_hrs",
        "snapshot_export_size_gb",
        "capacity_units_per_hr",
    ),
    "aws_rds_cluster_instance": ("capacity_units_per_hr", "monthly_cpu_credit_hrs"),
}
NAMES = {"aurora-mysql": "Aurora MySQL", "aurora-postgresql": "Aurora PostgreSQL"}
CREDIT_USD = Decimal("0.09")  # https://aws.amazon.com/rds/aurora/pricing/, "T3 and T4g CPU credits", the same in all regions
CREDIT_SOURCE = "https://aws.amazon.com/rds/aurora/pricing/ (the same in all regions)"
SECONDS_PER_MONTH = HOURS_PER_MONTH * 3600
_STANDARD = {  # standard storage has a label of its own for each engine
    "Aurora MySQL": ("rds-storage", "Database Storage Single AZ General Purpose-Aurora"),
    "Aurora PostgreSQL": ("rds-aurora-storage", "Database Storage DB Engine Aurora PostgreSQL General Purpose Aurora"),
}
_IO_OPTIMIZED = ("rds-storage", "Database Storage Single AZ IO Optimized-Aurora")


def acu_hour(pricing: Pricing, resource: Resource, name: str, optimized: bool) -> Price | Missing:
    """What an Aurora capacity unit of Serverless v2 costs an hour; `name` as in NAMES."""
    item = f"{name} ServerlessV2{' Aurora IO Optimization Mode' if optimized else ''}"
    return list_price(pricing, resource, "rds-aurora-storage", item, "ACU-hour")


def parts(resource: Resource, pricing: Pricing) -> Parts:
    if resource.type == "aws_rds_cluster_instance":
        yield from _instance(resource, pricing)
        return
    match text_at(resource, "engine", ""):
        case Missing() as missing:
            yield missing
        case "mysql" | "postgres" as engine:
            yield from _multi_az(resource, pricing, engine)
        case engine if engine in NAMES:
            yield from _cluster(resource, pricing, NAMES[engine])
        case engine:
            yield _no_prices(engine)


def _no_prices(engine: str) -> Missing:
    return Missing(tr("ClOps has no prices for clusters of {engine}", engine=engine) if engine else tr("no engine is written"))


def _optimized(cluster: Resource) -> bool | Missing:
    """I/O-optimised storage; standard where storage_type is not written or "aurora"."""
    match text_at(cluster, "storage_type", ""):
        case Missing() as missing:
            return missing
        case type:
            return type == "aurora-iopt1"


def _cluster(resource: Resource, pricing: Pricing, name: str) -> Parts:
    optimized = _optimized(resource)
    if isinstance(optimized, Missing):
        yield optimized
        return
    service, item = _IO_OPTIMIZED if optimized else _STANDARD[name]
    yield by_usage(pricing, resource, tr("Storage"), list_price(pricing, resource, service, item, "GB-month"), "storage_gb")
    if not optimized:
        request = list_price(pricing, resource, "rds-aurora-storage", "System Operation Aurora I O Operation", "I/O request")
        for words, key in ((tr("I/O, reads"), "read_requests_per_sec"), (tr("I/O, writes"), "write_requests_per_sec")):
            yield by_usage(pricing, resource, words, request, key, SECONDS_PER_MONTH)
    # Backups of the last day are free, which is the default retention.
    days = number_at(resource, "backup_retention_period", 1)
    if isinstance(days, Missing):
        yield days
    elif days > 1:
        price = list_price(pricing, resource, "rds-aurora-storage", f"Storage Snapshot {name}", "GB-month")
        yield by_usage(pricing, resource, tr("Backup, {days} more days", days=days - 1), price, "backup_snapshot_size_gb", days - 1)
    yield from _backtrack(resource, pricing)
    if pricing.usage.number(resource, "snapshot_export_size_gb") is not None:
        price = list_price(pricing, resource, "rds-aurora-storage", f"RDS Snapshot Export {name}", "GB")
        yield by_usage(pricing, resource, tr("Snapshot export"), price, "snapshot_export_size_gb")
    if read(resource, "global_cluster_identifier") != absent:
        yield Missing(tr("replicated writes of the global database: not priced"))
    if text(read(resource, "engine_mode")) == "serverless":
        price = list_price(pricing, resource, "rds-aurora-storage", f"{name} Serverless", "ACU-hour")
        yield by_usage(pricing, resource, tr("Serverless v1 capacity"), price, "capacity_units_per_hr", HOURS_PER_MONTH)
    yield from extended_support(resource, text(read(resource, "engine")))
    yield from insights(resource)


def _backtrack(resource: Resource, pricing: Pricing) -> Parts:
    """Change records kept to rewind: what is changed in an hour, for each hour of the window, all month."""
    keys = ("average_statements_per_hr", "change_records_per_statement", "backtrack_window_hrs")
    told = [pricing.usage.number(resource, key) for key in keys]
    known = [amount for amount in told if amount is not None]
    if number_at(resource, "backtrack_window", 0) == 0 and not known:
        return
    records = prod(known, start=Decimal(HOURS_PER_MONTH)) if len(known) == len(keys) else None
    price = list_price(pricing, resource, "rds-aurora-storage", "System Operation Aurora Backtrack", "change record-hour")
    note = set_usage(resource, *keys) if records is None else told_by(*keys)
    yield from stepped(tr("Backtrack"), records, (Step("", None, price),), note)


def _instance(resource: Resource, pricing: Pricing) -> Parts:
    clusters = pricing.architecture.linked(resource, "cluster_identifier", "aws_rds_cluster")
    engine = text_at(resource, "engine", "")
    if clusters and (engine == "" or isinstance(engine, Missing)):
        engine = text_at(clusters[0], "engine", "")
    optimized = _optimized(clusters[0]) if clusters else False
    match engine, text_at(resource, "instance_class", ""), optimized:
        case Missing() as missing, _, _:
            yield missing
        case _, Missing() as missing, _:
            yield missing
        case _, _, Missing() as missing:
            yield missing
        case str() as kind, _, _ if kind not in NAMES:
            yield _no_prices(kind)
        case str() as kind, "db.serverless", bool() as io:
            yield from _serverless(resource, pricing, clusters, acu_hour(pricing, resource, NAMES[kind], io))
        case str() as kind, str() as instance_class, bool() as io:
            price = rds_hour(pricing, resource, kind, instance_class, "io-optimized" if io else "standard")
            yield fixed(tr("Database instance, {size}", size=instance_class), price, HOURS_PER_MONTH)
            yield from credits_of(pricing, resource, instance_class, CREDIT_USD, CREDIT_SOURCE)
    yield from address_if(pricing, resource, read(resource, "publicly_accessible"))
    yield from insights(resource)


def _serverless(resource: Resource, pricing: Pricing, clusters: tuple[Resource, ...], price: Price | Missing) -> Parts:
    """Serverless v2 never runs below the cluster's min_capacity; 0 lets it pause, and then only usage tells."""
    key = "capacity_units_per_hr"
    told = pricing.usage.number(resource, key)
    least = number_at(clusters[0], "serverlessv2_scaling_configuration[0].min_capacity", 0) if clusters else 0
    match price, least:
        case Missing() as missing, _:
            yield named(tr("Serverless v2 capacity"), missing)
        case _, Missing() as missing if told is None:
            yield missing
        case Price() as known, _ if told is not None:
            yield fixed(tr("Serverless v2 capacity"), known, told * HOURS_PER_MONTH, told_by(key))
        case Price() as known, (int() | Decimal()) as minimum if minimum > 0:
            note = tr("at its least, {amount}; for more set {key}", amount=f"{minimum} ACU", key=f"usage.{resource.type}.{key}")
            yield fixed(tr("Serverless v2 capacity"), known, minimum * HOURS_PER_MONTH, note)
        case Price(usd, unit, source, date), _:
            yield CostLine(tr("Serverless v2 capacity"), None, unit, usd, set_usage(resource, key), source, date)


def _multi_az(resource: Resource, pricing: Pricing, engine: str) -> Parts:
    """A Multi-AZ DB cluster: one writer and two readable standbys, which AWS lists as one price."""
    match text_at(resource, "db_cluster_instance_class", ""):
        case Missing() as missing:
            yield missing
        case instance_class:
            price = rds_hour(pricing, resource, engine, instance_class, "multi-az-cluster")
            yield fixed(tr("Database cluster, {size}, three instances", size=instance_class), price, HOURS_PER_MONTH)
    if text(read(resource, "storage_type"), "io1") != "io1":
        yield Missing(tr("storage of a Multi-AZ cluster on {type}: no price", type=text(read(resource, "storage_type"))))
        return
    for words, path, item, unit in (
        (
            tr("Storage, io1, three copies"),
            "allocated_storage",
            "Database Storage Multi AZ readable standbys Provisioned IOPS",
            "GiB-month",
        ),
        (tr("Provisioned IOPS, three copies"), "iops", "Provisioned IOPS Multi AZ readable standbys", "IOPS-month"),
    ):
        match number_at(resource, path, 0):
            case Missing() as missing:
                yield missing
            case amount:
                yield fixed(words, list_price(pricing, resource, "rds-storage", item, unit), amount)
