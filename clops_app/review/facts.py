"""All that a model may know of a change: computed facts, each with an id and what may be said of it, and never more than fits.

What does not fit gives way whole and is counted: a finding that is like one told already, the reasons on a rule's page, small
amounts, parts of the architecture that the change leaves alone. Values of attributes are told only where a finding names them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from clops_app.language import Language, speaking, tr, trn
from clops_app.model.review import Review
from clops_app.model.writing import Facts, Json
from clops_app.review.advice import fix_words, price
from clops_app.review.costs import cost_changes, seen_whole, unpriced, usage_lines
from clops_app.review.diagram import Node, diagram
from clops_app.review.fact_sheet import Cleaner, Fact, Section, Sheet, json_text, sentences, tokens
from clops_app.review.groups import Group, count_by_severity, grouped, message_of
from clops_app.review.redact import hidden_values, prepared
from clops_app.review.render.markdown.safe import code, prose
from clops_app.review.render.money import difference, usd, usd_delta, usd_short
from clops_app.review.render.words import (
    a_month,
    budget_share,
    listed,
    monthly,
    over_budget,
    severity_word,
    short_commit,
    side,
    unit_price,
    verdict_words,
)
from clops_app.review.stories import Story, blocks, consequence, stories
from clops_app.rulebook.page import RulePage

MOST_TOKENS = 9_500  # of the facts; with the fixed part of the prompt no more than 12,000
LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "English", "ko": "Korean"})


@dataclass(frozen=True, slots=True)
class Context:
    """What the team told of its service. `hidden`: values that must not leave, from files named secret and the environment."""

    language: Language = "en"
    people: str = "users"
    service_kind: str = ""
    service_name: str = ""
    monthly_users: int | None = None
    peak_concurrent: int | None = None
    spike: Decimal | None = None
    availability: Decimal | None = None
    p95_ms: int | None = None
    scale_out_minutes: Decimal | None = None
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Detail:
    """How much is told: findings in all and of one rule, characters of a page's sections, and entries of each kind."""

    findings: int
    alike: int
    what: int
    why: int
    entries: int


# Each step gives up what matters least of what is left; the last fits whatever stands in the repository.
_STEPS = (
    Detail(60, 60, 300, 500, 30),
    Detail(60, 8, 300, 500, 20),
    Detail(40, 4, 200, 400, 15),
    Detail(30, 3, 0, 300, 10),
    Detail(24, 2, 0, 200, 8),
    Detail(18, 1, 0, 200, 6),
    Detail(10, 1, 0, 0, 4),
    Detail(5, 1, 0, 0, 2),
)


def facts_of(review: Review, pages: Mapping[str, RulePage], context: Context, most_tokens: int = MOST_TOKENS) -> Facts:
    """The facts of a review, in at most `most_tokens` tokens by the estimate of `tokens`; what may be said is in the context's language."""
    cleaner = cleaner_of(review, context)
    with speaking(context.language):
        for detail in _STEPS:
            facts = _sheet(review, pages, context, detail, cleaner).facts()
            if tokens(json_text(facts.document)) <= most_tokens:
                break
    return facts


def cleaner_of(review: Review, context: Context, hidden: Iterable[str] = ()) -> Cleaner:
    """What takes out of all that leaves what must not. `hidden`: what else must not."""
    return Cleaner(prepared(hidden_values(review) | context.hidden | {*hidden}))


def numbered(review: Review) -> tuple[tuple[str, Group], ...]:
    """Every new finding with its id in the facts: by story, the worst story first. Left out of the facts or not, it keeps its id."""
    groups = (group for story in _stories(review) for group in story.groups)
    return tuple((f"finding:{number}", group) for number, group in enumerate(groups, start=1))


def _sheet(review: Review, pages: Mapping[str, RulePage], context: Context, detail: Detail, cleaner: Cleaner) -> Sheet:
    every = numbered(review)
    told = _chosen(every, detail)
    rules = {rule: f"rule:{number}" for number, rule in enumerate(dict.fromkeys(group.first.rule for _, group in told), start=1)}
    told_stories = _told_stories(review, told, context.people)
    left: dict[str, int] = {"findings": len(every) - len(told)}

    def most(kind: str, found: Sequence[Fact]) -> list[Fact]:
        left[kind] = max(0, len(found) - detail.entries)
        return list(found[: detail.entries])

    sections: dict[str, Section] = {
        "language": LANGUAGES[context.language],
        "verdict": review.verdict,
        "review": _review(review),
        "service": _service(context),
        "cost": _cost(review),
        "stories": told_stories,
        "findings": [_finding(name, group, rules, pages) for name, group in told],
        "rules": [_rule(name, rule, pages[rule], detail) for rule, name in rules.items() if rule in pages],
        "mended": most("mended", _mended(review)),
        "cost_changes": most("cost_changes", _cost_changes(review)),
        "usage_prices": most("usage_prices", _usage(review)),
        "unpriced": most("unpriced", _unpriced(review)),
        "architecture": most("architecture", _architecture(review)),
        "not_evaluated": most("not_evaluated", _diagnostics(review)),
    }
    waiting = [group for _, group in every if all(group is not one for _, one in told)]
    return Sheet({**sections, "left_out": _left_out(left, waiting)}, cleaner)


def _stories(review: Review) -> tuple[Story, ...]:
    return stories(grouped(finding for finding in review.findings if finding.status == "new"))


def _chosen(every: Sequence[tuple[str, Group]], detail: Detail) -> list[tuple[str, Group]]:
    """Each rule once before any twice, and none more often than the step allows; what is like them is told by its number."""
    seen: dict[str, int] = {}
    ranked: list[tuple[int, int]] = []
    for number, (_, group) in enumerate(every):
        seen[group.first.rule] = seen.get(group.first.rule, 0) + 1
        ranked.append((seen[group.first.rule], number))
    chosen = sorted(rank for rank in ranked if rank[0] <= detail.alike)[: detail.findings]
    return [every[number] for number in sorted(number for _, number in chosen)]


def _review(review: Review) -> Fact:
    groups = {status: grouped(f for f in review.findings if f.status == status) for status in ("new", "existing", "fixed")}
    counts = {name: _findings(len(found)) for name, found in groups.items()}
    counts |= {severity: _findings(count) for severity, count in count_by_severity(groups["new"]).items()}
    counts |= {"dismissed": _findings(len(review.ignored))} if review.ignored else {}
    resources = sum(resource.mode == "managed" for root in review.roots for resource in root.graph.resources.values())
    say = _plain({**counts, "verdict": verdict_words(review.verdict), "resources": _resources(resources)})
    say |= {"commit": _code(short_commit(review.commit))} if review.commit else {}
    return Fact("review", {"compared_with_base": review.base is not None, "all_code_was_read": seen_whole(review)}, say)


def _service(context: Context) -> Fact:
    said = {
        "people": tr(context.people),
        "monthly_users": None if context.monthly_users is None else f"{context.monthly_users:,}",
        "peak_concurrent": None if context.peak_concurrent is None else f"{context.peak_concurrent:,}",
        "spike": None if context.spike is None or context.peak_concurrent is None else f"×{context.spike.normalize():f}",
        "availability": None if context.availability is None else tr("{share} %", share=context.availability),
        "p95": None if context.p95_ms is None else f"{context.p95_ms:,} ms",
        "scale_out": None if context.scale_out_minutes is None else tr("{count} min", count=context.scale_out_minutes),
    }
    say = _plain({name: text for name, text in said.items() if text is not None})
    say |= {"name": _code(context.service_name)} if context.service_name else {}
    return Fact("service", {"kind": context.service_kind}, say)


def _cost(review: Review) -> Fact:
    known = seen_whole(review)
    said = {"monthly": monthly(review), "budget_share": budget_share(review)}
    if known:
        said |= {"after": a_month(usd(review.after))}
        if review.before is not None:
            change = usd_delta(difference(review.before, review.after))
            said |= {"before": a_month(usd(review.before)), "delta": a_month(change)}
    if review.budget is not None:
        over = over_budget(review)
        said |= {"budget": a_month(usd_short(review.budget.monthly_usd)), "over_budget": None if over is None else usd(over)}
    say = _plain({name: text for name, text in said.items() if text is not None})
    return Fact("cost", {"unpriced_resources": len(unpriced(review)), "prices_date": review.prices_date}, say)


def _told_stories(review: Review, told: Sequence[tuple[str, Group]], people: str) -> list[Fact]:
    found: list[Fact] = []
    names = {group.findings: name for name, group in told}
    for story in _stories(review):
        members = [names[group.findings] for group in story.groups if group.findings in names]
        if members:
            where = blocks(story)
            say = {"blocks": (listed(where), listed([code(address, 120) for address in where]))}
            found.append(Fact(f"story:{len(found) + 1}", {"findings": [*members], "comes_to": consequence(story, people)}, say))
    return found


def _finding(name: str, group: Group, rules: Mapping[str, str], pages: Mapping[str, RulePage]) -> Fact:
    first, patch = group.first, group.patch
    message = message_of(group)
    told = {
        "rule": rules[first.rule],
        "severity": first.severity,
        "category": first.category,
        "message": message if len(message) <= 400 else "",
        "instances": len(group.findings) if len(group.findings) > 1 else None,
        "patch": "by hand" if patch is None else f"proven, {patch.safety}{', proposed by a model' if patch.proposed_by else ''}",
        "patch_recreates_the_resource": True if patch is not None and patch.replaces else None,
    }
    place = f"{first.path}:{first.start_line}"
    fix = fix_words(group, pages)
    say = {
        "address": (group.address, code(group.address, 120)),
        "place": (place, code(place)),
        "title": (first.title, prose(first.title.rstrip("."))),
        "fix": (fix, prose(fix)),
        **_plain({"severity": severity_word(first.severity), **({} if patch is None else {"fix_cost": price(patch)})}),
    }
    return Fact(name, told, say)


def _rule(name: str, rule: str, page: RulePage, detail: Detail) -> Fact:
    told = {"what": sentences(page.what, detail.what), "why": sentences(page.why, detail.why), "fix": sentences(page.fix, detail.why)}
    return Fact(name, {**told}, {"name": _code(rule)})


def _mended(review: Review) -> list[Fact]:
    fixed = grouped(finding for finding in review.findings if finding.status == "fixed")
    return [
        Fact(f"mended:{number}", {}, {"address": _code(group.address), "title": (group.first.title, prose(group.first.title.rstrip(".")))})
        for number, group in enumerate(fixed, start=1)
    ]


def _cost_changes(review: Review) -> list[Fact]:
    found = []
    for number, change in enumerate(cost_changes(review), start=1):
        amounts = {"before": side(change, after=False), "after": side(change, after=True)} if review.base is not None else {}
        delta = None if change.delta is None else usd_delta(change.delta) if review.base is not None else usd(change.delta)
        amounts |= {} if delta is None else {"delta" if review.base is not None else "cost": delta}
        instances = change.count if change.count > 1 else None
        found.append(Fact(f"cost:{number}", {"instances": instances}, {"address": _code(change.address), **_plain(amounts)}))
    return found


def _usage(review: Review) -> list[Fact]:
    return [
        Fact(
            f"usage:{number}",
            {"of": line.type},
            {"what": (line.name, prose(line.name)), **_plain({"unit_price": unit_price(line.unit_price_usd, line.unit)})},
        )
        for number, line in enumerate(usage_lines(review), start=1)
    ]


def _unpriced(review: Review) -> list[Fact]:
    return [
        Fact(f"unpriced:{number}", {"why": one.item.why, "in_part": one.partly}, {"address": _code(one.item.address)})
        for number, one in enumerate(unpriced(review), start=1)
    ]


def _architecture(review: Review) -> list[Fact]:
    """What a person would draw, what the change touches first: kind, tier, number, zones, and whether the internet reaches it."""
    compared = review.base is not None
    nodes: list[tuple[Node, bool]] = []
    for root in review.roots:
        drawn = diagram(root.graph, root.base_graph, compared=compared, whole=seen_whole(review))
        internet = {node.key for node in drawn.nodes if node.shape == "internet"}
        reached = {target for origin, target in drawn.arrows if origin in internet}
        nodes += [(node, node.key in reached) for node in drawn.nodes if node.shape != "internet"]
    nodes.sort(key=lambda pair: pair[0].change == "same")
    return [_part(f"part:{number}", node, open_to=open_to) for number, (node, open_to) in enumerate(nodes, start=1)]


def _part(name: str, node: Node, *, open_to: bool) -> Fact:
    told: dict[str, Json] = {"kind": node.kind, "tier": node.shape, "change": node.change, "internet_reaches_it": open_to}
    zones = node.zone or node.note
    count = {"count": f"{node.count:,}"} if node.count > 1 else {}
    return Fact(name, told, {"name": _code(node.name), **_plain(count), **({"zones": (zones, prose(zones))} if zones else {})})


def _diagnostics(review: Review) -> list[Fact]:
    return [
        Fact(
            f"unread:{number}",
            {"what": item.what, "why": item.why, "may_hide_faults": item.lost or item.fatal},
            {"place": _code(item.where)},
        )
        for number, item in enumerate(review.diagnostics, start=1)
    ]


def _left_out(left: Mapping[str, int], findings: Iterable[Group]) -> Fact:
    counts: dict[str, Json] = {severity: count for severity, count in count_by_severity(findings).items()}  # noqa: C416 - wider in type
    return Fact("left_out", {"findings_by_severity": counts} if counts else {}, _plain({k: f"{n:,}" for k, n in left.items() if n}))


def _code(text: str) -> tuple[str, str]:
    return text, code(text, 120)


def _plain(said: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """What is ours and plain text to everybody: amounts, counts, words of the engine."""
    return {name: (text, text) for name, text in said.items()}


def _findings(count: int) -> str:
    return trn("{count:,} finding", "{count:,} findings", count)


def _resources(count: int) -> str:
    return trn("{count:,} resource", "{count:,} resources", count)
