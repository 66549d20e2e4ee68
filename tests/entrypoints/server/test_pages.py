"""What people and machines see of the server, and what they do not."""

from __future__ import annotations

import re
from base64 import b64encode
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="NOT PROVEN: the server needs the extra `app`")

from starlette.testclient import TestClient

from clops_app.usecases.explain_rule import list_rules
from tests.entrypoints.server.stage import KEY, SECRET, TOKEN, recent, staged

STATUS = "the-status-token-of-tests"


def test_the_process_lives_whatever_else_fails(tmp_path: Path) -> None:
    stage = staged(tmp_path, given=None)
    stage.queue.down = True
    assert TestClient(stage.app).get("/healthz").status_code == 200


def test_it_is_ready_when_the_queue_answers_and_an_app_is_registered(tmp_path: Path) -> None:
    stage = staged(tmp_path)
    client = TestClient(stage.app)
    assert (client.get("/readyz").status_code, client.get("/readyz").json()["ready"]) == (200, True)
    stage.queue.down = True
    assert client.get("/readyz").json() == {"ready": False, "queue": "does not answer", "credentials": "there"}
    unregistered = TestClient(staged(tmp_path, given=None).app).get("/readyz")
    assert (unregistered.status_code, unregistered.json()["credentials"]) == (503, "missing")


def test_metrics_tell_the_queue_and_the_version(tmp_path: Path) -> None:
    stage = staged(tmp_path)
    stage.parts.metrics.done("review", "published", 3.0)
    text = TestClient(stage.app).get("/metrics").text
    wanted = ('clops_queue_jobs{state="failed"} 2.0', "clops_queue_up 1.0", 'clops_jobs_total{outcome="published",what="review"} 1.0')
    assert all(line in text for line in (*wanted, 'clops_info{python="', 'clops_job_seconds_bucket{le="5.0",what="review"} 1.0'))
    stage.queue.down = True
    assert "clops_queue_up 0.0" in TestClient(stage.app).get("/metrics").text


def test_metrics_are_for_the_bearer_of_the_token(tmp_path: Path) -> None:
    client = TestClient(staged(tmp_path, metrics_token="metrics-token-of-tests").app)
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer metrics-token-of-tests"}).status_code == 200


def test_the_front_page_says_what_runs_and_what_to_do_next(tmp_path: Path) -> None:
    text = TestClient(staged(tmp_path).app).get("/").text
    assert all(
        word in text for word in ("clops-acme", "github.com", ">49<", "/clops help", "https://github.com/apps/clops-acme/installations/new")
    )
    unregistered = TestClient(staged(tmp_path, given=None).app).get("/").text
    assert 'href="/setup"' in unregistered


def test_the_front_page_says_that_the_queue_does_not_answer(tmp_path: Path) -> None:
    stage = staged(tmp_path)
    stage.queue.down = True
    answer = TestClient(stage.app).get("/")
    assert (answer.status_code, "does not answer" in answer.text, "db.internal" in answer.text) == (200, True, False)


def test_names_of_repositories_are_shown_to_the_bearer_of_the_status_token_only(tmp_path: Path) -> None:
    stage = staged(tmp_path, status_token=STATUS)
    stage.queue.latest = [recent("done"), recent("failed"), recent("superseded")]
    client = TestClient(stage.app)
    public = client.get("/").text
    assert ("secret-game" in public, "failed" in public, "10 minutes ago" in public) == (False, True, True)
    asked = client.get("/?names=1")
    assert (asked.status_code, asked.headers["www-authenticate"][:5], "secret-game" in asked.text) == (401, "Basic", False)
    password = b64encode(f"me:{STATUS}".encode()).decode()
    assert "acme/secret-game#4" in client.get("/?names=1", headers={"Authorization": f"Basic {password}"}).text
    assert "acme/secret-game#4" in client.get("/", headers={"Authorization": f"Bearer {STATUS}"}).text
    assert "secret-game" not in client.get("/", headers={"Authorization": "Basic !!!"}).text


def test_without_a_status_token_no_name_is_ever_shown(tmp_path: Path) -> None:
    stage = staged(tmp_path)
    stage.queue.latest = [recent("done")]
    client = TestClient(stage.app)
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Basic Og=="}, {"Authorization": "Bearer None"}):
        assert "secret-game" not in client.get("/?names=1", headers=headers).text


def test_a_name_is_shown_as_text(tmp_path: Path) -> None:
    stage = staged(tmp_path, status_token=STATUS)
    stage.queue.latest = [recent("done", "<script>alert(1)</script>")]
    assert "<script" not in TestClient(stage.app).get("/", headers={"Authorization": f"Bearer {STATUS}"}).text


@pytest.mark.parametrize("path", ["/nothing", "/docs", "/redoc", "/setup/", "/webhooks", "/.env", "/static/../etc/passwd"])
def test_there_is_nothing_else(tmp_path: Path, path: str) -> None:
    assert TestClient(staged(tmp_path).app).get(path).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/webhooks/github"), ("POST", "/"), ("DELETE", "/healthz"), ("PUT", "/setup"), ("POST", "/metrics")]
)
def test_other_methods_are_refused(tmp_path: Path, method: str, path: str) -> None:
    assert TestClient(staged(tmp_path).app).request(method, path).status_code == 405


@pytest.mark.parametrize("path", ["/", "/setup", "/healthz", "/metrics", "/nothing", "/webhooks/github", "/openapi.json"])
def test_every_answer_is_guarded(tmp_path: Path, path: str) -> None:
    headers = TestClient(staged(tmp_path, given=None).app).get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not any(word in policy for word in ("unsafe", "script-src", "*"))
    assert (headers["x-content-type-options"], headers["referrer-policy"], headers["cache-control"]) == (
        "nosniff",
        "no-referrer",
        "no-store",
    )
    assert headers["strict-transport-security"]


def test_a_fault_of_ours_is_answered_without_its_words(tmp_path: Path) -> None:
    stage = staged(tmp_path)
    stage.queue.stats = lambda: 1 / 0  # type: ignore[method-assign,assignment]
    answer = TestClient(stage.app, raise_server_exceptions=False).get("/")
    assert (answer.status_code, answer.json(), answer.headers["x-content-type-options"]) == (
        500,
        {"detail": "Internal Server Error"},
        "nosniff",
    )


def test_no_page_and_no_representation_shows_a_secret(tmp_path: Path) -> None:
    stage = staged(tmp_path, status_token=STATUS)
    client = TestClient(stage.app)
    texts = [client.get(path).text for path in ("/", "/setup", "/healthz", "/readyz", "/metrics", "/openapi.json")]
    shown = "\n".join([*texts, repr(stage.parts), repr(stage.credentials.now())])
    assert not any(secret in shown for secret in (SECRET, KEY, "nobody shall read", TOKEN, STATUS, "kkkkk"))


def test_the_style_in_the_page_is_the_one_that_the_policy_allows(tmp_path: Path) -> None:
    import hashlib

    answer = TestClient(staged(tmp_path).app).get("/")
    style = answer.text.partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in answer.headers["content-security-policy"]
    assert "style=" not in answer.text
    assert "@media(prefers-color-scheme:dark)" in style


def test_every_rule_has_a_page_that_runs_nothing_of_its_text(tmp_path: Path) -> None:
    client = TestClient(staged(tmp_path).app)
    listed = re.findall(r'href="(/rules/[^"]+)"', client.get("/rules").text)
    assert sorted(listed) == sorted(f"/rules/{rule}" for rule in list_rules())
    for address in listed:
        answer = client.get(address)
        assert (answer.status_code, "<h2>Why</h2>" in answer.text, "<script" in answer.text) == (200, True, False)
    assert client.get("/rules/aws/../../etc").status_code == 404
    assert "<script" not in client.get("/rules/aws/<script>").text


def test_rules_and_their_index_are_there_in_korean_and_lead_to_each_other(tmp_path: Path) -> None:
    client = TestClient(staged(tmp_path).app)
    index = client.get("/rules?lang=ko").text
    listed = re.findall(r'href="(/rules/[^"]+)"', index)
    assert ('<html lang="ko">' in index, "<h1>규칙</h1>" in index, english(index)) == (True, True, [])
    assert sorted(listed) == sorted(f"/rules/{rule}?lang=ko" for rule in list_rules())
    for address in listed:
        text = client.get(address).text
        assert ('<html lang="ko">' in text, "<h2>왜</h2>" in text, 'href="/rules?lang=ko"' in text) == (True, True, True)
        assert english(text.partition("<ol>")[0]) == []
    missing = client.get("/rules/aws/none?lang=ko")
    assert (missing.status_code, english(missing.text), 'href="/rules?lang=ko"' in missing.text) == (404, [], True)


def english(page: str) -> list[str]:
    """Headings, names of facts and words of tables that are not Korean, code and versions apart."""
    words = re.findall(r"<(?:h2|dt|dd|td|h1)>([^<]+)<", page)
    return [word for word in words if re.search("[가-힣]", word) is None and not re.fullmatch(r"[\d.]+", word)]


@pytest.mark.parametrize("query", ["", "?lang=en", "?lang=", "?lang=KO", "?lang=ko-KR", "?lang=../ko", "?lang=ko&lang=x"])
def test_a_rule_is_english_unless_korean_is_asked_for(tmp_path: Path, query: str) -> None:
    client = TestClient(staged(tmp_path).app)
    for path in ("/rules", "/rules/aws/gp2_volume"):
        assert client.get(f"{path}{query}").text == client.get(path).text
    assert '<html lang="en">' in client.get("/rules/aws/gp2_volume").text


def test_other_pages_are_english(tmp_path: Path) -> None:
    client = TestClient(staged(tmp_path).app)
    assert client.get("/?lang=ko").text.startswith('<!doctype html><html lang="en">')
