"""Small roots for the graph's tests: real Terraform text through the real evaluator."""

from __future__ import annotations

from textwrap import dedent

from clops_app.graph.aws import Reading
from clops_app.graph.build import build_graph
from clops_app.kit import Architecture
from clops_app.model.graph import Edge, EdgeKind, Graph
from clops_app.model.resource import Resource
from clops_app.model.source import SourceTree
from clops_app.model.values import Unknown
from clops_app.terraform.evaluate import evaluate

REGION = 'provider "aws" {\n  region = "us-east-1"\n}\n'

# Two public subnets in two zones and two private ones behind one NAT gateway.
NETWORK = """
data "aws_availability_zones" "available" {}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "front" {
  count             = 2
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.${count.index}.0/24"
  availability_zone = data.aws_availability_zones.available.names[count.index]
}

resource "aws_route_table" "front" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route" "front" {
  route_table_id         = aws_route_table.front.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.main.id
}

resource "aws_route_table_association" "front" {
  count          = length(aws_subnet.front)
  subnet_id      = aws_subnet.front[count.index].id
  route_table_id = aws_route_table.front.id
}

resource "aws_subnet" "back" {
  count             = 2
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.1${count.index}.0/24"
  availability_zone = data.aws_availability_zones.available.names[count.index]
}

resource "aws_nat_gateway" "main" {
  subnet_id = aws_subnet.front[0].id
}

resource "aws_route_table" "back" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.main.id
  }
}

resource "aws_route_table_association" "back" {
  for_each       = { for number, subnet in aws_subnet.back : number => subnet.id }
  subnet_id      = each.value
  route_table_id = aws_route_table.back.id
}

resource "aws_security_group" "web" {
  vpc_id = aws_vpc.main.id

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""


def graph_of(text: str, **files: str) -> Graph:
    """The graph of a root at the top of a tree; `modules__web="…"` is the file modules/web/main.tf."""
    texts = {"main.tf": REGION + dedent(text)} | {f"{name.replace('__', '/')}/main.tf": dedent(body) for name, body in files.items()}
    return build_graph(evaluate(SourceTree({path: body.encode() for path, body in texts.items()}), ""))


def reading_of(text: str, **files: str) -> Reading:
    return Reading(graph_of(text, **files))


def at(architecture: Reading, address: str) -> Resource:
    return architecture.graph.resources[address]


def addresses(found: tuple[Resource, ...] | Unknown) -> list[str] | str:
    """The addresses, or why they are unknown."""
    return found.why if isinstance(found, Unknown) else [resource.address for resource in found]


def arrows(edges: tuple[Edge, ...], kind: EdgeKind = "references") -> list[str]:
    return [f"{edge.origin} -> {edge.target}" for edge in edges if edge.kind == kind]


def as_rules_see_it(reading: Reading) -> Architecture:
    """That this passes the type checker is the test that a Reading is what rules are promised."""
    return reading
