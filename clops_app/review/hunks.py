"""Which lines of the head a pull request's diff shows is known here, so no comment is placed where GitHub would refuse it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_ESCAPE = re.compile(rb'\\([0-7]{3}|[abtnvfr"\\])')
_ESCAPED = {b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r"}

# Beyond these GitHub shows no hunks, and a comment there is refused (docs.github.com, "Repository limits", limits for
# viewing content and diffs: a file 20,000 lines or 500 KB, a pull request 20,000 lines, 1 MB or 300 files).
_MOST_LINES, _MOST_FILES = 20_000, 300
_MOST_BYTES_OF_FILE, _MOST_BYTES = 500_000, 1_000_000


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines `start` to `end` of the head's file, 1-based and inclusive; `added` are those that the change wrote.

    A hunk that only removes, with no context, shows no line: its `end` is before its `start`.
    """

    start: int
    end: int
    added: frozenset[int]


Hunks = Mapping[str, Sequence[Hunk]]


def read_diff(text: str) -> Hunks:
    """The hunks by path at the head, of a diff as `git diff` prints it. What GitHub is too full to show is left out.

    Lines are counted as the hunk's header says, so a removed line `-- x` is never taken for a file's header.
    """
    shown: dict[str, tuple[Hunk, ...]] = {}
    lines, size = 0, 0
    for number, (path, section) in enumerate(_sections(text.split("\n")), start=1):
        length = sum(len(line.encode("utf-8", "replace")) + 1 for line in section)
        lines, size = lines + len(section), size + length
        if number > _MOST_FILES or lines > _MOST_LINES or size > _MOST_BYTES:
            break
        if path is not None and length <= _MOST_BYTES_OF_FILE:
            shown[path] = tuple(hunk for hunk, _ in _hunks(section))
    return shown


def hunks_of(patch: str) -> tuple[Hunk, ...]:
    """The hunks of one file, from a `patch` as GitHub's list of files has it: without the file's header."""
    return tuple(hunk for hunk, _ in _hunks(patch.split("\n")))


def hunk_with(hunks: Sequence[Hunk], first: int, last: int) -> Hunk | None:
    """The hunk that shows all the lines from `first` to `last`."""
    return next((hunk for hunk in hunks if hunk.start <= first <= last <= hunk.end), None)


def _sections(lines: Sequence[str]) -> Iterator[tuple[str | None, Sequence[str]]]:
    """Each file's path at the head, None where it has none, and the lines of its hunks."""
    path, first, at, begun = None, len(lines), 0, False
    while at < len(lines):
        line = lines[at]
        if line.startswith("diff --git "):
            if begun:
                yield path, lines[first:at]
            path, first, begun = None, len(lines), True
        elif line.startswith("+++ ") and first == len(lines):
            path = _path(line[4:])
        elif _HUNK.match(line):
            first = min(first, at)
            at = _after(lines, at)
            continue
        at += 1
    if begun:
        yield path, lines[first:]


def _after(lines: Sequence[str], at: int) -> int:
    """Where the hunk whose header is at `at` is over."""
    return next(end for _, end in _hunks(lines, at))


def _hunks(lines: Sequence[str], at: int = 0) -> Iterator[tuple[Hunk, int]]:
    """Each hunk from line `at` on, and where it is over. One that is cut short counts as far as it goes."""
    while at < len(lines):
        header = _HUNK.match(lines[at])
        at += 1
        if header is None:
            continue
        old, start, new = int(header[1] or 1), int(header[2]), int(header[3] or 1)
        line, added = start, set[int]()
        while at < len(lines) and (old > 0 or new > 0):
            mark = lines[at][:1]
            if mark == "+":
                added.add(line)
            elif mark not in (" ", "-", "\\"):
                break
            old -= mark in (" ", "-")
            new -= mark in (" ", "+")
            line += mark in (" ", "+")
            at += 1
        yield Hunk(start, line - 1, frozenset(added)), at


def _path(written: str) -> str | None:
    """A path as git writes it: after `b/`, in quotes where it must be, with a tab behind it where it holds a space."""
    written = written.removesuffix("\t")
    if written.startswith('"') and written.endswith('"') and len(written) > 1:
        content = _ESCAPE.sub(_unescaped, written[1:-1].encode("utf-8", "replace"))
        written = content.decode("utf-8", "replace")
    return written[2:] if written.startswith("b/") else None


def _unescaped(escape: re.Match[bytes]) -> bytes:
    code = escape[1]
    return bytes([int(code, 8) & 0xFF]) if len(code) == 3 else _ESCAPED.get(code, code)
