"""What happened is counted, and read out in Prometheus's format; no label holds what a stranger can invent."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from clops_app import __version__
from clops_app.adapters.queue.table import Stats
from clops_app.model.writing import Spent
from clops_app.ports import QueueError

# Every event that an App can be sent is a label of its own only when we do something about it.
EVENTS = frozenset(
    {"pull_request", "issue_comment", "check_run", "check_suite", "installation", "installation_repositories", "ping", "unverified"}
)
_SECONDS = (0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600)


class Metrics:
    """One process's figures, in a registry of their own."""

    def __init__(self, stats: Callable[[], Stats]) -> None:
        self._registry = CollectorRegistry()
        self._deliveries = Counter("clops_deliveries", "Deliveries by event and outcome.", ("event", "outcome"), registry=self._registry)
        self._redelivered = Counter("clops_redeliveries", "Failed deliveries that were asked for again.", registry=self._registry)
        self._jobs = Counter("clops_jobs", "Jobs that came to an end.", ("what", "outcome"), registry=self._registry)
        self._seconds = Histogram("clops_job_seconds", "Seconds a job took.", ("what",), buckets=_SECONDS, registry=self._registry)
        self._words = Counter("clops_words", "Answers of a model.", ("provider", "model", "outcome"), registry=self._registry)
        self._tokens = Counter("clops_words_tokens", "Tokens of answers.", ("provider", "model", "direction"), registry=self._registry)
        self._usd = Counter(
            "clops_words_usd", "US dollars, of models whose price is known.", ("provider", "model"), registry=self._registry
        )
        self._registry.register(_Now(stats))

    def delivered(self, event: str, outcome: str) -> None:
        self._deliveries.labels(event if event in EVENTS else "other", outcome).inc()

    def redelivered(self, count: int) -> None:
        self._redelivered.inc(count)

    def done(self, what: str, outcome: str, seconds: float) -> None:
        self._jobs.labels(what, outcome).inc()
        self._seconds.labels(what).observe(seconds)

    def worded(self, spent: Spent) -> None:
        provider, model = _named(spent.model)
        self._words.labels(provider, model, "said").inc()
        self._tokens.labels(provider, model, "in").inc(spent.input_tokens)
        self._tokens.labels(provider, model, "out").inc(spent.output_tokens)
        self._usd.labels(provider, model).inc(float(spent.usd or 0))

    def unworded(self, name: str) -> None:
        """`name` as an Assistant gives it."""
        self._words.labels(*_named(name), "unsaid").inc()

    def text(self) -> bytes:
        """The exposition; the queue is asked now."""
        return generate_latest(self._registry)


def _named(writer: str) -> tuple[str, str]:
    """The provider and its model; both are the operator's choice."""
    provider, _, model = writer.partition(": ")
    return provider, model


class _Now(Collector):
    """What is looked up at the moment of reading."""

    def __init__(self, stats: Callable[[], Stats]) -> None:
        self._stats = stats

    def collect(self) -> Iterator[GaugeMetricFamily]:
        info = GaugeMetricFamily("clops_info", "Versions.", labels=("version", "python"))
        info.add_metric((__version__, platform.python_version()), 1)
        yield info
        up = GaugeMetricFamily("clops_queue_up", "Whether the queue answers.")
        try:
            now = self._stats()
        except QueueError:
            up.add_metric((), 0)
            yield up
            return
        up.add_metric((), 1)
        yield up
        jobs = GaugeMetricFamily("clops_queue_jobs", "Jobs by state.", labels=("state",))
        for state, count in (("waiting", now.waiting), ("running", now.running), ("failed", now.failed)):
            jobs.add_metric((state,), count)
        yield jobs
        age = GaugeMetricFamily("clops_queue_oldest_seconds", "Age of the job that has waited longest.")
        age.add_metric((), now.oldest_waiting_s or 0)
        yield age
