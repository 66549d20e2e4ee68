"""What each root costs a month, and what all of them cost before."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from clops_app.cost.bill import bill
from clops_app.cost.book import embedded_book
from clops_app.graph.aws import Reading
from clops_app.graph.build import build_graph
from clops_app.model.cost import Bill
from clops_app.model.resource import Diagnostic
from clops_app.ports import Checkout
from clops_app.usecases.think import Mind, Place, configuration_of, not_read, place, roots_of, unused_settings


@dataclass(frozen=True, slots=True)
class Prices:
    """`before` is None where there was nothing to compare with, or where a root of it could not be read."""

    bills: tuple[tuple[str, Bill], ...]
    before: Decimal | None
    diagnostics: tuple[Diagnostic, ...]


def price(mind: Mind, head: Checkout, base: Checkout | None) -> Prices:
    """Price the head, and the base where there is one."""
    now = place(mind, head.tree, head.scope)
    bills, diagnostics = _bills(mind, now)
    before = None
    if base is not None:
        then, failed = _bills(mind, place(mind, base.tree, base.scope))
        if not any(diagnostic.fatal for diagnostic in failed):
            before = sum((one.monthly_usd for _, one in then), Decimal(0))
    said = (*head.diagnostics, *not_read(now), *unused_settings(mind, now, roots_of(mind, now)), *diagnostics)
    return Prices(bills, before, tuple(dict.fromkeys(said)))


def _bills(mind: Mind, where: Place) -> tuple[tuple[tuple[str, Bill], ...], tuple[Diagnostic, ...]]:
    bills = []
    said: list[Diagnostic] = []
    for root in roots_of(mind, where):
        mind.progress(f"Pricing {root.directory or 'the root'}")
        configuration = configuration_of(mind, where, root.directory)
        graph = build_graph(configuration)
        bills.append((root.directory, bill(graph, Reading(graph), embedded_book(), mind.question.usage)))
        said += configuration.diagnostics
    return tuple(bills), tuple(said)
