"""Terraform's JSON syntax gives the tree that its own syntax would have given."""

from __future__ import annotations

import json
import re

import pytest

from clops_app.hcl.json_syntax import parse_json
from clops_app.hcl.parser import parse
from clops_app.hcl.syntax import Block, File, Literal, Template, Traversal, TupleItems
from clops_app.language import say, speaking
from clops_app.model.source import line_starts, position
from tests.hcl.trees import expression, outline, shape


def _read(text: str, path: str = "main.tf.json") -> File:
    file = parse_json(path, text.encode())
    assert file.problems == ()
    return file


def _same(as_json: str, as_hcl: str) -> None:
    expected = parse("main.tf", as_hcl.encode())
    assert expected.problems == ()
    assert shape(_read(as_json).body) == shape(expected.body)


def test_resources_become_blocks_with_two_labels() -> None:
    _same(
        """{"resource": {"aws_instance": {"web": {"ami": "${var.ami}", "count": 2, "tags": {"Name": "web-${count.index}"}}}}}""",
        """
resource "aws_instance" "web" {
  ami   = "${var.ami}"
  count = 2
  tags  = { "Name" = "web-${count.index}" }
}
""",
    )


def test_an_array_of_objects_is_repeated_blocks_at_every_level() -> None:
    file = _read("""{"resource": [{"a": [{"b": [{"x": 1}, {"x": 2}]}, {"c": {}}]}, {"d": {"e": {}}}]}""")
    assert outline(file.body) == [
        ("resource", "a", "b", ["x"]),
        ("resource", "a", "b", ["x"]),
        ("resource", "a", "c", []),
        ("resource", "d", "e", []),
    ]


def test_an_array_at_the_top_is_one_body() -> None:
    assert outline(_read("""[{"locals": {"a": 1}}, {"locals": {"b": 2}}]""").body) == [("locals", ["a"]), ("locals", ["b"])]


def test_what_terraform_itself_knows_becomes_blocks_and_the_rest_attributes() -> None:
    _same(
        """{"resource": {"a": {"b": {
            "ebs": [{"size": 1}],
            "lifecycle": {"ignore_changes": ["tags", "x[0]"], "precondition": [{"condition": "${var.x}", "error_message": "no"}]},
            "provisioner": [{"local-exec": {"command": "echo ${self.id}", "when": "destroy"}}],
            "dynamic": {"ingress": {"for_each": "${var.ports}", "iterator": "port", "content": {"from": "${port.value}"}}}
        }}}}""",
        """
resource "a" "b" {
  ebs = [{ "size" = 1 }]
  lifecycle {
    ignore_changes = [tags, x[0]]
    precondition {
      condition     = "${var.x}"
      error_message = "no"
    }
  }
  provisioner "local-exec" {
    command = "echo ${self.id}"
    when    = destroy
  }
  dynamic "ingress" {
    for_each = "${var.ports}"
    iterator = port
    content {
      from = "${port.value}"
    }
  }
}
""",
    )


def test_references_written_as_strings_are_references() -> None:
    _same(
        """{"module": {"m": {"source": "./m", "providers": {"aws": "aws.replica", "aws.dns": "${aws.dns}"},
                             "depends_on": ["aws_a.b", "${module.c}"]}},
            "variable": {"v": {"type": "map(list(string))", "default": {"k": ["${not_a_reference}"]}}},
            "data": {"d": {"e": {"provider": "aws.replica"}}},
            "moved": {"from": "a.b", "to": "a.c[0]"},
            "import": {"to": "a.b", "id": "i-1"}}""",
        """
module "m" {
  source     = "./m"
  providers  = { "aws" = aws.replica, aws.dns = aws.dns }
  depends_on = [aws_a.b, module.c]
}
variable "v" {
  type    = map(list(string))
  default = { "k" = ["$${not_a_reference}"] }
}
data "d" "e" {
  provider = aws.replica
}
moved {
  from = a.b
  to   = a.c[0]
}
import {
  to = a.b
  id = "i-1"
}
""",
    )


def test_settings_of_terraform_are_plain_text() -> None:
    _same(
        """{"terraform": {"required_version": ">= 1.5", "required_providers": {"aws": {"source": "hashicorp/aws"}},
                          "backend": {"s3": {"bucket": "b"}}, "cloud": {"organization": "o", "workspaces": {"name": "w"}}}}""",
        """
terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = { "source" = "hashicorp/aws" }
  }
  backend "s3" {
    bucket = "b"
  }
  cloud {
    organization = "o"
    workspaces {
      name = "w"
    }
  }
}
""",
    )


def test_comments_are_keys_of_two_slashes() -> None:
    assert outline(_read("""{"//": "a", "locals": {"//": [1, 2], "b": 3}, "resource": {"a": {"b": {"//": {}}}}}""").body) == [
        ("locals", ["b"]),
        ("resource", "a", "b", []),
    ]


def test_null_is_an_empty_block_body_and_a_null_argument() -> None:
    file = _read("""{"locals": {"a": null}, "output": null}""")
    (block,) = file.body.blocks
    assert [attribute.value for attribute in block.body.attributes] == [Literal(17, 21, None)]


def test_spans_are_those_of_the_file() -> None:
    text = '{"output": {"o": {"value": "é-${var.name}", "depends_on": ["a.b"]}}}'
    content = text.encode()
    (block,) = _read(text).body.blocks
    assert content[block.start : block.end].decode() == text[text.index('"o"') : -2]
    value, depends = block.body.attributes
    assert content[value.start : value.end].decode() == '"value": "é-${var.name}"'
    assert content[value.start : value.name_end] == b'"value"'
    assert isinstance(value.value, Template)
    name = value.value.parts[1]
    assert isinstance(name, Traversal)
    assert content[name.start : name.end] == b"var.name"
    assert isinstance(depends.value, TupleItems)
    (reference,) = depends.value.items
    assert content[reference.start : reference.end] == b"a.b"


def test_blocks_of_an_array_begin_at_their_own_brace() -> None:
    text = '{"provider": {"aws": [{"a": 1}, {"b": 2}]}}'
    assert [text[block.start : block.end] for block in _read(text).body.blocks] == ['{"a": 1}', '{"b": 2}']


def test_escapes_are_resolved_before_a_string_is_a_template() -> None:
    _same(
        r"""{"locals": {"a": "${lookup(var.m, \"k\")}\n\u00e9\ud83d\ude00", "b": "$${x}", "c": "\/"}}""",
        'locals {\n  a = "${lookup(var.m, "k")}\\né😀"\n  b = "$${x}"\n  c = "/"\n}\n',
    )


def test_a_node_after_escapes_stays_within_its_string() -> None:
    text = r'{"locals": {"a": "\n\n\n${var.x}"}}'
    ((attribute,),) = [block.body.attributes for block in _read(text).body.blocks]
    assert isinstance(attribute.value, Template)
    path = attribute.value.parts[1]
    assert attribute.value.start < path.start < path.end < attribute.value.end


def test_half_a_surrogate_pair_becomes_the_replacement_character() -> None:
    _same(r"""{"locals": {"a": "x\ud83dy"}}""", 'locals {\n  a = "x\ufffdy"\n}\n')


def test_variable_files_hold_plain_text() -> None:
    file = _read('{"//": "x", "a": "${b}", "c": {"d": [1.50, null, true]}}', "prod.auto.tfvars.json")
    assert file.body.blocks == ()
    first, second = file.body.attributes
    assert (first.name, first.value) == ("a", Literal(17, 23, "${b}"))
    assert shape(second.value) == shape(expression('{"d" = [1.50, null, true]}'))


@pytest.mark.parametrize(
    ("text", "line", "summary"),
    [
        ("", 1, "Missing value"),
        ("{", 1, "Invalid object property name"),
        ('{"a":}', 1, "Missing JSON value"),
        ('{"a" 1}', 1, "Missing property value colon"),
        ('{"locals":\n{"a":1,}}', 2, "Trailing comma in object"),
        ('{"locals":{"a":[1,]}}', 1, "Trailing comma in array"),
        ('{"locals":{"a":tru}}', 1, "Invalid JSON keyword"),
        ('{"locals":{"a":01}}', 1, "Invalid JSON number"),
        ('{"locals":{"a":"\\x"}}', 1, "Invalid JSON string"),
        ('{"locals":{"a":"x\n"}}', 1, "Invalid JSON string"),
        ('{"locals":{}} x', 1, "Extraneous data after value"),
        ("{'a':1}", 1, "Invalid object property name"),
        ('{"locals": /* x */ {}}', 1, "Invalid start of value"),
        ('"x"', 1, "Root value must be object"),
        ('\n{"foo":1}', 2, "Extraneous JSON object property"),
        ('{"locals":"x"}', 1, "Incorrect JSON value type"),
        ('{"resource":{"a":{"b":\n"c"}}}', 2, "Incorrect JSON value type"),
        ('{"locals":{"a":1,\n"a":2}}', 2, "Duplicate argument"),
        ('{"locals":{"a":"${"}}', 1, "Unclosed template interpolation sequence"),
        ('{"output":{"o":{"depends_on":["a b"]}}}', 1, "Extra characters after expression"),
    ],
)
def test_an_error_is_told_with_its_line(text: str, line: int, summary: str) -> None:
    content = text.encode()
    (problem,) = parse_json("main.tf.json", content).problems
    assert (position(line_starts(content), problem.offset).line, problem.summary) == (line, summary)
    with speaking("ko"):
        assert re.search("[가-힣]", say(problem.detail))


def test_a_word_that_is_no_value_is_shown_as_it_was_written() -> None:
    (problem,) = parse_json("main.tf.json", '{"locals": {"a": 서버}}'.encode()).problems
    assert problem.detail.startswith("`서버` is no JSON value")


def test_a_broken_template_costs_one_string_and_not_the_file() -> None:
    file = parse_json("main.tf.json", b'{"locals": {"a": "${", "b": "${c}"}, "output": {"o": {"value": 1}}}')
    assert outline(file.body) == [("locals", ["a", "b"]), ("output", "o", ["value"])]
    assert [problem.summary for problem in file.problems] == ["Unclosed template interpolation sequence"]


def test_a_template_never_reads_beyond_its_string() -> None:
    file = parse_json("main.tf.json", b'{"locals": {"a": ["${", "}"]}}')
    assert [problem.summary for problem in file.problems] == ["Unclosed template interpolation sequence"]


def test_all_that_the_standard_library_reads_is_read() -> None:
    value = {"locals": {"text": 'é"\\\n\u2028', "numbers": [0, -1, 1.5, 1e30], "nested": [[], {}, [[{"a": None}]]]}}
    for text in (json.dumps(value), json.dumps(value, indent=2, ensure_ascii=False)):
        (block,) = _read(text).body.blocks
        assert isinstance(block, Block)
        assert [attribute.name for attribute in block.body.attributes] == ["text", "numbers", "nested"]
