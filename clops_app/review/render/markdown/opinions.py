"""What other tools say, in folds that name them: their words, their judgement, no patch and no part in the verdict."""

from __future__ import annotations

from clops_app.language import tr, trn
from clops_app.model.opinion import Remark, Scan, SecondBill
from clops_app.model.review import Review
from clops_app.review.render.links import Links, linked
from clops_app.review.render.markdown.fit import Section, Variant, details, section, table
from clops_app.review.render.markdown.safe import code, prose
from clops_app.review.render.opinion_words import apart, by_block, scan_words, second_bill_words, second_sides

_REMARKS = 20
_PRICES = 10


def opinion_sections(review: Review, links: Links) -> tuple[Section, ...]:
    """Nothing of a tool that was not asked or gave no answer."""
    return (*_checkov(review.scan, links), *_infracost(review.second_bill))


def _checkov(scan: Scan | None, links: Links) -> tuple[Section, ...]:
    if scan is None:
        return ()
    summary = tr("🔎 Also found by checkov: {counts}", counts=scan_words(scan))
    if not scan.new:
        return (section(2, f"<sub>{summary}.</sub>", ""),)
    variants = [
        Variant(details(summary, _remarks(scan, most, links)), lost) for most, lost in ((_REMARKS, ""), (5, tr("part of checkov's list")))
    ]
    return (section(2, *variants, Variant("", tr("checkov's list"))),)


def _remarks(scan: Scan, most: int, links: Links) -> str:
    found = by_block(scan.new)
    lines = [_remark(remark, address, links) for remark, address in found[:most]]
    if len(found) > most:
        lines.append(tr("- and {count} more", count=len(found) - most))
    note = tr("In checkov's words; ClOps did not judge or price these, and they are no part of the verdict.")
    return "\n".join(lines) + f"\n\n<sub>{note}</sub>"


def _remark(remark: Remark, address: str, links: Links) -> str:
    where = linked(code(f"{remark.path}:{remark.start_line}"), links.file(remark.path, remark.start_line, remark.end_line))
    return f"- {linked(code(remark.check), remark.link)} {prose(remark.title)}: {code(address, 120)} {where}"


def _infracost(bill: SecondBill | None) -> tuple[Section, ...]:
    if bill is None or not bill.prices:
        return ()
    summary = tr("⚖️ Infracost's second opinion: {words}", words=second_bill_words(bill))
    far = apart(bill)
    if not far:
        return (section(2, f"<sub>{summary}.</sub>", ""),)
    rows = [(code(price.address, 120, table=True), *second_sides(price)) for price in far[:_PRICES]]
    body = [table((tr("resource"), tr("ClOps, a month"), tr("Infracost, a month")), rows, right=(1, 2))]
    if len(far) > _PRICES:
        body.append(trn("And {count:,} more resource.", "And {count:,} more resources.", len(far) - _PRICES))
    note = tr("Without what depends on usage. The totals and the verdict are of ClOps's amounts.")
    return (section(2, details(summary, "\n\n".join([*body, f"<sub>{note}</sub>"])), Variant("", tr("Infracost's second opinion"))),)
