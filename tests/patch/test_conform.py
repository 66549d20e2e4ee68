"""A changed block is held against the provider's schema."""

from __future__ import annotations

import pytest

from clops_app.hcl.parser import parse
from clops_app.hcl.syntax import Block
from clops_app.patch.conform import new_problems


def block(text: str) -> Block:
    file = parse("main.tf", text.encode())
    assert file.problems == ()
    return file.body.blocks[0]


def problems(text: str) -> tuple[str, ...]:
    return new_problems(None, block(text))


QUEUE = 'resource "aws_sqs_queue" "q" {\n%s\n}\n'
GROUP = 'resource "aws_security_group" "g" {\n%s\n}\n'
DISKS = """root_block_device {
  encrypted = true
}
ebs_block_device {
  device_name = "a"
}
ebs_block_device {
  device_name = "b"
}"""
INSTANCE = 'resource "aws_instance" "i" {\n%s\n}\n'


@pytest.mark.parametrize(
    "text",
    [
        QUEUE % "name = var.name\nfifo_queue = true",
        QUEUE % 'count = 2\nprovider = aws.east\ndepends_on = []\nlifecycle {\n  prevent_destroy = true\n}',
        QUEUE % 'delay_seconds = "90"\nfifo_queue = "true"\nname = null',
        QUEUE % 'tags = { Name = "q", Port = 80 }\ntimeouts {\n  create = "5m"\n}',
        QUEUE % "delay_seconds = var.a ? 1 : 2",
        GROUP % "ingress {\n  from_port = 22\n  to_port = 22\n  protocol = \"tcp\"\n}",
        GROUP % "ingress = []",
        GROUP % 'dynamic "ingress" {\n  for_each = var.ports\n  content {\n    from_port = ingress.value\n  }\n}',
        INSTANCE % DISKS,
        'data "aws_ami" "a" {\n  filter {\n    name = "x"\n    values = ["y"]\n  }\n}\n',
        'terraform {\n  required_version = ">= 1.5"\n  backend "s3" {\n    bucket = "b"\n  }\n}\n',
        'provider "aws" {\n  region = "eu-west-1"\n  default_tags {\n    tags = { Project = "game" }\n  }\n}\n',
        'variable "x" {\n  anything = 1\n}\n',
    ],
)  # fmt: skip
def test_what_the_provider_takes_has_no_problem(text: str) -> None:
    assert problems(text) == ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (QUEUE % "visibility = 3", "aws_sqs_queue has no argument visibility"),
        (QUEUE % 'arn = "x"', "aws_sqs_queue.arn is set by AWS and cannot be written"),
        (QUEUE % 'delay_seconds = "soon"', "aws_sqs_queue.delay_seconds must be a number"),
        (QUEUE % 'fifo_queue = 1', "aws_sqs_queue.fifo_queue must be a bool"),
        (QUEUE % 'fifo_queue = "${var.a}-x"', "aws_sqs_queue.fifo_queue must be a bool"),
        (QUEUE % "delay_seconds = true", "aws_sqs_queue.delay_seconds must be a number"),
        (QUEUE % 'name = ["q"]', "aws_sqs_queue.name must be a string"),
        (QUEUE % 'tags = "q"', "aws_sqs_queue.tags must be a map"),
        (QUEUE % 'tags = { Name = ["q"] }', "aws_sqs_queue.tags must be a string"),
        (QUEUE % "redrive {\n}", "aws_sqs_queue has no block redrive"),
        (QUEUE % "name {\n}", "aws_sqs_queue.name is an argument, not a block"),
        (GROUP % "ingress {\n  port = 22\n}", "aws_security_group.ingress has no argument port"),
        (GROUP % 'ingress {\n  from_port = "ssh"\n}', "aws_security_group.ingress.from_port must be a number"),
        (GROUP % 'ingress = "all"', "aws_security_group.ingress must be a list"),
        (GROUP % 'dynamic "ingres" {\n  for_each = []\n  content {\n  }\n}', "aws_security_group has no block ingres"),
        (INSTANCE % "root_block_device = {}", "aws_instance.root_block_device is a block, not an argument"),
        (INSTANCE % "root_block_device {\n}\nroot_block_device {\n}", "aws_instance takes at most 1 root_block_device, 2 written"),
        (INSTANCE % "root_block_device {\n  encryption = true\n}", "aws_instance.root_block_device has no argument encryption"),
        ('resource "aws_lb" "x" {\n  timeouts {\n  }\n  timeouts {\n  }\n}\n', "aws_lb takes at most 1 timeouts, 2 written"),
        ('resource "aws_accessanalyzer_archive_rule" "x" {\n  analyzer_name = "x"\n  rule_name = "y"\n}\n',
         "aws_accessanalyzer_archive_rule requires 1 filter, 0 written"),
        ('resource "aws_ebs_volume" "x" {\n}\n', "aws_ebs_volume requires availability_zone"),
        ('resource "aws_ebs_volume" "x" {\n  availability_zone = null\n}\n', "aws_ebs_volume requires availability_zone"),
        ('resource "google_sql_database" "x" {\n}\n', "no schema of google_sql_database is at hand to check it against"),
        ('provider "google" {\n}\n', "no schema of provider google is at hand to check it against"),
        ('terraform {\n  state = "s3"\n}\n', "terraform has no argument state"),
        ('terraform {\n  locking {\n  }\n}\n', "terraform has no block locking"),
    ],
)  # fmt: skip
def test_what_the_provider_refuses_is_named(text: str, problem: str) -> None:
    assert problems(text) == (problem,)


def test_an_object_of_a_set_must_be_whole() -> None:
    found = problems(GROUP % 'ingress = [{ from_port = 22, to_port = 22, protocol = "tcp", cidr_blocks = [] }]')
    assert "aws_security_group.ingress requires self" in found


def test_what_was_wrong_before_is_not_ours_to_judge() -> None:
    before = block(QUEUE % "visibility = 3")
    assert new_problems(before, block(QUEUE % "visibility = 3\nfifo_queue = true")) == ()
    assert new_problems(before, block(QUEUE % "visibility = 3\nfifo = true")) == ("aws_sqs_queue has no argument fifo",)
