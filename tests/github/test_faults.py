"""What goes wrong on demand: 5xx after the work is done, late and dropped answers, hostile archives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("openapi_schema_validator", reason="NOT PROVEN: the strict GitHub needs the extra `github-test`")

import githubkit
import httpx

from tests.github.world import PATH

if TYPE_CHECKING:
    from tests.github.world import World

TALK, REVIEWS = f"{PATH}/issues/1/comments", f"{PATH}/pulls/1/reviews"


def test_a_502_may_come_after_the_review_was_stored(world: World) -> None:
    world.hub.faults.after_store("POST", r"/reviews$")
    client = world.client()
    answer = client.post(REVIEWS, json={"event": "COMMENT", "body": "<!-- marker -->"})
    assert (answer.status_code, [one["body"] for one in client.get(REVIEWS).json()]) == (502, ["<!-- marker -->"])


def test_the_true_client_left_to_repeat_doubles_such_a_review(world: World) -> None:
    world.hub.faults.after_store("POST", r"/reviews$")
    kit = githubkit.GitHub(world.token, base_url=world.hub.api)
    kit.rest.pulls.create_review("acme", "infra", 1, event="COMMENT", body="twice")
    assert len(world.pull.reviews) == 2


def test_an_answer_instead_does_nothing_and_is_used_up(world: World) -> None:
    world.hub.faults.instead("POST", "/comments$", 503, {"message": "Service unavailable"}, headers={"Retry-After": "1"}, times=2)
    client = world.client()
    codes = [client.post(TALK, json={"body": "a"}).status_code for _ in range(3)]
    assert (codes, len(world.repository.issue_comments)) == ([503, 503, 201], 1)


def test_a_dropped_connection_leaves_what_was_stored(world: World) -> None:
    world.hub.faults.drop("POST", "/comments$")
    with pytest.raises(httpx.RemoteProtocolError):
        world.client().post(TALK, json={"body": "a"})
    assert len(world.repository.issue_comments) == 1


def test_a_late_answer_runs_into_the_clients_timeout(world: World) -> None:
    world.hub.faults.late("GET", f"{PATH}$", 0.5)
    with pytest.raises(httpx.ReadTimeout):
        world.client().get(PATH, timeout=0.1)


def test_an_archive_can_be_hostile(world: World) -> None:
    world.hub.faults.tarball(b"no archive")
    assert world.client().get(f"{PATH}/tarball/feature", follow_redirects=True).content == b"no archive"
