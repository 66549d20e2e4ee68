"""Files, commits and archives (README of the contracts, B.3): what an app reads without a clone, and how it writes a fix."""

from __future__ import annotations

import base64
import io
import tarfile
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("openapi_schema_validator", reason="NOT PROVEN: the strict GitHub needs the extra `github-test`")

import httpx

from tests.github import scene
from tests.github.world import PATH, lines, worlds

if TYPE_CHECKING:
    from tests.github.world import World

WIDE = {"metadata": "read", "contents": "write", "pull_requests": "write"}


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_an_archive_is_behind_a_redirect_of_five_minutes_to_another_host(world: World) -> None:
    answer = world.client().get(f"{PATH}/tarball/feature")
    place = answer.headers["location"]
    assert (answer.status_code, place.startswith("http://localhost:")) == (302, True)
    followed = world.client().get(f"{PATH}/tarball/feature", follow_redirects=True)
    with tarfile.open(fileobj=io.BytesIO(followed.content)) as archive:
        assert f"acme-infra-{world.pull.head[:7]}/main.tf" in archive.getnames()
    assert httpx.get(place).status_code == 200
    world.hub.clock.advance(301)
    assert httpx.get(place).status_code == 404


def test_the_token_sent_to_the_host_of_archives_is_remembered(world: World) -> None:
    place = world.client().get(f"{PATH}/tarball/feature").headers["location"]
    world.client().get(place)
    assert world.hub.complaints == ["the token was sent to the host of archives"]
    world.hub.complaints.clear()


def test_a_file_is_read_at_a_commit(world: World) -> None:
    kit = world.kit()
    found = kit.rest.repos.get_content("acme", "infra", "main.tf", ref=world.pull.head).json()
    assert base64.b64decode(found["content"]).decode() == lines(5, 30)


def test_a_file_of_more_than_a_megabyte_comes_raw_only(world: World) -> None:
    world.push({"big.tf": "a" * 1_000_001})
    found = world.client().get(f"{PATH}/contents/big.tf?ref=feature").json()
    assert (found["encoding"], found["content"]) == ("none", "")
    raw = world.client().get(f"{PATH}/contents/big.tf?ref=feature", headers={"Accept": "application/vnd.github.raw+json"})
    assert len(raw.content) == 1_000_001


def test_a_directory_lists_its_entries(world: World) -> None:
    world.push({"net/a.tf": "a\n", "net/sub/b.tf": "b\n"})
    found = world.client().get(f"{PATH}/contents/net?ref=feature").json()
    assert [(one["name"], one["type"]) for one in found] == [("a.tf", "file"), ("sub", "dir")]


def test_the_whole_tree_is_listed_recursively(world: World) -> None:
    world.push({"net/a.tf": "a\n"})
    found = world.client().get(f"{PATH}/git/trees/feature?recursive=1").json()
    assert [one["path"] for one in found["tree"]] == ["main.tf", "net", "net/a.tf", "new.tf"]


def test_a_fix_is_committed_to_the_branch_when_its_content_is_known() -> None:
    with worlds(WIDE) as world:
        kit = world.kit()
        known = kit.rest.repos.get_content("acme", "infra", "new.tf", ref="feature").json()["sha"]
        fixed = {"message": "Fix", "content": encoded("fixed\n"), "branch": "feature"}
        done = kit.rest.repos.create_or_update_file_contents("acme", "infra", "new.tf", **fixed, sha=known)
        assert (done.json()["commit"]["sha"], world.repository.git.file("feature", "new.tf")) == (world.pull.head, b"fixed\n")
        client = world.client()
        assert client.put(f"{PATH}/contents/new.tf", json={**fixed, "sha": known}).status_code == 409
        assert client.put(f"{PATH}/contents/new.tf", json=fixed).status_code == 422


def test_a_fix_needs_the_permission_contents(world: World) -> None:
    asked = {"message": "Fix", "content": encoded("fixed\n"), "branch": "feature"}
    assert world.client().put(f"{PATH}/contents/x.tf", json=asked).status_code == 403


def test_a_fix_becomes_a_pull_request_of_its_own_branch() -> None:
    with worlds(WIDE) as world:
        client = world.client()
        assert client.post(f"{PATH}/git/refs", json={"ref": "refs/heads/clops/fix", "sha": world.pull.head}).status_code == 201
        assert client.post(f"{PATH}/git/refs", json={"ref": "refs/heads/clops/fix", "sha": world.pull.head}).status_code == 422
        client.put(f"{PATH}/contents/main.tf", json=_change(world, "main.tf", lines(5)))
        asked = {"title": "Fix", "head": "clops/fix", "base": "feature", "body": "b"}
        made = client.post(f"{PATH}/pulls", json=asked)
        assert (made.status_code, made.json()["user"]["login"], made.json()["changed_files"]) == (201, "clops[bot]", 1)
        assert "already exists" in client.post(f"{PATH}/pulls", json=asked).json()["errors"][0]["message"]


def _change(world: World, path: str, text: str) -> dict[str, str]:
    entry = world.repository.git.entry(world.pull.head, path)
    return {"message": "Fix", "content": encoded(text), "branch": "clops/fix", "sha": entry.sha if entry else ""}


def test_several_files_are_committed_by_git_data() -> None:
    with worlds(WIDE) as world:
        client = world.client()
        entries = [
            {"path": "main.tf", "mode": "100644", "type": "blob", "content": "m\n"},
            {"path": "new.tf", "mode": "100644", "type": "blob", "sha": None},
        ]
        tree = client.post(f"{PATH}/git/trees", json={"base_tree": world.pull.head, "tree": entries}).json()["sha"]
        commit = client.post(f"{PATH}/git/commits", json={"message": "Fix", "tree": tree, "parents": [world.pull.head]}).json()["sha"]
        assert client.patch(f"{PATH}/git/refs/heads/feature", json={"sha": commit}).status_code == 200
        assert (world.pull.head, [one["filename"] for one in client.get(f"{PATH}/pulls/1/files").json()]) == (commit, ["main.tf", "old.tf"])
        other = client.post(f"{PATH}/git/commits", json={"message": "Other", "tree": tree, "parents": [world.pull.base]}).json()["sha"]
        refused = client.patch(f"{PATH}/git/refs/heads/feature", json={"sha": other})
        assert (refused.status_code, refused.json()["message"]) == (422, "Update is not a fast forward")


def test_a_comparison_is_from_the_merge_base_with_files_on_the_first_page(world: World) -> None:
    for number in range(3):
        world.push({f"c{number}.tf": "c\n"})
    scene.push(world.hub, world.repository, "main", {"elsewhere.tf": "new\n"})
    first = world.client().get(f"{PATH}/compare/main...feature?per_page=2")
    second = world.client().get(first.links["next"]["url"])
    assert (first.json()["status"], first.json()["ahead_by"], first.json()["behind_by"], len(first.json()["files"])) == (
        "diverged",
        4,
        1,
        6,
    )
    assert (len(second.json()["commits"]), second.json()["files"]) == (2, [])


def test_the_test_merge_is_told_and_a_conflict_too(world: World) -> None:
    found = world.client().get(f"{PATH}/pulls/1").json()
    assert (found["mergeable"], world.repository.git.commit(found["merge_commit_sha"]).parents) == (
        True,
        (world.pull.base, world.pull.head),
    )
    scene.push(world.hub, world.repository, "main", {"main.tf": lines(5, mark="other")})
    found = world.client().get(f"{PATH}/pulls/1").json()
    assert (found["mergeable"], found["mergeable_state"]) == (False, "dirty")


def test_the_newest_run_of_a_name_stands_for_a_commit(world: World) -> None:
    client = world.client()
    for external in ("one", "two"):
        client.post(
            f"{PATH}/check-runs", json={"name": "clops", "head_sha": world.pull.head, "external_id": external, "conclusion": "neutral"}
        )
    found = client.get(f"{PATH}/commits/{world.pull.head}/check-runs").json()
    everything = client.get(f"{PATH}/commits/{world.pull.head}/check-runs?filter=all").json()
    assert ([one["external_id"] for one in found["check_runs"]], everything["total_count"]) == (["two"], 2)
    (suite,) = client.get(f"{PATH}/commits/{world.pull.head}/check-suites").json()["check_suites"]
    assert (suite["status"], suite["conclusion"]) == ("completed", "neutral")


def test_a_completed_run_has_a_conclusion(world: World) -> None:
    asked = {"name": "clops", "head_sha": world.pull.head, "status": "completed"}
    assert world.client().post(f"{PATH}/check-runs", json=asked).status_code == 422
    world.hub.complaints.clear()


def test_a_commit_of_the_unknown_takes_no_run(world: World) -> None:
    assert world.client().post(f"{PATH}/check-runs", json={"name": "clops", "head_sha": "0" * 40}).status_code == 422
