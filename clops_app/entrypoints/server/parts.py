"""What the web process is made of, given to it ready-made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from clops_app.adapters.queue.table import Recent, Stats
from clops_app.entrypoints.server.credentials import Credentials, CredentialStore
from clops_app.ports import JobQueue

if TYPE_CHECKING:
    from fastapi import APIRouter

    from clops_app.entrypoints.server.metrics import Metrics


class WatchedQueue(JobQueue, Protocol):
    """A queue that can be looked into. Everything raises QueueError."""

    def stats(self) -> Stats: ...

    def recent(self, limit: int) -> Sequence[Recent]:
        """The latest first."""

    def ping(self) -> None:
        """Returns when the queue answers."""


class Registrar(Protocol):
    def __call__(self, code: str) -> Credentials:
        """What the manifest flow's code stands for; it is good once. Raises ForgeError."""


@dataclass(frozen=True, slots=True)
class Parts:
    """`registrar` turns a code into credentials; `web_url` is GitHub as people see it; tokens are None where none is needed.

    `cookie_key` signs what a browser keeps while an App is registered. `slack` is what else is to be answered.
    """

    queue: WatchedQueue
    credentials: CredentialStore
    metrics: Metrics
    registrar: Registrar
    web_url: str
    setup_token: str = field(repr=False)
    cookie_key: bytes = field(repr=False)
    clock: Callable[[], float]
    rules: int
    public_url: str | None = None
    metrics_token: str | None = field(default=None, repr=False)
    status_token: str | None = field(default=None, repr=False)
    slack: APIRouter | None = None
