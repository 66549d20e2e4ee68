"""Route 53: zones and health checks by the month, queries by usage, resolver endpoints by the hour and address.

Source: https://aws.amazon.com/route53/pricing/. Prices are global but for the resolver; a zone is priced as one of the first 25.
"""

from __future__ import annotations

from clops_app.cost.pricing import (
    Missing,
    Parts,
    Pricing,
    Step,
    fixed,
    flag_at,
    global_price,
    list_price,
    number_at,
    stepped_by_usage,
    text_at,
)
from clops_app.kit import Known, Resource, absent, blocks, read
from clops_app.language import tr
from clops_app.model.cost import HOURS_PER_MONTH

_STANDARD, _LATENCY, _GEO = "monthly_standard_queries", "monthly_latency_based_queries", "monthly_geo_queries"
_IP_BASED = "monthly_ip_based_queries"
USAGE = {
    "aws_route53_zone": (),
    "aws_route53_record": (_STANDARD, _LATENCY, _GEO, _IP_BASED),
    "aws_route53_health_check": ("endpoint_type",),
    "aws_route53_resolver_endpoint": ("monthly_queries",),
    "aws_route53_traffic_policy_instance": (),
    "aws_service_discovery_private_dns_namespace": (),
    "aws_service_discovery_public_dns_namespace": (),
}
BILLION = 1_000_000_000


def parts(resource: Resource, pricing: Pricing) -> Parts:
    match resource.type:
        case "aws_route53_record":
            yield from _record(resource, pricing)
        case "aws_route53_health_check":
            yield from _health_check(resource, pricing)
        case "aws_route53_resolver_endpoint":
            hour = list_price(pricing, resource, "route53", "Query ENI", "hour")
            yield fixed(tr("Resolver endpoint addresses"), hour, len(blocks(resource, "ip_address")) * HOURS_PER_MONTH)
            steps = (
                Step(tr("first billion"), BILLION, list_price(pricing, resource, "route53", "Query first 1B", "query")),
                Step(tr("over a billion"), None, list_price(pricing, resource, "route53", "Query over 1B", "query")),
            )
            yield from stepped_by_usage(pricing, resource, tr("Queries"), steps, "monthly_queries")
        case "aws_route53_traffic_policy_instance":
            yield fixed(
                tr("Traffic flow record"), global_price(pricing, "route53", "Any: Basic Traffic Flow Routing per Mo", "record-month"), 1
            )
        case _:
            # A Cloud Map DNS namespace is a hosted zone as well (https://aws.amazon.com/cloud-map/pricing/).
            yield fixed(tr("Hosted zone"), global_price(pricing, "route53", "Any: DNS Zone first 25", "zone-month"), 1)


def _record(record: Resource, pricing: Pricing) -> Parts:
    """Queries of alias records to AWS resources are free, those of other records are not."""
    if blocks(record, "alias"):
        return
    key, label = next(
        (found for attribute, found in _ROUTED.items() if read(record, attribute) != absent),
        (_STANDARD, "Standard"),
    )
    steps = (
        Step(tr("first billion"), BILLION, global_price(pricing, "route53", f"Query {label} External first 1B", "query")),
        Step(tr("over a billion"), None, global_price(pricing, "route53", f"Query {label} External over 1B", "query")),
    )
    yield from stepped_by_usage(pricing, record, tr("Queries"), steps, key)


_ROUTED = {
    "latency_routing_policy": (_LATENCY, "Latency Based Routing"),
    "geolocation_routing_policy": (_GEO, "Geo DNS"),
    "geoproximity_routing_policy": (_GEO, "Geoproximity"),
    "cidr_routing_policy": (_IP_BASED, "IP Based Routing"),
}
_OF_AWS = ("CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL")


def _health_check(check: Resource, pricing: Pricing) -> Parts:
    """The first 50 checks of AWS endpoints are free, checks of others and every added feature are not."""
    match text_at(check, "type", ""), flag_at(check, "measure_latency", False), number_at(check, "request_interval", 30):
        case Missing() as missing, _, _:
            yield missing
        case _, Missing() as missing, _:
            yield missing
        case _, _, Missing() as missing:
            yield missing
        case str() as kind, bool() as latency, interval:
            aws, note = _watches_aws(check, kind, pricing)
            basic = "Basic Health checks up to 50 AWS per Mo" if aws else "Basic Health checks External Non AWS per Mo"
            yield fixed(tr("Health check"), global_price(pricing, "route53", basic, "check-month"), 1, note)
            features = sum((kind.startswith("HTTPS"), "STR_MATCH" in kind, interval == 10, latency))
            if features:
                optional = f"Optional Health Check Features {'AWS' if aws else 'External Non AWS'} per Mo"
                yield fixed(tr("Health check, added features"), global_price(pricing, "route53", optional, "feature-month"), features)


def _watches_aws(check: Resource, kind: str, pricing: Pricing) -> tuple[bool, str | None]:
    told = pricing.usage.text(check, "endpoint_type")
    if told is not None:
        return told == "aws", None
    linked = any(pricing.architecture.linked(check, path) for path in ("fqdn", "ip_address"))
    name = read(check, "fqdn")
    named = isinstance(name, Known) and str(name.value).endswith((".amazonaws.com", ".cloudfront.net"))
    if kind in _OF_AWS or linked or named:
        return True, tr("one of the first 50 checks of AWS endpoints, which are free")
    return False, tr("an endpoint outside AWS assumed: else set {key} to aws", key=f"usage.{check.type}.endpoint_type")
