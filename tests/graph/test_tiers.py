"""Compute that serves one purpose is one tier, in however many blocks."""

from __future__ import annotations

from clops_app.kit import Known, Unknown, absent
from tests.graph.roots import NETWORK, reading_of


def tiers(text: str) -> dict[str, list[str]]:
    return {tier.name: [member.address for member in tier.members] for tier in reading_of(text).tiers()}


def test_the_instances_of_one_block_are_one_tier() -> None:
    text = NETWORK + 'resource "aws_instance" "web" {\n  count = 2\n  subnet_id = aws_subnet.front[count.index].id\n}\n'
    (tier,) = reading_of(text).tiers()
    assert (tier.name, tier.kind, [member.address for member in tier.members]) == (
        "aws_instance.web",
        "instances",
        ["aws_instance.web[0]", "aws_instance.web[1]"],
    )
    assert (tier.minimum, tier.maximum, tier.zones) == (Known(2), Known(2), Known(("us-east-1a", "us-east-1b")))
    assert tier.load_balanced == Known(False)


def test_blocks_that_share_a_target_group_are_one_tier() -> None:
    text = """
    resource "aws_lb_target_group" "t" {}
    resource "aws_autoscaling_group" "a" {
      availability_zones = ["us-east-1a"]
      min_size           = 1
      max_size           = 2
      target_group_arns  = [aws_lb_target_group.t.arn]
    }
    resource "aws_autoscaling_group" "b" {
      availability_zones = ["us-east-1b"]
      min_size           = 1
      max_size           = 3
      target_group_arns  = [aws_lb_target_group.t.arn]
    }
    """
    (tier,) = reading_of(text).tiers()
    assert [member.address for member in tier.members] == ["aws_autoscaling_group.a", "aws_autoscaling_group.b"]
    assert (tier.minimum, tier.maximum, tier.zones) == (Known(2), Known(5), Known(("us-east-1a", "us-east-1b")))
    assert tier.load_balanced == Known(True)


def test_a_tier_joins_two_that_were_apart() -> None:
    text = """
    resource "aws_lb_target_group" "x" {}
    resource "aws_lb_target_group" "y" {}
    resource "aws_autoscaling_group" "a" {
      target_group_arns = [aws_lb_target_group.x.arn]
    }
    resource "aws_autoscaling_group" "b" {
      target_group_arns = [aws_lb_target_group.y.arn]
    }
    resource "aws_autoscaling_group" "c" {
      target_group_arns = [aws_lb_target_group.x.arn, aws_lb_target_group.y.arn]
    }
    """
    assert tiers(text) == {"aws_autoscaling_group.a": ["aws_autoscaling_group.a", "aws_autoscaling_group.b", "aws_autoscaling_group.c"]}


LIKE = """
resource "aws_instance" "{name}" {{
  ami                    = "ami-1"
  user_data              = "{data}"
  vpc_security_group_ids = [aws_security_group.web.id]
}}
"""


def test_lone_instances_alike_in_groups_image_and_user_data_are_one_tier() -> None:
    text = NETWORK + LIKE.format(name="web1", data="nginx") + LIKE.format(name="web2", data="nginx")
    assert tiers(text) == {"aws_instance.web1": ["aws_instance.web1", "aws_instance.web2"]}


def test_instances_that_do_different_things_are_two() -> None:
    text = NETWORK + LIKE.format(name="web1", data="nginx") + LIKE.format(name="web2", data="gunicorn")
    assert list(tiers(text)) == ["aws_instance.web1", "aws_instance.web2"]


def test_the_node_groups_of_a_cluster_are_one_tier() -> None:
    text = """
    resource "aws_eks_cluster" "c" {
      name = "main"
    }
    resource "aws_eks_node_group" "a" {
      cluster_name = aws_eks_cluster.c.name
      scaling_config {
        desired_size = 1
        min_size     = 1
        max_size     = 4
      }
    }
    resource "aws_eks_node_group" "b" {
      cluster_name = "main"
      scaling_config {
        desired_size = 2
        min_size     = 2
        max_size     = 4
      }
    }
    """
    (tier,) = reading_of(text).tiers()
    assert (tier.kind, len(tier.members), tier.minimum, tier.maximum) == ("node_group", 2, Known(3), Known(8))
    assert isinstance(tier.load_balanced, Unknown)


SERVICE = """
resource "aws_ecs_service" "s" {
  name          = "web"
  launch_type   = "FARGATE"
  desired_count = 2
}
"""


def test_a_service_runs_as_many_tasks_as_are_desired() -> None:
    (tier,) = reading_of(SERVICE).tiers()
    assert (tier.kind, tier.minimum, tier.maximum) == ("ecs_service", Known(2), Known(2))


def test_a_scaled_service_runs_between_its_targets_bounds() -> None:
    text = (
        SERVICE
        + 'resource "aws_appautoscaling_target" "t" {\n  resource_id = "service/main/web"\n  min_capacity = 1\n  max_capacity = 9\n}\n'
    )
    (tier,) = reading_of(text).tiers()
    assert (tier.minimum, tier.maximum) == (Known(1), Known(9))


def test_a_desired_count_that_somebody_else_changes_is_unknown() -> None:
    text = SERVICE.replace("}\n", "  lifecycle {\n    ignore_changes = [desired_count]\n  }\n}\n")
    (tier,) = reading_of(text).tiers()
    assert isinstance(tier.minimum, Unknown)


def test_one_task_on_each_instance_has_no_written_limit() -> None:
    (tier,) = reading_of(SERVICE.replace("desired_count = 2", 'scheduling_strategy = "DAEMON"')).tiers()
    assert tier.maximum == absent


def test_an_unknown_number_of_instances_is_unknown() -> None:
    (tier,) = reading_of('variable "n" {}\nresource "aws_instance" "web" {\n  count = var.n\n}\n').tiers()
    assert isinstance(tier.minimum, Unknown)


def test_one_member_that_nothing_places_makes_the_zones_unknown() -> None:
    text = NETWORK + 'resource "aws_lb_target_group" "t" {}\n'
    text += 'resource "aws_autoscaling_group" "a" {\n  availability_zones = ["us-east-1a"]\n'
    text += "  target_group_arns = [aws_lb_target_group.t.arn]\n}\n"
    text += 'resource "aws_autoscaling_group" "b" {\n  target_group_arns = [aws_lb_target_group.t.arn]\n}\n'
    (tier,) = reading_of(text).tiers()
    assert isinstance(tier.zones, Unknown)


def test_what_serves_nobody_is_no_tier() -> None:
    text = NETWORK + 'resource "aws_instance" "bastion" {}\nresource "aws_instance" "discord_bot" {}\nresource "aws_instance" "web" {}\n'
    assert list(tiers(text)) == ["aws_instance.web"]
