"""What Terraform refuses is a problem with Terraform's own summary, on Terraform's own line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clops_app.hcl.parser import parse, parse_expression, parse_template
from clops_app.hcl.syntax import SyntaxProblem
from clops_app.language import say, speaking
from tests.hcl.fmt import errors, needs_terraform
from tests.hcl.trees import told

_REFUSED = [
    ("a = 1 b = 2\n", 1, "Missing newline after argument"),
    ("a = b.c(1)\n", 1, "Missing newline after argument"),
    ("a = 1,\n", 1, "Unexpected comma after argument"),
    ("a =\n  1\n", 1, "Invalid expression"),
    ("a = x &&\n  y\n", 1, "Invalid expression"),
    ("a = x\n[0]\n", 2, "Argument or block definition required"),
    ("a = x ? y\n", 1, "Missing false expression in conditional"),
    ("a = f(1 2)\n", 1, "Missing argument separator"),
    ("a = f(b... , c)\n", 1, "Missing closing parenthesis"),
    ("a = f(1\n", 1, "Unterminated function call"),
    ("a = [1 2]\n", 1, "Missing item separator"),
    ("a = [1,\n", 2, "Missing expression"),
    ("a = {\n  b 1\n}\n", 2, "Missing key/value separator"),
    ("a = {\n  b\n}\n", 2, "Missing attribute value"),
    ("a = {b = 1 c = 2}\n", 1, "Missing attribute separator"),
    ("a = (1\n}\n", 2, "Unbalanced parentheses"),
    ("a = x.\n", 1, "Invalid attribute name"),
    ("a = x.0.1\n", 1, "Invalid legacy index syntax"),
    ("a = x.*.y.*.z\n", 1, "Nested splat expression not allowed"),
    ("a = 1.2.3\n", 1, "Invalid number literal"),
    ("a = x::y\n", 1, "Missing open parenthesis"),
    ("a = [for x in y]\n", 1, "Invalid 'for' expression"),
    ("a = {for x in y : x}\n", 1, "Invalid 'for' expression"),
    ("a = [for x in y : x => x]\n", 1, "Invalid 'for' expression"),
    ("a = [for x of y : x]\n", 1, "Invalid 'for' expression"),
    ("a\n", 1, "Argument or block definition required"),
    ("a\n{\n}\n", 1, "Argument or block definition required"),
    ("}\n", 1, "Argument or block definition required"),
    ('"a" = 1\n', 1, "Invalid argument name"),
    ('a "b\n', 1, "Invalid string literal"),
    ('a "b', 1, "Unterminated string literal"),
    ('a "b" = 1\n', 1, "Invalid block definition"),
    ('a "b"\n{\n}\n', 1, "Invalid block definition"),
    ('a "${b}" {\n}\n', 1, "Invalid string literal"),
    ("a {\n  b = 1\n", 1, "Unclosed configuration block"),
    ("a {", 1, "Unclosed configuration block"),
    ("a { b = 1", 1, "Unclosed configuration block"),
    ("a { b = 1, c = 2 }\n", 1, "Invalid single-argument block definition"),
    ("a { b = 1\n}\n", 1, "Invalid single-argument block definition"),
    ("a { b {} }\n", 1, "Argument definition required"),
    ("a {} b {}\n", 1, "Missing newline after block definition"),
    ("a = 1\na = 2\n", 2, "Attribute redefined"),
    ('a = "x\nb = 1\n', 1, "Unterminated template string"),
    ('a = "x', 1, "Unterminated template string"),
    ('a = "${x\n}\n', 2, "Unterminated template string"),
    ('a = "${x"\n', 1, "Unclosed template interpolation sequence"),
    ('a = "${x y}"\n', 1, "Extra characters after interpolation expression"),
    ('a = "%{ if x }"\n', 1, "Unexpected end of template"),
    ('a = "%{ endif }"\n', 1, "Unexpected endif directive"),
    ('a = "%{ if x }%{ else }%{ else }%{ endif }"\n', 1, "Unexpected else directive"),
    ('a = "%{ for x in y }%{ endif }"\n', 1, "Unexpected endif directive"),
    ('a = "%{ iff x }"\n', 1, "Invalid template control keyword"),
    ('a = "%{ }"\n', 1, "Invalid template directive"),
    ('a = "%{ endif x }"\n', 1, "Extra characters in endif marker"),
    ('a = "\\x"\n', 1, "Invalid escape sequence"),
    ('a = "\\u12"\n', 1, "Invalid escape sequence"),
    ('a = "\\uD800"\n', 1, "Invalid escape sequence"),
    ("a = <<EOT\nx\n", 3, "Unterminated template string"),
    ("a = <<EOT\nx\nEOT", 3, "Unterminated template string"),
    ("a = <<EOT \nx\nEOT\n", 1, "Invalid expression"),
    ("a = 'x'\n", 1, "Invalid character"),
    ("a = `x`\n", 1, "Invalid character"),
    ("a = 1;\n", 1, "Invalid character"),
    ("a = “x”\n", 1, "Invalid character"),
    ("a = x & y\n", 1, "Unsupported operator"),
    ("😀 = 1\n", 1, "Invalid character"),
    ("a😀 = 1\n", 1, "Invalid character"),
    ("a = b.😀\n", 1, "Invalid character"),
    ("a = 1 \r b\n", 1, "Invalid character"),
    ("a =\u00a01\n", 1, "Invalid character"),
]


@pytest.mark.parametrize(("text", "line", "summary"), _REFUSED)
def test_an_error_is_told_as_terraform_tells_it(text: str, line: int, summary: str) -> None:
    assert told(text)[:1] == [(line, summary)]


class TestAgainstTerraform:
    pytestmark = needs_terraform

    def test_terraform_says_so_too(self, tmp_path: Path) -> None:
        true = errors(tmp_path, [text.encode() for text, _, _ in _REFUSED])
        assert [row for row, found in zip(_REFUSED, true, strict=True) if row[1:] not in found] == []


def test_every_detail_says_what_was_expected_or_what_to_do() -> None:
    (problem,) = parse("main.tf", b"a = 1 b = 2\n").problems
    assert problem == SyntaxProblem(
        6,
        "Missing newline after argument",
        "the line was expected to end after the value of `a`; begin a new line, or add the operator that is missing",
    )


@pytest.mark.parametrize("text", [text for text, _, _ in _REFUSED])
def test_a_file_is_read_before_the_language_is_known_and_its_errors_are_told_in_it(text: str) -> None:
    for problem in parse("main.tf", text.encode()).problems:
        with speaking("ko"):
            said = say(problem.detail)
        assert re.search("[가-힣]", said)
        assert re.search("[가-힣]", problem.detail) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("서버\n", "`서버` was expected to be followed"),
        ('서버 "게임"\n', '`서버 = "게임"`'),
        ('a = 서버"\n', '`"` is missing before `서버`'),
        ("a = 1 + 서버: 2\n", "`1 + 서버` and `:` begin"),
        ("a = 서버(1\n", "this call to 서버 is"),
        ('a = "%{ 서버 }"\n', "`서버` is no directive"),
        ("a = <<서버\nx\n", "holds only `서버`"),
        ("a = <<서버\n${x}\n  서버${y}\n서버", "`서버`"),
        ('a = "서버\n', '`"서버`'),
    ],
)
def test_what_stands_in_the_file_is_shown_as_it_was_written(text: str, shown: str) -> None:
    assert shown in parse("main.tf", text.encode()).problems[0].detail


def test_a_comment_that_never_ends_is_told_where_it_begins() -> None:
    (problem,) = parse("main.tf", b"a = 1\n/* b = 2\nc = 3\n").problems
    assert (problem.offset, problem.detail) == (6, "the comment that `/*` begins is never closed; close it with `*/`")


def test_a_byte_that_is_not_utf_8_is_told_with_its_offset() -> None:
    (problem,) = parse("main.tf", b'a = "\xff"\nb = "\xfe"\n').problems
    assert (problem.offset, problem.summary) == (5, "Invalid character encoding")


@pytest.mark.parametrize("content", [b"\x7fELF\x02\x01\0\0\0\xff\xfe" * 50, b"PK\x03\x04\0\0" * 50, b"\0"])
def test_a_file_that_is_not_text_gets_one_clear_problem(content: bytes) -> None:
    (problem,) = parse("main.tf", content).problems
    assert (problem.offset, problem.detail.partition(":")[0]) == (content.index(b"\0"), "the file is not text")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_a_utf_16_file_gets_one_clear_problem(encoding: str) -> None:
    content = "\ufeffa = 1\n".encode(encoding)
    (problem,) = parse("main.tf", content).problems
    assert (problem.offset, problem.detail) == (0, "the file is UTF-16; save it as UTF-8")


@pytest.mark.parametrize("text", ["1 2", "", "a b", "[", "a = 1", '"${"', "{", "a.", "/*"])
def test_an_expression_that_is_none_is_a_problem(text: str) -> None:
    assert isinstance(parse_expression(text), SyntaxProblem)


@pytest.mark.parametrize("text", ["${", "${a", "a %{ if b }", "%{ endif }", "${a b}", '${"a}'])
def test_a_template_that_is_none_is_a_problem(text: str) -> None:
    assert isinstance(parse_template(text), SyntaxProblem)
