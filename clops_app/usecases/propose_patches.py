"""A model may propose Terraform for a finding that no fixer covers; what is proven becomes a patch, and nothing else of it is shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from clops_app.graph.leaves import leaves
from clops_app.hcl.syntax import Block
from clops_app.language import tr
from clops_app.model.finding import Finding, Patch
from clops_app.model.resource import Configuration
from clops_app.model.source import Edit, Span
from clops_app.model.values import Datum, Unknown
from clops_app.model.writing import Allowance, Prompt, Proposal, Proposals, Replacement, Spent
from clops_app.patch.diff import changed_paths
from clops_app.patch.findings import Workshop, contexts_of
from clops_app.patch.follow import Context
from clops_app.patch.guarded import guarded
from clops_app.patch.mended import Look, look_at
from clops_app.patch.pieces import changed_pieces
from clops_app.patch.prove import Trial, Unproven, alone, prove, try_edits
from clops_app.patch.thought import Think, rethought
from clops_app.patch.work import LIMITS, Limits, Work, counting, instances
from clops_app.ports import Proposer, WriterError
from clops_app.review.claims import claim_in
from clops_app.review.excerpts import may_be_changed
from clops_app.review.fact_sheet import tokens
from clops_app.review.redact import REDACTED
from clops_app.usecases.write_words import not_asked

ROUNDS = 3
_LEAST_SECONDS = 5.0  # no model answers sooner; another round is not worth beginning
# What runs a program, or reads a file of whoever plans, no proof of ours sees. A comment is prose that nobody checked, where it is not an
# order to be silent about the finding; so is a link, and a text of many lines. What Terraform is told to ignore, rules may be silent about.
_NEVER_MORE = re.compile(r"#|//|/\*|<<-?(?=\w)|\b(?:provisioner|ignore_changes|user_data\w*)\b|\b(?:file\w*|templatefile)\s*\(")
_OWN = frozenset({"locals", "output", "variable"})
_PROSE = re.compile(r'"([^"\n]* [^"\n]*)"')  # names and ids have no blanks; nobody proves what people read there
# Rules read from these what a thing is for; other words mend nothing.
_WORDS = ("description", "name", "name_prefix", "tags")


@dataclass(frozen=True, slots=True)
class Request:
    """What a model is asked. `named`: findings by their id in the prompt, those of one id to be mended by one change.

    `clean` takes out of what the proof says to the model whatever must not leave.
    """

    prompt: Prompt
    named: Mapping[str, tuple[Finding, ...]]
    clean: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Proposed:
    """The findings that have a proven patch now, and how it went."""

    mended: tuple[Finding, ...]
    record: Proposals


@dataclass(frozen=True, slots=True)
class _Bench:
    workshop: Workshop
    contexts: Mapping[str, Context]
    before: Look
    think: Think
    work: Work
    in_time: Callable[[], bool]


def propose_patches(
    proposer: Proposer,
    request: Request,
    workshop: Workshop,
    clock: Callable[[], float],
    seconds: float,
    allowance: Allowance,
    limits: Limits = LIMITS,
) -> Proposed:
    """Ask for changes, prove each by itself, tell what the proof said; at most three times. Raises nothing of the proposer's.

    Only code that the finding's root reads is changed. `clock` gives seconds that only grow; no round and no proof begins after
    `seconds` of them, and no round that may go beyond the `allowance`.
    """
    begun, work = clock(), Work(limits)
    think = counting(workshop.think, workshop.thought, work)
    contexts = contexts_of(workshop.tree, workshop.thought, workshop)
    bench = _Bench(workshop, contexts, look_at(workshop.thought), think, work, lambda: clock() - begun < seconds)
    found: dict[str, Patch | str | None] = dict.fromkeys(request.named)
    spent: list[Spent] = []
    failure, complaints = "", tuple[str, ...]()
    for _ in range(ROUNDS):
        left = round(seconds - (clock() - begun), 1)
        if spent and (not complaints or left < _LEAST_SECONDS):
            break
        if not allowance.left(spent, size := sum(map(tokens, (request.prompt.fixed, request.prompt.facts, *complaints)))):
            failure = "" if spent else not_asked(proposer.name, size, allowance)
            break
        try:
            proposals, taken = proposer.propose(request.prompt, left, complaints)
        except WriterError as error:
            failure = str(error)
            break
        spent.append(taken)
        tried = {one.finding: one for one in reversed(proposals) if one.finding in found and not isinstance(found[one.finding], Patch)}
        for name in sorted(tried):
            found[name] = _proven(tried[name], request.named[name], bench, proposer.name)
        complaints = _complaints(sorted(tried), found, request.clean)
    patches = {name: patch for name, patch in found.items() if isinstance(patch, Patch)}
    mended = tuple(replace(one, patch=patch, why_no_patch="") for name, patch in patches.items() for one in request.named[name])
    refused = sum(isinstance(outcome, str) for outcome in found.values())
    record = Proposals(proposer.name, len(found), len(patches), refused, tuple(spent), clock() - begun, failure, allowance)
    return Proposed(mended, record)


def _complaints(tried: Sequence[str], found: Mapping[str, Patch | str | None], clean: Callable[[str], str]) -> tuple[str, ...]:
    """What the proof said, and what needs no more work; nothing where every change that was tried is proven."""
    refused = tuple(f"{name}: {clean(why) or 'it could not be proven'}" for name in tried if isinstance(why := found[name], str))
    done = tuple(f"{name}: done, leave it out" for name, patch in found.items() if isinstance(patch, Patch))
    return refused + done if refused else ()


def _proven(proposal: Proposal, findings: tuple[Finding, ...], bench: _Bench, name: str) -> Patch | str:
    """The patch that mends all of the findings, or why there is none."""
    workshop, first = bench.workshop, findings[0]
    if first.root not in workshop.thought:
        return "its root was not evaluated"
    edits = _edits(proposal.edits, bench.contexts[first.root])
    if isinstance(edits, str):
        return edits
    if not bench.in_time() or not bench.work.allows(instances(workshop.thought, changed_paths(edits))):
        return "proving it was given up: there is no more time"
    trial = try_edits(edits, workshop.tree, workshop.thought, bench.think, workshop.parsed.file)
    if isinstance(trial, Unproven):
        return trial.why
    if (why_not := _beyond(trial, workshop) or _guarded(trial, workshop) or _hides(trial, workshop)) is not None:
        return why_not
    proof = alone(trial, workshop.tree, workshop.thought)
    # Whatever the rule's page says of its own fix: of this one nobody has thought before.
    proven = [prove(finding, proof, bench.before, "review", replaces=False) for finding in findings]
    match next((one for one in proven if isinstance(one, Unproven)), proven[0]):
        case Unproven(why=why):
            return why
        case patch:
            return replace(patch, title=tr("Proposed by {model}", model=name), proposed_by=name)


def _beyond(trial: Trial, workshop: Workshop) -> str | None:
    """What the change does besides mending resources of AWS, which the proof of a fixer of ours need not ask."""
    removed: list[Block] = []
    for path in changed_paths(trial.edits):
        before, after = workshop.tree.files[path], trial.tree.files[path]
        old, new = workshop.parsed.file(path, before), workshop.parsed.file(path, after)
        for piece in changed_pieces(before, old, after, new):
            match piece.new:
                case Block(type="resource" | "data", labels=(kind, *_)) if kind.startswith("aws_"):
                    pass
                case Block(type="variable", body=body) if piece.old is None and all(item.name != "default" for item in body.attributes):
                    return "a new variable needs a default"
                case Block(type=kind) if kind in _OWN:
                    pass
                case _:
                    return f"a change may only touch resources of AWS, values and variables; this one touches more of {path}"
        removed += [piece.new for piece in changed_pieces(after, new, before, old) if piece.old is None and piece.new is not None]
    for was, now in rethought(workshop.thought, trial.thought).values():
        left = {resource.address for resource in now.configuration.resources}
        if gone := sorted({resource.address for resource in was.configuration.resources} - left):
            return f"it would remove {gone[0]}"
    return f"it would remove {'.'.join((removed[0].type, *removed[0].labels))}" if removed else None


def _guarded(trial: Trial, workshop: Workshop) -> str | None:
    """Which door the change opens, or to whom it gives a right: no rule of ours may judge that."""
    roots = rethought(workshop.thought, trial.thought).values()
    return next((why for was, now in roots if (why := guarded(was.configuration, now.configuration)) is not None), None)


def _hides(trial: Trial, workshop: Workshop) -> str | None:
    """Where a rule would be silent though nothing is mended: it no longer knows a value, or what the thing is for."""
    for was, now in rethought(workshop.thought, trial.thought).values():
        before, after = _leaves_of(was.configuration), _leaves_of(now.configuration)
        for address in before.keys() & after.keys():
            old, new = before[address], after[address]
            if _words(old) != _words(new):
                return f"other names, tags and descriptions mend nothing ({address})"
            for path, leaf in new.items():
                if isinstance(leaf, Unknown) and leaf.ref is None and not isinstance(old.get(path), Unknown):
                    return f"nobody would know {path} of {address} any more: {leaf.why}"
    return None


def _leaves_of(configuration: Configuration) -> dict[str, dict[str, Datum]]:
    return {resource.address: dict(leaves(resource.values)) for resource in configuration.resources}


def _words(values: Mapping[str, Datum]) -> dict[str, Datum]:
    return {path: leaf for path, leaf in values.items() if re.split(r"[.\[]", path, maxsplit=1)[0] in _WORDS}


def _edits(proposed: tuple[Replacement, ...], context: Context) -> tuple[Edit, ...] | str:
    """The edits, or why they cannot be made as proposed."""
    edits = []
    for one in proposed:
        if not may_be_changed(one.path, context):
            return "it would change a file that this finding's root does not read, or that is not written here"
        if REDACTED in one.old or REDACTED in one.new:
            return f"{REDACTED} is not in the file: something was taken out there; take other text as `old`, and leave that as it is"
        content = context.tree.files[one.path]
        written, new = (text.replace("\n", "\r\n") if b"\r\n" in content else text for text in (one.old, one.new))
        old = written.encode(errors="surrogatepass")
        if not old or content.count(old) != 1:
            return f"the old text does not stand in {one.path} exactly once"
        if not all(sign.isprintable() or sign in "\n\t" for sign in one.new):
            return "the new text has signs that cannot be seen"
        if more := Counter(_NEVER_MORE.findall(one.new)) - Counter(_NEVER_MORE.findall(one.old)):
            return f"a change may not bring {next(iter(more))}"
        said = (claim_in(text) for text in sorted({*_PROSE.findall(one.new)} - {*_PROSE.findall(one.old)}))
        if claim := next(filter(None, said), ""):
            return f"a change may not bring {claim}"
        start = content.index(old)
        edits.append(Edit(Span(one.path, start, start + len(old)), new))
    return tuple(sorted(edits))
