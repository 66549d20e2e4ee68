"""What other tools say, in a terminal: named as theirs, after everything that is ours."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from clops_app.language import tr
from clops_app.model.opinion import Scan, SecondBill
from clops_app.review.render.more import more_findings, more_resources
from clops_app.review.render.opinion_words import apart, by_block, scan_words, second_bill_words, second_sides
from clops_app.review.render.terminal.parts import heading, left_out, said

_MOST = 50


def print_scan(console: Console, scan: Scan | None) -> None:
    if scan is None:
        return
    heading(console, tr("Also found by checkov: {counts}", counts=scan_words(scan)))
    found = by_block(scan.new)
    for remark, address in found[:_MOST]:
        console.print(
            Text(overflow="fold")
            .append_text(said(remark.check, "bold"))
            .append("  ")
            .append_text(said(remark.title))
            .append("  ")
            .append_text(said(address, "cyan"))
            .append("  ")
            .append_text(said(f"{remark.path}:{remark.start_line}", "underline"))
        )
    left_out(console, len(found) - _MOST, more_findings)


def print_second_bill(console: Console, bill: SecondBill | None) -> None:
    if bill is None or not bill.prices:
        return
    heading(console, tr("Infracost's second opinion: {words}", words=second_bill_words(bill)))
    far = apart(bill)
    for price in far[:_MOST]:
        ours, theirs = second_sides(price)
        console.print(said(price.address, "cyan").append(f"  ClOps {ours}, Infracost {theirs}", "default"))
    left_out(console, len(far) - _MOST, more_resources)
