"""New findings as a table that a phone can show, their proven patches as folded diffs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clops_app.model.finding import Patch
from clops_app.review.groups import Group, message_of
from clops_app.review.render.links import Links, linked
from clops_app.review.render.markdown.fit import Section, Variant, details, section, table
from clops_app.review.render.markdown.safe import code, fenced, html_text, prose
from clops_app.review.render.money import usd_delta
from clops_app.review.render.words import ICONS, caution, first_sentence, listed, plural, proof, severities
from clops_app.rulebook.page import RulePage

_FIRST = 10  # shown before the fold
_PATCHES = 3
_MESSAGE = 600  # characters of a message in a cell; the terminal and the JSON have all of it
# One column of words: with what, why, fix and price side by side, a phone shows the first two and hides the rest.
_HEAD = ("", "what is wrong, why that matters, what mends it")


def findings_sections(new: Sequence[Group], pages: Mapping[str, RulePage], links: Links) -> tuple[Section, ...]:
    """The table of the first ten, the fold with the rest. Of many, each rule is shown once before any is shown twice."""
    if not new:
        return ()
    first, rest, like = _parted(new)
    rows = [_row(group, pages, links, like.get(group.first.rule, ())) for group in first]
    shown = section(9, table(_HEAD, rows), *(_fewer(rows, count) for count in (5, 3, 1)))
    return (shown, _rest(rest, [_row(group, pages, links, ()) for group in rest])) if rest else (shown,)


def _parted(new: Sequence[Group]) -> tuple[list[Group], list[Group], dict[str, list[Group]]]:
    """The groups for the table, those for the fold, and of each rule the others that its row stands for."""
    if len(new) <= _FIRST:
        return list(new), [], {}
    leaders = {group.first.rule: group for group in reversed(new)}
    first = [group for group in new if leaders[group.first.rule] is group][:_FIRST]
    rest = [group for group in new if all(group is not shown for shown in first)]
    return first, rest, {rule: [group for group in rest if group.first.rule == rule] for rule in leaders}


def patch_section(new: Sequence[Group]) -> tuple[Section, ...]:
    """Each proven patch once, however many findings it mends."""
    patches: dict[str, tuple[Patch, Group]] = {}
    for group in new:
        if group.patch is not None:
            patches.setdefault(group.patch.diff, (group.patch, group))
    folds = [_patch(patch, group) for patch, group in patches.values()]
    if not folds:
        return ()
    counts = [count for count in (_FIRST, 5, 3, 1) if count < len(folds)]
    fewer = (Variant(_folded(folds[:count]), plural(len(folds) - count, "patch", "patches")) for count in counts)
    return (section(4, _folded(folds), *fewer, Variant("", plural(len(folds), "patch", "patches"))),)


def _folded(folds: Sequence[str]) -> str:
    """The first few patches one by one, the others in a fold of their own."""
    first, rest = folds[:_PATCHES], folds[_PATCHES:]
    more = [details(f"{plural(len(rest), 'more patch', 'more patches')}", "\n\n".join(rest))] if rest else []
    return "\n\n".join([*first, *more])


def place(group: Group, links: Links, *, in_table: bool) -> str:
    """`db.tf:3`, a link to the lines where there is somewhere to go."""
    first = group.first
    return linked(code(f"{first.path}:{first.start_line}", table=in_table), links.file(first.path, first.start_line, first.end_line))


def _rest(groups: Sequence[Group], rows: Sequence[Sequence[str]]) -> Section:
    def fold(count: int) -> Variant:
        left = len(rows) - count
        words = f"{plural(len(rows), 'more new finding')}: {severities(groups)}{f'; the first {count} of them' if left else ''}"
        return Variant(details(words, table(_HEAD, rows[:count])), plural(left, "new finding") if left else "")

    counts = [count for count in (100, 50, 20, 10, 5) if count < len(rows)]
    return section(5, *(fold(count) for count in (len(rows), *counts)), Variant("", plural(len(rows), "new finding")))


def _fewer(rows: Sequence[Sequence[str]], count: int) -> Variant:
    return Variant(table(_HEAD, rows[:count]), plural(len(rows) - count, "new finding") if len(rows) > count else "")


def _row(group: Group, pages: Mapping[str, RulePage], links: Links, like: Sequence[Group]) -> tuple[str, ...]:
    first = group.first
    title = linked(f"**{prose(first.title.rstrip('.'), table=True)}**", links.rule(first.rule))
    message = _limited(message_of(group))
    address = "" if f"`{group.address}`" in message else f"{code(group.address, 120, table=True)}: "
    many = f" ({len(group.findings)}×)" if len(group.findings) > 1 else ""
    what = f"{title} · {first.severity} · {place(group, links, in_table=True)}{many}<br>{address}{prose(message, table=True)}"
    if like:
        others = listed([code(other.address if other.address != group.address else other.first.path, 120, table=True) for other in like], 2)
        what += f"<br>Just so, further down: {others}."
    return ICONS[first.severity], f"{what}<br>{_fix(group, pages)}"


def _fix(group: Group, pages: Mapping[str, RulePage]) -> str:
    if group.patch is not None:
        delta = group.patch.monthly_usd_delta
        price = "price not known" if delta is None else f"**{usd_delta(delta)} a month**"
        return f"**Fix:** {prose(group.patch.title.rstrip('.'), table=True)}, patch below: {price}"
    page = pages.get(group.first.rule)
    if page is not None:
        return f"**Fix, by hand:** {prose(first_sentence(page.fix), table=True)} Price not known."
    return f"**Fix:** see {code(f'clops explain {group.first.rule}', table=True)}"


def _patch(patch: Patch, group: Group) -> str:
    summary = f"{ICONS[group.first.severity]} Patch: <b>{html_text(patch.title.rstrip('.'))}</b> · {html_text(proof(patch))}"
    careful = f"{caution(patch)}\n\n" if caution(patch) else ""
    where = f"Or run {code(f'clops fix --rule {group.first.rule} --write')}."
    return details(summary, f"{careful}{fenced(patch.diff, 'diff')}\n\n{where}")


def _limited(message: str) -> str:
    words = " ".join(message.split())
    return words if len(words) <= _MESSAGE else words[: words.rfind(" ", 0, _MESSAGE)] + " …"
