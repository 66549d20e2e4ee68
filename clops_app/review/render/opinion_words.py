"""The words for what other tools say, shared by comment and terminal."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from clops_app.model.opinion import Remark, Scan, SecondBill, SecondPrice
from clops_app.review.groups import block_address, shared_address
from clops_app.review.render.money import usd
from clops_app.review.render.words import plural
from clops_app.review.second_opinion import differs


def scan_words(scan: Scan) -> str:
    """`3 new (12 old, 2 said by ClOps already)`; without a base `15 found`. Instances of one block count once."""
    notes = [*([f"{len(by_block(scan.old))} old"] if scan.compared else []), *([f"{scan.said} said by ClOps already"] if scan.said else [])]
    return f"{len(by_block(scan.new))} {'new' if scan.compared else 'found'}" + (f" ({', '.join(notes)})" if notes else "")


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
    far = len(apart(bill))
    differ = f"{far} of {plural(len(bill.prices), 'resource')} {'differs' if far == 1 else 'differ'}" if far else "no resource differs"
    return f"{usd(theirs)} a month where ClOps counts {usd(ours)}; {differ}"


def second_sides(price: SecondPrice) -> tuple[str, str]:
    """Our amount and Infracost's, in words where there is none."""
    ours, theirs = ("no amount" if side is None else usd(side) for side in (price.ours, price.theirs))
    return ours, theirs
