"""Findings get their patches, each distinct change proven once, in as few thoughts as prove them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from clops_app.language import tr
from clops_app.model.finding import SEVERITIES, Finding, Patch, Safety
from clops_app.model.source import Edit, SourceTree
from clops_app.patch.batch import Bench, bench, prove_changes
from clops_app.patch.follow import Context, NotPatchable, context_of
from clops_app.patch.plan import plan_edits
from clops_app.patch.prove import Proof, Unproven, prove
from clops_app.patch.thought import Think, Thought
from clops_app.patch.work import LIMITS, Limits
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


def patch_findings(findings: Sequence[Finding], workshop: Workshop, limits: Limits = LIMITS) -> tuple[Finding, ...]:
    """The findings in their order, each with its proven patch or with why it has none.

    Where not all can be proven, new findings come before existing ones and the most severe first.
    """
    contexts = contexts_of(workshop.tree, workshop.thought, workshop)
    plans = {number: planned(finding, workshop.permissions, contexts) for number, finding in enumerate(findings)}
    wanted: dict[tuple[Edit, ...], list[Finding]] = {}
    for number in sorted(plans, key=lambda n: _urgency(findings[n], n)):
        edits = plans[number]
        if not isinstance(edits, NotPatchable):
            wanted.setdefault(edits, []).append(findings[number])
    at = bench(workshop.tree, workshop.thought, workshop.think, workshop.parsed, limits)
    outcomes = prove_changes(wanted, at)
    return tuple(_proven(finding, plans[number], outcomes, at, workshop) for number, finding in enumerate(findings))


def _urgency(finding: Finding, number: int) -> tuple[bool, int, int]:
    return (finding.status != "new", SEVERITIES.index(finding.severity), number)


def contexts_of(tree: SourceTree, thought: Thought, workshop: Workshop) -> Mapping[str, Context]:
    """What planning reads of each root, in this version of the tree."""
    sources: Sources = sources_of(tree, workshop.parsed)
    return {root: context_of(one.configuration, sources, workshop.inputs(root, tree)) for root, one in thought.items()}


def planned(finding: Finding, permissions: Mapping[str, Permission], contexts: Mapping[str, Context]) -> tuple[Edit, ...] | NotPatchable:
    """The edits that would carry out the finding's fix."""
    if finding.status == "fixed":
        return NotPatchable(tr("it is mended already"))
    if finding.fix is None or finding.rule not in permissions:
        return NotPatchable(tr("there is no single change that mends it"))
    context = contexts.get(finding.root)
    return NotPatchable(tr("its root was not evaluated")) if context is None else plan_edits(finding.fix, context)


def _proven(
    finding: Finding,
    plan: tuple[Edit, ...] | NotPatchable,
    outcomes: Mapping[tuple[Edit, ...], Proof | Unproven],
    at: Bench,
    workshop: Workshop,
) -> Finding:
    outcome = plan if isinstance(plan, NotPatchable) else outcomes[plan]
    if isinstance(outcome, Proof):
        permission = workshop.permissions[finding.rule]
        outcome_or_patch = prove(finding, outcome, at.before, permission.safety, permission.replaces)
        if isinstance(outcome_or_patch, Patch):
            return replace(finding, patch=outcome_or_patch, why_no_patch="")
        outcome = outcome_or_patch
    return replace(finding, why_no_patch=outcome.why)
