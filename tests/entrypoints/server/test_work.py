"""What a process does besides answering: jobs, told and counted, and the hourly look for what was missed."""

from __future__ import annotations

import threading
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="NOT PROVEN: the server needs the extra `app`")

from clops_app.entrypoints.server import work
from clops_app.entrypoints.server.chores import Hourly
from clops_app.entrypoints.server.credentials import CredentialStore
from clops_app.entrypoints.server.github import RegisteredApp
from clops_app.entrypoints.server.metrics import Metrics
from clops_app.entrypoints.server.work import Work
from clops_app.model.job import Job
from clops_app.model.pull import Digest, PullRequest
from clops_app.ports import AnnounceError, NotThere, TryLater
from clops_app.usecases.handle_job import Handled
from clops_app.usecases.review_pull_request import Outcome, State
from tests.entrypoints.server.stage import FakeQueue

JOB = Job("d-1", "review", 77, "acme/infra", 4)
PULL = PullRequest("acme/infra", 4, "https://github.com/acme/infra/pull/4", "open", "ana", "main", "b" * 40, "f", "a" * 40, "acme/infra")
DIGEST = Digest("pass", "Holds", {}, None, Decimal(1), failed=False, language="en")


class Nowhere:
    def repository(self, installation: int, full_name: str) -> Any:
        raise NotThere(f"{installation} {full_name}")


class Team:
    """Remembers what it was told; `deaf` cannot be told anything."""

    def __init__(self, *, deaf: bool = False) -> None:
        self.heard: list[str] = []
        self.deaf = deaf

    def announce(self, pull: PullRequest, digest: Digest, comment: int | None = None) -> None:  # noqa: ARG002 - the form of Announcer
        if self.deaf:
            raise AnnounceError("The note was not delivered.")
        self.heard.append(f"{pull.repository}#{pull.number} {digest.title}")


def working(*teams: Team, forges: Any = None) -> tuple[Work, Metrics]:
    metrics = Metrics(FakeQueue().stats)
    return Work(forges or Nowhere(), None, teams, metrics, lambda: "log-1"), metrics  # type: ignore[arg-type]


def test_a_job_that_fails_is_counted_and_left_to_the_queue() -> None:
    doing, metrics = working()
    with pytest.raises(NotThere):
        doing.handle(JOB)
    assert b'clops_jobs_total{outcome="NotThere",what="review"} 1.0' in metrics.text()


@pytest.mark.parametrize(("state", "told"), [("published", 1), ("unchanged", 0), ("overtaken", 0), ("closed", 0)])
def test_a_team_is_told_of_a_review_that_was_published(monkeypatch: pytest.MonkeyPatch, state: State, told: int) -> None:
    monkeypatch.setattr(work, "handle_job", lambda *_: Handled("review", state, Outcome(state, PULL, DIGEST)))
    team = Team()
    doing, metrics = working(team)
    doing.handle(JOB)
    assert team.heard == ["acme/infra#4 Holds"] * told
    assert f'clops_jobs_total{{outcome="{state}",what="review"}} 1.0'.encode() in metrics.text()


def test_a_team_that_cannot_be_told_fails_no_review_and_keeps_no_other_from_hearing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "handle_job", lambda *_: Handled("review", "published", Outcome("published", PULL, DIGEST)))
    team = Team()
    doing, _ = working(Team(deaf=True), team)
    doing.handle(JOB)
    assert len(team.heard) == 1


def test_before_an_app_is_registered_a_job_is_put_off(tmp_path: Path) -> None:
    doing, _ = working(forges=RegisteredApp(CredentialStore(tmp_path), "https://api.github.com"))
    with pytest.raises(TryLater):
        doing.handle(JOB)


def test_a_chore_that_fails_is_done_again_and_ends_when_it_is_stopped() -> None:
    done, thrice = [0], threading.Event()

    def chore() -> None:
        done[0] += 1
        if done[0] == 3:
            thrice.set()
        raise NotThere("GET /app/hook/deliveries: 404.")

    hourly = Hourly(chore, seconds=0.001)
    hourly.start()
    assert thrice.wait(20)
    hourly.stop()
