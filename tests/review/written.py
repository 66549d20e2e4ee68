"""The comment on a review, and a review with given findings, for the tests that read it."""

from __future__ import annotations

from dataclasses import replace

from clops_app.model.finding import Finding
from clops_app.model.review import Review
from clops_app.review.assemble import RootResult, assemble
from clops_app.review.render.links import Links
from clops_app.review.render.markdown.comment import comment
from clops_app.review.render.markdown.fit import LIMIT
from tests.review.samples import BASE, COMMIT, DATABASE_COST, EMPTY, PAGES, bill

LINKS = Links("https://github.com/acme/game/blob/1a2b3c4", "https://github.com/clops-app/clops/blob/main/rules/{rule}/rule.md")


def written(review: Review, limit: int = LIMIT, links: Links = LINKS) -> str:
    return comment(review, PAGES, version="0.1.0", links=links, people="players", limit=limit)


def reviewed(*findings: Finding, base: str | None = BASE, **changes: object) -> Review:
    """A database that costs the same before and after, with these findings."""
    result = RootResult("", "why", EMPTY, bill(DATABASE_COST), findings, base_graph=EMPTY, base_bill=bill(DATABASE_COST))
    return assemble([replace(result, **changes)], commit=COMMIT, base=base)  # type: ignore[arg-type]


def folds(text: str) -> list[str]:
    """The summaries of the findings' folds."""
    return [line for line in text.splitlines() if line.startswith(tuple(f"<details><summary>{icon} <b>" for icon in "🔴🟠🟡🔵"))]
