"""What a team types after /clops is verified, answered within Slack's three seconds, and done once however often it is sent."""

from __future__ import annotations

import asyncio
import hmac
import re
import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from fnmatch import fnmatchcase
from hashlib import sha256
from urllib.parse import parse_qsl

import structlog
from fastapi import APIRouter
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from clops_app.language import Language, speaking, tr
from clops_app.model.job import Job
from clops_app.ports import ForgeError, JobQueue, NotAllowed, NotThere, QueueError
from clops_app.usecases.errors import ConfigError
from clops_app.usecases.explain_rule import explain_rule, list_rules
from clops_app.usecases.slack import (
    GITHUB,
    Command,
    ExplainRule,
    Help,
    ListRules,
    Message,
    ReviewPull,
    help_text,
    parse,
    rule_list,
    rule_page,
    sentence,
    stranger,
)

_MOST_BYTES = 64 * 1024
_MOST_FIELDS = 64
# docs.slack.dev/authentication/verifying-requests-from-slack
_MOST_SECONDS_APART = 300
# Slack waits three seconds for an answer (docs.slack.dev/interactivity/implementing-slash-commands); the rest is the way there and back.
_PATIENCE_SECONDS = 1.8
_BODY_SECONDS = 1.0  # of those three as well: Slack sends its few hundred bytes at once
_MOST_LOOKUPS = 4

log = structlog.get_logger("clops.slack")


@dataclass(frozen=True, slots=True)
class _Desk:
    queue: JobQueue
    installation_of: Callable[[str], int]
    repositories: tuple[str, ...]
    teams: frozenset[str]
    web: str
    lookups: Executor


def slack_router(
    signing_secret: str,
    queue: JobQueue,
    installation_of: Callable[[str], int],
    *,
    repositories: tuple[str, ...] = (),
    teams: frozenset[str] = frozenset(),
    web: str = GITHUB,
    language: Language = "en",
    now: Callable[[], float] = time.time,
    patience_seconds: float = _PATIENCE_SECONDS,
) -> APIRouter:
    """`POST /slack/commands`.

    `installation_of` asks GitHub for the App's installation on "owner/name" and raises ForgeError. It is called in a
    thread and waited for: an answer given later would have to go to an address out of the request. `repositories` are
    globs and `teams` ids of workspaces; empty: all. Raises ConfigError without a secret, since anybody can sign with none.
    """
    if not signing_secret.strip():
        raise ConfigError(("The Slack signing secret is empty: copy it from the app's page, Basic Information.",))
    # Threads of its own: while GitHub hangs, nothing else of the server waits for them, and no more than these hang.
    lookups = ThreadPoolExecutor(_MOST_LOOKUPS, "slack-lookup")
    desk = _Desk(queue, installation_of, repositories, teams, web, lookups)

    async def command(request: Request) -> Response:
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                body = await _body(request)
        except TimeoutError:
            return Response(status_code=408)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return Response(status_code=413)
        timestamp, signature = (request.headers.get(name, "") for name in ("x-slack-request-timestamp", "x-slack-signature"))
        if not signed(signing_secret, timestamp, signature, body, now()):
            return Response(status_code=401)
        with speaking(language):
            return await _answered(desk, body, patience_seconds)

    router = APIRouter()
    router.add_api_route("/slack/commands", command, methods=["POST"], response_model=None, include_in_schema=False)
    return router


def signed(secret: str, timestamp: str, signature: str, body: bytes, now: float) -> bool:
    """Whether Slack signed this body, less than five minutes from `now` (seconds since 1970)."""
    if not re.fullmatch(r"[0-9]{1,12}", timestamp) or abs(now - int(timestamp)) > _MOST_SECONDS_APART:
        return False
    expected = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, sha256).hexdigest()
    # Bytes: of texts compare_digest takes ASCII only.
    return hmac.compare_digest(f"v0={expected}".encode(), signature.encode("utf-8", "replace"))


async def _body(request: Request) -> bytes | None:
    """None when it is too large; then the rest of it is not read."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            return None
    return bytes(body)


async def _answered(desk: _Desk, body: bytes, patience_seconds: float) -> Response:
    try:
        fields = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:
        return Response(status_code=400)
    if fields.get("ssl_check") == "1":  # Slack looks at our certificate now and then; it wants no words
        return Response(status_code=200)
    trigger = fields.get("trigger_id", "")
    if not trigger:
        return Response(status_code=400)
    if desk.teams and fields.get("team_id") not in desk.teams:
        return _ephemeral(sentence(tr("ClOps does not work for this workspace.")))
    asked = parse(fields.get("text", ""), desk.web)
    lookups = desk.lookups if isinstance(asked, ReviewPull) else None
    answering = asyncio.get_running_loop().run_in_executor(lookups, copy_context().run, _answer, desk, asked, trigger)
    try:
        return _ephemeral(await asyncio.wait_for(answering, patience_seconds))
    except TimeoutError:
        return _ephemeral(sentence(tr("GitHub is slow to answer. If no review comes in a few minutes, say it again.")))


def _answer(desk: _Desk, asked: Command, trigger: str) -> Message:
    match asked:
        case Help(why):
            return help_text(why)
        case ListRules():
            return rule_list(list_rules())
        case ExplainRule(name):
            try:
                return rule_page(*explain_rule(name))
            except ConfigError as error:
                return sentence(tr("Sorry, {fault}.", fault=stranger(error.faults[0], 400)))
        case ReviewPull(repository, number):
            return sentence(_taken(desk, repository, number, trigger))


def _taken(desk: _Desk, repository: str, number: int, trigger: str) -> str:
    """Put a review into the queue; what to say of it."""
    name = f"{stranger(repository, 250)}#{number}"
    if desk.repositories and not any(fnmatchcase(repository.lower(), glob.lower()) for glob in desk.repositories):
        return tr("ClOps may not be asked about {name} from here.", name=name)
    try:
        installation = desk.installation_of(repository)
    except (NotThere, NotAllowed):
        return tr("The ClOps App is not installed where {name} is.", name=name)
    except ForgeError as error:
        log.warning("no installation was found", repository=repository, error=type(error).__name__)
        return tr("GitHub could not be asked about {name}. Say it again in a minute.", name=name)
    # The same trigger, however often it is sent, is the same job. Hashed, because a trigger also opens dialogs.
    delivery = f"slack-{sha256(trigger.encode()).hexdigest()[:32]}"
    try:
        desk.queue.put(Job(delivery, "review", installation, repository, number))
    except QueueError as error:
        log.error("the queue does not answer", delivery=delivery, error=type(error).__name__)
        return tr("ClOps cannot take {name} now. Say it again in a minute.", name=name)
    return tr("ClOps reviews {name}. What it finds will stand on the pull request.", name=name)


def _ephemeral(message: Message) -> Response:
    return JSONResponse({"response_type": "ephemeral", "text": message.text, "blocks": list(message.blocks)})
