"""A pull request as it is now, what a review of it comes to in a few words, and a change that mends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import ClassVar, Literal

from clops_app.language import Language
from clops_app.model.review import Verdict


@dataclass(frozen=True, slots=True)
class PullRequest:
    """`repository` ("acme/infra") is the one it is for; `head_repository` the one it comes from, None when that is gone.

    `url` is its page; commits are 40 hex digits, branches without `refs/heads/`.
    """

    repository: str
    number: int
    url: str
    state: Literal["open", "closed"]
    author: str
    base_branch: str
    base_sha: str
    head_branch: str
    head_sha: str
    head_repository: str | None

    @property
    def from_fork(self) -> bool:
        return self.head_repository != self.repository


@dataclass(frozen=True, slots=True)
class Digest:
    """A review in a few words. `new` counts findings by severity; money is US dollars a month, `before` None without a base.

    `language` is the team's, in which `title` is written already.
    """

    verdict: Verdict
    title: str
    new: Mapping[str, int]
    before: Decimal | None
    after: Decimal
    failed: bool
    language: Language

    @property
    def delta(self) -> Decimal | None:
        return None if self.before is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class Mending:
    """A change of files, proven as a whole: `files` by path as they shall be.

    `made` and `not_made` are sentences for people, `recorded` is what was made as the history keeps it, in English.
    """

    __pydantic_config__: ClassVar = MappingProxyType({"ser_json_bytes": "base64", "val_json_bytes": "base64"})
    files: Mapping[str, bytes]
    made: tuple[str, ...]
    not_made: tuple[str, ...]
    diff: str
    recorded: tuple[str, ...]
