"""All that will be said on a pull request, and all that was said before, are two values; publishing is making one of the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["notice", "warning", "failure"]
Conclusion = Literal["success", "neutral", "failure"]
Resolved = Literal["no", "by_us", "by_person"]
Classifier = Literal["RESOLVED", "DUPLICATE"]


@dataclass(frozen=True, slots=True)
class SummaryText:
    """The sticky comment. `id` is the comment to be edited; None: it is to be created."""

    id: int | None
    body: str


@dataclass(frozen=True, slots=True)
class InlineComment:
    """A new comment on lines of the head's file (the diff's right side). `line` is the last; `start_line` None for one line."""

    path: str
    start_line: int | None
    line: int
    body: str


@dataclass(frozen=True, slots=True)
class InlineReview:
    """Comments to be posted in one request, all or none. `body` is there because GitHub wants one."""

    body: str
    comments: tuple[InlineComment, ...]


@dataclass(frozen=True, slots=True)
class CommentEdit:
    """A new body for an inline comment of ours."""

    id: int
    body: str


@dataclass(frozen=True, slots=True)
class Hiding:
    """A comment of ours to be minimised; `node_id` is its GraphQL id."""

    node_id: str
    classifier: Classifier


@dataclass(frozen=True, slots=True)
class Annotation:
    """Plain text on lines of the head, wherever they are: annotations need not be in the diff."""

    path: str
    start_line: int
    end_line: int
    level: Level
    title: str
    message: str


@dataclass(frozen=True, slots=True)
class Button:
    """What a person may press at a check run; `identifier` comes back to us when somebody did."""

    label: str
    description: str
    identifier: str


@dataclass(frozen=True, slots=True)
class CheckRun:
    """A check run, completed. `id` is the one to be changed; None: it is to be created.

    `external_id` is the same for the same words on the same commit. `batches`: the annotations not yet there, so many
    as one request may hold; the first goes with the conclusion, each other one is added by a request of its own.
    """

    id: int | None
    external_id: str
    conclusion: Conclusion
    title: str
    summary: str
    batches: tuple[tuple[Annotation, ...], ...]
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything we will say for the commit `head_sha`. None and empty: there is nothing to say that was not said.

    `resolve` are GraphQL ids of threads. `job_summary` is for the run's own page, new with every run.
    """

    head_sha: str
    summary: SummaryText | None
    review: InlineReview | None
    edits: tuple[CommentEdit, ...]
    resolve: tuple[str, ...]
    hide: tuple[Hiding, ...]
    check: CheckRun | None
    job_summary: str


@dataclass(frozen=True, slots=True)
class PostedSummary:
    """A sticky comment of ours. More than one is there when two runs met."""

    id: int
    node_id: str
    body: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class PostedComment:
    """An inline comment of ours that begins a thread, as it is now.

    `line` is None when the comment is outdated. `answered`: somebody else wrote in the thread. `hidden`: it is
    minimised. `thread_id` is the GraphQL id of its thread, "" where that could not be read.
    """

    id: int
    node_id: str
    thread_id: str
    body: str
    path: str
    line: int | None
    start_line: int | None = None
    answered: bool = False
    hidden: bool = False
    resolved: Resolved = "no"


@dataclass(frozen=True, slots=True)
class PostedCheck:
    """Our newest check run on the very commit that the draft is for. `annotations`: how many it has."""

    id: int
    external_id: str
    completed: bool
    annotations: int


@dataclass(frozen=True, slots=True)
class Posted:
    """What we said on this pull request before; nobody else's comments. `may_resolve`: we are allowed to resolve threads.

    `may_commit`: somebody listens to the buttons of our check runs, and may commit what they ask for.
    """

    summaries: tuple[PostedSummary, ...] = ()
    comments: tuple[PostedComment, ...] = ()
    check: PostedCheck | None = None
    may_resolve: bool = False
    may_commit: bool = False
