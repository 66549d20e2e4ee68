"""DynamoDB tables: capacity that is provisioned, by the hour; requests, storage and backups by usage.

Source: https://aws.amazon.com/dynamodb/pricing/. Every global secondary index has capacity of its own; every replica of a
global table is written and stored in its own region. The free tier of an account is not taken off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from clops_app.cost.pricing import Missing, Parts, Pricing, Quantity, by_usage, fixed, list_price, number_at, text_at
from clops_app.kit import Known, Unknown, absent, blocks, read, text
from clops_app.language import tr, tr_noop
from clops_app.model.cost import HOURS_PER_MONTH
from clops_app.model.resource import Resource

USAGE: Mapping[str, tuple[str, ...]] = {
    "aws_dynamodb_table": (
        "monthly_write_request_units",
        "monthly_read_request_units",
        "storage_gb",
        "pitr_backup_storage_gb",
        "on_demand_backup_storage_gb",
        "monthly_data_restored_gb",
        "monthly_streams_read_request_units",
    )
}

_OFF = (absent, Known(False))


def parts(resource: Resource, pricing: Pricing) -> Parts:
    # Defaults: PROVISIONED and STANDARD (the provider's documentation of aws_dynamodb_table).
    match text_at(resource, "billing_mode", "PROVISIONED"), text_at(resource, "table_class", "STANDARD"):
        case Missing() as missing, _:
            yield missing
        case _, Missing() as missing:
            yield missing
        case str() as mode, str() as table_class:
            infrequent = " IA" if table_class == "STANDARD_INFREQUENT_ACCESS" else ""
            yield from _throughput(resource, pricing, mode, infrequent)
            storage = "Data Storage Indexed - IA GB-Mo" if infrequent else "Data Storage Indexed GB-Mo"
            yield by_usage(pricing, resource, tr("Storage"), list_price(pricing, resource, "dynamodb", storage, "GB-month"), "storage_gb")
            yield from _backups(resource, pricing)
            yield from _replicas(resource, pricing, mode, infrequent, storage)


def _throughput(table: Resource, pricing: Pricing, mode: str, infrequent: str, replica: bool = False) -> Parts:
    replicated = "Replicated " if replica or blocks(table, "replica") else ""
    if mode == "PAY_PER_REQUEST":
        write = list_price(pricing, table, "dynamodb", f"PayPerRequest {replicated}Write Request Units{infrequent}", "WRU")
        read_unit = list_price(pricing, table, "dynamodb", f"PayPerRequest Read Request Units{infrequent}", "RRU")
        yield by_usage(pricing, table, tr("Write requests"), write, "monthly_write_request_units")
        if not replica:
            yield by_usage(pricing, table, tr("Read requests"), read_unit, "monthly_read_request_units")
        return
    for direction, words in (("Write", tr_noop("Write capacity, {units} units")), ("Read", tr_noop("Read capacity, {units} units"))):
        item = f"Provisioned {replicated if direction == 'Write' else ''}{direction} Units{infrequent}"
        price = list_price(pricing, table, "dynamodb", item, f"{direction[0]}CU-hour")
        match _capacity(table, pricing, direction):
            case Missing() as missing:
                yield missing
            case units, note:
                yield fixed(tr(words, units=units), price, units * HOURS_PER_MONTH, note)


def _capacity(table: Resource, pricing: Pricing, direction: str) -> tuple[Quantity, str | None] | Missing:
    """Units of the table and its indexes; what a scaling target keeps at least goes before what is written."""
    scaled = _scaled(table, pricing, direction)
    name = f"{direction.lower()}_capacity"
    total: Quantity = 0
    places = [("table", name)]
    places += [(text(read(table, f"{path}.name")), f"{path}.{name}") for path, _ in blocks(table, "global_secondary_index")]
    for where, path in places:
        units = scaled.get(where, number_at(table, path, 0))
        if isinstance(units, Missing):
            return units
        total += units
    return total, tr("at the least that its scaling targets keep") if scaled else None


def _scaled(table: Resource, pricing: Pricing, direction: str) -> dict[str, Quantity]:
    """The least capacity that Application Auto Scaling keeps, by index name, and of the table itself."""
    found: dict[str, Quantity] = {}
    for target in pricing.architecture.scalers(table):
        kind, _, dimension = text(read(target, "scalable_dimension")).removeprefix("dynamodb:").partition(":")
        index = text(read(target, "resource_id")).partition("/index/")[2]
        match read(target, "min_capacity"):
            case Known(int() | Decimal() as least) if dimension == f"{direction}CapacityUnits":
                found[index if kind == "index" else "table"] = least
            case _:
                pass
    return found


def _backups(resource: Resource, pricing: Pricing) -> Parts:
    rows = [(tr("On-demand backups"), "On-Demand Backup Storage GB-Month", "GB-month", "on_demand_backup_storage_gb")]
    rows.append((tr("Data restored"), "Restore Data Size", "GB", "monthly_data_restored_gb"))
    for name, item, unit, key in rows:
        if pricing.usage.number(resource, key) is not None:
            yield by_usage(pricing, resource, name, list_price(pricing, resource, "dynamodb", item, unit), key)
    if read(resource, "point_in_time_recovery[0].enabled") not in _OFF:
        price = list_price(pricing, resource, "dynamodb", "PITR Backup Storage GB-Mo", "GB-month")
        yield by_usage(pricing, resource, tr("Point-in-time recovery"), price, "pitr_backup_storage_gb")
    if read(resource, "stream_enabled") not in _OFF:
        price = list_price(pricing, resource, "dynamodb", "Streams Read Requests", "read request")
        yield by_usage(pricing, resource, tr("Stream reads, but by Lambda"), price, "monthly_streams_read_request_units")


def _replicas(resource: Resource, pricing: Pricing, mode: str, infrequent: str, storage: str) -> Parts:
    for path, _ in blocks(resource, "replica"):
        match read(resource, f"{path}.region_name"):
            case Known(str() as region):
                there = resource._replace(region=region)
                for part in _throughput(there, pricing, mode, infrequent, replica=True):
                    yield part if isinstance(part, Missing) else replace(part, name=_of_replica(region, part.name))
                price = list_price(pricing, there, "dynamodb", storage, "GB-month")
                yield by_usage(pricing, there, _of_replica(region, tr("Storage")), price, "storage_gb")
            case Unknown(why=why):
                yield Missing(tr("the region of a replica is unknown: {why}", why=why))
            case _:
                yield Missing(tr("a replica names no region"))


def _of_replica(region: str, name: str) -> str:
    return tr("Replica in {region}: {name}", region=region, name=name.lower())
