"""A change touches what it is about, its neighbours' alignment where they were aligned, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from clops_app.hcl.edits import add_block, add_top_level, remove_attribute, remove_block, set_attribute
from clops_app.hcl.emit import emit_value
from clops_app.hcl.find import attribute_named
from clops_app.hcl.parser import parse
from clops_app.hcl.syntax import Body, File
from clops_app.model.finding import NewBlock
from clops_app.model.source import Edit, SourceTree

_Change = Callable[[File, bytes, Body], list[Edit]]


def _changed(before: str, change: _Change) -> str:
    """The text after `change` to the first block's body, or to the file's own where there is no block."""
    content = before.encode()
    file = parse("main.tf", content)
    assert file.problems == ()
    body = file.body.blocks[0].body if file.body.blocks else file.body
    return SourceTree({"main.tf": content}).edited(change(file, content, body)).files["main.tf"].decode()


def _set(name: str, value: str) -> _Change:
    return lambda file, content, body: set_attribute(file, content, body, name, value)


def _remove(name: str) -> _Change:
    def change(file: File, content: bytes, body: Body) -> list[Edit]:
        attribute = attribute_named(body, name)
        assert attribute is not None
        return remove_attribute(file, content, attribute)

    return change


def _add(block: NewBlock) -> _Change:
    return lambda file, content, body: add_block(file, content, body, block)


def _add_after(block: NewBlock) -> _Change:
    return lambda file, content, _: add_top_level(file, content, file.body.blocks[0], block)


_MULTI = emit_value({"a": 1, "bb": 2})


@pytest.mark.parametrize(
    ("before", "name", "value", "after"),
    [
        # a value in its place
        ("a {\n  b = 1\n}\n", "b", "22", "a {\n  b = 22\n}\n"),
        ("a {\n  b    =   1 /* why */ # because\n}\n", "b", "22", "a {\n  b    =   22 /* why */ # because\n}\n"),
        ("a {\n  b = 1 # x\n  c = 2 # y\n}\n", "b", "333", "a {\n  b = 333 # x\n  c = 2   # y\n}\n"),
        ("a { b = 1 }\n", "b", "22", "a { b = 22 }\n"),
        ("a {\n  b = <<EOT\nx\nEOT\n  c = 1\n}\n", "b", '"y"', 'a {\n  b = "y"\n  c = 1\n}\n'),
        # one line becomes many, many become one
        ("a {\n  long = 1\n  b    = 2\n}\n", "b", _MULTI, "a {\n  long = 1\n  b = {\n    a  = 1\n    bb = 2\n  }\n}\n"),
        ("a {\n  long = 1\n  b = {\n  }\n  c = 3\n}\n", "b", "{}", "a {\n  long = 1\n  b    = {}\n  c    = 3\n}\n"),
        ("a { b = 1 }\n", "b", _MULTI, "a {\n  b = {\n    a  = 1\n    bb = 2\n  }\n}\n"),
        # a new line among aligned ones
        ("a {\n  b   = 1\n  ccc = 2\n}\n", "dd", "3", "a {\n  b   = 1\n  ccc = 2\n  dd  = 3\n}\n"),
        ("a {\n  b = 1 # x\n}\n", "long", "3", "a {\n  b    = 1 # x\n  long = 3\n}\n"),
        ("a {\n  b = 1\n\n  c = 2\n}\n", "long", "3", "a {\n  b = 1\n\n  c    = 2\n  long = 3\n}\n"),
        ("a {\n  b = 1\n  # why\n  c = 2\n}\n", "long", "3", "a {\n  b = 1\n  # why\n  c    = 2\n  long = 3\n}\n"),
        # before nested blocks, tags and depends_on
        ("a {\n  b = 1\n\n  n {}\n}\n", "c", "2", "a {\n  b = 1\n  c = 2\n\n  n {}\n}\n"),
        ("a {\n  b = 1\n\n  tags = {\n    x = 1\n  }\n}\n", "c", "2", "a {\n  b = 1\n  c = 2\n\n  tags = {\n    x = 1\n  }\n}\n"),
        ("a {\n  tags = {}\n}\n", "c", "2", "a {\n  tags = {}\n  c    = 2\n}\n"),
        ("a {\n  n {}\n}\n", "c", "2", "a {\n  c = 2\n\n  n {}\n}\n"),
        # bodies on one line, and empty ones
        ("a {}\n", "c", "2", "a {\n  c = 2\n}\n"),
        ("a {\n}\n", "c", "2", "a {\n  c = 2\n}\n"),
        ("a { b = 1 }\n", "ccc", "2", "a {\n  b   = 1\n  ccc = 2\n}\n"),
        ("a {}", "c", "2", "a {\n  c = 2\n}"),
        # a style that fmt would change is left alone and followed
        ("a {\n  b    = 1\n  c    = 2\n}\n", "dd", "3", "a {\n  b    = 1\n  c    = 2\n  dd   = 3\n}\n"),
        ("a {\n  b = 1\n  ccc = 2\n}\n", "long", "3", "a {\n  b = 1\n  ccc = 2\n  long = 3\n}\n"),
        ("a {\n    b = 1\n}\n", "c", "3", "a {\n    b = 1\n    c = 3\n}\n"),
        ("a {\n\tb = 1\n}\n", "m", _MULTI, "a {\n\tb = 1\n\tm = {\n\t\ta  = 1\n\t\tbb = 2\n\t}\n}\n"),
        # line endings
        ("a {\r\n  b = 1\r\n}\r\n", "long", "3", "a {\r\n  b    = 1\r\n  long = 3\r\n}\r\n"),
        ("a {\r\n  b = 1\r\n}\r\n", "b", _MULTI, "a {\r\n  b = {\r\n    a  = 1\r\n    bb = 2\r\n  }\r\n}\r\n"),
        # files of arguments
        ("a = 1", "long", "2", "a    = 1\nlong = 2\n"),
        ("", "a", "1", "a = 1\n"),
        ("# note", "a", "1", "# note\na = 1\n"),
        # characters, not bytes, are what is aligned
        ("a {\n  à = 1\n}\n", "bb", "à", "a {\n  à  = 1\n  bb = à\n}\n"),
        ("a { b = à }\n", "bb", "1", "a {\n  b  = à\n  bb = 1\n}\n"),
        ("a { /* c */\n  b = 1\n}\n", "bb", "1", "a { /* c */\n  b  = 1\n  bb = 1\n}\n"),
        ('a {\n  é = "한글" # x\n}\n', "bb", "3", 'a {\n  é  = "한글" # x\n  bb = 3\n}\n'),
    ],
)
def test_an_attribute_is_set(before: str, name: str, value: str, after: str) -> None:
    assert _changed(before, _set(name, value)) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a {\n  x = 1 # why\n}\n", "a {\n}\n"),
        ("a {\n  bb = 1\n  x  = {\n  }\n  c = 2\n}\n", "a {\n  bb = 1\n  c = 2\n}\n"),
        ("a {\n  b = 1\n  x = {\n  }\n  ccc = 2\n}\n", "a {\n  b   = 1\n  ccc = 2\n}\n"),
        ("a {\n  b     = 1\n  xxxxx = 2\n}\n".replace("xxxxx", "x    "), "a {\n  b     = 1\n}\n"),
        ("a {\n  b = 1\n  x = 2 # x\n  c = 3 # c\n}\n", "a {\n  b = 1\n  c = 3 # c\n}\n"),
        ("a {\n  b = 1\n\n  x = 2\n\n  c = 3\n}\n", "a {\n  b = 1\n\n  c = 3\n}\n"),
        ("a {\n  x = 2\n\n  c = 3\n}\n", "a {\n  c = 3\n}\n"),
        ("a {\n  b = 1\n\n  x = 2\n}\n", "a {\n  b = 1\n}\n"),
        ("a { x = 1 }\n", "a {}\n"),
        ("a {\r\n  b = 1\r\n\r\n  x = 2\r\n}\r\n", "a {\r\n  b = 1\r\n}\r\n"),
        ("x = 1", ""),
    ],
)
def test_an_attribute_is_removed_with_its_line(before: str, after: str) -> None:
    assert _changed(before, _remove("x")) == after


def test_a_heredoc_is_not_indented_and_text_that_looks_like_one_is() -> None:
    heredoc = "<<EOT\nx\n  y\nEOT"
    assert _changed("a {\n}\n", _set("b", heredoc)) == f"a {{\n  b = {heredoc}\n}}\n"
    assert _changed("a {\n}\n", _set("b", '{\n  c = "<<EOT"\n}')) == 'a {\n  b = {\n    c = "<<EOT"\n  }\n}\n'


def test_removing_the_longest_name_moves_its_neighbours_back() -> None:
    assert _changed("a {\n  b    = 1\n  long = 2\n  c    = 3\n}\n", _remove("long")) == "a {\n  b = 1\n  c = 3\n}\n"


_NEW = NewBlock("n", ("l",), {"x": 1, "yy": 2})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a {}\n", 'a {\n  n "l" {\n    x  = 1\n    yy = 2\n  }\n}\n'),
        ("a {\n}\n", 'a {\n  n "l" {\n    x  = 1\n    yy = 2\n  }\n}\n'),
        ("a {\n  b = 1\n}\n", 'a {\n  b = 1\n\n  n "l" {\n    x  = 1\n    yy = 2\n  }\n}\n'),
        ("a { b = 1 }\n", 'a {\n  b = 1\n\n  n "l" {\n    x  = 1\n    yy = 2\n  }\n}\n'),
        ("a {\n  b = 1\n\n}\n", 'a {\n  b = 1\n\n  n "l" {\n    x  = 1\n    yy = 2\n  }\n}\n'),
        ("", 'n "l" {\n  x  = 1\n  yy = 2\n}\n'),
        ("b = 1", 'b = 1\n\nn "l" {\n  x  = 1\n  yy = 2\n}\n'),
        ("a { # why\n}\n", 'a { # why\n  n "l" {\n    x  = 1\n    yy = 2\n  }\n}\n'),
        ("a {\r\n\tb = 1\r\n}\r\n", 'a {\r\n\tb = 1\r\n\r\n\tn "l" {\r\n\t\tx  = 1\r\n\t\tyy = 2\r\n\t}\r\n}\r\n'),
    ],
)
def test_a_nested_block_is_added_at_the_end_of_a_body(before: str, after: str) -> None:
    assert _changed(before, _add(_NEW)) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a {}\n", "a {}\n\nn {}\n"),
        ("a {}", "a {}\n\nn {}\n"),
        ("a {} # why\nb {}\n", "a {} # why\n\nn {}\n\nb {}\n"),
        ("a {}\n\nb {}\n", "a {}\n\nn {}\n\nb {}\n"),
        ("a {}\r\n", "a {}\r\n\r\nn {}\r\n"),
    ],
)
def test_a_top_level_block_is_added_after_another(before: str, after: str) -> None:
    assert _changed(before, _add_after(NewBlock("n"))) == after


def test_a_block_is_removed_with_its_blank_line() -> None:
    before = "a {\n  b = 1\n\n  n {\n  } # why\n\n  c = 2\n}\n"
    assert _changed(before, lambda file, content, body: remove_block(file, content, body.blocks[0])) == "a {\n  b = 1\n\n  c = 2\n}\n"


def test_edits_are_of_blanks_and_of_what_is_meant_only() -> None:
    content = b"a {\n  b   = 1\n  ccc = 2\n}\n"
    file = parse("main.tf", content)
    edits = set_attribute(file, content, file.body.blocks[0].body, "long", "3")
    assert [(content[edit.span.start : edit.span.end].decode(), edit.text) for edit in edits] == [
        ("   ", "    "),
        (" ", "  "),
        ("", "  long = 3\n"),
    ]


def test_a_value_that_is_there_already_needs_no_edit() -> None:
    content = b"a {\n  b = 1\n}\n"
    file = parse("main.tf", content)
    assert set_attribute(file, content, file.body.blocks[0].body, "b", "1") == []
