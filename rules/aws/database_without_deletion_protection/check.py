"""A database that nothing protects is one wrong command away from being gone."""

from __future__ import annotations

from collections.abc import Iterator

from clops_app.kit import Architecture, Fix, Hit, SetAttribute, absent, hit, is_false, read, tr


def check(architecture: Architecture) -> Iterator[Hit]:
    for database in architecture.resources("aws_db_instance", "aws_rds_cluster", "aws_docdb_cluster"):
        is_replica = any(read(database, origin) != absent for origin in ("replicate_source_db", "replication_source_identifier"))
        if not is_replica and is_false(read(database, "deletion_protection"), default=False):
            message = tr(
                "`{address}` can be deleted by one wrong `terraform destroy` or a renamed resource, and its data with it.",
                address=database.address,
            )
            fix = Fix(tr("Protect it from deletion"), (SetAttribute(database.address, "deletion_protection", True),))
            yield hit(database, message, "deletion_protection", fix)
