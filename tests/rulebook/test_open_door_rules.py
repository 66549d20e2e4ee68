"""SSH open to the world, in every way it can be written; state on one computer, in every way it can be left out."""

from __future__ import annotations

import pytest

from clops_app.kit import SetAttribute
from tests.rulebook.architectures import hit_lines, hits

SSH = "aws/ssh_open_to_world"


def group(ingress: str) -> str:
    return f'resource "aws_security_group" "main" {{\n  name = "main"\n{ingress}\n}}\n'


def block(**attributes: str) -> str:
    written = {"from_port": "22", "to_port": "22", "protocol": '"tcp"', **attributes}
    return "  ingress {\n" + "\n".join(f"    {name} = {value}" for name, value in written.items()) + "\n  }"


@pytest.mark.parametrize(
    ("ingress", "open_"),
    [
        (block(cidr_blocks='["0.0.0.0/0"]'), True),
        (block(ipv6_cidr_blocks='["::/0"]'), True),
        (block(cidr_blocks='["0.0.0.0/0"]', from_port="0", to_port="65535"), True),
        (block(cidr_blocks='["0.0.0.0/0"]', from_port="20", to_port="30"), True),
        (block(cidr_blocks='["0.0.0.0/0"]', from_port="0", to_port="0", protocol='"-1"'), True),
        (block(cidr_blocks='["0.0.0.0/0"]', protocol='"6"'), True),
        (block(cidr_blocks='["0.0.0.0/0"]', protocol='"all"'), True),
        (block(cidr_blocks='["0.0.0.0/0"]', protocol='"TCP"'), True),
        (block(cidr_blocks='["10.0.0.0/8"]'), False),
        (block(cidr_blocks='["0.0.0.0/0"]', from_port="80", to_port="80"), False),
        (block(cidr_blocks='["0.0.0.0/0"]', protocol='"udp"'), False),
        (block(self="true"), False),
        (block(cidr_blocks='["0.0.0.0/0"]').replace("ingress", "egress"), False),
    ],
)
def test_every_rule_that_lets_the_world_reach_port_22_is_hit(ingress: str, open_: bool) -> None:
    assert [hit.at.address for hit in hits(SSH, group(ingress))] == (["aws_security_group.main"] if open_ else [])


def test_the_default_group_of_a_vpc_is_a_group_too() -> None:
    text = group(block(cidr_blocks='["0.0.0.0/0"]')).replace("aws_security_group", "aws_default_security_group")
    assert [hit.at.address for hit in hits(SSH, text.replace('name = "main"', ""))] == ["aws_default_security_group.main"]


def test_rules_that_are_resources_are_named_themselves() -> None:
    text = (
        group("")
        + """
resource "aws_security_group_rule" "old" {
  security_group_id = aws_security_group.main.id
  type              = "ingress"
  from_port         = 0
  to_port           = 0
  protocol          = "-1"
  cidr_blocks       = ["0.0.0.0/0"]
  ipv6_cidr_blocks  = ["::/0"]
}
resource "aws_vpc_security_group_ingress_rule" "new" {
  security_group_id = aws_security_group.main.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}
"""
    )
    found = hits(SSH, text)
    assert sorted(hit.at.address for hit in found) == ["aws_security_group_rule.old", "aws_vpc_security_group_ingress_rule.new"]


def test_a_dynamic_block_is_judged_by_what_it_makes() -> None:
    ingress = """
  dynamic "ingress" {
    for_each = [443, 22]
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }"""
    assert len(hits(SSH, group(ingress))) == 1


def test_blocks_written_as_a_list_are_blocks() -> None:
    ingress = """
  ingress = [{
    from_port        = 22
    to_port          = 22
    protocol         = "tcp"
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = []
    prefix_list_ids  = []
    security_groups  = []
    self             = false
    description      = "SSH"
  }]"""
    assert len(hits(SSH, group(ingress))) == 1


def test_one_rule_open_to_both_internets_is_one_fault_and_one_fix_closes_both() -> None:
    (hit,) = hits(SSH, group(block(cidr_blocks='["0.0.0.0/0"]', ipv6_cidr_blocks='["::/0"]')))
    assert hit.fix is not None
    assert hit.fix.changes == (
        SetAttribute("aws_security_group.main", "ingress[0].cidr_blocks", ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")),
        SetAttribute("aws_security_group.main", "ingress[0].ipv6_cidr_blocks", ("fc00::/7",)),
    )


def test_addresses_written_beside_the_world_stay() -> None:
    (hit,) = hits(SSH, group(block(cidr_blocks='["203.0.113.7/32", "0.0.0.0/0"]')))
    assert hit.fix is not None
    assert hit.fix.changes == (SetAttribute("aws_security_group.main", "ingress[0].cidr_blocks", ("203.0.113.7/32",)),)


def test_a_rule_that_opens_more_than_ssh_gets_no_fix() -> None:
    assert [hit.fix for hit in hits(SSH, group(block(cidr_blocks='["0.0.0.0/0"]', to_port="443")))] == [None]


def test_two_open_rules_of_one_group_are_two_faults() -> None:
    ingress = block(cidr_blocks='["0.0.0.0/0"]') + "\n" + block(cidr_blocks='["0.0.0.0/0"]', from_port="0", to_port="1024")
    found = hits(SSH, group(ingress))
    assert [hit.key for hit in found] == ["tcp 22-22 0.0.0.0/0", "tcp 0-1024 0.0.0.0/0"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\n', 1),
        ('\nprovider "aws" {\n  region = "us-east-1"\n}\n', 2),
        ('locals {}\nprovider "aws" {}\nterraform {\n  required_version = ">= 1.5"\n}\n', 3),
        ('terraform {\n  backend "local" {}\n}\n', 2),
    ],
)
def test_state_without_a_backend_is_on_one_computer(text: str, line: int) -> None:
    assert hit_lines("terraform/local_state", text) == [("terraform", line)]


@pytest.mark.parametrize(
    "text",
    [
        'terraform {\n  backend "s3" {}\n}\n',
        'terraform {\n  cloud {\n    organization = "game"\n    workspaces {\n      name = "prod"\n    }\n  }\n}\n',
        'terraform {\n  required_version = ">= 1.5"\n}\nterraform {\n  backend "s3" {\n    bucket = "state"\n  }\n}\n',
        'variable "name" {}\nresource "aws_sqs_queue" "q" {\n  name = var.name\n}\n',
        "",
    ],
)
def test_state_with_a_backend_or_of_a_module_is_fine_and_so_is_nothing_at_all(text: str) -> None:
    assert hit_lines("terraform/local_state", text) == []
