"""The database rules, beyond their proofs: what is a database of its own, and what is another's copy."""

from __future__ import annotations

import pytest

from clops_app.kit import AddResource, RemoveAttribute, SetAttribute
from tests.rulebook.architectures import hit_lines, hits

AURORA = """
resource "aws_rds_cluster" "main" {
  engine = "aurora-mysql"
  %s
}
"""
MEMBER = """
resource "aws_rds_cluster_instance" "main" {
  %s
  cluster_identifier = aws_rds_cluster.main.id
  engine             = "aurora-mysql"
  instance_class     = "db.r6g.large"
}
"""


@pytest.mark.parametrize(
    ("cluster", "member", "expected"),
    [
        ("", "", ["aws_rds_cluster.main"]),
        ("", "count = 1", ["aws_rds_cluster.main"]),
        ("", "count = 2", []),
        ("", 'for_each = toset(["a"])', ["aws_rds_cluster.main"]),
        ('engine_mode = "serverless"', "", []),
        ('engine_mode = "provisioned"', "", ["aws_rds_cluster.main"]),
        ('replication_source_identifier = "arn:aws:rds:us-east-1:111122223333:cluster:main"', "", []),
    ],
)
def test_a_cluster_with_one_instance_is_one_zone(cluster: str, member: str, expected: list[str]) -> None:
    found = hits("aws/single_az_database", AURORA % cluster + MEMBER % member)
    assert [hit.at.address for hit in found] == expected


def test_a_counted_member_gets_no_patch_because_its_count_says_how_many() -> None:
    assert [hit.fix for hit in hits("aws/single_az_database", AURORA % "" + MEMBER % "count = 1")] == [None]


def test_a_second_instance_is_like_the_first() -> None:
    (hit,) = hits("aws/single_az_database", AURORA % "" + MEMBER % "")
    assert hit.fix is not None
    (change,) = hit.fix.changes
    assert isinstance(change, AddResource)
    assert change.block.labels == ("aws_rds_cluster_instance", "main_second")
    assert change.block.attributes["instance_class"] == "db.r6g.large"


def test_a_pinned_zone_goes_with_the_second_copy() -> None:
    text = 'resource "aws_db_instance" "main" {\n  instance_class    = "db.t4g.micro"\n  availability_zone = "us-east-1a"\n}\n'
    (hit,) = hits("aws/single_az_database", text)
    assert hit.fix is not None
    assert hit.fix.changes == (
        SetAttribute("aws_db_instance.main", "multi_az", True),
        RemoveAttribute("aws_db_instance.main", "availability_zone"),
    )


def test_a_database_in_a_module_is_judged_by_what_the_caller_gives() -> None:
    text = """
module "db" {
  source   = "./db"
  multi_az = false
}
"""
    from clops_app.rulebook.load import load_rules
    from tests.rulebook.architectures import reading, tree_of

    module = """
variable "multi_az" {
  default = true
}
resource "aws_db_instance" "main" {
  instance_class = "db.t4g.micro"
  multi_az       = var.multi_az
}
"""
    check = next(rule for rule in load_rules() if rule.id == "aws/single_az_database").check()
    found = list(check(reading(tree_of(main=text, db__main=module))))
    assert [hit.at.address for hit in found] == ["module.db.aws_db_instance.main"]


@pytest.mark.parametrize(
    ("written", "hit"),
    [
        ("", True),
        ("backup_retention_period = 0", True),
        ("backup_retention_period = 1", False),
        ("backup_retention_period = null", True),
        ('snapshot_identifier = "rds:main"', False),
        ('snapshot_identifier = "rds:main"\n  backup_retention_period = 0', True),
        ("restore_to_point_in_time {\n    use_latest_restorable_time = true\n  }", False),
        ('replicate_source_db = "main"', False),
        ('replicate_source_db = "main"\n  backup_retention_period = 0', False),
    ],
)
def test_backups_are_missing_when_surely_none_are_kept(written: str, hit: bool) -> None:
    text = f'resource "aws_db_instance" "main" {{\n  instance_class = "db.t4g.micro"\n  {written}\n}}\n'
    assert [address for address, _ in hit_lines("aws/database_without_backups", text)] == (["aws_db_instance.main"] if hit else [])


def test_a_cluster_keeps_a_day_of_backups_by_itself() -> None:
    assert hit_lines("aws/database_without_backups", AURORA % "") == []
    assert hit_lines("aws/database_without_backups", AURORA % "backup_retention_period = 0") == [("aws_rds_cluster.main", 4)]


@pytest.mark.parametrize("engine", ["", 'engine = "redis"'])
def test_a_redis_group_is_not_encrypted_by_itself(engine: str) -> None:
    text = f'resource "aws_elasticache_replication_group" "main" {{\n  replication_group_id = "a"\n  description = "a"\n  {engine}\n}}\n'
    assert [address for address, _ in hit_lines("aws/unencrypted_storage", text)] == ["aws_elasticache_replication_group.main"]


def test_encryption_by_default_counts_in_its_own_region_only() -> None:
    text = """
provider "aws" {
  region = "us-east-1"
}
provider "aws" {
  alias  = "west"
  region = "us-west-2"
}
resource "aws_ebs_encryption_by_default" "east" {}
resource "aws_ebs_volume" "east" {
  availability_zone = "us-east-1a"
}
resource "aws_ebs_volume" "west" {
  provider          = aws.west
  availability_zone = "us-west-2a"
}
"""
    assert [address for address, _ in hit_lines("aws/unencrypted_storage", text)] == ["aws_ebs_volume.west"]


def test_two_disks_of_one_machine_are_two_faults() -> None:
    text = """
resource "aws_instance" "main" {
  ebs_block_device {
    device_name = "/dev/sdf"
    volume_type = "gp2"
  }
  ebs_block_device {
    device_name = "/dev/sdg"
    volume_type = "gp2"
  }
}
"""
    assert [hit.key for hit in hits("aws/unencrypted_storage", text)] == ["/dev/sdf", "/dev/sdg"]
    assert [(hit.key, hit.fix) for hit in hits("aws/gp2_volume", text)] == [("/dev/sdf", None), ("/dev/sdg", None)]


def test_an_instance_store_disk_is_no_disk_to_encrypt() -> None:
    text = """
resource "aws_launch_template" "main" {
  block_device_mappings {
    device_name  = "/dev/sdb"
    virtual_name = "ephemeral0"
  }
}
"""
    assert hits("aws/unencrypted_storage", text) == []


def test_a_launch_template_says_false_in_a_string_or_not() -> None:
    text = 'resource "aws_launch_template" "main" {\n  block_device_mappings {\n    ebs {\n      encrypted = "false"\n    }\n  }\n}\n'
    assert hit_lines("aws/unencrypted_storage", text) == [("aws_launch_template.main", 4)]
