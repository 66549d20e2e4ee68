"""Functions on regular expressions, which are Go's and a stranger's: RE2 runs them in linear time, as Go does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple, Protocol

from clops_app.language import tr
from clops_app.model.types import ListType, ObjectType, TupleType, Type, type_any, type_string
from clops_app.model.values import Unknown
from clops_app.terraform.functions.signature import Function, Parameter, bad_argument, bad_call, texts
from clops_app.terraform.iteration import LARGEST
from clops_app.terraform.scope import Budget, Scope
from clops_app.terraform.text import LONGEST, too_long
from clops_app.terraform.values import ListValue, Null, T, too_much

_PLACEHOLDER = re.compile(r"\$(?:(\$)|(\w+)|\{(\w+)\})", re.ASCII)
# Memory that one pattern may compile to: RE2's own default is 8 MB (re2.h, kDefaultMaxMem).
_PATTERN_MEMORY = 8 << 20
_GROUPS = 4  # of every match: RE2 copies all groups for every group, sixteen of them a step (its bits; measured)
_REPLACEMENT_STEPS = 2  # a character of a replacement, of every match (measured)


class Found(Protocol):
    """A match, as `re` and `re2` both give it."""

    def group(self, number: int, /) -> str | None: ...
    def start(self) -> int: ...
    def end(self) -> int: ...


class Pattern(NamedTuple):
    """A pattern, its number of groups, which of them have a name, its instructions: RE2's wrapper works these out anew each time."""

    finditer: Callable[[str], Iterator[Found]]
    groups: int
    groupindex: Mapping[str, int]
    size: int


def _compiled(pattern: str, budget: Budget) -> Pattern | str:
    """The pattern, or why it is none. Raises StaticError."""
    compiled = _remembered(pattern)
    # Paid for though it is remembered: what a root may cost must not hang on what was evaluated before it.
    budget.spend(len(pattern) if isinstance(compiled, str) else len(pattern) + compiled.size)
    return compiled


@lru_cache(20)
def _remembered(pattern: str) -> Pattern | str:
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = _PATTERN_MEMORY
    try:
        compiled = re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0]
        return reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
    return Pattern(compiled.finditer, compiled.groups, compiled.groupindex, compiled.programsize)


def _matches(compiled: Pattern, text: str, budget: Budget) -> Iterator[Found]:
    """Every match, as Go finds them: none that is empty right behind another."""
    end = -1
    cost = 1 + compiled.groups + (compiled.groups**2 >> _GROUPS)
    budget.spend(cost)  # the first is looked for at once
    for count, found in enumerate(compiled.finditer(text)):
        if count > LARGEST:
            raise too_much(tr("A regular expression matches more than {limit:,} times.", limit=LARGEST))
        budget.spend(cost)
        if found.start() == found.end() == end:
            continue
        end = found.end()
        yield found


def _pattern(pattern: str, budget: Budget) -> Pattern:
    compiled = _compiled(pattern, budget)
    if isinstance(compiled, str):
        raise bad_argument(0, f"invalid regexp pattern: {compiled}")
    if compiled.groupindex and len(compiled.groupindex) != compiled.groups:
        raise bad_argument(0, "invalid regexp pattern: cannot mix both named and unnamed capture groups")
    return compiled


def _captured(compiled: Pattern, found: Found) -> T:
    if compiled.groupindex:
        return {name: _group(found, number) for name, number in compiled.groupindex.items()}
    if compiled.groups:
        return tuple(_group(found, number) for number in range(1, compiled.groups + 1))
    return found.group(0)


def _group(found: Found, number: int) -> T:
    text = found.group(number)
    return Null(type_string) if text is None else text


def _captured_type(compiled: Pattern) -> Type:
    if compiled.groupindex:
        return ObjectType(dict.fromkeys(compiled.groupindex, type_string))
    return TupleType((type_string,) * compiled.groups) if compiled.groups else type_string


def _regex(scope: Scope, pattern: str, text: str | Unknown) -> T:
    compiled = _pattern(pattern, scope.budget)
    if isinstance(text, Unknown):
        return Unknown(text.why, not_null=True, type=_captured_type(compiled))
    found = next(_matches(compiled, text, scope.budget), None)
    if found is None:
        raise bad_call("pattern did not match any part of the given string")
    return _captured(compiled, found)


def _regexall(scope: Scope, pattern: str, text: str | Unknown) -> T:
    compiled = _pattern(pattern, scope.budget)
    if isinstance(text, Unknown):
        return Unknown(text.why, not_null=True, type=ListType(_captured_type(compiled)))
    return ListValue((_captured(compiled, found) for found in _matches(compiled, text, scope.budget)), _captured_type(compiled))


def _replace(scope: Scope, text: str, old: str, new: str) -> T:
    """Replace a string, or a pattern between slashes, in whose replacement `$1` and `${name}` stand for its groups."""
    if not (len(old) > 1 and old[0] == old[-1] == "/"):
        if text.count(old) * len(new) > LONGEST:
            raise too_long()
        return text.replace(old, new)
    compiled = _compiled(old[1:-1], scope.budget)
    if isinstance(compiled, str):
        raise bad_call(f"error parsing regexp: {compiled}")
    pieces: list[str] = []
    at = 0
    size = 0
    for found in _matches(compiled, text, scope.budget):
        scope.budget.spend(len(new) * _REPLACEMENT_STEPS)
        replacement = _expanded(new, compiled, found)
        size += len(replacement)
        if size > LONGEST:
            raise too_long()
        pieces += (text[at : found.start()], replacement)
        at = found.end()
    return "".join((*pieces, text[at:]))


def _expanded(template: str, compiled: Pattern, found: Found) -> str:
    def group(placeholder: re.Match[str]) -> str:
        if placeholder[1]:
            return "$"
        name = placeholder[2] or placeholder[3]
        number = int(name) if name.isdigit() and len(name) < 5 else compiled.groupindex.get(name)
        return (found.group(number) or "") if number is not None and number <= compiled.groups else ""

    return _PLACEHOLDER.sub(group, template)


_SEARCH = (*texts("pattern"), Parameter("string", type_string, unknown="whole"))

FUNCTIONS: Mapping[str, Function] = {
    "regex": Function(_SEARCH, _regex, scoped=True),
    "regexall": Function(_SEARCH, _regexall, returns=ListType(type_any), scoped=True),
    "replace": Function(texts("str", "substr", "replace"), _replace, returns=type_string, scoped=True),
}
