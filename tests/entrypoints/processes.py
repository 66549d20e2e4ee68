"""The command line as a user runs it: a process of its own, with its arguments, directory, environment, output and exit code.

Starting Python and importing take longer than most of what is tested here, so that `clops` forks the process from one that
has done both. `started` starts the console script, for what depends on how a process begins.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile

CLOPS = Path(sys.executable).parent / "clops"
ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}
SECONDS = 120


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    stdout: str
    stderr: str


def started(*arguments: str | Path, cwd: Path | None = None, **environment: str) -> Ended:
    done = subprocess.run(
        (CLOPS, *arguments),
        cwd=cwd,
        env={**ENVIRONMENT, **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def clops(*arguments: str | Path, cwd: Path | None = None, **environment: str) -> Ended:
    with TemporaryFile("w+", encoding="utf-8", newline="") as stdout, TemporaryFile("w+", encoding="utf-8", newline="") as stderr:
        asked = {
            "arguments": [str(argument) for argument in arguments],
            "directory": str(cwd or Path.cwd()),
            "environment": {**ENVIRONMENT, **environment},
            "output": [f"/proc/{os.getpid()}/fd/{stream.fileno()}" for stream in (stdout, stderr)],
        }
        code = _ask(asked)
        stdout.seek(0)
        stderr.seek(0)
        return Ended(code, stdout.read(), stderr.read())


def _ask(asked: Mapping[str, object]) -> int:
    forker = _forker()
    assert forker.stdin is not None
    assert forker.stdout is not None
    late = threading.Timer(SECONDS, forker.kill)
    late.start()
    forker.stdin.write(json.dumps(asked) + "\n")
    forker.stdin.flush()
    answer = forker.stdout.readline()
    late.cancel()
    if not answer:
        _forker.cache_clear()
        raise subprocess.TimeoutExpired(str(asked["arguments"]), SECONDS)
    return int(answer)


@cache
def _forker() -> subprocess.Popen[str]:
    """It ends with its standard input, so with us."""
    command = (sys.executable, Path(__file__).with_name("forker.py"))
    return subprocess.Popen(command, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
