"""The true server and a strict GitHub: what it signs and sends arrives, an App is registered through its pages, and what failed comes again."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

pytest.importorskip("fastapi", reason="NOT PROVEN: the server needs the extra `app`")
pytest.importorskip("openapi_schema_validator", reason="NOT PROVEN: the strict GitHub needs the extra `github-test`")

from clops_app.adapters.github.app import GitHubApp
from clops_app.entrypoints.server.chores import KEPT, redeliver_failed
from clops_app.entrypoints.server.credentials import Credentials
from clops_app.entrypoints.server.github import registered
from tests.entrypoints.server.stage import TOKEN, listening, staged
from tests.github import scene
from tests.github.server import running
from tests.github.world import World, lines, worlds

GIVEN = Credentials(7, "no key is needed to listen", "s3cret", "clops")
PATH = "/webhooks/github"


def jobs_of(stage: object) -> list[tuple[str, int | None]]:
    return [(job.kind, job.number) for job in stage.queue.jobs]  # type: ignore[attr-defined]


def hub_of(world: World) -> GitHubApp:
    return GitHubApp(world.app.id, world.app.private_key, api_url=world.hub.api)


def test_what_github_signs_is_taken_and_becomes_jobs(tmp_path: Path) -> None:
    stage = staged(tmp_path, given=GIVEN)
    with listening(stage.app) as address, worlds(hook_url=f"{address}{PATH}") as world:
        world.hub.outbox.settle()
        scene.comment(world.hub, world.repository, 1, "/clops fix all", by="ana")
        scene.comment(world.hub, world.repository, 1, "looks good", by="max")
        world.client().post("/repos/acme/infra/issues/1/comments", json={"body": "/clops fix all"})
        world.push({"main.tf": lines(6)})
        run = world.client().post("/repos/acme/infra/check-runs", json={"name": "clops", "head_sha": world.pull.head}).json()
        world.hub.outbox.settle()
        scene.request_check(world.hub, world.repository, world.repository.runs[run["id"]])
        scene.request_check(world.hub, world.repository, world.repository.runs[run["id"]], action="fix_all")
        world.hub.outbox.settle()
        assert {one.status_code for one in world.hub.deliveries} == {202}
    assert sorted(jobs_of(stage)) == sorted([("review", 1)] * 3 + [("command", 1)] * 2)


def test_a_check_of_a_fork_is_a_job_by_its_commit(tmp_path: Path) -> None:
    stage = staged(tmp_path, given=GIVEN)
    with listening(stage.app) as address, worlds(hook_url=f"{address}{PATH}") as world:
        fork = scene.fork(world.hub, world.repository, "eve")
        head = scene.push(world.hub, fork, "theirs", {"main.tf": lines(9)}, by="eve")
        scene.open_pull(world.hub, world.repository, "theirs", head_repository=fork, by="eve")
        run = world.client().post("/repos/acme/infra/check-runs", json={"name": "clops", "head_sha": head}).json()
        world.hub.outbox.settle()
        stage.queue.jobs.clear()
        scene.request_check(world.hub, world.repository, world.repository.runs[run["id"]])
        world.hub.outbox.settle()
    (job,) = stage.queue.jobs
    assert (job.number, job.head_sha) == (None, head)


def test_deliveries_shuffled_and_doubled_are_each_kept_once(tmp_path: Path) -> None:
    stage = staged(tmp_path, given=GIVEN)
    with listening(stage.app) as address, worlds(hook_url=f"{address}{PATH}") as world:
        world.hub.outbox.settle()
        stage.queue.jobs.clear()
        world.hub.outbox.hold()
        for number in range(20):
            scene.comment(world.hub, world.repository, 1, f"/clops why {number}", by="ana")
        released = world.hub.outbox.release(seed=1, duplicates=0.5)
        world.hub.outbox.settle()
    assert len(released) > 20
    assert sorted(job.delivery for job in stage.queue.jobs) == sorted({one.guid for one in released})


def test_what_could_not_be_kept_is_asked_for_again_and_done_once(tmp_path: Path) -> None:
    stage = staged(tmp_path, given=GIVEN)
    with listening(stage.app) as address, worlds(hook_url=f"{address}{PATH}") as world:
        world.hub.outbox.settle()
        stage.queue.jobs.clear()
        stage.queue.down = True
        scene.comment(world.hub, world.repository, 1, "/clops why", by="ana")
        world.hub.outbox.settle()
        assert world.hub.deliveries[-1].status_code == 503
        stage.queue.down = False
        assert redeliver_failed(hub_of(world), datetime.now(UTC)) == 1
        world.hub.outbox.settle()
        assert redeliver_failed(hub_of(world), datetime.now(UTC)) == 0
    assert jobs_of(stage) == [("command", 1)]


def test_what_failed_more_than_three_days_ago_is_let_go(tmp_path: Path) -> None:
    stage = staged(tmp_path, given=GIVEN)
    with listening(stage.app) as address, worlds(hook_url=f"{address}{PATH}") as world:
        world.hub.outbox.settle()
        stage.queue.down = True
        scene.comment(world.hub, world.repository, 1, "/clops why", by="ana")
        world.hub.outbox.settle()
        assert world.hub.deliveries[-1].status_code == 503
        assert redeliver_failed(hub_of(world), datetime.now(UTC) + KEPT + timedelta(minutes=1)) == 0


def test_what_asks_for_nothing_is_not_asked_for_again(tmp_path: Path) -> None:
    stage = staged(tmp_path, given=Credentials(7, "", "another secret", "clops"))
    with listening(stage.app) as address, worlds(hook_url=f"{address}{PATH}") as world:
        world.hub.outbox.settle()
        failed = [one.event for one in world.hub.deliveries]
        assert "installation" in failed
        assert redeliver_failed(hub_of(world), datetime.now(UTC)) == len([event for event in failed if event != "installation"])


def test_an_app_is_registered_through_githubs_own_pages_and_its_first_event_is_believed(tmp_path: Path) -> None:
    with running() as hub:
        stage = staged(tmp_path, given=None, web_url=hub.web, public_url=None, registrar=lambda code: registered(code, hub.api))
        with listening(stage.app) as address, httpx.Client(base_url=address, trust_env=False) as browser:
            form = {"token": TOKEN, "owner": "organization", "organization": "acme", "name": "ClOps 1a2b", "public_url": address}
            text = browser.post("/setup", data={**form, "may_commit": "1"}).text
            target = re.search(r'action="([^"]+)"', text)
            value = re.search(r'name="manifest" value="([^"]+)"', text)
            assert target
            assert value
            sent = browser.post(html.unescape(target[1]), data={"manifest": html.unescape(value[1])})
            assert sent.status_code == 302
            back = browser.get(sent.headers["location"])
            assert (back.status_code, "The App is registered" in back.text) == (200, True)
            (app,) = hub.apps.values()
            assert (app.slug, app.permissions["contents"], app.hook_url) == ("clops-1a2b", "write", f"{address}{PATH}")
            known = stage.credentials.now()
            assert known is not None
            assert (known.app_id, known.private_key, known.login) == (app.id, app.private_key, "clops-1a2b[bot]")
            assert not any(secret in text + back.text for secret in (app.private_key, str(app.hook_secret)))
            repository = scene.add_repository(hub, "acme/infra", {"main.tf": lines()}, roles={"ana": "write"})
            scene.install(hub, app, "acme")
            scene.push(hub, repository, "feature", {"main.tf": lines(5)})
            scene.open_pull(hub, repository, "feature")
            hub.outbox.settle()
            assert {one.status_code for one in hub.deliveries} == {202}
    assert jobs_of(stage) == [("review", 1)]
