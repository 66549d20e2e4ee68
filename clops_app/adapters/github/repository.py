"""One repository on GitHub answers everything that is asked of a forge."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from clops_app.adapters.github import commits, objects, pulls, talk
from clops_app.adapters.github.client import GITHUB, Client, FixedToken
from clops_app.adapters.github.pace import Pace
from clops_app.adapters.github.posted import login_of, posted
from clops_app.adapters.github.publish import publish
from clops_app.model.draft import Draft, Posted
from clops_app.model.pull import Mending, PullRequest
from clops_app.ports import Entry, Reaction


class GitHubRepository:
    """A `Forge`. `login` None: whoever the token belongs to.

    `writes_contents` tells an App whether contents: write is granted; nobody knows it of another token, and nobody listens then.
    """

    def __init__(self, client: Client, *, login: str | None = None, writes_contents: Callable[[], bool] | None = None) -> None:
        self._client = client
        self._login = login
        self._writes_contents = writes_contents

    @property
    def login(self) -> str:
        """Whom our words are attributed to, with [bot] behind a bot's name."""
        if self._login is None:
            self._login = login_of(self._client)
        return self._login

    def read(self, number: int) -> PullRequest:
        return pulls.read(self._client, number)

    def with_head(self, commit: str) -> int | None:
        return pulls.with_head(self._client, commit)

    def merge_base(self, pull: PullRequest) -> str:
        return pulls.merge_base(self._client, pull)

    def diff(self, pull: PullRequest) -> str:
        return pulls.diff(self._client, pull)

    def archive(self, commit: str, into: BinaryIO, *, most_bytes: int = pulls.MOST_ARCHIVE_BYTES) -> None:
        pulls.archive(self._client, commit, into, most_bytes=most_bytes)

    def listing(self, commit: str) -> tuple[Entry, ...]:
        return objects.listing(self._client, commit)

    def blob(self, name: str) -> bytes:
        return objects.blob(self._client, name)

    def posted(self, pull: PullRequest) -> Posted:
        with self._client.connected():
            granted = self._writes_contents and self._writes_contents()
            return posted(
                self._client, pull, self.login, may_resolve=granted is not False, may_commit=granted is True and not pull.from_fork
            )

    def publish(self, pull: PullRequest, draft: Draft) -> tuple[str, ...]:
        with self._client.connected():
            return publish(self._client, pull, draft, self.login)

    def may_write(self, login: str) -> bool:
        return talk.may_write(self._client, login)

    def react(self, comment: int, content: Reaction) -> None:
        talk.react(self._client, comment, content)

    def reply(self, pull: PullRequest, to: int, body: str) -> None:
        talk.reply(self._client, pull, to, body, self.login)

    def committed(self, pull: PullRequest, comment: int) -> str | None:
        return commits.committed(self._client, pull, comment, self.login)

    def commit(self, pull: PullRequest, mending: Mending, message: str) -> str:
        with self._client.connected():
            return commits.commit(self._client, pull, mending, message)

    def propose(self, pull: PullRequest, mending: Mending, title: str, body: str) -> str:
        with self._client.connected():
            return commits.propose(self._client, pull, mending, title, body)


def with_token(
    token: str,
    repository: str,
    *,
    api_url: str = GITHUB,
    graphql_url: str | None = None,
    login: str | None = None,
    pace: Pace | None = None,
) -> GitHubRepository:
    """A repository seen with one token: a GITHUB_TOKEN or a person's own."""
    return GitHubRepository(Client(FixedToken(token), repository, api_url=api_url, graphql_url=graphql_url, pace=pace), login=login)
