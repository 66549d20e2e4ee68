"""The nouns a GitHub remembers: accounts, repositories, pull requests, what was said in them, checks, apps and deliveries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatch
from typing import Any

from tests.github.git import Git
from tests.github.placement import Anchor

ACTIONS_APP_ID = 15368  # the App behind GITHUB_TOKEN on github.com
ROLES = ("none", "read", "triage", "write", "maintain", "admin")


class Clock:
    """The time as GitHub sees it; tests move it forward, nobody waits."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def epoch(self) -> int:
        return int(self.now().timestamp())

    def advance(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)


def stamp(when: datetime) -> str:
    """GitHub's exact format: whole seconds and a Z (githubkit refuses anything else for `expires_at`)."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Account:
    id: int
    login: str
    kind: str = "User"  # User, Organization or Bot


@dataclass
class App:
    id: int
    slug: str
    owner: Account
    bot: Account
    client_id: str
    private_key: str
    public_key: str
    permissions: dict[str, str]
    events: list[str]
    hook_url: str | None
    hook_secret: str | None
    created_at: datetime


@dataclass
class Installation:
    id: int
    app: App
    account: Account
    permissions: dict[str, str]
    repositories: set[int] | None  # None: all of the account's
    created_at: datetime
    suspended_at: datetime | None = None
    removed: bool = False


@dataclass
class Token:
    """A credential; `repositories` None means all that its bearer may see."""

    text: str
    kind: str  # installation, actions or user
    account: Account
    permissions: dict[str, str]
    repositories: set[int] | None
    expires_at: datetime | None
    installation: Installation | None = None
    app: App | None = None
    revoked: bool = False


@dataclass
class Reaction:
    id: int
    user: Account
    content: str
    created_at: datetime


@dataclass
class IssueComment:
    id: int
    number: int
    user: Account
    body: str
    app: App | None
    created_at: datetime
    updated_at: datetime
    reactions: list[Reaction] = field(default_factory=list)
    minimized: str | None = None


@dataclass
class ReviewComment:
    id: int
    review: int
    user: Account
    body: str
    anchor: Anchor
    commit: str  # the commit it was written for
    base: str  # the merge base of that time, whose lines LEFT counts
    hunk: str
    position: int | None
    created_at: datetime
    updated_at: datetime
    reply_to: int | None = None
    reactions: list[Reaction] = field(default_factory=list)
    minimized: str | None = None
    applied: bool = False
    whole_file: bool = False
    resolved_by: Account | None = None  # of the thread; on its first comment only


@dataclass
class Review:
    id: int
    user: Account
    body: str
    state: str
    commit: str
    submitted_at: datetime | None
    app: App | None
    minimized: str | None = None


@dataclass
class Issue:
    """What a plain issue and a pull request share: a number, a title, a conversation."""

    id: int
    number: int
    title: str
    body: str
    user: Account
    created_at: datetime
    updated_at: datetime
    state: str = "open"
    locked: bool = False
    labels: dict[str, int] = field(default_factory=dict)
    closed_at: datetime | None = None


@dataclass
class Pull(Issue):
    head_repository: Repository | None = None
    head_label: str = ""
    head_ref: str = ""
    head: str = ""
    base_ref: str = ""
    base: str = ""
    draft: bool = False
    merged_at: datetime | None = None
    maintainer_can_modify: bool = True
    reviews: dict[int, Review] = field(default_factory=dict)
    comments: dict[int, ReviewComment] = field(default_factory=dict)


@dataclass
class CheckSuite:
    id: int
    app: App
    head: str
    branch: str | None
    created_at: datetime
    updated_at: datetime


@dataclass
class CheckRun:
    id: int
    suite: CheckSuite
    name: str
    head: str
    status: str
    conclusion: str | None
    external_id: str
    details_url: str | None
    started_at: datetime
    completed_at: datetime | None
    output: dict[str, Any] = field(default_factory=dict)
    annotations: list[dict[str, Any]] = field(default_factory=list)
    actions: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Repository:
    id: int
    owner: Account
    name: str
    private: bool
    default_branch: str
    git: Git
    created_at: datetime
    parent: Repository | None = None
    roles: dict[str, str] = field(default_factory=dict)
    numbers: int = 0
    issues: dict[int, Issue] = field(default_factory=dict)
    issue_comments: dict[int, IssueComment] = field(default_factory=dict)
    suites: dict[int, CheckSuite] = field(default_factory=dict)
    runs: dict[int, CheckRun] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)  # branch -> sha, as last announced
    protected: dict[str, str] = field(default_factory=dict)  # pattern of branches -> protection or ruleset

    def protection(self, branch: str) -> str | None:
        """What wants changes of a branch to come by pull request."""
        return next((kind for pattern, kind in self.protected.items() if fnmatch(branch, pattern)), None)

    @property
    def full_name(self) -> str:
        return f"{self.owner.login}/{self.name}"

    def pulls(self) -> list[Pull]:
        return [one for one in self.issues.values() if isinstance(one, Pull)]

    def role(self, account: Account) -> str:
        """A person's right here; everybody may read what is public."""
        if account.login == self.owner.login:
            return "admin"
        return self.roles.get(account.login, "none" if self.private else "read")


@dataclass
class Delivery:
    id: int
    guid: str
    event: str
    action: str | None
    app: App
    installation: int | None
    repository: int | None
    body: bytes
    created_at: datetime
    redelivery: bool = False
    delivered_at: datetime | None = None
    duration: float = 0.0
    status: str = "pending"
    status_code: int = 0
    request_headers: dict[str, str] = field(default_factory=dict)
    response_headers: dict[str, str] = field(default_factory=dict)
    response_body: str = ""


class Refused(Exception):
    """The answer is an error: its status, body and headers, as GitHub words it."""

    def __init__(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        super().__init__(status, body)
        self.status, self.body, self.headers = status, body, headers or {}


def not_found() -> Refused:
    return Refused(404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"})


def invalid(resource: str, code: str, field_name: str, message: str | None = None) -> Refused:
    """The 422 of a field that breaks a rule."""
    error = {"resource": resource, "code": code, "field": field_name} | ({"message": message} if message else {})
    body = {"message": "Validation Failed", "errors": [error], "documentation_url": "https://docs.github.com/rest", "status": "422"}
    return Refused(422, body)
