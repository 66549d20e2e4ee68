"""What a pull request costs that touches one root of many, beside the same pull request in a repository of that root alone.

    python -m tests.bench.monorepo [ROOTS] [--times N] [--profile]

Two git repositories are made below /tmp: one of ROOTS roots (2,000 when none is given) with the modules that they share,
one of a single root with the same modules; in both the same root is changed. Milliseconds, the least of N runs that take
turns: of `clops review` as a process, from git's objects and the working tree, for the first time and when it was run before,
and of the review without the process; what the clock says, and what the processors worked for it and the git that it starts,
which others on the machine disturb less.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from clops_app.adapters.told_before import ToldBefore
from clops_app.entrypoints.gather import Asked, gather
from clops_app.usecases.review_change import review_change
from clops_app.usecases.think import mind
from tests.bench.large_root import CLUSTER, NETWORK, SERVICE

_MODULE = """
variable "name" { type = string }
variable "retention" {
  type    = number
  default = 30
}
resource "aws_cloudwatch_log_group" "this" {
  name              = "/${var.name}"
  retention_in_days = var.retention
}
resource "aws_sqs_queue" "this" {
  name = var.name
  tags = { Name = var.name }
}
output "queue" { value = aws_sqs_queue.this.url }
"""
_CALLS = """
module "events" {
  source = "../../modules/queue"
  name   = "${var.team}-events"
}
module "mail" {
  source    = "../../modules/queue"
  name      = "${var.team}-mail"
  retention = 7
}
"""
_SETTINGS = """
terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
  backend "s3" { key = "@" }
}
variable "team" {
  type        = string
  description = "Whose it is."
}
"""
_CHANGE = """
resource "aws_ebs_volume" "added" {
  availability_zone = "us-east-1a"
  size              = 100
  type              = "gp2"
}
"""


def repository(roots: int) -> Iterator[tuple[str, str]]:
    """The files of a repository of so many roots: each a network, a cluster and two services, calling a module that all share.

    No two files are the same: what is known of one content would be known of the others.
    """
    yield "modules/queue/main.tf", _MODULE
    yield "README.md", "Everything that we run.\n"
    services = "".join(SERVICE.replace("@", str(number)) for number in range(2))
    for number in range(roots):
        where = f"teams/team{number:04}"
        yield f"{where}/main.tf", f"# Team {number}.\n" + NETWORK + _CALLS
        yield f"{where}/services.tf", f"# Team {number}.\n" + CLUSTER + services
        yield f"{where}/settings.tf", _SETTINGS.replace("@", where)
        yield f"{where}/terraform.tfvars", f'team = "team{number}"\n'


def make(top: Path, roots: int) -> int:
    """Commit it, change one root in the working tree and commit that too; the bytes of it all."""
    size = 0
    for path, text in repository(roots):
        file = top / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        size += len(text)
    _git(top, "init", "-q", "-b", "main")
    _git(top, "add", ".")
    _git(top, "commit", "-q", "-m", "all of it")
    _git(top, "checkout", "-q", "-b", "change")
    (top / "teams/team0000/disk.tf").write_text(_CHANGE)
    _git(top, "add", ".")
    _git(top, "commit", "-q", "-m", "a disk")
    return size


def _git(top: Path, *arguments: str) -> None:
    own = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false", "-c", "gc.auto=0")
    subprocess.run(("git", "-C", str(top), *own, *arguments), check=True, capture_output=True)


def environment(cache: str) -> Mapping[str, str]:
    """Ours, with bytecode and what ClOps keeps of a large repository kept there."""
    own = {key: value for key, value in os.environ.items() if key not in ("PYTHONDONTWRITEBYTECODE", "AWS_REGION")}
    return {**own, "PYTHONPYCACHEPREFIX": cache, "XDG_CACHE_HOME": cache}


def in_process(top: Path, environ: Mapping[str, str]) -> None:
    gathered = gather(Asked(str(top), base=None), environ)
    before = ToldBefore(environ, gathered.head)
    thinking = mind(gathered.question, parsed=before.recalled())
    review = review_change(thinking, gathered.head, gathered.base)
    before.keep(thinking.parsed)
    if [finding.address for finding in review.findings if finding.status == "new"] == []:
        raise SystemExit("the change brings a finding, and none was found")


def first_process(top: Path, environ: Mapping[str, str]) -> None:
    as_process(top, {**environ, "XDG_CACHE_HOME": os.devnull})  # where nothing can be kept


def as_process(top: Path, environ: Mapping[str, str]) -> None:
    command = [sys.executable, "-m", "clops_app", "review", ".", "--format", "json"]
    subprocess.run(command, cwd=top, env=environ, check=True, capture_output=True)


class Took(NamedTuple):
    """Milliseconds by the clock, and those of the processors, children included."""

    clock: float
    processors: float


def _took(act: Callable[[], None]) -> Took:
    began, worked = time.perf_counter(), _worked()
    act()
    return Took((time.perf_counter() - began) * 1000, (_worked() - worked) * 1000)


def _worked() -> float:
    """Seconds that the processors have worked for us so far, and for the children that ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def _least(runs: Iterable[Took]) -> Took:
    return Took(*map(min, zip(*runs, strict=True)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("roots", nargs="?", type=int, default=2_000)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--profile", action="store_true", help="show where the time of the many goes")
    given = parser.parse_args()
    sys.setrecursionlimit(6_000)
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as many, tempfile.TemporaryDirectory() as cache:
        make(Path(one), 1)
        size = make(Path(many), given.roots)
        environ = environment(cache)
        as_process(Path(one), environ)
        in_process(Path(one), environ)
        print(f"{given.roots:,} roots, {size / 1e6:.1f} MB; the least of {given.times}, in milliseconds")
        for name, run in (("first process", first_process), ("whole process", as_process), ("without the process", in_process)):
            act = partial(run, environ=environ)
            alone, among = [], []
            for _ in range(given.times):
                alone.append(_took(partial(act, Path(one))))
                among.append(_took(partial(act, Path(many))))
            for measured, least, most in zip(Took._fields, _least(alone), _least(among), strict=True):
                print(f"  {name:20} {measured:10}   alone {least:6.0f}   among {given.roots:,} {most:6.0f}   {most / least:6.2f}x")
        if given.profile:
            profile = cProfile.Profile()
            profile.runcall(in_process, Path(many), environ)
            pstats.Stats(profile).sort_stats("cumulative").print_stats(45)


if __name__ == "__main__":
    main()
