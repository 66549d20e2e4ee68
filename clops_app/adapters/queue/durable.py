"""The JobQueue that keeps its promises: what `put` kept is run by some process, once at a time for each subject, until it is done."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from clops_app.adapters.queue import table
from clops_app.adapters.queue.database import Database, Gone, databases
from clops_app.adapters.queue.inbox import Inbox
from clops_app.adapters.queue.lease import Lease, locks_for
from clops_app.adapters.queue.table import Recent, Stats
from clops_app.adapters.queue.work import CURRENT, Limits, Worker
from clops_app.model.job import Job
from clops_app.ports import QueueError

R = TypeVar("R")

# So long a question waits for a database that is restarting.
_ASK_S = 3.0


@dataclass(slots=True)
class _Parts:
    inbox: Inbox
    reader: Database
    connections: list[Database]
    lease: Lease | None
    worker: Worker | None
    woken: threading.Event


@dataclass(slots=True)
class DurableQueue:
    """Any number of processes may share one database; `url` is `postgresql://…` or the path of an SQLite file.

    `handle` runs a job on a thread of its own. It may raise TryLater (run again after so long, not a failure), NotThere and NotAllowed
    (nothing to be done); whatever else it raises is a failure. `gave_up` is told of a job that failed for good, with the id that
    the logs know its last run by; in rare crashes twice.
    """

    url: str
    handle: Callable[[Job], None]
    gave_up: Callable[[Job, str], None]
    concurrency: int = 2
    limits: Limits = field(default_factory=Limits)
    _parts: _Parts | None = None

    def start(self, *, work: bool = True) -> None:
        """Take jobs, and with `work` run them. Does not wait for the database: `ping` tells when it is there."""
        first, second, third, fourth = connections = databases(self.url, 4)
        woken = threading.Event()
        inbox, lease, worker = Inbox(first), None, None
        inbox.start()
        if work:
            limits = self.limits
            lease = Lease(second, locks_for(self.url), limits.beat_s, limits.takeover_s, limits.keep_days, woken.set)
            worker = Worker(third, lease, self.handle, self.gave_up, self.concurrency, limits, woken)
            lease.start()
            worker.start()
        self._parts = _Parts(inbox, fourth, connections, lease, worker, woken)

    def put(self, job: Job) -> bool:
        """As of JobQueue: on disk when it returns. Raises QueueError, within 7 s."""
        parts = self._running()
        new = parts.inbox.put(job)
        parts.woken.set()
        return new

    def close(self, grace_s: float = 20.0) -> None:
        """Take nothing more, finish what runs within `grace_s`, hand back the rest, so that others begin it at once.

        20 s leave room in the 30 s that Kubernetes gives a container to end (10 s with Docker: give less there).
        """
        parts, self._parts = self._parts, None
        if parts is None:
            return
        if parts.worker is not None and parts.lease is not None:
            parts.worker.close(grace_s)
            parts.lease.close()
        parts.inbox.close()
        for connection in parts.connections:
            connection.close()

    def still_mine(self) -> bool:
        """For `handle`, before it publishes: whether the job is still this worker's. False as well when the database cannot be asked."""
        claim = CURRENT.get()
        try:
            return self._asked(lambda reader: table.is_held(reader, claim))
        except QueueError:
            return False

    def log_id(self) -> str:
        """For `handle`: the id that this run of the job is to be known by in the logs."""
        return CURRENT.get().log_id

    def ping(self) -> None:
        """Raises QueueError when the database cannot be asked, or a thread of ours has ended by a fault: then only a restart helps."""
        parts = self._running()
        if not all(part.is_alive() for part in (parts.inbox, parts.lease, parts.worker) if part is not None):
            raise QueueError("A thread of the queue has ended. Restart the process; nothing is lost.")
        self._asked(table.workers)

    def stats(self) -> Stats:
        """Raises QueueError."""
        return self._asked(table.stats)

    def recent(self, limit: int = 50) -> list[Recent]:
        """The newest first. Raises QueueError."""
        return self._asked(lambda reader: table.recent(reader, limit))

    def _asked(self, question: Callable[[Database], R]) -> R:
        reader = self._running().reader
        deadline = time.monotonic() + _ASK_S
        while True:
            try:
                return question(reader)
            except Gone:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def _running(self) -> _Parts:
        if self._parts is None:
            raise QueueError("The queue is closed.")
        return self._parts
