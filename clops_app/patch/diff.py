"""Two versions of a file become edits, and edits become a unified diff that `git apply` takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from clops_app.model.source import Edit, SourceTree, Span

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


def _file_diff(path: str, before: bytes, after: bytes) -> Iterator[str]:
    old, new = _lines(before), _lines(after)
    groups = _groups(_opcodes(old, new))
    if not groups:
        return
    yield f"--- {_name('a/' + path)}\n+++ {_name('b/' + path)}\n"
    for group in groups:
        (_, i, _, k, _), (_, _, j, _, m) = group[0], group[-1]
        yield f"@@ -{_range(i, j)} +{_range(k, m)} @@\n"
        for tag, i1, i2, k1, k2 in group:
            if tag == "equal":
                yield from (_marked(" ", line) for line in old[i1:i2])
                continue
            yield from (_marked("-", line) for line in old[i1:i2])
            yield from (_marked("+", line) for line in new[k1:k2])


def _opcodes(old: list[bytes], new: list[bytes]) -> list[Opcode]:
    """How `old` becomes `new`. Equal ends are cut off first: a patch changes few lines, and difflib's time grows with the square."""
    limit = min(len(old), len(new))
    head = 0
    while head < limit and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < limit - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    # autojunk would call frequent lines ("  }") junk from 200 lines on and give needlessly large hunks.
    middle = SequenceMatcher(None, old[head : len(old) - tail], new[head : len(new) - tail], autojunk=False).get_opcodes()
    found: list[Opcode] = [("equal", 0, head, 0, head)] if head else []
    found += [(tag, i + head, j + head, k + head, m + head) for tag, i, j, k, m in middle]
    if tail:
        found.append(("equal", len(old) - tail, len(old), len(new) - tail, len(new)))
    return found


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
