"""Functions that look into lists, tuples and sets, or make one of others."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from decimal import Decimal

from clops_app.language import tr
from clops_app.model.types import ListType, SetType, TupleType, Type, type_any, type_bool, type_number, type_string
from clops_app.model.values import Unknown
from clops_app.terraform.access import index_of, part
from clops_app.terraform.convert import convert
from clops_app.terraform.functions.graphemes import graphemes
from clops_app.terraform.functions.signature import Function, Parameter, bad_argument, bad_call, numbers
from clops_app.terraform.numbers import Number, is_int64
from clops_app.terraform.sets import equal, identity, uncertain
from clops_app.terraform.unify import may_be, type_name, type_of, unify
from clops_app.terraform.values import ListValue, SetValue, T, first_unknown, is_null, marked, null_of, opened, unmarked

# Whatever these attributes of two resources are, they are not the same, not null and not empty: AWS gives each its own.
IDENTITIES = frozenset({"arn", "id"})


def is_identity(value: T) -> bool:
    """Whether an unknown is surely a name of its own: the id that one resource will get."""
    return isinstance(value, Unknown) and value.ref is not None and value.ref.attribute in IDENTITIES


def _length(value: T) -> T:
    bare, hidden = unmarked(value)
    match bare:
        case str():
            size: T = len(graphemes(bare))
        case SetValue() if (unknown := uncertain(bare)) is not None:
            size = Unknown(unknown.why, type=type_number, not_null=True)  # some may turn out to be the same
        case tuple() | dict():
            size = len(bare)
        case bool() | int() | Decimal():
            raise bad_call("argument must be a string, a collection type, or a structural type")
        case Unknown(type=TupleType(elements)):
            size = len(elements)
        case Unknown(type=kind):
            if kind in (type_number, type_bool):
                raise bad_call("argument must be a string, a collection type, or a structural type")
            size = Unknown(bare.why, type=type_number, not_null=True)
        case _:
            size = _length(opened(bare))
    return marked(size, hidden)


def _coalesce(*values: T) -> T:
    common = unify(type_of(value) for value in values)
    if common is None:
        raise bad_call("all arguments must have the same type")
    for value in values:
        # The unknown one decides: that it is null or empty is possible, but not what was meant.
        if isinstance(value, Unknown) or not (is_null(value) or value == ""):
            return convert(value, common)
    raise bad_call("no non-null, non-empty-string arguments")


def _coalescelist(*values: T) -> T:
    if not values:
        raise bad_call("at least one argument is required")
    for value in values:
        if isinstance(value, Unknown):
            break  # of those that follow it Terraform says nothing
        if not isinstance(type_of(value), (ListType, TupleType)):
            raise bad_call("coalescelist arguments must be lists or tuples")
    for value in values:
        if isinstance(value, Unknown):
            return Unknown(value.why, value.ref)
        if value and not is_null(value):
            return value
    raise bad_call("no non-null arguments")


def _compact(values: ListValue) -> T:
    """Without the empty ones. An id that is not known yet is not empty; any other unknown might be."""
    for value in values:
        if isinstance(value, Unknown) and not (is_identity(value) or value.prefix):
            return Unknown(value.why, not_null=True, type=ListType(type_string))
    return ListValue((value for value in values if isinstance(value, Unknown) or not (is_null(value) or value == "")), type_string)


def _concat(*sequences: T) -> T:
    if not sequences:
        raise bad_call("at least one argument is required")
    hidden = False
    lists: list[tuple[T, ...]] = []
    types: list[Type] = []
    unknown: Unknown | None = None
    for number, sequence in enumerate(sequences):
        bare, secret = unmarked(sequence)
        hidden = hidden or secret
        types.append(type_of(bare))
        if isinstance(bare, Unknown) and may_be(bare, ListType, TupleType):
            unknown = unknown if unknown is not None else bare
        elif isinstance(bare, tuple) and not isinstance(bare, SetValue):
            lists.append(bare)
        else:
            raise bad_argument(number, f"all arguments must be lists or tuples; got {type_name(type_of(bare))}")
    common = unify(types) if all(isinstance(kind, ListType) for kind in types) else None
    if unknown is not None:
        return marked(Unknown(unknown.why, not_null=common is not None, type=common), hidden)
    everything = tuple(item for one in lists for item in one)
    return marked(everything if common is None else convert(everything, common), hidden)


def _contains(values: T, wanted: T) -> T:
    if isinstance(values, Unknown):
        return Unknown(values.why, not_null=True, type=type_bool)
    if not isinstance(values, tuple):
        raise bad_call("argument must be list, tuple, or set")
    unknown: Unknown | None = None
    for value in values:
        same = equal(value, wanted)
        if same is True:
            return True
        if isinstance(same, Unknown) and unknown is None:
            unknown = same
    return False if unknown is None else unknown


def _distinct(values: ListValue) -> T:
    """Each once. Two ids that are not known yet differ unless they are the same one; of other unknowns nobody knows."""
    seen: dict[Hashable, T] = {}
    for value in values:
        if isinstance(value, Unknown) and is_identity(value):
            seen.setdefault(("id", value.ref), value)
        elif (unknown := first_unknown(value)) is not None:
            return Unknown(unknown.why, not_null=True, type=ListType(values.element))
        else:
            seen.setdefault(identity(value), value)
    return ListValue(seen.values(), values.element)


def _element(values: T, number: Number | Unknown) -> T:
    bare, hidden = unmarked(values)
    if isinstance(number, Unknown) and isinstance(bare, tuple) and not isinstance(bare, SetValue):
        return marked(index_of(bare, number), hidden)
    if isinstance(bare, Unknown):
        if not may_be(bare, ListType, TupleType):
            raise bad_call(f"cannot read elements from {type_name(type_of(bare))}")
        return marked(index_of(bare if isinstance(bare.type, ListType) else Unknown(bare.why, bare.ref), number), hidden)
    if not isinstance(bare, tuple) or isinstance(bare, SetValue):
        raise bad_call(f"cannot read elements from {type_name(type_of(bare))}")
    if isinstance(number, Unknown):
        raise TypeError("it was answered above")
    position = _whole(number, "invalid index")
    if not bare:
        raise bad_call("cannot use element function with an empty list")
    if position < 0 and position % len(bare) and not isinstance(bare, ListValue):
        # Of a list Terraform counts from the end; over a tuple it breaks down.
        raise bad_call("cannot use element function with a negative index")
    return marked(bare[position % len(bare)], hidden)


def _whole(number: Number, what: str, argument: int | None = None) -> int:
    if isinstance(number, int) and is_int64(number):
        return number
    detail = f"{what}: value must be a whole number, between -9223372036854775808 and 9223372036854775807"
    raise bad_call(detail) if argument is None else bad_argument(argument, detail)


def _flatten(values: T) -> T:
    bare, hidden = unmarked(values)
    bare = opened(bare)
    if isinstance(bare, dict) and first_unknown(bare) is not None:
        bare = tuple(bare[key] for key in sorted(bare))  # an object that is not wholly known yet slips through Terraform's check
    if not isinstance(bare, tuple):
        raise bad_call("can only flatten lists, sets and tuples")
    flat: list[T] = []
    waiting: list[T] = [bare]
    while waiting:
        value = waiting.pop()
        inner, secret = unmarked(value)
        if isinstance(inner, SetValue) and (unknown := uncertain(inner)) is not None:
            return marked(Unknown(unknown.why), hidden or secret)
        if isinstance(inner, tuple):
            hidden = hidden or secret
            waiting.extend(reversed(inner))
        elif isinstance(inner, Unknown) and not is_identity(inner) and _may_be_sequence(inner):
            return marked(Unknown(inner.why), hidden or secret)
        else:
            flat.append(value)
    return marked(tuple(flat), hidden)


def _may_be_sequence(value: Unknown) -> bool:
    return may_be(value, ListType, SetType, TupleType)


def _index(values: T, wanted: T) -> T:
    if not isinstance(values, tuple) or isinstance(values, SetValue):
        raise bad_call("argument must be a list or tuple")
    if not values:
        raise bad_call("cannot search an empty list")
    for number, value in enumerate(values):
        same = equal(value, wanted)
        if isinstance(same, Unknown):
            return Unknown(same.why, not_null=True, type=type_number)
        if same is True:
            return number
    raise bad_call("item not found")


def _one(values: T) -> T:
    bare, hidden = unmarked(values)
    if isinstance(bare, Unknown):
        if not _may_be_sequence(bare):
            raise bad_argument(0, "must be a list, set, or tuple value with either zero or one elements")
        return marked(part(bare, "[0]", getattr(bare.type, "element", None)), hidden)
    if isinstance(bare, SetValue) and (unknown := uncertain(bare)) is not None:
        return marked(Unknown(unknown.why, type=bare.element), hidden)  # the others may turn out to be the same
    if not isinstance(bare, tuple) or len(bare) > 1:
        raise bad_argument(0, "must be a list, set, or tuple value with either zero or one elements")
    return marked(bare[0] if bare else null_of(getattr(bare, "element", None)), hidden)


def _reverse(values: T) -> T:
    bare, hidden = unmarked(values)
    if isinstance(bare, Unknown) and _may_be_sequence(bare):
        element = getattr(bare.type, "element", None)
        return marked(Unknown(bare.why, not_null=element is not None, type=None if element is None else ListType(element)), hidden)
    if not isinstance(bare, tuple):
        raise bad_argument(0, f"can only reverse list or tuple values, not {type_name(type_of(bare))}")
    if isinstance(bare, (ListValue, SetValue)):
        return marked(ListValue(reversed(bare), bare.element), hidden)
    return marked(tuple(reversed(bare)), hidden)


def _slice(values: T, start: Number | Unknown, end: Number | Unknown) -> T:
    bare, hidden = unmarked(values)
    if isinstance(type_of(bare), SetType):
        detail = "cannot slice a set, because its elements do not have indices; explicitly convert to a list if the ordering of the result"
        raise bad_argument(0, f"{detail} is not important")
    if not isinstance(bare, tuple) and not (isinstance(bare, Unknown) and _may_be_sequence(bare)):
        raise bad_argument(0, "must be a list or tuple value")
    if isinstance(bare, Unknown) and not isinstance(bare.type, (ListType, TupleType)):
        return marked(Unknown(bare.why), hidden)
    length = None if isinstance(bare, Unknown) else len(bare)
    first, last = _bound(start, "start", 1, length), _bound(end, "end", 2, length)
    if first is not None and last is not None and first > last:
        raise bad_argument(1, "start index must not be greater than end index")
    for given in (bare, start, end):
        if isinstance(given, Unknown):
            kind = type_of(bare)
            alike = isinstance(kind, ListType)
            return marked(Unknown(given.why, not_null=alike, type=kind if alike else None), hidden)
    if not isinstance(bare, tuple):
        raise TypeError("what is unknown was returned above")
    kept = tuple(bare)[first:last]
    return marked(ListValue(kept, bare.element) if isinstance(bare, ListValue) else kept, hidden)


def _bound(given: Number | Unknown, which: str, argument: int, length: int | None) -> int | None:
    """One of the two indexes of slice(), as far as it is known."""
    if isinstance(given, Unknown):
        return None
    index = _whole(given, f"invalid {which} index", argument)
    if index < 0:
        raise bad_argument(argument, f"{which} index must not be less than zero")
    if length is not None and index > length:
        raise bad_argument(argument, f"{which} index must not be greater than the length of the list")
    return index


def _chunklist(values: T, size: Number) -> T:
    bare, hidden = unmarked(values)
    if not isinstance(bare, ListValue):
        raise bad_argument(0, "list of any single type required")
    step = _whole(size, "invalid size")
    if step < 0:
        raise bad_call("the size argument must be positive")
    step = step or max(1, len(bare))
    chunks = (ListValue(tuple(bare)[at : at + step], bare.element) for at in range(0, len(bare), step))
    return marked(ListValue(chunks, ListType(bare.element)), hidden)


_COMPARISONS = 10_000  # of keys with what is unknown in part


def _matchkeys(values: T, keys: T, wanted: T) -> T:
    if unify((type_of(keys), type_of(wanted))) is None:
        raise bad_call("keys and searchset must be of the same type")
    for given in (values, keys, wanted):
        if isinstance(given, Unknown):
            return Unknown(given.why, not_null=True, type=type_of(values))
    if not isinstance(values, ListValue) or not isinstance(keys, ListValue) or not isinstance(wanted, ListValue):
        raise TypeError("the parameters are lists")
    if len(values) != len(keys):
        raise bad_call("length of keys and values should be equal")
    unknown = first_unknown((values, keys))
    if unknown is not None and wanted:
        return Unknown(unknown.why, not_null=True, type=ListType(values.element))
    common = unify((keys.element, wanted.element)) or type_any
    first: dict[Hashable, int] = {}
    partly: list[tuple[int, T]] = []  # where something unknown is searched for, at least in part
    for at, value in enumerate(wanted):
        sought = convert(value, common)
        if first_unknown(sought) is None:
            first.setdefault(identity(sought), at)
        else:
            partly.append((at, sought))
    if len(partly) * len(keys) > _COMPARISONS:
        return Unknown(tr("too much of what is searched for is unknown"), not_null=True, type=ListType(values.element))
    found: list[T] = []
    for value, key in zip(values, keys, strict=True):
        mine = convert(key, common)
        place = first.get(identity(mine), len(wanted))
        if any(at < place and isinstance(equal(mine, sought), Unknown) for at, sought in partly):
            return ListValue((), values.element)  # Terraform plans none at all as soon as it cannot tell whether a key is sought
        if place < len(wanted):
            found.append(value)
    return ListValue(found, values.element)


_LIST_OF_ANY = ListType(type_any)

FUNCTIONS: Mapping[str, Function] = {
    "chunklist": Function(
        (Parameter("list", _LIST_OF_ANY, unknown="parts", marks=True), *numbers("size")), _chunklist, returns=ListType(_LIST_OF_ANY)
    ),
    "coalesce": Function((), _coalesce, Parameter("vals", null=True, unknown="whole")),
    "coalescelist": Function((), _coalescelist, Parameter("vals", null=True, unknown="whole")),
    "compact": Function((Parameter("list", ListType(type_string), unknown="parts"),), _compact, returns=ListType(type_string)),
    "concat": Function((), _concat, Parameter("seqs", unknown="whole", marks=True)),
    "contains": Function((Parameter("list", unknown="whole"), Parameter("value", unknown="parts")), _contains, returns=type_bool),
    "distinct": Function((Parameter("list", _LIST_OF_ANY, unknown="parts"),), _distinct, returns=_LIST_OF_ANY),
    "element": Function((Parameter("list", unknown="whole", marks=True), Parameter("index", type_number, unknown="whole")), _element),
    "flatten": Function((Parameter("list", unknown="parts", marks=True),), _flatten),
    "index": Function((Parameter("list", unknown="parts"), Parameter("value", unknown="parts")), _index, returns=type_number),
    "length": Function((Parameter("value", unknown="whole", marks=True, untyped=True),), _length, returns=type_number),
    "matchkeys": Function(
        tuple(Parameter(name, _LIST_OF_ANY, unknown="whole") for name in ("values", "keys", "searchset")), _matchkeys, returns=_LIST_OF_ANY
    ),
    "one": Function((Parameter("list", unknown="whole", marks=True),), _one),
    "reverse": Function((Parameter("list", unknown="whole", marks=True),), _reverse),
    "slice": Function(
        (
            Parameter("list", unknown="whole", marks=True),
            *(Parameter(name, type_number, unknown="whole") for name in ("start_index", "end_index")),
        ),
        _slice,
    ),
}
