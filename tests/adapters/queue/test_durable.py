"""What was put is done: once, one at a time for each subject, in order, or is given up and told."""

from __future__ import annotations

import itertools
import logging
import threading
import time

import pytest

from clops_app.adapters.queue import table
from clops_app.adapters.queue.database import databases
from clops_app.adapters.queue.work import Limits
from clops_app.model.job import Job
from clops_app.ports import NotAllowed, NotThere, QueueError, ThinkingFailed, TryLater
from tests.adapters.queue.scene import Desk, command, fates, is_over, queue, review, until


def test_a_job_is_run_as_it_was_put(url: str) -> None:
    seen: list[Job] = []
    with queue(url, Desk(seen.append)) as made:
        assert made.put(command("d1", text="/clops fix ✓ \x00 \ud800")) is True
        until(lambda: is_over(made))
        assert (seen, fates(made)) == ([command("d1", text="/clops fix ✓ \x00 \ud800")], {"d1": "done"})


def test_a_redelivery_is_not_done_twice(url: str) -> None:
    desk = Desk()
    with queue(url, desk) as made:
        assert [made.put(review("d1")), made.put(review("d1"))] == [True, False]
        until(lambda: is_over(made))
        assert made.put(review("d1")) is False
        made.put(review("d2"))
        until(lambda: is_over(made))
    assert desk.began == ["d1", "d2"]


def test_a_redelivery_of_what_failed_is_done_again(url: str) -> None:
    broken = True

    def answers(job: Job) -> None:
        if broken:
            raise ThinkingFailed("too long")

    desk = Desk(answers)
    with queue(url, desk) as made:
        made.put(review("d1"))
        until(lambda: is_over(made))
        assert (fates(made), len(desk.given_up)) == ({"d1": "failed"}, 1)
        broken = False
        assert made.put(review("d1")) is True
        until(lambda: is_over(made))
        assert (fates(made), desk.ended) == ({"d1": "done"}, ["d1"])


def test_what_is_put_at_once_by_many_is_all_kept(url: str) -> None:
    results: list[bool] = []
    with queue(url, Desk(), work=False) as made:

        def putting(thread: int) -> None:
            results.extend(made.put(review(f"d{number}", number=thread)) for number in range(thread * 10, thread * 10 + 20))

        threads = [threading.Thread(target=putting, args=(thread,)) for thread in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (made.stats().waiting, results.count(True), results.count(False)) == (110, 110, 90)


def test_of_what_is_written_together_a_delivery_that_comes_twice_is_new_once(url: str) -> None:
    (database,) = databases(url, 1)
    assert table.put(database, [review("d1"), command("d2"), review("d1")]) == [True, True, False]
    assert table.put(database, [command("d3"), command("d2")]) == [True, False]
    assert [one.delivery for one in table.recent(database, 9)] == ["d3", "d2", "d1"]
    database.close()


def test_a_process_that_does_not_work_only_keeps(url: str) -> None:
    desk = Desk()
    with queue(url, desk, work=False) as web:
        web.put(review("d1"))
        assert fates(web) == {"d1": "waiting"}
        with queue(url, Desk()) as worker:
            until(lambda: is_over(worker))
        assert (fates(web), desk.began) == ({"d1": "done"}, [])


def test_different_subjects_run_side_by_side_and_one_subject_never(url: str) -> None:
    together = threading.Barrier(2)
    running: list[str] = []
    overlaps: list[str] = []

    def answers(job: Job) -> None:
        overlaps.extend(subject for subject in running if subject == job.subject)
        running.append(job.subject)
        together.wait(60)  # is passed only when two run at once
        running.remove(job.subject)

    with queue(url, Desk(answers), concurrency=4) as made:
        for number in (1, 2):
            for turn in range(4):
                made.put(command(f"d{number}{turn}", number))
        until(lambda: is_over(made))
        assert (overlaps, set(fates(made).values())) == ([], {"done"})


def test_the_case_of_a_repositorys_name_makes_no_other_subject(url: str) -> None:
    assert Job("a", "review", 1, "Octo/GAME", 1).subject == review("b").subject


def test_of_waiting_reviews_of_one_pull_request_only_the_newest_is_run(url: str) -> None:
    desk = Desk()
    with queue(url, Desk(), work=False) as web:
        for delivery in ("d1", "d2", "d3"):
            web.put(review(delivery))
        web.put(review("other", number=2))
        with queue(url, desk) as worker:
            until(lambda: is_over(worker))
            assert fates(worker) == {"d1": "superseded", "d2": "superseded", "d3": "done", "other": "done"}
    assert sorted(desk.began) == ["d3", "other"]


def test_a_running_review_is_not_superseded_and_the_next_one_follows(url: str) -> None:
    go_on = threading.Event()
    desk = Desk(lambda job: None if job.delivery != "d1" else assert_(go_on.wait(60)))
    with queue(url, desk) as made:
        made.put(review("d1"))
        until(lambda: desk.began == ["d1"])
        made.put(review("d2"))
        made.put(review("d3"))
        go_on.set()
        until(lambda: is_over(made))
        assert (fates(made), desk.ended) == ({"d1": "done", "d2": "superseded", "d3": "done"}, ["d1", "d3"])


def test_a_review_that_waits_to_be_tried_again_gives_way_to_a_newer_one(url: str) -> None:
    def answers(job: Job) -> None:
        if job.delivery == "d1":
            raise TryLater("limit", 1000)

    with queue(url, Desk(answers)) as made:
        made.put(review("d1"))
        until(lambda: fates(made) == {"d1": "waiting"} and made.recent()[0].begun_at is not None)
        made.put(review("d2"))
        until(lambda: is_over(made))
        assert fates(made) == {"d1": "superseded", "d2": "done"}


def test_commands_are_never_dropped_and_keep_their_order_even_when_one_is_put_off(url: str) -> None:
    desk = Desk()

    def answers(job: Job) -> None:
        if job.delivery == "c0" and desk.began.count("c0") < 3:
            raise TryLater("limit", 0.05)

    desk.answers = answers
    with queue(url, desk, concurrency=4) as made:
        for number in range(5):
            made.put(command(f"c{number}"))
        until(lambda: is_over(made))
        assert (desk.ended, set(fates(made).values())) == (["c0", "c1", "c2", "c3", "c4"], {"done"})


def test_a_job_put_off_waits_as_long_as_told_and_that_is_no_failure(url: str) -> None:
    times: list[float] = []

    def answers(job: Job) -> None:
        times.append(time.time())
        if len(times) <= 5:
            raise TryLater("limit", 0.2)

    desk = Desk(answers)
    with queue(url, desk) as made:
        made.put(review("d1"))
        until(lambda: is_over(made))
        assert (made.recent()[0].state, made.recent()[0].attempts, desk.given_up) == ("done", 1, [])
    assert min(later - earlier for earlier, later in itertools.pairwise(times)) >= 0.2


def test_a_job_put_off_for_more_than_an_hour_in_all_is_given_up(url: str) -> None:
    def answers(job: Job) -> None:
        raise TryLater("limit", 4000 if job.delivery == "at once" else 0.4)

    desk = Desk(answers)
    with queue(url, desk, Limits(backoff_s=0.01, poll_s=0.02, beat_s=0.1, patience_s=1)) as made:
        made.put(review("at once", 1))
        made.put(review("bit by bit", 2))
        until(lambda: is_over(made))
        assert set(fates(made).values()) == {"failed"}
    assert (desk.began.count("at once"), desk.began.count("bit by bit"), len(desk.given_up)) == (1, 3, 2)


@pytest.mark.parametrize("why", [NotThere("gone"), NotAllowed("no permission")])
def test_what_is_not_there_or_not_allowed_is_done(url: str, why: Exception) -> None:
    desk = Desk(lambda _: raise_(why))
    with queue(url, desk) as made:
        made.put(review("d1"))
        until(lambda: is_over(made))
        assert (fates(made), desk.began, desk.given_up) == ({"d1": "done"}, ["d1"], [])


@pytest.mark.parametrize("error", [ThinkingFailed("memory"), ZeroDivisionError(), SystemExit(1), KeyboardInterrupt()], ids=repr)
def test_what_fails_is_tried_three_times_then_given_up_and_the_others_go_on(url: str, error: BaseException) -> None:
    desk = Desk(lambda job: raise_(error) if job.delivery == "bad" else None)
    with queue(url, desk, concurrency=1) as made:
        made.put(command("bad"))
        made.put(command("next"))
        made.put(command("other", number=2))
        until(lambda: is_over(made))
        row = next(row for row in made.recent() if row.delivery == "bad")
        assert (row.state, row.attempts, desk.given_up) == ("failed", 3, [("bad", row.log_id)])
        assert (desk.began.count("bad"), fates(made)) == (3, {"bad": "failed", "next": "done", "other": "done"})


def test_a_failure_in_telling_of_a_failure_changes_nothing(url: str) -> None:
    desk = Desk(lambda job: raise_(ThinkingFailed("fault") if job.delivery == "bad" else NotThere("")))
    desk.told = TryLater("GitHub is ill")
    with queue(url, desk) as made:
        made.put(command("bad"))
        made.put(command("next"))
        until(lambda: is_over(made))
        assert fates(made) == {"bad": "failed", "next": "done"}


def test_a_job_knows_its_log_id_and_that_it_is_its_workers(url: str) -> None:
    told: list[tuple[str, bool]] = []
    with queue(url, desk := Desk()) as made:
        desk.answers = lambda _: told.append((made.log_id(), made.still_mine()))
        made.put(review("d1"))
        until(lambda: is_over(made))
        assert told == [(made.recent()[0].log_id, True)]


def test_a_job_of_another_version_that_cannot_be_read_fails_alone(url: str) -> None:
    desk = Desk()
    with queue(url, Desk(), work=False) as web:
        web.put(command("d1"))
        web.put(command("d2"))
        (database,) = databases(url, 1)
        with database.transaction(alone=True) as tx:
            tx.count("""UPDATE clops_jobs SET job = '{"said": null, "mood": "new"}' WHERE delivery = 'd1'""")
        database.close()
        with queue(url, desk) as worker:
            until(lambda: is_over(worker))
            worker.ping()
            assert (fates(worker), desk.began) == ({"d1": "failed", "d2": "done"}, ["d2"])


def test_closing_waits_for_what_runs(url: str) -> None:
    go_on = threading.Event()
    desk = Desk(lambda _: assert_(go_on.wait(60)))
    with queue(url, desk) as made:
        made.put(review("d1"))
        until(lambda: desk.began == ["d1"])
        threading.Timer(0.1, go_on.set).start()
        made.close(60)
        with pytest.raises(QueueError, match="closed"):
            made.put(review("d2"))
    with queue(url, Desk(), work=False) as later:
        assert (fates(later), desk.ended) == ({"d1": "done"}, ["d1"])


def test_closing_hands_back_what_does_not_end_and_others_begin_it_at_once(url: str) -> None:
    go_on, mine = threading.Event(), []

    def answers(job: Job) -> None:
        go_on.wait(60)
        mine.append(first.still_mine())

    desk, second_desk = Desk(answers), Desk()
    with queue(url, desk) as first:
        first.put(review("d1"))
        until(lambda: desk.began == ["d1"])
        first.close(0.05)
        with queue(url, second_desk) as second:
            until(lambda: is_over(second))
            go_on.set()
            until(lambda: desk.ended == ["d1"])
            row = second.recent()[0]
            assert (row.state, row.attempts, second_desk.ended, mine) == ("done", 1, ["d1"], [False])


def test_the_numbers_tell_what_waits_runs_failed_and_was_done(url: str) -> None:
    go_on = threading.Event()
    desk = Desk(
        lambda job: {"bad": lambda: raise_(ThinkingFailed("")), "long": lambda: assert_(go_on.wait(60))}.get(job.delivery, lambda: None)()
    )
    with queue(url, desk, concurrency=1) as made:
        empty = made.stats()
        made.put(command("good", 1))
        made.put(command("bad", 2))
        until(lambda: is_over(made))
        made.put(command("long", 3))
        until(lambda: "long" in desk.began)
        made.put(command("next", 3))
        found = made.stats()
        go_on.set()
    assert (empty.waiting, empty.running, empty.failed, empty.done_last_hour, empty.oldest_waiting_s) == (0, 0, 0, 0, None)
    assert (found.waiting, found.running, found.failed, found.done_last_hour) == (1, 1, 1, 1)
    assert found.oldest_waiting_s is not None
    assert 0 <= found.oldest_waiting_s < 60


def test_what_ended_long_ago_is_forgotten_and_what_waits_is_not(url: str) -> None:
    def answers(job: Job) -> None:
        if job.delivery == "waits":
            raise TryLater("limit", 1000)

    with queue(url, Desk(answers)) as made:
        made.put(review("old", 1))
        made.put(review("young", 2))
        made.put(review("waits", 3))
        until(lambda: sorted(fates(made).values()) == ["done", "done", "waiting"])
    (database,) = databases(url, 1)
    with database.transaction(alone=True) as tx:
        tx.count("UPDATE clops_jobs SET put_at = put_at - 8 * 86400, ended_at = ended_at - 8 * 86400 WHERE delivery IN ('old', 'waits')")
    database.close()
    with queue(url, Desk()) as made:
        until(lambda: "old" not in fates(made))
        assert set(fates(made)) == {"young", "waits"}


def test_nothing_that_a_stranger_wrote_gets_into_the_log_or_the_list(url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with queue(url, Desk(lambda _: raise_(ValueError("hunter2")))) as made:
        made.put(command("d1", text="hunter2"))
        until(lambda: is_over(made))
        listed = repr(made.recent())
    logged = [record for record in caplog.records if record.name == "clops.queue"]
    assert {vars(record)["error"] for record in logged if "error" in vars(record)} == {"ValueError"}
    assert "hunter2" not in listed + "".join(map(repr, map(vars, logged)))


def assert_(holds: object) -> None:
    assert holds


def raise_(error: BaseException) -> None:
    raise error
