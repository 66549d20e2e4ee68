"""A table with fixed capacity refuses the crowd that the rest of AWS would have carried."""

from __future__ import annotations

from collections.abc import Iterator

from clops_app.kit import Architecture, Fix, Hit, Known, RemoveAttribute, Resource, SetAttribute, Unknown, absent, blocks, hit, read, tr

CAPACITIES = ("read_capacity", "write_capacity")


def check(architecture: Architecture) -> Iterator[Hit]:
    if _unknown_scaler(architecture):
        return
    for table in architecture.resources("aws_dynamodb_table"):
        is_fixed = read(table, "billing_mode") in (absent, Known("PROVISIONED"))
        if is_fixed and not _moved_elsewhere(table) and not architecture.scalers(table):
            message = tr(
                "`{address}` answers a fixed number of requests a second and refuses the rest, however many people come.",
                address=table.address,
            )
            yield hit(table, message, "billing_mode", _fix(table))


def _unknown_scaler(architecture: Architecture) -> bool:
    """Whether something scales a table of which nobody can tell which one it is."""
    targets = architecture.resources("aws_appautoscaling_target")
    return any(
        read(target, "service_namespace") == Known("dynamodb")
        and isinstance(read(target, "resource_id"), Unknown)
        and not architecture.linked(target, "resource_id", "aws_dynamodb_table")
        for target in targets
    )


def _moved_elsewhere(table: Resource) -> bool:
    # LockID is the key that Terraform's S3 backend needs; a lock is asked for a few times a day.
    return read(table, "hash_key") == Known("LockID") or bool({"all", *CAPACITIES} & set(table.ignored_changes))


def _fix(table: Resource) -> Fix:
    places = [*CAPACITIES, *(f"{path}.{name}" for path, _ in blocks(table, "global_secondary_index") for name in CAPACITIES)]
    removed = tuple(RemoveAttribute(table.address, place) for place in places if place in table.spans)
    return Fix(tr("Pay per request"), (SetAttribute(table.address, "billing_mode", "PAY_PER_REQUEST"), *removed))
