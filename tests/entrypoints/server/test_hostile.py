"""A true server on loopback under those who mean it ill: it answers with little, in time, and goes on."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

pytest.importorskip("fastapi", reason="NOT PROVEN: the server needs the extra `app`")

from clops_app.entrypoints.server import receive
from tests.bench.hostile import attack
from tests.entrypoints.server.stage import Stage, listening, opened, signed, staged

PATH = "/webhooks/github"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return staged(tmp_path)


@pytest.fixture
def address(stage: Stage) -> Iterator[str]:
    with listening(stage.app) as found:
        yield found


def raw(address: str, request: bytes) -> bytes:
    """Send bytes, read until the server closes."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=20) as connection:
        connection.sendall(request)
        answer = b""
        while part := connection.recv(65_536):
            answer += part
        return answer


def begun(length: int, start: bytes = b"") -> bytes:
    """A delivery whose body does not come whole."""
    headers = {**signed(b""), "Host": "x", "Content-Length": str(length), "Connection": "close"}
    lines = [f"POST {PATH} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode() + start


def test_a_body_that_does_not_come_is_not_waited_for(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receive, "READ_SECONDS", 0.2)
    assert raw(address, begun(1_000, b"{")).startswith(b"HTTP/1.1 408")


def test_a_body_said_too_large_is_refused_before_it_comes(address: str) -> None:
    assert raw(address, begun(receive.MOST_BYTES + 1)).startswith(b"HTTP/1.1 413")


def test_who_is_not_signed_is_refused_before_the_body_comes(address: str) -> None:
    unsigned = begun(1_000).replace(b"sha256=", b"sha256:")
    assert raw(address, unsigned).startswith(b"HTTP/1.1 401")


def test_while_large_bodies_hang_a_usual_delivery_is_taken(stage: Stage, address: str) -> None:
    parts = urlsplit(address)
    hanging = []
    for _ in range(20):
        connection = socket.create_connection((parts.hostname or "", parts.port or 0), timeout=20)
        connection.sendall(begun(20 * 1024 * 1024, b" " * 600_000))
        hanging.append(connection)
    body = opened()
    assert httpx.post(f"{address}{PATH}", content=body, headers=signed(body), trust_env=False).status_code == 202
    for connection in hanging:
        connection.close()
    assert len(stage.queue.jobs) == 1


def test_many_at_once_are_each_kept(stage: Stage, address: str) -> None:
    def deliver(number: int) -> int:
        body = opened(number)
        return httpx.post(
            f"{address}{PATH}", content=body, headers=signed(body, **{"X-GitHub-Delivery": f"d-{number}"}), trust_env=False
        ).status_code

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(deliver, range(1, 101))) == {202}
    assert len(stage.queue.jobs) == 100


def test_of_500_malformed_requests_each_is_refused_and_none_learns_anything(address: str) -> None:
    found = attack(address, 500)
    assert (found.refused, found.wrong, found.leaks, found.alive) == (500, [], [], True)


@pytest.mark.slow
def test_our_own_openapi_document_is_kept(tmp_path: Path) -> None:
    schemathesis = pytest.importorskip("schemathesis", reason="NOT PROVEN: keeping our own document needs schemathesis")
    from hypothesis import HealthCheck, given, settings

    for given_app in (None, staged(tmp_path).credentials.now()):
        stage = staged(tmp_path, given=given_app)
        schema = schemathesis.openapi.from_asgi("/openapi.json", stage.app)
        for result in schema.get_all_operations():
            operation = result.ok()
            if given_app is None and operation.path == "/readyz":
                continue  # 503 is the right answer there, and what the document says

            @given(case=operation.as_strategy())
            @settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
            def keeps(case: object) -> None:
                case.call_and_validate()  # type: ignore[attr-defined]

            keeps()
