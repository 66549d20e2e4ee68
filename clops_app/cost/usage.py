"""What people tell about traffic: quantities by address, pattern or type, from `.clops.yml` or an Infracost usage file.

The most exact key that has a value wins: the address, the address without its index, the first pattern with `*`, the type.
Nothing is ignored in silence: a key that no line of the bill reads is a UsageProblem with the nearest name that one does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from fnmatch import fnmatchcase
from types import MappingProxyType

from clops_app.language import tr
from clops_app.model.resource import Resource

Told = Mapping[str, "Decimal | str"]  # dotted keys ("standard.storage_gb") to what is told


@dataclass(frozen=True, slots=True)
class Usage:
    """`by_key`: address, pattern or type to what is told of it."""

    by_key: Mapping[str, Told]

    def number(self, resource: Resource, key: str) -> Decimal | None:
        """The quantity told for this resource under a dotted key; None when nobody told it."""
        found = self._told(resource, key)
        return found if isinstance(found, Decimal) else None

    def text(self, resource: Resource, key: str) -> str | None:
        """The word told for this resource under a dotted key; None when nobody told it."""
        found = self._told(resource, key)
        return found if isinstance(found, str) else None

    def _told(self, resource: Resource, key: str) -> Decimal | str | None:
        for told in self._applying(resource):
            if key in told:
                return told[key]
        return None

    def _applying(self, resource: Resource) -> Iterator[Told]:
        whole = _without_index(resource.address)
        for name in dict.fromkeys((resource.address, whole)):
            if name in self.by_key:
                yield self.by_key[name]
        for pattern, told in self.by_key.items():
            if "*" in pattern and _matches(resource.address, pattern):
                yield told
        if resource.type in self.by_key:
            yield self.by_key[resource.type]


_MODULES_BEFORE = re.compile(r"^(module\.[^.\[]+(\[[^\]]*\])?\.)+")
SHOWN = 6  # how many names a message lists
CLOSE = 0.8  # how alike a type is to be named as meant; usage keys may be less alike
# Keys that take a word, as Infracost's usage file has them.
WORDS = {"operating_system": ("linux", "windows", "rhel", "suse"), "endpoint_type": ("aws", "non_aws")}

# Units a month of anything. Far beyond what is sold, and a bill of so much still fits the 28 digits of a Decimal to the cent.
MOST_UNITS = Decimal(10) ** 15

no_usage = Usage(MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class UsageProblem:
    """Something in the usage that cannot be used. `where` is a dotted path below `usage`, `why` says what to do."""

    where: str
    why: str


def _without_index(address: str) -> str:
    return address[: address.rindex("[")] if address.endswith("]") else address


def _matches(address: str, pattern: str) -> bool:
    """`*` stands for anything; brackets are brackets."""
    return fnmatchcase(address, pattern.replace("[", "[[]").replace("?", "[?]"))


def parse_usage(written: Mapping[str, object]) -> tuple[Usage, tuple[UsageProblem, ...]]:
    """Usage from an already loaded `usage:` mapping or Infracost usage file, and all that is wrong with it."""
    problems: list[UsageProblem] = []
    by_key: dict[str, Told] = {}
    for where, key, told in _sections(written, problems):
        of = _type_of(key)
        allowed = usage_keys(of)
        if not allowed:
            problems.append(UsageProblem(where, _unknown_type(of)))
        elif not isinstance(told, Mapping):
            problems.append(UsageProblem(where, tr("expected quantities by name, as in {key}: 100", key=allowed[0])))
        else:
            by_key[key] = {**by_key.get(key, {}), **dict(_leaves(where, "", told, of, allowed, problems))}
    return Usage(MappingProxyType(by_key)), tuple(problems)


def _sections(written: Mapping[str, object], problems: list[UsageProblem]) -> Iterator[tuple[str, str, object]]:
    """Every (where, key, what is told), of ClOps's flat shape and of Infracost's three top-level keys."""
    for key, told in written.items():
        if key == "version":
            continue
        if key not in ("resource_type_default_usage", "resource_usage"):
            yield key, key, told
        elif isinstance(told, Mapping):
            yield from ((f"{key}.{inner}", str(inner), of) for inner, of in told.items())
        elif told is not None:
            problems.append(UsageProblem(key, tr("expected usage by address or type")))


def _leaves(
    where: str, prefix: str, told: Mapping[object, object], type: str, allowed: tuple[str, ...], problems: list[UsageProblem]
) -> Iterator[tuple[str, Decimal | str]]:
    for name, value in told.items():
        key = f"{prefix}{name}"
        if isinstance(value, Mapping) and any(valid.startswith(f"{key}.") for valid in allowed):
            yield from _leaves(f"{where}.{name}", f"{key}.", value, type, allowed, problems)
        elif key not in allowed:
            problems.append(UsageProblem(f"{where}.{name}", _unknown_key(key, type, allowed)))
        elif (found := _told(key, value)) is None:
            problems.append(UsageProblem(f"{where}.{name}", _expected(key, value)))
        else:
            yield key, found


def _told(name: str, value: object) -> Decimal | str | None:
    """One of the words a key knows; else a number that is not negative and not absurd, which may come as text ("1_000", "0.5")."""
    if name in WORDS:
        return value if isinstance(value, str) and value in WORDS[name] else None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    try:
        number = Decimal(str(value).replace(",", "").replace("_", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() and 0 <= number <= MOST_UNITS else None


def _expected(name: str, value: object) -> str:
    if name in WORDS:
        return tr("{value} is not a value of {name}: expected one of {words}", value=repr(value), name=name, words=", ".join(WORDS[name]))
    return tr("{value} is not a value of {name}: expected a number from 0 to 10^15", value=repr(value), name=name)


def _type_of(key: str) -> str:
    """The resource type in an address or pattern; the key itself where it is a type."""
    return re.split(r"[.\[]", _MODULES_BEFORE.sub("", key), maxsplit=1)[0].strip("*")


def _unknown_type(type: str) -> str:
    from clops_app.cost.aws import MODULES

    near = get_close_matches(type, [name for name in MODULES if usage_keys(name)], 1, CLOSE)
    if near:
        return tr("no price of {type} depends on usage; did you mean {near}?", type=type, near=near[0])
    return tr("no price of {type} depends on usage", type=type)


def _unknown_key(key: str, type: str, allowed: tuple[str, ...]) -> str:
    if key.startswith("reserved_instance_"):
        return tr("ClOps has no prices of reservations: everything is priced on demand")
    near = get_close_matches(key, allowed, 1)
    if near:
        return tr("{type} has no usage {key}; did you mean {near}?", type=type, key=key, near=near[0])
    some = ", ".join(allowed[:SHOWN]) + (", …" if len(allowed) > SHOWN else "")
    return tr("{type} has no usage {key}; it knows {keys}", type=type, key=key, keys=some)


def usage_keys(type: str) -> tuple[str, ...]:
    """The dotted usage keys that the bill reads for a resource type; () when none."""
    from clops_app.cost.aws import type_module

    module = type_module(type)
    return () if module is None else module.USAGE.get(type, ())
