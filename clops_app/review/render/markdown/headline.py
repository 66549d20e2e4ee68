"""The first thing on the phone: may I merge, what does it cost, how much is wrong, for which commit."""

from __future__ import annotations

from collections.abc import Sequence

from clops_app.language import tr, trn
from clops_app.model.review import Review
from clops_app.review.groups import Group
from clops_app.review.render.markdown.safe import code, prose
from clops_app.review.render.money import usd, usd_short
from clops_app.review.render.words import is_commit, monthly, monthly_notes, over_budget, severities, short_commit, verdict_words
from clops_app.review.stories import consequence, stories
from clops_app.review.verdict import at_least, essential

MARKER = "<!-- clops:review -->"


def headline(review: Review, new: Sequence[Group], lead: str) -> str:
    """The heading and, under it, one line of facts. `lead` is the sentence that matters most."""
    return f"### ClOps: {verdict_words(review.verdict)}. {lead}\n\n{_facts(review, new)}"


def one_line(review: Review, existing: Sequence[Group]) -> str:
    """All there is to say when there is nothing to say."""
    notes = monthly_notes(review)
    words = f"**ClOps: {verdict_words(review.verdict)}.** {monthly(review)}{f', {notes}' if notes else ''}."
    if existing:
        words += " " + trn(
            "{count:,} older finding is not from this change.", "{count:,} older findings are not from this change.", len(existing)
        )
    return words


def lead_sentence(review: Review, new: Sequence[Group], fixed: Sequence[Group], people: str) -> str:
    """What the worst of it means for those who use the service; without new findings, whatever else matters most."""
    broken = [diagnostic for diagnostic in review.diagnostics if essential(diagnostic)]
    over = over_budget(review)
    if new and (at_least(new[0].first.severity, "medium") or not (over or broken)):
        return prose(consequence(stories(new)[0], people))
    if over is not None and review.budget is not None:
        budget = usd_short(review.budget.monthly_usd)
        return tr("It costs {amount} a month more than your {budget} budget allows.", amount=usd(over), budget=budget)
    if broken:
        return trn("{count:,} part of the code could not be read.", "{count:,} parts of the code could not be read.", len(broken))
    return trn("It mends {count:,} finding.", "It mends {count:,} findings.", len(fixed)) if fixed else tr("Nothing new is wrong.")


def _facts(review: Review, new: Sequence[Group]) -> str:
    notes = monthly_notes(review)
    facts = [f"**{monthly(review)}**{f' ({notes})' if notes else ''}"]
    facts.append(severities(new, icons=True) if new else tr("no new findings"))
    facts.append(_which(review))
    return " · ".join(fact for fact in facts if fact)


def _which(review: Review) -> str:
    commit = code(short_commit(review.commit)) if review.commit else ""
    if review.base is None:
        facts = [tr("for {commit}", commit=commit)] if commit else []
        return " · ".join([*facts, tr("first review: everything counts as new")])
    base = code(short_commit(review.base)) if is_commit(review.base) else prose(review.base)
    return tr("for {commit} against {base}", commit=commit, base=base) if commit else tr("against {base}", base=base)
