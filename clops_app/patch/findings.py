"""Findings get their patches, each distinct change proven once, in as few thoughts as prove them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

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

_KEPT = 16  # contexts: findings are gone through root by root, or the worst of all roots first


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
    told = list(findings)
    wanted: dict[tuple[Edit, ...], list[int]] = {}
    for number in sorted(plans, key=lambda n: _urgency(findings[n], n)):
        edits = plans[number]
        if isinstance(edits, NotPatchable):
            told[number] = replace(findings[number], why_no_patch=edits.why)
        else:
            wanted.setdefault(edits, []).append(number)
    at = bench(workshop.tree, workshop.thought, workshop.think, workshop.parsed, limits)
    for edits, outcome in prove_changes({edits: [findings[number] for number in those] for edits, those in wanted.items()}, at):
        for number in wanted[edits]:
            told[number] = _proven(findings[number], outcome, at, workshop)
    return tuple(told)


def _urgency(finding: Finding, number: int) -> tuple[bool, int, int]:
    return (finding.status != "new", SEVERITIES.index(finding.severity), number)


class _Contexts(Mapping[str, Context]):
    """Made when they are asked for, and a few kept: with the context of a root come the parses of all its files."""

    def __init__(self, tree: SourceTree, thought: Thought, workshop: Workshop) -> None:
        self._thought = thought
        sources: Sources = sources_of(tree, workshop.parsed)

        def made(root: str) -> Context:
            workshop.parsed.make_room()
            return context_of(thought[root].configuration, sources, workshop.inputs(root, tree))

        self._made = lru_cache(_KEPT)(made)

    def __getitem__(self, root: str) -> Context:
        return self._made(root)

    def __iter__(self) -> Iterator[str]:
        return iter(self._thought)

    def __len__(self) -> int:
        return len(self._thought)


def contexts_of(tree: SourceTree, thought: Thought, workshop: Workshop) -> Mapping[str, Context]:
    """What planning reads of each root, in this version of the tree."""
    return _Contexts(tree, thought, workshop)


def planned(finding: Finding, permissions: Mapping[str, Permission], contexts: Mapping[str, Context]) -> tuple[Edit, ...] | NotPatchable:
    """The edits that would carry out the finding's fix."""
    if finding.status == "fixed":
        return NotPatchable(tr("it is mended already"))
    if finding.fix is None or finding.rule not in permissions:
        return NotPatchable(tr("there is no single change that mends it"))
    context = contexts.get(finding.root)
    return NotPatchable(tr("its root was not evaluated")) if context is None else plan_edits(finding.fix, context)


def _proven(finding: Finding, outcome: Proof | Unproven, at: Bench, workshop: Workshop) -> Finding:
    if isinstance(outcome, Proof):
        permission = workshop.permissions[finding.rule]
        patch = prove(finding, outcome, at.before, permission.safety, permission.replaces)
        if isinstance(patch, Patch):
            return replace(finding, patch=patch, why_no_patch="")
        return replace(finding, why_no_patch=patch.why)
    return replace(finding, why_no_patch=outcome.why)
