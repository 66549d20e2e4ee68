"""What an expression evaluates to while it is being evaluated: Terraform's values, with their types, unknowns and marks.

A number is an int whenever it is whole, else a Decimal; a plain tuple is Terraform's tuple, a plain dict its object.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, TypeAlias, TypeGuard, cast

from clops_app.language import tr
from clops_app.model.types import AnyType, Type, type_any
from clops_app.model.values import Datum, Unknown

T: TypeAlias = "bool | int | Decimal | str | tuple[T, ...] | dict[str, T] | Unknown | Sensitive | Attributes | Null | None"


class EvaluationError(Exception):
    """An expression that Terraform would refuse. `start` to `end` are bytes of the file it stands in; 0 to 0 until that is known."""

    def __init__(self, summary: str, detail: str = "", start: int = 0, end: int = 0) -> None:
        super().__init__(summary, detail)
        self.summary = summary
        self.detail = detail
        self.start = start
        self.end = end
        # Which argument of a function is wrong, until the call knows where that argument stands.
        self.argument: int | None = None
        # Whether it is wrong whatever is planned: told even of what may not be there.
        self.surely = False


class StaticError(EvaluationError):
    """What try() and can() do not hide: a reference that Terraform refuses before it evaluates, or a limit of ours."""


def too_much(detail: str, start: int = 0, end: int = 0) -> StaticError:
    """The error for what goes beyond a limit of ours."""
    return StaticError(tr("Evaluation limit exceeded"), detail, start, end)


def too_many_elements(limit: int) -> StaticError:
    return too_much(tr("A value has more than {limit:,} elements.", limit=limit))


class ListValue(tuple["T", ...]):
    """A list: every element is of type `element`, which is `any` where nothing is known of it."""

    element: Type

    def __new__(cls, items: Iterable[T] = (), element: Type = type_any) -> ListValue:
        made = super().__new__(cls, items)
        made.element = element
        return made


class SetValue(tuple["T", ...]):
    """A set: unique, in the order Terraform iterates. `sets.set_of` makes one; this constructor only stores."""

    element: Type

    def __new__(cls, items: Iterable[T] = (), element: Type = type_any) -> SetValue:
        made = super().__new__(cls, items)
        made.element = element
        return made


class MapValue(dict[str, "T"]):
    """A map: every element is of type `element`."""

    element: Type

    def __init__(self, items: Iterable[tuple[str, T]] = (), element: Type = type_any) -> None:
        super().__init__(items)
        self.element = element


@dataclass(frozen=True, slots=True)
class Null:
    """A null of a type, as `tostring(null)` is, never of `any`: the null whose type nobody said is None."""

    type: Type


def null_of(kind: Type | None) -> Null | None:
    """The null of a type."""
    return None if kind is None or isinstance(kind, AnyType) else Null(kind)


def is_null(value: T) -> TypeGuard[Null | None]:
    """Whether the value is null, of whatever type."""
    return value is None or type(value) is Null


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A value that must not be shown. The mark sits where Terraform puts it: on the whole or on one leaf."""

    value: bool | int | Decimal | str | tuple[T, ...] | dict[str, T] | Unknown | Attributes | Null | None


class Attributes(Protocol):
    """An object evaluated attribute by attribute: a resource instance, a module instance."""

    def attribute(self, name: str) -> T:
        """The value of one attribute. Raises EvaluationError when there is no such."""
        ...

    def names(self) -> Iterable[str]:
        """The attributes that are known to exist."""
        ...

    def spend(self, steps: int) -> None:
        """Count steps of the root's work. Raises StaticError once there were too many."""
        ...

    def value_type(self) -> Type:
        """The type of the whole object; `any` where nothing says what attributes it has."""
        ...


def unmarked(value: T) -> tuple[T, bool]:
    """The value without a mark on the whole of it, and whether there was one."""
    return (value.value, True) if type(value) is Sensitive else (value, False)


def marked(value: T, sensitive: bool) -> T:
    """The value, marked if asked; never twice."""
    return Sensitive(value) if sensitive and not isinstance(value, Sensitive) else value


# Of what is neither null nor unknown, nor hidden, nor evaluated lazily.
CERTAIN = frozenset({str, int, bool, Decimal, tuple, ListValue, SetValue, dict, MapValue})
_KNOWN_LEAVES = frozenset({str, int, bool, Decimal, type(None), Null})
LEAVES = _KNOWN_LEAVES | {Unknown}


def is_flat(value: T) -> bool:
    """Whether nothing in the value has parts, a mark, or is evaluated lazily: most values are so."""
    if type(value) in LEAVES:
        return True
    if isinstance(value, dict):
        return LEAVES.issuperset(map(type, value.values()))
    return isinstance(value, tuple) and LEAVES.issuperset(map(type, value))


def _is_bare(value: T) -> bool:
    """Whether there is neither a mark nor anything that is evaluated lazily, however deep."""
    if is_flat(value) or isinstance(value, Decimal):
        return True
    return isinstance(value, (tuple, dict)) and all(map(_is_bare, _items(value)))


def _opened_deep(value: T) -> T:
    inner = opened(value)
    match inner:
        case tuple() | dict() if not is_flat(inner):
            return rebuilt(inner, [_opened_deep(item) for item in _items(inner)])
        case Sensitive(hidden):
            return marked(_opened_deep(hidden), True)
        case _:
            return inner


def _stripped(value: T) -> tuple[T, bool]:
    if isinstance(value, Sensitive):
        return _stripped(value.value)[0], True
    if not isinstance(value, (tuple, dict)) or is_flat(value):
        return value, False
    bare = [_stripped(item) for item in _items(value)]
    return rebuilt(value, [item for item, _ in bare]), any(secret for _, secret in bare)


def unmarked_deep(value: T) -> tuple[T, bool]:
    """The value without any mark, however deep, and whether there was one."""
    return (value, False) if _is_bare(value) else _stripped(value)


def revealed(value: T) -> tuple[T, bool]:
    """As `unmarked_deep`, with everything that is evaluated lazily evaluated: for whoever prints the whole of it."""
    return (value, False) if _is_bare(value) else _stripped(_opened_deep(value))


def _items(value: tuple[T, ...] | dict[str, T]) -> Iterable[T]:
    return value.values() if isinstance(value, dict) else value


def rebuilt(value: tuple[T, ...] | dict[str, T], items: Iterable[T]) -> tuple[T, ...] | dict[str, T]:
    """A collection of the same kind and keys with other items."""
    match value:
        case MapValue():
            return MapValue(zip(value, items, strict=True), value.element)
        case dict():
            return dict(zip(value, items, strict=True))
        case ListValue():
            return ListValue(items, value.element)
        case SetValue():
            return SetValue(items, value.element)
        case _:
            return tuple(items)


def first_unknown(value: T) -> Unknown | None:
    """The first unknown leaf, however deep and whatever its mark; None when all is known."""
    if isinstance(value, (tuple, dict)):
        items = _items(value)
        if _KNOWN_LEAVES.issuperset(map(type, items)):
            return None
        return next((found for item in items if (found := first_unknown(item)) is not None), None)
    if type(value) in _KNOWN_LEAVES:
        return None
    match value:
        case Unknown():
            return value
        case Sensitive(inner):
            return first_unknown(inner)
        case Decimal():
            return None
        case _:
            return first_unknown(as_object(cast("Attributes", value)))


# All elements of one value, the shared ones counted each time: ten locals of ten references each make ten billion. To look at one costs
# up to 10 µs (a set sorts its members by their text), and a kilobyte of code can ask for that dozens of times.
HEAVIEST = 200_000


def weight(value: T) -> int:
    """How many elements the value has, however deep. Raises StaticError beyond HEAVIEST."""
    total = 0
    waiting: list[T] = [value]
    for inner in waiting:  # it grows while it is gone through
        if isinstance(inner, dict):
            waiting += [item for item in inner.values() if type(item) not in LEAVES]
        elif isinstance(inner, tuple):
            waiting += [item for item in inner if type(item) not in LEAVES]
        else:
            if isinstance(inner, Sensitive):
                waiting.append(inner.value)
            continue
        total += len(inner)
        if total > HEAVIEST:
            raise too_many_elements(HEAVIEST)
    return total


# What it costs, in steps, to have one attribute of an object evaluated and looked at: objects of objects double with every level.
_OPENED = 10


def as_object(value: Attributes) -> dict[str, T]:
    """Every attribute of a lazily evaluated object, evaluated. Raises StaticError once that was asked for too often."""
    names = sorted(value.names())
    value.spend(_OPENED * len(names))
    return {name: value.attribute(name) for name in names}


_OPEN = LEAVES | CERTAIN | {Sensitive}


def opened(value: T) -> T:
    """The value with a lazily evaluated object evaluated: for whoever must look at the whole of it."""
    if type(value) in _OPEN or isinstance(value, Decimal):
        return value
    return as_object(cast("Attributes", value))


_IDENTIFIER = re.compile(r"[^\W\d][\w-]*")


_NOTHING: frozenset[str] = frozenset()
_DATA = frozenset({str, int, bool, Decimal, type(None), Unknown})
# Elements up to which a collection is told free of charge: to count costs more than to look at them, and few are larger.
_FREE = 32


def plain(value: T, spend: Callable[[int], None]) -> tuple[Datum, frozenset[str]]:
    """The value as data, and the paths ("password", "rule[0].key", "" for the whole) that are sensitive.

    A plain dict or tuple of nothing but leaves is handed over as it is: nobody changes a value.
    `spend` counts steps of the root's work; once there were too many, the value is unknown.
    """
    sensitive: set[str] | None = None
    try:
        if isinstance(value, dict):  # most collections are of nothing but leaves
            if len(value) > _FREE:
                spend(_telling(value))
            if _DATA.issuperset(map(type, value.values())):
                return value if type(value) is dict else dict(value), _NOTHING  # type: ignore[return-value, arg-type]
        elif isinstance(value, tuple):
            if len(value) > _FREE:
                spend(_telling(value))
            if _DATA.issuperset(map(type, value)):
                return value if type(value) is tuple else tuple(value), _NOTHING  # type: ignore[return-value, arg-type]
        spend(1)  # before the value is weighed: that itself takes milliseconds, for each that is still asked for
        spend(weight(value) << 1)
        sensitive = set()
        return _data(value, "", sensitive), frozenset(sensitive)
    except (RecursionError, StaticError):
        return Unknown(tr("the value is too large")), frozenset(sensitive or ())


def _telling(value: tuple[T, ...] | dict[str, T]) -> int:
    """What it costs, in steps, to tell a collection of leaves: to look at one takes 25 ns, and to copy it up to 100 bytes."""
    return len(value) >> 4 if type(value) in {dict, tuple} else len(value)


def _data(value: T, path: str, sensitive: set[str]) -> Datum:
    match value:
        case None | bool() | int() | Decimal() | str() | Unknown():
            return value
        case Sensitive(hidden):
            sensitive.add(path)
            return _data(hidden, path, sensitive)
        case tuple():
            return tuple(_data(item, f"{path}[{number}]", sensitive) for number, item in enumerate(value))
        case dict():
            return {key: _data(item, _joined(path, key), sensitive) for key, item in value.items()}
        case Null():
            return None
        case _:
            return _data(as_object(value), path, sensitive)


def _joined(path: str, key: str) -> str:
    if _IDENTIFIER.fullmatch(key) is None:
        return f'{path}["{key}"]'
    return f"{path}.{key}" if path else key
