"""Changes to a file, made one after the other on its text: each is asked of the file that the one before left."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from clops_app.hcl.edits import add_block, add_top_level, remove_attribute, remove_block, set_attribute
from clops_app.hcl.emit import emit_value, quote
from clops_app.hcl.layout import Splice, respaced
from clops_app.hcl.syntax import Attribute, Body, Expression, File, ObjectItems
from clops_app.model.finding import Code, NewBlock
from clops_app.model.source import Edit, SourceTree, Span
from clops_app.model.values import Plain
from clops_app.patch.diff import edits_between
from clops_app.patch.places import Spot, Step, attribute_of, block_named, body_at, item_at, name_of, unwrapped
from clops_app.patch.window import window
from clops_app.terraform.sources import Parsed

_NAME = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Set:
    """Give what is at the spot this value; write it if it is not there."""

    spot: Spot
    value: Plain | Code


@dataclass(frozen=True, slots=True)
class Remove:
    spot: Spot


@dataclass(frozen=True, slots=True)
class RemoveBlock:
    spot: Spot


@dataclass(frozen=True, slots=True)
class AddInside:
    """Add a block at the end of the body at the spot."""

    spot: Spot
    block: NewBlock


@dataclass(frozen=True, slots=True)
class AddOnTop:
    """Add a block after the top-level block at the spot."""

    spot: Spot
    block: NewBlock


Operation = Set | Remove | RemoveBlock | AddInside | AddOnTop


def carried_out(operations: Sequence[Operation], path: str, content: bytes, parsed: Parsed) -> tuple[Edit, ...]:
    """The whole lines that all operations change. A spot that is not there any more changes nothing; then the proof finds it unmended."""
    start, end = _window(operations, parsed.file(path, content), content)
    part = content[start:end]
    if len(part) < len(content) and parsed.file(path, part).problems:
        start, part = 0, content
    edits = edits_between(path, part, _after(operations, path, part, parsed))
    return tuple(Edit(Span(path, edit.span.start + start, edit.span.end + start), edit.text) for edit in edits)


def _window(operations: Iterable[Operation], file: File, content: bytes) -> tuple[int, int]:
    """The lines to work in: those around the blocks, where each has a name of its own in the file, else all."""
    names = {operation.spot.blocks[0] if operation.spot.blocks else None for operation in operations}
    blocks = [block_named(file.body, name) if name is not None and name.number == 0 else None for name in names]
    found = [block for block in blocks if block is not None]
    return window(file, content, found) if found and len(found) == len(blocks) else (0, len(content))


def _after(operations: Sequence[Operation], path: str, content: bytes, parsed: Parsed) -> bytes:
    after = content
    added: dict[Spot, Spot] = {}
    for operation in operations:
        now = operation
        if isinstance(operation, AddOnTop):
            # Several for one place stand in the order they were given in, not the last one first.
            now = replace(operation, spot=added.get(operation.spot, operation.spot))
        after = SourceTree({path: after}).edited(_edits(now, parsed.file(path, after), after)).files[path]
        if isinstance(operation, AddOnTop) and (new := _next(parsed.file(path, after), now.spot)) is not None:
            added[operation.spot] = new
    return after


def _next(file: File, spot: Spot) -> Spot | None:
    """The top-level block after the one at the spot."""
    place = body_at(file, spot.blocks)
    if place is None or place[0] is None:
        return None
    blocks = file.body.blocks
    number = blocks.index(place[0]) + 1
    return replace(spot, blocks=(name_of(blocks[number], file.body),)) if number < len(blocks) else None


def _edits(operation: Operation, file: File, content: bytes) -> list[Edit]:
    place = body_at(file, operation.spot.blocks)
    if place is None:
        return []
    block, body = place
    match operation:
        case Set(spot, value):
            return _set(file, content, body, spot, value)
        case Remove(spot):
            attribute = attribute_of(body, spot.attribute)
            return [] if attribute is None else remove_attribute(file, content, attribute)
        case RemoveBlock():
            return [] if block is None else remove_block(file, content, block)
        case AddInside(_, new):
            return add_block(file, content, body, new)
        case AddOnTop(_, new):
            return [] if block is None else add_top_level(file, content, block, new)


def _set(file: File, content: bytes, body: Body, spot: Spot, value: Plain | Code) -> list[Edit]:
    attribute = attribute_of(body, spot.attribute)
    if not spot.inside or attribute is None:
        return set_attribute(file, content, body, spot.attribute, emit_value(value))
    return _set_inside(file, content, attribute, spot.inside, value)


def _set_inside(file: File, content: bytes, attribute: Attribute, steps: tuple[Step, ...], value: Plain | Code) -> list[Edit]:
    text = content.decode("latin-1")
    around: Expression = attribute.value
    for step in steps[:-1]:
        inner = item_at(around, step)
        if inner is None:
            return []
        around = inner
    written = item_at(around, steps[-1])
    if written is not None:
        piece = _text(text, value, written.start)
        splice = Splice(written.start, written.end, piece)
    else:
        around = unwrapped(around)
        if not isinstance(around, ObjectItems):
            return []
        splice = _new_key(text, around, str(steps[-1]), value)
    return [Edit(Span(file.path, s.start, s.end), s.text.encode("latin-1").decode()) for s in respaced(text, splice)]


def _new_key(text: str, around: ObjectItems, key: str, value: Plain | Code) -> Splice:
    """Add a key after the last one: on a line of its own where the object has lines, else behind a comma."""
    closing = around.end - 1
    if not around.items:
        return Splice(around.start, around.end, f"{{ {_key(key)} = {_text(text, value, around.start)} }}")
    end = around.items[-1][1].end
    assignment = f"{_key(key)} = {_text(text, value, around.items[-1][0].start)}"
    newline = text.find("\n", end, closing)
    if newline >= 0:
        first = around.items[-1][0].start
        line = text.rfind("\n", 0, first) + 1
        indent = text[line:first] if text[line:first].isspace() else _indent_of(text, first) + "  "
        lineend = "\r\n" if text[newline - 1] == "\r" else "\n"
        return Splice(newline + 1, newline + 1, f"{indent}{assignment}{lineend}")
    comma = text.find(",", end, closing)
    return Splice(end, end, f", {assignment}") if comma < 0 else Splice(comma + 1, comma + 1, f" {assignment}")


def _text(text: str, value: Plain | Code, at: int) -> str:
    """The value as latin-1 text, its further lines indented as the line at `at`, with the file's line ends."""
    piece = _latin(emit_value(value, _indent_of(text, at)))
    return piece.replace("\n", "\r\n") if "\r\n" in text else piece


def _key(key: str) -> str:
    return key if _NAME.fullmatch(key) else _latin(quote(key))


def _indent_of(text: str, at: int) -> str:
    line = text[text.rfind("\n", 0, at) + 1 :]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _latin(text: str) -> str:
    return text.encode().decode("latin-1")
