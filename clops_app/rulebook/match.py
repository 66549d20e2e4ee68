"""A finding has a fate: brought by this change, there before it, or mended by it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from clops_app.model.finding import Finding


def match_findings(
    head: Sequence[Finding], base: Sequence[Finding], dismissed: Sequence[Finding] = (), moved: Iterable[tuple[str, str]] = ()
) -> tuple[Finding, ...]:
    """Give the head's findings their status, and add those of the base that are gone.

    `dismissed` are head findings that somebody ignores: not mended, so not reported as fixed.
    `moved` are (from, to) addresses of `moved` blocks: a renamed resource keeps its old findings.
    """
    remaining = {finding.fingerprint: finding for finding in base}
    known = set(remaining)
    for finding in (*head, *dismissed):
        remaining.pop(finding.fingerprint, None)
    renames = tuple(moved)
    matched = []
    for finding in head:
        old = finding.fingerprint in known or _took_renamed(finding, remaining, renames)
        matched.append(replace(finding, status="existing" if old else "new"))
    return (*matched, *(replace(finding, status="fixed") for finding in remaining.values()))


def _took_renamed(finding: Finding, remaining: dict[str, Finding], renames: tuple[tuple[str, str], ...]) -> bool:
    """Whether a finding of the base is this one under the resource's old address; it is then no longer remaining."""
    for origin, target in renames:
        if finding.address == target or finding.address.startswith((f"{target}.", f"{target}[")):
            former = origin + finding.address[len(target) :]
            found = next(
                (old for old in remaining.values() if (old.rule, old.root, old.address) == (finding.rule, finding.root, former)), None
            )
            if found is not None:
                del remaining[found.fingerprint]
                return True
    return False
