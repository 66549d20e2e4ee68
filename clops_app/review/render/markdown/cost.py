"""The bill in a fold: what changes, what it comes to, what it does not know."""

from __future__ import annotations

from collections.abc import Sequence

from clops_app.cost.pricing import usage_hint
from clops_app.language import tr, trn
from clops_app.model.review import Review
from clops_app.review.costs import CostChange, UsageLine, Without, assumptions, cost_changes, unpriced, usage_lines
from clops_app.review.render.markdown.fit import Section, Variant, details, section, table
from clops_app.review.render.markdown.safe import code, html_text, prose
from clops_app.review.render.money import usd, usd_delta
from clops_app.review.render.more import more_assumptions, more_prices_by_usage, more_unpriced_resources
from clops_app.review.render.words import change_delta, listed, side, totals, unit_price

_ROWS = 15
_LIST = 8


def cost_section(review: Review) -> tuple[Section, ...]:
    """Nothing where no root has anything that costs or lacks a price."""
    changes, usage, without = cost_changes(review), usage_lines(review), unpriced(review)
    if not (changes or usage or without):
        return ()
    variants = [
        Variant(_cost(review, changes, usage, rows=rows, entries=entries), lost)
        for rows, entries, lost in (
            (_ROWS, _LIST, ""),
            (8, 4, tr("part of the cost table") if len(changes) > 8 or len(usage) > 4 else ""),
            (3, 2, tr("most of the cost table") if len(changes) > 3 or len(usage) > 2 else ""),
        )
    ]
    return (section(6, *variants, Variant("", tr("the cost table"))),)


def _cost(review: Review, changes: Sequence[CostChange], usage: Sequence[UsageLine], *, rows: int, entries: int) -> str:
    parts = [_table(review, changes, rows), *_usage(usage, entries), *_unpriced(review, entries), *_assumed(review, entries)]
    return details(_summary(review, changes), "\n\n".join(parts))


def _summary(review: Review, changes: Sequence[CostChange]) -> str:
    if review.base is None:
        what = trn("Cost: {count:,} resource with a price", "Cost: {count:,} resources with a price", len(changes))
    else:
        what = trn("Cost: {count:,} change", "Cost: {count:,} changes", len(changes)) if changes else tr("Cost: no change")
    date = [tr("prices of {date}", date=html_text(review.prices_date))] if review.prices_date else []
    return " · ".join([f"💰 {what}", *date])


def _table(review: Review, changes: Sequence[CostChange], most: int) -> str:
    """The change first: a phone shows two columns and hides the rest behind a swipe."""
    compared = review.before is not None
    names = (tr("change"), tr("resource"), tr("before"), tr("after"))
    head = names if compared else (tr("a month"), tr("resource"))
    rows = [_row(change, compared=compared) for change in changes[:most]]
    if len(changes) > most:
        rest = changes[most:]
        known = [change.delta for change in rest if change.delta is not None]
        together = usd_delta(sum(known, start=review.after * 0)) if compared else usd(sum(known, start=review.after * 0))
        rows.append((together, tr("{count} smaller", count=len(rest)), *(("", "") if compared else ())))
    name, *between, last = (f"**{cell}**" for cell in totals(review))
    return table(head, [*rows, (last, name, *between)], right=[column for column in range(len(head)) if column != 1])


def _row(change: CostChange, *, compared: bool) -> tuple[str, ...]:
    name = code(change.address, 120, table=True) + (f" ({change.count}×)" if change.count > 1 else "")
    if not compared:
        return side(change, after=True), name
    return change_delta(change), name, side(change, after=False), side(change, after=True)


def _usage(usage: Sequence[UsageLine], most: int) -> tuple[str, ...]:
    """Never $0: the price of a unit, and what to write to have it counted."""
    if not usage:
        return ()
    lines = [
        f"- {prose(line.name)}, {prose(unit_price(line.unit_price_usd, line.unit))}:"
        f" {prose(usage_hint(line.assumption)) or listed([code(address, 120) for address in line.addresses], 2)}"
        for line in usage[:most]
    ]
    if len(usage) > most:
        lines.append(f"- {more_prices_by_usage(len(usage) - most)}")
    return ("\n\n".join([tr("**Depends on usage, not in these amounts:**"), "\n".join(lines)]),)


def _unpriced(review: Review, most: int) -> tuple[str, ...]:
    without = unpriced(review)
    if not without:
        return ()
    lines = [f"- {_unpriced_name(one)}: {prose(one.item.why)}" for one in without[:most]]
    if len(without) > most:
        lines.append(f"- {more_unpriced_resources(len(without) - most)}")
    return ("\n\n".join([tr("**Not priced, so not in these amounts:**"), "\n".join(lines)]),)


def _unpriced_name(one: Without) -> str:
    address = code(one.item.address, 120)
    return tr("part of {address}", address=address) if one.partly else address


def _assumed(review: Review, most: int) -> tuple[str, ...]:
    found = assumptions(review)
    if not found:
        return ()
    lines = [f"- {prose(_sentence(text))} ({listed([code(address, 120) for address in addresses], 2)})" for text, addresses in found[:most]]
    if len(found) > most:
        lines.append(f"- {more_assumptions(len(found) - most)}")
    return ("\n\n".join([tr("**Assumed for these amounts:**"), "\n".join(lines)]),)


def _sentence(text: str) -> str:
    text = text.strip().rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."
