"""Lambda: requests and GB-seconds by usage; provisioned concurrency runs, and is billed, all month.

Source: https://aws.amazon.com/lambda/pricing/ (tiers of 6 and 9 billion GB-seconds on x86, 7.5 and 11.25 on Arm; 512 MB of
ephemeral storage included). The free tier of an account is not taken off.
"""

from __future__ import annotations

from decimal import Decimal

from clops_app.cost.book import Price
from clops_app.cost.pricing import (
    Missing,
    Parts,
    Pricing,
    Quantity,
    Step,
    by_usage,
    fixed,
    list_price,
    named,
    number_at,
    set_usage,
    stepped,
    text_at,
    told_by,
)
from clops_app.kit import Known, read, text
from clops_app.language import tr, tr_noop
from clops_app.model.cost import HOURS_PER_MONTH, CostLine
from clops_app.model.resource import Resource

USAGE = {
    "aws_lambda_function": ("monthly_requests", "request_duration_ms"),
    "aws_lambda_provisioned_concurrency_config": ("monthly_requests", "request_duration_ms", "monthly_duration_hrs"),
}
MEGABYTES_PER_GB = 1024
DEFAULT_MEMORY_MB = 128  # the provider's documentation of aws_lambda_function
INCLUDED_STORAGE_MB = 512
_TIERS = {  # GB-seconds, and how AWS's label of each step ends
    "": (
        (tr_noop("first 6 billion"), 6_000_000_000, ""),
        (tr_noop("next 9 billion"), 9_000_000_000, " Tier2"),
        (tr_noop("over 15 billion"), None, " Tier3"),
    ),
    "-ARM": (
        (tr_noop("first 7.5 billion"), 7_500_000_000, ""),
        (tr_noop("next 11.25 billion"), 11_250_000_000, " Tier2"),
        (tr_noop("over 18.75 billion"), None, " Tier3"),
    ),
}


def parts(resource: Resource, pricing: Pricing) -> Parts:
    if resource.type == "aws_lambda_provisioned_concurrency_config":
        yield from _provisioned(resource, pricing)
        return
    arm = _architecture(resource)
    if isinstance(arm, Missing):
        yield arm
        return
    request = list_price(pricing, resource, "lambda", f"Lambda Requests{arm}", "request")
    yield by_usage(pricing, resource, tr("Requests"), request, _REQUESTS)
    match number_at(resource, "memory_size", DEFAULT_MEMORY_MB):
        case Missing() as missing:
            yield missing
        case memory:
            seconds = _gb_seconds(resource, pricing, memory)
            note = set_usage(resource, _REQUESTS, _DURATION) if seconds is None else told_by(_REQUESTS, _DURATION)
            yield from stepped(tr("Duration"), seconds, _steps(resource, pricing, arm), note)
    yield from _storage(resource, pricing, arm)
    runtime = text(read(resource, "runtime"))
    if read(resource, "snap_start[0].apply_on") == Known("PublishedVersions") and not runtime.startswith("java"):
        yield Missing(tr("SnapStart: caching and restoring snapshots is billed for this runtime, and is not priced"))


_REQUESTS = "monthly_requests"
_DURATION = "request_duration_ms"


def _architecture(function: Resource) -> str | Missing:
    """How AWS's labels end for its processor."""
    found = text_at(function, "architectures[0]", "x86_64")
    return found if isinstance(found, Missing) else "-ARM" if found == "arm64" else ""


def _steps(resource: Resource, pricing: Pricing, arm: str) -> tuple[Step, ...]:
    return tuple(
        Step(tr(words), size, list_price(pricing, resource, "lambda", f"Lambda Duration{arm}{tier}", "GB-second"))
        for words, size, tier in _TIERS[arm]
    )


def _gb_seconds(resource: Resource, pricing: Pricing, memory_mb: Quantity) -> Decimal | None:
    requests = pricing.usage.number(resource, _REQUESTS)
    milliseconds = pricing.usage.number(resource, _DURATION)
    if requests is None or milliseconds is None:
        return None
    return requests * milliseconds / 1000 * memory_mb / MEGABYTES_PER_GB


def _storage(resource: Resource, pricing: Pricing, arm: str) -> Parts:
    match number_at(resource, "ephemeral_storage[0].size", INCLUDED_STORAGE_MB):
        case Missing() as missing:
            yield missing
        case size if size > INCLUDED_STORAGE_MB:
            seconds = _gb_seconds(resource, pricing, size - INCLUDED_STORAGE_MB)
            price = list_price(pricing, resource, "lambda", f"Lambda Storage-Duration{arm}", "GB-second")
            note = set_usage(resource, _REQUESTS, _DURATION) if seconds is None else told_by(_REQUESTS, _DURATION)
            name = tr("Ephemeral storage above {amount}", amount=f"{INCLUDED_STORAGE_MB} MB")
            yield from stepped(name, seconds, (Step("", None, price),), note)
        case _:
            pass


def _provisioned(resource: Resource, pricing: Pricing) -> Parts:
    functions = pricing.architecture.linked(resource, "function_name", "aws_lambda_function")
    if not functions:
        yield Missing(tr("its function is not in this root"))
        return
    arm = _architecture(functions[0])
    if isinstance(arm, Missing):
        yield arm
        return
    kept = number_at(resource, "provisioned_concurrent_executions", 0)
    memory = number_at(functions[0], "memory_size", DEFAULT_MEMORY_MB)
    match kept, memory:
        case Missing() as missing, _:
            yield missing
        case _, Missing() as missing:
            yield missing
        case (int() | Decimal()) as warm, (int() | Decimal()) as megabytes:
            hours = pricing.usage.number(resource, "monthly_duration_hrs")
            seconds = (HOURS_PER_MONTH if hours is None else hours) * 3600
            price = list_price(pricing, resource, "lambda", f"Lambda Provisioned-Concurrency{arm}", "GB-second")
            note = None if hours is None else told_by("monthly_duration_hrs")
            yield fixed(tr("Provisioned concurrency"), price, Decimal(warm) * megabytes / MEGABYTES_PER_GB * seconds, note)
            yield _running(resource, pricing, arm, megabytes)


def _running(resource: Resource, pricing: Pricing, arm: str, memory_mb: Quantity) -> CostLine | Missing:
    match list_price(pricing, resource, "lambda", f"Lambda Duration-Provisioned{arm}", "GB-second"):
        case Missing() as missing:
            return named(tr("Duration"), missing)
        case Price(usd, unit, source, date):
            seconds = _gb_seconds(resource, pricing, memory_mb)
            note = set_usage(resource, _REQUESTS, _DURATION) if seconds is None else told_by(_REQUESTS, _DURATION)
            return CostLine(tr("Duration, provisioned"), seconds, unit, usd, note, source, date)
