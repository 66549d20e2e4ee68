"""What type a value has, which types convert into which, and the one type that several can become, as go-cty decides it.

The order of attempts is go-cty's (cty/convert/unify.go and compare_types.go), because which type wins is visible:
`true ? [1] : ["a"]` is `["1"]`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from decimal import Decimal

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
    type_bool,
    type_number,
    type_string,
)
from clops_app.model.values import Unknown
from clops_app.terraform.values import ListValue, MapValue, Null, Sensitive, SetValue, T


def type_of(value: T) -> Type:
    """The type of a value: `any` for a null or unknown whose type is not known."""
    match value:
        case str():
            return type_string
        case bool():
            return type_bool
        case int() | Decimal():
            return type_number
        case ListValue():
            return ListType(value.element)
        case SetValue():
            return SetType(value.element)
        case tuple():
            return TupleType(tuple(type_of(item) for item in value))
        case MapValue():
            return MapType(value.element)
        case dict():
            return ObjectType({key: type_of(item) for key, item in value.items()})
        case Unknown():
            return type_any if value.type is None else value.type
        case Null(kind):
            return kind
        case Sensitive(inner):
            return type_of(inner)
        case None:
            return type_any
        case _:
            return value.value_type()


def may_be(value: Unknown, *kinds: type[Type]) -> bool:
    """Whether an unknown may turn out to be of one of the kinds: always, if nothing is known of its type."""
    return value.type is None or isinstance(value.type, (AnyType, *kinds))


def type_name(named: Type, any_name: str = "dynamic") -> str:
    """Terraform's name for a type in its messages."""
    match named:
        case Primitive(name):
            return name
        case AnyType():
            return any_name
        case ListType(element):
            return f"list of {type_name(element, any_name)}"
        case SetType(element):
            return f"set of {type_name(element, any_name)}"
        case MapType(element):
            return f"map of {type_name(element, any_name)}"
        case TupleType():
            return "tuple"
        case ObjectType():
            return "object"


def has_any(searched: Type) -> bool:
    """Whether some part of the type is still to be found out from the value."""
    match searched:
        case Primitive():
            return False
        case AnyType():
            return True
        case ListType(element) | SetType(element) | MapType(element):
            return has_any(element)
        case TupleType(elements):
            return any(map(has_any, elements))
        case ObjectType(attributes):
            return any(map(has_any, attributes.values()))


_LARGEST = 2_000  # parts of a type; objects of objects double with every level, and every question walks them all


def bounded(kind: Type) -> Type:
    """The type, or `any` for one of too many parts."""
    waiting, seen = [kind], 0
    while waiting:
        seen += 1
        match waiting.pop():
            case ListType(element) | SetType(element) | MapType(element):
                waiting.append(element)
            case TupleType(elements):
                waiting += elements
            case ObjectType(attributes):
                waiting += attributes.values()
            case _:
                pass
        if seen + len(waiting) > _LARGEST:
            return type_any
    return kind


def settled(wanted: Type, given: Type) -> Type:
    """What a type with `any` in it is once a value of the type `given`, null or unknown, is converted to it."""
    match wanted, given:
        case _, AnyType():
            return wanted
        case AnyType(), _:
            return given
        case ListType(element), (ListType(item) | SetType(item)):
            return ListType(settled(element, item))
        case ListType(element), TupleType(items):
            return ListType(settled(element, unify(items) or type_any))
        case SetType(element), (ListType(item) | SetType(item)):
            return SetType(settled(element, item))
        case SetType(element), TupleType(items):
            return SetType(settled(element, unify(items) or type_any))
        case MapType(element), MapType(item):
            return MapType(settled(element, item))
        case MapType(element), ObjectType(attributes):
            return MapType(settled(element, unify(attributes.values()) or type_any))
        case ObjectType(members), MapType(item):
            return ObjectType({name: settled(member, item) for name, member in members.items()})
        case ObjectType(members), ObjectType(attributes):
            return ObjectType({name: settled(member, attributes.get(name, type_any)) for name, member in members.items()})
        case TupleType(elements), TupleType(items):
            return TupleType(tuple(map(settled, elements, items)))
        case _:
            return wanted


def conforms(given: Type, wanted: Type) -> bool:
    """Whether a value of the type `given` may be one of `wanted` as it is, `any` standing for whatever it turns out to be."""
    match given, wanted:
        case (_, AnyType()) | (AnyType(), _):
            return True
        case (ListType(item), ListType(element)) | (SetType(item), SetType(element)) | (MapType(item), MapType(element)):
            return conforms(item, element)
        case TupleType(items), TupleType(elements):
            return len(items) == len(elements) and all(map(conforms, items, elements))
        case ObjectType(attributes), ObjectType(members):
            return attributes.keys() == members.keys() and all(conforms(attributes[name], members[name]) for name in members)
        case _:
            return given == wanted


def convertible(given: Type, wanted: Type) -> bool:
    """Whether some value of the type `given` converts to `wanted`: "5" to a number does, "a" only fails later."""
    if given is wanted:
        return True
    match given, wanted:
        case (_, AnyType()) | (AnyType(), _):
            return True
        case Primitive(), Primitive():
            return given == wanted or "string" in {given.name, wanted.name}
        case ((ListType(item) | SetType(item)), (ListType(element) | SetType(element))):
            return convertible(item, element)
        case MapType(item), MapType(element):
            return convertible(item, element)
        case TupleType(items), (ListType(AnyType()) | SetType(AnyType())):
            common = unify(items)
            return not items or (common is not None and (common != type_any or all(item == type_any for item in items)))
        case (TupleType(items), (ListType(element) | SetType(element))):
            return all(convertible(item, element) for item in items)
        case TupleType(items), TupleType(elements):
            return len(items) == len(elements) and all(map(convertible, items, elements))
        case ObjectType(attributes), MapType(AnyType()):
            return not attributes or unify(attributes.values()) is not None
        case ObjectType(attributes), MapType(element):
            return all(convertible(attribute, element) for attribute in attributes.values())
        case ObjectType(attributes), ObjectType(members, optional):
            return all(
                convertible(attributes[name], member) if name in attributes else name in optional for name, member in members.items()
            )
        case MapType(item), ObjectType(members, optional):
            return all(name in optional or convertible(item, member) for name, member in members.items())
        case _:
            return False


def unify(types: Iterable[Type]) -> Type | None:
    """The type that all of the types convert to, as Terraform finds it; None if there is none, or no type at all."""
    distinct = _distinct(types)
    if len(distinct) == 1:
        return distinct[0]
    if not distinct:
        return None
    kinds = {type(one) for one in distinct} - {AnyType}
    if len(kinds) == 1 and kinds != {Primitive}:
        if any(isinstance(one, AnyType) for one in distinct):
            return type_any  # what it becomes depends on what the unknown one is
        return _unify_alike(distinct, kinds)
    literals = _unify_literals(distinct, kinds)
    if literals is not None or {ObjectType, TupleType} <= kinds:
        return literals
    return _unify_by_preference(distinct)


_FEW = 16  # types that are compared one by one: most collections have elements of one type or two


def _distinct(types: Iterable[Type]) -> list[Type]:
    """Each type once, in the order given."""
    found: list[Type] = []
    keys: set[Hashable] = set()
    for one in types:
        if len(found) < _FEW:
            if one not in found:
                found.append(one)
            continue
        keys = keys or set(map(_key, found))
        key = _key(one)
        if key not in keys:
            keys.add(key)
            found.append(one)
    return found


def _key(kind: Type) -> Hashable:
    """What two types share if and only if they are equal; an object's type itself has no hash."""
    match kind:
        case ListType(element) | SetType(element) | MapType(element):
            return (type(kind), _key(element))
        case TupleType(elements):
            return (TupleType, *map(_key, elements))
        case ObjectType(attributes):
            return (ObjectType, frozenset([(name, _key(attribute)) for name, attribute in attributes.items()]))
        case _:
            return kind


def _unify_alike(types: list[Type], kinds: set[type[Type]]) -> Type | None:
    """Structures of one kind: there is a way to bring them together, or none at all."""
    if kinds == {MapType}:
        return _wrapped(MapType, unify(one.element for one in types if isinstance(one, MapType)))
    if kinds == {ListType}:
        return _wrapped(ListType, unify(one.element for one in types if isinstance(one, ListType)))
    if kinds == {SetType}:
        return _wrapped(SetType, unify(one.element for one in types if isinstance(one, SetType)))
    if kinds == {ObjectType}:
        return _unify_objects([one for one in types if isinstance(one, ObjectType)])
    return _unify_tuples([one for one in types if isinstance(one, TupleType)])


def _unify_literals(types: list[Type], kinds: set[type[Type]]) -> Type | None:
    """Maps with objects, lists with tuples: the literals become what they were written for."""
    if kinds == {MapType, ObjectType}:
        common = _objects_as_map([one for one in types if isinstance(one, ObjectType)])
        unified = None if common is None else unify(common if isinstance(one, ObjectType) else one for one in types)
        return unified if isinstance(unified, MapType) else None
    if kinds == {ListType, TupleType}:
        common = _tuples_as_list([one for one in types if isinstance(one, TupleType)])
        unified = None if common is None else unify(common if isinstance(one, TupleType) else one for one in types)
        return unified if isinstance(unified, ListType) else None
    return None


def _wrapped(kind: Callable[[Type], Type], element: Type | None) -> Type | None:
    return None if element is None else kind(element)


def _unify_objects(types: list[ObjectType]) -> Type | None:
    names = types[0].attributes.keys()
    if any(one.attributes.keys() != names for one in types):
        return _objects_as_map(types)
    unified: dict[str, Type] = {}
    for name in names:
        common = unify(one.attributes[name] for one in types)
        if common is None:
            return None
        unified[name] = common
    found = ObjectType(unified)
    return found if _all_convertible(types, found, unified.values()) else _objects_as_map(types)


def _objects_as_map(types: list[ObjectType]) -> Type | None:
    element = unify(attribute for one in types for attribute in one.attributes.values())
    found = _wrapped(MapType, element)
    return found if found is not None and _all_convertible(types, found, (element,)) else None


def _all_convertible(types: Sequence[Type], wanted: Type, parts: Iterable[Type | None]) -> bool:
    """Whether types convert to what their parts unify to: they do, unless a part is still to be found out."""
    return type_any not in parts or all(one == wanted or convertible(one, wanted) for one in types)


def _unify_tuples(types: list[TupleType]) -> Type | None:
    if any(len(one.elements) != len(types[0].elements) for one in types):
        return _tuples_as_list(types)
    unified = [unify(elements) for elements in zip(*(one.elements for one in types), strict=True)]
    elements = tuple(element for element in unified if element is not None)
    if len(elements) < len(unified):
        return None
    found = TupleType(elements)
    return found if _all_convertible(types, found, elements) else _tuples_as_list(types)


def _tuples_as_list(types: list[TupleType]) -> Type | None:
    element = unify(element for one in types for element in one.elements)
    found = _wrapped(ListType, element)
    return found if found is not None and _all_convertible(types, found, (element,)) else None


def _unify_by_preference(types: list[Type]) -> Type | None:
    # One of each kind first: where two kinds never meet, thousands of types need no order.
    kinds = {type(one): one for one in types}.values()
    if len(types) > _FEW and not any(all(convertible(one, wanted) for one in kinds) for wanted in types):
        return None
    return next((wanted for wanted in _most_general_first(types) if all(convertible(one, wanted) for one in types)), None)


def _most_general_first(types: list[Type]) -> list[Type]:
    """A topological order of "more general than" that keeps the given order where nothing is said (Kahn's)."""
    after: list[list[int]] = [[] for _ in types]
    waiting = [0] * len(types)
    for i, left in enumerate(types):
        for j in range(i + 1, len(types)):
            order = _preference(left, types[j])
            first, second = (i, j) if order < 0 else (j, i)
            if order:
                after[first].append(second)
                waiting[second] += 1
    queue = [number for number, count in enumerate(waiting) if count == 0]
    for number in queue:
        for following in after[number]:
            waiting[following] -= 1
            if waiting[following] == 0:
                queue.append(following)
    return [types[number] for number in queue]


def _preference(left: Type, right: Type) -> int:
    """-1 if `left` is the more general of the two, 1 if `right` is, 0 if neither."""
    match left, right:
        case AnyType(), AnyType():
            return 0
        case _, AnyType():
            return -1
        case AnyType(), _:
            return 1
        case Primitive(), Primitive():
            return int(right == type_string) - int(left == type_string)
        case (ListType(a), ListType(b)) | (SetType(a), SetType(b)) | (MapType(a), MapType(b)):
            return _preference(a, b)
        case (ListType(), TupleType()) | (MapType(), ObjectType()) | ((TupleType() | ListType()), SetType()):
            return -1
        case (TupleType(), ListType()) | (ObjectType(), MapType()) | (SetType(), (TupleType() | ListType())):
            return 1
        case _:
            return 0
