"""Types that are free in their plain form and billed in another: it is said which one a resource is."""

from __future__ import annotations

from collections.abc import Mapping

from clops_app.cost.pricing import Missing, Parts, Pricing, fixed, list_price, text_at
from clops_app.kit import Known, absent, read
from clops_app.language import tr
from clops_app.model.cost import HOURS_PER_MONTH
from clops_app.model.resource import Resource

USAGE: Mapping[str, tuple[str, ...]] = {}


def parts(resource: Resource, pricing: Pricing) -> Parts:
    match resource.type:
        case "aws_acm_certificate":
            # Public certificates are free until they may be exported (https://aws.amazon.com/certificate-manager/pricing/).
            if read(resource, "options[0].export") == Known("ENABLED"):
                yield Missing(tr("exportable certificates are billed by domain name, and are not priced"))
            if read(resource, "certificate_authority_arn") != absent:
                yield Missing(tr("certificates of a private authority are billed with the authority"))
        case "aws_ssm_parameter":
            yield from _parameter(resource, pricing)
        case "aws_accessanalyzer_analyzer":
            # Finding unused access is billed by role and user (https://aws.amazon.com/iam/access-analyzer/pricing/).
            kind = text_at(resource, "type", "ACCOUNT")
            if isinstance(kind, Missing):
                yield kind
            elif kind not in ("ACCOUNT", "ORGANIZATION"):
                yield Missing(tr("an analyzer of {kind} is billed by the roles, users or resources it looks at", kind=kind))
        case _:
            yield Missing(tr("ClOps has no prices for {type} yet", type=resource.type))


def _parameter(resource: Resource, pricing: Pricing) -> Parts:
    """Standard parameters are free, advanced ones are billed by the hour (https://aws.amazon.com/systems-manager/pricing/)."""
    match text_at(resource, "tier", "Standard"):
        case Missing() as missing:
            yield missing
        case "Advanced":
            price = list_price(pricing, resource, "systemsmanager", "Advanced Parameter", "hour")
            yield fixed(tr("Advanced parameter"), price, HOURS_PER_MONTH)
        case "Intelligent-Tiering":
            yield Missing(tr("AWS chooses its tier, and only the standard one is free"))
        case _:
            pass
