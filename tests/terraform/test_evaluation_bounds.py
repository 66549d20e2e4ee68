"""What is dear in a root of a few lines ends at a limit of ours, is said, and never raises; small things stay as they were."""

from __future__ import annotations

import pytest

from clops_app.hcl.parser import parse_expression
from clops_app.hcl.syntax import Expression, SyntaxProblem
from clops_app.model.values import Unknown
from clops_app.terraform.convert import parse_type
from clops_app.terraform.scope import Budget
from clops_app.terraform.unify import unify
from clops_app.terraform.values import ListValue, MapValue, StaticError, plain
from tests.terraform.configurations import problems, root

_LIMIT = "Evaluation limit exceeded"
_NUMBERS = "flatten([for i in range(97) : range(i * 1024, i * 1024 + 1024)])"


def _local(expression: str) -> str:
    return f"locals {{\n  n = {_NUMBERS}\n  a = {expression}\n}}\n"


def _nested_defaults(levels: int) -> str:
    kind = 'object({a = optional(string, "x")})'
    for _ in range(levels):
        kind = f"object({{a = optional(list({kind}), [{', '.join(['{}'] * 30)}])}})"
    return f'variable "a" {{\n  type = {kind}\n  default = {{}}\n}}\n'


def _long_defaults() -> str:
    attributes = ",".join(f"a{i} = optional(any, [for a in range(1000): [for b in range(900): 1 if false]])" for i in range(30))
    return f'variable "a" {{\n  type = object({{{attributes}}})\n  default = null\n}}\n'


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(_local("[for i in range(1000): local.n == local.n]"), id="numbers compared"),
        pytest.param(_local("[for i in range(1000): [local.n] != [local.n]]"), id="numbers in a tuple compared"),
        pytest.param(_local("[for i in range(1000): local.n == 1]"), id="compared with a number"),
        pytest.param(_local("[for i in range(1000): true ? local.n : local.n]"), id="one of two tuples"),
        pytest.param(_local("[for i in range(1000): true ? {a = local.n} : {a = local.n}]"), id="one of two objects"),
        pytest.param(_local("[for i in range(1000): true ? local.n : null]"), id="a tuple or null"),
        pytest.param(_local("[for i in range(100): [for j in range(200): 1.3e1900 % (i + 0.1)]]"), id="a remainder of many digits"),
        pytest.param(_local('[for i in range(100): [for j in range(200): "1.3e1900" % (i + 0.1)]]'), id="the same of a text"),
        pytest.param(_nested_defaults(4), id="defaults in defaults"),
        pytest.param(_long_defaults(), id="many long defaults"),
    ],
)
def test_what_is_dear_ends_at_the_limit(text: str) -> None:
    assert any(_LIMIT in problem for problem in problems(root(text)))


def test_the_variables_of_every_module_instance_are_counted() -> None:
    variables = "".join(f'variable "v{i}" {{\n  type = string\n  default = "a"\n}}\n' for i in range(1000))
    calls = "".join(f'module "m{i}" {{\n  source = "./l"\n  count = 70\n}}\n' for i in range(20))
    assert any(_LIMIT in problem for problem in problems(root(calls, l__variables=variables)))


def test_one_large_map_is_not_told_of_a_thousand_resources() -> None:
    told = root(
        """
        locals {
          m = {for i in flatten([for i in range(90): range(i*1000, i*1000+1000)]) : "k${i}" => "v"}
        }
        resource "aws_sqs_queue" "b" {
          count = 1000
          tags  = local.m
        }
        """
    )
    assert len(told.resources) < 100
    assert any(_LIMIT in problem for problem in problems(told))


def test_a_large_value_is_unknown_once_the_budget_is_gone() -> None:
    budget = Budget(limit=100)
    large = MapValue((f"k{i}", i) for i in range(200))
    assert isinstance(plain(large, budget.spend)[0], Unknown)
    assert isinstance(plain(tuple(range(200)), budget.spend)[0], Unknown)
    assert plain(MapValue([("a", 1)]), budget.spend) == ({"a": 1}, frozenset())


def test_a_plain_collection_of_leaves_is_told_as_it_is() -> None:
    flat = {"a": 1}
    assert plain(flat, Budget().spend)[0] is flat
    assert type(plain(MapValue([("a", 1)]), Budget().spend)[0]) is dict
    assert type(plain(ListValue([1]), Budget().spend)[0]) is tuple


def test_a_type_is_read_within_the_budget() -> None:
    written = parse_expression("object({a = string, b = list(string), c = optional(number, 1)})")
    assert not isinstance(written, SyntaxProblem)
    assert parse_type(written) == parse_type(written, Budget(limit=100))
    with pytest.raises(StaticError):
        parse_type(written, Budget(limit=10))


def test_many_distinct_types_have_one_in_common() -> None:
    told = root('output "a" {\n  value = tolist([for i in flatten([for i in range(9): range(i*1000, i*1000+1000)]): {"k${i}" = i}])\n}\n')
    assert problems(told) == []
    assert told.outputs["a"][8_999] == {"k8999": 8_999}  # type: ignore[index]


def test_many_types_of_kinds_that_never_meet_have_none_in_common() -> None:
    objects = [parse_type(_parsed(f"object({{k{i} = string}})"))[0] for i in range(2_000)]
    assert unify([*objects, parse_type(_parsed("string"))[0]]) is None


def _parsed(text: str) -> Expression:
    parsed = parse_expression(text)
    assert not isinstance(parsed, SyntaxProblem)
    return parsed


def test_references_that_lead_nowhere_are_told_with_what_was_meant() -> None:
    text = 'resource "aws_sqs_queue" "orders" {\n}\nlocals {\n  a = aws_sqs_queue.order.arn\n  b = aws_sqs_queu.orders.arn\n}\n'
    whys = [diagnostic.why for diagnostic in root(text).diagnostics]
    assert any("Did you mean `aws_sqs_queue.orders`?" in why for why in whys if "aws_sqs_queue.order`" in why)
    assert any("Did you mean `aws_sqs_queue.orders`?" in why for why in whys if "aws_sqs_queu.orders`" in why)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("[1, 2] == [1, 2]", True),
        ("{a = [1]} != {a = [2]}", True),
        ("true ? [1] : [2]", (1,)),
        ("false ? {a = 1} : {a = 2}", {"a": 2}),
        ("1.5 * 2", 3),
        ("7 % 4", 3),
        ('"2" + 1', 3),
    ],
)
def test_small_things_stay_as_they_were(expression: str, value: object) -> None:
    told = root(f'output "a" {{\n  value = {expression}\n}}\n')
    assert told.outputs["a"] == value
    assert problems(told) == []
