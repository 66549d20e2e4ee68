"""Numbers as they are written: an int where whole, else the Decimal of exactly those digits, never a float."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from clops_app.hcl.tokens import HclSyntaxError
from clops_app.language import later

_LONGEST_INT = 4_300  # digits: Python's own limit between text and int, and far beyond what Terraform can hold


def number(digits: str, offset: int) -> int | Decimal:
    """Read a literal, sign allowed. A whole number of more than 4,300 digits stays a Decimal. Raises HclSyntaxError."""
    if len(digits) < _LONGEST_INT and digits.isdecimal():
        return int(digits)
    try:
        value = Decimal(digits)
    except InvalidOperation:
        detail = later("`{digits}` is not a number; for text write it in quotes", digits=digits[:40])
        raise HclSyntaxError(offset, "Invalid number literal", detail) from None
    if value.adjusted() < _LONGEST_INT and value == value.to_integral_value():
        return int(value)
    return value
