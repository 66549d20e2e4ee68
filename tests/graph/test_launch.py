"""A launch setting is one answer, whoever writes it."""

from __future__ import annotations

import pytest

from clops_app.kit import Known, Unknown, Value, absent
from tests.graph.roots import at, reading_of


def launch(text: str, address: str, path: str) -> tuple[Value, str]:
    """The value and the address of who writes it."""
    reading = reading_of(text)
    value, place = reading.launch(at(reading, address), path)
    return value, place.address


TEMPLATE = """
resource "aws_launch_template" "t" {
  name          = "web"
  image_id      = "ami-1"
  instance_type = "m5.large"
  key_name      = "key"
  user_data     = "aGVsbG8="

  block_device_mappings {
    device_name = "/dev/sdf"
    ebs {
      volume_type = "gp2"
    }
  }

  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {
      volume_type = "gp3"
      volume_size = 20
    }
  }

  metadata_options {
    http_tokens = "required"
  }

  monitoring {
    enabled = true
  }

  network_interfaces {
    associate_public_ip_address = true
  }
}
"""
GROUP = 'resource "aws_autoscaling_group" "g" {\n  launch_template {\n    id = aws_launch_template.t.id\n  }\n}\n'


def test_an_instance_says_it_itself() -> None:
    assert launch('resource "aws_instance" "i" {\n  instance_type = "t3.micro"\n}\n', "aws_instance.i", "instance_type") == (
        Known("t3.micro"),
        "aws_instance.i",
    )


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("instance_type", "m5.large"),
        ("ami", "ami-1"),
        ("key_name", "key"),
        ("user_data", "hello"),
        ("metadata_options[0].http_tokens", "required"),
        ("monitoring", True),
        ("associate_public_ip_address", True),
        ("root_block_device[0].volume_type", "gp3"),
        ("root_block_device[0].volume_size", 20),
    ],
)
def test_a_group_is_launched_as_its_template_says(path: str, expected: str | bool | int) -> None:
    assert launch(TEMPLATE + GROUP, "aws_autoscaling_group.g", path) == (Known(expected), "aws_launch_template.t")


@pytest.mark.parametrize(
    "how",
    [
        "launch_template {\n  name = aws_launch_template.t.name\n}",
        'launch_template {\n  name = "web"\n}',
        "mixed_instances_policy {\n  launch_template {\n    launch_template_specification {\n"
        "      launch_template_id = aws_launch_template.t.id\n    }\n  }\n}",
    ],
)
def test_a_template_is_found_however_it_is_named(how: str) -> None:
    text = f'{TEMPLATE}resource "aws_autoscaling_group" "g" {{\n{how}\n}}\n'
    assert launch(text, "aws_autoscaling_group.g", "instance_type") == (Known("m5.large"), "aws_launch_template.t")


def test_an_override_of_the_mixed_policy_wins_over_the_template() -> None:
    text = (
        TEMPLATE
        + """
    resource "aws_autoscaling_group" "g" {
      mixed_instances_policy {
        launch_template {
          launch_template_specification {
            launch_template_id = aws_launch_template.t.id
          }
          override {
            instance_type = "c6g.large"
          }
        }
      }
    }
    """
    )
    assert launch(text, "aws_autoscaling_group.g", "instance_type") == (Known("c6g.large"), "aws_autoscaling_group.g")


def test_an_instance_wins_over_its_template() -> None:
    text = (
        TEMPLATE
        + 'resource "aws_instance" "i" {\n  instance_type = "t3.micro"\n  launch_template {\n    id = aws_launch_template.t.id\n  }\n}\n'
    )
    assert launch(text, "aws_instance.i", "instance_type") == (Known("t3.micro"), "aws_instance.i")
    assert launch(text, "aws_instance.i", "key_name") == (Known("key"), "aws_launch_template.t")


def test_a_launch_configuration_is_a_template_too() -> None:
    text = """
    resource "aws_launch_configuration" "c" {
      image_id        = "ami-2"
      security_groups = ["sg-1"]
      spot_price      = "0.02"
    }
    resource "aws_autoscaling_group" "g" {
      launch_configuration = aws_launch_configuration.c.name
    }
    """
    assert launch(text, "aws_autoscaling_group.g", "ami") == (Known("ami-2"), "aws_launch_configuration.c")
    assert launch(text, "aws_autoscaling_group.g", "vpc_security_group_ids") == (Known(("sg-1",)), "aws_launch_configuration.c")
    assert launch(text, "aws_autoscaling_group.g", "spot_price") == (Known("0.02"), "aws_launch_configuration.c")


def test_a_node_group_is_launched_as_it_or_its_template_says() -> None:
    text = TEMPLATE + (
        'resource "aws_eks_node_group" "n" {\n  instance_types = ["m6i.large", "m5.large"]\n  disk_size = 50\n'
        '  launch_template {\n    id = aws_launch_template.t.id\n    version = "1"\n  }\n}\n'
    )
    assert launch(text, "aws_eks_node_group.n", "instance_type") == (Known("m6i.large"), "aws_eks_node_group.n")
    assert launch(text, "aws_eks_node_group.n", "root_block_device[0].volume_size") == (Known(50), "aws_eks_node_group.n")
    assert launch(text, "aws_eks_node_group.n", "metadata_options[0].http_tokens") == (Known("required"), "aws_launch_template.t")


def test_what_nobody_writes_is_absent() -> None:
    assert launch(TEMPLATE + GROUP, "aws_autoscaling_group.g", "ebs_optimized") == (absent, "aws_launch_template.t")


def test_a_template_that_is_not_here_is_unknown() -> None:
    text = 'variable "t" {}\nresource "aws_autoscaling_group" "g" {\n  launch_template {\n    id = var.t\n  }\n}\n'
    value, _ = launch(text, "aws_autoscaling_group.g", "instance_type")
    assert isinstance(value, Unknown)
    assert "var.t" in value.why


def test_the_place_is_the_attribute_that_says_so() -> None:
    reading = reading_of(TEMPLATE + GROUP)
    _, place = reading.launch(at(reading, "aws_autoscaling_group.g"), "root_block_device[0].volume_type")
    assert place.span == at(reading, "aws_launch_template.t").spans["block_device_mappings[1].ebs[0].volume_type"]
