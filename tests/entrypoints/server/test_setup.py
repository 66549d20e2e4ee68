"""An App is registered in three clicks by who holds the setup token, and by nobody else."""

from __future__ import annotations

import html
import json
import re
import stat
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

pytest.importorskip("fastapi", reason="NOT PROVEN: the server needs the extra `app`")

from starlette.testclient import TestClient

from clops_app.entrypoints.server.credentials import FILE, CredentialStore
from tests.entrypoints.server.stage import CREDENTIALS, KEY, SECRET, TOKEN, Stage, staged

FORM = {"token": TOKEN, "owner": "me", "organization": "", "name": "ClOps 1a2b"}
BASE = "https://clops.example.com"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return staged(tmp_path, given=None)


@pytest.fixture
def client(stage: Stage) -> TestClient:
    return TestClient(stage.app, base_url=BASE)


def handed_over(text: str) -> tuple[str, dict[str, Any]]:
    """Where the page's form goes, and the manifest that it takes there."""
    target = re.search(r'<form method="post" action="([^"]+)">', text)
    value = re.search(r'name="manifest" value="([^"]+)"', text)
    assert target
    assert value
    return html.unescape(target[1]), json.loads(html.unescape(value[1]))


def state_of(client: TestClient, **more: str) -> str:
    target, _ = handed_over(client.post("/setup", data={**FORM, **more}).text)
    return parse_qs(urlsplit(target).query)["state"][0]


def test_the_manifest_asks_for_the_least_that_reviewing_takes(client: TestClient) -> None:
    target, manifest = handed_over(client.post("/setup", data=FORM).text)
    assert target.startswith("https://github.com/settings/apps/new?state=")
    assert manifest["default_permissions"] == {"metadata": "read", "contents": "read", "pull_requests": "write", "checks": "write"}
    assert manifest["default_events"] == ["pull_request", "issue_comment", "check_run"]
    assert manifest["hook_attributes"]["url"] == f"{BASE}/webhooks/github"
    assert (manifest["redirect_url"], manifest["url"], manifest["name"]) == (f"{BASE}/setup/callback", BASE, "ClOps 1a2b")


def test_more_is_asked_for_only_where_it_was_ticked(client: TestClient) -> None:
    form = {**FORM, "owner": "organization", "organization": "acme", "may_commit": "1", "may_react": "1"}
    target, manifest = handed_over(client.post("/setup", data=form).text)
    assert target.startswith("https://github.com/organizations/acme/settings/apps/new?state=")
    assert (manifest["default_permissions"]["contents"], manifest["default_permissions"]["issues"]) == ("write", "write")


def test_the_code_is_turned_into_credentials_that_only_we_can_read(stage: Stage, client: TestClient, tmp_path: Path) -> None:
    answer = client.get("/setup/callback", params={"code": "good-code", "state": state_of(client)})
    assert (answer.status_code, "https://github.com/apps/clops-acme/installations/new" in answer.text) == (200, True)
    assert KEY not in answer.text
    assert SECRET not in answer.text
    kept = tmp_path / "state" / FILE
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in kept.parent.iterdir()] == [FILE]
    assert stage.credentials.now() == CREDENTIALS == CredentialStore(tmp_path / "state").now()


def test_once_registered_setup_is_over(stage: Stage, client: TestClient) -> None:
    state = state_of(client)
    client.get("/setup/callback", params={"code": "good-code", "state": state})
    answers = [
        client.get("/setup"),
        client.post("/setup", data=FORM),
        client.get("/setup/callback", params={"code": "good-code", "state": state}),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("token", ["", "wrong", TOKEN + "x", "é"])
def test_a_stranger_cannot_be_first(stage: Stage, client: TestClient, token: str) -> None:
    answer = client.post("/setup", data={**FORM, "token": token})
    assert (answer.status_code, "manifest" in answer.text, client.cookies.get("clops-setup")) == (403, False, None)


def test_an_answer_that_was_not_begun_here_is_refused(stage: Stage, client: TestClient) -> None:
    state = state_of(client)
    stranger = TestClient(stage.app, base_url=BASE)
    assert stranger.get("/setup/callback", params={"code": "good-code", "state": state}).status_code == 403
    assert client.get("/setup/callback", params={"code": "good-code", "state": state + "0"}).status_code == 403
    assert client.get("/setup/callback", params={"code": "good-code"}).status_code == 403
    assert client.get("/setup/callback", params={"code": "../../x", "state": state}).status_code == 403
    assert stage.credentials.now() is None


def test_after_an_hour_the_answer_is_too_late(stage: Stage, client: TestClient) -> None:
    state = state_of(client)
    stage.time[0] += 3_600
    assert client.get("/setup/callback", params={"code": "good-code", "state": state}).status_code == 403


def test_a_longer_hour_cannot_be_forged(stage: Stage, client: TestClient) -> None:
    state = state_of(client)
    longer = f"{state.rpartition('.')[0]}.9999999999"
    seal = client.cookies["clops-setup"].rpartition(".")[2]
    client.cookies.set("clops-setup", f"{longer}.{seal}", domain="clops.example.com", path="/setup")
    assert client.get("/setup/callback", params={"code": "good-code", "state": longer}).status_code == 403


def test_the_cookie_is_for_this_server_alone(client: TestClient) -> None:
    cookie = client.post("/setup", data=FORM).headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=lax", "secure", "path=/setup", "max-age=3600"))


def test_a_code_that_github_does_not_know_is_said_without_its_words(client: TestClient) -> None:
    answer = client.get("/setup/callback", params={"code": "unknown-code", "state": state_of(client)})
    assert (answer.status_code, "unknown-code" in answer.text, "conversions" in answer.text) == (502, False, False)


def test_where_nothing_can_be_kept_the_way_by_hand_is_shown(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the directory should be")
    stage = staged(tmp_path, given=None)
    client = TestClient(stage.app, base_url=BASE)
    assert "cannot be written" in client.get("/setup").text
    answer = client.get("/setup/callback", params={"code": "good-code", "state": state_of(client)})
    assert ("CLOPS_GITHUB_APP_ID=7" in answer.text, KEY in answer.text, SECRET in answer.text) == (True, False, False)
    assert stage.credentials.now() is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "x" * 35), ("name", "a\x00b"), ("organization", "../evil"), ("organization", ""), ("organization", "a b")],
)
def test_what_cannot_be_registered_is_refused_with_a_sentence(client: TestClient, field: str, value: str) -> None:
    answer = client.post("/setup", data={**FORM, "owner": "organization", "organization": "acme", field: value})
    assert (answer.status_code, 'role="alert"' in answer.text) == (400, True)


def test_without_a_public_address_the_form_asks_for_one(tmp_path: Path) -> None:
    client = TestClient(staged(tmp_path, given=None, public_url=None).app, base_url="http://10.0.0.7:8080")
    assert 'value="http://10.0.0.7:8080"' in client.get("/setup").text
    for wrong in ("", "clops.example.com", "ftp://a/", "https://a/?b", "https://u@a/", "http://[", "javascript:alert(1)"):
        assert client.post("/setup", data={**FORM, "public_url": wrong}).status_code == 400
    _, manifest = handed_over(client.post("/setup", data={**FORM, "public_url": "https://my.example.com/"}).text)
    assert manifest["redirect_url"] == "https://my.example.com/setup/callback"
    assert "cannot reach" in client.post("/setup", data={**FORM, "public_url": "http://10.0.0.7:8080"}).text


def test_what_stands_in_the_address_is_shown_as_text(client: TestClient) -> None:
    text = client.get("/setup", params={"token": '"><script>alert(1)</script>'}).text
    assert "<script" not in text


def test_a_long_form_is_not_read(client: TestClient) -> None:
    assert client.post("/setup", data={**FORM, "name": "x" * 20_000}).status_code == 413
