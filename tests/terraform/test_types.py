"""Nulls have types, resources and modules have theirs, and Terraform checks types before it plans. The answers are Terraform 1.11.4's."""

from __future__ import annotations

import pytest

from clops_app.model.values import Reference, Unknown
from clops_app.terraform.inputs import Inputs
from clops_app.terraform.module import ModuleInstance
from clops_app.terraform.session import Session
from clops_app.terraform.sources import Parsed, sources_of
from clops_app.terraform.unify import type_of
from tests.terraform.configurations import REGION, one, problems, root, tree
from tests.terraform.truth import Json, type_json

VARIABLES = """\
variable "name" {
  type    = string
  default = null
}
variable "names" {
  type    = list(string)
  default = [null, "a"]
}
variable "size" {
  type    = object({ cpu = optional(number), tags = optional(map(string)), zones = optional(list(string)) })
  default = {}
}
variable "anything" {
  default = null
}
resource "terraform_data" "q" {
  input = var.name
}
locals {
  chosen = var.name == null ? null : 5
}
"""


def _type(expression: str) -> Json:
    text = f'{VARIABLES}output "o" {{\n  value = {expression}\n}}\n'
    module = ModuleInstance(Session(sources_of(tree(main=text), Parsed()), "", Inputs()), "")
    return type_json(type_of(module.output("o")))


@pytest.mark.parametrize(
    ("expression", "theirs"),
    [
        ("var.name", "string"),
        ("var.names[0]", "string"),
        ("var.size.cpu", "number"),
        ("var.size.tags", ["map", "string"]),
        ("var.size.zones", ["list", "string"]),
        ("var.size", ["object", {"cpu": "number", "tags": ["map", "string"], "zones": ["list", "string"]}]),
        ("var.anything", "dynamic"),
        ("local.chosen", "number"),
        ("true ? var.name : null", "string"),
        ("coalesce(var.name, 1)", "string"),
        ("terraform_data.q.input", "string"),
        ("terraform_data.q.output", "string"),
        ("[for n in var.names : n][0]", "string"),
        ("{ for k, v in var.size : k => v }.cpu", "number"),
        ("merge(var.size.tags, { a = 1 })", ["object", {"a": "number"}]),
    ],
)
def test_what_is_null_keeps_the_type_that_it_was_given(expression: str, theirs: Json) -> None:
    assert _type(expression) == theirs


def test_an_argument_that_is_null_is_not_written() -> None:
    found = root(f'{VARIABLES}resource "aws_sqs_queue" "q" {{\n  name = var.name\n  delay_seconds = var.size.cpu\n}}\n{REGION}')
    assert one(found, "aws_sqs_queue.q").values == {"name": None, "delay_seconds": None}


def test_a_null_of_a_type_is_none_in_a_policy_document() -> None:
    statement = '  statement {\n    sid = var.name\n    actions = ["s3:GetObject"]\n    resources = var.size.zones\n  }\n'
    output = 'output "o" {\n  value = data.aws_iam_policy_document.d.minified_json\n}\n'
    found = root(f'{VARIABLES}data "aws_iam_policy_document" "d" {{\n{statement}}}\n{output}{REGION}')
    assert found.outputs["o"] == '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject"}]}'


def test_a_branch_that_is_a_resource_stays_the_resource() -> None:
    found = root(
        'resource "aws_vpc" "a" {\n}\nresource "aws_vpc" "b" {\n}\n'
        'resource "aws_subnet" "s" {\n  vpc_id = (true ? aws_vpc.a : aws_vpc.b).id\n}\n' + REGION
    )
    vpc = one(found, "aws_subnet.s").values["vpc_id"]
    assert isinstance(vpc, Unknown)
    assert vpc.ref == Reference("aws_vpc.a", "id")


def test_a_resource_and_an_object_are_not_of_one_type() -> None:
    found = root('resource "aws_sqs_queue" "q" {\n}\noutput "o" {\n  value = true ? aws_sqs_queue.q : {}\n}\n' + REGION)
    assert problems(found) == ["main.tf:4: output.o could not be evaluated: Inconsistent conditional result types"]


def test_what_is_wrong_before_the_plan_is_told_first() -> None:
    """Terraform says only the second: that an id is text, which has no [0], shows after the validation."""
    found = root(
        'resource "aws_sqs_queue" "q" {\n}\nlocals {\n  id = aws_sqs_queue.q.id\n  a  = { a = local.id[0], b = range(1, null) }\n}\n'
        'output "o" {\n  value = local.a\n}\n' + REGION
    )
    assert [one.why for one in found.diagnostics] == ['Invalid value for "params" parameter: argument must not be null.']


def test_an_error_of_every_element_is_told_once() -> None:
    found = root('output "o" {\n  value = [for i in range(1000) : upper([i])]\n}\n' + REGION)
    assert problems(found) == ["main.tf:2: output.o could not be evaluated: Invalid function argument"]


def test_the_branch_that_is_not_taken_may_be_wrong_but_not_of_another_type() -> None:
    found = root('variable "n" {\n  default = []\n}\noutput "a" {\n  value = length(var.n) > 0 ? var.n[0] : "none"\n}\n' + REGION)
    assert found.outputs["a"] == "none"
    assert problems(found) == []
    wrong = root('output "a" {\n  value = true ? "none" : [1, 2][*].id\n}\n' + REGION)
    assert problems(wrong) == ["main.tf:2: output.a could not be evaluated: Inconsistent conditional result types"]
