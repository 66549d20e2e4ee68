"""How quick the queue is: putting at a steady rate while jobs run, throughput, and how soon another takes a killed worker's job.

    python -m tests.bench.queue [--postgres] [--seconds N]

With SQLite the process that puts runs the jobs too, as by default; with PostgreSQL a second one does. A job takes no time at all. Disks are synced. Compare figures of one machine only.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clops_app.adapters.queue.durable import DurableQueue
from clops_app.adapters.queue.work import Limits
from tests.adapters.queue.scene import Desk, command, is_over, others, review, until

TEXT = "x" * 2000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--seconds", type=float, default=10)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory, database(given.postgres, Path(directory)) as url:
        print("PostgreSQL" if given.postgres else "SQLite")
        desk = Desk()
        web = DurableQueue(url, desk.handle, desk.gave_up)
        web.start(work=not given.postgres)
        with others(url, Path(directory)) as workers:
            if given.postgres:
                workers.start("bench", "done")
            for rate in (50, 200):
                show(f"put at {rate}/s, worker busy", at_rate(web, rate, given.seconds))
                until(lambda: is_over(web))
            show("put by 32 threads without a pause", by_many(web, 32, 2000))
            began = time.perf_counter()
            until(lambda: is_over(web))
            print(f"  {'backlog of those done in':36}{time.perf_counter() - began:9.1f} s")
        if not given.postgres:
            web.close()
            web.start(work=False)
        throughput(web, url)
        # An SQLite file is one machine's: its lock files lie beside it.
        for machine, label in (("one", "same machine"), ("two", "another machine"))[: 2 if given.postgres else 1]:
            print(f"  {f'taken over after SIGKILL, {label}':36}{takeover(web, url, Path(directory), machine):9.1f} s")
        idle(web)
        web.close()


@contextmanager
def database(postgres: bool, directory: Path) -> Iterator[str]:
    if not postgres:
        yield str(directory / "queue.sqlite")
        return
    from tests.postgres import clusters

    with clusters(synced=True) as cluster:
        yield cluster.database("bench")


def at_rate(web: DurableQueue, rate: int, seconds: float) -> list[float]:
    """Each put on a thread of its own at its own time, late or not: a slow one delays no other."""
    taken: list[float] = []

    def one(number: int) -> None:
        began = time.perf_counter()
        web.put(command(f"{rate}-{number}", number % 500, TEXT))
        taken.append(time.perf_counter() - began)

    start = time.perf_counter()
    threads = []
    for number in range(int(rate * seconds)):
        time.sleep(max(0.0, start + number / rate - time.perf_counter()))
        threads.append(threading.Thread(target=one, args=(number,)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    return taken


def by_many(web: DurableQueue, threads: int, jobs: int) -> list[float]:
    taken: list[float] = []

    def some(thread: int) -> None:
        for number in range(jobs // threads):
            began = time.perf_counter()
            web.put(command(f"many-{thread}-{number}", thread * 100 + number, TEXT))
            taken.append(time.perf_counter() - began)

    running = [threading.Thread(target=some, args=(thread,)) for thread in range(threads)]
    began = time.perf_counter()
    for each in running:
        each.start()
    for each in running:
        each.join()
    print(f"  {f'{threads} threads put':36}{jobs / (time.perf_counter() - began):9.0f} /s")
    return taken


def throughput(web: DurableQueue, url: str, jobs: int = 1000) -> None:
    for number in range(jobs):
        web.put(review(f"t{number}", number))
    desk = Desk()
    worker = DurableQueue(url, desk.handle, desk.gave_up)
    began = time.perf_counter()
    worker.start()
    until(lambda: is_over(web))
    print(f"  {'jobs done by one process':36}{jobs / (time.perf_counter() - began):9.0f} /s")
    worker.close()


def takeover(web: DurableQueue, url: str, directory: Path, machine: str) -> float:
    """Seconds from the kill until another worker, idle all along, begins the job. Default beat 5 s, lease 15 s."""
    (directory / f"takeover-{machine}").mkdir()
    with others(url, directory / f"takeover-{machine}") as workers:
        killed = workers.start("first", "hang", machine="one", takeover_s=15)
        web.put(review(f"takeover-{machine}", 1))
        until(lambda: len(workers.lines) == 1)
        workers.start("second", "done", machine=machine, takeover_s=15)
        time.sleep(16)  # past the time in which a new worker calls nobody dead
        began = time.perf_counter()
        killed.kill()
        until(lambda: len(workers.lines) > 1)
        return time.perf_counter() - began


def idle(web: DurableQueue, seconds: float = 10) -> None:
    """What a worker costs that has nothing to do."""
    worker = DurableQueue(web.url, Desk().handle, Desk().gave_up, limits=Limits())
    worker.start()
    time.sleep(1)
    before = time.process_time()
    time.sleep(seconds)
    print(f"  {'idle, of one core':36}{(time.process_time() - before) / seconds * 100:9.2f} %")
    worker.close()
    code = "import resource, clops_app.adapters.queue.durable; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(os.environ))
    print(f"  {'memory with the module imported':36}{int(run.stdout) / 1024:9.0f} MiB")


def show(name: str, taken: list[float]) -> None:
    cuts = statistics.quantiles(taken, n=100)
    print(f"  {name:36}{len(taken):6} puts   p50 {cuts[49] * 1000:7.2f}   p99 {cuts[98] * 1000:7.2f}   max {max(taken) * 1000:7.2f} ms")


if __name__ == "__main__":
    main()
