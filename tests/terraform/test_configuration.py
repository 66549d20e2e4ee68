"""Whole roots: variables, modules, count and for_each, dynamic blocks, providers, data sources, and what is broken."""

from __future__ import annotations

from textwrap import dedent

import pytest

from clops_app.model.resource import Configuration, Resource
from clops_app.model.source import SourceTree
from clops_app.model.values import Reference, Unknown
from clops_app.terraform.evaluate import evaluate
from clops_app.terraform.inputs import Inputs
from clops_app.terraform.roots import find_roots
from clops_app.terraform.sources import sources_of


def tree(**files: str) -> SourceTree:
    """Files by path; `__` in a keyword stands for a slash, and `.tf` is added."""
    return SourceTree({(name if "." in name else name.replace("__", "/") + ".tf"): dedent(text).encode() for name, text in files.items()})


def root(text: str, inputs: Inputs | None = None, **files: str) -> Configuration:
    return evaluate(tree(main=text, **files), "", inputs)


def addresses(configuration: Configuration) -> list[str]:
    return [resource.address for resource in configuration.resources]


def one(configuration: Configuration, address: str) -> Resource:
    return next(resource for resource in configuration.resources if resource.address == address)


def problems(configuration: Configuration) -> list[str]:
    return [f"{diagnostic.where}: {diagnostic.what}" for diagnostic in configuration.diagnostics]


REGION = 'provider "aws" {\n  region = "us-east-1"\n}\n'


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
        'module "vpc" {\n  source = "terraform-aws-modules/vpc/aws"\n  version = "5.0"\n  single_nat_gateway = true\n}\noutput "ids" {\n  value = module.vpc.private_subnets\n}\n'
    )
    assert (found.modules[0].directory, found.modules[0].version, dict(found.modules[0].values)) == (
        None,
        "5.0",
        {"single_nat_gateway": True},
    )
    ids = found.outputs["ids"]
    assert isinstance(ids, Unknown)
    assert ids.ref == Reference("module.vpc", "private_subnets")
    assert problems(found) == ["main.tf:2: module.vpc comes from terraform-aws-modules/vpc/aws, which is not downloaded"]


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


# -- what is broken ------------------------------------------------------------------------------------------------


def test_a_broken_block_is_lost_alone_and_reported() -> None:
    found = root(
        'resource "aws_sqs_queue" "a" {}\n\nresource "aws_sqs_queue" "b" {\n  name = = 3\n}\n\nresource "aws_sqs_queue" "c" {}\n' + REGION
    )
    assert addresses(found) == ["aws_sqs_queue.a", "aws_sqs_queue.c"]
    assert [diagnostic.where for diagnostic in found.diagnostics] == ["main.tf:4"]


def test_a_root_of_which_nothing_can_be_read_is_fatal() -> None:
    assert [diagnostic.fatal for diagnostic in root("]]]]\n").diagnostics][-1] is True


def test_cyclic_locals_are_unknown_and_reported_once() -> None:
    found = root('locals {\n  a = local.b\n  b = local.a\n}\noutput "a" {\n  value = local.a\n}\n')
    assert isinstance(found.outputs["a"], Unknown)
    assert len(found.diagnostics) == 1
    assert "Cycle" in found.diagnostics[0].what


def test_a_module_that_includes_itself_ends() -> None:
    found = root('module "a" {\n  source = "./"\n}\nresource "aws_sqs_queue" "q" {}\n' + REGION)
    assert addresses(found) == ["aws_sqs_queue.q"]
    assert "calls itself" in found.diagnostics[0].what


def test_modules_that_include_each_other_end() -> None:
    found = root(
        'module "b" {\n  source = "./b"\n}\n' + REGION,
        b__main='module "c" {\n  source = "../c"\n}\n',
        c__main='module "b" {\n  source = "../b"\n}\nresource "aws_sqs_queue" "q" {}\n',
    )
    assert addresses(found) == ["module.b.module.c.aws_sqs_queue.q"]


def test_what_has_no_aws_region_asks_for_none() -> None:
    found = root('resource "random_id" "r" {\n  byte_length = 4\n}\nresource "aws_sqs_queue" "q" {}\n' + REGION)
    assert problems(found) == []
    assert isinstance(one(found, "random_id.r").region, Unknown)


def test_a_block_of_a_type_nobody_knows_is_unknown_to_others() -> None:
    block = 'resource "other_thing" "t" {\n  settings {\n    role = "x"\n  }\n}\n'
    found = root(
        block + 'output "a" {\n  value = other_thing.t.settings.role\n}\noutput "b" {\n  value = other_thing.t.settings[0].role\n}\n'
    )
    assert problems(found) == []
    assert [type(found.outputs[name]) for name in ("a", "b")] == [Unknown, Unknown]


def test_what_fails_in_an_instance_that_may_not_be_there_is_no_fault() -> None:
    text = (
        'variable "on" {}\nlocals {\n  settings = {}\n}\nresource "aws_sqs_queue" "q" {\n  count = var.on ? 1 : 0\n  name = %s\n}\n'
        + REGION
    )
    assert problems(root(text.replace("%s", "local.settings.name"))) == []
    assert len(problems(root(text.replace("%s", "local.setings.name")))) == 1


def test_an_undeclared_name_is_reported_with_the_nearest_one() -> None:
    found = root('locals {\n  region_name = "x"\n}\noutput "r" {\n  value = local.regoin_name\n}\n')
    assert "Did you mean `region_name`?" in found.diagnostics[0].why


@pytest.mark.parametrize("path", ["/etc/hostname", "../../outside.txt", "~/.aws/credentials"])
def test_a_file_outside_of_the_repository_is_never_read(path: str) -> None:
    value = root(f'output "f" {{\n  value = file("{path}")\n}}\n').outputs["f"]
    assert isinstance(value, Unknown)
    assert value.why == "it reads a file outside of the repository"


def test_a_link_that_leads_out_is_unknown_with_its_reason() -> None:
    links = SourceTree({"main.tf": b'output "f" {\n  value = file("link")\n}\n'}, {"link": "a link that leads outside the repository"})
    value = evaluate(links, "").outputs["f"]
    assert isinstance(value, Unknown)
    assert value.why == "link was not read: a link that leads outside the repository"


def test_a_file_that_an_expression_reads_counts_as_read() -> None:
    found = root('output "f" {\n  value = file("motd.txt")\n}\n', **{"motd.txt": "hello"})
    assert (found.outputs["f"], found.files) == ("hello", ("main.tf", "motd.txt"))


def test_ten_thousand_instances_are_the_most() -> None:
    found = root('resource "aws_sqs_queue" "q" {\n  count = 10001\n}\n' + REGION)
    assert len(found.resources) == 10_000
    assert "has 10,001 instances" in found.diagnostics[0].what


def test_modules_that_multiply_are_bounded() -> None:
    def calls(source: str) -> str:
        return "".join(f'module "m{number}" {{\n  source = "{source}"\n  count  = 100\n}}\n' for number in range(10))

    found = root(calls("./m") + REGION, m__main=calls("./n"), m__n__main='resource "aws_sqs_queue" "q" {}\n')
    assert len(found.resources) < 5_000
    assert "only 5,000 module instances are evaluated" in [diagnostic.what for diagnostic in found.diagnostics]


def test_dynamic_blocks_that_multiply_are_bounded() -> None:
    inner = 'dynamic "x" {\n for_each = range(1000)\n content {\n a = 1\n}\n}\n'
    found = root(
        'resource "aws_security_group" "g" {\n dynamic "ingress" {\n for_each = range(1000)\n content {\n' + inner + "}\n}\n}\n" + REGION
    )
    assert found.resources == ()
    assert "Evaluation limit exceeded" in found.diagnostics[0].what


def test_a_block_nested_ten_thousand_deep_is_a_diagnostic() -> None:
    assert root("a {\n" * 10_000 + "}\n" * 10_000).diagnostics


def test_a_resource_that_needs_itself_is_reported() -> None:
    found = root('resource "aws_sqs_queue" "q" {\n  name = aws_sqs_queue.q.name\n}\n' + REGION)
    assert isinstance(one(found, "aws_sqs_queue.q").values["name"], Unknown)
    assert "Cycle" in found.diagnostics[0].what


# -- roots ---------------------------------------------------------------------------------------------------------


def roots(scope: str = "", **files: str) -> list[str]:
    return [found.directory for found in find_roots(sources_of(tree(**files)), scope)]


def test_a_directory_that_another_calls_is_not_a_root() -> None:
    assert roots(app__main='module "m" {\n  source = "../modules/m"\n}\n', modules__m__main="locals {}\n", other__main="locals {}\n") == [
        "app",
        "other",
    ]


def test_examples_that_call_the_top_are_the_roots_of_a_module_repository() -> None:
    assert roots(main="locals {}\n", examples__a__main='module "m" {\n  source = "../../"\n}\n') == ["examples/a"]


PROVIDER = 'provider "aws" {}\n'


def test_a_module_that_nobody_calls_makes_nothing_and_is_no_root() -> None:
    assert roots(app__main=PROVIDER, modules__m__main="locals {}\n", **{"tf-modules/x/main.tf": "locals {}\n"}) == ["app"]


def test_a_directory_that_is_applied_is_a_root_though_it_asks_for_values() -> None:
    asks = 'variable "name" {}\n'
    found = roots(
        a__main=asks + PROVIDER, b__main=asks + 'terraform {\n  backend "s3" {}\n}\n', c__main=asks, **{"c/prod.tfvars": 'name = "x"\n'}
    )
    assert found == ["a", "b", "c"]


def test_a_repository_of_nothing_but_modules_is_reviewed_all_the_same() -> None:
    assert roots(modules__a__main="locals {}\n", modules__b__main='variable "name" {}\n') == ["modules/a", "modules/b"]


def test_only_what_is_below_the_scope_counts() -> None:
    assert roots("modules", modules__m__main="locals {}\n", app__main='module "m" {\n  source = "../modules/m"\n}\n') == ["modules/m"]


def test_a_directory_that_calls_itself_is_still_a_root() -> None:
    assert roots(main='module "m" {\n  source = "./"\n}\n') == [""]


def test_directories_that_call_each_other_are_seen_through_the_first() -> None:
    assert roots(a__main='module "m" {\n  source = "../b"\n}\n', b__main='module "m" {\n  source = "../a"\n}\n') == ["a"]


def test_hidden_directories_hold_no_roots() -> None:
    assert roots(main="locals {}\n", **{".terraform/modules/x/main.tf": "locals {}\n"}) == [""]


def test_one_of_an_unknown_number_of_instances_is_still_one_of_that_resource() -> None:
    found = root(
        'variable "n" {}\nresource "aws_subnet" "s" {\n  count = var.n\n}\n'
        'resource "aws_lb" "l" {\n  subnets = [aws_subnet.s[0].id]\n}\nresource "aws_lb" "m" {\n  subnets = aws_subnet.s[*].id\n}\n'
        + REGION
    )
    one_of = one(found, "aws_lb.l").values["subnets"]
    every = one(found, "aws_lb.m").values["subnets"]
    assert isinstance(one_of, tuple)
    assert [item.ref for item in (*one_of, every) if isinstance(item, Unknown)] == [
        Reference("aws_subnet.s[0]", "id"),
        Reference("aws_subnet.s[*]", "id"),
    ]
