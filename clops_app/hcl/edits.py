"""Changes to a file as edits that touch nothing else; where `terraform fmt` had nothing to do, it still has nothing to do.

Files in JSON syntax are not edited: a program writes those.
"""

from __future__ import annotations

import re

from clops_app.hcl.emit import emit_block
from clops_app.hcl.find import attribute_named
from clops_app.hcl.layout import Splice, respaced
from clops_app.hcl.syntax import Attribute, Block, Body, File
from clops_app.hcl.tokens import BLANKS, IDENTIFIER
from clops_app.model.finding import NewBlock
from clops_app.model.source import Edit, Span

_INDENTATION = re.compile(r"[ \t]*")
_OPENS_LINES = re.compile(rf"{BLANKS}\n")
_HEREDOC = re.compile(rf"<<-?{IDENTIFIER}\r?\n")
_BLANKS = " \t\r\n"  # not str.strip()'s own: bytes of a letter may be blanks to it
_LAST_BY_CUSTOM = frozenset({"tags", "tags_all", "depends_on"})  # https://developer.hashicorp.com/terraform/language/style


def set_attribute(file: File, content: bytes, body: Body, name: str, value: str) -> list[Edit]:
    """Give an attribute this value: in the place of the one that is written, else on a new line.

    Further lines of `value` are indented as the line it stands on, unless it holds a heredoc.
    """
    text = content.decode("latin-1")
    written = attribute_named(body, name)
    if written is None:
        return _edits(file, text, _insertion(text, body, name, value))
    if "\n" in value and not _opens_lines(text, body):
        return _edits(file, text, _opened(text, body, [f"{name} = {value}"], keep=False))
    piece = _indented(value, _indentation(text, written.start), _unit(text, body))
    return _edits(file, text, Splice(written.value.start, written.value.end, _newlines(text, piece)))


def remove_attribute(file: File, content: bytes, attribute: Attribute) -> list[Edit]:
    """Take an attribute away with its line, the comment at its end, and a blank line that would be one too many."""
    text = content.decode("latin-1")
    line = _line_start(text, attribute.start)
    if text[line : attribute.start].rstrip(_BLANKS).endswith("{"):
        opening = text.rindex("{", line, attribute.start) + 1
        return _edits(file, text, Splice(opening, text.index("}", attribute.end), ""))
    return _edits(file, text, _without_lines(text, line, _line_end(text, attribute.end)))


def remove_block(file: File, content: bytes, block: Block) -> list[Edit]:
    """Take a block away with its lines, the comment at its end, and a blank line that would be one too many."""
    text = content.decode("latin-1")
    return _edits(file, text, _without_lines(text, _line_start(text, block.start), _line_end(text, block.end)))


def add_block(file: File, content: bytes, body: Body, block: NewBlock) -> list[Edit]:
    """Add a nested block at the end of a body, a blank line before it unless it is the first thing there."""
    text = content.decode("latin-1")
    if not _opens_lines(text, body):
        inner = text[body.start : body.end].strip(_BLANKS)
        return _edits(file, text, _opened(text, body, ["", block] if inner else [block]))
    at = len(text) if body.start == 0 else _line_start(text, body.end)
    above = text[body.start : at].split("\n")
    lead = "\n" if above[-1] else ""
    if (len(above) > 2 and not _is_blank(above[-2])) or lead:
        lead += "\n"
    piece = _latin(emit_block(block, _inner_indentation(text, body), _unit(text, body)))
    return _edits(file, text, Splice(at, at, _newlines(text, f"{lead}{piece}\n")))


def add_top_level(file: File, content: bytes, after: Block, block: NewBlock) -> list[Edit]:
    """Add a block after the top-level block `after`, a blank line before it and after it."""
    text = content.decode("latin-1")
    at = _line_end(text, after.end)
    lead = "\n" if text[at - 1] == "\n" else "\n\n"
    rest = text[at:]
    tail = "\n" if not rest or _is_blank(rest.split("\n", 1)[0]) else "\n\n"
    piece = f"{lead}{_latin(emit_block(block, '', _unit(text, after.body)))}{tail}"
    return _edits(file, text, Splice(at, at, _newlines(text, piece)))


def _insertion(text: str, body: Body, name: str, value: str) -> Splice:
    """Where a new attribute goes: below the last one before the first nested block, but above those that custom puts last."""
    if not _opens_lines(text, body):
        return _opened(text, body, [f"{name} = {value}"])
    unit = _unit(text, body)
    before = min((block.start for block in body.blocks), default=body.end)
    there = [attribute for attribute in body.attributes if attribute.start < before]
    anchor = next((attribute for attribute in reversed(there) if attribute.name not in _LAST_BY_CUSTOM), there[-1] if there else None)
    if anchor is None:
        return _first(text, body, f"{name} = {value}", unit)
    indent = _indentation(text, anchor.start)
    at = _line_end(text, anchor.end)
    piece = f"{indent}{_indented(f'{name} = {value}', indent, unit)}\n"
    if text[at - 1] != "\n":
        piece = f"\n{piece}"
    return Splice(at, at, _newlines(text, piece))


def _first(text: str, body: Body, line: str, unit: str) -> Splice:
    """A line where a body has none before its blocks: below its brace, or at the end of a file."""
    if body.start == 0:
        lead = "" if not text or text.endswith("\n") else "\n"
        return Splice(len(text), len(text), _newlines(text, f"{lead}{_indented(line, '', unit)}\n"))
    indent = _inner_indentation(text, body)
    at = _line_end(text, body.start)
    blank = "\n" if body.blocks and not _is_blank(text[at : _line_end(text, at)]) else ""
    return Splice(at, at, _newlines(text, f"{indent}{_indented(line, indent, unit)}\n{blank}"))


def _opened(text: str, body: Body, added: list[str | NewBlock], keep: bool = True) -> Splice:
    """A body on one line, opened up: what it holds, if it is kept, on a line of its own, then what is added."""
    outer = _indentation(text, body.start)
    unit = _unit(text, body)
    inner = outer + unit
    held = text[body.start : body.end].strip(_BLANKS)
    lines = [f"{inner}{held}"] if held and keep else []
    for item in added:
        match item:
            case "":
                lines.append("")
            case str():
                lines.append(f"{inner}{_indented(item, inner, unit)}")
            case NewBlock():
                lines.append(_latin(emit_block(item, inner, unit)))
    return Splice(body.start, body.end, _newlines(text, "\n".join(["", *lines, outer])))


def _without_lines(text: str, start: int, end: int) -> Splice:
    """Cut lines, and one blank line where two would meet or one would stand first or last in a body."""
    above = text[:start].rstrip(_BLANKS)
    gap_above = text.count("\n", len(above), start) > 1 or not above
    below_end = _line_end(text, end)
    gap_below = end < len(text) and _is_blank(text[end:below_end])
    if gap_below and (gap_above or above.endswith("{")):
        return Splice(start, below_end, "")
    if gap_above and above and (end == len(text) or text[end:].lstrip(" \t").startswith("}")):
        return Splice(text.index("\n", len(above)) + 1, end, "")
    return Splice(start, end, "")


def _edits(file: File, text: str, change: Splice) -> list[Edit]:
    return [
        Edit(Span(file.path, start, end), piece.encode("latin-1").decode("utf-8"))
        for start, end, piece in respaced(text, change)
        if text[start:end] != piece
    ]


def _latin(text: str) -> str:
    return text.encode().decode("latin-1")


def _newlines(text: str, piece: str) -> str:
    """`piece` with the line endings of the file."""
    first = text.find("\n")
    return piece.replace("\n", "\r\n") if first > 0 and text[first - 1] == "\r" else piece


def _indented(value: str, indent: str, unit: str) -> str:
    """Every further line moved right by `indent`, two leading blanks standing for one step of the file's own."""
    first, *rest = _latin(value).split("\n")
    if not rest or _HEREDOC.search(value):
        return _latin(value)
    lines = [first]
    for line in rest:
        depth = (len(line) - len(line.lstrip(" "))) // 2
        lines.append(f"{indent}{unit * depth}{line[depth * 2 :]}" if line else line)
    return "\n".join(lines)


def _opens_lines(text: str, body: Body) -> bool:
    """Whether the body's content begins on a line below its brace."""
    return body.start == 0 or _OPENS_LINES.match(text, body.start) is not None


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    newline = text.find("\n", at)
    return len(text) if newline < 0 else newline + 1


def _is_blank(line: str) -> bool:
    return not line.strip(_BLANKS)


def _indentation(text: str, at: int) -> str:
    """The blanks that begin the line of `at`."""
    found = _INDENTATION.match(text, _line_start(text, at))
    return found[0] if found else ""


def _inner_indentation(text: str, body: Body) -> str:
    if starts := _starts(body):
        return _indentation(text, min(starts))
    return "" if body.start == 0 else _indentation(text, body.start) + _unit(text, body)


def _starts(body: Body) -> list[int]:
    return [attribute.start for attribute in body.attributes] + [block.start for block in body.blocks]


def _unit(text: str, body: Body) -> str:
    """One step of indentation, as this body has it; two blanks where nothing shows."""
    outer = "" if body.start == 0 else _indentation(text, body.start)
    for start in _starts(body):
        inner = _indentation(text, start)
        if body.start and inner != outer and inner.startswith(outer):
            return inner[len(outer) :]
    return "\t" if "\t" in outer else "  "
