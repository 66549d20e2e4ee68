"""A change of a few blocks is made in the lines around them, as it would be in the whole file: planning costs the block, not the file."""

from __future__ import annotations

from collections.abc import Iterable

from clops_app.hcl.syntax import Attribute, Block, File


def window(file: File, content: bytes, blocks: Iterable[Block]) -> tuple[int, int]:
    """The whole lines of these top-level blocks and of one neighbour on each side; further where alignment may reach further.

    A neighbour says all that an edit asks about what is around: whether there is anything, and how many blank lines are between.
    """
    items: list[Attribute | Block] = sorted((*file.body.attributes, *file.body.blocks), key=lambda item: item.start)
    starts = {block.start for block in blocks}
    numbers = [number for number, item in enumerate(items) if item.start in starts]
    first, last = max(min(numbers) - 1, 0), min(max(numbers) + 1, len(items) - 1)
    while first > 0 and not _begins_apart(content, items[first].start):
        first -= 1
    while last < len(items) - 1 and not _ends_apart(content, items[last].end):
        last += 1
    start = _line_start(content, items[first].start) if first else 0
    return start, _line_end(content, items[last].end) if last < len(items) - 1 else len(content)


def _begins_apart(content: bytes, start: int) -> bool:
    """Whether `terraform fmt` aligns nothing across the line above: it is blank or a lone brace, and not part of a comment."""
    line = _line_start(content, start)
    above = content[_line_start(content, line - 1) : line] if line else b""
    return above.strip() in (b"", b"}") and not content[line:start].strip()


def _ends_apart(content: bytes, end: int) -> bool:
    """The same of the item's own last line. A blank line below would not do: a comment may hold it."""
    return content[_line_start(content, end - 1) : _line_end(content, end)].strip() == b"}"


def _line_start(content: bytes, at: int) -> int:
    return content.rfind(b"\n", 0, at) + 1


def _line_end(content: bytes, at: int) -> int:
    newline = content.find(b"\n", at)
    return len(content) if newline < 0 else newline + 1
