"""A GitHub in a process of its own: its commits and payloads are made before the load, then heads move by the plan.

The pushes are true commits in bare git repositories, and each payload is made, and checked against GitHub's schema, by the stand-in's
own events. During the load a push only moves the head that the API tells of.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from clops_app.entrypoints.priority import yield_to_others
from tests.bench.load.plan import Plan
from tests.github import dispatch, events, scene
from tests.github.contracts import Operation
from tests.github.hub import Hub
from tests.github.server import running
from tests.github.state import Pull, Repository

SECRET = "s3cret"
_PULLS_EACH = 5  # pull requests of a repository; each repository is another organisation's, whose installation has its own limits
_READY_S = 1_200


@dataclass(frozen=True, slots=True)
class Order:
    """Files of the base, and what each head of each pull request changes. `checked`: the share of answers held to the contract."""

    base: Mapping[str, str]
    heads: tuple[tuple[Mapping[str, str], ...], ...]
    checked: float = 1.0


@dataclass(frozen=True, slots=True)
class Stage:
    """What the others need. `bodies[pull][head]` is the payload of coming to that head; the first opens the pull request."""

    api: str
    app_id: int
    private_key: str = field(repr=False)
    names: tuple[tuple[str, int, int], ...]  # repository, number, installation of each pull request
    shas: tuple[tuple[str, ...], ...]
    bodies: tuple[tuple[bytes, ...], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """What people see of a pull request: bodies of the App's comments that are neither minimised nor resolved."""

    head: str
    summaries: tuple[str, ...]
    inline: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """At the end. `counts` are requests by method, `refused` answers by status."""

    pulls: tuple[Shown, ...]
    complaints: tuple[str, ...]
    counts: Counter[str]
    refused: Counter[int]


class Forge:
    """The other process, spoken to from here."""

    def __init__(self, pipe: Connection, process: Any) -> None:
        self._pipe = pipe
        self._process = process

    def prepare(self, order: Order) -> Stage:
        stage: Stage = self._ask("prepare", order)
        return stage

    def begin(self, plan: Plan, start: float) -> None:
        """Move heads by the plan from `start` on, in seconds of the monotonic clock, which all processes share."""
        self._ask("begin", plan, start)

    def seen(self) -> Seen:
        seen: Seen = self._ask("seen")
        return seen

    def trace(self) -> list[tuple[float, float, str, str]]:
        """Each request since the last time: when it was taken and answered, its method and path."""
        requests: list[tuple[float, float, str, str]] = self._ask("trace")
        return requests

    def _ask(self, *question: Any) -> Any:
        self._pipe.send(question)
        if not self._pipe.poll(_READY_S):
            raise TimeoutError(f"the stand-in did not answer {question[0]}")
        return self._pipe.recv()


@contextmanager
def forges() -> Iterator[Forge]:
    """A GitHub until the block ends."""
    spawning = multiprocessing.get_context("spawn")
    here, there = spawning.Pipe()
    process = spawning.Process(target=_serve, args=(there,), daemon=True)
    process.start()
    try:
        yield Forge(here, process)
    finally:
        here.close()
        process.join(5)
        process.kill()


def _serve(pipe: Connection) -> None:
    os.setsid()  # a session of its own: niceness inside ours would count against the sender alone (sched(7), autogroup)
    yield_to_others(10)  # it would be another machine
    with tempfile.TemporaryDirectory(prefix="clops-bench-") as folder, running(folder=Path(folder), strict=False) as hub:
        hub.limits.off()
        made = _Made(hub)
        answers: dict[str, Callable[..., Any]] = {
            "prepare": made.prepare, "begin": made.begin, "seen": made.seen, "trace": made.traced,
        }  # fmt: skip
        while True:
            try:
                name, *arguments = pipe.recv()
            except EOFError:
                return
            pipe.send(answers[name](*arguments))


class _Made:
    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.pulls: list[tuple[Repository, Pull]] = []
        self.shas: list[list[str]] = []
        self.trace: list[tuple[float, float, str, str]] = []

    def prepare(self, order: Order) -> Stage:
        hub, app = self.hub, scene.add_app(self.hub, "clops", hook_url="http://127.0.0.1:9/", hook_secret=SECRET)
        hub.outbox.hold()
        names, bodies = [], []
        repository, installation = None, None
        for number, contents in enumerate(order.heads):
            if number % _PULLS_EACH == 0:
                repository = scene.add_repository(hub, f"studio{number // _PULLS_EACH}/infra", order.base)
                installation = scene.install(hub, app, repository.owner.login)
            assert repository
            assert installation
            pull, shas, told = self._pull(repository, f"change{number}", contents)
            names.append((repository.full_name, pull.number, installation.id))
            bodies.append(told)
            self.pulls.append((repository, pull))
            self.shas.append(shas)
        hub.outbox.held.clear()
        hub.deliveries.clear()
        hub.outbox.holding = False
        app.hook_url = None
        _watch(self.trace, order.checked)
        return Stage(hub.api, app.id, app.private_key, tuple(names), tuple(map(tuple, self.shas)), tuple(bodies))

    def _pull(
        self, repository: Repository, branch: str, contents: Sequence[Mapping[str, str]]
    ) -> tuple[Pull, list[str], tuple[bytes, ...]]:
        hub, ana = self.hub, self.hub.account("ana")
        first = len(hub.outbox.held)
        shas = [scene.push(hub, repository, branch, contents[0])]
        pull = scene.open_pull(hub, repository, branch)
        for content in contents[1:]:
            who, when = ("ana", "ana@users.noreply.github.test"), hub.clock.epoch()
            before, sha = pull.head, repository.git.commit_files(branch, content, "Change", parents=(pull.head,), who=who, when=when)
            pull.head = sha
            shas.append(sha)
            events.pull(hub, repository, pull, "synchronize", ana, before=before, after=sha)
        pull.head = shas[0]
        told = [one.body for one in hub.outbox.held[first:] if one.event == "pull_request"]
        del hub.outbox.held[first:]
        return pull, shas, tuple(told)

    def begin(self, plan: Plan, start: float) -> None:
        threading.Thread(target=self._move, args=(plan, start), daemon=True).start()

    def _move(self, plan: Plan, start: float) -> None:
        for one in plan.pushes:
            time.sleep(max(0.0, start + one.at - time.monotonic()))
            self.push(one.pull, one.head)

    def push(self, pull: int, head: int) -> None:
        with self.hub.lock:
            self.pulls[pull][1].head = self.shas[pull][head]
            self.pulls[pull][1].updated_at = self.hub.clock.now()

    def traced(self) -> list[tuple[float, float, str, str]]:
        found = self.trace[:]
        del self.trace[: len(found)]
        return found

    def seen(self) -> Seen:
        hub = self.hub
        with hub.lock:
            shown = tuple(_shown(repository, pull) for repository, pull in self.pulls)
            counts = Counter(method for method, _, _ in hub.requests)
            refused = Counter(status for _, _, status in hub.requests if status >= 400)
            return Seen(shown, tuple(hub.complaints), counts, refused)


def _shown(repository: Repository, pull: Pull) -> Shown:
    ours = "clops[bot]"
    talk = (one for one in repository.issue_comments.values() if one.number == pull.number)
    summaries = tuple(one.body for one in talk if one.user.login == ours and one.minimized is None)
    inline = (one for one in pull.comments.values() if one.user.login == ours and one.reply_to is None)
    return Shown(pull.head, summaries, tuple(one.body for one in inline if one.minimized is None and one.resolved_by is None))


def _watch(trace: list[tuple[float, float, str, str]], checked: float) -> None:
    """Time each request, and hold only a share of them to the contract, which is most of the stand-in's work."""
    whole, check = dispatch.dispatch, dispatch._check
    dice = random.Random(0)

    def timed(hub: Hub, request: Any, body: bytes, in_flight: int) -> Any:
        began = time.monotonic()
        try:
            return whole(hub, request, body, in_flight)
        finally:
            trace.append((began, time.monotonic(), request.method, request.url.path))

    def sampled(hub: Hub, version: str, operation: Operation, status: int, body: Any) -> None:
        if dice.random() < checked:
            check(hub, version, operation, status, body)

    dispatch.dispatch, dispatch._check = timed, sampled
