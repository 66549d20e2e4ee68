"""A database that keeps no backups cannot be brought back."""

from __future__ import annotations

from collections.abc import Iterator

from clops_app.kit import Architecture, Fix, Hit, Known, Resource, SetAttribute, absent, hit, read, tr, trn

DAYS = 7  # what the RDS console proposes for a new database


def check(architecture: Architecture) -> Iterator[Hit]:
    for database in architecture.resources("aws_db_instance", "aws_rds_cluster", "aws_docdb_cluster"):
        written = read(database, "backup_retention_period")
        if (written == Known(0) or (written == absent and _default_is_none(database))) and read(database, "replicate_source_db") == absent:
            message = tr(
                "`{address}` keeps no backups: a bad deploy, a wrong script or a lost disk loses everything in it for good.",
                address=database.address,
            )
            yield hit(database, message, "backup_retention_period", _fix(database))


def _default_is_none(database: Resource) -> bool:
    # A restored database takes the setting over from where it came.
    origins = ("snapshot_identifier", "restore_to_point_in_time")
    return database.type == "aws_db_instance" and all(read(database, origin) == absent for origin in origins)


def _fix(database: Resource) -> Fix:
    title = trn("Keep backups for {count} day", "Keep backups for {count} days", DAYS)
    return Fix(title, (SetAttribute(database.address, "backup_retention_period", DAYS),))
