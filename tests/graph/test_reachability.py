"""Reached from the internet: a public address, a route and an open port, all three or not."""

from __future__ import annotations

import pytest

from clops_app.kit import Known, Unknown, Value
from tests.graph.roots import NETWORK, at, reading_of


def reachable(text: str, address: str) -> Value:
    reading = reading_of(text)
    return reading.publicly_reachable(at(reading, address))


def instance(body: str, subnet: str = "aws_subnet.front[0].id", groups: str = "[aws_security_group.web.id]") -> str:
    return f'{NETWORK}\nresource "aws_instance" "i" {{\n  subnet_id = {subnet}\n  vpc_security_group_ids = {groups}\n{body}\n}}\n'


PUBLIC = "associate_public_ip_address = true"


def test_an_instance_with_address_route_and_port_is_reached() -> None:
    assert reachable(instance(PUBLIC), "aws_instance.i") == Known(True)


def test_an_elastic_address_is_an_address() -> None:
    assert reachable(instance("") + 'resource "aws_eip" "e" {\n  instance = aws_instance.i.id\n}\n', "aws_instance.i") == Known(True)


def test_an_associated_elastic_address_is_an_address() -> None:
    text = instance("") + (
        'resource "aws_eip" "e" {}\nresource "aws_eip_association" "a" {\n'
        "  allocation_id = aws_eip.e.id\n  instance_id = aws_instance.i.id\n}\n"
    )
    assert reachable(text, "aws_instance.i") == Known(True)


def test_a_subnet_that_gives_addresses_gives_one() -> None:
    text = instance("").replace('resource "aws_subnet" "front" {', 'resource "aws_subnet" "front" {\n  map_public_ip_on_launch = true')
    assert reachable(text, "aws_instance.i") == Known(True)


@pytest.mark.parametrize(
    "text",
    [
        instance(""),
        instance("associate_public_ip_address = false"),
        instance(PUBLIC, subnet="aws_subnet.back[0].id"),
        instance(PUBLIC, groups="[]"),
        instance(PUBLIC, groups="[aws_security_group.shut.id]") + 'resource "aws_security_group" "shut" {}\n',
    ],
    ids=["no address", "address refused", "no route", "no group", "no open port"],
)
def test_an_instance_that_lacks_one_is_not_reached(text: str) -> None:
    assert reachable(text, "aws_instance.i") == Known(False)


@pytest.mark.parametrize(
    "text",
    [
        instance("associate_public_ip_address = var.x"),
        instance(PUBLIC, subnet="var.x"),
        instance(PUBLIC, groups="[var.x]"),
    ],
    ids=["address", "route", "port"],
)
def test_an_unknown_part_makes_it_unknown(text: str) -> None:
    answer = reachable('variable "x" {}\n' + text, "aws_instance.i")
    assert isinstance(answer, Unknown)
    assert "var.x" in answer.why


DOOR = 'resource "aws_security_group" "door" {{\n{inline}\n}}\n'
RULE = 'resource "aws_security_group_rule" "r" {{\n  security_group_id = aws_security_group.door.id\n{body}\n}}\n'
SSH = 'from_port = 22\nto_port = 22\nprotocol = "tcp"\n'


@pytest.mark.parametrize(
    "group",
    [
        DOOR.format(inline=f"ingress {{\n{SSH}cidr_blocks = [var.x]\n}}"),
        DOOR.format(inline='ingress {\nfrom_port = var.x\nto_port = 22\nprotocol = "tcp"\ncidr_blocks = ["0.0.0.0/0"]\n}'),
        DOOR.format(inline='dynamic "ingress" {\nfor_each = var.x\ncontent {\nfrom_port = ingress.value\n}\n}'),
        DOOR.format(inline="") + RULE.format(body=f'type = "ingress"\n{SSH}cidr_blocks = [var.x]'),
        DOOR.format(inline="") + RULE.format(body=f'count = var.x\ntype = "ingress"\n{SSH}cidr_blocks = ["0.0.0.0/0"]'),
        DOOR.format(inline="") + 'module "rules" {\n  source = "acme/rules/aws"\n  group  = aws_security_group.door.id\n}\n',
    ],
    ids=["whom", "which port", "how many", "whom, apart", "whether, apart", "elsewhere"],
)
def test_a_group_that_may_open_a_port_makes_it_unknown(group: str) -> None:
    text = 'variable "x" {}\n' + instance(PUBLIC, groups="[aws_security_group.door.id]") + group
    assert isinstance(reachable(text, "aws_instance.i"), Unknown)


def test_a_group_that_lets_in_another_group_opens_nothing_to_the_world() -> None:
    inline = f"ingress {{\n{SSH}security_groups = [aws_security_group.web.id]\n}}"
    text = instance(PUBLIC, groups="[aws_security_group.door.id]") + DOOR.format(inline=inline)
    assert reachable(text, "aws_instance.i") == Known(False)


def test_a_part_that_is_surely_missing_outweighs_an_unknown_one() -> None:
    assert reachable('variable "x" {}\n' + instance("associate_public_ip_address = false", groups="[var.x]"), "aws_instance.i") == Known(
        False
    )


def test_an_open_group_among_unknown_ones_is_enough() -> None:
    text = 'variable "x" {}\n' + instance(PUBLIC, groups="[aws_security_group.web.id, var.x]")
    assert reachable(text, "aws_instance.i") == Known(True)


def test_an_instance_without_subnet_is_in_the_default_vpc_and_public() -> None:
    text = """
    resource "aws_security_group" "s" {
      ingress {
        from_port   = 80
        to_port     = 80
        protocol    = "tcp"
        cidr_blocks = ["0.0.0.0/0"]
      }
    }
    resource "aws_instance" "i" {
      vpc_security_group_ids = [aws_security_group.s.id]
    }
    """
    assert reachable(text, "aws_instance.i") == Known(True)


def balancer(body: str, subnets: str = "aws_subnet.front[*].id", groups: str = "[aws_security_group.web.id]") -> str:
    return f'variable "x" {{}}\n{NETWORK}\nresource "aws_lb" "l" {{\n  subnets = {subnets}\n  security_groups = {groups}\n{body}\n}}\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (balancer(""), True),
        (balancer("internal = false", subnets="var.x"), True),
        (balancer('load_balancer_type = "network"', groups="null"), True),
        (balancer("internal = true"), False),
        (balancer("", groups="[]"), False),
        (balancer("", subnets="aws_subnet.back[*].id"), False),
        (balancer('load_balancer_type = "gateway"'), False),
    ],
    ids=["internet-facing", "subnets unknown", "network without groups", "internal", "no group", "private subnets", "gateway"],
)
def test_a_load_balancer_is_reached_unless_internal(text: str, expected: bool) -> None:
    assert reachable(text, "aws_lb.l") == Known(expected)


@pytest.mark.parametrize("text", [balancer("internal = var.x"), balancer("", groups="var.x")])
def test_a_load_balancer_of_unknown_scheme_or_groups_is_unknown(text: str) -> None:
    assert isinstance(reachable(text, "aws_lb.l"), Unknown)


def database(body: str, subnets: str = "aws_subnet.front[*].id", port: int = 5432) -> str:
    return f"""
    variable "x" {{}}
    {NETWORK}
    resource "aws_db_subnet_group" "g" {{
      subnet_ids = {subnets}
    }}
    resource "aws_security_group" "db" {{
      ingress {{
        from_port   = {port}
        to_port     = {port}
        protocol    = "tcp"
        cidr_blocks = ["0.0.0.0/0"]
      }}
    }}
    resource "aws_db_instance" "d" {{
      engine                 = "postgres"
      db_subnet_group_name   = aws_db_subnet_group.g.name
      vpc_security_group_ids = [aws_security_group.db.id]
      {body}
    }}
    """


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (database("publicly_accessible = true"), True),
        (database("publicly_accessible = true\nport = 6000", port=6000), True),
        (database(""), False),
        (database("publicly_accessible = false", subnets="var.x"), False),
        (database("publicly_accessible = true", subnets="aws_subnet.back[*].id"), False),
        (database("publicly_accessible = true", port=6000), False),
    ],
    ids=["all three", "own port", "default", "refused", "private subnets", "another port"],
)
def test_a_database_is_reached_with_address_route_and_its_own_port(text: str, expected: bool) -> None:
    assert reachable(text, "aws_db_instance.d") == Known(expected)


def test_a_public_address_in_unknown_subnets_is_not_yet_reached() -> None:
    assert isinstance(reachable(database("publicly_accessible = true", subnets="var.x"), "aws_db_instance.d"), Unknown)


@pytest.mark.parametrize(("assigned", "expected"), [("true", True), ("false", False), ("null", False)])
def test_a_task_is_reached_by_the_address_it_is_assigned(assigned: str, expected: bool) -> None:
    text = f"""
    {NETWORK}
    resource "aws_ecs_service" "s" {{
      launch_type = "FARGATE"
      network_configuration {{
        subnets          = aws_subnet.front[*].id
        security_groups  = [aws_security_group.web.id]
        assign_public_ip = {assigned}
      }}
    }}
    """
    assert reachable(text, "aws_ecs_service.s") == Known(expected)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", True),
        ('public_access_cidrs = ["0.0.0.0/0"]', True),
        ('public_access_cidrs = ["203.0.113.0/24"]', False),
        ("endpoint_public_access = false", False),
    ],
)
def test_a_cluster_answers_the_internet_unless_told_not_to(body: str, expected: bool) -> None:
    text = f'resource "aws_eks_cluster" "c" {{\n  vpc_config {{\n    subnet_ids = []\n    {body}\n  }}\n}}\n'
    assert reachable(text, "aws_eks_cluster.c") == Known(expected)


def test_a_cache_is_never_reached() -> None:
    assert reachable('resource "aws_elasticache_cluster" "c" {}\n', "aws_elasticache_cluster.c") == Known(False)


def test_of_other_types_it_is_not_known() -> None:
    assert isinstance(reachable('resource "aws_s3_bucket" "b" {}\n', "aws_s3_bucket.b"), Unknown)
