"""The document that other programs read."""

from __future__ import annotations

import json
from decimal import Decimal

from clops_app.graph.build import build_graph
from clops_app.graph.document import Json, graph_document, json_text
from clops_app.model.source import SourceTree
from clops_app.terraform.evaluate import evaluate


def document(text: str) -> dict[str, Json]:
    tree = SourceTree({"main.tf": ('provider "aws" {\n  region = "us-east-1"\n}\n' + text).encode()})
    return graph_document(build_graph(evaluate(tree, "")), tree)


def resource(text: str) -> dict[str, Json]:
    found = document(text)["resources"]
    assert isinstance(found, list)
    assert isinstance(found[0], dict)
    return found[0]


def test_a_resource_is_told_whole() -> None:
    assert resource('resource "aws_vpc" "v" {\n  count = 1\n  cidr_block = "10.0.0.0/16"\n  tags = { Name = "a" }\n}\n') == {
        "address": "aws_vpc.v[0]",
        "mode": "managed",
        "type": "aws_vpc",
        "name": "v",
        "module": "",
        "index": 0,
        "region": "us-east-1",
        "values": {"cidr_block": "10.0.0.0/16", "tags": {"Name": "a"}},
        "unknown": [],
        "source": {"path": "main.tf", "start_line": 4, "end_line": 8},
    }


def test_what_is_unknown_is_left_out_and_named() -> None:
    found = resource('variable "x" {}\nresource "aws_vpc" "v" {\n  cidr_block = var.x\n  tags = { a = var.x, b = "1" }\n}\n')
    assert (found["values"], found["unknown"]) == ({"tags": {"b": "1"}}, ["cidr_block", "tags.a"])


def test_the_items_of_a_list_keep_their_places() -> None:
    found = resource('variable "x" {}\nresource "aws_lb" "l" {\n  security_groups = null\n  subnets = ["a", var.x]\n}\n')
    assert found["values"] == {"security_groups": None, "subnets": ["a", None]}
    assert found["unknown"] == ["subnets[1]"]


def test_nested_blocks_are_lists_in_source_order() -> None:
    found = resource(
        'resource "aws_lb" "l" {\n  subnet_mapping {\n    subnet_id = "b"\n  }\n  subnet_mapping {\n    subnet_id = "a"\n  }\n}\n'
    )
    assert found["values"] == {"subnet_mapping": [{"subnet_id": "b"}, {"subnet_id": "a"}]}


def test_what_is_sensitive_is_never_told() -> None:
    text = 'variable "p" {\n  default = "hunter2"\n  sensitive = true\n}\n'
    text += 'resource "aws_db_instance" "d" {\n  username = "a"\n  password = var.p\n}\n'
    found = resource(text + 'output "p" {\n  value = var.p\n  sensitive = true\n}\n')
    assert found["values"] == {"username": "a"}
    assert (found["unknown"], found["sensitive"]) == (["password"], ["password"])
    assert "hunter2" not in json_text(document(text))


def test_an_unknown_number_of_instances_says_why() -> None:
    found = resource('variable "n" {}\nresource "aws_vpc" "v" {\n  count = var.n\n}\n')
    assert (found["address"], found["index"]) == ("aws_vpc.v[*]", None)
    assert "var.n" in str(found["index_unknown"])


def test_edges_are_told_by_their_attribute() -> None:
    text = 'resource "aws_vpc" "v" {}\nresource "aws_subnet" "s" {\n  vpc_id = aws_vpc.v.id\n}\n'
    assert document(text)["edges"] == [{"from": "aws_subnet.s", "to": "aws_vpc.v", "via": "vpc_id"}]


def test_outputs_are_known_unknown_wrong_or_secret() -> None:
    outputs = document(
        'variable "x" {}\noutput "a" {\n  value = 3\n}\noutput "b" {\n  value = var.x\n}\noutput "c" {\n  value = tonumber("x")\n}\n'
        'output "d" {\n  value = "s"\n  sensitive = true\n}\n'
    )["outputs"]
    assert isinstance(outputs, dict)
    assert outputs["a"] == {"value": 3}
    assert list(outputs["b"] if isinstance(outputs["b"], dict) else ()) == ["unknown"]
    assert list(outputs["c"] if isinstance(outputs["c"], dict) else ()) == ["error"]
    assert outputs["d"] == {"unknown": "it is sensitive", "sensitive": True}


def test_what_could_not_be_done_is_told() -> None:
    found = document('output "c" {\n  value = tonumber("x")\n}\n')["diagnostics"]
    assert isinstance(found, list)
    assert [each["where"] for each in found if isinstance(each, dict)] == ["main.tf:5"]


def test_numbers_keep_every_digit() -> None:
    number = Decimal("0.1234567890123456789012345678901234567890")
    assert json_text({"a": [number, 12345678901234567890123]}) == (
        '{\n  "a": [\n    0.1234567890123456789012345678901234567890,\n    12345678901234567890123\n  ]\n}'
    )


def test_the_text_is_json_for_any_reader() -> None:
    found = document('resource "aws_vpc" "v" {\n  tags = { "a\\"b" = "é\\n" }\n}\n')
    assert json.loads(json_text(found)) == found
