"""Every construct of HCL becomes the node that it is, with exact spans."""

from __future__ import annotations

from decimal import Decimal

import pytest

from clops_app.hcl.parser import parse
from clops_app.hcl.syntax import (
    Attribute,
    Binary,
    Body,
    Call,
    Conditional,
    ForObject,
    ForTuple,
    GetAttribute,
    Index,
    Interpolation,
    Literal,
    ObjectItems,
    Parentheses,
    Splat,
    SplatItem,
    Template,
    Traversal,
    TupleItems,
    Unary,
)
from tests.hcl.trees import expression, outline, read, shape, value_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("1e3", 1000),
        ("1.50", Decimal("1.50")),
        ("0.1", Decimal("0.1")),
        ("2.0", 2),
        ("1E+2", 100),
        ("5e-1", Decimal("0.5")),
        ("true", True),
        ("null", None),
        ('"a"', "a"),
        ('""', ""),
        (r'"\n\r\t\"\\\u00e9\U0001F600"', '\n\r\t"\\é😀'),
        ('"100%"', "100%"),
        ('"$"', "$"),
        ('"$$"', "$$"),
        ('"$${a}"', "${a}"),
        ('"%%{a}"', "%{a}"),
        ('"$$$${a}"', "$$${a}"),
        ('"%$%"', "%$%"),
        ('"a\0b"', "a\0b"),
        ('"한글"', "한글"),
        ('"e\u0301"', "é"),
    ],
)
def test_a_literal_has_its_value(text: str, value: object) -> None:
    assert (type(value_of(text)), value_of(text)) == (type(value), value)


def test_a_number_keeps_its_digits_as_written() -> None:
    assert str(value_of("1.10")) == "1.10"


def test_a_number_too_large_for_an_int_stays_a_decimal() -> None:
    assert value_of("1e99999999") == Decimal("1e99999999")


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("a", Traversal(0, 1, ("a",))),
        ("var.name-x.0.é", Traversal(0, 15, ("var", "name-x", "0", "é"))),
        ("a[0].b", GetAttribute(0, 6, Index(0, 4, Traversal(0, 1, ("a",)), Literal(2, 3, 0)), "b")),
        ('a["k"]', Index(0, 6, Traversal(0, 1, ("a",)), Literal(2, 5, "k"))),
        ("f(a, 1)", Call(0, 7, "f", (Traversal(2, 3, ("a",)), Literal(5, 6, 1)), False)),
        ("f (a...)", Call(0, 8, "f", (Traversal(3, 4, ("a",)),), True)),
        ("core::upper(a)", Call(0, 14, "core::upper", (Traversal(12, 13, ("a",)),), False)),
        ("provider::aws::arn_parse(a)", Call(0, 27, "provider::aws::arn_parse", (Traversal(25, 26, ("a",)),), False)),
        ("-a", Unary(0, 2, "-", Traversal(1, 2, ("a",)))),
        ("!(a)", Unary(0, 4, "!", Parentheses(1, 4, Traversal(2, 3, ("a",))))),
        ("[1, ]", TupleItems(0, 5, (Literal(1, 2, 1),))),
        ('{a = 1, "b" : 2}', ObjectItems(0, 16, ((Literal(1, 2, "a"), Literal(5, 6, 1)), (Literal(8, 11, "b"), Literal(14, 15, 2))))),
        ("{(a) = 1}", ObjectItems(0, 9, ((Parentheses(1, 4, Traversal(2, 3, ("a",))), Literal(7, 8, 1)),))),
        ('"${a}"', Interpolation(0, 6, Traversal(3, 4, ("a",)))),
        ('"${a}b"', Template(0, 7, (Traversal(3, 4, ("a",)), Literal(5, 6, "b")))),
        ("a[*].b", Splat(0, 6, Traversal(0, 1, ("a",)), GetAttribute(1, 6, SplatItem(1, 4), "b"), True)),
        ("a.*.b", Splat(0, 5, Traversal(0, 1, ("a",)), GetAttribute(1, 5, SplatItem(1, 3), "b"), False)),
    ],
)
def test_an_expression_becomes_its_node(text: str, node: object) -> None:
    assert expression(text) == node


def test_a_conditional_in_the_else_branch_belongs_to_it() -> None:
    one, two, three = Literal(4, 5, 1), Literal(12, 13, 2), Literal(16, 17, 3)
    inner = Conditional(8, 17, Traversal(8, 9, ("b",)), two, three)
    assert expression("a ? 1 : b ? 2 : 3") == Conditional(0, 17, Traversal(0, 1, ("a",)), one, inner)


@pytest.mark.parametrize(
    ("text", "grouped"),
    [
        ("1 - 2 - 3", "(1 - 2) - 3"),
        ("1 + 2 * 3", "1 + (2 * 3)"),
        ("a || b && c == d < e + f * -g", "a || (b && (c == (d < (e + (f * (-g))))))"),
        ("a * b + c > d != e && f || g", "(((((a * b) + c) > d) != e) && f) || g"),
        ("!a && b", "(!a) && b"),
        ("a && b ? c || d : e", "(a && b) ? (c || d) : e"),
        ("-a.b[0]", "-(a.b[0])"),
    ],
)
def test_operators_bind_by_precedence_and_to_the_left(text: str, grouped: str) -> None:
    def without_parentheses(node: object) -> object:
        if isinstance(node, tuple):
            return without_parentheses(node[1]) if node[:1] == ("Parentheses",) else tuple(map(without_parentheses, node))
        return node

    assert without_parentheses(shape(expression(text))) == without_parentheses(shape(expression(grouped)))


def test_an_index_after_an_attribute_splat_applies_to_the_result() -> None:
    found = expression("x.*.name[0]")
    assert isinstance(found, Index)
    assert isinstance(found.of, Splat)


def test_everything_after_a_full_splat_applies_to_each_element() -> None:
    found = expression("x[*].a[0].b[*].c")
    assert isinstance(found, Splat)
    assert isinstance(found.each, Splat)
    assert shape(found.each.of) == shape(GetAttribute(0, 0, Index(0, 0, GetAttribute(0, 0, SplatItem(0, 0), "a"), Literal(0, 0, 0)), "b"))


def test_both_kinds_of_for_are_read_whole() -> None:
    loop = expression("[for i, v in xs : v if i > 0]")
    assert isinstance(loop, ForTuple)
    assert (loop.key, loop.value, shape(loop.result)) == ("i", "v", shape(Traversal(0, 0, ("v",))))
    grouping = expression("{for v in xs : v.k => v.x...}")
    assert isinstance(grouping, ForObject)
    assert (grouping.key, grouping.value, grouping.grouped, grouping.condition) == (None, "v", True, None)


def test_newlines_are_free_in_brackets_and_end_an_argument_elsewhere() -> None:
    assert shape(expression("f(\n  a\n  .b,\n  [\n    c\n    [0],\n  ],\n)")) == shape(expression("f(a.b, [c[0]])"))
    assert outline(read("a = b\nc = d\n").body) == ["a", "c"]


@pytest.mark.parametrize(
    "text", ["a = 1 /* x\n */ + 2\n", "a = 1 # x\n", "a = 1 // x\n", "/* x */ a = 1\n", "a /* x */ = 1\n", "a = 1\n\n# x"]
)
def test_comments_stand_anywhere(text: str) -> None:
    assert outline(read(text).body) == ["a"]


def test_object_items_may_end_with_newline_comma_or_both() -> None:
    assert shape(expression("{\n  a = 1\n  b = 2,\n\n  c = 3, d = 4\n  (e) = 5\n}")) == shape(
        expression("{a = 1, b = 2, c = 3, d = 4, (e) = 5}")
    )


def test_a_keyword_is_a_key_a_function_and_a_value_with_attributes() -> None:
    assert shape(expression("{null = true.x}")) == shape(
        ObjectItems(0, 0, ((Literal(0, 0, "null"), GetAttribute(0, 0, Literal(0, 0, True), "x")),))
    )
    assert shape(expression("true(1)")) == shape(Call(0, 0, "true", (Literal(0, 0, 1),), False))


def test_a_block_has_labels_body_and_the_span_of_its_braces() -> None:
    text = 'resource "aws_instance" web {\n  a = 1\n\n  nested "x\\"y" {}\n}\n'
    (block,) = read(text).body.blocks
    assert (block.type, block.labels, text[block.start : block.end]) == ("resource", ("aws_instance", "web"), text[:-1])
    assert text[block.body.start : block.body.end] == '\n  a = 1\n\n  nested "x\\"y" {}\n'
    (nested,) = block.body.blocks
    assert (nested.labels, nested.body) == (('x"y',), Body(nested.end - 1, nested.end - 1, (), ()))


def test_an_argument_ends_with_the_last_byte_of_its_value() -> None:
    text = "tags = {\n  a = 1\n}   # why\n"
    (attribute,) = read(text).body.attributes
    assert (attribute.start, attribute.name_end, text[attribute.start : attribute.end]) == (0, 4, "tags = {\n  a = 1\n}")


def test_a_block_on_one_line_holds_one_argument() -> None:
    (block,) = read("a { b = 1 }\n").body.blocks
    assert block.body.attributes == (Attribute(4, 9, "b", 5, Literal(8, 9, 1)),)


def test_spans_count_bytes_and_not_characters() -> None:
    text = '한 = "글" # é\nb = x\n'
    content = text.encode()
    first, second = parse("main.tf", content).body.attributes
    assert content[first.start : first.end].decode() == '한 = "글"'
    assert content[second.value.start : second.value.end] == b"x"


def test_a_byte_order_mark_is_skipped_and_counted() -> None:
    (attribute,) = parse("main.tf", b"\xef\xbb\xbfa = 1\n").body.attributes
    assert attribute.start == 3


def test_carriage_returns_belong_to_the_line_ending() -> None:
    file = read('a {\r\n  b = "x"\r\n  c = [\r\n    1,\r\n  ]\r\n}\r\n')
    assert outline(file.body) == [("a", ["b", "c"])]


def test_a_file_needs_no_newline_at_its_end() -> None:
    assert outline(read("a = 1").body) == ["a"]
    assert outline(read("a {\n}").body) == [("a", [])]


def test_bytes_in_comments_need_not_be_utf_8() -> None:
    assert parse("main.tf", b"# caf\xe9\na = 1 // \xff\n").problems == ()


def test_a_long_sum_is_deep_to_the_left_only() -> None:
    node: object = expression("1" + " + 1" * 2000)
    depth = 0
    while isinstance(node, Binary):
        assert isinstance(node.right, Literal)
        node, depth = node.left, depth + 1
    assert depth == 2000
