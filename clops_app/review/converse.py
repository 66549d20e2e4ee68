"""A conversation that ends: what is new is raised once, what was said stands, what is mended is closed, a person's word is last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clops_app.language import tr, trn
from clops_app.model.draft import CommentEdit, Draft, Hiding, InlineComment, InlineReview, Posted, PostedComment, PostedSummary, SummaryText
from clops_app.model.review import Review
from clops_app.model.source import SourceTree
from clops_app.review.hunks import Hunks, read_diff
from clops_app.review.render.check import SUMMARY_LIMIT, check_run
from clops_app.review.render.links import Links
from clops_app.review.render.markdown.fit import LIMIT
from clops_app.review.render.markdown.headline import MARKER
from clops_app.review.render.markdown.inline import inline_body
from clops_app.review.said import fingerprints_of, has_suggestion, marked_summary, plain, review_mark
from clops_app.review.standing import Standing, closings, standing
from clops_app.review.suggestions import Suggestion, suggestion_of
from clops_app.review.topics import Anchor, Topic, anchor_of, topics_of

# More than about thirty comments in one request were refused as "submitted too quickly", or answered 502 though they
# were stored (src-d/lookout#264). As many are open at once, too: who settles some hears of the next.
MOST_INLINE = 25
# docs.github.com, "Workflow commands", job summaries: 1 MiB a step; more of it, and none is shown.
JOB_SUMMARY_LIMIT = 1_048_576
NO_LINKS = Links()


@dataclass(frozen=True, slots=True)
class _Scene:
    """What everything that is said inline is said with."""

    head: SourceTree
    hunks: Hunks
    links: Links


@dataclass(frozen=True, slots=True)
class _Inline:
    new: tuple[InlineComment, ...]
    edits: tuple[CommentEdit, ...]


def converse(
    review: Review,
    comment_body: str,
    posted: Posted,
    diff_text: str,
    head_tree: SourceTree,
    head_sha: str,
    *,
    failed: bool = False,
    links: Links = NO_LINKS,
) -> Draft:
    """Decide all that is to be said of a review, given what was said. Saying it and conversing again says nothing more.

    `diff_text` is git's diff from the merge base to the head, `head_tree` the head's files, which the findings' lines
    and the patches' edits are in. `failed`: the gate that the team set is shut (`gate_fails`).
    """
    topics = topics_of(finding for finding in review.findings if finding.status == "new")
    ours = tuple(sorted((comment for comment in posted.comments if fingerprints_of(comment.body)), key=lambda comment: comment.id))
    stands = standing(review, topics, ours)
    inline = _inline(topics, stands, _Scene(head_tree, read_diff(diff_text), links), may_resolve=posted.may_resolve)
    closed = closings(ours, stands.over, posted, head_sha)
    summary, doubles = _summary(comment_body, posted.summaries, head_sha)
    shown = comment_body.removeprefix(MARKER).lstrip()
    return Draft(
        head_sha=head_sha,
        summary=summary,
        review=InlineReview(_review_body(len(inline.new), head_sha), inline.new) if inline.new else None,
        edits=(*inline.edits, *closed.edits),
        resolve=closed.resolve,
        hide=(*doubles, *closed.hide),
        check=check_run(
            review, topics, whole(shown, SUMMARY_LIMIT), head_sha, failed=failed, posted=posted.check, may_commit=posted.may_commit
        ),
        job_summary=whole(shown, JOB_SUMMARY_LIMIT),
    )


def whole(body: str, limit: int) -> str:
    """The body, if it has no more than `limit` bytes; else what stands before its first fold or fence, and that it is not all."""
    if len(body.encode()) <= limit:
        return body
    note = tr("Too long to be shown here. `clops review --format json` has all of it.")
    kept: list[str] = []
    for part in body.split("\n\n"):
        if "<details" in part or "```" in part or len("\n\n".join([*kept, part, note]).encode()) > limit:
            break
        kept.append(part)
    return "\n\n".join([*kept, note])


def _summary(body: str, there: Sequence[PostedSummary], head_sha: str) -> tuple[SummaryText | None, tuple[Hiding, ...]]:
    """The sticky comment, if it does not say this already, and the ones too many that two runs at once left."""
    text = marked_summary(whole(body, LIMIT), head_sha)
    if not there:
        return SummaryText(None, text), ()
    first, *others = sorted(there, key=lambda summary: summary.id)
    doubles = tuple(Hiding(other.node_id, "DUPLICATE") for other in others if not other.hidden)
    return None if plain(first.body) == plain(text) else SummaryText(first.id, text), doubles


def _review_body(count: int, head_sha: str) -> str:
    words = trn(
        "ClOps: {count:,} note on the lines of this change. The whole review is in a comment of its own.",
        "ClOps: {count:,} notes on the lines of this change. The whole review is in a comment of its own.",
        count,
    )
    return f"{review_mark(head_sha)}\n{words}"


def _inline(topics: Sequence[Topic], stands: Standing, scene: _Scene, *, may_resolve: bool) -> _Inline:
    """Edits where what we said is no longer so, and new comments on what nobody heard of yet."""
    # Where somebody answered and we may not resolve, what is over stays open, button and all.
    left_open = [one.comment for one in stands.over if one.comment.answered and not may_resolve]
    claimed = [_lines(comment) for comment in (*stands.lasting, *left_open) if has_suggestion(comment.body)]
    edits = _edits(topics, stands, scene, claimed)
    heard = stands.silenced.union(number for _, number in stands.kept)
    room = MOST_INLINE - len(stands.kept) - len(stands.lasting)
    new: list[InlineComment] = []
    for topic in (topic for number, topic in enumerate(topics) if number not in heard):
        anchor = anchor_of(topic.first, scene.hunks) if len(new) < room else None
        if anchor is None:
            continue
        suggestion = _pressable(topic, scene, claimed)
        body = inline_body(topic, suggestion, scene.links)
        if suggestion is not None and has_suggestion(body):
            anchor = _anchor(suggestion)
            claimed.append(anchor)
        start = None if anchor.start_line == anchor.line else anchor.start_line
        new.append(InlineComment(anchor.path, start, anchor.line, body))
    return _Inline(tuple(new), edits)


def _edits(topics: Sequence[Topic], stands: Standing, scene: _Scene, claimed: list[Anchor | None]) -> tuple[CommentEdit, ...]:
    """The comments that are ours to change, where they must. The lines of their suggestions are added to `claimed`."""
    edits = []
    # Who has the button keeps it: the order must come out the same the next time.
    for comment, number in sorted(stands.kept, key=lambda pair: (not has_suggestion(pair[0].body), pair[0].id)):
        suggestion = _pressable(topics[number], scene, claimed)
        here = suggestion if suggestion is not None and _anchor(suggestion) == _lines(comment) else None
        body = inline_body(topics[number], here, scene.links, outdated=comment.line is None)
        if has_suggestion(body):
            claimed.append(_lines(comment))
        if plain(body) != plain(comment.body):
            edits.append(CommentEdit(comment.id, body))
    return tuple(edits)


def _pressable(topic: Topic, scene: _Scene, claimed: Sequence[Anchor | None]) -> Suggestion | None:
    """The topic's patch as a suggestion, unless one for some of the same lines is there: one a line is all GitHub takes."""
    suggestion = None if topic.patch is None else suggestion_of(topic.patch, scene.head, scene.hunks)
    if suggestion is None or any(_meet(suggestion, other) for other in claimed if other is not None):
        return None
    return suggestion


def _meet(one: Suggestion, other: Anchor) -> bool:
    return one.path == other.path and one.start_line <= other.line and other.start_line <= one.line


def _anchor(suggestion: Suggestion) -> Anchor:
    return Anchor(suggestion.path, suggestion.start_line, suggestion.line)


def _lines(comment: PostedComment) -> Anchor | None:
    """The lines that a comment is on now; None for an outdated one."""
    return None if comment.line is None else Anchor(comment.path, comment.start_line or comment.line, comment.line)
