"""The server's commands start where the server is installed; elsewhere they say in a sentence what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from clops_app.entrypoints.priority import yield_to_others
from clops_app.usecases.errors import ConfigError

_WORKER_NICE = 5  # of 19; ours: after the server, before what thinks


def run(what: Literal["serve", "worker"], environment: Mapping[str, str]) -> int:
    """The exit code. Raises ConfigError."""
    if what == "worker":
        yield_to_others(_WORKER_NICE)  # before a second of imports: workers are started while deliveries come
    try:
        from clops_app.entrypoints.server.run import serve, worker
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("clops_app"):
            raise
        raise ConfigError(
            (f"`clops {what}` needs more than the command line does: pip install 'clops[app]' ({error.name} is missing).",)
        ) from None
    return serve(environment) if what == "serve" else worker(environment)
