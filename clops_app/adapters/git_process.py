"""Git answers questions about a repository, and nothing that the repository says is run by it."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from clops_app.ports import Entry

SUBMODULE = "160000"
_NOTHING = "000000"
_SECONDS = 120

# Git may start a program of the repository's choice: a file system monitor, a hook, a filter, a transport. We only call
# commands that know no filter or textconv, and turn the rest off. `safe.directory=*`: a checkout that belongs to another
# user (every container) is readable because nothing in it is run.
_SAFE = (
    "--no-pager", "--no-optional-locks", "--no-replace-objects",
    "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false", "-c", "safe.directory=*",
)  # fmt: skip
_SAFE_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",  # git 2.45 and later; the next line does it for those before
    "GIT_ALLOW_PROTOCOL": "none",
    "LC_ALL": "C",
}


class GitError(Exception):
    """Git ended with an error; the message is what it said."""


@dataclass(frozen=True, slots=True)
class Git:
    """Git for the repository whose working tree is at `top`. `environment` gives PATH and HOME, nothing else is used."""

    top: str
    environment: Mapping[str, str]

    def run(self, *arguments: str, stdin: bytes = b"", accepted: tuple[int, ...] = (0,)) -> bytes:
        """Raises GitError."""
        # Inherited GIT_DIR, GIT_INDEX_FILE and their like (set inside a hook) would lead to another repository.
        environment = {name: self.environment[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in self.environment}
        program = shutil.which("git", path=environment.get("PATH"))
        if program is None:
            raise GitError("git is not installed")
        try:
            done = subprocess.run(
                (program, "-C", self.top, *_SAFE, *arguments),
                input=stdin, capture_output=True, env=environment | _SAFE_ENVIRONMENT, timeout=_SECONDS, check=False,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            raise GitError(f"git could not be run: {type(error).__name__}") from error
        if done.returncode not in accepted:
            raise GitError(done.stderr.decode("utf-8", "replace").strip() or f"git {arguments[0]} ended with {done.returncode}")
        return done.stdout

    def line(self, *arguments: str) -> str | None:
        """The answer without its newline; None when git has no answer."""
        try:
            return self.run(*arguments).decode("utf-8", "replace").strip() or None
        except GitError:
            return None


def blob_name(content: bytes, like: str) -> str:
    """What git calls this content, where it calls another object `like`: by SHA-1, or by SHA-256."""
    text = b"blob %d\0%s" % (len(content), content)
    return hashlib.sha256(text).hexdigest() if len(like) == 64 else hashlib.sha1(text, usedforsecurity=False).hexdigest()


def entries(git: Git, commit: str, absent: Set[bytes] = frozenset()) -> tuple[Entry, ...]:
    """Every file, link and submodule of a commit, but for those at the paths `absent`. Raises GitError."""
    listing = git.run("ls-tree", "-r", "-z", "--full-tree", commit)
    found = []
    for record in listing.split(b"\0")[:-1]:
        about, _, path = record.partition(b"\t")
        mode, _kind, name = about.decode("ascii").split()
        if path not in absent:
            found.append(Entry(mode, name, None, path))
    return sized(git, found)


def skipped(git: Git) -> frozenset[bytes]:
    """The paths that a sparse checkout leaves out. Raises GitError."""
    return frozenset(line[2:] for line in git.run("ls-files", "-t", "-z").split(b"\0") if line.startswith(b"S "))


def altered(git: Git, command: tuple[str, ...], absent: Set[bytes]) -> dict[bytes, Entry | None]:
    """By path, what the first of two sides has where they differ, None where that is nothing; but for what is `absent`.

    `command` is git-diff-tree or git-diff-index, neither of which reads settings or runs programs for what is asked here.
    Raises GitError.
    """
    records = git.run(*command, "-r", "-z", "--raw", "--no-renames", "--no-abbrev", "--ignore-submodules=none").split(b"\0")
    modes_and_names = {path: about[1:].decode("ascii").split() for about, path in zip(records[::2], records[1::2], strict=False)}
    found = {path: Entry(about[0], about[2], None, path) for path, about in modes_and_names.items() if path not in absent}
    there = sized(git, [entry for entry in found.values() if entry.mode != _NOTHING])
    return dict.fromkeys(found) | {entry.path: entry for entry in there}


def sized(git: Git, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """With the size of each file and link of which it is missing and that git has. Raises GitError."""
    missing = dict.fromkeys(entry.object for entry in entries if entry.size is None and entry.mode != SUBMODULE)
    if not missing:
        return tuple(entries)
    listing = git.run("cat-file", "--batch-check", stdin="\n".join(missing).encode("ascii") + b"\n").decode("ascii")
    sizes = {line[0]: int(line[2]) for line in map(str.split, listing.splitlines()) if len(line) == 3}  # otherwise "… missing"
    return tuple(replace(entry, size=sizes.get(entry.object)) if entry.size is None else entry for entry in entries)


def objects(git: Git, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The content of each object that git has, in the order asked for. Raises GitError."""
    wanted = list(names)
    if not wanted:
        return
    output = git.run("cat-file", "--batch", stdin="\n".join(wanted).encode("ascii") + b"\n")
    at = 0
    for name in wanted:
        end = output.index(b"\n", at)
        about = output[at:end].split(b" ")
        at = end + 1
        if len(about) == 3:  # otherwise "… missing"
            size = int(about[2])
            yield name, output[at : at + size]
            at += size + 1
