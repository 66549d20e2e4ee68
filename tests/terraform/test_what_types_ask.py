"""To ask for the type of a resource or module that is evaluated lazily reads nothing for anybody, and ends soon."""

from __future__ import annotations

import pytest

from clops_app.model.resource import Configuration
from clops_app.model.values import Unknown
from tests.terraform.configurations import REGION, one, problems, root

TWO_OUTPUTS = """
resource "aws_iam_role" "r" {
  assume_role_policy = "{}"
}
resource "aws_db_instance" "db" {
  instance_class = "db.t3.micro"
}
output "role_arn" {
  value = aws_iam_role.r.arn
}
output "endpoint" {
  value = aws_db_instance.db.endpoint
}
"""


def targets(configuration: Configuration, address: str) -> list[str]:
    return [link.target for link in one(configuration, address).links]


@pytest.mark.parametrize(
    "role",
    [
        "(var.create ? module.m[0] : null).role_arn",
        "local.m.role_arn",
        'lookup(module.m[0], "role_arn", "")',
        "try(module.m[0].role_arn, null)",
    ],
)
def test_what_reads_one_output_of_a_module_needs_no_other(role: str) -> None:
    text = f"""
variable "create" {{
  default = true
}}
module "m" {{
  count  = 1
  source = "./m"
}}
locals {{
  m = var.create ? module.m[0] : null
}}
resource "aws_lambda_function" "f" {{
  function_name = "f"
  role          = {role}
}}
"""
    assert targets(root(text, m__main=TWO_OUTPUTS), "aws_lambda_function.f") == ["module.m[0].aws_iam_role.r"]


def test_a_chain_of_objects_in_objects_is_evaluated() -> None:
    text = 'resource "terraform_data" "r0" {\n  input = "x"\n}\n'
    text += "".join(f'resource "terraform_data" "r{at}" {{\n  input = terraform_data.r{at - 1}\n}}\n' for at in range(1, 60))
    found = root(text + "output o {\n  value = terraform_data.r59.output\n}\n")
    assert len(found.resources) == 60


def test_modules_that_give_on_the_module_below_twice_are_evaluated() -> None:
    below = 'module "c" {\n  source = "../m@"\n}\noutput "a" {\n  value = module.c\n}\noutput "b" {\n  value = module.c\n}\n'
    files = {f"m{at}__main": below.replace("@", str(at - 1)) for at in range(1, 25)}
    text = 'module "c" {\n  source = "./m24"\n}\nlocals {\n  x = true ? module.c : null\n}\n'
    found = root(text, None, m0__main='output "o" {\n  value = 1\n}\n', **files)
    assert problems(found) == []


def test_every_resource_that_asks_for_the_region_needs_what_tells_it() -> None:
    text = """
provider "aws" {
  region = data.aws_ssm_parameter.r.value
}
data "aws_ssm_parameter" "r" {
  name = "region"
}
data "aws_region" "current" {}
resource "aws_s3_bucket" "b" {
  count  = 2
  bucket = "${data.aws_region.current.name}-${count.index}"
}
"""
    found = root(text)
    for address in ("aws_s3_bucket.b[0]", "aws_s3_bucket.b[1]"):
        assert targets(found, address) == ["data.aws_region.current", "data.aws_ssm_parameter.r"]


def test_keys_are_matched_against_many() -> None:
    text = (
        REGION
        + "locals {\n  some = [for i in range(1024) : tostring(i)]\n  found = matchkeys(local.some, local.some, [for i in range(1024) : i * 2])\n}\n"
    )
    found = root(text + 'output "o" {\n  value = length(local.found)\n}\n')
    assert found.outputs == {"o": 512}


@pytest.mark.parametrize("written", ["module.c", "jsonencode(module.c)", "module.c == module.c"])
def test_values_that_double_with_every_module_end(written: str) -> None:
    below = 'module "c" {\n  source = "../m@"\n}\noutput "a" {\n  value = module.c\n}\noutput "b" {\n  value = module.c\n}\n'
    files = {f"m{at}__main": below.replace("@", str(at - 1)) for at in range(1, 25)}
    text = f'module "c" {{\n  source = "./m24"\n}}\noutput "o" {{\n  value = {written}\n}}\n'
    found = root(text, None, m0__main='output "o" {\n  value = 1\n}\n', **files)
    assert isinstance(found.outputs["o"], Unknown)


def test_values_that_double_with_every_resource_end() -> None:
    text = 'resource "terraform_data" "r0" {\n  input = "x"\n}\n'
    text += "".join(
        f'resource "terraform_data" "r{at}" {{\n  input = {{ a = terraform_data.r{at - 1}, b = terraform_data.r{at - 1} }}\n}}\n'
        for at in range(1, 40)
    )
    assert "Evaluation limit exceeded" in problems(root(text))[0]


def test_an_undeclared_output_is_told_even_of_what_may_not_be_there() -> None:
    text = """
module "m" {
  source = "./m"
}
resource "aws_sqs_queue" "q" {
  count = module.m.role_arn == "x" ? 1 : 0
  name  = module.m.role_anr
}
"""
    (found,) = (one for one in root(REGION + text, m__main=TWO_OUTPUTS).diagnostics if "role_anr" in one.why)
    assert "Did you mean `role_arn`?" in found.why
