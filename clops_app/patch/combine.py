"""Many patches become one change, proven as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from clops_app.language import tr
from clops_app.model.finding import Finding
from clops_app.model.source import Edit, SourceTree
from clops_app.patch.batch import GIVEN_UP
from clops_app.patch.diff import changed_paths, edits_between, unified_diff
from clops_app.patch.findings import Workshop, contexts_of, planned
from clops_app.patch.follow import NotPatchable
from clops_app.patch.mended import is_gone, look_at, not_mended, words_of
from clops_app.patch.prove import Trial, Unproven, delta, try_edits
from clops_app.patch.reach import Lines
from clops_app.patch.thought import Thought
from clops_app.patch.work import LIMITS, Limits, Work, counting, instances

Plan = tuple[Finding, tuple[Edit, ...]]


@dataclass(frozen=True, slots=True)
class Combination:
    """What came of it. `left_out` are the findings it does not mend, with why."""

    edits: tuple[Edit, ...]
    tree: SourceTree
    diff: str
    mended: tuple[Finding, ...]
    left_out: tuple[tuple[Finding, str], ...]
    monthly_usd_delta: Decimal | None


@dataclass(slots=True)
class _State:
    """How far it has come; `paths` differ from the tree that all began with."""

    tree: SourceTree
    thought: Thought
    work: Work
    paths: frozenset[str] = frozenset()
    made: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)


def combine(findings: Sequence[Finding], workshop: Workshop, limits: Limits = LIMITS) -> Combination:
    """Apply the patches of these findings together: all that do not touch each other at once, the others on top of what these left.

    One that overlaps is planned anew, so that two settings of one block both come in. Where some do not go together,
    they are taken by halves, the first first.
    """
    state = _State(workshop.tree, workshop.thought, Work(limits))
    _bring_in([finding for finding in findings if finding.patch is not None], state, workshop)
    return _combination(findings, state, workshop)


def _bring_in(findings: Sequence[Finding], state: _State, workshop: Workshop) -> None:
    waiting = list(findings)
    while waiting:
        plans, waiting = _apart(waiting, state, workshop)
        if not plans:
            return
        trial = _try(plans, state, workshop)
        if isinstance(trial, Trial):
            state.tree, state.thought = trial.tree, trial.thought
            state.paths = state.paths.union(changed_paths(trial.edits))
            state.made.update(finding.fingerprint for finding, _ in plans)
        elif len(plans) == 1:
            state.refused[plans[0][0].fingerprint] = trial
        else:
            together = [finding for finding, _ in plans]
            _bring_in(together[: len(together) // 2], state, workshop)
            _bring_in(together[len(together) // 2 :], state, workshop)


def _apart(findings: Sequence[Finding], state: _State, workshop: Workshop) -> tuple[list[Plan], list[Finding]]:
    """What to change for the findings that are still there, as long as no two touch each other; and the findings left for later."""
    contexts = contexts_of(state.tree, state.thought, workshop)
    now, as_now = look_at(state.thought), _as_now(state.thought)
    lines = Lines()
    plans: list[Plan] = []
    made: set[Edit] = set()
    later = []
    for finding in findings:
        if is_gone(finding, now(finding.root)):
            continue
        edits = planned(as_now(finding), workshop.permissions, contexts)
        if isinstance(edits, NotPatchable):
            state.refused[finding.fingerprint] = edits.why
        elif all(edit in made or not lines.meets(edit) for edit in edits):
            plans.append((finding, edits))
            lines.take(edit for edit in edits if edit not in made)
            made.update(edits)
        else:
            later.append(finding)
    return plans, later


def _as_now(thought: Thought) -> Callable[[Finding], Finding]:
    """A finding with the fix that mends it now: a block that was third may be second since another was taken away."""
    there = [finding for one in thought.values() for finding in one.findings]
    same = {finding.fingerprint: finding for finding in there}
    alike = {(finding.root, words_of(finding)): finding for finding in reversed(there)}
    return lambda finding: same.get(finding.fingerprint) or alike.get((finding.root, words_of(finding)), finding)


def _try(plans: Sequence[Plan], state: _State, workshop: Workshop) -> Trial | str:
    """What comes of them together; or why they cannot be made, or which would not mend its finding."""
    edits = tuple(sorted({edit for _, mine in plans for edit in mine}))
    paths = state.paths.union(changed_paths(edits))
    if not state.work.allows(instances(workshop.thought, paths)):
        return tr(GIVEN_UP)
    # Thinking begins at the first tree again, so it must hear of what earlier patches changed.
    think = counting(workshop.think, workshop.thought, state.work)
    trial = try_edits(edits, state.tree, state.thought, lambda tree, _: think(tree, tuple(sorted(paths))), workshop.parsed.file)
    if isinstance(trial, Unproven):
        return trial.why
    before, now = look_at(state.thought), look_at(trial.thought)
    return next((why for finding, _ in plans if (why := not_mended(finding, before, now))), trial)


def _combination(findings: Sequence[Finding], state: _State, workshop: Workshop) -> Combination:
    before, after = workshop.tree, state.tree
    paths = sorted(state.paths)
    edits = tuple(edit for path in paths for edit in edits_between(path, before.files[path], after.files[path]))
    now = look_at(state.thought)
    mended = {finding.fingerprint for finding in findings if finding.fingerprint in state.made or is_gone(finding, now(finding.root))}
    left_out = tuple(
        (finding, state.refused.get(finding.fingerprint) or finding.why_no_patch or tr("it has no patch"))
        for finding in findings
        if finding.fingerprint not in mended
    )
    made = tuple(finding for finding in findings if finding.fingerprint in mended)
    return Combination(edits, after, unified_diff(before, after, paths), made, left_out, delta(workshop.thought, state.thought))
