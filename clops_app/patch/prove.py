"""A patch exists only when it was tried: on a copy, read twice, held against the schema, thought through, billed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from clops_app.hcl.syntax import File
from clops_app.language import say, tr
from clops_app.model.finding import Finding, Patch, Safety
from clops_app.model.resource import Diagnostic
from clops_app.model.source import Edit, OverlappingEdits, SourceTree, line_starts
from clops_app.patch.conform import new_problems
from clops_app.patch.cost_delta import cost_delta, total
from clops_app.patch.diff import changed_paths, diff_of
from clops_app.patch.mended import Look, look_at, not_mended
from clops_app.patch.pieces import changed_pieces
from clops_app.patch.replacement import replaced
from clops_app.patch.second_reader import objection
from clops_app.patch.thought import RootThought, Think, Thought, rethought

Parse = Callable[[str, bytes], File]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a tried change, and where in the changed tree: at an address of a root, or at a byte of a file."""

    why: str
    root: str = ""
    address: str = ""
    path: str = ""
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Unproven:
    """`why` is a phrase for people: "it would bring a new finding: …". `faults`: all that is known of where it comes from."""

    why: str
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """Edits that read well, break nothing and bring nothing new; whether they mend a finding is asked of `not_mended`."""

    edits: tuple[Edit, ...]
    tree: SourceTree
    thought: Thought


@dataclass(frozen=True, slots=True)
class Proof:
    """One change that was tried and what it does. `now` is what is seen with it made, be it alone or among others like it."""

    edits: tuple[Edit, ...]
    diff: str
    monthly_usd_delta: Decimal | None
    replaced: tuple[str, ...]
    now: Look


def try_edits(edits: tuple[Edit, ...], tree: SourceTree, base: Thought, think: Think, parse: Parse) -> Trial | Unproven:
    """Apply the edits to a copy and check everything that does not depend on which finding they are for."""
    if not edits:
        return Unproven(tr("there is nothing to change"))
    try:
        after = tree.edited(edits)
    except (OverlappingEdits, KeyError) as error:
        return Unproven(tr("the edits cannot be applied: {error}", error=error))
    paths = changed_paths(edits)
    for path in paths:
        if (wrong := _reads_badly(path, tree.files[path], after.files[path], parse)) is not None:
            return wrong
    thought = think(after, paths)
    if faults := tuple(_brought(base, thought, after)):
        return Unproven(faults[0].why, faults)
    return Trial(edits, after, thought)


def alone(trial: Trial, tree: SourceTree, base: Thought) -> Proof:
    """What a change does that was tried by itself."""
    recreated = {
        address for was, now in rethought(base, trial.thought).values() for address in replaced(was.configuration, now.configuration)
    }
    return Proof(trial.edits, diff_of(tree, trial.edits), delta(base, trial.thought), tuple(sorted(recreated)), look_at(trial.thought))


def prove(finding: Finding, proof: Proof, before: Look, safety: Safety, replaces: bool) -> Patch | Unproven:
    """The patch, when the change mends this finding. `safety` and `replaces` are what the rule's page says."""
    if (why := not_mended(finding, before, proof.now)) is not None:
        return Unproven(why)
    recreates = bool(proof.replaced)
    # The page speaks of the usual case. Where this very change recreates something, nobody should accept it unread.
    careful: Safety = "review" if recreates and not replaces and safety == "safe" else safety
    title = finding.fix.title if finding.fix is not None else finding.title
    return Patch(title, proof.edits, careful, replaces or recreates, proof.diff, proof.monthly_usd_delta)


def delta(before: Thought, after: Thought) -> Decimal | None:
    """What the change adds to the month, all roots together; None when part of it cannot be told."""
    again = rethought(before, after).values()
    return total(cost_delta(was.configuration, was.bill, now.configuration, now.bill) for was, now in again)


def _reads_badly(path: str, before: bytes, after: bytes, parse: Parse) -> Unproven | None:
    new = parse(path, after)
    if new.problems:
        why = tr("{path} would not parse: {problem}", path=path, problem=say(new.problems[0].summary))
        return Unproven(why, (Fault(why, path=path, offset=new.problems[0].offset),))
    old = parse(path, before)
    pieces = changed_pieces(before, old, after, new)
    faults = [
        Fault(tr("the provider would refuse it: {problem}", problem=problems[0]), path=path, offset=piece.new.start)
        for piece in pieces
        if piece.new is not None and (problems := new_problems(piece.old, piece.new))
    ]
    if faults:
        return Unproven(faults[0].why, tuple(faults))
    # Last, because it is by far the dearest.
    if (refused := objection(before, after, pieces)) is not None:
        return Unproven(tr("{path} would not be read by every parser: {problem}", path=path, problem=refused))
    return None


def _brought(before: Thought, after: Thought, tree: SourceTree) -> Iterator[Fault]:
    """What the change brings that was not there: findings first, then what cannot be evaluated any more."""
    again = rethought(before, after)
    for root, (was, now) in again.items():
        known = {finding.fingerprint for finding in was.findings}
        for finding in now.findings:
            if finding.fingerprint not in known:
                why = tr("it would bring a new finding: {title} ({address})", title=finding.title, address=finding.address)
                yield Fault(why, root, finding.address, finding.path, finding.span.start)
    for root, (was, now) in again.items():
        # Without the place: lines move when a line is added.
        said = Counter((d.what, d.why) for d in _diagnostics(was))
        for one in _diagnostics(now):
            said[one.what, one.why] -= 1
            if said[one.what, one.why] < 0:
                why = tr("it could not be evaluated: {what}: {why}", what=one.what, why=one.why)
                yield Fault(why, root, "", *_place(one.where, tree))


def _place(where: str, tree: SourceTree) -> tuple[str, int]:
    """Path and byte of "path:line", as far as it is one."""
    path, _, line = where.rpartition(":")
    starts = line_starts(tree.files[path]) if path in tree.files and line.isdigit() else ()
    return (path, starts[int(line) - 1]) if starts and 0 < int(line) <= len(starts) else ("", 0)


def _diagnostics(one: RootThought) -> tuple[Diagnostic, ...]:
    return tuple(dict.fromkeys((*one.configuration.diagnostics, *one.diagnostics)))
