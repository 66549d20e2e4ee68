"""Tokens of HCL, each one regular expression over text in which an index is a byte offset.

The bytes are decoded as latin-1, so that no table of offsets is needed; what is not ASCII is decoded anew where it is
a value. A whole dotted path is one token, and so is a string without escapes. Whether a newline counts is not a
state: the caller chooses between two matchers. Both always match, for the last alternative takes any character.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias, cast

from clops_app.hcl.syntax import Expression, SyntaxProblem
from clops_app.language import later

MAX_NESTING = 150  # the deepest of 2,000 public files has 30; Python's stack of 1,000 frames bears this
MAX_CHAIN = 2_000  # operators in a row, whose tree is that deep to the left; 2,000 public files have 5 at most

IDENTIFIER = r"[A-Za-z_\x80-\xff][\w\x80-\xff-]*+"
_COMMENT = r"\#[^\n]*+|//[^\n]*+|/\*(?s:.*?)\*/"
BLANKS = rf"[ \t]*+(?>(?:(?:\r(?=\n)|{_COMMENT})[ \t]*+)*)"
BLANKS_AND_NEWLINES = rf"[ \t\n]*+(?>(?:(?:\r(?=\n)|{_COMMENT})[ \t\n]*+)*)"
DOTTED = rf"{IDENTIFIER}(?>(?:\.(?:{IDENTIFIER}|\d++(?!\w|\.++(?:\d|[eE][+-]?\d))))*)"
_TOKEN = (
    rf"({DOTTED})"  # 1 path
    r"|(\d++(?>(?:\.*+(?:\d|[eE][+-]?\d))*))"  # 2 number
    r'|"([^"\\$%\r\n]*+)"'  # 3 string without escapes
    r'|(")'  # 4 any other string
    rf"|<<(-?)({IDENTIFIER})\r?\n"  # 5 and 6 heredoc
    r"|(\.\.\.|=>|==|!=|>=|<=|&&|\|\||::|\.\*|\[\*\]|[-+*/%<>!?:()\[\]{},.=])"  # 7 symbol
    r"|(\n)"  # 8
    r"|(\Z)"  # 9
    r"|((?s:.))"  # 10 what HCL has no use for
)
PATH, NUMBER, STRING, QUOTE, FLUSH, TAG, SYMBOL, NEWLINE, END, OTHER = range(1, 11)

Matcher: TypeAlias = Callable[[str, int], re.Match[str]]
Step: TypeAlias = tuple[Expression, int]  # what was read, and where to go on

with_newlines = cast("Matcher", re.compile(f"{BLANKS}(?:{_TOKEN})").match)
without_newlines = cast("Matcher", re.compile(f"{BLANKS_AND_NEWLINES}(?:{_TOKEN})").match)
skip_blanks = cast("Matcher", re.compile(BLANKS).match)
skip_newlines = cast("Matcher", re.compile(BLANKS_AND_NEWLINES).match)


class HclSyntaxError(Exception):
    """Reading cannot go on from here."""

    def __init__(self, offset: int, summary: str, detail: str) -> None:
        super().__init__(summary)
        self.problem = SyntaxProblem(offset, summary, detail)


@dataclass(slots=True)
class Reading:
    """One text being read: how deep we are, and the problems that did not stop us.

    `expression` reads the one that a token begins. It stands here because expressions hold templates, which hold expressions.
    """

    text: str
    expression: Callable[[Reading, re.Match[str], Matcher], Step]
    depth: int = 0
    problems: list[SyntaxProblem] = field(default_factory=list)


def too_deep(offset: int) -> HclSyntaxError:
    detail = later(
        "more than {levels} levels, or {terms:,} terms in a row, are not read; move parts of it into locals",
        levels=MAX_NESTING,
        terms=MAX_CHAIN,
    )
    return HclSyntaxError(offset, later("Nesting too deep"), detail)


def refusal(text: str, at: int, newlines: bool, summary: str, detail: str) -> HclSyntaxError:
    """The error for the token that follows `at`: about the character itself where HCL has no such character."""
    offset = (skip_blanks if newlines else skip_newlines)(text, at).end()
    if text.startswith("/*", offset) or text.startswith("/*", offset - 1):
        return HclSyntaxError(offset, summary, later("the comment that `/*` begins is never closed; close it with `*/`"))
    found = with_newlines(text, offset)
    if found.lastindex == OTHER or (found.lastindex == PATH and not text[offset].isascii()):
        character = _character_at(text, offset)
        if character is None:
            return badly_encoded(offset)
        if not character.isidentifier():
            return odd(offset, character)
    return HclSyntaxError(offset, summary, detail)


_ODD = {
    "'": ("Invalid character", later('single quotes do not quote in HCL; write "…"')),
    "`": ("Invalid character", later("backticks do not quote in HCL; write a heredoc, <<EOT, for several lines")),
    ";": ("Invalid character", later("`;` is not used in HCL; write each argument on a line of its own, and `,` between items")),
    "&": ("Unsupported operator", later("there are no operators on bits; `&&` is the logical and")),
    "|": ("Unsupported operator", later("there are no operators on bits; `||` is the logical or")),
    "^": ("Unsupported operator", later("there are no operators on bits")),
    "~": ("Unsupported operator", later("there are no operators on bits; `!` is the logical not")),
    "\r": ("Invalid character", later("a carriage return stands here without its newline; save the file with one kind of line ending")),
    "“": ("Invalid character", later('curly quotes do not quote in HCL; write "…"')),
    "”": ("Invalid character", later('curly quotes do not quote in HCL; write "…"')),
    "\xa0": ("Invalid character", later("this is a no-break space, often pasted from a web page; write an ordinary space")),
}


def odd(offset: int, character: str) -> HclSyntaxError:
    """The error for a character that HCL has no use for."""
    if (known := _ODD.get(character)) is not None:
        return HclSyntaxError(offset, *known)
    written = f"`{character}`" if character.isprintable() else f"U+{ord(character):04X}"
    detail = later("{character} is not used in HCL outside strings and comments; remove it", character=written)
    return HclSyntaxError(offset, "Invalid character", detail)


def badly_encoded(offset: int) -> HclSyntaxError:
    """The error for a byte that is not UTF-8."""
    return HclSyntaxError(offset, "Invalid character encoding", later("this byte is not UTF-8; save the file as UTF-8"))


def _character_at(text: str, offset: int) -> str | None:
    size = 1 + sum(text[offset] >= lead for lead in "\xc0\xe0\xf0")  # UTF-8's first byte tells the length
    try:
        return text[offset : offset + size].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return None


def shown(text: str) -> str:
    """Latin-1 text as a person wrote it, for a message; what is not UTF-8 is replaced."""
    return text.encode("latin-1").decode("utf-8", "replace")


def name(text: str, offset: int) -> str:
    """A dotted path as it was meant: latin-1 text decoded, refused where a character cannot stand in a name."""
    if text.isascii():
        return text
    try:
        decoded = text.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError as error:
        raise badly_encoded(offset + error.start) from None
    for index, character in enumerate(decoded):
        if character not in "-." and not f"{'a' if index else ''}{character}".isidentifier():
            raise odd(offset + len(decoded[:index].encode()), character)
    return decoded
