"""What moves the size of a group, a service or a table."""

from __future__ import annotations

from tests.graph.roots import addresses, at, reading_of


def scalers(text: str, address: str) -> list[str] | str:
    reading = reading_of(text)
    return addresses(reading.scalers(at(reading, address)))


def test_policies_and_schedules_move_the_group_they_name() -> None:
    text = """
    resource "aws_autoscaling_group" "g" {}
    resource "aws_autoscaling_group" "other" {}
    resource "aws_autoscaling_policy" "p" {
      autoscaling_group_name = aws_autoscaling_group.g.name
    }
    resource "aws_autoscaling_schedule" "s" {
      autoscaling_group_name = aws_autoscaling_group.g.name
    }
    """
    assert scalers(text, "aws_autoscaling_group.g") == ["aws_autoscaling_policy.p", "aws_autoscaling_schedule.s"]
    assert scalers(text, "aws_autoscaling_group.other") == []


def test_a_policy_may_name_its_group_by_a_plain_name() -> None:
    text = 'resource "aws_autoscaling_group" "g" {\n  name = "web"\n}\nresource "aws_autoscaling_policy" "p" {\n'
    assert scalers(text + '  autoscaling_group_name = "web"\n}\n', "aws_autoscaling_group.g") == ["aws_autoscaling_policy.p"]


PROVIDER = """
resource "aws_autoscaling_group" "g" {}
resource "aws_ecs_capacity_provider" "c" {
  auto_scaling_group_provider {
    auto_scaling_group_arn = aws_autoscaling_group.g.arn
    managed_scaling {
      status = "ENABLED"
    }
  }
}
"""


def test_a_capacity_provider_that_scales_moves_its_group() -> None:
    assert scalers(PROVIDER, "aws_autoscaling_group.g") == ["aws_ecs_capacity_provider.c"]
    assert scalers(PROVIDER.replace("ENABLED", "DISABLED"), "aws_autoscaling_group.g") == []


def service(resource_id: str, name: str = '"web"') -> str:
    return f"""
    resource "aws_ecs_cluster" "c" {{
      name = "main"
    }}
    resource "aws_ecs_service" "s" {{
      name    = {name}
      cluster = aws_ecs_cluster.c.id
    }}
    resource "aws_ecs_service" "other" {{
      name    = "other"
      cluster = aws_ecs_cluster.c.id
    }}
    resource "aws_appautoscaling_target" "t" {{
      resource_id = {resource_id}
    }}
    resource "aws_appautoscaling_policy" "p" {{
      resource_id = aws_appautoscaling_target.t.resource_id
    }}
    """


def test_a_target_is_found_by_the_service_it_refers_to() -> None:
    text = service('"service/${aws_ecs_cluster.c.name}/${aws_ecs_service.s.name}"')
    assert scalers(text, "aws_ecs_service.s") == ["aws_appautoscaling_policy.p", "aws_appautoscaling_target.t"]
    assert scalers(text, "aws_ecs_service.other") == []


def test_a_target_is_found_though_the_name_is_unknown() -> None:
    text = 'variable "n" {}\n' + service('"service/${aws_ecs_cluster.c.name}/${aws_ecs_service.s.name}"', name="var.n")
    assert scalers(text, "aws_ecs_service.s") == ["aws_appautoscaling_policy.p", "aws_appautoscaling_target.t"]


def test_a_target_is_found_by_a_plain_name() -> None:
    assert scalers(service('"service/main/web"'), "aws_ecs_service.s") == ["aws_appautoscaling_policy.p", "aws_appautoscaling_target.t"]
    assert scalers(service('"service/main/webhooks"'), "aws_ecs_service.s") == []


def test_policies_of_another_service_of_the_cluster_move_only_that_one() -> None:
    text = 'variable "n" {}\n' + service('"service/${aws_ecs_cluster.c.name}/${aws_ecs_service.s.name}"', name="var.n")
    text += """
    resource "aws_appautoscaling_target" "u" {
      resource_id = "service/${aws_ecs_cluster.c.name}/${aws_ecs_service.other.name}"
    }
    resource "aws_appautoscaling_policy" "q" {
      resource_id = aws_appautoscaling_target.u.resource_id
    }
    """
    assert scalers(text, "aws_ecs_service.s") == ["aws_appautoscaling_policy.p", "aws_appautoscaling_target.t"]
    assert scalers(text, "aws_ecs_service.other") == ["aws_appautoscaling_policy.q", "aws_appautoscaling_target.u"]


def test_a_table_and_its_index_are_scaled_by_name() -> None:
    text = """
    resource "aws_dynamodb_table" "t" {
      name = "orders"
    }
    resource "aws_appautoscaling_target" "read" {
      resource_id = "table/orders"
    }
    resource "aws_appautoscaling_target" "index" {
      resource_id = "table/${aws_dynamodb_table.t.name}/index/by-day"
    }
    resource "aws_appautoscaling_target" "other" {
      resource_id = "table/orders-archive"
    }
    """
    assert scalers(text, "aws_dynamodb_table.t") == ["aws_appautoscaling_target.index", "aws_appautoscaling_target.read"]


def test_a_module_that_is_not_here_may_scale_what_it_is_given() -> None:
    text = 'resource "aws_ecs_service" "s" {}\nmodule "scaling" {\n  source = "acme/scaling/aws"\n  name = aws_ecs_service.s.name\n}\n'
    reading = reading_of(text)
    assert [call.address for call in reading.opaque_modules(at(reading, "aws_ecs_service.s"))] == ["module.scaling"]


def test_a_module_that_is_here_hides_nothing() -> None:
    text = 'resource "aws_ecs_service" "s" {}\nmodule "scaling" {\n  source = "./scaling"\n  name = aws_ecs_service.s.name\n}\n'
    reading = reading_of(text, scaling='variable "name" {}\n')
    assert reading.opaque_modules(at(reading, "aws_ecs_service.s")) == ()
