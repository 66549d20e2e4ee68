"""A database with a public address is guarded by a password and one firewall rule."""

from __future__ import annotations

from collections.abc import Iterator

from clops_app.kit import Architecture, Fix, Hit, SetAttribute, hit, is_true, read, tr

DATABASES = ("aws_db_instance", "aws_rds_cluster_instance", "aws_neptune_cluster_instance", "aws_redshift_cluster")


def check(architecture: Architecture) -> Iterator[Hit]:
    for database in architecture.resources(*DATABASES):
        if is_true(read(database, "publicly_accessible")):
            message = tr(
                "`{address}` has an address on the internet: only firewall rules and a password keep strangers out.",
                address=database.address,
            )
            fix = Fix(tr("Take it off the internet"), (SetAttribute(database.address, "publicly_accessible", False),))
            yield hit(database, message, "publicly_accessible", fix)
