"""Values and blocks as HCL text, as `terraform fmt` would leave them. Nothing that is written can become code by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from clops_app.model.finding import Code, NewBlock
from clops_app.model.values import Plain

MAX_LINE = 100  # columns: a tuple or object that fits stays on one line; fmt has no opinion
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_ESCAPED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_NEEDS_ESCAPE = re.compile(r'["\\\x00-\x1f\x7f\x85\u2028\u2029]|[$%](?=\{)')
_PLAIN_EXPONENT = 40  # digits before a Decimal is written with an exponent


def emit_value(value: Plain | Code, indent: str = "", unit: str = "  ") -> str:
    """The value as an expression. Further lines begin with `indent`, that of the line it is written on.

    Raises ValueError for NaN and infinity, which HCL cannot write.
    """
    match value:
        case Code(text):
            return text
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Decimal():
            return _emit_decimal(value)
        case str():
            return quote(value)
        case tuple():
            return _emit_tuple(value, indent, unit)
        case Mapping():
            return _emit_object(value, indent, unit)


def quote(text: str) -> str:
    """A quoted string that means exactly `text`."""
    return f'"{_NEEDS_ESCAPE.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    if character in "$%":
        return character * 2
    return _ESCAPED.get(character) or f"\\u{ord(character):04x}"


def _emit_decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError(f"{value} cannot be written in HCL")
    return format(value, "f") if abs(value.adjusted()) < _PLAIN_EXPONENT else str(value)


def _emit_tuple(items: tuple[Plain, ...], indent: str, unit: str) -> str:
    one_line = f"[{', '.join(emit_value(item) for item in items)}]"
    if _fits(one_line, indent):
        return one_line
    inner = indent + unit
    return "\n".join(["[", *(f"{inner}{emit_value(item, inner, unit)}," for item in items), f"{indent}]"])


def _emit_object(members: Mapping[str, Plain], indent: str, unit: str) -> str:
    if not members:
        return "{}"
    if len(members) == 1:
        ((key, value),) = members.items()
        one_line = f"{{ {_key(key)} = {emit_value(value)} }}"
        if not isinstance(value, Mapping) and _fits(one_line, indent):
            return one_line
    return "\n".join(["{", *assignments([(_key(key), value) for key, value in members.items()], indent + unit, unit), f"{indent}}}"])


def _fits(text: str, indent: str) -> bool:
    return "\n" not in text and len(indent) + len(text) <= MAX_LINE


def _key(key: str) -> str:
    # `for` as the first key would begin a for expression.
    return key if _IDENTIFIER.fullmatch(key) and key != "for" else quote(key)


def assignments(pairs: list[tuple[str, Plain | Code]], indent: str, unit: str = "  ") -> list[str]:
    """`name = value` lines, the `=` of neighbours aligned; a value of several lines stands by itself, as fmt has it."""
    values = [emit_value(value, indent, unit) for _, value in pairs]
    lines: list[str] = []
    at = 0
    while at < len(pairs):
        end = at + 1
        if in_run(values[at]):
            while end < len(pairs) and in_run(values[end]):
                end += 1
        width = max(len(name) for name, _ in pairs[at:end])
        lines += [f"{indent}{name:<{width}} = {value}" for (name, _), value in zip(pairs[at:end], values[at:end], strict=True)]
        at = end
    return lines


def in_run(value: str) -> bool:
    """Whether fmt aligns the `=` before this value with its neighbours': it is on one line, or a heredoc."""
    return "\n" not in value or value.startswith("<<")


def emit_block(block: NewBlock, indent: str = "", unit: str = "  ") -> str:
    """The block, its first line indented too, without a newline at its end."""
    header = " ".join([block.type, *map(quote, block.labels)])
    if not block.attributes and not block.blocks:
        return f"{indent}{header} {{}}"
    lines = [f"{indent}{header} {{", *assignments(list(block.attributes.items()), indent + unit, unit)]
    for nested in block.blocks:
        if len(lines) > 1:
            lines.append("")
        lines.append(emit_block(nested, indent + unit, unit))
    return "\n".join([*lines, f"{indent}}}"])
