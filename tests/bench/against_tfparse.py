"""How much faster a root is evaluated here than by tfparse, on a given root and on a generated one of over a thousand instances.

    python -m tests.bench.against_tfparse [ROOT] --tfparse PYTHON [--repository DIRECTORY] [--times N]

PYTHON is an interpreter that has tfparse (PyPI), best in an environment of its own. tfparse runs in a process apart, which
times itself so that neither its start nor its imports count, with an end to its memory and its time: it has been seen not to
return at all. Ours is timed in one process. Milliseconds, the least of N, files read and parsed anew each time. ROOT is
examples/viral-game/head when none is given; modules are found in --repository (ROOT itself when it is not given).
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from clops_app.adapters.disk import read_directory
from clops_app.terraform.evaluate import evaluate
from tests.bench.large_root import CLUSTER, NETWORK, SERVER, SERVICE
from tests.bench.review import HOUSE, fastest

_MEBIBYTES, _SECONDS = 4_096, 300
_THEIRS = """
import json, sys, time
from tfparse import load_from_path
best, blocks = float("inf"), 0
for _ in range(int(sys.argv[2])):
    began = time.perf_counter()
    found = load_from_path(sys.argv[1], stop_on_hcl_error=False)
    best = min(best, time.perf_counter() - began)
    blocks = sum(len(each) for kind, each in found.items() if kind.startswith(("aws_", "terraform_data")))
print(json.dumps([best * 1000, blocks]))
"""
_QUEUES = """
variable "name" { type = string }
resource "aws_sqs_queue" "this" {
  count = 10
  name  = "${var.name}-${count.index}"
  tags  = { Name = upper(var.name), Number = format("%03d", count.index) }
}
"""
_CALL = """
module "queues@" {
  source = "./queues"
  name   = "team-@"
}
"""


def generated() -> dict[str, str]:
    """A root of lone servers, services, and calls of a module."""
    return {
        "main.tf": NETWORK + CLUSTER,
        "servers.tf": "".join(SERVER.replace("@", str(number)) for number in range(150)),
        "services.tf": "".join(SERVICE.replace("@", str(number)) for number in range(40)),
        "calls.tf": "".join(_CALL.replace("@", str(number)) for number in range(20)),
        "queues/main.tf": _QUEUES,
    }


def ours(repository: Path, scope: str, times: int) -> tuple[float, int]:
    """Milliseconds, files read from the disk included, and how many resources there are."""
    took, configuration = fastest(times, lambda: evaluate(read_directory(str(repository), scope).tree, scope, None))
    return took, sum(resource.mode == "managed" for resource in configuration.resources)


def theirs(python: str, root: Path, times: int) -> tuple[float, int] | str:
    """The same of tfparse, or why there is no figure."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (_MEBIBYTES * 1024**2, _MEBIBYTES * 1024**2))

    command = [python, "-c", _THEIRS, str(root), str(times)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, preexec_fn=limit, check=False)
    except subprocess.TimeoutExpired:
        return f"no answer within {_SECONDS} s"
    if done.returncode:
        return (done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"])[-1]
    took, blocks = json.loads(done.stdout.splitlines()[-1])
    return took, blocks


def compare(name: str, repository: Path, scope: str, python: str, times: int) -> None:
    took, resources = ours(repository, scope, times)
    other = theirs(python, repository / scope, times)
    said = other if isinstance(other, str) else f"{other[0]:9.1f} ms ({other[1]:,} resources)   {other[0] / took:6.1f}x"
    print(f"{name:34} ours {took:8.1f} ms ({resources:,} resources)   tfparse {said}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", nargs="?", type=Path, default=HOUSE / "examples/viral-game/head")
    parser.add_argument("--repository", type=Path)
    parser.add_argument("--tfparse", required=True, metavar="PYTHON")
    parser.add_argument("--times", type=int, default=7)
    given = parser.parse_args()
    sys.setrecursionlimit(6_000)
    repository = (given.repository or given.root).resolve()
    scope = given.root.resolve().relative_to(repository).as_posix().removeprefix(".")
    compare(scope or given.root.name, repository, scope, given.tfparse, given.times)
    with tempfile.TemporaryDirectory() as directory:
        for path, text in generated().items():
            file = Path(directory, path)
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
        compare("generated", Path(directory), "", given.tfparse, given.times)


if __name__ == "__main__":
    main()
