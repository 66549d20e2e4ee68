"""Functions on strings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from clops_app.model.types import ListType, type_bool, type_string
from clops_app.model.values import Unknown
from clops_app.terraform.functions.formatting import format_list, format_string
from clops_app.terraform.functions.graphemes import graphemes
from clops_app.terraform.functions.signature import Function, Parameter, bad_argument, bad_call, numbers, texts
from clops_app.terraform.numbers import Number
from clops_app.terraform.values import ListValue, T, first_unknown, is_null

# What Go calls space (unicode.IsSpace): Python's strip() takes four control characters more.
_SPACE = "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"


def _one_to_one(character: str, full: str) -> str:
    """Go changes case letter by letter: a letter whose other case is several letters stays, `ß` for one."""
    if len(full) == 1:
        return full
    titled = character.title()
    return titled if len(titled) == 1 else character


def _upper(text: str) -> str:
    return text.upper() if text.isascii() else "".join(_one_to_one(letter, letter.upper()) for letter in text)


def _lower(text: str) -> str:
    if text.isascii():
        return text.lower()
    return "".join("i" if letter == "\u0130" else letter.lower() for letter in text)


def _title(text: str) -> str:
    """Every word with a capital, where a word begins after anything but a letter, digit or underscore."""
    made: list[str] = []
    inside = False
    for letter in text:
        made.append(letter if inside else _one_to_one(letter, letter.title()))
        inside = letter.isalnum() or letter == "_" if letter.isascii() else letter not in _SPACE
    return "".join(made)


def whole(number: Number) -> int:
    """The number as an int. Raises EvaluationError for a fraction."""
    if isinstance(number, Decimal):
        raise bad_call("value must be a whole number, between -9223372036854775808 and 9223372036854775807")
    return number


def _substr(text: str, offset: Number, length: Number) -> str:
    clusters = graphemes(text)
    start, count = whole(offset), whole(length)
    if start < 0:
        start = max(0, start + len(clusters))
        count = count or -1  # go-cty asks for a length of 0 only where it counts from the front
    return "".join(clusters[start:] if count < 0 else clusters[start : start + count])


def _indent(spaces: Number, text: str) -> str:
    width = whole(spaces)
    if not 0 <= width <= 10_000:
        raise bad_argument(0, "must be a small number of spaces")
    return text.replace("\n", "\n" + " " * width)


def _join(separator: str, *lists: ListValue) -> T:
    if not lists:
        raise bad_call("at least one list is required")
    known: list[str] = []
    for number, one in enumerate(lists, 1):
        for position, item in enumerate(one):
            if is_null(item):
                where = f"in list {number - 1} " if len(lists) > 1 else ""
                raise bad_argument(number, f"element {position} {where}is null; cannot concatenate null values")
            if isinstance(item, Unknown):
                prefix = separator.join([*known, item.prefix])
                return Unknown(item.why, prefix=prefix, not_null=True, type=type_string)
            known.append(str(item))
    return separator.join(known)


def _split(separator: str, text: str) -> T:
    return ListValue(text.split(separator) if separator else list(text), type_string)


def _begins(text: T, beginning: str) -> T:
    if not isinstance(text, Unknown):
        return str(text).startswith(beginning)
    if text.prefix.startswith(beginning):
        return True
    return False if not beginning.startswith(text.prefix) else Unknown(text.why, type=type_bool, not_null=True)


def _sort(values: ListValue) -> T:
    """With an unknown the order is unknown, but not whose values they are, if they are ids all of them."""
    unknown = first_unknown(values)
    if unknown is None:
        for position, value in enumerate(values):
            if is_null(value):
                raise bad_call(f"given list element {position} is null; a null string cannot be sorted")
        return ListValue(sorted(map(str, values)), type_string)
    if all(isinstance(value, Unknown) and value.ref is not None for value in values):
        return values
    return ListValue((Unknown(unknown.why, type=type_string, not_null=True) for _ in values), type_string)


def _on_text(run: Callable[[str], T]) -> Function:
    return Function(texts("str"), run, returns=type_string)


_LISTS = Parameter("lists", ListType(type_string), unknown="parts")
_ANYTHING = Parameter("args", null=True, unknown="whole")

FUNCTIONS: Mapping[str, Function] = {
    "chomp": _on_text(lambda text: text.rstrip("\r\n")),
    "endswith": Function(texts("str", "suffix"), str.endswith, returns=type_bool),
    "format": Function(texts("format"), format_string, _ANYTHING, type_string, scoped=True),
    "formatlist": Function(texts("format"), format_list, _ANYTHING, ListType(type_string), scoped=True),
    "indent": Function((*numbers("spaces"), *texts("str")), _indent, returns=type_string),
    "join": Function(texts("separator"), _join, _LISTS, type_string),
    "lower": _on_text(_lower),
    "sort": Function((Parameter("list", ListType(type_string), unknown="parts"),), _sort, returns=ListType(type_string)),
    "split": Function(texts("separator", "str"), _split, returns=ListType(type_string)),
    "startswith": Function((Parameter("str", type_string, unknown="whole"), *texts("prefix")), _begins, returns=type_bool),
    "strcontains": Function(texts("str", "substr"), str.__contains__, returns=type_bool),
    "strrev": _on_text(lambda text: "".join(reversed(graphemes(text)))),
    "substr": Function((*texts("str"), *numbers("offset", "length")), _substr, returns=type_string),
    "title": _on_text(_title),
    "trim": Function(texts("str", "cutset"), lambda text, cut: text.strip(cut) if cut else text, returns=type_string),
    "trimprefix": Function(texts("str", "prefix"), str.removeprefix, returns=type_string),
    "trimspace": _on_text(lambda text: text.strip(_SPACE)),
    "trimsuffix": Function(texts("str", "suffix"), str.removesuffix, returns=type_string),
    "upper": _on_text(_upper),
}
