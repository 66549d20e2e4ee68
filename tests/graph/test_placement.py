"""Where things are: subnets and zones, by what is written and never by a name."""

from __future__ import annotations

import pytest

from clops_app.kit import Known, Unknown, Value, absent
from tests.graph.roots import NETWORK, addresses, at, reading_of

BOTH = Known(("us-east-1a", "us-east-1b"))
FIRST = Known(("us-east-1a",))


def zones(text: str, address: str) -> Value:
    reading = reading_of(text)
    return reading.zones(at(reading, address))


def why(value: Value) -> str:
    return value.why if isinstance(value, Unknown) else f"not unknown but {value}"


def test_a_subnet_is_in_the_zone_it_names() -> None:
    assert zones('resource "aws_subnet" "b" {\n  availability_zone = "us-east-1c"\n}\n', "aws_subnet.b") == Known(("us-east-1c",))


def test_a_subnet_is_in_the_zone_whose_id_it_names() -> None:
    assert zones('resource "aws_subnet" "b" {\n  availability_zone_id = "use1-az2"\n}\n', "aws_subnet.b") == Known(("use1-az2",))


def test_a_subnet_that_names_no_zone_is_in_one_that_aws_chooses() -> None:
    assert "AWS chooses" in why(zones('resource "aws_subnet" "public_1a" {}\n', "aws_subnet.public_1a"))


def test_a_zone_from_a_variable_without_value_is_unknown_with_its_reason() -> None:
    text = 'variable "zone" {}\nresource "aws_subnet" "b" {\n  availability_zone = var.zone\n}\n'
    assert "var.zone" in why(zones(text, "aws_subnet.b"))


def test_zones_of_a_data_source_are_known_by_the_region() -> None:
    assert zones(NETWORK, "aws_subnet.front[1]") == Known(("us-east-1b",))


def test_the_same_zone_as_another_subnet_is_that_zone() -> None:
    text = NETWORK + 'resource "aws_subnet" "x" {\n  availability_zone = aws_subnet.front[1].availability_zone\n}\n'
    assert zones(text, "aws_subnet.x") == Known(("us-east-1b",))


def test_an_instance_is_in_the_zone_of_its_subnet() -> None:
    text = NETWORK + 'resource "aws_instance" "i" {\n  subnet_id = aws_subnet.front[1].id\n}\n'
    reading = reading_of(text)
    assert addresses(reading.subnets(at(reading, "aws_instance.i"))) == ["aws_subnet.front[1]"]
    assert reading.zones(at(reading, "aws_instance.i")) == Known(("us-east-1b",))


def test_an_instance_is_in_the_zone_it_names() -> None:
    assert zones('resource "aws_instance" "i" {\n  availability_zone = "us-east-1a"\n}\n', "aws_instance.i") == FIRST


def test_nothing_places_an_instance_that_names_neither() -> None:
    reading = reading_of('resource "aws_instance" "i" {}\n')
    assert reading.subnets(at(reading, "aws_instance.i")) == ()
    assert reading.zones(at(reading, "aws_instance.i")) == absent


def test_an_instance_is_where_its_network_interface_is() -> None:
    text = (
        NETWORK
        + """
    resource "aws_network_interface" "n" {
      subnet_id = aws_subnet.back[1].id
    }
    resource "aws_instance" "i" {
      network_interface {
        device_index         = 0
        network_interface_id = aws_network_interface.n.id
      }
    }
    """
    )
    assert zones(text, "aws_instance.i") == Known(("us-east-1b",))


def test_a_subnet_of_a_module_that_is_not_here_is_unknown() -> None:
    text = 'module "vpc" {\n  source = "acme/vpc/aws"\n}\nresource "aws_instance" "i" {\n  subnet_id = module.vpc.public_subnets[0]\n}\n'
    reading = reading_of(text)
    assert "module.vpc" in str(addresses(reading.subnets(at(reading, "aws_instance.i"))))
    assert "module.vpc" in why(reading.zones(at(reading, "aws_instance.i")))


def test_a_literal_subnet_id_is_of_another_root() -> None:
    assert '"subnet-123" is not made by this root' in why(
        zones('resource "aws_instance" "i" {\n  subnet_id = "subnet-123"\n}\n', "aws_instance.i")
    )


def test_a_subnet_looked_up_by_zone_is_in_that_zone_but_not_of_this_root() -> None:
    text = """
    data "aws_subnet" "a" {
      availability_zone = "us-east-1a"
    }
    resource "aws_instance" "i" {
      subnet_id = data.aws_subnet.a.id
    }
    """
    reading = reading_of(text)
    assert reading.zones(at(reading, "aws_instance.i")) == FIRST
    assert addresses(reading.subnets(at(reading, "aws_instance.i"))) == "data.aws_subnet.a is made by another root"


def test_subnets_chosen_by_an_unknown_condition_are_unknown() -> None:
    text = (
        NETWORK
        + 'variable "public" {}\nresource "aws_instance" "i" {\n'
        + "  subnet_id = var.public ? aws_subnet.front[0].id : aws_subnet.back[0].id\n}\n"
    )
    assert "var.public" in why(zones(text, "aws_instance.i"))


def test_one_unknown_zone_makes_all_unknown() -> None:
    text = NETWORK + 'variable "zone" {}\nresource "aws_subnet" "x" {\n  availability_zone = var.zone\n}\n'
    text += 'resource "aws_lb" "l" {\n  subnets = [aws_subnet.front[0].id, aws_subnet.x.id]\n}\n'
    assert "var.zone" in why(zones(text, "aws_lb.l"))


def test_an_unknown_number_of_further_subnets_makes_zones_unknown() -> None:
    text = NETWORK + 'variable "n" {}\nresource "aws_subnet" "x" {\n  count = var.n\n  availability_zone = "us-east-1b"\n}\n'
    text += 'resource "aws_lb" "l" {\n  subnets = [aws_subnet.front[0].id, aws_subnet.x[0].id]\n}\n'
    assert isinstance(zones(text, "aws_lb.l"), Unknown)


def test_a_group_is_in_the_subnets_of_its_zone_identifier() -> None:
    text = NETWORK + 'resource "aws_autoscaling_group" "g" {\n  vpc_zone_identifier = aws_subnet.back[*].id\n}\n'
    assert zones(text, "aws_autoscaling_group.g") == BOTH


def test_a_group_without_vpc_is_in_the_zones_it_names() -> None:
    text = 'resource "aws_autoscaling_group" "g" {\n  availability_zones = ["us-east-1b", "us-east-1a"]\n}\n'
    assert zones(text, "aws_autoscaling_group.g") == BOTH


def test_a_group_is_where_its_launch_template_says() -> None:
    text = (
        NETWORK
        + """
    resource "aws_launch_template" "t" {
      network_interfaces {
        subnet_id = aws_subnet.back[0].id
      }
    }
    resource "aws_autoscaling_group" "g" {
      launch_template {
        id = aws_launch_template.t.id
      }
    }
    """
    )
    assert zones(text, "aws_autoscaling_group.g") == FIRST


@pytest.mark.parametrize(
    ("resource", "body"),
    [
        ("aws_ecs_service", "network_configuration {\n  subnets = aws_subnet.back[*].id\n}"),
        ("aws_eks_cluster", "vpc_config {\n  subnet_ids = aws_subnet.back[*].id\n}"),
        ("aws_eks_node_group", "subnet_ids = aws_subnet.back[*].id"),
        ("aws_eks_fargate_profile", "subnet_ids = aws_subnet.back[*].id"),
        ("aws_lambda_function", "vpc_config {\n  subnet_ids = aws_subnet.back[*].id\n}"),
        ("aws_msk_cluster", "broker_node_group_info {\n  client_subnets = aws_subnet.back[*].id\n}"),
        ("aws_opensearch_domain", "vpc_options {\n  subnet_ids = aws_subnet.back[*].id\n}"),
        ("aws_alb", "subnet_mapping {\n  subnet_id = aws_subnet.back[0].id\n}\nsubnet_mapping {\n  subnet_id = aws_subnet.back[1].id\n}"),
        ("aws_elb", 'availability_zones = ["us-east-1a", "us-east-1b"]'),
    ],
)
def test_each_type_is_placed_by_its_own_attribute(resource: str, body: str) -> None:
    assert zones(f'{NETWORK}\nresource "{resource}" "x" {{\n{body}\n}}\n', f"{resource}.x") == BOTH


@pytest.mark.parametrize(
    ("database", "attribute", "group"),
    [
        ("aws_db_instance", "db_subnet_group_name", "aws_db_subnet_group"),
        ("aws_rds_cluster", "db_subnet_group_name", "aws_db_subnet_group"),
        ("aws_elasticache_replication_group", "subnet_group_name", "aws_elasticache_subnet_group"),
        ("aws_docdb_cluster", "db_subnet_group_name", "aws_docdb_subnet_group"),
        ("aws_redshift_cluster", "cluster_subnet_group_name", "aws_redshift_subnet_group"),
    ],
)
@pytest.mark.parametrize("name", ['"main"', "{group}.g.name", "{group}.g.id"])
def test_a_database_may_be_where_its_subnet_group_is(database: str, attribute: str, group: str, name: str) -> None:
    text = f'{NETWORK}\nresource "{group}" "g" {{\n  name = "main"\n  subnet_ids = aws_subnet.back[*].id\n}}\n'
    text += f'resource "{database}" "d" {{\n  {attribute} = {name.format(group=group)}\n}}\n'
    assert zones(text, f"{database}.d") == BOTH


def test_a_subnet_group_that_is_not_here_is_unknown() -> None:
    text = 'resource "aws_db_instance" "d" {\n  db_subnet_group_name = "shared"\n  availability_zone = "us-east-1a"\n}\n'
    assert '"shared" is not made by this root' in why(zones(text, "aws_db_instance.d"))


def test_two_groups_of_one_name_are_told_apart_by_the_reference() -> None:
    text = (
        NETWORK
        + """
    resource "aws_db_subnet_group" "one" {
      name       = "main"
      subnet_ids = [aws_subnet.back[0].id]
    }
    resource "aws_db_subnet_group" "two" {
      name       = "main"
      subnet_ids = aws_subnet.back[*].id
    }
    resource "aws_db_instance" "d" {
      db_subnet_group_name = aws_db_subnet_group.one.name
    }
    resource "aws_db_instance" "e" {
      db_subnet_group_name = "main"
    }
    """
    )
    assert zones(text, "aws_db_instance.d") == FIRST
    assert isinstance(zones(text, "aws_db_instance.e"), Unknown)


def test_a_subnet_group_of_unknown_name_is_found_by_the_reference() -> None:
    text = 'variable "stage" {}\n' + NETWORK
    text += 'resource "aws_db_subnet_group" "g" {\n  name = "${var.stage}-db"\n  subnet_ids = aws_subnet.back[*].id\n}\n'
    text += 'resource "aws_db_instance" "d" {\n  db_subnet_group_name = aws_db_subnet_group.g.name\n}\n'
    assert zones(text, "aws_db_instance.d") == BOTH


def test_members_of_a_cluster_are_where_the_cluster_is() -> None:
    text = (
        NETWORK
        + """
    resource "aws_db_subnet_group" "g" {
      subnet_ids = aws_subnet.back[*].id
    }
    resource "aws_rds_cluster" "c" {
      cluster_identifier   = "main"
      db_subnet_group_name = aws_db_subnet_group.g.name
    }
    resource "aws_rds_cluster_instance" "i" {
      cluster_identifier = aws_rds_cluster.c.id
    }
    """
    )
    assert zones(text, "aws_rds_cluster_instance.i") == BOTH


def test_a_replica_is_where_its_source_is() -> None:
    text = NETWORK + 'resource "aws_db_subnet_group" "g" {\n  subnet_ids = aws_subnet.back[*].id\n}\n'
    text += 'resource "aws_db_instance" "a" {\n  identifier = "a"\n  db_subnet_group_name = aws_db_subnet_group.g.id\n}\n'
    text += 'resource "aws_db_instance" "b" {\n  replicate_source_db = aws_db_instance.a.identifier\n}\n'
    assert zones(text, "aws_db_instance.b") == BOTH


def test_a_database_without_subnet_group_may_be_in_the_zone_it_names() -> None:
    assert zones('resource "aws_db_instance" "d" {\n  availability_zone = "us-east-1a"\n}\n', "aws_db_instance.d") == FIRST
    assert zones('resource "aws_db_instance" "d" {}\n', "aws_db_instance.d") == absent


def test_a_database_that_names_itself_as_its_source_is_unknown() -> None:
    text = 'resource "aws_db_instance" "d" {\n  identifier = "d"\n  replicate_source_db = "d"\n}\n'
    assert isinstance(zones(text, "aws_db_instance.d"), Unknown)


def test_a_file_system_is_where_its_mount_targets_are() -> None:
    text = NETWORK + 'resource "aws_efs_file_system" "f" {}\nresource "aws_efs_mount_target" "m" {\n  count = 2\n'
    text += "  file_system_id = aws_efs_file_system.f.id\n  subnet_id = aws_subnet.back[count.index].id\n}\n"
    assert zones(text, "aws_efs_file_system.f") == BOTH


def test_a_beanstalk_environment_is_where_its_setting_says() -> None:
    text = (
        NETWORK + 'resource "aws_elastic_beanstalk_environment" "e" {\n  setting {\n    namespace = "aws:ec2:vpc"\n    name = "Subnets"\n'
    )
    assert zones(text + "    value = aws_subnet.front[0].id\n  }\n}\n", "aws_elastic_beanstalk_environment.e") == FIRST
    assert isinstance(
        zones(text + '    value = join(",", aws_subnet.front[*].id)\n  }\n}\n', "aws_elastic_beanstalk_environment.e"), Unknown
    )


ECS_ON_INSTANCES = (
    NETWORK
    + """
resource "aws_ecs_cluster" "main" {
  name = "main"
}
resource "aws_autoscaling_group" "hosts" {
  vpc_zone_identifier = [aws_subnet.back[0].id]
  launch_template {
    id = aws_launch_template.hosts.id
  }
}
"""
)


def test_a_service_is_where_its_capacity_provider_is() -> None:
    text = (
        ECS_ON_INSTANCES
        + """
    resource "aws_launch_template" "hosts" {}
    resource "aws_ecs_capacity_provider" "p" {
      name = "instances"
      auto_scaling_group_provider {
        auto_scaling_group_arn = aws_autoscaling_group.hosts.arn
      }
    }
    resource "aws_ecs_cluster_capacity_providers" "c" {
      cluster_name       = aws_ecs_cluster.main.name
      capacity_providers = [aws_ecs_capacity_provider.p.name]
      default_capacity_provider_strategy {
        capacity_provider = aws_ecs_capacity_provider.p.name
      }
    }
    resource "aws_ecs_service" "s" {
      cluster = aws_ecs_cluster.main.id
    }
    """
    )
    assert zones(text, "aws_ecs_service.s") == FIRST


def test_a_service_is_where_instances_join_its_cluster() -> None:
    text = (
        ECS_ON_INSTANCES
        + """
    resource "aws_launch_template" "hosts" {
      user_data = base64encode("#!/bin/bash\\necho ECS_CLUSTER=main >> /etc/ecs/ecs.config\\n")
    }
    resource "aws_ecs_service" "s" {
      cluster     = aws_ecs_cluster.main.id
      launch_type = "EC2"
    }
    """
    )
    assert zones(text, "aws_ecs_service.s") == FIRST


def test_a_service_on_instances_that_nobody_names_is_unknown() -> None:
    text = 'resource "aws_ecs_cluster" "main" {}\nresource "aws_ecs_service" "s" {\n  cluster = aws_ecs_cluster.main.id\n}\n'
    assert "which instances run" in why(zones(text, "aws_ecs_service.s"))
