"""What may come in by `POST /webhooks/github`, and what it is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="NOT PROVEN: the server needs the extra `app`")

from starlette.testclient import TestClient

from clops_app.entrypoints.server.receive import MOST_BYTES, Refusal, json_object
from clops_app.entrypoints.server.receive import signed as is_signed
from clops_app.model.job import Job
from tests.entrypoints.server.stage import DELIVERY, Stage, opened, signed, staged

PATH = "/webhooks/github"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return staged(tmp_path)


@pytest.fixture
def client(stage: Stage) -> TestClient:
    return TestClient(stage.app)


def told(answer: Any) -> tuple[int, bool, str]:
    return answer.status_code, answer.json()["accepted"], answer.json()["why"]


def test_the_documented_signature_is_believed() -> None:
    vector = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert is_signed(b"Hello, World!", vector, "It's a Secret to Everybody")
    assert not is_signed(b"Hello, World?", vector, "It's a Secret to Everybody")


def test_a_signed_delivery_is_kept_and_answered(stage: Stage, client: TestClient) -> None:
    body = opened()
    assert told(client.post(PATH, content=body, headers=signed(body))) == (202, True, "kept")
    assert stage.queue.jobs == [Job(DELIVERY, "review", 77, "acme/infra", 4, "a1" * 20)]


def test_a_delivery_that_comes_again_is_told_so(stage: Stage, client: TestClient) -> None:
    body = opened()
    client.post(PATH, content=body, headers=signed(body))
    assert told(client.post(PATH, content=body, headers=signed(body))) == (202, False, "kept before")
    assert len(stage.queue.jobs) == 1


def test_what_asks_for_nothing_is_answered_well(stage: Stage, client: TestClient) -> None:
    body = b'{"zen": "Speak like a human."}'
    answer = client.post(PATH, content=body, headers=signed(body, **{"X-GitHub-Event": "ping"}))
    assert (told(answer)[:2], stage.queue.jobs) == ((202, False), [])


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=" + "0" * 64, "sha1=" + "0" * 40, "é" * 64, "sha256=" + "é" * 64, "0" * 64])
def test_a_wrong_signature_is_refused_without_a_hint(stage: Stage, client: TestClient, signature: str) -> None:
    body = opened()
    headers = {**signed(body), "X-Hub-Signature-256": signature}
    answer = client.post(PATH, content=body, headers={name: value.encode("latin-1") for name, value in headers.items()})  # type: ignore[arg-type]
    assert (told(answer), stage.queue.jobs) == ((401, False, "not signed"), [])


def test_a_signature_of_another_secret_or_another_body_is_refused(client: TestClient) -> None:
    body = opened()
    assert told(client.post(PATH, content=body, headers=signed(body, "another"))) == (401, False, "not signed")
    assert told(client.post(PATH, content=body + b" ", headers=signed(body))) == (401, False, "not signed")


def test_before_an_app_is_registered_nothing_is_believed(tmp_path: Path) -> None:
    body = opened()
    answer = TestClient(staged(tmp_path, given=None).app).post(PATH, content=body, headers=signed(body, ""))
    assert told(answer) == (401, False, "not signed")


@pytest.mark.parametrize("missing", ["X-GitHub-Event", "X-GitHub-Delivery"])
def test_a_delivery_without_its_headers_is_refused(client: TestClient, missing: str) -> None:
    body = opened()
    headers = {name: value for name, value in signed(body).items() if name != missing}
    assert told(client.post(PATH, content=body, headers=headers)) == (400, False, "the headers are not GitHub's")


@pytest.mark.parametrize(("name", "value"), [("X-GitHub-Event", "../x"), ("X-GitHub-Delivery", "a b"), ("X-GitHub-Delivery", "x" * 65)])
def test_headers_of_another_form_are_refused(client: TestClient, name: str, value: str) -> None:
    body = opened()
    assert client.post(PATH, content=body, headers=signed(body, **{name: value})).status_code == 400


BOMBS = {
    "no JSON": b"{",
    "nothing": b"",
    "no object": b"[1]",
    "depth": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "depth of lists": b"[" * 1_000_000,
    "a number of a million digits": b'{"a":' + b"9" * 1_000_000 + b"}",
    "NaN": b'{"a":NaN}',
    "infinity": b'{"a":-Infinity}',
    "a name twice": b'{"action":"opened","action":"closed"}',
    "no UTF-8": b'{"a":"\xff"}',
    "UTF-16": '{"a":1}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "something after it": b"{} {}",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_a_signed_body_that_is_no_readable_object_is_refused(client: TestClient, bomb: bytes) -> None:
    assert client.post(PATH, content=bomb, headers=signed(bomb)).status_code == 400


def test_depth_that_a_payload_may_have_is_read() -> None:
    assert json_object(b'{"a":' * 50 + b"1" + b"}" * 50)
    with pytest.raises(Refusal):
        json_object(b'{"a":' * 20_000 + b"1" + b"}" * 20_000)


def test_a_body_said_to_be_larger_than_github_sends_is_not_read(client: TestClient) -> None:
    headers = {**signed(b""), "Content-Length": str(MOST_BYTES + 1)}
    assert told(client.post(PATH, content=b"", headers=headers)) == (413, False, "the body is too large")


def test_a_body_that_turns_out_larger_than_github_sends_is_not_kept(client: TestClient) -> None:
    part = b" " * (1024 * 1024)
    answer = client.post(PATH, content=(part for _ in range(26)), headers=signed(b""))
    assert told(answer) == (413, False, "the body is too large")


def test_a_large_payload_is_read_whole(stage: Stage, client: TestClient) -> None:
    body = opened(padding=["x" * 1_000] * 5_000)
    assert told(client.post(PATH, content=body, headers=signed(body))) == (202, True, "kept")


def test_when_the_queue_does_not_answer_github_hears_of_it(stage: Stage, client: TestClient) -> None:
    stage.queue.down = True
    body = opened()
    assert told(client.post(PATH, content=body, headers=signed(body))) == (503, False, "it could not be kept")


def test_deliveries_are_counted_by_event_and_outcome(client: TestClient) -> None:
    body = opened()
    client.post(PATH, content=body, headers=signed(body))
    client.post(PATH, content=body, headers=signed(body))
    client.post(PATH, content=body, headers=signed(body, "another", **{"X-GitHub-Event": "invented"}))
    client.post(PATH, content=body, headers=signed(body, **{"X-GitHub-Event": "invented"}))
    text = client.get("/metrics").text
    assert 'clops_deliveries_total{event="pull_request",outcome="accepted"} 1.0' in text
    assert 'clops_deliveries_total{event="pull_request",outcome="repeated"} 1.0' in text
    assert 'clops_deliveries_total{event="unverified",outcome="refused_401"} 1.0' in text
    assert 'clops_deliveries_total{event="other",outcome="nothing"} 1.0' in text
    assert "invented" not in text


def test_the_log_names_the_delivery_and_nothing_that_a_person_wrote(client: TestClient, capsys: pytest.CaptureFixture[str]) -> None:
    import sys

    from clops_app.entrypoints.server.logs import configure

    configure("info", sys.stderr)
    body = opened()
    client.post(PATH, content=body, headers=signed(body))
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    (line,) = [one for one in lines if one["event"] == "delivery"]
    assert (line["delivery"], line["repository"], line["number"], line["action"], line["outcome"]) == (
        DELIVERY,
        "acme/infra",
        4,
        "opened",
        "accepted",
    )
    assert "CANARY" not in json.dumps(lines)
