"""Roots become one Review."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from clops_app.model.cost import Bill
from clops_app.model.resource import Diagnostic
from clops_app.review.assemble import RootResult, assemble, delta
from tests.review.samples import BASE, EMPTY, bill, finding, server


def root(name: str, **changes: object) -> RootResult:
    return replace(RootResult(name, "it has a provider block", EMPTY, bill()), **changes)  # type: ignore[arg-type]


def test_findings_come_new_existing_fixed_then_by_severity_then_by_place() -> None:
    wanted = [
        finding("aws/a", "x.a", "m", severity="critical", path="z.tf"),
        finding("aws/a", "x.b", "m", severity="high", path="a.tf", start_line=9),
        finding("aws/a", "x.c", "m", severity="high", path="a.tf", start_line=30),
        finding("aws/a", "x.d", "m", severity="high", path="b.tf", start_line=1),
        finding("aws/a", "x.e", "m", severity="low", status="existing"),
        finding("aws/a", "x.f", "m", severity="critical", status="fixed"),
    ]
    assembled = assemble([root("b", findings=tuple(reversed(wanted[:3]))), root("a", findings=tuple(reversed(wanted[3:])))], base=BASE)
    assert assembled.findings == tuple(wanted)


def test_the_order_in_which_roots_are_given_does_not_matter() -> None:
    one, two = root("a", bill=bill(server(0))), root("b", diagnostics=(Diagnostic("w", "a.tf", "y"),))
    assert assemble([one, two], base=BASE) == assemble([two, one], base=BASE)


def test_before_and_after_are_the_sums_of_all_roots() -> None:
    assembled = assemble(
        [root("a", bill=bill(server(0), server(1)), base_bill=bill(server(0))), root("b", bill=bill(server(0)))], base=BASE
    )
    assert (assembled.before, assembled.after) == (Decimal("7.5920"), Decimal("22.7760"))


def test_the_delta_is_the_difference_of_the_amounts_that_are_shown() -> None:
    assembled = replace(assemble([root("a")], base=BASE), before=Decimal("19.996"), after=Decimal("27.594"))
    assert delta(assembled) == Decimal("7.59")


def test_with_nothing_to_compare_there_is_no_before_and_no_delta() -> None:
    assembled = assemble([root("a", bill=bill(server(0)))])
    assert (assembled.before, delta(assembled)) == (None, None)


def test_a_base_that_could_not_be_read_leaves_the_cost_before_unknown_not_zero() -> None:
    assembled = assemble([root("a", bill=bill(server(0)), base_unreadable=True)], base=BASE)
    assert assembled.before is None


def test_a_root_that_is_removed_counts_before_and_not_after() -> None:
    assembled = assemble([root("a", base_bill=bill(server(0)))], base=BASE)
    assert (assembled.before, assembled.after) == (Decimal("7.5920"), Decimal(0))


def test_a_diagnostic_is_said_once_and_a_fatal_one_first() -> None:
    mild, fatal = Diagnostic("w", "a.tf:1", "y"), Diagnostic("w", "b.tf:1", "y", fatal=True)
    assembled = assemble([root("a", diagnostics=(mild,)), root("b", diagnostics=(mild, fatal))])
    assert assembled.diagnostics == (fatal, mild)


def test_the_oldest_price_date_is_the_one_that_is_said() -> None:
    bills = (Bill((), (), (), "2025-12-06"), Bill((), (), (), "2025-11-01"), Bill((), (), (), ""))
    assembled = assemble([root(str(number), bill=one) for number, one in enumerate(bills)])
    assert assembled.prices_date == "2025-11-01"
