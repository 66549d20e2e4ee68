"""What is there when somebody opens it: older findings, what could not be evaluated, how to ignore, versions."""

from __future__ import annotations

from collections.abc import Sequence

from clops_app.language import tr, trn
from clops_app.model.finding import Finding
from clops_app.model.resource import Diagnostic
from clops_app.model.review import Review
from clops_app.review.groups import Group
from clops_app.review.render.links import Links, linked
from clops_app.review.render.markdown.findings import place
from clops_app.review.render.markdown.fit import Section, Variant, details, section
from clops_app.review.render.markdown.safe import code, fenced, prose
from clops_app.review.render.more import More, more_dismissed_findings, more_older_findings, more_places, more_roots
from clops_app.review.render.words import ICONS, severities, short_commit
from clops_app.review.verdict import essential

_LIST = 10


def existing_section(existing: Sequence[Group], links: Links) -> tuple[Section, ...]:
    """Counted, not repeated: a short list with places."""
    if not existing:
        return ()
    summary = f"🗂 {older_findings(existing)}"
    lines = [
        f"- {ICONS[group.first.severity]} {linked(prose(group.first.title.rstrip('.')), links.rule(group.first.rule))}"
        f" {code(group.address, 120)} {place(group, links)}"
        for group in existing
    ]
    note = Variant(f"{summary}.")
    return (section(2, Variant(details(summary, _most(lines, _LIST, more_older_findings))), note),)


def older_findings(existing: Sequence[Group]) -> str:
    """`3 older findings, not from this change: 1 high, 2 low`."""
    return trn(
        "{count:,} older finding, not from this change: {severities}",
        "{count:,} older findings, not from this change: {severities}",
        len(existing),
        severities=severities(existing),
    )


def unevaluated_section(diagnostics: Sequence[Diagnostic]) -> tuple[Section, ...]:
    """What could not be done is said; what may hide what matters is said first and lies open."""
    if not diagnostics:
        return ()
    lines = [_diagnostic(diagnostic) for diagnostic in diagnostics]
    summary = tr("❔ What was not evaluated ({count})", count=len(diagnostics))
    opened = any(essential(diagnostic) for diagnostic in diagnostics)
    counts = (20, 8, 3)
    variants = [Variant(details(summary, _most(lines, count, more_places), opened=opened)) for count in counts]
    return (section(7, *variants),)


def reviewed_section(review: Review) -> tuple[Section, ...]:
    """Which directories were taken for roots, and why."""
    if not review.roots:
        return ()
    lines = [f"- {_root(root.root)}: {prose(root.why)}" for root in review.roots]
    summary = trn("📁 What was reviewed: {count:,} root", "📁 What was reviewed: {count:,} roots", len(lines))
    return (section(2, details(summary, _most(lines, 20, more_roots)), Variant("", tr("the list of roots"))),)


def _root(directory: str) -> str:
    return code(directory) if directory else tr("the top of the repository")


def ignore_section(new: Sequence[Group], ignored: Sequence[tuple[Finding, str]]) -> tuple[Section, ...]:
    """How to dismiss, shown with the first finding's own names, and what was dismissed already."""
    if not new and not ignored:
        return ()
    parts = []
    if new:
        rule, address, reason = new[0].first.rule, new[0].address, tr("why this is meant")
        parts = [
            tr("On the line above the block, in {path}:", path=code(new[0].first.path)),
            fenced(f"# clops:ignore {rule} {reason}", "hcl"),
            tr("Or in `.clops.yml` of the base branch:"),
            fenced(f'ignore:\n  - {{rule: {rule}, address: {_yaml(address)}, reason: "{reason}"}}', "yaml"),
            tr("With `until=YYYY-MM-DD` (in the file: `until: YYYY-MM-DD`) it comes back after that day."),
        ]
    if ignored:
        lines = [f"- {prose(finding.title.rstrip('.'))} {code(finding.address, 120)}: {prose(reason)}" for finding, reason in ignored]
        parts += [tr("Dismissed already ({count}):", count=len(ignored)), _most(lines, _LIST, more_dismissed_findings)]
    return (section(3, details(tr("🔕 How to ignore a finding"), "\n\n".join(parts)), ""),)


def footer(review: Review, version: str) -> Section:
    """Versions and what was compared, in small print."""
    parts = [f"ClOps {version}"]
    if review.rules:
        parts.append(trn("{count:,} rule", "{count:,} rules", len(review.rules)))
    if review.prices_date:
        parts.append(tr("prices of {date}", date=prose(review.prices_date)))
    if review.commit:
        parts.append(tr("for {commit}", commit=code(short_commit(review.commit))))
    return section(10, f"<sub>{' · '.join(parts)}</sub>")


def _diagnostic(diagnostic: Diagnostic) -> str:
    where = f" {code(diagnostic.where, 160)}" if diagnostic.where else ""
    fatal = [tr("**nothing of this root:**")] if diagnostic.fatal else []
    return " ".join(["-", *fatal, f"{prose(diagnostic.what)}{where}: {prose(diagnostic.why)}"])


def _most(lines: Sequence[str], most: int, more: More) -> str:
    left = len(lines) - most
    return "\n".join([*lines[:most], *([f"- {more(left)}"] if left > 0 else [])])


def _yaml(address: str) -> str:
    """An address as a YAML scalar that may stand in a flow mapping."""
    return "'" + address.replace("'", "''") + "'"
