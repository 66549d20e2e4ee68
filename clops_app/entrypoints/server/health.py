"""Machines are told whether the process lives, whether it can do its work, and its figures."""

from __future__ import annotations

import hmac
from base64 import b64decode
from typing import Literal

from fastapi import APIRouter, Request
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from clops_app import __version__
from clops_app.entrypoints.server.parts import Parts
from clops_app.ports import QueueError


class Health(BaseModel):
    """The process lives."""

    alive: bool
    version: str


class Readiness(BaseModel):
    """Whether deliveries can be taken, and what is missing."""

    ready: bool
    queue: Literal["answers", "does not answer"]
    credentials: Literal["there", "missing"]


def health(parts: Parts) -> APIRouter:
    """`GET /healthz`, `/readyz` and `/metrics`. What asks the database runs in a thread."""
    router = APIRouter()

    @router.get("/healthz")
    def alive() -> Health:
        return Health(alive=True, version=__version__)

    @router.get("/readyz", response_model=Readiness, responses={503: {"model": Readiness, "description": "Not ready."}})
    def ready() -> JSONResponse:
        found = readiness(parts)
        return JSONResponse(found.model_dump(), 200 if found.ready else 503)

    figures = {"content": {"text/plain": {"schema": {"type": "string"}}}}
    plain = {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "The token is missing or wrong."}

    @router.get("/metrics", response_class=Response, responses={200: figures, 401: plain})
    def metrics(request: Request) -> Response:
        if parts.metrics_token is not None and not authorized(request, parts.metrics_token):
            return Response("a token is needed\n", 401, {"WWW-Authenticate": "Bearer"}, "text/plain")
        return Response(parts.metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return router


def readiness(parts: Parts) -> Readiness:
    try:
        parts.queue.ping()
        answers = True
    except QueueError:
        answers = False
    there = parts.credentials.now() is not None
    return Readiness(
        ready=answers and there,
        queue="answers" if answers else "does not answer",
        credentials="there" if there else "missing",
    )


def authorized(request: Request, token: str) -> bool:
    """Whether the request bears the token: as a bearer, or as the password that a browser asks for."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    given = value.strip().encode("latin-1")
    if scheme.lower() == "basic":
        try:
            given = b64decode(given, validate=True).partition(b":")[2]
        except ValueError:
            return False
    elif scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(given, token.encode())
