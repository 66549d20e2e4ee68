"""A change that recreates a resource is known to."""

from __future__ import annotations

import pytest

from clops_app.patch.replacement import replaced
from clops_app.terraform.evaluate import evaluate
from tests.patch.workbench import tree_of


def recreated(before: str, after: str) -> tuple[str, ...]:
    was, now = (evaluate(tree_of({"main.tf": text}), "") for text in (before, after))
    return tuple(sorted(replaced(was, now)))


DATABASE = 'resource "aws_db_instance" "m" {\n  %s\n}\n'
INSTANCE = 'resource "aws_instance" "i" {\n  %s\n}\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (DATABASE % "", DATABASE % "storage_encrypted = true"),
        (DATABASE % "storage_encrypted = true", DATABASE % ""),
        (INSTANCE % 'subnet_id = "a"', INSTANCE % 'subnet_id = "b"'),
        (INSTANCE % "", INSTANCE % "root_block_device {\n    encrypted = true\n  }"),
        (INSTANCE % "root_block_device {\n  }", INSTANCE % "root_block_device {\n    encrypted = true\n  }"),
        (INSTANCE % "", INSTANCE % "associate_public_ip_address = false"),
        (INSTANCE % "", INSTANCE % "network_interface {\n    device_index = 0\n  }"),
    ],
)
def test_what_cannot_be_changed_in_place_recreates(before: str, after: str) -> None:
    assert len(recreated(before, after)) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (DATABASE % "", DATABASE % "multi_az = true"),
        (DATABASE % "", DATABASE % "storage_encrypted = false"),
        (INSTANCE % 'instance_type = "t2.micro"', INSTANCE % 'instance_type = "t3.micro"'),
        (INSTANCE % "root_block_device {\n  }", INSTANCE % 'root_block_device {\n    volume_type = "gp3"\n  }'),
        ("", DATABASE % "storage_encrypted = true"),
    ],
)
def test_what_can_be_changed_in_place_does_not(before: str, after: str) -> None:
    assert recreated(before, after) == ()


def test_every_change_of_a_launch_configuration_recreates_it() -> None:
    text = 'resource "aws_launch_configuration" "c" {\n  instance_type = "%s"\n}\n'
    assert recreated(text % "t2.micro", text % "t3.micro") == ("aws_launch_configuration.c",)
