"""A bill names everything: what it costs, what is free, what has no price and why; ignorance is never $0."""

from __future__ import annotations

from decimal import Decimal

import pytest

from clops_app.cost.usage import parse_usage
from tests.cost.roots import billed, lines, why

INSTANCE = """
resource "aws_instance" "x" {{
  ami                         = "ami-1"
  instance_type               = {type}
  associate_public_ip_address = false
{more}}}
"""


def instance(type: str = '"m7g.large"', more: str = "") -> str:
    return INSTANCE.format(type=type, more=more)


def test_a_root_costs_the_sum_of_what_is_known() -> None:
    found = billed(instance() + 'resource "aws_nat_gateway" "n" {\n  subnet_id = "subnet-1"\n}\n')
    # 730 h × 0.0816 + 8 GiB × 0.08 (m7g.large, gp3) and 730 h × 0.045 (NAT gateway), us-east-1
    assert found.monthly_usd == Decimal("60.208") + Decimal("32.85")
    assert found.prices_date == "2025-12-06"


def test_free_types_are_named() -> None:
    assert billed('resource "aws_vpc" "v" {\n  cidr_block = "10.0.0.0/16"\n}\n').free == ("aws_vpc.v",)


def test_a_type_without_prices_is_named_with_the_reason() -> None:
    found = billed('resource "aws_memorydb_cluster" "m" {\n  acl_name = "a"\n  node_type = "db.t4g.small"\n}\n')
    assert [(item.address, item.type, item.why) for item in found.unpriced] == [
        ("aws_memorydb_cluster.m", "aws_memorydb_cluster", "ClOps has no prices for aws_memorydb_cluster yet")
    ]
    assert found.resources == ()


def test_what_no_cloud_bills_is_in_no_list() -> None:
    found = billed('resource "random_id" "r" {\n  byte_length = 4\n}\nresource "null_resource" "n" {}\n')
    assert (found.resources, found.unpriced, found.free) == ((), (), ())


def test_another_cloud_is_unpriced() -> None:
    found = billed('resource "google_compute_instance" "g" {\n  name = "g"\n}\n')
    assert why(found, "google_compute_instance.g") == "ClOps knows the prices of AWS only"


def test_a_data_source_costs_nothing_and_is_not_listed() -> None:
    found = billed('data "aws_instance" "d" {\n  instance_id = "i-1"\n}\n')
    assert (found.resources, found.unpriced, found.free) == ((), (), ())


def test_an_unknown_that_decides_the_price_is_told_in_its_own_words() -> None:
    found = billed('variable "size" {}\n' + instance("var.size"))
    assert why(found, "aws_instance.x") == "instance: instance_type is unknown: var.size has no default and no value is given"


def test_the_parts_that_have_a_price_are_billed_beside_one_that_has_none() -> None:
    found = billed('variable "size" {}\n' + instance("var.size"))
    assert list(lines(found, "aws_instance.x")) == ["Root volume, gp3 storage"]


def test_a_size_that_does_not_exist_has_no_price() -> None:
    assert why(billed(instance('"m7g.huge"')), "aws_instance.x") == "Instance, m7g.huge: no price in us-east-1"


def test_a_region_without_disk_prices_says_so_and_takes_no_other_regions() -> None:
    found = billed(instance('"m6g.large"'), "ap-southeast-5")
    assert why(found, "aws_instance.x") == "Root volume, gp3 storage: no price in ap-southeast-5"
    assert list(lines(found, "aws_instance.x")) == ["Instance, m6g.large"]


def test_an_unknown_region_is_told_once() -> None:
    text = 'variable "region" {}\nprovider "aws" {\n  region = var.region\n}\nresource "aws_nat_gateway" "n" {\n  subnet_id = "s"\n}\n'
    found = billed(text, region="")
    assert why(found, "aws_nat_gateway.n") == "its region is unknown: var.region has no default and no value is given"


def test_an_unknown_number_of_instances_is_counted_once_and_says_so() -> None:
    found = billed('variable "n" {}\n' + instance(more="  count = var.n\n"))
    line = lines(found, "aws_instance.x[*]")["Instance, m7g.large"]
    assert line.quantity == 730
    assert line.assumption == "how many there are is unknown (var.n has no default and no value is given): counted once"


def test_an_unknown_desired_size_falls_back_to_the_least() -> None:
    group = """
    variable "desired" {}
    resource "aws_launch_template" "t" {
      image_id      = "ami-1"
      instance_type = "m7g.large"
    }
    resource "aws_autoscaling_group" "x" {
      min_size         = 2
      max_size         = 4
      desired_capacity = var.desired
      launch_template {
        id = aws_launch_template.t.id
      }
    }
    """
    line = lines(billed(group), "aws_autoscaling_group.x")["Instance, m7g.large"]
    assert line.quantity == 1460
    assert line.assumption == "desired_capacity is unknown (var.desired has no default and no value is given): min_size counted"


def test_a_group_that_starts_with_none_costs_a_known_nothing() -> None:
    group = """
    resource "aws_launch_template" "t" {
      image_id      = "ami-1"
      instance_type = "m7g.large"
    }
    resource "aws_autoscaling_group" "x" {
      min_size = 0
      max_size = 4
      launch_template {
        id = aws_launch_template.t.id
      }
    }
    """
    found = lines(billed(group), "aws_autoscaling_group.x")
    assert {name: (line.quantity, line.assumption) for name, line in found.items()}["Instance, m7g.large"] == (0, "it starts with none")


def test_a_mixed_group_counts_on_demand_and_spot_apart() -> None:
    group = """
    resource "aws_launch_template" "t" {
      image_id = "ami-1"
    }
    resource "aws_autoscaling_group" "x" {
      min_size         = 1
      max_size         = 9
      desired_capacity = 5
      mixed_instances_policy {
        instances_distribution {
          on_demand_base_capacity                  = 1
          on_demand_percentage_above_base_capacity = 25
        }
        launch_template {
          launch_template_specification {
            launch_template_id = aws_launch_template.t.id
          }
          override {
            instance_type = "m7g.large"
          }
        }
      }
    }
    """
    found = billed(group).resources[0].lines
    hours = [(line.quantity, (line.assumption or "").partition(":")[0]) for line in found if line.name == "Instance, m7g.large"]
    assert hours == [(1460, ""), (2190, "Spot")]


def test_windows_is_unpriced_however_it_shows() -> None:
    no_price = "Instance, m7g.large: ClOps has no prices for windows instances"
    by_password = billed(instance(more="  get_password_data = true\n"))
    by_image = billed(
        'data "aws_ami" "w" {\n  owners = ["amazon"]\n  filter {\n    name = "name"\n    values = ["Windows_Server-2022-*"]\n  }\n}\n'
        + instance().replace('"ami-1"', "data.aws_ami.w.id")
    )
    by_script = billed(instance(more='  user_data = "<powershell>Install-IIS</powershell>"\n'))
    assert [why(found, "aws_instance.x") for found in (by_password, by_image, by_script)] == [no_price] * 3


def test_a_dedicated_instance_is_unpriced() -> None:
    found = billed(instance(more='  tenancy = "dedicated"\n'))
    assert why(found, "aws_instance.x") == "instance: ClOps has no prices for dedicated instances"


def test_engines_without_prices_are_unpriced() -> None:
    text = 'resource "aws_db_instance" "x" {\n  engine = "oracle-se2"\n  instance_class = "db.m5.large"\n  allocated_storage = 20\n}\n'
    assert why(billed(text), "aws_db_instance.x") == "ClOps has no prices for oracle-se2 on RDS"


def test_an_instance_in_a_public_subnet_pays_its_address_and_one_with_an_elastic_ip_only_once() -> None:
    subnet = 'resource "aws_subnet" "p" {\n  vpc_id = "v"\n  cidr_block = "10.0.0.0/24"\n  map_public_ip_on_launch = true\n}\n'
    text = subnet + instance(more="  subnet_id = aws_subnet.p.id\n").replace("  associate_public_ip_address = false\n", "")
    elastic = text + 'resource "aws_eip" "e" {\n  instance = aws_instance.x.id\n}\n'
    assert "Public IPv4 address" in lines(billed(text), "aws_instance.x")
    assert "Public IPv4 address" not in lines(billed(elastic), "aws_instance.x")
    assert "Public IPv4 address" in lines(billed(elastic), "aws_eip.e")


def test_an_address_that_depends_on_a_subnet_of_others_is_no_silent_zero() -> None:
    text = instance(more='  subnet_id = "subnet-1"\n').replace("  associate_public_ip_address = false\n", "")
    line = lines(billed(text), "aws_instance.x")["Public IPv4 address"]
    assert line.quantity is None
    assert (line.assumption or "").startswith("only if it gets one: ")


def test_a_gateway_endpoint_is_free() -> None:
    text = 'resource "aws_vpc_endpoint" "s3" {\n  vpc_id = "v"\n  service_name = "com.amazonaws.us-east-1.s3"\n}\n'
    assert billed(text).free == ("aws_vpc_endpoint.s3",)


def test_container_insights_are_no_silent_zero() -> None:
    text = 'resource "aws_ecs_cluster" "c" {\n  name = "c"\n  setting {\n    name = "containerInsights"\n    value = "enabled"\n  }\n}\n'
    assert why(billed(text), "aws_ecs_cluster.c") == "Container Insights: its metrics and logs are billed by what runs in the cluster"


def test_serverless_v2_that_may_pause_depends_on_usage() -> None:
    text = """
    resource "aws_rds_cluster" "c" {
      engine = "aurora-mysql"
      serverlessv2_scaling_configuration {
        min_capacity = 0
        max_capacity = 4
      }
    }
    resource "aws_rds_cluster_instance" "x" {
      cluster_identifier = aws_rds_cluster.c.id
      engine             = "aurora-mysql"
      instance_class     = "db.serverless"
    }
    """
    line = lines(billed(text), "aws_rds_cluster_instance.x")["Serverless v2 capacity"]
    assert (line.quantity, line.assumption) == (None, "depends on usage: set usage.aws_rds_cluster_instance.capacity_units_per_hr")


def test_the_same_root_gives_the_same_bill() -> None:
    assert billed(instance()) == billed(instance())


def test_an_instance_without_a_subnet_pays_the_address_that_the_default_vpc_gives() -> None:
    text = 'resource "aws_instance" "x" {\n  ami = "ami-1"\n  instance_type = "m7g.large"\n}\n'
    line = lines(billed(text), "aws_instance.x")["Public IPv4 address"]
    assert line.quantity == 730
    assert line.assumption == "without a subnet it starts in the default VPC, whose subnets give public addresses"


def test_an_unknown_flag_that_costs_something_leaves_the_quantity_open() -> None:
    text = """
    variable "public" {}
    resource "aws_db_instance" "x" {
      engine              = "mysql"
      instance_class      = "db.m7g.large"
      allocated_storage   = 20
      publicly_accessible = var.public
    }
    """
    line = lines(billed(text), "aws_db_instance.x")["Public IPv4 address"]
    assert (line.quantity, line.assumption) == (None, "only if it gets one: var.public has no default and no value is given")


def test_a_fargate_service_with_spot_says_that_its_price_is_the_most() -> None:
    text = """
    resource "aws_ecs_task_definition" "t" {
      family                = "t"
      cpu                   = "256"
      memory                = "512"
      container_definitions = "[]"
    }
    resource "aws_ecs_service" "x" {
      name            = "x"
      desired_count   = 1
      task_definition = aws_ecs_task_definition.t.arn
      capacity_provider_strategy {
        capacity_provider = "FARGATE_SPOT"
        weight            = 1
      }
    }
    """
    line = lines(billed(text), "aws_ecs_service.x")["Fargate CPU"]
    assert (line.quantity, line.assumption) == (
        Decimal("182.50"),
        "Fargate Spot: up to 70 % cheaper, without a list price; at most this",
    )


def test_a_service_on_instances_is_billed_with_the_instances() -> None:
    text = 'resource "aws_ecs_service" "x" {\n  name = "x"\n  launch_type = "EC2"\n  desired_count = 2\n  task_definition = "t"\n}\n'
    assert billed(text).free == ("aws_ecs_service.x",)


def test_a_service_whose_task_is_elsewhere_is_unpriced() -> None:
    text = 'resource "aws_ecs_service" "x" {\n  name = "x"\n  launch_type = "FARGATE"\n  desired_count = 2\n  task_definition = "t"\n}\n'
    assert why(billed(text), "aws_ecs_service.x") == "its task definition is not in this root"


def test_an_old_database_under_extended_support_is_not_billed_as_if_it_were_new() -> None:
    text = """
    resource "aws_db_instance" "x" {
      engine            = "mysql"
      engine_version    = "5.7.44"
      instance_class    = "db.m7g.large"
      allocated_storage = 20
    }
    """
    assert why(billed(text), "aws_db_instance.x") == "extended support of mysql 5.7.44: not priced"
    without = text.replace("engine   ", 'engine_lifecycle_support = "open-source-rds-extended-support-disabled"\n      engine   ', 1)
    assert why(billed(without), "aws_db_instance.x") == ""


def test_the_replicas_of_a_global_table_are_billed_in_their_own_regions() -> None:
    text = """
    resource "aws_dynamodb_table" "x" {
      name           = "x"
      hash_key       = "id"
      read_capacity  = 1
      write_capacity = 1
      attribute {
        name = "id"
        type = "S"
      }
      replica {
        region_name = "us-west-1"
      }
    }
    """
    found = lines(billed(text), "aws_dynamodb_table.x")
    # Provisioned Replicated Write Units: 0.00065 in us-east-1, 0.000725 in us-west-1 (aws_site_all_services, dynamodb)
    assert found["Write capacity, 1 units"].unit_price_usd == Decimal("0.00065")
    assert found["Replica in us-west-1: write capacity, 1 units"].unit_price_usd == Decimal("0.000725")


def test_a_public_certificate_is_free_and_one_that_may_be_exported_is_not() -> None:
    plain = 'resource "aws_acm_certificate" "c" {\n  domain_name = "example.com"\n}\n'
    exported = plain.replace("}\n", '  options {\n    export = "ENABLED"\n  }\n}\n')
    assert billed(plain).free == ("aws_acm_certificate.c",)
    assert why(billed(exported), "aws_acm_certificate.c") == "exportable certificates are billed by domain name, and are not priced"


NOBODY_SELLS = ("1e999999", "1e40", "-5", '"NaN"', '"1e999999"', "9" * 6000, "1/0")


@pytest.mark.parametrize("size", NOBODY_SELLS, ids=[size[:10] for size in NOBODY_SELLS])
def test_a_quantity_that_nobody_sells_is_unpriced_and_leaves_the_rest_of_the_bill_alone(size: str) -> None:
    disk = f'resource "aws_ebs_volume" "v" {{\n  availability_zone = "us-east-1a"\n  type = "gp3"\n  size = {size}\n}}\n'
    found = billed(disk + 'resource "aws_nat_gateway" "n" {\n  subnet_id = "subnet-1"\n}\n')
    assert (found.monthly_usd, [item.address for item in found.unpriced], found.free) == (Decimal("32.85"), ["aws_ebs_volume.v"], ())


USED = "monthly_data_processed_gb"


@pytest.mark.parametrize("told", ["1e999999", "1e40", 10**40, -1, "-1", float("nan"), float("inf"), "NaN", "sNaN", "Infinity", 10**15 + 1])
def test_a_usage_that_nobody_has_is_refused_and_its_line_waits_for_another(told: object) -> None:
    usage, problems = parse_usage({"aws_nat_gateway": {USED: told}})
    assert (dict(usage.by_key), [problem.where for problem in problems]) == ({"aws_nat_gateway": {}}, [f"aws_nat_gateway.{USED}"])


@pytest.mark.parametrize("told", [0, "1e-999999", 10**15])
def test_the_least_and_the_most_that_is_told_is_billed_to_the_cent(told: object) -> None:
    found = billed('resource "aws_nat_gateway" "n" {\n  subnet_id = "subnet-1"\n}\n', usage={"aws_nat_gateway": {USED: told}})
    # 730 h × 0.045, and 0.045 a GB (NAT gateway, us-east-1)
    billed_gb = Decimal(0) if told != 10**15 else Decimal(10) ** 15
    assert (round(found.monthly_usd, 2), found.unpriced) == (Decimal("32.85") + billed_gb * Decimal("0.045"), ())
