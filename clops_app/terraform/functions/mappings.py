"""Functions that look into maps and objects, or make one of others."""

from __future__ import annotations

from collections.abc import Mapping

from clops_app.model.types import AnyType, ListType, MapType, ObjectType, TupleType, Type, type_any, type_string
from clops_app.model.values import Unknown
from clops_app.terraform.access import attribute_of, part
from clops_app.terraform.convert import convert
from clops_app.terraform.functions.signature import Function, Parameter, bad_argument, bad_call
from clops_app.terraform.quoting import go_quoted
from clops_app.terraform.unify import may_be, type_name, type_of
from clops_app.terraform.values import (
    EvaluationError,
    ListValue,
    MapValue,
    Null,
    SetValue,
    T,
    first_unknown,
    is_null,
    marked,
    opened,
    unmarked,
)


def _keys(mapping: T) -> T:
    bare, hidden = unmarked(mapping)
    bare = opened(bare)
    if isinstance(bare, Unknown) and isinstance(bare.type, ObjectType):
        return marked(tuple(sorted(bare.type.attributes)), hidden)
    if isinstance(bare, Unknown) and may_be(bare, MapType):
        return marked(Unknown(bare.why, not_null=isinstance(bare.type, MapType), type=ListType(type_string)), hidden)
    if not isinstance(bare, dict):
        raise bad_argument(0, "must have map or object type")
    names = sorted(bare)
    return marked(ListValue(names, type_string) if isinstance(bare, MapValue) else tuple(names), hidden)


def _values(mapping: T) -> T:
    bare, hidden = unmarked(mapping)
    bare = opened(bare)
    if isinstance(bare, Unknown) and isinstance(bare.type, MapType):
        return marked(Unknown(bare.why, not_null=True, type=ListType(bare.type.element)), hidden)
    if isinstance(bare, Unknown) and may_be(bare, ObjectType):
        return marked(Unknown(bare.why), hidden)
    if not isinstance(bare, dict):
        raise bad_call("values() requires a map as the first argument")
    items = [bare[name] for name in sorted(bare)]
    return marked(ListValue(items, bare.element) if isinstance(bare, MapValue) else tuple(items), hidden)


def _lookup(mapping: T, key: T, *defaults: T) -> T:
    if len(defaults) > 1:
        raise bad_call(f"lookup() takes two or three arguments, got {2 + len(defaults)}")
    bare, hidden = unmarked(mapping)
    name, secret = unmarked(key)
    hidden = hidden or secret
    if defaults and isinstance(kind := type_of(bare), MapType):
        defaults = (_as_element(defaults[0], kind.element),)
    if isinstance(name, Unknown):
        _found(bare, "")
        return marked(Unknown(name.why, type=getattr(type_of(bare), "element", None)), hidden)
    found, value = _found(bare, str(name))
    if found:
        return marked(value, hidden)
    if not defaults:
        if isinstance(bare, MapValue):
            raise bad_call(f"lookup failed to find key {go_quoted(str(name))}")
        raise bad_argument(0, f"the given object has no attribute {go_quoted(str(name))}")
    return marked(defaults[0], hidden)


def _as_element(default: T, element: Type) -> T:
    try:
        return convert(default, element)
    except EvaluationError as error:
        raise bad_argument(2, "the default value must have the same type as the map elements") from error


def _found(mapping: T, name: str) -> tuple[bool, T]:
    match mapping:
        case Unknown(type=MapType(element)):
            return True, part(mapping, f"[{go_quoted(name)}]", element)
        case Unknown(type=None | AnyType()):
            return True, Unknown(mapping.why, part(mapping, f".{name}").ref)
        case Unknown(type=ObjectType(attributes)):
            return name in attributes, part(mapping, f".{name}", attributes.get(name))
        case dict():
            return name in mapping, mapping.get(name)
        case Unknown() | bool() | int() | str() | tuple() | Null() | None:
            raise bad_argument(0, "lookup() requires a map as the first argument")
        case _ if not hasattr(mapping, "attribute"):
            raise bad_argument(0, "lookup() requires a map as the first argument")
        case _:
            try:
                return True, attribute_of(mapping, name)
            except EvaluationError:
                return False, None


def _merge(*mappings: T) -> T:
    hidden = False
    unknown: Unknown | None = None
    merged: dict[str, T] = {}
    types: list[Type] = []
    for mapping in mappings:
        bare = mapping
        if type(bare) is not dict:
            bare, secret = unmarked(mapping)
            bare = opened(bare)
            hidden = hidden or (secret and not is_null(bare))
        # Of an object it is enough that it is one: it makes the result an object, whatever its attributes.
        types.append(_OBJECT if type(bare) is dict else type_of(bare))
        if isinstance(bare, dict):
            merged.update(bare)
        elif isinstance(bare, Unknown) and may_be(bare, MapType, ObjectType):
            unknown = unknown if unknown is not None else bare
        elif not is_null(bare) or (type_any not in types and not isinstance(types[-1], (MapType, ObjectType))):
            raise bad_call(f"arguments must be maps or objects, got {go_quoted(type_name(type_of(bare)))}")
    first = types[0] if types else type_any
    alike = isinstance(first, MapType) and all(one is first or one == first for one in types)
    if unknown is not None:
        return marked(Unknown(unknown.why, not_null=alike, type=first if alike else None), hidden)
    if isinstance(first, MapType) and alike:
        return marked(MapValue(sorted(merged.items(), key=_by_name), first.element), hidden)
    return marked(merged, True) if hidden else merged


_OBJECT = ObjectType({})


def _by_name(entry: tuple[str, T]) -> str:
    return entry[0]


def _zipmap(keys: T, values: T) -> T:
    names, hidden = unmarked(keys)
    items, secret = unmarked(values)
    hidden = hidden or secret
    if isinstance(items, Unknown) and may_be(items, ListType, TupleType):
        return marked(_unknown(items.why, items.type), hidden)
    unknown = first_unknown(names)
    if unknown is not None and isinstance(items, tuple) and not isinstance(items, SetValue):
        return marked(_unknown(unknown.why, type_of(items)), hidden)
    if not isinstance(items, tuple) or isinstance(items, SetValue):
        raise bad_call("values argument must be a list or tuple value")
    if not isinstance(names, tuple) or len(names) != len(items):
        count = len(names) if isinstance(names, tuple) else 0
        raise bad_call(f"number of keys ({count}) does not match number of values ({len(items)})")
    made: dict[str, T] = {}
    for number, (name, item) in enumerate(zip(names, items, strict=True)):
        bare, secret = unmarked(name)
        hidden = hidden or secret
        if is_null(bare):
            raise bad_call(f"keys list has null value at index {number}")
        made[str(bare)] = item
    if isinstance(items, ListValue):
        return marked(MapValue(sorted(made.items(), key=_by_name), items.element), hidden)
    return marked(made, hidden)


def _unknown(why: str, values: Type | None) -> Unknown:
    """What zipmap() gives as long as keys or values are not known: of a list of values a map, else nobody knows which object."""
    return Unknown(why, not_null=True, type=MapType(values.element)) if isinstance(values, ListType) else Unknown(why)


def _transpose(mapping: MapValue) -> T:
    found: dict[str, list[T]] = {}
    for key in sorted(mapping):
        items = mapping[key]
        if not isinstance(items, tuple):
            raise bad_argument(0, f'element "{key}": argument must not be null')
        for item in items:
            if is_null(item):
                raise bad_call("input list must not contain null string")
            found.setdefault(str(item), []).append(key)
    element = ListType(type_string)
    return MapValue(((key, ListValue(sorted(map(str, found[key])), type_string)) for key in sorted(found)), element)


_MAP_OF_LISTS = MapType(ListType(type_string))

FUNCTIONS: Mapping[str, Function] = {
    "keys": Function((Parameter("inputMap", unknown="whole", marks=True),), _keys, returns=type_any),
    "lookup": Function(
        (Parameter("inputMap", unknown="whole", marks=True), Parameter("key", type_string, unknown="whole", marks=True)),
        _lookup,
        Parameter("default", null=True, unknown="whole", marks=True),
    ),
    "merge": Function((), _merge, Parameter("maps", null=True, unknown="whole", marks=True)),
    "transpose": Function((Parameter("values", _MAP_OF_LISTS),), _transpose, returns=_MAP_OF_LISTS),
    "values": Function((Parameter("mapping", unknown="whole", marks=True),), _values),
    "zipmap": Function(
        (Parameter("keys", ListType(type_string), unknown="whole", marks=True), Parameter("values", unknown="whole", marks=True)), _zipmap
    ),
}
