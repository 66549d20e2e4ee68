"""The rules in a terminal: the list of them, and one page."""

from __future__ import annotations

from collections.abc import Mapping

from rich import box
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

from clops_app.language import tr, tr_noop, trn
from clops_app.model.finding import SEVERITIES
from clops_app.review.render.terminal.parts import STYLES, badge, beside, prose
from clops_app.review.render.words import category_word, severity_word
from clops_app.rulebook.page import RulePage

_PATCHES = {"none": tr_noop("no patch"), "safe": tr_noop("patch: safe"), "review": tr_noop("patch: review"), "show": tr_noop("patch: show")}


def print_rules(console: Console, pages: Mapping[str, RulePage]) -> None:
    """All rules by category, most severe first; a star marks those that bring a patch."""
    for category in sorted({page.category for page in pages.values()}):
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="dim", title_justify="left", expand=False)
        table.add_column("", width=8, no_wrap=True)
        table.add_column(Text(category_word(category), "bold"), overflow="fold")
        ours = [(rule, page) for rule, page in pages.items() if page.category == category]
        for rule, page in sorted(ours, key=lambda pair: (SEVERITIES.index(pair[1].severity), pair[0])):
            name = Text(rule + (" *" if page.patch != "none" else ""), "bold")
            severity = Text(severity_word(page.severity), STYLES[page.severity])
            table.add_row(severity, name.append("\n").append_text(prose(page.title, "dim")))
        console.print(table)
        console.print()
    words = trn(
        "{count:,} rule; * brings a patch. clops explain RULE shows its page.",
        "{count:,} rules; * brings a patch. clops explain RULE shows its page.",
        len(pages),
    )
    console.print(Text(words, "dim"))


def print_page(console: Console, rule: str, page: RulePage) -> None:
    """One rule: what it finds, why that matters, how to mend it, where its facts come from."""
    console.print(beside(badge(page.severity), prose(page.title, "bold")))
    patch = ", ".join([tr(_PATCHES[page.patch]), *([tr("replaces the resource")] if page.replaces and page.patch != "none" else [])])
    since = tr("since {version}", version=page.since)
    console.print(Text(f"{rule} · {category_word(page.category)} · {patch} · {since}", "dim"))
    for name, text in page.sections:
        console.print()
        console.print(Text(name, "bold underline"))
        console.print(Markdown(text))
    console.print()
    console.print(Text(tr("Sources"), "bold underline"))
    for source in page.sources:
        console.print(Text(f"{source.title} ({source.date.isoformat()})\n  ").append(source.url, f"link {source.url}"))
