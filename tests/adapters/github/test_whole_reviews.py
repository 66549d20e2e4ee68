"""Real changes of real Terraform, thought through and said on a pull request, push after push, as the Action and the App do it."""

from __future__ import annotations

import io
import tarfile
from datetime import date
from functools import lru_cache

import pytest

from clops_app.adapters.github.repository import GitHubRepository, with_token
from clops_app.model.draft import Draft
from clops_app.model.source import SourceTree
from clops_app.ports import Checkout, Unsure
from clops_app.review.converse import converse
from clops_app.review.render.markdown.comment import comment
from clops_app.usecases.question import Compared, Question
from clops_app.usecases.review_change import review_change
from clops_app.usecases.think import Mind, mind
from tests.adapters.github.saying import at_once, writes
from tests.github import scene, tokens
from tests.github.state import Pull, Repository
from tests.github.world import World

DATABASE = """provider "aws" {
  region = "us-east-1"
}

resource "aws_db_instance" "main" {
  identifier              = "game"
  engine                  = "postgres"
  instance_class          = "db.t4g.micro"
  allocated_storage       = 20
  storage_encrypted       = true
  multi_az                = true
  backup_retention_period = BACKUPS
  username                = "game"
  password                = "none"
  skip_final_snapshot     = true
  deletion_protection     = true
}
"""


def database(backups: int) -> str:
    return DATABASE.replace("BACKUPS", str(backups))


@lru_cache
def thinking() -> Mind:
    return mind(Question(date(2026, 11, 21)))


def tree(forge: GitHubRepository, commit: str) -> SourceTree:
    into = io.BytesIO()
    forge.archive(commit, into)
    into.seek(0)
    with tarfile.open(fileobj=into) as tar:
        found = {one.name.partition("/")[2]: tar.extractfile(one) for one in tar.getmembers() if one.isfile()}
        return SourceTree({path: file.read() for path, file in found.items() if file is not None})


def draft_of(forge: GitHubRepository, number: int) -> Draft:
    """Everything gathered through the adapter, and thought by the engine itself."""
    pull = forge.read(number)
    base = forge.merge_base(pull)
    head_tree, base_tree = tree(forge, pull.head_sha), tree(forge, base)
    compared = Compared(Checkout(base_tree, "", "/nowhere", base), base)
    review = review_change(thinking(), Checkout(head_tree, "", "/nowhere", pull.head_sha), compared)
    body = comment(review, {}, version="0.1.0")
    return converse(review, body, forge.posted(pull), forge.diff(pull), head_tree, pull.head_sha)


def silent(draft: Draft) -> bool:
    return not any((draft.summary, draft.review, draft.edits, draft.resolve, draft.hide, draft.check))


@pytest.fixture
def game(world: World) -> tuple[World, Repository, Pull, GitHubRepository]:
    """A pull request that takes a database's backups away."""
    repository = scene.add_repository(world.hub, "acme/game", {"main.tf": database(7)}, roles={"ana": "write"})
    scene.push(world.hub, repository, "less", {"main.tf": database(0)})
    pull = scene.open_pull(world.hub, repository, "less")
    token = tokens.issue(world.hub, world.installation, None, None).text
    return world, repository, pull, with_token(token, "acme/game", api_url=world.hub.api, pace=at_once())


def test_a_review_said_twice_says_nothing_more(game: tuple[World, Repository, Pull, GitHubRepository]) -> None:
    world, _, pull, ours = game
    assert ours.publish(ours.read(pull.number), draft_of(ours, pull.number)) == ()
    assert len(writes(world)) == 3
    assert [one.anchor.line for one in pull.comments.values()] == [12]
    assert silent(draft_of(ours, pull.number))


def test_what_is_mended_is_closed_and_what_is_broken_anew_is_said(game: tuple[World, Repository, Pull, GitHubRepository]) -> None:
    world, repository, pull, ours = game
    ours.publish(ours.read(pull.number), draft_of(ours, pull.number))
    scene.push(world.hub, repository, "less", {"main.tf": database(7) + "\n# nothing\n"})
    ours.publish(ours.read(pull.number), draft_of(ours, pull.number))
    (said,) = pull.comments.values()
    assert said.minimized == "resolved"
    assert silent(draft_of(ours, pull.number))
    assert len(world.repository.issue_comments) + len(repository.issue_comments) == 1


def test_a_thread_that_somebody_answers_is_left_to_people(game: tuple[World, Repository, Pull, GitHubRepository]) -> None:
    world, _, pull, ours = game
    ours.publish(ours.read(pull.number), draft_of(ours, pull.number))
    (said,) = pull.comments.values()
    world.person("ana").post(f"/repos/acme/game/pulls/{pull.number}/comments/{said.id}/replies", json={"body": "We know."})
    before = said.body
    assert draft_of(ours, pull.number).review is None
    ours.publish(ours.read(pull.number), draft_of(ours, pull.number))
    assert (said.body, said.minimized, len(pull.comments)) == (before, None, 2)


@pytest.mark.parametrize("path", [r"/issues/\d+/comments$", r"/pulls/\d+/reviews$", r"/check-runs$"])
def test_a_review_broken_off_anywhere_is_gone_on_with(game: tuple[World, Repository, Pull, GitHubRepository], path: str) -> None:
    world, repository, pull, ours = game
    world.hub.faults.after_store("POST", path)
    with pytest.raises(Unsure):
        ours.publish(ours.read(pull.number), draft_of(ours, pull.number))
    ours.publish(ours.read(pull.number), draft_of(ours, pull.number))
    assert silent(draft_of(ours, pull.number))
    assert (len(repository.issue_comments), len(pull.comments), len(repository.runs)) == (1, 1, 1)
