"""ECS: tasks on Fargate by CPU and memory; tasks on instances cost what the instances cost, which are billed on their own.

Source: https://aws.amazon.com/fargate/pricing/ (20 GB of storage included; Fargate Spot has no list price).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from clops_app.cost.aws.autoscaling_group import NONE_RUNS
from clops_app.cost.aws.ec2 import Count, times
from clops_app.cost.aws.ipv4 import address_if
from clops_app.cost.pricing import Missing, Parts, Pricing, Quantity, fixed, list_price, number_at, text_at, told_by
from clops_app.kit import Absent, Known, Unknown, Value, blocks, read, text
from clops_app.language import tr, tr_noop
from clops_app.model.cost import HOURS_PER_MONTH
from clops_app.model.resource import Resource
from clops_app.model.values import Datum

USAGE: Mapping[str, tuple[str, ...]] = {"aws_ecs_service": ("instances",), "aws_ecs_cluster": (), "aws_ecs_capacity_provider": ()}

INCLUDED_STORAGE_GIB = 20
CPU_UNITS_PER_VCPU = 1024
SPOT_NOTE = tr_noop("Fargate Spot: up to 70 % cheaper, without a list price; at most this")  # https://aws.amazon.com/fargate/pricing/


@dataclass(frozen=True, slots=True)
class Task:
    """What one task asks for."""

    vcpus: Decimal
    memory_gib: Decimal
    arm: bool
    extra_storage_gib: Quantity


def parts(resource: Resource, pricing: Pricing) -> Parts:
    if resource.type == "aws_ecs_cluster":
        yield from _insights(resource)
        return
    if resource.type == "aws_ecs_capacity_provider":
        if blocks(resource, "managed_instances_provider"):
            yield Missing(tr("managed instances: ECS starts them by what tasks ask for, which Terraform does not say"))
        return
    match _runs_on(resource, pricing):
        case Missing() as missing:
            yield missing
        case "FARGATE" | "FARGATE_SPOT" as launched:
            yield from _service(resource, pricing, launched == "FARGATE_SPOT")
        case _:
            pass


def _insights(cluster: Resource) -> Parts:
    for path, _ in blocks(cluster, "setting"):
        if text(read(cluster, f"{path}.name")) == "containerInsights" and text(read(cluster, f"{path}.value")) in ("enabled", "enhanced"):
            yield Missing(tr("Container Insights: its metrics and logs are billed by what runs in the cluster"))


def _runs_on(service: Resource, pricing: Pricing) -> str | Missing:
    """FARGATE, FARGATE_SPOT, EC2 or another capacity provider, whose instances are billed on their own."""
    launch_type = text_at(service, "launch_type", "")
    if launch_type != "":
        return launch_type
    own = service.values.get("capacity_provider_strategy")
    if own is not None:
        made_here = pricing.architecture.linked(service, "capacity_provider_strategy", "aws_ecs_capacity_provider")
        named = _strategy(own)
        return "EC2" if made_here and isinstance(named, Missing) else named
    for cluster in pricing.architecture.linked(service, "cluster", "aws_ecs_cluster"):
        for providers in pricing.architecture.referring(cluster, "aws_ecs_cluster_capacity_providers"):
            default = providers.values.get("default_capacity_provider_strategy")
            if default:
                return _strategy(default)
    # The API's default is EC2 (docs: AmazonECS/latest/APIReference/API_CreateService.html), where a task made for Fargate alone cannot run.
    made_for = [read(each, "requires_compatibilities") for each in _definitions(service, pricing)]
    return "FARGATE" if made_for == [Known(("FARGATE",))] else "EC2"


def _strategy(items: Datum) -> str | Missing:
    """Fargate if any part runs there; Spot, whose lines say that they are an upper bound, if any part may be Spot."""
    if isinstance(items, Unknown):
        return Missing(tr("{name} is unknown: {why}", name="capacity_provider_strategy", why=items.why))
    names = [item.get("capacity_provider") for item in items if isinstance(item, Mapping)] if isinstance(items, tuple) else []
    for wanted in ("FARGATE_SPOT", "FARGATE"):
        if wanted in names:
            return wanted
    unknown = next((name for name in names if isinstance(name, Unknown) and name.ref is None), None)
    return Missing(tr("its capacity provider is unknown: {why}", why=unknown.why)) if isinstance(unknown, Unknown) else "EC2"


def _service(service: Resource, pricing: Pricing, spot: bool) -> Parts:
    match _count(service, pricing), _task(service, pricing):
        case Missing() as missing, _:
            yield missing
        case _, Missing() as missing:
            yield missing
        case Count() as count, Task() as task:
            yield from times(_task_parts(service, pricing, task, spot), count)


def _task_parts(service: Resource, pricing: Pricing, task: Task, spot: bool) -> Parts:
    arm = "ARM " if task.arm else ""
    note = tr(SPOT_NOTE) if spot else None
    cpu = list_price(pricing, service, "ecs", f"{arm}perCPU per hour", "vCPU-hour")
    memory = list_price(pricing, service, "ecs", f"{arm}perGB per hour", "GB-hour")
    yield fixed(tr("Fargate CPU (ARM)") if task.arm else tr("Fargate CPU"), cpu, task.vcpus * HOURS_PER_MONTH, note)
    yield fixed(tr("Fargate memory (ARM)") if task.arm else tr("Fargate memory"), memory, task.memory_gib * HOURS_PER_MONTH, note)
    if task.extra_storage_gib > 0:
        storage = list_price(pricing, service, "ecs", "Storage per GB-Hours", "GB-hour")
        name = tr("Ephemeral storage above {amount}", amount=f"{INCLUDED_STORAGE_GIB} GB")
        yield fixed(name, storage, task.extra_storage_gib * HOURS_PER_MONTH)
    yield from address_if(pricing, service, read(service, "network_configuration[0].assign_public_ip"))


def _count(service: Resource, pricing: Pricing) -> Count | Missing:
    """How many tasks: usage, the least an Application Auto Scaling target keeps, desired_count."""
    told = pricing.usage.number(service, "instances")
    if told is not None:
        return Count(told, told_by("instances"))
    for target in pricing.architecture.scalers(service):
        match read(target, "min_capacity"):
            case Known(int() | Decimal() as least):
                return Count(least, tr("the least that {address} keeps", address=target.address))
            case Known() | Unknown() | Absent():
                pass
    if text(read(service, "scheduling_strategy")) == "DAEMON":
        return Missing(tr("a daemon service runs on every instance of its cluster"))
    match read(service, "desired_count"):
        case Unknown(why=why):
            return Count(1, tr("{name} is unknown ({why}): counted once", name="desired_count", why=why))
        case _:
            # 0 where it is not written (the provider's documentation of aws_ecs_service).
            number = number_at(service, "desired_count", 0)
            return number if isinstance(number, Missing) else Count(number, None if number else tr(NONE_RUNS))


def _definitions(service: Resource, pricing: Pricing) -> tuple[Resource, ...]:
    return pricing.architecture.linked(service, "task_definition", "aws_ecs_task_definition")[:1]


def _task(service: Resource, pricing: Pricing) -> Task | Missing:
    definitions = _definitions(service, pricing)
    if not definitions:
        return Missing(tr("its task definition is not in this root"))
    definition = definitions[0]
    system = text_at(definition, "runtime_platform[0].operating_system_family", "LINUX")
    processor = text_at(definition, "runtime_platform[0].cpu_architecture", "X86_64")
    if isinstance(system, Missing):
        return system
    if isinstance(processor, Missing):
        return processor
    if system != "LINUX":
        return Missing(tr("ClOps has no prices for {system} tasks on Fargate", system=system))
    vcpus = _sized(read(definition, "cpu"), "cpu", " vcpu", CPU_UNITS_PER_VCPU)
    memory = _sized(read(definition, "memory"), "memory", " gb", 1024)
    storage = number_at(definition, "ephemeral_storage[0].size_in_gib", INCLUDED_STORAGE_GIB)
    match vcpus, memory, storage:
        case Missing() as missing, _, _:
            return missing
        case _, Missing() as missing, _:
            return missing
        case _, _, Missing() as missing:
            return missing
        case Decimal() as cpu, Decimal() as gib, (int() | Decimal()) as disk:
            return Task(cpu, gib, processor == "ARM64", disk - INCLUDED_STORAGE_GIB)


def _sized(value: Value, name: str, suffix: str, divisor: int) -> Decimal | Missing:
    """ "256", 256, "1 vCPU", "2 GB": units or MiB without a word, whole ones with it."""
    match value:
        case Known(int() | Decimal() as units):
            return Decimal(units) / divisor
        case Known(str() as words):
            whole = words.lower().replace(suffix, "").replace(suffix.strip(), "").strip()
            if not whole.replace(".", "", 1).isdigit():
                return Missing(tr("{name} {value} of its task definition is not an amount", name=name, value=repr(words)))
            return Decimal(whole) if suffix.strip() in words.lower() else Decimal(whole) / divisor
        case Unknown(why=why):
            return Missing(tr("{name} of its task definition is unknown: {why}", name=name, why=why))
        case _:
            return Missing(tr("its task definition says no {name}", name=name))
