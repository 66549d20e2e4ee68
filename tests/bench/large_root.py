"""How the time of a review grows with the root: roots of lone servers and of services, each some sizes, made in memory.

    python -m tests.bench.large_root [SIZE ...] [--times N]

Milliseconds, minimum of N, beside them milliseconds for each server or service: a figure that grows down the page is time
that grows faster than the root. Sizes are 300, 1000 and 3000 when none is given.
"""

from __future__ import annotations

import argparse

from clops_app.cost.bill import bill
from clops_app.cost.book import embedded_book
from clops_app.graph.aws import Reading
from clops_app.graph.aws.edges import derived_edges
from clops_app.graph.build import build_graph
from clops_app.model.source import SourceTree
from clops_app.rulebook.load import load_rules
from clops_app.rulebook.run import RuleSettings, run_rules
from clops_app.terraform.evaluate import evaluate
from tests.bench.review import fastest

NETWORK = """
provider "aws" { region = "us-east-1" }
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/8" }
resource "aws_internet_gateway" "main" { vpc_id = aws_vpc.main.id }
resource "aws_subnet" "front" {
  count             = 3
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.${count.index}.0.0/16"
  availability_zone = "us-east-1${["a", "b", "c"][count.index]}"
}
resource "aws_route_table" "front" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}
resource "aws_route_table_association" "front" {
  count          = 3
  subnet_id      = aws_subnet.front[count.index].id
  route_table_id = aws_route_table.front.id
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
"""

SERVER = """
resource "aws_instance" "i@" {
  ami                    = "ami-@"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.front[@ % 3].id
  vpc_security_group_ids = [aws_security_group.web.id]
}
resource "aws_sqs_queue" "q@" {
  count = 3
  name  = "q-@-${count.index}"
}
resource "aws_cloudwatch_log_group" "l@" { name = "/x/@" }
"""

CLUSTER = """
resource "aws_ecs_cluster" "main" { name = "main" }
resource "aws_lb" "main" {
  subnets         = aws_subnet.front[*].id
  security_groups = [aws_security_group.web.id]
}
resource "aws_lb_listener" "main" {
  load_balancer_arn = aws_lb.main.arn
  port              = 80
  default_action {
    type = "fixed-response"
  }
}
"""

SERVICE = """
resource "aws_ecs_service" "s@" {
  name            = "s-@"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.t@.arn
  desired_count   = 2
  launch_type     = "FARGATE"
  network_configuration {
    subnets         = aws_subnet.front[*].id
    security_groups = [aws_security_group.web.id]
  }
  load_balancer {
    target_group_arn = aws_lb_target_group.g@.arn
    container_name   = "s"
    container_port   = 80
  }
}
resource "aws_ecs_task_definition" "t@" {
  family                = "s-@"
  cpu                   = 256
  memory                = 512
  container_definitions = jsonencode([{ name = "s", image = "s", environment = [{ name = "TABLE", value = aws_dynamodb_table.d@.name }] }])
}
resource "aws_lb_target_group" "g@" { vpc_id = aws_vpc.main.id }
resource "aws_lb_listener_rule" "r@" {
  listener_arn = aws_lb_listener.main.arn
  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.g@.arn
  }
}
resource "aws_appautoscaling_target" "a@" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.s@.name}"
  min_capacity       = 2
  max_capacity       = 8
}
resource "aws_appautoscaling_policy" "p@" {
  name               = "p-@"
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = aws_appautoscaling_target.a@.resource_id
}
resource "aws_dynamodb_table" "d@" {
  name         = "d-@"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
}
"""

SHAPES = {"lone servers": (NETWORK, SERVER), "services": (NETWORK + CLUSTER, SERVICE)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=[300, 1000, 3000])
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    for shape, (shared, repeated) in SHAPES.items():
        print(f"{shape:14}" + "".join(f"{stage:>20}" for stage in ("evaluate", "graph", "rules", "bill", "diagram's edges")))
        for size in given.sizes:
            stages = _stages(root(shared, repeated, size), given.times)
            print(f"{size:>14,}" + "".join(f"{ms:>11,.0f}{ms / size:>6.3f} ms" for ms in stages))


def root(shared: str, repeated: str, size: int) -> SourceTree:
    """A root in which `repeated` stands `size` times, with its number for every @; a hundred of them fill a file."""
    numbers = [range(size)[first : first + 100] for first in range(0, size, 100)]
    files = {f"{each.start}.tf": "".join(repeated.replace("@", str(number)) for number in each).encode() for each in numbers}
    return SourceTree({"main.tf": shared.encode(), **files})


def _stages(tree: SourceTree, times: int) -> tuple[float, ...]:
    """Milliseconds of each stage, every one from scratch but for the stage before it."""
    rules, book = load_rules(), embedded_book()
    evaluated, configuration = fastest(times, lambda: evaluate(tree, ""))
    built, graph = fastest(times, lambda: build_graph(configuration))
    judged, _ = fastest(times, lambda: run_rules(rules, Reading(graph), tree, "", RuleSettings()))
    priced, _ = fastest(times, lambda: bill(graph, Reading(graph), book))
    derived, _ = fastest(times, lambda: derived_edges(graph))
    return evaluated, built, judged, priced, derived


if __name__ == "__main__":
    main()
