"""Functions on sets: union, intersection, difference, product."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from math import prod

from clops_app.language import tr
from clops_app.model.types import ListType, SetType, TupleType, Type, type_any
from clops_app.model.values import Unknown
from clops_app.terraform.convert import convert
from clops_app.terraform.functions.signature import Function, Parameter, bad_argument, bad_call
from clops_app.terraform.iteration import LARGEST
from clops_app.terraform.sets import identity, set_of, uncertain
from clops_app.terraform.unify import type_of, unify
from clops_app.terraform.values import EvaluationError, ListValue, SetValue, T, first_unknown, marked, too_much, unmarked


def _common(sets: tuple[T, ...]) -> Type:
    """The element type of all; an empty set of anything has no say."""
    elements = [kind.element for one in sets if isinstance(kind := type_of(one), SetType) and (one != () or kind.element != type_any)]
    element = unify(elements)
    if element is None and elements:
        raise bad_call("given sets must all have compatible element types")
    return type_any if element is None else element


def _converted(sets: tuple[T, ...]) -> tuple[Type, list[list[T]]]:
    element = _common(sets)
    try:
        return element, [[convert(item, element) for item in one] for one in sets if isinstance(one, SetValue)]
    except EvaluationError as error:
        raise bad_call("given sets must all have compatible element types") from error


def _union(*sets: T) -> T:
    element, converted = _converted(sets)
    unknown = next((one for one in sets if isinstance(one, Unknown)), None)
    if unknown is not None:
        return Unknown(unknown.why, not_null=True, type=SetType(element))
    return set_of((item for one in converted for item in one), element)


def _unknown(element: Type, sets: tuple[T, ...]) -> T:
    unknown = first_unknown(sets)
    return None if unknown is None else Unknown(unknown.why, not_null=True, type=SetType(element))


def _intersection(*sets: T) -> T:
    element, converted = _converted(sets)
    if (unknown := _unknown(element, sets)) is not None:
        return unknown
    others = [{identity(item) for item in one} for one in converted[1:]]
    return set_of((item for item in converted[0] if all(identity(item) in other for other in others)), element)


def _difference(left: T, right: T) -> T:
    element, converted = _converted((left, right))
    if (unknown := _unknown(element, (left, right))) is not None:
        return unknown
    kept, taken = converted
    away = {identity(item) for item in taken}
    return set_of((item for item in kept if identity(item) not in away), element)


def _product(*sets: T) -> T:
    if len(sets) < 2:
        raise bad_call("at least two arguments are required")
    hidden = False
    elements: list[Type] = []
    given: list[tuple[T, ...]] = []
    any_set = False
    unknown: Unknown | None = None
    for number, one in enumerate(sets):
        bare, secret = unmarked(one)
        hidden = hidden or secret
        any_set = any_set or isinstance(type_of(bare), SetType)
        elements.append(_element(type_of(bare), number))
        if isinstance(bare, Unknown):
            unknown = bare
        elif isinstance(bare, SetValue) and (found := uncertain(bare)) is not None:
            unknown = found
        elif isinstance(bare, tuple):
            given.append(bare)
    element = TupleType(tuple(elements))
    if unknown is not None:
        return marked(Unknown(unknown.why, not_null=True, type=SetType(element) if any_set else ListType(element)), hidden)
    if prod(len(one) for one in given) > LARGEST:
        raise too_much(tr("A product of sets has more than {limit:,} elements.", limit=LARGEST))
    combined: list[T] = []
    if all(given):
        try:
            combined += product(*([convert(item, kind) for item in one] for one, kind in zip(given, elements, strict=True)))
        except EvaluationError as error:
            raise bad_call(error.detail) from error
    return marked(set_of(combined, element) if any_set else ListValue(combined, element), hidden)


def _element(kind: Type, number: int) -> Type:
    match kind:
        case ListType(element) | SetType(element):
            return element
        case TupleType(items):
            common = unify(items) if items else type_any
            if common is None:
                raise bad_argument(number, "all elements must be of the same type")
            return common
        case _:
            raise bad_argument(number, "a set or a list is required")


_SET = SetType(type_any)
_FIRST, _OTHERS = Parameter("first_set", _SET, unknown="whole"), Parameter("other_sets", _SET, unknown="whole")

FUNCTIONS: Mapping[str, Function] = {
    "setintersection": Function((_FIRST,), _intersection, _OTHERS, returns=_SET),
    "setproduct": Function((), _product, Parameter("sets", unknown="whole", marks=True)),
    "setsubtract": Function((Parameter("a", _SET, unknown="whole"), Parameter("b", _SET, unknown="whole")), _difference, returns=_SET),
    "setunion": Function((_FIRST,), _union, _OTHERS, returns=_SET),
}
