"""Data sources that are answered: what is unknown in them makes the answer unknown, never wrong and never a crash."""

from __future__ import annotations

import pytest

from clops_app.model.values import Datum, Unknown
from tests.terraform.configurations import REGION, one, root


def policy(body: str) -> Datum:
    document = f'data "aws_iam_policy_document" "p" {{\n{body}\n}}\n'
    output = 'output "p" {\n  value = jsondecode(data.aws_iam_policy_document.p.json)\n}\n'
    return root(f'variable "v" {{}}\n{document}{output}{REGION}').outputs["p"]


def some_of(block: str, content: str) -> str:
    """A statement with as many of these blocks as nobody knows."""
    return f'statement {{\n  dynamic "{block}" {{\n    for_each = var.v\n    content {{\n{content}\n    }}\n  }}\n}}'


@pytest.mark.parametrize(
    "body",
    [
        "version = var.v",
        'statement {\n  sid = var.v\n  actions = ["s3:*"]\n}',
        "statement {\n  effect = var.v\n}",
        "statement {\n  actions = [var.v]\n}",
        some_of("principals", 'type = "AWS"\nidentifiers = [principals.value]'),
        some_of("condition", 'test = "Bool"\nvariable = "x"\nvalues = []'),
        'statement {\n  condition {\n    test = "StringEquals"\n    variable = "x"\n    values = [var.v]\n  }\n}',
        "source_policy_documents = [var.v]",
        "override_policy_documents = var.v",
    ],
)
def test_a_policy_document_with_something_unknown_in_it_is_unknown(body: str) -> None:
    assert isinstance(policy(body), Unknown)


def test_a_policy_document_keeps_the_order_of_a_conditions_values_and_sorts_tests_and_variables() -> None:
    found = policy(
        """
        statement {
          actions = ["s3:PutObject", "s3:GetObject"]
          condition {
            test     = "StringLike"
            variable = "s3:prefix"
            values   = ["b", "a"]
          }
          condition {
            test     = "StringLike"
            variable = "aws:username"
            values   = ["&{aws:username}"]
          }
        }
        """
    )
    assert found == {
        "Statement": (
            {
                "Action": ("s3:PutObject", "s3:GetObject"),
                "Condition": {"StringLike": {"aws:username": "${aws:username}", "s3:prefix": ("b", "a")}},
                "Effect": "Allow",
            },
        ),
        "Version": "2012-10-17",
    }


def test_an_overriding_statement_takes_the_place_of_the_one_with_its_sid() -> None:
    found = policy(
        """
        statement {
          sid     = "one"
          actions = ["s3:GetObject"]
        }
        statement {
          sid     = "two"
          actions = ["s3:GetObject"]
        }
        override_policy_documents = [jsonencode({ Statement = [{ Sid = "one", Effect = "Deny", Action = "*" }] })]
        """
    )
    assert found == {
        "Statement": ({"Action": "*", "Effect": "Deny", "Sid": "one"}, {"Action": "s3:GetObject", "Effect": "Allow", "Sid": "two"}),
        "Version": "2012-10-17",
    }


def test_a_policy_document_builds_upon_others_as_they_are() -> None:
    other = 'jsonencode({ Statement = [{ Effect = "Allow", Action = ["b", "a"], Resource = "*" }] })'
    found = policy(f"source_policy_documents = [{other}]")
    assert found == {"Statement": ({"Action": ("b", "a"), "Effect": "Allow", "Resource": "*"},), "Version": "2012-10-17"}


@pytest.mark.parametrize("other", ["no json", '"text"', "{}", '{"Statement": 3}'])
def test_a_policy_document_built_upon_something_else_is_unknown(other: str) -> None:
    escaped = other.replace('"', '\\"')
    assert isinstance(policy(f'source_policy_documents = ["{escaped}"]'), Unknown)


def test_zones_without_unknown_ones_are_unknown() -> None:
    found = root('variable "v" {}\ndata "aws_availability_zones" "z" {\n  exclude_names = [var.v]\n}\n' + REGION)
    assert isinstance(one(found, "data.aws_availability_zones.z").values["names"], Unknown)
