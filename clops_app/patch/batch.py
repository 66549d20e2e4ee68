"""Many changes of one kind are proven by one thought: all made at once, each is mended, nothing came, and what each did is told apart.

Whatever moved, a value or a price, belongs to exactly one of them, or they are not proven by this thought. What that
cannot see is a rule that lets one resource go because of another of the batch; tests/patch holds every rule to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from clops_app.language import tr, tr_noop
from clops_app.model.finding import AddBlock, AddResource, Finding, Fix, RemoveAttribute, SetAttribute
from clops_app.model.source import Edit, SourceTree
from clops_app.patch.cost_delta import total
from clops_app.patch.diff import changed_paths, diff_of
from clops_app.patch.mended import Look, Words, look_at, not_mended, words_of
from clops_app.patch.prove import Proof, Trial, Unproven, alone, try_edits
from clops_app.patch.reach import Block, Lines, blocks_at
from clops_app.patch.shares import Blame, FileAt, blame, owners, shares_of
from clops_app.patch.thought import Think, Thought
from clops_app.patch.work import Limits, Work, counting, instances
from clops_app.terraform.sources import Parsed

Edits = tuple[Edit, ...]
Outcome = Proof | Unproven

# A batch is thought of as a whole, with every root that it touches; to think of so many at once saves nothing any more.
FILES = 200
_NUMBER = re.compile(r"\[\d+\]")
GIVEN_UP = tr_noop(
    "proving it was given up: the more severe ones before it took all the work that is done at once; "
    "`clops fix --rule` proves those of one rule"
)


@dataclass(frozen=True, slots=True)
class Change:
    """Edits to be proven and the findings they are for. `blocks` None: they reach further than the blocks they touch."""

    edits: Edits
    findings: tuple[Finding, ...]
    blocks: frozenset[Block] | None

    @property
    def kind(self) -> frozenset[tuple[str, ...]]:
        return frozenset((finding.rule, *_shape(finding.fix)) for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Bench:
    """What proving needs: the tree as it is, what is thought and seen of it, how to think again, and the work done so far."""

    tree: SourceTree
    base: Thought
    before: Look
    think: Think
    parsed: Parsed
    work: Work


def bench(tree: SourceTree, base: Thought, think: Think, parsed: Parsed, limits: Limits) -> Bench:
    work = Work(limits)
    return Bench(tree, base, look_at(base), counting(think, base, work), parsed, work)


def prove_changes(wanted: Mapping[Edits, Sequence[Finding]], at: Bench) -> Iterator[tuple[Edits, Outcome]]:
    """Each change proven or refused, in this order as far as the work reaches: a few by themselves, many together.

    A proof holds all that was thought to prove it: whoever goes through many must not keep them.
    """
    file = _files(at.tree, at.parsed)
    changes = [Change(edits, tuple(findings), blocks_at((edit.span for edit in edits), file)) for edits, findings in wanted.items()]
    few = sum(_cost([change], at) for change in changes) <= at.work.limits.alone
    for batch in [[change] for change in changes] if few else batches(changes):
        yield from _prove(batch, at).items()


@dataclass(frozen=True, slots=True)
class _Batch:
    changes: list[Change] = field(default_factory=list)
    lines: Lines = field(default_factory=Lines)
    blocks: set[Block] = field(default_factory=set)
    said: set[tuple[str, Words]] = field(default_factory=set)
    paths: set[str] = field(default_factory=set)


def batches(changes: Sequence[Change]) -> list[list[Change]]:
    """Changes of one kind that touch different lines of different blocks, for findings that nobody could take for one another.

    The first is in the first batch. None touches more than FILES files.
    """
    found: list[_Batch] = []
    by_kind: dict[frozenset[tuple[str, ...]], list[_Batch]] = {}
    for change in changes:
        words = {(finding.root, words_of(finding)) for finding in change.findings}
        alike = by_kind.setdefault(change.kind, []) if change.blocks is not None else []
        batch = next((batch for batch in alike if _fits(change, words, batch)), None)
        if batch is None:
            batch = _Batch()
            alike.append(batch)
            found.append(batch)
        batch.changes.append(change)
        batch.lines.take(change.edits)
        batch.blocks.update(change.blocks or ())
        batch.said.update(words)
        batch.paths.update(changed_paths(change.edits))
    return [batch.changes for batch in found]


def _fits(change: Change, words: set[tuple[str, Words]], batch: _Batch) -> bool:
    apart = change.blocks is not None and batch.blocks.isdisjoint(change.blocks) and batch.said.isdisjoint(words)
    few = len(batch.paths) < FILES or batch.paths.issuperset(changed_paths(change.edits))
    return apart and few and not any(map(batch.lines.meets, change.edits))


def _shape(fix: Fix | None) -> Iterator[str]:
    for change in fix.changes if fix is not None else ():
        match change:
            case SetAttribute(path=path) | RemoveAttribute(path=path):
                yield f"{type(change).__name__} {_NUMBER.sub('[]', path)}"
            case AddBlock(path=path, block=block):
                yield f"AddBlock {_NUMBER.sub('[]', path)} {block.type}"
            case AddResource(block=block):
                yield f"AddResource {block.type} {' '.join(block.labels[:1])}"


def _prove(batch: Sequence[Change], at: Bench) -> dict[Edits, Outcome]:
    if not at.work.allows(_cost(batch, at)):
        return {change.edits: Unproven(tr(GIVEN_UP)) for change in batch}
    edits = tuple(sorted(edit for change in batch for edit in change.edits))
    trial = try_edits(edits, at.tree, at.base, at.think, at.parsed.file)
    if len(batch) == 1:
        return {batch[0].edits: trial if isinstance(trial, Unproven) else alone(trial, at.tree, at.base)}
    found = _told_apart(batch, trial, at)
    return _split(batch, found, at) if isinstance(found, Blame) else found


def _told_apart(batch: Sequence[Change], trial: Trial | Unproven, at: Bench) -> dict[Edits, Outcome] | Blame:
    """Each change's own proof, or who is to blame that there are none."""
    old = _files(at.tree, at.parsed)
    tree = trial.tree if isinstance(trial, Trial) else at.tree.edited(edit for change in batch for edit in change.edits)
    new = _files(tree, at.parsed)
    whose = owners([change.edits for change in batch], old, new)
    if isinstance(trial, Unproven):
        return blame(trial.faults, at.base, whose, new)
    now = look_at(trial.thought)
    reasons = {number: why for number, change in enumerate(batch) if (why := _not_mended(change, at.before, now))}
    if reasons:
        return Blame(reasons)
    shares = shares_of(trial, at.base, whose, len(batch))
    if isinstance(shares, frozenset):
        return Blame({}, shares)
    return {
        change.edits: Proof(change.edits, diff_of(at.tree, change.edits), total(share.moves), tuple(sorted(share.replaced)), now)
        for change, share in zip(batch, shares, strict=True)
    }


def _not_mended(change: Change, before: Look, now: Look) -> str | None:
    return next((why for finding in change.findings if (why := not_mended(finding, before, now))), None)


def _split(batch: Sequence[Change], found: Blame, at: Bench) -> dict[Edits, Outcome]:
    """Those nobody blames together again; the guilty by themselves; of what is left the halves."""
    # Looking for one culprit by halves takes two proofs a halving: as many of the guilty are heard alone. Of more, what
    # was seen among others is reason enough to refuse them: it stood at their very own addresses.
    heard = 2 * len(batch).bit_length()
    outcomes: dict[Edits, Outcome] = {}
    parts: list[Sequence[Change]] = [
        [change for number, change in enumerate(batch) if number not in found.guilty and number not in found.near],
        *_halves([batch[number] for number in sorted(found.near)]),
    ]
    if len(found.guilty) <= heard:
        parts += [[batch[number]] for number in found.guilty]
    else:
        outcomes |= {batch[number].edits: Unproven(why) for number, why in found.guilty.items()}
    if not found.guilty and not found.near:
        parts = _halves(batch)
    for part in filter(None, parts):
        outcomes |= _prove(part, at)
    return outcomes


def _halves(changes: Sequence[Change]) -> list[Sequence[Change]]:
    middle = len(changes) // 2
    return [changes[:middle], changes[middle:]]


def _cost(batch: Sequence[Change], at: Bench) -> int:
    return instances(at.base, changed_paths(edit for change in batch for edit in change.edits))


def _files(tree: SourceTree, parsed: Parsed) -> FileAt:
    return lambda path: parsed.file(path, tree.files[path])
