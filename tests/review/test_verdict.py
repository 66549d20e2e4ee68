"""May this be merged?"""

from __future__ import annotations

from decimal import Decimal

import pytest

from clops_app.model.cost import Bill, ResourceCost
from clops_app.model.finding import Severity
from clops_app.model.resource import Diagnostic
from clops_app.model.review import Budget, Review
from clops_app.review.assemble import RootResult, assemble
from clops_app.review.verdict import gate_fails
from tests.review.samples import BASE, EMPTY, bill, finding, line


def costing(usd: str) -> Bill:
    return bill(ResourceCost("aws_nat_gateway.a", "aws_nat_gateway", (line("NAT gateway", "1", "month", usd),)))


def review(
    *severities: Severity,
    status: str = "new",
    before: str | None = "20",
    after: str = "20",
    budget: Budget | None = None,
    fail_on: Severity | None = None,
    fatal: bool = False,
) -> Review:
    findings = tuple(finding("aws/x", f"aws_instance.a{n}", "m", severity=severity, status=status) for n, severity in enumerate(severities))  # type: ignore[arg-type]
    diagnostics = (Diagnostic("the root could not be read", "main.tf", "a cycle", fatal=True),) if fatal else ()
    result = RootResult(
        "", "why", EMPTY, costing(after), findings, diagnostics=diagnostics, base_bill=None if before is None else costing(before)
    )
    return assemble([result], base=None if before is None else BASE, budget=budget, fail_on=fail_on)


@pytest.mark.parametrize(("severity", "expected"), [("critical", "fail"), ("high", "fail"), ("medium", "warn"), ("low", "pass")])
def test_the_worst_new_finding_decides(severity: Severity, expected: str) -> None:
    assert review("low", severity).verdict == expected


def test_without_findings_it_passes() -> None:
    assert review().verdict == "pass"


@pytest.mark.parametrize("status", ["existing", "fixed"])
def test_findings_that_the_change_did_not_bring_never_fail_it(status: str) -> None:
    assert review("critical", status=status).verdict == "pass"


@pytest.mark.parametrize(
    ("fail_on", "severity", "expected"),
    [
        ("critical", "high", "warn"),
        ("critical", "critical", "fail"),
        ("medium", "medium", "fail"),
        ("low", "low", "fail"),
        ("medium", "low", "pass"),
    ],
)
def test_an_explicit_threshold_takes_the_place_of_high(fail_on: Severity, severity: Severity, expected: str) -> None:
    assert review(severity, fail_on=fail_on).verdict == expected


@pytest.mark.parametrize(("on_exceed", "expected"), [("warn", "warn"), ("fail", "fail")])
def test_a_budget_that_the_change_exceeds_counts_as_it_says(on_exceed: str, expected: str) -> None:
    assert review(after="101", budget=Budget(Decimal(100), on_exceed)).verdict == expected  # type: ignore[arg-type]


def test_a_budget_spent_to_the_cent_is_not_exceeded() -> None:
    assert review(after="100.004", budget=Budget(Decimal(100), "fail")).verdict == "pass"


@pytest.mark.parametrize("after", ["150", "120"])
def test_a_budget_exceeded_before_does_not_block_a_change_that_makes_it_no_dearer(after: str) -> None:
    assert review(before="150", after=after, budget=Budget(Decimal(100), "fail")).verdict == "pass"


def test_a_budget_exceeded_before_counts_when_the_change_makes_it_worse() -> None:
    assert review(before="150", after="151", budget=Budget(Decimal(100), "fail")).verdict == "fail"


def test_the_first_review_of_what_is_too_dear_says_so() -> None:
    assert review(before=None, after="150", budget=Budget(Decimal(100))).verdict == "warn"


def test_a_root_that_gave_no_result_is_never_fine() -> None:
    assert review(fatal=True).verdict == "warn"


def test_code_that_could_not_be_read_is_never_fine() -> None:
    result = RootResult("", "why", EMPTY, bill(), diagnostics=(Diagnostic("syntax error", "a.tf:1", "column 1", lost=True),))
    assert assemble([result], base=BASE).verdict == "warn"


def test_the_gate_never_fails_for_a_finding_unless_asked() -> None:
    assert not gate_fails(review("critical"), None)


@pytest.mark.parametrize(("fail_on", "expected"), [("high", True), ("critical", False)])
def test_the_gate_fails_at_and_above_its_severity(fail_on: Severity, expected: bool) -> None:
    assert gate_fails(review("high"), fail_on) == expected


def test_the_gate_ignores_old_findings() -> None:
    assert not gate_fails(review("critical", status="existing"), "low")


@pytest.mark.parametrize(("on_exceed", "expected"), [("warn", False), ("fail", True)])
def test_the_gate_fails_for_a_budget_only_where_the_team_wrote_so(on_exceed: str, expected: bool) -> None:
    assert gate_fails(review(after="101", budget=Budget(Decimal(100), on_exceed)), None) == expected  # type: ignore[arg-type]
