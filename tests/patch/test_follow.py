"""A value is changed where it comes from."""

from __future__ import annotations

from clops_app.model.finding import AddBlock, Code, NewBlock, RemoveAttribute, SetAttribute
from clops_app.terraform.inputs import Inputs
from tests.patch.workbench import changed, refused

MODULE = """\
variable "multi_az" {
  default = false
}

resource "aws_db_instance" "this" {
  instance_class = "db.t3.micro"
  multi_az       = var.multi_az
}
"""
WANTED = SetAttribute("module.db.aws_db_instance.this", "multi_az", True)


def test_an_argument_of_the_module_call_is_replaced() -> None:
    files = {"main.tf": 'module "db" {\n  source   = "./db"\n  multi_az = false\n}\n', "db/main.tf": MODULE}
    assert changed(files, WANTED) == {"main.tf": 'module "db" {\n  source   = "./db"\n  multi_az = true\n}\n'}


def test_an_argument_that_is_not_given_is_added_to_the_call() -> None:
    files = {"main.tf": 'module "db" {\n  source = "./db"\n}\n', "db/main.tf": MODULE}
    assert changed(files, WANTED) == {"main.tf": 'module "db" {\n  source   = "./db"\n  multi_az = true\n}\n'}


def test_arguments_are_followed_through_several_modules() -> None:
    files = {
        "main.tf": 'module "app" {\n  source = "./app"\n  ha     = false\n}\n',
        "app/main.tf": 'variable "ha" {}\n\nmodule "db" {\n  source   = "../db"\n  multi_az = "${var.ha}"\n}\n',
        "db/main.tf": MODULE,
    }
    assert changed(files, SetAttribute("module.app.module.db.aws_db_instance.this", "multi_az", True)) == {
        "main.tf": 'module "app" {\n  source = "./app"\n  ha     = true\n}\n'
    }


def test_only_the_call_in_question_is_changed() -> None:
    main = 'module "a" {\n  source   = "./db"\n  multi_az = false\n}\n\nmodule "b" {\n  source   = "./db"\n  multi_az = false\n}\n'
    found = changed({"main.tf": main, "db/main.tf": MODULE}, SetAttribute("module.b.aws_db_instance.this", "multi_az", True))
    assert found == {"main.tf": "true".join(main.rsplit("false", 1))}


def test_a_local_is_changed_where_it_is_defined() -> None:
    files = {
        "locals.tf": "locals {\n  size = 1\n  ha   = false\n}\n",
        "db.tf": 'resource "aws_db_instance" "m" {\n  multi_az = local.ha\n}\n',
    }
    assert changed(files, SetAttribute("aws_db_instance.m", "multi_az", True)) == {"locals.tf": "locals {\n  size = 1\n  ha   = true\n}\n"}


def test_an_entry_of_an_object_is_changed_where_it_is_written() -> None:
    files = {
        "main.tf": 'module "db" {\n  source   = "./db"\n  settings = local.db["main"]\n}\n',
        "locals.tf": "locals {\n  db = {\n    main = { ha = false, size = 1 }\n  }\n}\n",
        "db/main.tf": 'variable "settings" {}\n\nresource "aws_db_instance" "this" {\n  multi_az = var.settings.ha\n}\n',
    }
    assert changed(files, WANTED) == {"locals.tf": files["locals.tf"].replace("ha = false", "ha = true")}


def test_each_value_is_changed_at_its_key() -> None:
    text = """\
resource "aws_db_instance" "m" {
  for_each = {
    game  = { ha = false }
    forum = { ha = false }
  }
  multi_az = each.value.ha
}
"""
    assert changed({"db.tf": text}, SetAttribute('aws_db_instance.m["game"]', "multi_az", True)) == {
        "db.tf": text.replace("game  = { ha = false }", "game  = { ha = true }")
    }


def test_each_value_of_a_module_call_is_followed_too() -> None:
    main = """\
module "db" {
  source   = "./db"
  for_each = { game = false, forum = false }
  multi_az = each.value
}
"""
    found = changed({"main.tf": main, "db/main.tf": MODULE}, SetAttribute('module.db["forum"].aws_db_instance.this', "multi_az", True))
    assert found == {"main.tf": main.replace("forum = false", "forum = true")}


def test_a_value_that_is_only_handed_on_is_followed() -> None:
    for expression in (
        "try(var.multi_az, null)",
        "coalesce(var.multi_az, false)",
        "tobool(var.multi_az)",
        "var.create ? var.multi_az : null",
    ):
        module = MODULE.replace("= var.multi_az", f"= {expression}")
        files = {"main.tf": 'module "db" {\n  source   = "./db"\n  multi_az = false\n}\n', "db/main.tf": 'variable "create" {}\n' + module}
        assert changed(files, WANTED) == {"main.tf": 'module "db" {\n  source   = "./db"\n  multi_az = true\n}\n'}


def test_an_optional_entry_is_added_for_the_instance_in_question() -> None:
    text = """\
locals {
  databases = {
    game  = {}
    forum = { size = 20 }
  }
}

resource "aws_db_instance" "m" {
  for_each = local.databases
  multi_az = %s
}
"""
    for expression in ("try(each.value.ha, false)", 'lookup(each.value, "ha", false)'):
        found = changed({"db.tf": text % expression}, SetAttribute('aws_db_instance.m["forum"]', "multi_az", True))
        assert found == {"db.tf": (text % expression).replace("{ size = 20 }", "{ size = 20, ha = true }")}
        found = changed({"db.tf": text % expression}, SetAttribute('aws_db_instance.m["game"]', "multi_az", True))
        assert found == {"db.tf": (text % expression).replace("game  = {}", "game  = { ha = true }")}


ROOT = {
    "main.tf": 'resource "aws_db_instance" "m" {\n  multi_az = var.ha\n}\n',
    "variables.tf": 'variable "ha" {\n  type    = bool\n  default = false\n}\n',
}
ROOT_WANTED = SetAttribute("aws_db_instance.m", "multi_az", True)


def test_the_default_of_a_root_variable_is_changed() -> None:
    assert changed(ROOT, ROOT_WANTED) == {"variables.tf": ROOT["variables.tf"].replace("default = false", "default = true")}


def test_a_variable_file_that_gives_the_value_is_changed_instead() -> None:
    files = {**ROOT, "terraform.tfvars": "# ours\nha = false\n", "z.auto.tfvars": "ha = false\n"}
    assert changed(files, ROOT_WANTED) == {"z.auto.tfvars": "ha = true\n"}


def test_a_var_file_of_the_repository_is_changed() -> None:
    files = {**ROOT, "prod.tfvars": "ha = false\n"}
    inputs = Inputs(var_files=(("prod.tfvars", b"ha = false\n"),))
    assert changed(files, ROOT_WANTED, inputs=inputs) == {"prod.tfvars": "ha = true\n"}


def test_what_is_given_from_outside_cannot_be_changed_here() -> None:
    outside = "var.ha is given from outside the repository"
    assert refused(ROOT, ROOT_WANTED, inputs=Inputs(variables=(("ha", "false"),))) == f"{outside} (--var ha)"
    assert refused(ROOT, ROOT_WANTED, inputs=Inputs(environment={"ha": "false"})) == f"{outside} (TF_VAR_ha)"
    assert refused(ROOT, ROOT_WANTED, inputs=Inputs(var_files=(("/tmp/x.tfvars", b"ha = false\n"),))) == f"{outside} (/tmp/x.tfvars)"


def test_a_variable_without_a_value_cannot_be_changed_here() -> None:
    files = {**ROOT, "variables.tf": 'variable "ha" {\n  type = bool\n}\n'}
    assert refused(files, ROOT_WANTED) == "var.ha is given when Terraform runs, not in this repository"


REGISTRY = {
    "main.tf": 'module "db" {\n  source  = "terraform-aws-modules/rds/aws"\n  version = "6.0.0"\n}\n',
    ".terraform/modules/modules.json": '{"Modules":[{"Key":"","Source":"","Dir":"."},'
    '{"Key":"db","Source":"registry.terraform.io/terraform-aws-modules/rds/aws","Version":"6.0.0","Dir":".terraform/modules/db"}]}',
    ".terraform/modules/db/main.tf": MODULE,
}


def test_a_downloaded_module_is_changed_through_its_argument() -> None:
    assert changed(REGISTRY, WANTED) == {
        "main.tf": 'module "db" {\n  source   = "terraform-aws-modules/rds/aws"\n  version  = "6.0.0"\n  multi_az = true\n}\n'
    }


def test_what_a_downloaded_module_does_not_ask_for_cannot_be_changed() -> None:
    why = "it is written in a downloaded module"
    assert refused(REGISTRY, SetAttribute("module.db.aws_db_instance.this", "deletion_protection", True)) == why
    assert refused(REGISTRY, SetAttribute("module.db.aws_db_instance.this", "instance_class", "db.t3.small")) == why
    assert refused(REGISTRY, AddBlock("module.db.aws_db_instance.this", "", NewBlock("timeouts"))) == why


def test_code_stays_in_the_module_it_was_written_for() -> None:
    files = {"main.tf": 'module "db" {\n  source   = "./db"\n  multi_az = false\n}\n', "db/main.tf": MODULE}
    why = "the new value names things of module.db, and is given elsewhere"
    assert refused(files, SetAttribute("module.db.aws_db_instance.this", "multi_az", Code("local.ha"))) == why
    assert refused(ROOT, SetAttribute("aws_db_instance.m", "multi_az", Code("local.ha"))) == (
        "the new value names things of the root, and is given elsewhere"
    )


def test_code_may_stand_in_a_local_of_its_module() -> None:
    text = 'locals {\n  key = ""\n}\nresource "aws_db_instance" "m" {\n  kms_key_id = local.key\n}\n'
    assert changed({"db.tf": text}, SetAttribute("aws_db_instance.m", "kms_key_id", Code("aws_kms_key.k.arn"))) == {
        "db.tf": text.replace('key = ""', "key = aws_kms_key.k.arn")
    }


def test_removing_what_an_argument_gives_removes_the_argument() -> None:
    main = 'module "db" {\n  source   = "./db"\n  multi_az = false\n}\n'
    files = {"main.tf": main, "db/main.tf": MODULE}
    assert changed(files, RemoveAttribute("module.db.aws_db_instance.this", "multi_az")) == {
        "main.tf": 'module "db" {\n  source = "./db"\n}\n'
    }


def test_removing_what_a_shared_name_gives_is_refused() -> None:
    assert refused(ROOT, RemoveAttribute("aws_db_instance.m", "multi_az")) == "its value is used elsewhere under the same name"


def test_a_module_call_itself_can_be_changed() -> None:
    assert changed(REGISTRY, SetAttribute("module.db", "version", "6.1.0")) == {
        "main.tf": 'module "db" {\n  source  = "terraform-aws-modules/rds/aws"\n  version = "6.1.0"\n}\n'
    }
