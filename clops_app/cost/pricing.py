"""What a resource type needs to say what it costs: prices of its region, usage, and lines or the reason why there is none.

A type's module has `parts(resource, pricing)`, which yields CostLines and, for each part that cannot be priced, a Missing.
What yields nothing costs nothing by itself. A quantity nobody told is None, a price nobody lists is Missing; neither is ever 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from typing import TypeAlias

from clops_app.cost.book import GLOBAL, Price, PriceBook
from clops_app.cost.usage import MOST_UNITS, Usage
from clops_app.kit import Absent, Architecture, Known, Resource, Unknown, Value, read
from clops_app.language import tr, tr_noop
from clops_app.model.cost import CostLine


@dataclass(frozen=True, slots=True)
class Missing:
    """A part that cannot be priced. `why` is a phrase for people. `of_all`: no part of the resource can, and this is said once."""

    why: str
    of_all: bool = False


@dataclass(frozen=True, slots=True)
class Pricing:
    """What one bill is computed from. `resources`: all of the root, data sources included, by address."""

    book: PriceBook
    usage: Usage
    architecture: Architecture
    resources: Mapping[str, Resource]


Part: TypeAlias = "CostLine | Missing"
Parts: TypeAlias = Iterator[Part]
Quantity: TypeAlias = "int | Decimal"


def list_price(pricing: Pricing, resource: Resource, service: str, item: str, unit: str) -> Price | Missing:
    """The price in the resource's region."""
    match resource.region:
        case Unknown(why=why):
            return Missing(tr("its region is unknown: {why}", why=why), of_all=True)
        case region:
            found = pricing.book.price(service, region, item, unit)
            return found if found is not None else Missing(tr("no price in {region}", region=region))


def global_price(pricing: Pricing, service: str, item: str, unit: str) -> Price | Missing:
    """The price of what AWS sells without a region."""
    found = pricing.book.price(service, GLOBAL, item, unit)
    return found if found is not None else Missing(tr("no price"))


def named(name: str, missing: Missing) -> Missing:
    """The same, said of one part."""
    return missing if missing.of_all else Missing(f"{name}: {missing.why}")


def fixed(name: str, price: Price | Missing, quantity: Quantity, assumption: str | None = None) -> Part:
    """A line that is billed whatever the traffic: `quantity` units a month."""
    match price:
        case Missing() as missing:
            return named(name, missing)
        case Price(usd, unit, source, date):
            return CostLine(name, Decimal(quantity), unit, usd, assumption, source, date)


def by_usage(pricing: Pricing, resource: Resource, name: str, price: Price | Missing, key: str, factor: Quantity = 1) -> Part:
    """A line whose quantity is what usage says under `key`, times `factor`; without it the quantity is None."""
    match price:
        case Missing() as missing:
            return named(name, missing)
        case Price(usd, unit, source, date):
            told = pricing.usage.number(resource, key)
            if told is None:
                return CostLine(name, None, unit, usd, set_usage(resource, key), source, date)
            return CostLine(name, told * factor, unit, usd, told_by(key), source, date)


_BY_USAGE, _SET = tr_noop("depends on usage: {what}"), tr_noop("set {keys}")
_PLACE = "\0"


def set_usage(resource: Resource, *keys: str) -> str:
    """What to set so that a line gets its quantity."""
    names = reduce(lambda some, last: tr("{some} and {last}", some=some, last=last), (f"usage.{resource.type}.{key}" for key in keys))
    return tr(_BY_USAGE, what=tr(_SET, keys=names))


def usage_hint(assumption: str) -> str:
    """What an assumption says beyond that the amount depends on usage: what to set, or all of it."""
    what = _filled(tr(_BY_USAGE, what=_PLACE), assumption)
    return assumption if what is None else what


def only_sets_usage(assumption: str) -> bool:
    """Whether it is `set_usage` and nothing else."""
    return _filled(tr(_BY_USAGE, what=tr(_SET, keys=_PLACE)), assumption) is not None


def _filled(message: str, said: str) -> str | None:
    """What was said in the one place of a message; None where another message was said."""
    before, _, after = message.partition(_PLACE)
    fits = len(said) >= len(before) + len(after) and said.startswith(before) and said.endswith(after)
    return said[len(before) : len(said) - len(after)] if fits else None


def told_by(*keys: str) -> str:
    return tr("as set in usage: {keys}", keys=", ".join(keys))


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a price that falls with quantity: `size` units at `price` (None: all that is left), told as `words`."""

    words: str
    size: Quantity | None
    price: Price | Missing


def stepped(name: str, quantity: Decimal | None, steps: Sequence[Step], assumption: str | None) -> Parts:
    """One line a step that the quantity reaches; only the first, without quantity, when nobody told one."""
    left = quantity
    for number, step in enumerate(steps):
        if number > 0 and (left is None or left <= 0):
            return
        words = f"{name} ({step.words})" if step.words else name
        match step.price:
            case Missing() as missing:
                yield named(words, missing)
                return
            case Price(usd, unit, source, date):
                here = left if left is None or step.size is None else min(left, Decimal(step.size))
                yield CostLine(words, here, unit, usd, assumption, source, date)
        left = None if left is None else left - (here or 0)


def stepped_by_usage(pricing: Pricing, resource: Resource, name: str, steps: Sequence[Step], key: str, factor: Quantity = 1) -> Parts:
    """`stepped` by what usage says under `key`, times `factor`."""
    told = pricing.usage.number(resource, key)
    if told is None:
        return stepped(name, None, steps, set_usage(resource, key))
    return stepped(name, told * factor, steps, told_by(key))


def text_at(resource: Resource, path: str, default: str) -> str | Missing:
    """The string at `path`, the provider's default where it is not written, Missing where it is unknown."""
    return text_of(read(resource, path), default, path)


def text_of(value: Value, default: str, name: str) -> str | Missing:
    match value:
        case Absent():
            return default
        case Known(str() as written):
            return written
        case Known():
            return Missing(tr("{name} is not a text", name=name))
        case Unknown(why=why):
            return Missing(tr("{name} is unknown: {why}", name=name, why=why))


def number_at(resource: Resource, path: str, default: Quantity) -> Quantity | Missing:
    """The number at `path`, the provider's default where it is not written, Missing where it is unknown."""
    return number_of(read(resource, path), default, path)


def number_of(value: Value, default: Quantity, name: str) -> Quantity | Missing:
    match value:
        case Absent():
            return default
        case Known(bool()):
            return Missing(tr("{name} is not a number", name=name))
        case Known(int() | Decimal() as written) if -MOST_UNITS <= written <= MOST_UNITS:
            return written
        case Known(int() | Decimal()):
            return Missing(tr("{name} is more than AWS sells of anything", name=name))
        case Known():
            return Missing(tr("{name} is not a number", name=name))
        case Unknown(why=why):
            return Missing(tr("{name} is unknown: {why}", name=name, why=why))


def flag_at(resource: Resource, path: str, default: bool) -> bool | Missing:
    """The boolean at `path`, the provider's default where it is not written, Missing where it is unknown."""
    match read(resource, path):
        case Absent():
            return default
        case Known(bool() as written):
            return written
        case Known():
            return Missing(tr("{name} is not true or false", name=path))
        case Unknown(why=why):
            return Missing(tr("{name} is unknown: {why}", name=path, why=why))
