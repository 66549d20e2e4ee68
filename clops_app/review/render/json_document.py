"""The documents that programs read: clops.review/1 and clops.cost/1, as their published schemas say."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from io import StringIO
from typing import TypeAlias

from clops_app.model.cost import Bill, CostLine, ResourceCost
from clops_app.model.finding import Finding, Patch
from clops_app.model.opinion import Remark, Scan, SecondBill
from clops_app.model.resource import Diagnostic
from clops_app.model.review import Review
from clops_app.review.costs import without_price
from clops_app.review.render.money import decimal_text, difference, plain
from clops_app.review.second_opinion import differs

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"


def dumps(document: Json) -> str:
    """The bytes of a document: two spaces, keys in the order the document gives, a newline at the end."""
    text = StringIO()
    json.dump(document, text, indent=2, ensure_ascii=False)  # dumps() would gather all of its pieces first, ten times the text
    text.write("\n")
    return text.getvalue()


def review_document(review: Review) -> Mapping[str, Json]:
    """The clops.review/1 document. Findings come new, existing, fixed, each most severe first."""
    return {
        "schema": "clops.review/1",
        "verdict": review.verdict,
        "commit": review.commit,
        "findings": [_finding(finding) for finding in review.findings],
        "cost": cost_document(
            [(root.root, root.bill) for root in review.roots],
            before=review.before,
            prices_date=review.prices_date,
            after=review.after,
            second=review.second_bill,
        ),
        "capacity": None,
        "availability": None,
        "roots": [{"root": root.root, "why": root.why} for root in review.roots],
        "diagnostics": [_diagnostic(diagnostic) for diagnostic in review.diagnostics],
        **({} if review.scan is None else {"scanners": {"checkov": _scan(review.scan)}}),
    }


def cost_document(
    bills: Iterable[tuple[str, Bill]],
    *,
    before: Decimal | None,
    prices_date: str | None = None,
    after: Decimal | None = None,
    second: SecondBill | None = None,
) -> Mapping[str, Json]:
    """The clops.cost/1 document of one root or many; with many, each resource says which root it is of.

    `before` is what all roots cost at base, None where there is none. `after` and `prices_date` default to what the bills say.
    """
    ordered = sorted(bills, key=lambda pair: pair[0])
    total = sum((bill.monthly_usd for _, bill in ordered), Decimal(0)) if after is None else after
    dates = [bill.prices_date for _, bill in ordered if bill.prices_date]
    many = len(ordered) > 1

    def of(root: str) -> dict[str, Json]:
        return {"root": root} if many else {}

    return {
        "schema": "clops.cost/1",
        "currency": "USD",
        "prices_date": prices_date if prices_date is not None else min(dates, default=""),
        "monthly": {
            "before": None if before is None else decimal_text(before),
            "after": decimal_text(total),
            "delta": None if before is None else decimal_text(difference(before, total)),
        },
        "resources": [of(root) | cost for root, bill in ordered for cost in _resource_costs(bill)],
        "unpriced": [
            of(root) | {"address": one.item.address, "type": one.item.type, "why": one.item.why, "partly": one.partly}
            for root, bill in ordered
            for one in without_price(root, bill)
        ],
        "free": sorted({address for _, bill in ordered for address in bill.free}),
        **({} if second is None else {"second_opinion": _second_bill(second)}),
    }


def _resource_costs(bill: Bill) -> list[dict[str, Json]]:
    partly = {item.address for item in bill.unpriced}
    return [_resource_cost(cost, cost.address in partly) for cost in sorted(bill.resources, key=lambda cost: cost.address)]


def _resource_cost(cost: ResourceCost, partly: bool) -> dict[str, Json]:
    return {
        "address": cost.address,
        "type": cost.type,
        "monthly_usd": decimal_text(cost.monthly_usd) if _has_known_line(cost) else None,
        "partly": partly,
        "lines": [_cost_line(line) for line in cost.lines],
    }


def _has_known_line(cost: ResourceCost) -> bool:
    """Without one the resource costs what its usage costs, which is not $0."""
    return not cost.lines or any(line.quantity is not None for line in cost.lines)


def _cost_line(line: CostLine) -> Json:
    return {
        "name": line.name,
        "quantity": None if line.quantity is None else plain(line.quantity),
        "unit": line.unit,
        "unit_price_usd": plain(line.unit_price_usd),
        "monthly_usd": None if line.monthly_usd is None else decimal_text(line.monthly_usd),
        "assumption": line.assumption,
    }


def _second_bill(bill: SecondBill) -> Json:
    return {
        "tool": "infracost",
        "resources": [
            {
                "root": price.root,
                "address": price.address,
                "clops_monthly_usd": None if price.ours is None else decimal_text(price.ours),
                "infracost_monthly_usd": None if price.theirs is None else decimal_text(price.theirs),
                "differs": differs(price),
            }
            for price in bill.prices
        ],
    }


def _scan(scan: Scan) -> Json:
    return {
        "version": scan.version,
        "compared": scan.compared,
        "said_by_clops": scan.said,
        "findings": [
            *(_remark(remark, "new") for remark in scan.new),
            *(_remark(remark, "existing") for remark in scan.old),
        ],
    }


def _remark(remark: Remark, status: str) -> Json:
    return {
        "check": remark.check,
        "title": remark.title,
        "address": remark.address,
        "path": remark.path,
        "start_line": remark.start_line,
        "end_line": remark.end_line,
        "status": status,
        "link": remark.link or None,
    }


def _finding(finding: Finding) -> Json:
    return {
        "rule": finding.rule,
        "title": finding.title,
        "severity": finding.severity,
        "category": finding.category,
        "address": finding.address,
        "path": finding.path,
        "start_line": finding.start_line,
        "end_line": finding.end_line,
        "message": finding.message,
        "status": finding.status,
        "fingerprint": finding.fingerprint,
        "patch": None if finding.patch is None else _patch(finding.patch),
    }


def _patch(patch: Patch) -> Json:
    return {
        "title": patch.title,
        "safety": patch.safety,
        "replaces": patch.replaces,
        "diff": patch.diff,
        "monthly_usd_delta": None if patch.monthly_usd_delta is None else decimal_text(patch.monthly_usd_delta),
        **({"proposed_by": patch.proposed_by} if patch.proposed_by else {}),
    }


def _diagnostic(diagnostic: Diagnostic) -> Json:
    return {"what": diagnostic.what, "where": diagnostic.where, "why": diagnostic.why}
