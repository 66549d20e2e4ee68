"""`clops serve` and `clops worker` as an operator runs them, killed and started again; what they logged is read afterwards."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.load.forge import SECRET, Stage

_PLAIN = "import sys; from clops_app.entrypoints.cli import main; sys.argv = ['clops', *sys.argv[1:]]; main()"
_START_S = 60


def settings_of(stage: Stage, state: Path, database: str | None) -> dict[str, str]:
    given = {
        "CLOPS_GITHUB_APP_ID": str(stage.app_id),
        "CLOPS_GITHUB_PRIVATE_KEY": stage.private_key,
        "CLOPS_GITHUB_WEBHOOK_SECRET": SECRET,
        "CLOPS_GITHUB_API_URL": stage.api,
        "CLOPS_STATE": str(state),
        "CLOPS_PORT": "0",
    }
    return given if database is None else {**given, "CLOPS_DATABASE_URL": database}


@dataclass(slots=True)
class Running:
    """One of our processes; started again it goes on with the same log."""

    command: str
    log: Path
    settings: Mapping[str, str]
    process: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("CLOPS_")}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _PLAIN, self.command], env={**inherited, **self.settings}, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=log, start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """SIGKILL: nothing is said, written or given back. What it started sees its pipe end."""
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(30)
        self.kill()

    def said(self) -> list[dict[str, Any]]:
        lines = []
        for line in self.log.read_bytes().split(b"\n"):
            with suppress(ValueError):  # a line that a kill cut
                found = json.loads(line)
                lines += [found] if isinstance(found, dict) else []
        return lines

    def port(self) -> int:
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline and self.process.poll() is None:
            for line in self.said():
                if line.get("event") == "listening":
                    return int(line["port"])
            time.sleep(0.05)
        raise RuntimeError(f"clops {self.command} did not start:\n{self.log.read_text()[-2_000:]}")


@contextmanager
def apps(folder: Path, stage: Stage, database: str | None, workers: int) -> Iterator[tuple[Running, list[Running]]]:
    """One that takes deliveries and so many that work; with none the one does both."""
    given = settings_of(stage, folder / "state", database)
    started: list[Running] = []
    try:
        started.append(Running("serve", folder / "serve.log", {**given, "CLOPS_WORKERS": "0"} if workers else given))
        for number in range(workers):
            started.append(Running("worker", folder / f"worker{number}.log", given))  # noqa: PERF401 -- each is ended, if the next fails
        for one in started:
            one.port()
        yield started[0], started[1:]
    finally:
        for one in started:
            one.end()
