"""New findings in a terminal, by block: under its address each fault with its place, its reason, its fix and the lines that change."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from rich.console import Console
from rich.table import Table
from rich.text import Text

from clops_app.language import tr, trn
from clops_app.model.finding import Patch
from clops_app.review.advice import first_sentence, fix_words, price
from clops_app.review.groups import Group, block_address, message_of, shared_address
from clops_app.review.render.proposed import author
from clops_app.review.render.terminal.parts import badge, beside, heading, indented, labelled, prose, said
from clops_app.review.render.words import caution, severities
from clops_app.review.stories import stories
from clops_app.rulebook.page import RulePage

MOST = 50  # groups; nobody reads on, and a program has the JSON
_DIFF_LINES = 14
NOTHING: Mapping[str, str] = MappingProxyType({})


def print_new(
    console: Console, new: Sequence[Group], pages: Mapping[str, RulePage], *, compared: bool, explained: Mapping[str, str] = NOTHING
) -> None:
    """The new findings, the worst block first, at most `MOST` of them, then what can be done about them.

    `explained`: a model's words on findings, by fingerprint.
    """
    if not new:
        return
    told = severities(new)
    if compared:
        heading(console, trn("{count:,} new finding: {severities}", "{count:,} new findings: {severities}", len(new), severities=told))
    else:
        heading(console, trn("{count:,} finding: {severities}", "{count:,} findings: {severities}", len(new), severities=told))
    for groups in by_block(new[:MOST]):
        _print_block(console, groups, pages, explained)
    console.print()
    if len(new) > MOST:
        more = trn(
            "And {count:,} more finding: `clops review --format json` has all of them.",
            "And {count:,} more findings: `clops review --format json` has all of them.",
            len(new) - MOST,
        )
        console.print(prose(more, "bold"))
    for line in _hints(new):
        console.print(prose(line, "dim"))


def by_block(groups: Sequence[Group]) -> tuple[tuple[Group, ...], ...]:
    """What is said of one block stands together, in the order in which the stories come."""
    found: dict[tuple[str, ...], list[Group]] = {}
    for story in stories(groups):
        for group in story.groups:
            found.setdefault((group.first.root, group.first.path, block_address(group.first.address)), []).append(group)
    return tuple(tuple(together) for together in found.values())


def _hints(new: Sequence[Group]) -> Iterator[str]:
    every = [group.patch for group in new if group.patch is not None]
    patches = [patch for patch in every if not patch.proposed_by]
    if every:
        yield tr("Every patch was tried on a copy: its finding is gone, nothing new came.")
    if patches:
        if any(patch.safety == "safe" for patch in patches):
            yield tr("`clops fix --write` makes the safe ones, with `--rule RULE` those of one rule.")
        else:
            yield tr("`clops fix --write` makes none of them, with `--rule RULE` those of one rule.")
    yield tr("`clops explain RULE` tells more about a rule.")


def _print_block(console: Console, groups: Sequence[Group], pages: Mapping[str, RulePage], explained: Mapping[str, str]) -> None:
    address = shared_address([group.address for group in groups])
    count = len({finding.address for group in groups for finding in group.findings})
    console.print()
    first = groups[0].first
    many = trn(" ({count} instance)", " ({count} instances)", count) if count > 1 else ""
    name, place = said(address, "bold cyan"), said(f"{first.path}:{first.start_line}", "underline")
    console.print(Text(overflow="fold").append_text(name).append(f"{many}  ").append_text(place))
    for group in groups:
        _print_group(console, group, address, first.start_line, pages, explained.get(group.first.fingerprint, ""))


def _print_group(console: Console, group: Group, block: str, line: int, pages: Mapping[str, RulePage], explanation: str) -> None:
    """One finding below its block's heading, which gave `line`; another line, and another address, are said here."""
    first, page = group.first, pages.get(group.first.rule)
    title = Text("  ").join(
        [
            prose(first.title.rstrip("."), "bold"),
            *([] if first.start_line == line else [said(tr("line {number}", number=first.start_line), "underline")]),
            said(first.rule, "dim"),
        ]
    )
    console.print(beside(badge(first.severity), title))
    message = message_of(group)
    if group.address != block and f"`{group.address}`" not in message:
        indented(console, said(group.address, "cyan"))
    indented(console, prose(message))
    if page is not None and not _says_why(message):
        indented(console, labelled(tr("why"), prose(first_sentence(page.why))))
    if explanation:
        indented(console, prose(explanation))
    indented(console, *_fix(group, pages))


def _says_why(message: str) -> bool:
    """Whether a message goes on after what is wrong; most do, and then the page's reason would say it twice."""
    return re.search(r"[:;,.] ", message) is not None


def _fix(group: Group, pages: Mapping[str, RulePage]) -> Iterator[Table]:
    words = fix_words(group, pages)
    patch = group.patch
    if patch is None:
        yield labelled(tr("fix"), prose(tr("{fix}, by hand", fix=words)))
        if group.first.fix is not None and group.first.why_no_patch:
            yield labelled("", prose(tr("No patch: {why}", why=group.first.why_no_patch), "dim"))
        return
    careful = Text(f". {caution(patch)}" if caution(patch) else "", "yellow")
    yield labelled(tr("fix"), prose(words))
    yield labelled(tr("cost"), said(price(patch), "green").append_text(careful))
    if patch.proposed_by:
        yield labelled("", prose(f"{author(patch)}."))
    yield labelled("", *_diff(patch, group.first.rule))


def _diff(patch: Patch, rule: str) -> Iterator[Text]:
    """The lines that change, each with its sign; a long patch ends with where to see all of it, if it can be had again."""
    lines = _without_realigned([line for line in patch.diff.splitlines() if line[:1] in {"+", "-"} and not line.startswith(("+++", "---"))])
    most = len(lines) if patch.proposed_by else _DIFF_LINES
    for line in lines[:most]:
        yield Text(line[:1] + " ", _sign_style(line)).append_text(_code(line[1:], _sign_style(line)))
    if len(lines) > most:
        more = trn("{count:,} more line", "{count:,} more lines", len(lines) - most)
        yield said(f"… {more}: clops fix --rule {rule} --diff", "dim")


def _without_realigned(lines: Sequence[str]) -> list[str]:
    """Lines that say the same with other spaces are left out: a new attribute moves the equals signs of its neighbours."""
    removed = Counter("".join(line[1:].split()) for line in lines if line.startswith("-"))
    added = Counter("".join(line[1:].split()) for line in lines if line.startswith("+"))
    same = {"-": removed & added, "+": added & removed}
    kept = []
    for line in lines:
        words = "".join(line[1:].split())
        if same[line[0]][words]:
            same[line[0]][words] -= 1
        else:
            kept.append(line)
    return kept


def _code(line: str, style: str) -> Text:
    """A line of code with its indentation."""
    body = line.expandtabs(4).rstrip()
    return Text(" " * (len(body) - len(body.lstrip())), style).append_text(said(body.lstrip(), style))


def _sign_style(line: str) -> str:
    return "green" if line.startswith("+") else "red"
