"""Real bare repositories, driven by git's plumbing; everything a pull request shows is git's own answer."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

# GitHub shows no patch of a file beyond these (docs: repository limits, "Limits for viewing content and diffs").
PATCH_LINES, PATCH_BYTES = 20_000, 500_000
STATUS = {"A": "added", "D": "removed", "M": "modified", "R": "renamed", "C": "copied", "T": "changed"}
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
Content = str | bytes | None


class GitRefused(Exception):
    """git answered with an error."""


@dataclass(frozen=True, slots=True)
class FileDiff:
    """One changed file; `patch` is None for binary files, pure renames and what is too large."""

    path: str
    previous: str | None
    status: str
    blob: str
    additions: int
    deletions: int
    patch: str | None


@dataclass(frozen=True, slots=True)
class Commit:
    sha: str
    tree: str
    parents: tuple[str, ...]
    author: str
    author_email: str
    author_time: int
    committer: str
    committer_email: str
    committer_time: int
    message: str


@dataclass(frozen=True, slots=True)
class TreeEntry:
    mode: str
    type: str
    sha: str
    size: int | None
    path: str


@dataclass(frozen=True)
class Git:
    """A bare repository in a folder."""

    folder: Path

    def run(self, *arguments: str, stdin: bytes | None = None, refused: Sequence[int] = ()) -> bytes:
        done = subprocess.run(
            ["git", "-C", str(self.folder), *arguments], input=stdin, capture_output=True, env=_environment(), check=False
        )
        if done.returncode != 0 and done.returncode not in refused:
            raise GitRefused(f"git {' '.join(arguments[:3])}: {done.stderr.decode(errors='replace').strip()}")
        return done.stdout

    def text(self, *arguments: str) -> str:
        return self.run(*arguments).decode(errors="replace").strip()

    def resolve(self, revision: str) -> str | None:
        """The commit a branch, tag or sha names; None where there is none."""
        for name in (f"refs/heads/{revision}", f"refs/tags/{revision}", revision):
            found = self.run("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", refused=(1, 128)).decode().strip()
            if found:
                return found
        return None

    def refs(self) -> dict[str, str]:
        lines = self.text("for-each-ref", "--format=%(refname) %(objectname)").splitlines()
        return dict(line.rsplit(" ", 1) for line in lines)

    def set_ref(self, ref: str, sha: str) -> None:
        self.run("update-ref", ref, sha)

    def delete_ref(self, ref: str) -> None:
        self.run("update-ref", "-d", ref)

    def fetch(self, other: Path, source: str, target: str) -> None:
        self.run("fetch", "--quiet", "--no-tags", str(other), f"+{source}:{target}")

    def commit_files(
        self, branch: str, files: Mapping[str, Content], message: str, *, parents: Sequence[str], who: tuple[str, str], when: int
    ) -> str:
        """Commit files (None deletes; a str or bytes is the new content) on top of the first parent and move the branch."""
        stream = [f"commit refs/heads/{branch}\n".encode()]
        name = f"{who[0]} <{who[1]}> {when} +0000\n".encode()
        stream += [b"author " + name, b"committer " + name, _data(message.encode())]
        for order, parent in enumerate(parents):
            stream.append(f"{'merge' if order else 'from'} {parent}\n".encode())
        for path, content in files.items():
            if content is None:
                stream.append(f"D {path}\n".encode())
            else:
                stream += [f"M 100644 inline {path}\n".encode(), _data(content.encode() if isinstance(content, str) else content)]
        self.run("fast-import", "--quiet", "--force", "--date-format=raw", stdin=b"".join(stream))
        return self.text("rev-parse", f"refs/heads/{branch}")

    def write_blob(self, content: bytes) -> str:
        return self.run("hash-object", "-w", "--stdin", stdin=content).decode().strip()

    def write_tree(self, base: str | None, entries: Sequence[tuple[str, str, str | None]]) -> str:
        """A tree of (mode, path, blob sha or None to delete) upon the base tree."""
        with _index(self.folder) as index:
            if base:
                self._indexed(index, "read-tree", base)
            lines = [f"{'0' if sha is None else mode} {sha or '0' * 40}\t{path}\n" for mode, path, sha in entries]
            self._indexed(index, "update-index", "--index-info", stdin="".join(lines).encode())
            return self._indexed(index, "write-tree").decode().strip()

    def _indexed(self, index: Path, *arguments: str, stdin: bytes | None = None) -> bytes:
        environment = {**_environment(), "GIT_INDEX_FILE": str(index)}
        done = subprocess.run(["git", "-C", str(self.folder), *arguments], input=stdin, capture_output=True, env=environment, check=False)
        if done.returncode != 0:
            raise GitRefused(done.stderr.decode(errors="replace").strip())
        return done.stdout

    def write_commit(self, tree: str, parents: Sequence[str], message: str, *, who: tuple[str, str], when: int) -> str:
        name = f"{who[0]} <{who[1]}> {when} +0000"
        lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents), f"author {name}", f"committer {name}", "", message]
        return self.run("hash-object", "-t", "commit", "-w", "--stdin", stdin="\n".join(lines).encode()).decode().strip()

    def blob(self, sha: str) -> bytes:
        return self.run("cat-file", "blob", sha)

    def kind(self, sha: str) -> str | None:
        return self.run("cat-file", "-t", sha, refused=(1, 128)).decode().strip() or None

    def entry(self, commit: str, path: str) -> TreeEntry | None:
        found = self.entries(commit, path)
        return found[0] if found and found[0].path == path else None

    def entries(self, treeish: str, path: str = "", *, recursive: bool = False) -> list[TreeEntry]:
        options = ["-r", "-t"] if recursive else []
        lines = self.run("ls-tree", "-z", "-l", *options, treeish, *(["--", path] if path else [])).decode(errors="replace").split("\0")
        return [_entry(line) for line in lines if line]

    def file(self, commit: str, path: str) -> bytes | None:
        """A file's bytes at a commit; None where it is absent."""
        entry = self.entry(commit, path)
        return self.blob(entry.sha) if entry and entry.type == "blob" else None

    def merge_base(self, base: str, head: str) -> str:
        return _merge_base(self, base, head)

    def diff(self, base: str, head: str) -> tuple[FileDiff, ...]:
        """The changes between two commits (or trees), renames found, as GitHub lists them."""
        return _diff(self, base, head)

    def commit(self, sha: str) -> Commit:
        return _commit(self, sha)

    def history(self, since: str | None, until: str) -> tuple[str, ...]:
        """Commits reachable from `until` but not from `since`, oldest first."""
        return _history(self, since, until)

    def merge_tree(self, base: str, head: str) -> str | None:
        """The tree of merging head into base; None at a conflict."""
        return _merge_tree(self, base, head)

    def archive(self, sha: str, prefix: str, form: str) -> bytes:
        return self.run("archive", f"--format={form}", f"--prefix={prefix}/", sha)


def create(folder: Path, default_branch: str) -> Git:
    """A new bare repository."""
    folder.mkdir(parents=True)
    git = Git(folder)
    git.run("init", "--quiet", "--bare", f"--initial-branch={default_branch}")
    return git


@lru_cache(4096)
def _merge_base(git: Git, base: str, head: str) -> str:
    return git.run("merge-base", base, head, refused=(1,)).decode().strip() or EMPTY_TREE


@lru_cache(4096)
def _commit(git: Git, sha: str) -> Commit:
    raw = git.run("cat-file", "commit", sha).decode(errors="replace")
    head, _, message = raw.partition("\n\n")
    fields: dict[str, list[str]] = {}
    for line in head.splitlines():
        name, _, value = line.partition(" ")
        fields.setdefault(name, []).append(value)
    author, author_email, author_time = _person(fields["author"][0])
    committer, committer_email, committer_time = _person(fields["committer"][0])
    return Commit(
        sha,
        fields["tree"][0],
        tuple(fields.get("parent", ())),
        author,
        author_email,
        author_time,
        committer,
        committer_email,
        committer_time,
        message,
    )


@lru_cache(4096)
def _history(git: Git, since: str | None, until: str) -> tuple[str, ...]:
    limits = [f"^{since}"] if since and since != EMPTY_TREE else []
    return tuple(git.text("rev-list", "--reverse", "--topo-order", until, *limits).split())


@lru_cache(1024)
def _merge_tree(git: Git, base: str, head: str) -> str | None:
    answer = subprocess.run(
        ["git", "-C", str(git.folder), "merge-tree", "--write-tree", base, head], capture_output=True, env=_environment(), check=False
    )
    return answer.stdout.decode().split("\n", 1)[0].strip() if answer.returncode == 0 else None


@lru_cache(1024)
def _diff(git: Git, base: str, head: str) -> tuple[FileDiff, ...]:
    options = ("-c", "core.quotepath=false", "diff-tree", "-r", "-M", "--full-index", "--no-color", "--no-ext-diff", "--no-textconv")
    raw = git.run(*options, "--raw", "-z", base, head).decode(errors="replace").split("\0")
    sections = _sections(git.run(*options, "-p", base, head).decode(errors="replace"))
    files: list[FileDiff] = []
    at = 0
    while at < len(raw) and raw[at].startswith(":"):
        *_, blob, status = raw[at].split(" ")
        renamed = status[0] in "RC"
        previous, path = (raw[at + 1], raw[at + 2]) if renamed else (None, raw[at + 1])
        at += 3 if renamed else 2
        body = sections[len(files)]
        lines = body.split("\n") if body else []
        added = sum(line.startswith("+") for line in lines)
        removed = sum(line.startswith("-") for line in lines)
        shown = body if body and len(lines) <= PATCH_LINES and len(body) <= PATCH_BYTES else None
        files.append(FileDiff(path, previous, STATUS[status[0]], blob, added, removed, shown))
    return tuple(files)


def _sections(text: str) -> list[str]:
    """The hunks of each file of a patch, without headers; empty where there are none."""
    sections: list[list[str]] = []
    inside = False
    for line in text.split("\n"):
        if line.startswith("diff --git "):
            sections.append([])
            inside = False
        elif line.startswith("@@ ") or inside:
            inside = True
            sections[-1].append(line)
    if sections and sections[-1] and sections[-1][-1] == "":
        sections[-1].pop()
    return ["\n".join(lines) for lines in sections]


def _entry(line: str) -> TreeEntry:
    facts, path = line.split("\t", 1)
    mode, kind, sha, size = facts.split()
    return TreeEntry(mode, kind, sha, None if size == "-" else int(size), path)


def _person(value: str) -> tuple[str, str, int]:
    name, _, rest = value.partition(" <")
    email, _, when = rest.partition("> ")
    return name, email, int(when.split()[0])


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)


class _index:  # noqa: N801 -- used as a function: `with _index(folder) as path`
    def __init__(self, folder: Path) -> None:
        self.path = folder / f"index.{os.getpid()}.{id(self)}"

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: object) -> None:
        self.path.unlink(missing_ok=True)


def _environment() -> dict[str, str]:
    """Nobody's configuration: the same answers on every machine."""
    return {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}
