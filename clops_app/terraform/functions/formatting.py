"""format() and formatlist(): the verbs that go-cty knows (cty/function/stdlib/format.go), which are part of Go's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from clops_app.hcl.strings import composed
from clops_app.model.types import ListType, Primitive, SetType, TupleType, type_bool, type_number, type_string
from clops_app.model.values import Unknown
from clops_app.terraform.convert import convert
from clops_app.terraform.functions.graphemes import graphemes
from clops_app.terraform.functions.json_text import json_string, json_text
from clops_app.terraform.functions.signature import bad_argument, bad_call
from clops_app.terraform.iteration import LARGEST
from clops_app.terraform.numbers import FRACTION_STEPS, MAGNITUDE, Number, exact_fraction, magnitude, number_text
from clops_app.terraform.scope import Budget, Scope
from clops_app.terraform.sets import uncertain
from clops_app.terraform.text import LONGEST, too_long
from clops_app.terraform.unify import may_be
from clops_app.terraform.values import (
    EvaluationError,
    ListValue,
    SetValue,
    StaticError,
    T,
    first_unknown,
    is_null,
    marked,
    revealed,
    unmarked,
)

_VERB = re.compile(r"%%|%([-+ #0]*)([1-9]\d*)?(\.\d*)?(?:\[(\d+)\])?([A-Za-z])", re.ASCII)
_START = re.compile(r"%[-+ #0]*(?:[1-9]\d*)?(?:\.\d*)?(?:\[\d+\])?", re.ASCII)
# Wider than that no line is; a format string must not be able to ask for a gigabyte of blanks.
_WIDEST = 10_000
# As many places as numbers have: Python refuses to print an int of more than 4,300 digits.
_FINEST = MAGNITUDE
_COUNT = 9  # digits of a width, precision or index; more are read as the largest of so many, which is too large for any
_SHORT = 200  # characters of a format string that is kept in mind as it was read
_BASES = {"b": "b", "d": "d", "o": "o", "x": "x", "X": "X"}


class Verb(NamedTuple):
    """One `%…` of a format string. `argument` counts from 0; `precision` is None where none is written."""

    raw: str
    offset: int
    flags: str
    width: int
    precision: int | None
    argument: int
    mode: str


def _parsed(pattern: str) -> Sequence[str | Verb]:
    return _remembered(pattern) if len(pattern) < _SHORT else _read(pattern)


@lru_cache(100)
def _remembered(pattern: str) -> Sequence[str | Verb]:
    return tuple(_read(pattern))


def _read(pattern: str) -> Sequence[str | Verb]:
    pieces: list[str | Verb] = []
    at = 0
    following = 0
    while at < len(pattern):
        start = pattern.find("%", at)
        if start < 0:
            pieces.append(pattern[at:])
            break
        pieces.append(pattern[at:start])
        found = _VERB.match(pattern, start)
        if found is None:
            raise _unreadable(pattern, start)
        at = found.end()
        if found[0] == "%%":
            pieces.append("%")
            continue
        flags, width, precision, index, mode = found.groups()
        argument = _count(index) - 1 if index else following
        following = argument + 1
        places = None if precision is None else _count(precision[1:])
        verb = Verb(found[0], start, flags, _count(width or ""), places, argument, mode)
        if verb.width > _WIDEST or (places or 0) > _FINEST:
            raise bad_call(f"the width or precision of {_quoted(verb)} is too large")
        pieces.append(verb)
    return pieces


def _count(digits: str) -> int:
    """The number that is written; none is 0."""
    return int(digits or 0) if len(digits) <= _COUNT else 10**_COUNT


def _unreadable(pattern: str, start: int) -> EvaluationError:
    begun = _START.match(pattern, start)
    at = begun.end() if begun is not None else start + 1
    if at >= len(pattern):
        return bad_call(f"invalid format string starting at offset {len(pattern[:at].encode())}")
    return bad_call(f"unrecognized format character {pattern[at]!r} at offset {len(pattern[:at].encode())}")


def format_string(scope: Scope, pattern: str, *arguments: T) -> T:
    """format(). Of a string that is partly unknown, the known beginning is kept."""
    pieces = _parsed(pattern)
    return _formatted(pieces, arguments, scope.budget)


def _formatted(pieces: Sequence[str | Verb], arguments: Sequence[T], budget: Budget) -> T:
    budget.spend(len(pieces))
    verbs = [piece.argument for piece in pieces if not isinstance(piece, str)]
    used = max(verbs) + 1 if verbs else 0
    values: list[T] = []
    hidden = False
    for argument in arguments:
        bare, secret = revealed(argument)
        hidden = hidden or secret
        values.append(bare)
    if first_unknown(tuple(values)) is not None:
        return marked(_partly_known(pieces if used == len(values) else (), values, budget), hidden)
    made: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            made.append(piece)
            continue
        if piece.argument < 0 or piece.argument >= len(values):
            need = f"need index {piece.argument + 1} but have {len(values)} total"
            raise bad_call(f"not enough arguments for {_quoted(piece)} at {piece.offset}: {need}")
        made.append(_one(piece, values[piece.argument], budget))
    if used < len(arguments):
        only = f"only {used} used by format string" if verbs else "no verbs in format string"
        raise bad_argument(1 + used, f"too many arguments; {only}")
    if sum(map(len, made)) > LONGEST:
        raise too_long()
    return marked(composed("".join(made)), hidden)


def _partly_known(pieces: Sequence[str | Verb], values: Sequence[T], budget: Budget) -> Unknown:
    """What the string surely begins with; of what is wrong with the rest Terraform tells once all is known."""
    made: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            made.append(piece)
            continue
        value = values[piece.argument] if 0 <= piece.argument < len(values) else None
        unknown = first_unknown(value)
        if unknown is not None:
            beginning = unknown.prefix if value is unknown and piece.mode in "sv" and not piece.width else ""
            return Unknown(unknown.why, prefix="".join(made) + beginning, not_null=True, type=type_string)
        try:
            made.append(_one(piece, value, budget))
        except StaticError:
            raise
        except EvaluationError:
            break
    unknown = first_unknown(tuple(values))
    return Unknown("" if unknown is None else unknown.why, prefix="".join(made), not_null=True, type=type_string)


def format_list(scope: Scope, pattern: str, *arguments: T) -> T:
    """formatlist(): once for every element of the lists among the arguments, which must be equally long."""
    bare = [unmarked(argument) for argument in arguments]
    hidden = any(secret for _, secret in bare)
    length: int | None = None
    first = 0
    unknown: Unknown | None = None
    for number, (value, _) in enumerate(bare):
        size: int | None = None
        if isinstance(value, Unknown) and may_be(value, ListType, SetType, TupleType):
            unknown = value
            size = len(value.type.elements) if isinstance(value.type, TupleType) else None
        elif isinstance(value, SetValue) and (found := uncertain(value)) is not None:
            unknown = found
        elif isinstance(value, tuple):
            size = len(value)
        if size is None:
            continue
        if length is None:
            length, first = size, number
        elif size != length:
            detail = f"argument {number + 1} has length {size}, which is inconsistent with argument {first + 1} of length {length}"
            raise bad_argument(number + 1, detail)
    if unknown is not None:
        return marked(Unknown(unknown.why, not_null=True, type=ListType(type_string)), hidden)
    count = 1 if length is None else length
    pieces = _parsed(pattern) if count else []
    if count * len(pieces) > LARGEST:
        raise bad_call("the lists are too long")
    made: list[T] = []
    for row in range(count):
        try:
            row_of = [value[row] if isinstance(value, tuple) else value for value, _ in bare]
            made.append(_formatted(pieces, row_of, scope.budget))
        except StaticError:
            raise
        except EvaluationError as error:
            raise bad_call(f"error on format iteration {row}: {error.detail}") from error
    inner = any(unmarked(item)[1] for item in made)
    return marked(ListValue((unmarked(item)[0] for item in made), type_string), hidden or inner)


def _one(verb: Verb, value: T, budget: Budget) -> str:
    if verb.mode != "v" and is_null(value):
        raise bad_call(f"unsupported value for {_quoted(verb)} at {verb.offset}: null value cannot be formatted")
    if verb.mode == "v":
        return _padded(_as_is(verb, value), verb)
    if verb.mode == "t":
        return "true" if _converted(verb, value, type_bool) is True else "false"
    if verb.mode in "sq":
        return _string(verb, value)
    if verb.mode in _BASES or verb.mode in "eEfgG":
        number = _converted(verb, value, type_number)
        if not isinstance(number, (int, Decimal)):
            raise bad_call(f"unsupported value for {_quoted(verb)} at {verb.offset}: number required")
        if verb.mode not in _BASES:
            budget.spend(FRACTION_STEPS + (verb.precision or 0))
        return _number(verb, number)
    raise bad_call(f"unsupported format verb {verb.mode!r} in {_quoted(verb)} at offset {verb.offset}")


def _quoted(verb: Verb) -> str:
    return f'"{verb.raw}"'


def _converted(verb: Verb, value: T, wanted: Primitive) -> T:
    try:
        return convert(value, wanted)
    except EvaluationError as error:
        raise bad_call(f"unsupported value for {_quoted(verb)} at {verb.offset}: {error.detail.removesuffix('.')}") from error


def _padded(text: str, verb: Verb) -> str:
    missing = verb.width - len(graphemes(text)) if verb.width else 0
    if missing <= 0:
        return text
    if "-" in verb.flags:
        return text + " " * missing
    return ("0" if "0" in verb.flags else " ") * missing + text


def _as_is(verb: Verb, value: T) -> str:
    if "#" not in verb.flags:
        if isinstance(value, str):
            return value
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            return general(value, None)
    return json_text(value)


def _string(verb: Verb, value: T) -> str:
    text = str(_converted(verb, value, type_string))
    if verb.precision:
        text = "".join(graphemes(text)[: verb.precision])
    return _padded(json_string(text) if verb.mode == "q" else text, verb)


def _number(verb: Verb, value: Number) -> str:
    negative = value < 0
    unsigned = magnitude(value)
    prefix = ""
    if verb.mode in _BASES:
        if not isinstance(unsigned, int):
            raise bad_call(f"unsupported value for {_quoted(verb)} at {verb.offset}: an integer is required")
        digits = format(unsigned, _BASES[verb.mode]).rjust(verb.precision or 0, "0")
        if "#" in verb.flags:
            prefix = {"x": "0x", "X": "0X", "o": "0", "b": "0b"}.get(verb.mode, "")
    else:
        digits = _float(verb.mode, unsigned, verb.precision)
    sign = "-" if negative else "+" if "+" in verb.flags else " " if " " in verb.flags else ""
    missing = verb.width - len(sign) - len(prefix) - len(digits)
    if missing <= 0:
        return sign + prefix + digits
    if "-" in verb.flags:
        return sign + prefix + digits + " " * missing
    if "0" in verb.flags and (verb.precision is None or verb.mode not in _BASES):
        return sign + prefix + "0" * missing + digits
    return " " * missing + sign + prefix + digits


def _float(mode: str, value: Number, precision: int | None) -> str:
    match mode:
        case "f":
            return _fixed(value, 6 if precision is None else precision)
        case "e" | "E":
            text = _scientific(value, 6 if precision is None else precision)
        case _:
            text = general(value, precision)
    return text.upper() if mode in "EG" else text


def _fixed(value: Number, places: int) -> str:
    before, after = divmod(round(exact_fraction(value) * 10**places), 10**places)  # each short enough to be printed
    return f"{before}.{str(after).rjust(places, '0')}" if places else str(before)


def _rounded_digits(value: Number, count: int) -> tuple[str, int]:
    """The first `count` digits and the power of ten of the first of them."""
    fraction = exact_fraction(value)
    if fraction == 0:
        return "0" * count, 0
    exponent = Decimal(value).adjusted()
    digits = str(round(fraction / Fraction(10) ** (exponent - count + 1)))
    return digits[:count], exponent + len(digits) - count


def _scientific(value: Number, places: int) -> str:
    digits, exponent = _rounded_digits(value, places + 1)
    point = f".{digits[1:]}" if places else ""
    return f"{digits[0]}{point}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def general(value: Number, precision: int | None) -> str:
    """`%g`: with an exponent where it is below -4, or not below the precision: 6 for the shortest form (None), as in Go."""
    if value == 0:
        return "0"
    if precision is None:
        digits = number_text(magnitude(value)).replace(".", "").strip("0")
        exponent, limit = Decimal(value).adjusted(), 6
    else:
        precision = precision or 1
        digits, exponent = _rounded_digits(magnitude(value), precision)
        digits = digits.rstrip("0") or "0"
        limit = len(digits) if precision > len(digits) > exponent else precision
    sign = "-" if value < 0 else ""
    if exponent < -4 or exponent >= limit:
        point = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{point}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{digits}"
    whole = digits[: exponent + 1].ljust(exponent + 1, "0")
    rest = digits[exponent + 1 :]
    return sign + whole + (f".{rest}" if rest else "")
