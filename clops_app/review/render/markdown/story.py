"""The words under the headline: what to do first, what then, what can wait, what got better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clops_app.review.advice import Step, price, steps
from clops_app.review.groups import Group, count_by_severity
from clops_app.review.render.markdown.safe import code, prose
from clops_app.review.render.words import listed
from clops_app.review.stories import stories
from clops_app.review.verdict import at_least
from clops_app.rulebook.page import RulePage


def story(new: Sequence[Group], fixed: Sequence[Group], pages: Mapping[str, RulePage]) -> str:
    """A few sentences, or nothing."""
    paragraphs = []
    if new:
        labels = ("Do this first", "Then")
        todo = [f"- **{label}:** {_step(step)}" for label, step in zip(labels, steps(stories(new), pages), strict=False)]
        paragraphs.append("\n".join([*todo, *_waits(new)]))
    return "\n\n".join([*paragraphs, *mended(fixed)])


def mended(fixed: Sequence[Group]) -> tuple[str, ...]:
    """What the change makes better, if it does."""
    what = listed(list(dict.fromkeys(prose(group.first.title.rstrip(".")) for group in fixed)), most=5)
    return (f"✅ **Mended by this change:** {what}.",) if what else ()


def _step(step: Step) -> str:
    cost = "" if step.patch is None else f" ({price(step.patch)}, patch below)"
    return f"{code(step.group.address, 120)}: {prose(step.words)}{cost}."


def _waits(new: Sequence[Group]) -> tuple[str, ...]:
    later = [group for group in new if not at_least(group.first.severity, "high")]
    if not later or len(later) == len(new):
        return ()
    counts = [f"{count} {severity}" for severity, count in count_by_severity(later).items()]
    return (f"- **What can wait:** {listed(counts)}.",)
