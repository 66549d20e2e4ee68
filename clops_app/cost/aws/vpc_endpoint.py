"""VPC endpoints: gateway endpoints are free, the others are billed for each subnet they stand in and each GB.

Source: https://aws.amazon.com/privatelink/pricing/ (GB: first PB, next 4 PB, over 5 PB).
"""

from __future__ import annotations

from clops_app.cost.pricing import Missing, Parts, Pricing, Step, by_usage, fixed, list_price, stepped_by_usage, text_at
from clops_app.kit import Unknown, blocks, read, text
from clops_app.language import tr
from clops_app.model.cost import HOURS_PER_MONTH
from clops_app.model.resource import Resource

_DATA = "monthly_data_processed_gb"
USAGE = {"aws_vpc_endpoint": (_DATA,), "aws_vpc_endpoint_subnet_association": ()}
GB_PER_PB = 1_048_576
_INTERFACE = "Hourly charge for VPC Endpoints per Hrs"
_GATEWAY_LOAD_BALANCER = "Hourly charge for AWS Gateway Load Balancer VPC Endpoint per Hrs"


def parts(resource: Resource, pricing: Pricing) -> Parts:
    if resource.type == "aws_vpc_endpoint_subnet_association":
        yield from _association(resource, pricing)
        return
    match text_at(resource, "vpc_endpoint_type", "Gateway"):
        case Missing() as missing:
            yield missing
        case "Gateway":
            pass
        case "Interface":
            yield from _hours(resource, pricing, tr("Interface endpoint"), _INTERFACE)
            yield from stepped_by_usage(pricing, resource, tr("Data processed"), _steps(resource, pricing), _DATA)
        case "GatewayLoadBalancer":
            yield from _hours(resource, pricing, tr("Gateway Load Balancer endpoint"), _GATEWAY_LOAD_BALANCER)
            item = "Charge for per GB data processed by AWS Gateway Load Balancer VPC Endpoint per GB"
            yield by_usage(pricing, resource, tr("Data processed"), list_price(pricing, resource, "vpc", item, "GB"), _DATA)
        case other:
            yield Missing(tr("ClOps has no prices for {type} endpoints", type=other))


def _association(resource: Resource, pricing: Pricing) -> Parts:
    endpoints = pricing.architecture.linked(resource, "vpc_endpoint_id", "aws_vpc_endpoint")
    kinds = {text(read(endpoint, "vpc_endpoint_type")) for endpoint in endpoints}
    item = _GATEWAY_LOAD_BALANCER if "GatewayLoadBalancer" in kinds else _INTERFACE
    yield fixed(tr("Endpoint in one more subnet"), list_price(pricing, resource, "vpc", item, "hour"), HOURS_PER_MONTH)


def _hours(resource: Resource, pricing: Pricing, name: str, item: str) -> Parts:
    price = list_price(pricing, resource, "vpc", item, "hour")
    match resource.values.get("subnet_ids"):
        case tuple() as subnets if subnets:
            words = tr("{name} × {count} subnets", name=name, count=len(subnets)) if len(subnets) > 1 else name
            yield fixed(words, price, len(subnets) * HOURS_PER_MONTH)
        case Unknown(why=why):
            yield fixed(name, price, HOURS_PER_MONTH, tr("its subnets are unknown ({why}): one counted", why=why))
        case _:
            configured = len(blocks(resource, "subnet_configuration"))
            if configured:
                yield fixed(name, price, configured * HOURS_PER_MONTH)
            elif not pricing.architecture.referring(resource, "aws_vpc_endpoint_subnet_association"):
                yield fixed(name, price, HOURS_PER_MONTH, tr("no subnet is written: one counted"))


def _steps(resource: Resource, pricing: Pricing) -> tuple[Step, ...]:
    label = "Charge for per GB data processed by VPC Endpoints per GB from {}"
    return (
        Step(tr("first PB"), GB_PER_PB, list_price(pricing, resource, "vpc", label.format("0 to 1048576"), "GB")),
        Step(tr("next 4 PB"), 4 * GB_PER_PB, list_price(pricing, resource, "vpc", label.format("1048576 to 5242880"), "GB")),
        Step(tr("over 5 PB"), None, list_price(pricing, resource, "vpc", label.format("5242880 to Inf"), "GB")),
    )
