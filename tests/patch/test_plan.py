"""A fix becomes edits of the block it names, and of nothing else."""

from __future__ import annotations

from clops_app.model.finding import AddBlock, AddResource, Code, NewBlock, RemoveAttribute, SetAttribute
from tests.patch.workbench import changed, refused

DATABASE = """\
# The accounts of all players.
resource "aws_db_instance" "main" {
  engine         = "postgres"
  instance_class = "db.t3.micro" # small
  multi_az       = false # cheap

  allocated_storage = 20
}
"""


def test_a_written_value_is_replaced_and_its_comment_stays() -> None:
    assert changed({"db.tf": DATABASE}, SetAttribute("aws_db_instance.main", "multi_az", True)) == {
        "db.tf": DATABASE.replace("multi_az       = false # cheap", "multi_az       = true # cheap")
    }


def test_a_value_that_is_not_written_is_added() -> None:
    assert changed({"db.tf": DATABASE}, SetAttribute("aws_db_instance.main", "deletion_protection", True)) == {
        "db.tf": DATABASE.replace("  allocated_storage = 20\n", "  allocated_storage   = 20\n  deletion_protection = true\n")
    }


def test_two_settings_of_one_block_come_in_together() -> None:
    found = changed(
        {"db.tf": DATABASE},
        SetAttribute("aws_db_instance.main", "deletion_protection", True),
        SetAttribute("aws_db_instance.main", "backup_retention_period", 7),
        SetAttribute("aws_db_instance.main", "multi_az", True),
    )
    assert found == {
        "db.tf": DATABASE.replace("false # cheap", "true # cheap").replace(
            "  allocated_storage = 20\n",
            "  allocated_storage       = 20\n  deletion_protection     = true\n  backup_retention_period = 7\n",
        )
    }


def test_crlf_stays_crlf() -> None:
    found = changed({"db.tf": DATABASE.replace("\n", "\r\n")}, SetAttribute("aws_db_instance.main", "deletion_protection", True))
    assert found == {
        "db.tf": DATABASE.replace("  allocated_storage = 20\n", "  allocated_storage   = 20\n  deletion_protection = true\n").replace(
            "\n", "\r\n"
        )
    }


def test_a_block_on_one_line_is_opened() -> None:
    found = changed({"q.tf": 'resource "aws_sqs_queue" "q" { name = "q" }\n'}, SetAttribute("aws_sqs_queue.q", "fifo_queue", True))
    assert found == {"q.tf": 'resource "aws_sqs_queue" "q" {\n  name       = "q"\n  fifo_queue = true\n}\n'}


def test_an_empty_block_is_filled() -> None:
    found = changed({"q.tf": 'resource "aws_sqs_queue" "q" {}\n'}, SetAttribute("aws_sqs_queue.q", "fifo_queue", True))
    assert found == {"q.tf": 'resource "aws_sqs_queue" "q" {\n  fifo_queue = true\n}\n'}


def test_a_heredoc_in_the_block_stays_as_it_is() -> None:
    text = (
        'resource "aws_instance" "i" {\n  ami       = "ami-1"\n  user_data = <<-EOT\n    multi = false }\n  EOT\n  monitoring = false\n}\n'
    )
    assert changed({"i.tf": text}, SetAttribute("aws_instance.i", "monitoring", True)) == {
        "i.tf": text.replace("monitoring = false", "monitoring = true")
    }


def test_tabs_stay_where_nothing_changes() -> None:
    text = 'resource "aws_instance" "i" {\n\tami = "ami-1"\n\n\tmonitoring = false\n}\n'
    assert changed({"i.tf": text}, SetAttribute("aws_instance.i", "monitoring", True)) == {
        "i.tf": text.replace("monitoring = false", "monitoring = true")
    }


def test_the_right_one_of_several_nested_blocks_changes() -> None:
    text = """\
resource "aws_security_group" "g" {
  ingress {
    from_port   = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
  ingress {
    from_port   = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""
    found = changed({"g.tf": text}, SetAttribute("aws_security_group.g", "ingress[1].cidr_blocks", ("10.0.0.0/8",)))
    first, second = text.split("from_port   = 443")
    assert found == {"g.tf": f"{first}from_port   = 443{second.replace('0.0.0.0/0', '10.0.0.0/8')}"}


def test_a_nested_block_that_is_not_written_comes_with_its_setting() -> None:
    text = 'resource "aws_instance" "i" {\n  ami = "ami-1"\n}\n'
    assert changed({"i.tf": text}, SetAttribute("aws_instance.i", "root_block_device[0].encrypted", True)) == {
        "i.tf": 'resource "aws_instance" "i" {\n  ami = "ami-1"\n\n  root_block_device {\n    encrypted = true\n  }\n}\n'
    }


def test_an_entry_of_a_written_list_of_objects_changes() -> None:
    text = 'resource "aws_security_group" "g" {\n  ingress = [{ from_port = 22, cidr_blocks = ["0.0.0.0/0"] }]\n}\n'
    assert changed({"g.tf": text}, SetAttribute("aws_security_group.g", "ingress[0].cidr_blocks", ("10.0.0.0/8",))) == {
        "g.tf": text.replace("0.0.0.0/0", "10.0.0.0/8")
    }


def test_a_key_is_added_to_a_written_map() -> None:
    text = 'resource "aws_sqs_queue" "q" {\n  tags = {\n    Name = "q"\n  }\n}\n'
    assert changed({"q.tf": text}, SetAttribute("aws_sqs_queue.q", "tags.Project", "game")) == {
        "q.tf": 'resource "aws_sqs_queue" "q" {\n  tags = {\n    Name    = "q"\n    Project = "game"\n  }\n}\n'
    }


def test_a_key_is_added_to_a_map_on_one_line() -> None:
    text = 'resource "aws_sqs_queue" "q" {\n  tags = { Name = "q" }\n}\n'
    assert changed({"q.tf": text}, SetAttribute("aws_sqs_queue.q", "tags.Project", "game")) == {
        "q.tf": text.replace('{ Name = "q" }', '{ Name = "q", Project = "game" }')
    }


def test_an_attribute_is_removed() -> None:
    assert changed({"db.tf": DATABASE}, RemoveAttribute("aws_db_instance.main", "allocated_storage")) == {
        "db.tf": DATABASE.replace("\n  allocated_storage = 20\n", "")
    }


def test_a_nested_block_is_added() -> None:
    block = NewBlock("timeouts", attributes={"create": "2h"})
    assert changed({"db.tf": DATABASE}, AddBlock("aws_db_instance.main", "", block)) == {
        "db.tf": DATABASE.replace("= 20\n}", '= 20\n\n  timeouts {\n    create = "2h"\n  }\n}')
    }


def test_a_resource_is_added_after_the_one_it_belongs_to() -> None:
    other = '\nresource "aws_sqs_queue" "q" {\n}\n'
    block = NewBlock("resource", ("aws_sns_topic", "alarms"), {"name": "alarms", "kms_master_key_id": Code("aws_kms_key.a.arn")})
    assert changed({"db.tf": DATABASE + other}, AddResource("aws_db_instance.main", block)) == {
        "db.tf": DATABASE
        + '\nresource "aws_sns_topic" "alarms" {\n  name              = "alarms"\n  kms_master_key_id = aws_kms_key.a.arn\n}\n'
        + other
    }


def test_several_resources_for_one_place_stand_in_the_order_given() -> None:
    blocks = [NewBlock("resource", ("aws_sns_topic", name)) for name in ("a", "b", "c")]
    assert changed({"db.tf": DATABASE}, *(AddResource("aws_db_instance.main", block) for block in blocks)) == {
        "db.tf": DATABASE + "".join(f'\nresource "aws_sns_topic" "{name}" {{}}\n' for name in "abc")
    }


def test_a_resource_that_is_there_already_is_not_added() -> None:
    block = NewBlock("resource", ("aws_db_instance", "main"))
    assert refused({"db.tf": DATABASE}, AddResource("aws_db_instance.main", block)) == ("resource aws_db_instance.main is already declared")


def test_all_instances_of_a_block_are_changed_by_one_edit() -> None:
    text = 'resource "aws_sqs_queue" "q" {\n  count = 2\n  name  = "q${count.index}"\n}\n'
    one, two = (SetAttribute(f"aws_sqs_queue.q[{number}]", "fifo_queue", True) for number in range(2))
    assert changed({"q.tf": text}, one, two) == changed({"q.tf": text}, one)


def test_instances_that_need_different_values_are_refused() -> None:
    text = 'resource "aws_sqs_queue" "q" {\n  count = 2\n  delay_seconds = 0\n}\n'
    one, two = (SetAttribute(f"aws_sqs_queue.q[{number}]", "delay_seconds", number + 1) for number in range(2))
    assert refused({"q.tf": text}, one, two) == "its instances would need different values, and one line gives them all the same"


def test_a_constant_in_a_dynamic_block_changes_for_all_that_it_makes() -> None:
    text = """\
resource "aws_instance" "i" {
  dynamic "ebs_block_device" {
    for_each = ["a", "b"]
    content {
      device_name = ebs_block_device.value
      encrypted   = false
    }
  }
}
"""
    assert changed({"i.tf": text}, SetAttribute("aws_instance.i", "ebs_block_device[1].encrypted", True)) == {
        "i.tf": text.replace("encrypted   = false", "encrypted   = true")
    }
    assert refused({"i.tf": text}, SetAttribute("aws_instance.i", "ebs_block_device[1].device_name", "c")) == (
        "its value is taken from ebs_block_device.value"
    )
    assert refused({"i.tf": text}, RemoveAttribute("aws_instance.i", "ebs_block_device[1]")) == (
        "ebs_block_device[1] is made by a dynamic block"
    )


def test_a_provider_gets_a_block() -> None:
    text = 'provider "aws" {\n  region = "eu-west-1"\n}\n\nresource "aws_sqs_queue" "q" {\n}\n'
    block = NewBlock("default_tags", attributes={"tags": {"Project": "game"}})
    found = changed({"main.tf": text}, AddBlock("provider.aws", "", block))
    assert found["main.tf"].startswith(
        'provider "aws" {\n  region = "eu-west-1"\n\n  default_tags {\n    tags = { Project = "game" }\n  }\n}\n'
    )


def test_a_setting_in_an_override_file_is_changed_there() -> None:
    files = {"db.tf": DATABASE, "override.tf": 'resource "aws_db_instance" "main" {\n  multi_az = false\n}\n'}
    assert changed(files, SetAttribute("aws_db_instance.main", "multi_az", True)) == {
        "override.tf": 'resource "aws_db_instance" "main" {\n  multi_az = true\n}\n'
    }


def test_what_is_written_so_already_is_no_patch() -> None:
    assert refused({"db.tf": DATABASE}, SetAttribute("aws_db_instance.main", "multi_az", False)) == "it is written so already"


def test_an_expression_is_not_overwritten() -> None:
    text = 'variable "env" {\n  default = "dev"\n}\nresource "aws_db_instance" "m" {\n  multi_az = var.env == "prod" ? true : false\n}\n'
    assert refused({"db.tf": text}, SetAttribute("aws_db_instance.m", "multi_az", True)) == (
        'its value is decided by an expression: var.env == "prod" ? true : false'
    )


def test_what_another_resource_gives_is_not_overwritten() -> None:
    text = 'resource "aws_vpc" "v" {\n}\nresource "aws_subnet" "s" {\n  vpc_id = aws_vpc.v.id\n}\n'
    assert refused({"s.tf": text}, SetAttribute("aws_subnet.s", "vpc_id", "vpc-1")) == "its value is taken from aws_vpc.v.id"


def test_constant_calls_are_replaced_whole() -> None:
    text = 'resource "aws_sqs_queue" "q" {\n  delay_seconds = max(1, 2)\n}\n'
    assert changed({"q.tf": text}, SetAttribute("aws_sqs_queue.q", "delay_seconds", 5)) == {"q.tf": text.replace("max(1, 2)", "5")}


def test_json_is_left_to_the_program_that_writes_it() -> None:
    text = '{"resource": {"aws_sqs_queue": {"q": {"delay_seconds": 1}}}}'
    why = refused({"q.tf.json": text}, SetAttribute("aws_sqs_queue.q", "delay_seconds", 5))
    assert why == "q.tf.json is JSON, which is written by a program"


def test_what_terraform_is_told_to_ignore_is_not_patched() -> None:
    text = 'resource "aws_sqs_queue" "q" {\n  delay_seconds = 1\n  lifecycle {\n    ignore_changes = [delay_seconds]\n  }\n}\n'
    why = refused({"q.tf": text}, SetAttribute("aws_sqs_queue.q", "delay_seconds", 5))
    assert why == "its lifecycle.ignore_changes keeps Terraform from applying it"


def test_an_address_that_is_not_there_is_named() -> None:
    assert refused({"db.tf": DATABASE}, SetAttribute("aws_sqs_queue.q", "delay_seconds", 5)) == (
        "aws_sqs_queue.q is not written in this root"
    )
