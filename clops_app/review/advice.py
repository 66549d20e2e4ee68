"""What to do first and what then, the same for everybody who reads the Review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from clops_app.language import tr
from clops_app.model.finding import SEVERITIES, Patch
from clops_app.review.groups import Group
from clops_app.review.render.money import cents, usd, usd_delta
from clops_app.review.render.words import a_month
from clops_app.review.stories import Story
from clops_app.rulebook.page import RulePage

NO_ORDER: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. `words` is short, begins in lower case and has no full stop; `patch` None: it is done by hand."""

    group: Group
    words: str
    patch: Patch | None


def steps(told: Sequence[Story], pages: Mapping[str, RulePage], urgency: Mapping[str, int] = NO_ORDER) -> tuple[Step, ...]:
    """At most two: the most severe thing that a proven patch mends at once, then the most severe of what is left.

    Of equally severe ones those of `urgency` (places by fingerprint) come first, in its order, then what costs nothing. Without
    such a patch the first step is the worst finding; a patch for a trifle does not go before something that matters.
    """
    groups = [group for story in told for group in story.groups]
    if not groups:
        return ()

    def rank(group: Group) -> tuple[int, int]:
        return _severity(group), urgency.get(group.first.fingerprint, len(urgency))

    worst = min(map(_severity, groups))
    ready = [group for group in groups if _at_once(group.patch) and _severity(group) <= max(worst, SEVERITIES.index("medium"))]
    first = min(ready, key=lambda group: (rank(group), _effort(group))) if ready else min(groups, key=rank)
    left = [group for group in groups if group is not first and (group.patch is None or group.patch != first.patch)]
    then = min(left, key=rank, default=None)
    return tuple(Step(group, fix_words(group, pages), group.patch) for group in (first, then) if group is not None)


def fix_words(group: Group, pages: Mapping[str, RulePage]) -> str:
    """What mends it in a few words: the title of the rule's own patch, else the first sentence of the page's Fix."""
    if group.patch is not None and not group.patch.proposed_by:
        return lowered(group.patch.title.rstrip("."))
    page = pages.get(group.first.rule)
    return tr("see `clops explain {rule}`", rule=group.first.rule) if page is None else lowered(first_sentence(page.fix).rstrip("."))


def price(patch: Patch) -> str:
    """`free`, `+$13.98 a month`, `saves $3.65 a month`, `price not known`."""
    if patch.monthly_usd_delta is None:
        return tr("price not known")
    delta = cents(patch.monthly_usd_delta)
    if delta < 0:
        return tr("saves {amount} a month", amount=usd(-delta))
    return a_month(usd_delta(delta)) if delta else tr("free")


def first_sentence(text: str) -> str:
    """The first sentence of a page's section, without its Markdown line breaks."""
    paragraph = " ".join(text.strip().split("\n\n", 1)[0].split())
    end = paragraph.find(". ")
    # What ends in a colon goes on with an example that is not here.
    return f"{paragraph.removesuffix(':').removesuffix('.')}." if end < 0 else paragraph[: end + 1]


def lowered(text: str) -> str:
    """For the middle of a sentence; what begins with more than one capital is a name."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _at_once(patch: Patch | None) -> bool:
    """Whether it can be accepted as it stands: not a proposal to adapt or of a model, nothing that goes away on the way."""
    return patch is not None and patch.safety != "show" and not patch.replaces and not patch.proposed_by


def _severity(group: Group) -> int:
    return SEVERITIES.index(group.first.severity)


def _effort(group: Group) -> tuple[bool, Decimal]:
    delta = None if group.patch is None else group.patch.monthly_usd_delta
    return delta is None, max(cents(delta or Decimal(0)), Decimal(0))
