"""Two bills are compared by address, and what a delta does not hold is said."""

from __future__ import annotations

from decimal import Decimal

from clops_app.cost.compare import ResourceChange, compare
from tests.cost.roots import billed

GATEWAY = 'resource "aws_nat_gateway" "{name}" {{\n  subnet_id = "subnet-1"\n}}\n'
ZONE = 'resource "aws_route53_zone" "z" {\n  name = "example.com"\n}\n'
PRICE = Decimal("32.85")  # 730 h × 0.045, us-east-1


def test_added_removed_and_equal_resources() -> None:
    found = compare(billed(GATEWAY.format(name="a") + ZONE), billed(GATEWAY.format(name="b") + ZONE))
    assert found.changes == (
        ResourceChange("aws_nat_gateway.a", "aws_nat_gateway", PRICE, None),
        ResourceChange("aws_nat_gateway.b", "aws_nat_gateway", None, PRICE),
    )
    assert [change.delta for change in found.changes] == [-PRICE, PRICE]
    assert found.delta == 0


def test_a_moved_resource_is_the_same_resource() -> None:
    before, after = billed(GATEWAY.format(name="a")), billed(GATEWAY.format(name="b"))
    assert compare(before, after, [("aws_nat_gateway.a", "aws_nat_gateway.b")]).changes == ()


def test_without_a_base_there_is_no_delta_and_everything_is_new() -> None:
    found = compare(None, billed(GATEWAY.format(name="a")))
    assert (found.before, found.after, found.delta) == (None, PRICE, None)
    assert [change.address for change in found.changes] == ["aws_nat_gateway.a"]


def test_a_resource_with_an_unpriced_part_says_that_its_delta_is_not_all() -> None:
    instance = 'variable "size" {}\nresource "aws_instance" "x" {\n  ami = "ami-1"\n  instance_type = var.size\n}\n'
    found = compare(billed(""), billed(instance))
    assert [(change.address, change.partly) for change in found.changes] == [("aws_instance.x", True)]
    assert found.unpriced == ("aws_instance.x",)
