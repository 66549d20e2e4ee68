"""Lines as `terraform fmt` sees them, so that a change can be aligned with its neighbours and they with it.

fmt gives each line up to three cells: what leads, the assignment from its `=` on, and a comment that ends the line.
The `=` of successive lines stand in one column, and so do the comments. A line whose brackets are open after its `=`
has no assignment cell and breaks the run, with one blank before its `=`; a heredoc is one line, however long.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby
from typing import NamedTuple, cast

from clops_app.hcl.expressions import expression
from clops_app.hcl.heredocs import heredoc
from clops_app.hcl.templates import quoted
from clops_app.hcl.tokens import END, NEWLINE, QUOTE, SYMBOL, TAG, HclSyntaxError, Matcher, Reading, with_newlines

_inline = cast("Matcher", re.compile(r"(?>(?:[ \t\r]++|/\*(?s:.*?)\*/)*)").match)
_BLANKS = " \t\r"  # not str.rstrip()'s own: bytes of a letter may be blanks to it
_BRACKETS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}
_JOINERS = "\u200d\ufe0e\ufe0f"  # a character followed by these is still one to the eye, and to fmt


class Line(NamedTuple):
    """Byte offsets; blanks belong to no cell. `sign` is the first `=`, `assigned` whether it begins an assignment cell."""

    start: int
    end: int
    lead_end: int
    sign: int | None
    assigned: bool
    code_end: int
    comment: int | None


class Splice(NamedTuple):
    """Put `text` (latin-1, as all text here) in the place of `start` to `end`."""

    start: int
    end: int
    text: str


class _Row(NamedTuple):
    """A line's cells in columns, and the blanks before `=` and comment as they are, or None where there is none."""

    lead: int
    rest: int
    assigned: bool
    sign_gap: int | None
    comment_gap: int | None


def lines_of(text: str, at: int = 0) -> list[Line]:
    """The lines of a file that parses. What cannot be read ends the list."""
    reading = Reading(text, expression)
    lines = []
    try:
        while at < len(text):
            line = _line(reading, at)
            lines.append(line)
            at = line.end
    except (HclSyntaxError, RecursionError):
        pass
    return lines


def _line(reading: Reading, start: int) -> Line:
    text = reading.text
    at = start
    sign: int | None = None
    lead_end = start
    net = 0
    while (found := with_newlines(text, at)).lastindex not in {NEWLINE, END}:
        end = found.end()
        if found.lastindex == SYMBOL:
            symbol = found[SYMBOL]
            if sign is not None:
                net += _BRACKETS.get(symbol, 0)
            elif symbol == "=" and at > start:
                sign = end - 1
                lead_end = start + len(text[start:sign].rstrip(_BLANKS))
        elif found.lastindex == QUOTE:
            end = quoted(reading, end - 1)[1]
        elif found.lastindex == TAG:
            end = heredoc(reading, found)[1]
        at = end
    after = _inline(text, at).end()
    code_end = at + len(text[at:after].rstrip(_BLANKS))
    comment = after if at > start and text.startswith(("#", "//"), after) else None
    return Line(start, found.end(), code_end if sign is None else lead_end, sign, sign is not None and net == 0, code_end, comment)


def respaced(text: str, change: Splice) -> list[Splice]:
    """`change`, and the changes of blanks that keep its neighbourhood as aligned as it was; in order, none overlapping.

    A run that fmt would not touch is left so that fmt would not touch it. In any other the neighbours stay as they
    are, and new lines follow them where they share a column.
    """
    start, end, piece = change
    new_end = start + len(piece)
    result = text[:start] + piece + text[end:]
    old, new = lines_of(text), lines_of(result)
    touched_old = _window(old, start, end)
    touched_new = _window(new, start, new_end)
    old_rows = [_row(text, line) for line in old[touched_old.start : touched_old.stop]]
    new_lines = new[touched_new.start : touched_new.stop]
    new_rows = [_row(result, line) for line in new_lines]
    is_new = [line.sign is not None and start <= line.sign < new_end for line in new_lines]
    signs_tidy = _sign_gaps(old_rows) == [row.sign_gap for row in old_rows]
    comments_tidy = _comment_gaps(old_rows) == [row.comment_gap for row in old_rows]
    sign_gaps = _sign_gaps(new_rows) if signs_tidy else _following(new_rows, is_new)
    moved = [row if gap is None else row._replace(sign_gap=gap) for row, gap in zip(new_rows, sign_gaps, strict=True)]
    comment_gaps = _comment_gaps(moved) if comments_tidy else [None] * len(moved)
    gaps: list[Splice] = []
    for line, row, sign_gap, comment_gap in zip(new_lines, new_rows, sign_gaps, comment_gaps, strict=True):
        if line.sign is not None and sign_gap is not None and sign_gap != row.sign_gap:
            gaps.append(Splice(line.lead_end, line.sign, " " * sign_gap))
        if line.comment is not None and comment_gap is not None and comment_gap != row.comment_gap:
            gaps.append(Splice(line.code_end, line.comment, " " * comment_gap))
    return _merged(change, gaps)


def _window(lines: list[Line], start: int, end: int) -> range:
    """The lines that hold any of `start` to `end`, and those whose cells may be aligned with theirs."""
    first = next((index for index, line in enumerate(lines) if line.end > start), len(lines))
    last = first
    while last < len(lines) and lines[last].start < end:
        last += 1
    while first > 0 and _has_cells(lines[first - 1]):
        first -= 1
    while last < len(lines) and _has_cells(lines[last]):
        last += 1
    return range(first, last)


def _has_cells(line: Line) -> bool:
    return line.assigned or line.comment is not None


def _row(text: str, line: Line) -> _Row:
    return _Row(
        _columns(text[line.start : line.lead_end]),
        0 if line.sign is None else _columns(text[line.sign : line.code_end]),
        line.assigned,
        None if line.sign is None else line.sign - line.lead_end,
        None if line.comment is None else line.comment - line.code_end,
    )


def _columns(text: str) -> int:
    if text.isascii():
        return len(text)
    shown = text.encode("latin-1").decode("utf-8", "replace")
    return sum(not unicodedata.combining(character) and character not in _JOINERS for character in shown)


def _sign_gaps(rows: list[_Row]) -> list[int | None]:
    """The blanks that fmt puts before each `=`; None where there is none."""
    aligned = _gaps([row.lead if row.assigned else None for row in rows])
    return [1 if gap is None and row.sign_gap is not None else gap for row, gap in zip(rows, aligned, strict=True)]


def _comment_gaps(rows: list[_Row]) -> list[int | None]:
    """The blanks that fmt puts before each comment, given those before `=`."""
    return _gaps([None if row.comment_gap is None else row.lead + (row.sign_gap or 0) + row.rest for row in rows])


def _gaps(widths: list[int | None]) -> list[int | None]:
    """What brings the ends of successive widths into one column, one blank after the widest."""
    gaps: list[int | None] = []
    for held, group in groupby(widths, lambda width: width is not None):
        run = list(group)
        widest = max(width or 0 for width in run)
        gaps += [widest - (width or 0) + 1 if held else None for width in run]
    return gaps


def _following(rows: list[_Row], is_new: list[bool]) -> list[int | None]:
    """In a run that fmt would change: new lines take the column of their neighbours where those agree on one."""
    gaps: list[int | None] = []
    for index, row in enumerate(rows):
        if row.sign_gap is None or not is_new[index]:
            gaps.append(None)
        elif not row.assigned:
            gaps.append(1)
        else:
            columns = {rows[other].lead + (rows[other].sign_gap or 0) for other in _run(rows, index) if not is_new[other]}
            gaps.append(max(1, columns.pop() - row.lead) if len(columns) == 1 else 1)
    return gaps


def _run(rows: list[_Row], index: int) -> range:
    first, last = index, index + 1
    while first > 0 and rows[first - 1].assigned:
        first -= 1
    while last < len(rows) and rows[last].assigned:
        last += 1
    return range(first, last)


def _merged(change: Splice, gaps: list[Splice]) -> list[Splice]:
    """`gaps` count in the changed text: those inside what is new are worked into it, the others counted back."""
    start, end, piece = change
    new_end = start + len(piece)
    outside = []
    for gap in reversed(gaps):
        if gap.end <= start:
            outside.append(gap)
        elif gap.start >= new_end:
            outside.append(Splice(gap.start - new_end + end, gap.end - new_end + end, gap.text))
        else:
            piece = piece[: max(0, gap.start - start)] + gap.text + piece[gap.end - start :]
    return sorted([*outside, Splice(start, end, piece)])
