"""What is open to the whole internet, and to whom it stands open."""

from __future__ import annotations

import pytest

from clops_app.kit import OpenPort
from clops_app.model.source import Span
from clops_app.model.values import Unknown
from tests.graph.roots import NETWORK, REGION, addresses, at, reading_of

Opened = list[tuple[str, int, int, str, str, str]]


def opened(text: str, group: str = "aws_security_group.g") -> Opened:
    reading = reading_of(text)
    return [(p.protocol, p.from_port, p.to_port, p.cidr, p.written_in.address, p.path) for p in reading.open_ports(at(reading, group))]


def inline(body: str) -> str:
    return f'variable "x" {{}}\nresource "aws_security_group" "g" {{\n  ingress {{\n{body}\n  }}\n}}\n'


SSH = 'from_port = 22\nto_port = 22\nprotocol = "tcp"\n'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (SSH + 'cidr_blocks = ["0.0.0.0/0"]', [("tcp", 22, 22, "0.0.0.0/0")]),
        (SSH + 'ipv6_cidr_blocks = ["::/0"]', [("tcp", 22, 22, "::/0")]),
        (SSH + 'ipv6_cidr_blocks = ["0::/0"]', [("tcp", 22, 22, "0::/0")]),
        (SSH + 'cidr_blocks = ["10.0.0.0/8", "0.0.0.0/0"]', [("tcp", 22, 22, "0.0.0.0/0")]),
        (SSH + 'cidr_blocks = [var.x, "0.0.0.0/0"]', [("tcp", 22, 22, "0.0.0.0/0")]),
        ('from_port = 0\nto_port = 0\nprotocol = -1\ncidr_blocks = ["0.0.0.0/0"]', [("-1", 0, 65535, "0.0.0.0/0")]),
        ('from_port = 0\nto_port = 0\nprotocol = "all"\ncidr_blocks = ["0.0.0.0/0"]', [("-1", 0, 65535, "0.0.0.0/0")]),
        ('from_port = 22\nto_port = 22\nprotocol = "6"\ncidr_blocks = ["0.0.0.0/0"]', [("tcp", 22, 22, "0.0.0.0/0")]),
        ('from_port = 22\nto_port = 22\nprotocol = "TCP"\ncidr_blocks = ["0.0.0.0/0"]', [("tcp", 22, 22, "0.0.0.0/0")]),
        ('from_port = -1\nto_port = -1\nprotocol = "icmp"\ncidr_blocks = ["0.0.0.0/0"]', [("icmp", -1, -1, "0.0.0.0/0")]),
        (SSH + 'cidr_blocks = ["10.0.0.0/8"]', []),
        (SSH + "cidr_blocks = [var.x]", []),
        (SSH + 'prefix_list_ids = ["pl-1"]', []),
        ('from_port = var.x\nto_port = 22\nprotocol = "tcp"\ncidr_blocks = ["0.0.0.0/0"]', []),
        ('from_port = 22\nto_port = 22\nprotocol = var.x\ncidr_blocks = ["0.0.0.0/0"]', []),
    ],
)
def test_an_inline_rule_opens_what_it_surely_says(body: str, expected: list[tuple[str, int, int, str]]) -> None:
    assert opened(inline(body)) == [(*rule, "aws_security_group.g", "ingress[0]") for rule in expected]


def test_egress_opens_nothing() -> None:
    text = f'resource "aws_security_group" "g" {{\n  egress {{\n{SSH}cidr_blocks = ["0.0.0.0/0"]\n  }}\n}}\n'
    assert opened(text) == []


def test_rules_written_as_a_list_count_too() -> None:
    text = (
        'resource "aws_security_group" "g" {\n  ingress = [{ from_port = 22, to_port = 22, protocol = "tcp", cidr_blocks = ["0.0.0.0/0"],'
        ' description = "", ipv6_cidr_blocks = [], prefix_list_ids = [], security_groups = [], self = false }]\n}\n'
    )
    assert opened(text) == [("tcp", 22, 22, "0.0.0.0/0", "aws_security_group.g", "ingress[0]")]


def test_dynamic_rules_count_each() -> None:
    text = """
    resource "aws_security_group" "g" {
      dynamic "ingress" {
        for_each = [22, 443]
        content {
          from_port   = ingress.value
          to_port     = ingress.value
          protocol    = "tcp"
          cidr_blocks = ["0.0.0.0/0"]
        }
      }
    }
    """
    assert [(port[1], port[5]) for port in opened(text)] == [(22, "ingress[0]"), (443, "ingress[1]")]


def test_rule_resources_of_both_kinds_open_their_group() -> None:
    text = """
    resource "aws_security_group" "g" {}
    resource "aws_security_group" "other" {}
    resource "aws_security_group_rule" "a" {
      type              = "ingress"
      security_group_id = aws_security_group.g.id
      from_port         = 22
      to_port           = 22
      protocol          = "tcp"
      cidr_blocks       = ["0.0.0.0/0"]
      ipv6_cidr_blocks  = ["::/0"]
    }
    resource "aws_security_group_rule" "out" {
      type              = "egress"
      security_group_id = aws_security_group.g.id
      from_port         = 0
      to_port           = 0
      protocol          = "-1"
      cidr_blocks       = ["0.0.0.0/0"]
    }
    resource "aws_vpc_security_group_ingress_rule" "b" {
      security_group_id = aws_security_group.g.id
      ip_protocol       = "-1"
      cidr_ipv4         = "0.0.0.0/0"
    }
    resource "aws_vpc_security_group_ingress_rule" "c" {
      security_group_id = aws_security_group.other.id
      ip_protocol       = "tcp"
      from_port         = 22
      to_port           = 22
      cidr_ipv6         = "::/0"
    }
    """
    assert opened(text) == [
        ("tcp", 22, 22, "0.0.0.0/0", "aws_security_group_rule.a", ""),
        ("tcp", 22, 22, "::/0", "aws_security_group_rule.a", ""),
        ("-1", 0, 65535, "0.0.0.0/0", "aws_vpc_security_group_ingress_rule.b", ""),
    ]
    assert opened(text, "aws_security_group.other") == [("tcp", 22, 22, "::/0", "aws_vpc_security_group_ingress_rule.c", "")]


def test_a_rule_for_another_group_that_only_names_this_one_opens_nothing() -> None:
    text = """
    resource "aws_security_group" "g" {}
    resource "aws_security_group_rule" "a" {
      type                     = "ingress"
      security_group_id        = "sg-123"
      source_security_group_id = aws_security_group.g.id
      from_port                = 22
      to_port                  = 22
      protocol                 = "tcp"
      cidr_blocks              = ["0.0.0.0/0"]
    }
    """
    assert opened(text) == []


def test_a_rule_of_which_there_may_be_none_opens_nothing_surely() -> None:
    text = """
    variable "open" {}
    resource "aws_security_group" "g" {}
    resource "aws_security_group_rule" "a" {
      count             = var.open ? 1 : 0
      type              = "ingress"
      security_group_id = aws_security_group.g.id
      from_port         = 22
      to_port           = 22
      protocol          = "tcp"
      cidr_blocks       = ["0.0.0.0/0"]
    }
    """
    assert opened(text) == []


def test_the_default_group_that_the_root_adopts_is_a_group() -> None:
    text = 'resource "aws_default_security_group" "g" {\n  ingress {\n    protocol = "-1"\n    from_port = 0\n    to_port = 0\n'
    assert len(opened(text + '    cidr_blocks = ["0.0.0.0/0"]\n  }\n}\n', "aws_default_security_group.g")) == 1


def test_the_place_is_the_attribute_that_opens() -> None:
    text = 'resource "aws_security_group" "g" {\n  ingress {\n' + SSH + 'cidr_blocks = ["0.0.0.0/0"]\n  }\n}\n'
    reading = reading_of(text)
    port = reading.open_ports(at(reading, "aws_security_group.g"))[0]
    start = (REGION + text).index("cidr_blocks")
    assert port.place.span == Span("main.tf", start, start + len('cidr_blocks = ["0.0.0.0/0"]'))


@pytest.mark.parametrize(("port", "protocol", "expected"), [(22, "tcp", True), (443, "tcp", True), (22, "udp", False), (21, "tcp", False)])
def test_a_range_covers_the_ports_within_of_its_protocol(port: int, protocol: str, expected: bool) -> None:
    reading = reading_of(inline('from_port = 22\nto_port = 443\nprotocol = "tcp"\ncidr_blocks = ["0.0.0.0/0"]'))
    opened: OpenPort = reading.open_ports(at(reading, "aws_security_group.g"))[0]
    assert opened.covers(port, protocol) is expected


def groups(text: str, address: str) -> list[str] | str:
    reading = reading_of(text)
    return addresses(reading.security_groups(at(reading, address)))


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("aws_instance", "vpc_security_group_ids = [aws_security_group.web.id]"),
        ("aws_lb", "security_groups = [aws_security_group.web.id]"),
        ("aws_db_instance", "vpc_security_group_ids = [aws_security_group.web.id]"),
        ("aws_ecs_service", "network_configuration {\n  security_groups = [aws_security_group.web.id]\n}"),
        ("aws_elasticache_replication_group", "security_group_ids = [aws_security_group.web.id]"),
        ("aws_lambda_function", "vpc_config {\n  security_group_ids = [aws_security_group.web.id]\n}"),
    ],
)
def test_each_type_names_its_groups_in_its_own_attribute(kind: str, body: str) -> None:
    assert groups(f'{NETWORK}\nresource "{kind}" "x" {{\n{body}\n}}\n', f"{kind}.x") == ["aws_security_group.web"]


@pytest.mark.parametrize(
    "template",
    [
        'resource "aws_launch_template" "t" {\n  vpc_security_group_ids = [aws_security_group.web.id]\n}\n',
        'resource "aws_launch_template" "t" {\n  network_interfaces {\n    security_groups = [aws_security_group.web.id]\n  }\n}\n',
    ],
)
def test_a_group_of_instances_has_the_groups_of_its_template(template: str) -> None:
    text = NETWORK + template + 'resource "aws_autoscaling_group" "g" {\n  launch_template {\n    id = aws_launch_template.t.id\n  }\n}\n'
    assert groups(text, "aws_autoscaling_group.g") == ["aws_security_group.web"]


def test_groups_of_a_module_that_is_not_here_are_unknown() -> None:
    text = 'module "sg" {\n  source = "acme/sg/aws"\n}\nresource "aws_instance" "i" {\n  vpc_security_group_ids = [module.sg.id]\n}\n'
    assert "module.sg" in str(groups(text, "aws_instance.i"))


def test_the_default_group_of_a_vpc_is_the_one_that_adopts_it() -> None:
    text = """
    resource "aws_vpc" "v" {}
    resource "aws_default_security_group" "d" {
      vpc_id = aws_vpc.v.id
    }
    resource "aws_instance" "i" {
      vpc_security_group_ids = [aws_vpc.v.default_security_group_id]
    }
    """
    assert groups(text, "aws_instance.i") == ["aws_default_security_group.d"]


def test_nodes_without_a_template_have_a_group_that_eks_makes() -> None:
    assert "EKS" in str(groups('resource "aws_eks_node_group" "n" {}\n', "aws_eks_node_group.n"))


def test_an_interface_attachment_adds_a_group() -> None:
    text = NETWORK + (
        'resource "aws_instance" "i" {}\nresource "aws_network_interface_sg_attachment" "a" {\n'
        "  security_group_id = aws_security_group.web.id\n  network_interface_id = aws_instance.i.primary_network_interface_id\n}\n"
    )
    assert groups(text, "aws_instance.i") == ["aws_security_group.web"]


def test_a_group_whose_template_is_not_of_this_root_has_unknown_security_groups() -> None:
    text = 'variable "id" {}\nresource "aws_autoscaling_group" "g" {\n  launch_template {\n    id = var.id\n  }\n}\n'
    reading = reading_of(text)
    assert isinstance(reading.security_groups(at(reading, "aws_autoscaling_group.g")), Unknown)
