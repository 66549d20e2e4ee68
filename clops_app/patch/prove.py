"""A patch exists only when it was tried: on a copy, read twice, held against the schema, thought through, billed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from clops_app.hcl.syntax import File
from clops_app.model.cost import Bill
from clops_app.model.finding import Finding, Patch, Safety
from clops_app.model.resource import Configuration, Diagnostic
from clops_app.model.source import Edit, OverlappingEdits, SourceTree
from clops_app.patch.conform import new_problems
from clops_app.patch.cost_delta import cost_delta
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
    """Edits that read well, break nothing and bring nothing new; whether they mend a finding is asked of `not_mended`."""

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
    return Trial(edits, after, thought, unified_diff(tree, after, paths), delta(base, thought), recreated)


def configurations(thought: Thought) -> Mapping[str, Configuration]:
    return {root: one.configuration for root, one in thought.items()}


def prove(finding: Finding, trial: Trial, base: Thought, safety: Safety, replaces: bool) -> Patch | Unproven:
    """The patch, when the trial mends this finding. `safety` and `replaces` are what the rule's page says."""
    if (why := not_mended(finding, base, trial.thought)) is not None:
        return Unproven(why)
    recreates = bool(trial.replaced)
    # The page speaks of the usual case. Where this very change recreates something, nobody should accept it unread.
    careful: Safety = "review" if recreates and not replaces and safety == "safe" else safety
    title = finding.fix.title if finding.fix is not None else finding.title
    return Patch(title, trial.edits, careful, replaces or recreates, trial.diff, trial.monthly_usd_delta)


def not_mended(finding: Finding, before: Thought, after: Thought) -> str | None:
    """Why the finding is not mended, or None when it is: its resource is still there, and it is not found any more.

    Of several findings of one rule at one address the fingerprints are numbered, so mending the first renames the
    second; then one fewer of the same words at that address is the proof.
    """
    if _exists(finding, before) and not _exists(finding, after):
        return f"with the change made, {finding.address} is not there any more"
    if _prints(finding, before) and not _prints(finding, after):
        return None
    fewer = len(alike(finding, after)) < len(alike(finding, before))
    return None if fewer else "with the change made, the finding is still there"


def alike(finding: Finding, thought: Thought) -> tuple[Finding, ...]:
    """The findings that say the same of the same address."""
    key = (finding.rule, finding.address, finding.message)
    return tuple(other for other in _of_root(finding, thought) if (other.rule, other.address, other.message) == key)


def _prints(finding: Finding, thought: Thought) -> bool:
    return any(other.fingerprint == finding.fingerprint for other in _of_root(finding, thought))


def _of_root(finding: Finding, thought: Thought) -> tuple[Finding, ...]:
    return thought[finding.root].findings if finding.root in thought else ()


def _exists(finding: Finding, thought: Thought) -> bool:
    one = thought.get(finding.root)
    return one is not None and any(resource.address == finding.address for resource in one.configuration.resources)


def _findings(thought: Thought) -> tuple[Finding, ...]:
    return tuple(finding for one in thought.values() for finding in one.findings)


def _reads_badly(path: str, before: bytes, after: bytes, parse: Parse) -> str | None:
    new = parse(path, after)
    if new.problems:
        return f"{path} would not parse: {new.problems[0].summary}"
    old = parse(path, before)
    pieces = changed_pieces(before, old, after, new)
    for piece in pieces:
        if piece.new is not None and (problems := new_problems(piece.old, piece.new)):
            return f"the provider would refuse it: {problems[0]}"
    # Last, because it is by far the dearest.
    if (refused := objection(before, after, pieces)) is not None:
        return f"{path} would not be read by every parser: {refused}"
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


def delta(before: Thought, after: Thought) -> Decimal | None:
    """What the change adds to the month, all roots together; None when part of it cannot be told."""
    total = Decimal(0)
    for root, now in after.items():
        was = before[root]
        difference = Decimal(0) if was is now else cost_delta(was.configuration, was.bill, now.configuration, now.bill)
        if difference is None:
            return None
        total += difference
    return total
