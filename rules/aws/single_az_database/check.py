"""A database with one copy in one zone is away for as long as that zone or machine is."""

from __future__ import annotations

from collections.abc import Iterator

from clops_app.kit import (
    AddResource,
    Architecture,
    Code,
    Fix,
    Hit,
    NewBlock,
    Plain,
    RemoveAttribute,
    Resource,
    SetAttribute,
    Unknown,
    absent,
    hit,
    is_false,
    read,
    text,
    tr,
)


def check(architecture: Architecture) -> Iterator[Hit]:
    for database in architecture.resources("aws_db_instance"):
        if read(database, "replicate_source_db") == absent and is_false(read(database, "multi_az"), default=False):
            message = tr(
                "`{address}` runs in one zone: when that zone or its machine fails, the database is away until it is back.",
                address=database.address,
            )
            yield hit(database, message, "multi_az", _second_copy(database))
    for cluster in architecture.resources("aws_rds_cluster", "aws_docdb_cluster"):
        instances = architecture.referring(cluster, f"{cluster.type}_instance")
        if len(instances) == 1 and not isinstance(instances[0].index, Unknown) and _is_provisioned(cluster):
            message = tr(
                "`{address}` has one instance: when it or its zone fails, nobody can connect until AWS has made a new one.",
                address=cluster.address,
            )
            yield hit(cluster, message, fix=_second_instance(cluster, instances[0]))


def _is_provisioned(cluster: Resource) -> bool:
    # Serverless v1 has no instances of its own; a copy of another cluster is the second copy.
    engine_mode, source = read(cluster, "engine_mode"), read(cluster, "replication_source_identifier")
    return source == absent and not isinstance(engine_mode, Unknown) and text(engine_mode, "provisioned") == "provisioned"


def _second_copy(database: Resource) -> Fix:
    pinned = (RemoveAttribute(database.address, "availability_zone"),) if read(database, "availability_zone") != absent else ()
    return Fix(tr("Keep a second copy in another zone"), (SetAttribute(database.address, "multi_az", True), *pinned))


def _second_instance(cluster: Resource, first: Resource) -> Fix | None:
    size = text(read(first, "instance_class"))
    if not size or first.index is not None or cluster.index is not None or first.module != cluster.module:
        return None
    name = f"{cluster.type}.{cluster.name}"
    attributes: dict[str, Plain | Code] = {
        "cluster_identifier": Code(f"{name}.id"),
        "engine": Code(f"{name}.engine"),
        "instance_class": size,
    }
    block = NewBlock("resource", (first.type, f"{first.name}_second"), attributes)
    return Fix(tr("Add a second instance"), (AddResource(first.address, block),))
