"""Queues and topics: nothing by themselves, all by requests.

Sources: https://aws.amazon.com/sqs/pricing/ (tiers of 100 billion; a request counts once for each 64 KB) and
https://aws.amazon.com/sns/pricing/. The free million of an account is not taken off.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from clops_app.cost.pricing import Missing, Parts, Pricing, Step, by_usage, flag_at, list_price, stepped_by_usage
from clops_app.kit import Known, read, text
from clops_app.language import tr
from clops_app.model.resource import Resource

USAGE = {
    "aws_sqs_queue": ("monthly_requests", "request_size_kb"),
    "aws_sns_topic": ("monthly_requests", "request_size_kb", "http_subscriptions", "email_subscriptions", "mobile_push_subscriptions"),
    "aws_sns_topic_subscription": (),
}
CHUNK_KB = 64
SQS_TIER = 100_000_000_000


def parts(resource: Resource, pricing: Pricing) -> Parts:
    match resource.type:
        case "aws_sqs_queue":
            yield from _queue(resource, pricing)
        case "aws_sns_topic":
            yield from _topic(resource, pricing)
        case _:
            pass  # deliveries are lines of the topic


def _queue(resource: Resource, pricing: Pricing) -> Parts:
    match flag_at(resource, "fifo_queue", False):
        case Missing() as missing:
            yield missing
        case fifo:
            tiers = _tiers(resource, pricing, "FIFO first-in first-out" if fifo else "Standard")
            yield from stepped_by_usage(pricing, resource, tr("Requests"), tiers, "monthly_requests", chunks(resource, pricing))


def chunks(resource: Resource, pricing: Pricing) -> Decimal:
    """How often a request of the told size counts."""
    size = pricing.usage.number(resource, "request_size_kb") or Decimal(1)
    return max(Decimal(1), (size / CHUNK_KB).to_integral_value(ROUND_CEILING))


def _tiers(resource: Resource, pricing: Pricing, kind: str) -> tuple[Step, ...]:
    labels = (
        (tr("first 100 billion"), SQS_TIER, f"{kind} per Requests"),
        (tr("next 100 billion"), SQS_TIER, f"{kind} per Requests Tier2"),
        (tr("over 200 billion"), None, f"{kind} per Requests Tier3"),
    )
    return tuple(Step(words, size, list_price(pricing, resource, "queueservice", item, "request")) for words, size, item in labels)


def _topic(resource: Resource, pricing: Pricing) -> Parts:
    key = "monthly_requests"
    if read(resource, "fifo_topic") == Known(True):
        price = list_price(pricing, resource, "sns", "Amazon SNS FIFO API Requests per Requests", "request")
        yield by_usage(pricing, resource, tr("Requests"), price, key)
        sent = list_price(pricing, resource, "sns", "SNS FIFO Publish Payload per GB", "GB")
        size_gb = (pricing.usage.number(resource, "request_size_kb") or Decimal(1)) / 1024 / 1024
        yield by_usage(pricing, resource, tr("Payload published"), sent, key, size_gb)
        return
    price = list_price(pricing, resource, "sns", "Amazon SNS API Requests", "request")
    yield by_usage(pricing, resource, tr("Requests"), price, key, chunks(resource, pricing))
    # Deliveries to SQS and Lambda are free.
    for subscribers, name, item, protocols in (
        ("http_subscriptions", tr("HTTP deliveries"), "HTTP Notifications", ("http", "https")),
        ("email_subscriptions", tr("Email deliveries"), "SNS Email and Email JSON Notifications", ("email", "email-json")),
        (
            "mobile_push_subscriptions",
            tr("Mobile push deliveries"),
            "Apple Push Notification Service APNS iOS Notifications",
            ("application",),
        ),
    ):
        number = pricing.usage.number(resource, subscribers)
        number = _subscribed(resource, pricing, protocols) if number is None else number
        if number:
            delivery = list_price(pricing, resource, "sns", item, "delivery")
            yield by_usage(pricing, resource, name, delivery, key, number)
    if _subscribed(resource, pricing, ("sms",)):
        yield Missing(tr("text messages have a price in each country"))


def _subscribed(topic: Resource, pricing: Pricing, protocols: tuple[str, ...]) -> Decimal:
    subscriptions = pricing.architecture.referring(topic, "aws_sns_topic_subscription")
    return Decimal(sum(text(read(each, "protocol")) in protocols for each in subscriptions))
