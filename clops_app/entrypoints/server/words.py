"""A model is asked for the repositories that the operator pays for, and which one is the operator's word; whether is the team's as well."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypeVar

import structlog

from clops_app.adapters.writer.agent import Pair
from clops_app.adapters.writer.writers import writer_for
from clops_app.entrypoints.server.metrics import Metrics
from clops_app.entrypoints.server.settings import Settings
from clops_app.model.pull import PullRequest
from clops_app.model.writing import Prompt, Proposal, Rewording, Spent, Writing
from clops_app.ports import Assistant, WriterError
from clops_app.usecases.errors import ConfigError

T = TypeVar("T")
log = structlog.get_logger("clops.words")


@dataclass(frozen=True, slots=True)
class Counted:
    """The Assistant that a pair is, its answers counted with what they took; where one fails the reason is logged, which quotes nothing."""

    pair: Pair
    metrics: Metrics

    @property
    def name(self) -> str:
        return self.pair.name

    def write(self, prompt: Prompt, seconds: float) -> tuple[Writing, Spent]:
        return self._counted("no words", self.pair.strong.name, lambda: self.pair.write(prompt, seconds))

    def reword(self, prompt: Prompt, seconds: float) -> tuple[tuple[Rewording, ...], Spent]:
        return self._counted("no words", self.pair.fast.name, lambda: self.pair.reword(prompt, seconds))

    def propose(self, prompt: Prompt, seconds: float, complaints: tuple[str, ...] = ()) -> tuple[tuple[Proposal, ...], Spent]:
        return self._counted("no proposals", self.pair.strong.name, lambda: self.pair.propose(prompt, seconds, complaints))

    def _counted(self, failure: str, name: str, ask: Callable[[], tuple[T, Spent]]) -> tuple[T, Spent]:
        try:
            said, spent = ask()
        except WriterError as error:
            self.metrics.unworded(name)
            log.warning(failure, reason=str(error))
            raise
        self.metrics.worded(spent)
        return said, spent


def writer_of(settings: Settings, environment: Mapping[str, str], metrics: Metrics) -> Callable[[PullRequest], Assistant | None]:
    """Who may be asked about a pull request. Raises ConfigError where CLOPS_AI asks for what the environment cannot give."""
    if settings.ai == "none" or settings.workers == 0:
        return lambda _: None
    try:
        choice = writer_for(settings.ai, environment)
    except ConfigError as error:
        raise ConfigError(tuple(f"CLOPS_AI: {fault}" for fault in error.faults)) from None
    if choice.writer is None:
        raise ConfigError((f"CLOPS_AI: {choice.why}",))
    log.info("a model writes", why=choice.why)
    writer = Counted(choice.writer, metrics)
    globs = tuple(glob.strip().lower() for glob in settings.ai_repositories.split(",") if glob.strip())
    return lambda pull: writer if not globs or any(fnmatchcase(pull.repository.lower(), glob) for glob in globs) else None
