"""What a verdict rests on, as an answer to somebody who asks: each reason by name, and what it would take to change it."""

from __future__ import annotations

from collections.abc import Iterator

from clops_app.language import tr, trn
from clops_app.model.finding import Severity
from clops_app.model.review import Review
from clops_app.review.groups import Group, grouped
from clops_app.review.render.links import Links, linked
from clops_app.review.render.markdown.safe import code, prose
from clops_app.review.render.money import usd, usd_short
from clops_app.review.render.words import ICONS, severity_word, verdict_words
from clops_app.review.verdict import at_least, budget_exceeded, essential

_MOST = 20


def why(review: Review, fail_on: Severity | None, links: Links) -> str:
    """Markdown: the verdict, then its reasons as a list."""
    reasons = [*_findings(review, fail_on, links), *_budget(review), *_unread(review)]
    verdict = verdict_words(review.verdict).capitalize()
    if not reasons:
        return tr("**{verdict}**: this change brings nothing that weighs, and all of it could be read.", verdict=verdict)
    return "\n".join([tr("**{verdict}**, because", verdict=verdict), "", *reasons, "", _ways_out(fail_on)])


def _findings(review: Review, fail_on: Severity | None, links: Links) -> Iterator[str]:
    threshold: Severity = fail_on or "high"
    new = grouped(finding for finding in review.findings if finding.status == "new")
    weighing = [group for group in new if at_least(group.first.severity, "medium") or at_least(group.first.severity, threshold)]
    for group in weighing[:_MOST]:
        yield f"- {_finding(group, threshold, links)}"
    if len(weighing) > _MOST:
        yield trn("- and {count:,} more finding like these", "- and {count:,} more findings like these", len(weighing) - _MOST)


def _finding(group: Group, threshold: Severity, links: Links) -> str:
    first = group.first
    place = linked(code(f"{first.path}:{first.start_line}"), links.file(first.path, first.start_line, first.end_line))
    rule = linked(code(first.rule), links.rule(first.rule))
    severity, message = severity_word(first.severity), prose(first.message)
    if at_least(first.severity, threshold):
        said = tr("{severity} fails it: {message} ({rule}, {place})", severity=severity, message=message, rule=rule, place=place)
    else:
        said = tr("{severity} makes it a warning: {message} ({rule}, {place})", severity=severity, message=message, rule=rule, place=place)
    return f"{ICONS[first.severity]} {said}"


def _budget(review: Review) -> Iterator[str]:
    if review.budget is not None and budget_exceeded(review.before, review.after, review.budget):
        amount, budget = usd(review.after), usd_short(review.budget.monthly_usd)
        if review.budget.on_exceed == "fail":
            yield tr("- 💸 the cost fails it: {amount} a month, and your budget is {budget}", amount=amount, budget=budget)
        else:
            yield tr("- 💸 the cost makes it a warning: {amount} a month, and your budget is {budget}", amount=amount, budget=budget)


def _unread(review: Review) -> Iterator[str]:
    lost = [diagnostic for diagnostic in review.diagnostics if essential(diagnostic)]
    for diagnostic in lost[:_MOST]:
        what = f"{prose(diagnostic.what)} ({code(diagnostic.where)}): {prose(diagnostic.why)}"
        yield tr("- ❓ not everything could be read, which makes it a warning: {what}", what=what)
    if len(lost) > _MOST:
        left = len(lost) - _MOST
        yield trn("- and {count:,} more part that could not be read", "- and {count:,} more parts that could not be read", left)


def _ways_out(fail_on: Severity | None) -> str:
    gate = (
        tr("Your settings say `fail_on: {severity}`.", severity=fail_on)
        if fail_on
        else tr("Without `fail_on` in `.clops.yml` a new finding that is high or critical fails it.")
    )
    ways = tr("`/clops fix all` commits what is proven and safe, `/clops ignore RULE reason…` says that you live with one.")
    return f"{gate} {ways}"
