"""Writes keep their distance: GitHub asks for one a second, and stops who makes many at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

# docs.github.com, "Best practices for using the REST API": wait at least one second between requests that write.
_EVERY = 1.0
_AT_ONCE = 3  # ours: a first review is a comment, a review and a check run


class Pace:
    """Shared by all who write with one bearer; safe between threads."""

    def __init__(self, now: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep) -> None:
        self._now = now
        self._sleep = sleep
        self._lock = threading.Lock()
        self._due = 0.0

    def wait(self) -> None:
        """Wait until a write may go: the first few at once, then one a second."""
        with self._lock:
            now = self._now()
            due = max(self._due, now)
            self._due = due + _EVERY
        delay = due - now - (_AT_ONCE - 1) * _EVERY
        if delay > 0:
            self._sleep(delay)
