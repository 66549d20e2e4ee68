"""What GitHub told us that something is to be done about, small enough to be kept until it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Said:
    """A comment on a pull request that speaks to us. `text` is no more than a command can be long."""

    comment: int
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Job:
    """A pull request is to be reviewed, or (`said`) a command to be answered.

    `delivery` is the event's own id, the same however often it is sent. `number` None: the pull request is the one whose
    head is `head_sha` (checks of forks name no pull request). `installation` is the App's, 0 without one.
    """

    delivery: str
    kind: Literal["review", "command"]
    installation: int
    repository: str
    number: int | None
    head_sha: str = ""
    said: Said | None = None

    @property
    def subject(self) -> str:
        """What only one job at a time may be about."""
        return f"{self.repository}#{self.number or self.head_sha}".lower()
