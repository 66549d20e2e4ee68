"""New findings as stories: what a block's faults come to, and under it each fault in a fold with its reason, its fix and its patch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from clops_app.language import tr, trn
from clops_app.model.finding import Patch
from clops_app.review.advice import fix_words, price
from clops_app.review.groups import Group, message_of
from clops_app.review.render.links import Links, linked
from clops_app.review.render.markdown.fit import Section, Variant, details, section
from clops_app.review.render.markdown.safe import code, fenced, html_prose, html_text, prose
from clops_app.review.render.proposed import author, by_hand
from clops_app.review.render.words import ICONS, caution, listed, proof, severities, severity_word
from clops_app.review.stories import PHRASES, Story, blocks, clauses, consequence, stories
from clops_app.rulebook.page import RulePage

_FIRST = 10  # shown before the fold
_MOST_CLAUSES = 3  # the folds have the rest
_MESSAGE = 600  # characters of a message; the terminal and the JSON have all of it


@dataclass(frozen=True, slots=True)
class Telling:
    """What every part of the story is told with.

    `existing`: older findings, for instances that had the same fault before. `headline`: what was said already.
    `explained`: a model's words on findings, by fingerprint, as Markdown.
    """

    pages: Mapping[str, RulePage]
    links: Links
    people: str
    existing: Sequence[Group] = ()
    headline: str = ""
    explained: Mapping[str, str] = field(default_factory=dict)


def findings_sections(new: Sequence[Group], telling: Telling) -> tuple[Section, ...]:
    """The first ten as stories, the rest in a fold. Of many, each rule is shown once before any is shown twice."""
    if not new:
        return ()
    first, rest, like = _parted(new)
    order = stories(new)
    every = len(_patches(first))
    sizes = [(len(first), count) for count in (every, 5, 3, 1, 0) if count <= every]
    sizes += [(rows, 0) for rows in (5, 3, 1) if rows < len(first)]
    shown = section(9, *(_told(order, first, like, telling, rows, patches) for rows, patches in dict.fromkeys(sizes)))
    return (shown, _rest(rest, telling)) if rest else (shown,)


def _parted(new: Sequence[Group]) -> tuple[list[Group], list[Group], Mapping[str, Sequence[Group]]]:
    """The groups to be told, those for the fold, and of each rule the others that its first one stands for."""
    if len(new) <= _FIRST:
        return list(new), [], {}
    leaders = {group.first.rule: group for group in reversed(new)}
    first = [group for group in new if leaders[group.first.rule] is group][:_FIRST]
    rest = [group for group in new if all(group is not shown for shown in first)]
    return first, rest, {rule: [group for group in rest if group.first.rule == rule] for rule in leaders}


def _told(
    order: Sequence[Story], first: Sequence[Group], like: Mapping[str, Sequence[Group]], telling: Telling, rows: int, patches: int
) -> Variant:
    """The first `rows` groups in the order of the stories that all groups make, the headline's before the others."""
    shown, all_patches = first[:rows], _patches(first)
    written = _patches(shown)[:patches]
    parts: list[str] = []
    seen: set[str] = set()
    for story in _only(order, shown):
        heading = _heading(story, telling)
        parts += [heading] if heading else []
        parts += [_fold(group, telling, written, seen, like.get(group.first.rule, ()), named=not heading) for group in story.groups]
    lost = [_so_many_patches(len(all_patches) - len(written))] if len(written) < len(all_patches) else []
    lost += [_so_many_findings(len(first) - rows)] if rows < len(first) else []
    return Variant("\n\n".join(parts), ", ".join(lost), rank=4 if written else None)


def _only(order: Sequence[Story], shown: Sequence[Group]) -> Iterator[Story]:
    for story in order:
        groups = tuple(group for group in story.groups if any(group is one for one in shown))
        if groups:
            yield Story(groups)


def _heading(story: Story, telling: Telling) -> str:
    """`aws_instance.game[*]`: what is wrong with it. What then happens. Nothing for a single fault, whose fold says it all."""
    if len(story.groups) == 1:
        return ""
    names = listed([code(address, 120) for address in blocks(story, telling.existing)])
    wrong = listed([prose(clause) for clause in clauses(story, telling.people)[:_MOST_CLAUSES]])
    then = prose(consequence(story, telling.people)) if any(group.first.rule in PHRASES for group in story.groups) else ""
    return f"**{names}**: {wrong}. {then if then != telling.headline else ''}".rstrip()


def _fold(group: Group, telling: Telling, written: Sequence[str], seen: set[str], like: Sequence[Group] = (), *, named: bool = True) -> str:
    """One finding. `named`: it stands alone, so its summary says what it is about."""
    name = f" <code>{html_text(group.address, 80)}</code>" if named else ""
    many = f" ({len(group.findings)}×)" if len(group.findings) > 1 else ""
    fix = tr("{fix}, {cost}", fix=html_prose(fix_words(group, telling.pages)), cost=_cost(group.patch))
    more = [tr("{count} more like it below", count=len(like))] if like else []
    summary = f"{ICONS[group.first.severity]} <b>{html_prose(group.first.title.rstrip('.'))}</b>{name}{many}: {fix}"
    return details(" · ".join([summary, *more]), "\n\n".join(_body(group, telling, written, seen)))


def _cost(patch: Patch | None) -> str:
    if patch is None:
        return tr("by hand")
    return tr("<b>{price}</b>, but made anew", price=price(patch)) if patch.replaces else f"<b>{price(patch)}</b>"


def _body(group: Group, telling: Telling, written: Sequence[str], seen: set[str]) -> Iterator[str]:
    first = group.first
    message = _limited(message_of(group))
    address = "" if f"`{group.address}`" in message else f"{code(group.address, 120)}: "
    yield f"{address}{prose(message)}"
    if first.fingerprint in telling.explained:
        yield telling.explained[first.fingerprint]
    page = linked(code(first.rule), telling.links.rule(first.rule))
    yield f"{severity_word(first.severity).capitalize()} · {place(group, telling.links)} · {page}"
    if group.patch is None:
        no_patch = [tr("No patch: {why}.", why=prose(first.why_no_patch))] if first.fix is not None and first.why_no_patch else []
        how = tr("Price not known. {command} tells how to do it.", command=code(f"clops explain {first.rule}"))
        yield " ".join([*no_patch, how])
    elif group.patch.diff in seen:
        yield tr("The patch above mends this too.")
    elif group.patch.diff in written:
        seen.add(group.patch.diff)
        yield from _patch(group.patch, group)
    elif group.patch.proposed_by:
        yield f"{author(group.patch)}. {by_hand(shown=False)}"
    else:
        yield tr("{command} shows the patch.", command=code(f"clops fix --rule {first.rule}"))


def _patch(patch: Patch, group: Group) -> Iterator[str]:
    if caution(patch):
        yield f"**{caution(patch)}**"
    yield fenced(patch.diff, "diff")
    if patch.proposed_by:
        yield f"{author(patch)}. {proof(patch)}. {by_hand(shown=True)}"
        return
    # What is only a proposal is never written by us.
    run = [] if patch.safety == "show" else [tr("Or run {command}.", command=code(f"clops fix --rule {group.first.rule} --write"))]
    yield " ".join([f"{proof(patch)}.", *run])


def _patches(groups: Sequence[Group]) -> list[str]:
    """Each patch once, however many findings it mends."""
    return list(dict.fromkeys(group.patch.diff for group in groups if group.patch is not None))


def place(group: Group, links: Links) -> str:
    """`db.tf:3`, a link to the lines where there is somewhere to go."""
    first = group.first
    return linked(code(f"{first.path}:{first.start_line}"), links.file(first.path, first.start_line, first.end_line))


def _rest(groups: Sequence[Group], telling: Telling) -> Section:
    """The findings that have no place among the first, in one fold: patches give way before findings do."""
    every = _patches(groups)

    def fold(count: int, patches: int) -> Variant:
        left = len(groups) - count
        words = _heading_of_rest(groups, count)
        seen: set[str] = set()
        folds = [_fold(group, telling, every[:patches], seen) for group in groups[:count]]
        lost = [_so_many_patches(len(every) - patches)] if patches < len(every) else []
        lost += [_so_many_findings(left)] if left else []
        return Variant(details(words, "\n\n".join(folds)), ", ".join(lost), rank=3 if patches else None)

    most = min(len(groups), 100)
    sizes = [(most, count) for count in (len(every), 10, 0) if count <= len(every)]
    sizes += [(count, 0) for count in (50, 20, 10, 5) if count < most]
    return section(5, *(fold(count, patches) for count, patches in dict.fromkeys(sizes)), Variant("", _so_many_findings(len(groups))))


def _heading_of_rest(groups: Sequence[Group], shown: int) -> str:
    told = severities(groups)
    if shown == len(groups):
        return trn("{count:,} more new finding: {severities}", "{count:,} more new findings: {severities}", len(groups), severities=told)
    return trn(
        "{count:,} more new finding: {severities}; the first {shown} of them",
        "{count:,} more new findings: {severities}; the first {shown} of them",
        len(groups),
        severities=told,
        shown=shown,
    )


def _so_many_patches(count: int) -> str:
    return trn("{count:,} patch", "{count:,} patches", count)


def _so_many_findings(count: int) -> str:
    return trn("{count:,} new finding", "{count:,} new findings", count)


def _limited(message: str) -> str:
    words = " ".join(message.split())
    return words if len(words) <= _MESSAGE else words[: words.rfind(" ", 0, _MESSAGE)] + " …"
