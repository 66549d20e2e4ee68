"""One of two values: which type both have, and what remains when nobody knows which it is."""

from __future__ import annotations

from clops_app.hcl.syntax import Expression
from clops_app.model.types import AnyType, ObjectType, TupleType, Type, type_any, type_bool
from clops_app.model.values import Unknown
from clops_app.terraform.convert import convert
from clops_app.terraform.sets import equal
from clops_app.terraform.unify import type_name, type_of, unify
from clops_app.terraform.values import EvaluationError, StaticError, T, is_null, marked, unmarked


def condition_of(value: T, place: Expression) -> T:
    """The condition as a bool or unknown."""
    if value is True or value is False:
        return value
    bare, hidden = unmarked(value)
    if is_null(bare):
        detail = "The condition value is null. Conditions must either be true or false."
        raise EvaluationError("Null condition", detail, place.start, place.end)
    if isinstance(bare, Unknown):
        return value  # of what type, Terraform asks once it is known
    try:
        return marked(convert(bare, type_bool), hidden)
    except EvaluationError:
        raise EvaluationError(
            "Incorrect condition type", "The condition expression must be of type bool.", place.start, place.end
        ) from None


def common_type(then: T, left: Type, otherwise: T, right: Type, place: Expression) -> Type:
    """What both branches become, `any` where they stay as they are. A null without a type becomes whatever the other is."""
    if otherwise is None or left is right or left == right:
        return left
    if then is None:
        return right
    if isinstance(left, AnyType) or isinstance(right, AnyType):
        return type_any
    common = unify((left, right))
    if common is None:
        detail = f"The true and false result expressions must have consistent types. {_mismatch(left, right)}"
        raise EvaluationError("Inconsistent conditional result types", detail, place.start, place.end)
    return common


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


def as_branch(value: T, common: Type, place: Expression) -> T:
    """The value of a branch in the type of both. Raises EvaluationError where only now it shows that it has another."""
    try:
        return convert(value, common)
    except EvaluationError as error:
        detail = f"The true and false result expressions must have consistent types: {error.detail}"
        raise EvaluationError("Inconsistent conditional result types", detail, place.start, place.end) from error


def either(condition: Unknown, then: T, otherwise: T, common: Type) -> T:
    """What an unknown condition leaves: the value, if both branches give the same.

    Terraform stays unknown there unless they are numbers; which of two equal values it is does not matter.
    """
    then, hidden_then = unmarked(then)
    otherwise, hidden_otherwise = unmarked(otherwise)
    hidden = hidden_then or hidden_otherwise
    try:
        convert(condition, type_bool)
        left, right = (value if type_of(value) == common else convert(value, common) for value in (then, otherwise))
        if _surely_same(left, right):
            return marked(left, hidden)
    except StaticError:
        raise
    except EvaluationError:
        pass  # Terraform says so once the condition is known
    not_null = all(value.not_null if isinstance(value, Unknown) else not is_null(value) for value in (then, otherwise))
    return marked(Unknown(condition.why, not_null=not_null, type=None if common == type_any else common), hidden)


def _surely_same(then: T, otherwise: T) -> bool:
    if isinstance(then, Unknown) and isinstance(otherwise, Unknown):
        return then.ref is not None and then == otherwise
    return equal(then, otherwise) is True
