"""JSON as Go writes and reads it: `<`, `>` and `&` escaped, keys sorted, numbers with all their digits."""

from __future__ import annotations

import json
import re
from decimal import Decimal

from clops_app.hcl.strings import composed
from clops_app.terraform.functions.signature import bad_call
from clops_app.terraform.numbers import MAGNITUDE, Number, number_text, parse_number
from clops_app.terraform.values import EvaluationError, Null, Sensitive, T, opened

# Deeper than any document that a configuration holds; Python's own reader stops at about a thousand.
DEEPEST = 200
_ESCAPED = re.compile('["\\\\\x00-\x1f<>&\u2028\u2029]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def json_string(text: str) -> str:
    """The text as a JSON string."""
    return f'"{text}"' if _ESCAPED.search(text) is None else f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    return _SHORT.get(found[0]) or f"\\u{ord(found[0]):04x}"


def json_text(value: T) -> str:
    """A value that is known to the last leaf as JSON, without blanks."""
    match value:
        case str():
            return json_string(value)
        case dict():
            return "{" + ",".join([f"{json_string(key)}:{json_text(value[key])}" for key in sorted(value)]) + "}"
        case None | Null():
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return number_text(value)
        case tuple():
            return "[" + ",".join(map(json_text, value)) + "]"
        case Sensitive(inner):
            return json_text(inner)
        case _:
            return json_text(opened(value))


def read_json(text: str) -> T:
    """The value of a JSON document: arrays are tuples, objects are objects. Raises EvaluationError."""
    if not text.strip():
        raise bad_call("EOF")
    try:
        return _value(json.loads(text, parse_int=_number, parse_float=_number, parse_constant=_constant), 0)
    except json.JSONDecodeError as error:
        raise bad_call(f"{error.msg[:1].lower()}{error.msg[1:]} at character {error.pos}") from error
    except RecursionError as error:
        raise bad_call("the document is nested too deeply") from error


def _number(text: str) -> Number:
    number = parse_number(text)
    if number is None:
        raise EvaluationError("Number out of range", f"Only numbers of up to {MAGNITUDE:,} digits are supported.")
    return number


def _constant(name: str) -> Number:
    raise bad_call(f"invalid character {name[0]!r} looking for beginning of value")


def _value(read: object, depth: int) -> T:
    """Lists become tuples; what is no character on its own becomes the replacement character, as in Go."""
    if depth > DEEPEST:
        raise bad_call("the document is nested too deeply")
    match read:
        case list():
            return tuple(_value(item, depth + 1) for item in read)
        case dict():
            return {whole_text(key): _value(item, depth + 1) for key, item in read.items()}
        case str():
            return whole_text(read)
        case None | bool() | int() | Decimal():
            return read
        case _:
            raise TypeError(f"not JSON: {read!r}")


def whole_text(text: str) -> str:
    """The text of a document as Terraform holds it: composed, the replacement character for half a surrogate pair."""
    return text if text.isascii() else composed(_LONE_SURROGATE.sub("\ufffd", text))
