"""Every answer leaves with headers that let a browser do nothing but show it, and leaves one line in the log."""

from __future__ import annotations

from time import monotonic

import structlog
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# A year, as hstspreload.org asks for at least; sent only where the public address is https.
_HSTS = "max-age=31536000"
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
_VERSIONS = frozenset({"1.0", "1.1"})  # all that uvicorn speaks
_MOST_PATH = 200  # characters of a path that are logged

log = structlog.get_logger("clops.http")


def safe_headers(*, secure: bool) -> dict[str, str]:
    """What every answer says. A page that needs more has a Content-Security-Policy of its own."""
    headers = {
        "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
    return headers | ({"Strict-Transport-Security": _HSTS} if secure else {})


class Guard:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = monotonic(), 500

        async def guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        # uvicorn lets any version through, HTTP/9.9 as well.
        answer = self._app if scope["http_version"] in _VERSIONS else PlainTextResponse("Bad Request\n", 400)
        try:
            await answer(scope, receive, guarded)
        finally:
            # Never the query: it may hold a code or a token.
            say = log.debug if scope["path"] in _QUIET and status < 400 else log.info
            say("request", method=scope["method"], path=scope["path"][:_MOST_PATH], status=status, seconds=round(monotonic() - began, 4))
