"""Whatever the file looks like, an edit does what it says; and what was formatted stays formatted."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from clops_app.hcl.edits import add_block, add_top_level, remove_attribute, remove_block, set_attribute
from clops_app.hcl.emit import emit_value
from clops_app.hcl.find import attribute_named
from clops_app.hcl.parser import parse
from clops_app.hcl.syntax import Block, Body, File
from clops_app.model.finding import Code, NewBlock
from clops_app.model.source import Edit, SourceTree
from clops_app.model.values import Plain
from tests.hcl.fmt import formatted, needs_terraform
from tests.hcl.trees import expression, shape

_NAMES = ("a", "bb", "multi_az", "é", "x_y-z", "tags", "depends_on", "k1")
_VALUES = (
    *("1", "true", '"s"', '"${x}-a"', "x.y", "[1, 2]", "[]", "{ a = 1 }", "a ? b : c", '"한글"', "[for x in y : x]"),
    *(
        "<<EOT\nfoo\n  bar\nEOT",
        "<<-EOT\n    foo\n  EOT",
        "{\n q = 1\n rrr = [1]\n}",
        "[\n1, # c\n22,  # d\n]",
        "f(\nx,\n)",
        "f({\n a = 1\n})",
    ),
)
_COMMENTS = ("", "", "", " # why", "  # comment", " // é")
_HEADERS = ('nested "x"', "ingress", 'dyn "a" "b"')
_NEW_VALUES: tuple[Plain | Code, ...] = (
    1,
    True,
    'a${b} "q"\n',
    (1, 2),
    {},
    {"a": 1},
    {"a": 1, "b c": "x"},
    Code("x.y"),
    ("abcdefghij",) * 12,
)


@st.composite
def _bodies(draw: st.DrawFn, depth: int = 0) -> str:
    """A body's lines, not indented, with their line breaks."""
    lines = []
    names = list(draw(st.permutations(_NAMES)))
    for kind in draw(st.lists(st.sampled_from("aaaaaa\n#n"), max_size=7)):
        comment = draw(st.sampled_from(_COMMENTS))
        if kind == "a":
            value = draw(st.sampled_from(_VALUES))
            lines.append(f"{names.pop()}{draw(st.sampled_from((' ', '   ')))}= {value}{'' if value.startswith('<<') else comment}\n")
        elif kind == "n":
            header = draw(st.sampled_from(_HEADERS))
            inner = draw(st.sampled_from(("{}", "{ a = 1 }"))) if depth > 1 or draw(st.booleans()) else None
            lines.append(f"{header} {inner or '{' + comment + chr(10) + draw(_bodies(depth + 1)) + '}'}{comment}\n")
        else:
            lines.append("\n" if kind == "\n" else "# note\n")
    return "".join(lines)


@st.composite
def _files(draw: st.DrawFn) -> str:
    blocks = draw(st.lists(_bodies(), min_size=1, max_size=2))
    gaps = [draw(st.sampled_from(("", "\n", "\n\n", "# top\n"))) for _ in blocks]
    forms = [draw(st.sampled_from(("{}", "{ x = 1 }", "", "", "", ""))) for _ in blocks]
    return "".join(
        f'resource "a" "b" {form or "{" + chr(10) + body + "}"}\n{gap}' for body, form, gap in zip(blocks, forms, gaps, strict=True)
    )


def _blocks(body: Body) -> Iterator[Block]:
    for block in body.blocks:
        yield block
        yield from _blocks(block.body)


@st.composite
def _changes(draw: st.DrawFn, text: bytes) -> tuple[str, str, list[Edit]]:
    """A kind of change, the attribute it is about, and its edits."""
    file = parse("main.tf", text)
    assert file.problems == ()
    block = draw(st.sampled_from(list(_blocks(file.body))))
    attributes = block.body.attributes
    new = NewBlock("zz", ("l",), {name: draw(st.sampled_from(_NEW_VALUES)) for name in draw(st.sets(st.sampled_from(_NAMES), max_size=3))})
    kind = draw(st.sampled_from(("set", "set", "set", "remove", "add", "top", "cut")))
    if kind == "remove" and attributes:
        attribute = draw(st.sampled_from(attributes))
        return kind, attribute.name, remove_attribute(file, text, attribute)
    if kind == "add":
        return kind, "", add_block(file, text, block.body, new)
    if kind == "top":
        return kind, "", add_top_level(file, text, draw(st.sampled_from(file.body.blocks)), new)
    if kind == "cut":
        return kind, "", remove_block(file, text, block)
    name = draw(st.sampled_from([*(attribute.name for attribute in attributes), *_NAMES, "a_name_longer_than_others"]))
    value = emit_value(draw(st.sampled_from(_NEW_VALUES)))
    return "set", name, set_attribute(file, text, block.body, name, value)


@st.composite
def _set_somewhere(draw: st.DrawFn) -> tuple[bytes, int, str, str]:
    """A file in any style, the number of a block in it, an attribute and a value."""
    text = draw(_files())
    newline, indent = draw(st.sampled_from(("\n", "\r\n"))), draw(st.sampled_from(("", "  ", "    ", "\t")))
    if "<<" not in text:
        text = text.replace("\n", f"\n{indent}")
    text = (text.rstrip() if draw(st.booleans()) else text).replace("\n", newline)
    count = len(list(_blocks(parse("main.tf", text.encode()).body)))
    name = draw(st.sampled_from((*_NAMES, "a_name_longer_than_others")))
    return text.encode(), draw(st.integers(0, count - 1)), name, emit_value(draw(st.sampled_from(_NEW_VALUES)))


def _applied(text: bytes, edits: list[Edit]) -> tuple[bytes, File]:
    result = SourceTree({"main.tf": text}).edited(edits).files["main.tf"]
    return result, parse("main.tf", result)


@settings(max_examples=200, deadline=None)
@given(_set_somewhere())
def test_a_set_attribute_has_its_value_and_no_other_has_changed(drawn: tuple[bytes, int, str, str]) -> None:
    text, number, name, value = drawn
    before = parse("main.tf", text)
    block = list(_blocks(before.body))[number]
    result, after = _applied(text, set_attribute(before, text, block.body, name, value))
    assert after.problems == ()
    changed = list(_blocks(after.body))[number].body
    now = attribute_named(changed, name)
    assert now is not None
    assert shape(now.value) == shape(expression(value))

    def others(content: bytes, file: File) -> list[tuple[int, str, bytes]]:
        return [
            (index, attribute.name, content[attribute.value.start : attribute.value.end])
            for index, held in enumerate(_blocks(file.body))
            for attribute in held.body.attributes
            if (index, attribute.name) != (number, name)
        ]

    assert others(result, after) == others(text, before)


class TestAgainstTerraform:
    pytestmark = needs_terraform

    @settings(max_examples=6, deadline=None)
    @given(st.lists(_files(), min_size=40, max_size=40), st.data())
    def test_what_was_formatted_is_formatted_after_any_change(self, texts: list[str], data: st.DataObject) -> None:
        with tempfile.TemporaryDirectory() as directory:
            clean = formatted(Path(directory), [text.encode() for text in texts])
            changed = []
            for text in clean:
                _, _, edits = data.draw(_changes(text))
                result, file = _applied(text, edits)
                assert file.problems == ()
                changed.append(result)
            assert formatted(Path(directory), changed) == changed
