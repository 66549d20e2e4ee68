"""What `+`, `==`, `&&` and their like give, with the conversions and the errors of Terraform."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from operator import ge, gt, le, lt

from clops_app.model.types import Primitive, type_bool, type_number
from clops_app.model.values import Unknown
from clops_app.terraform import numbers
from clops_app.terraform.convert import convert
from clops_app.terraform.numbers import Number
from clops_app.terraform.sets import equal
from clops_app.terraform.values import EvaluationError, Null, T, marked, unmarked

_ARITHMETIC: Mapping[str, Callable[[Number, Number], Number]] = {
    "+": numbers.add,
    "-": numbers.subtract,
    "*": numbers.multiply,
    "/": numbers.divide,
    "%": numbers.modulo,
}
_OF_NUMBERS: Mapping[str, Callable[[Number, Number], T]] = {**_ARITHMETIC, "<": lt, "<=": le, ">": gt, ">=": ge}
_OF_BOOLS = frozenset({"&&", "||"})


def binary(operator: str, left: T, right: T) -> T:
    """`left operator right`. For && and || what is sure decides, even if the other operand is unknown.

    Terraform up to 1.11 stays unknown there; 1.12 decides as we do.
    """
    if operator in {"==", "!="}:
        same = left == right if type(left) is str and type(right) is str else equal(left, right)
        return same if operator == "==" else negation(same)
    if type(left) is int and type(right) is int and operator in _OF_NUMBERS:
        return _OF_NUMBERS[operator](left, right)
    if type(left) is bool and type(right) is bool and operator in _OF_BOOLS:
        return left and right if operator == "&&" else left or right
    wanted = type_bool if operator in _OF_BOOLS else type_number
    try:
        bare_left, hidden_left = unmarked(_converted(left, wanted, "left"))
        bare_right, hidden_right = unmarked(_converted(right, wanted, "right"))
    except EvaluationError as error:
        if operator == "+":
            error.detail += ' `+` adds numbers; texts are joined in one string, "${a}${b}", and lists by concat().'
        raise
    if isinstance(bare_left, Null) or isinstance(bare_right, Null):
        raise _is_null()
    return marked(_combined(operator, bare_left, bare_right), hidden_left or hidden_right)


def decided(operator: str, left: T) -> bool:
    """Whether the left operand alone decides what && or || gives."""
    if operator not in _OF_BOOLS:
        return False
    if type(left) is bool:
        return decides(operator, left)
    bare, _ = unmarked(operand(left, type_bool, "left"))
    return decides(operator, bare)


def decides(operator: str, operand_value: T) -> bool:
    """Whether one operand is what the result of && or || is."""
    return (operator == "&&" and operand_value is False) or (operator == "||" and operand_value is True)


def operand(value: T, wanted: Primitive, side: str) -> T:
    """The value as the type that the operator takes; never null."""
    converted = _converted(value, wanted, side)
    if isinstance(unmarked(converted)[0], Null):
        raise _is_null()
    return converted


def _converted(value: T, wanted: Primitive, side: str) -> T:
    try:
        return convert(value, wanted)
    except EvaluationError as error:
        raise EvaluationError("Invalid operand", f"Unsuitable value for {side} operand: {error.detail}") from error


def _is_null() -> EvaluationError:
    return EvaluationError("Operation failed", "Error during operation: argument must not be null.")


def _combined(operator: str, left: T, right: T) -> T:
    if decides(operator, left) or decides(operator, right):
        return operator == "||"
    for value in (left, right):
        if isinstance(value, Unknown):
            given = type_number if operator in _ARITHMETIC else type_bool
            return Unknown(value.why, type=given, not_null=True)
    if operator in _OF_BOOLS:
        return operator == "&&"  # neither decides
    return _OF_NUMBERS[operator](_number(left), _number(right))


def _number(value: T) -> Number:
    if not isinstance(value, (int, Decimal)):
        raise TypeError(f"a number was asked for: {value!r}")
    return value


def negation(value: T) -> T:
    """`!value`."""
    bare, hidden = unmarked(operand(value, type_bool, "unary"))
    result: T = Unknown(bare.why, type=type_bool, not_null=True) if isinstance(bare, Unknown) else bare is False
    return marked(result, hidden)


def negative(value: T) -> T:
    """`-value`."""
    bare, hidden = unmarked(operand(value, type_number, "unary"))
    result: T = Unknown(bare.why, type=type_number, not_null=True) if isinstance(bare, Unknown) else numbers.negated(_number(bare))
    return marked(result, hidden)
