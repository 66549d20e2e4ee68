"""Logs that are never deleted are paid for again every month."""

from __future__ import annotations

from collections.abc import Iterator

from clops_app.kit import Architecture, Fix, Hit, Known, SetAttribute, absent, hit, read, tr, trn

DAYS = 30  # a month to look back, and one of the periods that PutRetentionPolicy takes


def check(architecture: Architecture) -> Iterator[Hit]:
    for group in architecture.resources("aws_cloudwatch_log_group"):
        is_kept = read(group, "retention_in_days") in (absent, Known(0))
        if is_kept and read(group, "log_group_class") in (absent, Known("STANDARD"), Known("INFREQUENT_ACCESS")):
            message = tr("`{address}` keeps its logs for ever: every line is paid for again each month.", address=group.address)
            title = trn("Delete logs after {count} day", "Delete logs after {count} days", DAYS)
            fix = Fix(title, (SetAttribute(group.address, "retention_in_days", DAYS),))
            yield hit(group, message, "retention_in_days", fix)
