"""Terraform's types, as far as a value or a provider schema names one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Primitive:
    name: Literal["string", "number", "bool"]


@dataclass(frozen=True, slots=True)
class AnyType:
    """`any`, or a type that nothing is known of (cty's dynamic)."""


@dataclass(frozen=True, slots=True)
class ListType:
    element: Type


@dataclass(frozen=True, slots=True)
class SetType:
    element: Type


@dataclass(frozen=True, slots=True)
class MapType:
    element: Type


@dataclass(frozen=True, slots=True)
class TupleType:
    elements: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class ObjectType:
    """`optional` names the attributes that may be left out when a value is converted to the type; no value's own type has them."""

    attributes: Mapping[str, Type]
    optional: frozenset[str] = field(default=frozenset(), compare=False)


type_string = Primitive("string")
type_number = Primitive("number")
type_bool = Primitive("bool")
type_any = AnyType()

Type = Primitive | AnyType | ListType | SetType | MapType | TupleType | ObjectType
