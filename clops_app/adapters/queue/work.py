"""Jobs are run, so many at a time, and what comes of each is written down: done, put off, tried again, given up."""

from __future__ import annotations

import logging
import secrets
import threading
import time
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TypeVar

from clops_app.adapters.queue import table
from clops_app.adapters.queue.database import Database
from clops_app.adapters.queue.lease import Lease
from clops_app.adapters.queue.table import Claim
from clops_app.model.job import Job
from clops_app.ports import ForgeError, NotAllowed, NotThere, QueueError, ThinkingFailed, TryLater

R = TypeVar("R")

log = logging.getLogger("clops.queue")

CURRENT: ContextVar[Claim] = ContextVar("the job that this thread runs")

# A database that does not answer is asked again so soon.
_AGAIN_S = 1.0


@dataclass(frozen=True, slots=True)
class Limits:
    """`attempts` runs that fail or kill their worker, then it is given up; `backoff_s`, then four times as long, and so on, lie between.

    A job may be put off for `patience_s` in all: an hour, GitHub's longest rate limit (contracts B.4-4), and what clocks may differ.
    """

    attempts: int = 3
    backoff_s: float = 10.0
    patience_s: float = 3660.0
    poll_s: float = 0.5
    beat_s: float = 5.0
    takeover_s: float = 15.0
    keep_days: float = 7.0  # GitHub redelivers for 3 days (contracts B.5-3); what is forgotten would be done again


@dataclass(slots=True)
class Worker:
    """Claims jobs and runs each on a thread of its own. The threads are daemons: a job that hangs does not keep the process."""

    database: Database
    lease: Lease
    handle: Callable[[Job], None]
    gave_up: Callable[[Job, str], None]
    concurrency: int
    limits: Limits
    woken: threading.Event
    _running: dict[int, Claim] = field(default_factory=dict)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _stop: threading.Event = field(default_factory=threading.Event)
    _closed: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._dispatch, name="clops-queue-work", daemon=True)
        self._thread.start()

    def is_alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def close(self, grace_s: float) -> None:
        """Begin nothing more; wait for what runs; hand back what does not end in time."""
        deadline = time.monotonic() + grace_s
        self._stop.set()
        self.woken.set()
        if self._thread is not None:
            self._thread.join()
        with self._changed:
            self._changed.wait_for(lambda: not self._running, max(0.0, deadline - time.monotonic()))
            left = list(self._running.values())
        for claim in left:
            try:
                table.hand_back(self.database, claim)
                log.warning("handed back", extra=_about(claim))
            except QueueError as error:
                log.warning("not handed back; others will notice", extra={**_about(claim), "reason": str(error)})
        self._closed.set()

    def _dispatch(self) -> None:
        while not self._stop.is_set():
            self.woken.clear()
            try:
                while self._has_room() and (claim := table.claim(self.database, self.lease.worker, secrets.token_hex(6))):
                    self._begin(claim)
            except QueueError as error:
                log.warning("no job can be claimed", extra={"reason": str(error)})
                self._stop.wait(_AGAIN_S)
            else:
                self.woken.wait(self.limits.poll_s)

    def _has_room(self) -> bool:
        with self._changed:
            return len(self._running) < self.concurrency and not self._stop.is_set()

    def _begin(self, claim: Claim) -> None:
        with self._changed:
            self._running[claim.id] = claim
        threading.Thread(target=self._run, args=(claim,), name=f"clops-job-{claim.id}", daemon=True).start()

    def _run(self, claim: Claim) -> None:
        CURRENT.set(claim)
        began = time.monotonic()
        try:
            outcome = self._done(claim)
        except QueueError:
            outcome = "not written; it will be done again"
        finally:
            with self._changed:
                del self._running[claim.id]
                self._changed.notify_all()
            self.woken.set()
        log.info("job", extra={**_about(claim), "outcome": outcome, "seconds": round(time.monotonic() - began, 3)})

    def _done(self, claim: Claim) -> str:
        """Run the job and write down what came of it. Raises QueueError when that could not be written until the end."""
        if claim.attempt > self.limits.attempts:  # its last run killed the worker
            return self._given_up(claim, tell=claim.attempt == self.limits.attempts + 1)
        match _outcome(claim, lambda: self.handle(claim.job)):
            case None | NotThere() | NotAllowed():
                return _said(self._kept(lambda: table.end(self.database, claim, "done")), "done")
            case TryLater(seconds=told):
                seconds = max(0.0, told)
                if self._kept(lambda: table.postponed_s(self.database, claim)) + seconds > self.limits.patience_s:
                    return self._given_up(claim, tell=True)
                return _said(self._kept(lambda: table.put_off(self.database, claim, seconds)), "put off")
            case _ if claim.attempt == self.limits.attempts:
                return self._given_up(claim, tell=True)
            case _:
                pause = self.limits.backoff_s * 4 ** (claim.attempt - 1)
                return _said(self._kept(lambda: table.retry(self.database, claim, pause)), "to be tried again")

    def _given_up(self, claim: Claim, *, tell: bool) -> str:
        # Told before it is written: dying in between tells twice, which is better than never.
        if tell and self._kept(lambda: table.is_held(self.database, claim)):
            _outcome(claim, lambda: self.gave_up(claim.job, claim.log_id))
        return _said(self._kept(lambda: table.end(self.database, claim, "failed")), "failed")

    def _kept(self, ask: Callable[[], R]) -> R:
        """Ask the database, however long it is away: until then the job is ours, or others have taken it over."""
        while True:
            try:
                return ask()
            except QueueError as error:
                log.warning("the outcome is not written yet", extra={**_about(CURRENT.get()), "reason": str(error)})
                if self._closed.wait(_AGAIN_S):
                    raise


def _said(ours: bool, state: str) -> str:
    return state if ours else "taken over by another worker"


def _outcome(claim: Claim, act: Callable[[], None]) -> BaseException | None:
    """What it raised. Anything at all: one job's fault must not end the worker, nor leave the job running for ever."""
    try:
        act()
    except BaseException as error:  # noqa: BLE001 - see above; it becomes the job's outcome
        # Our own errors' messages are free of contents (ports); of others only type and place are known to be.
        safe = str(error) if isinstance(error, ForgeError | ThinkingFailed) else ""
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)[-8:]]
        log.warning("a job raised", extra={**_about(claim), "error": type(error).__name__, "reason": safe, "places": places})
        return error
    return None


def _about(claim: Claim) -> dict[str, object]:
    return {
        "delivery": claim.delivery,
        "subject": claim.subject,
        "kind": claim.kind,
        "attempt": claim.attempt,
        "log_id": claim.log_id,
    }
