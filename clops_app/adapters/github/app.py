"""Our GitHub App: it may see a repository with a token that reaches no further than that repository and what we need there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from githubkit import GitHub
from githubkit.auth.app import AppAuth
from githubkit.cache import MemCacheStrategy

from clops_app.adapters.github.client import GITHUB, Client, FixedToken
from clops_app.adapters.github.failures import Refused
from clops_app.adapters.github.pace import Pace
from clops_app.adapters.github.repository import GitHubRepository
from clops_app.ports import ForgeError, NotThere

# What we ask for of what an installation grants, at most. contents: write commits and resolves threads, issues: write reacts.
_NEEDED = {"metadata": "read", "contents": "write", "pull_requests": "write", "checks": "write", "issues": "write"}
_LEVELS = ("read", "write", "admin")
_BEFORE_EXPIRY = timedelta(minutes=5)  # ours: a token lives an hour (OA:apps/create-installation-access-token)


@dataclass(frozen=True, slots=True)
class Registration:
    """A new App, as GitHub tells of it once."""

    id: int
    slug: str
    html_url: str
    client_id: str
    client_secret: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    private_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FailedDelivery:
    """An event that never reached us. `id` redelivers it; `guid` is the event's own, the same however often it is sent."""

    id: int
    guid: str
    event: str
    delivered_at: datetime


class GitHubApp:
    """A `Forges`. Safe between threads. `may_write` is asked before each write to a repository, and raises ForgeError to stop it."""

    def __init__(
        self,
        app_id: int | str,
        private_key: str,
        *,
        api_url: str = GITHUB,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        pace: Callable[[], Pace] = Pace,
        may_write: Callable[[], None] = lambda: None,
    ) -> None:
        self._api_url = api_url
        self._may_write = may_write
        self._now = now
        self._new_pace = pace
        self._app = Client(_AppToken(app_id, private_key), api_url=api_url, pace=pace())
        self._lock = threading.Lock()
        self._tokens: dict[tuple[int, str], _InstallationToken] = {}
        self._paces: dict[int, Pace] = {}
        self._slug: str | None = None

    @property
    def login(self) -> str:
        """Whom our words are attributed to."""
        if self._slug is None:
            self._slug = str(self._app.get("/app")["slug"])
        return f"{self._slug}[bot]"

    def repository(self, installation: int, full_name: str) -> GitHubRepository:
        """`installation` 0: whichever has the repository."""
        number = installation or self.installation_of(full_name)
        with self._lock:
            # GitHub's limits are an installation's, so its writers keep one pace.
            pace = self._paces.setdefault(number, self._new_pace())
            new = _InstallationToken(self._app, number, full_name, self._now)
            tokens = self._tokens.setdefault((number, full_name.lower()), new)
        client = Client(tokens, full_name, api_url=self._api_url, pace=pace, may_write=self._may_write)
        return GitHubRepository(client, login=self.login, writes_contents=tokens.writes_contents)

    def installation_of(self, full_name: str) -> int:
        """Raises NotThere where we are not installed."""
        named = Client(self._app.tokens, full_name, api_url=self._api_url)
        return int(named.get("/repos/{repository}/installation")["id"])

    def failed_deliveries(self, since: datetime) -> tuple[FailedDelivery, ...]:
        """Events since then of which no delivery succeeded, oldest first. GitHub sends none again by itself."""
        newest: dict[str, Any] = {}
        arrived: set[str] = set()
        for one in self._app.pages("/app/hook/deliveries"):
            if _time(one["delivered_at"]) < since:
                break
            newest.setdefault(one["guid"], one)
            if one["status"] == "OK":
                arrived.add(one["guid"])
        missed = [one for guid, one in newest.items() if guid not in arrived]
        return tuple(FailedDelivery(one["id"], one["guid"], one["event"], _time(one["delivered_at"])) for one in reversed(missed))

    def redeliver(self, delivery: int) -> None:
        """Have GitHub send an event again; possible for three days (docs.github.com, "Redelivering webhooks")."""
        self._app.write("POST", "/app/hook/deliveries/{id}/attempts", id=delivery)


def conversion(code: str, *, api_url: str = GITHUB) -> Registration:
    """The App that somebody registered from our manifest; a code works once, within an hour. Raises NotThere."""
    shown = Client(FixedToken(""), api_url=api_url).write("POST", "/app-manifests/{code}/conversions", code=code)
    return Registration(
        id=shown["id"],
        slug=shown["slug"],
        html_url=shown["html_url"],
        client_id=shown["client_id"],
        client_secret=shown["client_secret"],
        webhook_secret=shown.get("webhook_secret") or "",
        private_key=shown["pem"],
    )


class _AppToken:
    """The App speaking for itself: a signed token of nine minutes, which githubkit makes and keeps for eight."""

    def __init__(self, app_id: int | str, private_key: str) -> None:
        # A store of its own: the common one would give another key's token for the same id.
        self._signer = AppAuth(GitHub(cache_strategy=MemCacheStrategy(), http_cache=False), app_id, private_key)

    def token(self) -> str:
        try:
            return self._signer.get_jwt()
        except (ValueError, jwt.PyJWTError):  # without its cause, which speaks of the key
            raise ForgeError("The App's private key cannot be read: the PEM file that GitHub gave is wanted, all of its lines.") from None

    def drop(self, token: str) -> bool:  # noqa: ARG002 -- the form of Tokens
        return False


class _InstallationToken:
    """A token for one repository, kept until shortly before it expires or is refused."""

    def __init__(self, app: Client, installation: int, full_name: str, now: Callable[[], datetime]) -> None:
        self._app = app
        self._installation = installation
        self._name = full_name.partition("/")[2]
        self._now = now
        self._lock = threading.Lock()
        self._text = ""
        self._until = datetime.min.replace(tzinfo=UTC)
        self._permissions: Mapping[str, str] = {}

    def token(self) -> str:
        with self._lock:
            if not self._text or self._now() >= self._until - _BEFORE_EXPIRY:
                self._renew()
            return self._text

    def drop(self, token: str) -> bool:
        with self._lock:
            if self._text == token:
                self._text = ""
        return True

    def writes_contents(self) -> bool:
        """What resolving a thread takes (github/gh-aw#35726)."""
        self.token()
        return self._permissions.get("contents") == "write"

    def _renew(self) -> None:
        granted = self._app.get("/app/installations/{id}", id=self._installation)["permissions"]
        permissions = _narrowed(granted)
        asked = {"repositories": [self._name], "permissions": permissions}
        try:
            made = self._app.fetch("/app/installations/{id}/access_tokens", asked, id=self._installation)
        except Refused as refused:
            if refused.status != 422:
                raise
            raise NotThere(f"{refused} The installation does not reach this repository.") from refused
        self._text, self._until = made["token"], _time(made["expires_at"])
        self._permissions = made.get("permissions") or permissions


def _narrowed(granted: Mapping[str, str]) -> dict[str, str]:
    """Of what we need, as much as there is."""
    return {name: min(level, granted[name], key=_LEVELS.index) for name, level in _NEEDED.items() if granted.get(name) in _LEVELS}


def _time(written: str) -> datetime:
    return datetime.fromisoformat(written)
