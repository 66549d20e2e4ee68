"""Where comments may stand (README of the contracts, B.1): reviews whole or not at all, in the words of both generations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("openapi_schema_validator", reason="NOT PROVEN: the strict GitHub needs the extra `github-test`")

from unidiff.patch import PatchSet

from tests.github import placement, scene
from tests.github.contracts import error_bodies
from tests.github.world import PATH, lines, worlds

if TYPE_CHECKING:
    from tests.github.world import World

REVIEWS, COMMENTS = f"{PATH}/pulls/1/reviews", f"{PATH}/pulls/1/comments"


def at(path: str = "main.tf", line: int = 5, **more: Any) -> dict[str, Any]:
    return {"path": path, "line": line, "side": "RIGHT", "body": "here", **more}


def review(*comments: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"event": "COMMENT", "body": "Summary", "comments": list(comments), **more}


def test_a_review_of_the_true_client_is_stored_with_its_comments(world: World) -> None:
    kit = world.kit()
    made = kit.rest.pulls.create_review("acme", "infra", 1, **review(at(), at("new.tf", 2, start_line=1, start_side="RIGHT")))
    assert made.status_code == 200  # not 201 (A.1)
    found = list(kit.rest.pulls.list_review_comments("acme", "infra", 1).parsed_data)
    assert [(one.path, one.start_line, one.line, one.position) for one in found] == [("main.tf", None, 5, 5), ("new.tf", 1, 2, 2)]


@pytest.mark.parametrize("line", [2, 8, 27, 33])
def test_a_context_line_of_a_hunk_bears_a_comment_on_the_right(world: World, line: int) -> None:
    assert world.client().post(REVIEWS, json=review(at(line=line))).status_code == 200


def test_a_deleted_line_bears_a_comment_on_the_left(world: World) -> None:
    made = world.client().post(COMMENTS, json=at("old.tf", 1, commit_id=world.pull.head) | {"side": "LEFT"})
    assert (made.status_code, made.json()["diff_hunk"]) == (201, "@@ -1 +0,0 @@\n-gone")


@pytest.mark.parametrize(
    ("comment", "name"),
    [
        (at(line=1), "review.line_outside_diff.2026"),
        (at(line=15), "review.line_outside_diff.2026"),
        (at("absent.tf", 1), "review.path_not_in_diff.2026"),
        (at(line=30, start_line=5, start_side="RIGHT"), "review.line_outside_diff.2026"),
    ],
)
def test_a_comment_outside_the_hunks_is_refused_in_the_words_of_2026(world: World, comment: dict[str, Any], name: str) -> None:
    answer = world.client().post(REVIEWS, json=review(comment))
    assert (answer.status_code, answer.json()) == (422, error_bodies()[name]["body"])


@pytest.mark.parametrize(
    ("comment", "name"),
    [
        (at(line=15), "review.line_outside_diff.old"),
        (at("absent.tf", 1), "review.path_invalid.old"),
        ({"path": "main.tf", "position": 99, "body": "x"}, "review.position_invalid.old"),
        (at(line=15, start_line=14, start_side="RIGHT"), "review.multiline_other_hunk.old"),
    ],
)
def test_a_ghes_refuses_in_the_old_words(comment: dict[str, Any], name: str) -> None:
    with worlds(ghes=True) as world:
        answer = world.client().post(REVIEWS, json=review(comment))
        assert answer.json()["errors"] == error_bodies()[name]["body"]["errors"]


@pytest.mark.parametrize("start", [5, 6])
def test_a_range_must_start_before_its_end(world: World, start: int) -> None:
    answer = world.client().post(REVIEWS, json=review(at(line=5, start_line=start, start_side="RIGHT")))
    assert answer.json()["errors"] == error_bodies()["review.start_ge_line"]["body"]["errors"]


def test_one_bad_line_refuses_the_whole_review_and_nothing_is_stored(world: World) -> None:
    client = world.client()
    assert client.post(REVIEWS, json=review(at(), at(line=15))).status_code == 422
    assert (client.get(REVIEWS).json(), client.get(COMMENTS).json()) == ([], [])


def test_the_orphan_fault_keeps_the_body_of_a_refused_review(world: World) -> None:
    client = world.client()
    world.hub.faults.orphan_body()
    assert client.post(REVIEWS, json=review(at(line=15))).status_code == 422
    assert [one["body"] for one in client.get(REVIEWS).json()] == ["Summary"]
    assert client.get(COMMENTS).json() == []


@pytest.mark.parametrize(
    ("comment", "name"),
    [
        (at(line=15), "comment.line_outside_diff"),
        (at("absent.tf", 1), "comment.path_invalid"),
        ({"path": "main.tf", "position": 99, "body": "x"}, "comment.position_invalid"),
        ({"path": "main.tf", "line": 6, "start_line": 5, "side": "RIGHT", "body": "x"}, "comment.multiline_without_start_side"),
    ],
)
def test_a_single_comment_outside_the_hunks_is_refused_with_fields(world: World, comment: dict[str, Any], name: str) -> None:
    answer = world.client().post(COMMENTS, json={**comment, "commit_id": world.pull.head})
    assert (answer.status_code, answer.json()["errors"]) == (422, error_bodies()[name]["body"]["errors"])


def test_a_comment_for_a_commit_outside_the_pull_request_is_refused(world: World) -> None:
    answer = world.client().post(COMMENTS, json=at(commit_id=world.pull.base))
    assert answer.json()["errors"] == error_bodies()["comment.commit_not_in_pr"]["body"]["errors"]


def test_a_commit_that_was_forced_away_is_no_part_of_the_pull_request(world: World) -> None:
    before = world.pull.head
    world.push({"main.tf": lines(7)}, onto="main")
    assert world.client().post(COMMENTS, json=at(commit_id=before)).status_code == 422


def test_a_file_level_comment_exists_on_the_endpoint_of_single_comments_only(world: World) -> None:
    whole = {"path": "main.tf", "body": "whole", "subject_type": "file", "commit_id": world.pull.head}
    made = world.client().post(COMMENTS, json=whole)
    assert (made.status_code, made.json()["subject_type"], made.json()["line"]) == (201, "file", None)
    refused = world.client().post(REVIEWS, json=review({"path": "main.tf", "body": "whole", "subject_type": "file"}))
    assert '"comments.subject_type" is not a permitted key.' in refused.json()["message"]
    world.hub.complaints.clear()


def test_a_comment_moves_with_its_line_and_is_outdated_when_the_line_changes(world: World) -> None:
    client = world.client()
    client.post(REVIEWS, json=review(at(), at(line=30)))
    world.push({"main.tf": "first\n" + lines(5, 30).replace("line 30x", "line 30y")})
    moved, outdated = client.get(COMMENTS).json()
    assert (moved["line"], moved["original_line"], moved["commit_id"]) == (6, 5, world.pull.head)
    assert (outdated["line"], outdated["position"], outdated["original_line"]) == (None, None, 30)


def test_one_pending_review_blocks_every_other_and_replies(world: World) -> None:
    client = world.client()
    first = client.post(COMMENTS, json=at(commit_id=world.pull.head)).json()
    pending = client.post(REVIEWS, json={"body": "later"}).json()
    assert pending["state"] == "PENDING"
    assert client.post(REVIEWS, json=review()).json() == error_bodies()["review.pending_exists"]["body"]
    reply = client.post(f"{COMMENTS}/{first['id']}/replies", json={"body": "and"})
    assert reply.json() == error_bodies()["comment.pending_blocks_reply"]["body"]
    assert client.delete(f"{REVIEWS}/{pending['id']}").status_code == 200
    assert client.post(REVIEWS, json=review()).status_code == 200


def test_a_pending_review_is_seen_by_its_author_alone_until_it_is_submitted(world: World) -> None:
    client, other = world.client(), world.person("ana")
    made = client.post(REVIEWS, json={"body": "later", "comments": [at()]}).json()
    assert (len(client.get(REVIEWS).json()), other.get(REVIEWS).json(), other.get(COMMENTS).json()) == (1, [], [])
    assert client.post(f"{REVIEWS}/{made['id']}/events", json={"event": "COMMENT"}).json()["state"] == "COMMENTED"
    assert (len(other.get(REVIEWS).json()), len(other.get(COMMENTS).json())) == (1, 1)


def test_a_submitted_review_cannot_be_deleted_but_its_body_changed(world: World) -> None:
    client = world.client()
    made = client.post(REVIEWS, json=review()).json()
    assert client.delete(f"{REVIEWS}/{made['id']}").status_code == 422
    assert client.put(f"{REVIEWS}/{made['id']}", json={"body": "Better"}).json()["body"] == "Better"


@pytest.mark.parametrize(("event", "name"), [("APPROVE", "review.own_pr_approve"), ("REQUEST_CHANGES", "review.own_pr_request_changes")])
def test_the_author_may_comment_but_not_judge(world: World, event: str, name: str) -> None:
    author = world.person("ana")
    assert author.post(REVIEWS, json={"event": event, "body": "mine"}).json()["errors"] == error_bodies()[name]["body"]["errors"]
    assert author.post(REVIEWS, json=review()).status_code == 200


@pytest.mark.parametrize("event", ["COMMENT", "REQUEST_CHANGES"])
def test_a_review_that_speaks_needs_a_body(world: World, event: str) -> None:
    assert world.client().post(REVIEWS, json={"event": event, "comments": [at()]}).status_code == 422


def test_a_review_can_be_dismissed_with_a_reason(world: World) -> None:
    made = world.client().post(REVIEWS, json={"event": "REQUEST_CHANGES", "body": "no"}).json()
    answer = world.person("ada").put(f"{REVIEWS}/{made['id']}/dismissals", json={"message": "stale"})
    assert answer.json()["state"] == "DISMISSED"


def test_a_reply_goes_to_a_top_level_comment_only(world: World) -> None:
    client = world.client()
    first = client.post(COMMENTS, json=at(commit_id=world.pull.head)).json()
    second = client.post(f"{COMMENTS}/{first['id']}/replies", json={"body": "and"})
    assert (second.status_code, second.json()["in_reply_to_id"]) == (201, first["id"])
    assert client.post(f"{COMMENTS}/{second.json()['id']}/replies", json={"body": "no"}).status_code == 422


def test_the_diff_has_three_dots_so_what_the_base_gained_is_no_part_of_it(world: World) -> None:
    scene.push(world.hub, world.repository, "main", {"elsewhere.tf": "new\n"})
    found = world.client().get(f"{PATH}/pulls/1/files").json()
    assert [one["filename"] for one in found] == ["main.tf", "new.tf", "old.tf"]


def test_the_reader_of_hunks_agrees_with_unidiff(world: World) -> None:
    files = {one.path: one.patch for one in world.hub.files(world.repository, world.pull)}
    text = world.repository.git.run("diff", world.hub.merge_base(world.repository, world.pull), world.pull.head).decode()
    for file in PatchSet(text):
        expected = {("RIGHT", line.target_line_no) for hunk in file for line in hunk if line.target_line_no}
        expected |= {("LEFT", line.source_line_no) for hunk in file for line in hunk if line.source_line_no}
        assert set(placement.commentable(files[file.path] or "")) == expected
