"""What was found in each root becomes one Review: ordered, summed, judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from clops_app.model.cost import Bill
from clops_app.model.finding import SEVERITIES, Finding, Severity, Status
from clops_app.model.graph import Graph
from clops_app.model.resource import Diagnostic
from clops_app.model.review import Budget, Review, RootReview
from clops_app.review.render.money import difference
from clops_app.review.verdict import verdict

_STATUSES: tuple[Status, ...] = ("new", "existing", "fixed")


@dataclass(frozen=True, slots=True)
class RootResult:
    """All that is known of one root. `findings` carry their status; `ignored` those that somebody dismissed, with the reason.

    A root that is new has no base. One whose base was there but gave no result says `base_unreadable`: then the
    cost before is not known, which is not the same as nothing. A root that this change removes comes with an
    empty graph and bill at head.
    """

    root: str
    why: str
    graph: Graph
    bill: Bill
    findings: tuple[Finding, ...] = ()
    ignored: tuple[tuple[Finding, str], ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    base_graph: Graph | None = None
    base_bill: Bill | None = None
    base_unreadable: bool = False


def assemble(
    results: Sequence[RootResult],
    *,
    commit: str | None = None,
    base: str | None = None,
    budget: Budget | None = None,
    fail_on: Severity | None = None,
    diagnostics: Sequence[Diagnostic] = (),
    rules: Mapping[str, str] | None = None,
) -> Review:
    """Make one Review of all roots. `base` None: nothing to compare with, everything counts as new.

    `diagnostics` are those that belong to no root. `fail_on` is what the team wrote, None if it wrote nothing.
    """
    ordered = sorted(results, key=lambda result: result.root)
    findings = tuple(sorted((finding for result in ordered for finding in result.findings), key=_finding_order))
    said = _unique(diagnostics, *(result.diagnostics for result in ordered))
    before, after = _before(ordered, base), sum((result.bill.monthly_usd for result in ordered), Decimal(0))
    return Review(
        verdict=verdict(findings, said, before, after, budget, fail_on=fail_on),
        commit=commit,
        base=base,
        findings=findings,
        ignored=tuple(sorted((pair for result in ordered for pair in result.ignored), key=lambda pair: _finding_order(pair[0]))),
        roots=tuple(
            RootReview(result.root, result.why, result.graph, result.bill, result.base_graph, result.base_bill) for result in ordered
        ),
        before=before,
        after=after,
        prices_date=min((result.bill.prices_date for result in ordered if result.bill.prices_date), default=""),
        budget=budget,
        diagnostics=said,
        rules=dict(sorted((rules or {}).items())),
    )


def delta(review: Review) -> Decimal | None:
    """What the change adds to the month; None where the cost before is not known."""
    return None if review.before is None else difference(review.before, review.after)


def _before(results: Sequence[RootResult], base: str | None) -> Decimal | None:
    if base is None or any(result.base_unreadable for result in results):
        return None
    return sum((result.base_bill.monthly_usd for result in results if result.base_bill is not None), Decimal(0))


def _finding_order(finding: Finding) -> tuple[int, int, str, int, str, str, str]:
    return (
        _STATUSES.index(finding.status),
        SEVERITIES.index(finding.severity),
        finding.path,
        finding.start_line,
        finding.rule,
        finding.address,
        finding.root,
    )


def _unique(*groups: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each diagnostic once; those that cost a root or a block first, the rest in the order they came."""
    every = dict.fromkeys(diagnostic for group in groups for diagnostic in group)
    return tuple(sorted(every, key=lambda diagnostic: (not diagnostic.fatal, not diagnostic.lost)))
