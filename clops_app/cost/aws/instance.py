"""EC2 instances and Spot instance requests: hours, credits, disks and public address (https://aws.amazon.com/ec2/pricing/)."""

from __future__ import annotations

from clops_app.cost.aws import ec2
from clops_app.cost.pricing import Parts, Pricing
from clops_app.kit import text
from clops_app.model.resource import Resource

_KEYS = (*ec2.USAGE, "monthly_standard_io_requests")
USAGE = {"aws_instance": _KEYS, "aws_spot_instance_request": _KEYS}


def parts(resource: Resource, pricing: Pricing) -> Parts:
    yield from ec2.instance_parts(pricing, resource, ec2.instance_type(pricing, resource), _is_spot(resource, pricing))
    yield from ec2.disks_of(pricing, resource)


def _is_spot(resource: Resource, pricing: Pricing) -> bool:
    market = text(pricing.architecture.launch(resource, "instance_market_options[0].market_type")[0])
    return resource.type == "aws_spot_instance_request" or market == "spot"
