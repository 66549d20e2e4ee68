"""JSON with the byte at which everything stands, which the standard library does not tell.

Strings stay in place: `Document.view` is the file's text in which every string with escapes is overwritten by what it
means, so that a template inside a string is read where it stands. After an escape, offsets in that string fall short
by what the escape saved; they never leave the string.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import NamedTuple, TypeAlias, cast

from clops_app.hcl.numbers import number
from clops_app.hcl.strings import composed, decoded
from clops_app.hcl.tokens import MAX_NESTING, HclSyntaxError, Matcher, shown, too_deep
from clops_app.language import later


class JsonString(NamedTuple):
    """`start` and `end` include the quotes; `size` is the length in bytes of `value`, which stands in the view at start + 1."""

    start: int
    end: int
    value: str
    size: int


class JsonScalar(NamedTuple):
    start: int
    end: int
    value: None | bool | int | Decimal


class JsonArray(NamedTuple):
    start: int
    end: int
    items: tuple[JsonNode, ...]


class JsonObject(NamedTuple):
    """Members in source order; a key may occur twice."""

    start: int
    end: int
    members: tuple[tuple[JsonString, JsonNode], ...]


JsonNode: TypeAlias = JsonString | JsonScalar | JsonArray | JsonObject


class Document(NamedTuple):
    root: JsonNode
    view: str


_token = cast(
    "Matcher",
    re.compile(
        r"[ \t\r\n]*+(?:"
        r'"((?>(?:[^"\\\x00-\x1f]|\\.)*))"'  # 1 string
        r"|(-?(?:0|[1-9]\d*+)(?>(?:\.\d++)?)(?>(?:[eE][+-]?\d++)?)(?![\w.+-]))"  # 2 number
        r"|(true|false|null)(?!\w)"  # 3 word
        r"|([{}\[\]:,])"  # 4 mark
        r"|(\Z)"  # 5 end
        r"|((?s:.)))"  # 6 anything else
    ).match,
)
_STRING, _NUMBER, _WORD, _MARK, _END = 1, 2, 3, 4, 5
_WORDS = {"true": True, "false": False, "null": None}
Overlay: TypeAlias = list[tuple[int, str]]


def read_json(content: bytes) -> Document:
    """Read a JSON document. Raises HclSyntaxError."""
    text = content.decode("latin-1")
    overlay: Overlay = []
    root, at = _value(text, 0, overlay, 0)
    found = _token(text, at)
    if found.lastindex != _END:
        detail = later("nothing was expected after the end of the JSON value")
        raise HclSyntaxError(_start(found), "Extraneous data after value", detail)
    return Document(root, _overlaid(text, overlay))


def _overlaid(text: str, overlay: Overlay) -> str:
    pieces: list[str] = []
    at = 0
    for start, meant in overlay:
        pieces += (text[at:start], meant)
        at = start + len(meant)
    pieces.append(text[at:])
    return "".join(pieces)


def _start(found: re.Match[str]) -> int:
    kind = cast("int", found.lastindex)
    return found.start(kind) - (kind == _STRING)


def _value(text: str, at: int, overlay: Overlay, depth: int) -> tuple[JsonNode, int]:
    found = _token(text, at)
    start, end = _start(found), found.end()
    kind = found.lastindex
    if kind == _STRING:
        return _string(found, overlay), end
    if kind == _NUMBER:
        return JsonScalar(start, end, number(found[_NUMBER], start)), end
    if kind == _WORD:
        return JsonScalar(start, end, _WORDS[found[_WORD]]), end
    if kind == _MARK and found[_MARK] in "{[":
        if depth >= MAX_NESTING:
            raise too_deep(start)
        read = _object if found[_MARK] == "{" else _array
        return read(text, start, overlay, depth + 1)
    raise _no_value(text, start, kind == _END)


def _no_value(text: str, start: int, ended: bool) -> HclSyntaxError:
    if ended:
        return HclSyntaxError(start, "Missing value", later("the file ends where a JSON value was expected"))
    if text[start] == '"':
        detail = later(r"this string is not closed on its line, or holds a control character; write a newline as `\n`")
        return HclSyntaxError(start, "Invalid JSON string", detail)
    if text[start].isdecimal() or text[start] == "-":
        detail = later("JSON numbers have no leading zero, no `+`, and digits on both sides of the dot")
        return HclSyntaxError(start, "Invalid JSON number", detail)
    word = re.compile(r"[\w\x80-\xff]*").match(text, start)
    if word and word[0]:
        detail = later("`{word}` is no JSON value; there are true, false and null, and text stands in quotes", word=shown(word[0]))
        return HclSyntaxError(start, "Invalid JSON keyword", detail)
    if text[start] in "]},:":
        return HclSyntaxError(start, "Missing JSON value", later("a value was expected here; JSON allows no comma after the last item"))
    detail = later('a JSON value begins with `{`, `[`, `"`, a digit, or is true, false or null')
    return HclSyntaxError(start, "Invalid start of value", detail)


def _string(found: re.Match[str], overlay: Overlay) -> JsonString:
    raw = found[_STRING]
    start = found.end() - len(raw) - 2
    value = decoded(raw, start + 1)
    if "\\" not in raw:
        return JsonString(start, found.end(), value, len(raw))
    try:
        loaded = json.loads(f'"{value}"')
    except ValueError:
        detail = later(r"after a backslash JSON knows \" \\ \/ \b \f \n \r \t and \uNNNN")
        raise HclSyntaxError(start, "Invalid JSON string", detail) from None
    # Half of a surrogate pair becomes the replacement character, as in Go.
    meant = composed(loaded.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    bytes_meant = meant.encode().decode("latin-1")
    overlay.append((start + 1, bytes_meant))
    return JsonString(start, found.end(), meant, len(bytes_meant))


def _array(text: str, start: int, overlay: Overlay, depth: int) -> tuple[JsonArray, int]:
    items: list[JsonNode] = []
    at = start + 1
    found = _token(text, at)
    if found[_MARK] == "]":
        return JsonArray(start, found.end(), ()), found.end()
    while True:
        item, at = _value(text, at, overlay, depth)
        items.append(item)
        found = _token(text, at)
        at = found.end()
        if found[_MARK] == "]":
            return JsonArray(start, at, tuple(items)), at
        if found[_MARK] != ",":
            raise _not_separated(found, start, "]")
        if _token(text, at)[_MARK] == "]":
            detail = later("JSON allows no comma after the last item; remove it")
            raise HclSyntaxError(found.start(_MARK), "Trailing comma in array", detail)


def _object(text: str, start: int, overlay: Overlay, depth: int) -> tuple[JsonObject, int]:
    members: list[tuple[JsonString, JsonNode]] = []
    at = start + 1
    found = _token(text, at)
    if found[_MARK] == "}":
        return JsonObject(start, found.end(), ()), found.end()
    while True:
        found = _token(text, at)
        if found.lastindex != _STRING:
            detail = later("the name of a property, in double quotes, was expected here")
            raise HclSyntaxError(_start(found), "Invalid object property name", detail)
        key = _string(found, overlay)
        found = _token(text, found.end())
        if found[_MARK] != ":":
            detail = later("`:` was expected here, between `{key}` and its value", key=key.value[:40])
            raise HclSyntaxError(_start(found), "Missing property value colon", detail)
        value, at = _value(text, found.end(), overlay, depth)
        members.append((key, value))
        found = _token(text, at)
        at = found.end()
        if found[_MARK] == "}":
            return JsonObject(start, at, tuple(members)), at
        if found[_MARK] != ",":
            raise _not_separated(found, start, "}")
        if _token(text, at)[_MARK] == "}":
            detail = later("JSON allows no comma after the last property; remove it")
            raise HclSyntaxError(found.start(_MARK), "Trailing comma in object", detail)


def _not_separated(found: re.Match[str], start: int, closer: str) -> HclSyntaxError:
    if found.lastindex == _END:
        return HclSyntaxError(start, "Unclosed object", later("what opens here is never closed; add `{closer}`", closer=closer))
    return HclSyntaxError(_start(found), "Missing attribute seperator comma", later("`,` or `{closer}` was expected here", closer=closer))
