"""Every rule has a page here, so that a comment can lead to it; in Korean with `?lang=ko`."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from fastapi import APIRouter
from markdown_it import MarkdownIt
from starlette.responses import HTMLResponse

from clops_app.entrypoints.server.page import facts, page, section
from clops_app.language import speaking, spoken, tr, tr_noop
from clops_app.model.finding import SEVERITIES
from clops_app.review.render.words import category_word, severity_word
from clops_app.rulebook.page import RulePage
from clops_app.usecases.explain_rule import list_rules

_PATCHES = {"none": tr_noop("none"), "safe": tr_noop("safe"), "review": tr_noop("review"), "show": tr_noop("show")}


def rules() -> APIRouter:
    """`GET /rules` and `GET /rules/{group}/{name}`; a `lang` that is not ko gets English."""
    router = APIRouter()

    @router.get("/rules", response_class=HTMLResponse)
    def every(lang: str = "en") -> HTMLResponse:
        with speaking("ko" if lang == "ko" else "en"):
            return _every()

    missing: dict[int | str, dict[str, object]] = {
        404: {"content": {"text/html": {"schema": {"type": "string"}}}, "description": "There is no such rule."}
    }

    @router.get("/rules/{group}/{name}", response_class=HTMLResponse, responses=missing)
    def one(group: str, name: str, lang: str = "en") -> HTMLResponse:
        with speaking("ko" if lang == "ko" else "en"):
            return _one(f"{group}/{name}")

    return router


def _every() -> HTMLResponse:
    pages = list_rules()
    categories = sorted({one.category for one in pages.values()})
    of = {category: {rule: one for rule, one in pages.items() if one.category == category} for category in categories}
    groups = [section(category_word(category).capitalize(), _table(some)) for category, some in of.items()]
    return page(tr("Rules"), tr("What every pull request is looked through for."), *groups)


def _one(rule: str) -> HTMLResponse:
    found = list_rules().get(rule)
    if found is None:
        return page(tr("No such rule"), tr("It may be of another version."), section(tr("Look here"), _all()), status=404)
    return page(found.title, rule, *_sections(found))


def _all() -> str:
    return f'<p><a href="{_asked("/rules")}">{escape(tr("All rules"))}</a></p>'


def _asked(address: str) -> str:
    """A page of these, in the language of the one that leads to it."""
    return escape(address if spoken() == "en" else f"{address}?lang={spoken()}")


def _table(pages: Mapping[str, RulePage]) -> str:
    rows = (
        f'<tr><td><a href="{_asked(f"/rules/{rule}")}">{escape(one.title)}</a></td><td>{escape(severity_word(one.severity))}</td></tr>'
        for rule, one in sorted(pages.items(), key=lambda pair: (SEVERITIES.index(pair[1].severity), pair[0]))
    )
    return f"<table>{''.join(rows)}</table>"


def _sections(rule: RulePage) -> list[str]:
    patch = tr(_PATCHES[rule.patch])
    if rule.patch != "none" and rule.replaces:
        patch = tr("{patch}, recreates the resource", patch=patch)
    markdown = MarkdownIt("commonmark", {"html": False})
    told = [section(heading, markdown.render(text)) for heading, text in rule.sections]
    severity, category = severity_word(rule.severity), category_word(rule.category)
    about = facts(((tr("Severity"), severity), (tr("Category"), category), (tr("Patch"), patch), (tr("Since"), rule.since)))
    sources = "".join(f'<li><a href="{escape(one.url)}">{escape(one.title)}</a>, {one.date.isoformat()}</li>' for one in rule.sources)
    return [*told, section(tr("In short"), about), section(tr("Sources"), f"<ol>{sources}</ol>", _all())]
