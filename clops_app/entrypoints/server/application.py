"""The web application is wired here from parts that somebody else made, and nowhere else."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.middleware import Middleware
from starlette.responses import JSONResponse

from clops_app import __version__
from clops_app.entrypoints.server.guard import Guard, safe_headers
from clops_app.entrypoints.server.health import health
from clops_app.entrypoints.server.parts import Parts
from clops_app.entrypoints.server.receive import webhooks
from clops_app.entrypoints.server.rules import rules
from clops_app.entrypoints.server.setup import setup
from clops_app.entrypoints.server.status import status


def application(parts: Parts) -> FastAPI:
    """All routes, each answer guarded. There are no pages of documentation; `/openapi.json` tells no secret."""
    slack = () if parts.slack is None else (parts.slack,)
    return _guarded(parts, webhooks(parts), health(parts), status(parts), setup(parts), rules(), *slack)


def health_application(parts: Parts) -> FastAPI:
    """What a process that only works shows to those who watch over it."""
    return _guarded(parts, health(parts))


def _guarded(parts: Parts, *routers: APIRouter) -> FastAPI:
    headers = safe_headers(secure=(parts.public_url or "").startswith("https:"))

    async def broken(_request: Request, _error: Exception) -> JSONResponse:
        # Answered outside the guard, as Starlette has it; uvicorn logs it, and the log leaves out its words.
        return JSONResponse({"detail": "Internal Server Error"}, 500, headers)

    async def misused(_request: Request, _error: Exception) -> JSONResponse:
        return JSONResponse({"detail": "Bad Request"}, 400)

    app = FastAPI(
        title="ClOps",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=[Middleware(Guard, headers=headers)],
        exception_handlers={Exception: broken, RequestValidationError: misused},
    )
    for routes in routers:
        app.include_router(routes)
    return app
