"""S3 buckets: storage, requests and retrieval by usage, of the classes that are used or that a lifecycle rule moves objects to.

Source: https://aws.amazon.com/s3/pricing/ (Standard: first 50 TB, next 450 TB, over 500 TB).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from clops_app.cost.pricing import Parts, Pricing, Step, by_usage, list_price, stepped_by_usage
from clops_app.kit import blocks, read, text
from clops_app.language import tr, tr_noop
from clops_app.model.resource import Resource

GB_PER_TB = 1024


@dataclass(frozen=True, slots=True)
class StorageClass:
    """`key` is its name in usage, `written` Terraform's; `items` AWS's labels by usage key, with the unit of each."""

    key: str
    written: str
    name: str
    items: Mapping[str, tuple[str, str, str]]


def _items(storage: str, put: str, get: str, retrieval: str | None, transition: str | None) -> Mapping[str, tuple[str, str, str]]:
    found = {
        "storage_gb": (tr_noop("storage"), storage, "GB-month"),
        "monthly_tier_1_requests": (tr_noop("PUT, COPY, POST and LIST requests"), put, "request"),
        "monthly_tier_2_requests": (tr_noop("GET and other requests"), get, "request"),
    }
    if retrieval is not None:
        found["monthly_data_retrieval_gb"] = (tr_noop("retrieval"), retrieval, "GB")
    if transition is not None:
        found["monthly_lifecycle_transition_requests"] = (tr_noop("lifecycle transitions"), transition, "request")
    return found


def _asked(of: str) -> tuple[str, str]:
    return f"PUT COPY/POST or LIST requests to {of} per Requests", f"GET and all other requests to {of} per Requests"


def _moved(to: str) -> str:
    return f"Lifecycle Transition Requests into {to} per Requests"


_PUT = "PUT COPY/POST or LIST requests per Requests"
_GET = "GET and all other requests per Requests"
STANDARD = _items("Standard Storage First 50 TB per GB Mo", _PUT, _GET, None, None)
_IA, _ONE, _GIR = "Standard Infrequent Access", "One Zone Infrequent Access", "Glacier Instant Retrieval"
CLASSES = (
    StorageClass(
        "intelligent_tiering",
        "INTELLIGENT_TIERING",
        "Intelligent-Tiering",
        {
            "frequent_access_storage_gb": (tr_noop("storage"), "Intelligent Tiering Frequent Access First 50 TB per GB Mo", "GB-month"),
            "infrequent_access_storage_gb": (tr_noop("infrequent storage"), "Intelligent Tiering Infrequent Access per GB Mo", "GB-month"),
            "monitored_objects": (
                tr_noop("monitored objects"),
                "Per object per month monitoring and automation fee for objects in Intelligent Tiering",
                "object-month",
            ),
            "monthly_tier_1_requests": (tr_noop("PUT, COPY, POST and LIST requests"), _asked("Intelligent Tiering")[0], "request"),
            "monthly_tier_2_requests": (tr_noop("GET and other requests"), _asked("Intelligent Tiering")[1], "request"),
            "monthly_lifecycle_transition_requests": (tr_noop("lifecycle transitions"), _moved("Intelligent Tiering"), "request"),
        },
    ),
    StorageClass(
        "standard_infrequent_access",
        "STANDARD_IA",
        "Standard-IA",
        _items(
            "Standard Infrequent Access Storage per GB-Mo",
            *_asked(_IA),
            "Object Retrieval in Standard Infrequent Access per GB",
            _moved(_IA),
        ),
    ),
    StorageClass(
        "one_zone_infrequent_access",
        "ONEZONE_IA",
        "One Zone-IA",
        _items(
            "One Zone Infrequent Access Storage Inf per GB-Mo",
            *_asked(_ONE),
            "Object Retrieval in One Zone Infrequent Access per GB",
            _moved(_ONE),
        ),
    ),
    StorageClass(
        "glacier_instant_retrieval",
        "GLACIER_IR",
        "Glacier Instant Retrieval",
        _items("Glacier Instant Retrieval Storage", *_asked(_GIR), "Object Retrieval in Glacier Instant Retrieval per GB", _moved(_GIR)),
    ),
    StorageClass(
        "glacier_flexible_retrieval",
        "GLACIER",
        "Glacier Flexible Retrieval",
        {
            "storage_gb": (tr_noop("storage"), "Glacier Storage per GB Mo", "GB-month"),
            "monthly_tier_1_requests": (tr_noop("PUT, COPY, POST and LIST requests"), "PUT requests to Glacier per Requests", "request"),
            "monthly_tier_2_requests": (tr_noop("GET and other requests"), "GET and all other requests to GLACIER per Requests", "request"),
            "monthly_lifecycle_transition_requests": (tr_noop("lifecycle transitions"), _moved("Glacier"), "request"),
            "monthly_standard_data_retrieval_gb": (tr_noop("retrieval"), "Fee for Standard Retrieval of data stored", "GB"),
            "monthly_expedited_data_retrieval_gb": (tr_noop("expedited retrieval"), "Glacier S3 Expedited Retrieval", "GB"),
        },
    ),
    StorageClass(
        "glacier_deep_archive",
        "DEEP_ARCHIVE",
        "Glacier Deep Archive",
        {
            "storage_gb": (tr_noop("storage"), "Glacier Deep Archive GB Mo", "GB-month"),
            "monthly_tier_1_requests": (tr_noop("PUT, COPY, POST and LIST requests"), "PUT to Glacier Deep Archive Requests", "request"),
            "monthly_lifecycle_transition_requests": (
                tr_noop("lifecycle transitions"),
                "Lifecycle to Glacier Deep Archive Requests",
                "request",
            ),
            "monthly_standard_data_retrieval_gb": (tr_noop("retrieval"), "S3 Standard-Retrieval GB", "GB"),
            "monthly_bulk_data_retrieval_gb": (tr_noop("bulk retrieval"), "S3 Bulk-Retrieval GB", "GB"),
        },
    ),
)
_SERVICE = {"glacier_deep_archive": "s3glacierdeeparchive"}

USAGE = {
    "aws_s3_bucket": (
        *(f"standard.{key}" for key in STANDARD),
        *(f"{each.key}.{key}" for each in CLASSES for key in each.items),
        "object_tags",
    )
}


def parts(resource: Resource, pricing: Pricing) -> Parts:
    yield from stepped_by_usage(pricing, resource, tr("Standard storage"), _steps(resource, pricing), "standard.storage_gb")
    for key in ("monthly_tier_1_requests", "monthly_tier_2_requests"):
        words, item, unit = STANDARD[key]
        yield by_usage(pricing, resource, f"Standard, {tr(words)}", list_price(pricing, resource, "s3", item, unit), f"standard.{key}")
    moved_to = frozenset(_lifecycle_classes(resource, pricing))
    for each in CLASSES:
        told = any(pricing.usage.number(resource, f"{each.key}.{key}") is not None for key in each.items)
        if told or each.written in moved_to:
            yield from _class(resource, pricing, each)
    if pricing.usage.number(resource, "object_tags") is not None:
        price = list_price(pricing, resource, "s3", "Tags Storage per Tag Mo", "tag-month")
        yield by_usage(pricing, resource, tr("Object tags"), price, "object_tags")


def _class(resource: Resource, pricing: Pricing, each: StorageClass) -> Parts:
    for key, (words, item, unit) in each.items.items():
        price = list_price(pricing, resource, _SERVICE.get(each.key, "s3"), item, unit)
        yield by_usage(pricing, resource, f"{each.name}, {tr(words)}", price, f"{each.key}.{key}")


def _steps(resource: Resource, pricing: Pricing) -> tuple[Step, ...]:
    sizes = (
        (tr("first 50 TB"), "First 50 TB", 50 * GB_PER_TB),
        (tr("next 450 TB"), "Next 450 TB", 450 * GB_PER_TB),
        (tr("over 500 TB"), "Over 500 TB", None),
    )
    return tuple(
        Step(words, size, list_price(pricing, resource, "s3", f"Standard Storage {label} per GB Mo", "GB-month"))
        for words, label, size in sizes
    )


def _lifecycle_classes(bucket: Resource, pricing: Pricing) -> Iterator[str]:
    """The storage classes its lifecycle rules name, inline (older providers) or in a resource of their own."""
    rules = [(bucket, path) for path, _ in blocks(bucket, "lifecycle_rule")]
    for configuration in pricing.architecture.referring(bucket, "aws_s3_bucket_lifecycle_configuration"):
        rules += [(configuration, path) for path, _ in blocks(configuration, "rule")]
    for holder, rule in rules:
        for path, _ in blocks(holder, f"{rule}.transition"):
            yield text(read(holder, f"{path}.storage_class"))
