"""A model may propose Terraform for a finding that no fixer covers; what is proven becomes a patch, and nothing else of it is shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from clops_app.hcl.syntax import Block
from clops_app.model.finding import Finding, Patch
from clops_app.model.source import Edit, SourceTree, Span
from clops_app.model.writing import Prompt, Proposal, Replacement, Spent
from clops_app.patch.diff import changed_paths
from clops_app.patch.findings import Workshop
from clops_app.patch.mended import Look, look_at
from clops_app.patch.pieces import changed_pieces
from clops_app.patch.prove import Trial, Unproven, alone, prove, try_edits
from clops_app.patch.thought import Think, rethought
from clops_app.patch.work import LIMITS, Limits, Work, counting, instances
from clops_app.ports import Proposer, WriterError

ROUNDS = 3
_LEAST_SECONDS = 5.0  # no model answers sooner; another round is not worth beginning
# What runs a program, or reads a file of whoever plans, no proof of ours sees. A comment is prose that nobody checked, where it is not an
# order to be silent about the finding; so is a link.
_NEVER_MORE = re.compile(r"#|//|/\*|\bprovisioner\b|\b(?:file\w*|templatefile)\s*\(")
_OWN = frozenset({"locals", "output", "variable"})


@dataclass(frozen=True, slots=True)
class Proposed:
    """The findings in their order, each with a proven patch or with why it has none; `failure`: why a model was asked in vain."""

    findings: tuple[Finding, ...]
    spent: tuple[Spent, ...]
    failure: str = ""


@dataclass(frozen=True, slots=True)
class _Bench:
    workshop: Workshop
    before: Look
    think: Think
    work: Work


def propose_patches(
    proposer: Proposer,
    prompt: Prompt,
    named: Mapping[str, Finding],
    workshop: Workshop,
    clock: Callable[[], float],
    seconds: float,
    limits: Limits = LIMITS,
) -> Proposed:
    """Ask for changes, prove each by itself, tell what the proof said; at most three times. Raises nothing of the proposer's.

    `named`: the findings by their id in the prompt. Only files that the finding's root reads are changed. `clock` gives seconds
    that only grow.
    """
    work = Work(limits)
    bench = _Bench(workshop, look_at(workshop.thought), counting(workshop.think, workshop.thought, work), work)
    found: dict[str, Patch | str | None] = dict.fromkeys(named)
    spent: list[Spent] = []
    failure, end = "", clock() + seconds
    complaints: tuple[str, ...] = ()
    for _ in range(ROUNDS):
        if spent and (not complaints or end - clock() < _LEAST_SECONDS):
            break
        try:
            proposals, taken = proposer.propose(prompt, end - clock(), complaints)
        except WriterError as error:
            failure = str(error)
            break
        spent.append(taken)
        tried = {one.finding: one for one in reversed(proposals) if one.finding in found and not isinstance(found[one.finding], Patch)}
        for name in sorted(tried):
            found[name] = _proven(tried[name], named[name], bench, proposer.name)
        complaints = _complaints(sorted(tried), found)
    return Proposed(tuple(_with(finding, found[name], proposer.name) for name, finding in named.items()), tuple(spent), failure)


def _complaints(tried: Sequence[str], found: Mapping[str, Patch | str | None]) -> tuple[str, ...]:
    """What the proof said, and what needs no more work; nothing where every change that was tried is proven."""
    refused = tuple(f"{name}: {why}" for name in tried if isinstance(why := found[name], str))
    done = tuple(f"{name}: done, leave it out" for name, patch in found.items() if isinstance(patch, Patch))
    return refused + done if refused else ()


def _with(finding: Finding, outcome: Patch | str | None, name: str) -> Finding:
    match outcome:
        case Patch():
            return replace(finding, patch=outcome, why_no_patch="")
        case None:
            return replace(finding, why_no_patch=f"{name} proposed no change")
        case _:  # what the proof said may quote what the model wrote, and is for the model alone
            return replace(finding, why_no_patch=f"what {name} proposed could not be proven")


def _proven(proposal: Proposal, finding: Finding, bench: _Bench, name: str) -> Patch | str:
    """The patch, or why there is none."""
    workshop = bench.workshop
    if finding.root not in workshop.thought:
        return "its root was not evaluated"
    edits = _edits(proposal.edits, workshop.tree, workshop.thought[finding.root].configuration.files)
    if isinstance(edits, str):
        return edits
    if not bench.work.allows(instances(workshop.thought, changed_paths(edits))):
        return "proving it was given up: too much was proven before it"
    trial = try_edits(edits, workshop.tree, workshop.thought, bench.think, workshop.parsed.file)
    if isinstance(trial, Unproven):
        return trial.why
    if (beyond := _beyond(trial, workshop)) is not None:
        return beyond
    # Whatever the rule's page says of its own fix: of this one nobody has thought before.
    patch = prove(finding, alone(trial, workshop.tree, workshop.thought), bench.before, "review", replaces=False)
    return patch.why if isinstance(patch, Unproven) else replace(patch, title=f"Proposed by {name}")


def _beyond(trial: Trial, workshop: Workshop) -> str | None:
    """What the change does besides mending resources of AWS, which the proof of a fixer of ours need not ask."""
    for path in changed_paths(trial.edits):
        before, after = workshop.tree.files[path], trial.tree.files[path]
        for piece in changed_pieces(before, workshop.parsed.file(path, before), after, workshop.parsed.file(path, after)):
            match piece.new:
                case Block(type="resource" | "data", labels=(kind, *_)) if kind.startswith("aws_"):
                    pass
                case Block(type=kind) if kind in _OWN:
                    pass
                case _:
                    return f"a change may only touch resources of AWS, values and variables; this one touches more of {path}"
    for was, now in rethought(workshop.thought, trial.thought).values():
        left = {resource.address for resource in now.configuration.resources}
        if gone := sorted({resource.address for resource in was.configuration.resources} - left):
            return f"it would remove {gone[0]}"
    return None


def _edits(proposed: tuple[Replacement, ...], tree: SourceTree, readable: Sequence[str]) -> tuple[Edit, ...] | str:
    """The edits, or why they cannot be made as proposed."""
    edits = []
    for one in proposed:
        if one.path not in readable or one.path not in tree.files:
            return "it would change a file that this finding's root does not read"
        content, old = tree.files[one.path], one.old.encode()
        if not old or content.count(old) != 1:
            return f"the old text does not stand in {one.path} exactly once"
        if not all(sign.isprintable() or sign in "\n\t" for sign in one.new):
            return "the new text has signs that cannot be seen"
        if more := Counter(_NEVER_MORE.findall(one.new)) - Counter(_NEVER_MORE.findall(one.old)):
            return f"a change may not bring {next(iter(more))}"
        start = content.index(old)
        edits.append(Edit(Span(one.path, start, start + len(old)), one.new))
    return tuple(sorted(edits))
