"""Whole architectures as people write them, asked as rules ask."""

from __future__ import annotations

from clops_app.graph.aws.edges import derived_edges
from clops_app.kit import Known, Unknown
from tests.graph.roots import addresses, arrows, as_rules_see_it, at, graph_of, reading_of

# A network module as the well-known ones are: lists of blocks, one subnet each, one or more NAT gateways by a switch.
VPC = """
variable "azs" { type = list(string) }
variable "public" { type = list(string) }
variable "private" { type = list(string) }
variable "database" {
  type    = list(string)
  default = []
}
variable "single_nat" {
  type    = bool
  default = false
}
locals {
  nats = var.single_nat ? 1 : length(var.azs)
}
resource "aws_vpc" "this" {
  count      = 1
  cidr_block = "10.0.0.0/16"
}
resource "aws_internet_gateway" "this" {
  count  = length(var.public) > 0 ? 1 : 0
  vpc_id = aws_vpc.this[0].id
}
resource "aws_subnet" "public" {
  count             = length(var.public)
  vpc_id            = aws_vpc.this[0].id
  cidr_block        = element(concat(var.public, [""]), count.index)
  availability_zone = element(var.azs, count.index)
}
resource "aws_route_table" "public" {
  count  = length(var.public) > 0 ? 1 : 0
  vpc_id = aws_vpc.this[0].id
}
resource "aws_route" "public" {
  count                  = length(var.public) > 0 ? 1 : 0
  route_table_id         = aws_route_table.public[0].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this[0].id
}
resource "aws_route_table_association" "public" {
  count          = length(var.public)
  subnet_id      = element(aws_subnet.public[*].id, count.index)
  route_table_id = aws_route_table.public[0].id
}
resource "aws_nat_gateway" "this" {
  count     = local.nats
  subnet_id = element(aws_subnet.public[*].id, var.single_nat ? 0 : count.index)
}
resource "aws_subnet" "private" {
  count             = length(var.private)
  vpc_id            = aws_vpc.this[0].id
  cidr_block        = var.private[count.index]
  availability_zone = element(var.azs, count.index)
}
resource "aws_route_table" "private" {
  count  = local.nats
  vpc_id = aws_vpc.this[0].id
}
resource "aws_route" "private" {
  count                  = local.nats
  route_table_id         = element(aws_route_table.private[*].id, count.index)
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = element(aws_nat_gateway.this[*].id, count.index)
}
resource "aws_route_table_association" "private" {
  count          = length(var.private)
  subnet_id      = element(aws_subnet.private[*].id, count.index)
  route_table_id = element(aws_route_table.private[*].id, var.single_nat ? 0 : count.index)
}
resource "aws_subnet" "database" {
  count             = length(var.database)
  vpc_id            = aws_vpc.this[0].id
  cidr_block        = var.database[count.index]
  availability_zone = element(var.azs, count.index)
}
resource "aws_db_subnet_group" "database" {
  count      = length(var.database) > 0 ? 1 : 0
  name       = "database"
  subnet_ids = aws_subnet.database[*].id
}
output "vpc_id" {
  value = try(aws_vpc.this[0].id, null)
}
output "public_subnets" {
  value = aws_subnet.public[*].id
}
output "private_subnets" {
  value = aws_subnet.private[*].id
}
output "database_subnet_group_name" {
  value = try(aws_db_subnet_group.database[0].name, null)
}
"""

CALL = """
data "aws_availability_zones" "available" {
  state = "available"
}
locals {
  azs = slice(data.aws_availability_zones.available.names, 0, 3)
}
module "vpc" {
  source     = "./modules/vpc"
  azs        = local.azs
  public     = [for number, zone in local.azs : cidrsubnet("10.0.0.0/16", 8, number)]
  private    = [for number, zone in local.azs : cidrsubnet("10.0.0.0/16", 8, number + 10)]
  database   = [for number, zone in local.azs : cidrsubnet("10.0.0.0/16", 8, number + 20)]
  single_nat = SINGLE
}
"""
THREE = Known(("us-east-1a", "us-east-1b", "us-east-1c"))


def test_a_network_module_places_and_routes_its_subnets() -> None:
    reading = as_rules_see_it(reading_of(CALL.replace("SINGLE", "false"), modules__vpc=VPC))
    kinds = {subnet.address: reading.subnet_kind(subnet) for subnet in reading.resources("aws_subnet") if subnet.index == 1}
    assert kinds == {
        "module.vpc.aws_subnet.public[1]": Known("public"),
        "module.vpc.aws_subnet.private[1]": Known("private"),
        "module.vpc.aws_subnet.database[1]": Known("isolated"),
    }
    nats = reading.resources("aws_nat_gateway")
    assert [reading.nat_zones(nat) for nat in nats] == [Known((f"us-east-1{letter}",)) for letter in "abc"]


def test_a_single_nat_gateway_serves_all_zones() -> None:
    reading = as_rules_see_it(reading_of(CALL.replace("SINGLE", "true"), modules__vpc=VPC))
    (nat,) = reading.resources("aws_nat_gateway")
    assert (reading.zones(nat), reading.nat_zones(nat)) == (Known(("us-east-1a",)), THREE)


def test_a_database_in_the_modules_subnet_group_may_use_all_zones_and_is_not_reached() -> None:
    text = CALL.replace("SINGLE", "true") + (
        'resource "aws_db_instance" "d" {\n  publicly_accessible = true\n'
        "  db_subnet_group_name = module.vpc.database_subnet_group_name\n}\n"
    )
    reading = reading_of(text, modules__vpc=VPC)
    database = at(reading, "aws_db_instance.d")
    assert (reading.zones(database), reading.publicly_reachable(database)) == (THREE, Known(False))


WEB = """
resource "aws_security_group" "lb" {
  vpc_id = module.vpc.vpc_id
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group" "app" {
  vpc_id = module.vpc.vpc_id
  ingress {
    from_port       = 8080
    to_port         = 8080
    protocol        = "tcp"
    security_groups = [aws_security_group.lb.id]
  }
}
resource "aws_lb" "app" {
  subnets         = module.vpc.public_subnets
  security_groups = [aws_security_group.lb.id]
}
resource "aws_lb_target_group" "app" {
  port   = 8080
  vpc_id = module.vpc.vpc_id
}
resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.app.arn
  port              = 443
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}
"""


def test_a_group_behind_a_balancer_is_one_tier_in_three_zones() -> None:
    text = (
        CALL.replace("SINGLE", "true")
        + WEB
        + """
    resource "aws_launch_template" "app" {
      image_id               = "ami-1"
      instance_type          = "t3.small"
      vpc_security_group_ids = [aws_security_group.app.id]
    }
    resource "aws_autoscaling_group" "app" {
      min_size            = 2
      max_size            = 6
      vpc_zone_identifier = module.vpc.private_subnets
      target_group_arns   = [aws_lb_target_group.app.arn]
      launch_template {
        id      = aws_launch_template.app.id
        version = "$Latest"
      }
    }
    """
    )
    reading = reading_of(text, modules__vpc=VPC)
    (tier,) = reading.tiers()
    assert (tier.zones, tier.minimum, tier.maximum, tier.load_balanced) == (THREE, Known(2), Known(6), Known(True))
    group = at(reading, "aws_autoscaling_group.app")
    assert addresses(reading.load_balancers(group)) == ["aws_lb.app"]
    assert addresses(reading.security_groups(group)) == ["aws_security_group.app"]
    assert (reading.publicly_reachable(group), reading.publicly_reachable(at(reading, "aws_lb.app"))) == (Known(False), Known(True))
    assert reading.launch(group, "instance_type")[0] == Known("t3.small")


def test_a_fargate_service_is_followed_from_balancer_to_database() -> None:
    text = (
        CALL.replace("SINGLE", "true")
        + WEB
        + """
    resource "aws_security_group" "db" {
      vpc_id = module.vpc.vpc_id
    }
    resource "aws_security_group_rule" "db" {
      type                     = "ingress"
      security_group_id        = aws_security_group.db.id
      source_security_group_id = aws_security_group.app.id
      protocol                 = "tcp"
      from_port                = 5432
      to_port                  = 5432
    }
    resource "aws_db_instance" "app" {
      vpc_security_group_ids = [aws_security_group.db.id]
    }
    resource "aws_ecs_cluster" "app" {
      name = "app"
    }
    resource "aws_ecs_task_definition" "app" {
      family                = "app"
      container_definitions = "[]"
    }
    resource "aws_ecs_service" "app" {
      name            = "app"
      cluster         = aws_ecs_cluster.app.id
      task_definition = aws_ecs_task_definition.app.arn
      launch_type     = "FARGATE"
      desired_count   = 2
      network_configuration {
        subnets         = module.vpc.private_subnets
        security_groups = [aws_security_group.app.id]
      }
      load_balancer {
        target_group_arn = aws_lb_target_group.app.arn
        container_name   = "app"
        container_port   = 8080
      }
    }
    """
    )
    graph = graph_of(text, modules__vpc=VPC)
    edges = derived_edges(graph)
    assert arrows(edges, "routes_to") == ["aws_lb.app -> aws_lb_target_group.app"]
    assert arrows(edges, "serves") == ["aws_lb_target_group.app -> aws_ecs_service.app"]
    assert arrows(edges, "reads_writes") == ["aws_ecs_service.app -> aws_db_instance.app"]


def test_a_kubernetes_cluster_is_one_tier_of_its_node_groups() -> None:
    text = (
        CALL.replace("SINGLE", "true")
        + """
    resource "aws_eks_cluster" "main" {
      name = "main"
      vpc_config {
        subnet_ids = concat(module.vpc.private_subnets, module.vpc.public_subnets)
      }
    }
    resource "aws_eks_node_group" "main" {
      for_each     = toset(["one", "two"])
      cluster_name = aws_eks_cluster.main.name
      subnet_ids   = module.vpc.private_subnets
      scaling_config {
        min_size     = 1
        max_size     = 3
        desired_size = 1
      }
    }
    """
    )
    reading = reading_of(text, modules__vpc=VPC)
    (tier,) = reading.tiers()
    assert ([member.index for member in tier.members], tier.zones, tier.maximum) == (["one", "two"], THREE, Known(6))
    assert isinstance(tier.load_balanced, Unknown)


def test_a_lone_server_with_an_elastic_address_stands_alone_on_the_internet() -> None:
    text = """
    resource "aws_security_group" "web" {
      dynamic "ingress" {
        for_each = toset([80, 443])
        content {
          from_port   = ingress.value
          to_port     = ingress.value
          protocol    = "tcp"
          cidr_blocks = ["0.0.0.0/0"]
        }
      }
    }
    resource "aws_instance" "web" {
      ami                    = "ami-1"
      instance_type          = "t3.micro"
      vpc_security_group_ids = [aws_security_group.web.id]
    }
    resource "aws_eip" "web" {
      instance = aws_instance.web.id
    }
    """
    reading = reading_of(text)
    server = at(reading, "aws_instance.web")
    assert (reading.role(server), reading.publicly_reachable(server)) == ("serving", Known(True))
    assert addresses(reading.load_balancers(server)) == []
    (tier,) = reading.tiers()
    assert (tier.members, tier.load_balanced) == ((server,), Known(False))


def test_the_same_network_from_a_module_that_is_not_here_leaves_all_unknown() -> None:
    text = CALL.replace("SINGLE", "true").replace("./modules/vpc", "acme/vpc/aws") + WEB
    reading = reading_of(text)
    balancer = at(reading, "aws_lb.app")
    assert addresses(reading.subnets(balancer)) == "module.vpc comes from acme/vpc/aws, which is not downloaded"
    assert isinstance(reading.zones(balancer), Unknown)
    assert reading.publicly_reachable(balancer) == Known(True)  # internet-facing by its own word, and its group is open
