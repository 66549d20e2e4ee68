"""What the AWS provider accepts: every argument and nested block of every type, read when asked for.

The data (`aws.bin`) is the schema that hashicorp/aws 6.47.0 publishes, compiled by scripts/compile_schema.py from
an MIT-licensed copy without descriptions (see NOTICE). Six very large types are missing from it, `aws_wafv2_web_acl`
among them. Layout: two 4-byte lengths, the zlib-packed index (names and record lengths per mode), the zlib-packed
dictionary, then one raw DEFLATE record a type, each packed against that dictionary. A zip was rejected: reading the
directory of 2,319 members costs more than all that is read of them in a review.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import accumulate
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias, cast

from clops_app.model.types import ListType, MapType, ObjectType, SetType, TupleType, Type, type_any, type_bool, type_number, type_string

Mode = Literal["managed", "data"]
Nesting = Literal["single", "list", "set", "map", "group"]
Json: TypeAlias = "str | list[Json] | dict[str, Json]"


@dataclass(frozen=True, slots=True)
class AttributeSchema:
    """Computed and not optional: AWS gives it, nobody may write it."""

    type: Type
    required: bool
    optional: bool
    computed: bool
    sensitive: bool


@dataclass(frozen=True, slots=True)
class NestedBlock:
    """`max_items` 0 means no limit."""

    nesting: Nesting
    block: BlockSchema
    min_items: int
    max_items: int


@dataclass(frozen=True, slots=True)
class BlockSchema:
    attributes: Mapping[str, AttributeSchema]
    blocks: Mapping[str, NestedBlock]


class _Archive(NamedTuple):
    data: bytes
    dictionary: bytes
    places: dict[tuple[str, str], tuple[int, int]]
    version: str


@cache
def _archive() -> _Archive:
    return _opened(resources.files(__name__).joinpath("aws.bin").read_bytes())


def _opened(data: bytes) -> _Archive:
    index_end = 8 + int.from_bytes(data[:4], "big")
    dictionary_end = index_end + int.from_bytes(data[4:8], "big")
    index = json.loads(zlib.decompress(data[8:index_end]))
    places: dict[tuple[str, str], tuple[int, int]] = {}
    start = dictionary_end
    for mode in ("managed", "data"):
        names, lengths = index[mode]
        ends = list(accumulate(lengths, initial=start))
        places.update(((mode, name), (ends[i], ends[i + 1])) for i, name in enumerate(names.split(" ")))
        start = ends[-1]
    return _Archive(data, zlib.decompress(data[index_end:dictionary_end]), places, index["provider"])


def provider_version() -> str:
    """The version of hashicorp/aws whose schema this is."""
    return _archive().version


@cache
def resource_schema(mode: Mode, type: str) -> BlockSchema | None:
    """The schema of a resource or data source; None for a type that is not in the data (another provider's, a newer one's)."""
    return _read(_archive(), mode, type)


@cache
def object_type(mode: Mode, type: str) -> Type:
    """The type that a resource or data source is as a value; `any` for one that is not in the data."""
    schema = resource_schema(mode, type)
    return type_any if schema is None else _as_object(schema)


def _as_object(schema: BlockSchema) -> ObjectType:
    members: dict[str, Type] = {name: attribute.type for name, attribute in schema.attributes.items()}
    for name, nested in schema.blocks.items():
        inner = _as_object(nested.block)
        match nested.nesting:
            case "list":
                members[name] = ListType(inner)
            case "set":
                members[name] = SetType(inner)
            case "map":
                members[name] = MapType(inner)
            case "single" | "group":
                members[name] = inner
    return ObjectType(members)


def _read(archive: _Archive, mode: Mode, type: str) -> BlockSchema | None:
    place = archive.places.get((mode, type))
    if place is None:
        return None
    unpacker = zlib.decompressobj(-15, archive.dictionary)
    text = unpacker.decompress(archive.data[place[0] : place[1]]) + unpacker.flush()
    known: list[BlockSchema] = []
    for attributes, nested in json.loads(text):
        known.append(
            BlockSchema(
                MappingProxyType({name: _attribute(code) for name, code in attributes.items()}),
                MappingProxyType({name: NestedBlock(nesting, known[at], low, high) for name, (nesting, at, low, high) in nested.items()}),
            )
        )
    return known[-1]


@cache
def _attribute(code: str) -> AttributeSchema:
    flags, _, written = code.partition(":")
    return AttributeSchema(_type(json.loads(written)), "r" in flags, "o" in flags, "c" in flags, "s" in flags)


# Always the same ones: to be told apart by what they are costs ten times what it costs to see that they are one.
_PRIMITIVE = {one.name: one for one in (type_string, type_number, type_bool)}


def _type(written: Json) -> Type:
    """A type as cty writes it in JSON: "string", ["list", T], ["object", {name: T}, [optional names]]."""
    match written:
        case "string" | "number" | "bool":
            return _PRIMITIVE[written]
        case ["list", of]:
            return ListType(_type(of))
        case ["set", of]:
            return SetType(_type(of))
        case ["map", of]:
            return MapType(_type(of))
        case ["tuple", list(members)]:
            return TupleType(tuple(_type(member) for member in members))
        case ["object", dict(members), *optional]:
            names = cast("list[list[str]]", optional)
            return ObjectType(
                MappingProxyType({name: _type(member) for name, member in members.items()}), frozenset(names[0] if names else ())
            )
        case _:
            return type_any
