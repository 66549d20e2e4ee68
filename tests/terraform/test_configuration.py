"""Whole roots: variables, modules, count and for_each, dynamic blocks, providers, data sources."""

from __future__ import annotations

import pytest

from clops_app.model.values import Reference, Unknown
from clops_app.terraform.inputs import Inputs
from tests.terraform.configurations import REGION, addresses, one, problems, root


def test_count_makes_numbered_instances() -> None:
    found = root('resource "aws_instance" "web" {\n  count = 2\n  ami = "ami-${count.index}"\n}\n' + REGION)
    assert [(resource.address, resource.values["ami"]) for resource in found.resources] == [
        ("aws_instance.web[0]", "ami-0"),
        ("aws_instance.web[1]", "ami-1"),
    ]


def test_for_each_makes_keyed_instances_in_key_order() -> None:
    found = root('resource "aws_sqs_queue" "q" {\n  for_each = { b = 1, a = 2 }\n  name = "${each.key}-${each.value}"\n}\n' + REGION)
    assert [(resource.address, resource.values["name"]) for resource in found.resources] == [
        ('aws_sqs_queue.q["a"]', "a-2"),
        ('aws_sqs_queue.q["b"]', "b-1"),
    ]


def test_count_zero_makes_nothing() -> None:
    assert addresses(root('resource "aws_sqs_queue" "q" {\n  count = 0\n}\n' + REGION)) == []


def test_an_unknown_count_is_one_instance_marked_so() -> None:
    found = root('variable "n" {}\nresource "aws_sqs_queue" "q" {\n  count = var.n\n  name = "x"\n}\n' + REGION)
    assert addresses(found) == ["aws_sqs_queue.q[*]"]
    assert isinstance(found.resources[0].index, Unknown)
    assert found.resources[0].values["name"] == "x"


def test_an_id_is_unknown_and_says_whose_id_it_is() -> None:
    found = root(
        'resource "aws_subnet" "a" {\n  count = 2\n  vpc_id = "vpc-1"\n}\nresource "aws_instance" "w" {\n  subnet_id = aws_subnet.a[1].id\n}\n'
        + REGION
    )
    subnet = one(found, "aws_instance.w").values["subnet_id"]
    assert isinstance(subnet, Unknown)
    assert subnet.ref == Reference("aws_subnet.a[1]", "id")


def test_a_list_of_ids_through_a_module_keeps_whose_ids_they_are() -> None:
    found = root(
        'module "net" {\n  source = "./net"\n}\nresource "aws_lb" "x" {\n  subnets = module.net.ids\n}\n' + REGION,
        net__main='resource "aws_subnet" "p" {\n  for_each = toset(["a", "b"])\n  vpc_id = "v"\n}\noutput "ids" {\n  value = [for s in aws_subnet.p : s.id]\n}\n',
    )
    subnets = one(found, "aws_lb.x").values["subnets"]
    assert isinstance(subnets, tuple)
    assert [item.ref for item in subnets if isinstance(item, Unknown)] == [
        Reference('module.net.aws_subnet.p["a"]', "id"),
        Reference('module.net.aws_subnet.p["b"]', "id"),
    ]


def test_links_tell_what_an_attribute_refers_to_even_when_its_value_is_known() -> None:
    found = root(
        'resource "aws_db_subnet_group" "g" {\n  name = "db"\n  subnet_ids = []\n}\n'
        'resource "aws_db_instance" "d" {\n  db_subnet_group_name = aws_db_subnet_group.g.name\n}\n' + REGION
    )
    database = one(found, "aws_db_instance.d")
    assert database.values["db_subnet_group_name"] == "db"
    assert [(link.via, link.target) for link in database.links] == [("db_subnet_group_name", "aws_db_subnet_group.g")]


def test_links_go_through_locals_and_module_arguments() -> None:
    found = root(
        'resource "aws_vpc" "v" {\n  cidr_block = "10.0.0.0/16"\n}\nlocals {\n  vpc = aws_vpc.v.id\n}\nmodule "m" {\n  source = "./m"\n  vpc = local.vpc\n}\n'
        + REGION,
        m__main='variable "vpc" {}\nresource "aws_subnet" "s" {\n  vpc_id = var.vpc\n}\n',
    )
    assert [(link.via, link.target) for link in one(found, "module.m.aws_subnet.s").links] == [("vpc_id", "aws_vpc.v")]


def test_nested_blocks_stand_in_source_order_with_dynamic_ones_among_them() -> None:
    found = root(
        """
        resource "aws_security_group" "g" {
          ingress {
            from_port = 1
          }
          dynamic "ingress" {
            for_each = [22, 80]
            content {
              from_port = ingress.value
            }
          }
        }
        """
        + REGION
    )
    ingress = one(found, "aws_security_group.g").values["ingress"]
    assert isinstance(ingress, tuple)
    assert [block["from_port"] for block in ingress if isinstance(block, dict)] == [1, 22, 80]


def test_a_dynamic_block_over_something_unknown_is_an_unknown_block_beside_the_others() -> None:
    found = root(
        """
        variable "ports" {}
        resource "aws_security_group" "g" {
          ingress {
            from_port = 1
          }
          dynamic "ingress" {
            for_each = var.ports
            content {
              from_port = ingress.value
            }
          }
        }
        """
        + REGION
    )
    ingress = one(found, "aws_security_group.g").values["ingress"]
    assert isinstance(ingress, tuple)
    assert ingress[0] == {"from_port": 1}
    assert isinstance(ingress[1], Unknown)


def test_values_are_converted_as_the_provider_wants_them() -> None:
    found = root('resource "aws_db_instance" "d" {\n  allocated_storage = "20"\n  multi_az = "true"\n  tags = { Count = 1 }\n}\n' + REGION)
    values = one(found, "aws_db_instance.d").values
    assert (values["allocated_storage"], values["multi_az"], values["tags"]) == (20, True, {"Count": "1"})


def test_variables_take_their_values_in_terraforms_order() -> None:
    text = 'variable "v" {\n  default = "default"\n}\noutput "v" {\n  value = var.v\n}\n'
    layers: dict[str, str] = {}
    assert root(text, **layers).outputs["v"] == "default"
    given = Inputs(environment={"v": "environment"})
    assert root(text, given, **layers).outputs["v"] == "environment"
    for name, value in (("terraform.tfvars", "file"), ("terraform.tfvars.json", "json"), ("a.auto.tfvars", "a"), ("z.auto.tfvars", "z")):
        layers[name] = f'{{"v": "{value}"}}' if name.endswith("json") else f'v = "{value}"\n'
        assert root(text, given, **layers).outputs["v"] == value
    with_file = Inputs(environment={"v": "environment"}, var_files=(("x.tfvars", b'v = "var-file"\n'),))
    assert root(text, with_file, **layers).outputs["v"] == "var-file"
    with_flag = Inputs(var_files=with_file.var_files, variables=(("v", "flag"),))
    assert root(text, with_flag, **layers).outputs["v"] == "flag"


def test_a_value_given_as_text_is_hcl_where_the_type_is_a_collection() -> None:
    found = root(
        'variable "v" {\n  type = list(string)\n}\noutput "v" {\n  value = var.v[1]\n}\n', Inputs(variables=(("v", '["a", "b"]'),))
    )
    assert found.outputs["v"] == "b"


def test_optional_attributes_get_their_defaults() -> None:
    found = root(
        'variable "v" {\n  type = object({ a = string, b = optional(number, 3) })\n  default = { a = 1 }\n}\noutput "v" {\n  value = "${var.v.a}${var.v.b}"\n}\n'
    )
    assert found.outputs["v"] == "13"


def test_a_variable_without_a_value_is_unknown_and_says_so() -> None:
    value = root('variable "v" {}\noutput "v" {\n  value = "x-${var.v}"\n}\n').outputs["v"]
    assert isinstance(value, Unknown)
    assert value.why == "var.v has no default and no value is given"
    assert value.prefix == "x-"


def test_null_takes_the_default_where_a_variable_is_not_nullable() -> None:
    found = root(
        'module "m" {\n  source = "./m"\n  v = null\n}\noutput "v" {\n  value = module.m.v\n}\n',
        m__main='variable "v" {\n  default = 5\n  nullable = false\n}\noutput "v" {\n  value = var.v\n}\n',
    )
    assert found.outputs["v"] == 5


def test_a_sensitive_variable_marks_what_is_made_of_it() -> None:
    found = root(
        'variable "p" {\n  sensitive = true\n  default = "s3cret"\n}\nresource "aws_ssm_parameter" "x" {\n  name = "n"\n  type = "String"\n  description = "d-${var.p}"\n}\n'
        + REGION
    )
    assert "description" in one(found, "aws_ssm_parameter.x").sensitive


def test_override_files_replace_attributes_one_by_one() -> None:
    found = root(
        'resource "aws_sqs_queue" "q" {\n  name = "a"\n  delay_seconds = 3\n}\n' + REGION,
        q_override='resource "aws_sqs_queue" "q" {\n  name = "b"\n}\n',
    )
    assert dict(one(found, "aws_sqs_queue.q").values) == {"delay_seconds": 3, "name": "b"}


def test_modules_with_count_and_for_each_have_terraforms_addresses() -> None:
    found = root(
        'module "a" {\n  source = "./m"\n  count = 2\n}\nmodule "b" {\n  source = "./m"\n  for_each = toset(["x"])\n}\n' + REGION,
        m__main='resource "aws_sqs_queue" "q" {\n  name = path.module\n}\n',
    )
    assert addresses(found) == ["module.a[0].aws_sqs_queue.q", "module.a[1].aws_sqs_queue.q", 'module.b["x"].aws_sqs_queue.q']
    assert found.resources[0].values["name"] == "m"


def test_a_module_that_is_not_here_is_opaque_and_said() -> None:
    found = root(
        'module "vpc" {\n  source = "acme/vpc/aws"\n  version = "5.0"\n  single_nat_gateway = true\n}\noutput "ids" {\n  value = module.vpc.private_subnets\n}\n'
    )
    assert (found.modules[0].directory, found.modules[0].version, dict(found.modules[0].values)) == (
        None,
        "5.0",
        {"single_nat_gateway": True},
    )
    ids = found.outputs["ids"]
    assert isinstance(ids, Unknown)
    assert ids.ref == Reference("module.vpc", "private_subnets")
    assert problems(found) == ["main.tf:2: module.vpc comes from acme/vpc/aws, which is not downloaded"]


def test_a_module_that_terraform_init_has_placed_is_read() -> None:
    found = root(
        'module "q" {\n  source = "someone/queue/aws"\n}\n' + REGION,
        **{
            ".terraform/modules/modules.json": '{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"q","Source":"registry.terraform.io/someone/queue/aws","Dir":".terraform/modules/q"}]}',
            ".terraform/modules/q/main.tf": 'resource "aws_sqs_queue" "q" {}\n',
        },
    )
    assert addresses(found) == ["module.q.aws_sqs_queue.q"]


def test_the_region_follows_the_provider_alias_through_modules() -> None:
    found = root(
        """
        provider "aws" {
          region = "eu-west-1"
        }
        provider "aws" {
          alias  = "us"
          region = "us-east-1"
        }
        resource "aws_sqs_queue" "default" {}
        resource "aws_sqs_queue" "alias" {
          provider = aws.us
        }
        resource "aws_sqs_queue" "own" {
          region = "ap-northeast-2"
        }
        module "m" {
          source    = "./m"
          providers = { aws = aws.us }
        }
        """,
        m__main='resource "aws_sqs_queue" "q" {}\n',
    )
    assert {resource.address: resource.region for resource in found.resources} == {
        "aws_sqs_queue.alias": "us-east-1",
        "aws_sqs_queue.default": "eu-west-1",
        "aws_sqs_queue.own": "ap-northeast-2",
        "module.m.aws_sqs_queue.q": "us-east-1",
    }


def test_zones_of_a_region_are_known_and_marked_as_modelled() -> None:
    found = root(
        'data "aws_availability_zones" "z" {\n  state = "available"\n}\nresource "aws_subnet" "s" {\n  count = 3\n  availability_zone = data.aws_availability_zones.z.names[count.index]\n}\n'
        'provider "aws" {\n  region = "ap-northeast-2"\n}\n'
    )
    assert [one(found, f"aws_subnet.s[{n}]").values["availability_zone"] for n in range(3)] == [
        "ap-northeast-2a",
        "ap-northeast-2b",
        "ap-northeast-2c",
    ]
    assert one(found, "data.aws_availability_zones.z").modelled == ("names", "zone_ids")


@pytest.mark.parametrize(
    ("region", "zone"), [("us-east-1", "use1-az1"), ("ap-northeast-2", "apne2-az1"), ("us-gov-west-1", "usgw1-az1"), ("stub", "stub-az1")]
)
def test_zone_ids_are_named_after_their_region(region: str, zone: str) -> None:
    found = root(f'data "aws_availability_zones" "z" {{}}\nprovider "aws" {{\n  region = "{region}"\n}}\n')
    ids = one(found, "data.aws_availability_zones.z").values["zone_ids"]
    assert isinstance(ids, tuple)
    assert ids[0] == zone


def test_a_policy_document_becomes_json_with_single_strings_alone() -> None:
    found = root(
        """
        data "aws_iam_policy_document" "p" {
          statement {
            actions   = ["s3:GetObject"]
            resources = ["arn:aws:s3:::b/*", "arn:aws:s3:::a/*"]
            principals {
              type        = "*"
              identifiers = ["*"]
            }
          }
        }
        output "p" {
          value = jsondecode(data.aws_iam_policy_document.p.json)
        }
        """
        + REGION
    )
    assert found.outputs["p"] == {
        "Statement": (
            {"Action": "s3:GetObject", "Effect": "Allow", "Principal": "*", "Resource": ("arn:aws:s3:::b/*", "arn:aws:s3:::a/*")},
        ),
        "Version": "2012-10-17",
    }


def test_the_terraform_block_and_the_backend_are_told() -> None:
    found = root(
        'terraform {\n  required_version = ">= 1.5"\n  backend "s3" {}\n  required_providers {\n    aws = { source = "hashicorp/aws", version = "~> 6.0" }\n  }\n}\n'
    )
    assert (found.settings.backend, found.settings.cloud, found.settings.required_version, dict(found.settings.required_providers)) == (
        "s3",
        False,
        ">= 1.5",
        {"aws": "~> 6.0"},
    )
