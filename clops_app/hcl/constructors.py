"""What stands in brackets: calls, tuples, objects and the two kinds of `for`."""

from __future__ import annotations

from clops_app.hcl.hints import not_closed
from clops_app.hcl.syntax import Call, Expression, ForObject, ForTuple, Literal, ObjectItems, TupleItems
from clops_app.hcl.templates import loop_names
from clops_app.hcl.tokens import (
    END,
    NEWLINE,
    PATH,
    SYMBOL,
    HclSyntaxError,
    Matcher,
    Reading,
    Step,
    name,
    refusal,
    skip_newlines,
    with_newlines,
    without_newlines,
)

_SEPARATORS = frozenset({"=", ":"})


def call(reading: Reading, start: int, at: int, tokens: Matcher) -> Step:
    """Read a call whose first name stands from `start` to `at`; `::` or `(` follows."""
    text = reading.text
    names = [name(text[start:at], start)]
    name_end = at
    while (found := tokens(text, at))[SYMBOL] == "::":
        at = found.end()
        found = tokens(text, at)
        if found.lastindex != PATH or "." in found[PATH]:
            raise refusal(
                text, at, tokens is with_newlines, "Missing function name", "the name of a function was expected here, after `::`"
            )
        names.append(name(found[PATH], found.start(PATH)))
        at = name_end = found.end()
    if found[SYMBOL] != "(":
        raise refusal(text, name_end, tokens is with_newlines, "Missing open parenthesis", "`(` was expected here, to call the function")
    arguments: list[Expression] = []
    at = found.end()
    spread = False
    while (found := without_newlines(text, at))[SYMBOL] != ")":
        argument, at = reading.expression(reading, at, without_newlines)
        arguments.append(argument)
        found = without_newlines(text, at)
        if found[SYMBOL] == "...":
            spread = True
            found = without_newlines(text, found.end())
            if found[SYMBOL] != ")":
                raise refusal(text, at, False, "Missing closing parenthesis", "`...` expands the last argument; `)` must follow it")
        if found[SYMBOL] == ")":
            break
        if found[SYMBOL] != ",":
            if found.lastindex == END:
                raise HclSyntaxError(start, "Unterminated function call", f"`(` of this call to {names[-1]} is never closed; add `)`")
            detail = not_closed(text, text.find("(", name_end), at, "`,` or `)` was expected here, after an argument")
            raise refusal(text, at, False, "Missing argument separator", detail)
        at = found.end()
    return Call(start, found.end(), "::".join(names), tuple(arguments), spread), found.end()


def tuple_or_for(reading: Reading, start: int) -> Step:
    """Read the tuple or `for` that begins with `[` at `start`."""
    text = reading.text
    at = start + 1
    found = without_newlines(text, at)
    if found.lastindex == PATH and _is_for(found[PATH]):
        return _for(reading, start, found.start(PATH) + 3, "]")
    items: list[Expression] = []
    while found[SYMBOL] != "]":
        item, at = reading.expression(reading, at, without_newlines)
        items.append(item)
        found = without_newlines(text, at)
        if found[SYMBOL] == ",":
            at = found.end()
            found = without_newlines(text, at)
        elif found[SYMBOL] != "]":
            if found.lastindex == END:
                raise HclSyntaxError(start, "Unterminated tuple constructor expression", "`[` is never closed; add `]`")
            detail = not_closed(text, start, at, "`,` or `]` was expected here, after an item")
            raise refusal(text, at, False, "Missing item separator", detail)
    return TupleItems(start, found.end(), tuple(items)), found.end()


def object_or_for(reading: Reading, start: int) -> Step:
    """Read the object or `for` that begins with `{` at `start`."""
    text = reading.text
    at = skip_newlines(text, start + 1).end()
    found = with_newlines(text, at)
    if found.lastindex == PATH and _is_for(found[PATH]):
        return _for(reading, start, at + 3, "}")
    items: list[tuple[Expression, Expression]] = []
    while found[SYMBOL] != "}":
        key: Expression
        if found.lastindex == PATH and "." not in found[PATH] and (separator := with_newlines(text, found.end()))[SYMBOL] in _SEPARATORS:
            key = Literal(at, found.end(), name(found[PATH], at))  # a bare word is text
        else:
            key, at = reading.expression(reading, at, with_newlines)
            separator = with_newlines(text, at)
            if separator[SYMBOL] not in _SEPARATORS:
                raise _no_separator(text, at, start)
        value, at = reading.expression(reading, separator.end(), with_newlines)
        items.append((key, value))
        found = with_newlines(text, at)
        if found[SYMBOL] == "," or found.lastindex == NEWLINE:
            at = skip_newlines(text, found.end()).end()
            found = with_newlines(text, at)
        elif found[SYMBOL] != "}":
            if found.lastindex == END:
                raise _unterminated(start)
            raise refusal(text, at, True, "Missing attribute separator", "a newline, `,` or `}` was expected here, after the value")
    return ObjectItems(start, found.end(), tuple(items)), found.end()


def _no_separator(text: str, at: int, start: int) -> HclSyntaxError:
    found = with_newlines(text, at)
    if found.lastindex == END:
        return _unterminated(start)
    if found.lastindex == NEWLINE or found[SYMBOL] == ",":
        return refusal(text, at, True, "Missing attribute value", "`=` and a value were expected here, after the key")
    return refusal(text, at, True, "Missing key/value separator", "`=` was expected here; a key with dots or blanks must stand in quotes")


def _unterminated(start: int) -> HclSyntaxError:
    return HclSyntaxError(start, "Unterminated object constructor expression", "`{` is never closed; add `}`")


def _is_for(path: str) -> bool:
    return path == "for" or path.startswith("for.")


def _for(reading: Reading, start: int, at: int, closer: str) -> Step:
    """Read what follows the keyword `for`, up to `closer`."""
    text = reading.text
    key, value, at = loop_names(text, at, "expression")
    collection, at = reading.expression(reading, at, without_newlines)
    found = without_newlines(text, at)
    if found[SYMBOL] != ":":
        raise _bad_for(text, at, "`:` was expected here, after the collection")
    result, at = reading.expression(reading, found.end(), without_newlines)
    found = without_newlines(text, at)
    result_key: Expression | None = None
    grouped = False
    condition: Expression | None = None
    if found[SYMBOL] == "=>":
        result_key = result
        result, at = reading.expression(reading, found.end(), without_newlines)
        found = without_newlines(text, at)
    if found[SYMBOL] == "...":
        grouped = True
        at = found.end()
        found = without_newlines(text, at)
    if found[PATH] == "if":
        condition, at = reading.expression(reading, found.end(), without_newlines)
        found = without_newlines(text, at)
    if found[SYMBOL] != closer:
        raise _bad_for(text, at, f"`{closer}` was expected here, to close the `for`")
    end = found.end()
    if closer == "]":
        if result_key is not None:
            raise _bad_for(text, result_key.start, "a tuple has no keys; write `{for …}` for an object")
        if grouped:
            raise _bad_for(text, result.end, "`...` groups by key, and a tuple has no keys; write `{for …}` for an object")
        return ForTuple(start, end, key, value, collection, result, condition), end
    if result_key is None:
        raise _bad_for(text, result.start, "an object needs keys: `{for key, value in … : key => value}`")
    return ForObject(start, end, key, value, collection, result_key, result, grouped, condition), end


def _bad_for(text: str, at: int, detail: str) -> HclSyntaxError:
    return refusal(text, at, False, "Invalid 'for' expression", detail)
