"""EFS: storage and access by usage, provisioned throughput by the month (https://aws.amazon.com/efs/pricing/)."""

from __future__ import annotations

from clops_app.cost.pricing import Missing, Parts, Pricing, by_usage, fixed, list_price, number_at, text_at
from clops_app.kit import absent, blocks, read
from clops_app.language import tr
from clops_app.model.resource import Resource

USAGE = {
    "aws_efs_file_system": (
        "storage_gb",
        "infrequent_access_storage_gb",
        "monthly_infrequent_access_read_gb",
        "monthly_infrequent_access_write_gb",
        "monthly_elastic_read_gb",
        "monthly_elastic_write_gb",
    )
}


def parts(resource: Resource, pricing: Pricing) -> Parts:
    one_zone = "One Zone " if read(resource, "availability_zone_name") != absent else ""
    rows = [(tr("Storage"), f"{one_zone}General Purpose Storage GB Mo", "GB-month", "storage_gb")]
    if any(read(resource, f"{path}.transition_to_ia") != absent for path, _ in blocks(resource, "lifecycle_policy")):
        rows += [
            (tr("Infrequent access storage"), f"{one_zone}Infrequent Access Storage GB Mo", "GB-month", "infrequent_access_storage_gb"),
            (tr("Infrequent access reads"), "Infrequent Access Requests Read per GB", "GB", "monthly_infrequent_access_read_gb"),
            (tr("Infrequent access writes"), "Infrequent Access Requests Write per GB", "GB", "monthly_infrequent_access_write_gb"),
        ]
    mode = text_at(resource, "throughput_mode", "bursting")
    if mode == "elastic":
        rows += [
            (tr("Elastic throughput, reads"), "EFS Storage Requests Read per GB", "GB", "monthly_elastic_read_gb"),
            (tr("Elastic throughput, writes"), "EFS Storage Requests Write per GB", "GB", "monthly_elastic_write_gb"),
        ]
    for name, item, unit, key in rows:
        yield by_usage(pricing, resource, name, list_price(pricing, resource, "efs", item, unit), key)
    if isinstance(mode, Missing):
        yield mode
    elif mode == "provisioned":
        yield from _provisioned(resource, pricing)


def _provisioned(resource: Resource, pricing: Pricing) -> Parts:
    match number_at(resource, "provisioned_throughput_in_mibps", 0):
        case Missing() as missing:
            yield missing
        case throughput:
            price = list_price(pricing, resource, "efs", "Throughput Provisioned", "MiBps-month")
            yield fixed(tr("Provisioned throughput"), price, throughput, tr("before what the stored data includes, 1 MiB/s for 20 GB"))
