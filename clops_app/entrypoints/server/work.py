"""A job of the queue is done with the real GitHub and the real thinker, counted, and told to the team where it talks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

import structlog

from clops_app.entrypoints.server.metrics import Metrics
from clops_app.model.job import Job
from clops_app.ports import AnnounceError, Announcer, ForgeError, Forges, Thinker, ThinkingFailed
from clops_app.usecases.handle_job import Handled, handle_job, report_failure

log = structlog.get_logger("clops.work")


@dataclass(frozen=True, slots=True)
class Work:
    """`log_id` gives the id that this run of the job is known by; `rule_pages` is the address of a rule's page with `{rule}` in it."""

    forges: Forges
    thinker: Thinker
    announcers: tuple[Announcer, ...]
    metrics: Metrics
    log_id: Callable[[], str]
    rule_pages: str = ""

    def handle(self, job: Job) -> None:
        """Raises ForgeError and ThinkingFailed, which the queue knows what to do about."""
        began = monotonic()
        told = log.bind(delivery=job.delivery, repository=job.repository, number=job.number, log_id=self.log_id())
        try:
            handled = handle_job(job, self.forges, self.thinker, self.rule_pages)
        except (ForgeError, ThinkingFailed) as error:
            self.metrics.done(job.kind, type(error).__name__, monotonic() - began)
            raise
        seconds = monotonic() - began
        self.metrics.done(handled.what, handled.state, seconds)
        told.info("handled", what=handled.what, outcome=handled.state, seconds=round(seconds, 3))
        self._announce(handled)

    def gave_up(self, job: Job, log_id: str) -> None:
        """Raises ForgeError."""
        log.error("gave up", delivery=job.delivery, repository=job.repository, number=job.number, log_id=log_id)
        report_failure(job, self.forges, log_id)

    def _announce(self, handled: Handled) -> None:
        outcome = handled.outcome
        if outcome is None or outcome.digest is None or outcome.state != "published":
            return
        for announcer in self.announcers:
            try:
                announcer.announce(outcome.pull, outcome.digest)
            except AnnounceError as error:
                log.warning("not announced", reason=str(error))
