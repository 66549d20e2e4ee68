"""The words under the headline: what it comes to, what to do first, what can wait, what got better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from clops_app.review.groups import Group, count_by_severity
from clops_app.review.render.markdown.safe import code, prose
from clops_app.review.render.money import usd_delta
from clops_app.review.render.words import first_sentence, listed
from clops_app.review.stories import PHRASES, Story, stories
from clops_app.review.verdict import at_least
from clops_app.rulebook.page import RulePage

_MOST_STORIES = 2
_MOST_CLAUSES = 3  # the table has the rest


def story(new: Sequence[Group], fixed: Sequence[Group], pages: Mapping[str, RulePage], people: str) -> str:
    """A few sentences, or nothing. `people` is what those who use the service are called: users, players."""
    told = stories(new)
    paragraphs = [words for one in told[:_MOST_STORIES] if (words := _told(one, people))]
    if told:
        paragraphs.append(" ".join(filter(None, (*_steps(told, pages), _waits(new)))))
    if fixed:
        what = listed(list(dict.fromkeys(prose(group.first.title.rstrip(".")) for group in fixed)), most=5)
        paragraphs.append(f"✅ **Mended by this change:** {what}.")
    return "\n\n".join(paragraphs)


def _told(one: Story, people: str) -> str:
    phrases = [PHRASES[group.first.rule] for group in one.groups if group.first.rule in PHRASES]
    if not phrases:
        return ""
    blocks = list(dict.fromkeys(code(group.address) for group in one.groups))
    clauses = list(dict.fromkeys(phrase.clause.format(people=people) for phrase in phrases))
    return f"{listed(blocks)}: {listed(clauses[:_MOST_CLAUSES])}. {phrases[0].consequence.format(people=people)}"


def _steps(told: Sequence[Story], pages: Mapping[str, RulePage]) -> tuple[str, ...]:
    """What to do first: of the worst, what a proven patch does, the cheapest first; then the worst that needs a hand."""
    worst = [group for one in told for group in one.groups if group.first.severity == told[0].groups[0].first.severity]
    first = min(worst, key=_effort)
    if first.patch is None:
        return (f"**Do this first:** {_by_hand(first, pages)}",)
    patch = first.patch
    cost = "" if patch.monthly_usd_delta is None else f" ({usd_delta(patch.monthly_usd_delta)} a month)"
    step = f"**Do this first:** {code(first.address)}: {prose(patch.title.rstrip('.'))}{cost}; the patch is below."
    then = next((group for group in worst if group.patch is None), None)
    return (step,) if then is None else (step, f"**Then:** {_by_hand(then, pages)}")


def _effort(group: Group) -> tuple[bool, bool, Decimal]:
    patch = group.patch
    if patch is None:
        return True, True, Decimal(0)
    return False, patch.monthly_usd_delta is None, patch.monthly_usd_delta or Decimal(0)


def _by_hand(group: Group, pages: Mapping[str, RulePage]) -> str:
    page = pages.get(group.first.rule)
    if page is None:
        return f"{code(group.address)}, in {code(f'{group.first.path}:{group.first.start_line}')}."
    return f"{code(group.address)}: {prose(first_sentence(page.fix))}"


def _waits(new: Sequence[Group]) -> str:
    later = [group for group in new if not at_least(group.first.severity, "high")]
    if not later or len(later) == len(new):
        return ""
    counts = [f"{count} {severity}" for severity, count in count_by_severity(later).items()]
    return f"**What can wait:** {listed(counts)}."
