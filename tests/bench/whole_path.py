"""From the webhook to the review that stands on a pull request of sixty resources, on an App with nothing else to do: where is the time?

    python -m tests.bench.whole_path [--times N]

One `clops serve` that works as well; the queue is in SQLite. Each run is a pull request of its own, opened and reviewed for the first
time. The parts are told by the stand-in's clock: answered (the webhook's acknowledgement), queued (until the worker's first request),
fetched (until the last answer that the sources need), thought (until the head is looked at again), published (until the last part of
the review stands). The stand-in is strict, and its own work is in the figures; it is told beside them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.load.apps import Running, apps
from tests.bench.load.forge import SECRET, Forge, Order, Stage, forges
from tests.bench.load.sender import Letter, send
from tests.bench.load.terraform import BEFORE, large

PROMISED_S = 2.0
_PATIENCE_S = 60.0
_REST_S = 3.0  # between runs, so that whatever the last one left behind is over

Request = tuple[float, float, str, str]


@dataclass(frozen=True, slots=True)
class Parts:
    """Seconds; `requests` so many took `stand_in` seconds of the stand-in's own."""

    answered: float
    queued: float
    fetched: float
    thought: float
    published: float
    whole: float
    stand_in: float
    requests: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=10)
    given = parser.parse_args()
    runs = measure(given.times)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {given.times} runs, the first ({runs[0].whole:.2f} s) is on a cold App")
    for name in Parts.__slots__:
        values = [getattr(run, name) for run in runs]
        print(f"  {name:10} median {statistics.median(values):7.3f}   max {max(values):7.3f}")
    median = statistics.median(run.whole for run in runs)
    if median > PROMISED_S:
        print(f"BROKEN: {median:.2f} s from the webhook to the review, {PROMISED_S:g} are promised")
    sys.exit(median > PROMISED_S)


def measure(times: int) -> list[Parts]:
    order = Order({"main.tf": BEFORE}, tuple((large(pull),) for pull in range(times)))
    with tempfile.TemporaryDirectory(prefix="clops-bench-") as folder, forges() as forge:
        stage = forge.prepare(order)
        with apps(Path(folder), stage, None, 0) as (web, _):
            return [_run(forge, stage, web, pull) for pull in range(times)]


def _run(forge: Forge, stage: Stage, web: Running, pull: int) -> Parts:
    time.sleep(_REST_S)
    forge.trace()
    (sent,), _ = send(web.port(), SECRET, [Letter(time.monotonic() + 1, f"run-{pull}", stage.bodies[pull][0])])
    trace: list[Request] = []
    deadline = time.monotonic() + _PATIENCE_S
    while not _last(trace):
        if time.monotonic() > deadline:
            raise TimeoutError(f"no review after {_PATIENCE_S:g} s: {[request[2:] for request in trace]}")
        time.sleep(0.2)
        trace += forge.trace()
    return _parts(sent.began, sent.began + sent.seconds, trace)


def _last(trace: Sequence[Request]) -> bool:
    return any(method == "POST" and path.endswith("/check-runs") for _, _, method, path in trace)


def _parts(began: float, answered: float, trace: Sequence[Request]) -> Parts:
    told = sorted(trace)
    reads = [request for request in told if request[2] == "GET" and "/pulls/" in request[3] and request[3].rpartition("/")[2].isdigit()]
    sources = [request for request in told if "codeload" in request[3] or "/git/trees/" in request[3]]
    said = [request for request in told if request[2] == "POST" and request[3].endswith(("/comments", "/reviews", "/check-runs"))]
    fetched, again, over = max(one[1] for one in sources), reads[-1][0], max(one[1] for one in said)
    first = told[0][0]
    until = [request for request in told if request[0] <= over]
    spent = sum(done - taken for taken, done, _, _ in until)
    return Parts(answered - began, first - began, fetched - first, again - fetched, over - again, over - began, spent, len(until))


if __name__ == "__main__":
    main()
