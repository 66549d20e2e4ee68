"""A workspace with one incoming webhook, one bot and one channel; real HTTP."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tests.slack.serving import serving
from tests.slack.shape import complaints

SECRET_PATH = "/services/T0AAAAAAA/B0BBBBBBB/s3cr3tS3cr3tS3cr3t"
TOKEN = "xoxb-1-s3cr3t"
CHANNEL = "C0CHANNEL"
_WEBHOOK_KEYS = {"text", "blocks", "unfurl_links", "unfurl_media"}
_MESSAGE_KEYS = {"channel", "text", "blocks", "metadata", "ts", "unfurl_links", "unfurl_media"}


@dataclass
class Workspace:
    """`posted` are the messages, oldest first. `faults` are answered instead, one a request; an Event: silence until it is set."""

    origin: str = ""
    posted: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    faults: list[Response | threading.Event] = field(default_factory=list)
    scopes: set[str] = field(default_factory=lambda: {"chat:write", "channels:history"})

    def begin_anew(self) -> None:
        """Forget all but the address. Raises if anybody sent what Slack would not take."""
        wrong = list(self.wrong)
        for kept in (self.posted, self.asked, self.wrong, self.faults):
            kept.clear()
        self.scopes |= {"chat:write", "channels:history"}
        assert wrong == []

    @property
    def webhook(self) -> str:
        return f"{self.origin}{SECRET_PATH}"

    @property
    def api(self) -> str:
        return f"{self.origin}/api/"


@contextmanager
def workspaces() -> Iterator[Workspace]:
    """Until the block ends; then raises if anybody sent what Slack would not take."""
    space = Workspace()

    async def answer(request: Request) -> Response:
        space.asked.append(request.url.path)
        body = await request.body()
        if space.faults:
            fault = space.faults.pop(0)
            if isinstance(fault, Response):
                return fault
            await asyncio.to_thread(fault.wait)  # then all is well for who is still there, but nothing is kept
            return PlainTextResponse("ok") if request.url.path == SECRET_PATH else JSONResponse({"ok": True, "messages": []})
        return _hook(space, request, body) if request.url.path == SECRET_PATH else _api(space, request, body)

    with serving(Starlette(routes=[Route("/{path:path}", answer, methods=["POST"])])) as origin:
        space.origin = origin
        yield space
    space.begin_anew()


def _hook(space: Workspace, request: Request, body: bytes) -> Response:
    if request.headers.get("content-type") != "application/json":
        space.wrong.append(f"content type {request.headers.get('content-type')}")
        return PlainTextResponse("invalid_payload", 400)
    message = json.loads(body)
    if found := [*complaints(message), *sorted(set(message) - _WEBHOOK_KEYS)]:
        space.wrong += found
        return PlainTextResponse("invalid_blocks", 400)
    space.posted.append(message)
    return PlainTextResponse("ok")


def _api(space: Workspace, request: Request, body: bytes) -> Response:
    if request.headers.get("authorization") != f"Bearer {TOKEN}":
        return _no("invalid_auth")
    match request.url.path:
        case "/api/conversations.history":
            return _history(space, request, body)
        case "/api/chat.postMessage" | "/api/chat.update":
            return _write(space, request, body)
    return _no("unknown_method")


def _history(space: Workspace, request: Request, body: bytes) -> Response:
    sent = {name: values[0] for name, values in parse_qs(f"{request.url.query}&{body.decode()}").items()}
    if "channels:history" not in space.scopes:
        return _no("missing_scope")
    if sent.get("channel") != CHANNEL:
        return _no("channel_not_found")
    newest = list(reversed(space.posted))[: int(sent.get("limit", "100"))]
    if sent.get("include_all_metadata") not in {"1", "true"}:
        newest = [{name: value for name, value in message.items() if name != "metadata"} for message in newest]
    return JSONResponse({"ok": True, "messages": newest, "has_more": False})


def _write(space: Workspace, request: Request, body: bytes) -> Response:
    if not request.headers.get("content-type", "").startswith("application/json"):
        space.wrong.append(f"content type {request.headers.get('content-type')}")
        return _no("invalid_form_data")
    message = json.loads(body)
    if found := [*complaints(message), *sorted(set(message) - _MESSAGE_KEYS)]:
        space.wrong += found
        return _no("invalid_blocks")
    if message["channel"] != CHANNEL:
        return _no("channel_not_found")
    if not isinstance(message["metadata"]["event_type"], str) or not isinstance(message["metadata"]["event_payload"], dict):
        return _no("invalid_metadata_format")
    if request.url.path.endswith("chat.update"):
        old = next((one for one in space.posted if one["ts"] == message["ts"]), None)
        if old is None:
            return _no("message_not_found")
        if old.get("bot_id") != "B0OURS":
            return _no("cant_update_message")
        old.update(message)
        return JSONResponse({"ok": True, "channel": CHANNEL, "ts": old["ts"]})
    ts = f"1795000000.{len(space.posted):06}"
    space.posted.append({**message, "ts": ts, "bot_id": "B0OURS"})
    return JSONResponse({"ok": True, "channel": CHANNEL, "ts": ts})


def _no(error: str) -> Response:
    return JSONResponse({"ok": False, "error": error})


def slow_down(retry_after: str | None = "7") -> Response:
    return JSONResponse({"ok": False, "error": "ratelimited"}, 429, {} if retry_after is None else {"Retry-After": retry_after})
