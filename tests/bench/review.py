"""How long a review takes, stage by stage, beside python-hcl2's parse alone of the same files.

    python -m tests.bench.review [ROOT] [--repository DIRECTORY] [--times N]

All figures come from one process, minimum of N; compare them with each other, not with another machine's. ROOT is
examples/viral-game/head when none is given. The whole process is timed apart, with bytecode compiled.
"""

from __future__ import annotations

import argparse
import gc
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from clops_app.adapters.disk import read_directory
from clops_app.cost.bill import bill
from clops_app.cost.book import embedded_book
from clops_app.graph.aws import Reading
from clops_app.graph.build import build_graph
from clops_app.rulebook.run import RuleSettings, run_rules
from clops_app.terraform.evaluate import evaluate
from clops_app.terraform.sources import Parsed
from clops_app.usecases.question import Question
from clops_app.usecases.review_change import scan_folder
from clops_app.usecases.think import mind

R = TypeVar("R")
HOUSE = Path(__file__).parents[2]


def fastest(times: int, act: Callable[[], R]) -> tuple[float, R]:
    """The least of `times` runs, in ms, and the last result."""
    best = float("inf")
    results: list[R] = []
    for _ in range(times):
        results.clear()
        gc.collect()  # each run begins as a process does, without what the one before left to be freed
        began = time.perf_counter()
        results.append(act())
        best = min(best, (time.perf_counter() - began) * 1000)
    return best, results[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", nargs="?", type=Path, default=HOUSE / "examples/viral-game/head")
    parser.add_argument("--repository", type=Path)
    parser.add_argument("--times", type=int, default=7)
    given = parser.parse_args()
    repository = (given.repository or given.root).resolve()
    scope = given.root.resolve().relative_to(repository).as_posix().removeprefix(".")
    checkout = read_directory(str(repository), scope)
    tree = checkout.tree

    configuration = evaluate(tree, scope, None)
    files = [path for path in configuration.files if path.endswith(".tf")]
    contents = [tree.files[path] for path in files]
    print(f"{scope or given.root}: {len(files)} files, {sum(map(len, contents)):,} bytes, {len(configuration.resources)} resources")

    parse, _ = fastest(given.times, lambda: [Parsed().file(path, content) for path, content in zip(files, contents, strict=True)])
    parsed = Parsed()
    evaluate(tree, scope, None, parsed)
    evaluated, configuration = fastest(given.times, lambda: evaluate(tree, scope, None, parsed))
    read, graph = fastest(given.times, lambda: build_graph(configuration))
    thinker = mind(Question(datetime.now(UTC).date()))
    judged, (findings, _) = fastest(given.times, lambda: run_rules(thinker.rules, Reading(graph), tree, scope, RuleSettings()))
    priced, _ = fastest(given.times, lambda: bill(graph, Reading(graph), embedded_book(), thinker.question.usage))
    whole, _ = fastest(given.times, lambda: scan_folder(mind(Question(datetime.now(UTC).date())), checkout))
    proven = max(0.0, whole - parse - evaluated - read - judged - priced)
    hcl2, refused = fastest(min(given.times, 3), lambda: _hcl2(contents))

    for name, milliseconds in (("parse", parse), ("evaluate", evaluated), ("graph", read), (f"rules ({len(findings)} findings)", judged),
                               ("cost", priced), ("prove and the rest", proven), ("review, in process", whole),
                               (f"python-hcl2, parse alone{f' ({refused} refused)' if refused else ''}", hcl2)):  # fmt: skip
        print(f"  {name:36}{milliseconds:9.1f} ms{hcl2 / max(milliseconds, 0.001):10.1f}x faster than python-hcl2's parse")
    print(f"  {'whole process: clops review':36}{_process(given.times, repository, ['review', scope or '.']):9.0f} ms")
    print(f"  {'whole process: clops --help':36}{_process(given.times, repository, ['--help']):9.0f} ms")


def _hcl2(contents: list[bytes]) -> int:
    import hcl2

    refused = 0
    for content in contents:
        try:
            hcl2.load(io.StringIO(content.decode()))
        except Exception:  # noqa: BLE001 - whatever it raises, it did not read the file
            refused += 1
    return refused


def _process(times: int, directory: Path, arguments: list[str]) -> float:
    """The fastest of `times` runs of the console script, bytecode compiled by a run before."""
    with tempfile.TemporaryDirectory() as cache:
        env = {**{key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}, "PYTHONPYCACHEPREFIX": cache}
        command = [sys.executable, "-m", "clops_app", *arguments]

        def act() -> None:
            subprocess.run(command, cwd=directory, env=env, check=False, capture_output=True)

        act()
        return fastest(times, act)[0]


if __name__ == "__main__":
    main()
