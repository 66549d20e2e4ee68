"""Well-known modules that were not downloaded are read from models, and everything that is said of them says so."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

import clops_app.terraform
from clops_app.model.resource import Configuration
from clops_app.model.values import Unknown
from clops_app.terraform.modelled import MODELS, Model, Unmodelled, model_of
from tests.terraform.configurations import REGION, one, problems, root

PACKAGE = Path(clops_app.terraform.__file__).parent / "models"
VPC = '  name = "game"\n  azs = ["eu-west-1a", "eu-west-1b"]\n  public_subnets = ["10.0.1.0/24", "10.0.2.0/24"]\n  private_subnets = ["10.0.3.0/24", "10.0.4.0/24"]\n'


def call(module: str, version: str, arguments: str, name: str = "m") -> str:
    return f'{REGION}module "{name}" {{\n  source = "terraform-aws-modules/{module}"\n  version = "{version}"\n{arguments}}}\n'


def managed(found: Configuration) -> Counter[str]:
    return Counter(f"{each.type}.{each.name}" for each in found.resources if each.mode == "managed" and not each.type.startswith("aws_iam"))


# -- which model -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "version", "directory"),
    [
        ("terraform-aws-modules/vpc/aws", "~> 5.0", "vpc"),
        ("registry.terraform.io/terraform-aws-modules/vpc/aws", "6.6.0", "vpc"),
        ("terraform-aws-modules/ecs/aws//modules/service", "~> 5.11", "ecs/modules/service"),
        ("git::https://github.com/terraform-aws-modules/terraform-aws-vpc.git?ref=v5.1.2", "", "vpc"),
        ("github.com/terraform-aws-modules/terraform-aws-rds//modules/db_instance?ref=v6.1.0", "", "rds/modules/db_instance"),
        ("git::ssh://git@github.com/terraform-aws-modules/terraform-aws-vpc.git?ref=refs/tags/v6.0.0", "", "vpc"),
        ("terraform-aws-modules/ec2-instance/aws", "5.6.0", "ec2-instance/v5"),
        ("terraform-aws-modules/ec2-instance/aws", ">= 5.0, < 7.0", "ec2-instance/v6"),
    ],
)
def test_a_source_and_a_version_lead_to_a_model(source: str, version: str, directory: str) -> None:
    found = model_of(source, version)
    assert isinstance(found, Model)
    assert (found.directory, found.certain) == (f"{MODELS}/terraform-aws-modules/{directory}", True)


@pytest.mark.parametrize(
    ("source", "version", "why"),
    [
        ("terraform-aws-modules/vpc/aws", "~> 3.0", "speaks of versions 5.x to 6.x only"),
        ("terraform-aws-modules/vpc/aws", ">= 7.0", "speaks of versions 5.x to 6.x only"),
        ("terraform-aws-modules/vpc/aws", "latest", "cannot tell which version that is"),
        ("git::https://github.com/terraform-aws-modules/terraform-aws-vpc.git?ref=25322b6b6be69db6cca7f167d7b0e5327156a595", "", "cannot tell which version that is"),
        ("terraform-aws-modules/vpc/aws//modules/vpc-endpoints", "5.0.0", "does not have modules/vpc-endpoints"),
        ("terraform-aws-modules/ec2-instance/aws", "4.0.0", "speaks of versions 5.x and versions 6.x only"),
    ],
)  # fmt: skip
def test_what_a_model_does_not_speak_of_is_opaque_and_the_reason_is_said(source: str, version: str, why: str) -> None:
    assert model_of(source, version) == Unmodelled(f"its model {why}")


@pytest.mark.parametrize(
    "source", ["acme/vpc/aws", "terraform-aws-modules/nothing/aws", "../../x/aws", "git::https://example.com/terraform-aws-vpc.git"]
)
def test_other_modules_have_no_model(source: str) -> None:
    assert model_of(source, "") is None


def test_a_call_that_allows_newer_versions_than_the_model_knows_is_read_with_a_doubt() -> None:
    found = model_of("terraform-aws-modules/vpc/aws", ">= 5.0")
    assert isinstance(found, Model)
    assert not found.certain


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("*/*/model.json")), ids=lambda path: path.parent.name)
def test_every_model_reads_without_a_complaint_and_says_where_it_is_from(path: Path) -> None:
    for model in json.loads(path.read_text())["models"]:
        directory = path.parent / model.get("directory", "")
        name = f"{path.parent.parent.name}/{path.parent.name}/aws"
        for main in directory.rglob("main.tf"):
            below = main.parent.relative_to(directory).as_posix()
            assert "Read 2026-" in main.read_text().partition("\n\n")[0]
            source = name if below == "." else f"{name}//{below}"
            found = root(f'{REGION}module "m" {{\n  source = "{source}"\n  version = "{model["majors"][1]}.0.0"\n  create = false\n}}\n')
            assert [what for what in problems(found) if "could not be evaluated" in what or "syntax" in what] == []


# -- what is said ------------------------------------------------------------------------------------------------------


def test_a_modelled_module_is_said_to_be_one() -> None:
    found = root(call("vpc/aws", "~> 5.0", VPC))
    assert problems(found) == ["main.tf:4: module.m is modelled: terraform-aws-modules/vpc/aws was not downloaded"]
    assert found.diagnostics[0].why.startswith("what it creates was read from a model of versions 5.x to 6.x; ")
    assert (found.modules[0].modelled, found.modules[0].unread, found.files) == ("versions 5.x to 6.x", (), ("main.tf",))


def test_inputs_that_the_model_does_not_know_are_named() -> None:
    found = root(call("vpc/aws", "5.0.0", VPC + '  outpost_subnets = ["10.0.9.0/24"]\n  public_acl_tags = {}\n'))
    assert "main.tf:4: module.m: the model does not know outpost_subnets" in problems(found)
    assert found.modules[0].unread == ("outpost_subnets",)


def test_an_output_that_the_model_does_not_have_is_unknown_and_no_mistake() -> None:
    found = root(call("vpc/aws", "5.0.0", VPC) + 'output "x" {\n  value = module.m.vpn_id\n}\n')
    assert isinstance(found.outputs["x"], Unknown)
    assert len(found.diagnostics) == 1


def test_a_module_of_another_version_stays_opaque() -> None:
    found = root(call("vpc/aws", "3.0.0", VPC))
    assert found.modules[0].directory is None
    assert problems(found) == [
        "main.tf:5: module.m comes from terraform-aws-modules/vpc/aws, which is not downloaded; its model speaks of versions 5.x to 6.x only"
    ]


def test_what_init_placed_is_read_and_not_the_model() -> None:
    manifest = {"Modules": [{"Key": "m", "Source": "registry.terraform.io/terraform-aws-modules/vpc/aws", "Dir": ".terraform/modules/m"}]}
    found = root(
        call("vpc/aws", "5.0.0", VPC),
        **{".terraform/modules/modules.json": json.dumps(manifest), ".terraform/modules/m/main.tf": 'resource "aws_vpc" "own" {}\n'},
    )
    assert managed(found) == {"aws_vpc.own": 1}


def test_a_complaint_about_a_model_stands_where_the_module_is_called() -> None:
    found = root(call("vpc/aws", "5.0.0", '  azs = ["eu-west-1a"]\n  public_subnets = 3\n'))
    assert {each.where for each in found.diagnostics} == {"main.tf:4"}
    assert len(found.diagnostics) > 1


# -- what is created ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nat", "gateways"),
    [("", 0), ("enable_nat_gateway = true", 2), ("enable_nat_gateway = true\nsingle_nat_gateway = true", 1)],
)
def test_the_network_has_the_gateways_that_its_inputs_ask_for(nat: str, gateways: int) -> None:
    found = root(call("vpc/aws", "~> 6.0", VPC + nat + "\n"))
    made = managed(found)
    assert (made["aws_nat_gateway.this"], made["aws_eip.nat"], made["aws_subnet.private"], made["aws_internet_gateway.this"]) == (
        gateways,
        gateways,
        2,
        1,
    )
    assert one(found, "module.m.aws_subnet.private[1]").values["availability_zone"] == "eu-west-1b"


def test_the_database_is_what_its_inputs_say() -> None:
    found = root(
        call(
            "rds/aws",
            "~> 6.0",
            '  identifier = "db"\n  engine = "postgres"\n  instance_class = "db.m6g.large"\n  allocated_storage = 50\n  multi_az = true\n',
        )
    )
    database = one(found, "module.m.module.db_instance.aws_db_instance.this[0]")
    assert [database.values[name] for name in ("instance_class", "multi_az", "storage_encrypted", "publicly_accessible", "deletion_protection")] == [
        "db.m6g.large", True, True, False, False,
    ]  # fmt: skip
    assert managed(found)["aws_db_option_group.this"] == 0


def test_the_cluster_has_an_instance_for_each_that_is_named() -> None:
    found = root(
        call(
            "rds-aurora/aws",
            "9.10.0",
            '  name = "pg"\n  engine = "aurora-postgresql"\n  instance_class = "db.r6g.large"\n  instances = { one = {}, two = { instance_class = "db.r6g.xlarge" } }\n  vpc_id = "vpc-1"\n',
        )
    )
    assert [one(found, f'module.m.aws_rds_cluster_instance.this["{key}"]').values["instance_class"] for key in ("one", "two")] == [
        "db.r6g.large",
        "db.r6g.xlarge",
    ]
    assert managed(found)["aws_security_group.this"] == 1


def test_the_service_scales_and_its_smallest_number_is_the_lesser_one() -> None:
    service = (
        '{ web = { desired_count = 3, subnet_ids = ["subnet-1"], vpc_id = "vpc-1", container_definitions = { web = { image = "web" } } } }'
    )
    found = root(call("ecs/aws", "~> 6.0", f'  cluster_name = "game"\n  services = {service}\n'))
    target = one(found, 'module.m.module.service["web"].aws_appautoscaling_target.this[0]')
    assert (target.values["min_capacity"], target.values["max_capacity"]) == (1, 10)
    assert one(found, 'module.m.module.service["web"].aws_ecs_service.this[0]').ignored_changes == ("desired_count",)


@pytest.mark.parametrize(
    ("module", "version", "arguments", "expected"),
    [
        ("ec2-instance/aws", "5.6.0", '  name = "w"\n  ami = "ami-1"\n  root_block_device = [{ volume_type = "gp2" }]\n', {"aws_instance.this": 1}),
        ("ec2-instance/aws", "6.4.0", '  name = "w"\n  ami = "ami-1"\n  subnet_id = "subnet-1"\n',
         {"aws_instance.this": 1, "aws_security_group.this": 1, "aws_vpc_security_group_egress_rule.this": 2}),
        ("security-group/aws", "~> 5.0", '  name = "w"\n  ingress_cidr_blocks = ["0.0.0.0/0"]\n  ingress_rules = ["ssh-tcp", "https-443-tcp"]\n',
         {"aws_security_group.this_name_prefix": 1, "aws_security_group_rule.ingress_rules": 2}),
        ("alb/aws", "~> 9.0", '  name = "w"\n  subnets = ["subnet-1"]\n  listeners = { http = { forward = { target_group_key = "w" } } }\n  target_groups = { w = { create_attachment = false } }\n',
         {"aws_lb.this": 1, "aws_lb_listener.this": 1, "aws_lb_target_group.this": 1, "aws_security_group.this": 1}),
        ("autoscaling/aws", "~> 8.0", '  name = "w"\n  min_size = 1\n  max_size = 2\n', {"aws_autoscaling_group.this": 1, "aws_launch_template.this": 1}),
        ("eks/aws", "~> 21.0", '  name = "k"\n  subnet_ids = ["subnet-1"]\n  eks_managed_node_groups = { a = { instance_types = ["m6i.large"] }, b = { min_size = 2 } }\n',
         {"aws_eks_cluster.this": 1, "aws_eks_node_group.this": 2, "aws_launch_template.this": 2, "aws_cloudwatch_log_group.this": 1, "aws_kms_key.this": 1,
          "aws_kms_alias.this": 1, "aws_security_group.cluster": 1, "aws_security_group.node": 1, "aws_security_group_rule.cluster": 1,
          "aws_security_group_rule.node": 11}),
        ("s3-bucket/aws", "~> 4.0", '  bucket = "b"\n  versioning = { enabled = true }\n',
         {"aws_s3_bucket.this": 1, "aws_s3_bucket_versioning.this": 1, "aws_s3_bucket_public_access_block.this": 1}),
        ("lambda/aws", "~> 8.0", '  function_name = "f"\n  create_package = false\n', {"aws_lambda_function.this": 1, "aws_cloudwatch_log_group.lambda": 1}),
        ("elasticache/aws", "~> 1.0", '  replication_group_id = "r"\n  node_type = "cache.t4g.small"\n',
         {"aws_elasticache_replication_group.this": 1, "aws_elasticache_subnet_group.this": 1, "aws_security_group.this": 1, "aws_cloudwatch_log_group.this": 1}),
        ("dynamodb-table/aws", "~> 4.0", '  name = "t"\n  hash_key = "id"\n', {"aws_dynamodb_table.this": 1}),
        ("cloudfront/aws", "~> 4.0", '  default_cache_behavior = { target_origin_id = "w" }\n', {"aws_cloudfront_distribution.this": 1}),
    ],
)  # fmt: skip
def test_a_call_creates_what_the_module_would(module: str, version: str, arguments: str, expected: dict[str, int]) -> None:
    found = root(call(module, version, arguments))
    assert managed(found) == {f"aws_{name}" if not name.startswith("aws_") else name: number for name, number in expected.items()}
    assert [what for what in problems(found) if "is modelled" not in what] == []


def test_named_rules_open_the_ports_that_their_names_say() -> None:
    found = root(
        call("security-group/aws", "5.1.0", '  name = "w"\n  ingress_cidr_blocks = ["0.0.0.0/0"]\n  ingress_rules = ["ssh-tcp"]\n')
    )
    rule = one(found, "module.m.aws_security_group_rule.ingress_rules[0]")
    assert [rule.values[name] for name in ("from_port", "to_port", "protocol", "cidr_blocks")] == [22, 22, "tcp", ("0.0.0.0/0",)]


def test_a_value_that_is_unknown_stays_so() -> None:
    found = root('variable "kind" {}\n' + call("ec2-instance/aws", "5.6.0", '  name = "w"\n  ami = "ami-1"\n  instance_type = var.kind\n'))
    assert isinstance(one(found, "module.m.aws_instance.this[0]").values["instance_type"], Unknown)
