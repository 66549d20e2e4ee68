"""Small roots that multiply: each ends, keeps what it can, says what is lost, and raises nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from clops_app.entrypoints.cli import RECURSION_LIMIT
from clops_app.model.resource import Configuration
from clops_app.terraform.expansion import MAX_KEY
from clops_app.terraform.session import MAX_DECLARED, MAX_DIAGNOSTICS
from tests.terraform.configurations import addresses, one, problems, root


@pytest.fixture(autouse=True)
def _recursion_as_in_a_review() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(RECURSION_LIMIT)
    yield
    sys.setrecursionlimit(before)


def local(expression: str) -> Configuration:
    return root(f"locals {{\n  a = {expression}\n}}\n")


def lost(found: Configuration) -> bool:
    return any(problem.lost for problem in found.diagnostics)


# Sums of work: none may be without a bound.

EVERY = 'resource "aws_eip" "a" {\n  count = 4000\n}\n'
CALLED_SEVENTY_TIMES_SEVENTY = {
    "main": 'module "a" {\n  source = "./a"\n  count = 70\n}\n',
    "a__main": 'module "b" {\n  source = "../b"\n  count = 70\n}\n',
}


@pytest.mark.parametrize(
    "leaf",
    [
        "".join(f"moved {{\n  from = a.b{number}\n  to = a.c{number}\n}}\n" for number in range(2_000)),
        "locals {\n" + "".join(f"  a{number} = 1\n" for number in range(2_000)) + "}\n",
        "".join(f'variable "a{number}" {{\n  type = number\n  default = 1\n}}\n' for number in range(1_000)),
    ],
    ids=["moves", "locals", "variables"],
)
def test_modules_that_multiply_are_cut_off_by_what_they_declare(leaf: str) -> None:
    found = root(CALLED_SEVENTY_TIMES_SEVENTY["main"], a__main=CALLED_SEVENTY_TIMES_SEVENTY["a__main"], b__main=leaf)
    assert len(found.moved) <= MAX_DECLARED
    assert lost(found)
    assert any("module instances are evaluated" in problem.what for problem in found.diagnostics)


def test_arguments_of_a_module_that_is_called_often_count_too() -> None:
    arguments = "".join(f"  a{number} = 1\n" for number in range(2_000))
    variables = "".join(f'variable "a{number}" {{}}\n' for number in range(2_000))
    found = root(f'module "m" {{\n  source = "./m"\n  count = 4900\n{arguments}}}\n', m__main=variables)
    assert lost(found)


@pytest.mark.parametrize(
    "text",
    [
        EVERY + 'resource "aws_security_group" "s" {\n  dynamic "ingress" {\n    for_each = aws_eip.a[*].id\n    content {}\n  }\n}\n',
        EVERY + 'resource "aws_sqs_queue" "b" {\n  count = 3000\n  name = jsonencode(aws_eip.a[*].id)\n}\n',
        "".join(f'data "aws_ami" "a{number}" {{\n  count = 10000\n}}\n' for number in range(30)),
        "".join(f'module "a{number}" {{\n  source = "x/y/z"\n  count = 10000\n}}\n' for number in range(10)),
    ],
    ids=["blocks that need all", "instances that need all", "instances", "calls"],
)
def test_what_multiplies_is_lost_and_said_to_be(text: str) -> None:
    assert lost(root(text))


def test_a_chain_that_needs_many_does_not_keep_them_once_a_link() -> None:
    chain = "".join(f"  a{number + 1} = local.a{number}\n" for number in range(150))
    found = root(EVERY + f'locals {{\n  a0 = length(aws_eip.a[*].id)\n{chain}}}\noutput "o" {{\n  value = local.a150\n}}\n')
    assert found.outputs["o"] == 4_000


def test_more_mistakes_than_anyone_reads_are_counted() -> None:
    locals_ = "".join(f"  a{number} = {{ for i in [1, 2] : local.s => {number} }}\n" for number in range(MAX_DIAGNOSTICS + 50))
    found = root(f'locals {{\n  s = "k"\n{locals_}}}\n')
    assert len(found.diagnostics) == MAX_DIAGNOSTICS + 1
    assert found.diagnostics[-1].what == "50 further diagnostics are not shown"


# Things that raised.


@pytest.mark.parametrize("key", ["[²[", "[" + "1" * 900 + "[", "a]b", 'q\\"]', "1]["])
def test_any_key_of_an_instance_has_its_place(key: str) -> None:
    found = root(f'resource "aws_sqs_queue" "b" {{\n  for_each = toset(["{key}", "a"])\n}}\n')
    assert len(found.resources) == 2


def test_a_key_that_would_fill_every_address_is_refused() -> None:
    found = root(f'resource "aws_sqs_queue" "b" {{\n  for_each = toset(["{"k" * (MAX_KEY + 1)}"])\n}}\n')
    assert addresses(found) == ["aws_sqs_queue.b[*]"]
    assert any("1,000 characters" in problem.why for problem in found.diagnostics)


def test_an_index_of_any_length_is_beyond_the_end() -> None:
    found = local("[1]." + "9" * 5_000)
    assert found.diagnostics[0].what == "local.a could not be evaluated: Invalid index"


# What Terraform makes of it (each was planned).


@pytest.mark.parametrize(("count", "depth"), [(150, 6), (150, 7), (100, 20)])
def test_what_is_deep_is_no_cycle(count: int, depth: int) -> None:
    links = "".join(f" a{number + 1} = {'[' * depth}local.a{number}{']' * depth}{'[0]' * depth} + 1\n" for number in range(count))
    found = root(f'resource "aws_sqs_queue" "q" {{\n  name = "x${{local.a{count}}}"\n}}\nlocals {{\n a0 = 1\n{links}}}\n')
    assert not [problem for problem in problems(found) if "Cycle" in problem]


DYNAMIC = '  dynamic "{name}" {{\n    for_each = [1]\n    content {{\n      from_port = {port}\n      to_port = 1\n      protocol = "tcp"\n    }}\n  }}\n'
STATIC = '  {name} {{\n    from_port = {port}\n    to_port = 1\n    protocol = "tcp"\n  }}\n'


@pytest.mark.parametrize(
    ("base", "override", "ingress", "egress"),
    [
        (DYNAMIC.format(name="ingress", port=1) + DYNAMIC.format(name="egress", port=2), DYNAMIC.format(name="ingress", port=9), [9], [2]),
        (DYNAMIC.format(name="ingress", port=1), STATIC.format(name="ingress", port=9), [9], []),
        (STATIC.format(name="ingress", port=1), DYNAMIC.format(name="ingress", port=9), [9], []),
    ],
)
def test_an_override_replaces_the_blocks_that_a_dynamic_one_brings(base: str, override: str, ingress: list[int], egress: list[int]) -> None:
    found = root(f'resource "aws_security_group" "a" {{\n{base}}}\n', override=f'resource "aws_security_group" "a" {{\n{override}}}\n')
    values = one(found, "aws_security_group.a").values
    ports = {name: [block["from_port"] for block in values.get(name, ())] for name in ("ingress", "egress")}  # type: ignore[union-attr,call-overload,index]
    assert ports == {"ingress": ingress, "egress": egress}
    assert {span.path for path, span in one(found, "aws_security_group.a").spans.items() if path.startswith("ingress")} == {"override.tf"}


def test_what_an_editor_left_is_not_configuration() -> None:
    text = 'resource "aws_sqs_queue" "a" {}\n'
    found = root(text.replace('"a"', '"b"'), **{".#main.tf": text, ".hidden.tf": text})
    assert addresses(found) == ["aws_sqs_queue.b"]
