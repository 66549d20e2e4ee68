"""A value becomes the value of another type exactly where Terraform converts one: variables, arguments, tolist() and the like."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import TypeGuard

from clops_app.hcl.syntax import Expression
from clops_app.model.types import (
    AnyType,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    Type,
    type_any,
    type_string,
)
from clops_app.model.values import Unknown
from clops_app.terraform.numbers import number_text, parse_number
from clops_app.terraform.scope import Budget
from clops_app.terraform.sets import set_of, uncertain
from clops_app.terraform.unify import convertible, has_any, settled, type_name, type_of, unify
from clops_app.terraform.values import (
    CERTAIN,
    EvaluationError,
    ListValue,
    MapValue,
    Null,
    Sensitive,
    SetValue,
    T,
    is_null,
    marked,
    null_of,
    opened,
    unmarked,
)

__all__ = ["Defaults", "apply_defaults", "convert", "parse_type", "type_of", "unify"]

SUMMARY = "Invalid value for type"


@dataclass(frozen=True, slots=True)
class Defaults:
    """The second arguments of optional(): `values` by attribute, `children` by attribute, tuple index, or "" for every element."""

    values: Mapping[str, T] = field(default_factory=dict)
    children: Mapping[str, Defaults] = field(default_factory=dict)


# The Python types of what a primitive type's values are.
_PRIMITIVE: Mapping[str, frozenset[type]] = {"string": frozenset({str}), "bool": frozenset({bool}), "number": frozenset({int, Decimal})}


def convert(value: T, wanted: Type) -> T:
    """The value as that type. Raises EvaluationError, its detail as Terraform's: "string required"."""
    kind = type(value)
    if isinstance(wanted, Primitive):
        if kind in _PRIMITIVE[wanted.name]:
            return value
        if kind is int and wanted.name == "string":
            return str(value)
    elif wanted is type_any and kind in CERTAIN:
        return value
    if kind not in CERTAIN:
        match value:
            case Sensitive(inner):
                return marked(convert(inner, wanted), True)
            case Unknown():
                return _unknown(value, wanted)
            case None:
                return null_of(wanted)
            case Null(given):
                return value if given == wanted else _null(given, wanted)
            case _:
                pass
    match wanted:
        case AnyType():
            return value
        case Primitive(name):
            return _primitive(value, name)
        case ListType(element) | SetType(element):
            return _sequence(value, wanted, element)
        case MapType(element):
            return _map(value, wanted, element)
        case TupleType(elements):
            return _tuple(value, elements)
        case ObjectType():
            return _object(value, wanted)


def is_constant(value: object, wanted: Type | None) -> TypeGuard[str | bool | int]:
    """Whether what is written as a literal is its value as it stands: nothing to convert."""
    if wanted is type_string:
        return type(value) is str
    return isinstance(wanted, Primitive) and type(value) is not Decimal and type(value) in _PRIMITIVE[wanted.name]


def _null(kind: Type, wanted: Type) -> Null | None:
    if not convertible(kind, wanted):
        raise mismatch(wanted)
    return null_of(settled(wanted, kind))


def _unknown(value: Unknown, wanted: Type) -> Unknown:
    if isinstance(wanted, AnyType) or value.type is wanted or value.type == wanted:
        return value
    if value.type is not None:
        if not convertible(value.type, wanted):
            raise mismatch(wanted)
        wanted = settled(wanted, value.type)
    prefix = value.prefix if wanted == type_string else ""
    return Unknown(value.why, value.ref, prefix, value.not_null, wanted)


def mismatch(wanted: Type) -> EvaluationError:
    return EvaluationError(SUMMARY, f"{type_name(wanted, 'any single type')} required.")


def _primitive(value: T, name: str) -> T:
    """Of what is not of the type already."""
    match value:
        case bool() if name == "string":
            return "true" if value else "false"
        case int() | Decimal() if name == "string":
            return number_text(value)
        case Decimal() if name == "number":
            return value
        case str() if name == "bool":
            if value in {"true", "1"}:
                return True
            if value in {"false", "0"}:
                return False
            raise EvaluationError(SUMMARY, "a bool is required.")
        case str():
            number = parse_number(value)
            if number is None:
                raise EvaluationError(SUMMARY, "a number is required.")
            return number
        case _:
            raise EvaluationError(SUMMARY, f"{name} required.")


def _sequence(value: T, wanted: ListType | SetType, element: Type) -> T:
    if not isinstance(value, tuple):
        raise mismatch(wanted)
    if isinstance(value, SetValue) and isinstance(wanted, ListType) and (unknown := uncertain(value)) is not None:
        return Unknown(unknown.why, not_null=True, type=ListType(value.element))  # Terraform forgets to convert the elements
    if isinstance(value, (ListValue, SetValue)):
        if isinstance(element, AnyType) or element == value.element:
            if isinstance(wanted, ListType):
                return value if isinstance(value, ListValue) else ListValue(value, value.element)
            return value if isinstance(value, SetValue) else set_of(value, value.element)
        if not value and not convertible(value.element, element):
            raise mismatch(wanted)
    elif isinstance(element, Primitive) and _PRIMITIVE[element.name].issuperset(map(type, value)):
        return ListValue(value, element) if isinstance(wanted, ListType) else set_of(value, element)
    common = _element_type(value, element, wanted) if value else element
    items = _each(enumerate(value), common)
    return ListValue(items, common) if isinstance(wanted, ListType) else set_of(items, common)


def _map(value: T, wanted: MapType, element: Type) -> T:
    if type(value) is not dict:
        value = opened(value)
    if not isinstance(value, dict):
        raise mismatch(wanted)
    if isinstance(value, MapValue):
        if isinstance(element, AnyType) or element == value.element:
            return value
        if not value and not convertible(value.element, element):
            raise mismatch(wanted)
    if not value:
        return MapValue((), element)
    if isinstance(element, Primitive) and _PRIMITIVE[element.name].issuperset(map(type, value.values())):
        return MapValue(sorted(value.items()), element)
    keys = sorted(value)
    common = _element_type([value[key] for key in keys], element, wanted)
    return MapValue(zip(keys, _each(((f'"{key}"', value[key]) for key in keys), common), strict=True), common)


def _element_type(items: Sequence[T], element: Type, wanted: Type) -> Type:
    """What the elements will be: `element` itself, or with `any` in it the one type that all of them can become."""
    if not has_any(element):
        return element
    types = [type_of(item) for item in items] if isinstance(element, AnyType) else [_filled(item, element) for item in items]
    if not types:
        return element
    common = unify(types)
    if common == type_any:
        common = _of_the_rest(
            [one for one in types if one != type_any], wanted, any(isinstance(unmarked(item)[0], Unknown) for item in items)
        )
    if common is None:
        raise mismatch(wanted)
    return common


def _of_the_rest(types: list[Type], wanted: Type, unknown: bool) -> Type | None:
    """What the elements are beside some without a type: a map holds to the one type of the others, a list or set does not even look.

    It might, where such an element is unknown to us alone.
    """
    if isinstance(wanted, MapType):
        return None if any(one != types[0] for one in types) else types[0] if types else type_any
    return type_any if unknown or not types else None


def _filled(item: T, element: Type) -> Type:
    return type_of(convert(item, element))


def _each(items: Iterable[tuple[int | str, T]], element: Type) -> list[T]:
    converted: list[T] = []
    for key, item in items:
        try:
            converted.append(convert(item, element))
        except EvaluationError as error:
            raise EvaluationError(SUMMARY, f"element {key}: {error.detail}") from error
    return converted


def _tuple(value: T, elements: tuple[Type, ...]) -> T:
    if not isinstance(value, tuple) or isinstance(value, SetValue):
        raise mismatch(TupleType(elements))
    if len(value) != len(elements):
        raise EvaluationError(SUMMARY, f"tuple of length {len(elements)} required.")
    return tuple(item for pair in zip(enumerate(value), elements, strict=True) for item in _each([pair[0]], pair[1]))


def _object(value: T, wanted: ObjectType) -> T:
    value = opened(value)
    if not isinstance(value, dict):
        raise mismatch(wanted)
    missing = sorted(name for name in wanted.attributes if name not in value and name not in wanted.optional)
    if missing:
        raise EvaluationError(SUMMARY, _missing(missing))
    made: dict[str, T] = {}
    for name in sorted(wanted.attributes):
        try:
            made[name] = convert(value.get(name), wanted.attributes[name])
        except EvaluationError as error:
            raise EvaluationError(SUMMARY, f'attribute "{name}": {error.detail}') from error
    return made


def _missing(names: list[str]) -> str:
    quoted = [f'"{name}"' for name in names]
    if len(quoted) == 1:
        return f"attribute {quoted[0]} is required."
    return f"attributes {', '.join(quoted[:-1])} and {quoted[-1]} are required."


# What it costs, in steps, to fill in and then convert one collection and one element of it: defaults within defaults multiply.
_FILLED, _FILLED_ELEMENT = 10, 2


def apply_defaults(value: T, defaults: Defaults | None, budget: Budget | None = None) -> T:
    """Fill in what optional() gives a default, before the value is converted. Null and unknown values stay.

    Raises StaticError once that took too many steps of the budget; None counts nothing.
    """
    if defaults is None or not (defaults.values or defaults.children):
        return value
    if budget is not None and isinstance(value, (tuple, dict)):
        budget.spend(_FILLED + _FILLED_ELEMENT * (len(value) + len(defaults.values)))
    match value:
        case Sensitive(inner):
            return marked(apply_defaults(inner, defaults, budget), True)
        case SetValue():
            filled = [_child(item, defaults, number, budget) for number, item in enumerate(value)]
            return set_of(filled, unify(map(type_of, filled)) or type_any)
        case tuple():
            # A tuple even if it was a list: with the defaults filled in, its elements may differ in type.
            return tuple(_child(item, defaults, number, budget) for number, item in enumerate(value))
        case dict():
            made = {key: _child(item, defaults, key, budget) for key, item in value.items()}
            for name, default in defaults.values.items():
                if is_null(made.get(name)):
                    made[name] = apply_defaults(default, defaults.children.get(name), budget)
            return made
        case _:
            return value


def _child(item: T, defaults: Defaults, key: int | str, budget: Budget | None) -> T:
    return apply_defaults(item, defaults.children.get(str(key), defaults.children.get("")), budget)


def parse_type(expression: Expression, budget: Budget | None = None) -> tuple[Type, Defaults | None]:
    """Read a type constraint, the legacy `"string"` included. Defaults are None where optional() gives none.

    Raises EvaluationError for what is no type, StaticError once too many steps of the budget are spent; None is one of its own.
    """
    return _reader()(expression, budget if budget is not None else Budget())


@cache
def _reader() -> Callable[[Expression, Budget], tuple[Type, Defaults | None]]:
    from clops_app.terraform.type_syntax import read_type  # it evaluates defaults, and evaluation converts

    return read_type
