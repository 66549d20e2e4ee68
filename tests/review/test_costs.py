"""Which resources change the bill."""

from __future__ import annotations

from decimal import Decimal

from clops_app.model.cost import Bill, ResourceCost, Unpriced
from clops_app.model.resource import Diagnostic
from clops_app.model.review import Review
from clops_app.review.assemble import RootResult, assemble
from clops_app.review.costs import Without, cost_changes, unpriced, usage_lines
from tests.review.samples import BASE, DATABASE_COST, bill, graph_of, line, server


def compared(before: Bill, after: Bill, base: str = "", head: str = "", **changes: object) -> Review:
    return assemble([RootResult("", "why", graph_of(head), after, base_graph=graph_of(base), base_bill=before, **changes)], base=BASE)  # type: ignore[arg-type]


def told(review: Review) -> list[tuple[str, Decimal | None]]:
    return [(change.address, change.delta) for change in cost_changes(review)]


def priced(address: str, usd: str) -> ResourceCost:
    return ResourceCost(address, address.partition(".")[0], (line("x", "1", "month", usd),))


def test_what_stays_the_same_is_no_change() -> None:
    assert told(compared(bill(server(0), DATABASE_COST), bill(server(0), DATABASE_COST))) == []


def test_changes_come_dearest_first_whether_up_or_down() -> None:
    review = compared(bill(priced("aws_a.a", "9"), priced("aws_b.b", "1")), bill(priced("aws_b.b", "3"), priced("aws_c.c", "4")))
    assert told(review) == [("aws_a.a", Decimal(-9)), ("aws_c.c", Decimal(4)), ("aws_b.b", Decimal(2))]


def test_instances_of_a_block_are_one_change() -> None:
    (change,) = cost_changes(compared(bill(server(0)), bill(server(0), server(1), server(2))))
    assert (change.address, change.count, change.delta) == ("aws_instance.game[*]", 2, Decimal("15.1840"))


def test_a_resource_that_moved_is_no_change() -> None:
    table = 'resource "aws_dynamodb_table" "{}" {{\n  name = "a"\n}}\n'
    moved = "moved {\n  from = aws_dynamodb_table.old\n  to   = aws_dynamodb_table.new\n}\n"
    review = compared(
        bill(priced("aws_dynamodb_table.old", "5")),
        bill(priced("aws_dynamodb_table.new", "5")),
        table.format("old"),
        table.format("new") + moved,
    )
    assert told(review) == []


def test_a_resource_that_loses_its_price_is_a_change_of_unknown_size() -> None:
    review = compared(bill(priced("aws_a.a", "9")), bill(unpriced=[Unpriced("aws_a.a", "aws_a", "its size is unknown")]))
    assert told(review) == [("aws_a.a", None)]


def test_a_resource_with_a_price_in_part_counts_with_that_part_and_is_named_for_the_other() -> None:
    disk = Unpriced("aws_instance.game[0]", "aws_instance", "no price for its disk")
    review = compared(bill(), bill(server(0), unpriced=[disk]))
    (change,) = cost_changes(review)
    assert (change.delta, change.partly, review.after) == (Decimal("7.5920"), True, Decimal("7.5920"))
    assert unpriced(review) == (Without("", disk, partly=True),)


def test_instances_of_a_block_of_which_not_the_same_is_known_are_told_apart() -> None:
    disk = Unpriced("aws_instance.game[1]", "aws_instance", "no price for its disk")
    changes = cost_changes(compared(bill(), bill(server(0), server(1), unpriced=[disk])))
    assert [(change.address, change.partly) for change in changes] == [("aws_instance.game[0]", False), ("aws_instance.game[1]", True)]


def test_use_and_nothing_else_of_a_resource_with_a_price_in_part_is_not_nothing() -> None:
    use = ResourceCost("aws_a.a", "aws_a", (line("Requests", None, "request", "4E-7", "depends on usage"),))
    review = compared(bill(), bill(use, unpriced=[Unpriced("aws_a.a", "aws_a", "its region is unknown")]))
    assert told(review) == [("aws_a.a", None)]


def test_what_was_never_priced_is_listed_but_is_no_change() -> None:
    nothing = Unpriced("aws_a.a", "aws_a", "no price is known")
    review = compared(bill(unpriced=[nothing]), bill(unpriced=[nothing]))
    assert (told(review), unpriced(review)) == ([], (Without("", nothing, partly=False),))


def test_another_price_for_use_is_a_change_although_the_known_part_is_the_same() -> None:
    def queue(price: str) -> Bill:
        return bill(ResourceCost("aws_sqs_queue.q", "aws_sqs_queue", (line("Requests", None, "request", price, "depends on usage"),)))

    assert told(compared(queue("4E-7"), queue("5E-7"))) == [("aws_sqs_queue.q", Decimal(0))]


def test_use_of_what_does_not_change_is_not_repeated() -> None:
    review = compared(bill(server(0)), bill(server(0), DATABASE_COST))
    assert usage_lines(review) == ()


def test_without_a_base_everything_that_costs_is_told() -> None:
    review = assemble([RootResult("", "why", graph_of(""), bill(server(0), server(1), DATABASE_COST))])
    assert told(review) == [("aws_instance.game[*]", Decimal("15.1840")), ("aws_db_instance.main", Decimal("13.980"))]


def test_what_is_missing_from_code_that_could_not_be_read_has_no_known_delta() -> None:
    lost = Diagnostic("syntax error", "a.tf:1", "column 1", lost=True)
    assert told(compared(bill(DATABASE_COST), bill(), diagnostics=(lost,))) == [("aws_db_instance.main", None)]
