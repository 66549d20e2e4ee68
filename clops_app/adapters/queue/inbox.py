"""Putting is quick however many put at once: one thread writes all that came meanwhile in one transaction."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from dataclasses import dataclass, field

from clops_app.adapters.queue import table
from clops_app.adapters.queue.database import Database, Gone
from clops_app.model.job import Job
from clops_app.ports import QueueError

# GitHub waits 10 s for the webhook's answer (contracts B.5-2); the web server needs some of them.
PUT_WITHIN_S = 7.0
# A transaction of 200 rows takes milliseconds; more would only make the first of them wait.
_TOGETHER = 200
# Jobs in memory that wait for the writer; at 7 s and thousands a second no fewer are ever refused without need.
_AT_MOST = 2000

_Item = tuple[Job, "Future[bool]"]


@dataclass(slots=True)
class Inbox:
    """The writer and what waits for it."""

    database: Database
    _items: queue.Queue[_Item | None] = field(default_factory=lambda: queue.Queue(_AT_MOST))
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="clops-queue-inbox", daemon=True)
        self._thread.start()

    def put(self, job: Job) -> bool:
        """As of JobQueue. After a QueueError the job is not kept, but for a failure in the very moment of writing."""
        stored: Future[bool] = Future()
        try:
            self._items.put_nowait((job, stored))
            return stored.result(PUT_WITHIN_S)
        except queue.Full:
            raise QueueError("The queue's database is too slow: too many jobs wait to be written.") from None
        except NotInTime:
            stored.cancel()
            raise QueueError(f"The queue's database did not take the job within {PUT_WITHIN_S:.0f} s.") from None

    def is_alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def close(self) -> None:
        """Write what was put, then end."""
        if self._thread is not None:
            self._items.put(None)
            self._thread.join()

    def _run(self) -> None:
        open_ = True
        while open_:
            taken: list[_Item | None] = [self._items.get()]
            with contextlib.suppress(queue.Empty):
                while len(taken) < _TOGETHER:
                    taken.append(self._items.get_nowait())
            open_ = None not in taken
            # Those that wait no longer are left out: what put() refused must not be done.
            batch = [item for item in taken if item is not None and item[1].set_running_or_notify_cancel()]
            if batch:
                self._write(batch)

    def _write(self, batch: list[_Item]) -> None:
        try:
            for (_, stored), new in zip(batch, self._stored([job for job, _ in batch]), strict=True):
                stored.set_result(new)
        except Gone as error:
            self._refuse(batch, error)
        except QueueError as error:
            if len(batch) == 1:
                self._refuse(batch, error)
            else:  # one that the database does not take must not hold up the others
                for item in batch:
                    self._write([item])

    def _stored(self, jobs: list[Job]) -> list[bool]:
        """Tries again for some seconds when the database is only restarting."""
        deadline = time.monotonic() + PUT_WITHIN_S / 2
        while True:
            try:
                return table.put(self.database, jobs)
            except Gone:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def _refuse(self, batch: list[_Item], error: QueueError) -> None:
        for _, stored in batch:
            stored.set_exception(error)
