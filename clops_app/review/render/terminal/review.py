"""A Review for a terminal: findings, then money, then what is not known, and last the verdict and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from clops_app.language import tr, trn
from clops_app.model.finding import Finding
from clops_app.model.resource import Diagnostic
from clops_app.model.review import Review, Verdict
from clops_app.review.advice import price, steps
from clops_app.review.groups import Group, grouped
from clops_app.review.render.markdown.folds import older_findings
from clops_app.review.render.markdown.safe import visible
from clops_app.review.render.money import usd
from clops_app.review.render.more import more_findings, more_older_findings, more_places, more_roots
from clops_app.review.render.proposed import proposals_line
from clops_app.review.render.terminal.cost import print_changes
from clops_app.review.render.terminal.findings import print_new
from clops_app.review.render.terminal.opinions import print_scan, print_second_bill
from clops_app.review.render.terminal.parts import STYLES, heading, labelled, left_out, prose, said
from clops_app.review.render.words import (
    listed,
    monthly,
    monthly_notes,
    over_budget,
    severities,
    severity_word,
    short_commit,
    verdict_words,
)
from clops_app.review.stories import consequence, stories
from clops_app.review.words import NotWritten, Words, explained, lead_of, taken, urgency
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
    if review.proposals is not None:
        console.print(said(proposals_line(review.proposals), "dim"))
    _print_fixed(console, grouped(finding for finding in review.findings if finding.status == "fixed"))
    _print_existing(console, grouped(finding for finding in review.findings if finding.status == "existing"))
    print_changes(console, review)
    print_second_bill(console, review.second_bill)
    print_scan(console, review.scan)
    _print_ignored(console, review.ignored)
    _print_diagnostics(console, review.diagnostics)
    _print_words(console, words)
    _print_verdict(console, review, new, pages, people, words)


def _print_roots(console: Console, review: Review, scope: str) -> None:
    """Which directories were taken for roots, and why, unless it is just the one that was asked for."""
    if [root.root for root in review.roots] in ([], [scope]):
        return
    heading(console, trn("Reviewed: {count:,} root", "Reviewed: {count:,} roots", len(review.roots)))
    for root in review.roots[:_MOST]:
        console.print(said(root.root or ".", "bold").append(f"  {visible(root.why)}", "dim"))
    left_out(console, len(review.roots) - _MOST, more_roots)


def _print_fixed(console: Console, fixed: Sequence[Group]) -> None:
    if fixed:
        heading(console, trn("Mended by this change: {count:,} finding", "Mended by this change: {count:,} findings", len(fixed)))
        for group in fixed[:_MOST]:
            console.print(
                Text().append("✓ ", "green").append_text(prose(group.first.title.rstrip("."))).append(f"  {visible(group.address)}", "dim")
            )
        left_out(console, len(fixed) - _MOST, more_findings)


def _print_existing(console: Console, existing: Sequence[Group]) -> None:
    if not existing:
        return
    heading(console, older_findings(existing))
    for group in existing[:_EXISTING]:
        word = severity_word(group.first.severity)
        line = (
            Text()
            .append(word, STYLES[group.first.severity])
            .append(" " * (9 - cell_len(word)))
            .append_text(prose(group.first.title.rstrip(".")))
        )
        console.print(line.append(f"  {visible(group.address)}", "dim"))
    if len(existing) > _EXISTING:
        console.print(said(f"{more_older_findings(len(existing) - _EXISTING)}: clops review --base none", "dim"))


def _print_ignored(console: Console, ignored: Sequence[tuple[Finding, str]]) -> None:
    if ignored:
        heading(console, trn("Dismissed: {count:,} finding", "Dismissed: {count:,} findings", len(ignored)))
        for finding, reason in ignored[:_MOST]:
            why = visible(reason) or tr("no reason given")
            console.print(prose(finding.title.rstrip(".")).append(f"  {visible(finding.address)}: {why}", "dim"))
        left_out(console, len(ignored) - _MOST, more_findings)


def _print_diagnostics(console: Console, diagnostics: Sequence[Diagnostic]) -> None:
    """Promise five: what could not be evaluated is said."""
    if diagnostics:
        heading(console, tr("Not evaluated: {count}", count=len(diagnostics)))
        for diagnostic in diagnostics[:_MOST]:
            style = "bold red" if diagnostic.fatal else "yellow"
            console.print(Text().append_text(said(diagnostic.what, style)).append("  ").append_text(said(diagnostic.where, "underline")))
            console.print(labelled("", prose(diagnostic.why)))
        left_out(console, len(diagnostics) - _MOST, more_places)


def _print_words(console: Console, words: Words | None) -> None:
    """A model's story and questions, and what they took; or why there are none."""
    if words is None:
        return
    heading(console, tr("In words"))
    if isinstance(words, NotWritten):
        console.print(said(tr("From templates: {why}.", why=words.why.rstrip(".")), "dim"))
        return
    for paragraph in words.story:
        console.print(prose(paragraph))
    for question in words.questions:
        console.print(labelled(tr("asked"), prose(question)))
    refused = [trn("{count:,} sentence refused", "{count:,} sentences refused", len(words.refused))] if words.refused else []
    by = listed(list(dict.fromkeys(each.model for each in words.spent)))
    took = "; ".join([taken(words), *refused])
    note = tr("Written by {models}: {took}. Every figure and name in it is ClOps's own.", models=by, took=took)
    console.print(said(note, "dim"))


def _print_verdict(
    console: Console, review: Review, new: Sequence[Group], pages: Mapping[str, RulePage], people: str, words: Words | None
) -> None:
    sign, style = _SIGNS[review.verdict]
    told = stories(new)
    heading(console, tr("Verdict"))
    written = lead_of(words)
    lead = f" {written or consequence(told[0], people)}" if written or told else ""
    console.print(Text().append(f"{sign} {verdict_words(review.verdict).capitalize()}.", style).append_text(prose(lead, "bold")))
    console.print(said(" · ".join(_facts(review, new))))
    for label, step in zip((tr("first"), tr("then")), steps(told, pages, urgency(review, words)), strict=False):
        cost = "" if step.patch is None else f" ({price(step.patch)})"
        command = "" if step.patch is None or step.patch.proposed_by else f": `clops fix --rule {step.group.first.rule}`"
        console.print(labelled(label, prose(f"`{step.group.address}`: {step.words}{cost}{command}")))


def _facts(review: Review, new: Sequence[Group]) -> Iterable[str]:
    notes = monthly_notes(review)
    if not new:
        yield tr("nothing new")
    elif review.base:
        yield tr("{severities} new", severities=severities(new))
    else:
        yield severities(new)
    yield monthly(review) + (f" ({notes})" if notes else "")
    over = over_budget(review)
    if over is not None:
        yield tr("{amount} over budget", amount=usd(over))
    if review.commit:
        yield tr("for {commit}", commit=short_commit(review.commit))
