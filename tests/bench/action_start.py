"""How long the Action takes before and while it reviews, cold and from the cache: `python -m tests.bench.action_start`.

The cache is a tar file with zstd where that is installed, as actions/cache makes it; its way over the network is not in the figures.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.action.runner import HOUSE, Runner


def timed(what: str, work: Callable[[], object]) -> None:
    began = time.perf_counter()
    work()
    print(f"{what:<58} {time.perf_counter() - began:6.2f} s")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        temp = folder / "temp"
        temp.mkdir()
        packed, placed = folder / "cache.tar", temp / "clops-python"
        environment = {**os.environ, "RUNNER_TEMP": str(temp), "CLOPS_SOURCE": str(HOUSE), "GITHUB_OUTPUT": str(folder / "out")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)

        def step(which: str) -> None:
            subprocess.run(["bash", str(HOUSE / "action/install.sh"), which], env=environment, check=True, stderr=subprocess.DEVNULL)

        zstd = ["--zstd"] if shutil.which("zstd") else []
        timed("key", lambda: step("key"))
        timed("cold: install, hashes checked, bytecode compiled", lambda: step("install"))
        timed("  pack for the cache", lambda: subprocess.run(["tar", "-C", str(temp), *zstd, "-cf", str(packed), placed.name], check=True))
        print(f"{'  packed / unpacked':<58} {packed.stat().st_size / 1e6:6.1f} / {_size(placed) / 1e6:.1f} MB")
        shutil.rmtree(placed)
        timed("warm: unpack", lambda: subprocess.run(["tar", "-C", str(temp), *zstd, "-xf", str(packed)], check=True))
        timed("warm: install (nothing to do)", lambda: step("install"))
        example = HOUSE / "examples" / "viral-game" / "head"
        runner = Runner(folder, installed=False)
        for what in ("review of a folder, all steps, first start", "review of a folder, all steps, again"):
            timed(what, lambda: runner.run({}, GITHUB_WORKSPACE=str(example)))


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


if __name__ == "__main__":
    main()
