"""Two versions of a file become edits, and edits become a unified diff that `git apply` takes."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from itertools import groupby

from clops_app.model.source import Edit, SourceTree, Span, line_starts

CONTEXT_LINES = 3  # what `git diff` shows, and what `git apply` needs to find a hunk that has moved

_NEEDS_QUOTES = re.compile(r'["\\\x00-\x1f\x7f]')
_QUOTED = {'"': '\\"', "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}

Opcode = tuple[str, int, int, int, int]


def changed_paths(edits: Iterable[Edit]) -> tuple[str, ...]:
    """The paths the edits touch, sorted, each once."""
    return tuple(sorted({edit.span.path for edit in edits}))


def edits_between(path: str, before: bytes, after: bytes) -> tuple[Edit, ...]:
    """The whole lines to replace so that `before` becomes `after`. `after` must be UTF-8 where it differs."""
    old, new = _lines(before), _lines(after)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    return tuple(
        Edit(Span(path, starts[i], starts[j]), b"".join(new[k:m]).decode()) for tag, i, j, k, m in _opcodes(old, new) if tag != "equal"
    )


def unified_diff(before: SourceTree, after: SourceTree, paths: Iterable[str]) -> str:
    """One diff of all the paths that differ, in path order, as `git diff` prints it: CRLF kept, a missing last newline marked."""
    return "".join("".join(_file_diff(path, before.files[path], after.files[path])) for path in sorted(set(paths)))


def diff_of(before: SourceTree, edits: Iterable[Edit]) -> str:
    """The unified diff of edits that change whole lines: the same, read from the lines around them only."""
    by_path: dict[str, list[Edit]] = {}
    for edit in edits:
        by_path.setdefault(edit.span.path, []).append(edit)
    return "".join("".join(_edits_diff(path, before.files[path], by_path[path])) for path in sorted(by_path))


def _edits_diff(path: str, content: bytes, edits: list[Edit]) -> Iterator[str]:
    starts = line_starts(content)
    first = bisect_right(starts, min(edit.span.start for edit in edits)) - 1 - CONTEXT_LINES
    above = max(first, 0)
    # The line that the last edit ends before is context already.
    last = bisect_left(starts, max(edit.span.end for edit in edits)) + CONTEXT_LINES
    start, end = starts[above], starts[last] if last < len(starts) else len(content)
    part = content[start:end]
    moved = [Edit(Span(path, edit.span.start - start, edit.span.end - start), edit.text) for edit in edits]
    return _file_diff(path, part, SourceTree({path: part}).edited(moved).files[path], above)


def _file_diff(path: str, before: bytes, after: bytes, above: int = 0) -> Iterator[str]:
    """`above`: how many lines stand before these in the file."""
    old, new = _lines(before), _lines(after)
    groups = _groups(_opcodes(old, new))
    if not groups:
        return
    yield f"--- {_name('a/' + path)}\n+++ {_name('b/' + path)}\n"
    for group in groups:
        (_, i, _, k, _), (_, _, j, _, m) = group[0], group[-1]
        yield f"@@ -{_range(i + above, j + above)} +{_range(k + above, m + above)} @@\n"
        for tag, i1, i2, k1, k2 in group:
            if tag == "equal":
                yield from (_marked(" ", line) for line in old[i1:i2])
                continue
            yield from (_marked("-", line) for line in old[i1:i2])
            yield from (_marked("+", line) for line in new[k1:k2])


def _opcodes(old: list[bytes], new: list[bytes]) -> list[Opcode]:
    """How `old` becomes `new`. difflib's time grows with the square, so it sees only what stands between lines that are surely the same."""
    found: list[Opcode] = []
    i = k = 0
    for start, now, length in (*_sure(old, new), (len(old), len(new), 0)):
        # autojunk would call frequent lines ("  }") junk from 200 lines on and give needlessly large hunks.
        between = SequenceMatcher(None, old[i:start], new[k:now], autojunk=False).get_opcodes()
        found += ((tag, i + a, i + b, k + c, k + d) for tag, a, b, c, d in between)
        if length:
            found.append(("equal", start, start + length, now, now + length))
        i, k = start + length, now + length
    return list(_joined(found))


def _joined(opcodes: list[Opcode]) -> Iterator[Opcode]:
    """Equal runs that meet made one."""
    for is_equal, run in groupby(opcodes, lambda opcode: opcode[0] == "equal"):
        met = list(run)
        if is_equal:
            yield "equal", met[0][1], met[-1][2], met[0][3], met[-1][4]
        else:
            yield from met


def _sure(old: list[bytes], new: list[bytes]) -> Iterator[tuple[int, int, int]]:
    """Runs of equal lines, in order: the equal ends, and between them the lines that stand once in either, as patience diff does."""
    limit = min(len(old), len(new))
    head = 0
    while head < limit and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < limit - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    yield 0, 0, head
    places = _once(old, head, len(old) - tail)
    pairs = sorted((places[line], k) for line, k in _once(new, head, len(new) - tail).items() if line in places)
    yield from ((i, k, 1) for i, k in _rising(pairs))
    yield len(old) - tail, len(new) - tail, tail


def _once(lines: list[bytes], start: int, end: int) -> dict[bytes, int]:
    """Where the lines stand that stand there only once."""
    times = Counter(lines[start:end])
    return {line: number for number, line in enumerate(lines[start:end], start) if times[line] == 1}


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of the pairs, sorted by their first, in which the second rises too."""
    ends: list[int] = []  # the least second with which a part of that length ends
    chains: list[tuple[tuple[int, int], int | None]] = []
    last: list[int] = []
    for number, pair in enumerate(pairs):
        at = bisect_left(ends, pair[1])
        chains.append((pair, last[at - 1] if at else None))
        ends[at : at + 1] = [pair[1]]
        last[at : at + 1] = [number]
    found = []
    number_or_none = last[-1] if last else None
    while number_or_none is not None:
        pair, number_or_none = chains[number_or_none]
        found.append(pair)
    return found[::-1]


def _groups(opcodes: list[Opcode]) -> list[list[Opcode]]:
    """Hunks: changes with their context, apart where more than twice the context is equal between them."""
    groups: list[list[Opcode]] = []
    current: list[Opcode] = []
    for number, (tag, i, j, k, m) in enumerate(opcodes):
        if tag != "equal":
            current.append((tag, i, j, k, m))
            continue
        last = number == len(opcodes) - 1
        if current and (last or j - i > 2 * CONTEXT_LINES):
            keep = min(j - i, CONTEXT_LINES)
            groups.append([*current, (tag, i, i + keep, k, k + keep)])
            current = []
        if not last:
            keep = min(j - i, CONTEXT_LINES) if not current else j - i
            current.append((tag, j - keep, j, m - keep, m))
    if any(tag != "equal" for tag, *_ in current):
        groups.append(current)
    return groups


def _lines(content: bytes) -> list[bytes]:
    """Lines with their newline. Not splitlines: it would also cut at a form feed, which git does not."""
    lines = content.split(b"\n")
    last = lines.pop()
    return [line + b"\n" for line in lines] + ([last] if last else [])


def _marked(mark: str, line: bytes) -> str:
    text = mark + line.decode("utf-8", "replace")
    return text if text.endswith("\n") else f"{text}\n\\ No newline at end of file\n"


def _range(start: int, stop: int) -> str:
    length = stop - start
    first = start + 1 if length else start
    return str(first) if length == 1 else f"{first},{length}"


def _name(path: str) -> str:
    """As git writes a path: in quotes when it must, and with a tab after it when it holds a space."""
    if _NEEDS_QUOTES.search(path):
        return '"' + "".join(_QUOTED.get(c) or (c if c.isprintable() else f"\\{ord(c):03o}") for c in path) + '"'
    return path + "\t" if " " in path else path
