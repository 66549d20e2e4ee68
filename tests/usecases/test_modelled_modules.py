"""A review of a call whose module was not downloaded: findings stand in the user's file, patches change the call or nothing."""

from __future__ import annotations

import json
from datetime import date

from clops_app.graph.document import graph_document
from clops_app.model.finding import Finding
from clops_app.model.source import SourceTree
from clops_app.ports import Checkout
from clops_app.usecases.draw_graph import draw_graph
from clops_app.usecases.price import price
from clops_app.usecases.question import Question
from clops_app.usecases.review_change import scan_folder
from clops_app.usecases.think import mind

QUESTION = Question(date(2026, 11, 21), region="eu-west-1")
HEAD = 'terraform {\n  backend "s3" {}\n}\n'
DATABASE = """module "db" {
  source  = "terraform-aws-modules/rds/aws"
  version = "~> 6.0"

  identifier              = "scores"
  engine                  = "postgres"
  instance_class          = "db.m6g.large"
  allocated_storage       = 50
  backup_retention_period = 7
  deletion_protection     = true
}
"""
ADDRESS = "module.db.module.db_instance.aws_db_instance.this[0]"


def checkout(text: str) -> Checkout:
    return Checkout(SourceTree({"main.tf": text.encode()}), "", "/nowhere")


def findings(text: str) -> tuple[Finding, ...]:
    return scan_folder(mind(QUESTION), checkout(text)).findings


def test_a_finding_stands_at_the_call_and_its_patch_adds_the_argument() -> None:
    (found,) = findings(HEAD + DATABASE)
    assert (found.rule, found.address, found.path, found.start_line) == ("aws/single_az_database", ADDRESS, "main.tf", 4)
    assert found.patch is not None
    assert [line for line in found.patch.diff.splitlines() if line.startswith("+ ")] == ["+  multi_az                = true"]
    assert {edit.span.path for edit in found.patch.edits} == {"main.tf"}


def test_an_argument_that_is_written_is_changed_where_it_is_written() -> None:
    (found,) = findings(
        HEAD
        + 'variable "twice" {\n  default = false\n}\n'
        + DATABASE.replace("  deletion", "  multi_az                = var.twice\n  deletion")
    )
    assert found.patch is not None
    assert [line for line in found.patch.diff.splitlines() if line.startswith(("+ ", "- "))] == ["-  default = false", "+  default = true"]


def test_what_no_argument_governs_has_no_patch() -> None:
    service = '{ web = { subnet_ids = ["subnet-1"], vpc_id = "vpc-1", container_definitions = { web = { image = "web" } } } }'
    text = f'module "ecs" {{\n  source = "terraform-aws-modules/ecs/aws"\n  version = "~> 6.0"\n  cluster_name = "game"\n  services = {service}\n}}\n'
    (found,) = findings(HEAD + text)
    assert (found.rule, found.start_line, found.patch) == ("aws/ecs_service_single_task", 4, None)


def test_every_patch_of_every_model_changes_the_users_files_alone() -> None:
    calls = {
        "vpc": 'azs = ["a-b-1a", "a-b-1b"]\n  private_subnets = ["10.0.0.0/24", "10.0.1.0/24"]\n  public_subnets = ["10.0.2.0/24"]\n  enable_nat_gateway = true\n  single_nat_gateway = true\n  enable_flow_log = true\n  create_flow_log_cloudwatch_log_group = true',
        "ec2-instance": 'name = "w"\n  ami = "ami-1"\n  root_block_device = { type = "gp2", size = 50 }\n  ebs_volumes = { a = { type = "gp2", size = 5 } }',
        "dynamodb-table": 'name = "t"\n  hash_key = "id"\n  billing_mode = "PROVISIONED"\n  read_capacity = 5\n  write_capacity = 5',
        "autoscaling": 'name = "w"\n  min_size = 1\n  max_size = 1\n  image_id = "ami-1"\n  instance_type = "m5.large"',
        "lambda": 'function_name = "f"',
        "rds": 'identifier = "d"\n  engine = "mysql"\n  instance_class = "db.t3.small"\n  allocated_storage = 20\n  publicly_accessible = true\n  storage_encrypted = false',
    }
    text = HEAD + "".join(
        f'module "{name}" {{\n  source = "terraform-aws-modules/{name}/aws"\n  {body}\n}}\n' for name, body in calls.items()
    )
    found = findings(text)
    assert len(found) > 8
    assert {each.path for each in found} == {"main.tf"}
    patched = [each for each in found if each.patch is not None]
    assert len(patched) > 4
    assert {edit.span.path for each in patched for edit in (each.patch.edits if each.patch else ())} == {"main.tf"}


def test_the_price_is_that_of_what_the_model_creates() -> None:
    prices = price(mind(QUESTION, judging=False), checkout(HEAD + DATABASE), None)
    assert [each.address for each in prices.bills[0][1].resources if each.monthly_usd] == [ADDRESS]


def test_the_graph_tells_the_call_as_the_place() -> None:
    head = checkout(HEAD + DATABASE)
    (graph,), _ = draw_graph(mind(QUESTION, judging=False), head)
    document = graph_document(graph, head.tree)
    assert {json.dumps(each["source"]) for each in document["resources"]} == {'{"path": "main.tf", "start_line": 4, "end_line": 14}'}  # type: ignore[union-attr,index,call-overload]


def test_what_is_given_to_an_input_that_the_model_does_not_know_may_be_used_there() -> None:
    server = 'resource "aws_instance" "a" {\n  ami = "ami-1"\n  instance_type = "m5.large"\n}\n'
    text = 'module "fn" {\n  source = "terraform-aws-modules/lambda/aws"\n  version = "8.0.0"\n  function_name = "f"\n  policy = aws_instance.a.arn\n}\n'
    (graph,), _ = draw_graph(mind(QUESTION, judging=False), checkout(HEAD + server + text))
    from clops_app.graph.aws import Reading

    reading = Reading(graph)
    assert [call.address for call in reading.opaque_modules(graph.resources["aws_instance.a"])] == ["module.fn"]
