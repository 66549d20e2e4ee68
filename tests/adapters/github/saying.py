"""Drafts for the usual scene, and the adapter as its app, its Action and its people."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from clops_app.adapters.github.pace import Pace
from clops_app.adapters.github.repository import GitHubRepository, with_token
from clops_app.model.draft import Annotation, CheckRun, Draft, InlineComment, InlineReview, SummaryText
from clops_app.review.said import finding_marks, marked_summary, review_mark
from tests.github import scene
from tests.github.world import World

ACTION = {"contents": "read", "pull_requests": "write", "checks": "write", "issues": "write"}


def at_once() -> Pace:
    """Writes that need not wait, as nobody is harmed."""
    return Pace(sleep=lambda _: None)


def forge(world: World, token: str | None = None, **options: Any) -> GitHubRepository:
    """The repository as the app sees it, or whose token it is."""
    return with_token(token or world.token, world.repository.full_name, api_url=world.hub.api, pace=at_once(), **options)


def action(world: World, permissions: dict[str, str] = ACTION, **options: Any) -> GitHubRepository:
    return forge(world, scene.actions_token(world.hub, world.repository, permissions, **options))


def note(line: int = 5, path: str = "main.tf", *, start: int | None = None, mark: str = "") -> InlineComment:
    return InlineComment(path, start, line, f"{finding_marks([mark or f'f{line}'])}\nSomething at line {line}.")


def annotations(count: int) -> tuple[Annotation, ...]:
    return tuple(Annotation("main.tf", 5, 5, "warning", f"Title {number}", "Message") for number in range(count))


def first_draft(world: World, *notes: InlineComment, annotated: int = 2) -> Draft:
    """A first review: three writes."""
    sha = world.pull.head
    told = notes or (note(5), note(30))
    batches = tuple(annotations(annotated)[at : at + 50] for at in range(0, annotated, 50))
    return Draft(
        head_sha=sha,
        summary=SummaryText(None, marked_summary("All of it.", sha)),
        review=InlineReview(f"{review_mark(sha)}\nClOps: some notes.", told),
        edits=(),
        resolve=(),
        hide=(),
        check=CheckRun(None, "key-1", "neutral", "Warn: 2 new findings", "All of it.", batches),
        job_summary="",
    )


def silent(world: World) -> Draft:
    return Draft(world.pull.head, None, None, (), (), (), None, "")


def only(world: World, **parts: Any) -> Draft:
    """A draft of these parts alone."""
    return replace(silent(world), **parts)


def writes(world: World) -> list[tuple[str, str, int]]:
    """Every write that GitHub heard of; queries are POSTs, too, and left out."""
    return [one for one in world.hub.requests if one[0] != "GET" and not one[1].endswith("/graphql")]
