"""The words and signs that comment and terminal share, so that both say the same of the same Review."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from clops_app.language import tr, tr_noop, trn
from clops_app.model.cost import ResourceCost, Unpriced
from clops_app.model.finding import Category, Patch, Severity
from clops_app.model.review import Review, Verdict
from clops_app.review.costs import CostChange, Without, cost_changes, seen_whole, unpriced
from clops_app.review.groups import Group, count_by_severity
from clops_app.review.render.money import difference, percent, usd, usd_delta, usd_short, usd_unit
from clops_app.review.render.units import unit_words
from clops_app.review.verdict import budget_exceeded

ICONS: Mapping[Severity, str] = MappingProxyType({"critical": "🔴", "high": "🟠", "medium": "🟡", "low": "🔵"})
# Messages, said with `tr`.
VERDICTS: Mapping[Verdict, str] = MappingProxyType(
    {"pass": tr_noop("fine to merge"), "warn": tr_noop("look before you merge"), "fail": tr_noop("not yet")}
)
_SEVERITIES: Mapping[Severity, str] = MappingProxyType(
    {"critical": tr_noop("critical"), "high": tr_noop("high"), "medium": tr_noop("medium"), "low": tr_noop("low")}
)
_CATEGORIES: Mapping[Category, str] = MappingProxyType(
    {
        "scalability": tr_noop("scalability"),
        "reliability": tr_noop("reliability"),
        "cost": tr_noop("cost"),
        "security": tr_noop("security"),
        "operations": tr_noop("operations"),
    }
)
_PEOPLE: Mapping[str, str] = MappingProxyType({"game": tr_noop("players"), "ticketing": tr_noop("buyers")})
SHORT_COMMIT = 7  # as GitHub abbreviates
MORE = tr_noop("more")  # what stands for the part of a resource that has no price; the list below the table names it


def listed(items: Sequence[str], most: int = 3) -> str:
    """`a`, `a and b`, `a, b and c`, `a, b, c and 4 more`."""
    *first, last = items[:most] or [""]
    if len(items) > most:
        return tr("{some} and {count} more", some=", ".join([*first, last]), count=len(items) - most)
    return tr("{some} and {last}", some=", ".join(first), last=last) if first else last


def severities(groups: Iterable[Group], *, icons: bool = False) -> str:
    """`1 critical, 2 high`, or nothing."""
    counts = count_by_severity(groups)
    return ", ".join((f"{ICONS[severity]} " if icons else "") + counted(severity, count) for severity, count in counts.items())


def counted(severity: Severity, count: int) -> str:
    """`2 high`."""
    return tr("{count} {severity}", count=count, severity=severity_word(severity))


def severity_word(severity: Severity) -> str:
    """`high`."""
    return tr(_SEVERITIES[severity])


def category_word(category: Category) -> str:
    """`reliability`."""
    return tr(_CATEGORIES[category])


def verdict_words(verdict: Verdict) -> str:
    """`look before you merge`, without a full stop."""
    return tr(VERDICTS[verdict])


def people_of(service_kind: str | None) -> str:
    """What those who use a service of this kind (`service.kind` of the settings) are called: a message, said with `tr`."""
    return _PEOPLE.get(service_kind or "", tr_noop("users"))


def is_commit(ref: str) -> bool:
    """A full hash, not a name."""
    return len(ref) >= 40 and all(character in "0123456789abcdef" for character in ref)


def short_commit(commit: str) -> str:
    """A full hash shortened, any other ref as it is."""
    return commit[:SHORT_COMMIT] if is_commit(commit) else commit


def monthly(review: Review) -> str:
    """`$20.00 → $27.59 a month`; one amount where nothing changed or nothing is known of before; never $0 for what is not known."""
    if not review.roots:
        return tr("no cost looked at")
    if not review.after and (not seen_whole(review) or (unpriced(review) and not review.before)):
        return tr("cost not known")
    if not seen_whole(review):
        return tr("at least {amount} a month", amount=usd(review.after))
    if review.before is None or not difference(review.before, review.after):
        return a_month(usd(review.after))
    return tr("{before} → {after} a month", before=usd(review.before), after=usd(review.after))


def a_month(amount: str) -> str:
    """`$20.00 a month`."""
    return tr("{amount} a month", amount=amount)


def monthly_notes(review: Review) -> str:
    """What stands in brackets behind the amount: `+$7.59, 28 % of your $100 budget, 2 resources not priced`."""
    notes = [_change_note(review), budget_share(review)]
    without = unpriced(review)
    whole, partly = sum(not one.partly for one in without), sum(one.partly for one in without)
    if whole:
        notes.append(trn("{count:,} resource not priced", "{count:,} resources not priced", whole))
    if partly:
        notes.append(trn("{count:,} resource priced in part", "{count:,} resources priced in part", partly))
    return ", ".join(note for note in notes if note)


def _change_note(review: Review) -> str | None:
    if not review.roots:
        return None
    if review.before is None:
        return None if review.base is None else tr("cost before not known")
    if not seen_whole(review):
        return tr("before {amount}, but part of the code could not be read", amount=usd(review.before))
    if difference(review.before, review.after):
        return usd_delta(difference(review.before, review.after))
    changes = cost_changes(review)
    if not changes:
        return tr("unchanged")
    unknown = any(change.delta is None or change.partly for change in changes)
    return tr("change not known") if unknown else tr("changes by usage only")


def budget_share(review: Review) -> str | None:
    """`28 % of your $100 budget`."""
    if review.budget is None or not review.after:
        return None
    share = percent(review.after, review.budget.monthly_usd)
    budget = usd_short(review.budget.monthly_usd)
    return None if share is None else tr("{share} of your {budget} budget", share=share, budget=budget)


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
    if patch.monthly_usd_delta is None:
        return tr("Proven: finding gone, nothing new, cost not known")
    return tr("Proven: finding gone, nothing new, {amount} a month", amount=usd_delta(patch.monthly_usd_delta))


def caution(patch: Patch) -> str:
    """What to know before applying; empty for a safe patch that changes in place."""
    if patch.replaces:
        return tr("AWS replaces the resource to do this: it is gone for a while, and what it stores goes with it unless you move it first.")
    if patch.proposed_by:
        return tr("Read it first: a language model wrote it.")
    match patch.safety:
        case "safe":
            return ""
        case "review":
            return tr("Read it first: it changes how things run.")
        case "show":
            return tr("A proposal to adapt, not to take as it stands.")


def side(change: CostChange, *, after: bool) -> str:
    """One side of a row of the cost table: what is known of it, and what is not."""
    items = change.after if after else change.before
    if not items:
        return "–" if change.certain or not after else tr("not seen")
    lines = [line for item in items if isinstance(item, ResourceCost) for line in item.lines]
    known = [line.monthly_usd for line in lines if line.monthly_usd is not None]
    partly = any(isinstance(item, Unpriced) for item in items)
    if not lines:
        return tr("not priced") if partly else usd(Decimal(0))
    parts = [usd(sum(known, Decimal(0)))] if known else []
    if len(known) < len(lines):
        parts.append(tr("usage") if known else tr("by usage"))
    return " + ".join([*parts, *([tr(MORE)] if partly else [])])


def without_words(without: Without) -> str:
    """Which resource has no price: `aws_x.y`, or `part of aws_x.y` where the rest of it has one."""
    return tr("part of {address}", address=without.item.address) if without.partly else without.item.address


def totals(review: Review) -> tuple[str, ...]:
    """The last row of the cost table: a name, then before, after and change, or one amount where there is no before."""
    share = budget_share(review)
    name = ", ".join([tr("all resources with a price") if unpriced(review) else tr("all resources"), *([share] if share else [])])
    after = usd(review.after) if seen_whole(review) else tr("at least {amount}", amount=usd(review.after))
    if review.before is None:
        return name, after
    change = usd_delta(difference(review.before, review.after)) if seen_whole(review) else tr("not known")
    return name, usd(review.before), after, change


def unit_price(price: Decimal, unit: str) -> str:
    """`$0.045 per GB`; so small a price that nobody can read it is given for a million: `$0.43 per million requests`."""
    if price and price < Decimal("0.0001"):
        return tr("{price} per million {unit}s", price=usd_unit(price * 1_000_000), unit=unit_words(unit))
    return tr("{price} per {unit}", price=usd_unit(price), unit=unit_words(unit))


def change_delta(change: CostChange) -> str:
    """What a resource adds to the month; one whose known cost stays the same changes by its usage alone."""
    if change.delta is None:
        return tr("not known")
    if change.partly:
        return f"{usd_delta(change.delta)} + {tr(MORE)}"
    return usd_delta(change.delta) if difference(Decimal(0), change.delta) else tr("by usage")
