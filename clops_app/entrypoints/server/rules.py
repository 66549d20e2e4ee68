"""Every rule has a page here, so that a comment can lead to it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from fastapi import APIRouter
from markdown_it import MarkdownIt
from starlette.responses import HTMLResponse

from clops_app.entrypoints.server.page import facts, page, section
from clops_app.model.finding import SEVERITIES
from clops_app.rulebook.page import RulePage
from clops_app.usecases.explain_rule import list_rules

_ALL = '<p><a href="/rules">All rules</a></p>'


def rules() -> APIRouter:
    """`GET /rules` and `GET /rules/{group}/{name}`."""
    router = APIRouter()

    @router.get("/rules", response_class=HTMLResponse)
    def every() -> HTMLResponse:
        pages = list_rules()
        categories = sorted({one.category for one in pages.values()})
        of = {category: {rule: one for rule, one in pages.items() if one.category == category} for category in categories}
        groups = [section(category.capitalize(), _table(some)) for category, some in of.items()]
        return page("Rules", "What every pull request is looked through for.", *groups)

    missing: dict[int | str, dict[str, object]] = {
        404: {"content": {"text/html": {"schema": {"type": "string"}}}, "description": "There is no such rule."}
    }

    @router.get("/rules/{group}/{name}", response_class=HTMLResponse, responses=missing)
    def one(group: str, name: str) -> HTMLResponse:
        rule = f"{group}/{name}"
        found = list_rules().get(rule)
        if found is None:
            return page(
                "No such rule", "It may be of another version.", section("Look here", '<p><a href="/rules">All rules</a></p>'), status=404
            )
        return page(found.title, rule, *_sections(found))

    return router


def _table(pages: Mapping[str, RulePage]) -> str:
    rows = (
        f'<tr><td><a href="/rules/{escape(rule)}">{escape(one.title)}</a></td><td>{one.severity}</td></tr>'
        for rule, one in sorted(pages.items(), key=lambda pair: (SEVERITIES.index(pair[1].severity), pair[0]))
    )
    return f"<table>{''.join(rows)}</table>"


def _sections(rule: RulePage) -> list[str]:
    patch = "none" if rule.patch == "none" else f"{rule.patch}{', recreates the resource' if rule.replaces else ''}"
    markdown = MarkdownIt("commonmark", {"html": False})
    told = [section(heading, markdown.render(text)) for heading, text in (("What", rule.what), ("Why", rule.why), ("Fix", rule.fix))]
    about = facts((("Severity", rule.severity), ("Category", rule.category), ("Patch", patch), ("Since", rule.since)))
    sources = "".join(f'<li><a href="{escape(one.url)}">{escape(one.title)}</a>, {one.date.isoformat()}</li>' for one in rule.sources)
    return [*told, section("In short", about), section("Sources", f"<ol>{sources}</ol>", _ALL)]
