"""What is planned in the lines around a block is what would be planned in the whole file."""

from __future__ import annotations

import pytest

from clops_app.hcl.parser import parse
from clops_app.kit import SetAttribute
from clops_app.patch.window import window
from tests.patch.workbench import changed

BLOCK = 'resource "aws_sqs_queue" "q%d" {\n  name = "q%d"\n}\n'


def seen(text: str, number: int) -> str:
    """The window around one top-level block."""
    content = text.encode()
    file = parse("main.tf", content)
    start, end = window(file, content, [file.body.blocks[number]])
    return content[start:end].decode()


def test_it_reaches_to_one_neighbour_on_each_side() -> None:
    blocks = [BLOCK % (n, n) for n in range(7)]
    assert seen("".join(blocks), 3) == "".join(blocks[2:5])
    assert seen("\n".join(blocks), 3) == "\n".join(blocks[2:5])


def test_at_the_ends_of_a_file_it_reaches_to_the_end() -> None:
    blocks = [BLOCK % (n, n) for n in range(5)]
    text = "# first\n\n" + "".join(blocks) + "\n# last"
    assert seen(text, 0) == "# first\n\n" + "".join(blocks[:2])
    assert seen(text, 4) == "".join(blocks[3:]) + "\n# last"


ONE_LINERS = [f'variable "v{n}" {{ default = {n} }}\n' for n in range(4)]
COMMENTED = ['resource "aws_sqs_queue" "a" {\n} # a\n', 'resource "aws_sqs_queue" "b" { # b\n}\n']


@pytest.mark.parametrize(
    ("above", "inside", "below"),
    [
        # On successive lines `terraform fmt` aligns the `=` of blocks that are one line, and comments.
        ([BLOCK % (0, 0)], [*ONE_LINERS, BLOCK % (1, 1)], [BLOCK % (2, 2)]),
        ([BLOCK % (0, 0)], [*COMMENTED, BLOCK % (1, 1)], [BLOCK % (2, 2)]),
        # What looks like the end of a block is inside a comment.
        ([BLOCK % (0, 0)], [BLOCK % (1, 1), "/*\n}\n*/ " + BLOCK % (2, 2), BLOCK % (3, 3)], [BLOCK % (4, 4)]),
    ],
)
def test_it_reaches_further_where_lines_hang_together(above: list[str], inside: list[str], below: list[str]) -> None:
    parts = [*above, *inside, BLOCK % (7, 7), BLOCK % (8, 8), *below]
    assert seen("".join(parts), len(above) + len(inside) - 1) == "".join(inside) + BLOCK % (7, 7)


def test_a_block_among_many_is_changed_as_it_is_alone() -> None:
    many = [BLOCK % (n, n) for n in range(30)]
    change = SetAttribute("aws_sqs_queue.q17", "visibility_timeout_seconds", 60)
    alone = changed({"main.tf": many[17]}, change)["main.tf"]
    among = changed({"main.tf": "".join(many)}, change)["main.tf"]
    assert among == "".join(many[:17]) + alone + "".join(many[18:])
    assert "  name                       =" in alone


def test_a_second_block_of_the_same_name_is_found_in_the_whole_file() -> None:
    text = "".join(f"locals {{\n  a{n} = false\n}}\n" for n in range(9)) + 'resource "aws_sqs_queue" "q" {\n  fifo_queue = local.a5\n}\n'
    after = changed({"main.tf": text}, SetAttribute("aws_sqs_queue.q", "fifo_queue", True))["main.tf"]
    assert after == text.replace("a5 = false", "a5 = true")
