"""A patch exists only when it was tried: on a copy, read twice, held against the schema, thought through, billed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from clops_app.hcl.syntax import File
from clops_app.model.cost import Bill, ResourceCost
from clops_app.model.finding import Finding, Patch, Safety
from clops_app.model.resource import Configuration, Diagnostic
from clops_app.model.source import Edit, OverlappingEdits, SourceTree
from clops_app.patch.conform import new_problems
from clops_app.patch.diff import changed_paths, unified_diff
from clops_app.patch.pieces import changed_pieces
from clops_app.patch.replacement import replaced
from clops_app.patch.second_reader import objection

Parse = Callable[[str, bytes], File]


@dataclass(frozen=True, slots=True)
class RootThought:
    """What is thought of one root: the rules' findings and the bill of its configuration."""

    configuration: Configuration
    findings: tuple[Finding, ...]
    bill: Bill
    diagnostics: tuple[Diagnostic, ...] = ()


Thought = Mapping[str, RootThought]  # by root
Think = Callable[[SourceTree, tuple[str, ...]], Thought]  # of a tree, given the paths in which it differs from the one thought of before


@dataclass(frozen=True, slots=True)
class Unproven:
    """`why` is a phrase for people: "it would bring a new finding: …"."""

    why: str


@dataclass(frozen=True, slots=True)
class Trial:
    """Edits that read well, break nothing and bring nothing new; whether they mend a finding is asked of `mends`."""

    edits: tuple[Edit, ...]
    tree: SourceTree
    thought: Thought
    diff: str
    monthly_usd_delta: Decimal | None
    replaced: tuple[str, ...]


def thinker(base: Thought, think_root: Callable[[SourceTree, str], RootThought]) -> Think:
    """Think again only of the roots that read a changed file; of the others the base holds."""

    def think(tree: SourceTree, paths: tuple[str, ...]) -> Thought:
        changed = frozenset(paths)
        return {root: before if changed.isdisjoint(before.configuration.files) else think_root(tree, root) for root, before in base.items()}

    return think


def try_edits(edits: tuple[Edit, ...], tree: SourceTree, base: Thought, think: Think, parse: Parse) -> Trial | Unproven:
    """Apply the edits to a copy and check everything that does not depend on which finding they are for."""
    if not edits:
        return Unproven("there is nothing to change")
    try:
        after = tree.edited(edits)
    except (OverlappingEdits, KeyError) as error:
        return Unproven(f"the edits cannot be applied: {error}")
    paths = changed_paths(edits)
    for path in paths:
        if (wrong := _reads_badly(path, tree.files[path], after.files[path], parse)) is not None:
            return Unproven(wrong)
    thought = think(after, paths)
    if (wrong := _brings(base, thought)) is not None:
        return Unproven(wrong)
    recreated = replaced(configurations(base), configurations(thought))
    return Trial(edits, after, thought, unified_diff(tree, after, paths), cost_delta(base, thought), recreated)


def configurations(thought: Thought) -> Mapping[str, Configuration]:
    return {root: one.configuration for root, one in thought.items()}


def prove(finding: Finding, trial: Trial, base: Thought, safety: Safety, replaces: bool) -> Patch | Unproven:
    """The patch, when the trial mends this finding. `safety` and `replaces` are what the rule's page says."""
    if not mends(finding, base, trial.thought):
        return Unproven("with the change made, the finding is still there")
    recreates = bool(trial.replaced)
    # The page speaks of the usual case. Where this very change recreates something, nobody should accept it unread.
    careful: Safety = "review" if recreates and not replaces and safety == "safe" else safety
    title = finding.fix.title if finding.fix is not None else finding.title
    return Patch(title, trial.edits, careful, replaces or recreates, trial.diff, trial.monthly_usd_delta)


def mends(finding: Finding, before: Thought, after: Thought) -> bool:
    """Whether the finding is gone.

    Of several findings of one rule at one address the fingerprints are numbered, so mending the first renames the
    second; then one fewer of the same words at that address is the proof.
    """
    now = _findings(after)
    if all(other.fingerprint != finding.fingerprint for other in now):
        return True
    return _alike(finding, now) < _alike(finding, _findings(before))


def _alike(finding: Finding, among: tuple[Finding, ...]) -> int:
    key = (finding.rule, finding.root, finding.address, finding.message)
    same = [other for other in among if (other.rule, other.root, other.address) == key[:3]]
    return sum(1 for other in same if other.message == finding.message)


def _findings(thought: Thought) -> tuple[Finding, ...]:
    return tuple(finding for one in thought.values() for finding in one.findings)


def _reads_badly(path: str, before: bytes, after: bytes, parse: Parse) -> str | None:
    new = parse(path, after)
    if new.problems:
        return f"{path} would not parse: {new.problems[0].summary}"
    old = parse(path, before)
    pieces = changed_pieces(before, old, after, new)
    if (refused := objection(before, after, pieces)) is not None:
        return f"{path} would not be read by every parser: {refused}"
    for piece in pieces:
        if piece.new is not None and (problems := new_problems(piece.old, piece.new)):
            return f"the provider would refuse it: {problems[0]}"
    return None


def _brings(before: Thought, after: Thought) -> str | None:
    """What the change brings that was not there: a finding, or something that cannot be evaluated any more."""
    known = {finding.fingerprint for finding in _findings(before)}
    brought = next((finding for finding in _findings(after) if finding.fingerprint not in known), None)
    if brought is not None:
        return f"it would bring a new finding: {brought.title} ({brought.address})"
    # Without the place: lines move when a line is added.
    said = Counter((d.what, d.why) for one in before.values() for d in _diagnostics(one))
    new = Counter((d.what, d.why) for one in after.values() for d in _diagnostics(one)) - said
    for what, why in new:
        return f"it could not be evaluated: {what}: {why}"
    return None


def _diagnostics(one: RootThought) -> tuple[Diagnostic, ...]:
    return tuple(dict.fromkeys((*one.configuration.diagnostics, *one.diagnostics)))


def cost_delta(before: Thought, after: Thought) -> Decimal | None:
    """What the change adds to the month, all roots together; None when part of it cannot be told.

    That is when a resource became unpriced or priced, or when a line of a resource that stays began or ceased to
    depend on usage: the known parts of the two bills then are not of the same things. A new resource's usage is
    named by its own line.
    """
    total = Decimal(0)
    for root, one in after.items():
        was, now = before[root].bill, one.bill
        if was is now:
            continue
        if {u.address for u in was.unpriced} != {u.address for u in now.unpriced}:
            return None
        kept = {cost.address: cost for cost in was.resources}
        if any(cost.address in kept and _usage_lines(kept[cost.address]) != _usage_lines(cost) for cost in now.resources):
            return None
        total += now.monthly_usd - was.monthly_usd
    return total


def _usage_lines(cost: ResourceCost) -> frozenset[str]:
    return frozenset(line.name for line in cost.lines if line.quantity is None)
