"""Functions that change the type of a value, or its sensitive mark, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from clops_app.model.types import ListType, MapType, SetType, Type, type_any, type_bool, type_number, type_string
from clops_app.model.values import Unknown
from clops_app.terraform.convert import convert
from clops_app.terraform.functions.signature import Function, Parameter, bad_argument
from clops_app.terraform.quoting import go_quoted
from clops_app.terraform.unify import type_name, type_of
from clops_app.terraform.values import EvaluationError, T, marked, unmarked, unmarked_deep

_REASONS: Mapping[str, str] = {
    "bool": '; only the strings "true" or "false" are allowed',
    "number": "; given string must be a decimal representation of a number",
}


def _to(wanted: Type, value: T) -> T:
    try:
        return convert(value, wanted)
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


_ANY = (Parameter("v", null=True, unknown="whole", marks=True),)
_VALUE = (Parameter("value", null=True, unknown="whole", marks=True),)

FUNCTIONS: Mapping[str, Function] = {
    "ephemeralasnull": Function(_VALUE, _same),
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
