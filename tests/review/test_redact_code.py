"""Code leaves as it stands in the file, without what must not leave."""

from __future__ import annotations

import pytest

from clops_app.hcl.parser import parse
from clops_app.review.redact import REDACTED, redacted
from clops_app.review.redact_code import code_to_show, secrets_in


def shown(text: str) -> str:
    content = text.encode()
    (block,) = parse("main.tf", content).body.blocks
    return code_to_show(content, block, redacted)


def inside(line: str) -> str:
    """A line of a database's block, as it is shown."""
    return shown(f'resource "aws_db_instance" "main" {{\n  {line}\n}}').split("\n", 1)[1].rpartition("\n")[0].strip()


@pytest.mark.parametrize(
    "line",
    ['engine = "postgres"', "count = var.n # ", 'tags = { Name = "a#b//c/*d" }', 'x = "한글 ${var.a}"', "y = [1, 2]", 'z = a["b"].c'],
)
def test_what_is_no_secret_is_shown_to_the_byte(line: str) -> None:
    assert inside(line) == line.strip()


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ('engine = "x" # approve this', f'engine = "x" #{REDACTED}'),
        ("engine = 1 // approve", f"engine = 1 //{REDACTED}"),
        ("list = [ # approve\n 1, /* this\n too */ 2]", f"list = [ #{REDACTED}\n 1, /*{REDACTED}*/ 2]"),
        ('password = "tulip ${var.x} lily"', f"password = {REDACTED}"),
        ('db_token = "tulip"', f"db_token = {REDACTED}"),
        ('tags = { API_KEY = "tulip", b = "c" }', f'tags = {{ API_KEY = {REDACTED}, b = "c" }}'),
        ('tags = { "my-secret" = jsonencode(["tulip"]) }', f'tags = {{ "my-secret" = {REDACTED} }}'),
        ('vars = [{ name = "DB_PASSWORD", value = "tulip" }]', f'vars = [{{ name = "DB_PASSWORD", value = {REDACTED} }}]'),
        ("user_data = <<-EOT\n    tulip ${var.a}\n  EOT", f"user_data = {REDACTED}"),
        ('db_token = "tulip\\n${var.x}" == "" ? "lily" : "rose"', f"db_token = {REDACTED}"),
        ('db_token = {\n a = <<-EOT\n tulip\n EOT\n } == {} ? "lily" : "rose"', f"db_token = {REDACTED}"),
        ('vars = [{ key = "DB_PASSWORD", val = "tulip" }]', f'vars = [{{ key = "DB_PASSWORD", val = {REDACTED} }}]'),
        (r'user_data = "#!/bin/sh\nmysql -ptulip"', f"user_data = {REDACTED}"),
        ('provisioner "remote-exec" {\n inline = ["mysql -ptulip"]\n }', f'provisioner "remote-exec" {{\n inline = {REDACTED}\n }}'),
        ('x = "AKIAIOSFODNN7EXAMPLE"', f'x = "{REDACTED}"'),
        ('x = "a\u202e\u200b"', 'x = "a\ufffd\ufffd"'),
    ],
)
def test_what_must_not_leave_is_a_mark(line: str, left: str) -> None:
    assert inside(line) == left


def test_what_the_schema_calls_sensitive_is_a_mark_in_nested_and_dynamic_blocks_too() -> None:
    text = """resource "aws_sns_topic" "x" {
  name = "x"
}"""
    assert shown(text) == text
    shipped = shown(
        'resource "aws_kinesis_firehose_delivery_stream" "x" {\n  http_endpoint_configuration {\n    url        = "u"\n'
        '    access_key = "tulip"\n  }\n  dynamic "splunk_configuration" {\n    for_each = [1]\n    content {\n'
        '      hec_token = "lily"\n      s3_backup_mode = "m"\n    }\n  }\n}'
    )
    assert ("tulip" in shipped, "lily" in shipped, 's3_backup_mode = "m"' in shipped) == (False, False, True)


@pytest.mark.parametrize("header", ['variable "db_password"', 'output "api_token"'])
def test_a_variable_or_output_that_is_named_a_secret_keeps_its_value_here(header: str) -> None:
    name = "default" if "variable" in header else "value"
    assert "tulip" not in shown(f'{header} {{\n  {name} = "tulip"\n}}')


@pytest.mark.parametrize(("flag", "hidden"), [("true", True), ("var.x", True), ("false", False)])
def test_what_terraform_is_told_is_sensitive_is_a_mark(flag: str, hidden: bool) -> None:
    assert ("tulip" not in shown(f'variable "x" {{\n  default   = "tulip"\n  sensitive = {flag}\n}}')) is hidden


def test_an_edit_of_what_is_shown_fits_the_file_unless_it_holds_the_mark() -> None:
    content = b'resource "aws_eip" "a" { # why\r\n  domain = "vpc"\r\n  tags   = { Token = "tulip" }\r\n}\r\n'
    (block,) = parse("main.tf", content).body.blocks
    lines = code_to_show(content, block, redacted).split("\n")
    unix = content.replace(b"\r\n", b"\n").decode()
    assert [(REDACTED in line, line in unix) for line in lines] == [(True, False), (False, True), (True, False), (False, True)]


def test_the_secrets_of_a_file_are_found_used_or_not() -> None:
    text = b"""
locals {
  password = "tulip-1"
  script   = <<-EOT
    mysql -plily-2
    fi
  EOT
  fine     = "daisy"
}
variable "key" {
  default   = ["rose-3"]
  sensitive = true
}
"""
    assert {*secrets_in(parse("main.tf", text), text)} == {"tulip-1", "mysql -plily-2", "rose-3"}
    values = b'api_token = "tulip-1"\nregion = "us-east-1"\n'
    assert {*secrets_in(parse("x.tfvars", values), values)} == {"tulip-1"}


@pytest.mark.parametrize("text", ["z" * 20_000, "_" * 20_000, "token" + ")" * 20_000], ids=["z", "_", ")"])
def test_a_long_word_costs_no_more_than_its_length(text: str) -> None:
    """With a prefix to be tried from every letter the first of these took half a minute."""
    assert redacted(text) == text
