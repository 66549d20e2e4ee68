"""A web process for tests: strict fakes behind the true application."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from clops_app.adapters.queue.table import Recent, Stats
from clops_app.entrypoints.server.application import application
from clops_app.entrypoints.server.credentials import Credentials, CredentialStore
from clops_app.entrypoints.server.metrics import Metrics
from clops_app.entrypoints.server.parts import Parts
from clops_app.model.job import Job
from clops_app.ports import NotThere, QueueError

SECRET = "It's a Secret to Everybody"
TOKEN = "the-setup-token-of-tests"
NOW = 1_800_000_000.0
KEY = "-----BEGIN RSA PRIVATE KEY-----\nnobody shall read this\n-----END RSA PRIVATE KEY-----\n"
CREDENTIALS = Credentials(7, KEY, SECRET, "clops-acme", "https://github.com/apps/clops-acme")
DELIVERY = "72d3162e-cc78-11e3-81ab-4c9367dc0958"


class FakeQueue:
    """Keeps jobs in a list, each delivery once; `down` makes it fail as a lost database would."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.down = False
        self.latest: list[Recent] = []
        self._lock = threading.Lock()

    def put(self, job: Job) -> bool:
        self.ping()
        with self._lock:
            new = all(job.delivery != other.delivery for other in self.jobs)
            if new:
                self.jobs.append(job)
            return new

    def stats(self) -> Stats:
        self.ping()
        return Stats(len(self.jobs), 0, 2, 12, 90.0 if self.jobs else None)

    def recent(self, limit: int) -> list[Recent]:
        self.ping()
        return self.latest[:limit]

    def ping(self) -> None:
        if self.down:
            raise QueueError("The queue's database at db.internal/secret-name cannot be used.")


class FakeRegistrar:
    """Knows one code, good once."""

    def __init__(self) -> None:
        self.codes = {"good-code": CREDENTIALS}

    def __call__(self, code: str) -> Credentials:
        if code not in self.codes:
            raise NotThere(f"POST /app-manifests/…/conversions: 404 {code}")
        return self.codes.pop(code)


@dataclass
class Stage:
    app: FastAPI
    queue: FakeQueue
    credentials: CredentialStore
    parts: Parts
    time: list[float] = field(default_factory=list)


def staged(folder: Path, *, given: Credentials | None = CREDENTIALS, **more: Any) -> Stage:
    """The application, with an App registered unless told otherwise."""
    queue, store, time = FakeQueue(), CredentialStore(folder / "state", given), [NOW]
    plain: dict[str, Any] = {"registrar": FakeRegistrar(), "web_url": "https://github.com", "public_url": "https://clops.example.com"}
    parts = Parts(
        queue=queue,
        credentials=store,
        metrics=Metrics(queue.stats),
        setup_token=TOKEN,
        cookie_key=b"k" * 32,
        clock=lambda: time[0],
        rules=49,
        **{**plain, **more},
    )
    return Stage(application(parts), queue, store, parts, time)


def signed(body: bytes, secret: str = SECRET, **headers: str) -> dict[str, str]:
    """The headers of a delivery."""
    signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    plain = {"X-GitHub-Event": "pull_request", "X-GitHub-Delivery": DELIVERY, "Content-Type": "application/json"}
    return {**plain, "X-Hub-Signature-256": signature, **headers}


def opened(number: int = 4, **more: Any) -> bytes:
    """The body of a pull request's opening."""
    return json.dumps(
        {
            "action": "opened",
            "number": number,
            "repository": {"id": 5, "full_name": "acme/infra"},
            "installation": {"id": 77},
            "pull_request": {"number": number, "head": {"sha": "a1" * 20}, "title": "CANARY-IN-THE-TITLE"},
            **more,
        }
    ).encode()


def recent(state: Any, subject: str = "acme/secret-game#4") -> Recent:
    at = datetime.fromtimestamp(NOW - 600, UTC)
    return Recent("d", subject, "review", state, 1, "log-1", at, at, at if state in ("done", "failed") else None)


@contextmanager
def listening(app: FastAPI) -> Iterator[str]:
    """A true server on loopback; its address."""
    from clops_app.entrypoints.server.run import listener_at, server_of

    server, listener = server_of(app), listener_at("127.0.0.1", 0)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True
        thread.join()
        listener.close()
