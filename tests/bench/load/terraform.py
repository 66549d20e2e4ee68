"""The Terraform that the benches have reviewed: small changes that come and go, and one large one."""

from __future__ import annotations

import random

BASE = """provider "aws" {
  region = "eu-central-1"
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
"""

# Each makes a finding or two, at the same place in every head that holds it.
_CHANGES = (
    """
resource "aws_ebs_volume" "data" {
  availability_zone = "eu-central-1a"
  size              = 100
  type              = "gp2"
}
""",
    """
resource "aws_db_instance" "main" {
  identifier          = "main"
  engine              = "postgres"
  instance_class      = "db.t4g.medium"
  allocated_storage   = 50
  username            = "game"
  publicly_accessible = true
  skip_final_snapshot = true
}
""",
    """
resource "aws_security_group" "admin" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
""",
    """
resource "aws_cloudwatch_log_group" "game" {
  name = "/game/server"
}
""",
    """
resource "aws_dynamodb_table" "scores" {
  name           = "scores"
  billing_mode   = "PROVISIONED"
  read_capacity  = 200
  write_capacity = 200
  hash_key       = "player"
  attribute {
    name = "player"
    type = "S"
  }
}
""",
    """
resource "aws_elasticache_cluster" "sessions" {
  cluster_id      = "sessions"
  engine          = "redis"
  node_type       = "cache.t4g.micro"
  num_cache_nodes = 1
}
""",
)


def heads(pull: int, number: int, seed: int) -> tuple[dict[str, str], ...]:
    """So many versions of main.tf, each another choice of changes, no two alike."""
    dice = random.Random(seed * 1_000_003 + pull)
    found: list[dict[str, str]] = []
    while len(found) < number:
        chosen = sorted(dice.sample(range(len(_CHANGES)), dice.randint(2, 4)))
        text = f"# {pull}.{len(found)}\n{BASE}{''.join(_CHANGES[one] for one in chosen)}"
        found.append({"main.tf": text})
    return tuple(found)


BEFORE = BASE + '\nresource "aws_s3_bucket" "assets" {\n  bucket_prefix = "assets"\n}\n'
_ZONES = ("a", "b")
_NETWORK = """
resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}
"""
_ZONE = """
resource "aws_subnet" "public_@" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.#0.0/24"
  availability_zone       = "eu-central-1@"
  map_public_ip_on_launch = true
}

resource "aws_subnet" "private_@" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.#1.0/24"
  availability_zone = "eu-central-1@"
}

resource "aws_eip" "nat_@" {
  domain = "vpc"
}

resource "aws_nat_gateway" "main_@" {
  allocation_id = aws_eip.nat_@.id
  subnet_id     = aws_subnet.public_@.id
}

resource "aws_route_table" "private_@" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.main_@.id
  }
}

resource "aws_route_table_association" "private_@" {
  subnet_id      = aws_subnet.private_@.id
  route_table_id = aws_route_table.private_@.id
}

resource "aws_route_table_association" "public_@" {
  subnet_id      = aws_subnet.public_@.id
  route_table_id = aws_route_table.public.id
}
"""
_PUBLIC = """
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_security_group" "web" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port   = 80
    to_port     = 80
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_lb" "web" {
  name            = "web"
  subnets         = [aws_subnet.public_a.id, aws_subnet.public_b.id]
  security_groups = [aws_security_group.web.id]
}

resource "aws_lb_target_group" "web" {
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.main.id
}

resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}

resource "aws_db_subnet_group" "main" {
  subnet_ids = [aws_subnet.private_a.id, aws_subnet.private_b.id]
}
"""
_SERVER = """
resource "aws_instance" "game_@" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "m5.large"
  subnet_id              = aws_subnet.public_a.id
  vpc_security_group_ids = [aws_security_group.web.id, aws_security_group.admin.id]
}

resource "aws_ebs_volume" "game_@" {
  availability_zone = "eu-central-1a"
  size              = 200
  type              = "gp2"
}

resource "aws_volume_attachment" "game_@" {
  device_name = "/dev/sdf"
  volume_id   = aws_ebs_volume.game_@.id
  instance_id = aws_instance.game_@.id
}
"""
_FUNCTION = """
resource "aws_iam_role" "worker_@" {
  name               = "worker-@"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}

resource "aws_sqs_queue" "jobs_@" {
  name = "jobs-@"
}

resource "aws_lambda_function" "worker_@" {
  function_name = "worker-@"
  role          = aws_iam_role.worker_@.arn
  runtime       = "python3.12"
  handler       = "main.handle"
  filename      = "worker.zip"
  memory_size   = 512
}

resource "aws_lambda_event_source_mapping" "worker_@" {
  event_source_arn = aws_sqs_queue.jobs_@.arn
  function_name    = aws_lambda_function.worker_@.arn
}

resource "aws_cloudwatch_log_group" "worker_@" {
  name = "/aws/lambda/worker-@"
}
"""


def large(pull: int) -> dict[str, str]:
    """A game's back end of some sixty resources in five files: two zones, servers, a database, queues, functions. No two alike."""
    zones = "".join(_ZONE.replace("@", zone).replace("#", str(number)) for number, zone in enumerate(_ZONES))
    return {
        "main.tf": f"# {pull}\n{BEFORE}",
        "network.tf": _NETWORK + zones + _PUBLIC,
        "servers.tf": _CHANGES[2] + "".join(_SERVER.replace("@", str(number)) for number in range(3)),
        "data.tf": _CHANGES[1] + _CHANGES[4] + _CHANGES[5],
        "functions.tf": "".join(_FUNCTION.replace("@", str(number)) for number in range(5)),
    }
