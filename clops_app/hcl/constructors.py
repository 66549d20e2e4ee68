"""What stands in brackets: calls, tuples, objects and the two kinds of `for`."""

from __future__ import annotations

from clops_app.hcl.hints import not_closed
from clops_app.hcl.strings import composed
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
    with_newlines,
    without_newlines,
)
from clops_app.language import later

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
            detail = later("the name of a function was expected here, after `::`")
            raise refusal(text, at, tokens is with_newlines, "Missing function name", detail)
        names.append(name(found[PATH], found.start(PATH)))
        at = name_end = found.end()
    if found[SYMBOL] != "(":
        detail = later("`(` was expected here, to call the function")
        raise refusal(text, name_end, tokens is with_newlines, "Missing open parenthesis", detail)
    arguments: list[Expression] = []
    spread = False
    found = without_newlines(text, found.end())
    while found[SYMBOL] != ")":
        argument, at = reading.expression(reading, found, without_newlines)
        arguments.append(argument)
        if text.startswith(",", at):
            found = without_newlines(text, at + 1)
            continue
        found = without_newlines(text, at)
        if found[SYMBOL] == "...":
            spread = True
            found = without_newlines(text, found.end())
            if found[SYMBOL] != ")":
                detail = later("`...` expands the last argument; `)` must follow it")
                raise refusal(text, at, False, "Missing closing parenthesis", detail)
        if found[SYMBOL] == ")":
            break
        if found[SYMBOL] != ",":
            if found.lastindex == END:
                detail = later("`(` of this call to {function} is never closed; add `)`", function=names[-1])
                raise HclSyntaxError(start, "Unterminated function call", detail)
            expected = later("`,` or `)` was expected here, after an argument")
            raise refusal(text, at, False, "Missing argument separator", not_closed(text, text.find("(", name_end), at, expected))
        found = without_newlines(text, found.end())
    return Call(start, found.end(), "::".join(names), tuple(arguments), spread), found.end()


def tuple_or_for(reading: Reading, start: int) -> Step:
    """Read the tuple or `for` that begins with `[` at `start`."""
    text = reading.text
    found = without_newlines(text, start + 1)
    if found.lastindex == PATH and _is_for(found[PATH]):
        return _for(reading, start, found.start(PATH) + 3, "]")
    items: list[Expression] = []
    while found[SYMBOL] != "]":
        item, at = reading.expression(reading, found, without_newlines)
        items.append(item)
        found = without_newlines(text, at)
        if found[SYMBOL] == ",":
            found = without_newlines(text, found.end())
        elif found[SYMBOL] != "]":
            if found.lastindex == END:
                raise HclSyntaxError(start, "Unterminated tuple constructor expression", later("`[` is never closed; add `]`"))
            expected = later("`,` or `]` was expected here, after an item")
            raise refusal(text, at, False, "Missing item separator", not_closed(text, start, at, expected))
    return TupleItems(start, found.end(), tuple(items)), found.end()


def object_or_for(reading: Reading, start: int) -> Step:
    """Read the object or `for` that begins with `{` at `start`."""
    text = reading.text
    found = without_newlines(text, start + 1)
    if found.lastindex == PATH and _is_for(found[PATH]):
        return _for(reading, start, found.start(PATH) + 3, "}")
    items: list[tuple[Expression, Expression]] = []
    while found[SYMBOL] != "}":
        key: Expression
        at = found.end()
        if found.lastindex == PATH and "." not in found[PATH] and (separator := with_newlines(text, at))[SYMBOL] in _SEPARATORS:
            first = found.start(PATH)
            key = Literal(first, at, composed(name(found[PATH], first)))  # a bare word is text
        else:
            key, at = reading.expression(reading, found, with_newlines)
            separator = with_newlines(text, at)
            if separator[SYMBOL] not in _SEPARATORS:
                raise _no_separator(text, at, start)
        value, at = reading.expression(reading, with_newlines(text, separator.end()), with_newlines)
        items.append((key, value))
        if text.startswith((",", "\n"), at):
            found = without_newlines(text, at + 1)
            continue
        found = with_newlines(text, at)
        if found[SYMBOL] == "," or found.lastindex == NEWLINE:
            found = without_newlines(text, found.end())
        elif found[SYMBOL] != "}":
            if found.lastindex == END:
                raise _unterminated(start)
            detail = later("a newline, `,` or `}` was expected here, after the value")
            raise refusal(text, at, True, "Missing attribute separator", detail)
    return ObjectItems(start, found.end(), tuple(items)), found.end()


def _no_separator(text: str, at: int, start: int) -> HclSyntaxError:
    found = with_newlines(text, at)
    if found.lastindex == END:
        return _unterminated(start)
    if found.lastindex == NEWLINE or found[SYMBOL] == ",":
        return refusal(text, at, True, "Missing attribute value", later("`=` and a value were expected here, after the key"))
    detail = later("`=` was expected here; a key with dots or blanks must stand in quotes")
    return refusal(text, at, True, "Missing key/value separator", detail)


def _unterminated(start: int) -> HclSyntaxError:
    return HclSyntaxError(start, "Unterminated object constructor expression", later("`{` is never closed; add `}`"))


def _is_for(path: str) -> bool:
    return path == "for" or path.startswith("for.")


def _for(reading: Reading, start: int, at: int, closer: str) -> Step:
    """Read what follows the keyword `for`, up to `closer`."""
    text = reading.text
    key, value, at = loop_names(text, at, "expression")
    collection, at = reading.expression(reading, without_newlines(text, at), without_newlines)
    found = without_newlines(text, at)
    if found[SYMBOL] != ":":
        raise _bad_for(text, at, later("`:` was expected here, after the collection"))
    result, at = reading.expression(reading, without_newlines(text, found.end()), without_newlines)
    found = without_newlines(text, at)
    result_key: Expression | None = None
    grouped = False
    condition: Expression | None = None
    if found[SYMBOL] == "=>":
        result_key = result
        result, at = reading.expression(reading, without_newlines(text, found.end()), without_newlines)
        found = without_newlines(text, at)
    if found[SYMBOL] == "...":
        grouped = True
        at = found.end()
        found = without_newlines(text, at)
    if found[PATH] == "if":
        condition, at = reading.expression(reading, without_newlines(text, found.end()), without_newlines)
        found = without_newlines(text, at)
    if found[SYMBOL] != closer:
        raise _bad_for(text, at, later("`{closer}` was expected here, to close the `for`", closer=closer))
    end = found.end()
    if closer == "]":
        if result_key is not None:
            raise _bad_for(text, result_key.start, later("a tuple has no keys; write `{for …}` for an object"))
        if grouped:
            detail = later("`...` groups by key, and a tuple has no keys; write `{for …}` for an object")
            raise _bad_for(text, result.end, detail)
        return ForTuple(start, end, key, value, collection, result, condition), end
    if result_key is None:
        raise _bad_for(text, result.start, later("an object needs keys: `{for key, value in … : key => value}`"))
    return ForObject(start, end, key, value, collection, result_key, result, grouped, condition), end


def _bad_for(text: str, at: int, detail: str) -> HclSyntaxError:
    return refusal(text, at, False, "Invalid 'for' expression", detail)
