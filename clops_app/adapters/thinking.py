"""Thinking about a pull request, here or in a process apart that has neither secrets, nor time, nor memory without end."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import IO, get_args

from clops_app.adapters.archive import Fetch, read_archive
from clops_app.adapters.dictation import Scribe
from clops_app.adapters.git_tree import files_of, listing_of
from clops_app.adapters.sources import Side, Sources, named, sources_of
from clops_app.adapters.wire import Json, load, plain
from clops_app.language import Language
from clops_app.model.draft import Draft, Posted
from clops_app.model.pull import Digest, Mending, PullRequest
from clops_app.model.source import SourceTree
from clops_app.ports import Assistant, Checkout, Entry, GatherError, NotAllowed, NotThere, PullRequests, ThinkingFailed, Thought, TooLarge
from clops_app.usecases.ask_for_patches import Proposing, as_it_is
from clops_app.usecases.question import Progress
from clops_app.usecases.think_of_pull import (
    Listening,
    PullThought,
    Told,
    Writing,
    alone,
    settings_that_count,
    templates,
    think_of_pull,
)

_LANGUAGES: tuple[Language, ...] = get_args(Language)
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
    return base.tree if pull.base_sha == base.commit else _tree_of(there, pull.base_sha, fetch)


def _tree_of(there: Sequence[Entry], commit: str, fetch: Fetch) -> SourceTree:
    def read(names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        return ((name, fetch(name)) for name in names)

    return files_of(read, listing_of(there, read, commit))


def language_of(there: Sequence[Entry], commit: str, told: Told, fetch: Fetch) -> Language:
    """The language of the settings at a commit, whose files that may hold some are `there`; English where they are wrong."""
    return settings_that_count(_tree_of(there, commit, fetch), told)[1].language


def _settings_at(commit: str, requests: PullRequests, told: Told) -> tuple[Entry, ...]:
    """The files at a commit that may hold settings; none where we may not look. Raises ForgeError."""
    try:
        return named(requests.listing(commit), told.places)
    except (NotAllowed, NotThere, TooLarge):
        return ()


@dataclass(frozen=True, slots=True)
class ThinksHere:
    """In this very process: for a machine that is ours alone and is thrown away after."""

    told: Told
    progress: Progress = lambda _: None
    listening: Listening = alone
    writing: Writing = templates
    proposing: Proposing = as_it_is

    @contextmanager
    def think(self, pull: PullRequest, requests: PullRequests, *, silent: bool = False) -> Iterator[PullThought]:
        self.progress("Fetching the code")
        with sources_of(pull, requests, self.told.places) as sources:
            try:
                head, base = (read_side(side, requests.blob) for side in (sources.head, sources.base))
            except GatherError as error:
                raise ThinkingFailed(str(error)) from error
            settings = read_settings(sources.settings, pull, base, requests.blob)
            writing, proposing = (templates, as_it_is) if silent else (self.writing, self.proposing)
            yield think_of_pull(
                pull, head, base, sources.diff, self.told, self.progress, self.listening, writing, proposing, settings=settings
            )

    def language(self, pull: PullRequest, requests: PullRequests) -> Language:
        there = _settings_at(pull.base_sha, requests, self.told)
        return language_of(there, pull.base_sha, self.told, requests.blob)


@dataclass(frozen=True, slots=True)
class ThinksApart:
    """In a process of its own for each pull request. `command` starts it; `told` says what there is to know at that moment.

    `writer` says who may be asked for patches and for the words of a review; it is asked by us, on top of what the process may take.
    """

    command: Sequence[str]
    told: Callable[[], Told]
    limits: Limits = Limits()
    writer: Callable[[PullRequest], Assistant | None] = lambda _: None

    @contextmanager
    def think(self, pull: PullRequest, requests: PullRequests, *, silent: bool = False) -> Iterator[Thought]:
        told = self.told()
        # The process first: it starts up while the sources are on their way.
        with self._process() as process, sources_of(pull, requests, told.places) as sources:
            writer = None if silent else self.writer(pull)
            apart = _Apart(process, requests, self.limits, None if writer is None else Scribe(writer))
            case = {**_case(pull, sources, told), "writer": None if writer is None else writer.name}
            yield _Answers(apart, load(Digest, apart.ask(case)))

    def language(self, pull: PullRequest, requests: PullRequests) -> Language:
        told = self.told()
        there = _settings_at(pull.base_sha, requests, told)
        if not there:
            return told.language or "en"
        try:
            with self._process() as process:
                asked = {"settings": [plain(entry) for entry in there], "commit": pull.base_sha, "told": plain(told)}
                said = _Apart(process, requests, self.limits).ask(asked)
        except ThinkingFailed:
            return "en"
        return next((language for language in _LANGUAGES if language == said), "en")

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


def _case(pull: PullRequest, sources: Sources, told: Told) -> dict[str, Json]:
    sides = {"head": plain(sources.head), "base": plain(sources.base), "settings": [plain(entry) for entry in sources.settings]}
    return {"pull": plain(pull), **sides, "diff": sources.diff, "told": plain(told)}


@dataclass(frozen=True, slots=True)
class _Apart:
    """One question at a time, each with its own time."""

    process: subprocess.Popen[bytes]
    requests: PullRequests
    limits: Limits
    scribe: Scribe | None = None

    def ask(self, question: Json) -> Json:
        patience = _Patience(self.process, self.limits.seconds)
        try:
            return self._answer(question, patience)
        except ThinkingFailed as error:
            raise (ThinkingFailed(f"it took longer than {self.limits.seconds:g} seconds") if patience.over else error) from None

    def _answer(self, question: Json, patience: _Patience) -> Json:
        while True:
            with patience.running():
                answer = self._exchanged(question)
            match answer:
                case {"words": _} if self.scribe is not None:
                    question = self.scribe.answer(answer)
                case {"answer": said}:
                    return said
                case {"failed": str(why)}:
                    raise ThinkingFailed(f"it took more than {self.limits.memory_mib} MiB of memory" if why == "MemoryError" else why)
                case _:
                    raise ThinkingFailed("it ended without an answer")

    def _exchanged(self, question: Json) -> Json:
        """What is said to a question besides asking for code."""
        self._send(question)
        while True:
            match self._receive():
                case {"fetch": str(name)}:
                    self._send(base64.b64encode(self.requests.blob(name)).decode("ascii"))
                case said:
                    return said

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


@dataclass(slots=True)
class _Patience:
    """Ends a process that takes longer than the seconds that are left; while others are waited for they stay as they are."""

    process: subprocess.Popen[bytes]
    left: float
    over: bool = False

    @contextmanager
    def running(self) -> Iterator[None]:
        def stop() -> None:
            self.over = True
            _kill(self.process)

        timer, began = threading.Timer(self.left, stop), time.monotonic()
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            self.left = max(0.0, self.left - (time.monotonic() - began))


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
