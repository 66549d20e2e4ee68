"""GitHub is spoken to as the App that is registered now; before one is, whatever needs it is put off."""

from __future__ import annotations

import threading
from collections.abc import Callable

from clops_app.adapters.github.app import GitHubApp, conversion
from clops_app.entrypoints.server.credentials import Credentials, CredentialStore
from clops_app.ports import Forge, TryLater

_LOOK_AGAIN_SECONDS = 60.0


class RegisteredApp:
    """A `Forges`, and what else an App may ask. Everything raises ForgeError. `still_ours`: whether the job at hand is this worker's."""

    def __init__(self, credentials: CredentialStore, api_url: str, still_ours: Callable[[], bool] = lambda: True) -> None:
        self._credentials = credentials
        self._still_ours = still_ours
        self._api_url = api_url
        self._lock = threading.Lock()
        self._app: GitHubApp | None = None

    def repository(self, installation: int, full_name: str) -> Forge:
        return self.app().repository(installation, full_name)

    def installation_of(self, full_name: str) -> int:
        return self.app().installation_of(full_name)

    def app(self) -> GitHubApp:
        """The App, made once. Raises TryLater before it is registered."""
        with self._lock:
            if self._app is None:
                known = self._credentials.now()
                if known is None:
                    raise TryLater("No GitHub App is registered yet.", _LOOK_AGAIN_SECONDS)
                self._app = GitHubApp(known.app_id, known.private_key, api_url=self._api_url, may_write=self._check)
            return self._app

    def _check(self) -> None:
        """Who was away for too long has lost the job to another worker, and says nothing more."""
        if not self._still_ours():
            raise TryLater("Another worker has taken this job up.", 1.0)


def registered(code: str, api_url: str) -> Credentials:
    """What the manifest flow's code stands for. Raises ForgeError."""
    made = conversion(code, api_url=api_url)
    return Credentials(made.id, made.private_key, made.webhook_secret, made.slug, made.html_url)
