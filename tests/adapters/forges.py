"""A forge over a real git repository: what it answers is git's own, and what was asked of it is remembered."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from clops_app.adapters.git_process import Git, entries, objects
from clops_app.model.draft import Draft, Posted
from clops_app.model.pull import PullRequest
from clops_app.ports import Entry
from tests.adapters.repositories import ENVIRONMENT, git


@dataclass
class GitForge:
    """Answers PullRequests for one pull request from `base` to `head`; `archives` replaces what git would pack."""

    top: Path
    base: str
    head: str
    archives: dict[str, bytes] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)
    there: Posted = field(default_factory=Posted)
    said: list[Draft] = field(default_factory=list)

    @property
    def pull(self) -> PullRequest:
        return PullRequest(
            "acme/infra", 7, "https://github.com/acme/infra/pull/7", "open", "ana", "main", self.base, "feature", self.head, "acme/infra"
        )

    def _git(self) -> Git:
        return Git(str(self.top), ENVIRONMENT)

    def read(self, number: int) -> PullRequest:
        assert number == 7
        return self.pull

    def with_head(self, commit: str) -> int | None:
        return 7 if commit == self.head else None

    def merge_base(self, pull: PullRequest) -> str:
        return git(self.top, "merge-base", pull.base_sha, pull.head_sha)

    def diff(self, pull: PullRequest) -> str:
        return self._git().run("diff", f"{pull.base_sha}...{pull.head_sha}").decode()

    def archive(self, commit: str, into: BinaryIO) -> None:
        packed = self._git().run("archive", "--format=tar.gz", f"--prefix=acme-infra-{commit[:7]}/", commit)
        into.write(self.archives.get(commit, packed))

    def listing(self, commit: str) -> tuple[Entry, ...]:
        return tuple(entries(self._git(), commit))

    def blob(self, name: str) -> bytes:
        self.fetched.append(name)
        return dict(objects(self._git(), [name]))[name]

    def posted(self, pull: PullRequest) -> Posted:
        assert pull.number == 7
        return self.there

    def publish(self, pull: PullRequest, draft: Draft) -> tuple[str, ...]:
        assert draft.head_sha == pull.head_sha
        self.said.append(draft)
        return ()

    def packed(self, commit: str) -> BytesIO:
        """The archive of a commit, to be read."""
        into = BytesIO()
        self.archive(commit, into)
        into.seek(0)
        return into
