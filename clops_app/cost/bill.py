"""A root's bill: every managed resource is priced, free, or named with the reason why it is neither."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from clops_app.cost.aws import type_module
from clops_app.cost.book import PriceBook
from clops_app.cost.free import costs_elsewhere, is_free
from clops_app.cost.pricing import Missing, Part, Pricing
from clops_app.cost.usage import MOST_UNITS, Usage, no_usage
from clops_app.kit import Architecture
from clops_app.language import tr
from clops_app.model.cost import Bill, CostLine, ResourceCost, Unpriced
from clops_app.model.graph import Graph
from clops_app.model.resource import Resource
from clops_app.model.values import Unknown


def bill(graph: Graph, architecture: Architecture, book: PriceBook, usage: Usage = no_usage) -> Bill:
    """What a root costs a month, in the order of its resources.

    A resource of which only some parts can be priced is in `resources` with these and in `unpriced` with the others.
    Types that no cloud bills (random_id, tls_private_key, …) are in none of the lists.
    """
    pricing = Pricing(book, usage, architecture, graph.resources)
    resources: list[ResourceCost] = []
    unpriced: list[Unpriced] = []
    free: list[str] = []
    for resource in graph.resources.values():
        if resource.mode == "data":
            continue
        lines, missing = _sorted_out(_parts(resource, pricing))
        if lines:
            resources.append(ResourceCost(resource.address, resource.type, tuple(_counted(resource, line) for line in lines)))
        if missing:
            unpriced.append(Unpriced(resource.address, resource.type, "; ".join(dict.fromkeys(missing))))
        if not lines and not missing and resource.type.startswith("aws_"):
            free.append(resource.address)
    return Bill(tuple(resources), tuple(unpriced), tuple(free), book.date)


def _parts(resource: Resource, pricing: Pricing) -> Iterator[Part]:
    module = type_module(resource.type)
    if module is not None:
        yield from module.parts(resource, pricing)
    elif costs_elsewhere(resource.type):
        yield Missing(tr("ClOps knows the prices of AWS only"))
    elif resource.type.startswith("aws_") and not is_free(resource.type):
        yield Missing(tr("ClOps has no prices for {type} yet", type=resource.type))


def _sorted_out(parts: Iterator[Part]) -> tuple[list[CostLine], list[str]]:
    lines: list[CostLine] = []
    missing: list[str] = []
    for part in parts:
        match part:
            case CostLine(name=name, quantity=quantity) if quantity is not None and not 0 <= quantity <= MOST_UNITS:
                missing.append(_absurd(name, quantity))
            case CostLine():
                lines.append(part)
            case Missing(why):
                missing.append(why)
    return lines, missing


def _absurd(name: str, quantity: Decimal) -> str:
    if quantity < 0:
        return tr("{name}: less than nothing is asked for", name=name)
    return tr("{name}: more than AWS sells of anything is asked for", name=name)


def _counted(resource: Resource, line: CostLine) -> CostLine:
    """A line of a resource whose number of instances is unknown says that it is counted once."""
    match resource.index:
        case Unknown(why=why):
            once = tr("how many there are is unknown ({why}): counted once", why=why)
            return replace(line, assumption=f"{once}; {line.assumption}" if line.assumption else once)
        case _:
            return line
