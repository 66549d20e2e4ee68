"""The process apart: it reads one pull request from a pipe, thinks, answers, and holds nothing that is worth stealing."""

from __future__ import annotations

import base64
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING

from clops_app.entrypoints.priority import yield_to_others

if TYPE_CHECKING:
    from clops_app.adapters.wire import Json
    from clops_app.model.review import Review
    from clops_app.model.source import SourceTree
    from clops_app.review.words import Words
    from clops_app.rulebook.page import RulePage
    from clops_app.usecases.ask_for_patches import Proposing
    from clops_app.usecases.question import Question
    from clops_app.usecases.review_change import Reviewed
    from clops_app.usecases.think_of_pull import Writing

RECURSION_LIMIT = 6_000  # as on the command line
_NICE = 10  # of 19; ours


def main() -> None:
    """`python -m clops_app.entrypoints.think MEBIBYTES SECONDS`, spoken to by adapters/thinking.py."""
    yield_to_others(_NICE)
    _limit(int(sys.argv[1]), int(sys.argv[2]))
    sys.setrecursionlimit(RECURSION_LIMIT)
    sys.excepthook = _failed
    from clops_app.adapters.sources import Side
    from clops_app.adapters.thinking import answer_of, language_of, read_settings, read_side, receive, send
    from clops_app.adapters.wire import load, plain
    from clops_app.model.pull import PullRequest
    from clops_app.ports import Entry
    from clops_app.usecases.think_of_pull import Told, think_of_pull

    def ask(question: Json) -> Json:
        send(sys.stdout.buffer, question)
        return receive(sys.stdin.buffer)

    def fetch(name: str) -> bytes:
        return base64.b64decode(load(str, ask({"fetch": name})))

    _warm()
    case = receive(sys.stdin.buffer)
    if not isinstance(case, dict):
        return
    told = load(Told, case["told"])
    if "head" not in case:
        there = load(tuple[Entry, ...], case["settings"])
        send(sys.stdout.buffer, {"answer": language_of(there, load(str, case["commit"]), told, fetch)})
        return
    head, base = (read_side(load(Side, case[side]), fetch) for side in ("head", "base"))
    pull = load(PullRequest, case["pull"])
    settings = read_settings(load(tuple[Entry, ...], case["settings"]), pull, base, fetch)
    writing, proposing = _writing(case["writer"], ask), _proposing(case["writer"], ask)
    thought = think_of_pull(pull, head, base, load(str, case["diff"]), told, writing=writing, proposing=proposing, settings=settings)
    send(sys.stdout.buffer, {"answer": plain(thought.digest)})
    while isinstance(question := receive(sys.stdin.buffer), dict):
        send(sys.stdout.buffer, {"answer": answer_of(thought, question)})


def _writing(name: Json, ask: Callable[[Json], Json]) -> Writing:
    """Who puts the review into words where the team's settings wish it: the model called `name`, which our other end asks."""

    def words(review: Review, pages: Mapping[str, RulePage], question: Question, trees: tuple[SourceTree, ...]) -> Words | None:
        from clops_app.adapters.dictation import Dictated
        from clops_app.language import tr
        from clops_app.review.words import NotWritten
        from clops_app.usecases.write_words import context_of, words_of

        if question.config.ai.provider == "none":
            return None
        if not isinstance(name, str):
            return NotWritten(tr("whoever runs this App lets no model write for this repository"))
        return words_of(Dictated(name, ask), review, pages, context_of(question, *trees), clock=time.monotonic)

    return words


def _proposing(name: Json, ask: Callable[[Json], Json]) -> Proposing:
    """Who proposes patches where the team's settings wish it: as `_writing`, which says why where nobody does."""

    def proposals(reviewed: Reviewed, pages: Mapping[str, RulePage], question: Question, trees: tuple[SourceTree, ...]) -> Review:
        from clops_app.adapters.dictation import Dictated
        from clops_app.usecases.ask_for_patches import with_proposals
        from clops_app.usecases.write_words import context_of

        if question.config.ai.provider == "none" or not isinstance(name, str):
            return reviewed.review
        return with_proposals(Dictated(name, ask), reviewed, pages, context_of(question, *trees), clock=time.monotonic)

    return proposals


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
