"""What refers to itself in a circle is said to, costs no more than what does not, and hides nothing else."""

from __future__ import annotations

import random
from typing import cast

import pytest

from clops_app.model.resource import Configuration
from clops_app.model.source import SourceTree
from clops_app.model.values import Unknown
from clops_app.terraform.evaluate import evaluate
from tests.bench.tangles import Tangle
from tests.terraform.configurations import addresses, one, root


def told(found: Configuration) -> list[tuple[str, str]]:
    """What is said of the code, and where."""
    return [(problem.where, problem.why) for problem in found.diagnostics if problem.where.startswith("main.tf:")]


# What each of six resources says of the others' blocks: without a memory of what is asked already that is six to the sixth.
@pytest.mark.parametrize(
    "said",
    [
        "jsonencode([{all}])",
        "[for each in [{all}] : each]",
        "try(merge({all}), 1)",
        '"${{jsonencode({first})}}" == "" ? {first} : {second}',
    ],
)
@pytest.mark.parametrize("kind", ["aws_instance", "data.aws_iam_policy_document"])
def test_blocks_that_refer_to_each_other_in_circles_are_gone_through_once(said: str, kind: str) -> None:
    block = "ebs_block_device" if kind == "aws_instance" else "statement"
    argument = "device_name" if kind == "aws_instance" else "sid"
    names = [f"{kind}.r{number}" for number in range(6)]
    value = said.format(all=", ".join(f"{name}.{block}" for name in names), first=f"{names[0]}.{block}", second=f"{names[1]}.{block}")
    mode, _, type_name = kind.rpartition(".")
    blocks = f"  {block} {{\n    {argument} = {value}\n  }}\n" * 4
    found = root("".join(f'{mode or "resource"} "{type_name}" "r{number}" {{\n{blocks}}}\n' for number in range(6)))
    assert addresses(found) == names
    assert not [problem for problem in found.diagnostics if "Evaluation limit exceeded" in problem.what]


def test_a_block_that_says_what_it_says_depends_on_itself() -> None:
    found = root(
        'resource "aws_instance" "a" {\n  root_block_device {\n    volume_type = aws_instance.a.root_block_device[0].volume_type\n'
        "    volume_size = 20\n  }\n}\n"
    )
    (block,) = cast("tuple[dict[str, object]]", one(found, "aws_instance.a").values["root_block_device"])
    assert isinstance(block["volume_type"], Unknown)
    assert block["volume_size"] == 20
    assert told(found) == [("main.tf:3", "aws_instance.a.root_block_device depends on itself.")]


def test_a_policy_that_names_all_of_itself_depends_on_itself() -> None:
    statement = "  statement {\n    sid = data.aws_iam_policy_document.a\n  }\n"
    found = root(
        f'data "aws_iam_policy_document" "a" {{\n{statement}}}\nmodule "m" {{\n  source = "./m"\n  a = [data.aws_iam_policy_document.a]\n}}\n',
        m__main='variable "a" {}\n',
    )
    assert isinstance(one(found, "data.aws_iam_policy_document.a").values["json"], Unknown)
    assert ("main.tf:1", "data.aws_iam_policy_document.a.json depends on itself.") in told(found)


def test_a_policy_tells_what_is_in_a_module_and_not_that_it_is_one() -> None:
    found = root(
        'data "aws_iam_policy_document" "a" {\n  statement {\n    sid = module.m\n  }\n}\nmodule "m" {\n  source = "./m"\n}\n',
        m__main='output "x" {\n  value = "y"\n}\n',
    )
    assert '"Sid":{"x":"y"}' in str(one(found, "data.aws_iam_policy_document.a").values["minified_json"])


def test_whoever_asks_for_what_is_not_there_is_told_so() -> None:
    found = root(
        'data "aws_ami" "x" {\n  owners = ["self"]\n}\nlocals {\n  a = data.aws_ami.x.image_idd\n  b = data.aws_ami.x.image_idd\n}\n'
        'resource "other_x" "a" {\n  of = [local.a, local.b]\n}\n'
    )
    meant = "aws_ami has no attribute `image_idd`. Did you mean `image_id`?"
    assert told(found) == [("main.tf:5", meant), ("main.tf:6", meant)]


@pytest.mark.parametrize("number", range(60))
def test_a_tangle_raises_nothing(number: int) -> None:
    tangle = Tangle(random.Random(number))
    evaluate(SourceTree({path: text.encode() for path, text in tangle.files().items()}), "")
