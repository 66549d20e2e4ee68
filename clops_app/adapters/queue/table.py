"""What may happen to a job, each as one transaction: put, claimed, ended, put off, failed, handed back, taken over, forgotten."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Literal

from clops_app.adapters.queue.database import Database, Row, Transaction
from clops_app.model.job import Job, Said

State = Literal["waiting", "running", "done", "failed", "superseded"]

_FIRST = """SELECT id, subject, kind FROM clops_jobs AS j WHERE state = 'waiting' AND not_before <= CLOCK
  AND NOT EXISTS (SELECT 1 FROM clops_jobs AS r WHERE r.subject = j.subject AND r.state = 'running')
  AND (kind = 'review' OR NOT EXISTS (SELECT 1 FROM clops_jobs AS e WHERE e.subject = j.subject AND e.kind = j.kind
                                      AND e.state = 'waiting' AND e.id < j.id))
  ORDER BY id LIMIT 1"""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that a worker holds. `attempt` counts from 1, this run included; runs that were put off are not counted."""

    id: int
    worker: str
    attempt: int
    log_id: str
    delivery: str
    subject: str
    kind: str
    text: str

    @property
    def job(self) -> Job:
        """Read when it is run: one that another version of ClOps wrote, and we cannot read, fails by itself alone."""
        fields = json.loads(self.text)
        said = fields.pop("said")
        return Job(**fields, said=None if said is None else Said(**said))


@dataclass(frozen=True, slots=True)
class Stats:
    """`failed` within the days that rows are kept; `oldest_waiting_s` None when nothing waits."""

    waiting: int
    running: int
    failed: int
    done_last_hour: int
    oldest_waiting_s: float | None


@dataclass(frozen=True, slots=True)
class Recent:
    """A job's fate, without its content. `begun_at` and `log_id` are of the latest run."""

    delivery: str
    subject: str
    kind: str
    state: State
    attempts: int
    log_id: str | None
    put_at: datetime
    begun_at: datetime | None
    ended_at: datetime | None


def put(database: Database, jobs: Sequence[Job]) -> list[bool]:
    """Keep these jobs, all or none; for each whether it is new, or failed before and begins anew.

    One statement, however many jobs: each further trip to the database would wait for its turn on a busy machine, and GitHub with it.
    Not alone: a busy worker that is about to claim must not make GitHub wait; a job it does not see yet is claimed later.
    """
    fresh = {job.delivery: job for job in reversed(jobs)}
    values = [value for job in fresh.values() for value in (job.delivery, job.subject, job.kind, _written(job))]
    anew = "state = 'waiting', attempts = 0, postponed_s = 0, not_before = 0, begun_at = NULL, ended_at = NULL, log_id = NULL"
    kept = database.write(
        f"""INSERT INTO clops_jobs (delivery, subject, kind, job, put_at) VALUES {", ".join(["(?, ?, ?, ?, CLOCK)"] * len(fresh))}
            ON CONFLICT (delivery) DO UPDATE SET job = excluded.job, put_at = excluded.put_at, {anew} WHERE clops_jobs.state = 'failed'
            RETURNING delivery""",  # noqa: S608 - our own words
        *values,
    )
    new = {delivery for (delivery,) in kept}
    deliveries = [job.delivery for job in jobs]
    return [delivery in new and delivery not in deliveries[:number] for number, delivery in enumerate(deliveries)]


def _written(job: Job) -> str:
    # ASCII only: neither database takes every string that JSON can hold.
    return json.dumps(asdict(job), ensure_ascii=True)


def claim(database: Database, worker: str, log_id: str) -> Claim | None:
    """The first job that may run now; older waiting reviews of its subject are superseded.

    None when nothing may run, or when `worker` is not enrolled.
    """
    with database.transaction() as tx:
        if not tx.rows(_FIRST):
            return None
    with database.transaction(alone=True) as tx:
        while found := tx.rows(_FIRST):
            chosen, subject, kind = found[0]
            if kind == "review" and _superseded(tx, subject, chosen):
                continue
            began = tx.rows(
                """UPDATE clops_jobs SET state = 'running', worker = ?, attempts = attempts + 1, begun_at = CLOCK, log_id = ?
                   WHERE id = ? AND EXISTS (SELECT 1 FROM clops_workers WHERE worker = ?)
                   RETURNING attempts, delivery, subject, kind, job""",
                worker, log_id, chosen, worker,
            )  # fmt: skip
            return Claim(chosen, worker, began[0][0], log_id, *began[0][1:]) if began else None
    return None


def _superseded(tx: Transaction, subject: str, review: int) -> bool:
    """Drop all but the newest waiting review of a subject; whether this one was dropped."""
    waiting = "subject = ? AND kind = 'review' AND state = 'waiting'"
    newest = tx.rows(f"SELECT max(id) FROM clops_jobs WHERE {waiting}", subject)[0][0]  # noqa: S608 - our own words
    tx.count(f"UPDATE clops_jobs SET state = 'superseded', ended_at = CLOCK WHERE {waiting} AND id < ?", subject, newest)  # noqa: S608
    return bool(newest != review)


def end(database: Database, claim: Claim, state: Literal["done", "failed"]) -> bool:
    """False when the job is no longer this worker's; then nothing was changed. So with all that follow."""
    return _settle(database, claim, "state = ?, ended_at = CLOCK", state)


def postponed_s(database: Database, claim: Claim) -> float:
    """For how long the job was put off so far, in all."""
    with database.transaction() as tx:
        waited: float = tx.rows("SELECT coalesce(max(postponed_s), 0) FROM clops_jobs WHERE id = ?", claim.id)[0][0]
    return waited


def put_off(database: Database, claim: Claim, seconds: float) -> bool:
    """Run again after `seconds`, this run not counted."""
    changes = "state = 'waiting', not_before = CLOCK + ?, postponed_s = postponed_s + ?, attempts = attempts - 1"
    return _settle(database, claim, changes, seconds, seconds)


def retry(database: Database, claim: Claim, seconds: float) -> bool:
    return _settle(database, claim, "state = 'waiting', not_before = CLOCK + ?", seconds)


def hand_back(database: Database, claim: Claim) -> bool:
    """Let another worker begin it anew, this run not counted."""
    return _settle(database, claim, "state = 'waiting', attempts = attempts - 1")


def _settle(database: Database, claim: Claim, changes: str, *values: object) -> bool:
    statement = f"UPDATE clops_jobs SET {changes}, worker = NULL WHERE id = ? AND worker = ? AND state = 'running'"  # noqa: S608 - our own words
    with database.transaction(alone=True) as tx:
        return tx.count(statement, *values, claim.id, claim.worker) == 1


def is_held(database: Database, claim: Claim) -> bool:
    with database.transaction() as tx:
        return bool(tx.rows("SELECT 1 FROM clops_jobs WHERE id = ? AND worker = ? AND state = 'running'", claim.id, claim.worker))


def enrol(database: Database, worker: str, lease_s: float) -> None:
    with database.transaction(alone=True) as tx:
        tx.count("INSERT INTO clops_workers (worker, until) VALUES (?, CLOCK + ?)", worker, lease_s)


def renew(database: Database, worker: str, lease_s: float) -> bool:
    """False when others have taken the worker for dead; its jobs are no longer its own, for ever."""
    with database.transaction(alone=True) as tx:
        return tx.count("UPDATE clops_workers SET until = CLOCK + ? WHERE worker = ?", lease_s, worker) == 1


def workers(database: Database) -> list[str]:
    with database.transaction() as tx:
        return [worker for (worker,) in tx.rows("SELECT worker FROM clops_workers ORDER BY worker")]


def retire(database: Database, dead: Sequence[str], *, except_worker: str, expired: bool) -> int:
    """Strike off the workers known to be `dead` and, if asked, those whose lease has `expired`; how many jobs wait again."""
    with database.transaction(alone=True) as tx:
        for worker in dead:
            tx.count("DELETE FROM clops_workers WHERE worker = ?", worker)
        if expired:
            tx.count("DELETE FROM clops_workers WHERE until < CLOCK AND worker <> ?", except_worker)
        return tx.count(
            """UPDATE clops_jobs SET state = 'waiting', worker = NULL
               WHERE state = 'running' AND worker NOT IN (SELECT worker FROM clops_workers)"""
        )


def forget(database: Database, days: float) -> int:
    """Delete what ended more than so many days ago."""
    with database.transaction(alone=True) as tx:
        return tx.count("DELETE FROM clops_jobs WHERE ended_at < CLOCK - ?", days * 86_400.0)


def stats(database: Database) -> Stats:
    with database.transaction() as tx:
        counts = {row[0]: row[1] for row in tx.rows("SELECT state, count(*) FROM clops_jobs GROUP BY state")}
        hour = tx.rows("SELECT count(*) FROM clops_jobs WHERE state = 'done' AND ended_at > CLOCK - 3600")[0][0]
        oldest = tx.rows("SELECT CLOCK - min(put_at) FROM clops_jobs WHERE state = 'waiting'")[0][0]
    return Stats(
        counts.get("waiting", 0), counts.get("running", 0), counts.get("failed", 0), hour, None if oldest is None else max(0.0, oldest)
    )


def recent(database: Database, limit: int) -> list[Recent]:
    """The newest first."""
    columns = "delivery, subject, kind, state, attempts, log_id, put_at, begun_at, ended_at"
    with database.transaction() as tx:
        return [_recent(row) for row in tx.rows(f"SELECT {columns} FROM clops_jobs ORDER BY id DESC LIMIT ?", limit)]  # noqa: S608 - our own words


def _recent(row: Row) -> Recent:
    delivery, subject, kind, state, attempts, log_id, put_at, begun_at, ended_at = row
    return Recent(delivery, subject, kind, state, attempts, log_id, datetime.fromtimestamp(put_at, UTC), _time(begun_at), _time(ended_at))


def _time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
