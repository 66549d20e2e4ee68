"""Functions on numbers and on truth."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from clops_app.model.types import ListType, type_any, type_bool, type_number
from clops_app.model.values import Unknown
from clops_app.terraform.convert import convert
from clops_app.terraform.functions.floats import go_log, go_pow
from clops_app.terraform.functions.signature import Function, Parameter, bad_argument, bad_call, numbers
from clops_app.terraform.numbers import FRACTION_STEPS, LARGEST_BITS, Number, add, from_float, is_int64, magnitude, printable, too_large
from clops_app.terraform.quoting import go_quoted
from clops_app.terraform.scope import Scope
from clops_app.terraform.unify import type_name, type_of
from clops_app.terraform.values import EvaluationError, ListValue, T, first_unknown

# Terraform's own limit (cty/function/stdlib/sequence.go).
RANGE = 1024
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _as_float(number: Number) -> float:
    try:
        return float(number)
    except OverflowError:
        raise bad_call("the number is too large") from None


def _pow(number: Number, power: Number) -> T:
    try:
        return from_float(go_pow(_as_float(number), _as_float(power)))
    except (OverflowError, ValueError):
        raise bad_call("the result is infinite or not a number") from None


def _log(number: Number, base: Number) -> T:
    try:
        return from_float(go_log(_as_float(number)) / go_log(_as_float(base)))
    except (ValueError, ZeroDivisionError):
        raise bad_call("the result is infinite or not a number") from None


def _rounded(number: Number, how: str) -> T:
    return number if isinstance(number, int) else int(number.to_integral_value(how))


def _extreme(*given: Number, largest: bool) -> T:
    if not given:
        raise bad_call("must pass at least one number")
    return max(given) if largest else min(given)


def _signum(number: Number) -> T:
    if isinstance(number, Decimal) or not is_int64(number):
        raise bad_call("value must be a whole number, between -9223372036854775808 and 9223372036854775807")
    return (number > 0) - (number < 0)


def _parseint(scope: Scope, text: T, base: Number) -> T:
    if not isinstance(text, str):
        raise bad_argument(0, f"first argument must be a string, not {type_name(type_of(text))}")
    if not isinstance(base, int) or not 2 <= base <= 62:
        raise bad_argument(1, "base must be a whole number between 2 and 62 inclusive")
    digits = text[1:] if text[:1] in {"+", "-"} else text
    folded = digits.lower() if base <= 36 else digits  # above 36, upper case is another digit
    allowed = _DIGITS[:base]
    if not digits or not set(folded).issubset(allowed):
        raise bad_argument(0, f"cannot parse {go_quoted(text)} as a base {base} integer")
    folded = folded.lstrip("0")
    if len(folded) * (base.bit_length() - 1) > LARGEST_BITS:  # before the work, which is quadratic
        raise too_large()
    scope.budget.spend(len(folded))
    value = 0
    for digit in folded:
        value = value * base + allowed.index(digit)
    return -printable(value) if text.startswith("-") else printable(value)


def _sum(scope: Scope, values: T) -> T:
    if isinstance(values, dict):
        raise bad_argument(0, f"argument must be list, set, or tuple. Received {type_name(type_of(values))}")
    if not isinstance(values, tuple):
        raise bad_argument(0, "cannot sum noniterable")
    if not values:
        raise bad_argument(0, "cannot sum an empty list")
    unknown = first_unknown(values)
    if unknown is not None:
        return Unknown(unknown.why, not_null=True, type=type_number)
    total: Number = 0
    for value in values:
        try:
            number = convert(value, type_number)
        except EvaluationError:
            number = None
        if not isinstance(number, (int, Decimal)):
            raise bad_argument(0, "argument must be list, set, or tuple of number values")
        total = add(total, number)
        if isinstance(total, Decimal):
            scope.budget.spend(FRACTION_STEPS)
    return total


def _range(scope: Scope, *given: Number) -> T:
    match given:
        case (end,):
            start, step = 0, (1 if end >= 0 else -1)
        case (start, end):
            step = 1 if end >= start else -1
        case (start, end, step):
            if step >= 0 and end < start:
                raise bad_argument(1, "end must be greater than start when step is positive")
            if step < 0 and end > start:
                raise bad_argument(1, "end must be less than start when step is negative")
        case _:
            raise bad_call("must have one, two, or three arguments")
    items: list[T] = []
    at: Number = start
    while at < end if step > 0 or (step == 0 and end >= start) else at > end:
        if len(items) >= RANGE:
            raise bad_call(
                f"more than {RANGE} values were generated; either decrease the difference between start and end or use a smaller step"
            )
        items.append(at)
        at = add(at, step)
        if isinstance(at, Decimal):
            scope.budget.spend(FRACTION_STEPS)
    return ListValue(items, type_number)


def _decided(values: ListValue, deciding: bool) -> T:
    """alltrue is decided by one that is not true, anytrue by one that is; null is not."""
    unknown: Unknown | None = None
    for value in values:
        if isinstance(value, Unknown):
            unknown = unknown if unknown is not None else value
        elif (value is True) is deciding:
            return deciding
    return Unknown(unknown.why, type=type_bool, not_null=True) if unknown is not None else not deciding


_BOOLS = (Parameter("list", ListType(type_bool), unknown="parts"),)

FUNCTIONS: Mapping[str, Function] = {
    "abs": Function(numbers("num"), magnitude, returns=type_number),
    "alltrue": Function(_BOOLS, lambda values: _decided(values, False), returns=type_bool),
    "anytrue": Function(_BOOLS, lambda values: _decided(values, True), returns=type_bool),
    "ceil": Function(numbers("num"), lambda number: _rounded(number, ROUND_CEILING), returns=type_number),
    "floor": Function(numbers("num"), lambda number: _rounded(number, ROUND_FLOOR), returns=type_number),
    "log": Function(numbers("num", "base"), _log, returns=type_number),
    "max": Function((), lambda *given: _extreme(*given, largest=True), numbers("numbers")[0], type_number),
    "min": Function((), lambda *given: _extreme(*given, largest=False), numbers("numbers")[0], type_number),
    "parseint": Function((Parameter("number", type_any), *numbers("base")), _parseint, returns=type_number, scoped=True),
    "pow": Function(numbers("num", "power"), _pow, returns=type_number),
    "range": Function((), _range, numbers("params")[0], ListType(type_number), scoped=True),
    "signum": Function(numbers("num"), _signum, returns=type_number),
    "sum": Function((Parameter("list", unknown="parts"),), _sum, returns=type_number, scoped=True),
}
