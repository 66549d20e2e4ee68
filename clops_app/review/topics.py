"""What one comment is about, and where in the diff it can stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from clops_app.model.finding import Finding, Patch
from clops_app.model.source import Edit
from clops_app.review.hunks import Hunks

_HIGHEST = 10  # lines that a comment marks as its own; of a taller block it marks one line


@dataclass(frozen=True, slots=True)
class Topic:
    """One rule's findings about the same lines, in whatever instance, module call or root, that one patch mends or none does."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        return self.findings[0]

    @property
    def patch(self) -> Patch | None:
        return self.first.patch


@dataclass(frozen=True, slots=True)
class Anchor:
    """Lines of the head's file inside one hunk, 1-based and inclusive; a single line is its own start."""

    path: str
    start_line: int
    line: int


def topics_of(findings: Iterable[Finding]) -> tuple[Topic, ...]:
    """The topics in the order in which their first findings come."""
    found: dict[tuple[str, str, int, int, tuple[Edit, ...] | None], list[Finding]] = {}
    for finding in findings:
        # Module calls that each pass a value of their own have a patch each: pressing one button leaves the other's finding.
        edits = None if finding.patch is None else finding.patch.edits
        found.setdefault((finding.rule, finding.path, finding.start_line, finding.end_line, edits), []).append(finding)
    return tuple(Topic(tuple(members)) for members in found.values())


def anchor_of(finding: Finding, hunks: Hunks) -> Anchor | None:
    """Where in the diff the finding is: all of its lines if they are few and stand in one hunk, else the first of them
    that the change wrote, else the first that is shown. None where none of them is shown.
    """
    parts = []
    for hunk in hunks.get(finding.path, ()):
        first, last = max(finding.start_line, hunk.start), min(finding.end_line, hunk.end)
        if first <= last:
            parts.append((first, last, min((line for line in hunk.added if first <= line <= last), default=None)))
    if not parts:
        return None
    first, last, written = next((part for part in parts if part[2] is not None), parts[0])
    if (first, last) == (finding.start_line, finding.end_line) and last - first < _HIGHEST:
        return Anchor(finding.path, first, last)
    line = first if written is None else written
    return Anchor(finding.path, line, line)
