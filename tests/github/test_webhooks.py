"""Webhooks (README of the contracts, B.5): signed, schema-true, sent once, sent again on request, in any order and number."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

pytest.importorskip("openapi_schema_validator", reason="NOT PROVEN: the strict GitHub needs the extra `github-test`")

from githubkit.webhooks import verify

from tests.github import scene
from tests.github.webhooks import sign
from tests.github.world import PATH, World, lines, worlds


class Receiver:
    """A hook that remembers; `status` and `seconds` are how it answers."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status, self.seconds, self.url = 202, 0.0, ""

    def events(self) -> list[tuple[str, str | None]]:
        return [(head["x-github-event"], json.loads(body).get("action")) for head, body in self.got]

    def of(self, event: str, action: str | None) -> list[dict[str, Any]]:
        return [json.loads(body) for head, body in self.got if (head["x-github-event"], json.loads(body).get("action")) == (event, action)]


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            time.sleep(receiver.seconds)
            self.send_response(receiver.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def hooked(permissions: dict[str, str] | None = None, **options: Any) -> Iterator[tuple[World, Receiver]]:
    with receiving() as receiver, worlds(permissions, hook_url=receiver.url, **options) as world:
        world.hub.outbox.settle()
        yield world, receiver


def test_a_signature_is_the_documented_one() -> None:
    expected = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert sign("It's a Secret to Everybody", b"Hello, World!") == expected


def test_a_delivery_has_the_official_headers_and_the_true_client_verifies_it() -> None:
    with hooked() as (_, receiver):
        head, body = receiver.got[-1]
        named = ("x-github-delivery", "x-github-event", "x-github-hook-id", "x-github-hook-installation-target-id", "x-hub-signature-256")
        assert all(head.get(name) for name in named)
        assert head["user-agent"].startswith("GitHub-Hookshot/")
        assert verify("s3cret", body, head["x-hub-signature-256"])


def test_installing_and_opening_are_announced() -> None:
    with hooked() as (world, receiver):
        assert {("installation", "created"), ("check_suite", "requested"), ("pull_request", "opened")} == set(receiver.events())
        (opened,) = receiver.of("pull_request", "opened")
        assert (opened["number"], opened["installation"]["id"], opened["pull_request"]["head"]["sha"]) == (
            1,
            world.installation.id,
            world.pull.head,
        )


def test_every_occurrence_is_announced_as_the_official_schema_says() -> None:
    with hooked({"metadata": "read", "contents": "write", "pull_requests": "write", "checks": "write", "issues": "write"}) as (
        world,
        receiver,
    ):
        world.app.events += ["push", "pull_request_review", "pull_request_review_thread", "check_suite"]
        client = world.client()
        said = client.post(f"{PATH}/issues/1/comments", json={"body": "a"}).json()
        client.patch(f"{PATH}/issues/comments/{said['id']}", json={"body": "b"})
        client.delete(f"{PATH}/issues/comments/{said['id']}")
        entry = {"path": "main.tf", "line": 5, "side": "RIGHT", "body": "x"}
        made = client.post(f"{PATH}/pulls/1/reviews", json={"event": "REQUEST_CHANGES", "body": "s", "comments": [entry]}).json()
        line = max(world.pull.comments)
        client.patch(f"{PATH}/pulls/comments/{line}", json={"body": "y"})
        client.put(f"{PATH}/pulls/1/reviews/{made['id']}", json={"body": "t"})
        client.put(f"{PATH}/pulls/1/reviews/{made['id']}/dismissals", json={"message": "m"})
        for name in ("resolveReviewThread", "unresolveReviewThread"):
            query = f'mutation{{{name}(input:{{threadId:"PRRT_{line}"}}){{thread{{isResolved}}}}}}'
            assert "errors" not in client.post("/graphql", json={"query": query}).json()
        client.delete(f"{PATH}/pulls/comments/{line}")
        run = client.post(f"{PATH}/check-runs", json={"name": "clops", "head_sha": world.pull.head}).json()
        client.patch(f"{PATH}/check-runs/{run['id']}", json={"conclusion": "success"})
        client.post(f"{PATH}/check-runs/{run['id']}/rerequest")
        scene.request_check(world.hub, world.repository, world.repository.runs[run["id"]], action="fix")
        client.post(f"{PATH}/issues/1/labels", json={"labels": ["aws"]})
        client.delete(f"{PATH}/issues/1/labels/aws")
        world.push({"main.tf": lines(6)})
        scene.set_draft(world.hub, world.repository, world.pull, True)
        scene.set_draft(world.hub, world.repository, world.pull, False)
        scene.set_state(world.hub, world.repository, world.pull, "closed")
        scene.set_state(world.hub, world.repository, world.pull, "open")
        other = scene.add_repository(world.hub, "acme/other", {"a.tf": "a\n"})
        scene.choose_repositories(world.hub, world.installation, (world.repository,))
        scene.choose_repositories(world.hub, world.installation, (world.repository, other))
        for action in ("suspend", "unsuspend", "new_permissions_accepted", "deleted"):
            scene.change_installation(world.hub, world.installation, action)
        from tests.github.events import ping

        ping(world.hub, world.app)
        world.hub.outbox.settle()
        expected = {
            *[("issue_comment", action) for action in ("created", "edited", "deleted")],
            *[("pull_request_review", action) for action in ("submitted", "edited", "dismissed")],
            *[("pull_request_review_comment", action) for action in ("created", "edited", "deleted")],
            *[("pull_request_review_thread", action) for action in ("resolved", "unresolved")],
            *[("check_run", action) for action in ("created", "completed", "rerequested", "requested_action")],
            *[("check_suite", action) for action in ("requested", "completed")],
            *[("pull_request", action) for action in ("opened", "synchronize", "labeled", "unlabeled", "converted_to_draft")],
            *[("pull_request", action) for action in ("ready_for_review", "closed", "reopened")],
            *[("installation", action) for action in ("created", "suspend", "unsuspend", "new_permissions_accepted", "deleted")],
            *[("installation_repositories", action) for action in ("added", "removed")],
            ("push", None),
            ("ping", None),
        }
        assert set(receiver.events()) == expected


def test_a_push_tells_the_heads_before_and_after() -> None:
    with hooked() as (world, receiver):
        before = world.pull.head
        after = world.push({"main.tf": lines(6)})
        world.hub.outbox.settle()
        (told,) = receiver.of("pull_request", "synchronize")
        assert (told["before"], told["after"]) == (before, after)


def test_a_failed_delivery_is_listed_and_not_retried() -> None:
    with hooked() as (world, receiver):
        receiver.status = 500
        count = len(receiver.got)
        scene.comment(world.hub, world.repository, 1, "/clops review", by="ana")
        world.hub.outbox.settle()
        failed = _app(world).get("/app/hook/deliveries", params={"status": "failure"}).json()
        assert (len(receiver.got) - count, [(one["event"], one["status_code"]) for one in failed]) == (1, [("issue_comment", 500)])


def _app(world: World) -> Any:
    import jwt

    now = int(time.time())
    return world.client(jwt.encode({"iat": now - 60, "exp": now + 500, "iss": str(world.app.id)}, world.app.private_key, algorithm="RS256"))


def test_a_redelivery_has_the_same_guid_and_another_id() -> None:
    with hooked() as (world, receiver):
        (old, *_) = _app(world).get("/app/hook/deliveries").json()
        assert _app(world).post(f"/app/hook/deliveries/{old['id']}/attempts").status_code == 202
        world.hub.outbox.settle()
        (new, *_) = _app(world).get("/app/hook/deliveries").json()
        assert (new["guid"], new["redelivery"], new["id"] != old["id"]) == (old["guid"], True, True)
        assert receiver.got[-1][0]["x-github-delivery"] == old["guid"]
        whole = _app(world).get(f"/app/hook/deliveries/{new['id']}").json()
        assert (whole["request"]["headers"]["X-GitHub-Delivery"], whole["response"]["payload"]) == (old["guid"], "")


def test_a_delivery_is_kept_three_days_and_seven_on_a_ghes() -> None:
    for ghes, days in ((False, 3), (True, 7)):
        with hooked(ghes=ghes) as (world, _):
            (old, *_rest) = world.hub.deliveries
            world.hub.clock.advance(days * 86_400 - 60)
            world.hub.outbox.redeliver(old.id)
            world.hub.clock.advance(120)
            with pytest.raises(Exception, match="too old"):
                world.hub.outbox.redeliver(old.id)


def test_an_answer_that_is_late_is_a_failure() -> None:
    with hooked() as (world, receiver):
        assert world.hub.outbox.timeout == 10
        world.hub.outbox.timeout, receiver.seconds = 0.1, 0.5
        scene.comment(world.hub, world.repository, 1, "hello", by="ana")
        world.hub.outbox.settle()
        assert world.hub.deliveries[-1].status == "timed out"


def test_held_deliveries_are_released_in_another_order_and_twice() -> None:
    with hooked() as (world, receiver):
        receiver.got.clear()
        world.hub.outbox.hold()
        for number in range(20):
            scene.comment(world.hub, world.repository, 1, f"{number}", by="ana")
        assert receiver.got == []
        released = world.hub.outbox.release(seed=1, duplicates=0.5)
        world.hub.outbox.settle()
        texts = [json.loads(one.body)["comment"]["body"] for one in released]
        guids = [head["x-github-delivery"] for head, _ in receiver.got]
        assert texts[:20] != sorted(texts[:20], key=int)
        assert (len(set(guids)), len(guids) > 20, len(guids)) == (20, True, len(released))


def test_what_is_larger_than_25_megabytes_is_not_sent() -> None:
    with hooked() as (world, receiver):
        receiver.got.clear()
        world.pull.title = "a" * (26 * 1024 * 1024)
        scene.set_draft(world.hub, world.repository, world.pull, True)
        world.hub.outbox.settle()
        assert receiver.got == []


def test_the_apps_own_words_come_back_to_it_as_a_bots() -> None:
    with hooked() as (world, receiver):
        world.client().post(f"{PATH}/issues/1/comments", json={"body": "a"})
        world.hub.outbox.settle()
        (told,) = receiver.of("issue_comment", "created")
        assert (told["sender"]["type"], told["comment"]["user"]["login"], "pull_request" in told["issue"]) == ("Bot", "clops[bot]", True)


def test_a_comment_on_a_plain_issue_has_no_pull_request() -> None:
    with hooked({"issues": "read", "pull_requests": "write"}) as (world, receiver):
        issue = scene.open_issue(world.hub, world.repository, "Question")
        scene.comment(world.hub, world.repository, issue.number, "/clops review", by="ana")
        world.hub.outbox.settle()
        assert "pull_request" not in receiver.of("issue_comment", "created")[0]["issue"]


def test_checks_of_a_fork_name_no_pull_request_and_the_head_finds_it() -> None:
    with hooked() as (world, receiver):
        fork = scene.fork(world.hub, world.repository, "eve")
        head = scene.push(world.hub, fork, "theirs", {"main.tf": lines(9)}, by="eve")
        scene.open_pull(world.hub, world.repository, "theirs", head_repository=fork, by="eve")
        made = world.client().post(f"{PATH}/check-runs", json={"name": "clops", "head_sha": head}).json()
        world.hub.outbox.settle()
        assert (made["pull_requests"], receiver.of("check_run", "created")[0]["check_run"]["pull_requests"]) == ([], [])
        assert [one["number"] for one in world.client().get(f"{PATH}/commits/{head}/pulls").json()] == [2]


def test_the_run_of_an_own_branch_names_its_pull_request(world: World) -> None:
    made = world.client().post(f"{PATH}/check-runs", json={"name": "clops", "head_sha": world.pull.head}).json()
    assert [one["number"] for one in made["pull_requests"]] == [1]


def test_rerequested_goes_to_the_owner_of_the_run_only() -> None:
    with hooked() as (world, receiver), receiving() as stranger:
        other = scene.add_app(world.hub, "other", hook_url=stranger.url)
        scene.install(world.hub, other, "acme")
        made = world.client().post(f"{PATH}/check-runs", json={"name": "clops", "head_sha": world.pull.head}).json()
        world.client().post(f"{PATH}/check-runs/{made['id']}/rerequest")
        world.hub.outbox.settle()
        assert ("check_run", "rerequested") in receiver.events()
        assert ("check_run", "rerequested") not in stranger.events()
        assert ("check_run", "created") in stranger.events()


def test_a_deleted_fork_leaves_a_pull_request_without_head_repository() -> None:
    with hooked() as (world, _):
        fork = scene.fork(world.hub, world.repository, "eve")
        scene.push(world.hub, fork, "theirs", {"main.tf": lines(9)}, by="eve")
        scene.open_pull(world.hub, world.repository, "theirs", head_repository=fork, by="eve")
        scene.delete_fork(world.hub, fork)
        assert world.client().get(f"{PATH}/pulls/2").json()["head"]["repo"] is None


def test_what_git_itself_pushed_is_noticed() -> None:
    with hooked() as (world, receiver):
        git = world.repository.git
        sha = git.commit_files("feature", {"x.tf": "x\n"}, "by git", parents=[world.pull.head], who=("Ana", "ana@example.com"), when=1)
        scene.notice(world.hub)
        world.hub.outbox.settle()
        assert receiver.of("pull_request", "synchronize")[0]["after"] == sha
