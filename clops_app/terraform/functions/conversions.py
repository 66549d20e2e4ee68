"""Functions that change the type of a value, or its sensitive mark, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from clops_app.model.types import ListType, MapType, SetType, Type, type_any, type_bool, type_number, type_string
from clops_app.model.values import Unknown
from clops_app.terraform.convert import convert
from clops_app.terraform.functions.signature import Function, Parameter, bad_argument, bad_call
from clops_app.terraform.quoting import go_quoted
from clops_app.terraform.unify import type_name, type_of
from clops_app.terraform.values import EvaluationError, T, marked, unmarked, unmarked_deep

_REASONS: Mapping[str, str] = {
    "bool": '; only the strings "true" or "false" are allowed',
    "number": "; given string must be a decimal representation of a number",
}


def _to(wanted: Type, value: T) -> T:
    try:
        converted = convert(value, wanted)
        bare, hidden = unmarked(converted)
        # Of an unknown Terraform forgets the type of the elements here.
        return marked(Unknown(bare.why, bare.ref, bare.prefix, bare.not_null, wanted), hidden) if isinstance(bare, Unknown) else converted
    except EvaluationError as error:
        bare, hidden = unmarked_deep(value)
        names = type_name(type_of(bare)), type_name(wanted, "any single type")
        what = f"this sensitive {names[0]}" if hidden else go_quoted(bare) if isinstance(bare, str) else names[0]
        ending = _REASONS.get(names[1], "") if isinstance(bare, str) and not hidden else ""
        raise bad_argument(0, f"cannot convert {what if ending or hidden else names[0]} to {names[1]}{ending}") from error


def _sensitive(value: T) -> T:
    return marked(unmarked_deep(value)[0], True)


def _nonsensitive(value: T) -> T:
    return unmarked(value)[0]


def _issensitive(value: T) -> T:
    bare, hidden = unmarked(value)
    if hidden:
        return True
    return Unknown(bare.why, type=type_bool) if isinstance(bare, Unknown) else False


def _same(value: T) -> T:
    return marked(value, False)


def _legacy_list(*values: T) -> T:
    return convert(values, ListType(type_any))


def _legacy_map(*entries: T) -> T:
    if len(entries) % 2:
        raise bad_call("map requires an even number of arguments")
    made: dict[str, T] = {}
    for number in range(0, len(entries), 2):
        key, _ = unmarked(convert(entries[number], type_string))
        if isinstance(key, Unknown):
            return Unknown(key.why)
        made[str(key)] = entries[number + 1]
    return convert(made, MapType(type_any))


_ANY = (Parameter("v", null=True, unknown="whole", marks=True),)
_VALUE = (Parameter("value", null=True, unknown="whole", marks=True),)

FUNCTIONS: Mapping[str, Function] = {
    "ephemeralasnull": Function(_VALUE, _same),
    # Terraform 0.11's; 0.15 removed them, but the code that calls them is still there to be reviewed.
    "list": Function((), _legacy_list, Parameter("vals", null=True, unknown="whole", marks=True), ListType(type_any)),
    "map": Function((), _legacy_map, Parameter("vals", null=True, unknown="whole", marks=True), MapType(type_any)),
    "issensitive": Function(_VALUE, _issensitive, returns=type_bool),
    "nonsensitive": Function(_VALUE, _nonsensitive),
    "sensitive": Function(_VALUE, _sensitive),
    "tobool": Function(_ANY, partial(_to, type_bool)),
    "tolist": Function(_ANY, partial(_to, ListType(type_any))),
    "tomap": Function(_ANY, partial(_to, MapType(type_any))),
    "tonumber": Function(_ANY, partial(_to, type_number)),
    "toset": Function(_ANY, partial(_to, SetType(type_any))),
    "tostring": Function(_ANY, partial(_to, type_string)),
}
