"""One of two values: which type both have, and what remains when nobody knows which it is."""

from __future__ import annotations

from clops_app.hcl import syntax
from clops_app.hcl.syntax import Expression
from clops_app.language import tr
from clops_app.model.types import ObjectType, TupleType, Type, type_any, type_bool, type_number, type_string
from clops_app.model.values import Unknown
from clops_app.terraform.convert import convert
from clops_app.terraform.sets import equal
from clops_app.terraform.unify import type_name, type_of, unify
from clops_app.terraform.values import EvaluationError, T, marked, unmarked


def condition_of(value: T, place: Expression) -> T:
    """The condition as a bool or unknown."""
    bare, hidden = unmarked(value)
    if bare is None:
        detail = "The condition value is null. Conditions must either be true or false."
        raise EvaluationError("Null condition", detail, place.start, place.end)
    if isinstance(bare, Unknown):
        return marked(Unknown(bare.why, type=type_bool), hidden)  # of what type, Terraform asks once it is known
    try:
        return marked(convert(bare, type_bool), hidden)
    except EvaluationError:
        raise EvaluationError(
            "Incorrect condition type", "The condition expression must be of type bool.", place.start, place.end
        ) from None


def type_of_failed(node: Expression, inner: Type | None) -> Type | None:
    """What a node would have given that could not be evaluated; `inner` is the same of the part of it that failed."""
    match node:
        case syntax.Parentheses() | syntax.Interpolation() | syntax.Conditional():
            return inner
        case syntax.Template() | syntax.Literal(value=str()):
            return type_string
        case syntax.TupleItems(items=items):
            return TupleType((type_any,) * len(items))
        case syntax.ObjectItems(items=items):
            names = [key.value for key, _ in items if isinstance(key, syntax.Literal) and isinstance(key.value, str)]
            return ObjectType(dict.fromkeys(names, type_any)) if len(names) == len(items) else None
        case syntax.Unary(operator=operator) | syntax.Binary(operator=operator):
            return type_number if operator in {"+", "-", "*", "/", "%"} else type_bool
        case _:
            return None


def common_type(then: T | EvaluationError, otherwise: T | EvaluationError, place: Expression) -> Type | None:
    """What both branches become; None leaves them as they are."""
    left, right = branch_type(then), branch_type(otherwise)
    if left is None or right is None or left == right:
        return None
    common = unify((left, right))
    if common is None:
        detail = f"The true and false result expressions must have consistent types. {_mismatch(left, right)}"
        raise EvaluationError("Inconsistent conditional result types", detail, place.start, place.end)
    return common


def branch_type(branch: T | EvaluationError) -> Type | None:
    """The type of a branch, as far as it is known; None where it goes with anything."""
    if isinstance(branch, EvaluationError):
        return branch.type
    return None if unmarked(branch)[0] is None else type_of(branch)


def _mismatch(left: Type, right: Type) -> str:
    match left, right:
        case TupleType(some), TupleType(others) if len(some) != len(others):
            return f"The 'true' tuple has length {len(some)}, but the 'false' tuple has length {len(others)}."
        case ObjectType(some_attributes), ObjectType(other_attributes):
            for mine, theirs, here, there in (
                (some_attributes, other_attributes, "true", "false"),
                (other_attributes, some_attributes, "false", "true"),
            ):
                extra = sorted(mine.keys() - theirs.keys())
                if extra:
                    return f"The '{here}' value includes object attribute \"{extra[0]}\", which is absent in the '{there}' value."
        case _:
            pass
    return f"The 'true' value is {type_name(left)}, but the 'false' value is {type_name(right)}."


def as_branch(value: T | EvaluationError, common: Type | None, place: Expression) -> T:
    """The value of a branch in the type of both. Raises EvaluationError where only now it shows that it has another."""
    if isinstance(value, EvaluationError):
        return Unknown(tr("one branch can't be evaluated ({summary})", summary=value.summary))
    try:
        return value if common is None else convert(value, common)
    except EvaluationError as error:
        detail = f"The true and false result expressions must have consistent types: {error.detail}"
        raise EvaluationError("Inconsistent conditional result types", detail, place.start, place.end) from error


def either(condition: Unknown, then: T, otherwise: T, common: Type | None) -> T:
    """What an unknown condition leaves: the value, if both branches give the same.

    Terraform stays unknown there unless they are numbers; which of two equal values it is does not matter.
    """
    then, hidden_then = unmarked(then)
    otherwise, hidden_otherwise = unmarked(otherwise)
    hidden = hidden_then or hidden_otherwise
    if _surely_same(then, otherwise):
        return marked(then, hidden)
    known = common or type_of(otherwise if then is None else then)
    not_null = all(value.not_null if isinstance(value, Unknown) else value is not None for value in (then, otherwise))
    return marked(Unknown(condition.why, not_null=not_null, type=known), hidden)


def _surely_same(then: T, otherwise: T) -> bool:
    if isinstance(then, Unknown) and isinstance(otherwise, Unknown):
        return then.ref is not None and then == otherwise
    return equal(then, otherwise) is True
