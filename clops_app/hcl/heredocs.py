"""Heredocs: found as Terraform finds their end, and `<<-` dedented as Terraform dedents.

The end marker counts at the start of a line of text, never inside an interpolation that spans lines, and needs its
newline even at the end of the file.
"""

from __future__ import annotations

import re
from typing import cast

from clops_app.hcl.strings import SPACE, bare_text
from clops_app.hcl.syntax import Literal
from clops_app.hcl.templates import Piece, assembled, bare_line, marker, trimmed
from clops_app.hcl.tokens import FLUSH, TAG, HclSyntaxError, Reading, Step, shown
from clops_app.language import later

_LINE_BLANKS = " \t\v\f\r\n"


def heredoc(reading: Reading, found: re.Match[str]) -> Step:
    """Read the heredoc whose first line is the token `found`."""
    text = reading.text
    start, at, tag = found.start(FLUSH) - 2, found.end(), found[TAG]
    flush = bool(found[FLUSH])
    closing = re.compile(rf"^[ \t\v\f\r]*{re.escape(tag)}[ \t\v\f\r]*\n", re.MULTILINE).search(text, at)
    if closing is None:
        detail = later(
            "no line holds only `{tag}`, which ends this heredoc; add it on a line of its own, followed by a newline", tag=shown(tag)
        )
        raise HclSyntaxError(len(text), "Unterminated template string", detail)
    body = text[at : closing.start()]
    if "${" not in body and "%{" not in body:
        end = closing.end() - len(closing[0]) + len(closing[0].rstrip(_LINE_BLANKS))
        value = bare_text(body, at)
        return Literal(start, end, _dedented_text(value) if flush else value), end
    pieces, end = _pieces(reading, at, tag, start)
    return assembled(start, end, _dedented(pieces) if flush else pieces, heredoc=True), end


def _pieces(reading: Reading, at: int, tag: str, start: int) -> tuple[list[Piece], int]:
    """The heredoc's text and markers, line by line, and where its end marker ends."""
    text = reading.text
    opened = at
    pieces: list[Piece] = []
    trim = False
    line_begins = True
    while True:
        if line_begins:
            newline = text.find("\n", at)
            if newline >= 0 and text[at:newline].strip(_LINE_BLANKS) == tag:
                return pieces, at + len(text[at:newline].rstrip(_LINE_BLANKS))
        line = bare_line(text, at, len(text))
        if line is not None:
            pieces.append(trimmed(line) if trim else line)
            at = line.end
            trim = False
            line_begins = text[at - 1] == "\n"
        elif at >= len(text):
            beginning = shown(text[start : text.find("\n", start)])
            detail = later("the heredoc that begins with `{beginning}` is not ended on a line of its own", beginning=beginning)
            raise HclSyntaxError(at, "Unterminated template string", detail)
        else:
            at, trim = marker(reading, at, pieces, opened)
            line_begins = False


def _dedented(pieces: list[Piece]) -> list[Piece]:
    """Take the smallest indentation from every line.

    A line that begins with a marker has none, a blank line is not counted, a tab counts one. A line whose
    predecessor lost its newline to a strip marker is not the start of a line: so Terraform does it.
    """
    starts: list[int] = []
    smallest: int | None = None
    line_begins = True
    for index, piece in enumerate(pieces):
        if line_begins:
            indent = 0
            if isinstance(piece, Literal):
                value = cast("str", piece.value)
                indent = len(value) - len(value.lstrip(SPACE))
                blank = indent == len(value) and value.endswith("\n")
                if not blank:
                    starts.append(index)
                    smallest = indent if smallest is None else min(smallest, indent)
            else:
                smallest = 0
        line_begins = isinstance(piece, Literal) and cast("str", piece.value).endswith("\n")
    shift = smallest or 0
    result = list(pieces)
    for index in starts:
        piece = pieces[index]
        result[index] = Literal(piece.start, piece.end, cast("str", cast("Literal", piece).value)[shift:])
    return result


def _dedented_text(value: str) -> str:
    """`_dedented` for text without markers."""
    lines = value.split("\n")
    counted = [line for line in lines[:-1] if line.lstrip(SPACE)]
    shift = min((len(line) - len(line.lstrip(SPACE)) for line in counted), default=0)
    # Blank lines keep their blanks: Terraform neither counts nor shortens them.
    return "\n".join(line[shift:] if line.lstrip(SPACE) else line for line in lines)
