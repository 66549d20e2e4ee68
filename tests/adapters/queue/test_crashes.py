"""Workers are killed, stopped and cut off, disks fill up, databases restart: nothing that was put is lost, nothing runs twice at once."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from clops_app.adapters.queue.database import databases
from clops_app.adapters.queue.durable import DurableQueue
from clops_app.adapters.queue.work import Limits
from clops_app.model.job import Job
from clops_app.ports import QueueError
from tests.adapters.queue.scene import HOUSE, Desk, Others, command, fates, is_over, others, queue, review, until
from tests.postgres import Cluster, clusters

pytestmark = pytest.mark.slow


@pytest.fixture
def web(url: str) -> Iterator[DurableQueue]:
    with queue(url, Desk(), work=False) as made:
        yield made


@pytest.fixture
def workers(url: str, tmp_path: Path) -> Iterator[Others]:
    with others(url, tmp_path) as made:
        yield made


def said(workers: Others, *words: str) -> list[str]:
    """The workers' lines that begin with one of these words, without the subject."""
    return [line.rpartition(" ")[0] for line in workers.lines if line.startswith(words)]


def test_what_a_killed_worker_ran_is_begun_again_at_once_by_the_next_on_its_machine(web: DurableQueue, workers: Others) -> None:
    web.put(review("d1"))
    web.put(command("d2"))
    killed = workers.start("first", "hang")
    until(lambda: said(workers, "began") == ["began d1 first"])
    killed.kill()
    killed.wait()
    workers.start("second", "done")  # its lease ends in an hour: only the lock file can tell
    until(lambda: is_over(web))
    assert said(workers, "began", "ended")[1:] == ["began d1 second", "ended d1 second", "began d2 second", "ended d2 second"]


def test_what_a_killed_worker_ran_is_taken_over_by_a_live_one_on_another_machine(web: DurableQueue, workers: Others) -> None:
    web.put(review("d1"))
    killed = workers.start("first", "hang", machine="one", takeover_s=1)
    until(lambda: said(workers, "began") == ["began d1 first"])
    workers.start("second", "done", machine="two", takeover_s=1)
    killed.kill()
    until(lambda: is_over(web))
    assert said(workers, "ended") == ["ended d1 second"]


def test_a_live_workers_job_is_left_to_it_however_long_it_takes(web: DurableQueue, workers: Others, url: str) -> None:
    web.put(review("d1"))
    first = workers.start("first", "hang", machine="one", takeover_s=0.5)
    until(lambda: said(workers, "began") == ["began d1 first"])
    workers.start("second", "done", machine="two", takeover_s=0.5)
    (database,) = databases(url, 1)

    def long_after() -> bool:
        with database.transaction() as tx:
            return bool(tx.rows("SELECT 1 FROM clops_jobs WHERE delivery = 'd1' AND begun_at < CLOCK - 4"))

    until(long_after)
    first.send_signal(signal.SIGUSR1)
    until(lambda: is_over(web))
    database.close()
    assert said(workers, "began", "mine", "lost", "ended") == ["began d1 first", "mine d1 first", "ended d1 first"]


def test_a_worker_that_was_frozen_learns_that_its_job_is_anothers(web: DurableQueue, workers: Others) -> None:
    web.put(review("d1"))
    frozen = workers.start("first", "hang", takeover_s=1)
    until(lambda: said(workers, "began") == ["began d1 first"])
    frozen.send_signal(signal.SIGSTOP)
    second = workers.start("second", "hang", takeover_s=1)
    until(lambda: "began d1 second" in said(workers, "began"))
    frozen.send_signal(signal.SIGUSR1)
    frozen.send_signal(signal.SIGCONT)
    until(lambda: "ended d1 first" in said(workers, "ended"))
    assert (said(workers, "mine", "lost"), fates(web)) == (["lost d1 first"], {"d1": "running"})
    web.put(review("d2", number=2))
    until(
        lambda: any(line.startswith("began d2") for line in said(workers, "began"))
    )  # the one that was frozen is of use again, or the other is
    second.send_signal(signal.SIGUSR1)
    frozen.send_signal(signal.SIGUSR1)
    until(lambda: is_over(web))
    assert said(workers, "mine d1") == ["mine d1 second"]


def test_a_job_that_kills_its_worker_each_time_is_given_up_and_the_next_goes_on(web: DurableQueue, workers: Others) -> None:
    web.put(command("poison"))
    web.put(command("next"))
    for turn in range(3):
        assert workers.start(f"victim{turn}", "die").wait(60) == -signal.SIGKILL
    workers.start("last", "done")
    until(lambda: is_over(web))
    assert fates(web) == {"poison": "failed", "next": "done"}
    assert said(workers, "gave-up") == ["gave-up poison last"]
    assert len(said(workers, "began poison")) == 3


def test_a_worker_told_to_end_hands_back_what_it_runs(web: DurableQueue, workers: Others) -> None:
    web.put(review("d1"))
    first = workers.start("first", "hang")
    until(lambda: said(workers, "began") == ["began d1 first"])
    first.send_signal(signal.SIGTERM)
    assert first.wait(60) == 0
    assert (fates(web), web.recent()[0].attempts) == ({"d1": "waiting"}, 0)


def test_many_workers_on_one_database_do_each_job_once_and_one_at_a_time_of_a_subject(web: DurableQueue, workers: Others) -> None:
    for number in range(3):
        workers.start(f"worker{number}", "nap", machine=f"machine{number}", takeover_s=15)
    for number in range(90):
        web.put(command(f"d{number}", number % 9))
    until(lambda: is_over(web))
    began = [line.split()[1] for line in workers.lines if line.startswith("began")]
    assert sorted(began) == sorted(f"d{number}" for number in range(90))
    assert len({line.split()[2] for line in workers.lines}) == 3
    running: dict[str, str] = {}
    order: dict[str, list[int]] = {}
    for what, delivery, _, subject in map(str.split, workers.lines):
        if what == "began":
            assert running.setdefault(subject, delivery) == delivery
            order.setdefault(subject, []).append(int(delivery[1:]))
        else:
            assert running.pop(subject) == delivery
    assert all(numbers == sorted(numbers) for numbers in order.values())


def test_workers_killed_again_and_again_lose_nothing(web: DurableQueue, workers: Others) -> None:
    steady = workers.start("steady", "nap", takeover_s=15)
    for round_ in range(4):
        victim = workers.start(f"victim{round_}", "hang", takeover_s=15)
        struck: list[str] = []
        number = 0
        while not struck:  # until the victim has got one of them
            delivery = f"d{round_}.{number}"
            web.put(command(delivery, number))
            until(lambda delivery=delivery: f"began {delivery} " in "\n".join(workers.lines))
            struck = [line.split()[1] for line in workers.lines if f" victim{round_} " in line]
            number += 1
        victim.kill()
        victim.wait()
        until(lambda delivery=struck[0]: any(line.startswith(f"ended {delivery} ") for line in workers.lines))
    until(lambda: is_over(web))
    assert (web.stats().failed, set(fates(web).values()), steady.poll()) == (0, {"done"}, None)


FULL_DISK = """
import resource, signal, sys
from clops_app.adapters.queue.durable import DurableQueue
from clops_app.ports import QueueError
from tests.adapters.queue.scene import command
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
queue = DurableQueue(sys.argv[1], lambda job: None, lambda job, log_id: None)
queue.start(work=False)
queue.put(command("first"))
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
kept = refused = 0
for number in range(200):
    try:
        kept += queue.put(command(f"d{number}", text="x" * 5000))
    except QueueError:
        refused += 1
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
queue.put(command("last"))
print(kept, refused, queue.stats().waiting, queue.put(command("first")))
"""


def test_a_full_disk_refuses_what_it_cannot_keep_and_keeps_the_rest(tmp_path: Path) -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    run = subprocess.run([sys.executable, "-c", FULL_DISK, str(tmp_path / "queue")], cwd=HOUSE, capture_output=True, text=True, check=True)
    kept, refused, waiting, again = run.stdout.split()
    assert int(kept) > 0 < int(refused)
    assert (int(kept) + int(refused), int(waiting), again) == (200, int(kept) + 2, "False")


def test_a_directory_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with queue(str(tmp_path / "file/queue.sqlite"), Desk(), work=False) as made:
        with pytest.raises(QueueError, match=r"queue\.sqlite cannot be used"):
            made.put(review("d1"))
        with pytest.raises(QueueError):
            made.ping()


def test_who_looks_into_the_file_from_elsewhere_takes_nothing_with_him(tmp_path: Path) -> None:
    path = tmp_path / "queue.sqlite"
    count = "print(sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM clops_jobs').fetchone()[0])"
    look = f"import sqlite3, sys; {count}"

    def seen() -> str:
        return subprocess.run([sys.executable, "-c", look, str(path)], capture_output=True, text=True, check=True).stdout.strip()

    with queue(str(path), Desk(), work=False) as made:
        made.put(review("d1"))
        made.ping()  # by a connection of its own
        assert seen() == "1"
        made.put(review("d2"))
        assert seen() == "2"


def test_what_people_wrote_is_kept_from_other_users_of_the_machine(tmp_path: Path) -> None:
    with queue(str(tmp_path / "queue.sqlite"), Desk()) as made:
        made.put(review("d1"))
        until(lambda: is_over(made))
        modes = {path.name: path.stat().st_mode & 0o077 for path in tmp_path.iterdir()}
        assert {"queue.sqlite", "queue.sqlite-wal", "queue.sqlite-workers"} <= set(modes)
        assert set(modes.values()) == {0}


@pytest.fixture
def server() -> Iterator[Cluster]:
    with clusters() as made:
        yield made


def test_a_database_that_is_away_refuses_and_when_it_is_back_everything_goes_on(server: Cluster) -> None:
    go_on = threading.Event()
    desk = Desk(lambda _: None if go_on.wait(60) else pytest.fail("never told to go on"))
    with queue(server.database("jobs"), desk) as made:
        made.ping()
        made.put(review("running", 1))
        until(lambda: desk.began == ["running"])
        server.stop()
        go_on.set()  # it ends while its end cannot be written
        with pytest.raises(QueueError, match="cannot be used"):
            made.put(review("refused", 2))
        with pytest.raises(QueueError):
            made.ping()
        server.start()
        made.put(review("later", 3))
        until(lambda: is_over(made))
        assert (fates(made), desk.ended.count("running")) == ({"running": "done", "later": "done"}, 1)


def test_a_database_that_crashes_in_the_middle_loses_nothing_and_takes_no_job_from_a_live_worker(server: Cluster) -> None:
    limits = Limits(backoff_s=0.01, poll_s=0.02, beat_s=0.5, takeover_s=3)
    url = server.database("jobs")
    first, second, kept = Desk(), Desk(), []
    together = threading.Barrier(3)

    def answers(job: Job) -> None:
        if job.delivery.startswith("long"):
            together.wait(60)
            together.wait(60)

    first.answers = second.answers = answers
    with queue(url, first, limits, concurrency=1) as one, queue(url, second, limits, concurrency=1) as two:
        one.put(review("long1", 1))
        two.put(review("long2", 2))
        together.wait(60)  # each of the two workers runs one
        server.stop(signal.SIGQUIT)
        server.start()
        for number in range(3, 100):
            kept.append(f"d{number}")
            (one, two)[number % 2].put(review(f"d{number}", number))
        together.wait(60)
        until(lambda: is_over(one))
        assert set(fates(one)) == {"long1", "long2", *kept}
        assert set(fates(one).values()) == {"done"}
    assert sorted(first.began + second.began) == sorted(["long1", "long2", *kept])


def test_after_a_long_absence_of_the_database_live_workers_keep_their_jobs(server: Cluster) -> None:
    limits = Limits(backoff_s=0.01, poll_s=0.02, beat_s=0.2, takeover_s=1)
    url = server.database("jobs")
    held = threading.Event()
    first, second = Desk(lambda _: None if held.wait(60) else pytest.fail("never told to go on")), Desk()
    (database,) = databases(url, 1)
    with queue(url, first, limits) as one:
        one.put(review("long"))
        until(lambda: first.began == ["long"])
        with queue(url, second, limits):
            server.stop()
            with pytest.raises(QueueError):  # takes longer than a lease does
                one.put(review("refused"))
            server.start()

            def renewed_since() -> bool:
                with database.transaction() as tx:
                    return len(tx.rows("SELECT 1 FROM clops_workers WHERE until > CLOCK")) == 2

            until(renewed_since)
            held.set()
            until(lambda: is_over(one))
    database.close()
    assert (first.ended, second.began) == (["long"], [])


def test_a_user_without_the_right_to_make_tables_can_use_those_that_are_there(server: Cluster) -> None:
    import psycopg

    url = server.database(name := f"jobs_{uuid.uuid4().hex}")
    with queue(url, Desk(), work=False) as made:
        made.put(review("d1"))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE ROLE humble LOGIN; GRANT SELECT, INSERT, UPDATE, DELETE ON clops_jobs, clops_workers TO humble")
    with queue(f"postgresql://humble@127.0.0.1:{server.port}/{name}", Desk()) as made:
        made.put(review("d2", 2))
        until(lambda: is_over(made))
        assert set(fates(made).values()) == {"done"}
