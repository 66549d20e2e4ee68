"""Where reading stops, the detail says what was probably meant: the habits of other languages, and what was never closed."""

from __future__ import annotations

import pytest

from clops_app.hcl.parser import parse


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a = x and y\n", "`and` is written `&&`"),
        ("a = x or y\n", "`or` is written `||`"),
        ("a = not x\n", "`not` is written `!`"),
        ("a = 1 if x else 2\n", "`condition ? value : other value`"),
        ('a = f"x"\n', "a string takes no prefix such as `f`"),
        ('a = x"\n', '`"` is missing before `x`'),
        ("a: 1\n", "an argument is written with `=`, not with `:`: `a = value`"),
        ("a == 1\n", "an argument is set with one `=`: `a = value`"),
        ("a => 1\n", "not with `=>`"),
        ("a(1)\n", "a call to `a` gives a value"),
        ('a "x"\n', '`a = "x"`'),
        ("a 'x' {\n}\n", "single quotes do not quote in HCL"),
        ('a "b"\n{\n}\n', "not on the next"),
        ('a "b" "c"\n', "`{` was expected here, on the line of the block's labels"),
        ("if var.x == 1 {\n}\n", "there is no statement `if`"),
        ('{\n  "a": 1\n}\n', "this looks like JSON; Terraform reads it from a file whose name ends in .tf.json"),
        ("a = 1\n{\n}\n", "a `{` stands on the line of what it belongs to"),
        ("a = 1\n)\n", "this `)` closes nothing; remove it"),
        ("a = <<EOT \nx\nEOT\n", "no blank before or after the word"),
        ("a =\n  1\n", "an expression goes on in the next line only inside ( ), [ ] or { }"),
        ("a = [x for x in y]\n", "`[for item in list : value]`"),
        ("a = [\n  1\nb = 2\n", "the `[` of line 1 is not closed yet"),
        ("a = f(\n  1\nb = 2\n", "the `(` of line 1 is not closed yet"),
        ('resource "a" "b" {\n  c = 1\n\nresource "d" "e" {\n}\n', "before the next one begins in line 4"),
        ("a {\n  b = 1\n", "add `}` where the block ends"),
    ],
)
def test_a_mistake_is_told_with_what_was_meant(text: str, meant: str) -> None:
    assert meant in parse("main.tf", text.encode()).problems[0].detail


@pytest.mark.parametrize("text", ["a = 1 b = 2\n", "a = (1\n}\n", "a = f(1 2)\n", "a = [1 2]\n", "a b c\n"])
def test_where_nothing_better_is_known_the_detail_says_what_was_expected(text: str) -> None:
    assert "expected" in parse("main.tf", text.encode()).problems[0].detail
