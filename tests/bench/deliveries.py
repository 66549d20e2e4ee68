"""The App under load, killed and cut off: every pull request ends with one review of its newest head, nothing doubled, nothing lost.

    python -m tests.bench.deliveries [--sqlite | --small] [--seed N] …

By default 10,000 webhooks at 200/s, 5 % of them twice, out of order, for 300 pull requests of 60 organisations; `clops serve` takes them,
two `clops worker` review, PostgreSQL keeps the queue. Workers are killed by SIGKILL five times, PostgreSQL once (SIGQUIT, which is
"immediate"), and started again at once. With --sqlite it is 50/s for a minute and one `clops serve` that works as well. --small is
a minute of the first. Exit code 1: a promise was broken.

An acknowledgement is timed from sending to its last byte, by the sender. Nothing can be kept while the database is away, so those
sent from its end until a second after it answers again are told apart, and the rest is held to 100 ms. The stand-in for GitHub,
which would be another machine, takes the processor that is left (nice 10).
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from clops_app.adapters.github.app import GitHubApp
from clops_app.adapters.queue.database import Database, databases
from clops_app.adapters.thinking import ThinksHere
from clops_app.model.draft import Draft
from clops_app.ports import QueueError
from clops_app.review.said import ending_of, fingerprints_of, marked_summary
from clops_app.usecases.think_of_pull import Told
from tests.bench.load.apps import Running, apps
from tests.bench.load.forge import SECRET, Order, Seen, Shown, Stage, forges
from tests.bench.load.plan import Plan, overtaken, plan
from tests.bench.load.sender import Letter, Sent, send
from tests.bench.load.terraform import BASE, heads
from tests.postgres import Cluster, clusters

PROMISED_S = 0.1
_AFTER_S = 1.0
_BEGIN_S = 3.0


@dataclass(frozen=True, slots=True)
class Sizes:
    deliveries: int = 10_000
    rate: float = 200.0
    pulls: int = 300
    heads: int = 5
    duplicates: float = 0.05
    workers: int = 2
    kills: int = 5
    restarts: int = 1
    checked: float = 0.05
    patience_s: float = 1_500.0
    seed: int = 1
    sqlite: bool = False


SMALL = Sizes(deliveries=300, rate=50.0, pulls=12, kills=1, checked=1.0, patience_s=300.0)
SQLITE = Sizes(deliveries=3_000, rate=50.0, pulls=60, workers=0, kills=0, restarts=0, sqlite=True)


@dataclass(slots=True)
class Disturbed:
    """What was done to the App, and when the database was away, in seconds of the monotonic clock."""

    kills: int = 0
    away: list[tuple[float, float]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Ended:
    """All that was seen. `again`: what was refused and sent once more; `told`: what our processes logged; `drained`: seconds after the load."""

    sizes: Sizes
    made: Plan
    sent: list[Sent]
    again: list[Sent]
    done: Disturbed
    told: list[dict[str, Any]]
    jobs: Counter[str]
    drained: float
    seen: Seen
    unsaid: list[Draft]
    load: tuple[float, float]

    @property
    def calm(self) -> list[Sent]:
        """What was sent while the database was there."""
        away = self.done.away
        return [
            one for one in self.sent if not any(one.began + one.seconds >= gone and one.began <= back + _AFTER_S for gone, back in away)
        ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sqlite", action="store_true")
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--keep-logs", type=Path, help="put what the processes log here (a folder)")
    names = [name for name in Sizes.__dataclass_fields__ if name != "sqlite"]
    for name in names:
        parser.add_argument(f"--{name.removesuffix('_s')}", type=type(getattr(Sizes(), name)), dest=name)
    given = parser.parse_args()
    sizes = SQLITE if given.sqlite else SMALL if given.small else Sizes()
    ended = run(replace(sizes, **{name: value for name in names if (value := getattr(given, name)) is not None}), given.keep_logs)
    print("\n".join(report(ended)))
    sentences = [*late(ended), *broken(ended)]
    for sentence in sentences:
        print(f"BROKEN: {sentence}")
    sys.exit(1 if sentences else 0)


def run(sizes: Sizes, logs: Path | None = None) -> Ended:
    """The whole of it: prepare, load, disturb, wait, look."""
    made = plan(sizes.deliveries, sizes.rate, sizes.pulls, sizes.heads, sizes.duplicates, sizes.seed)
    order = Order({"main.tf": BASE}, tuple(heads(pull, sizes.heads, sizes.seed) for pull in range(sizes.pulls)), sizes.checked)
    cluster = nullcontext() if sizes.sqlite else clusters(synced=True)
    with tempfile.TemporaryDirectory(prefix="clops-bench-") as scratch, forges() as forge, cluster as postgres:
        folder = logs or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        stage = forge.prepare(order)
        database = postgres.database("bench") if postgres else None
        url = database or str(folder / "state/queue.sqlite3")
        with apps(folder, stage, database, sizes.workers) as (web, workers):
            before = os.getloadavg()[0]
            start = time.monotonic() + _BEGIN_S
            forge.begin(made, start)
            with disturbances(sizes, start, made.seconds, workers, postgres) as done:
                sent, again = send(web.port(), SECRET, letters(made, stage, start))
                loaded = time.monotonic()
            drained = drain(url, sizes.patience_s) - loaded
            counted, after = jobs(url), os.getloadavg()[0]
            seen = forge.seen()
            unsaid = left_unsaid(stage)
        told = [line for one in (web, *workers) for line in one.said()]
    return Ended(sizes, made, sent, again, done, told, counted, drained, seen, unsaid, (before, after))


def report(ended: Ended) -> Iterator[str]:
    """For people."""
    sizes, sent, pushes = ended.sizes, ended.sent, ended.made.pushes
    yield f"{'SQLite, one clops serve' if sizes.sqlite else f'PostgreSQL, clops serve and {sizes.workers} clops worker'}; seed {sizes.seed}"
    yield f"machine          {os.cpu_count()} cores, load {ended.load[0]:.1f} before and {ended.load[1]:.1f} after"
    yield (
        f"asked            {len(sent):,} deliveries at {sizes.rate:g}/s of {len(pushes):,} pushes to {sizes.pulls} pull requests; "
        f"{len(sent) - len(pushes):,} duplicates, {overtaken(ended.made):,} overtaken"
    )
    yield from _speed(ended)
    yield from _work(ended)
    yield from _end(ended)


def letters(made: Plan, stage: Stage, start: float) -> list[Letter]:
    """The stand-in's payloads, each with the commit that its push came from."""
    found = []
    for one in made.deliveries:
        push = made.pushes[one.push]
        body, shas = stage.bodies[push.pull][push.head], stage.shas[push.pull]
        if push.before is not None:
            told = f'"before":"{shas[push.head - 1]}"'.encode()
            assert body.count(told) == 1
            body = body.replace(told, f'"before":"{shas[push.before]}"'.encode())
        found.append(Letter(start + one.at, one.guid, body))
    return found


@contextmanager
def disturbances(sizes: Sizes, start: float, seconds: float, workers: Sequence[Running], postgres: Cluster | None) -> Iterator[Disturbed]:
    """Kill and start again, at moments that the seed chooses; those not over with the load are waited for."""
    dice = random.Random(sizes.seed)
    moments = [(start + dice.uniform(0.1, 1.3) * seconds, "kill") for _ in range(sizes.kills)]
    moments += [(start + (number + 0.5) / sizes.restarts * seconds, "restart") for number in range(sizes.restarts)]
    done = Disturbed()

    def disturb() -> None:
        for moment, what in sorted(moments):
            time.sleep(max(0.0, moment - time.monotonic()))
            if what == "kill":
                victim = dice.choice(workers)
                victim.kill()
                victim.start()
                done.kills += 1
            elif postgres is not None:
                began = time.monotonic()
                postgres.stop(signal.SIGQUIT)
                postgres.start()
                done.away.append((began, time.monotonic()))

    thread = threading.Thread(target=disturb)
    thread.start()
    yield done
    thread.join()


def drain(url: str, patience_s: float) -> float:
    """The moment at which nothing waits and nothing runs. Raises TimeoutError."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        counts = jobs(url)
        if not counts["waiting"] and not counts["running"]:
            return time.monotonic()
        time.sleep(0.5)
    raise TimeoutError(f"the queue is not empty after {patience_s:g} s: {dict(jobs(url))}")


def jobs(url: str) -> Counter[str]:
    """How many jobs are in each state; under "again" the runs that were not a job's first."""
    (database,) = databases(url, 1)
    try:
        return _counted(database)
    except QueueError:
        return Counter({"running": -1})
    finally:
        database.close()


def _counted(database: Database) -> Counter[str]:
    with database.transaction() as tx:
        states = tx.rows("SELECT state, count(*) FROM clops_jobs GROUP BY state")
        again = tx.rows("SELECT sum(attempts - 1) FROM clops_jobs WHERE attempts > 1")[0][0]
    return Counter({str(state): int(count) for state, count in states} | {"again": int(again or 0)})


def left_unsaid(stage: Stage) -> list[Draft]:
    """What ClOps would say of each pull request if it looked once more: nothing, if nothing was lost."""
    forges_ = GitHubApp(stage.app_id, stage.private_key, api_url=stage.api)
    thinker = ThinksHere(Told(datetime.now(UTC).date()))
    drafts = []
    for name, number, installation in stage.names:
        forge = forges_.repository(installation, name)
        pull = forge.read(number)
        with thinker.think(pull, forge) as thought:
            drafts.append(thought.draft(forge.posted(pull)))
    return drafts


def says(draft: Draft) -> bool:
    return any((draft.summary, draft.review, draft.edits, draft.resolve, draft.hide, draft.check))


def doubled(shown: Shown) -> int:
    """How many findings stand in more than one open comment."""
    open_ = [body for body in shown.inline if ending_of(body) is None]
    return sum(count > 1 for count in Counter(token for body in open_ for token in fingerprints_of(body)).values())


def is_newest(shown: Shown) -> bool:
    """Whether there is one summary and it is the head's."""
    return len(shown.summaries) == 1 and shown.summaries[0].startswith(marked_summary("", shown.head).strip())


def percentile(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]


def _speed(ended: Ended) -> Iterator[str]:
    sent, calm = ended.sent, ended.calm
    taken = max(one.began for one in sent) - min(one.began for one in sent)
    late = percentile([one.began - one.due for one in sent], 99)
    yield f"rate             {len(sent) / taken:.1f}/s reached; sender late by {late * 1000:.1f} ms (p99)"
    yield f"acknowledged     {_shape(calm)}"
    if ended.done.away:
        away = sum(back - gone for gone, back in ended.done.away)
        yield f"database away    {away:.2f} s; meanwhile {_shape([one for one in sent if one not in set(calm)])}"
        yield f"all together     {_shape(sent)}"
    answers = Counter(str(one.status) for one in sent)
    yield f"answers          {_listed(answers)}; sent again {_listed(Counter(str(one.status) for one in ended.again))}"


def _shape(sent: Sequence[Sent]) -> str:
    if len(sent) < 2:
        return f"{len(sent)} deliveries"
    taken = [one.seconds * 1000 for one in sent]
    return f"{len(taken):,} deliveries: p50 {percentile(taken, 50):.1f}, p99 {percentile(taken, 99):.1f}, max {max(taken):.1f} ms"


def _work(ended: Ended) -> Iterator[str]:
    told, counted = ended.told, ended.jobs
    outcomes = Counter(str(line["outcome"]) for line in told if line.get("event") == "handled")
    runs = Counter(str(line["outcome"]) for line in told if line.get("event") == "job")
    taken = [float(str(line["seconds"])) for line in told if line.get("event") == "handled"]
    yield f"reviews          {sum(outcomes.values())} ended ({_listed(outcomes)}); median {statistics.median(taken or [0]):.2f} s"
    yield f"jobs             {_listed(Counter({name: count for name, count in counted.items() if name != 'again'}))}"
    yield f"runs             {_listed(runs)}; {counted['again']} begun again after a kill or a failure"
    yield f"disturbed        {ended.done.kills} kills, {len(ended.done.away)} restarts of the database"
    yield f"drained          {ended.drained:.1f} s after the last delivery"
    errors = Counter(str(line.get("reason") or line.get("error")) for line in told if line.get("event") == "a job raised")
    for reason, count in errors.most_common(5):
        yield f"  {count:4} x {reason}"


def _end(ended: Ended) -> Iterator[str]:
    seen = ended.seen
    refused = Counter({str(status): count for status, count in seen.refused.items()})
    yield f"stand-in         {_listed(seen.counts)}; refused {_listed(refused)}; {ended.sizes.checked:.0%} of the answers held to the contract"
    for complaint in seen.complaints[:5]:
        yield f"  {complaint}"
    inline = sum(len(shown.inline) for shown in seen.pulls)
    summaries = Counter(f"with {len(shown.summaries)}" for shown in seen.pulls)
    yield f"summaries        pull requests: {_listed(summaries)}; {inline} inline comments in sight"
    yield f"                 doubled {sum(map(doubled, seen.pulls))}, lost {sum(_lost(one) for one in ended.unsaid)}"


def _lost(draft: Draft) -> int:
    return (len(draft.review.comments) if draft.review else 0) + (draft.summary is not None) + (draft.check is not None)


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "none"


def late(ended: Ended) -> Iterator[str]:
    """The promise of speed, if it was not kept: which another's load on the machine may be the reason for."""
    p99 = percentile([one.seconds for one in ended.calm], 99)
    if p99 > PROMISED_S:
        yield f"acknowledgements took {p99 * 1000:.0f} ms (p99), {PROMISED_S * 1000:.0f} are promised"


def broken(ended: Ended) -> Iterator[str]:
    """Each other promise that was not kept."""
    sizes, seen, events = ended.sizes, ended.seen, len(ended.made.pushes)
    if any(one.status != 202 for one in ended.calm):
        yield "deliveries were refused though the database was there"
    if any(one.status != 202 for one in ended.again):
        yield "deliveries were refused when they were sent again"
    kept = sum(ended.jobs[state] for state in ("done", "superseded", "failed"))
    if ended.jobs["failed"] or kept != events:
        yield f"of {events} events {kept} were kept, and {ended.jobs['failed']} failed"
    if wrong := sum(not is_newest(shown) for shown in seen.pulls):
        yield f"{wrong} pull requests have no summary, several, or one of an older head"
    if twice := sum(map(doubled, seen.pulls)):
        yield f"{twice} findings stand in several inline comments"
    if left := sum(map(says, ended.unsaid)):
        yield f"{left} pull requests have something left to be said"
    if seen.complaints:
        yield f"the contract was broken {len(seen.complaints)} times"
    if ended.done.kills < sizes.kills or len(ended.done.away) < sizes.restarts:
        yield "not everything was disturbed that should be"


if __name__ == "__main__":
    main()
