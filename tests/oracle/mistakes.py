"""Mistakes that people make, told by `terraform validate` and by ClOps: on the same line, and what is said.

    python -m tests.oracle.mistakes [--all]

prints a row for each mistake of MISTAKES where the lines differ (with --all, every one), and how many agree.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from clops_app.adapters.disk import read_directory
from clops_app.model.resource import Diagnostic
from clops_app.terraform.evaluate import evaluate
from tests.oracle.terraform import Terraform, serving

HEAD = """\
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region = "us-east-1"
}
variable "environment" {
  type    = string
  default = "dev"
}
locals {
  project_name = "game"
}
data "aws_region" "current" {}
resource "aws_sqs_queue" "jobs" {
  name = "jobs"
}
resource "aws_s3_bucket" "many" {
  count = 2
}
resource "aws_s3_bucket" "named" {
  for_each = toset(["a"])
}
module "child" {
  source = "./child"
}
"""
CHILD = 'variable "size" {\n  default = 1\n}\noutput "queue_url" {\n  value = var.size\n}\n'
# Each is the text of a file beside HEAD.
MISTAKES: dict[str, str] = {
    "no closing brace of a block": 'resource "aws_sqs_queue" "a" {\n  name = "x"\n\nresource "aws_sqs_queue" "b" {\n  name = "y"\n}\n',
    "no closing brace of the last block": 'resource "aws_sqs_queue" "a" {\n  name = "x"\n',
    "one closing brace too many": 'resource "aws_sqs_queue" "a" {\n  name = "x"\n}\n}\n',
    "no opening brace": 'resource "aws_sqs_queue" "a"\n  name = "x"\n}\n',
    "opening brace on the next line": 'resource "aws_sqs_queue" "a"\n{\n  name = "x"\n}\n',
    "no closing quote": 'resource "aws_sqs_queue" "a" {\n  name = "x\n  fifo_queue = true\n}\n',
    "no opening quote": 'resource "aws_sqs_queue" "a" {\n  name = x"\n}\n',
    "no closing quote of a label": 'resource "aws_sqs_queue" "a {\n  name = "x"\n}\n',
    "no comma in a list": 'locals {\n  a = ["x" "y"]\n}\n',
    "no comma in a list over lines": 'locals {\n  a = [\n    "x"\n    "y"\n  ]\n}\n',
    "no comma in an object on one line": "locals {\n  a = { b = 1 c = 2 }\n}\n",
    "no comma between arguments": 'locals {\n  a = max(1 2)\n}\n',
    "no equals sign": 'resource "aws_sqs_queue" "a" {\n  name "x"\n}\n',
    "equals sign before a block": 'resource "aws_sqs_queue" "a" = {\n  name = "x"\n}\n',
    "two equals signs": 'resource "aws_sqs_queue" "a" {\n  name == "x"\n}\n',
    "single quotes": "resource \"aws_sqs_queue\" \"a\" {\n  name = 'x'\n}\n",
    "single quotes around a label": "resource 'aws_sqs_queue' 'a' {\n  name = \"x\"\n}\n",
    "curly quotes": "locals {\n  a = “x”\n}\n",
    "backticks": "locals {\n  a = `x`\n}\n",
    "colon for equals": 'resource "aws_sqs_queue" "a" {\n  name: "x"\n}\n',
    "JSON": '{\n  "resource": {\n    "aws_sqs_queue": {}\n  }\n}\n',
    "quoted names of arguments": 'locals {\n  "a" = 1\n}\n',
    "comma after an argument": 'locals {\n  a = 1,\n  b = 2\n}\n',
    "semicolon after an argument": "locals {\n  a = 1;\n}\n",
    "unclosed list": 'locals {\n  a = ["x", "y"\n}\n',
    "unclosed call": 'locals {\n  a = upper("x"\n  b = 2\n}\n',
    "unclosed object": "locals {\n  a = {\n    b = 1\n}\n",
    "unclosed heredoc": "locals {\n  a = <<EOT\n  text\n}\n",
    "heredoc that ends indented": "locals {\n  a = <<EOT\n  text\n  EOT x\n}\n",
    "heredoc with a blank after its word": "locals {\n  a = <<EOT \n  text\nEOT\n}\n",
    "template not closed": 'locals {\n  a = "x-${local.project_name"\n}\n',
    "template closed by a parenthesis": 'locals {\n  a = "x-${local.project_name)"\n}\n',
    "template with two expressions": 'locals {\n  a = "x-${local.project_name var.environment}"\n}\n',
    "python's elif": 'locals {\n  a = var.environment == "dev" ? 1 elif 2\n}\n',
    "conditional without else": 'locals {\n  a = var.environment == "dev" ? 1\n}\n',
    "python's and": 'locals {\n  a = true and false\n}\n',
    "python's not": "locals {\n  a = not true\n}\n",
    "python's None": "locals {\n  a = None\n}\n",
    "python's True": "locals {\n  a = True\n}\n",
    "python's string prefix": 'locals {\n  a = f"x"\n}\n',
    "string plus string": 'locals {\n  a = "x" + "y"\n}\n',
    "python's list comprehension": "locals {\n  a = [upper(x) for x in [\"a\"]]\n}\n",
    "two arguments on a line": "locals {\n  a = 1 b = 2\n}\n",
    "value on the next line": "locals {\n  a =\n    1\n}\n",
    "operator at the end of a line": "locals {\n  a = true &&\n    false\n}\n",
    "argument without a value": "locals {\n  a =\n  b = 2\n}\n",
    "the same argument twice": "locals {\n  a = 1\n  a = 2\n}\n",
    "if as a statement": 'if var.environment == "dev" {\n}\n',
    "undeclared variable": "output \"o\" {\n  value = var.enviroment\n}\n",
    "undeclared local": 'output "o" {\n  value = local.projectname\n}\n',
    "locals for local": 'output "o" {\n  value = locals.project_name\n}\n',
    "vars for var": 'output "o" {\n  value = vars.environment\n}\n',
    "undeclared module": 'output "o" {\n  value = module.chld.queue_url\n}\n',
    "undeclared output of a module": 'output "o" {\n  value = module.child.queue_ur\n}\n',
    "undeclared resource": 'output "o" {\n  value = aws_sqs_queue.job.arn\n}\n',
    "undeclared data source": 'output "o" {\n  value = data.aws_region.curent.name\n}\n',
    "data source without data": 'output "o" {\n  value = aws_region.current.name\n}\n',
    "unknown attribute of a resource": 'output "o" {\n  value = aws_sqs_queue.jobs.arnn\n}\n',
    "unknown attribute in a nested use": 'resource "aws_sqs_queue" "b" {\n  name = upper(aws_sqs_queue.jobs.nme)\n}\n',
    "unknown function": 'output "o" {\n  value = uper("x")\n}\n',
    "function with too few arguments": 'output "o" {\n  value = replace("x", "y")\n}\n',
    "function with too many arguments": 'output "o" {\n  value = upper("x", "y")\n}\n',
    "each without for_each": 'resource "aws_sqs_queue" "b" {\n  name = each.key\n}\n',
    "count without count": 'resource "aws_sqs_queue" "b" {\n  name = "q${count.index}"\n}\n',
    "unknown attribute of each": 'resource "aws_sqs_queue" "b" {\n  for_each = toset(["a"])\n  name = each.val\n}\n',
    "unknown attribute of count": 'resource "aws_sqs_queue" "b" {\n  count = 2\n  name = "q${count.indx}"\n}\n',
    "self outside of a provisioner": 'resource "aws_sqs_queue" "b" {\n  name = self.name\n}\n',
    "unknown attribute of path": 'output "o" {\n  value = path.modul\n}\n',
    "unknown attribute of terraform": 'output "o" {\n  value = terraform.workspce\n}\n',
    "a bare word": 'resource "aws_sqs_queue" "b" {\n  name = jobs\n}\n',
    "no instance of count": 'output "o" {\n  value = aws_s3_bucket.many.id\n}\n',
    "no instance of for_each": 'output "o" {\n  value = aws_s3_bucket.named.id\n}\n',
    "an instance of one": 'output "o" {\n  value = aws_sqs_queue.jobs[0].arn\n}\n',
    "undeclared variable in a local that nobody uses": "locals {\n  unused = var.nope\n}\n",
    "undeclared variable in a branch": 'output "o" {\n  value = true ? "x" : var.nope\n}\n',
    "undeclared variable in try": 'output "o" {\n  value = try(var.nope, "x")\n}\n',
    "undeclared variable in a dynamic block": 'resource "aws_security_group" "g" {\n  dynamic "ingress" {\n    for_each = var.prts\n    content {\n      from_port = 1\n      to_port   = 1\n      protocol  = "tcp"\n    }\n  }\n}\n',
    "unknown argument": 'resource "aws_sqs_queue" "b" {\n  nam = "x"\n}\n',
    "unknown block": 'resource "aws_sqs_queue" "b" {\n  redrive {\n  }\n}\n',
    "unknown argument of a module": 'module "other" {\n  source = "./child"\n  sise   = 2\n}\n',
    "unknown kind of block": 'resorce "aws_sqs_queue" "b" {\n  name = "x"\n}\n',
    "a label too few": 'resource "aws_sqs_queue" {\n  name = "x"\n}\n',
    "a label too many": 'variable "a" "b" {\n}\n',
    "the same resource twice": 'resource "aws_sqs_queue" "jobs" {\n  name = "y"\n}\n',
    "the same variable twice": 'variable "environment" {\n}\n',
    "the same output twice": 'output "o" {\n  value = 1\n}\noutput "o" {\n  value = 2\n}\n',
    "variable of an unknown type": 'variable "v" {\n  type = strng\n}\n',
    "default of another type": 'variable "v" {\n  type    = number\n  default = "x"\n}\n',
    "count and for_each": 'resource "aws_sqs_queue" "b" {\n  count    = 1\n  for_each = toset([])\n}\n',
    "for_each of a list": 'resource "aws_sqs_queue" "b" {\n  for_each = ["a"]\n  name     = each.key\n}\n',
    "output without a value": 'output "o" {\n  description = "x"\n}\n',
    "module without a source": 'module "other" {\n  size = 2\n}\n',
    "locals that need each other": "locals {\n  a = local.b\n  b = local.a\n}\n",
    "a null of another type": 'output "o" {\n  value = true ? tostring(null) : [1]\n}\n',
    "two errors, one before anything is known": "locals {\n  a = aws_sqs_queue.jobs.arn[0]\n  b = [\n    var.environment[0],\n    range(1, null),\n  ]\n}\n",
    "a required argument is missing": 'resource "aws_sns_topic_subscription" "s" {\n  protocol = "sqs"\n}\n',
    "a string for a number": 'resource "aws_sqs_queue" "b" {\n  delay_seconds = "soon"\n}\n',
    "a list for a string": 'resource "aws_sqs_queue" "b" {\n  name = ["x"]\n}\n',
}  # fmt: skip


def ours(text: str) -> tuple[Diagnostic, ...]:
    """What ClOps says of the file, beside HEAD."""
    with tempfile.TemporaryDirectory() as temporary:
        return evaluate(read_directory(str(_written(Path(temporary), text))).tree, "").diagnostics


def theirs(terraform: Terraform, text: str) -> list[tuple[str, int, str]]:
    """File, line and words of every error of `terraform validate`, or of `init`, which already reads the configuration."""
    with tempfile.TemporaryDirectory() as temporary:
        root = _written(Path(temporary), text)
        terraform.run(root, "init", "-input=false", "-backend=false")
        told = json.loads(terraform.run(root, "validate", "-json").stdout)["diagnostics"]
        return [
            ((item.get("range") or {}).get("filename", ""), (item.get("range") or {}).get("start", {}).get("line", 0), f"{item['summary']}: {item['detail']}")
            for item in told
            if item["severity"] == "error"
        ]  # fmt: skip


def _written(directory: Path, text: str) -> Path:
    (directory / "child").mkdir()
    for name, content in (("child/main.tf", CHILD), ("head.tf", HEAD), ("wrong.tf", text)):
        (directory / name).write_text(content, encoding="utf-8")
    return directory


def same_line(mine: tuple[Diagnostic, ...], errors: list[tuple[str, int, str]]) -> bool:
    """Whether something that ClOps says stands on the line of an error of Terraform's; an error without a place needs none."""
    places = {f"{file}:{line}" for file, line, _ in errors if file}
    return any(one.where in places for one in mine) if places else bool(mine)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true")
    given = parser.parse_args()
    agreeing = asked = 0
    with serving() as terraform:
        for name, text in MISTAKES.items():
            errors, mine = theirs(terraform, text), ours(text)
            if not errors:
                print(f"{name}: Terraform finds nothing wrong; we say {[f'{one.where} {one.what}: {one.why}' for one in mine]}")
                continue
            asked += 1
            agreeing += (same := same_line(mine, errors))
            if given.all or not same:
                print(f"{'same line' if same else 'OTHER LINE'}: {name}")
                for file, line, words in errors[:3]:
                    print(f"    Terraform {file}:{line} {' '.join(words.split())[:220]}")
                for one in mine[:3]:
                    print(f"    ClOps     {one.where} {one.what}: {one.why[:220]}")
    print(f"{agreeing} of {asked} mistakes are told on Terraform's line ({agreeing / asked:.0%})")


if __name__ == "__main__":
    main()
