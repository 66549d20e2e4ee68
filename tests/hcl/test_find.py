"""Look-ups find what is written, and nothing where one cannot know."""

from __future__ import annotations

import pytest

from clops_app.hcl.find import at_path, block_at, traversals, walk
from clops_app.hcl.syntax import Attribute, Block, Traversal
from tests.hcl.trees import expression, read

_TEXT = """\
resource "aws_instance" "web" {
  ami = "a"

  root_block_device {
    size = 1
  }
  ebs {
    size = 2
  }
  ebs {
    size = 3
    deep { x = 4 }
  }

  dynamic "ingress" {
    for_each = []
    content {}
  }
  ingress {
    port = 5
  }
}
"""


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("ami", 'ami = "a"'),
        ("root_block_device.size", "size = 1"),
        ("root_block_device[0].size", "size = 1"),
        ("ebs[0].size", "size = 2"),
        ("ebs[1].size", "size = 3"),
        ("ebs[1].deep[0].x", "x = 4"),
        ("ebs[1].deep", "deep { x = 4 }"),
        ("ebs[2].size", None),
        ("ebs[0].missing", None),
        ("missing", None),
        ("ami.x", None),
        ("ingress[0]", None),
        ("ingress[0].port", None),
        ("", None),
        ("ebs[x]", None),
    ],
)
def test_a_path_leads_to_what_is_written_there(path: str, text: str | None) -> None:
    (block,) = read(_TEXT).body.blocks
    found = at_path(block.body, path)
    assert (None if found is None else _TEXT[found.start : found.end]) == text


def test_a_path_to_a_block_gives_the_block_and_to_an_attribute_the_attribute() -> None:
    (block,) = read(_TEXT).body.blocks
    assert isinstance(at_path(block.body, "ebs[0]"), Block)
    assert isinstance(at_path(block.body, "ami"), Attribute)


def test_a_block_is_found_by_its_first_byte_at_any_depth() -> None:
    body = read(_TEXT).body
    for text in ("resource", "ebs {\n    size = 3", "deep"):
        start = _TEXT.index(text)
        found = block_at(body, start)
        assert found is not None
        assert found.start == start
    assert block_at(body, 1) is None
    assert block_at(body, len(_TEXT)) is None


def test_every_traversal_is_found_in_source_order() -> None:
    text = (
        'f(a.b, {(c) = d[e]}, "x${g}%{ if h }${i}%{ else }${j}%{ endif }%{ for k in l }${m}%{ endfor }", '
        "[for n in o : p if q], r[*].s, t ? u : -v...)"
    )
    assert [".".join(found.names) for found in traversals(expression(text))] == [
        *("a.b", "c", "d", "e", "g", "h", "i", "j", "l", "m", "o", "p", "q", "r", "t", "u", "v"),
    ]


def test_walking_a_long_sum_does_not_recurse() -> None:
    found = expression("a" + " + a" * 1_999)
    assert sum(isinstance(node, Traversal) for node in walk(found)) == 2_000
