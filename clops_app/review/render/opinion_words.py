"""The words for what other tools say, shared by comment and terminal."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from clops_app.language import tr, trn
from clops_app.model.opinion import Remark, Scan, SecondBill, SecondPrice
from clops_app.review.groups import block_address, shared_address
from clops_app.review.render.money import usd
from clops_app.review.second_opinion import differs


def scan_words(scan: Scan) -> str:
    """`3 new (12 old, 2 said by ClOps already)`; without a base `15 found`. Instances of one block count once."""
    count = len(by_block(scan.new))
    found = tr("{count} new", count=count) if scan.compared else tr("{count} found", count=count)
    notes = [tr("{count} old", count=len(by_block(scan.old)))] if scan.compared else []
    notes += [tr("{count} said by ClOps already", count=scan.said)] if scan.said else []
    return f"{found} ({', '.join(notes)})" if notes else found


def by_block(remarks: Iterable[Remark]) -> tuple[tuple[Remark, str], ...]:
    """What fails for instances of one block alike is said once, with the address that they share."""
    found: dict[tuple[str, str, int, str], list[Remark]] = {}
    for remark in remarks:
        found.setdefault((remark.check, remark.path, remark.start_line, block_address(remark.address)), []).append(remark)
    return tuple((group[0], shared_address([remark.address for remark in group])) for group in found.values())


def apart(bill: SecondBill) -> tuple[SecondPrice, ...]:
    """The prices that a person should look at, the furthest apart first."""
    zero = Decimal(0)
    far = (price for price in bill.prices if differs(price))
    return tuple(sorted(far, key=lambda price: (-abs((price.ours or zero) - (price.theirs or zero)), price.root, price.address)))


def second_bill_words(bill: SecondBill) -> str:
    """`$120.00 a month where ClOps counts $100.00; 2 of 5 resources differ`."""
    ours = sum((price.ours for price in bill.prices if price.ours is not None), Decimal(0))
    theirs = sum((price.theirs for price in bill.prices if price.theirs is not None), Decimal(0))
    totals = tr("{theirs} a month where ClOps counts {ours}", theirs=usd(theirs), ours=usd(ours))
    return f"{totals}; {_differing(bill)}"


def _differing(bill: SecondBill) -> str:
    match len(apart(bill)):
        case 0:
            return tr("no resource differs")
        case 1:
            return trn("1 of {count:,} resource differs", "1 of {count:,} resources differs", len(bill.prices))
        case far:
            return tr("{far} of {count:,} resources differ", far=far, count=len(bill.prices))


def second_sides(price: SecondPrice) -> tuple[str, str]:
    """Our amount and Infracost's, in words where there is none."""
    ours, theirs = (tr("no amount") if side is None else usd(side) for side in (price.ours, price.theirs))
    return ours, theirs
