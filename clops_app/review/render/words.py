"""The words and signs that comment and terminal share, so that both say the same of the same Review."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from clops_app.model.cost import ResourceCost, Unpriced
from clops_app.model.finding import Patch, Severity
from clops_app.model.review import Review, Verdict
from clops_app.review.costs import CostChange, Without, cost_changes, seen_whole, unpriced
from clops_app.review.groups import Group, count_by_severity
from clops_app.review.render.money import difference, percent, usd, usd_delta, usd_short, usd_unit
from clops_app.review.verdict import budget_exceeded

ICONS: Mapping[Severity, str] = MappingProxyType({"critical": "🔴", "high": "🟠", "medium": "🟡", "low": "🔵"})
VERDICTS: Mapping[Verdict, str] = MappingProxyType({"pass": "fine to merge", "warn": "look before you merge", "fail": "not yet"})
SHORT_COMMIT = 7  # as GitHub abbreviates
MORE = "more"  # what stands for the part of a resource that has no price; the list below the table names it


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 patch`, `2 patches`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(items: Sequence[str], most: int = 3) -> str:
    """`a`, `a and b`, `a, b and c`, `a, b, c and 4 more`."""
    shown = list(items[:most])
    if len(items) > most:
        shown.append(f"{len(items) - most} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}" if shown else ""


def severities(groups: Iterable[Group], *, icons: bool = False) -> str:
    """`1 critical, 2 high`, or nothing."""
    return ", ".join(f"{ICONS[severity] + ' ' if icons else ''}{count} {severity}" for severity, count in count_by_severity(groups).items())


def people_of(service_kind: str | None) -> str:
    """What those who use a service of this kind (`service.kind` of the settings) are called."""
    return {"game": "players", "ticketing": "buyers"}.get(service_kind or "", "users")


def is_commit(ref: str) -> bool:
    """A full hash, not a name."""
    return len(ref) >= 40 and all(character in "0123456789abcdef" for character in ref)


def short_commit(commit: str) -> str:
    """A full hash shortened, any other ref as it is."""
    return commit[:SHORT_COMMIT] if is_commit(commit) else commit


def monthly(review: Review) -> str:
    """`$20.00 → $27.59 a month`; one amount where nothing changed or nothing is known of before; never $0 for what is not known."""
    if not review.roots:
        return "no cost looked at"
    if not review.after and (not seen_whole(review) or (unpriced(review) and not review.before)):
        return "cost not known"
    if not seen_whole(review):
        return f"at least {usd(review.after)} a month"
    if review.before is None or not difference(review.before, review.after):
        return f"{usd(review.after)} a month"
    return f"{usd(review.before)} → {usd(review.after)} a month"


def monthly_notes(review: Review) -> str:
    """What stands in brackets behind the amount: `+$7.59, 28 % of your $100 budget, 2 resources not priced`."""
    notes = [_change_note(review), budget_share(review)]
    without = unpriced(review)
    whole, partly = sum(not one.partly for one in without), sum(one.partly for one in without)
    if whole:
        notes.append(f"{plural(whole, 'resource')} not priced")
    if partly:
        notes.append(f"{plural(partly, 'resource')} priced in part")
    return ", ".join(note for note in notes if note)


def _change_note(review: Review) -> str | None:
    if not review.roots:
        return None
    if review.before is None:
        return None if review.base is None else "cost before not known"
    if not seen_whole(review):
        return f"before {usd(review.before)}, but part of the code could not be read"
    if difference(review.before, review.after):
        return usd_delta(difference(review.before, review.after))
    changes = cost_changes(review)
    if not changes:
        return "unchanged"
    return "change not known" if any(change.delta is None or change.partly for change in changes) else "changes by usage only"


def budget_share(review: Review) -> str | None:
    """`28 % of your $100 budget`."""
    if review.budget is None or not review.after:
        return None
    share = percent(review.after, review.budget.monthly_usd)
    return None if share is None else f"{share} of your {usd_short(review.budget.monthly_usd)} budget"


def nothing_to_say(review: Review) -> bool:
    """Nothing new, nothing mended, and neither money nor budget nor a root that failed gives anything to talk about."""
    if any(finding.status != "existing" for finding in review.findings) or review.verdict != "pass":
        return False
    return (review.base is not None or not review.roots) and not cost_changes(review) and over_budget(review) is None


def over_budget(review: Review) -> Decimal | None:
    """By how much this change leaves the cost above the budget, where that is its doing."""
    if review.budget is None or not budget_exceeded(review.before, review.after, review.budget):
        return None
    return difference(review.budget.monthly_usd, review.after)


def proof(patch: Patch) -> str:
    """`Proven: finding gone, nothing new, +$16.43 a month`."""
    cost = "cost not known" if patch.monthly_usd_delta is None else f"{usd_delta(patch.monthly_usd_delta)} a month"
    return f"Proven: finding gone, nothing new, {cost}"


def caution(patch: Patch) -> str:
    """What to know before applying; empty for a safe patch that changes in place."""
    if patch.replaces:
        return "AWS replaces the resource to do this: it is gone for a while, and what it stores goes with it unless you move it first."
    match patch.safety:
        case "safe":
            return ""
        case "review":
            return "Read it first: it changes how things run."
        case "show":
            return "A proposal to adapt, not to take as it stands."


def side(change: CostChange, *, after: bool) -> str:
    """One side of a row of the cost table: what is known of it, and what is not."""
    items = change.after if after else change.before
    if not items:
        return "–" if change.certain or not after else "not seen"
    lines = [line for item in items if isinstance(item, ResourceCost) for line in item.lines]
    known = [line.monthly_usd for line in lines if line.monthly_usd is not None]
    partly = any(isinstance(item, Unpriced) for item in items)
    if not lines:
        return "not priced" if partly else usd(Decimal(0))
    parts = [usd(sum(known, Decimal(0)))] if known else []
    if len(known) < len(lines):
        parts.append("usage" if known else "by usage")
    return " + ".join([*parts, *([MORE] if partly else [])])


def without_words(without: Without) -> str:
    """Which resource has no price: `aws_x.y`, or `part of aws_x.y` where the rest of it has one."""
    return f"part of {without.item.address}" if without.partly else without.item.address


def totals(review: Review) -> tuple[str, ...]:
    """The last row of the cost table: a name, then before, after and change, or one amount where there is no before."""
    share = budget_share(review)
    name = f"all resources{' with a price' if unpriced(review) else ''}{f', {share}' if share else ''}"
    after = usd(review.after) if seen_whole(review) else f"at least {usd(review.after)}"
    if review.before is None:
        return name, after
    return name, usd(review.before), after, usd_delta(difference(review.before, review.after)) if seen_whole(review) else "not known"


def unit_price(price: Decimal, unit: str) -> str:
    """`$0.045 per GB`; so small a price that nobody can read it is given for a million: `$0.43 per million requests`."""
    if price and price < Decimal("0.0001"):
        return f"{usd_unit(price * 1_000_000)} per million {unit}s"
    return f"{usd_unit(price)} per {unit}"


def usage_hint(assumption: str) -> str:
    """What to set so that use is counted, where it is said already that the amount depends on usage."""
    return assumption.removeprefix("depends on usage: ").removesuffix("depends on usage").strip()


def change_delta(change: CostChange) -> str:
    """What a resource adds to the month; one whose known cost stays the same changes by its usage alone."""
    if change.delta is None:
        return "not known"
    if change.partly:
        return f"{usd_delta(change.delta)} + {MORE}"
    return usd_delta(change.delta) if difference(Decimal(0), change.delta) else "by usage"
