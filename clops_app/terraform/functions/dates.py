"""Functions on moments in time, which are strings as RFC 3339 writes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

from clops_app.language import tr
from clops_app.model.types import type_number, type_string
from clops_app.model.values import Unknown
from clops_app.terraform.functions.signature import Function, bad_argument, bad_call, texts
from clops_app.terraform.quoting import go_quoted
from clops_app.terraform.scope import Scope
from clops_app.terraform.values import T

_MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))", re.ASCII)
_DURATION = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_DURATION_STEPS = 2  # a character (measured)
_NANOSECONDS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TOKEN = re.compile(r"'(?:[^']|'')*'|'|([A-Za-z])\1*|[^A-Za-z']+")


def _moment(text: str) -> datetime | str:
    """The moment, or why it is none."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return "not a valid RFC3339 timestamp"
    year, month, day, hour, minute, second = map(int, found.groups()[:6])
    fraction, sign, offset_hours, offset_minutes = found.groups()[6:]
    offset = timedelta(hours=int(offset_hours or 0), minutes=int(offset_minutes or 0)) * (-1 if sign == "-" else 1)
    try:
        zone = timezone(offset) if offset else UTC
        return datetime(year, month, day, hour, minute, second, int((fraction or "").ljust(9, "0")[:6] or 0), zone)
    except ValueError as error:
        return f"not a valid RFC3339 timestamp: {error}"


def _written(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}".rjust(19, "0") + _zone(moment, "Z")


def _zone(moment: datetime, zero: str, colon: str = ":") -> str:
    offset = moment.utcoffset() or timedelta()
    if not offset and zero:
        return zero
    minutes = abs(int(offset.total_seconds())) // 60
    return f"{'-' if offset < timedelta() else '+'}{minutes // 60:02d}{colon}{minutes % 60:02d}"


def _duration(text: str) -> timedelta | None:
    """Go's notation: `1h30m`, `-1.5h`, `300ms`."""
    unsigned = text[1:] if text[:1] in {"+", "-"} else text
    if unsigned == "0":
        return timedelta()
    nanoseconds = Fraction(0)
    at = 0
    while at < len(unsigned):
        found = _DURATION.match(unsigned, at)
        if found is None or len(found[1]) > 20:
            return None
        nanoseconds += Fraction(found[1]) * _NANOSECONDS[found[2]]
        at = found.end()
    # Go's durations are 64 bits of nanoseconds, some 292 years.
    if not unsigned or nanoseconds >= 2**63:
        return None
    span = timedelta(microseconds=int(nanoseconds / 1000))
    return -span if text.startswith("-") else span


def _timeadd(scope: Scope, timestamp: str, duration: str) -> T:
    scope.budget.spend(len(duration) * _DURATION_STEPS)
    moment, span = _moment(timestamp), _duration(duration)
    if isinstance(moment, str):
        raise bad_call(moment)
    if span is None:
        raise bad_call(f"time: invalid duration {go_quoted(duration)}")
    try:
        return _written(moment + span)
    except OverflowError as error:
        raise bad_call("the result is out of range") from error


def _timecmp(left: str, right: str) -> T:
    moments: list[datetime] = []
    for number, text in enumerate((left, right)):
        moment = _moment(text)
        if isinstance(moment, str):
            raise bad_argument(number, moment)
        moments.append(moment)
    return (moments[0] > moments[1]) - (moments[0] < moments[1])


_VERBS: Mapping[str, Callable[[datetime], str]] = {
    "YYYY": lambda at: f"{at.year:04d}",
    "YY": lambda at: f"{at.year % 100:02d}",
    "MMMM": lambda at: _MONTHS[at.month - 1],
    "MMM": lambda at: _MONTHS[at.month - 1][:3],
    "MM": lambda at: f"{at.month:02d}",
    "M": lambda at: str(at.month),
    "DD": lambda at: f"{at.day:02d}",
    "D": lambda at: str(at.day),
    "EEEE": lambda at: _DAYS[at.weekday()],
    "EEE": lambda at: _DAYS[at.weekday()][:3],
    "hh": lambda at: f"{at.hour:02d}",
    "h": lambda at: str(at.hour),
    "HH": lambda at: f"{(at.hour + 11) % 12 + 1:02d}",
    "H": lambda at: str((at.hour + 11) % 12 + 1),
    "AA": lambda at: "AM" if at.hour < 12 else "PM",
    "aa": lambda at: "am" if at.hour < 12 else "pm",
    "mm": lambda at: f"{at.minute:02d}",
    "m": lambda at: str(at.minute),
    "ss": lambda at: f"{at.second:02d}",
    "s": lambda at: str(at.second),
    "ZZZZZ": lambda at: _zone(at, ""),
    "ZZZZ": lambda at: _zone(at, "", ""),
    "ZZZ": lambda at: _zone(at, "UTC", ""),
    "Z": lambda at: _zone(at, "Z"),
}


def _formatdate(scope: Scope, pattern: str, time: str) -> T:
    scope.budget.spend(len(pattern))
    moment = _moment(time)
    if isinstance(moment, str):
        raise bad_argument(1, moment)
    made: list[str] = []
    for token in _TOKEN.finditer(pattern):
        text = token[0]
        if text == "'":
            raise bad_argument(0, "unterminated literal '")
        if text.startswith("'"):
            made.append(text[1:-1].replace("''", "'"))
        elif token[1] is None:
            made.append(text)
        elif text in _VERBS:
            made.append(_VERBS[text](moment))
        else:
            raise bad_argument(0, f"invalid date format verb {go_quoted(text)}")
    return "".join(made)


def _when_run(name: str) -> Function:
    def unknown() -> T:
        return Unknown(tr("{function} is the time at which Terraform runs", function=f"{name}()"), not_null=True, type=type_string)

    return Function((), unknown, returns=type_string)


FUNCTIONS: Mapping[str, Function] = {
    "formatdate": Function(texts("format", "time"), _formatdate, returns=type_string, scoped=True),
    "plantimestamp": _when_run("plantimestamp"),
    "timeadd": Function(texts("timestamp", "duration"), _timeadd, returns=type_string, scoped=True),
    "timecmp": Function(texts("timestamp_a", "timestamp_b"), _timecmp, returns=type_number),
    "timestamp": _when_run("timestamp"),
}
