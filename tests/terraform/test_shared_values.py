"""What does not say which instance it is of has one value for all instances of a block, and every instance the right one."""

from __future__ import annotations

from typing import cast

import pytest

from clops_app.hcl.parser import parse_expression
from clops_app.hcl.syntax import Call
from clops_app.model.values import Reference, Unknown
from clops_app.terraform import module
from clops_app.terraform.declarations import Declared
from clops_app.terraform.expansion import Expansion, expansion_of
from clops_app.terraform.functions import called
from tests.terraform.configurations import addresses, one, problems, root

BUCKETS = 'resource "aws_s3_bucket" "x" {}\nresource "aws_s3_bucket" "y" {}\n'


def references(values: object) -> list[object]:
    return [item["v"].ref if isinstance(item["v"], Unknown) else item["v"] for item in cast("tuple[dict[str, object], ...]", values)]


def test_a_block_is_the_one_that_is_written_however_many_a_dynamic_block_brings_before_it() -> None:
    found = root(
        BUCKETS
        + """
resource "other_x" "a" {
  for_each = { none = [], one = [1] }
  dynamic "rule" {
    for_each = each.value
    content { v = 1 }
  }
  rule { v = aws_s3_bucket.x.id }
  rule { v = aws_s3_bucket.y.id }
}
"""
    )
    first, second = Reference("aws_s3_bucket.x", "id"), Reference("aws_s3_bucket.y", "id")
    assert references(one(found, 'other_x.a["none"]').values["rule"]) == [first, second]
    assert references(one(found, 'other_x.a["one"]').values["rule"]) == [1, first, second]
    links = [(link.via, link.target) for link in one(found, 'other_x.a["one"]').links]
    assert links == [("rule[1].v", "aws_s3_bucket.x"), ("rule[2].v", "aws_s3_bucket.y")]


def test_which_arguments_are_shared_does_not_hang_on_the_call_of_the_module() -> None:
    calls = 'module "a" {\n  source = "./m"\n  n = 2\n}\nmodule "b" {\n  source = "./m"\n  n = 3\n}\n'
    found = root(
        calls,
        m__main="""
variable "n" {}
resource "other_x" "a" {
  count = var.n
  dynamic "rule" {
    for_each = range(var.n - 2)
    content { v = 1 }
  }
  rule { v = count.index + var.n }
  rule { v = 3 + var.n }
}
""",
    )
    values = [
        references(one(found, f"module.{name}.other_x.a[{index}]").values["rule"]) for name, n in (("a", 2), ("b", 3)) for index in range(n)
    ]
    assert values == [[2, 5], [3, 5], [1, 3, 6], [1, 4, 6], [1, 5, 6]]


def test_a_nested_argument_that_says_which_instance_it_is_of_has_its_own_value() -> None:
    found = root('resource "other_x" "a" {\n  count = 2\n  rule {\n    v = "r-${count.index}"\n    w = upper("a")\n  }\n}\n')
    assert [one(found, f"other_x.a[{index}]").values["rule"] for index in (0, 1)] == [({"v": "r-0", "w": "A"},), ({"v": "r-1", "w": "A"},)]


def test_every_instance_links_to_what_all_of_them_need() -> None:
    found = root(BUCKETS + 'resource "other_x" "a" {\n  count = 2\n  v = aws_s3_bucket.x.id\n}\n')
    assert [[link.target for link in one(found, f"other_x.a[{index}]").links] for index in (0, 1)] == [["aws_s3_bucket.x"]] * 2


def test_what_is_wrong_in_all_instances_is_told_once() -> None:
    found = root('resource "other_x" "a" {\n  count = 3\n  v = upper([])\n  w = element([], count.index)\n}\n')
    told = [line for line in problems(found) if ".v " in line]
    assert len(told) == 1
    assert len([line for line in problems(found) if ".w " in line]) == 3


@pytest.mark.parametrize(
    ("deep", "text"),
    [
        ("other_x.b", 'resource "other_x" "b" {\n  v = 1\n}\nresource "other_x" "a" {\n  v = other_x.b.v\n}\n'),
        ("module.m", 'module "m" {\n  source = "./m"\n}\nresource "other_x" "a" {\n  v = module.m.o\n}\n'),
    ],
    ids=["resource", "module"],
)
def test_what_was_too_deep_for_one_who_asked_is_there_all_the_same(deep: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def too_deep_at_first(instance: module.ModuleInstance, declared: Declared, address: str) -> Expansion:
        asked.append(address)
        if asked.count(deep) == 1 and address == deep:
            raise RecursionError
        return expansion_of(instance, declared, address)

    monkeypatch.setattr(module, "expansion_of", too_deep_at_first)
    found = root(
        'resource "other_x" "first" {\n  v = other_x.a.v\n}\n' + text, m__main='resource "other_x" "b" {}\noutput "o" {\n  value = 1\n}\n'
    )
    wanted = "module.m.other_x.b" if deep == "module.m" else deep
    assert {"other_x.a", wanted} <= {*addresses(found)}
    assert asked.count(deep) == 2


def test_calls_with_many_arguments_are_not_kept_in_mind() -> None:
    call = parse_expression("max(1, 2)")
    assert isinstance(call, Call)
    assert called(call, 2) is called(call, 2)
    assert called(call, 5_000) is not called(call, 5_000)
