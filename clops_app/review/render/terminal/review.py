"""A Review for a terminal: findings, then money, then what is not known, and last the verdict and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from rich.console import Console
from rich.text import Text

from clops_app.model.finding import Finding
from clops_app.model.resource import Diagnostic
from clops_app.model.review import Review, Verdict
from clops_app.review.advice import price, steps
from clops_app.review.groups import Group, grouped
from clops_app.review.render.markdown.safe import visible
from clops_app.review.render.money import usd
from clops_app.review.render.terminal.cost import print_changes
from clops_app.review.render.terminal.findings import print_new
from clops_app.review.render.terminal.opinions import print_scan, print_second_bill
from clops_app.review.render.terminal.parts import STYLES, heading, labelled, left_out, prose, said
from clops_app.review.render.words import VERDICTS, listed, monthly, monthly_notes, over_budget, plural, severities, short_commit
from clops_app.review.stories import consequence, stories
from clops_app.review.words import NotWritten, Words, explained, lead_of, taken
from clops_app.rulebook.page import RulePage

_EXISTING = 10
_MOST = 50
_SIGNS: Mapping[Verdict, tuple[str, str]] = MappingProxyType(
    {"pass": ("✓", "bold green"), "warn": ("!", "bold yellow"), "fail": ("✗", "bold red")}
)


def print_review(
    console: Console, review: Review, pages: Mapping[str, RulePage], *, people: str = "users", scope: str = "", words: Words | None = None
) -> None:
    """Print a Review. `people` is what those who use the service are called; `scope` the directory that was asked for.

    `words` are a model's, in the place of the templates'. Of a great many things of one kind the first are printed, and
    how many more there are.
    """
    new = grouped(finding for finding in review.findings if finding.status == "new")
    _print_roots(console, review, scope)
    print_new(console, new, pages, compared=review.base is not None, explained=explained(review, words))
    _print_fixed(console, grouped(finding for finding in review.findings if finding.status == "fixed"))
    _print_existing(console, grouped(finding for finding in review.findings if finding.status == "existing"))
    print_changes(console, review)
    print_second_bill(console, review.second_bill)
    print_scan(console, review.scan)
    _print_ignored(console, review.ignored)
    _print_diagnostics(console, review.diagnostics)
    _print_words(console, words)
    _print_verdict(console, review, new, pages, people, lead_of(words))


def _print_roots(console: Console, review: Review, scope: str) -> None:
    """Which directories were taken for roots, and why, unless it is just the one that was asked for."""
    if [root.root for root in review.roots] in ([], [scope]):
        return
    heading(console, f"Reviewed: {plural(len(review.roots), 'root')}")
    for root in review.roots[:_MOST]:
        console.print(said(root.root or ".", "bold").append(f"  {visible(root.why)}", "dim"))
    left_out(console, len(review.roots) - _MOST, "root")


def _print_fixed(console: Console, fixed: Sequence[Group]) -> None:
    if fixed:
        heading(console, f"Mended by this change: {plural(len(fixed), 'finding')}")
        for group in fixed[:_MOST]:
            console.print(
                Text().append("✓ ", "green").append_text(prose(group.first.title.rstrip("."))).append(f"  {visible(group.address)}", "dim")
            )
        left_out(console, len(fixed) - _MOST, "finding")


def _print_existing(console: Console, existing: Sequence[Group]) -> None:
    if not existing:
        return
    heading(console, f"{plural(len(existing), 'older finding')}, not from this change: {severities(existing)}")
    for group in existing[:_EXISTING]:
        line = (
            Text()
            .append(group.first.severity, STYLES[group.first.severity])
            .append(" " * (9 - len(group.first.severity)))
            .append_text(prose(group.first.title.rstrip(".")))
        )
        console.print(line.append(f"  {visible(group.address)}", "dim"))
    if len(existing) > _EXISTING:
        console.print(said(f"and {plural(len(existing) - _EXISTING, 'more older finding')}: clops review --base none", "dim"))


def _print_ignored(console: Console, ignored: Sequence[tuple[Finding, str]]) -> None:
    if ignored:
        heading(console, f"Dismissed: {plural(len(ignored), 'finding')}")
        for finding, reason in ignored[:_MOST]:
            console.print(
                prose(finding.title.rstrip(".")).append(f"  {visible(finding.address)}: {visible(reason) or 'no reason given'}", "dim")
            )
        left_out(console, len(ignored) - _MOST, "finding")


def _print_diagnostics(console: Console, diagnostics: Sequence[Diagnostic]) -> None:
    """Promise five: what could not be evaluated is said."""
    if diagnostics:
        heading(console, f"Not evaluated: {len(diagnostics)}")
        for diagnostic in diagnostics[:_MOST]:
            style = "bold red" if diagnostic.fatal else "yellow"
            console.print(Text().append_text(said(diagnostic.what, style)).append("  ").append_text(said(diagnostic.where, "underline")))
            console.print(labelled("", prose(diagnostic.why)))
        left_out(console, len(diagnostics) - _MOST, "place")


def _print_words(console: Console, words: Words | None) -> None:
    """A model's story and questions, and what they took; or why there are none."""
    if words is None:
        return
    heading(console, "In words")
    if isinstance(words, NotWritten):
        console.print(said(f"From templates: {words.why.rstrip('.')}.", "dim"))
        return
    for paragraph in words.story:
        console.print(prose(paragraph))
    for question in words.questions:
        console.print(labelled("asked", prose(question)))
    refused = f"; {plural(len(words.refused), 'sentence')} refused" if words.refused else ""
    by = listed(list(dict.fromkeys(each.model for each in words.spent)))
    console.print(said(f"Written by {by}: {taken(words.spent)}{refused}. Every figure and name in it is ClOps's own.", "dim"))


def _print_verdict(
    console: Console, review: Review, new: Sequence[Group], pages: Mapping[str, RulePage], people: str, written: str
) -> None:
    sign, style = _SIGNS[review.verdict]
    told = stories(new)
    heading(console, "Verdict")
    lead = f" {written or consequence(told[0], people)}" if written or told else ""
    console.print(Text().append(f"{sign} {VERDICTS[review.verdict].capitalize()}.", style).append_text(prose(lead, "bold")))
    console.print(said(" · ".join(_facts(review, new))))
    for label, step in zip(("first", "then"), steps(told, pages), strict=False):
        cost = "" if step.patch is None else f" ({price(step.patch)}): `clops fix --rule {step.group.first.rule}`"
        console.print(labelled(label, prose(f"`{step.group.address}`: {step.words}{cost}")))


def _facts(review: Review, new: Sequence[Group]) -> Iterable[str]:
    notes = monthly_notes(review)
    yield severities(new) + (" new" if review.base else "") if new else "nothing new"
    yield monthly(review) + (f" ({notes})" if notes else "")
    over = over_budget(review)
    if over is not None:
        yield f"{usd(over)} over budget"
    if review.commit:
        yield f"for {short_commit(review.commit)}"
