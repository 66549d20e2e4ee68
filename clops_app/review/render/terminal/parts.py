"""Pieces of text that are safe in a terminal: no escape sequence and no markup that a stranger wrote gets through."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from clops_app.model.finding import Severity
from clops_app.review.render.markdown.safe import visible
from clops_app.review.render.more import More
from clops_app.review.render.words import severity_word

STYLES: Mapping[Severity, str] = MappingProxyType({"critical": "bold white on red", "high": "bold red", "medium": "yellow", "low": "cyan"})
INDENT = 11  # the widest badge, " CRITICAL ", and a space


def said(text: str, style: str = "") -> Text:
    """Text on one line as somebody wrote it, without what cannot be seen."""
    return Text(visible(text), style=style, overflow="fold")


def prose(text: str, style: str = "") -> Text:
    """A message or a page's paragraph; what stands in backticks is set off."""
    spoken = Text(style=style, overflow="fold")
    for number, piece in enumerate(re.split(r"`+", visible(text))):
        spoken.append(piece, "bold" if number % 2 else "")
    return spoken


def heading(console: Console, title: str) -> None:
    console.print()
    console.rule(Text(title, "bold"), align="left", style="dim")


def indented(console: Console, *parts: RenderableType) -> None:
    for part in parts:
        console.print(Padding(part, (0, 0, 0, INDENT), expand=False))


def labelled(label: str, *parts: RenderableType) -> Table:
    """`fix    …` with everything after it in one column."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=max(5, cell_len(label)), style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for number, part in enumerate(parts):
        grid.add_row("" if number else label, part)
    return grid


def left_out(console: Console, count: int, more: More) -> None:
    """What a person is spared, and where a program finds it."""
    if count > 0:
        console.print(said(f"{more(count)}: clops review --format json", "dim"))


def beside(label: Text, text: Text) -> Table:
    """A label as wide as the indentation, and text that stays to the right of it."""
    grid = Table.grid()
    grid.add_column(width=max(INDENT, label.cell_len + 1), no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(label, text)
    return grid


def noted(console: Console, label: str, text: str, detail: str = "") -> None:
    """A note about the bill: what kind of note, what of, and why."""
    grid = beside(Text(label, "yellow"), prose(text))
    if detail:
        grid.add_row("", prose(detail, "dim"))
    console.print(grid)


def badge(severity: Severity) -> Text:
    return Text(f" {severity_word(severity).upper()} ", STYLES[severity])
