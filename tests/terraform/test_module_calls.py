"""The calls that the text of a file says are those that its syntax says, or the text is not believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clops_app.hcl.parser import parse
from clops_app.hcl.syntax import Literal
from clops_app.model.source import SourceTree
from clops_app.terraform.module_calls import calls_of, plain_calls
from clops_app.terraform.sources import sources_of

PLAIN = 'module "a" {\n  source = "./a"\n  x = [for m in module.b : "${m}"]\n}\n\nmodule "b" {\n  count = 2\n\n  source  = "x/y/aws"\n  version = "1.0.0"\n}\n'
PIECES = (
    'module "a" {', 'module "b" {', "module c {", "locals {", 'resource "t" "n" {', "}", "  }", "  x {", "  x = {", "  y = [", "  ]",
    '  source = "./m"', '  source = "../n" # why', "  source = var.x", '    source = "./deep"', '  # source = "./old"', "# module \"x\"",
    '  x = "}"', '  x = "module \\"q\\" {"', "  x = <<EOT", "EOT", "/*", "*/", "", '  x = "${', '  x = "$${"', 'module "d" { source = "./one" }',
    "\tsource = \"./tab\"", '  "source" = "./quoted"', "  // { ", "# }", '  source = "a${1}"',
)  # fmt: skip


def by_syntax(text: str) -> list[tuple[str, str | None]]:
    blocks = [block for block in parse("m.tf", text.encode()).body.blocks if block.type == "module" and len(block.labels) == 1]
    found = []
    for block in blocks:
        values = [item.value.value for item in block.body.attributes if item.name == "source" and isinstance(item.value, Literal)]
        found.append((block.labels[0], values[0] if values and isinstance(values[0], str) else None))
    return found


def test_a_well_formatted_file_is_told_from_its_text() -> None:
    assert plain_calls(PLAIN.encode()) == (("a", "./a"), ("b", "x/y/aws")) == tuple(by_syntax(PLAIN))


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("\n".join))
def test_what_the_text_says_is_what_the_syntax_says(text: str) -> None:
    plain = plain_calls(text.encode())
    if plain is not None and not parse("m.tf", text.encode()).problems:
        assert [tuple(call) for call in plain] == by_syntax(text)


@given(st.lists(st.tuples(st.integers(0, len(PLAIN)), st.sampled_from((*PIECES, *'{}"=\n #/$*<'))), max_size=3))
def test_what_the_text_says_of_a_changed_file_is_what_its_syntax_says(insertions: list[tuple[int, str]]) -> None:
    text = PLAIN
    for at, piece in insertions:
        text = text[:at] + piece + text[at:]
    plain = plain_calls(text.encode())
    if plain is not None and not parse("m.tf", text.encode()).problems:
        assert [tuple(call) for call in plain] == by_syntax(text)


@pytest.mark.parametrize("text", [PLAIN, PLAIN.replace("\n", "\r\n"), 'module "a" { source = "./a" }', "# no end\n" + PLAIN.rstrip()])
def test_the_calls_of_a_file_do_not_depend_on_how_it_is_written(text: str) -> None:
    sources = sources_of(SourceTree({"m.tf": text.encode()}))
    assert [tuple(call) for call in calls_of(sources, "m.tf")] == by_syntax(text)


def test_the_calls_of_a_json_file_are_found() -> None:
    sources = sources_of(SourceTree({"m.tf.json": b'{"module": {"a": {"source": "./a"}}}'}))
    assert [tuple(call) for call in calls_of(sources, "m.tf.json")] == [("a", "./a")]
