"""Thinking about a pull request, here or in a process apart that has neither secrets, nor time, nor memory without end."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import IO

from clops_app.adapters.archive import Fetch, read_archive
from clops_app.adapters.git_tree import files_of, listing_of
from clops_app.adapters.sources import Side, Sources, sources_of
from clops_app.adapters.wire import Json, load, plain
from clops_app.model.draft import Draft, Posted
from clops_app.model.pull import Digest, Mending, PullRequest
from clops_app.model.source import SourceTree
from clops_app.ports import Checkout, Entry, GatherError, PullRequests, ThinkingFailed, Thought
from clops_app.usecases.question import Progress
from clops_app.usecases.think_of_pull import Listening, PullThought, Told, Writing, alone, templates, think_of_pull

MAX_MESSAGE = 64 * 1024**2  # bytes; a draft has some 100 KB, the fixes of a large change as much as its files


@dataclass(frozen=True, slots=True)
class Limits:
    """What one pull request may take: wall-clock seconds for each answer, and mebibytes of address space."""

    seconds: float = 60
    memory_mib: int = 1024


def read_side(side: Side, fetch: Fetch) -> Checkout:
    """The tree of one side. Raises GatherError."""
    with open(side.archive, "rb") as file:
        return read_archive(file, side.listed, side.commit, fetch)


def read_settings(there: Sequence[Entry], pull: PullRequest, base: Checkout, fetch: Fetch) -> SourceTree:
    """The files that may hold settings, as they are at the tip of the base branch; all of the base where that is the same commit."""
    if pull.base_sha == base.commit:
        return base.tree

    def read(names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        return ((name, fetch(name)) for name in names)

    return files_of(read, listing_of(there, read, pull.base_sha))


@dataclass(frozen=True, slots=True)
class ThinksHere:
    """In this very process: for a machine that is ours alone and is thrown away after."""

    told: Told
    progress: Progress = lambda _: None
    listening: Listening = alone
    writing: Writing = templates

    @contextmanager
    def think(self, pull: PullRequest, requests: PullRequests) -> Iterator[PullThought]:
        self.progress("Fetching the code")
        with sources_of(pull, requests, self.told.places) as sources:
            try:
                head, base = (read_side(side, requests.blob) for side in (sources.head, sources.base))
            except GatherError as error:
                raise ThinkingFailed(str(error)) from error
            settings = read_settings(sources.settings, pull, base, requests.blob)
            yield think_of_pull(pull, head, base, sources.diff, self.told, self.progress, self.listening, self.writing, settings=settings)


@dataclass(frozen=True, slots=True)
class ThinksApart:
    """In a process of its own for each pull request. `command` starts it; `told` says what there is to know at that moment."""

    command: Sequence[str]
    told: Callable[[], Told]
    limits: Limits = Limits()

    @contextmanager
    def think(self, pull: PullRequest, requests: PullRequests) -> Iterator[Thought]:
        told = self.told()
        # The process first: it starts up while the sources are on their way.
        with self._process() as process, sources_of(pull, requests, told.places) as sources:
            apart = _Apart(process, requests, self.limits)
            yield _Answers(apart, load(Digest, apart.ask(_case(pull, sources, told))))

    @contextmanager
    def _process(self) -> Iterator[subprocess.Popen[bytes]]:
        process = subprocess.Popen(
            (*self.command, str(self.limits.memory_mib), str(int(self.limits.seconds) + 1)),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            cwd="/", env={"LC_ALL": "C.UTF-8"}, start_new_session=True, close_fds=True,
        )  # fmt: skip
        try:
            yield process
        finally:
            _kill(process)
            process.communicate()


def _case(pull: PullRequest, sources: Sources, told: Told) -> Json:
    sides = {"head": plain(sources.head), "base": plain(sources.base), "settings": [plain(entry) for entry in sources.settings]}
    return {"pull": plain(pull), **sides, "diff": sources.diff, "told": plain(told)}


@dataclass(frozen=True, slots=True)
class _Apart:
    """One question at a time, each with its own time."""

    process: subprocess.Popen[bytes]
    requests: PullRequests
    limits: Limits

    def ask(self, question: Json) -> Json:
        overdue = threading.Event()

        def stop() -> None:
            overdue.set()
            _kill(self.process)

        timer = threading.Timer(self.limits.seconds, stop)
        timer.start()
        try:
            return self._answer(question)
        except ThinkingFailed as error:
            raise (ThinkingFailed(f"it took longer than {self.limits.seconds:g} seconds") if overdue.is_set() else error) from None
        finally:
            timer.cancel()

    def _answer(self, question: Json) -> Json:
        self._send(question)
        while True:
            answer = self._receive()
            match answer:
                case {"fetch": str(name)}:
                    self._send(base64.b64encode(self.requests.blob(name)).decode("ascii"))
                case {"answer": said}:
                    return said
                case {"failed": str(why)}:
                    raise ThinkingFailed(f"it took more than {self.limits.memory_mib} MiB of memory" if why == "MemoryError" else why)
                case _:
                    raise ThinkingFailed("it ended without an answer")

    def _send(self, message: Json) -> None:
        try:
            send(_pipe(self.process.stdin), message)
        except OSError:
            raise ThinkingFailed("it ended before it was asked") from None

    def _receive(self) -> Json:
        try:
            return receive(_pipe(self.process.stdout))
        except (OSError, ValueError):
            raise ThinkingFailed("it ended in the middle of an answer") from None


@dataclass(frozen=True, slots=True)
class _Answers:
    """The Thought port, asked of another process."""

    apart: _Apart
    digest: Digest

    def draft(self, posted: Posted) -> Draft:
        return load(Draft, self.apart.ask({"draft": plain(posted)}))

    def mending(self, rule: str | None) -> Mending:
        return load(Mending, self.apart.ask({"mending": rule}))

    def ignoring(self, rule: str, reason: str, until: date | None) -> Mending:
        return load(Mending, self.apart.ask({"ignoring": [rule, reason, until.isoformat() if until else None]}))

    def why(self) -> str:
        return load(str, self.apart.ask({"why": None}))


def send(pipe: IO[bytes], message: Json) -> None:
    """One message is one line of JSON."""
    pipe.write(json.dumps(message).encode("ascii") + b"\n")
    pipe.flush()


def receive(pipe: IO[bytes]) -> Json:
    """The next message; None at the end. Raises ValueError when it is too long, or cut."""
    line = pipe.readline(MAX_MESSAGE + 1)
    if len(line) > MAX_MESSAGE:
        raise ValueError("a message is too long")
    message: Json = json.loads(line) if line else None
    return message


def _pipe(end: IO[bytes] | None) -> IO[bytes]:
    if end is None:
        raise OSError("there is no pipe")
    return end


def _kill(process: subprocess.Popen[bytes]) -> None:
    """The process and whatever it started; it leads a session of its own."""
    if process.poll() is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


def answer_of(thought: PullThought, question: Mapping[str, Json]) -> Json:
    """What the process apart answers to a question of `_Answers`."""
    match question:
        case {"draft": posted}:
            return plain(thought.draft(load(Posted, posted)))
        case {"mending": None | str() as rule}:
            return plain(thought.mending(rule))
        case {"ignoring": [str(rule), str(reason), until]}:
            return plain(thought.ignoring(rule, reason, date.fromisoformat(until) if isinstance(until, str) else None))
        case _:
            return thought.why()
