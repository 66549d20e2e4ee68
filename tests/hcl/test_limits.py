"""No input makes reading raise, recurse without end, or take more than its share."""

from __future__ import annotations

import pytest

from clops_app.hcl.json_syntax import parse_json
from clops_app.hcl.parser import MAX_FILE_BYTES, parse, parse_expression, parse_template
from clops_app.hcl.syntax import SyntaxProblem
from clops_app.hcl.tokens import MAX_CHAIN, MAX_NESTING

_DEEP = "Nesting too deep"


@pytest.mark.parametrize("unit", ["[", "(", "{a=", '"${', "-", "!", "f(", "a[", "a?b:", "[for a in ", "{for a in ", '"%{if ', "a[*]["])
def test_deep_nesting_is_a_problem(unit: str) -> None:
    found = parse_expression(unit * 5_000)
    assert isinstance(found, SyntaxProblem)
    assert found.summary == _DEEP


@pytest.mark.parametrize("step", ["[0]", "[*]", ".*", ".a[0]", " .a[0]"])
def test_a_long_way_into_a_value_is_a_problem(step: str) -> None:
    found = parse_expression("a" + step * 5_000)
    assert isinstance(found, SyntaxProblem)
    assert found.summary in {_DEEP, "Nested splat expression not allowed"}


def test_nesting_up_to_the_limit_is_read() -> None:
    depth = MAX_NESTING - 1
    assert not isinstance(parse_expression("(" * depth + "1" + ")" * depth), SyntaxProblem)
    assert isinstance(parse_expression("(" * MAX_NESTING + "1" + ")" * MAX_NESTING), SyntaxProblem)


@pytest.mark.parametrize("inner", ["1 ", "a + b", '"a"', "a # c\n", "/* */ a /* */", "f()"])
def test_blanks_and_comments_do_not_decide_what_is_too_deep(inner: str) -> None:
    depth = MAX_NESTING - 1
    assert not isinstance(parse_expression("(" * depth + inner + ")" * depth), SyntaxProblem)
    assert isinstance(parse_expression("(" * (depth + 1) + inner + ")" * (depth + 1)), SyntaxProblem)


@pytest.mark.parametrize("argument", ["x = 1", "x = 1 + 1", "x = 1 # c"])
def test_a_block_is_as_deep_whatever_it_holds(argument: str) -> None:
    for depth, said in ((MAX_NESTING - 1, []), (MAX_NESTING, [_DEEP])):
        text = "a {\n" * depth + argument + "\n" + "}\n" * depth
        assert [problem.summary for problem in parse("main.tf", text.encode()).problems] == said


def test_what_stands_between_labels_and_brace_is_read_once() -> None:
    between = "/**/" * 100_000  # to look at every place of it from each place would take an hour
    assert [block.labels for block in parse("main.tf", f'resource "a" "b\\"c" {between} {{\n}}\n'.encode()).body.blocks] == [("a", 'b"c')]


def test_operators_up_to_the_limit_are_read() -> None:
    assert not isinstance(parse_expression("1" + "+1" * MAX_CHAIN), SyntaxProblem)
    found = parse_expression("1" + "+1" * (MAX_CHAIN + 1))
    assert isinstance(found, SyntaxProblem)
    assert found.summary == _DEEP


def test_deep_blocks_are_a_problem() -> None:
    assert [problem.summary for problem in parse("main.tf", b"a {\n" * 5_000).problems] == [_DEEP]


def test_deep_directives_are_a_problem() -> None:
    found = parse_template("%{ if a }" * 5_000 + "%{ endif }" * 5_000)
    assert isinstance(found, SyntaxProblem)
    assert found.summary == _DEEP


def test_deep_json_is_a_problem() -> None:
    for unit in (b"[", b'{"a":'):
        assert [problem.summary for problem in parse_json("main.tf.json", unit * 5_000).problems] == [_DEEP]


def test_a_file_over_two_megabytes_is_not_read() -> None:
    for read, path in ((parse, "main.tf"), (parse_json, "main.tf.json")):
        file = read(path, b" " * (MAX_FILE_BYTES + 1))
        assert [(problem.offset, problem.summary) for problem in file.problems] == [(0, "File too large")]
        assert (file.body.attributes, file.body.blocks) == ((), ())


@pytest.mark.parametrize(
    ("head", "unit", "tail"),
    [
        ("/*", "x", ""),
        ('a = "', "x", ""),
        ('a = "', "${x}", ""),
        ("a = <<EOT\n", "x\n", ""),
        ("a = [", "/* x */", ""),
        ("a = ", "1", ""),
        ("a = ", "1.", ""),
        ("x ", "a ", ""),
        ("", "a = [\n", ""),
        ("", "locals {\n  a = /*\n}\n", ""),
        ("", "locals {\n  a = <<EOT\n}\n", ""),
        ("", "locals {\n", "}"),
        ("", "\r", ""),
        ("", '"\n', ""),
    ],
)
def test_much_of_one_thing_comes_back_with_few_problems(head: str, unit: str, tail: str) -> None:
    file = parse("main.tf", (head + unit * (300_000 // len(unit)) + tail).encode())
    assert 0 < len(file.problems) <= 50 or file.body.attributes


def test_five_megabytes_of_open_comment_or_string_are_read_in_one_pass() -> None:
    # Far beyond what a file may have: if this were quadratic, the test would never end.
    for text in ("/*" + "x" * 5_000_000, '"' + "x" * 5_000_000, "<<EOT\n" + "x\n" * 2_500_000, "[1 /*" + "x" * 5_000_000):
        assert isinstance(parse_expression(text), SyntaxProblem)


def test_a_long_comment_within_deep_nesting_is_read_once() -> None:
    comment = "/*" + "x" * 1_900_000 + "*/"
    for text in ("(" * 140 + f"1 {comment}" + ")" * 140, "[" + "b ? c : " * 140 + f"1 {comment}]"):
        assert not isinstance(parse_expression(text), SyntaxProblem)
