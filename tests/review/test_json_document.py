"""The documents for programs, against their published schemas."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from jsonschema import Draft202012Validator

from clops_app.graph.build import build_graph
from clops_app.graph.document import graph_document, json_text
from clops_app.model.cost import ResourceCost, Unpriced
from clops_app.model.source import SourceTree
from clops_app.review.assemble import RootResult, assemble
from clops_app.review.render.json_document import Json, cost_document, dumps, review_document
from clops_app.review.schema import NAMES, schema
from clops_app.terraform.evaluate import evaluate
from tests.review.samples import EMPTY, NO_BACKUPS, bill, line, second_server, server


def faults(document: Json, name: str) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema(name)).iter_errors(json.loads(dumps(document)))]


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))


def test_an_unknown_schema_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        schema("../../secrets")


def test_a_review_is_what_its_schema_says() -> None:
    assert faults(review_document(second_server()), "review") == []


def test_an_empty_review_is_what_its_schema_says() -> None:
    assert faults(review_document(assemble([])), "review") == []


def test_a_review_without_base_is_what_its_schema_says() -> None:
    review = assemble([RootResult("", "why", EMPTY, bill(server(0)), (replace(NO_BACKUPS, patch=None),))])
    assert faults(review_document(review), "review") == []


@pytest.mark.parametrize(
    ("key", "value"), [("verdict", "maybe"), ("surprise", 1), ("commit", 7), ("cost", {}), ("findings", [{"rule": "aws/x"}])]
)
def test_the_review_schema_is_strict(key: str, value: Json) -> None:
    assert faults({**review_document(second_server()), key: value}, "review") != []


def test_a_finding_has_exactly_the_keys_that_were_promised() -> None:
    findings = json.loads(dumps(review_document(second_server())))["findings"]
    assert {tuple(finding) for finding in findings} == {
        (
            "rule", "title", "severity", "category", "address", "path", "start_line", "end_line", "message", "status", "fingerprint",
            "patch",
        )
    }  # fmt: skip


def test_a_patch_has_its_price_as_a_decimal_string() -> None:
    findings = json.loads(dumps(review_document(second_server())))["findings"]
    assert {f["rule"]: f["patch"]["monthly_usd_delta"] for f in findings if f["patch"]} == {
        "aws/database_without_backups": "0.00",
        "aws/single_az_database": "14.98",
    }


def test_money_is_before_after_and_their_difference() -> None:
    assert json.loads(dumps(review_document(second_server())))["cost"]["monthly"] == {"before": "21.57", "after": "29.16", "delta": "7.59"}


def test_a_cost_document_is_what_was_promised() -> None:
    gateway = ResourceCost(
        "aws_nat_gateway.a",
        "aws_nat_gateway",
        (
            line("NAT gateway", "730", "hour", "0.045"),
            line("Data processed", None, "GB", "0.0450", "depends on usage: set usage.aws_nat_gateway.monthly_data_processed_gb"),
        ),
    )
    priced = bill(gateway, unpriced=[Unpriced("aws_x.y", "aws_x", "no price is known for this type")], free=["aws_vpc.main"])
    document = cost_document([("", priced)], before=None)
    assert faults(document, "cost") == []
    assert json.loads(dumps(document)) == {
        "schema": "clops.cost/1",
        "currency": "USD",
        "prices_date": "2025-12-06",
        "monthly": {"before": None, "after": "32.85", "delta": None},
        "resources": [
            {
                "address": "aws_nat_gateway.a",
                "type": "aws_nat_gateway",
                "monthly_usd": "32.85",
                "partly": False,
                "lines": [
                    {
                        "name": "NAT gateway",
                        "quantity": "730",
                        "unit": "hour",
                        "unit_price_usd": "0.045",
                        "monthly_usd": "32.85",
                        "assumption": None,
                    },
                    {
                        "name": "Data processed",
                        "quantity": None,
                        "unit": "GB",
                        "unit_price_usd": "0.045",
                        "monthly_usd": None,
                        "assumption": "depends on usage: set usage.aws_nat_gateway.monthly_data_processed_gb",
                    },
                ],
            }
        ],
        "unpriced": [{"address": "aws_x.y", "type": "aws_x", "why": "no price is known for this type", "partly": False}],
        "free": ["aws_vpc.main"],
    }


def test_what_depends_on_usage_alone_has_no_monthly_cost_rather_than_zero() -> None:
    function = ResourceCost(
        "aws_lambda_function.a", "aws_lambda_function", (line("Requests", None, "request", "2E-7", "depends on usage"),)
    )
    (resource,) = json.loads(dumps(cost_document([("", bill(function))], before=None)))["resources"]
    assert (resource["monthly_usd"], resource["lines"][0]["unit_price_usd"]) == (None, "0.0000002")


def test_with_several_roots_each_resource_says_which_one_it_is_of() -> None:
    document = cost_document([("envs/prod", bill(server(0))), ("envs/dev", bill(server(0)))], before=Decimal(0))
    assert faults(document, "cost") == []
    assert [resource["root"] for resource in json.loads(dumps(document))["resources"]] == ["envs/dev", "envs/prod"]


def test_a_resource_with_a_price_in_part_is_priced_and_unpriced_and_both_say_so() -> None:
    document = cost_document([("", bill(server(0), unpriced=[Unpriced("aws_instance.game[0]", "aws_instance", "no price")]))], before=None)
    assert faults(document, "cost") == []
    cost = json.loads(dumps(document))
    assert [(item["address"], item["monthly_usd"], item["partly"]) for item in cost["resources"]] == [
        ("aws_instance.game[0]", "7.59", True)
    ]
    assert [(item["address"], item["partly"]) for item in cost["unpriced"]] == [("aws_instance.game[0]", True)]
    assert cost["monthly"]["after"] == "7.59"


def test_the_roots_are_named_with_why_each_is_one() -> None:
    roots = [RootResult(name, f"why {name}", EMPTY, bill()) for name in ("prod", "dev")]
    assert json.loads(dumps(review_document(assemble(roots))))["roots"] == [
        {"root": "dev", "why": "why dev"},
        {"root": "prod", "why": "why prod"},
    ]


def test_the_same_review_gives_the_same_bytes() -> None:
    assert dumps(review_document(second_server())) == dumps(review_document(second_server()))


GRAPH = """
variable "n" {
  type = number
}

provider "aws" {
  region = "eu-west-1"
}

resource "aws_instance" "known" {
  count         = 2
  instance_type = "t3.micro"
  tags          = { Name = "a", Zones = jsonencode([1.5, null]) }
}

resource "aws_instance" "unknown" {
  count = var.n
  ami   = aws_instance.known[0].ami
}

resource "aws_db_instance" "main" {
  for_each = { "a b" = 1 }
  password = sensitive("secret")
  username = aws_instance.known[1].id
}

data "aws_ami" "a" {
  owners = ["self"]

  filter {
    name   = "name"
    values = ["x"]
  }
}

output "secret" {
  value     = sensitive("secret")
  sensitive = true
}

output "known" {
  value = { a = [1, 2.5] }
}

output "unknown" {
  value = aws_instance.known[0].id
}

output "wrong" {
  value = aws_instance.known[7].id
}
"""


@pytest.mark.parametrize("text", ["", GRAPH, "resource {"])
def test_a_graph_is_what_its_schema_says(text: str) -> None:
    tree = SourceTree({"main.tf": text.encode()})
    document = json.loads(json_text(graph_document(build_graph(evaluate(tree, "")), tree)))
    assert [f"{e.json_path}: {e.message}" for e in Draft202012Validator(schema("graph")).iter_errors(document)] == []


def test_graphs_of_several_roots_are_what_their_schema_says() -> None:
    tree = SourceTree({"main.tf": GRAPH.encode()})
    one = json.loads(json_text(graph_document(build_graph(evaluate(tree, "")), tree)))
    several = {"schema": "clops.graph/1", "roots": [one, one]}
    assert list(Draft202012Validator(schema("graph")).iter_errors(several)) == []


def test_the_graph_schema_is_strict() -> None:
    assert list(Draft202012Validator(schema("graph")).iter_errors({"schema": "clops.graph/1", "roots": [{"root": "."}]})) != []
