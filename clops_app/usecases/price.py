"""What each root costs a month, and what all of them cost before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from clops_app.cost.bill import bill
from clops_app.cost.book import embedded_book
from clops_app.graph.aws import Reading
from clops_app.graph.build import build_graph
from clops_app.language import tr
from clops_app.model.cost import Bill
from clops_app.model.resource import Diagnostic
from clops_app.ports import Checkout
from clops_app.usecases.think import (
    Mind,
    Place,
    configuration_of,
    differing,
    head_place,
    left_alone,
    not_read,
    place,
    renamed,
    roots_of,
    run_by_terragrunt,
    said_of,
    unused_settings,
)

_Priced = tuple[Bill, tuple[Diagnostic, ...]]


@dataclass(frozen=True, slots=True)
class Prices:
    """`before` is None where there was nothing to compare with, or where a root of it could not be read."""

    bills: tuple[tuple[str, Bill], ...]
    before: Decimal | None
    diagnostics: tuple[Diagnostic, ...]


def price(mind: Mind, head: Checkout, base: Checkout | None) -> Prices:
    """Price the head, and the base where there is one; what is surely the same in both is priced once."""
    now = head_place(mind, head)
    roots = roots_of(mind, now)
    priced = {root.directory: _priced(mind, now, root.directory, root.directory) for root in roots}
    before = None if base is None else _before(mind, now, replace(place(mind, base.tree, base.scope), planned=now.planned), priced)
    diagnostics = (diagnostic for _, said in priced.values() for diagnostic in said)
    said = (*said_of(head), *not_read(now), *run_by_terragrunt(mind, now, roots), *unused_settings(mind, now, roots), *diagnostics)
    return Prices(tuple((name, bill) for name, (bill, _) in priced.items()), before, tuple(dict.fromkeys(said)))


def _before(mind: Mind, now: Place, then: Place, priced: Mapping[str, _Priced]) -> Decimal | None:
    """What the base costs; None where a root of it could not be read."""
    changed = differing(now, then)
    roots = [root.directory for root in roots_of(mind, then)]
    same = left_alone(mind, now, then, priced.keys() & {*roots}, changed)
    found = [priced[root] if root in same else _priced(mind, then, root, renamed(root, then.scope, now.scope)) for root in roots]
    if any(diagnostic.fatal for _, said in found for diagnostic in said):
        return None
    return sum((bill.monthly_usd for bill, _ in found), Decimal(0))


def _priced(mind: Mind, where: Place, root: str, name: str) -> _Priced:
    mind.progress(tr("Pricing {root}", root=root) if root else tr("Pricing the root"))
    configuration = configuration_of(mind, where, root, name)
    graph = build_graph(configuration)
    return bill(graph, Reading(graph), embedded_book(), mind.question.usage), configuration.diagnostics
