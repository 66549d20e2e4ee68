"""A change, or a folder as it stands, becomes a Review: base and head thought through, matched, mended, put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from clops_app.graph.moves import moves
from clops_app.model.cost import Bill
from clops_app.model.finding import Finding
from clops_app.model.graph import Graph
from clops_app.model.resource import Configuration, Diagnostic, TerraformSettings
from clops_app.model.review import Budget, Review
from clops_app.patch.findings import patch_findings
from clops_app.ports import Checkout
from clops_app.review.assemble import RootResult, assemble
from clops_app.rulebook.match import match_findings
from clops_app.usecases.mend import workshop
from clops_app.usecases.question import Compared
from clops_app.usecases.think import (
    Mind,
    Place,
    RootOpinion,
    form_opinion,
    head_place,
    not_called,
    not_read,
    place,
    renamed,
    roots_of,
    unchanged,
    unused_settings,
    without_ignored,
)

NO_TERRAFORM = "no Terraform was found"


def scan_folder(mind: Mind, head: Checkout) -> Review:
    """Review a folder as it stands: everything in it is new."""
    return review_change(mind, head, None)


def review_change(mind: Mind, head: Checkout, base: Compared | None) -> Review:
    """Review what the head brings that the base does not have. `base` None: there is nothing to compare with."""
    now = head_place(mind, head)
    roots = roots_of(mind, now)
    opinions = {root.directory: form_opinion(mind, now, root) for root in roots}
    before = {} if base is None else base_opinions(mind, now, base.checkout, opinions)
    results = _mended(mind, now, opinions, [_result(mind, now, opinion, before.get(name)) for name, opinion in opinions.items()])
    results += [_removed(opinion) for name, opinion in before.items() if name not in opinions]
    budget = mind.question.config.budget
    said = (
        *head.diagnostics,
        *(base.checkout.diagnostics if base else ()),
        *not_read(now),
        *not_called(mind, now, roots),
        *unused_settings(mind, now, roots),
    )
    return assemble(
        results,
        commit=None if head.changed else head.commit,
        base=None if base is None else base.name,
        budget=None if budget is None else Budget(budget.monthly_usd, budget.on_exceed),
        fail_on=mind.question.config.fail_on,
        diagnostics=(*said, *_nothing_found(roots, head)),
        rules={rule.id: rule.page.title for rule in mind.rules},
    )


def _nothing_found(roots: Sequence[object], head: Checkout) -> Iterator[Diagnostic]:
    if not roots:
        yield Diagnostic(NO_TERRAFORM, head.scope or ".", "there is no .tf file here or below; give the directory with the code as PATH")


def base_opinions(mind: Mind, now: Place, base: Checkout, opinions: Mapping[str, RootOpinion]) -> dict[str, RootOpinion]:
    """What was thought of the base, by the names that its roots have at the head."""
    then = replace(place(mind, base.tree, base.scope), planned=now.planned)
    found = {}
    for root in roots_of(mind, then):
        name = renamed(root.directory, base.scope, now.scope)
        same = opinions.get(name) if name == root.directory else None
        if same is not None and unchanged(same, now, then):
            found[name] = same
        else:
            found[name] = form_opinion(mind, then, root, name)
    return found


def _result(mind: Mind, now: Place, opinion: RootOpinion, before: RootOpinion | None) -> RootResult:
    thought = opinion.thought
    sorted_out = without_ignored(mind, now, opinion)
    unreadable = before is not None and before.fatal
    configuration = thought.configuration
    if before is not None and not unreadable:
        configuration = replace(configuration, moved=moves(before.thought.configuration, configuration))
    findings: tuple[Finding, ...] = ()
    if not opinion.fatal:
        old = () if before is None or unreadable else before.thought.findings
        matched = match_findings(sorted_out.kept, old, tuple(finding for finding, _ in sorted_out.ignored), configuration.moved)
        broken = frozenset(path for path in thought.configuration.files if now.sources.file(path).problems)
        findings = tuple(finding for finding in matched if finding.status != "fixed" or finding.path not in broken)
    return RootResult(
        root=opinion.root.directory,
        why=opinion.root.why,
        graph=replace(opinion.graph, configuration=configuration),
        bill=thought.bill,
        findings=findings,
        ignored=sorted_out.ignored,
        diagnostics=(*thought.configuration.diagnostics, *thought.diagnostics, *sorted_out.diagnostics),
        base_graph=None if before is None or unreadable else before.graph,
        base_bill=None if before is None or unreadable else before.thought.bill,
        base_unreadable=unreadable,
    )


def _mended(mind: Mind, now: Place, opinions: Mapping[str, RootOpinion], results: Sequence[RootResult]) -> list[RootResult]:
    """The results with a patch, or the reason why there is none, at each new finding."""
    new = [finding for result in results for finding in result.findings if finding.status == "new"]
    patched = {item.fingerprint: item for item in patch_findings(new, workshop(mind, now, opinions))}
    return [replace(result, findings=tuple(patched.get(item.fingerprint, item) for item in result.findings)) for result in results]


def _removed(before: RootOpinion) -> RootResult:
    """A root that is gone: what was wrong with it is mended, and what it cost is saved."""
    name = before.root.directory
    nothing = Configuration(name, (), (), {}, frozenset(), TerraformSettings(None, False, "", {}, None), (), ())
    bill = before.thought.bill
    fixed = tuple(replace(finding, status="fixed") for finding in before.thought.findings)
    return RootResult(
        root=name,
        why="it was a root before this change",
        graph=Graph(nothing, {}, (), {}, {}),
        bill=Bill((), (), (), bill.prices_date),
        findings=fixed,
        base_graph=before.graph,
        base_bill=bill,
    )
