"""Comments: in the conversation and at lines, with replies and reactions."""

from __future__ import annotations

from typing import Any

from tests.github import events, placement
from tests.github.calls import Answer, Call, Route, page
from tests.github.contracts import error_bodies
from tests.github.limits import long_body
from tests.github.routes.reviews import diff_at, new_comment, pending_of, submitted
from tests.github.shapes import talk
from tests.github.state import IssueComment, Pull, Reaction, Refused, Review, ReviewComment, stamp

SINGLE_DOCUMENTATION = "https://docs.github.com/rest/pulls/comments#create-a-review-comment-for-a-pull-request"
READ, WRITE = ("pull_requests=read",), ("pull_requests=write",)
TALK_READ, TALK_WRITE = ("issues=read", "pull_requests=read"), ("issues=write", "pull_requests=write")


def _blank(resource: str) -> Refused:
    error = {"resource": resource, "code": "missing_field", "field": "body"}
    return Refused(
        422, {"message": "Validation Failed", "errors": [error], "documentation_url": "https://docs.github.com/rest", "status": "422"}
    )


def _own(call: Call, user: Any) -> None:
    """Words are changed by who wrote them, or by people with write access."""
    person = (
        call.caller.kind == "user" and call.caller.account and call.repository.role(call.caller.account) in ("write", "maintain", "admin")
    )
    if user is not call.caller.account and not person:
        raise Refused(403, error_bodies()["integration.forbidden"]["body"])


# The conversation


def list_talk(call: Call) -> Answer:
    one = call.hub.issue(call.repository, call.number("issue_number"))
    since = call.query.get("since", "")
    found = [each for each in call.repository.issue_comments.values() if each.number == one.number and stamp(each.updated_at) >= since]
    return page(call, found, lambda each: talk.issue_comment(call.hub, call.repository, each))


def say(call: Call) -> Answer:
    hub, on = call.hub, call.hub.issue(call.repository, call.number("issue_number"))
    if not call.body["body"].strip():
        raise _blank("IssueComment")
    long_body("IssueComment", call.body["body"])
    now = hub.clock.now()
    made = IssueComment(hub.next_id(), on.number, call.account, call.body["body"], call.app, now, now)
    call.repository.issue_comments[made.id] = made
    on.updated_at = now
    events.issue_comment(hub, call.repository, made, "created", call.account)
    return Answer(201, talk.issue_comment(hub, call.repository, made))


def _said(call: Call) -> IssueComment:
    return call.hub.issue_comment(call.repository, call.number("comment_id"))


def show_said(call: Call) -> Answer:
    return Answer(200, talk.issue_comment(call.hub, call.repository, _said(call)))


def change_said(call: Call) -> Answer:
    one = _said(call)
    _own(call, one.user)
    if not call.body["body"].strip():
        raise _blank("IssueComment")
    long_body("IssueComment", call.body["body"])
    before, one.body, one.updated_at = one.body, call.body["body"], call.hub.clock.now()
    events.issue_comment(call.hub, call.repository, one, "edited", call.account, changes={"body": {"from": before}})
    return Answer(200, talk.issue_comment(call.hub, call.repository, one))


def unsay(call: Call) -> Answer:
    one = _said(call)
    _own(call, one.user)
    events.issue_comment(call.hub, call.repository, one, "deleted", call.account)
    del call.repository.issue_comments[one.id]
    return Answer(204)


def _react(call: Call, found: list[Reaction]) -> Answer:
    """201 for a new reaction, 200 for one that was already there."""
    content = call.body["content"]
    known = next((one for one in found if one.user is call.account and one.content == content), None)
    if known:
        return Answer(200, talk.reaction(call.hub, known))
    made = Reaction(call.hub.next_id(), call.account, content, call.hub.clock.now())
    found.append(made)
    return Answer(201, talk.reaction(call.hub, made))


def react_to_said(call: Call) -> Answer:
    return _react(call, _said(call).reactions)


def list_reactions(call: Call) -> Answer:
    found = [one for one in _said(call).reactions if call.query.get("content") in (None, one.content)]
    return page(call, found, lambda one: talk.reaction(call.hub, one))


# At lines


def list_comments(call: Call) -> Answer:
    on = call.hub.pull(call.repository, call.number("pull_number"))
    found = submitted(call.repository, on)
    found.sort(key=lambda one: one.updated_at if call.query.get("sort") == "updated" else one.created_at)
    if call.query.get("direction") == "desc":
        found.reverse()
    return page(call, found, lambda one: talk.review_comment(call.hub, call.repository, on, one))


def _refuse(kind: str) -> Refused:
    errors = placement.single_errors(kind)
    return Refused(422, {"message": "Validation Failed", "errors": errors, "documentation_url": SINGLE_DOCUMENTATION, "status": "422"})


def create_comment(call: Call) -> Answer:
    hub, body = call.hub, call.body
    on = hub.pull(call.repository, call.number("pull_number"))
    if body.get("in_reply_to") is not None:
        return _reply(call, on, body["in_reply_to"])
    if not body["body"].strip():
        raise _blank("PullRequestReviewComment")
    long_body("PullRequestReviewComment", body["body"])
    placed = diff_at(call, on, body["commit_id"])
    if placed is None:
        raise _refuse("commit")
    commit, files = placed
    if body.get("subject_type") == "file":
        if body["path"] not in files:
            raise _refuse("path")
    else:
        if body.get("start_line") is not None and not body.get("start_side"):
            raise _refuse("order")  # the misleading message of B.1-6
        if fault := placement.fault(files, body):
            raise _refuse(fault)
    made = Review(hub.next_id(), call.account, "", "COMMENTED", commit, hub.clock.now(), call.app)
    comment = new_comment(call, on, made, body, files)
    return _stored(call, on, made, comment)


def _stored(call: Call, on: Pull, made: Review, comment: ReviewComment) -> Answer:
    on.reviews[made.id] = made
    on.comments[comment.id] = comment
    on.updated_at = call.hub.clock.now()
    events.review_comment(call.hub, call.repository, on, comment, "created", call.account)
    return Answer(201, talk.review_comment(call.hub, call.repository, on, comment))


def reply(call: Call) -> Answer:
    on = call.hub.pull(call.repository, call.number("pull_number"))
    return _reply(call, on, call.number("comment_id"))


def _reply(call: Call, on: Pull, to: int) -> Answer:
    hub = call.hub
    if to not in on.comments:
        raise Refused(404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"})
    first = on.comments[to]
    if first.reply_to is not None:  # B.1-17
        raise Refused(
            422, {"message": "Validation Failed", "errors": [_not_top()], "documentation_url": SINGLE_DOCUMENTATION, "status": "422"}
        )
    if pending_of(on, call.account):
        raise Refused(422, error_bodies()["comment.pending_blocks_reply"]["body"])
    long_body("PullRequestReviewComment", call.body["body"])
    now = hub.clock.now()
    made = Review(hub.next_id(), call.account, "", "COMMENTED", first.commit, now, call.app)
    comment = ReviewComment(
        hub.next_id(),
        made.id,
        call.account,
        call.body["body"],
        first.anchor,
        first.commit,
        first.base,
        first.hunk,
        first.position,
        now,
        now,
        first.id,
        whole_file=first.whole_file,
    )
    return _stored(call, on, made, comment)


def _not_top() -> dict[str, str]:
    return {"resource": "PullRequestReviewComment", "code": "invalid", "field": "in_reply_to"}


def _one(call: Call) -> tuple[Pull, ReviewComment]:
    on, one = call.hub.review_comment(call.repository, call.number("comment_id"))
    if on.reviews[one.review].state == "PENDING" and one.user is not call.caller.account:
        raise Refused(404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"})
    return on, one


def show_comment(call: Call) -> Answer:
    on, one = _one(call)
    return Answer(200, talk.review_comment(call.hub, call.repository, on, one))


def change_comment(call: Call) -> Answer:
    on, one = _one(call)
    _own(call, one.user)
    long_body("PullRequestReviewComment", call.body["body"])
    before, one.body, one.updated_at = one.body, call.body["body"], call.hub.clock.now()
    events.review_comment(call.hub, call.repository, on, one, "edited", call.account, changes={"body": {"from": before}})
    return Answer(200, talk.review_comment(call.hub, call.repository, on, one))


def delete_comment(call: Call) -> Answer:
    on, one = _one(call)
    _own(call, one.user)
    events.review_comment(call.hub, call.repository, on, one, "deleted", call.account)
    del on.comments[one.id]
    return Answer(204)


def react_to_comment(call: Call) -> Answer:
    return _react(call, _one(call)[1].reactions)


_R = "/repos/{owner}/{repo}"
_SAID = f"{_R}/issues/comments/{{comment_id}}"
_LINE = f"{_R}/pulls/comments/{{comment_id}}"
ROUTES = (
    Route("GET", f"{_R}/issues/{{issue_number}}/comments", list_talk, TALK_READ),
    Route("POST", f"{_R}/issues/{{issue_number}}/comments", say, TALK_WRITE, content=True),
    Route("GET", _SAID, show_said, TALK_READ),
    Route("PATCH", _SAID, change_said, TALK_WRITE, content=True),
    Route("DELETE", _SAID, unsay, TALK_WRITE),
    Route("GET", f"{_SAID}/reactions", list_reactions, TALK_READ),
    Route("POST", f"{_SAID}/reactions", react_to_said, ("issues=write",)),
    Route("GET", f"{_R}/pulls/{{pull_number}}/comments", list_comments, READ),
    Route("POST", f"{_R}/pulls/{{pull_number}}/comments", create_comment, WRITE, content=True),
    Route("POST", f"{_R}/pulls/{{pull_number}}/comments/{{comment_id}}/replies", reply, WRITE, content=True),
    Route("GET", _LINE, show_comment, READ),
    Route("PATCH", _LINE, change_comment, WRITE, content=True),
    Route("DELETE", _LINE, delete_comment, WRITE),
    Route("POST", f"{_LINE}/reactions", react_to_comment, WRITE),
)
