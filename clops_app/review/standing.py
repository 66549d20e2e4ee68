"""What becomes of the comments that stand: kept up to date, left to the people who talk there, or closed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clops_app.model.draft import CommentEdit, Hiding, Posted, PostedComment
from clops_app.model.review import Review
from clops_app.review.render.markdown.inline import closing_body
from clops_app.review.said import Ending, ending_of, fingerprint_token, fingerprints_of, state_of
from clops_app.review.topics import Topic
from clops_app.review.verdict import essential


@dataclass(frozen=True, slots=True)
class Over:
    """An open comment that has nothing more to say. `reason`: why somebody dismissed what it is about."""

    comment: PostedComment
    ending: Ending
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Our comments by what becomes of them; topics are numbers into the topics that were asked about.

    `kept` are ours to edit, one a topic. `silenced` topics are a person's: dismissed, or being talked about.
    `lasting` are open and stay as they are.
    """

    kept: tuple[tuple[PostedComment, int], ...]
    silenced: frozenset[int]
    lasting: tuple[PostedComment, ...]
    over: tuple[Over, ...]


@dataclass(frozen=True, slots=True)
class Closings:
    edits: tuple[CommentEdit, ...]
    resolve: tuple[str, ...]
    hide: tuple[Hiding, ...]


def standing(review: Review, topics: Sequence[Topic], comments: Sequence[PostedComment]) -> Standing:
    """Sort our comments. One that is about no new finding any more is over, but for what may only not have been seen."""
    by_token = {fingerprint_token(finding.fingerprint): number for number, topic in enumerate(topics) for finding in topic.findings}
    silenced: set[int] = set()
    kept: dict[int, PostedComment] = {}
    lasting: list[PostedComment] = []
    over: list[Over] = []
    # Those that are not ours to change come first: they stand, so what they are about is said.
    for comment in sorted(comments, key=lambda comment: (_ours_to_change(comment), comment.id)):
        about = sorted({by_token[token] for token in fingerprints_of(comment.body) if token in by_token})
        state = state_of(comment)
        if state == "dismissed" or (state == "open" and comment.answered and about):
            silenced.update(about)
            lasting += [comment] if state == "open" else []
        elif state == "open" and about:
            free = next((number for number in about if number not in silenced and number not in kept), None)
            if free is None:
                over.append(Over(comment, "duplicate"))
            else:
                kept[free] = comment
        elif state == "open":
            end = _end(review, comment)
            if end is None:
                lasting.append(comment)
            else:
                over.append(end)
    return Standing(tuple((comment, number) for number, comment in kept.items()), frozenset(silenced), tuple(lasting), tuple(over))


def closings(comments: Sequence[PostedComment], over: Sequence[Over], posted: Posted, head_sha: str) -> Closings:
    """Close what is over: say so in the comment, then resolve its thread, or minimise it where we may not resolve.

    Where somebody answered, nothing is changed or hidden above their words; the thread is resolved at most.
    """
    told = (one for one in over if not one.comment.answered)
    edits = tuple(CommentEdit(one.comment.id, closing_body(one.comment.body, one.ending, head_sha, one.reason)) for one in told)
    resolve: list[str] = []
    hide: list[Hiding] = []
    for comment, ending in (*((one.comment, one.ending) for one in over), *_half_closed(comments)):
        if posted.may_resolve and comment.thread_id and ending != "duplicate":
            resolve.append(comment.thread_id)
        elif not comment.answered:
            hide.append(Hiding(comment.node_id, "DUPLICATE" if ending == "duplicate" else "RESOLVED"))
    return Closings(edits, tuple(resolve), tuple(hide))


def _half_closed(comments: Sequence[PostedComment]) -> Iterator[tuple[PostedComment, Ending]]:
    """What we said is over but lies open still: publishing was cut short between the two."""
    for comment in comments:
        ending = ending_of(comment.body)
        if ending is not None and not (comment.answered or comment.hidden or comment.resolved != "no"):
            yield comment, ending


def _ours_to_change(comment: PostedComment) -> bool:
    return state_of(comment) == "open" and not comment.answered


def _end(review: Review, comment: PostedComment) -> Over | None:
    """Why a comment about no new finding is over. None: it was there before this change, or not everything was read."""
    tokens = frozenset(fingerprints_of(comment.body))
    if any(finding.status == "existing" and fingerprint_token(finding.fingerprint) in tokens for finding in review.findings):
        return None
    dismissed = next((reason for finding, reason in review.ignored if fingerprint_token(finding.fingerprint) in tokens), None)
    if dismissed is not None:
        return Over(comment, "dismissed", dismissed)
    return None if any(essential(diagnostic) for diagnostic in review.diagnostics) else Over(comment, "fixed")
