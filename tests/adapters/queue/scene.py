"""A queue in this process or in others, and jobs whose course the test decides."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from clops_app.adapters.queue.durable import DurableQueue
from clops_app.adapters.queue.work import Limits
from clops_app.model.job import Job, Said

HOUSE = Path(__file__).parents[3]
PATIENCE_S = 60.0
# Retries without a wait worth noticing, and no take-over by time in any test that does not ask for one.
QUICK = Limits(backoff_s=0.01, poll_s=0.02, beat_s=0.1, takeover_s=3600)


def review(delivery: str, number: int = 1, head: str = "a") -> Job:
    return Job(delivery, "review", 7, "Octo/Game", number, head)


def command(delivery: str, number: int = 1, text: str = "/clops why") -> Job:
    return Job(delivery, "command", 7, "Octo/Game", number, said=Said(99, "ann", text))


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.01)


@dataclass(slots=True)
class Desk:
    """What the handler saw; `answers` is asked for each job and may raise; `told`: telling of a failure fails."""

    answers: Callable[[Job], None] = lambda _: None
    began: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    given_up: list[tuple[str, str]] = field(default_factory=list)
    told: Exception | None = None

    def handle(self, job: Job) -> None:
        self.began.append(job.delivery)
        self.answers(job)
        self.ended.append(job.delivery)

    def gave_up(self, job: Job, log_id: str) -> None:
        self.given_up.append((job.delivery, log_id))
        if self.told is not None:
            raise self.told


@contextmanager
def queue(url: str, desk: Desk, limits: Limits = QUICK, *, work: bool = True, concurrency: int = 2) -> Iterator[DurableQueue]:
    made = DurableQueue(url, desk.handle, desk.gave_up, concurrency, limits)
    made.start(work=work)
    try:
        yield made
    finally:
        made.close()


def fates(queue: DurableQueue) -> dict[str, str]:
    return {row.delivery: row.state for row in queue.recent(1000)}


def is_over(queue: DurableQueue) -> bool:
    stats = queue.stats()
    return stats.waiting == 0 and stats.running == 0


Course = Literal["done", "hang", "die", "nap"]


@dataclass(slots=True)
class Others:
    """Worker processes; each appends lines `began|ended|mine|lost|gave-up <delivery> <name>` to one file."""

    url: str
    directory: Path
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, name: str, course: Course, *, machine: str = "one", takeover_s: float = 3600) -> subprocess.Popen[bytes]:
        """A worker. Processes of one `machine` see each other's lock files."""
        (self.directory / machine).mkdir(exist_ok=True)
        environment = {**os.environ, "TMPDIR": str(self.directory / machine)}
        command = [sys.executable, "-m", "tests.adapters.queue.worker", self.url, str(self.file), name, course, str(takeover_s)]
        process = subprocess.Popen(command, cwd=HOUSE, env=environment, stderr=(self.directory / f"{name}.err").open("wb"))
        self._processes.append(process)
        return process

    @property
    def file(self) -> Path:
        return self.directory / "lines"

    @property
    def lines(self) -> list[str]:
        return self.file.read_text().splitlines() if self.file.exists() else []

    def end(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()


@contextmanager
def others(url: str, directory: Path) -> Iterator[Others]:
    made = Others(url, directory)
    try:
        yield made
    finally:
        made.end()
