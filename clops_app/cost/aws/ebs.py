"""EBS volumes, wherever they are declared: storage, and what is asked for above what the storage price includes.

Prices and what they include: https://aws.amazon.com/ebs/pricing/ (gp3: 3,000 IOPS and 125 MiB/s; io2: cheaper IOPS above 32,000
and 64,000).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from clops_app.cost.book import Price
from clops_app.cost.pricing import Missing, Parts, Pricing, Quantity, Step, by_usage, fixed, list_price, number_at, stepped, text_at
from clops_app.language import tr
from clops_app.model.resource import Resource

USAGE: Mapping[str, tuple[str, ...]] = {"aws_ebs_volume": ("monthly_standard_io_requests",)}

STORAGE = {
    "gp2": "Storage General Purpose gp2 GB Mo",
    "gp3": "Storage General Purpose gp3 GB Mo",
    "io1": "Storage Provisioned IOPS io1 GB Mo",
    "io2": "Storage Provisioned IOPS io2 GB month",
    "st1": "Storage Throughput Optimized HDD st1 GB Mo",
    "sc1": "Storage Cold HDD sc1 GB Mo",
    "standard": "Storage Magnetic standard GB Mo",
}
GP3_IOPS = 3000
GP3_MEBIBYTES_PER_SECOND = 125


@dataclass(frozen=True, slots=True)
class Disk:
    """One volume as declared; `name` tells which. None: AWS's default for that type."""

    name: str
    type: str | Missing
    size_gib: Quantity | Missing
    iops: Quantity | Missing | None = None
    throughput: Quantity | Missing | None = None
    assumption: str | None = None


def ebs_gib_month(pricing: Pricing, resource: Resource, type: str) -> Price | Missing:
    """What a GiB of this volume type costs a month."""
    if type not in STORAGE:
        return Missing(tr("{type} is not a volume type that ClOps knows", type=type))
    return list_price(pricing, resource, "ebs", STORAGE[type], "GiB-month")


def disk_parts(pricing: Pricing, resource: Resource, disk: Disk) -> Parts:
    """The lines of one volume."""
    match disk.type, disk.size_gib:
        case Missing(why), _:
            yield Missing(f"{disk.name}: {why}")
        case _, Missing(why):
            yield Missing(f"{disk.name}: {why}")
        case str() as type, (int() | Decimal()) as size:
            yield fixed(
                tr("{disk}, {type} storage", disk=disk.name, type=type), ebs_gib_month(pricing, resource, type), size, disk.assumption
            )
            yield from _performance(pricing, resource, disk, type)


def _performance(pricing: Pricing, resource: Resource, disk: Disk, type: str) -> Parts:
    if type in ("gp3", "io1", "io2") and disk.iops is not None:
        yield from _iops(pricing, resource, disk, type, disk.iops)
    if type == "gp3" and disk.throughput is not None:
        name = tr("{disk}, throughput above {amount}", disk=disk.name, amount=f"{GP3_MEBIBYTES_PER_SECOND} MiB/s")
        match disk.throughput:
            case Missing(why):
                yield Missing(f"{disk.name}: {why}")
            case asked if asked > GP3_MEBIBYTES_PER_SECOND:
                yield fixed(name, _mebibyte_per_second(pricing, resource), asked - GP3_MEBIBYTES_PER_SECOND)
    if type == "standard":
        requests = list_price(pricing, resource, "ebs", "Provisioned EBS I O Requests standard Volumes per IOs", "I/O request")
        yield by_usage(pricing, resource, tr("{disk}, I/O requests", disk=disk.name), requests, "monthly_standard_io_requests")


def _iops(pricing: Pricing, resource: Resource, disk: Disk, type: str, asked: Quantity | Missing) -> Parts:
    price = list_price(pricing, resource, "ebs", f"Provisioned EBS IOPS {type} Volumes per IOPS Mo", "IOPS-month")
    match asked:
        case Missing(why):
            yield Missing(f"{disk.name}: {why}")
        case _ if type == "gp3":
            if asked > GP3_IOPS:
                yield fixed(tr("{disk}, IOPS above {amount}", disk=disk.name, amount=GP3_IOPS), price, asked - GP3_IOPS)
        case _ if type == "io1":
            yield fixed(tr("{disk}, provisioned IOPS", disk=disk.name), price, asked)
        case _:
            steps = (
                Step(tr("first 32,000"), 32_000, price),
                Step(tr("next 32,000"), 32_000, list_price(pricing, resource, "ebs", _IO2.format(2), "IOPS-month")),
                Step(tr("over 64,000"), None, list_price(pricing, resource, "ebs", _IO2.format(3), "IOPS-month")),
            )
            yield from stepped(tr("{disk}, provisioned IOPS", disk=disk.name), Decimal(asked), steps, None)


_IO2 = "Provisioned EBS IOPS Tier {} io2 Volumes per IOPS Mo"


def _mebibyte_per_second(pricing: Pricing, resource: Resource) -> Price | Missing:
    """AWS lists a GiB/s; a volume is declared in MiB/s."""
    match list_price(pricing, resource, "ebs", "Provisioned Throughput gp3 per GiBps mo", "GiBps-month"):
        case Price(usd, _, source, date):
            return Price(usd / 1024, "MiBps-month", source, date)
        case missing:
            return missing


def declared(
    name: str, resource: Resource, path: str, default_type: str, default_size: Quantity | Missing, note: str | None = None
) -> Disk:
    """The volume that the block at `path` declares ("root_block_device[0]", "" for the resource itself)."""
    at = f"{path}." if path else ""
    size = number_at(resource, f"{at}volume_size", -1)
    return Disk(
        name,
        text_at(resource, f"{at}volume_type", default_type),
        default_size if size == -1 else size,
        _asked(number_at(resource, f"{at}iops", 0)),
        _asked(number_at(resource, f"{at}throughput", 0)),
        note if size == -1 else None,
    )


def _asked(number: Quantity | Missing) -> Quantity | Missing | None:
    return None if number == 0 else number


def parts(resource: Resource, pricing: Pricing) -> Parts:
    """An aws_ebs_volume: gp2 unless written (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ebs_volume)."""
    size = number_at(resource, "size", -1)
    disk = Disk(
        tr("Volume"),
        text_at(resource, "type", "gp2"),
        Missing(tr("its size is that of the snapshot")) if size == -1 else size,
        _asked(number_at(resource, "iops", 0)),
        _asked(number_at(resource, "throughput", 0)),
    )
    yield from disk_parts(pricing, resource, disk)
