"""A button is offered only where pressing it gives the proven patch, byte for byte; everywhere else the patch is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clops_app.model.finding import Patch
from clops_app.model.source import SourceTree
from clops_app.patch.diff import changed_paths
from clops_app.review.hunks import Hunk, Hunks, hunk_with
from clops_app.review.render.markdown.safe import fenced

_FENCES = ("```", "~~~")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Lines `start_line` to `line` of the head's file, 1-based and inclusive, and the block that replaces exactly these."""

    path: str
    start_line: int
    line: int
    block: str


def suggestion_of(patch: Patch, head: SourceTree, hunks: Hunks) -> Suggestion | None:
    """The patch as a suggestion. None where accepting it would not give the patch, or ought not to be one click.

    What must be adapted first, and what makes AWS replace the resource, is to be read before it is taken.
    """
    paths = changed_paths(patch.edits)
    if patch.safety == "show" or patch.replaces or len(paths) != 1 or paths[0] not in head.files:
        return None
    path = paths[0]
    return suggested(path, head.files[path], head.edited(patch.edits).files[path], hunks.get(path, ()))


def suggested(path: str, before: bytes, after: bytes, hunks: Sequence[Hunk]) -> Suggestion | None:
    """One run of lines, inside one hunk, whose replacement turns `before` into `after`; None where there is none.

    GitHub replaces whole lines, so what only inserts repeats a line beside it, and so does what would leave a block
    without a word: an empty one and one of an empty line are hard to tell apart.
    """
    if not _is_plain(before) or not _is_plain(after):
        return None
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    head, tail = _equal_ends(old, new)
    if head + tail == len(old) == len(new):
        return None
    for above, below in ((0, 0), (1, 0), (0, 1), (1, 1)):
        first, last = head - above, len(old) - tail + below
        written = new[max(first, 0) : len(new) - tail + below]
        if first < 0 or last > len(old) or first >= last or hunk_with(hunks, first + 1, last) is None:
            continue
        block = _block(old[first:last], written)
        if block is not None:
            return Suggestion(path, first + 1, last, block)
    return None


def _is_plain(content: bytes) -> bool:
    """UTF-8 whose lines end in \\n: accepting a suggestion in a file with CRLF is known to mix the two.

    Nor what others than git take for the end of a line (form feed, vertical tab, the separators 1C to 1E): who counts
    lines differently would replace others.
    """
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return not any(mark in content for mark in (b"\r", b"\f", b"\v", b"\x1c", b"\x1d", b"\x1e", b"\0"))


def _equal_ends(old: Sequence[bytes], new: Sequence[bytes]) -> tuple[int, int]:
    limit = min(len(old), len(new))
    head = 0
    while head < limit and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < limit - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return head, tail


def _block(replaced: Sequence[bytes], written: Sequence[bytes]) -> str | None:
    """The fenced block, if Markdown gives back exactly what is put in."""
    if not all(line.endswith(b"\n") for line in (*replaced, *written)):
        return None  # A suggestion cannot say whether the file's last line ends.
    text = b"".join(written).decode().removesuffix("\n")
    if not text.strip() or any(line.lstrip().startswith(_FENCES) for line in text.split("\n")):
        return None
    block = fenced(text, "suggestion")
    # Not what `fenced` had to change: characters that cannot be seen, empty lines at the end.
    return block if "\n".join(block.split("\n")[1:-1]) == text else None
