"""What a patch touched of a file, top-level block by top-level block."""

from __future__ import annotations

from typing import NamedTuple

from clops_app.hcl.syntax import Block, File


class Piece(NamedTuple):
    """A top-level block or attribute that is new or reads differently. `before` None: it was not there."""

    before: bytes | None
    after: bytes
    old: Block | None
    new: Block | None


class _Item(NamedTuple):
    start: int
    end: int
    block: Block | None


def changed_pieces(before: bytes, old: File, after: bytes, new: File) -> tuple[Piece, ...]:
    """Matched by type, labels and how many of the same stood before; what was only moved is not a change."""
    known = _items(old)
    found = []
    for key, item in _items(new).items():
        text = after[item.start : item.end]
        was = known.get(key)
        was_text = None if was is None else before[was.start : was.end]
        if text != was_text:
            found.append(Piece(was_text, text, None if was is None else was.block, item.block))
    return tuple(found)


def _items(file: File) -> dict[tuple[str, ...], _Item]:
    found: dict[tuple[str, ...], _Item] = {("=", item.name): _Item(item.start, item.end, None) for item in file.body.attributes}
    seen: dict[tuple[str, ...], int] = {}
    for block in file.body.blocks:
        name = (block.type, *block.labels)
        number = seen[name] = seen.get(name, -1) + 1
        found[(*name, str(number))] = _Item(block.start, block.end, block)
    return found
