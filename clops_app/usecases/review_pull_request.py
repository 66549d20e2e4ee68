"""A pull request is read, thought through and answered, once: said again, nothing is added; overtaken by a push, nothing is said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from clops_app.language import speaking
from clops_app.model.draft import CheckRun, Draft
from clops_app.model.pull import Digest, PullRequest
from clops_app.ports import PullRequests, Thinker, Thought

State = Literal["published", "unchanged", "overtaken", "closed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a review. `unsaid`: sentences on what we were not allowed to say, in the language of the review."""

    state: State
    pull: PullRequest
    digest: Digest | None = None
    unsaid: tuple[str, ...] = ()


def review_pull_request(requests: PullRequests, thinker: Thinker, number: int) -> Outcome:
    """Review the head as it is now. Raises ForgeError and ThinkingFailed; after Unsure and TryLater, later is the time to ask again."""
    pull = requests.read(number)
    if pull.state == "closed":
        return Outcome("closed", pull)
    with thinker.think(pull, requests) as thought:
        return speak(requests, pull, thought)


def speak(requests: PullRequests, pull: PullRequest, thought: Thought) -> Outcome:
    """Say what is to be said of a thought, unless a push overtook it."""
    if requests.read(pull.number).head_sha != pull.head_sha:
        return Outcome("overtaken", pull)
    draft = thought.draft(requests.posted(pull))
    if not _says_something(draft):
        return Outcome("unchanged", pull, thought.digest)
    with speaking(thought.digest.language):
        unsaid = requests.publish(pull, draft)
    if not unsaid and _creates(draft):
        _tidy(requests, pull, thought)
    return Outcome("published", pull, thought.digest, unsaid)


def failure_of(pull: PullRequest, log_id: str) -> Draft:
    """The sign that a review came to no end: a check that blocks nobody. In English: what failed may be the reading of the settings."""
    summary = (
        "ClOps could not finish this review. It is not your code's fault, and this check blocks nothing.\n\n"
        f"Push again, re-run this check or comment `/clops review` to try anew. Log id: `{log_id}`"
    )
    check = CheckRun(None, f"failed-{log_id}", "neutral", "ClOps failed, not you", summary, ())
    return Draft(pull.head_sha, None, None, (), (), (), check, "")


def _tidy(requests: PullRequests, pull: PullRequest, thought: Thought) -> None:
    """Close what is there twice because another run said it in the same moment. Nothing is created: what was just said may not show yet."""
    draft = thought.draft(requests.posted(pull))
    doubles = replace(draft, summary=None, review=None, check=None)
    if _says_something(doubles):
        requests.publish(pull, doubles)


def _creates(draft: Draft) -> bool:
    return draft.review is not None or (draft.summary is not None and draft.summary.id is None)


def _says_something(draft: Draft) -> bool:
    return any((draft.summary, draft.review, draft.edits, draft.resolve, draft.hide, draft.check))
