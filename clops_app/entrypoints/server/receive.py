"""A delivery is believed only when it is signed; it is answered at once, and whatever else is sent is refused with a short word."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import NoReturn

import structlog
from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse

from clops_app.entrypoints.server.credentials import Credentials
from clops_app.entrypoints.server.parts import Parts
from clops_app.model.job import Job
from clops_app.ports import QueueError
from clops_app.usecases.webhooks import Nothing, gist_of, job_of

MOST_BYTES = 25 * 1024 * 1024  # B.5-6: GitHub sends nothing larger
READ_SECONDS = 30.0  # B.5-2: no GitHub waits longer for an answer
# A usual payload has some 30 kB. Strangers can make us hold no more than this each, and as many large ones as there is room for.
_LARGE_BYTES = 256 * 1024
_LARGE_AT_ONCE = 4
_SIGNATURE = re.compile(r"sha256=[0-9a-fA-F]{64}")
_DELIVERY = re.compile(r"[0-9A-Za-z-]{1,64}")
_EVENT = re.compile(r"[a-z_]{1,64}")
_HEADERS: Mapping[str, re.Pattern[str]] = {"x-github-event": _EVENT, "x-github-delivery": _DELIVERY, "x-hub-signature-256": _SIGNATURE}

log = structlog.get_logger("clops.webhooks")


class Answer(BaseModel):
    """What a delivery came to."""

    accepted: bool
    why: str


class Refusal(Exception):
    """The answer is an error. `why` holds nothing of what was sent."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


@dataclass(frozen=True, slots=True)
class Envelope:
    """The headers that count, of the expected form."""

    event: str
    delivery: str
    signature: str


class Doorway:
    """Bodies come in through here, bounded in bytes, in time and in how many large ones are held at once."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(_LARGE_AT_ONCE)

    async def body(self, request: Request, most: int = MOST_BYTES) -> bytes:
        """Raises Refusal."""
        declared = request.headers.get("content-length", "0")
        if not declared.isdecimal() or int(declared[:20]) > most:
            raise Refusal(413, "the body is too large")
        waiting = False
        parts, size = list[bytes](), 0
        try:
            async with asyncio.timeout(READ_SECONDS):
                async for part in request.stream():
                    size += len(part)
                    if size > most:
                        raise Refusal(413, "the body is too large")
                    if size > _LARGE_BYTES and not waiting:
                        waiting = await self._room.acquire()
                    parts.append(part)
        except TimeoutError:
            raise Refusal(408, "the body came too slowly") from None
        except ClientDisconnect:
            raise Refusal(400, "the body is not whole") from None
        finally:
            if waiting:
                self._room.release()
        return b"".join(parts)


def webhooks(parts: Parts) -> APIRouter:
    """`POST /webhooks/github`."""
    router, doorway = APIRouter(), Doorway()
    refusals: dict[int | str, dict[str, object]] = {
        400: {"model": Answer, "description": "Not a delivery."},
        401: {"model": Answer, "description": "Not signed by GitHub."},
        408: {"model": Answer, "description": "The body came too slowly."},
        413: {"model": Answer, "description": "The body is too large."},
        503: {"model": Answer, "description": "Not kept: send it again."},
    }
    body = {
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": {"type": "string", "pattern": f"^{pattern.pattern}$"}}
            for name, pattern in _HEADERS.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}},
    }

    @router.post("/webhooks/github", status_code=202, response_model=Answer, responses=refusals, openapi_extra=body)
    async def receive(request: Request) -> JSONResponse:
        began = monotonic()
        envelope = Envelope(*(request.headers.get(name, "") for name in _HEADERS))
        try:
            answer, outcome = await _received(request, envelope, parts, doorway)
        except Refusal as refusal:
            known = _DELIVERY.fullmatch(envelope.delivery) is not None
            parts.metrics.delivered("unverified", f"refused_{refusal.status}")
            log.warning(
                "delivery refused",
                delivery=envelope.delivery if known else None,
                status=refusal.status,
                why=refusal.why,
                seconds=round(monotonic() - began, 4),
            )
            return JSONResponse({"accepted": False, "why": refusal.why}, refusal.status)
        parts.metrics.delivered(envelope.event, outcome)
        return JSONResponse(answer.model_dump(), 202)

    return router


async def _received(request: Request, envelope: Envelope, parts: Parts, doorway: Doorway) -> tuple[Answer, str]:
    began = monotonic()
    if not _EVENT.fullmatch(envelope.event) or not _DELIVERY.fullmatch(envelope.delivery):
        raise Refusal(400, "the headers are not GitHub's")
    credentials = parts.credentials.now()
    # The form first: who cannot even write a signature shall not make us hold a body.
    if credentials is None or not _SIGNATURE.fullmatch(envelope.signature):
        raise Refusal(401, "not signed")
    body = await doorway.body(request)
    if len(body) > _LARGE_BYTES:
        payload = await run_in_threadpool(_opened, body, envelope, credentials)
    else:
        payload = _opened(body, envelope, credentials)
    gist = gist_of(payload)
    told = log.bind(
        delivery=envelope.delivery, event_name=envelope.event, action=gist.action, repository=gist.repository, number=gist.number
    )  # fmt: skip
    match job_of(envelope.event, envelope.delivery, payload, credentials.login):
        case Nothing(why):
            answer, outcome = Answer(accepted=False, why=why), "nothing"
        case job:
            answer, outcome = await _kept(job, parts)
    told.info("delivery", outcome=outcome, seconds=round(monotonic() - began, 4))
    return answer, outcome


async def _kept(job: Job, parts: Parts) -> tuple[Answer, str]:
    try:
        new = await run_in_threadpool(parts.queue.put, job)
    except QueueError as error:
        log.error("the queue does not answer", delivery=job.delivery, error=type(error).__name__)
        raise Refusal(503, "it could not be kept") from None
    return (Answer(accepted=True, why="kept"), "accepted") if new else (Answer(accepted=False, why="kept before"), "repeated")


def _opened(body: bytes, envelope: Envelope, credentials: Credentials) -> Mapping[str, object]:
    if not signed(body, envelope.signature, credentials.webhook_secret):
        raise Refusal(401, "not signed")
    return json_object(body)


def signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether the signature is that of the very bytes (B.5-1), compared in constant time."""
    expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(f"sha256={expected}".encode(), signature.lower().encode())


def json_object(body: bytes) -> Mapping[str, object]:
    """The object that a body is. Raises Refusal for what JSON does not allow, and for what nobody needs: names twice, great depth."""
    try:
        found = json.loads(body.decode(), object_pairs_hook=_once, parse_constant=_constant)
    except (ValueError, RecursionError):  # numbers of more than 4,300 digits are a ValueError, too
        raise Refusal(400, "the body is not JSON that can be read") from None
    if not isinstance(found, dict):
        raise Refusal(400, "the body is not a JSON object")
    return found


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _constant(_: str) -> NoReturn:
    raise ValueError("NaN and the infinities are not JSON")
