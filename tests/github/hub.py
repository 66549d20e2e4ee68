"""One GitHub: all that is remembered, and what follows from it about diffs, commits and the places of comments."""

from __future__ import annotations

import secrets
import threading
from itertools import count
from pathlib import Path
from typing import Any

from tests.github import placement
from tests.github.contracts import VERSIONS, Contract, rest
from tests.github.faults import Faults
from tests.github.git import FileDiff
from tests.github.limits import Limits, Meter
from tests.github.placement import Anchor
from tests.github.state import (
    Account,
    App,
    Clock,
    Delivery,
    Installation,
    Issue,
    IssueComment,
    Pull,
    Refused,
    Repository,
    Review,
    ReviewComment,
    Token,
    not_found,
)

HOSTS = {"github.com": "api.github.com", "ghes": "ghes-3.19"}


class Hub:
    """The state of one GitHub; `ghes` speaks under /api/v3, only 2022-11-28, without rate limits, with the old errors."""

    def __init__(self, folder: Path, *, ghes: bool = False, old_errors: bool | None = None) -> None:
        self.folder = folder
        self.ghes = ghes
        self.old_errors = ghes if old_errors is None else old_errors
        self.web = "http://127.0.0.1"
        self.lock = threading.RLock()
        self.clock = Clock()
        self.born = self.clock.now()
        self.limits = Limits()
        if ghes:
            self.limits.off()
        self.meter = Meter(self.clock, self.limits)
        self.faults = Faults()
        self.complaints: list[str] = []
        self.requests: list[tuple[str, str, int]] = []
        self.accounts: dict[str, Account] = {}
        self.apps: dict[int, App] = {}
        self.installations: dict[int, Installation] = {}
        self.repositories: dict[int, Repository] = {}
        self.moved: dict[str, int] = {}
        self.tokens: dict[str, Token] = {}
        self.deliveries: list[Delivery] = []
        self.links: dict[str, tuple[Repository, str, str, float, str]] = {}
        self.manifests: dict[str, tuple[App, float]] = {}
        self.merges: dict[tuple[int, int, str, str], str | None] = {}
        self.outbox: Any = None  # the Webhooks that deliver; set by the server
        self.graph: Any = None
        # like the real ones not to be guessed, and never those of another hub: clients cache tokens by them
        self._ids = count(1_000 * (1 + secrets.randbelow(1_000_000)))
        self.versions = VERSIONS[:1] if ghes else VERSIONS

    @property
    def api(self) -> str:
        return f"{self.web}/api/v3" if self.ghes else self.web

    def next_id(self) -> int:
        return next(self._ids)

    def contract(self, version: str) -> Contract:
        return rest(HOSTS["ghes" if self.ghes else "github.com"], version)

    def complain(self, what: str) -> None:
        """Remember a departure from the contract; the test's end fails on any."""
        self.complaints.append(what)

    def account(self, login: str, kind: str = "User") -> Account:
        """The account of this name, made when it is new."""
        if login not in self.accounts:
            self.accounts[login] = Account(self.next_id(), login, kind)
        return self.accounts[login]

    def account_of_email(self, email: str) -> Account | None:
        return self.accounts.get(email.partition("@")[0])

    def repository(self, full_name: str) -> Repository | None:
        return next((one for one in self.repositories.values() if one.full_name.lower() == full_name.lower()), None)

    # What follows about a pull request

    def merge_base(self, repository: Repository, pull: Pull, head: str | None = None) -> str:
        return repository.git.merge_base(pull.base, head or pull.head)

    def files(self, repository: Repository, pull: Pull, head: str | None = None) -> tuple[FileDiff, ...]:
        """The three-dot diff: merge base to head (B.1-3)."""
        return repository.git.diff(self.merge_base(repository, pull, head), head or pull.head)

    def commits(self, repository: Repository, pull: Pull) -> tuple[str, ...]:
        return repository.git.history(pull.base, pull.head)

    def merge_commit(self, repository: Repository, pull: Pull, base: str) -> str | None:
        """The test merge at refs/pull/N/merge; None at a conflict."""
        key = (repository.id, pull.number, base, pull.head)
        if key not in self.merges:
            git, tree, sha = repository.git, repository.git.merge_tree(base, pull.head), None
            if tree is not None:
                who, parents = ("GitHub", "noreply@github.com"), [base, pull.head]
                sha = git.write_commit(tree, parents, f"Merge {pull.head} into {base}", who=who, when=self.clock.epoch())
                git.set_ref(f"refs/pull/{pull.number}/merge", sha)
            self.merges[key] = sha
        return self.merges[key]

    def place_now(self, repository: Repository, pull: Pull, comment: ReviewComment) -> Anchor | None:
        """Where a comment stands in today's diff; None when it is outdated (B.1-18)."""
        anchor = comment.anchor
        patches = {one.path: one.patch for one in self.files(repository, pull)}
        if comment.whole_file:
            return anchor if anchor.path in patches else None
        patch = patches.get(anchor.path)
        if patch is None or anchor.line is None:
            return None
        base = self.merge_base(repository, pull)

        def today(side: str, line: int) -> int | None:
            before, after = (comment.commit, pull.head) if side == "RIGHT" else (comment.base, base)
            return placement.moved(repository.git, anchor.path, before, after, line)

        line = today(anchor.side, anchor.line)
        start = today(anchor.start_side or "RIGHT", anchor.start_line) if anchor.start_line is not None else None
        if line is None or (anchor.start_line is not None and start is None):
            return None
        grown = start is not None and anchor.start_line is not None and line - start != anchor.line - anchor.start_line
        if grown and anchor.side == anchor.start_side:
            return None
        if (anchor.side, line) not in placement.commentable(patch):
            return None
        return Anchor(anchor.path, anchor.side, line, start, anchor.start_side)

    # Finding what a path names

    def pull(self, repository: Repository, number: int) -> Pull:
        found = repository.issues.get(number)
        if not isinstance(found, Pull):
            raise not_found()
        return found

    def issue(self, repository: Repository, number: int) -> Issue:
        if number not in repository.issues:
            raise not_found()
        return repository.issues[number]

    def review_comment(self, repository: Repository, identity: int) -> tuple[Pull, ReviewComment]:
        for pull in repository.pulls():
            if identity in pull.comments:
                return pull, pull.comments[identity]
        raise not_found()

    def review(self, pull: Pull, identity: int) -> Review:
        if identity not in pull.reviews:
            raise not_found()
        return pull.reviews[identity]

    def issue_comment(self, repository: Repository, identity: int) -> IssueComment:
        if identity not in repository.issue_comments:
            raise not_found()
        return repository.issue_comments[identity]

    def commit(self, repository: Repository, revision: str) -> str:
        found = repository.git.resolve(revision.removeprefix("heads/").removeprefix("refs/heads/"))
        if found is None:
            message = f"No commit found for SHA: {revision}"
            raise Refused(422, {"message": message, "documentation_url": "https://docs.github.com/rest/commits/commits", "status": "422"})
        return found
