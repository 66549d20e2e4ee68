"""New findings as a table that a phone can show, their proven patches as folded diffs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clops_app.model.finding import Patch
from clops_app.review.groups import Group, message_of
from clops_app.review.render.links import Links, linked
from clops_app.review.render.markdown.fit import Section, Variant, details, section, table
from clops_app.review.render.markdown.safe import code, fenced, html_text, prose
from clops_app.review.render.money import usd_delta
from clops_app.review.render.words import ICONS, caution, first_sentence, plural, proof
from clops_app.rulebook.page import RulePage

_FIRST = 10  # shown before the fold
_PATCHES = 3
_MESSAGE = 600  # characters of a message in a cell; the terminal and the JSON have all of it
# Three columns, because five need a phone's width twice over: what and why in one, the fix and its price in another.
_HEAD = ("", "what is wrong, and why it matters here", "the fix, and what it costs")


def findings_sections(new: Sequence[Group], pages: Mapping[str, RulePage], links: Links) -> tuple[Section, ...]:
    """The table of the first ten, the fold with the rest."""
    if not new:
        return ()
    rows = [_row(group, pages, links) for group in new]
    first, rest = rows[:_FIRST], rows[_FIRST:]
    shown = section(9, table(_HEAD, first), *(_fewer(first, count) for count in (5, 3, 1)))
    return (shown, _rest(rest)) if rest else (shown,)


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


def _rest(rows: Sequence[Sequence[str]]) -> Section:
    def fold(count: int) -> Variant:
        left = len(rows) - count
        summary = f"{plural(len(rows), 'more new finding')}, less severe{f'; the first {count} of them' if left else ''}"
        return Variant(details(summary, table(_HEAD, rows[:count])), f"{plural(left, 'new finding')}" if left else "")

    counts = [count for count in (100, 50, 20, 10, 5) if count < len(rows)]
    return section(5, *(fold(count) for count in (len(rows), *counts)), Variant("", plural(len(rows), "new finding")))


def _fewer(rows: Sequence[Sequence[str]], count: int) -> Variant:
    return Variant(table(_HEAD, rows[:count]), plural(len(rows) - count, "new finding") if len(rows) > count else "")


def _row(group: Group, pages: Mapping[str, RulePage], links: Links) -> tuple[str, ...]:
    first = group.first
    title = linked(f"**{prose(first.title.rstrip('.'), table=True)}**", links.rule(first.rule))
    message = _limited(message_of(group))
    where = [place(group, links, in_table=True)]
    if f"`{group.address}`" not in message:
        where.insert(0, code(group.address, 120, table=True))
    many = f" ({len(group.findings)}×)" if len(group.findings) > 1 else ""
    what = f"{title} · {first.severity}<br>{' '.join(where)}{many}<br>{prose(message, table=True)}"
    return ICONS[first.severity], what, _fix(group, pages)


def _fix(group: Group, pages: Mapping[str, RulePage]) -> str:
    if group.patch is not None:
        delta = group.patch.monthly_usd_delta
        price = "price not known" if delta is None else f"**{usd_delta(delta)}** a month"
        return f"{prose(group.patch.title.rstrip('.'), table=True)}: patch below<br>{price}"
    page = pages.get(group.first.rule)
    if page is not None:
        return f"{prose(first_sentence(page.fix), table=True)}<br>by hand, price not known"
    return f"see {code(f'clops explain {group.first.rule}', table=True)}"


def _patch(patch: Patch, group: Group) -> str:
    summary = f"{ICONS[group.first.severity]} Patch: <b>{html_text(patch.title.rstrip('.'))}</b> · {html_text(proof(patch))}"
    careful = f"{caution(patch)}\n\n" if caution(patch) else ""
    where = f"Or run {code(f'clops fix --rule {group.first.rule} --write')}."
    return details(summary, f"{careful}{fenced(patch.diff, 'diff')}\n\n{where}")


def _limited(message: str) -> str:
    words = " ".join(message.split())
    return words if len(words) <= _MESSAGE else words[: words.rfind(" ", 0, _MESSAGE)] + " …"
