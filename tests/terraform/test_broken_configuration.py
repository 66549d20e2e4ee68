"""Whole roots of which something is broken, endless or out of bounds: said, and the rest goes on."""

from __future__ import annotations

import pytest

from clops_app.model.source import SourceTree
from clops_app.model.values import Unknown
from clops_app.terraform.evaluate import evaluate
from tests.terraform.configurations import REGION, addresses, one, problems, root


def test_a_broken_block_is_lost_alone_and_reported() -> None:
    found = root(
        'resource "aws_sqs_queue" "a" {}\n\nresource "aws_sqs_queue" "b" {\n  name = = 3\n}\n\nresource "aws_sqs_queue" "c" {}\n' + REGION
    )
    assert addresses(found) == ["aws_sqs_queue.a", "aws_sqs_queue.c"]
    assert [diagnostic.where for diagnostic in found.diagnostics] == ["main.tf:4"]


def test_a_root_of_which_nothing_can_be_read_is_fatal() -> None:
    assert [diagnostic.fatal for diagnostic in root("]]]]\n").diagnostics][-1] is True


def test_cyclic_locals_are_unknown_and_reported_once() -> None:
    found = root('locals {\n  a = local.b\n  b = local.a\n}\noutput "a" {\n  value = local.a\n}\n')
    assert isinstance(found.outputs["a"], Unknown)
    assert len(found.diagnostics) == 1
    assert "Cycle" in found.diagnostics[0].what


def test_a_module_that_includes_itself_ends() -> None:
    found = root('module "a" {\n  source = "./"\n}\nresource "aws_sqs_queue" "q" {}\n' + REGION)
    assert addresses(found) == ["aws_sqs_queue.q"]
    assert "calls itself" in found.diagnostics[0].what


def test_modules_that_include_each_other_end() -> None:
    found = root(
        'module "b" {\n  source = "./b"\n}\n' + REGION,
        b__main='module "c" {\n  source = "../c"\n}\n',
        c__main='module "b" {\n  source = "../b"\n}\nresource "aws_sqs_queue" "q" {}\n',
    )
    assert addresses(found) == ["module.b.module.c.aws_sqs_queue.q"]


def test_what_has_no_aws_region_asks_for_none() -> None:
    found = root('resource "random_id" "r" {\n  byte_length = 4\n}\nresource "aws_sqs_queue" "q" {}\n' + REGION)
    assert problems(found) == []
    assert isinstance(one(found, "random_id.r").region, Unknown)


def test_a_block_of_a_type_nobody_knows_is_unknown_to_others() -> None:
    block = 'resource "other_thing" "t" {\n  settings {\n    role = "x"\n  }\n}\n'
    found = root(
        block + 'output "a" {\n  value = other_thing.t.settings.role\n}\noutput "b" {\n  value = other_thing.t.settings[0].role\n}\n'
    )
    assert problems(found) == []
    assert [type(found.outputs[name]) for name in ("a", "b")] == [Unknown, Unknown]


def test_what_fails_in_an_instance_that_may_not_be_there_is_no_fault() -> None:
    text = (
        'variable "on" {}\nlocals {\n  settings = {}\n}\nresource "aws_sqs_queue" "q" {\n  count = var.on ? 1 : 0\n  name = %s\n}\n'
        + REGION
    )
    assert problems(root(text.replace("%s", "local.settings.name"))) == []
    assert len(problems(root(text.replace("%s", "local.setings.name")))) == 1


def test_an_undeclared_name_is_reported_with_the_nearest_one() -> None:
    found = root('locals {\n  region_name = "x"\n}\noutput "r" {\n  value = local.regoin_name\n}\n')
    assert "Did you mean `region_name`?" in found.diagnostics[0].why


@pytest.mark.parametrize("path", ["/etc/hostname", "../../outside.txt", "~/.aws/credentials"])
def test_a_file_outside_of_the_repository_is_never_read(path: str) -> None:
    value = root(f'output "f" {{\n  value = file("{path}")\n}}\n').outputs["f"]
    assert isinstance(value, Unknown)
    assert value.why == "it reads a file outside of the repository"


def test_a_link_that_leads_out_is_unknown_with_its_reason() -> None:
    links = SourceTree({"main.tf": b'output "f" {\n  value = file("link")\n}\n'}, {"link": "a link that leads outside the repository"})
    value = evaluate(links, "").outputs["f"]
    assert isinstance(value, Unknown)
    assert value.why == "link was not read: a link that leads outside the repository"


def test_a_file_that_an_expression_reads_counts_as_read() -> None:
    found = root('output "f" {\n  value = file("motd.txt")\n}\n', **{"motd.txt": "hello"})
    assert (found.outputs["f"], found.files) == ("hello", ("main.tf", "motd.txt"))


def test_of_more_than_ten_thousand_instances_the_first_thousand_are_evaluated() -> None:
    found = root('resource "aws_sqs_queue" "q" {\n  count = 10001\n}\n' + REGION)
    assert len(found.resources) == 1_000
    assert "has 10,001 instances" in found.diagnostics[0].what


def test_modules_that_multiply_are_bounded() -> None:
    def calls(source: str) -> str:
        return "".join(f'module "m{number}" {{\n  source = "{source}"\n  count  = 100\n}}\n' for number in range(10))

    found = root(calls("./m") + REGION, m__main=calls("./n"), m__n__main='resource "aws_sqs_queue" "q" {}\n')
    assert len(found.resources) < 5_000
    assert "only 5,000 module instances are evaluated" in [diagnostic.what for diagnostic in found.diagnostics]


def test_dynamic_blocks_that_multiply_are_bounded() -> None:
    inner = 'dynamic "x" {\n for_each = range(1000)\n content {\n a = 1\n}\n}\n'
    found = root(
        'resource "aws_security_group" "g" {\n dynamic "ingress" {\n for_each = range(1000)\n content {\n' + inner + "}\n}\n}\n" + REGION
    )
    assert found.resources == ()
    assert "Evaluation limit exceeded" in found.diagnostics[0].what


def test_a_block_nested_ten_thousand_deep_is_a_diagnostic() -> None:
    assert root("a {\n" * 10_000 + "}\n" * 10_000).diagnostics


def test_a_resource_that_needs_itself_is_reported() -> None:
    found = root('resource "aws_sqs_queue" "q" {\n  name = aws_sqs_queue.q.name\n}\n' + REGION)
    assert isinstance(one(found, "aws_sqs_queue.q").values["name"], Unknown)
    assert "Cycle" in found.diagnostics[0].what
