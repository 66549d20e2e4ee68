"""Reviews: all of their comments are placed, or none is and nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.github import events, placement
from tests.github.calls import Answer, Call, Route, page
from tests.github.contracts import error_bodies
from tests.github.git import FileDiff
from tests.github.limits import BODY_CHARACTERS
from tests.github.shapes import talk
from tests.github.state import Account, Pull, Refused, Repository, Review, ReviewComment, not_found

STATES = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}
DOCUMENTATION = "https://docs.github.com/rest/pulls/reviews#create-a-review-for-a-pull-request"
READ, WRITE = ("pull_requests=read",), ("pull_requests=write",)


def unprocessable(message: str) -> Refused:
    body = {"message": "Unprocessable Entity", "errors": [message], "documentation_url": DOCUMENTATION, "status": "422"}
    return Refused(422, body)


def too_long() -> Refused:
    """Errors of reviews are plain strings (OA:pulls/create-review, validation-error-simple)."""
    return unprocessable(f"Body is too long (maximum is {BODY_CHARACTERS} characters)")


def _pull(call: Call) -> Pull:
    return call.hub.pull(call.repository, call.number("pull_number"))


def _review(call: Call, on: Pull) -> Review:
    one = call.hub.review(on, call.number("review_id"))
    if one.state == "PENDING" and one.user is not call.caller.account:
        raise not_found()
    return one


def pending_of(on: Pull, who: Account | None) -> Review | None:
    return next((one for one in on.reviews.values() if one.state == "PENDING" and one.user is who), None)


def _seen(call: Call, on: Pull) -> list[Review]:
    return [one for one in on.reviews.values() if one.state != "PENDING" or one.user is call.caller.account]


def list_reviews(call: Call) -> Answer:
    on = _pull(call)
    return page(call, _seen(call, on), lambda one: talk.review(call.hub, call.repository, on, one))


def show_review(call: Call) -> Answer:
    on = _pull(call)
    return Answer(200, talk.review(call.hub, call.repository, on, _review(call, on)))


def diff_at(call: Call, on: Pull, commit: str | None) -> tuple[str, dict[str, FileDiff]] | None:
    """The commit a comment is for and its files; None when it is not part of the pull request (B.1-8)."""
    head = commit or on.head
    if head not in call.hub.commits(call.repository, on):
        return None
    return head, {one.path: one for one in call.hub.files(call.repository, on, head)}


def new_comment(call: Call, on: Pull, review: Review, entry: Mapping[str, Any], files: Mapping[str, FileDiff]) -> ReviewComment:
    """A placed comment, not yet stored."""
    now = call.hub.clock.now()
    patch = files[entry["path"]].patch or ""
    whole = entry.get("subject_type") == "file"
    anchor = placement.Anchor(entry["path"]) if whole else placement.anchor_of(entry, patch)
    position = None if whole or anchor.line is None else placement.commentable(patch)[anchor.side, anchor.line].position
    hunk = placement.hunk_text(patch, position) if position is not None else ""
    base = call.hub.merge_base(call.repository, on, review.commit)
    return ReviewComment(
        call.hub.next_id(), review.id, call.account, entry["body"], anchor, review.commit, base, hunk, position, now, now, whole_file=whole
    )


def create_review(call: Call) -> Answer:
    hub, on, body = call.hub, _pull(call), call.body or {}
    event, text = body.get("event"), body.get("body") or ""
    entries = body.get("comments") or []
    if pending_of(on, call.account):
        raise Refused(422, error_bodies()["review.pending_exists"]["body"])
    check_verdict(call, on, event, text)
    if any(len(each) > BODY_CHARACTERS for each in (text, *(entry["body"] for entry in entries))):
        raise too_long()
    placed = diff_at(call, on, body.get("commit_id"))
    if placed is None:
        raise unprocessable("Commit oid is not part of the pull request")
    commit, files = placed
    wording = placement.REVIEW_OLD if hub.old_errors else placement.REVIEW_2026
    broken = next((fault for entry in entries if (fault := placement.fault(files, entry))), None)
    now = hub.clock.now()
    state = STATES[event] if event else "PENDING"
    made = Review(hub.next_id(), call.account, text, state, commit, now if event else None, call.app)
    if broken is not None:
        if hub.faults.take("POST", call.path, "orphan"):
            on.reviews[made.id] = made
        raise unprocessable(wording[broken])
    comments = [new_comment(call, on, made, entry, files) for entry in entries]
    on.reviews[made.id] = made
    on.comments |= {one.id: one for one in comments}
    on.updated_at = now
    if event:
        _announce(call, on, made)
    return Answer(200, talk.review(hub, call.repository, on, made))


def check_verdict(call: Call, on: Pull, event: str | None, text: str) -> None:
    """The author may only comment (B.1-14); a comment or a request for changes needs words (B.1-13)."""
    if event == "APPROVE" and on.user is call.caller.account:
        raise Refused(422, error_bodies()["review.own_pr_approve"]["body"])
    if event == "REQUEST_CHANGES" and on.user is call.caller.account:
        raise Refused(422, error_bodies()["review.own_pr_request_changes"]["body"])
    if event in ("COMMENT", "REQUEST_CHANGES") and not text.strip():
        raise unprocessable("Body can't be blank")


def _announce(call: Call, on: Pull, made: Review) -> None:
    events.review(call.hub, call.repository, on, made, "submitted", call.account)
    for one in on.comments.values():
        if one.review == made.id:
            events.review_comment(call.hub, call.repository, on, one, "created", call.account)


def update_review(call: Call) -> Answer:
    on = _pull(call)
    one = _review(call, on)
    if one.user is not call.caller.account:
        raise Refused(422, {"message": "You can only edit your own review", "documentation_url": DOCUMENTATION, "status": "422"})
    if len(call.body["body"]) > BODY_CHARACTERS:
        raise too_long()
    before, one.body = one.body, call.body["body"]
    events.review(call.hub, call.repository, on, one, "edited", call.account, changes={"body": {"from": before}})
    return Answer(200, talk.review(call.hub, call.repository, on, one))


def delete_review(call: Call) -> Answer:
    on = _pull(call)
    one = _review(call, on)
    if one.state != "PENDING":
        message = "Can not delete a non-pending pull request review"
        raise Refused(422, {"message": message, "documentation_url": DOCUMENTATION, "status": "422"})
    shown = talk.review(call.hub, call.repository, on, one)
    del on.reviews[one.id]
    for comment in [each for each in on.comments.values() if each.review == one.id]:
        del on.comments[comment.id]
    return Answer(200, shown)


def submit_review(call: Call) -> Answer:
    on = _pull(call)
    one = _review(call, on)
    if one.state != "PENDING":
        raise unprocessable("The pull request review is not pending")
    text = call.body.get("body") or one.body
    check_verdict(call, on, call.body["event"], text)
    one.body, one.state, one.submitted_at = text, STATES[call.body["event"]], call.hub.clock.now()
    _announce(call, on, one)
    return Answer(200, talk.review(call.hub, call.repository, on, one))


def dismiss_review(call: Call) -> Answer:
    on = _pull(call)
    one = _review(call, on)
    if one.state not in ("APPROVED", "CHANGES_REQUESTED"):
        raise unprocessable("Can not dismiss a commented pull request review")
    one.state = "DISMISSED"
    events.review(call.hub, call.repository, on, one, "dismissed", call.account)
    return Answer(200, talk.review(call.hub, call.repository, on, one))


def comments_of_review(call: Call) -> Answer:
    on = _pull(call)
    one = _review(call, on)
    found = [each for each in on.comments.values() if each.review == one.id]
    return page(call, found, lambda each: talk.review_comment(call.hub, call.repository, on, each))


def submitted(repository: Repository, on: Pull) -> list[ReviewComment]:
    """Comments all may see: none of a pending review."""
    return [one for one in on.comments.values() if on.reviews[one.review].state != "PENDING"]


_ALL = "/repos/{owner}/{repo}/pulls/{pull_number}/reviews"
_ONE = f"{_ALL}/{{review_id}}"
ROUTES = (
    Route("GET", _ALL, list_reviews, READ),
    Route("POST", _ALL, create_review, WRITE, content=True),
    Route("GET", _ONE, show_review, READ),
    Route("PUT", _ONE, update_review, WRITE, content=True),
    Route("DELETE", _ONE, delete_review, WRITE),
    Route("GET", f"{_ONE}/comments", comments_of_review, READ),
    Route("PUT", f"{_ONE}/dismissals", dismiss_review, WRITE),
    Route("POST", f"{_ONE}/events", submit_review, WRITE, content=True),
)
