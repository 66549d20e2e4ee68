"""What a function takes and how it meets null, unknown and sensitive arguments: what go-cty's function.Spec says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from clops_app.model.types import Type, type_any, type_number, type_string
from clops_app.terraform.values import EvaluationError, T

# How much of an argument may be unknown for the function to be run at all: nothing, parts of it, or the whole.
Unknowns = Literal["none", "parts", "whole"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """`null`: null is a value to it. `marks`: it looks after sensitive marks itself; otherwise they pass to the result.

    `untyped`: it looks even at an argument of which not even the type is known, as whatever takes null does.
    """

    name: str
    type: Type = type_any
    null: bool = False
    unknown: Unknowns = "none"
    marks: bool = False
    untyped: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """`run` gets the arguments converted to the parameters' types, after the scope if it is `scoped`.

    `returns` is the type of a result that is unknown because an argument is.
    """

    parameters: tuple[Parameter, ...]
    run: Callable[..., T]
    rest: Parameter | None = None
    returns: Type = type_any
    scoped: bool = False


def texts(*names: str) -> tuple[Parameter, ...]:
    """Parameters that are strings."""
    return tuple(Parameter(name, type_string) for name in names)


def numbers(*names: str) -> tuple[Parameter, ...]:
    """Parameters that are numbers."""
    return tuple(Parameter(name, type_number) for name in names)


def bad_argument(argument: int, detail: str) -> EvaluationError:
    """The error that names the argument, counted from 0."""
    error = EvaluationError("Invalid function argument", detail)
    error.argument = argument
    return error


def bad_call(detail: str) -> EvaluationError:
    """The error that names the call."""
    return EvaluationError("Error in function call", detail)
