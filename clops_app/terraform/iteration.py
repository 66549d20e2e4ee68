"""What can be gone through element by element, in Terraform's order, and how large what comes of it may be."""

from __future__ import annotations

from collections.abc import Iterable

from clops_app.hcl.syntax import Expression
from clops_app.model.types import AnyType, ListType, MapType, Primitive, SetType, TupleType, type_bool, type_number, type_string
from clops_app.model.values import Unknown
from clops_app.terraform.convert import convert
from clops_app.terraform.scope import Budget
from clops_app.terraform.unify import may_be, type_name, type_of
from clops_app.terraform.values import (
    EvaluationError,
    Null,
    SetValue,
    T,
    is_flat,
    is_null,
    marked,
    opened,
    too_many_elements,
    unmarked,
    weight,
)

# Larger than any collection a configuration needs; Terraform's own range() stops at 1,024.
LARGEST = 100_000


def pairs(value: T) -> Iterable[tuple[T, T]]:
    """Keys and elements in the order of a `for`: maps and objects by key, sets with the element as its own key.

    Of an unknown it is one pair of unknowns, for whoever must look at the body anyway. Raises EvaluationError
    for what can't be iterated.
    """
    value = opened(value)
    match value:
        case None | Null():
            raise EvaluationError("Iteration over null value", "A null value cannot be used as the collection in a 'for' expression.")
        case Unknown():
            return _pair_of_unknown(value)
        case SetValue():
            return ((item, item) for item in value)
        case tuple():
            return enumerate(value)
        case dict():
            return sorted(value.items(), key=lambda entry: entry[0])
        case _:
            raise _not_iterable(value)


def _pair_of_unknown(value: Unknown) -> Iterable[tuple[T, T]]:
    match value.type:
        case Primitive():
            raise _not_iterable(value)
        case ListType(element):
            return [(Unknown(value.why, type=type_number, not_null=True), Unknown(value.why, type=element))]
        case SetType(element):
            return [(Unknown(value.why, type=element), Unknown(value.why, type=element))]
        case MapType(element):
            return [(Unknown(value.why, type=type_string, not_null=True), Unknown(value.why, type=element))]
        case _:
            return [(Unknown(value.why), Unknown(value.why))]


def _not_iterable(value: T) -> EvaluationError:
    detail = f"A value of type {type_name(type_of(value))} cannot be used as the collection in a 'for' expression."
    return EvaluationError("Iteration over non-iterable value", detail)


def splat_source(value: T) -> T:
    """What a splat goes through: the sequence, nothing for null, the value alone if it is no sequence."""
    bare, hidden = unmarked(value)
    match bare:
        case Null(type=ListType() | SetType() | TupleType()):
            raise EvaluationError("Splat of null value", "Splat expressions (with the * symbol) cannot be applied to null sequences.")
        case None | Null():
            return marked((), hidden)
        case tuple():
            return value
        case Unknown():
            if may_be(bare, ListType, SetType, TupleType) or not bare.not_null:
                return value
            return marked((bare,), hidden)
        case _:
            return marked((bare,), hidden)


def spread(value: T) -> list[T] | Unknown:
    """The arguments that `value...` stands for."""
    bare, hidden = unmarked(value)
    match bare:
        case tuple():
            return [marked(item, hidden) for item in bare]
        case Unknown(type=None | AnyType() | ListType() | SetType() | TupleType()):
            return Unknown(bare.why)
        case None | Null(type=ListType() | SetType() | TupleType()):
            detail = "The expanding argument (indicated by ...) must not be null."
        case _:
            detail = "The expanding argument (indicated by ...) must be of a tuple, list, or set type."
    raise EvaluationError("Invalid expanding argument value", detail)


def built(value: T, budget: Budget) -> T:
    """A collection or string that was just made, its size paid for. Raises StaticError if it is too large."""
    if isinstance(value, (tuple, dict)):
        size = len(value)
        if size > LARGEST:
            raise too_many_elements(LARGEST)
        if not is_flat(value):
            size = weight(value)
        if size > 15:
            budget.spend(size >> 4)
    return value


def kept(value: T, place: Expression) -> tuple[bool | Unknown, bool]:
    """What the `if` clause of a `for` says of an element, and whether that is a secret."""
    bare, hidden = unmarked(value)
    if is_null(bare):
        raise EvaluationError("Invalid 'for' condition", "The value of the 'if' clause must not be null.", place.start, place.end)
    try:
        keep = convert(bare, type_bool)
    except EvaluationError as error:
        detail = f"The 'if' clause value is invalid: {error.detail}"
        raise EvaluationError("Invalid 'for' condition", detail, place.start, place.end) from error
    return keep if isinstance(keep, Unknown) else keep is True, hidden


def object_key(value: T, place: Expression) -> str | Unknown:
    """The key that `{(key) = …}` gives; the value has no mark."""
    if is_null(value):
        raise EvaluationError("Null value as key", "Can't use a null value as a key.", place.start, place.end)
    try:
        key = convert(value, type_string)
    except EvaluationError as error:
        raise EvaluationError("Incorrect key type", f"Can't use this value as a key: {error.detail}", place.start, place.end) from error
    return key if isinstance(key, Unknown) else str(key)


def result_key(value: T, place: Expression) -> str | Unknown:
    """The key that a `for` gives an element; the value has no mark."""
    summary = "Invalid object key"
    if is_null(value):
        raise EvaluationError(summary, "Key expression in 'for' expression must not produce a null value.", place.start, place.end)
    try:
        key = convert(value, type_string)
    except EvaluationError as error:
        detail = f"The key expression produced an invalid result: {error.detail}"
        raise EvaluationError(summary, detail, place.start, place.end) from error
    return key if isinstance(key, Unknown) else str(key)


def duplicate_key(name: str, place: Expression) -> EvaluationError:
    """The error of two elements with one key."""
    return EvaluationError(
        "Duplicate object key",
        f"Two different items produced the key \"{name}\" in this 'for' expression. If duplicates are expected, "
        "use the ellipsis (...) after the value expression to enable grouping by key.",
        place.start,
        place.end,
    )
