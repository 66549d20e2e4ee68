"""A part of a value, by attribute, index or key; a part of an unknown is unknown, and remembers which part of what it is."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from decimal import Decimal
from typing import cast

from clops_app.language import tr
from clops_app.model.types import AnyType, ListType, MapType, ObjectType, Primitive, SetType, TupleType, Type, type_number, type_string
from clops_app.model.values import Reference, Unknown
from clops_app.terraform.convert import convert
from clops_app.terraform.numbers import Float64, is_number
from clops_app.terraform.quoting import go_quoted
from clops_app.terraform.unify import type_name, type_of
from clops_app.terraform.values import Attributes, EvaluationError, ListValue, MapValue, Null, Sensitive, SetValue, StaticError, T, marked

_VALUES = (str, bool, int, Decimal, tuple, dict, Unknown, Sensitive, Null, type(None))
# Those whose attributes are looked up in another way, or that have none; any other is evaluated attribute by attribute.
_EAGER = frozenset({*_VALUES, ListValue, SetValue, MapValue, Float64})
_OTHER_HEADS = frozenset({"var", "local", "module", "each", "count", "self", "path", "terraform"})
_DIGITS = 19  # fewer fit into a machine's number
_NOT_AN_ELEMENT = "The given key does not identify an element in this collection value"


def attribute_of(value: T, name: str) -> T:
    """`value.name`; `value.0` is an index in the old way of writing it."""
    if type(value) is dict and name in value:
        return value[name]
    if type(value) not in _EAGER:
        return cast("Attributes", value).attribute(name)
    match value:
        case Sensitive(inner):
            return marked(attribute_of(inner, name), True)
        case Unknown():
            return _attribute_of_unknown(value, name)
        case dict() | None | Null() | str() | bool() | int() | Decimal() if name.isdecimal():
            return index_of(value, _position(name))
        case MapValue():
            if name not in value:
                raise EvaluationError("Missing map element", f'This map does not have an element with the key "{name}".')
            return value[name]
        case dict():
            if name not in value:
                raise EvaluationError("Unsupported attribute", f'This object does not have an attribute named "{name}".')
            return value[name]
        case tuple() if name.isdecimal():
            return index_of(value, _position(name))
        case None | Null():
            raise EvaluationError("Attempt to get attribute from null value", "This value is null, so it does not have any attributes.")
        case tuple():
            raise _no_attributes(value, name)
        case _:
            raise _primitive(type_of(value))


def _position(digits: str) -> int:
    """The index that is written; where it has too many digits for a number, one that nothing has."""
    return int(digits) if len(digits) < _DIGITS else sys.maxsize


def refuse_lone_instance(value: T, names: Sequence[str]) -> None:
    """Raise StaticError if the value is a resource that there is one of, named as such: it has no index."""
    length = 3 if names[0] in {"data", "resource"} else 2
    if len(names) == length and names[0] not in _OTHER_HEADS and not isinstance(value, _VALUES):
        address = ".".join(names)
        detail = tr("{address} has neither `count` nor `for_each`, so there is one of it; remove the index in brackets.", address=address)
        raise StaticError("Unexpected resource instance key", detail)


def _no_attributes(value: tuple[T, ...], name: str) -> EvaluationError:
    detail = "This value does not have any attributes."
    if isinstance(value, (ListValue, SetValue)) and isinstance(value.element, ObjectType):
        kind = "list" if isinstance(value, ListValue) else "set"
        specific = "a specific element of the list, or across " if kind == "list" else ""
        detail = (
            f'Can\'t access attributes on a {kind} of objects. Did you mean to access attribute "{name}" '
            f"for {specific}all elements of the {kind}?"
        )
    return EvaluationError("Unsupported attribute", detail)


def _primitive(primitive: Type) -> EvaluationError:
    return EvaluationError("Unsupported attribute", f"Can't access attributes on a primitive-typed value ({type_name(primitive)}).")


def _attribute_of_unknown(value: Unknown, name: str) -> T:
    match value.type:
        case Primitive() as primitive if not name.isdecimal():
            raise _primitive(primitive)
        case ObjectType(attributes):
            if name not in attributes:
                raise EvaluationError("Unsupported attribute", f'This object does not have an attribute named "{name}".')
            return part(value, f".{name}", attributes[name])
        case MapType(element):
            return part(value, f".{name}", element)
        case Primitive() | ListType() | TupleType() | SetType() if name.isdecimal():
            return _index_of_unknown(value, _position(name))
        case ListType() | TupleType() | SetType():
            raise EvaluationError("Unsupported attribute", "This value does not have any attributes.")
        case _:
            return part(value, f"[{name}]" if name.isdecimal() else f".{name}")


def part(value: Unknown, step: str, of_type: Type | None = None) -> Unknown:
    """What `.name`, `[0]` or `[*]` of an unknown is: unknown for the same reason, and that part of what it was."""
    reference = value.ref
    if reference is not None:
        if reference.attribute:
            reference = Reference(reference.address, reference.attribute + step)
        elif step.startswith("["):
            reference = Reference(reference.address + step, "")
        else:
            reference = Reference(reference.address, step[1:])
    return Unknown(value.why, reference, type=None if isinstance(of_type, AnyType) else of_type)


def index_of(value: T, key: T) -> T:
    """`value[key]`."""
    if isinstance(value, tuple) and type(key) is int and 0 <= key < len(value) and type(value) is not SetValue:
        return value[key]
    match value, key:
        case Sensitive(inner), _:
            return marked(index_of(inner, key), True)
        case dict(), Sensitive(bare) if not isinstance(value, MapValue):
            return index_of(value, bare)  # Terraform loses the mark of an object's key
        case _, Sensitive(bare):
            return marked(index_of(value, bare), True)
        case None | Null(), _:
            raise EvaluationError("Attempt to index null value", "This value is null, so it does not have any indices.")
        case _, None | Null():
            raise EvaluationError("Invalid index", "Can't use a null value as an indexing key.")
        case SetValue(), _:
            raise EvaluationError(
                "Invalid index",
                "Elements of a set are identified only by their value and don't have any separate index or key to select with, "
                "so it's only possible to perform operations across all elements of the set.",
            )
        case ((str() | bool() | int() | Decimal()), _):
            raise EvaluationError("Invalid index", "This value does not have any indices.")
        case Unknown(), _:
            return _index_of_unknown(value, key)
        case tuple(), _:
            return _element(value, key)
        case dict(), _:
            return _entry(value, key)
        case _, _ if is_number(key):
            detail = f"{_NOT_AN_ELEMENT}. An object only supports looking up attributes by name, not by numeric index."
            raise EvaluationError("Invalid index", detail)
        case _, _:
            name = _key(key, type_string)
            return Unknown(name.why) if isinstance(name, Unknown) else attribute_of(value, str(name))


def _key(key: T, wanted: Primitive) -> T:
    try:
        return convert(key, wanted)
    except EvaluationError as error:
        raise EvaluationError("Invalid index", f"{_NOT_AN_ELEMENT}: {error.detail}") from error


def _element(value: tuple[T, ...], key: T) -> T:
    number = _key(key, type_number)
    if isinstance(number, Unknown):
        return Unknown(number.why, type=_known(value.element) if isinstance(value, ListValue) else None)
    if isinstance(number, Decimal):
        fraction = "indexing a sequence requires a whole number, but the given index has a fractional part"
        raise EvaluationError("Invalid index", f"{_NOT_AN_ELEMENT}: {fraction}.")
    if not isinstance(number, int) or number < 0:
        raise EvaluationError("Invalid index", f"{_NOT_AN_ELEMENT}: a negative number is not a valid index for a sequence.")
    if number >= len(value):
        too_far = "the given index is greater than or equal to the length of the collection"
        raise EvaluationError("Invalid index", f"{_NOT_AN_ELEMENT}: {too_far}.")
    return value[number]


def _entry(value: dict[str, T], key: T) -> T:
    name = _key(key, type_string)
    if isinstance(name, Unknown):
        return Unknown(name.why, type=_known(value.element) if isinstance(value, MapValue) else None)
    if name in value:
        return value[str(name)]
    hint = ""
    if is_number(key) and not isinstance(value, MapValue):
        hint = " An object only supports looking up attributes by name, not by numeric index."
    raise EvaluationError("Invalid index", f"{_NOT_AN_ELEMENT}.{hint}")


def _known(element: Type) -> Type | None:
    return None if isinstance(element, AnyType) else element


def _index_of_unknown(value: Unknown, key: T) -> T:
    element: Type | None = None
    match value.type:
        case Primitive():
            raise EvaluationError("Invalid index", "This value does not have any indices.")
        # A set has no index, but many an attribute that is a set today was a list in the provider the code is written for.
        case SetType() if value.ref is None:
            return index_of(SetValue(), key)
        case ListType(element) | SetType(element):
            key = _key(key, type_number)
        case TupleType(elements):
            key = _key(key, type_number)
            if isinstance(key, int):
                if not 0 <= key < len(elements):
                    raise EvaluationError("Invalid index", f"{_NOT_AN_ELEMENT}.")
                element = elements[key]
        case MapType(element):
            key = _key(key, type_string)
        case ObjectType(attributes):
            key = _key(key, type_string)
            if isinstance(key, str):
                element = attributes.get(key)  # whether there is such an attribute, Terraform asks once the object is known
        case _:
            pass
    match key:
        case str():
            step = f"[{go_quoted(key)}]"
        case int():
            step = f"[{key}]"
        case _:
            step = "[*]"
    return part(value, step, element)
