"""Findings get their patches, each distinct change proven once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from clops_app.model.finding import SEVERITIES, Finding, Patch, Safety
from clops_app.model.source import Edit, SourceTree
from clops_app.patch.follow import Context, NotPatchable, context_of
from clops_app.patch.plan import plan_edits
from clops_app.patch.prove import Think, Thought, Trial, Unproven, prove, try_edits
from clops_app.terraform.inputs import Inputs
from clops_app.terraform.sources import Parsed, Sources, sources_of


@dataclass(frozen=True, slots=True)
class Permission:
    """What a rule's page says of its fix: how far to trust it, and whether it recreates the resource."""

    safety: Safety
    replaces: bool


@dataclass(frozen=True, slots=True)
class Workshop:
    """What patching needs of the world: the tree, what is thought of it, how to think again, and what each root is given.

    `permissions` by rule; a rule that is not in it offers no patch. `inputs` by root, for the tree as it is now.
    """

    tree: SourceTree
    thought: Thought
    think: Think
    inputs: Callable[[str, SourceTree], Inputs]
    permissions: Mapping[str, Permission]
    parsed: Parsed


def patch_findings(findings: Sequence[Finding], workshop: Workshop, max_proofs: int) -> tuple[Finding, ...]:
    """The findings in their order, each with its proven patch or with why it has none.

    At most `max_proofs` distinct changes are tried, for new findings before existing ones and the most severe first.
    """
    contexts = contexts_of(workshop.tree, workshop.thought, workshop)
    trials: dict[tuple[Edit, ...], Trial | Unproven] = {}
    done: dict[int, Finding] = {}
    for number in sorted(range(len(findings)), key=lambda n: _urgency(findings[n], n)):
        finding = findings[number]
        edits = planned(finding, workshop.permissions, contexts)
        if isinstance(edits, NotPatchable):
            done[number] = replace(finding, why_no_patch=edits.why)
            continue
        if edits not in trials:
            if len(trials) >= max_proofs:
                done[number] = replace(
                    finding, why_no_patch=f"more than {max_proofs} patches were asked for; the most severe were proven first"
                )
                continue
            trials[edits] = try_edits(edits, workshop.tree, workshop.thought, workshop.think, workshop.parsed.file)
        done[number] = _proven(finding, trials[edits], workshop)
    return tuple(done[number] for number in range(len(findings)))


def _urgency(finding: Finding, number: int) -> tuple[bool, int, int]:
    return (finding.status != "new", SEVERITIES.index(finding.severity), number)


def contexts_of(tree: SourceTree, thought: Thought, workshop: Workshop) -> Mapping[str, Context]:
    """What planning reads of each root, in this version of the tree."""
    sources: Sources = sources_of(tree, workshop.parsed)
    return {root: context_of(one.configuration, sources, workshop.inputs(root, tree)) for root, one in thought.items()}


def planned(finding: Finding, permissions: Mapping[str, Permission], contexts: Mapping[str, Context]) -> tuple[Edit, ...] | NotPatchable:
    """The edits that would carry out the finding's fix."""
    if finding.status == "fixed":
        return NotPatchable("it is mended already")
    if finding.fix is None or finding.rule not in permissions:
        return NotPatchable("there is no single change that mends it")
    context = contexts.get(finding.root)
    return NotPatchable("its root was not evaluated") if context is None else plan_edits(finding.fix, context)


def _proven(finding: Finding, trial: Trial | Unproven, workshop: Workshop) -> Finding:
    if isinstance(trial, Unproven):
        return replace(finding, why_no_patch=trial.why)
    permission = workshop.permissions[finding.rule]
    match prove(finding, trial, workshop.thought, permission.safety, permission.replaces):
        case Patch() as patch:
            return replace(finding, patch=patch, why_no_patch="")
        case Unproven(why):
            return replace(finding, why_no_patch=why)
