"""What is known of a value, what is not and why: no flag, no None that means two things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, NoReturn, TypeAlias

from clops_app.model.types import Type


class TruthOfValue(TypeError):
    """Somebody asked whether a value is true before asking whether it is known."""


class Reference(NamedTuple):
    """An attribute of a resource instance: `aws_subnet.public[0]` and `id`."""

    address: str
    attribute: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that exists but cannot be told. `why` is a phrase for people: "var.region has no default".

    `ref` is the attribute it is, when it is exactly that attribute (an id that AWS will give): the graph is
    built from it. `prefix` is how a partly known string surely begins. `type` is what it will be, if known.
    """

    why: str
    ref: Reference | None = None
    prefix: str = ""
    not_null: bool = False
    type: Type | None = None

    def __bool__(self) -> NoReturn:
        raise TruthOfValue(f"unknown: {self.why}")


@dataclass(frozen=True, slots=True)
class Known:
    """A value that is known to the last leaf."""

    value: Plain

    def __bool__(self) -> NoReturn:
        raise TruthOfValue("use match, or compare `== Known(...)`")


@dataclass(frozen=True, slots=True)
class Absent:
    """Not written, or written as null: the provider's default applies."""

    def __bool__(self) -> NoReturn:
        raise TruthOfValue("use match")


absent = Absent()

# Data without unknowns. Numbers are int where whole, Decimal otherwise, never float. Sets come sorted.
Plain: TypeAlias = "None | bool | int | Decimal | str | tuple[Plain, ...] | Mapping[str, Plain]"
# Data whose leaves may be unknown: what an evaluated attribute holds.
Datum: TypeAlias = "None | bool | int | Decimal | str | Unknown | tuple[Datum, ...] | Mapping[str, Datum]"
# What one asks about a value.
Value: TypeAlias = "Known | Unknown | Absent"


def first_unknown(datum: Datum) -> Unknown | None:
    """The first unknown leaf in source order, or None when all is known."""
    match datum:
        case Unknown():
            return datum
        case tuple():
            return next((found for item in datum if (found := first_unknown(item)) is not None), None)
        case Mapping():
            return next((found for item in datum.values() if (found := first_unknown(item)) is not None), None)
        case _:
            return None
