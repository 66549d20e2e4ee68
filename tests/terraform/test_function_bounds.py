"""What a stranger's Terraform asks of the functions: nothing gets out of them, and what is dear is refused."""

from __future__ import annotations

import unicodedata
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clops_app.hcl.strings import composed, in_order
from clops_app.model.source import SourceTree
from clops_app.terraform.evaluate import evaluate

LIMIT = "Evaluation limit exceeded"
CALL = "Error in function call"
RANGE = "Number out of range"
MARKS = "\u0301" * 50_000 + "\u0323" * 50_000
NUMBERS = ("[" + "1.5," * 45_000 + "2.5]").encode()


def told(expression: str, files: dict[str, bytes] | None = None) -> str:
    """What is said of a local value that is the expression."""
    configuration = evaluate(SourceTree({"main.tf": f"locals {{\n a = {expression}\n}}\n".encode(), **(files or {})}), "")
    return "\n".join(diagnostic.what for diagnostic in configuration.diagnostics)


def times(count: int, expression: str) -> str:
    """The expression, evaluated so often."""
    return f"[for i in range({count}): {expression}]"


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        *((f'format("%.5000{mode}", 1)', CALL) for mode in "feg"),
        *((f'format("{verb % ("9" * 5_000)}", 1)', CALL) for verb in ("%%[%s]d", "%%%sd", "%%.%sd")),
        (f'jsonencode(parseint("{"z" * 4_000}", 36))', RANGE),
        (f'jsonencode(yamldecode("0x{"f" * 5_000}"))', RANGE),
        (f'jsonencode(yamldecode("0o{"7" * 5_000}"))', RANGE),
        *((f'fileset(".", "{pattern}")', CALL) for pattern in ("[z-a]", "[]", "[!]", "[^]", "[]x[y]")),
        *((f'cidrsubnet("10.0.0.0/8", {bits}, 1)', CALL) for bits in (-(10**12), 10**12, -9)),
        (r'yamldecode("\"\\UFFFFFFFF\"")', CALL),
    ],
)
def test_refused(expression: str, why: str) -> None:
    assert why in told(expression)


@pytest.mark.parametrize(
    ("expression", "files"),
    [
        ('regex("^1[.]0+$", format("%.4000f", 1))', {}),
        ('regex("^9+[.]0{10}$", format("%.10f", parseint("' + "9" * 3_900 + '", 10)))', {}),
        ('[format("%.4000e", 1/3), format("%.4000g", 1/3)]', {}),
        (r'regex("^efbfbd$", try(yamldecode("\"\\ud800\"") == "\ufffd" ? "efbfbd" : "wrong"))', {}),
        (f'fileset(".", "{"**/" * 12}z")', {"d/" * 40 + "f": b""}),
        (f'fileset(".", "{"*a" * 12}b")', {"a" * 60: b""}),
        (f'fileset(".", "{"[" * 5_000}")', {}),
        ('regex("^a.txt$", one(fileset(".", "[!b].{txt,md}")))', {"a.txt": b"", "b.txt": b""}),
        (f'"a{MARKS}"', {}),
    ],
)
def test_given(expression: str, files: dict[str, bytes]) -> None:
    assert told(expression, files) == ""


@pytest.mark.parametrize(
    ("expression", "content"),
    [
        (times(1_000, f'parseint("{"Z" * 2_200}", 62)'), b""),
        (f'regexall("{"()" * 5_000}", "{"x" * 20_000}")', b""),
        ('[for i in range(100): [for j in range(100): can(regex("a{1,500}${i}_${j}", "b"))]]', b""),
        (f'replace("{"x" * 100}", "/x()/", "{"$1" * 40_000}")', b""),
        ('sum(jsondecode(file("t")))', NUMBERS),
        ('formatlist("%.3f", jsondecode(file("t")))', NUMBERS),
        (times(50, "range(0, 100, 0.1)"), b""),
        pytest.param(times(1_000, 'try(templatefile("t", {}), 1)'), b"${1}" * 40_000, marks=pytest.mark.slow),
        (times(1_000, 'filesha512("t")'), b"x" * 1_000_000),
        (times(1_000, 'length(file("t"))'), b"x" * 1_000_000),
        pytest.param(times(1_000, 'try(csvdecode(file("t")), 1)'), b"a,b\n" * 20_000, marks=pytest.mark.slow),
        pytest.param(times(1_000, 'try(jsondecode(file("t")), 1)'), NUMBERS, marks=pytest.mark.slow),
        (times(1_000, 'try(yamldecode(file("t")), 1)'), NUMBERS),
        (times(1_000, f'timeadd("2020-01-01T00:00:00Z", "{"1.1h" * 5_000}")'), b""),
        (times(1_000, f'formatdate("{"YYYY MM " * 5_000}", "2020-01-01T00:00:00Z")'), b""),
        (times(1_000, 'cidrsubnets("2001:db8::/32", [for j in range(100): 32]...)'), b""),
    ],
)
def test_paid_for(expression: str, content: bytes) -> None:
    assert LIMIT in told(expression, {"t": content})


def test_files_that_are_looked_at_are_paid_for() -> None:
    files = {f"d{a}/x{b}": b"" for a, b in product(range(10), range(100))}
    assert LIMIT in told(times(1_000, 'fileset(".", "*/*.${i}")'), files)


_MARKS = st.text(
    st.sampled_from("ae\u00e9\u0301\u0323\u0308\u0344\u0340\u0f71\u0f72\u0f73\u0f75\u0f81\u0327\u1100\u1161\u11a8\u3099\u304b")
)


@given(_MARKS, st.integers(0, 4))
def test_marks_in_order_have_the_same_normal_form(text: str, run: int) -> None:
    assert unicodedata.normalize("NFC", in_order(text, run)) == unicodedata.normalize("NFC", text)
    assert composed(text) == unicodedata.normalize("NFC", text)
