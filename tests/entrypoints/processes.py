"""The console script, run as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

CLOPS = Path(sys.executable).parent / "clops"
ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    stdout: str
    stderr: str


def clops(*arguments: str | Path, cwd: Path | None = None, **environment: str) -> Ended:
    done = subprocess.run(
        (CLOPS, *arguments), cwd=cwd, env={**ENVIRONMENT, **environment}, capture_output=True, encoding="utf-8", timeout=120, check=False
    )
    return Ended(done.returncode, done.stdout, done.stderr)
