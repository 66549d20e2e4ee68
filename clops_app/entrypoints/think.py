"""The process apart: it reads one pull request from a pipe, thinks, answers, and holds nothing that is worth stealing."""

from __future__ import annotations

import base64
import sys
import traceback
from types import TracebackType

from clops_app.entrypoints.priority import yield_to_others

RECURSION_LIMIT = 6_000  # as on the command line
_NICE = 10  # of 19; ours


def main() -> None:
    """`python -m clops_app.entrypoints.think MEBIBYTES SECONDS`, spoken to by adapters/thinking.py."""
    yield_to_others(_NICE)
    _limit(int(sys.argv[1]), int(sys.argv[2]))
    sys.setrecursionlimit(RECURSION_LIMIT)
    sys.excepthook = _failed
    from clops_app.adapters.sources import Side
    from clops_app.adapters.thinking import answer_of, read_settings, read_side, receive, send
    from clops_app.adapters.wire import load, plain
    from clops_app.model.pull import PullRequest
    from clops_app.ports import Entry
    from clops_app.usecases.think_of_pull import Told, think_of_pull

    def fetch(name: str) -> bytes:
        send(sys.stdout.buffer, {"fetch": name})
        return base64.b64decode(load(str, receive(sys.stdin.buffer)))

    _warm()
    case = receive(sys.stdin.buffer)
    if not isinstance(case, dict):
        return
    head, base = (read_side(load(Side, case[side]), fetch) for side in ("head", "base"))
    pull = load(PullRequest, case["pull"])
    settings = read_settings(load(tuple[Entry, ...], case["settings"]), pull, base, fetch)
    thought = think_of_pull(pull, head, base, load(str, case["diff"]), load(Told, case["told"]), settings=settings)
    send(sys.stdout.buffer, {"answer": plain(thought.digest)})
    while isinstance(question := receive(sys.stdin.buffer), dict):
        send(sys.stdout.buffer, {"answer": answer_of(thought, question)})


def _warm() -> None:
    """What every review needs is read while nothing is asked yet: rules, prices, the second reader of patches."""
    from clops_app.cost.book import embedded_book
    from clops_app.patch.second_reader import objection
    from clops_app.rulebook.load import load_rules

    for rule in load_rules():
        rule.check()
    embedded_book()
    objection(b"", b"a = 1\n", ())


def _limit(mebibytes: int, seconds: int) -> None:
    """Memory, time of the processor, and no file written: more ends the process."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (mebibytes * 1024**2, mebibytes * 1024**2))
    resource.setrlimit(resource.RLIMIT_CPU, (3 * seconds, 3 * seconds))  # a review and a few answers
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _failed(kind: type[BaseException], _: BaseException, trace: TracebackType | None) -> None:
    """Tell what went wrong and where in our code; never the message, which may quote the files."""
    from clops_app.adapters.thinking import send

    last = traceback.extract_tb(trace)[-1:]
    where = "".join(f" in {frame.name}, line {frame.lineno}" for frame in last)
    send(sys.stdout.buffer, {"failed": kind.__name__ if kind is MemoryError else f"{kind.__name__}{where}"})


if __name__ == "__main__":
    main()
