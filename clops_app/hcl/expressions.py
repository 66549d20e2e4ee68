"""Expressions: operators by precedence, terms, and what may follow a term.

`tokens` says whether a newline ends the expression. Every function returns the node and where to go on.
"""

from __future__ import annotations

import re

from clops_app.hcl.constructors import call, object_or_for, tuple_or_for
from clops_app.hcl.heredocs import heredoc
from clops_app.hcl.hints import no_value
from clops_app.hcl.numbers import number
from clops_app.hcl.strings import decoded
from clops_app.hcl.syntax import (
    Binary,
    Conditional,
    Expression,
    GetAttribute,
    Index,
    Literal,
    Parentheses,
    Splat,
    SplatItem,
    Traversal,
    Unary,
    make,
)
from clops_app.hcl.templates import quoted
from clops_app.hcl.tokens import (
    END,
    MAX_CHAIN,
    MAX_NESTING,
    NUMBER,
    PATH,
    QUOTE,
    STRING,
    SYMBOL,
    TAG,
    HclSyntaxError,
    Matcher,
    Reading,
    Step,
    name,
    refusal,
    skip_blanks,
    skip_newlines,
    too_deep,
    with_newlines,
    without_newlines,
)
from clops_app.language import later

_PRECEDENCE = {"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, ">": 4, "<=": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6}
_LEAVES = frozenset({PATH, NUMBER, STRING})
_KEYWORDS = {"true": True, "false": False, "null": None}
_CLOSERS = ",)]}"  # after these no term goes on, whatever newlines mean
_LONG_GAP = 64  # blanks and comments longer than this are skipped for good, so that no look-ahead reads them twice


def expression(reading: Reading, found: re.Match[str], tokens: Matcher) -> Step:
    """Read the expression that the token `found` begins. Raises HclSyntaxError."""
    text = reading.text
    at = found.end()
    follower = text[at : at + 1]
    over = follower in _CLOSERS or (follower == "\n" and tokens is with_newlines)  # the end of the text too
    kind = found.lastindex
    if over and kind is not None and kind in _LEAVES and reading.depth < MAX_NESTING:  # what two of three expressions are
        return leaf(kind, found[kind], found.start(kind)), at
    reading.depth += 1
    if reading.depth > MAX_NESTING:
        raise too_deep(found.start())
    node, at = term(reading, found, tokens)
    follower = text[at : at + 1]
    if follower in _CLOSERS or (follower == "\n" and tokens is with_newlines):
        reading.depth -= 1
        return node, at
    symbol = (found := tokens(text, at))[SYMBOL]
    if symbol in _PRECEDENCE:
        node, at = _operators(reading, node, found, tokens)
        symbol = (found := tokens(text, at))[SYMBOL]
    if symbol == "?":
        then, at = expression(reading, tokens(text, found.end()), tokens)
        found = tokens(text, at)
        if found[SYMBOL] != ":":
            detail = later("`:` and the value for false were expected here: condition ? value : value")
            raise refusal(text, at, tokens is with_newlines, "Missing false expression in conditional", detail)
        otherwise, at = expression(reading, tokens(text, found.end()), tokens)
        node = Conditional(node.start, otherwise.end, node, then, otherwise)
    reading.depth -= 1
    return node, at


def leaf(kind: int, word: str, start: int) -> Expression:
    """The node of one token: a path, a string without escapes, a number; `start` is where its word begins, behind a quote."""
    end = start + len(word)
    if kind == PATH:
        names = tuple((word if word.isascii() else name(word, start)).split("."))
        return _keyword(start, names) if names[0] in _KEYWORDS else make(Traversal, (start, end, names))
    if kind == STRING:
        return make(Literal, (start - 1, end + 1, word if word.isascii() else decoded(word, start)))
    return make(Literal, (start, end, number(word, start)))


def _operators(reading: Reading, first: Expression, found: re.Match[str], tokens: Matcher) -> Step:
    """Read `first` and all the operators after it, of which `found` is the next; left to right, by precedence."""
    text = reading.text
    operands = [first]
    pending: list[str] = []
    count = 0
    symbol: str | None = found[SYMBOL]
    while symbol in _PRECEDENCE:
        count += 1
        if count > MAX_CHAIN:
            raise too_deep(found.start(SYMBOL))
        level = _PRECEDENCE[symbol]
        while pending and _PRECEDENCE[pending[-1]] >= level:
            _reduce(operands, pending)
        pending.append(symbol)
        node, at = term(reading, tokens(text, found.end()), tokens)
        operands.append(node)
        found = tokens(text, at)
        symbol = found[SYMBOL]
    while pending:
        _reduce(operands, pending)
    return operands[0], at


def _reduce(operands: list[Expression], pending: list[str]) -> None:
    right = operands.pop()
    left = operands[-1]
    operands[-1] = Binary(left.start, right.end, pending.pop(), left, right)


def term(reading: Reading, found: re.Match[str], tokens: Matcher) -> Step:
    """Read the term that the token `found` begins, and what follows it: attributes, indexes, splats."""
    text = reading.text
    kind = found.lastindex
    end = found.end()
    node: Expression
    if kind == PATH:
        follower = text[end : end + 1]
        over = follower in _CLOSERS or (follower == "\n" and tokens is with_newlines)
        if not over and "." not in found[PATH] and (follower == "(" or tokens(text, end)[SYMBOL] in {"(", "::"}):
            node, end = call(reading, found.start(PATH), end, tokens)
        else:
            node = leaf(kind, found[kind], found.start(kind))
    elif kind is not None and kind in _LEAVES:
        node = leaf(kind, found[kind], found.start(kind))
    elif kind == QUOTE:
        node, end = quoted(reading, end - 1)
    elif kind == SYMBOL:
        symbol = found[SYMBOL]
        start = end - len(symbol)
        if symbol == "(":
            node, end = _parentheses(reading, start)
        elif symbol == "[":
            node, end = tuple_or_for(reading, start)
        elif symbol == "{":
            node, end = object_or_for(reading, start)
        elif symbol in {"-", "!"}:
            return _unary(reading, start, symbol, tokens)
        else:
            raise _no_expression(text, found.start(kind or 0), tokens)
    elif kind == TAG:
        node, end = heredoc(reading, found)
    else:
        raise _no_expression(text, found.start(kind or 0), tokens)
    follower = text[end : end + 1]
    if follower in _CLOSERS or (follower == "\n" and tokens is with_newlines):
        return node, end
    return _followed(reading, node, end, tokens)


def _no_expression(text: str, at: int, tokens: Matcher) -> HclSyntaxError:
    if tokens(text, at).lastindex == END:
        return HclSyntaxError(len(text), "Missing expression", later("the file ends where a value was expected"))
    newlines = tokens is with_newlines
    place = (skip_blanks if newlines else skip_newlines)(text, at).end()
    detail = no_value(text, place) or later("a value was expected here: a string in quotes, a number, a name, `[`, `{` or `(`")
    return refusal(text, at, newlines, "Invalid expression", detail)


def _keyword(start: int, names: tuple[str, ...]) -> Expression:
    end = start + len(names[0])
    node: Expression = Literal(start, end, _KEYWORDS[names[0]])
    for part in names[1:]:
        end += 1 + len(part.encode())
        node = GetAttribute(start, end, node, part)
    return node


def _parentheses(reading: Reading, start: int) -> Step:
    inner, at = expression(reading, without_newlines(reading.text, start + 1), without_newlines)
    found = without_newlines(reading.text, at)
    if found[SYMBOL] != ")":
        raise refusal(reading.text, at, False, "Unbalanced parentheses", later("`)` was expected here, or an operator"))
    return Parentheses(start, found.end(), inner), found.end()


def _unary(reading: Reading, start: int, symbol: str, tokens: Matcher) -> Step:
    reading.depth += 1
    if reading.depth > MAX_NESTING:
        raise too_deep(start)
    operand, at = term(reading, tokens(reading.text, start + 1), tokens)
    reading.depth -= 1
    return Unary(start, operand.end, symbol, operand), at


def _followed(reading: Reading, node: Expression, at: int, tokens: Matcher) -> Step:
    """Read what follows a term: `.name`, `.0`, `[key]`, `[*]`, `.*`."""
    text = reading.text
    start = node.start
    steps = 0
    while True:
        found = tokens(text, at)
        symbol = found[SYMBOL]
        if symbol == "[":
            first = without_newlines(text, found.end())
            if first[SYMBOL] == "*":
                return _full_splat(reading, node, found.start(SYMBOL), found.end(), tokens)
            key, end = expression(reading, first, without_newlines)
            found = without_newlines(text, end)
            if found[SYMBOL] != "]":
                detail = later("`]` was expected here, to close the index")
                raise refusal(text, end, False, "Missing close bracket on index", detail)
            at = found.end()
            node = Index(start, at, node, key)
        elif symbol == ".":
            following = tokens(text, found.end())
            if following[SYMBOL] == "*":
                node, at = _attribute_splat(text, node, found.start(SYMBOL), following.end(), tokens)
            else:
                names, at = _attribute_names(text, found.end(), tokens)
                node = _with_attributes(node, names, at)
        elif symbol == "[*]":
            return _full_splat(reading, node, found.start(SYMBOL), None, tokens)
        elif symbol == ".*":
            node, at = _attribute_splat(text, node, found.start(SYMBOL), found.end(), tokens)
        else:
            gap = found.end() - at
            return node, at if gap < _LONG_GAP else (skip_blanks if tokens is with_newlines else skip_newlines)(text, at).end()
        steps += 1
        if reading.depth + steps > MAX_NESTING:
            raise too_deep(at)


def _attribute_names(text: str, at: int, tokens: Matcher) -> tuple[tuple[tuple[str, int], ...], int]:
    """The names after a dot, each with where it ends: `b.c` in `a .b.c` is one token."""
    found = tokens(text, at)
    if found.lastindex == NUMBER:
        digits = found[NUMBER]
        if "." in digits:
            chained = "".join(f"[{part}]" for part in digits.split("."))
            detail = later("two indexes in a row need brackets: {brackets}", brackets=chained)
            raise HclSyntaxError(found.start(NUMBER), "Invalid legacy index syntax", detail)
        return ((digits, found.end()),), found.end()
    if found.lastindex != PATH:
        detail = later("the name of an attribute was expected here, after the dot")
        raise refusal(text, at, tokens is with_newlines, "Invalid attribute name", detail)
    start = found.start(PATH)
    names = []
    for part in found[PATH].split("."):
        names.append((name(part, start), start + len(part)))
        start += len(part) + 1
    return tuple(names), found.end()


def _with_attributes(node: Expression, names: tuple[tuple[str, int], ...], end: int) -> Expression:
    if isinstance(node, Traversal):
        return Traversal(node.start, end, node.names + tuple(part for part, _ in names))
    for part, part_end in names:
        node = GetAttribute(node.start, part_end, node, part)
    return node


def _full_splat(reading: Reading, of: Expression, marker: int, inside: int | None, tokens: Matcher) -> Step:
    """Read `[*]` and everything after it, which applies to each element. `inside`: after a `[` that stands apart from its `*`."""
    text = reading.text
    if inside is None:
        at = marker + 3
    else:
        star = without_newlines(text, inside).end()
        found = tokens(text, star)
        if found[SYMBOL] != "]":
            detail = later("`]` was expected here, after the star")
            raise refusal(text, star, tokens is with_newlines, "Missing close bracket on splat index", detail)
        at = found.end()
    reading.depth += 1
    if reading.depth > MAX_NESTING:
        raise too_deep(marker)
    each, at = _followed(reading, SplatItem(marker, at), at, tokens)
    reading.depth -= 1
    return Splat(of.start, each.end, of, each, True), at


def _attribute_splat(text: str, of: Expression, marker: int, at: int, tokens: Matcher) -> Step:
    """Read what follows `.*`: attribute names only; an index after them applies to the result."""
    each: Expression = SplatItem(marker, at)
    count = 0
    while (found := tokens(text, at))[SYMBOL] in {".", ".*"}:
        if found[SYMBOL] == ".*" or tokens(text, found.end())[SYMBOL] == "*":
            detail = later("inside `.*` there cannot be another; write `[*]` for both")
            raise HclSyntaxError(found.end() - 1, "Nested splat expression not allowed", detail)
        names, at = _attribute_names(text, found.end(), tokens)
        each = _with_attributes(each, names, at)
        count += len(names)
        if count > MAX_NESTING:
            raise too_deep(at)
    return Splat(of.start, each.end, of, each, False), at
