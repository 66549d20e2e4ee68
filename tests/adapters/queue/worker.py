"""A worker process for tests: `python -m tests.adapters.queue.worker URL FILE NAME COURSE TAKEOVER_S`.

Courses: `done` ends each job at once, `nap` after a moment, `die` kills the process, `hang` goes on until SIGUSR1. SIGTERM closes the queue.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

from clops_app.adapters.queue.durable import DurableQueue
from clops_app.adapters.queue.work import Limits
from clops_app.model.job import Job


def main() -> None:
    url, file, name, course, takeover_s = sys.argv[1:]
    go_on, terminated = threading.Event(), threading.Event()
    signal.signal(signal.SIGUSR1, lambda *_: go_on.set())
    signal.signal(signal.SIGTERM, lambda *_: terminated.set())
    descriptor = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_APPEND)

    def say(what: str, job: Job) -> None:
        os.write(descriptor, f"{what} {job.delivery} {name} {job.subject}\n".encode())

    def handle(job: Job) -> None:
        say("began", job)
        match course:
            case "die":
                os.kill(os.getpid(), signal.SIGKILL)
            case "hang":
                go_on.wait()
                say("mine" if queue.still_mine() else "lost", job)
            case "nap":
                time.sleep(0.02)
        say("ended", job)

    limits = Limits(
        backoff_s=0.01, poll_s=0.05, beat_s=float(takeover_s) / 10 if float(takeover_s) < 10 else 0.5, takeover_s=float(takeover_s)
    )
    queue = DurableQueue(url, handle, lambda job, _: say("gave-up", job), 2, limits)
    queue.start()
    while not terminated.wait(0.2):
        pass
    queue.close(1.0)


if __name__ == "__main__":
    main()
