"""API Gateway: requests and messages by usage, the cache of a stage by the hour.

Source: https://aws.amazon.com/api-gateway/pricing/ (HTTP requests count once for each 512 KB, WebSocket messages for each 32 KB).
"""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from clops_app.cost.pricing import Missing, Parts, Pricing, Step, by_usage, fixed, list_price, stepped_by_usage, text_at
from clops_app.kit import Known, Unknown, read
from clops_app.language import tr
from clops_app.model.cost import HOURS_PER_MONTH
from clops_app.model.resource import Resource

USAGE = {
    "aws_api_gateway_rest_api": ("monthly_requests",),
    "aws_api_gateway_stage": (),
    "aws_apigatewayv2_api": ("monthly_requests", "request_size_kb", "monthly_messages", "message_size_kb", "monthly_connection_mins"),
}
HTTP_CHUNK_KB = 512
MESSAGE_CHUNK_KB = 32
MILLION = 1_000_000


def parts(resource: Resource, pricing: Pricing) -> Parts:
    match resource.type:
        case "aws_api_gateway_rest_api":
            yield from stepped_by_usage(pricing, resource, tr("Requests"), _rest(resource, pricing), "monthly_requests")
        case "aws_api_gateway_stage":
            yield from _cache(resource, pricing)
        case _:
            match text_at(resource, "protocol_type", "HTTP"):
                case Missing() as missing:
                    yield missing
                case "WEBSOCKET":
                    yield from _websocket(resource, pricing)
                case _:
                    yield from _http(resource, pricing)


def _rest(resource: Resource, pricing: Pricing) -> tuple[Step, ...]:
    tiers = (
        (tr("first 333 million"), 333 * MILLION, "API Calls Number of up to 333 million"),
        (tr("next 667 million"), 667 * MILLION, "API Calls Number of Request Next 667 million"),
        (tr("next 19 billion"), 19_000 * MILLION, "API Calls Number of Request Next 19 billion"),
        (tr("over 20 billion"), None, "API Calls Number of Request Over 20 billion"),
    )
    return tuple(Step(words, size, list_price(pricing, resource, "apigateway", item, "request")) for words, size, item in tiers)


def _http(resource: Resource, pricing: Pricing) -> Parts:
    first = list_price(pricing, resource, "apigateway", "ApiGatewayHttpApi First 300 million", "request")
    over = list_price(pricing, resource, "apigateway", "ApiGatewayHttpApi more than 300 million", "request")
    steps = (Step(tr("first 300 million"), 300 * MILLION, first), Step(tr("over 300 million"), None, over))
    counted = _chunks(resource, pricing, "request_size_kb", HTTP_CHUNK_KB)
    yield from stepped_by_usage(pricing, resource, tr("Requests"), steps, "monthly_requests", counted)


def _websocket(resource: Resource, pricing: Pricing) -> Parts:
    first = list_price(pricing, resource, "apigateway", "WebSocket Messages Messages first 1 billion", "message")
    over = list_price(pricing, resource, "apigateway", "WebSocket Messages Messages over 1 billion", "message")
    steps = (Step(tr("first billion"), 1000 * MILLION, first), Step(tr("over a billion"), None, over))
    counted = _chunks(resource, pricing, "message_size_kb", MESSAGE_CHUNK_KB)
    yield from stepped_by_usage(pricing, resource, tr("Messages"), steps, "monthly_messages", counted)
    minute = list_price(pricing, resource, "apigateway", "WebSocket Connection Minutes", "connection minute")
    yield by_usage(pricing, resource, tr("Connection minutes"), minute, "monthly_connection_mins")


def _chunks(resource: Resource, pricing: Pricing, key: str, chunk_kb: int) -> Decimal:
    size = pricing.usage.number(resource, key) or Decimal(1)
    return max(Decimal(1), (size / chunk_kb).to_integral_value(ROUND_CEILING))


def _cache(stage: Resource, pricing: Pricing) -> Parts:
    match read(stage, "cache_cluster_enabled"):
        case Known(True):
            pass
        case Unknown(why=why):
            yield Missing(tr("{name} is unknown: {why}", name="cache_cluster_enabled", why=why))
            return
        case _:
            return
    match text_at(stage, "cache_cluster_size", "0.5"):
        case Missing() as missing:
            yield missing
        case size:
            item = f"Caching Memory Size {size.replace('.', ' ')}"
            yield fixed(tr("Cache, {size} GB", size=size), list_price(pricing, stage, "apigateway", item, "hour"), HOURS_PER_MONTH)
