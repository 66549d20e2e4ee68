"""A worker is alive as long as it says so: a lease renewed in time, and on its own machine a locked file that only death unlocks."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import logging
import os
import secrets
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from clops_app.adapters.queue import table
from clops_app.adapters.queue.database import Database, is_postgres, sqlite_path
from clops_app.ports import QueueError

log = logging.getLogger("clops.queue")

_HOUR_S = 3600.0


@dataclass(slots=True)
class Lease:
    """This process's place among the workers.

    It gets a new name whenever others have taken it for dead, so that what it held before can never be mistaken for its own. After a
    silence of its own (the database was away) it lets `takeover_s` pass before it calls anybody dead: the others were cut off too.
    Half of `takeover_s` counts as a silence, so that another's last beat, the silence and its next try fit into one `takeover_s`.
    """

    database: Database
    locks: LockFiles
    beat_s: float
    takeover_s: float
    keep_days: float
    wake: Callable[[], None]
    worker: str = ""
    _renewed: float = float("-inf")
    _steady_since: float = float("-inf")
    _forgot: float = float("-inf")
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="clops-queue-lease", daemon=True)
        self._thread.start()

    def is_alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _run(self) -> None:
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                self._beat(began)
            except QueueError as error:
                log.warning("the lease was not renewed", extra={"reason": str(error)})
                self._stop.wait(min(1.0, self.beat_s))
            else:
                self._stop.wait(max(0.0, self.beat_s - (time.monotonic() - began)))

    def _beat(self, now: float) -> None:
        if not self.worker or not table.renew(self.database, self.worker, self.takeover_s):
            self._enrol()
        if now - self._renewed > self.takeover_s / 2:
            self._steady_since = now
        self._renewed = now
        dead = [worker for worker in table.workers(self.database) if worker != self.worker and self.locks.is_dead(worker)]
        steady = now - self._steady_since >= self.takeover_s
        freed = table.retire(self.database, dead, except_worker=self.worker, expired=steady)
        for worker in dead:
            self.locks.remove(worker)
        if freed:
            log.warning("jobs of a worker that died are taken over", extra={"jobs": freed})
        self.wake()
        if now - self._forgot >= _HOUR_S:
            self._forgot = now
            table.forget(self.database, self.keep_days)

    def _enrol(self) -> None:
        if self.worker:
            log.error("this worker was taken for dead; its jobs are others' now", extra={"worker": self.worker})
            self.locks.release(self.worker)
        worker = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        self.locks.take(worker)
        try:
            table.enrol(self.database, worker, self.takeover_s)
        except QueueError:
            self.locks.release(worker)
            raise
        self.worker = worker

    def close(self) -> None:
        """Leave the workers. What is still held waits again at once."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        try:
            if self.worker:
                table.retire(self.database, [self.worker], except_worker=self.worker, expired=False)
        except QueueError as error:
            log.warning("could not leave; others will notice", extra={"reason": str(error)})
        self.locks.release(self.worker)


@dataclass(slots=True)
class LockFiles:
    """One locked file a worker, in a directory of ours alone: the kernel unlocks it when the worker dies, however it dies."""

    directory: str
    _held: dict[str, int] = field(default_factory=dict)

    def take(self, worker: str) -> None:
        try:
            os.makedirs(self.directory, mode=0o700, exist_ok=True)
            if os.stat(self.directory).st_uid != os.geteuid():
                return  # somebody else's files prove nothing; then time decides alone
            descriptor = os.open(self._path(worker), os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            log.warning("no lock file: after a crash a restart waits for the lease to end", extra={"reason": error.strerror})
            return
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        self._held[worker] = descriptor

    def is_dead(self, worker: str) -> bool:
        """True only for a worker of this machine that has died."""
        try:
            descriptor = os.open(self._path(worker), os.O_RDWR | os.O_NOFOLLOW)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        finally:
            os.close(descriptor)
        return True

    def release(self, worker: str) -> None:
        descriptor = self._held.pop(worker, None)
        if descriptor is not None:
            self.remove(worker)
            os.close(descriptor)

    def remove(self, worker: str) -> None:
        with contextlib.suppress(OSError):
            os.unlink(self._path(worker))

    def _path(self, worker: str) -> str:
        return os.path.join(self.directory, f"{worker.replace(os.sep, '_')}.lock")


def locks_for(url: str) -> LockFiles:
    """Beside an SQLite file; for a server, in this machine's place for such things, by the server's URL."""
    if not is_postgres(url):
        return LockFiles(f"{sqlite_path(url)}-workers")
    name = hashlib.sha256(url.encode()).hexdigest()[:16]
    return LockFiles(os.path.join(tempfile.gettempdir(), f"clops-queue-{os.geteuid()}-{name}"))
