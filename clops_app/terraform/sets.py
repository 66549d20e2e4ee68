"""When two values are the same, and what a set of values is: unique, typed, in Terraform's order."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from decimal import Decimal

from clops_app.model.types import Primitive, Type
from clops_app.model.values import Unknown
from clops_app.terraform.quoting import go_quoted
from clops_app.terraform.unify import conforms, type_of
from clops_app.terraform.values import (
    ListValue,
    MapValue,
    Null,
    Sensitive,
    SetValue,
    T,
    first_unknown,
    is_null,
    marked,
    opened,
    unmarked_deep,
)


def equal(left: T, right: T) -> T:
    """Terraform's `==`: no conversion, so `1 == "1"` is false; unknown where an unknown part decides."""
    left, hidden_left = unmarked_deep(left)
    right, hidden_right = unmarked_deep(right)
    same = _same(left, right)
    result: T = Unknown(same.why, type=Primitive("bool"), not_null=True) if isinstance(same, Unknown) else same
    return marked(result, hidden_left or hidden_right)


def _same(left: T, right: T) -> bool | Unknown:
    if isinstance(left, Unknown):
        return _same_as_unknown(left, right)
    if isinstance(right, Unknown):
        return _same_as_unknown(right, left)
    if is_null(left) or is_null(right):
        return is_null(left) and is_null(right)  # without evaluating what is lazy
    left, right = opened(left), opened(right)
    match left, right:
        case (bool(), _) | (_, bool()):
            return left is right
        case (str(), str()) | ((int() | Decimal()), (int() | Decimal())):
            return left == right
        case dict(), dict():
            if left.keys() != right.keys() or _kind(left) != _kind(right):
                return False
            return _all_same((left[key], right[key]) for key in left)
        case tuple(), tuple():
            if _kind(left) != _kind(right):
                return False
            unknown = first_unknown((left, right)) if isinstance(left, SetValue) else None
            if unknown is not None:
                return unknown
            return len(left) == len(right) and _all_same(zip(left, right, strict=True))
        case _:
            return False


def _kind(value: T) -> tuple[type, Type | None]:
    return type(value), value.element if isinstance(value, (ListValue, SetValue, MapValue)) else None


def _all_same(pairs: Iterable[tuple[T, T]]) -> bool | Unknown:
    """A difference that is sure decides, even after an unknown part: Terraform itself would stay unknown there."""
    unknown: Unknown | None = None
    for one, other in pairs:
        same = type_of(one) == type_of(other) if is_null(one) and is_null(other) else _same(one, other)
        if same is False:
            return False
        if isinstance(same, Unknown) and unknown is None:
            unknown = same
    return True if unknown is None else unknown


def _same_as_unknown(unknown: Unknown, other: T) -> bool | Unknown:
    if is_null(other):
        return False if unknown.not_null else unknown
    if isinstance(other, Unknown):
        return unknown
    if isinstance(other, str) and unknown.prefix and not other.startswith(unknown.prefix):
        return False
    return unknown if conforms(type_of(other), type_of(unknown)) else False


def identity(value: T) -> Hashable:
    """A key that two values share if and only if they are the same. An unknown is the same as none, not even itself."""
    match value:
        case str():
            return value
        case None | Null():
            return None
        case bool():
            return (value,)
        case int() | Decimal():
            return value
        case Unknown():
            return object()
        case Sensitive(inner):
            return identity(inner)
        case dict():
            return (isinstance(value, MapValue), tuple((key, identity(value[key])) for key in sorted(value)))
        case tuple():
            kind = "list" if isinstance(value, ListValue) else "set" if isinstance(value, SetValue) else "tuple"
            return (kind, *map(identity, value))
        case _:
            return ("lazy", id(value))  # two resources are two, even if all that is written of them is the same


_STRINGS = frozenset({str})


def set_of(items: Iterable[T], element: Type) -> T:
    """The set of the items, which are of the type `element` already. A mark on one is a mark on the set."""
    items = tuple(items)
    if _STRINGS.issuperset(map(type, items)):
        return SetValue(sorted(set(items)), element)  # type: ignore[type-var]
    unique: dict[Hashable, T] = {}
    sensitive = False
    for item in items:
        bare, hidden = unmarked_deep(item)
        sensitive = sensitive or hidden
        unique.setdefault(identity(bare), bare)
    return marked(SetValue(sorted(unique.values(), key=_order), element), sensitive)


def uncertain(value: SetValue) -> Unknown | None:
    """An unknown member, for with it neither the order nor the number of the others is known. Ids of resources alone differ for sure."""
    if len(value) < 2 or all(isinstance(item, Unknown) and item.ref is not None for item in value):
        return None
    return first_unknown(value)


def _order(value: T) -> tuple[int, Decimal, str]:
    """Strings by their characters, numbers by size, false before true, the rest by go-cty's hash; then unknown and null."""
    match value:
        case str():
            return (0, Decimal(0), value)
        case int() | Decimal():
            return (0, Decimal(value), "")
        case Unknown():
            return (1, Decimal(0), "")
        case None | Null():
            return (2, Decimal(0), "")
        case _:
            return (0, Decimal(0), _hash_text(value))


def _hash_text(value: T) -> str:
    """What go-cty sorts the members of a set of collections by (cty/set_internals.go)."""
    match value:
        case None | Null():
            return "~"
        case Unknown():
            return "?"
        case str():
            return go_quoted(value)
        case bool():
            return "T" if value else "F"
        case int() | Decimal():
            return f"{Decimal(value):.10g}"
        case MapValue():
            return "{" + "".join(f"{go_quoted(key)}:{_hash_text(value[key])};" for key in sorted(value)) + "}"
        case dict():
            return "<" + "".join(f"{_hash_text(value[key])};" for key in sorted(value)) + ">"
        case ListValue() | SetValue():
            return "[" + "".join(f"{_hash_text(item)};" for item in value) + "]"
        case tuple():
            return "<" + "".join(f"{_hash_text(item)};" for item in value) + ">"
        case Sensitive(inner):
            return _hash_text(inner)
        case _:
            return _hash_text(opened(value))
