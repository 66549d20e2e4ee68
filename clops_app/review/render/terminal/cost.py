"""Money in a terminal: what a change does to the bill, and a whole bill line by line."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from clops_app.cost.pricing import only_sets_usage, usage_hint
from clops_app.language import tr, trn
from clops_app.model.cost import Bill, CostLine, ResourceCost
from clops_app.model.opinion import SecondBill
from clops_app.model.review import Review
from clops_app.review.costs import UsageLine, Without, assumptions, cost_changes, unpriced, usage_lines, without_price
from clops_app.review.render.money import difference, plain, usd, usd_delta, usd_unit
from clops_app.review.render.more import more_assumptions, more_changes, more_resources
from clops_app.review.render.terminal.opinions import print_second_bill
from clops_app.review.render.terminal.parts import heading, left_out, noted, prose, said
from clops_app.review.render.units import unit_words
from clops_app.review.render.words import MORE, a_month, change_delta, listed, monthly, side, totals, unit_price, without_words

_MOST = 50  # rows and notes in a review; `clops cost` prints a whole bill


def print_changes(console: Console, review: Review) -> None:
    """The part of a Review that is about money: changed resources, totals, usage, what has no price."""
    changes, compared = cost_changes(review), review.before is not None
    if not review.roots:
        return
    date = [tr("prices of {date}", date=review.prices_date)] if review.prices_date else []
    amount = monthly(review)
    heading(console, ", ".join([tr("Cost: not known") if amount == tr("cost not known") else tr("Cost: {amount}", amount=amount), *date]))
    if changes:
        table = _table(tr("resource"), *((tr("before"), tr("after"), tr("change")) if compared else (tr("a month"),)))
        for change in changes[:_MOST]:
            name = said(change.address + (f" ({change.count}×)" if change.count > 1 else ""))
            cells = (side(change, after=False), side(change, after=True), change_delta(change)) if compared else (side(change, after=True),)
            table.add_row(name, *cells)
        table.add_section()
        table.add_row(*(said(cell, "bold") for cell in totals(review)))
        console.print(table)
        left_out(console, len(changes) - _MOST, more_changes)
    usage, assumed = usage_lines(review), assumptions(review)
    _print_usage(console, usage)
    _print_unpriced(console, unpriced(review))
    for text, addresses in assumed[:_MOST]:
        noted(console, tr("assumed"), text, listed(addresses))
    left_out(console, len(assumed) - _MOST, more_assumptions)


def _print_usage(console: Console, usage: Sequence[UsageLine]) -> None:
    """What depends on usage, for each resource its prices together; what to set stands in `clops cost`, which has the room."""
    together: dict[tuple[str, ...], list[str]] = {}
    for line in usage:
        hint = usage_hint(line.assumption)
        more = f" ({hint})" if hint and not only_sets_usage(line.assumption) else ""
        price = tr("{name} {price}", name=line.name, price=unit_price(line.unit_price_usd, line.unit))
        together.setdefault(line.addresses, []).append(f"{price}{more}")
    for addresses, prices in list(together.items())[:_MOST]:
        noted(console, tr("by usage"), f"{listed(addresses, 1)}: {'; '.join(prices)}")
    left_out(console, len(together) - _MOST, more_resources)
    if together:
        console.print(prose(tr("`clops cost` tells what to set to have usage counted."), "dim"))


def print_bills(
    console: Console, bills: Sequence[tuple[str, Bill]], *, before: Decimal | None = None, second: SecondBill | None = None
) -> None:
    """The whole bill of each root, line by line, dearest resource first. `before` is what all of them cost at base."""
    total = sum((bill.monthly_usd for _, bill in bills), Decimal(0))
    for root, bill in bills:
        if len(bills) > 1:
            heading(console, f"{root or '.'}: {a_month(usd(bill.monthly_usd))}")
        if bill.resources:
            console.print(_bill_table(bill))
            _print_assumptions(console, bill)
        _print_unpriced(console, without_price(root, bill))
        if bill.free:
            free = len(bill.free)
            nothing = trn("{count:,} resource cost nothing by themselves.", "{count:,} resources cost nothing by themselves.", free)
            console.print(said(nothing, "dim"))
    dates = [bill.prices_date for _, bill in bills if bill.prices_date]
    words = a_month(usd(total))
    if before is not None:
        change = tr("{before} → {after} a month", before=usd(before), after=usd(total))
        words = f"{change} ({usd_delta(difference(before, total))})"
    date = ["", tr("prices of {date}", date=min(dates))] if dates else []
    console.print(Text(words, "bold").append("  ".join(date), "dim"))
    print_second_bill(console, second)


def _print_assumptions(console: Console, bill: Bill) -> None:
    """Below the table, where they have room, each once."""
    lines = (line for cost in bill.resources for line in cost.lines)
    for name, assumption in dict.fromkeys((line.name, line.assumption) for line in lines if line.assumption):
        noted(console, tr("assumed"), name, assumption or "")


def _bill_table(bill: Bill) -> Table:
    table = _table(tr("resource"), tr("quantity"), tr("unit price"), tr("a month"))
    partly = {item.address for item in bill.unpriced}
    for cost in sorted(bill.resources, key=lambda cost: (-cost.monthly_usd, cost.address)):
        more = f" + {tr(MORE)}" if cost.address in partly else ""
        table.add_row(said(cost.address, "cyan"), "", "", Text(_monthly(cost) + more, "bold"))
        for line in cost.lines:
            table.add_row(Text("  ").append_text(said(line.name)), _quantity(line), usd_unit(line.unit_price_usd), _line_monthly(line))
    table.add_section()
    table.add_row(Text(tr("total"), "bold"), "", "", Text(usd(bill.monthly_usd), "bold"))
    return table


def _monthly(cost: ResourceCost) -> str:
    return usd(cost.monthly_usd) if any(line.quantity is not None for line in cost.lines) else tr("by usage")


def _quantity(line: CostLine) -> str:
    unit = unit_words(line.unit)
    return tr("by usage, {unit}", unit=unit) if line.quantity is None else f"{plain(line.quantity)} {unit}"


def _line_monthly(line: CostLine) -> str:
    return "–" if line.monthly_usd is None else usd(line.monthly_usd)


def _print_unpriced(console: Console, items: Sequence[Without]) -> None:
    for without in items[:_MOST]:
        noted(console, tr("not priced"), without_words(without), without.item.why)
    left_out(console, len(items) - _MOST, more_resources)


def _table(first: str, *numbers: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="dim")
    table.add_column(first, overflow="fold")
    for name in numbers:
        table.add_column(name, justify="right", overflow="fold")
    return table
