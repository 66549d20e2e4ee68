"""Git's index says what the content of a file is called, as long as nobody has written to the file since git last read it.

Git keeps what the file system said of a file when it read it; where that is still so, so is the content. Nothing is opened
for it and nothing of the repository runs; `git status` and `git diff-files` would run its filters. The format is git's:
https://git-scm.com/docs/gitformat-index
"""

from __future__ import annotations

import hashlib
import os
import stat
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from clops_app.adapters.disk import MAX_ENTRIES, MAX_FILE_BYTES, Stamp, found_in
from clops_app.adapters.git_process import Git, GitError, altered, blob_name, sized
from clops_app.adapters.git_tree import is_plain, other_side
from clops_app.adapters.names import from_disk
from clops_app.model.source import SourceTree
from clops_app.ports import Entry, Tracked

_HEADER, _VERSIONS = struct.Struct(">4sII"), (2, 3, 4)
_ASSUMED, _EXTENDED, _STAGE = 0x8000, 0x4000, 0x3000  # the flags of an entry
_SKIPPED, _TO_BE_ADDED = 0x4000, 0x2000  # those beyond
_SECOND = 10**9
_COARSEST = 2 * _SECOND  # between two times that FAT can tell apart


@dataclass(frozen=True, slots=True)
class Index:
    """`known`: what a file was when git read it, and what git calls that, by path."""

    tracked: Tracked
    known: Mapping[str, tuple[Stamp, str]]


class _Odd(Exception):
    """An index that is not of this format, or with more in it than is read here: split, sparse, in the midst of a merge."""


def read_index(git: Git, head: str, tree: SourceTree) -> Index | None:
    """The index of the working tree `tree`, its files those of the commit `head`. None where it cannot be relied on."""
    place = git.line("rev-parse", "--git-path", "index")
    if place is None:
        return None
    place = os.path.join(git.top, place)
    try:
        before = os.stat(place)
        with open(place, "rb") as file:
            content = file.read()
        index = _understood(content, head, before.st_mtime_ns, tree)
        tracked = replace(index.tracked, others=sized(git, index.tracked.others))
        committed = other_side(tracked, altered(git, ("diff-index", "--cached", head), tracked.absent))
        after = os.stat(place)
    except (OSError, GitError, _Odd, struct.error, LookupError, ValueError):
        return None
    # Whoever writes the index puts another file in its place, and then what was read and what git says do not fit together.
    same = (before.st_ino, before.st_mtime_ns, before.st_size) == (after.st_ino, after.st_mtime_ns, after.st_size)
    return replace(index, tracked=committed) if same else None


def names_of(index: Index, top: str, tree: SourceTree) -> dict[str, str]:
    """What git calls the content of those files of the working tree at `top` to which nobody has written."""
    names = {}
    below = len(os.path.join(top, ""))
    for path, (location, stamp) in found_in(tree).items():
        # Where the file really is, links followed, is where the index has it.
        real = location[below:]
        known = index.known.get(path if real == path else from_disk(real.replace(os.sep, "/")))
        if known is not None and known[0] == stamp:
            names[path] = known[1]
    return names


def _understood(content: bytes, head: str, written: int, tree: SourceTree) -> Index:
    """The index that is written so. `written` is when, in nanoseconds. Raises what `_lines` does."""
    files: dict[str, str] = {}
    known: dict[str, tuple[Stamp, str]] = {}
    others: list[Entry] = []
    absent: set[bytes] = set()
    empty, found = blob_name(b"", head), found_in(tree)
    for fields, more, raw in _lines(content, len(head) // 2):
        changed, changed_ns, modified, modified_ns, _, inode, mode, _, _, size, name, flags = fields
        path, named = raw.decode("utf-8", "surrogateescape"), name.hex()
        if flags & _STAGE:
            raise _Odd
        if more & _SKIPPED and path not in found and path not in tree.refused:
            absent.add(raw)
        elif more & _TO_BE_ADDED:
            pass
        elif stat.S_ISREG(mode) and 0 < size <= MAX_FILE_BYTES and (path in found or is_plain(path)):
            files[path] = named
            # Written to in the same moment as the index, a file may have changed since (git's racy-git.txt).
            moment = modified * _SECOND + modified_ns
            if moment + (0 if modified_ns else _COARSEST) < written and not flags & _ASSUMED and not more & _SKIPPED:
                known[path] = ((size, inode, moment, changed * _SECOND + changed_ns), named)
        else:
            # No size has what is empty, what git never looked at, and what it does not rely on itself.
            others.append(Entry(f"{mode:06o}", named, size or (0 if named == empty else None), raw))
    return Index(Tracked(files, tuple(others), frozenset(absent)), known)


def _lines(content: bytes, length: int) -> Iterator[tuple[tuple[Any, ...], int, bytes]]:
    """Of each entry the fields, the flags beyond, and the path. `length` is that of a hash.

    Raises _Odd, struct.error, LookupError and ValueError.
    """
    magic, version, count = _HEADER.unpack_from(content)
    checksum = content[-length:]
    hashed = hashlib.sha1(content[:-length], usedforsecurity=False) if length == 20 else hashlib.sha256(content[:-length])
    # With index.skipHash there are zeros in its place.
    if magic != b"DIRC" or version not in _VERSIONS or count > MAX_ENTRIES or (any(checksum) and checksum != hashed.digest()):
        raise _Odd
    entry = struct.Struct(f">10I{length}sH")
    at, raw = _HEADER.size, b""
    for _ in range(count):
        begun, more = at, 0
        fields = entry.unpack_from(content, at)
        at += entry.size
        if fields[-1] & _EXTENDED:
            more = content[at] << 8 | content[at + 1]
            at += 2
        cut, at = _cut(content, at) if version == 4 else (len(raw), at)
        end = content.index(b"\0", at)
        raw = raw[: len(raw) - cut] + content[at:end]
        at = end + 1 if version == 4 else begun + (end - begun + 8) // 8 * 8
        yield fields, more, raw
    while at < len(content) - length:
        if content[at : at + 1].islower():
            raise _Odd  # an extension that whoever reads the index must understand
        at += 8 + int.from_bytes(content[at + 4 : at + 8], "big")
    if at != len(content) - length:
        raise _Odd


def _cut(content: bytes, at: int) -> tuple[int, int]:
    """How much of the path before is not in this one (version 4), and where what comes after it begins."""
    cut = content[at] & 0x7F
    while content[at] & 0x80:
        at += 1
        cut = (cut + 1 << 7) + (content[at] & 0x7F)
    return cut, at + 1
