"""`clops serve` and `clops worker`: the one place where settings become adapters, adapters a queue, and a queue a server."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

import structlog
import uvicorn
from fastapi import APIRouter, FastAPI
from pydantic import SecretStr

from clops_app import __version__
from clops_app.adapters.queue.durable import DurableQueue
from clops_app.adapters.slack import channel, incoming_webhook
from clops_app.adapters.thinking import Limits, ThinksApart
from clops_app.entrypoints.server.application import application, health_application
from clops_app.entrypoints.server.chores import Hourly, now, redeliver_failed
from clops_app.entrypoints.server.credentials import CredentialStore, credentials_of
from clops_app.entrypoints.server.github import RegisteredApp, registered
from clops_app.entrypoints.server.logs import configure
from clops_app.entrypoints.server.metrics import Metrics
from clops_app.entrypoints.server.parts import Parts
from clops_app.entrypoints.server.settings import Settings, misspelt, read_settings
from clops_app.entrypoints.server.slack import slack_router
from clops_app.entrypoints.server.words import writer_of
from clops_app.entrypoints.server.work import Work
from clops_app.model.job import Job
from clops_app.ports import Announcer
from clops_app.usecases.errors import ConfigError
from clops_app.usecases.explain_rule import list_rules
from clops_app.usecases.think_of_pull import Told

THINK = (sys.executable, "-I", "-m", "clops_app.entrypoints.think")
# Kubernetes ends a container 30 s after SIGTERM: 5 s for open requests, 20 s for reviews, the rest for the way out.
_CLOSING_SECONDS = 5
# Longer than the 60 s after which a load balancer drops an idle connection: if we close first, what is being sent just then is lost.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html, read 2026-11-21
_KEEP_ALIVE_SECONDS = 75
_GRACE_SECONDS = 20.0

log = structlog.get_logger("clops.server")


@dataclass(frozen=True, slots=True)
class Built:
    """What a process has of its own."""

    settings: Settings
    parts: Parts
    queue: DurableQueue
    github: RegisteredApp


def serve(environment: Mapping[str, str]) -> int:
    """Take deliveries and, unless CLOPS_WORKERS is 0, do what they ask, until SIGTERM. Raises ConfigError."""
    built = build(environment)
    settings = built.settings
    _say_how_to_register(built)
    chores = Hourly(lambda: _chore(built))
    with _listening(settings.host, settings.port) as listener, _working(built, work=settings.workers > 0, grace_s=_GRACE_SECONDS):
        chores.start()
        _run(application(built.parts), listener)
        chores.stop()
    return 0


def worker(environment: Mapping[str, str]) -> int:
    """Do what the queue holds, until SIGTERM; the port tells of health alone. Raises ConfigError."""
    built = build(environment)
    settings = built.settings
    if settings.workers == 0:
        raise ConfigError(("CLOPS_WORKERS is 0: a worker needs at least 1.",))
    with _listening(settings.host, settings.port) as listener, _working(built, work=True, grace_s=float(settings.review_seconds)):
        _run(health_application(built.parts), listener)
    return 0


def build(environment: Mapping[str, str]) -> Built:
    """Everything, not yet started. Raises ConfigError."""
    settings = read_settings(environment)
    configure(settings.log_level)
    for sentence in misspelt(environment):
        log.warning(sentence)
    credentials = CredentialStore(settings.state, credentials_of(settings))
    credentials.now()

    def handle(job: Job) -> None:
        work.handle(job)

    def gave_up(job: Job, log_id: str) -> None:
        work.gave_up(job, log_id)

    queue = DurableQueue(settings.database, handle, gave_up, settings.workers)
    github = RegisteredApp(credentials, settings.github_api_url, queue.still_mine)
    metrics = Metrics(queue.stats)
    limits = Limits(seconds=settings.review_seconds, memory_mib=settings.review_memory_mib)
    rule_pages = f"{settings.public_url.rstrip('/')}/rules/{{rule}}" if settings.public_url else ""
    thinker = ThinksApart(
        THINK, lambda: Told(datetime.now(UTC).date(), rules=rule_pages), limits, writer_of(settings, environment, metrics)
    )
    work = Work(github, thinker, _announcers(settings), metrics, queue.log_id, rule_pages)
    setup_token = _text(settings.setup_token) or secrets.token_urlsafe(24)
    parts = Parts(
        queue=queue,
        credentials=credentials,
        metrics=metrics,
        registrar=lambda code: registered(code, settings.github_api_url),
        web_url=settings.github_web_url,
        setup_token=setup_token,
        # Of the token, so that servers that were given the same one know each other's cookies.
        cookie_key=hmac.new(setup_token.encode(), b"clops setup cookie", hashlib.sha256).digest(),
        clock=time.time,
        rules=len(list_rules()),
        public_url=settings.public_url,
        metrics_token=_text(settings.metrics_token),
        status_token=_text(settings.status_token),
        slack=_slack(settings, queue, github),
    )
    return Built(settings, parts, queue, github)


def server_of(app: FastAPI) -> uvicorn.Server:
    """A server that logs through us and tells nobody what it is."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=_CLOSING_SECONDS,
        )
    )


def listener_at(host: str, port: int) -> socket.socket:
    """Raises ConfigError where nobody may listen."""
    try:
        listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=2_048)
    except OSError as error:
        raise ConfigError((f"CLOPS_HOST and CLOPS_PORT: nobody can listen at {host}:{port} ({error.strerror}).",)) from error
    # asyncio sets it only on sockets of a named protocol; without it an answer may wait for 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    with listener_at(host, port) as listener:
        log.info("listening", host=host, port=listener.getsockname()[1], version=__version__)
        yield listener


@contextmanager
def _working(built: Built, *, work: bool, grace_s: float) -> Iterator[None]:
    built.queue.start(work=work)
    try:
        yield
    finally:
        log.info("ending")
        built.queue.close(grace_s)


def _run(app: FastAPI, listener: socket.socket) -> None:
    # uvicorn ends well at SIGTERM and then raises it once more: without a handler that would end us before the queue is closed.
    signal.signal(signal.SIGTERM, lambda *_: None)
    server_of(app).run(sockets=[listener])


def _say_how_to_register(built: Built) -> None:
    if built.parts.credentials.now() is not None:
        return
    settings = built.settings
    address = settings.public_url or f"http://{settings.host}:{settings.port}"
    token = "" if settings.setup_token is not None else f"?token={quote(built.parts.setup_token)}"
    log.warning("no GitHub App is registered yet: open this page", page=f"{address}/setup{token}")


def _chore(built: Built) -> None:
    credentials = built.parts.credentials.now()
    if credentials is None:
        return
    app = built.github.app()
    if not credentials.slug:
        slug = app.login.removesuffix("[bot]")
        web = built.parts.web_url
        built.parts.credentials.learn(slug, f"{web}/apps/{slug}" if urlsplit(web).netloc == "github.com" else "")
    count = redeliver_failed(app, now())
    built.parts.metrics.redelivered(count)
    if count:
        log.info("asked for failed deliveries again", count=count)


def _announcers(settings: Settings) -> tuple[Announcer, ...]:
    found: list[Announcer] = []
    if settings.slack_webhook_url is not None:
        found.append(incoming_webhook(settings.slack_webhook_url.get_secret_value()))
    if settings.slack_bot_token is not None:
        found.append(channel(settings.slack_bot_token.get_secret_value(), settings.slack_channel or ""))
    return tuple(found)


def _slack(settings: Settings, queue: DurableQueue, github: RegisteredApp) -> APIRouter | None:
    if settings.slack_signing_secret is None:
        return None
    return slack_router(
        settings.slack_signing_secret.get_secret_value(),
        queue,
        github.installation_of,
        repositories=_listed(settings.slack_repositories),
        teams=frozenset(_listed(settings.slack_teams)),
        web=settings.github_web_url,
        language=settings.language,
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _text(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()
