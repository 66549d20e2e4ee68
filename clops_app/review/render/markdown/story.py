"""The words under the headline: what to do first, what then, what can wait, what got better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clops_app.language import tr
from clops_app.review.advice import NO_ORDER, Step, price, steps
from clops_app.review.groups import Group, count_by_severity
from clops_app.review.render.markdown.safe import code, prose
from clops_app.review.render.words import counted, listed
from clops_app.review.stories import stories
from clops_app.review.verdict import at_least
from clops_app.rulebook.page import RulePage


def story(new: Sequence[Group], fixed: Sequence[Group], pages: Mapping[str, RulePage], urgency: Mapping[str, int] = NO_ORDER) -> str:
    """A few sentences, or nothing. `urgency` as `steps` takes it."""
    paragraphs = []
    if new:
        labels = (tr("Do this first"), tr("Then"))
        todo = [f"- **{label}:** {_step(step)}" for label, step in zip(labels, steps(stories(new), pages, urgency), strict=False)]
        paragraphs.append("\n".join([*todo, *_waits(new)]))
    return "\n\n".join([*paragraphs, *mended(fixed)])


def mended(fixed: Sequence[Group]) -> tuple[str, ...]:
    """What the change makes better, if it does."""
    what = listed(list(dict.fromkeys(prose(group.first.title.rstrip(".")) for group in fixed)), most=5)
    return (tr("✅ **Mended by this change:** {what}.", what=what),) if what else ()


def _step(step: Step) -> str:
    address, words = code(step.group.address, 120), prose(step.words)
    if step.patch is None:
        return tr("{address}: {words}.", address=address, words=words)
    return tr("{address}: {words} ({price}, patch below).", address=address, words=words, price=price(step.patch))


def _waits(new: Sequence[Group]) -> tuple[str, ...]:
    later = [group for group in new if not at_least(group.first.severity, "high")]
    if not later or len(later) == len(new):
        return ()
    counts = [counted(severity, count) for severity, count in count_by_severity(later).items()]
    return (tr("- **What can wait:** {counts}.", counts=listed(counts)),)
