"""Bodies: arguments and blocks, one to a line, as Terraform wants them."""

from __future__ import annotations

import re
from sys import intern

from clops_app.hcl.expressions import expression, leaf
from clops_app.hcl.hints import (
    after_labels,
    after_value,
    both,
    brace_never_closed,
    instead_of_block,
    instead_of_equals,
    instead_of_item,
    is_odd,
)
from clops_app.hcl.strings import quoted_text
from clops_app.hcl.syntax import Attribute, Block, Body, Expression, SyntaxProblem, make
from clops_app.hcl.tokens import (
    BLANKS,
    BLANKS_AND_NEWLINES,
    DOTTED,
    END,
    IDENTIFIER,
    MAX_NESTING,
    NEWLINE,
    NUMBER,
    PATH,
    QUOTE,
    STRING,
    SYMBOL,
    HclSyntaxError,
    Reading,
    name,
    refusal,
    shown,
    skip_newlines,
    too_deep,
    with_newlines,
)
from clops_app.language import later

_INLINE = r"[ \t]*+(?>(?:/\*(?s:.*?)\*/[ \t]*+)*)"
_LABEL = rf'"(?>(?:[^"\r\n\\]|\\[^\r\n])*)"|{IDENTIFIER}'
_VALUE = rf'[ \t]*+(?:({DOTTED})|(\d++)|"([^"\\$%\r\n]*+)")\n'  # 2 path, 3 number, 4 string
_item = re.compile(
    rf"{BLANKS_AND_NEWLINES}(?:"
    rf"({IDENTIFIER}){_INLINE}(?:={_VALUE}|=(?![=>])|((?>(?:{_INLINE}(?:{_LABEL}))*)){_INLINE}(\{{))"  # 1 name, 5 labels, 6 brace
    r"|(\})"  # 7
    r"|(\Z))"  # 8
).match
_ARGUMENT, _LABELS, _BLOCK, _CLOSED = 1, 5, 6, 7
# An argument whose value is one token, and ends the line: what two of three are.
_VALUES = {2: PATH, 3: NUMBER, 4: STRING}
_BEGINS = frozenset({_ARGUMENT, *_VALUES})
_plain_labels = re.compile(r'[ \t]*+"([\w-]*+)"(?:[ \t]*+"([\w-]*+)")?[ \t]*+', re.ASCII).fullmatch  # nearly all that there are
_one_label = re.compile(rf"{_INLINE}({_LABEL})").match
_line_end = re.compile(rf"{BLANKS}(?:\n|\Z)").match


def items(reading: Reading, at: int, attributes: list[Attribute], blocks: list[Block], brace: int | None) -> int:
    """Read items onto the two lists, up to the closing brace of the one at `brace`, or to the end of the text.

    Returns where to go on. Raises HclSyntaxError; what was read before stays on the lists.
    """
    text = reading.text
    seen: set[str] = set()
    while True:
        found = _item(text, at)
        if found is None:
            raise _no_item(text, at)
        kind = found.lastindex
        if kind is not None and kind in _VALUES and reading.depth < MAX_NESTING:
            argument, at = _plain_argument(found, kind), found.end()
        elif kind is not None and kind in _BEGINS:
            argument, at = _argument(reading, found, _value_begins(found, kind))
            if text.startswith("\n", at):
                at += 1
            elif (line := _line_end(text, at)) is not None:
                at = line.end()
            else:
                raise _no_newline(text, at, argument)
        elif kind == _BLOCK:
            block, at = _block(reading, found)
            if text.startswith("\n", at):
                at += 1
            elif (line := _line_end(text, at)) is not None:
                at = line.end()
            else:
                detail = later("a newline was expected here: after `}` a block ends and the next item begins on its own line")
                raise refusal(text, at, True, "Missing newline after block definition", detail)
            blocks.append(block)
            continue
        elif kind == _CLOSED:
            if brace is None:
                detail = later("this `}` closes nothing; remove it, or add the `{` that is missing before")
                raise HclSyntaxError(found.start(_CLOSED), "Argument or block definition required", detail)
            return found.end()
        else:
            if brace is not None:
                raise unclosed(text, brace)
            return found.end()
        if argument.name in seen:
            reading.problems.append(_redefined(argument))
        else:
            seen.add(argument.name)
            attributes.append(argument)


def unclosed(text: str, brace: int) -> HclSyntaxError:
    """The error for a block whose opening brace, at `brace`, has no closing one."""
    return HclSyntaxError(brace, "Unclosed configuration block", brace_never_closed(text, brace))


def _argument(reading: Reading, found: re.Match[str], at: int) -> tuple[Attribute, int]:
    """The argument whose name was found, and whose value begins at `at` or behind blanks."""
    value, at = expression(reading, with_newlines(reading.text, at), with_newlines)
    return _named(found, value), at


def _value_begins(found: re.Match[str], kind: int) -> int:
    """Where the value of an argument begins, or the blanks before it."""
    return found.end() if kind == _ARGUMENT else found.start(kind) - (_VALUES[kind] == STRING)


def _plain_argument(found: re.Match[str], kind: int) -> Attribute:
    return _named(found, leaf(_VALUES[kind], found[kind], found.start(kind)))


def _named(found: re.Match[str], value: Expression) -> Attribute:
    word = found[1]
    start = found.start(1)
    key = intern(word) if word.isascii() else name(word, start)
    return make(Attribute, (start, value.end, key, start + len(word), value))


def _redefined(argument: Attribute) -> SyntaxProblem:
    detail = later("`{name}` is already set in this block; remove one of the two", name=argument.name)
    return SyntaxProblem(argument.start, "Attribute redefined", detail)


def _block(reading: Reading, found: re.Match[str]) -> tuple[Block, int]:
    text = reading.text
    reading.depth += 1
    if reading.depth > MAX_NESTING:
        raise too_deep(found.start(1))
    brace = found.start(_BLOCK)
    labels = _all_labels(text, found.start(_LABELS), brace) if found[_LABELS] else ()
    attributes: list[Attribute] = []
    blocks: list[Block] = []
    line = _line_end(text, brace + 1)
    at = _one_line(reading, brace, attributes) if line is None else items(reading, line.end(), attributes, blocks, brace)
    reading.depth -= 1
    start, word = found.start(1), found[1]
    kind = intern(word) if word.isascii() else name(word, start)
    return Block(start, at, kind, labels, make(Body, (brace + 1, at - 1, tuple(attributes), tuple(blocks)))), at


def _all_labels(text: str, at: int, end: int) -> tuple[str, ...]:
    plain = _plain_labels(text, at, end)
    if plain is not None:
        return tuple([intern(label) for label in plain.groups() if label is not None])
    labels: list[str] = []
    while (label := _one_label(text, at, end)) is not None:
        labels.append(intern(_label(label[1], label.start(1))))
        at = label.end()
    return tuple(labels)


def _label(raw: str, at: int) -> str:
    if not raw.startswith('"'):
        return name(raw, at)
    for marker in ("${", "%{"):
        where = raw.find(marker)
        if where >= 0 and raw[where - 1] != marker[0]:
            detail = later("a label is plain text; for a literal `{marker}` write `{escaped}`", marker=marker, escaped=marker[0] + marker)
            raise HclSyntaxError(at + where, "Invalid string literal", detail)
    return quoted_text(raw[1:-1], at + 1)


def _one_line(reading: Reading, brace: int, attributes: list[Attribute]) -> int:
    """Read a block that goes on after its brace: at most one argument, and the closing brace on the same line."""
    text = reading.text
    found = _item(text, brace + 1)
    if found is None:
        raise _no_item(text, brace + 1)
    if found.lastindex == _CLOSED:
        return found.end()
    kind = found.lastindex or 0
    if kind not in _BEGINS:
        detail = later("a block written on one line can hold one argument only; write the nested block on lines of its own")
        raise HclSyntaxError(found.start(1), "Argument definition required", detail)
    argument, at = _argument(reading, found, _value_begins(found, kind))
    attributes.append(argument)
    closing = with_newlines(text, at)
    if closing[SYMBOL] != "}":
        if closing.lastindex == END:
            raise unclosed(text, brace)
        detail = later("a block written on one line holds one argument and ends with `}` on that line; write each argument on its own line")
        raise refusal(text, at, True, "Invalid single-argument block definition", detail)
    return closing.end()


def _no_newline(text: str, at: int, argument: Attribute) -> HclSyntaxError:
    if with_newlines(text, at)[SYMBOL] == ",":
        return refusal(text, at, True, "Unexpected comma after argument", later("arguments are separated by newlines; remove the comma"))
    expected = later("the line was expected to end after the value of `{name}`", name=argument.name)
    hint = after_value(text, argument.value.start, at) or later("begin a new line, or add the operator that is missing")
    return refusal(text, at, True, "Missing newline after argument", both(expected, hint))


def _no_item(text: str, at: int) -> HclSyntaxError:
    """What to say where neither an argument nor a block begins."""
    required = "Argument or block definition required"
    start = skip_newlines(text, at).end()
    found = with_newlines(text, start)
    if found.lastindex in {STRING, QUOTE}:
        return HclSyntaxError(start, "Invalid argument name", later("the name of an argument stands without quotes"))
    if found.lastindex != PATH:
        detail = instead_of_item(text, start) or later("an argument (`name = value`) or a block (`name {`) was expected here")
        return refusal(text, start, True, required, detail)
    word = found[PATH].partition(".")[0]
    end = start + len(word)
    if not word.isascii():
        try:
            word = name(word, start)
        except HclSyntaxError as error:
            return error
    following = with_newlines(text, end)
    if following.lastindex not in {PATH, STRING, QUOTE}:
        detail = later("`{word}` was expected to be followed by `= value`, or to begin a block: `{word} {{`", word=word)
        if is_odd(text, end):
            return refusal(text, end, True, required, detail)
        return HclSyntaxError(start, required, instead_of_equals(text, word, end) or detail)
    return _bad_header(text, word, end)


def _bad_header(text: str, word: str, at: int) -> HclSyntaxError:
    """Labels were read, and then neither a label nor an opening brace came."""
    summary = "Invalid block definition"
    labels: list[str] = []
    while (label := _one_label(text, at)) is not None:
        labels.append(shown(label[1]))
        at = label.end()
    found = with_newlines(text, at)
    if found.lastindex == QUOTE:
        line_end = text.find("\n", at)
        kind = "Unterminated" if line_end < 0 else "Invalid"
        detail = later("this label is not closed on its line; add the quote that is missing")
        return HclSyntaxError(found.end() - 1, f"{kind} string literal", detail)
    if found.lastindex in {NEWLINE, END}:
        return HclSyntaxError(found.start(found.lastindex), summary, after_labels(text, word, labels, at))
    if found[SYMBOL] == "=":
        detail = later("`=` belongs to an argument; before `{` of a block there is none: remove it")
        return HclSyntaxError(found.start(SYMBOL), summary, detail)
    return refusal(text, at, True, summary, instead_of_block(word) or later("a label in quotes, or `{`, was expected here"))
