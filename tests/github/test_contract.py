"""The watchman itself: that a departure from GitHub's documents is found, in requests, answers and webhooks."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("openapi_schema_validator", reason="NOT PROVEN: the strict GitHub needs the extra `github-test`")

import httpx

from tests.github import scene
from tests.github.contracts import FOLDER, VERSIONS, check_webhook, rest
from tests.github.dispatch import ROUTES
from tests.github.shapes import people, talk
from tests.github.world import PATH, worlds

if TYPE_CHECKING:
    from tests.github.world import World

HOSTS = ("api.github.com", "ghes-3.19")


@pytest.mark.parametrize("field", ["id", "user", "created_at"])
def test_an_answer_that_lacks_a_required_field_is_found(world: World, field: str) -> None:
    contract = rest("api.github.com", "2026-03-10")
    operation, _ = contract.find("GET", f"{PATH}/issues/comments/5") or pytest.fail("no such operation")
    said = talk.issue_comment(world.hub, world.repository, scene.comment(world.hub, world.repository, 1, "a", by="ana"))
    assert contract.check_answer(operation, 200, said) == []
    del said[field]
    assert contract.check_answer(operation, 200, said) == [f": '{field}' is a required property"]


def test_an_undeclared_status_is_found() -> None:
    contract = rest("api.github.com", "2026-03-10")
    operation, _ = contract.find("POST", f"{PATH}/pulls/1/reviews") or pytest.fail("no such operation")
    assert contract.check_answer(operation, 201, {}) == ["status 201 is not declared (200, 403, 422)"]


def test_a_webhook_that_lacks_a_required_field_is_found(world: World) -> None:
    pull = talk.pull(world.hub, world.repository, world.pull)
    common = {"repository": people.repository(world.hub, world.repository), "sender": people.account(world.hub, world.pull.user)}
    payload = {"action": "opened", "number": 1, "pull_request": pull, **common}
    assert check_webhook("pull_request", "opened", payload) == []
    del payload["number"]
    assert check_webhook("pull_request", "opened", payload) == [": 'number' is a required property"]
    assert check_webhook("pull_request", "befriended", payload) == ["there is no webhook pull_request.befriended"]


def test_a_broken_contract_fails_the_test_that_ran() -> None:
    with pytest.raises(AssertionError, match="not a permitted key"), worlds() as world:
        world.client().post(f"{PATH}/issues/1/comments", json={"body": "a", "colour": "red"})


@pytest.mark.parametrize("version", VERSIONS)
def test_every_route_is_an_operation_of_githubs_document(version: str) -> None:
    known = {(one.method, one.template) for one in rest("api.github.com", version).operations}
    assert set(ROUTES) - known == set()


# Where octokit's table is behind GitHub's pages: issues shows a pull request too, and contents replaced single_file.
NEWER = {"GET /repos/{owner}/{repo}/issues/{issue_number}", "PUT /repos/{owner}/{repo}/contents/{path}"}


def test_a_route_needs_what_octokits_table_of_permissions_says() -> None:
    table = json.loads((FOLDER / "app-permissions.json").read_text())
    needs = {f"{one.method} {one.template}": set(one.needs) for one in ROUTES.values()}
    assert {name for name, rights in table.items() if needs[name] - set(rights)} == NEWER


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("version", VERSIONS)
def test_the_contracts_load_with_valid_schemas(host: str, version: str) -> None:
    contract = rest(host, version)
    for one in contract.operations:
        for status in one.spec["responses"]:
            if (schema := contract.answer_schema(one, int(status))) is not None:
                contract.validator(schema, one.method, one.template, status).check_schema(schema)


def test_the_strict_github_knows_nothing_of_the_project() -> None:
    folder = Path(__file__).parent
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = (
                [each.name for each in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            assert not any(name.split(".")[0] == "clops_app" for name in names), path


def test_an_app_is_registered_by_its_manifest_in_three_steps(world: World) -> None:
    manifest = {
        "name": "My ClOps",
        "url": "https://example.com",
        "redirect_url": "http://127.0.0.1:9/setup/done",
        "hook_attributes": {"url": "http://127.0.0.1:9/webhooks/github"},
        "default_permissions": {"pull_requests": "write"},
        "default_events": ["pull_request"],
    }
    form = {"manifest": json.dumps(manifest)}
    sent = httpx.post(f"{world.hub.web}/settings/apps/new", params={"state": "abc"}, data=form)
    back = httpx.URL(sent.headers["location"])
    assert (sent.status_code, back.path, back.params["state"]) == (302, "/setup/done", "abc")
    made = httpx.post(f"{world.hub.api}/app-manifests/{back.params['code']}/conversions")
    assert (made.status_code, made.json()["slug"], made.json()["pem"][:5]) == (201, "my-clops", "-----")
    assert httpx.post(f"{world.hub.api}/app-manifests/{back.params['code']}/conversions").status_code == 404


def test_a_manifest_without_url_is_refused(world: World) -> None:
    form = {"manifest": json.dumps({"name": "x", "redirect_url": "http://127.0.0.1:9/"})}
    assert httpx.post(f"{world.hub.web}/settings/apps/new", data=form).status_code == 422


def test_the_page_of_a_pull_request_shows_its_conversation_with_buttons(world: World) -> None:
    entry = {"path": "main.tf", "line": 5, "side": "RIGHT", "body": "```suggestion\nL\n```"}
    world.client().post(f"{PATH}/pulls/1/reviews", json={"event": "COMMENT", "body": "s", "comments": [entry]})
    page = httpx.get(f"{world.hub.web}/acme/infra/pull/1")
    assert (page.status_code, "Commit suggestion" in page.text) == (200, True)
