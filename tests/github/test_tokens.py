"""Who may do what (README of the contracts, B.4 and B.6): tokens, their lives and rights, versions and forms of requests."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("openapi_schema_validator", reason="NOT PROVEN: the strict GitHub needs the extra `github-test`")

import httpx
import jwt

from tests.github import scene
from tests.github.contracts import error_bodies
from tests.github.world import PATH, lines, worlds

if TYPE_CHECKING:
    from tests.github.world import World

TALK, REVIEWS = f"{PATH}/issues/1/comments", f"{PATH}/pulls/1/reviews"


def signed(world: World, *, ahead: int = 540, back: int = 60, key: str | None = None, issuer: str | None = None) -> str:
    now = int(time.time())
    claims = {"iat": now - back, "exp": now + ahead, "iss": issuer or str(world.app.id)}
    return jwt.encode(claims, key or world.app.private_key, algorithm="RS256")


def tokens_of(world: World) -> str:
    return f"/app/installations/{world.installation.id}/access_tokens"


def test_the_true_client_gets_a_token_and_uses_it(world: World) -> None:
    kit = world.kit()
    assert kit.rest.repos.get("acme", "infra").parsed_data.full_name == "acme/infra"


def test_a_token_is_long_and_its_time_in_githubs_form(world: World) -> None:
    made = world.client(signed(world)).post(tokens_of(world)).json()
    assert made["token"].startswith(f"ghs_{world.app.id}_")
    assert len(made["token"]) > 100
    assert time.strptime(made["expires_at"], "%Y-%m-%dT%H:%M:%SZ")


def test_a_jwt_by_client_id_is_as_good(world: World) -> None:
    assert world.client(signed(world, issuer=world.app.client_id)).get("/app").json()["slug"] == "clops"


def test_a_jwt_of_more_than_ten_minutes_is_refused(world: World) -> None:
    answer = world.client(signed(world, ahead=660)).get("/app")
    assert (answer.status_code, answer.json()) == (401, error_bodies()["jwt.exp_too_far"]["body"])


@pytest.mark.parametrize("wrong", [{"ahead": -10}, {"back": -100}, {"issuer": "999999"}])
def test_a_jwt_expired_or_early_or_of_nobody_is_refused(world: World, wrong: dict[str, Any]) -> None:
    assert world.client(signed(world, **wrong)).get("/app").status_code == 401


def test_a_jwt_signed_by_another_key_is_refused(world: World) -> None:
    other = scene.add_app(world.hub, "other").private_key
    assert world.client(signed(world, key=other)).get("/app").json() == error_bodies()["jwt.undecodable"]["body"]


def test_a_token_lives_an_hour(world: World) -> None:
    world.hub.clock.advance(3_590)
    assert world.client().get(PATH).status_code == 200
    world.hub.clock.advance(20)
    assert world.client().get(PATH).json() == error_bodies()["token.expired"]["body"]


def test_a_revoked_token_is_refused(world: World) -> None:
    assert world.client().delete("/installation/token").status_code == 204
    assert world.client().get(PATH).status_code == 401


def test_a_token_can_be_narrowed_and_not_widened(world: World) -> None:
    client = world.client(signed(world))
    narrow = client.post(tokens_of(world), json={"permissions": {"pull_requests": "read"}, "repositories": ["infra"]}).json()
    assert (narrow["permissions"], narrow["repository_selection"]) == ({"pull_requests": "read", "metadata": "read"}, "selected")
    assert world.client(narrow["token"]).post(TALK, json={"body": "a"}).status_code == 403
    assert client.post(tokens_of(world), json={"permissions": {"contents": "write"}}).status_code == 422
    assert client.post(tokens_of(world), json={"repositories": ["absent"]}).status_code == 422


def test_a_missing_permission_is_403_and_the_header_says_which_would_do() -> None:
    with worlds({"pull_requests": "read", "metadata": "read"}) as world:
        answer = world.client().post(TALK, json={"body": "a"})
        assert (answer.status_code, answer.json()) == (403, error_bodies()["integration.forbidden"]["body"])
        assert answer.headers["x-accepted-github-permissions"] == "issues=write; pull_requests=write"


@pytest.mark.parametrize("permission", ["issues", "pull_requests"])
def test_a_conversation_needs_issues_or_pull_requests(permission: str) -> None:
    with worlds({permission: "write", "metadata": "read"}) as world:
        assert world.client().post(TALK, json={"body": "a"}).status_code == 201


def test_a_reaction_to_a_conversation_comment_needs_issues(world: World) -> None:
    said = scene.comment(world.hub, world.repository, 1, "/clops help", by="ana")
    assert world.client().post(f"{PATH}/issues/comments/{said.id}/reactions", json={"content": "eyes"}).status_code == 403
    world.app.permissions["issues"] = "write"
    scene.change_installation(world.hub, world.installation, "new_permissions_accepted")
    from tests.github.tokens import issue

    fresh = world.client(issue(world.hub, world.installation, None, None).text)
    codes = [fresh.post(f"{PATH}/issues/comments/{said.id}/reactions", json={"content": "eyes"}).status_code for _ in range(2)]
    assert codes == [201, 200]


def test_what_is_private_is_404_for_others() -> None:
    with worlds(private=True) as world:
        assert world.person("eve").get(PATH).status_code == 404
        assert httpx.get(world.hub.api + PATH).status_code == 404
        assert world.person("max").get(PATH).status_code == 200


def test_a_suspended_installation_is_shut_out_and_a_removed_one_forgotten(world: World) -> None:
    scene.change_installation(world.hub, world.installation, "suspend")
    assert world.client().get(PATH).status_code == 403
    scene.change_installation(world.hub, world.installation, "unsuspend")
    assert world.client().get(PATH).status_code == 200
    scene.change_installation(world.hub, world.installation, "deleted")
    assert world.client().get(PATH).status_code == 401


def test_chosen_repositories_are_all_an_installation_sees(world: World) -> None:
    other = scene.add_repository(world.hub, "acme/other", {"a.tf": "a\n"}, private=True)
    assert len(world.client().get("/installation/repositories").json()["repositories"]) == 2
    scene.choose_repositories(world.hub, world.installation, (other,))
    from tests.github.tokens import issue

    fresh = world.client(issue(world.hub, world.installation, None, None).text)
    assert [one["name"] for one in fresh.get("/installation/repositories").json()["repositories"]] == ["other"]
    assert fresh.post(TALK, json={"body": "a"}).status_code == 403


ASKED = {"contents": "read", "pull_requests": "write", "checks": "write"}


def test_the_token_of_a_fork_pull_request_only_reads(world: World) -> None:
    fork = scene.fork(world.hub, world.repository, "eve")
    scene.push(world.hub, fork, "theirs", {"main.tf": lines(9)}, by="eve")
    pull = scene.open_pull(world.hub, world.repository, "theirs", head_repository=fork, by="eve")
    client = world.client(scene.actions_token(world.hub, world.repository, ASKED, pull=pull))
    assert client.get(f"{PATH}/pulls/2").json()["head"]["repo"]["full_name"] == "eve/infra"
    refused = client.post(f"{PATH}/pulls/2/reviews", json={"event": "COMMENT", "body": "s"})
    assert (refused.status_code, refused.json()["message"]) == (403, "Resource not accessible by integration")


def test_the_token_of_an_own_pull_request_writes_as_the_actions_bot(world: World) -> None:
    client = world.client(scene.actions_token(world.hub, world.repository, ASKED, pull=world.pull))
    made = client.post(TALK, json={"body": "a"}).json()
    assert (made["user"]["login"], made["user"]["type"]) == ("github-actions[bot]", "Bot")
    assert client.get(PATH).headers["x-ratelimit-limit"] == "1000"


def test_a_person_writes_no_check_runs(world: World) -> None:
    answer = world.person("ada").post(f"{PATH}/check-runs", json={"name": "x", "head_sha": world.pull.head})
    assert (answer.status_code, answer.json()["message"]) == (403, "You must authenticate via a GitHub App.")


def test_a_check_run_is_changed_by_its_own_app_only(world: World) -> None:
    made = world.client().post(f"{PATH}/check-runs", json={"name": "x", "head_sha": world.pull.head}).json()
    actions = world.client(scene.actions_token(world.hub, world.repository, ASKED))
    assert actions.patch(f"{PATH}/check-runs/{made['id']}", json={"status": "in_progress"}).status_code == 403


@pytest.mark.parametrize(
    ("login", "level", "role"), [("ada", "admin", "admin"), ("ana", "write", "write"), ("max", "read", "read"), ("eve", "read", "read")]
)
def test_the_permission_of_who_commands_can_be_asked(world: World, login: str, level: str, role: str) -> None:
    world.hub.account(login)
    kit = world.kit()
    found = kit.rest.repos.get_collaborator_permission_level("acme", "infra", login).parsed_data
    assert (found.permission, found.role_name) == (level, role)


def test_two_versions_answer_with_their_own_fields(world: World) -> None:
    old = world.client(**{"X-GitHub-Api-Version": "2022-11-28"}).get(f"{PATH}/pulls/1").json()
    new = world.client(**{"X-GitHub-Api-Version": "2026-03-10"}).get(f"{PATH}/pulls/1").json()
    assert set(old) - set(new) == {"assignee", "merge_commit_sha"}
    assert "has_downloads" not in new["base"]["repo"]


def test_an_unknown_version_is_400_and_a_ghes_knows_only_2022(world: World) -> None:
    assert world.client(**{"X-GitHub-Api-Version": "2031-01-01"}).get(PATH).status_code == 400
    with worlds(ghes=True) as ghes:
        assert ghes.client(**{"X-GitHub-Api-Version": "2026-03-10"}).get(PATH).status_code == 400


def test_the_true_client_reaches_a_ghes_by_its_own_version() -> None:
    with worlds(ghes=True) as world:
        assert world.hub.api.endswith("/api/v3")
        kit = world.kit()
        assert kit.rest("2022-11-28").pulls.get("acme", "infra", 1).parsed_data.number == 1
        assert kit.graphql("{viewer{login}}") == {"viewer": {"login": "clops[bot]"}}


def test_a_request_without_user_agent_is_forbidden(world: World) -> None:
    assert world.client(**{"User-Agent": ""}).get(PATH).status_code == 403


def test_a_body_that_is_no_json_is_400(world: World) -> None:
    answer = world.client().post(TALK, content=b"{no")
    assert (answer.status_code, answer.json()["message"]) == (400, "Problems parsing JSON")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"body": 5}, "is not"),
        ({"text": "a"}, "not a permitted key"),
    ],
)
def test_a_body_of_wrong_form_is_422_and_remembered(world: World, body: dict[str, Any], said: str) -> None:
    answer = world.client().post(TALK, json=body)
    assert (answer.status_code, said in answer.json()["message"]) == (422, True)
    assert len(world.hub.complaints) == 1
    world.hub.complaints.clear()


def test_a_typo_in_a_review_comment_is_remembered(world: World) -> None:
    entry = {"path": "main.tf", "line": 6, "startline": 5, "side": "RIGHT", "body": "x"}
    answer = world.client().post(REVIEWS, json={"event": "COMMENT", "body": "s", "comments": [entry]})
    assert '"comments.startline" is not a permitted key.' in answer.json()["message"]
    world.hub.complaints.clear()


def test_a_renamed_repository_is_followed(world: World) -> None:
    scene.rename(world.hub, world.repository, "renamed")
    answer = world.client().get(f"{PATH}/pulls", params={"state": "all"}, follow_redirects=True)
    assert ([one.status_code for one in answer.history], answer.json()[0]["number"]) == ([301], 1)
    assert answer.url.params["state"] == "all"


def test_what_is_not_served_is_501_and_remembered(world: World) -> None:
    assert world.client().get(f"{PATH}/milestones").status_code == 501
    assert world.hub.complaints == [f"GET {PATH}/milestones: this GitHub does not serve it"]
    world.hub.complaints.clear()
