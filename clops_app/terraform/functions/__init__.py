"""Terraform's functions, called as go-cty calls them: converted arguments in, null, unknown and sensitive ones dealt with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from clops_app.hcl.strings import composed
from clops_app.hcl.syntax import Call, Expression, GetAttribute, Index, Interpolation, Literal, Splat, Template, Traversal
from clops_app.model.types import AnyType, type_any, type_string
from clops_app.model.values import Unknown
from clops_app.terraform.convert import convert
from clops_app.terraform.functions import (
    checksums,
    collections,
    conversions,
    dates,
    encodings,
    filesystem,
    mappings,
    networks,
    numeric,
    patterns,
    sets,
    strings,
)
from clops_app.terraform.functions.signature import Function, Parameter, bad_argument, bad_call
from clops_app.terraform.iteration import built
from clops_app.terraform.references import no_function
from clops_app.terraform.scope import Scope
from clops_app.terraform.text import LONGEST, too_long
from clops_app.terraform.unify import conforms, type_name
from clops_app.terraform.values import (
    CERTAIN,
    EvaluationError,
    Sensitive,
    StaticError,
    T,
    first_unknown,
    is_flat,
    is_null,
    marked,
    unmarked,
    unmarked_deep,
    weight,
)

FUNCTIONS: Mapping[str, Function] = {
    **checksums.FUNCTIONS,
    **collections.FUNCTIONS,
    **conversions.FUNCTIONS,
    **dates.FUNCTIONS,
    **encodings.FUNCTIONS,
    **filesystem.FUNCTIONS,
    **mappings.FUNCTIONS,
    **networks.FUNCTIONS,
    **numeric.FUNCTIONS,
    **patterns.FUNCTIONS,
    **sets.FUNCTIONS,
    **strings.FUNCTIONS,
}


class Called(NamedTuple):
    """A function by the name that is written, and the parameters that meet its arguments."""

    name: str
    function: Function
    parameters: Sequence[Parameter]


# By the name that is written.
_NAMED: Mapping[str, tuple[str, Function]] = {
    written: (name, function) for name, function in FUNCTIONS.items() for written in (name, f"core::{name}")
}


_FEW = 20  # arguments; the parameters of such calls are kept in mind


def _called(written: str, count: int) -> Called:
    name, function = _NAMED[written]
    return Called(name, function, _parameters(function, name, count))


_remembered = lru_cache(1_000)(_called)


def called(node: Call, count: int) -> Called | None:
    """The function of a call with so many arguments; None for a provider's. Raises EvaluationError for what is wrong whatever they are."""
    if node.name in _NAMED:
        return _remembered(node.name, count) if count < _FEW else _called(node.name, count)
    if node.name.startswith("provider::"):
        return None
    if "::" in node.name:
        raise EvaluationError("Unknown provider function", f"The function namespace in {node.name} is not valid.")
    raise EvaluationError("Call to unknown function", no_function(node.name))


# What Python raises where a value is beyond what it computes; the functions refuse what is known to be so, and this is the net below.
_ESCAPED = (ValueError, ArithmeticError, MemoryError, re.error)


def run(called: Called, arguments: Sequence[T], scope: Scope) -> T:
    """The result of a function. Raises EvaluationError as Terraform words it."""
    try:
        return _run(called.function, called.parameters, arguments, scope)
    except EvaluationError as error:
        _word(error, called.name, called.function)
        raise
    except _ESCAPED as error:
        raise bad_call(f'Call to function "{called.name}" failed: it can\'t be worked out for these arguments.') from error


# Of what is known, not hidden, and has no parts.
_SCALARS = frozenset({str, int, bool, Decimal})


def _run(function: Function, parameters: Sequence[Parameter], arguments: Sequence[T], scope: Scope) -> T:
    given: list[T] = []
    hidden = False
    unknown: Unknown | None = None
    untyped: Unknown | None = None
    cost = 0
    for number, (argument, parameter) in enumerate(zip(arguments, parameters, strict=True)):
        value = argument
        kind = type(value)
        if parameter.type is not (type_string if kind is str else type_any) or kind not in CERTAIN:
            value = _argument(value, parameter, number)
            kind = type(value)
        if kind not in _SCALARS:
            if untyped is None and kind not in CERTAIN:
                untyped = _checked(value, parameter, number)
            if not parameter.marks:
                value, secret = unmarked_deep(value)
                hidden = hidden or secret
            if unknown is None and parameter.unknown != "whole":
                unknown = _unknown_part(value, parameter)
        if kind is not int:
            cost += _size(value)
        given.append(value)
    if cost:
        scope.budget.spend(cost)
    if unknown is not None:
        hidden = hidden or any(unmarked(value)[1] for value in given)
        returns = None if isinstance(function.returns, AnyType) or untyped is not None else function.returns
        return marked(Unknown(unknown.why, not_null=returns is not None, type=returns), hidden)
    try:
        result = function.run(scope, *given) if function.scoped else function.run(*given)
    except StaticError:
        raise
    except EvaluationError:
        if untyped is None:
            raise
        result = Unknown(untyped.why)  # what is wrong with it Terraform says once it knows what the argument is
    bare = result.value if isinstance(result, Sensitive) else result
    if untyped is not None and isinstance(bare, Unknown):
        return marked(Unknown(bare.why, bare.ref), hidden or bare is not result)
    if isinstance(bare, str):
        if len(bare) > LONGEST:
            raise too_long()
        if len(bare) > 63:
            scope.budget.spend(len(bare) >> 6)
        if not bare.isascii():
            result = marked(composed(bare), bare is not result)
    else:
        built(bare, scope.budget)
    return marked(result, hidden) if hidden else result


def _size(value: T) -> int:
    """What it costs to look at an argument, beyond the call itself, which pays for a short one."""
    if isinstance(value, str):
        return len(value) >> 6 if value.isascii() else len(value) << 3  # grapheme clusters: 8 µs a character (measured)
    if not isinstance(value, (tuple, dict)):
        return 0
    return len(value) if is_flat(value) else weight(value)


def _parameters(function: Function, name: str, count: int) -> Sequence[Parameter]:
    wanted = len(function.parameters)
    if count < wanted:
        missing = function.parameters[count].name
        least = "at least " if function.rest is not None else ""
        detail = f'Function "{name}" expects {least}{wanted} argument(s). Missing value for "{missing}".'
        raise EvaluationError("Not enough function arguments", detail)
    if count == wanted:
        return function.parameters
    if function.rest is None:
        raise EvaluationError("Too many function arguments", f'Function "{name}" expects only {wanted} argument(s).')
    return (*function.parameters, *[function.rest] * (count - wanted))


def _argument(value: T, parameter: Parameter, number: int) -> T:
    try:
        return convert(value, parameter.type)
    except EvaluationError as error:
        raise bad_argument(number, error.detail) from error


def _checked(value: T, parameter: Parameter, number: int) -> Unknown | None:
    """Refuse what the parameter does not take. Returns the argument if not even its type is known, and the parameter does not look at it.

    Terraform then looks at nothing that follows (cty/function/function.go).
    """
    bare, _ = unmarked(value)
    if is_null(bare):
        if not parameter.null:
            raise bad_argument(number, "argument must not be null.")
        return None
    if not isinstance(bare, Unknown):
        return None
    if bare.type is None or bare.type == type_any:
        return None if parameter.null or parameter.untyped else bare
    if not conforms(bare.type, parameter.type):
        raise bad_argument(number, f"{type_name(parameter.type)} required, but received {type_name(bare.type)}")
    return None


def _unknown_part(value: T, parameter: Parameter) -> Unknown | None:
    if parameter.unknown == "none":
        return first_unknown(value)
    bare, _ = unmarked(value)
    return bare if isinstance(bare, Unknown) else None


def _word(error: EvaluationError, name: str, function: Function) -> None:
    """Put the error in Terraform's words: which function, which argument."""
    detail = error.detail if error.detail.endswith(".") else f"{error.detail}."
    if error.summary == "Invalid function argument" and error.argument is not None and "parameter:" not in detail:
        last = function.rest.name if function.rest is not None else ""
        number = error.argument
        parameter = function.parameters[number].name if number < len(function.parameters) else last
        error.detail = f'Invalid value for "{parameter}" parameter: {detail}'
    elif error.summary == "Error in function call" and not detail.startswith("Call to function"):
        error.detail = f'Call to function "{name}" failed: {detail}'


def check_template(node: Call) -> None:
    """Refuse a templatestring() whose template is no reference, as Terraform does. Raises EvaluationError."""
    template: Expression = node.arguments[0]
    while isinstance(template, (Index, GetAttribute, Splat)):
        template = template.of
    if isinstance(template, Traversal) and len(node.arguments) > node.spread:
        return
    detail = "must be a direct reference to a single string from elsewhere, containing valid Terraform template syntax."
    if isinstance(template, (Literal, Template, Interpolation)):
        detail = (
            "templatestring is only for rendering templates retrieved dynamically from elsewhere, "
            "and so does not support providing a literal template; consider using a template string expression instead."
        )
    detail = f'Invalid value for "template" parameter: invalid template expression: {detail}'
    raise EvaluationError("Invalid function argument", detail, node.arguments[0].start, node.arguments[0].end)
