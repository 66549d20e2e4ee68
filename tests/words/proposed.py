"""A fault that no fixer of ours mends (two zones, one way out), and what a good model would propose."""

from __future__ import annotations

from tests.adapters.writer.world import Answer

NAME = "Anthropic: claude-sonnet-5-5"
ROUTES = """\
resource "aws_route_table_association" "private" {
  for_each = aws_subnet.private

  subnet_id      = each.value.id
  route_table_id = aws_route_table.private.id
}
"""
BACKEND = """\
terraform {
  backend "s3" {
    bucket       = "states"
    key          = "game"
    region       = "us-east-1"
    use_lockfile = true
  }
}

provider "aws" {
  region = "us-east-1"
}
"""
# Two zones, one way out: a fault that no fixer of ours mends.
MAIN = f"""\
{BACKEND}
resource "aws_vpc" "main" {{
  cidr_block = "10.0.0.0/16"
}}

resource "aws_internet_gateway" "main" {{
  vpc_id = aws_vpc.main.id
}}

resource "aws_subnet" "public" {{
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.0.0/24"
  availability_zone = "us-east-1a"
}}

resource "aws_subnet" "private" {{
  for_each = {{ a = "10.0.10.0/24", b = "10.0.11.0/24" }}

  vpc_id            = aws_vpc.main.id
  cidr_block        = each.value
  availability_zone = "us-east-1${{each.key}}"
}}

resource "aws_eip" "nat" {{
  domain = "vpc"
}}

resource "aws_nat_gateway" "main" {{
  subnet_id     = aws_subnet.public.id
  allocation_id = aws_eip.nat.id
}}

resource "aws_route_table" "private" {{
  vpc_id = aws_vpc.main.id

  route {{
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.main.id
  }}
}}

{ROUTES}"""
MENDED = """\
resource "aws_subnet" "public_b" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.1.0/24"
  availability_zone = "us-east-1b"
}

resource "aws_eip" "nat_b" {
  domain = "vpc"
}

resource "aws_nat_gateway" "b" {
  subnet_id     = aws_subnet.public_b.id
  allocation_id = aws_eip.nat_b.id
}

resource "aws_route_table" "private_b" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.b.id
  }
}

resource "aws_route_table_association" "private" {
  for_each = aws_subnet.private

  subnet_id      = each.value.id
  route_table_id = each.key == "b" ? aws_route_table.private_b.id : aws_route_table.private.id
}
"""


def proposal(new: str, old: str = ROUTES, path: str = "main.tf", reason: str = "Each zone its own.") -> Answer:
    return Answer({"proposals": [{"finding": "finding:1", "edits": [{"path": path, "old": old, "new": new}], "reason": reason}]})


LEAD = "When a zone fails, the servers of the others lose their way out."
WORDS = Answer({"headline": LEAD, "story": ["That is what this change builds."], "explanations": [], "priorities": [], "questions": []})
