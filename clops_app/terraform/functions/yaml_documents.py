"""YAML in and out, as go-cty-yaml reads and writes it; PyYAML only takes the text apart.

Its own constructors are not used: go-cty-yaml resolves scalars in its own way, and a stranger's aliases must be counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from clops_app.terraform.functions.json_text import whole_text
from clops_app.terraform.functions.signature import bad_call
from clops_app.terraform.numbers import number_text, parse_number, printable
from clops_app.terraform.quoting import go_quoted
from clops_app.terraform.scope import Scope
from clops_app.terraform.values import Null, Sensitive, T, opened

if TYPE_CHECKING:
    from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

# What one document may hold, aliases counted each time they are used ("billion laughs").
LARGEST = 100_000
DEEPEST = 100
# PyYAML takes about 20 µs a character, a step of an evaluation about 1 µs (measured).
_STEPS_PER_CHARACTER = 20
_TRUE = frozenset({"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"})
_FALSE = frozenset({"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N"})
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_FLOAT = re.compile(r"[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}", re.ASCII)
_MERGE = "tag:yaml.org,2002:merge"
_STANDARD = "tag:yaml.org,2002:"
_WIDTH = 80  # libyaml's best_width


def read_yaml(scope: Scope, text: str) -> T:
    """The value of a document with one value. Raises EvaluationError."""
    import yaml

    scope.budget.spend(len(text) * _STEPS_PER_CHARACTER)
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"on line {mark.line + 1}, column {mark.column + 1}: " if mark is not None else ""
        raise bad_call(f"{where}{getattr(error, 'problem', None) or 'this is no YAML'}") from error
    except (RecursionError, ValueError, OverflowError) as error:  # the latter two PyYAML raises for what is no character
        raise bad_call("the document can't be read") from error
    if node is None:
        raise bad_call("on line 1, column 1: missing start of document")
    return _Reading().value(node, 0)


class _Reading:
    """Counts what a document unfolds to."""

    __slots__ = ("count", "within")

    def __init__(self) -> None:
        self.count = 0
        self.within: set[int] = set()

    def value(self, node: Node, depth: int) -> T:
        self.count += 1
        if self.count > LARGEST or depth > DEEPEST:
            raise bad_call("the document is too large or nested too deeply")
        if id(node) in self.within:
            raise bad_call("cannot refer to an anchor from inside its own definition")
        self.within.add(id(node))
        try:
            return self.read(node, depth)
        finally:
            self.within.discard(id(node))

    def read(self, node: Node, depth: int) -> T:
        from yaml.nodes import MappingNode, ScalarNode, SequenceNode

        match node:
            case ScalarNode():
                return _scalar(node)
            case SequenceNode():
                return self.sequence(node, depth)
            case MappingNode():
                return self.mapping(node, depth)
            case _:
                raise bad_call("the document can't be read")

    def sequence(self, node: SequenceNode, depth: int) -> T:
        _known_tag(node, "seq", "sequence")
        return tuple(self.value(item, depth + 1) for item in node.value)

    def mapping(self, node: MappingNode, depth: int) -> T:
        _known_tag(node, "map", "mapping")
        merged: dict[str, T] = {}
        own: dict[str, T] = {}
        for key, item in node.value:
            if key.tag == _MERGE:
                for source in self._sources(item, depth):
                    merged.update({name: found for name, found in source.items() if name not in merged})
            else:
                own[self._key(key)] = self.value(item, depth + 1)
        return {**merged, **own}

    def _sources(self, node: Node, depth: int) -> Iterable[dict[str, T]]:
        value = self.value(node, depth + 1)
        for source in value if isinstance(value, tuple) else (value,):
            if not isinstance(source, dict):
                raise bad_call("cannot merge anything but a mapping into a mapping")
            yield source

    def _key(self, node: Node) -> str:
        key = self.value(node, 0)
        match key:
            case None | tuple() | dict():
                raise bad_call("mapping key is required to be a string")
            case bool():
                return "true" if key else "false"
            case int() | Decimal():
                return number_text(key)
            case _:
                return str(key)


def _known_tag(node: Node, expected: str, kind: str) -> None:
    if node.tag == _STANDARD + expected:
        return
    if node.tag.startswith(_STANDARD):
        raise bad_call(f"can't interpret {kind} as {node.tag}")
    raise bad_call(f"unsupported tag {go_quoted(node.tag)}")


def _scalar(node: ScalarNode) -> T:
    text = whole_text(node.value)
    if node.tag not in {_STANDARD + name for name in _TAGS}:
        raise bad_call(f"unsupported tag {go_quoted(node.tag)}")
    # Quoted and literal text is text; so is plain text that PyYAML was told to take as text.
    if node.style is not None:
        return text
    if node.tag == f"{_STANDARD}str":
        plainly = _resolved(text)
        return plainly if not isinstance(plainly, str) and _is_implicit(node, text) else text
    return _resolved(text)


_TAGS = ("str", "int", "float", "bool", "null", "timestamp", "merge", "value", "binary")


def _is_implicit(node: ScalarNode, text: str) -> bool:
    """Whether nobody wrote `!!str`: the text then begins where the node does."""
    start = node.start_mark
    return start.buffer is None or start.buffer[start.pointer : start.pointer + 1] != "!" or text.startswith("!")


def _resolved(text: str) -> T:
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    if text in _NULL:
        return None
    if text.lower() in {".nan", ".inf", "+.inf", "-.inf"}:
        raise bad_call("floating point NaN is not supported" if text.lower() == ".nan" else "infinity is not supported")
    if re.fullmatch(r"0x[0-9a-fA-F]+", text):
        return printable(int(text, 16))
    if re.fullmatch(r"0o[0-7]+", text):
        return printable(int(text, 8))
    if _FLOAT.fullmatch(text):
        number = parse_number(text)
        if number is not None:
            return number
    return _moment(text) if _DATE.match(text) else text


def _moment(text: str) -> str:
    """A date or time as RFC 3339 has it; text that is none stays."""
    try:
        if _DATE.fullmatch(text):
            year, month, day = map(int, text.split("-"))
            return datetime(year, month, day).strftime("%Y-%m-%dT00:00:00Z")  # noqa: DTZ001 - a date has no zone
    except ValueError:
        return text
    return text


def yaml_text(value: T) -> str:
    """A value that is known to the last leaf, in block style with quoted keys and strings."""
    match value:
        case tuple() | dict() if value:
            return _block(value, 0, "")
        case str():
            return _text(value, 2, 0) + "\n"
        case tuple() | dict():
            return _leaf(value, 0, 0) + "\n"
        case Sensitive(inner):
            return yaml_text(inner)
        case None | Null() | bool() | int() | Decimal():
            return _leaf(value, 0, 0) + "\n...\n"
        case _:
            return yaml_text(opened(value))


def _block(value: tuple[T, ...] | dict[str, T], indent: int, first: str) -> str:
    """A collection that is not empty; the first line goes on after `first`, which is as wide as the indent."""
    blanks = " " * indent
    made: list[str] = []
    if isinstance(value, dict):
        for name in sorted(value):
            lead = blanks if made or not first else first
            made.append(f"{lead}{_quoted(name, None, 0)}:{_entry(value[name], indent, len(blanks) + len(name) + 4)}")
    else:
        for item in value:
            lead = blanks if made or not first else first
            made.append(lead + _dashed(item, indent))
    return "".join(made)


def _entry(value: T, indent: int, column: int) -> str:
    value = _bare(value)
    if isinstance(value, dict) and value:
        return "\n" + _block(value, indent + 2, "")
    if isinstance(value, tuple) and value:
        return "\n" + _block(value, indent, "")  # a sequence in a mapping is not indented
    return f" {_leaf(value, indent + 2, column)}\n"


def _dashed(value: T, indent: int) -> str:
    value = _bare(value)
    if isinstance(value, (dict, tuple)) and value:
        return _block(value, indent + 2, "- ")
    return f"- {_leaf(value, indent + 2, indent + 2)}\n"


def _bare(value: T) -> T:
    return _bare(value.value) if isinstance(value, Sensitive) else opened(value)


def _leaf(value: T, indent: int, column: int) -> str:
    match value:
        case None | Null():
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return number_text(value)
        case str():
            return _text(value, indent, column)
        case dict():
            return "{}"
        case _:
            return "[]"


_UNPRINTABLE = re.compile("[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]")


def _text(text: str, indent: int, column: int) -> str:
    if "\n" in text and _UNPRINTABLE.search(text) is None and " \n" not in text and not text.endswith(" "):
        return _literal(text, indent)
    return _quoted(text, indent, column)


def _literal(text: str, indent: int) -> str:
    """Line by line after a `|`: with a hint where the first line begins with a blank, and how the text ends."""
    hint = "2" if text[0] in " \n" else ""
    ending = "-" if not text.endswith("\n") else "+" if text.endswith("\n\n") or text == "\n" else ""
    lines = text.removesuffix("\n").split("\n")
    return f"|{hint}{ending}\n" + "\n".join(" " * indent + line if line else "" for line in lines)


_SHORT = {"\0": "0", "\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", "\x1b": "e", '"': '"', "\\": "\\",
          "\x85": "N", "\u2028": "L", "\u2029": "P"}  # fmt: skip


def _quoted(text: str, indent: int | None, column: int) -> str:
    """In double quotes; folded at blanks beyond the 80th column, but never in a key (indent None)."""
    made = ['"']
    at = column + 1
    blank_before = False
    for number, character in enumerate(text):
        inside = 0 < number < len(text) - 1
        if character == " " and indent is not None and not blank_before and at > _WIDTH and inside:
            following = "\\" if text[number + 1] == " " else ""
            made.append("\n" + " " * indent + following)
            at = indent + len(following)
        else:
            written = _escaped(character)
            made.append(written)
            at += len(written)
        blank_before = character == " "
    return "".join((*made, '"'))


def _escaped(character: str) -> str:
    if character in _SHORT:
        return f"\\{_SHORT[character]}"
    if _UNPRINTABLE.match(character) is None:
        return character
    code = ord(character)
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
