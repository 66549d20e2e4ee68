"""Files are a value: a tree of bytes, places in it, and edits that give a new tree.

A Span is a NamedTuple, not a dataclass: there are as many as there are arguments, and it is made in a third of the time.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple


class Span(NamedTuple):
    """Bytes `start` up to, not including, `end` of the file at `path` (POSIX, relative to the tree)."""

    path: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Put `text` in the place of `span`; an empty span inserts."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """1-based line and 1-based column, the column counted in bytes as Terraform's `byte` ranges are."""

    line: int
    column: int


class OverlappingEdits(ValueError):
    """Two edits want the same bytes."""


@dataclass(frozen=True, slots=True)
class SourceTree:
    """Every readable file of a repository by POSIX path. `refused` says why a file that exists cannot be read.

    `files` may read lazily (the adapter decides), but the same path always gives the same bytes.
    `names`: what git calls a file's content, of those of which that is known without reading them.
    """

    files: Mapping[str, bytes]
    refused: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def edited(self, edits: Iterable[Edit]) -> SourceTree:
        """Apply all edits at once. Raises OverlappingEdits, and KeyError for a file that is not in the tree."""
        changed: dict[str, bytes] = {}
        by_path: dict[str, list[Edit]] = {}
        for edit in edits:
            by_path.setdefault(edit.span.path, []).append(edit)
        for path, group in by_path.items():
            changed[path] = _spliced(self.files[path], group)
        return SourceTree(_Layered(changed, self.files), self.refused)

    def with_files(self, files: Mapping[str, bytes]) -> SourceTree:
        """The tree with these files besides, or in the place of those of the same path."""
        names = {path: name for path, name in self.names.items() if path not in files}
        return SourceTree(_Layered(files, self.files), self.refused, names)


def suspects(one: SourceTree, other: SourceTree) -> set[str]:
    """The paths at which two trees may `differ`; all others are known not to, and nothing is read to tell."""
    renamed = {path for path, _ in one.names.items() ^ other.names.items()}
    return renamed | ({*one.files, *other.files} - (one.names.keys() & other.names.keys()))


def differ(one: SourceTree, other: SourceTree, path: str) -> bool:
    """Whether a file, which either tree may lack, is another in one tree than in the other.

    One name is one content, whatever line ends a checkout gave it.
    """
    name, other_name = one.names.get(path), other.names.get(path)
    return one.files.get(path) != other.files.get(path) if name is None or other_name is None else name != other_name


def _spliced(content: bytes, edits: list[Edit]) -> bytes:
    pieces: list[bytes] = []
    at = 0
    # Insertions at one place keep the order they were given in (sort is stable).
    for edit in sorted(edits, key=lambda e: (e.span.start, e.span.end)):
        if edit.span.start < at:
            raise OverlappingEdits(f"{edit.span.path} at byte {edit.span.start}")
        pieces += (content[at : edit.span.start], edit.text.encode())
        at = edit.span.end
    pieces.append(content[at:])
    return b"".join(pieces)


@dataclass(frozen=True, slots=True)
class _Layered(Mapping[str, bytes]):
    """Changed files over the ones below, so that an edited tree costs only what was edited."""

    changed: Mapping[str, bytes]
    below: Mapping[str, bytes]

    def __getitem__(self, path: str) -> bytes:
        found = self.changed.get(path)
        return self.below[path] if found is None else found

    def __iter__(self) -> Iterator[str]:
        yield from self.below
        yield from (path for path in self.changed if path not in self.below)

    def __len__(self) -> int:
        return sum(1 for _ in self)


@lru_cache(maxsize=64)
def line_starts(content: bytes) -> tuple[int, ...]:
    """Byte offset of the start of each line. Remembered: whoever asks for one place of a file asks for more."""
    return (0, *(found.end() for found in re.finditer(b"\n", content)))


def position(starts: Sequence[int], offset: int) -> Position:
    """Line and column of a byte offset, given the file's `line_starts`."""
    line = bisect_right(starts, offset)
    return Position(line, offset - starts[line - 1] + 1)


def lines_of(tree: SourceTree, span: Span) -> tuple[int, int]:
    """First and last 1-based line that the span touches."""
    starts = line_starts(tree.files[span.path])
    return position(starts, span.start).line, position(starts, max(span.start, span.end - 1)).line
