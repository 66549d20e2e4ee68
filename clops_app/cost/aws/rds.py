"""RDS instances of MySQL, PostgreSQL and MariaDB: hours, storage, what is asked for above it, backup and public address.

Sources: https://aws.amazon.com/rds/mysql/pricing/, …/postgresql/pricing/, …/mariadb/pricing/, and for defaults the provider's
documentation of aws_db_instance.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from clops_app.cost.aws.ipv4 import address_if
from clops_app.cost.book import Price
from clops_app.cost.pricing import (
    Missing,
    Parts,
    Pricing,
    Quantity,
    by_usage,
    fixed,
    flag_at,
    list_price,
    number_at,
    set_usage,
    text_at,
    told_by,
)
from clops_app.kit import Known, absent, read, text
from clops_app.language import tr
from clops_app.model.cost import HOURS_PER_MONTH, CostLine
from clops_app.model.resource import Resource

USAGE = {"aws_db_instance": ("additional_backup_storage_gb", "monthly_standard_io_requests", "monthly_cpu_credit_hrs")}

ENGINES = ("mysql", "postgres", "mariadb")
STORAGE = {
    "gp2": "General Purpose",
    "gp3": "General Purpose-GP3",
    "io1": "Provisioned IOPS",
    "io2": "Provisioned IOPS-IO2",
    "standard": "Magnetic",
}
# gp3 includes 3,000 IOPS and 125 MiB/s, from 400 GiB on 12,000 and 500
# (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage).
GP3_STEP_GIB = 400
# The same in all regions (https://aws.amazon.com/rds/mysql/pricing/, "T3 and T4g CPU credits").
CREDIT_USD = Decimal("0.075")
CREDIT_SOURCE = "https://aws.amazon.com/rds/mysql/pricing/ (the same in all regions)"
CREDIT_DATE = "2026-08-21"  # of Infracost's golden files, which agree for RDS and Aurora
# Major versions whose standard support was over on the day of the prices: extended support is billed by the vCPU
# (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/extended-support.html).
EXTENDED = {
    "mysql": ("5.7",),
    "postgres": ("11", "12"),
    "aurora-mysql": ("5.7",),
    "aurora-postgresql": ("11", "12"),
}


@dataclass(frozen=True, slots=True)
class Storage:
    """What an instance stores on. `zones` is AWS's word for one or two copies."""

    type: str
    size_gib: Quantity
    zones: str


def rds_hour(pricing: Pricing, resource: Resource, engine: str, instance_class: str, deployment: str) -> Price | Missing:
    """What an hour of this class costs; deployment is single-az, multi-az, multi-az-cluster, standard or io-optimized."""
    return list_price(pricing, resource, "rds", f"{engine} {instance_class} {deployment}", "hour")


def parts(resource: Resource, pricing: Pricing) -> Parts:
    source = _source(resource, pricing)
    match _engine(resource, source), text_at(resource, "instance_class", ""), flag_at(resource, "multi_az", False):
        case Missing() as missing, _, _:
            yield missing
            return
        case engine, Missing() as missing, _:
            yield missing
        case engine, _, Missing() as missing:
            yield missing
        case str() as engine, str() as instance_class, bool() as multi:
            price = rds_hour(pricing, resource, engine, instance_class, "multi-az" if multi else "single-az")
            yield fixed(tr("Database instance, {size}", size=f"{instance_class}{' Multi-AZ' if multi else ''}"), price, HOURS_PER_MONTH)
            yield from credits_of(pricing, resource, instance_class, CREDIT_USD, CREDIT_SOURCE)
            yield from _storage(resource, pricing, source, "Multi AZ" if multi else "Single AZ")
    yield from _extras(resource, pricing, engine)


def _source(resource: Resource, pricing: Pricing) -> Resource | None:
    """The instance it is a replica of."""
    found = pricing.architecture.linked(resource, "replicate_source_db", "aws_db_instance")
    return found[0] if found and read(resource, "replicate_source_db") != absent else None


def _engine(resource: Resource, source: Resource | None) -> str | Missing:
    written = text_at(resource, "engine", "")
    if source is not None and (written == "" or isinstance(written, Missing)):
        written = text_at(source, "engine", "")
    match written:
        case "":
            return Missing(tr("no engine is written: it is that of what it is restored from"))
        case str() as engine if engine not in ENGINES:
            return Missing(tr("ClOps has no prices for {engine} on RDS", engine=engine))
        case found:
            return found


def _storage(resource: Resource, pricing: Pricing, source: Resource | None, zones: str) -> Parts:
    size = number_at(resource, "allocated_storage", 0)
    if size == 0 and source is not None:
        size = number_at(source, "allocated_storage", 0)
    iops = number_at(resource, "iops", 0)
    storage_type = text_at(resource, "storage_type", "gp2" if iops == 0 else "io1")
    match size, storage_type:
        case 0, _:
            yield Missing(tr("allocated_storage is not written: it is that of what it is restored from"))
        case Missing() as missing, _:
            yield missing
        case _, Missing() as missing:
            yield missing
        case (int() | Decimal()) as gib, str() as kind if kind in STORAGE:
            price = list_price(pricing, resource, "rds-storage", f"Database Storage {zones} {STORAGE[kind]}", "GiB-month")
            yield fixed(tr("Storage, {type}", type=kind), price, gib)
            yield from _performance(resource, pricing, Storage(kind, gib, zones), iops)
        case _, kind:
            yield Missing(tr("{type} is not a storage type that ClOps knows", type=kind))


def _performance(resource: Resource, pricing: Pricing, storage: Storage, iops: Quantity | Missing) -> Parts:
    match storage.type, iops:
        case "gp2", _:
            pass
        case "standard", _:
            price = list_price(pricing, resource, "rds-storage", "System Operation Magnetic", "I/O request")
            yield by_usage(pricing, resource, tr("I/O requests"), price, "monthly_standard_io_requests")
        case _, Missing() as missing:
            yield missing
        case "io1", (int() | Decimal()) as asked:
            price = list_price(pricing, resource, "rds-storage", f"Provisioned IOPS {storage.zones}", "IOPS-month")
            yield fixed(tr("Provisioned IOPS"), price, asked)
        case "io2", _:
            yield Missing(tr("provisioned IOPS of io2: no price"))
        case _, asked:
            yield from _gp3(resource, pricing, storage, asked)


def _gp3(resource: Resource, pricing: Pricing, storage: Storage, iops: Quantity) -> Parts:
    large = storage.size_gib >= GP3_STEP_GIB
    free_iops, free_throughput = (12_000, 500) if large else (3_000, 125)
    if iops > free_iops:
        price = list_price(pricing, resource, "rds-storage", f"Provisioned GP3 IOPS {storage.zones}", "IOPS-month")
        yield fixed(tr("IOPS above {amount}", amount=free_iops), price, iops - free_iops)
    match number_at(resource, "storage_throughput", 0):
        case Missing() as missing:
            yield missing
        case asked if asked > free_throughput:
            price = list_price(pricing, resource, "rds-storage", f"Provisioned Throughput {storage.zones}", "MiBps-month")
            yield fixed(tr("Throughput above {amount}", amount=f"{free_throughput} MiB/s"), price, asked - free_throughput)
        case _:
            pass


def _extras(resource: Resource, pricing: Pricing, engine: str) -> Parts:
    # Backups as large as the storage are free (https://aws.amazon.com/rds/mysql/pricing/, "Backup storage").
    told = pricing.usage.number(resource, "additional_backup_storage_gb") is not None
    if told or number_at(resource, "backup_retention_period", 0) != 0:
        price = list_price(pricing, resource, "rds-storage", "Storage Snapshot", "GiB-month")
        yield by_usage(pricing, resource, tr("Backup beyond the free size"), price, "additional_backup_storage_gb")
    yield from address_if(pricing, resource, read(resource, "publicly_accessible"))
    if read(resource, "dedicated_log_volume") == Known(True):
        yield Missing(tr("dedicated log volume: no price"))
    yield from extended_support(resource, engine)
    yield from insights(resource)


def extended_support(resource: Resource, engine: str) -> Parts:
    """An old major version runs on under extended support unless that is switched off."""
    version = text(read(resource, "engine_version"))
    old = any(version == major or version.startswith(f"{major}.") for major in EXTENDED.get(engine, ()))
    if old and text(read(resource, "engine_lifecycle_support")) != "open-source-rds-extended-support-disabled":
        yield Missing(tr("extended support of {engine}: not priced", engine=f"{engine} {version}"))


def insights(resource: Resource) -> Parts:
    """Performance Insights is free for seven days of history (https://aws.amazon.com/rds/performance-insights/pricing/)."""
    if text(read(resource, "database_insights_mode")) == "advanced":
        yield Missing(tr("Database Insights, advanced: no price"))
    elif number_at(resource, "performance_insights_retention_period", 7) not in (0, 7):
        yield Missing(tr("Performance Insights beyond seven days: no price"))


def credits_of(pricing: Pricing, resource: Resource, instance_class: str, usd: Decimal, source: str) -> Parts:
    """T3 and T4g databases always run unlimited: what they compute above their baseline is billed by the vCPU-hour."""
    if not instance_class.startswith(("db.t3.", "db.t4g.")):
        return
    key = "monthly_cpu_credit_hrs"
    hours = pricing.usage.number(resource, key)
    note = set_usage(resource, key) if hours is None else told_by(key)
    yield CostLine(tr("CPU credits above the baseline"), hours, "vCPU-hour", usd, note, source, CREDIT_DATE)
