"""Load balancers: the hour, the public addresses of those that face the internet, and capacity units by traffic.

Sources: https://aws.amazon.com/elasticloadbalancing/pricing/ (hours and what one capacity unit carries) and
https://aws.amazon.com/vpc/pricing/ (an address in each subnet of an internet-facing load balancer).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from clops_app.cost.aws.ipv4 import ipv4_hour
from clops_app.cost.book import Price
from clops_app.cost.pricing import (
    Missing,
    Part,
    Parts,
    Pricing,
    by_usage,
    fixed,
    flag_at,
    list_price,
    named,
    number_at,
    set_usage,
    text_at,
    told_by,
)
from clops_app.kit import Resource, blocks, read, text
from clops_app.language import tr
from clops_app.model.cost import HOURS_PER_MONTH, CostLine

# Infracost's keys: new connections a second, active connections a minute, GB a month, rule evaluations a second.
_KEYS = ("new_connections", "active_connections", "processed_bytes_gb", "rule_evaluations")
USAGE = {"aws_lb": _KEYS, "aws_alb": _KEYS, "aws_elb": ("monthly_data_processed_gb",), "aws_lb_trust_store": ()}


@dataclass(frozen=True, slots=True)
class Kind:
    """`label` begins AWS's labels; one capacity unit carries `unit` of each usage key. `zones` is the least it stands in."""

    name: str
    label: str
    unit: Mapping[str, int]
    zones: int


ALB = Kind(
    "Application",
    "Application Load Balancer",
    {"new_connections": 25, "active_connections": 3000, "processed_bytes_gb": 1, "rule_evaluations": 1000},
    2,
)
NLB = Kind("Network", "Network Load Balancer", {"new_connections": 800, "active_connections": 100_000, "processed_bytes_gb": 1}, 1)
NLB_TLS = Kind("Network", "Network Load Balancer", {"new_connections": 50, "active_connections": 3000, "processed_bytes_gb": 1}, 1)
NLB_UDP = Kind("Network", "Network Load Balancer", {"new_connections": 400, "active_connections": 50_000, "processed_bytes_gb": 1}, 1)
GWLB = Kind("Gateway", "Gateway Load Balancer", {"new_connections": 600, "active_connections": 60_000, "processed_bytes_gb": 1}, 1)
CLB = Kind("Classic", "Classic Load Balancer", {}, 1)


def lb_hour(pricing: Pricing, resource: Resource, kind: Kind) -> Price | Missing:
    """What an hour of this kind of load balancer costs."""
    return list_price(pricing, resource, "elb", f"{kind.label} Hours", "hour")


def parts(resource: Resource, pricing: Pricing) -> Parts:
    if resource.type == "aws_elb":
        yield fixed(tr("{kind} load balancer", kind=CLB.name), lb_hour(pricing, resource, CLB), HOURS_PER_MONTH)
        data = list_price(pricing, resource, "elb", f"{CLB.label} Data", "GB")
        yield by_usage(pricing, resource, tr("Data processed"), data, "monthly_data_processed_gb")
        yield from _addresses(resource, pricing, CLB)
        return
    if resource.type == "aws_lb_trust_store":
        hour = list_price(pricing, resource, "elb", "TS Application Load Balancer Hours", "hour")
        yield fixed(tr("Trust store"), hour, HOURS_PER_MONTH, tr("billed while a listener uses it"))
        return
    match text_at(resource, "load_balancer_type", "application"):
        case Missing() as missing:
            yield missing
        case type:
            kind = {"application": ALB, "gateway": GWLB}.get(type) or _network(resource, pricing)
            yield fixed(tr("{kind} load balancer", kind=kind.name), lb_hour(pricing, resource, kind), HOURS_PER_MONTH)
            yield from _capacity(resource, pricing, kind)
            if kind is not GWLB:
                yield from _addresses(resource, pricing, kind)


def _network(resource: Resource, pricing: Pricing) -> Kind:
    """The protocol of its listeners decides what a capacity unit carries: the smallest of theirs."""
    listeners = pricing.architecture.referring(resource, "aws_lb_listener")
    protocols = {text(read(listener, "protocol")) for listener in listeners}
    if "TLS" in protocols:
        return NLB_TLS
    return NLB_UDP if protocols & {"UDP", "TCP_UDP"} else NLB


def _capacity(resource: Resource, pricing: Pricing, kind: Kind) -> Parts:
    """Capacity units: the dearest of what is told a unit carries, an hour, and never less than what is reserved."""
    price = list_price(pricing, resource, "elb", f"{kind.label} LCU Hours", "LCU-hour")
    reserved = number_at(resource, "minimum_load_balancer_capacity[0].capacity_units", 0)
    if reserved != 0:
        dear = list_price(pricing, resource, "elb", f"{kind.label} ReservedLCU-Hr", "LCU-hour")
        yield reserved if isinstance(reserved, Missing) else fixed(tr("Reserved capacity units"), dear, reserved * HOURS_PER_MONTH)
    told = {key: pricing.usage.number(resource, key) for key in kind.unit}
    units = [_an_hour(key, amount) / kind.unit[key] for key, amount in told.items() if amount is not None]
    match price:
        case Missing() as missing:
            yield named(tr("Capacity units"), missing)
        case Price(usd, unit, source, date):
            quantity = max(units) * HOURS_PER_MONTH if units else None
            used = [key for key, amount in told.items() if amount is not None]
            note = told_by(*used) if used else set_usage(resource, *kind.unit)
            yield CostLine(tr("Capacity units"), quantity, unit, usd, note, source, date)


def _an_hour(key: str, amount: Decimal) -> Decimal:
    return amount / HOURS_PER_MONTH if key == "processed_bytes_gb" else amount


def _addresses(resource: Resource, pricing: Pricing, kind: Kind) -> Parts:
    """One address a subnet, unless it is internal or brings Elastic IPs, which are billed on their own."""
    match flag_at(resource, "internal", False):
        case Missing() as missing:
            yield named(tr("Public IPv4 addresses"), missing)
            return
        case True:
            return
        case False:
            pass
    if text(read(resource, "ip_address_type")) == "dualstack-without-public-ipv4":
        return
    own = [path for path, mapping in blocks(resource, "subnet_mapping") if mapping.get("allocation_id") is not None]
    mapped = len(blocks(resource, "subnet_mapping"))
    yield _address_line(resource, pricing, kind, mapped - len(own) if mapped else _subnets(resource))


def _subnets(resource: Resource) -> int | None:
    for name in ("subnets", "availability_zones"):
        match resource.values.get(name):
            case tuple() as subnets if subnets:
                return len(subnets)
            case _:
                pass
    return None


def _address_line(resource: Resource, pricing: Pricing, kind: Kind, number: int | None) -> Part:
    if number is None:
        note = tr("how many subnets it has is unknown: the least, {count}, counted", count=kind.zones)
        return fixed(tr("Public IPv4 addresses"), ipv4_hour(pricing, resource), kind.zones * HOURS_PER_MONTH, note)
    return fixed(tr("Public IPv4 addresses"), ipv4_hour(pricing, resource), number * HOURS_PER_MONTH)
