"""`clops serve` and `clops worker` as an operator runs them."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PLAIN = "import sys; from clops_app.entrypoints.cli import main; sys.argv = ['clops', *sys.argv[1:]]; main()"


def environment(state: Path, **more: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CLOPS_")}
    return {**inherited, "CLOPS_STATE": str(state), "CLOPS_PORT": "0", **more}


@contextmanager
def started(command: str, state: Path, **more: str) -> Iterator[tuple[subprocess.Popen[str], list[dict[str, object]], str]]:
    """The process, what it logged until it listens, and its address."""
    with subprocess.Popen(
        [sys.executable, "-c", PLAIN, command], env=environment(state, **more), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stderr
            said: list[dict[str, object]] = []
            for line in process.stderr:
                said.append(json.loads(line))
                if said[-1]["event"] == "listening":
                    break
            assert process.poll() is None, said
            yield process, said, f"http://127.0.0.1:{said[-1]['port']}"
        finally:
            process.kill()


def get(address: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310 - our own, on loopback
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()


def run(command: str, state: Path, code: str = PLAIN, **more: str) -> subprocess.CompletedProcess[str]:
    asked = [sys.executable, "-c", code, command]
    return subprocess.run(asked, env=environment(state, **more), capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(autouse=True)
def _server() -> None:
    for package in ("fastapi", "uvicorn", "structlog", "prometheus_client"):
        pytest.importorskip(package, reason="NOT PROVEN: the server needs the extra `app`")


@pytest.mark.slow
def test_the_server_starts_with_nothing_said_and_ends_well_at_sigterm(tmp_path: Path) -> None:
    with started("serve", tmp_path / "state") as (process, said, address):
        assert get(f"{address}/healthz")[0] == 200
        assert b"Register the App" in get(f"{address}/")[1]
        (invitation,) = [line for line in said if "page" in line]
        assert "/setup?token=" in str(invitation["page"])
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert process.stderr
        assert [json.loads(line)["event"] for line in process.stderr][-1] == "ending"


@pytest.mark.slow
def test_a_worker_shows_its_health_and_nothing_else(tmp_path: Path) -> None:
    with started("worker", tmp_path / "state") as (process, _, address):
        assert [get(f"{address}{path}")[0] for path in ("/healthz", "/metrics", "/", "/setup", "/webhooks/github")] == [
            200,
            200,
            404,
            404,
            404,
        ]
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


@pytest.mark.slow
def test_a_setup_token_that_was_given_is_not_logged(tmp_path: Path) -> None:
    with started("serve", tmp_path / "state", CLOPS_SETUP_TOKEN="the-canary-setup-token") as (_, said, _):
        assert "canary" not in json.dumps(said)


@pytest.mark.slow
@pytest.mark.parametrize("command", ["serve", "worker"])
def test_wrong_settings_end_with_a_sentence_and_2(tmp_path: Path, command: str) -> None:
    ended = run(command, tmp_path, CLOPS_GITHUB_APP_ID="hidden-canary")
    assert (ended.returncode, "CLOPS_GITHUB_APP_ID" in ended.stderr, "canary" in ended.stderr, "Traceback" in ended.stderr) == (
        2,
        True,
        False,
        False,
    )


@pytest.mark.slow
def test_a_port_that_is_taken_is_a_sentence_and_2(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = run("serve", tmp_path, CLOPS_PORT=str(taken.getsockname()[1]))
    assert (ended.returncode, "CLOPS_PORT" in ended.stderr, "Traceback" in ended.stderr) == (2, True, False)


def test_a_worker_without_workers_is_a_sentence_and_2(tmp_path: Path) -> None:
    ended = run("worker", tmp_path, CLOPS_WORKERS="0")
    assert (ended.returncode, "CLOPS_WORKERS is 0" in ended.stderr) == (2, True)


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_without_the_server_installed_one_sentence_says_what_is_missing(tmp_path: Path, command: str) -> None:
    ended = run(command, tmp_path, "import sys; sys.modules['fastapi'] = None; " + PLAIN)
    assert (ended.returncode, ended.stderr.count("\n"), "pip install 'clops[app]'" in ended.stderr) == (2, 1, True)


def test_help_imports_nothing_of_the_server() -> None:
    code = "import sys; from clops_app.entrypoints.arguments import app; print([n for n in ('fastapi', 'uvicorn', 'structlog', 'pydantic') if n in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
