"""What can be made to go wrong: answers in the handler's place, after it, late, or never."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Fault:
    """One thing that goes wrong with the next `times` requests whose method and path match."""

    method: str
    path: str  # a regular expression searched in the path
    times: int
    kind: str  # instead | after | late | drop | orphan | tarball
    status: int = 502
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    content: bytes = b""


class Faults:
    """The faults waiting for their request; each is used up as often as it was asked for."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def take(self, method: str, path: str, *kinds: str) -> Fault | None:
        for one in self.waiting:
            if one.kind in kinds and one.times > 0 and one.method in ("*", method) and re.search(one.path, path):
                one.times -= 1
                return one
        return None

    def instead(
        self, method: str, path: str, status: int, body: Any = None, *, headers: dict[str, str] | None = None, times: int = 1
    ) -> None:
        """Answer this and do nothing."""
        self.waiting.append(Fault(method, path, times, "instead", status, body, headers or {}))

    def after_store(self, method: str, path: str, status: int = 502, *, times: int = 1) -> None:
        """Do what was asked, then answer 5xx (src-d/lookout#264)."""
        self.waiting.append(Fault(method, path, times, "after", status, {"message": "Server Error"}))

    def late(self, method: str, path: str, seconds: float, *, times: int = 1) -> None:
        """Answer only after so many seconds; nothing is done before."""
        self.waiting.append(Fault(method, path, times, "late", seconds=seconds))

    def drop(self, method: str, path: str, *, times: int = 1) -> None:
        """Do what was asked and close the connection without an answer."""
        self.waiting.append(Fault(method, path, times, "drop"))

    def orphan_body(self, *, times: int = 1) -> None:
        """Of the next refused review, keep the body (max-sixty/tend, skills/review: large diffs)."""
        self.waiting.append(Fault("POST", r"/pulls/\d+/reviews$", times, "orphan"))

    def tarball(self, content: bytes, *, times: int = 1) -> None:
        """Serve these bytes as the next archive: what a hostile repository might hold."""
        self.waiting.append(Fault("GET", r"/_codeload/", times, "tarball", content=content))
