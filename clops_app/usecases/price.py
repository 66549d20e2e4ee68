"""What each root costs a month, and what all of them cost before."""

from __future__ import annotations

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
    head_place,
    not_read,
    place,
    renamed,
    roots_of,
    run_by_terragrunt,
    said_of,
    unused_settings,
)


@dataclass(frozen=True, slots=True)
class Prices:
    """`before` is None where there was nothing to compare with, or where a root of it could not be read."""

    bills: tuple[tuple[str, Bill], ...]
    before: Decimal | None
    diagnostics: tuple[Diagnostic, ...]


def price(mind: Mind, head: Checkout, base: Checkout | None) -> Prices:
    """Price the head, and the base where there is one."""
    now = head_place(mind, head)
    bills, diagnostics = _bills(mind, now, now.scope)
    before = None
    if base is not None:
        then, failed = _bills(mind, replace(place(mind, base.tree, base.scope), planned=now.planned), now.scope)
        if not any(diagnostic.fatal for diagnostic in failed):
            before = sum((one.monthly_usd for _, one in then), Decimal(0))
    roots = roots_of(mind, now)
    said = (*said_of(head), *not_read(now), *run_by_terragrunt(mind, now, roots), *unused_settings(mind, now, roots), *diagnostics)
    return Prices(bills, before, tuple(dict.fromkeys(said)))


def _bills(mind: Mind, where: Place, head_scope: str) -> tuple[tuple[tuple[str, Bill], ...], tuple[Diagnostic, ...]]:
    bills = []
    said: list[Diagnostic] = []
    for root in roots_of(mind, where):
        mind.progress(tr("Pricing {root}", root=root.directory) if root.directory else tr("Pricing the root"))
        configuration = configuration_of(mind, where, root.directory, renamed(root.directory, where.scope, head_scope))
        graph = build_graph(configuration)
        bills.append((root.directory, bill(graph, Reading(graph), embedded_book(), mind.question.usage)))
        said += configuration.diagnostics
    return tuple(bills), tuple(said)
