"""Templates: text with interpolations and directives, quoted or bare, with strip markers applied as Terraform applies them.

Text comes in pieces, one to a line in heredocs and template files, and a strip marker eats the blanks of one piece
only: that is why `~}` at the end of a line takes the newline and leaves the next line's indentation.
"""

from __future__ import annotations

import re
from typing import NamedTuple, TypeAlias, cast

from clops_app.hcl.strings import SPACE, bare_text, composed, quoted_text
from clops_app.hcl.syntax import Expression, Interpolation, Literal, Template, TemplateFor, TemplateIf, TemplatePart
from clops_app.hcl.tokens import (
    BLANKS_AND_NEWLINES,
    END,
    IDENTIFIER,
    MAX_NESTING,
    PATH,
    QUOTE,
    STRING,
    SYMBOL,
    HclSyntaxError,
    Matcher,
    Reading,
    Step,
    name,
    refusal,
    shown,
    too_deep,
    without_newlines,
)
from clops_app.language import later


class Marker(NamedTuple):
    """One `${ … }` or `%{ … }`. `kind` is "interpolation" or the directive's keyword."""

    start: int
    end: int
    kind: str
    expression: Expression | None = None
    key: str | None = None
    value: str = ""


Piece: TypeAlias = Literal | Marker

_quoted = re.compile(r'(?>(?:[^"\\$%\r\n]++|\\[^\r\n]|\$\$\{|%%\{|\$(?!\{)|%(?!\{))+)').match
_bare = re.compile(r"(?>(?:[^$%\n]++|\$\$\{|%%\{|\$(?!\{)|%(?!\{))*)\n?").match
_close = re.compile(rf"{BLANKS_AND_NEWLINES}(~?)\}}").match
_keyword = cast("Matcher", re.compile(rf"{BLANKS_AND_NEWLINES}({IDENTIFIER})?").match)


def quoted(reading: Reading, start: int) -> Step:
    """Read the quoted template whose opening quote is at `start`."""
    text = reading.text
    pieces: list[Piece] = []
    at = start + 1
    trim = False
    while True:
        found = _quoted(text, at)
        if found is not None:
            value = quoted_text(found[0], at)
            pieces.append(Literal(at, found.end(), value.lstrip(SPACE) if trim else value))
            at = found.end()
        if text.startswith('"', at):
            return assembled(start, at + 1, pieces), at + 1
        if not text.startswith(("${", "%{"), at):
            raise _unterminated(text, start, at)
        at, trim = marker(reading, at, pieces, start + 1)


def _unterminated(text: str, start: int, at: int) -> HclSyntaxError:
    if text.startswith("\\", at):
        detail = later("a backslash cannot stand at the end of a line; close the string with a quote")
        return HclSyntaxError(at, "Invalid character", detail)
    beginning = text[start : min(start + 20, at)].partition("\n")[0].encode("latin-1").decode("utf-8", "ignore")
    if at < len(text):
        detail = later(
            "this string is not closed on its line: `{beginning}`…; add the quote that is missing,"
            " or write a heredoc (<<EOT) for several lines",
            beginning=beginning,
        )
    else:
        detail = later("this string is not closed on its line: `{beginning}`…; add the quote that is missing", beginning=beginning)
    return HclSyntaxError(at, "Unterminated template string", detail)


def bare(reading: Reading, start: int, end: int) -> Expression:
    """Read the template that fills the text from `start` to `end`: no quotes around it, no escapes but `$${` and `%%{`."""
    pieces: list[Piece] = []
    at = start
    trim = False
    while at < end:
        line = bare_line(reading.text, at, end)
        if line is None:
            at, trim = marker(reading, at, pieces, start)
            if at > end:
                raise never_closed(start)
        else:
            pieces.append(trimmed(line) if trim else line)
            at = line.end
            trim = False
    return assembled(start, end, pieces)


def bare_line(text: str, at: int, end: int) -> Literal | None:
    """The text up to the next marker or the end of the line, newline included; None where a marker stands at once."""
    found = _bare(text, at, end)
    if found is None or found.end() == at:
        return None
    return Literal(at, found.end(), bare_text(found[0], at))


def trimmed(piece: Literal) -> Literal:
    """The text after a marker that ends in `~}`."""
    return Literal(piece.start, piece.end, cast("str", piece.value).lstrip(SPACE))


def marker(reading: Reading, at: int, pieces: list[Piece], opened: int) -> tuple[int, bool]:
    """Read the marker at `at` onto `pieces`. Returns where it ends and whether it strips the text after it.

    `opened` is where the template's text began, for the message when the marker is never closed.
    """
    text = reading.text
    inner = at + 2
    if text.startswith("~", inner):
        inner += 1
        if pieces and isinstance(last := pieces[-1], Literal):
            pieces[-1] = Literal(last.start, last.end, cast("str", last.value).rstrip(SPACE))
    if text[at] == "$":
        expression, inner = reading.expression(reading, without_newlines(text, inner), without_newlines)
        found = _close(text, inner)
        if found is None:
            raise _unclosed(text, inner, opened)
        pieces.append(Marker(at, found.end(), "interpolation", expression))
    else:
        piece, inner = _directive(reading, at, inner)
        found = _close(text, inner)
        if found is None:
            detail = later("`}` was expected here, to close the directive")
            raise refusal(text, inner, False, f"Extra characters in {piece.kind} marker", detail)
        pieces.append(piece._replace(end=found.end()))
    return found.end(), bool(found[1])


def _unclosed(text: str, at: int, opened: int) -> HclSyntaxError:
    found = without_newlines(text, at)
    if found.lastindex in {END, QUOTE, STRING}:
        return never_closed(opened)
    detail = later("`}` was expected here, to close the interpolation; if this is another language's `${`, write `$${`")
    return refusal(text, at, False, "Extra characters after interpolation expression", detail)


def never_closed(opened: int) -> HclSyntaxError:
    """The error for a template whose text begins at `opened` and whose last marker has no end."""
    detail = later("an interpolation in this template is not closed; add the `}` that is missing")
    return HclSyntaxError(opened, "Unclosed template interpolation sequence", detail)


def _directive(reading: Reading, start: int, at: int) -> tuple[Marker, int]:
    text = reading.text
    found = _keyword(text, at)
    word = found[1]
    match word:
        case "if":
            condition, at = reading.expression(reading, without_newlines(text, found.end()), without_newlines)
            return Marker(start, at, word, condition), at
        case "for":
            return _for_directive(reading, start, found.end())
        case "else" | "endif" | "endfor":
            return Marker(start, found.end(), word), found.end()
        case None:
            detail = later("a directive begins with if, else, endif, for or endfor; for a literal `%{` write `%%{`")
            raise refusal(text, at, False, "Invalid template directive", detail)
        case _:
            detail = later(
                "`{word}` is no directive; there are if, else, endif, for and endfor; for a literal `%{{` write `%%{{`", word=shown(word)
            )
            raise refusal(text, at, False, "Invalid template control keyword", detail)


def _for_directive(reading: Reading, start: int, at: int) -> tuple[Marker, int]:
    key, value, at = loop_names(reading.text, at, "directive")
    collection, at = reading.expression(reading, without_newlines(reading.text, at), without_newlines)
    return Marker(start, at, "for", collection, key, value), at


def loop_names(text: str, at: int, of: str) -> tuple[str | None, str, int]:
    """What stands between `for` and the collection: key or None, value, and where the collection begins."""
    names: list[str] = []
    while True:
        found = without_newlines(text, at)
        if found.lastindex != PATH or "." in found[PATH]:
            detail = later("a variable name was expected here: `for value in …` or `for key, value in …`")
            raise refusal(text, at, False, f"Invalid 'for' {of}", detail)
        names.append(name(found[PATH], found.start(PATH)))
        at = found.end()
        found = without_newlines(text, at)
        if found[SYMBOL] == "," and len(names) == 1:
            at = found.end()
        elif found[PATH] == "in":
            return (names[0] if len(names) > 1 else None), names[-1], found.end()
        else:
            raise refusal(text, at, False, f"Invalid 'for' {of}", later("`in` was expected here: `for value in …`"))


def assembled(start: int, end: int, pieces: list[Piece], heredoc: bool = False) -> Expression:
    """The node for a template's pieces: a Literal without markers, an Interpolation when it is one and nothing else."""
    if not pieces:
        return Literal(start, end, "")
    only = pieces[0]
    if len(pieces) == 1 and not heredoc:
        if isinstance(only, Literal):
            return Literal(start, end, only.value)
        if only.expression is not None and only.kind == "interpolation":
            return Interpolation(start, end, only.expression)
    parts, _ = _sequence(pieces, 0, (), end)
    if not parts:
        return Literal(start, end, "")
    if len(parts) == 1 and isinstance(part := parts[0], Literal) and all(isinstance(piece, Literal) for piece in pieces):
        return Literal(start, end, part.value)
    return Template(start, end, parts)


def _sequence(pieces: list[Piece], at: int, open_: tuple[Marker, ...], end: int) -> tuple[tuple[TemplatePart, ...], int]:
    """Parts from `at` up to a directive that ends what the last of `open_` began, whose index is returned, or to the end."""
    if len(open_) > MAX_NESTING:
        raise too_deep(open_[-1].start)
    opener = open_[-1] if open_ else None
    stops = () if opener is None else ("endfor",) if opener.kind == "for" else ("else", "endif")
    parts: list[TemplatePart] = []
    while at < len(pieces):
        piece = pieces[at]
        at += 1
        if isinstance(piece, Literal):
            text = cast("str", piece.value)
            if parts and isinstance(last := parts[-1], Literal) and last.end == piece.start and isinstance(last.value, str):
                parts[-1] = Literal(last.start, piece.end, composed(last.value + text))
            elif text:
                parts.append(piece)
        elif piece.kind == "interpolation":
            parts.append(cast("Expression", piece.expression))
        elif piece.kind in {"if", "for"}:
            part, at = _nested(pieces, at, (*open_, piece), end)
            parts.append(part)
        elif piece.kind in stops:
            return tuple(parts), at - 1
        else:
            raise HclSyntaxError(piece.start, f"Unexpected {piece.kind} directive", _unbalanced(piece, opener))
    if opener is not None:
        detail = later("`%{{ {kind} … }}` is not closed; add `%{{ end{kind} }}`", kind=opener.kind)
        raise HclSyntaxError(end - 1, "Unexpected end of template", detail)
    return tuple(parts), at


def _unbalanced(piece: Marker, opener: Marker | None) -> str:
    if opener is None:
        return later("no directive is open here; remove it, or write the one that it should end")
    return later(
        "`%{{ {opened} … }}` is open here and ends with `%{{ end{opened} }}`, not with `%{{ {found} }}`",
        opened=opener.kind,
        found=piece.kind,
    )


def _nested(pieces: list[Piece], at: int, open_: tuple[Marker, ...], end: int) -> tuple[TemplateIf | TemplateFor, int]:
    opener = open_[-1]
    held, at = _sequence(pieces, at, open_, end)
    expression = cast("Expression", opener.expression)
    if opener.kind == "for":
        return TemplateFor(opener.start, pieces[at].end, opener.key, opener.value, expression, held), at + 1
    otherwise: tuple[TemplatePart, ...] = ()
    closer = cast("Marker", pieces[at])
    if closer.kind == "else":
        otherwise, at = _sequence(pieces, at + 1, open_, end)
        closer = cast("Marker", pieces[at])
        if closer.kind == "else":
            detail = later("this `if` already has an else; end it with `%{ endif }` first")
            raise HclSyntaxError(closer.start, "Unexpected else directive", detail)
    return TemplateIf(opener.start, closer.end, expression, held, otherwise), at + 1
