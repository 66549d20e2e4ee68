"""A Review for a terminal: findings, then money, then what is not known, and last the one line that decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from rich.console import Console
from rich.text import Text

from clops_app.model.finding import Finding, Patch
from clops_app.model.resource import Diagnostic
from clops_app.model.review import Review, Verdict
from clops_app.review.groups import Group, grouped, message_of
from clops_app.review.render.markdown.safe import visible
from clops_app.review.render.money import usd
from clops_app.review.render.terminal.cost import print_changes
from clops_app.review.render.terminal.parts import STYLES, badge, heading, indented, labelled, prose, said
from clops_app.review.render.words import (
    VERDICTS,
    caution,
    first_sentence,
    monthly,
    monthly_notes,
    over_budget,
    plural,
    proof,
    severities,
    short_commit,
)
from clops_app.rulebook.page import RulePage

_DIFF_LINES = 14
_EXISTING = 10
_SIGNS: Mapping[Verdict, tuple[str, str]] = MappingProxyType(
    {"pass": ("✓", "bold green"), "warn": ("!", "bold yellow"), "fail": ("✗", "bold red")}
)


def print_review(console: Console, review: Review, pages: Mapping[str, RulePage]) -> None:
    """Print all of a Review. Nothing is left out but what existing findings would repeat."""
    new = grouped(finding for finding in review.findings if finding.status == "new")
    existing = grouped(finding for finding in review.findings if finding.status == "existing")
    fixed = grouped(finding for finding in review.findings if finding.status == "fixed")
    if new:
        heading(
            console,
            f"{plural(len(new), 'new finding')}: {severities(new)}" if review.base else f"{plural(len(new), 'finding')}: {severities(new)}",
        )
        for group in new:
            _print_group(console, group, pages.get(group.first.rule))
        hint = "`clops fix --write` applies the patches, " if any(group.patch for group in new) else ""
        console.print()
        console.print(prose(f"{hint}`clops explain RULE` tells more.", "dim"))
    _print_fixed(console, fixed)
    _print_existing(console, existing)
    print_changes(console, review)
    _print_ignored(console, review.ignored)
    _print_diagnostics(console, review.diagnostics)
    _print_verdict(console, review, new)


def _print_group(console: Console, group: Group, page: RulePage | None) -> None:
    first = group.first
    console.print()
    console.print(badge(first.severity).append_text(prose(first.title.rstrip("."), "bold")))
    many = f" ({len(group.findings)} instances)" if len(group.findings) > 1 else ""
    place = Text().append_text(said(f"{first.path}:{first.start_line}", "underline")).append(f"  {first.rule}", "dim")
    indented(console, said(f"{group.address}{many}", "cyan"), place, prose(message_of(group)))
    if page is not None:
        indented(console, labelled("why", prose(first_sentence(page.why))))
    indented(console, labelled("fix", *_fix(group, page)))


def _fix(group: Group, page: RulePage | None) -> Iterator[Text]:
    patch = group.patch
    if patch is None:
        yield prose(first_sentence(page.fix)) if page is not None else Text("no patch for this one")
        if group.first.why_no_patch:
            yield prose(f"No patch: {group.first.why_no_patch}", "dim")
        return
    yield prose(patch.title.rstrip("."))
    yield said(f"{proof(patch)}.", "green")
    if caution(patch):
        yield said(caution(patch), "yellow")
    yield from _diff(patch, group.first.rule)


def _diff(patch: Patch, rule: str) -> Iterator[Text]:
    """The lines that change, each with its sign; a long patch ends with where to see all of it."""
    lines = _without_realigned([line for line in patch.diff.splitlines() if line[:1] in {"+", "-"} and not line.startswith(("+++", "---"))])
    for line in lines[:_DIFF_LINES]:
        yield Text(line[:1] + " ", _sign_style(line)).append_text(_code(line[1:], _sign_style(line)))
    if len(lines) > _DIFF_LINES:
        yield said(f"… {plural(len(lines) - _DIFF_LINES, 'more line')}: clops fix --rule {rule} --diff", "dim")


def _without_realigned(lines: Sequence[str]) -> list[str]:
    """Lines that say the same with other spaces are left out: a new attribute moves the equals signs of its neighbours."""
    removed = Counter("".join(line[1:].split()) for line in lines if line.startswith("-"))
    added = Counter("".join(line[1:].split()) for line in lines if line.startswith("+"))
    same = {"-": removed & added, "+": added & removed}
    kept = []
    for line in lines:
        words = "".join(line[1:].split())
        if same[line[0]][words]:
            same[line[0]][words] -= 1
        else:
            kept.append(line)
    return kept


def _code(line: str, style: str) -> Text:
    """A line of code with its indentation."""
    body = line.expandtabs(4).rstrip()
    return Text(" " * (len(body) - len(body.lstrip())), style).append_text(said(body.lstrip(), style))


def _sign_style(line: str) -> str:
    return "green" if line.startswith("+") else "red"


def _print_fixed(console: Console, fixed: Sequence[Group]) -> None:
    if fixed:
        heading(console, f"Mended by this change: {plural(len(fixed), 'finding')}")
        for group in fixed:
            console.print(
                Text().append("✓ ", "green").append_text(prose(group.first.title.rstrip("."))).append(f"  {visible(group.address)}", "dim")
            )


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
        console.print(line.append(f"  {visible(group.first.path)}:{group.first.start_line}", "dim"))
    if len(existing) > _EXISTING:
        console.print(said(f"and {plural(len(existing) - _EXISTING, 'more older finding')}: clops review --base none", "dim"))


def _print_ignored(console: Console, ignored: Sequence[tuple[Finding, str]]) -> None:
    if ignored:
        heading(console, f"Dismissed: {plural(len(ignored), 'finding')}")
        for finding, reason in ignored:
            console.print(
                prose(finding.title.rstrip(".")).append(f"  {visible(finding.address)}: {visible(reason) or 'no reason given'}", "dim")
            )


def _print_diagnostics(console: Console, diagnostics: Sequence[Diagnostic]) -> None:
    """Promise five: what could not be evaluated is said."""
    if diagnostics:
        heading(console, f"Not evaluated: {len(diagnostics)}")
        for diagnostic in diagnostics:
            style = "bold red" if diagnostic.fatal else "yellow"
            console.print(Text().append_text(said(diagnostic.what, style)).append("  ").append_text(said(diagnostic.where, "underline")))
            indented(console, prose(diagnostic.why))


def _print_verdict(console: Console, review: Review, new: Sequence[Group]) -> None:
    sign, style = _SIGNS[review.verdict]
    notes = monthly_notes(review)
    count = severities(new) + (" new" if review.base else "") if new else "nothing new"
    words = [count, monthly(review) + (f" ({notes})" if notes else "")]
    over = over_budget(review)
    if over is not None:
        words.append(f"{usd(over)} over budget")
    if review.commit:
        words.append(f"for {short_commit(review.commit)}")
    heading(console, "Verdict")
    console.print(Text().append(f"{sign} {VERDICTS[review.verdict].capitalize()}", style).append_text(said(f": {' · '.join(words)}")))
