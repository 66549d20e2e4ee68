"""Auto Scaling groups: the instances that run at the desired size, with their disks; the group itself is free.

Size: desired_capacity, else min_size, else one (https://aws.amazon.com/ec2/autoscaling/pricing/: only what runs is billed).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from clops_app.cost.aws import ec2
from clops_app.cost.aws.ec2 import Count, times
from clops_app.cost.pricing import Missing, Parts, Pricing, Quantity, number_at, text_at, told_by
from clops_app.kit import Known, Unknown, absent, read, text
from clops_app.language import tr, tr_noop
from clops_app.model.resource import Resource

USAGE = {"aws_autoscaling_group": ("instances", *ec2.USAGE, "monthly_standard_io_requests")}

NONE_RUNS = tr_noop("it starts with none")

_POLICY = "mixed_instances_policy[0]"
_OVERRIDE = f"{_POLICY}.launch_template[0].override[0]"
_DISTRIBUTION = f"{_POLICY}.instances_distribution[0]"


@dataclass(frozen=True, slots=True)
class _Shares:
    """How many of the instances are on demand and how many are Spot."""

    on_demand: Quantity
    spot: Quantity


def parts(resource: Resource, pricing: Pricing) -> Parts:
    size = size_of(pricing, resource, ("desired_capacity", "min_size"))
    launched = ec2.instance_type(pricing, resource)
    shares = _shares(resource, pricing, size.number)
    if isinstance(shares, Missing):
        yield shares
        return
    if shares.on_demand or not shares.spot:
        yield from times(ec2.instance_parts(pricing, resource, launched, spot=False), Count(shares.on_demand, size.note))
    if shares.spot:
        yield from times(ec2.instance_parts(pricing, resource, launched, spot=True), Count(shares.spot, size.note))
    yield from times(ec2.disks_of(pricing, resource), Count(shares.on_demand + shares.spot, size.note))


def size_of(pricing: Pricing, resource: Resource, paths: tuple[str, ...]) -> Count:
    """How many run: what usage says, else the first of these attributes that is known, else one."""
    told = pricing.usage.number(resource, "instances")
    if told is not None:
        return Count(told, told_by("instances"))
    unknown: Unknown | None = None
    for path in paths:
        match read(resource, path):
            case Known(int() | Decimal() as number) if unknown is not None:
                return Count(number, tr("{name} is unknown ({why}): {other} counted", name=paths[0], why=unknown.why, other=path))
            case Known(int() | Decimal() as number):
                return Count(number, None if number else tr(NONE_RUNS))
            case Unknown() as found if unknown is None:
                unknown = found
            case _:
                pass
    if unknown is not None:
        return Count(1, tr("{name} is unknown ({why}): counted once", name=paths[0], why=unknown.why))
    return Count(1, tr("no size is written: counted once"))


def _shares(resource: Resource, pricing: Pricing, number: Quantity) -> _Shares | Missing:
    """On demand and Spot, in instances of the first override's weight.

    Defaults: on-demand base 0, 100 % on demand above it, weight 1
    (https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstancesDistribution.html).
    """
    if read(resource, _POLICY) == absent:
        spot = text(pricing.architecture.launch(resource, "instance_market_options[0].market_type")[0]) == "spot"
        bid = pricing.architecture.launch(resource, "spot_price")[0] != absent
        return _Shares(0, number) if spot or bid else _Shares(number, 0)
    base = number_at(resource, f"{_DISTRIBUTION}.on_demand_base_capacity", 0)
    percent = number_at(resource, f"{_DISTRIBUTION}.on_demand_percentage_above_base_capacity", 100)
    weight = text_at(resource, f"{_OVERRIDE}.weighted_capacity", "1")
    match base, percent, weight:
        case Missing() as missing, _, _:
            return missing
        case _, Missing() as missing, _:
            return missing
        case _, _, Missing() as missing:
            return missing
        case (int() | Decimal()) as fixed_base, (int() | Decimal()) as above, str() as heavy:
            total = _up(Decimal(number) / Decimal(heavy))
            first = min(Decimal(total), _up(Decimal(fixed_base) / Decimal(heavy)))
            on_demand = first + _up((total - first) * above / 100)
            return _Shares(on_demand, total - on_demand)


def _up(number: Decimal) -> Decimal:
    return number.to_integral_value(ROUND_CEILING)
