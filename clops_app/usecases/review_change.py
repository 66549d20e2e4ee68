"""A change, or a folder as it stands, becomes a Review: base and head thought through, matched, mended, put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from clops_app.graph.moves import moves
from clops_app.language import tr, tr_noop, trn
from clops_app.model.cost import Bill
from clops_app.model.finding import Finding
from clops_app.model.graph import Graph
from clops_app.model.resource import Configuration, Diagnostic, TerraformSettings
from clops_app.model.review import Budget, Review
from clops_app.patch.findings import Workshop, patch_findings
from clops_app.patch.thought import RootThought
from clops_app.ports import Checkout
from clops_app.review.assemble import RootResult, assemble
from clops_app.review.render.words import listed
from clops_app.review.verdict import essential
from clops_app.rulebook.match import match_findings
from clops_app.terraform.roots import Root, find_roots
from clops_app.terraform.sources import is_configuration
from clops_app.usecases.mend import workshop
from clops_app.usecases.paths import matches
from clops_app.usecases.question import Compared
from clops_app.usecases.think import (
    SHOWN,
    Mind,
    Place,
    RootOpinion,
    differing,
    form_opinion,
    head_place,
    left_alone,
    not_called,
    not_read,
    place,
    renamed,
    roots_of,
    run_by_terragrunt,
    said_of,
    unchanged,
    unused_settings,
    without_ignored,
)

NO_TERRAFORM = tr_noop("no Terraform was found")


@dataclass(frozen=True, slots=True)
class Former:
    """What is thought of a root at the base, and the fingerprints of the findings that were dismissed there."""

    opinion: RootOpinion
    dismissed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A Review, and what it takes to prove further patches for its findings."""

    review: Review
    workshop: Workshop


def scan_folder(mind: Mind, head: Checkout) -> Review:
    """Review a folder as it stands: everything in it is new."""
    return review_change(mind, head, None)


def review_change(mind: Mind, head: Checkout, base: Compared | None) -> Review:
    """Review what the head brings that the base does not have. `base` None: there is nothing to compare with.

    Roots that the change does not touch are not evaluated; where there is a budget, which counts all of them, they are priced.
    """
    return think_of_change(mind, head, base).review


def think_of_change(mind: Mind, head: Checkout, base: Compared | None) -> Reviewed:
    """The same review, for who goes on from it."""
    now = head_place(mind, head)
    roots = roots_of(mind, now)
    then = None if base is None else replace(place(mind, base.checkout.tree, base.checkout.scope), planned=now.planned)
    changed = frozenset[str]() if then is None else differing(now, then)
    formerly = () if then is None else roots_of(mind, then)
    # A lone root is looked at whatever the change is: it takes little, and what all of it costs is worth saying.
    both = {root.directory for root in roots} & {root.directory for root in formerly} if len(roots) > 1 else set[str]()
    alone = {} if then is None else left_alone(mind, now, then, both, changed)
    opinions = {root.directory: form_opinion(mind, now, root) for root in roots if root.directory not in alone}
    before = {} if then is None else base_opinions(mind, now, then, [root for root in formerly if root.directory not in alone], opinions)
    results = [_result(mind, now, opinion, before.get(name)) for name, opinion in opinions.items()]
    at = workshop(mind, now, opinions, {root: alone[root.directory] for root in roots if root.directory in alone})
    results = _mended(at, results)
    results += [_removed(now, former) for name, former in before.items() if name not in opinions and not _unread(now, former)]
    budget = mind.question.config.budget
    if budget is not None:
        results += [_priced(mind, now, root) for root in roots if root.directory in alone]
    said = (
        *said_of(head, *((base.checkout,) if base else ())),
        *not_read(now),
        *(() if budget is not None else _not_evaluated(tuple(alone))),
        *not_called(mind, now, roots),
        *run_by_terragrunt(mind, now, roots),
        *unused_settings(mind, now, roots),
    )
    review = assemble(
        results,
        commit=None if head.changed else head.commit,
        base=None if base is None else base.name,
        budget=None if budget is None else Budget(budget.monthly_usd, budget.on_exceed),
        fail_on=mind.question.config.fail_on,
        diagnostics=(*said, *_nothing_found(mind, now, (root.directory for root in roots), before)),
        rules={rule.id: rule.page.title for rule in mind.rules},
    )
    return Reviewed(review, at)


def _not_evaluated(alone: tuple[str, ...]) -> Iterator[Diagnostic]:
    """The roots that the change does not touch."""
    if alone:
        what = trn("a root was not evaluated", "{count:,} roots were not evaluated", len(alone))
        why = trn(
            "this change touches nothing that it reads; findings and cost leave it out",
            "this change touches nothing that they read; findings and cost leave them out",
            len(alone),
        )
        yield Diagnostic(what, listed([name or "." for name in alone], SHOWN), why)


def _priced(mind: Mind, now: Place, root: Root) -> RootResult:
    """A root that the change does not touch, for what it costs; of its findings nothing is said."""
    opinion = form_opinion(replace(mind, rules=()), now, root)
    thought = opinion.thought
    return RootResult(
        root=root.directory,
        why=tr("{why}; it was priced and no more, because this change touches nothing that it reads", why=root.why),
        graph=opinion.graph,
        bill=thought.bill,
        diagnostics=tuple(filter(essential, thought.configuration.diagnostics)),
        base_graph=None if opinion.fatal else opinion.graph,
        base_bill=None if opinion.fatal else thought.bill,
        base_unreadable=opinion.fatal,
    )


def _nothing_found(mind: Mind, now: Place, roots: Iterable[str], before: Iterable[str]) -> Iterator[Diagnostic]:
    """What was looked for in vain. Nothing, where the change removes the last of it."""
    patterns, where = mind.question.config.roots, mind.question.config_path
    everywhere = {root.directory for root in find_roots(now.sources, "", ("*",))} | {*before} if patterns else set()
    idle = [pattern for pattern in patterns if not any(matches(pattern, directory) for directory in everywhere)]
    nothing = not {*roots, *before}
    if idle:
        what = tr("`roots` finds nothing for {patterns}", patterns=listed(idle, SHOWN))
        why = tr(
            "no directory with Terraform code is called so; a pattern counts from the top of the repository, and * stays within one name"
        )
        yield Diagnostic(what, where, why, lost=nothing)
    elif nothing and patterns:
        named = listed(patterns, SHOWN)
        why = tr("`roots` in {path} names none of the directories here or below, but {patterns}", path=where, patterns=named)
        yield Diagnostic(tr("nothing was reviewed"), now.scope or ".", why, lost=True)
    elif nothing and not any(True for _ in (*not_read(now), *run_by_terragrunt(mind, now, ()))):
        why = tr("there is no .tf file here or below; give the directory with the code as PATH")
        yield Diagnostic(tr(NO_TERRAFORM), now.scope or ".", why)


def base_opinions(mind: Mind, now: Place, then: Place, roots: Iterable[Root], opinions: Mapping[str, RootOpinion]) -> dict[str, Former]:
    """What was thought of these roots of the base, by the names that they have at the head."""
    found = {}
    for root in roots:
        name = renamed(root.directory, then.scope, now.scope)
        same = opinions.get(name) if name == root.directory else None
        if same is not None and unchanged(same, now, then):
            found[name] = Former(same)
        else:
            opinion = form_opinion(mind, then, root, name)
            ignored = without_ignored(mind, then, opinion).ignored
            found[name] = Former(opinion, frozenset(finding.fingerprint for finding, _ in ignored))
    return found


def _result(mind: Mind, now: Place, opinion: RootOpinion, former: Former | None) -> RootResult:
    thought = opinion.thought
    before = None if former is None else former.opinion
    dismissed = frozenset[str]() if former is None else former.dismissed
    sorted_out = without_ignored(mind, now, opinion)
    unreadable = before is not None and before.fatal
    configuration = thought.configuration
    if before is not None and not unreadable:
        configuration = replace(configuration, moved=moves(before.thought.configuration, configuration))
    findings: tuple[Finding, ...] = ()
    if not opinion.fatal:
        old = () if before is None or unreadable else before.thought.findings
        matched = match_findings(sorted_out.kept, old, tuple(finding for finding, _ in sorted_out.ignored), configuration.moved)
        findings = tuple(finding for finding in matched if finding.status != "fixed" or _is_mended(now, thought, dismissed, finding))
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


def _mended(at: Workshop, results: Sequence[RootResult]) -> list[RootResult]:
    """The results with a patch, or the reason why there is none, at each new finding."""
    new = [finding for result in results for finding in result.findings if finding.status == "new"]
    patched = {item.fingerprint: item for item in patch_findings(new, at)}
    return [replace(result, findings=tuple(patched.get(item.fingerprint, item) for item in result.findings)) for result in results]


def _is_mended(now: Place, thought: RootThought, dismissed: frozenset[str], gone: Finding) -> bool:
    """Whether a finding that is gone is good news: nobody had dismissed it, and its file can be read to the end, or is no more."""
    broken = gone.path in thought.configuration.files and bool(now.sources.file(gone.path).problems)
    return not broken and gone.fingerprint not in dismissed and not _refused(now, gone.path)


def _refused(now: Place, path: str) -> bool:
    """Whether a file, or a directory that it was in, is there and could not be read."""
    return any(path == refused or path.startswith(f"{refused}/") for refused in now.tree.refused)


def _unread(now: Place, former: Former) -> bool:
    """Whether a root is gone only because some of it could not be read."""
    return any(_refused(now, path) for path in former.opinion.thought.configuration.files)


def _removed(now: Place, former: Former) -> RootResult:
    """A root that is gone: what was wrong with it is mended, and what it cost is saved."""
    before, name = former.opinion, former.opinion.root.directory
    nothing = Configuration(name, (), (), {}, frozenset(), TerraformSettings(None, False, "", {}, None), (), ())
    bill = before.thought.bill
    findings = (finding for finding in before.thought.findings if finding.fingerprint not in former.dismissed)
    left = any(map(is_configuration, now.sources.directories.get(name, ())))
    return RootResult(
        root=name,
        why=tr("it was a root before this change, and is none now") if left else tr("this change removes it"),
        graph=Graph(nothing, {}, (), {}, {}),
        bill=Bill((), (), (), bill.prices_date),
        findings=() if before.fatal else tuple(replace(finding, status="fixed") for finding in findings),
        base_graph=None if before.fatal else before.graph,
        base_bill=None if before.fatal else bill,
        base_unreadable=before.fatal,
    )
