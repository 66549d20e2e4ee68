"""An error costs one top-level block and no more."""

from __future__ import annotations

import pytest

from clops_app.hcl.parser import parse
from clops_app.hcl.recovery import MAX_PROBLEMS
from tests.hcl.samples import SAMPLES, mutants
from tests.hcl.trees import outline, told

_BEFORE = 'variable "before" {\n  default = 1\n}\n\n'
_AFTER = '\nresource "a" "after" {\n  b = 1\n}\n'


@pytest.mark.parametrize(
    "broken",
    [
        'resource "a" "b" {\n  c = 1 d = 2\n}\n',
        'resource "a" "b" {\n  c = "x\n}\n',
        'resource "a" "b" {\n  c = [1\n}\n',
        'resource "a" "b" {\n  c = {\n}\n',
        'resource "a" "b" {\n  c = (1\n}\n',
        'resource "a" "b" {\n  c = "${x"\n}\n',
        'resource "a" "b" {\n  c = <<EOT\nx\n}\n',
        'resource "a" "b" {\n  nested {\n    c = 1\n}\n',
        'resource "a" "b" {\n  c = 1\n',
        'resource "a" "b"\n{\n  c = 1\n}\n',
        'resource "a" "b" {\n  c = 1\n}}\n',
        "}\n",
        "😀\n",
    ],
)
def test_the_blocks_before_and_after_a_broken_one_are_whole(broken: str) -> None:
    file = parse("main.tf", (_BEFORE + broken + _AFTER).encode())
    whole = [block.labels[-1] for block in file.body.blocks]
    assert (whole[0], whole[-1], len(file.problems)) == ("before", "after", 1)


def test_every_broken_block_is_told_in_order_of_place() -> None:
    text = "".join(f'variable "v{number}" {{\n  default = {"1 2" if number % 3 == 0 else "1"}\n}}\n' for number in range(9))
    file = parse("main.tf", text.encode())
    assert [block.labels[0] for block in file.body.blocks] == ["v1", "v2", "v4", "v5", "v7", "v8"]
    assert told(text) == [(line, "Missing newline after argument") for line in (2, 11, 20)]


def test_a_block_that_swallowed_a_broken_one_is_told_as_unclosed() -> None:
    text = "locals {\n  a = 1\n\nlocals {\n  b = 1\n}\n\nlocals {\n  c = 1 2\n}\n"
    assert told(text) == [(1, "Unclosed configuration block"), (9, "Missing newline after argument")]
    assert outline(parse("main.tf", text.encode()).body) == [("locals", ["b"])]


def test_a_repeated_argument_costs_nothing_but_itself() -> None:
    text = "locals {\n  a = 1\n  a = 2\n  b = 3\n}\n"
    file = parse("main.tf", text.encode())
    assert outline(file.body) == [("locals", ["a", "b"])]
    assert told(text) == [(3, "Attribute redefined")]


def test_unindented_nested_blocks_are_not_taken_for_top_level_ones() -> None:
    text = 'resource "a" "b" {\nc = 1 2\ningress {\nd = 1\n}\n}\n' + _AFTER
    assert outline(parse("main.tf", text.encode()).body) == [("resource", "a", "after", ["b"])]


def test_in_a_file_of_variables_an_error_costs_one_argument() -> None:
    file = parse("prod.tfvars", b"a = 1\nb = [1\nc = 2\nd = 3\n")
    assert [attribute.name for attribute in file.body.attributes] == ["a", "c", "d"]


def test_at_most_fifty_problems_are_told_and_then_that_reading_stopped() -> None:
    text = 'variable "v" {\n  default = 1 2\n}\n' * 80
    found = told(text)
    assert len(found) == MAX_PROBLEMS
    assert found[-2:] == [(3 * 48 + 2, "Missing newline after argument"), (3 * 50 + 1, "Too many errors")]


def test_reading_never_raises_and_what_is_whole_reads_the_same_alone() -> None:
    for text in mutants(seed=3, count=200):
        content = text.encode()
        for block in parse("main.tf", content).body.blocks:
            alone = parse("main.tf", content[block.start : block.end] + b"\n").body
            assert outline(alone) == outline(alone._replace(attributes=(), blocks=(block,)))


def test_a_mutant_loses_few_blocks() -> None:
    whole = sum(len(parse("main.tf", sample.encode()).body.blocks) for sample in SAMPLES) / len(SAMPLES)
    texts = [text for text in mutants(seed=4, count=200) if len(text) > 1000 and parse("main.tf", text.encode()).problems]
    kept = sum(len(parse("main.tf", text.encode()).body.blocks) for text in texts) / len(texts)
    assert kept > whole - 1.5
