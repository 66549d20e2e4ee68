"""The first thing on the phone: may I merge, what does it cost, how much is wrong, for which commit."""

from __future__ import annotations

from collections.abc import Sequence

from clops_app.model.review import Review
from clops_app.review.groups import Group
from clops_app.review.render.markdown.safe import code, prose
from clops_app.review.render.money import usd, usd_short
from clops_app.review.render.words import (
    VERDICTS,
    is_commit,
    monthly,
    monthly_notes,
    over_budget,
    plural,
    severities,
    short_commit,
)
from clops_app.review.stories import consequence, stories
from clops_app.review.verdict import at_least, essential

MARKER = "<!-- clops:review -->"


def headline(review: Review, new: Sequence[Group], lead: str) -> str:
    """The heading and, under it, one line of facts. `lead` is the sentence that matters most."""
    return f"### ClOps: {VERDICTS[review.verdict]}. {lead}\n\n{_facts(review, new)}"


def one_line(review: Review, existing: Sequence[Group]) -> str:
    """All there is to say when there is nothing to say."""
    notes = monthly_notes(review)
    words = f"**ClOps: {VERDICTS[review.verdict]}.** {monthly(review)}{f', {notes}' if notes else ''}."
    if existing:
        words += f" {plural(len(existing), 'older finding')} {'is' if len(existing) == 1 else 'are'} not from this change."
    return words


def lead_sentence(review: Review, new: Sequence[Group], fixed: Sequence[Group], people: str) -> str:
    """What the worst of it means for those who use the service; without new findings, whatever else matters most."""
    broken = [diagnostic for diagnostic in review.diagnostics if essential(diagnostic)]
    over = over_budget(review)
    if new and (at_least(new[0].first.severity, "medium") or not (over or broken)):
        return prose(consequence(stories(new)[0], people))
    if over is not None and review.budget is not None:
        return f"It costs {usd(over)} a month more than your {usd_short(review.budget.monthly_usd)} budget allows."
    if broken:
        return f"{plural(len(broken), 'part')} of the code could not be read."
    return f"It mends {plural(len(fixed), 'finding')}." if fixed else "Nothing new is wrong."


def _facts(review: Review, new: Sequence[Group]) -> str:
    notes = monthly_notes(review)
    facts = [f"**{monthly(review)}**{f' ({notes})' if notes else ''}"]
    facts.append(f"{severities(new, icons=True)}" if new else "no new findings")
    facts.append(_which(review))
    return " · ".join(fact for fact in facts if fact)


def _which(review: Review) -> str:
    commit = f"for {code(short_commit(review.commit))}" if review.commit else ""
    if review.base is None:
        return f"{commit} · first review: everything counts as new".removeprefix(" · ")
    base = code(short_commit(review.base)) if is_commit(review.base) else prose(review.base)
    return f"{commit} against {base}".strip()
