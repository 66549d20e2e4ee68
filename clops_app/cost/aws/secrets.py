"""Secrets and keys: each by the month, their requests by usage.

Sources: https://aws.amazon.com/secrets-manager/pricing/ and https://aws.amazon.com/kms/pricing/
"""

from __future__ import annotations

from clops_app.cost.pricing import Missing, Part, Parts, Pricing, by_usage, fixed, list_price, text_at
from clops_app.kit import Known, blocks, read, text
from clops_app.language import tr
from clops_app.model.resource import Resource

USAGE = {
    "aws_secretsmanager_secret": ("monthly_requests",),
    "aws_kms_key": ("monthly_requests",),
    "aws_kms_external_key": ("monthly_requests",),
    "aws_kms_replica_key": ("monthly_requests",),
    "aws_kms_replica_external_key": ("monthly_requests",),
}


def parts(resource: Resource, pricing: Pricing) -> Parts:
    yield from _secret(resource, pricing) if resource.type == "aws_secretsmanager_secret" else _key(resource, pricing)


def _secret(resource: Resource, pricing: Pricing) -> Parts:
    yield fixed(tr("Secret"), list_price(pricing, resource, "secretsmanager", "Secret", "secret-month"), 1)
    for path, _ in blocks(resource, "replica"):  # a replica is billed as a secret of its region
        match read(resource, f"{path}.region"):
            case Known(str() as region):
                price = list_price(pricing, resource._replace(region=region), "secretsmanager", "Secret", "secret-month")
                yield fixed(tr("Replica in {region}", region=region), price, 1)
            case _:
                yield Missing(tr("the region of a replica is unknown"))
    request = list_price(pricing, resource, "secretsmanager", "API Request", "request")
    yield by_usage(pricing, resource, tr("Requests"), request, "monthly_requests")


def _key(resource: Resource, pricing: Pricing) -> Parts:
    rotates = read(resource, "enable_key_rotation") == Known(True)
    note = tr("each of its first two rotations adds as much") if rotates else None
    yield fixed(tr("Key"), list_price(pricing, resource, "kms", "Encryption Key", "key-month"), 1, note)
    match text_at(resource, "customer_master_key_spec", "SYMMETRIC_DEFAULT"):
        case Missing() as missing:
            yield missing
        case "RSA_2048":
            yield _requests(resource, pricing, "Asymmetric Requests RSA_2048")
        case spec if spec.startswith(("RSA_", "ECC_", "SM2", "ML_DSA")):
            yield _requests(resource, pricing, "Asymmetric Requests except RSA_2048API")
        case _:
            yield _requests(resource, pricing, "API request - Non Free Tier")
    if text(read(resource, "custom_key_store_id")) or text(read(resource, "xks_key_id")):
        yield Missing(tr("the key store that holds it is billed on its own"))


def _requests(resource: Resource, pricing: Pricing, item: str) -> Part:
    return by_usage(pricing, resource, tr("Requests"), list_price(pricing, resource, "kms", item, "request"), "monthly_requests")
