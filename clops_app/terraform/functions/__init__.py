"""Terraform's functions, called as go-cty calls them: converted arguments in, null, unknown and sensitive ones dealt with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clops_app.hcl.syntax import Call, Interpolation, Literal, Template
from clops_app.language import tr
from clops_app.model.types import AnyType
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
from clops_app.terraform.functions.signature import Function, Parameter, bad_argument
from clops_app.terraform.iteration import built
from clops_app.terraform.references import no_function
from clops_app.terraform.scope import Scope
from clops_app.terraform.text import LONGEST, too_long
from clops_app.terraform.values import EvaluationError, T, first_unknown, marked, unmarked, unmarked_deep

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


def call(written: str, arguments: Sequence[T], scope: Scope) -> T:
    """The result of a function by the name that is written. Raises EvaluationError as Terraform words it."""
    name = written.removeprefix("core::")
    if name.startswith("provider::"):
        return Unknown(tr("{function} is a function of a provider", function=f"{name}()"))
    function = FUNCTIONS.get(name)
    if function is None and "::" in written:
        raise EvaluationError("Unknown provider function", f"The function namespace in {written} is not valid.")
    if function is None:
        raise EvaluationError("Call to unknown function", no_function(written))
    try:
        return _called(function, name, arguments, scope)
    except EvaluationError as error:
        _word(error, name, function)
        raise


def check_call(name: str, node: Call) -> None:
    """Refuse a call that is wrong whatever its arguments are. Raises EvaluationError."""
    if name == "templatestring":
        _check_templatestring(node)
    function = FUNCTIONS.get(name)
    if function is not None and not node.spread and len(node.arguments) != len(function.parameters):
        _parameters(function, name, len(node.arguments))


def _called(function: Function, name: str, arguments: Sequence[T], scope: Scope) -> T:
    parameters = _parameters(function, name, len(arguments))
    given: list[T] = []
    hidden = False
    unknown: Unknown | None = None
    for number, (argument, parameter) in enumerate(zip(arguments, parameters, strict=True)):
        value = _argument(argument, parameter, number)
        if not parameter.marks:
            value, secret = unmarked_deep(value)
            hidden = hidden or secret
        if unknown is None:
            unknown = _unknown_part(value, parameter)
        scope.budget.spend(_size(value))
        given.append(value)
    if unknown is not None:
        hidden = hidden or any(unmarked(value)[1] for value in given)
        returns = None if isinstance(function.returns, AnyType) else function.returns
        return marked(Unknown(unknown.why, not_null=True, type=returns), hidden)
    result = function.run(scope, *given) if function.scoped else function.run(*given)
    bare, _ = unmarked(result)
    if isinstance(bare, str):
        if len(bare) > LONGEST:
            raise too_long()
        scope.budget.spend(len(bare) >> 6)
    built(bare, scope.budget)
    return marked(result, hidden)


def _size(value: T) -> int:
    """What it costs to look at an argument, beyond the call itself, which pays for a short one."""
    match value:
        case str():
            return len(value) >> 6 if value.isascii() else len(value) << 3  # grapheme clusters: 8 µs a character (measured)
        case tuple() | dict():
            return len(value) >> 2
        case _:
            return 0


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
        converted = convert(value, parameter.type)
    except EvaluationError as error:
        raise bad_argument(number, error.detail) from error
    if not parameter.null and unmarked(converted)[0] is None:
        raise bad_argument(number, "argument must not be null.")
    return converted


def _unknown_part(value: T, parameter: Parameter) -> Unknown | None:
    match parameter.unknown:
        case "whole":
            return None
        case "parts":
            bare, _ = unmarked(value)
            return bare if isinstance(bare, Unknown) else None
        case "none":
            return first_unknown(value)


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


def _check_templatestring(node: Call) -> None:
    """Refuse a template that is written right in the call, as Terraform does."""
    if node.arguments and isinstance(node.arguments[0], (Literal, Template, Interpolation)):
        detail = (
            "invalid template expression: templatestring is only for rendering templates retrieved dynamically from elsewhere, "
            "and so does not support providing a literal template; consider using a template string expression instead."
        )
        raise EvaluationError("Invalid function argument", f'Invalid value for "template" parameter: {detail}')
