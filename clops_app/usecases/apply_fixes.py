"""Findings are mended by one change that was proven as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from clops_app.language import tr
from clops_app.model.finding import Finding, Patch, Safety
from clops_app.model.resource import Diagnostic
from clops_app.patch.combine import combine
from clops_app.patch.findings import Workshop, patch_findings
from clops_app.ports import Checkout, Rewrite
from clops_app.usecases.mend import workshop
from clops_app.usecases.think import Mind, form_opinion, head_place, not_read, roots_of, said_of, unused_settings, without_ignored


@dataclass(frozen=True, slots=True)
class Fixes:
    """`made` have a patch; `diff` holds all of them together, `rewrites` the files that they change."""

    made: tuple[Finding, ...]
    not_made: tuple[tuple[Finding, str], ...]
    rewrites: Mapping[str, Rewrite]
    diff: str
    monthly_usd_delta: Decimal | None
    diagnostics: tuple[Diagnostic, ...] = ()


def find_fixes(mind: Mind, head: Checkout, rule: str | None, accepted: frozenset[Safety]) -> Fixes:
    """Mend every finding of a folder whose patch is as safe as `accepted` says: of one rule, when it is named."""
    now = head_place(mind, head)
    roots = roots_of(mind, now)
    opinions = {root.directory: form_opinion(mind, now, root) for root in roots}
    at = workshop(mind, now, opinions)
    kept = (finding for opinion in opinions.values() for finding in without_ignored(mind, now, opinion).kept)
    fixes = fixes_of([finding for finding in kept if rule in (None, finding.rule)], at, accepted)
    said = (item for opinion in opinions.values() for item in opinion.thought.configuration.diagnostics)
    every = dict.fromkeys((*said_of(head), *not_read(now), *unused_settings(mind, now, roots), *said))
    return replace(fixes, diagnostics=tuple(every))


def fixes_of(findings: Sequence[Finding], at: Workshop, accepted: frozenset[Safety]) -> Fixes:
    """Mend those of the findings, which have no patch yet, whose patch is as safe as `accepted` says."""
    patched = patch_findings(findings, at)
    held_back = {finding.fingerprint: why for finding in patched if (why := _why_not(finding, accepted))}
    together = combine([finding for finding in patched if finding.fingerprint not in held_back], at)
    left_out = {finding.fingerprint: why for finding, why in together.left_out} | held_back
    paths = sorted({edit.span.path for edit in together.edits})
    return Fixes(
        made=together.mended,
        not_made=tuple((finding, left_out[finding.fingerprint]) for finding in patched if finding.fingerprint in left_out),
        rewrites={path: Rewrite(at.tree.files[path], together.tree.files[path]) for path in paths},
        diff=together.diff,
        monthly_usd_delta=together.monthly_usd_delta,
    )


def _why_not(finding: Finding, accepted: frozenset[Safety]) -> str:
    command = f"clops fix --rule {finding.rule}"
    match finding.patch:
        case None:
            return finding.why_no_patch or tr("there is no single change that mends it")
        case Patch(safety="show") if "show" not in accepted:
            return tr("part of it is for you to decide: {command} shows how it would look", command=command)
        case Patch(safety="review", replaces=replaces) if "review" not in accepted:
            if replaces:
                return tr("it recreates the resource: look at it with {command}, and have it made with --write", command=command)
            return tr("it changes how things run: look at it with {command}, and have it made with --write", command=command)
        case _:
            return ""
