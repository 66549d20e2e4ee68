"""The mistakes that people make are told on Terraform's line, with what was meant."""

from __future__ import annotations

import pytest

from tests.oracle.mistakes import MISTAKES, ours, same_line, theirs
from tests.oracle.terraform import Terraform

_TOLD = {
    "undeclared variable": (2, "Did you mean `environment`?"),
    "undeclared local": (2, "Did you mean `project_name`?"),
    "locals for local": (2, "Did you mean `local.project_name`?"),
    "vars for var": (2, "Did you mean `var.environment`?"),
    "undeclared module": (2, "Did you mean `child`?"),
    "undeclared output of a module": (2, "Did you mean `queue_url`?"),
    "undeclared resource": (2, "Did you mean `aws_sqs_queue.jobs`?"),
    "undeclared data source": (2, "Did you mean `aws_region.current`?"),
    "data source without data": (2, "Did you mean `data.aws_region.current`?"),
    "unknown attribute of a resource": (2, "aws_sqs_queue has no attribute `arnn`. Did you mean `arn`?"),
    "unknown function": (2, "Did you mean `upper`?"),
    "each without for_each": (2, "`each` stands for the element of `for_each`; this block has none"),
    "count without count": (2, "this block has no `count`"),
    "unknown attribute of each": (3, "There is no `each.val`, only `each.key`, `each.value`. Did you mean `value`?"),
    "unknown attribute of count": (3, "only `count.index`. Did you mean `index`?"),
    "self outside of a provisioner": (2, "write the resource's address"),
    "unknown attribute of path": (2, "There is no `path.modul`"),
    "unknown attribute of terraform": (2, "Did you mean `workspace`?"),
    "a bare word": (2, 'text stands in quotes, "jobs"'),
    "python's None": (2, "`None` is written `null`"),
    "python's True": (2, "`True` is written `true`"),
    "string plus string": (2, 'texts are joined in one string, "${a}${b}"'),
    "no instance of count": (2, "aws_s3_bucket.many[0]"),
    "no instance of for_each": (2, 'aws_s3_bucket.named["key"]'),
    "an instance of one": (2, "remove the index in brackets"),
    "undeclared variable in a local that nobody uses": (2, "There is no input variable named `nope` here."),
    "default of another type": (3, "a number is required"),
    "variable of an unknown type": (2, "`strng` is no type. Did you mean `string`?"),
    "unknown argument": (2, "Did you mean `name`?"),
    "unknown argument of a module": (3, "the module declares no variable of that name"),
    "unknown kind of block": (1, "Did you mean `resource`?"),
    "a label too few": (1, 'it begins `resource "type" "name" {`'),
    "locals that need each other": (3, "local.a depends on itself"),
}


@pytest.mark.parametrize(("name", "line", "meant"), [(name, *told) for name, told in _TOLD.items()], ids=list(_TOLD))
def test_a_mistake_is_told_with_its_line_and_what_was_meant(name: str, line: int, meant: str) -> None:
    told = [(one.where, one.why if meant in one.why else f"{one.what}: {one.why}") for one in ours(MISTAKES[name])]
    assert [words for where, words in told if where == f"wrong.tf:{line}" and meant in words], told


def test_an_argument_that_is_near_none_may_be_one_of_another_version_of_the_provider() -> None:
    assert ours('resource "aws_sqs_queue" "b" {\n  zone_of_the_moon = "x"\n}\n') == ()


def test_an_attribute_that_is_near_none_is_not_refused() -> None:
    assert ours('output "o" {\n  value = aws_sqs_queue.jobs.zone_of_the_moon\n}\n') == ()


@pytest.mark.terraform
@pytest.mark.slow
def test_95_of_100_mistakes_are_told_on_terraforms_line(terraform: Terraform) -> None:
    told = {name: theirs(terraform, text) for name, text in MISTAKES.items()}
    agreeing = [name for name, errors in told.items() if errors and same_line(ours(MISTAKES[name]), errors)]
    assert len(agreeing) >= 0.95 * sum(map(bool, told.values()))
