"""What is sold, in words: in data a unit is English (`GB-month`, `request`), where people read it, it is in their language."""

from __future__ import annotations

from clops_app.language import tr, tr_noop

# GB, ECPU and their likes are called so everywhere.
_UNITS = frozenset(
    {
        tr_noop("ACU-hour"),
        tr_noop("GB-hour"),
        tr_noop("GB-month"),
        tr_noop("GB-second"),
        tr_noop("GiB-month"),
        tr_noop("GiBps-month"),
        tr_noop("I/O request"),
        tr_noop("IOPS-month"),
        tr_noop("LCU-hour"),
        tr_noop("MiBps-month"),
        tr_noop("RCU-hour"),
        tr_noop("WCU-hour"),
        tr_noop("alarm-month"),
        tr_noop("alarm metric-month"),
        tr_noop("change record-hour"),
        tr_noop("check-month"),
        tr_noop("connection minute"),
        tr_noop("dashboard-month"),
        tr_noop("delivery"),
        tr_noop("feature-month"),
        tr_noop("hour"),
        tr_noop("key-month"),
        tr_noop("message"),
        tr_noop("metric-month"),
        tr_noop("month"),
        tr_noop("object-month"),
        tr_noop("path"),
        tr_noop("query"),
        tr_noop("read request"),
        tr_noop("record-month"),
        tr_noop("request"),
        tr_noop("secret-month"),
        tr_noop("tag-month"),
        tr_noop("vCPU-hour"),
        tr_noop("zone-month"),
    }
)


def unit_words(unit: str) -> str:
    """The unit of a CostLine as people read it."""
    return tr(unit) if unit in _UNITS else unit
