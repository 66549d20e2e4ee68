"""The door: a server on loopback that checks every request and every answer against GitHub's contract."""

from __future__ import annotations

import asyncio
import hashlib
import json
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as Path_
from starlette.types import Receive, Scope, Send

from tests.github import dispatch
from tests.github.calls import Answer
from tests.github.faults import Fault
from tests.github.hub import Hub
from tests.github.state import Refused
from tests.github.webhooks import Webhooks

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


class _Dropped(Response):
    """The connection closes in the middle of an answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 -- the form of an ASGI application
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"{", "more_body": False})


def application(hub: Hub) -> Starlette:
    """The ASGI application of a hub."""
    in_flight = 0

    async def answer(request: Request) -> Response:
        nonlocal in_flight
        in_flight += 1
        try:
            body = await request.body()
            late = hub.faults.take(request.method, request.url.path, "late")
            if late:
                await asyncio.sleep(late.seconds)
            return _response(hub, request, body, in_flight)
        finally:
            in_flight -= 1

    return Starlette(routes=[Path_("/{path:path}", answer, methods=METHODS)])


def _response(hub: Hub, request: Request, body: bytes, in_flight: int) -> Response:
    method, path = request.method, request.url.path
    if fault := hub.faults.take(method, path, "instead"):
        return _rendered(hub, request, _said(fault))
    with hub.lock:
        try:
            made = dispatch.dispatch(hub, request, body, in_flight)
        except Refused as refused:
            made = Answer(refused.status, refused.body, refused.headers)
    if hub.faults.take(method, path, "drop"):
        return _Dropped()
    if fault := hub.faults.take(method, path, "after"):
        made = _said(fault)
    return _rendered(hub, request, made)


def _said(fault: Fault) -> Answer:
    return Answer(fault.status, fault.body, fault.headers)


def _rendered(hub: Hub, request: Request, made: Answer) -> Response:
    """The bytes of an answer, with its ETag; 304 where the asker has them already."""
    content = made.raw
    if content is None:
        content = b"" if made.body is None else json.dumps(made.body, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {**made.headers, "X-GitHub-Request-Id": f"{hub.next_id():04X}:{len(hub.requests):06X}"}
    if hub.ghes:
        headers["X-GitHub-Enterprise-Version"] = "3.19.0"
    status = made.status
    if request.method == "GET" and status == 200:
        headers["ETag"] = f'W/"{hashlib.sha256(content).hexdigest()}"'
        if request.headers.get("if-none-match") == headers["ETag"]:
            status, content = 304, b""
            if bearer := made.headers.get("x-bearer"):
                hub.meter.give_back(bearer)
    headers.pop("x-bearer", None)
    hub.requests.append((request.method, request.url.path, status))
    if status in (204, 304):
        return Response(status_code=status, headers=headers)
    return Response(content, status, headers, media_type=None if status == 302 else made.media)


@contextmanager
def running(*, folder: Path | None = None, port: int = 0, strict: bool = True, **options: Any) -> Iterator[Hub]:
    """A GitHub on loopback until the block ends; then raises if anybody, it included, broke the contract."""
    with tempfile.TemporaryDirectory(prefix="github-") as scratch:
        hub = Hub(folder or Path(scratch), **options)
        listener = socket.create_server(("127.0.0.1", port))
        listener.setsockopt(
            socket.IPPROTO_TCP, socket.TCP_NODELAY, 1
        )  # asyncio sets it only on sockets of a named protocol: 40 ms an answer
        hub.web = f"http://127.0.0.1:{listener.getsockname()[1]}"
        hub.outbox = Webhooks(hub)
        config = uvicorn.Config(application(hub), log_level="critical", access_log=False, lifespan="off", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="github", daemon=True)
        thread.start()
        try:
            yield hub
            hub.outbox.settle()
        finally:
            server.should_exit = server.force_exit = True
            hub.outbox.close()
            thread.join()
            listener.close()
    if strict and hub.complaints:
        raise AssertionError("the contract was broken:\n" + "\n".join(hub.complaints))
