"""Many patches become one change, proven as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal

from clops_app.model.finding import Finding
from clops_app.model.source import Edit, SourceTree
from clops_app.patch.diff import changed_paths, edits_between, unified_diff
from clops_app.patch.findings import Workshop, contexts_of, planned
from clops_app.patch.follow import NotPatchable
from clops_app.patch.prove import Thought, Trial, Unproven, alike, delta, not_mended, try_edits


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
    paths: frozenset[str] = frozenset()
    proofs: int = 0


def combine(findings: Sequence[Finding], workshop: Workshop, max_proofs: int) -> Combination:
    """Apply the patches of these findings together: at once where they do not touch each other, else one after the other.

    One that overlaps is planned anew on what the others left, so that two settings of one block both come in.
    """
    state = _State(workshop.tree, workshop.thought)
    wanted = [finding for finding in findings if finding.patch is not None]
    apart = _apart(wanted)
    made: set[str] = set()
    if len(apart) > 1:
        trial = _try(_edits_of(apart), state, workshop)
        if isinstance(trial, Trial) and all(not_mended(finding, workshop.thought, trial.thought) is None for finding in apart):
            _advance(state, trial)
            made.update(finding.fingerprint for finding in apart)
    refused: dict[str, str] = {}
    for finding in wanted:
        if finding.fingerprint in made or _is_gone(finding, state.thought):
            continue
        why = "more proofs than were allowed" if state.proofs >= max_proofs else _add(finding, state, workshop)
        if why is None:
            made.add(finding.fingerprint)
        else:
            refused[finding.fingerprint] = why
    return _combination(findings, made, refused, state, workshop)


def _is_gone(finding: Finding, thought: Thought) -> bool:
    """Whether another patch mended it too. Its number may have gone to one of the same words that is still there."""
    one = thought[finding.root]
    return all(other.fingerprint != finding.fingerprint for other in one.findings) and not alike(finding, thought)


def _add(finding: Finding, state: _State, workshop: Workshop) -> str | None:
    """Add one finding's patch to what has come in so far. Returns why not, or None."""
    edits = planned(_as_now(finding, state.thought), workshop.permissions, contexts_of(state.tree, state.thought, workshop))
    if isinstance(edits, NotPatchable):
        return edits.why
    trial = _try(edits, state, workshop)
    if isinstance(trial, Unproven):
        return trial.why
    why = not_mended(finding, state.thought, trial.thought)
    if why is None:
        _advance(state, trial)
    return why


def _as_now(finding: Finding, thought: Thought) -> Finding:
    """The finding with the fix that mends it now: a block that was third may be second since another was taken away."""
    same = next((other for other in thought[finding.root].findings if other.fingerprint == finding.fingerprint), None)
    return same or next(iter(alike(finding, thought)), finding)


def _try(edits: tuple[Edit, ...], state: _State, workshop: Workshop) -> Trial | Unproven:
    def think(tree: SourceTree, paths: tuple[str, ...]) -> Thought:
        # Thinking begins at the first tree again, so it must hear of what earlier patches changed.
        return workshop.think(tree, tuple(sorted(state.paths.union(paths))))

    state.proofs += 1
    return try_edits(edits, state.tree, state.thought, think, workshop.parsed.file)


def _advance(state: _State, trial: Trial) -> None:
    state.tree, state.thought = trial.tree, trial.thought
    state.paths = state.paths.union(changed_paths(trial.edits))


def _combination(findings: Sequence[Finding], made: Set[str], refused: Mapping[str, str], state: _State, workshop: Workshop) -> Combination:
    before, after = workshop.tree, state.tree
    paths = sorted(state.paths)
    edits = tuple(edit for path in paths for edit in edits_between(path, before.files[path], after.files[path]))
    mended = tuple(finding for finding in findings if finding.fingerprint in made or _is_gone(finding, state.thought))
    left_out = tuple(
        (finding, refused.get(finding.fingerprint) or finding.why_no_patch or "it has no patch")
        for finding in findings
        if finding not in mended
    )
    return Combination(edits, after, unified_diff(before, after, paths), mended, left_out, delta(workshop.thought, state.thought))


def _apart(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings, in their order, whose patches touch no byte that an earlier one touches (or do exactly the same)."""
    taken: list[Finding] = []
    edits: set[Edit] = set()
    for finding in findings:
        mine = finding.patch.edits if finding.patch is not None else ()
        if all(edit in edits or not any(_meet(edit, other) for other in edits) for edit in mine):
            taken.append(finding)
            edits.update(mine)
    return tuple(taken)


def _meet(one: Edit, other: Edit) -> bool:
    # Two insertions at one place meet too: their order would be chance.
    return one.span.path == other.span.path and one.span.start <= other.span.end and other.span.start <= one.span.end


def _edits_of(findings: Sequence[Finding]) -> tuple[Edit, ...]:
    return tuple(sorted({edit for finding in findings if finding.patch is not None for edit in finding.patch.edits}))
