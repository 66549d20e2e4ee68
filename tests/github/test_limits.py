"""How much is taken (README of the contracts, B.3 and B.4): sizes, pages, allowances and the three secondary refusals."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("openapi_schema_validator", reason="NOT PROVEN: the strict GitHub needs the extra `github-test`")

import githubkit
import githubkit.exception

from tests.github import scene
from tests.github.contracts import error_bodies
from tests.github.world import PATH, worlds

if TYPE_CHECKING:
    from tests.github.world import World

TALK, REVIEWS, CHECKS = f"{PATH}/issues/1/comments", f"{PATH}/pulls/1/reviews", f"{PATH}/check-runs"


def test_a_comment_of_65536_characters_is_taken_and_one_more_refused(world: World) -> None:
    client = world.client()
    assert client.post(TALK, json={"body": "ä" * 65_536}).status_code == 201
    assert client.post(TALK, json={"body": "a" * 65_537}).json() == error_bodies()["issue_comment.too_long"]["body"]


def test_a_change_of_a_comment_has_the_same_limit(world: World) -> None:
    client = world.client()
    made = client.post(TALK, json={"body": "a"}).json()
    assert client.patch(f"{PATH}/issues/comments/{made['id']}", json={"body": "a" * 65_537}).status_code == 422


def test_a_review_body_and_a_line_comment_have_the_same_limit(world: World) -> None:
    long = "a" * 65_537
    entry = {"path": "main.tf", "line": 5, "side": "RIGHT", "body": long}
    assert world.client().post(REVIEWS, json={"event": "COMMENT", "body": long}).status_code == 422
    assert world.client().post(REVIEWS, json={"event": "COMMENT", "body": "s", "comments": [entry]}).status_code == 422


def notes(count: int) -> list[dict[str, Any]]:
    return [{"path": "main.tf", "start_line": 1, "end_line": 1, "annotation_level": "warning", "message": "m"}] * count


def run(world: World, **output: Any) -> dict[str, Any]:
    return {"name": "clops", "head_sha": world.pull.head, "output": {"title": "t", "summary": "s", **output}}


def test_fifty_annotations_are_taken_and_appended_and_fifty_one_refused(world: World) -> None:
    client = world.client()
    made = client.post(CHECKS, json=run(world, annotations=notes(50))).json()
    more = {"output": {"title": "t", "summary": "s", "annotations": notes(20)}}
    assert client.patch(f"{CHECKS}/{made['id']}", json=more).json()["output"]["annotations_count"] == 70
    assert len(client.get(f"{CHECKS}/{made['id']}/annotations?per_page=100").json()) == 70
    assert client.post(CHECKS, json=run(world, annotations=notes(51))).status_code == 422
    world.hub.complaints.clear()


@pytest.mark.parametrize("name", ["summary", "text"])
def test_a_check_text_of_65536_is_refused(world: World, name: str) -> None:
    assert world.client().post(CHECKS, json=run(world, **{name: "a" * 65_536})).status_code == 422
    world.hub.complaints.clear()


def test_columns_belong_to_annotations_of_one_line(world: World) -> None:
    two_lines = [{**notes(1)[0], "end_line": 2, "start_column": 1, "end_column": 2}]
    assert world.client().post(CHECKS, json=run(world, annotations=two_lines)).status_code == 422


@pytest.mark.parametrize(("name", "most"), [("label", 20), ("description", 40), ("identifier", 20)])
def test_an_action_of_a_check_is_short(world: World, name: str, most: int) -> None:
    action = {"label": "l", "description": "d", "identifier": "i"} | {name: "a" * (most + 1)}
    assert world.client().post(CHECKS, json=run(world) | {"actions": [action]}).status_code == 422
    world.hub.complaints.clear()


def test_pages_are_followed_by_link_and_no_longer_than_a_hundred(world: World) -> None:
    for number in range(130):
        scene.comment(world.hub, world.repository, 1, f"{number}", by="ana")
    client = world.client()
    first = client.get(TALK, params={"per_page": 200})
    second = client.get(first.links["next"]["url"])
    assert (len(first.json()), len(second.json()), "next" in second.links) == (100, 30, False)
    assert len(client.get(TALK).json()) == 30


def test_the_files_of_a_pull_request_end_at_3000() -> None:
    with worlds() as world:
        world.push({f"f{number:04}.tf": "a\n" for number in range(3_010)})
        client = world.client()
        found = [one for page in range(1, 33) for one in client.get(f"{PATH}/pulls/1/files", params={"per_page": 100, "page": page}).json()]
        assert (len(found), client.get(f"{PATH}/pulls/1").json()["changed_files"]) == (3_000, 3_013)


def test_the_diff_of_many_files_is_refused_with_406(world: World) -> None:
    world.push({f"f{number}.tf": "a\n" for number in range(300)})
    answer = world.client().get(f"{PATH}/pulls/1", headers={"Accept": "application/vnd.github.diff"})
    assert (answer.status_code, answer.json()) == (406, error_bodies()["diff.too_many_files"]["body"])


def test_the_diff_of_many_lines_is_refused_with_406(world: World) -> None:
    world.push({f"f{number}.tf": "a\n" * 10_001 for number in range(2)})
    answer = world.client().get(f"{PATH}/pulls/1", headers={"Accept": "application/vnd.github.diff"})
    assert answer.json() == error_bodies()["diff.too_many_lines"]["body"]


def test_a_file_without_hunks_has_no_patch_and_bears_no_comment(world: World) -> None:
    world.push({"image.png": b"\x00\x01", "old.tf": None, "huge.tf": "a\n" * 20_001, "moved.tf": "same\n" * 9})
    patches = {one["filename"]: "patch" in one for one in world.client().get(f"{PATH}/pulls/1/files").json()}
    assert (patches["image.png"], patches["huge.tf"], patches["main.tf"]) == (False, False, True)
    entry = {"path": "huge.tf", "line": 1, "side": "RIGHT", "body": "x"}
    assert world.client().post(REVIEWS, json={"event": "COMMENT", "body": "s", "comments": [entry]}).status_code == 422


def test_the_patch_has_hunks_only_and_names_a_missing_newline(world: World) -> None:
    world.push({"new.tf": "a\nb"})
    patch = next(one["patch"] for one in world.client().get(f"{PATH}/pulls/1/files").json() if one["filename"] == "new.tf")
    assert patch == "@@ -0,0 +1,2 @@\n+a\n+b\n\\ No newline at end of file"


def test_the_primary_limit_says_when_it_ends_and_ends_then(world: World) -> None:
    world.hub.limits.installation_per_hour = 2
    client = world.client()
    answers = [client.get(PATH) for _ in range(3)]
    assert [one.headers["x-ratelimit-remaining"] for one in answers] == ["1", "0", "0"]
    assert (answers[2].status_code, answers[2].json()["message"][:23]) == (403, "API rate limit exceeded")
    world.hub.clock.advance(3_601)
    world.token = _fresh(world)
    assert world.client().get(PATH).status_code == 200


def _fresh(world: World) -> str:
    from tests.github.tokens import issue

    return issue(world.hub, world.installation, None, None).text


def test_the_true_client_sees_the_primary_limit_as_such(world: World) -> None:
    world.hub.limits.installation_per_hour = 0
    kit = githubkit.GitHub(world.token, base_url=world.hub.api, auto_retry=False)
    with pytest.raises(githubkit.exception.PrimaryRateLimitExceeded):
        kit.rest.repos.get("acme", "infra")


def test_an_answer_304_costs_nothing(world: World) -> None:
    client = world.client()
    first = client.get(PATH)
    second = client.get(PATH, headers={"If-None-Match": first.headers["etag"]})
    third = client.get(PATH)
    assert (second.status_code, third.headers["x-ratelimit-used"]) == (304, "2")


@pytest.mark.parametrize(("form", "status", "after"), [("retry-after", 403, "60"), ("silent", 403, None), ("abuse", 422, None)])
def test_eighty_comments_a_minute_and_the_next_is_refused_in_three_forms(world: World, form: str, status: int, after: str | None) -> None:
    world.hub.limits.content_per_minute, world.hub.limits.form = 3, form
    client = world.client()
    answers = [client.post(TALK, json={"body": "a"}) for _ in range(4)]
    refused = answers[-1]
    assert ([one.status_code for one in answers], refused.headers.get("retry-after")) == ([201, 201, 201, status], after)
    assert int(refused.headers["x-ratelimit-remaining"]) > 4_000
    assert ("abuse" in refused.text) == (form == "abuse")
    world.hub.clock.advance(61)
    assert client.post(TALK, json={"body": "a"}).status_code == 201


def test_the_default_of_content_creation_is_80_a_minute(world: World) -> None:
    client = world.client()
    codes = [client.post(TALK, json={"body": "a"}).status_code for _ in range(81)]
    assert (codes.count(201), codes[-1]) == (80, 403)


def test_points_of_an_endpoint_count_writes_fivefold(world: World) -> None:
    world.hub.limits.points_per_minute = 10
    client = world.client()
    assert [client.post(TALK, json={"body": "a"}).status_code for _ in range(3)] == [201, 201, 403]
    assert client.get(PATH).status_code == 200


def test_more_requests_at_once_than_allowed_are_refused(world: World) -> None:
    world.hub.limits.concurrent = 1
    world.hub.faults.late("GET", f"{PATH}/pulls$", 0.5)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(lambda: world.client().get(f"{PATH}/pulls").status_code)
        while not any(one.kind == "late" and one.times == 0 for one in world.hub.faults.waiting):
            time.sleep(0.005)
        assert world.client().get(PATH).status_code == 403
        assert slow.result() == 200


@pytest.mark.parametrize("status", [403, 429])
def test_an_exceeded_limit_is_403_or_429(world: World, status: int) -> None:
    world.hub.limits.installation_per_hour, world.hub.limits.exceeded_status = 0, status
    assert world.client().get(PATH).status_code == status


def test_a_ghes_has_no_rate_limits() -> None:
    with worlds(ghes=True) as world:
        answer = world.client().get(PATH)
        assert "x-ratelimit-limit" not in answer.headers
        assert world.client().get("/rate_limit").status_code == 404
