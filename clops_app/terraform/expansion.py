"""count and for_each: how many instances, under which keys, and what is known when that is not."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from clops_app.hcl.syntax import Attribute
from clops_app.language import tr
from clops_app.model.types import type_number
from clops_app.model.values import Unknown
from clops_app.terraform.convert import convert
from clops_app.terraform.declarations import Declared
from clops_app.terraform.expressions import evaluate
from clops_app.terraform.inputs import KnownKeys
from clops_app.terraform.protocols import ModuleScope
from clops_app.terraform.values import EvaluationError, ListValue, Null, Sensitive, SetValue, T

MAX_INSTANCES = 10_000  # ENGINE.md §5
MAX_KEY = 1_000  # characters of a key, which stands in every address; AWS takes no name as long
# Of a count beyond that, which is a slip or an attack: the result is not whole anyway, and nobody waits two seconds for it.
SHOWN_INSTANCES = 1_000


class Each(NamedTuple):
    """One instance: its key, the end of its address, and what `each` or `count` means inside."""

    key: None | int | str | Unknown
    suffix: str
    names: Mapping[str, T]


@dataclass(frozen=True, slots=True)
class Expansion:
    """With an unknown count or for_each there is ONE instance, marked: never none, never a made-up [0]."""

    kind: Literal["single", "count", "for_each", "unknown"]
    each: tuple[Each, ...]
    why: str = ""
    needed: tuple[str, ...] = ()

    @staticmethod
    def unknown(why: str, names: Mapping[str, T] | None = None, needed: tuple[str, ...] = ()) -> Expansion:
        return Expansion("unknown", (Each(Unknown(why), "[*]", names or {}),), why, needed)


_SINGLE = Expansion("single", (Each(None, "", {}),))


def expansion_of(module: ModuleScope, declared: Declared, address: str) -> Expansion:
    count, for_each = declared.attribute("count"), declared.attribute("for_each")
    if count is not None and for_each is not None:
        what = tr("{address} has both count and for_each", address=address)
        module.session.complain(declared.path, for_each.start, what, tr("only one may be written; count is used"))
    written = count or for_each
    if written is None:
        return _SINGLE
    with module.session.watching() as needed:
        try:
            expand = _counted if count is not None else _keyed
            found = expand(module, declared, written, address)
        except EvaluationError as error:
            what = tr("{argument} of {address}", argument=written.name, address=address)
            unknown = module.session.failed(declared.path_of(written.name), written.start, what, error)
            found = _unknown(written.name, unknown.why)
    known = module.session.inputs.keys.get(address)
    if known is not None:
        found = _as_known(found, known, written.name)
    return Expansion(found.kind, found.each, found.why, tuple(needed))


def _as_known(found: Expansion, known: KnownKeys, name: str) -> Expansion:
    """The instances that a plan names. What `each.value` is there, only this configuration can tell; where it does not, it is unknown."""
    if found.kind != "unknown" and tuple(each.suffix for each in found.each) != known.instead_of:
        return found
    own = {each.key: each for each in found.each if not isinstance(each.key, Unknown)}
    if name == "count":
        numbers = [key for key in known.keys if isinstance(key, int)]
        return Expansion("count", tuple(own.get(key) or Each(key, f"[{key}]", {"count": {"index": key}}) for key in numbers))
    unknown = Unknown(tr("each.value is not known, of this instance only the plan tells"))
    keys = [key for key in known.keys if isinstance(key, str)]
    return Expansion(
        "for_each",
        tuple(own.get(key) or Each(key, f"[{quoted(key)}]", {"each": {"key": key, "value": unknown}}) for key in keys),
    )


def _unknown(name: str, why: str) -> Expansion:
    unknown = Unknown(why)
    names: Mapping[str, T] = (
        {"count": {"index": Unknown(why, type=type_number)}} if name == "count" else {"each": {"key": unknown, "value": unknown}}
    )
    return Expansion.unknown(why, names)


def _bare(value: T) -> T:
    return value.value if isinstance(value, Sensitive) else value


def _counted(module: ModuleScope, declared: Declared, written: Attribute, address: str) -> Expansion:
    value = _bare(convert(evaluate(written.value, module, {}), type_number))
    match value:
        case Unknown(why=why):
            return _unknown("count", why)
        case int():
            pass
        case Decimal():
            raise EvaluationError("Invalid count argument", tr("The count must be a whole number."))
        case _:
            raise EvaluationError("Invalid count argument", tr("The count must be a number, not null."))
    if value < 0:
        raise EvaluationError("Invalid count argument", tr("The count must not be negative."))
    number = _limited(module, declared, written, address, value)
    return Expansion("count", tuple([Each(index, f"[{index}]", {"count": {"index": index}}) for index in range(number)]))


def _keyed(module: ModuleScope, declared: Declared, written: Attribute, address: str) -> Expansion:
    value = _bare(evaluate(written.value, module, {}))
    pairs: list[tuple[T, T]]
    match value:
        case Unknown(why=why):
            return _unknown("for_each", why)
        case None | Null():
            raise EvaluationError("Invalid for_each argument", tr("The for_each value is null."))
        case dict():
            pairs = sorted(value.items())
        case SetValue() | ListValue() | tuple():
            pairs = [(item, item) for item in value]
            if not isinstance(value, SetValue) and pairs:
                what = tr("The for_each value is a list; Terraform wants a map or a set of strings: toset(…).")
                raise EvaluationError("Invalid for_each argument", what)
        case _:
            raise EvaluationError("Invalid for_each argument", tr("The for_each value must be a map or a set of strings."))
    unknown = next((key for key, _ in pairs if isinstance(key, Unknown)), None)
    if unknown is not None:
        return _unknown("for_each", unknown.why)
    number = _limited(module, declared, written, address, len(pairs))
    return Expansion("for_each", tuple(_each(key, item) for key, item in pairs[:number]))


def _each(key: T, item: T) -> Each:
    if not isinstance(key, str):
        raise EvaluationError("Invalid for_each argument", tr("The keys of for_each must be strings."))
    if len(key) > MAX_KEY:
        raise EvaluationError("Invalid for_each argument", tr("A key of for_each has more than {limit:,} characters.", limit=MAX_KEY))
    return Each(key, f"[{quoted(key)}]", {"each": {"key": key, "value": item}})


_PLAIN = re.compile(r"[\w./:-]*").fullmatch


def quoted(key: str) -> str:
    """An instance key as Terraform writes it in an address."""
    if _PLAIN(key) is not None:
        return f'"{key}"'
    return json.dumps(key, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")


def _limited(module: ModuleScope, declared: Declared, written: Attribute, address: str, number: int) -> int:
    if number > MAX_INSTANCES:
        what = tr(
            "{address} has {number:,} instances; the first {shown:,} are evaluated", address=address, number=number, shown=SHOWN_INSTANCES
        )
        why = tr("more than {limit:,} in one resource are beyond what is evaluated", limit=MAX_INSTANCES)
        module.session.complain(declared.path_of(written.name), written.start, what, why, lost=True)
        return SHOWN_INSTANCES
    return number
