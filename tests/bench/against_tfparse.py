"""How much faster a root is evaluated here than by tfparse, on a given root and on a generated one of over a thousand instances.

    python -m tests.bench.against_tfparse [ROOT] --tfparse PYTHON [--repository DIRECTORY] [--times N]

PYTHON is an interpreter that has tfparse (PyPI), best in an environment of its own. tfparse runs in a process apart, which
times itself so that neither its start nor its imports count, with an end to its memory and its time: it has been seen not to
return at all. Ours is timed in one process. Milliseconds, the least of N, files read and parsed anew each time. ROOT is
examples/viral-game/head when none is given; modules are found in --repository (ROOT itself when it is not given).

Measure on a quiet machine (under load tfparse, which has several threads, loses more than we do) and with a Python as distributions
build it: one that pyenv compiled without --enable-optimizations takes a fifth longer.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from clops_app.adapters.disk import read_directory
from clops_app.entrypoints.cli import GARBAGE_AFTER, RECURSION_LIMIT
from clops_app.terraform.evaluate import evaluate
from tests.bench.review import HOUSE, fastest

_MEBIBYTES, _SECONDS = 4_096, 300
_THEIRS = """
import gc, json, sys, time
from tfparse import load_from_path
best, blocks = float("inf"), 0
for _ in range(int(sys.argv[2])):
    found = None
    gc.collect()
    began = time.perf_counter()
    found = load_from_path(sys.argv[1], stop_on_hcl_error=False)
    best = min(best, time.perf_counter() - began)
    blocks = sum(len(each) for kind, each in found.items() if kind.startswith(("aws_", "terraform_data")))
print(json.dumps([best * 1000, blocks]))
"""
_SHARED = """
variable "environment" {
  type    = string
  default = "production"
}
locals {
  name  = "game-${var.environment}"
  tags  = { Environment = var.environment, Team = "backend", Service = local.name }
  zones = ["us-east-1a", "us-east-1b", "us-east-1c"]
}
provider "aws" { region = "us-east-1" }
resource "aws_vpc" "main" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
  tags                 = merge(local.tags, { Name = local.name })
}
resource "aws_subnet" "private" {
  count             = length(local.zones)
  vpc_id            = aws_vpc.main.id
  cidr_block        = cidrsubnet(aws_vpc.main.cidr_block, 8, count.index)
  availability_zone = local.zones[count.index]
  tags              = merge(local.tags, { Name = format("%s-private-%d", local.name, count.index) })
}
resource "aws_ecs_cluster" "main" {
  name = local.name
  tags = local.tags
}
"""
# A server with what stands around it: seven blocks, ten instances.
_SERVER = """
resource "aws_security_group" "web_@" {
  name        = "${local.name}-web-@"
  description = "what reaches server @"
  vpc_id      = aws_vpc.main.id
  tags        = merge(local.tags, { Name = "web-@" })

  ingress {
    description = "https"
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = [aws_vpc.main.cidr_block]
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "web_@" {
  count                  = 2
  ami                    = "ami-0123456789abcdef0"
  instance_type          = var.environment == "production" ? "m6i.large" : "t3.micro"
  subnet_id              = aws_subnet.private[count.index].id
  vpc_security_group_ids = [aws_security_group.web_@.id]
  iam_instance_profile   = aws_iam_instance_profile.web_@.name
  tags                   = merge(local.tags, { Name = "${local.name}-web-@-${count.index}", Order = tostring(count.index) })

  root_block_device {
    volume_type = "gp3"
    volume_size = 50
    encrypted   = true
  }
}
resource "aws_iam_role" "web_@" {
  name = "${local.name}-web-@"
  tags = local.tags
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}
resource "aws_iam_instance_profile" "web_@" {
  name = aws_iam_role.web_@.name
  role = aws_iam_role.web_@.name
}
resource "aws_sqs_queue" "jobs_@" {
  for_each                   = toset(["mail", "matches", "scores"])
  name                       = "${local.name}-@-${each.key}"
  visibility_timeout_seconds = 60
  message_retention_seconds  = 7 * 24 * 3600
  tags                       = merge(local.tags, { Queue = upper(each.key) })
}
resource "aws_cloudwatch_log_group" "web_@" {
  name              = "/${local.name}/web-@"
  retention_in_days = var.environment == "production" ? 90 : 7
  tags              = local.tags
}
resource "aws_cloudwatch_metric_alarm" "cpu_@" {
  alarm_name          = "${local.name}-cpu-@"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 3
  metric_name         = "CPUUtilization"
  namespace           = "AWS/EC2"
  period              = 60
  statistic           = "Average"
  threshold           = 80
  dimensions          = { InstanceId = aws_instance.web_@[0].id }
  tags                = local.tags
}
"""
_MODULE = """
variable "name" { type = string }
variable "tags" { type = map(string) }
resource "aws_dynamodb_table" "this" {
  count        = 20
  name         = "${var.name}-${count.index}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  tags         = merge(var.tags, { Number = format("%03d", count.index) })
  attribute {
    name = "id"
    type = "S"
  }
}
"""
_CALL = """
module "tables_@" {
  source = "./tables"
  name   = "${local.name}-@"
  tags   = local.tags
}
"""
_SERVERS, _CALLS, _SERVERS_A_FILE = 80, 20, 10


def generated() -> dict[str, str]:
    """A root like that of ENGINE.md's measurement: some 560 blocks that refer to each other and 20 calls of a module."""
    servers = [_SERVER.replace("@", str(number)) for number in range(_SERVERS)]
    files = {f"web{first}.tf": "".join(servers[first : first + _SERVERS_A_FILE]) for first in range(0, _SERVERS, _SERVERS_A_FILE)}
    calls = "".join(_CALL.replace("@", str(number)) for number in range(_CALLS))
    return {"main.tf": _SHARED + calls, "tables/main.tf": _MODULE, **files}


def ours(repository: Path, scope: str, times: int) -> tuple[float, int]:
    """Milliseconds, files read from the disk included, and how many resources there are."""
    took, configuration = fastest(times, lambda: evaluate(read_directory(str(repository), scope).tree, scope, None))
    return took, sum(resource.mode == "managed" for resource in configuration.resources)


def theirs(python: str, root: Path, times: int) -> tuple[float, int] | str:
    """The same of tfparse, or why there is no figure."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (_MEBIBYTES * 1024**2, _MEBIBYTES * 1024**2))

    command = [python, "-c", _THEIRS, str(root), str(times)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, preexec_fn=limit, check=False)
    except subprocess.TimeoutExpired:
        return f"no answer within {_SECONDS} s"
    if done.returncode:
        return (done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"])[-1]
    took, blocks = json.loads(done.stdout.splitlines()[-1])
    return took, blocks


def compare(name: str, repository: Path, scope: str, python: str, times: int) -> None:
    took, resources = ours(repository, scope, times)
    other = theirs(python, repository / scope, times)
    said = other if isinstance(other, str) else f"{other[0]:9.1f} ms ({other[1]:,} resources)   {other[0] / took:6.1f}x"
    print(f"{name:34} ours {took:8.1f} ms ({resources:,} resources)   tfparse {said}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", nargs="?", type=Path, default=HOUSE / "examples/viral-game/head")
    parser.add_argument("--repository", type=Path)
    parser.add_argument("--tfparse", required=True, metavar="PYTHON")
    parser.add_argument("--times", type=int, default=7)
    given = parser.parse_args()
    sys.setrecursionlimit(RECURSION_LIMIT)
    gc.set_threshold(GARBAGE_AFTER)  # as `clops` does
    repository = (given.repository or given.root).resolve()
    scope = given.root.resolve().relative_to(repository).as_posix().removeprefix(".")
    compare(scope or given.root.name, repository, scope, given.tfparse, given.times)
    with tempfile.TemporaryDirectory() as directory:
        for path, text in generated().items():
            file = Path(directory, path)
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
        compare("generated", Path(directory), "", given.tfparse, given.times)


if __name__ == "__main__":
    main()
