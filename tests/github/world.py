"""The usual scene: acme/infra, a pull request that changes lines 5 and 30 of main.tf and adds new.tf, and an installed app."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from githubkit import AppInstallationAuthStrategy, GitHub

from tests.github import scene, tokens
from tests.github.hub import Hub
from tests.github.server import running
from tests.github.state import App, Installation, Pull, Repository

PATH = "/repos/acme/infra"
ROLES = {"ana": "write", "max": "read", "ada": "admin"}


def lines(*changed: int, count: int = 40, mark: str = "x") -> str:
    """A file of numbered lines, some of them changed."""
    return "".join(f"line {number}{mark if number in changed else ''}\n" for number in range(1, count + 1))


@dataclass
class World:
    hub: Hub
    repository: Repository
    pull: Pull
    app: App
    installation: Installation
    token: str

    def client(self, token: str | None = None, **headers: str) -> httpx.Client:
        """Raw HTTP, as a bearer of this token (the app's installation when none is said)."""
        sent = {"Authorization": f"Bearer {token or self.token}", **headers}
        return httpx.Client(base_url=self.hub.api, headers=sent, timeout=20, trust_env=False)

    def person(self, login: str) -> httpx.Client:
        return self.client(scene.personal_token(self.hub, login))

    def kit(self) -> GitHub[Any]:
        """The true client, as the installed app, without its own repeats (they double writes)."""
        auth = AppInstallationAuthStrategy(self.app.id, self.app.private_key, self.installation.id)
        return GitHub(auth, base_url=self.hub.api, auto_retry=False)

    def push(self, files: dict[str, Any], **more: Any) -> str:
        return scene.push(self.hub, self.repository, "feature", files, **more)


@contextmanager
def worlds(
    permissions: dict[str, str] | None = None, *, private: bool = False, hook_url: str | None = None, **options: Any
) -> Iterator[World]:
    """The scene until the block ends; `permissions` are the app's."""
    with running(**options) as hub:
        repository = scene.add_repository(hub, "acme/infra", {"main.tf": lines(), "old.tf": "gone\n"}, roles=ROLES, private=private)
        app = scene.add_app(hub, "clops", permissions=permissions, hook_url=hook_url, hook_secret="s3cret")
        installation = scene.install(hub, app, "acme")
        scene.push(hub, repository, "feature", {"main.tf": lines(5, 30), "new.tf": "a\nb\n", "old.tf": None})
        pull = scene.open_pull(hub, repository, "feature")
        token = tokens.issue(hub, installation, None, None).text
        yield World(hub, repository, pull, app, installation, token)
