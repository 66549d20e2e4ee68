"""What is there when somebody opens it: older findings, what could not be evaluated, how to ignore, versions."""

from __future__ import annotations

from collections.abc import Sequence

from clops_app.model.finding import Finding
from clops_app.model.resource import Diagnostic
from clops_app.model.review import Review
from clops_app.review.groups import Group
from clops_app.review.render.links import Links, linked
from clops_app.review.render.markdown.findings import place
from clops_app.review.render.markdown.fit import Section, Variant, details, section
from clops_app.review.render.markdown.safe import code, fenced, prose
from clops_app.review.render.words import ICONS, plural, severities, short_commit
from clops_app.review.verdict import essential

_LIST = 10


def existing_section(existing: Sequence[Group], links: Links) -> tuple[Section, ...]:
    """Counted, not repeated: a short list with places."""
    if not existing:
        return ()
    summary = f"🗂 {plural(len(existing), 'older finding')}, not from this change: {severities(existing)}"
    lines = [
        f"- {ICONS[group.first.severity]} {linked(prose(group.first.title.rstrip('.')), links.rule(group.first.rule))}"
        f" {code(group.address, 120)} {place(group, links)}"
        for group in existing
    ]
    note = Variant(f"{summary}.")
    return (section(2, Variant(details(summary, _most(lines, _LIST, "older finding"))), note),)


def unevaluated_section(diagnostics: Sequence[Diagnostic]) -> tuple[Section, ...]:
    """What could not be done is said; what may hide what matters is said first and lies open."""
    if not diagnostics:
        return ()
    lines = [_diagnostic(diagnostic) for diagnostic in diagnostics]
    summary = f"❔ What was not evaluated ({len(diagnostics)})"
    opened = any(essential(diagnostic) for diagnostic in diagnostics)
    counts = (20, 8, 3)
    variants = [Variant(details(summary, _most(lines, count, "more place", plain=True), opened=opened)) for count in counts]
    return (section(7, *variants),)


def reviewed_section(review: Review) -> tuple[Section, ...]:
    """Which directories were taken for roots, and why."""
    if not review.roots:
        return ()
    lines = [f"- {_root(root.root)}: {prose(root.why)}" for root in review.roots]
    summary = f"📁 What was reviewed: {plural(len(lines), 'root')}"
    return (section(2, details(summary, _most(lines, 20, "root")), Variant("", "the list of roots")),)


def _root(directory: str) -> str:
    return code(directory) if directory else "the top of the repository"


def ignore_section(new: Sequence[Group], ignored: Sequence[tuple[Finding, str]]) -> tuple[Section, ...]:
    """How to dismiss, shown with the first finding's own names, and what was dismissed already."""
    if not new and not ignored:
        return ()
    parts = []
    if new:
        rule, address = new[0].first.rule, new[0].address
        parts = [
            f"On the line above the block, in {code(new[0].first.path)}:",
            fenced(f"# clops:ignore {rule} why this is meant", "hcl"),
            "Or in `.clops.yml` of the base branch:",
            fenced(f'ignore:\n  - {{rule: {rule}, address: {_yaml(address)}, reason: "why this is meant"}}', "yaml"),
            "With `until=YYYY-MM-DD` (in the file: `until: YYYY-MM-DD`) it comes back after that day.",
        ]
    if ignored:
        lines = [f"- {prose(finding.title.rstrip('.'))} {code(finding.address, 120)}: {prose(reason)}" for finding, reason in ignored]
        parts += [f"Dismissed already ({len(ignored)}):", _most(lines, _LIST, "dismissed finding")]
    return (section(3, details("🔕 How to ignore a finding", "\n\n".join(parts)), ""),)


def footer(review: Review, version: str) -> Section:
    """Versions and what was compared, in small print."""
    parts = [f"ClOps {version}"]
    if review.rules:
        parts.append(plural(len(review.rules), "rule"))
    if review.prices_date:
        parts.append(f"prices of {prose(review.prices_date)}")
    if review.commit:
        parts.append(f"for {code(short_commit(review.commit))}")
    return section(10, f"<sub>{' · '.join(parts)}</sub>")


def _diagnostic(diagnostic: Diagnostic) -> str:
    where = f" {code(diagnostic.where, 160)}" if diagnostic.where else ""
    return f"- {'**nothing of this root:** ' if diagnostic.fatal else ''}{prose(diagnostic.what)}{where}: {prose(diagnostic.why)}"


def _most(lines: Sequence[str], most: int, what: str, *, plain: bool = False) -> str:
    left = len(lines) - most
    if left <= 0:
        return "\n".join(lines)
    last = f"- and {plural(left, what)}" if plain else f"- and {plural(left, f'more {what}')}"
    return "\n".join([*lines[:most], last])


def _yaml(address: str) -> str:
    """An address as a YAML scalar that may stand in a flow mapping."""
    return "'" + address.replace("'", "''") + "'"
