"""NAT gateways: every hour they exist, public or private, and every GB through them (https://aws.amazon.com/vpc/pricing/)."""

from __future__ import annotations

from clops_app.cost.pricing import Missing, Parts, Pricing, by_usage, fixed, list_price, text_at
from clops_app.language import tr
from clops_app.model.cost import HOURS_PER_MONTH
from clops_app.model.resource import Resource

USAGE = {"aws_nat_gateway": ("monthly_data_processed_gb",)}


def parts(resource: Resource, pricing: Pricing) -> Parts:
    hour = list_price(pricing, resource, "natgateway", "Hourly charge for NAT Gateways", "hour")
    gigabyte = list_price(pricing, resource, "natgateway", "Charge for per GB data processed by NatGateways", "GB")
    # A regional NAT gateway is billed per zone it works in (https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html).
    regional = text_at(resource, "availability_mode", "zonal")
    note = tr("one zone: a regional gateway is billed for each zone it works in") if regional == "regional" else None
    yield regional if isinstance(regional, Missing) else fixed(tr("NAT gateway"), hour, HOURS_PER_MONTH, note)
    yield by_usage(pricing, resource, tr("Data processed"), gigabyte, "monthly_data_processed_gb")
