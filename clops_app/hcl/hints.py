"""What was probably meant where reading stops: the habits of other languages, and what was opened and never closed.

Only asked once something is wrong, so nothing here costs a file that is right.
"""

from __future__ import annotations

import re

from clops_app.hcl.tokens import IDENTIFIER, OTHER, PATH, QUOTE, STRING, SYMBOL, shown, skip_newlines, with_newlines
from clops_app.language import later

_WORDS = {
    "and": later("`and` is written `&&`"),
    "or": later("`or` is written `||`"),
    "if": later("a condition is written `condition ? value : other value`"),
    "elif": later("a second condition is written in the place of the other value: `a ? x : b ? y : z`"),
    "else": later("a condition is written `condition ? value : other value`"),
    "for": later("a loop stands in brackets: `[for item in list : value]`"),
    "is": later("`is` is written `==`"),
}
_PREFIXES = frozenset("fFrRbBuU")
_header = re.compile(r"^(?:resource|data|module|variable|output|provider|locals|terraform|moved|import|check)\b[^\n=]*\{", re.MULTILINE)


def line_of(text: str, offset: int) -> int:
    """The line of an offset, counted from 1."""
    return text.count("\n", 0, offset) + 1


def after_value(text: str, start: int, at: int) -> str:
    """What to say when a line goes on after a value that stands from `start` to `at`; empty when there is nothing better."""
    value = shown(text[start:at].strip())
    found = with_newlines(text, at)
    if value == "not":
        return later("`not` is written `!`")
    if found.lastindex == PATH and found[PATH] in _WORDS:
        return _WORDS[found[PATH]]
    if found.lastindex in {STRING, QUOTE} and found.end() > at and text[at : at + 1] == '"':
        if value in _PREFIXES:
            return later('a string takes no prefix such as `{value}`; `${{…}}` is replaced in every "…"', value=value)
        return later('`"` is missing before `{value}`', value=value) if re.fullmatch(IDENTIFIER, text[start:at].strip()) else ""
    if found[SYMBOL] in {":", "=", "=>"}:
        symbol = found[SYMBOL]
        return later(
            "`{value}` and `{symbol}` begin a new argument; write it on a line of its own, as `{value} = …`", value=value, symbol=symbol
        )
    return ""


def next_word(text: str, at: int) -> str:
    """What a word of another language is in HCL; empty when the next token is none."""
    found = with_newlines(text, skip_newlines(text, at).end())
    return _WORDS.get(found[PATH], "") if found.lastindex == PATH else ""


def instead_of_block(word: str) -> str:
    """What to say where a line begins like a statement of another language; empty when it does not."""
    if word in {"if", "for", "while", "else"}:
        return later(
            "there is no statement `{word}`: write `condition ? a : b`, `[for item in list : value]`, or count and for_each", word=word
        )
    return ""


def instead_of_equals(text: str, word: str, at: int) -> str:
    """What to say where `word` is followed, at `at`, by neither `=` nor `{`."""
    found = with_newlines(text, at)
    match found[SYMBOL]:
        case ":":
            return later("an argument is written with `=`, not with `:`: `{word} = value`", word=word)
        case "==":
            return later("`==` compares; an argument is set with one `=`: `{word} = value`", word=word)
        case "=>":
            return later("an argument is written with `=`, not with `=>`: `{word} = value`", word=word)
        case "(":
            return later("a call to `{word}` gives a value; it must stand after `name =`", word=word)
        case _:
            return ""


def is_odd(text: str, at: int) -> bool:
    """Whether the next character has no meaning in HCL, a single quote for one."""
    return with_newlines(text, at).lastindex == OTHER


def instead_of_item(text: str, at: int) -> str:
    """What to say where an item should begin and none does."""
    if text.startswith("{", at):
        if not text[:at].strip("\xef\xbb\xbf \t\r\n"):
            return later("this looks like JSON; Terraform reads it from a file whose name ends in .tf.json")
        return later("a `{` stands on the line of what it belongs to, after its labels or its `=`")
    if text[at : at + 1] in {")", "]"}:
        return later("this `{bracket}` closes nothing; remove it", bracket=text[at])
    return ""


def after_labels(text: str, word: str, labels: list[str], at: int) -> str:
    """What to say when the line of a block's header ends without `{`."""
    if text.startswith("{", skip_newlines(text, at).end()):
        return later("`{` must stand on the line of the block's labels, not on the next")
    if len(labels) == 1 and labels[0].startswith('"'):
        return later(
            "either `=` is missing, if this is an argument: `{word} = {label}`, or `{{` of a block, on this line",
            word=word,
            label=labels[0],
        )
    return later("`{` was expected here, on the line of the block's labels")


def no_value(text: str, at: int) -> str:
    """What to say where a value should begin; empty when there is nothing better. `at` is the place of the next token."""
    if text.startswith("<<", at):
        return later("a heredoc begins with `<<`, a word, and the end of the line: no blank before or after the word")
    if text.startswith("\n", at) or text.startswith("\r\n", at):
        return later("the value must begin on this line: an expression goes on in the next line only inside ( ), [ ] or { }")
    return ""


def both(expected: str, hint: str) -> str:
    """What was expected, and what was probably meant."""
    return later("{expected}; {hint}", expected=expected, hint=hint)


def not_closed(text: str, opened: int, at: int, wanted: str) -> str:
    """What was expected after an item, and where its bracket was opened, if that is on another line."""
    word = next_word(text, at)
    if word:
        return both(wanted, word)
    bracket, line = text[opened], line_of(text, opened)
    elsewhere = line != line_of(text, skip_newlines(text, at).end())
    return both(wanted, later("the `{bracket}` of line {line} is not closed yet", bracket=bracket, line=line)) if elsewhere else wanted


def brace_never_closed(text: str, brace: int) -> str:
    """Where the closing brace of a block is probably missing."""
    following = _header.search(text, brace + 1)
    if following is None:
        return later("`{` of this block is never closed; add `}` where the block ends")
    line = line_of(text, following.start())
    return later("`{{` of this block is never closed; add `}}` where the block ends, before the next one begins in line {line}", line=line)
