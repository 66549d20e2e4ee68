"""What is emitted means what was given, and fmt has nothing to add."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clops_app.hcl.emit import emit_block, emit_value, quote
from clops_app.hcl.parser import parse
from clops_app.hcl.syntax import Expression, Literal, ObjectItems, TupleItems, Unary
from clops_app.model.finding import Code, NewBlock
from clops_app.model.values import Plain
from tests.hcl.fmt import formatted, needs_terraform
from tests.hcl.trees import expression, value_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (-5, "-5"),
        (Decimal("0.10"), "0.10"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E+99"), "1E+99"),
        ("a", '"a"'),
        ('"\\\n\t\r', r'"\"\\\n\t\r"'),
        ("${a} %{b} $c %d $", '"$${a} %%{b} $c %d $"'),
        ("$${", '"$$${"'),
        ("\0\x7f", r'"\u0000\u007f"'),
        ("한글", '"한글"'),
        ((), "[]"),
        ((1, "a", (True,)), '[1, "a", [true]]'),
        ({}, "{}"),
        ({"Name": "a"}, '{ Name = "a" }'),
        ({"a": 1, "longer": 2, "b c": 3}, '{\n  a      = 1\n  longer = 2\n  "b c"  = 3\n}'),
        ({"for": 1}, '{ "for" = 1 }'),
        ({"a": {"b": {"c": 1}}}, "{\n  a = {\n    b = { c = 1 }\n  }\n}"),
        (Code("aws_kms_key.main.arn"), "aws_kms_key.main.arn"),
    ],
)
def test_a_value_is_written_so(value: Plain | Code, text: str) -> None:
    assert emit_value(value) == text


def test_a_long_tuple_stands_on_lines_of_its_own() -> None:
    items = tuple("abcdefghij" * number for number in range(1, 5))
    lines = emit_value(items, "  ").split("\n")
    assert (lines[0], lines[1], lines[-1]) == ("[", '    "abcdefghij",', "  ]")


def test_what_hcl_cannot_write_is_an_error() -> None:
    for value in (Decimal("NaN"), Decimal("Infinity")):
        with pytest.raises(ValueError, match="cannot be written in HCL"):
            emit_value(value)


def _plain(node: Expression) -> Plain:
    match node:
        case Literal(_, _, value):
            return value
        case Unary(_, _, "-", Literal(_, _, int() as whole)):
            return -whole
        case Unary(_, _, "-", Literal(_, _, Decimal() as fraction)):
            return fraction.copy_negate()
        case TupleItems(_, _, items):
            return tuple(_plain(item) for item in items)
        case ObjectItems(_, _, items):
            return {str(_plain(key)): _plain(value) for key, value in items}
    raise AssertionError(node)


_TEXT = st.text(st.characters(exclude_categories=["Cs"])).map(partial(normalize, "NFC"))
_NUMBERS = st.one_of(
    st.integers(), st.decimals(allow_nan=False, allow_infinity=False).filter(lambda number: number != number.to_integral_value())
)
_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), _NUMBERS, _TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=4).map(tuple), st.dictionaries(_TEXT, inner, max_size=4)),
    max_leaves=8,
)


@given(_VALUES)
def test_a_value_read_back_is_the_value(value: Plain) -> None:
    assert _plain(expression(emit_value(value))) == value


@given(st.text(st.sampled_from('$%{}"\\\n a~')))
def test_no_text_becomes_code(text: str) -> None:
    assert value_of(quote(text)) == text


_BLOCK = NewBlock(
    "resource",
    ("aws_lb", 'we"b'),
    {"name": "web", "count": Code("var.on ? 1 : 0"), "tags": {"Name": "a", "Environment": "b"}, "internal": False, "zones": ("a", "b")},
    (NewBlock("access_logs", (), {"bucket": Code("aws_s3_bucket.logs.id"), "on": True}), NewBlock("empty")),
)


def test_a_block_is_written_as_people_write_it() -> None:
    assert (
        emit_block(_BLOCK)
        == """\
resource "aws_lb" "we\\"b" {
  name  = "web"
  count = var.on ? 1 : 0
  tags = {
    Name        = "a"
    Environment = "b"
  }
  internal = false
  zones    = ["a", "b"]

  access_logs {
    bucket = aws_s3_bucket.logs.id
    on     = true
  }

  empty {}
}"""
    )


def test_a_block_takes_the_indentation_it_is_given() -> None:
    assert emit_block(NewBlock("a", (), {"b": {"c": 1, "d": 2}}), "\t", "\t") == "\ta {\n\t\tb = {\n\t\t\tc = 1\n\t\t\td = 2\n\t\t}\n\t}"


def test_a_block_read_back_has_its_labels() -> None:
    (block,) = parse("main.tf", emit_block(_BLOCK).encode()).body.blocks
    assert (block.type, block.labels) == (_BLOCK.type, _BLOCK.labels)


class TestAgainstTerraform:
    pytestmark = needs_terraform

    def test_fmt_changes_nothing(self, tmp_path: Path) -> None:
        values: list[Mapping[str, Plain]] = [
            {"a": {"b": (1, {"c": 2, "dd": {"e": None}}), "ff": "x"}, "ggg": -1},
            {"a": tuple("x" * 9 for _ in range(20))},
        ]
        blocks = [_BLOCK, *[NewBlock("locals", (), value, (_BLOCK,)) for value in values]]
        texts = [f"{emit_block(block)}\n".encode() for block in blocks]
        assert formatted(tmp_path, texts) == texts
