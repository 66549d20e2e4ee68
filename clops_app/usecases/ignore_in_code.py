"""A finding that a team decides to live with is said so in the code, where the next reader sees it, and is proven to be quiet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from clops_app.language import tr, tr_noop
from clops_app.model.finding import Finding
from clops_app.model.pull import Mending
from clops_app.model.source import Edit, Span, line_starts, position
from clops_app.patch.diff import unified_diff
from clops_app.ports import Checkout
from clops_app.terraform.roots import Root
from clops_app.terraform.sources import Sources
from clops_app.usecases.think import Mind, Place, form_opinion, head_place, roots_of, without_ignored

_MOST_REASON = 200


def ignore_in_code(mind: Mind, head: Checkout, findings: Sequence[Finding], reason: str, until: date | None) -> Mending:
    """Put `# clops:ignore RULE until=… reason` above the block of each finding. What does not become quiet by it is not made."""
    over = until is not None and until < mind.question.today
    now = head_place(mind, head)
    edits = {finding.fingerprint: _comment(now.sources, finding, reason, until) for finding in findings}
    tree = head.tree.edited(sorted({edit for edit in edits.values() if edit is not None}))
    touched = {finding.root for finding in findings}
    roots = [root for root in roots_of(mind, now) if root.directory in touched]
    loud = _still_said(mind, replace(now, tree=tree, sources=now.sources.edited(tree)), roots)
    made = [finding for finding in findings if edits[finding.fingerprint] is not None and finding.fingerprint not in loud]
    kept = sorted({edit for finding in made if (edit := edits[finding.fingerprint]) is not None})
    after = head.tree.edited(kept)
    paths = sorted({edit.span.path for edit in kept})
    return Mending(
        files={path: after.files[path] for path in paths},
        made=tuple(tr("`{rule}` at `{address}`", rule=finding.rule, address=finding.address) for finding in made),
        not_made=tuple(_why_not(finding, over) for finding in findings if finding not in made),
        diff=unified_diff(head.tree, after, paths),
        recorded=tuple(f"`{finding.rule}` at `{finding.address}`" for finding in made),
    )


def _comment(sources: Sources, finding: Finding, reason: str, until: date | None) -> Edit | None:
    """The line above the outermost block that the finding is in; None where a comment cannot stand."""
    if finding.path.endswith(".json"):
        return None
    file = sources.file(finding.path)
    start = next((block.start for block in file.body.blocks if block.start <= finding.span.start < block.end), None)
    if start is None:
        return None
    content = sources.tree.files[finding.path]
    line = line_starts(content)[position(line_starts(content), start).line - 1]
    end = "\r\n" if content[line:].partition(b"\n")[0].endswith(b"\r") else "\n"
    words = [f"# clops:ignore {finding.rule}", f"until={until.isoformat()}" if until else "", _one_line(reason)]
    return Edit(Span(finding.path, line, line), " ".join(word for word in words if word) + end)


def _one_line(reason: str) -> str:
    """No comma at its start: behind the rule it would begin a list of rules, and silence more than was asked for."""
    shown = "".join(letter if letter.isprintable() else " " for letter in reason)
    return " ".join(shown.split()).lstrip(", ")[:_MOST_REASON]


def _still_said(mind: Mind, edited: Place, roots: Iterable[Root]) -> frozenset[str]:
    """The fingerprints of the findings that are still raised."""
    opinions = (form_opinion(mind, edited, root) for root in roots)
    return frozenset(finding.fingerprint for opinion in opinions for finding in without_ignored(mind, edited, opinion).kept)


def _why_not(finding: Finding, over: bool) -> str:
    if over:
        message = tr_noop("`{rule}` at `{address}`: the day until which it is to be ignored is past")
    elif finding.path.endswith(".json"):
        message = tr_noop("`{rule}` at `{address}`: JSON has no comments; put it under `ignore` in `.clops.yml`")
    else:
        message = tr_noop("`{rule}` at `{address}`: a comment above its block does not reach it; put it under `ignore` in `.clops.yml`")
    return tr(message, rule=finding.rule, address=finding.address)
