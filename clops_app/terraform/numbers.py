"""Terraform's numbers: binary floats of 512 bits that print as the shortest decimal, kept here as that decimal.

An int stays an int, so the common case costs nothing; everything else is computed exactly and rounded as
Go's big.Float rounds it (https://pkg.go.dev/math/big#Float), which is why `1 / 3 * 3 == 1`.
"""

from __future__ import annotations

import math
import re
from decimal import Context, Decimal
from fractions import Fraction
from typing import TypeAlias

from clops_app.terraform.values import EvaluationError

Number: TypeAlias = "int | Decimal"

PRECISION = 512  # bits; go-cty's ParseNumberVal
DIGITS = 156  # 512 bits need at most that many: ceil(1 + 512 * log10(2))
# Longer than that nobody writes, and Python refuses to print an int of more than 4,300 digits.
MAGNITUDE = 4_000
FRACTION_STEPS = 250  # what it costs, in steps of an evaluation, to add or print a number that is no int (measured)
LARGEST_BITS = 13_300  # of an int: some 4,000 digits
_CONTEXT = Context(prec=DIGITS, Emax=10**6, Emin=-(10**6))
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,5})?", re.ASCII)


def too_large() -> EvaluationError:
    return EvaluationError("Number out of range", f"Only numbers of up to {MAGNITUDE:,} digits are supported.")


class Float64(Decimal):
    """What Terraform computes in 64 bits: it prints as the shortest decimal of these, and counts as the binary number it is."""

    __slots__ = ()


def is_number(value: object) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def is_int64(value: int) -> bool:
    """Whether Go holds the number as an int, as it must where it counts or indexes."""
    return -(2**63) <= value < 2**63


def whole(value: Decimal) -> Number:
    """An int if it is one; the value otherwise."""
    if not value.is_finite() or abs(value.adjusted()) > MAGNITUDE:
        raise too_large()
    exponent = value.as_tuple().exponent
    if (isinstance(exponent, int) and exponent >= 0) or value == value.to_integral_value(context=_CONTEXT):
        return _bounded(int(value))
    return _CONTEXT.plus(value.normalize(_CONTEXT))


def _bounded(value: int) -> int:
    if value.bit_length() <= PRECISION:
        return value
    return int(_rounded(Fraction(printable(value))))


def printable(value: int) -> int:
    """The same int. Raises EvaluationError for one of too many digits to be printed."""
    if value.bit_length() > LARGEST_BITS:
        raise too_large()
    return value


def parse_number(text: str) -> Number | None:
    """The number a string stands for as Terraform converts it; None if it stands for none."""
    if _NUMBER.fullmatch(text) is None or len(text) > MAGNITUDE:
        return None
    return int(text) if text.isdigit() and len(text) <= DIGITS else whole(Decimal(text))


def magnitude(value: Number) -> Number:
    """The number without its sign: Python's own abs() would round a Decimal."""
    return abs(value) if isinstance(value, int) else type(value)(value.copy_abs())


def negated(value: Number) -> Number:
    """The number with the other sign, as exact as it was."""
    return -value if isinstance(value, int) else type(value)(value.copy_negate())


def number_text(value: Number) -> str:
    """All digits, never an exponent: what tostring() and templates print."""
    return str(value) if isinstance(value, int) else format(value, "f")


def from_float(value: float) -> Number:
    """A result that Terraform computes in 64 bits. Raises EvaluationError for infinity, which it cannot store."""
    if not math.isfinite(value):
        raise EvaluationError("Operation failed", "The result is infinite or not a number.")
    number = whole(Decimal(repr(value)))
    return number if isinstance(number, int) else Float64(number)


def add(left: Number, right: Number) -> Number:
    if isinstance(left, int) and isinstance(right, int):
        return _bounded(left + right)
    return _rounded(exact_fraction(left) + exact_fraction(right))


def subtract(left: Number, right: Number) -> Number:
    if isinstance(left, int) and isinstance(right, int):
        return _bounded(left - right)
    return _rounded(exact_fraction(left) - exact_fraction(right))


def multiply(left: Number, right: Number) -> Number:
    if isinstance(left, int) and isinstance(right, int):
        return _bounded(left * right)
    return _rounded(exact_fraction(left) * exact_fraction(right))


def divide(left: Number, right: Number) -> Number:
    """Raises EvaluationError for a division by zero: Terraform makes an infinity of it and then fails to store it."""
    if right == 0:
        if left == 0:
            raise EvaluationError("Operation failed", "Error during operation: can't divide zero by zero or infinity by infinity.")
        raise EvaluationError("Division by zero", "Terraform can't store the infinity that this division gives.")
    if isinstance(left, int) and isinstance(right, int) and left % right == 0:
        return _bounded(left // right)
    return _rounded(exact_fraction(left) / exact_fraction(right))


def modulo(left: Number, right: Number) -> Number:
    """The remainder, with the sign of `left`; by zero it is `left` itself, as in Terraform."""
    if right == 0:
        return left
    if isinstance(left, int) and isinstance(right, int):
        return left - right * _truncated_quotient(left, right)
    times = math.trunc(exact_fraction(divide(left, right)))
    return subtract(left, multiply(right, times))


def _truncated_quotient(left: int, right: int) -> int:
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def exact_fraction(value: Number) -> Fraction:
    """The binary number that the decimal stands for."""
    if isinstance(value, int):
        return Fraction(value)
    if isinstance(value, Float64):
        return Fraction(float(value))
    mantissa, exponent = _binary(Fraction(value))
    return Fraction(mantissa) * Fraction(2) ** exponent


def _binary(value: Fraction) -> tuple[int, int]:
    """The nearest mantissa (512 bits, ties to even) and exponent."""
    numerator = abs(value.numerator)
    shift = PRECISION - numerator.bit_length() + value.denominator.bit_length()
    mantissa, rest, divisor = _shifted(numerator, value.denominator, shift)
    if mantissa.bit_length() > PRECISION:  # the estimate of the shift is one too many, or right
        shift -= 1
        mantissa, rest, divisor = _shifted(numerator, value.denominator, shift)
    if 2 * rest > divisor or (2 * rest == divisor and mantissa % 2):
        mantissa += 1
    return (mantissa if value >= 0 else -mantissa), -shift


def _shifted(numerator: int, denominator: int, shift: int) -> tuple[int, int, int]:
    if shift >= 0:
        numerator <<= shift
    else:
        denominator <<= -shift
    quotient, rest = divmod(numerator, denominator)
    return quotient, rest, denominator


def _rounded(value: Fraction) -> Number:
    """The shortest decimal that is read back as the same binary number."""
    if value == 0:
        return 0
    if value.denominator == 1 and value.numerator.bit_length() <= PRECISION:
        return value.numerator
    size = value.numerator.bit_length() - value.denominator.bit_length()
    if abs(size) > 13_000:  # 2 ** 13,000 has 3,914 digits
        raise too_large()
    mantissa, exponent = _binary(abs(value))
    scale = Fraction(2) ** exponent
    inclusive = mantissa % 2 == 0
    low, middle, high = ((mantissa * 2 + step) * scale / 2 for step in (-1, 0, 1))
    leading = _leading_exponent(middle)
    first, last = 1, DIGITS
    while first < last:
        digits = (first + last) // 2
        if _candidates(middle, low, high, leading - digits + 1, inclusive):
            last = digits
        else:
            first = digits + 1
    found = _candidates(middle, low, high, leading - first + 1, inclusive)
    last_place = leading - first + 1
    best = min(found, key=lambda candidate: abs(candidate * Fraction(10) ** last_place - middle))
    signed = -best if value < 0 else best
    return signed * 10**last_place if last_place >= 0 else Decimal(signed).scaleb(last_place, _CONTEXT)


def _candidates(middle: Fraction, low: Fraction, high: Fraction, exponent: int, inclusive: bool) -> list[int]:
    """Which of the two decimals around `middle` with that last digit are read back as `middle`."""
    unit = Fraction(10) ** exponent
    below = math.floor(middle / unit)

    def fits(candidate: int) -> bool:
        value = candidate * unit
        return low <= value <= high if inclusive else low < value < high

    return [candidate for candidate in (below, below + 1) if fits(candidate)]


def _leading_exponent(value: Fraction) -> int:
    """The power of ten of the first digit."""
    estimate = math.floor((value.numerator.bit_length() - value.denominator.bit_length()) * math.log10(2))
    while Fraction(10) ** estimate > value:
        estimate -= 1
    while Fraction(10) ** (estimate + 1) <= value:
        estimate += 1
    return estimate
