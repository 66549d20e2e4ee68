"""Provider blocks: what is written in them is told, dynamic blocks too, and a module without its source makes no false alarm."""

from __future__ import annotations

from clops_app.model.values import Unknown
from tests.terraform.configurations import problems, root

ASSUMED = """
provider "aws" {
  region = "us-east-1"
  dynamic "assume_role" {
    for_each = compact([%s])
    content {
      role_arn = assume_role.value
    }
  }
}
"""


def test_dynamic_blocks_of_a_provider_are_expanded() -> None:
    provider = root(ASSUMED % '"arn:aws:iam::111111111111:role/deploy", ""').settings.providers[0]
    assert provider.values["assume_role"] == ({"role_arn": "arn:aws:iam::111111111111:role/deploy"},)


def test_dynamic_blocks_of_a_provider_that_nobody_can_count_are_unknown() -> None:
    found = root('variable "role" {}\n' + ASSUMED % "var.role")
    assert problems(found) == []
    told = found.settings.providers[0].values["assume_role"]
    assert isinstance(told, tuple)
    assert [type(item) for item in told] == [Unknown]


def test_default_tags_of_a_provider_are_told() -> None:
    text = 'provider "aws" {\n  region = "us-east-1"\n  default_tags {\n    tags = { team = "game" }\n  }\n}\n'
    assert root(text).settings.providers[0].values["default_tags"] == ({"tags": {"team": "game"}},)
