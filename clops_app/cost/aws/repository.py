"""Container images: what a registry stores, by usage (https://aws.amazon.com/ecr/pricing/)."""

from __future__ import annotations

from clops_app.cost.pricing import Parts, Pricing, by_usage, list_price
from clops_app.language import tr
from clops_app.model.resource import Resource

USAGE = {"aws_ecr_repository": ("storage_gb",)}


def parts(resource: Resource, pricing: Pricing) -> Parts:
    price = list_price(pricing, resource, "ecr", "EC2 Container Registry", "GB-month")
    yield by_usage(pricing, resource, tr("Storage"), price, "storage_gb")
