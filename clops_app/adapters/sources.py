"""Both sides of a pull request are brought here whole, at once, and gone when the thinking is over."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory

from clops_app.model.pull import PullRequest
from clops_app.ports import Entry, PullRequests


@dataclass(frozen=True, slots=True)
class Side:
    """One commit: where its archive lies, and what git says it holds."""

    commit: str
    archive: str
    listed: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Sources:
    """`diff` is git's, from the base to the head. `settings` are the files at the tip of the base branch that may hold some."""

    head: Side
    base: Side
    diff: str
    settings: tuple[Entry, ...]
    folder: str


@contextmanager
def sources_of(pull: PullRequest, requests: PullRequests, settings: Collection[str]) -> Iterator[Sources]:
    """Fetch, and delete at the end. `settings` are paths. Raises ForgeError.

    Where a change begins is its author's choice, so what counts of the settings is what the base branch says today.
    """
    base = requests.merge_base(pull)
    with TemporaryDirectory(prefix="clops-") as folder, ThreadPoolExecutor(max_workers=5) as pool:
        diff = pool.submit(requests.diff, pull)
        listings = {commit: pool.submit(requests.listing, commit) for commit in {pull.head_sha, base, pull.base_sha}}
        archives = {commit: pool.submit(_archive, requests, commit, folder) for commit in (pull.head_sha, base)}
        head, before = (Side(commit, archives[commit].result(), listings[commit].result()) for commit in (pull.head_sha, base))
        yield Sources(head, before, diff.result(), named(listings[pull.base_sha].result(), settings), folder)


def named(listing: Iterable[Entry], paths: Iterable[str]) -> tuple[Entry, ...]:
    """The entries at these paths."""
    wanted = {path.encode() for path in paths}
    return tuple(entry for entry in listing if entry.path in wanted)


def _archive(requests: PullRequests, commit: str, folder: str) -> str:
    path = os.path.join(folder, f"{commit}.tar.gz")
    with open(path, "xb") as file:
        requests.archive(commit, file)
    return path
