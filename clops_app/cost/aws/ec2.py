"""One EC2 instance, however it is launched: its hours, credits, monitoring, disks and public address, per instance.

Instances, groups, node groups and Spot requests all ask here; settings come from the resource or its launch template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from clops_app.cost.aws.ebs import Disk, declared, disk_parts
from clops_app.cost.aws.ipv4 import public_address
from clops_app.cost.book import Price
from clops_app.cost.pricing import Missing, Part, Parts, Pricing, Quantity, fixed, list_price, named, set_usage, text_of, told_by
from clops_app.kit import Absent, Known, Unknown, Value, blocks, read, text
from clops_app.language import tr
from clops_app.model.cost import HOURS_PER_MONTH, CostLine
from clops_app.model.resource import Resource

# Keys of Infracost's usage file for the same things.
USAGE = ("operating_system", "monthly_hrs", "monthly_cpu_credit_hrs", "vcpu_count")

# What most Linux images start with: Amazon Linux 2023 and the EKS images have a gp3 root volume, and 8 GiB is the size of Amazon
# Linux 2023 and Ubuntu (https://docs.aws.amazon.com/linux/al2023/ug/compare-with-al2.html, "gp3 as default EBS volume type").
ROOT_GIB = 8
ROOT_TYPE = "gp3"
ROOT_DEVICES = ("/dev/xvda", "/dev/sda1")  # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/device_naming.html

# vCPUs of the burstable sizes (https://aws.amazon.com/ec2/instance-types/t3/, …/t2/): all others of these families have two.
_BURSTABLE = re.compile(r"(t2|t3|t3a|t4g)\.(\w+)")
_VCPUS = {"xlarge": 4, "2xlarge": 8}
_T2_ONE_VCPU = ("nano", "micro", "small")
# One price for all sizes and regions (https://aws.amazon.com/ec2/pricing/on-demand/, on Unlimited mode of T2, T3 and T4g).
# The days are those of public copies that agree: Infracost's golden files, and for T4g a calculation of somebody's in Seoul.
_CREDITS_SOURCE = "https://aws.amazon.com/ec2/pricing/on-demand/ (the same in all regions)"
_CREDIT = {"t4g": (Decimal("0.04"), "2026-09-27")}
_CREDIT_X86 = (Decimal("0.05"), "2026-08-21")

# Families older than EBS optimisation at no charge (https://aws.amazon.com/ec2/pricing/on-demand/, "EBS-Optimized Instances").
_SURCHARGED = ("c1.", "c3.", "g2.", "i2.", "m1.", "m2.", "m3.", "r3.")
METRICS_OF_DETAILED_MONITORING = 7  # https://aws.amazon.com/cloudwatch/pricing/, example 1: EC2 detailed monitoring


@dataclass(frozen=True, slots=True)
class Count:
    """How many instances run; `note` says what was assumed."""

    number: Quantity
    note: str | None = None


ONE = Count(1)


def instance_type(pricing: Pricing, resource: Resource) -> str | Missing:
    """The type it is launched as, Missing where that is unknown or not written."""
    found = text_of(pricing.architecture.launch(resource, "instance_type")[0], "", "instance_type")
    return Missing(tr("no instance type is written")) if found == "" else found


def ec2_hourly(pricing: Pricing, resource: Resource, type: str, system: str = "linux") -> Price | Missing:
    """What an hour of this type costs on demand, shared tenancy."""
    if system != "linux":
        return Missing(tr("ClOps has no prices for {system} instances", system=system))
    return list_price(pricing, resource, "ec2", type, "hour")


def times(parts: Iterator[Part], count: Count) -> Parts:
    """The parts of one instance, that many times."""
    for part in parts:
        match part:
            case CostLine():
                quantity = None if part.quantity is None else part.quantity * count.number
                yield replace(part, quantity=quantity, assumption="; ".join(filter(None, (count.note, part.assumption))) or None)
            case Missing():
                yield part


def instance_parts(pricing: Pricing, resource: Resource, type: str | Missing, spot: bool = False) -> Parts:
    """All that one instance of this launch costs but its disks."""
    match type:
        case Missing() as missing:
            yield named(tr("instance"), missing)
            return
        case _:
            pass
    yield from _hours(pricing, resource, type, spot)
    yield from _credits(pricing, resource, type)
    yield from _monitoring(pricing, resource)
    if type.startswith(_SURCHARGED) and pricing.architecture.launch(resource, "ebs_optimized")[0] == Known(True):
        yield Missing(tr("EBS-optimised surcharge of {type}: no price", type=type))
    yield from public_address(pricing, resource)


def _monitoring(pricing: Pricing, resource: Resource) -> Parts:
    """Detailed monitoring is off unless asked for, but on for launch configurations (the provider's documentation, enable_monitoring)."""
    match pricing.architecture.launch(resource, "monitoring")[0]:
        case Unknown(why=why):
            yield Missing(tr("whether it is monitored in detail is unknown: {why}", why=why))
            return
        case Known(wanted):
            pass
        case Absent():
            wanted = any(each.type == "aws_launch_configuration" for each in templates(pricing, resource))
    if wanted is True:
        metric = list_price(pricing, resource, "cloudwatch", "Metric for the first 10000", "metric-month")
        yield fixed(tr("Detailed monitoring"), metric, METRICS_OF_DETAILED_MONITORING)


def _hours(pricing: Pricing, resource: Resource, type: str, spot: bool) -> Parts:
    tenancy = text_of(pricing.architecture.launch(resource, "tenancy")[0], "default", "tenancy")
    match tenancy:
        case Missing() as missing:
            yield named(tr("instance"), missing)
            return
        case "dedicated":
            yield Missing(tr("instance: ClOps has no prices for dedicated instances"))
            return
        case "host":
            return  # billed as the dedicated host it runs on
        case _:
            pass
    price = ec2_hourly(pricing, resource, type, operating_system(pricing, resource))
    notes = [tr("Spot: the price changes by the minute and is at most this on-demand price")] if spot else []
    told = pricing.usage.number(resource, "monthly_hrs")
    if told is not None:
        notes.append(told_by("monthly_hrs"))
    yield fixed(tr("Instance, {type}", type=type), price, HOURS_PER_MONTH if told is None else told, "; ".join(notes) or None)


def _credits(pricing: Pricing, resource: Resource, type: str) -> Parts:
    found = _BURSTABLE.fullmatch(type)
    if found is None:
        return
    family, size = found.groups()
    written = pricing.architecture.launch(resource, "credit_specification[0].cpu_credits")[0]
    # T3, T3a and T4g start as unlimited, T2 as standard (docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances.html).
    if text(written, "standard" if family == "t2" else "unlimited") == "standard":
        return
    vcpus = pricing.usage.number(resource, "vcpu_count") or Decimal(1 if family == "t2" and size in _T2_ONE_VCPU else _VCPUS.get(size, 2))
    hours = pricing.usage.number(resource, "monthly_cpu_credit_hrs")
    key = "monthly_cpu_credit_hrs"
    usd, date = _CREDIT.get(family, _CREDIT_X86)
    yield CostLine(
        tr("CPU credits above the baseline"),
        None if hours is None else hours * vcpus,
        "vCPU-hour",
        usd,
        set_usage(resource, key) if hours is None else told_by(key),
        _CREDITS_SOURCE,
        date,
    )


def operating_system(pricing: Pricing, resource: Resource) -> str:
    """linux, unless usage, the image's search terms or the start script say another."""
    told = pricing.usage.text(resource, "operating_system")
    if told is not None:
        return told.lower()
    if read(resource, "get_password_data") == Known(True):
        return "windows"
    if "<powershell>" in text(pricing.architecture.launch(resource, "user_data")[0]).lower():
        return "windows"
    hints = " ".join(_image_hints(pricing, resource)).lower()
    return next((system for system, signs in _SIGNS.items() if any(sign in hints for sign in signs)), "linux")


# Words of image names, SSM parameter paths and image owners (309956199498 is Red Hat's account,
# https://access.redhat.com/solutions/15356) that say what licence is billed with the hour.
_SIGNS = {
    "windows": ("windows",),
    "rhel": ("rhel", "309956199498"),
    "suse": ("suse", "sles"),
    "ubuntu_pro": ("ubuntu-pro",),
    "marketplace": ("aws-marketplace",),
}


def _image_hints(pricing: Pricing, resource: Resource) -> Iterator[str]:
    for launched in (resource, *templates(pricing, resource)):
        for attribute in ("ami", "image_id"):
            yield text(read(launched, attribute))
            for image in pricing.architecture.linked(launched, attribute, "data.aws_ami", "data.aws_ssm_parameter"):
                yield from (text(read(image, path)) for path in ("name", "name_regex", "platform"))
                yield from _strings(read(image, "owners"))
                for path, _ in blocks(image, "filter"):
                    yield from _strings(read(image, f"{path}.values"))


def _strings(value: Value) -> tuple[str, ...]:
    match value:
        case Known(tuple() as items):
            return tuple(item for item in items if isinstance(item, str))
        case _:
            return ()


def templates(pricing: Pricing, resource: Resource) -> tuple[Resource, ...]:
    """The launch templates or configuration it is launched from, as far as this root has them."""
    for path in ("launch_template", "launch_configuration", "mixed_instances_policy"):
        found = pricing.architecture.linked(resource, path, "aws_launch_template", "aws_launch_configuration")
        if found:
            return found[:1]
    return ()


def disks_of(pricing: Pricing, resource: Resource) -> Parts:
    """The volumes of one instance: root and others, those of its launch template where it does not say itself."""
    template = next(iter(templates(pricing, resource)), None)
    sources = (resource,) if template is None else (resource, template)
    roots = [disk for source in sources for disk in _roots(source)]
    root = roots[0] if roots else Disk(tr("Root volume"), ROOT_TYPE, ROOT_GIB, assumption=_root_note())
    yield from disk_parts(pricing, resource, root)
    others: dict[str, Disk] = {}
    for source in sources:
        for disk in _others(source):
            others.setdefault(disk.name, disk)  # what the instance says of a device goes before its template
    for disk in others.values():
        yield from disk_parts(pricing, resource, disk)


def _roots(source: Resource) -> Iterator[Disk]:
    for path, _ in blocks(source, "root_block_device"):
        yield declared(tr("Root volume"), source, path, ROOT_TYPE, ROOT_GIB, _root_note())
    for path, _ in blocks(source, "block_device_mappings"):
        if text(read(source, f"{path}.device_name")) in ROOT_DEVICES and read(source, f"{path}.ebs") != _ABSENT:
            yield declared(tr("Root volume"), source, f"{path}.ebs[0]", ROOT_TYPE, ROOT_GIB, _root_note())


def _root_note() -> str:
    return tr("size and type are the image's: {size} GiB {type} assumed", size=ROOT_GIB, type=ROOT_TYPE)


def _others(source: Resource) -> Iterator[Disk]:
    """Volumes beside the root. RunInstances makes gp2 where no type is given (API reference, EbsBlockDevice)."""
    no_size = Missing(tr("its size is that of the snapshot"))
    for path, _ in blocks(source, "ebs_block_device"):
        yield declared(_named(source, path), source, path, "gp2", no_size)
    for path, _ in blocks(source, "block_device_mappings"):
        if text(read(source, f"{path}.device_name")) not in ROOT_DEVICES and read(source, f"{path}.ebs") != _ABSENT:
            yield declared(_named(source, path), source, f"{path}.ebs[0]", "gp2", no_size)


def _named(source: Resource, path: str) -> str:
    match read(source, f"{path}.device_name"):
        case Known(str() as name):
            return tr("Volume {name}", name=name)
        case Known() | Unknown() | Absent():
            return tr("Volume {name}", name=path)


_ABSENT = Absent()
