"""What a verdict rests on, as an answer to somebody who asks: each reason by name, and what it would take to change it."""

from __future__ import annotations

from collections.abc import Iterator

from clops_app.model.finding import Severity
from clops_app.model.review import Review
from clops_app.review.groups import Group, grouped
from clops_app.review.render.links import Links, linked
from clops_app.review.render.markdown.safe import code, prose
from clops_app.review.render.money import usd, usd_short
from clops_app.review.render.words import ICONS, VERDICTS, plural
from clops_app.review.verdict import at_least, budget_exceeded, essential

_MOST = 20


def why(review: Review, fail_on: Severity | None, links: Links) -> str:
    """Markdown: the verdict, then its reasons as a list."""
    reasons = [*_findings(review, fail_on, links), *_budget(review), *_unread(review)]
    said = f"**{VERDICTS[review.verdict].capitalize()}**, because"
    if not reasons:
        return f"**{VERDICTS[review.verdict].capitalize()}**: this change brings nothing that weighs, and all of it could be read."
    return "\n".join([said, "", *reasons, "", _ways_out(fail_on)])


def _findings(review: Review, fail_on: Severity | None, links: Links) -> Iterator[str]:
    threshold: Severity = fail_on or "high"
    new = grouped(finding for finding in review.findings if finding.status == "new")
    weighing = [group for group in new if at_least(group.first.severity, "medium") or at_least(group.first.severity, threshold)]
    for group in weighing[:_MOST]:
        yield f"- {_finding(group, threshold, links)}"
    if len(weighing) > _MOST:
        yield f"- and {plural(len(weighing) - _MOST, 'more finding')} like these"


def _finding(group: Group, threshold: Severity, links: Links) -> str:
    first = group.first
    place = linked(code(f"{first.path}:{first.start_line}"), links.file(first.path, first.start_line, first.end_line))
    rule = linked(code(first.rule), links.rule(first.rule))
    does = "fails it" if at_least(first.severity, threshold) else "makes it a warning"
    return f"{ICONS[first.severity]} {first.severity} {does}: {prose(first.message)} ({rule}, {place})"


def _budget(review: Review) -> Iterator[str]:
    if review.budget is not None and budget_exceeded(review.before, review.after, review.budget):
        does = "fails it" if review.budget.on_exceed == "fail" else "makes it a warning"
        yield f"- 💸 the cost {does}: {usd(review.after)} a month, and your budget is {usd_short(review.budget.monthly_usd)}"


def _unread(review: Review) -> Iterator[str]:
    lost = [diagnostic for diagnostic in review.diagnostics if essential(diagnostic)]
    for diagnostic in lost[:_MOST]:
        what = f"{prose(diagnostic.what)} ({code(diagnostic.where)}): {prose(diagnostic.why)}"
        yield f"- ❓ not everything could be read, which makes it a warning: {what}"
    if len(lost) > _MOST:
        yield f"- and {plural(len(lost) - _MOST, 'more part')} that could not be read"


def _ways_out(fail_on: Severity | None) -> str:
    gate = (
        f"Your settings say `fail_on: {fail_on}`."
        if fail_on
        else "Without `fail_on` in `.clops.yml` a new finding that is high or critical fails it."
    )
    return f"{gate} `/clops fix all` commits what is proven and safe, `/clops ignore RULE reason…` says that you live with one."
