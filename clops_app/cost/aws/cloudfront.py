"""CloudFront: traffic and requests by where the viewers are, all by usage.

Source: https://aws.amazon.com/cloudfront/pricing/ (data out: 10, 40, 100, 350 TB, 524 TB, 4 PB, then the rest). Without usage the
lines of the United States stand for all. The free terabyte of an account is not taken off.
"""

from __future__ import annotations

from clops_app.cost.pricing import Missing, Parts, Pricing, Step, by_usage, fixed, global_price, stepped_by_usage
from clops_app.kit import Known, absent, read
from clops_app.language import tr, tr_noop
from clops_app.model.resource import Resource

# AWS's own names, which its labels hold.
PLACES = {
    "us": tr_noop("United States"),
    "canada": tr_noop("Canada"),
    "europe": tr_noop("EU"),
    "south_africa": tr_noop("South Africa"),
    "middle_east": tr_noop("Middle East"),
    "south_america": tr_noop("South America"),
    "japan": tr_noop("Japan"),
    "australia": tr_noop("Australia"),
    "asia_pacific": tr_noop("Asia Pacific"),
    "india": tr_noop("India"),
}
_OUT, _ORIGIN = "monthly_data_transfer_to_internet_gb", "monthly_data_transfer_to_origin_gb"
_HTTP, _HTTPS = "monthly_http_requests", "monthly_https_requests"
_INVALIDATIONS = "monthly_invalidation_requests"
USAGE = {"aws_cloudfront_distribution": (*(f"{key}.{place}" for key in (_OUT, _ORIGIN, _HTTP, _HTTPS) for place in PLACES), _INVALIDATIONS)}
GB_PER_TB = 1024
FREE_INVALIDATIONS = 1000
_STEPS = (
    (tr_noop("first 10 TB"), "First 10 TB", 10 * GB_PER_TB),
    (tr_noop("next 40 TB"), "Next 40 TB", 40 * GB_PER_TB),
    (tr_noop("next 100 TB"), "next 100 TB", 100 * GB_PER_TB),
    (tr_noop("next 350 TB"), "Next 350 TB", 350 * GB_PER_TB),
    (tr_noop("next 524 TB"), "next 524 TB", 524 * GB_PER_TB),
    (tr_noop("next 4 PB"), "Next 4 PB", 4096 * GB_PER_TB),
    (tr_noop("over 5 PB"), "Over 5 PB", None),
)


def parts(resource: Resource, pricing: Pricing) -> Parts:
    told = [place for place in PLACES if any(pricing.usage.number(resource, f"{key}.{place}") is not None for key in (_OUT, _HTTP, _HTTPS))]
    for place in told or ["us"]:
        yield from _place(resource, pricing, place)
    for place, name in PLACES.items():
        if pricing.usage.number(resource, f"{_ORIGIN}.{place}") is not None:
            price = global_price(pricing, "cloudfront", f"Regional DT to Origin from {name}", "GB")
            yield by_usage(pricing, resource, tr("Data to origin, {place}", place=tr(name)), price, f"{_ORIGIN}.{place}")
    if pricing.usage.number(resource, _INVALIDATIONS) is not None:
        yield from stepped_by_usage(pricing, resource, tr("Invalidations"), _invalidations(pricing), _INVALIDATIONS)
    if read(resource, "viewer_certificate[0].ssl_support_method") == Known("vip"):
        item = "Any: Charge for using an SSL certificate with a CloudFront alternate domain name"
        yield fixed(tr("Dedicated IP addresses for TLS"), global_price(pricing, "cloudfront", item, "month"), 1)
    if read(resource, "anycast_ip_list_id") != absent:
        yield Missing(tr("anycast addresses are billed with their list"))


def _place(resource: Resource, pricing: Pricing, place: str) -> Parts:
    name = PLACES[place]
    steps = tuple(
        Step(tr(words), size, global_price(pricing, "cloudfront", f"Regional DT from {name} to Internet {label}", "GB"))
        for words, label, size in _STEPS
    )
    yield from stepped_by_usage(pricing, resource, tr("Data to viewers, {place}", place=tr(name)), steps, f"{_OUT}.{place}")
    for key, words in ((_HTTPS, "HTTPS"), (_HTTP, "HTTP")):
        if words == "HTTPS" or pricing.usage.number(resource, f"{key}.{place}") is not None:
            price = global_price(pricing, "cloudfront", f"Request {words} Methods from {name}", "request")
            yield by_usage(pricing, resource, tr("{protocol} requests, {place}", protocol=words, place=tr(name)), price, f"{key}.{place}")


def _invalidations(pricing: Pricing) -> tuple[Step, ...]:
    label = "Charge for invalidating objects removing the objects from CloudFront edge locations"
    free = global_price(pricing, "cloudfront", f"{label} First 1000 free", "path")
    return (
        Step(tr("first 1,000"), FREE_INVALIDATIONS, free),
        Step(tr("over 1,000"), None, global_price(pricing, "cloudfront", label, "path")),
    )
