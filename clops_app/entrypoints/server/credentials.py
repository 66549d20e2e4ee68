"""What the App proves itself with comes from the settings, or from a file that only its owner can read."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from clops_app.entrypoints.server.settings import Settings
from clops_app.usecases.errors import ConfigError

FILE = "github-app.json"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Of one registered GitHub App. `slug` ("clops-acme") and `page`, its public page, are "" where nobody told us."""

    app_id: int
    private_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    slug: str = ""
    page: str = ""

    @property
    def login(self) -> str | None:
        """The bot that our comments are from."""
        return f"{self.slug}[bot]" if self.slug else None


class CredentialStore:
    """The credentials now: once there, they stay; until then every look is a look at the file, which another process may write."""

    def __init__(self, state: Path, given: Credentials | None = None) -> None:
        self._state = state
        self._known = given

    def now(self) -> Credentials | None:
        """None: no App is registered. Raises ConfigError when the file cannot be used."""
        if self._known is None:
            self._known = _read(self._state / FILE)
        return self._known

    def learn(self, slug: str, page: str) -> None:
        """What GitHub calls an App whose credentials came without its name."""
        if self._known is not None and not self._known.slug:
            self._known = replace(self._known, slug=slug, page=page)

    def writable(self) -> bool:
        """Whether credentials could be kept."""
        try:
            self._state.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._state):
                return True
        except OSError:
            return False

    def keep(self, credentials: Credentials) -> bool:
        """Write them, whole or not at all, readable by us alone, and use them. False: they could not be written and are not used."""
        try:
            self._state.mkdir(mode=0o700, parents=True, exist_ok=True)
            # tempfile makes it 0600; the rename puts it there whole.
            with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=self._state, prefix=f".{FILE}.", delete=False) as file:
                json.dump(asdict(credentials), file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(file.name, self._state / FILE)
        except OSError:
            return False
        self._known = credentials
        return True


def credentials_of(settings: Settings) -> Credentials | None:
    """What the settings hold; they hold all three or none."""
    if settings.github_app_id is None or settings.github_private_key is None or settings.github_webhook_secret is None:
        return None
    return Credentials(
        settings.github_app_id, settings.github_private_key.get_secret_value(), settings.github_webhook_secret.get_secret_value()
    )  # fmt: skip


def _read(path: Path) -> Credentials | None:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return Credentials(
            int(kept["app_id"]), str(kept["private_key"]), str(kept["webhook_secret"]), str(kept["slug"]), str(kept["page"])
        )  # fmt: skip
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError):
        raise ConfigError((f"{path}: the App's credentials cannot be read from it. Restore it, or remove it to register anew.",)) from None
