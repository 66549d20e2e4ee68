"""The most memory that a review takes: of a pull request in a repository of 20 MB, and of all of that repository as it stands.

    python -m tests.bench.memory [MEGABYTES]

The repository is made below /tmp and is that of tests.bench.monorepo, large enough; `clops review` runs in a process of its
own whose peak the kernel tells. In mebibytes; the goal is 500.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench.monorepo import environment, make, repository

GOAL = 500


def peak(top: Path, arguments: Sequence[str], environ: dict[str, str]) -> float:
    """The largest resident set of `clops`, in MiB."""
    with open(os.devnull, "wb") as nothing:
        process = subprocess.Popen([sys.executable, "-m", "clops_app", *arguments], cwd=top, env=environ, stdout=nothing, stderr=nothing)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"clops {' '.join(arguments)} ended with {process.returncode}")
    return usage.ru_maxrss / 1024


def main() -> None:
    megabytes = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    each = sum(len(text) for _, text in repository(100)) / 100
    roots = int(megabytes * 1e6 / each)
    with tempfile.TemporaryDirectory() as place, tempfile.TemporaryDirectory() as cache:
        size = make(Path(place), roots)
        environ = dict(environment(cache))
        print(f"{roots:,} roots, {size / 1e6:.1f} MB; the most memory, in MiB (goal: {GOAL})")
        for name, arguments in (
            ("nothing reviewed: clops rules", ["rules"]),
            ("a pull request that touches one root", ["review", ".", "--format", "json"]),
            ("everything as it stands", ["review", ".", "--base", "none", "--format", "json"]),
        ):
            print(f"  {name:40}{peak(Path(place), arguments, environ):8.0f}", flush=True)


if __name__ == "__main__":
    main()
