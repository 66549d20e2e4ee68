"""What a patch costs is told only where both bills speak of the same things."""

from __future__ import annotations

from decimal import Decimal

from clops_app.model.cost import Bill, CostLine, ResourceCost, Unpriced
from clops_app.model.resource import Configuration
from clops_app.patch.cost_delta import cost_delta
from clops_app.terraform.evaluate import evaluate
from tests.patch.workbench import tree_of


def known(name: str, dollars: int) -> CostLine:
    return CostLine(name, Decimal(1), "month", Decimal(dollars))


def usage(name: str, price: int = 1) -> CostLine:
    return CostLine(name, None, "GB", Decimal(price), "depends on usage")


def bill(resources: dict[str, tuple[CostLine, ...]], unpriced: tuple[str, ...] = ()) -> Bill:
    costs = tuple(ResourceCost(address, "t", lines) for address, lines in resources.items())
    return Bill(costs, tuple(Unpriced(address, "t", "no price") for address in unpriced), (), "2026-01-01")


def root(text: str) -> Configuration:
    return evaluate(tree_of({"main.tf": text}), "")


NOTHING = root("")
BEFORE = bill({"t.a": (known("hours", 10),), "t.b": (known("hours", 5), usage("traffic"))})


def delta(was: Bill, now: Bill) -> Decimal | None:
    return cost_delta(NOTHING, was, NOTHING, now)


def test_it_is_the_difference_of_what_is_known() -> None:
    after = bill({"t.a": (known("hours", 12),), "t.b": (known("hours", 5), usage("traffic")), "t.c": (known("hours", 1),)})
    assert delta(BEFORE, after) == Decimal(3)


def test_a_new_resource_that_also_has_usage_is_counted_by_its_known_part() -> None:
    after = bill({"t.a": (known("hours", 10),), "t.b": (known("hours", 5), usage("traffic")), "t.c": (known("h", 1), usage("x"))})
    assert delta(BEFORE, after) == Decimal(1)


def test_usage_that_comes_on_top_leaves_it_known() -> None:
    after = bill({"t.a": (known("hours", 10), usage("backups")), "t.b": (known("hours", 5), usage("traffic"))})
    assert delta(BEFORE, after) == Decimal(0)


def test_usage_in_the_place_of_a_known_quantity_makes_it_unknown() -> None:
    after = bill({"t.a": (usage("requests"),), "t.b": (known("hours", 5), usage("traffic"))})
    assert delta(BEFORE, after) is None
    assert delta(after, BEFORE) is None


def test_a_resource_that_becomes_unpriced_makes_it_unknown() -> None:
    after = bill({"t.b": (known("hours", 5), usage("traffic"))}, unpriced=("t.a",))
    assert delta(BEFORE, after) is None
    assert delta(after, BEFORE) is None


def test_what_is_unpriced_before_and_after_does_not_matter() -> None:
    before = bill({"t.a": (known("hours", 10),)}, unpriced=("t.x",))
    assert delta(before, bill({"t.a": (known("hours", 4),)}, unpriced=("t.x",))) == Decimal(-6)


def test_usage_at_another_price_makes_it_unknown() -> None:
    after = bill({"t.a": (known("hours", 10),), "t.b": (known("hours", 5), usage("traffic", 2))})
    assert delta(BEFORE, after) is None


def test_a_change_of_what_has_no_price_makes_it_unknown() -> None:
    queue, twice = 'resource "aws_sqs_queue" "q" {\n  delay_seconds = %d\n}\n', bill({}, unpriced=("aws_sqs_queue.q",))
    assert cost_delta(root(queue % 1), twice, root(queue % 2), twice) is None
    assert cost_delta(root(queue % 1), twice, root(queue % 1), twice) == Decimal(0)


def test_a_change_of_what_it_is_launched_from_makes_it_unknown() -> None:
    text = """
    resource "aws_launch_template" "t" {
      instance_type = "%s"
    }
    resource "aws_autoscaling_group" "g" {
      min_size = 1
      max_size = 1
      launch_template {
        id = aws_launch_template.t.id
      }
    }
    """
    priceless = bill({}, unpriced=("aws_autoscaling_group.g",))
    assert cost_delta(root(text % "t3.micro"), priceless, root(text % "t3.large"), priceless) is None
