"""Where a review comment may stand: by the hunks of the pull request's diff, and what is said when it may not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tests.github.git import FileDiff, Git

HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
NO_HUNK = "Pull request review thread diff hunk can't be blank"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a patch: which hunk, and its deprecated position (lines below the first @@, later @@ counted)."""

    hunk: int
    position: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """The place of a comment; `line` is the last line of a range; None throughout for a comment on the whole file."""

    path: str
    side: str = "RIGHT"
    line: int | None = None
    start_line: int | None = None
    start_side: str | None = None


@lru_cache(1024)
def commentable(patch: str) -> Mapping[tuple[str, int], Line]:
    """Every (side, line) a comment may stand on; an unchanged line counts on both sides."""
    found: dict[tuple[str, int], Line] = {}
    hunk, left, right = -1, 0, 0
    for position, text in enumerate(patch.split("\n")):
        if match := HUNK.match(text):
            hunk, left, right = hunk + 1, int(match[1]), int(match[3])
        elif text.startswith("+"):
            found["RIGHT", right] = Line(hunk, position)
            right += 1
        elif text.startswith("-"):
            found["LEFT", left] = Line(hunk, position)
            left += 1
        elif text.startswith(" "):
            found["RIGHT", right] = found["LEFT", left] = Line(hunk, position)
            left, right = left + 1, right + 1
    return found


def at_position(patch: str, position: int) -> tuple[str, int] | None:
    """The side and line of a deprecated position; the right side where both are meant."""
    found = [place for place, line in commentable(patch).items() if line.position == position]
    return next((place for place in found if place[0] == "RIGHT"), found[0] if found else None)


def hunk_text(patch: str, position: int) -> str:
    """The hunk from its header to the line at a position, as `diff_hunk` shows it."""
    lines = patch.split("\n")
    first = max(number for number in range(position + 1) if HUNK.match(lines[number]))
    return "\n".join(lines[first : position + 1])


def anchor_of(entry: Mapping[str, Any], patch: str | None) -> Anchor:
    """The place an entry of the request names, a deprecated position translated."""
    path = entry["path"]
    if entry.get("line") is None and entry.get("position") is not None and patch is not None:
        place = at_position(patch, entry["position"])
        return Anchor(path, *place) if place else Anchor(path)
    start = entry.get("start_line")
    side = entry.get("side") or "RIGHT"
    return Anchor(path, side, entry.get("line"), start, (entry.get("start_side") or side) if start is not None else None)


def fault(files: Mapping[str, FileDiff], entry: Mapping[str, Any]) -> str | None:
    """Which rule an entry breaks (a word both generations of error bodies translate); None where it may stand."""
    file = files.get(entry["path"])
    if file is None:
        return "path"
    if entry.get("line") is None and entry.get("position") is None:
        return "line"
    if file.patch is None:
        return "line"
    anchor = anchor_of(entry, file.patch)
    if anchor.line is None:
        return "position"
    places = commentable(file.patch)
    end = places.get((anchor.side, anchor.line))
    start = places.get((anchor.start_side or "RIGHT", anchor.start_line)) if anchor.start_line is not None else end
    if anchor.start_line is not None and anchor.start_side == anchor.side and anchor.start_line >= anchor.line:
        return "order"
    if end is None:
        return "line" if anchor.start_line is None else "range"
    if start is None or start.hunk != end.hunk:
        return "hunk"
    return None


# reviews, by generation: error-bodies.json `review.*`; the two of "hunk" and "order" are worded alike in both.
REVIEW_2026 = {
    "path": "Path could not be resolved",
    "line": "Line could not be resolved",
    "range": "Line could not be resolved",
    "position": "Line could not be resolved",
    "hunk": "Line could not be resolved",
    "order": "Pull request review thread start line must precede the end line.",
}
REVIEW_OLD = {
    "path": f"Pull request review thread path is invalid and {NO_HUNK}",
    "line": f"Pull request review thread line must be part of the diff and {NO_HUNK}",
    "range": "Pull request review thread line must be part of the diff, "
    f"Pull request review thread start line must be part of the same hunk as the line., and {NO_HUNK}",
    "position": f"Pull request review thread position is invalid and {NO_HUNK}",
    "hunk": "Pull request review thread start line must be part of the same hunk as the line.",
    "order": "Pull request review thread start line must precede the end line.",
}
_FIELD = "pull_request_review_thread"
# single comments: error-bodies.json `comment.*`
SINGLE: Mapping[str, tuple[dict[str, str], ...]] = {
    "path": ({"code": "invalid", "field": f"{_FIELD}.path"},),
    "position": ({"code": "invalid", "field": f"{_FIELD}.position"},),
    "line": ({"code": "custom", "field": f"{_FIELD}.line", "message": f"{_FIELD}.line must be part of the diff"},),
    "range": ({"code": "custom", "field": f"{_FIELD}.line", "message": f"{_FIELD}.line must be part of the diff"},),
    "hunk": (
        {"code": "custom", "field": f"{_FIELD}.start_line", "message": f"{_FIELD}.start_line must be part of the same hunk as the line."},
    ),
    "order": ({"code": "custom", "field": f"{_FIELD}.start_line", "message": f"{_FIELD}.start_line must precede the end line."},),
    "commit": (
        {"code": "custom", "field": f"{_FIELD}.end_commit_oid", "message": f"{_FIELD}.end_commit_oid is not part of the pull request"},
    ),
}


def single_errors(kind: str) -> list[dict[str, str]]:
    """The `errors` of the endpoint of single comments."""
    missing = [] if kind in ("order", "hunk") else [{"code": "missing_field", "field": f"{_FIELD}.diff_hunk"}]
    return [{"resource": "PullRequestReviewComment", **error} for error in (*SINGLE[kind], *missing)]


def moved(git: Git, path: str, before: str, after: str, line: int) -> int | None:
    """Where a line of a file stands in a later commit; None when it was changed or removed since."""
    if before == after:
        return line
    file = next((one for one in git.diff(before, after) if path in (one.path, one.previous)), None)
    if file is None:
        return line
    if file.patch is None or file.path != path:
        return None
    shift = 0
    for hunk in _bare_hunks(file.patch):
        start, removed, added = hunk
        if line < start:
            break
        if line < start + removed:
            return None
        shift += added - removed
    return line + shift


@lru_cache(1024)
def _bare_hunks(patch: str) -> tuple[tuple[int, int, int], ...]:
    """Runs of changed lines without context: (first old line, old lines removed, new lines added)."""
    runs: list[tuple[int, int, int]] = []
    left = removed = added = 0
    for text in (*patch.split("\n"), " "):
        if text.startswith("-"):
            removed += 1
        elif text.startswith("+"):
            added += 1
        elif not text.startswith("\\"):
            if removed or added:
                runs.append((left, removed, added))
                left += removed
                removed = added = 0
            if match := HUNK.match(text):
                left = int(match[1]) + (1 if match[2] == "0" else 0)
            else:
                left += 1
    return tuple(runs)
