"""What GitHub failed to deliver is asked for again, at the start and every hour: by itself it sends nothing twice (B.5-3)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog

from clops_app.adapters.github.app import FailedDelivery
from clops_app.ports import ForgeError

KEPT = timedelta(days=3)  # B.5-3: how long a delivery can be asked for again
_HOUR = 3_600.0
# A second apart, as GitHub wants writes (B.4-6), the rest of an outage takes its turn in the next hour.
_MOST_AT_ONCE = 500
_ASKING = frozenset({"pull_request", "issue_comment", "check_run", "check_suite"})

log = structlog.get_logger("clops.deliveries")


class Hook(Protocol):
    """GitHub's memory of what it sent us. Everything raises ForgeError."""

    def failed_deliveries(self, since: datetime) -> Sequence[FailedDelivery]: ...

    def redeliver(self, delivery: int) -> None: ...


def redeliver_failed(hook: Hook, now: datetime) -> int:
    """Have everything sent again that could be a job and never reached us; how many. What is kept already is told so by its id."""
    missed = [one for one in hook.failed_deliveries(now - KEPT) if one.event in _ASKING][:_MOST_AT_ONCE]
    asked = 0
    for one in missed:
        try:
            hook.redeliver(one.id)
        except ForgeError as error:
            log.warning("not redelivered", delivery=one.guid, error=type(error).__name__)
            continue
        asked += 1
    return asked


class Hourly:
    """A thread that does something now and every hour until it is stopped."""

    def __init__(self, chore: Callable[[], None], seconds: float = _HOUR) -> None:
        self._chore = chore
        self._seconds = seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clops-chores", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Does not wait: a request to GitHub may take its time, and nothing is lost with it."""
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._chore()
            except ForgeError as error:
                log.warning("GitHub could not be asked for failed deliveries", error=type(error).__name__)
            self._stop.wait(self._seconds)


def now() -> datetime:
    return datetime.now(UTC)
