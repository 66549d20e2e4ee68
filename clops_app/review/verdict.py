"""May this be merged? Decided here and nowhere else, from findings, budget and what could not be read.

    fail   a new finding is critical or high (with an explicit `fail_on`: at or above it instead),
           or the budget is exceeded and says `on_exceed: fail`
    warn   a new finding is medium (or higher, but below `fail_on`), or the budget is exceeded with
           `on_exceed: warn`, or something essential was not read: a root gave no result, a file has a syntax error
    pass   everything else: only low findings, old ones, none

Old findings never fail a change, and neither does a budget that was exceeded before and that this change makes
no worse: a team that mends what is too dear must be able to merge the mending.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from clops_app.model.finding import SEVERITIES, Finding, Severity
from clops_app.model.resource import Diagnostic
from clops_app.model.review import Budget, Review, Verdict
from clops_app.review.render.money import cents


def verdict(
    findings: Iterable[Finding],
    diagnostics: Iterable[Diagnostic],
    before: Decimal | None,
    after: Decimal,
    budget: Budget | None,
    *,
    fail_on: Severity | None = None,
) -> Verdict:
    """The verdict on a change; the module says how."""
    new = [finding.severity for finding in findings if finding.status == "new"]
    exceeded = budget_exceeded(before, after, budget)
    if _any_at_least(new, fail_on or "high") or (exceeded and budget is not None and budget.on_exceed == "fail"):
        return "fail"
    if _any_at_least(new, "medium") or exceeded or any(essential(diagnostic) for diagnostic in diagnostics):
        return "warn"
    return "pass"


def gate_fails(review: Review, fail_on: Severity | None) -> bool:
    """Whether the exit code must be 1: a new finding at or above `fail_on`, or a budget that says `on_exceed: fail`.

    `fail_on` None never fails for a finding; a budget fails only where the team wrote that it shall.
    """
    new = [finding.severity for finding in review.findings if finding.status == "new"]
    over = review.budget is not None and review.budget.on_exceed == "fail" and budget_exceeded(review.before, review.after, review.budget)
    return over or (fail_on is not None and _any_at_least(new, fail_on))


def budget_exceeded(before: Decimal | None, after: Decimal, budget: Budget | None) -> bool:
    """Whether this change leaves the cost above the budget and did not find it just as high, or higher, already."""
    if budget is None or cents(after) <= cents(budget.monthly_usd):
        return False
    return before is None or cents(after) > cents(before)


def essential(diagnostic: Diagnostic) -> bool:
    """Whether what could not be done may hide the very thing that matters: code that is there was not read."""
    return diagnostic.fatal or diagnostic.lost


def at_least(severity: Severity, threshold: Severity) -> bool:
    return SEVERITIES.index(severity) <= SEVERITIES.index(threshold)


def _any_at_least(severities: Iterable[Severity], threshold: Severity) -> bool:
    return any(at_least(severity, threshold) for severity in severities)
