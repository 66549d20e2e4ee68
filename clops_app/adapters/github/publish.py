"""A draft is said part by part, each once; what we may not say is left out and told of.

What becomes of a refused review (422), so that no words are doubled and no run repeats itself for ever:

- A review of ours that was begun and never submitted blocks every other (max-sixty/tend#1171): it is deleted first.
- One comment outside the diff has GitHub refuse the whole review, and now and then keep its body alone, which nobody can
  delete (max-sixty/tend, skills/review). Its comments are not stored in either case. If the head moved, that was the
  reason, and Unsure has the caller look again. If not, the comments are posted one by one, so each is placed or refused
  by itself, and what is refused is told of: the summary has it all the same.
- Where the body alone of a review for this very commit stands already, comments are posted one by one from the start.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from clops_app.adapters.github.client import Client
from clops_app.adapters.github.failures import Refused
from clops_app.adapters.github.posted import CHECK_NAME
from clops_app.language import tr, tr_noop, trn
from clops_app.model.draft import Annotation, CheckRun, CommentEdit, Draft, Hiding, InlineComment, InlineReview, SummaryText
from clops_app.model.pull import PullRequest
from clops_app.ports import NotAllowed, NotThere, TryLater, Unsure
from clops_app.review.said import plain, review_mark

_PULL = "/repos/{repository}/pulls/{number}"
_MOST_REFUSED = 5  # ours: repeated errors may get an app banned (docs.github.com, "Best practices for using the REST API")
_RESOLVE = "mutation Resolve($id: ID!) { resolveReviewThread(input: {threadId: $id}) { clientMutationId } }"
_HIDE = """
mutation Hide($id: ID!, $classifier: ReportedContentClassifiers!) {
  minimizeComment(input: {subjectId: $id, classifier: $classifier}) { clientMutationId }
}
"""


def publish(client: Client, pull: PullRequest, draft: Draft, login: str) -> tuple[str, ...]:
    """Say a draft; sentences on what was left unsaid. Raises Unsure where it must be looked at again before it is said again."""
    parts = _parts(client, pull, draft, login)
    told: list[str] = []
    refused: list[str] = []
    for name, say in parts:
        try:
            told += say()
        except NotAllowed as error:
            refused.append(tr("{what} could not be written, for lack of a permission. {error}", what=tr(name), error=error))
        except NotThere as error:
            raise Unsure(f"{error} Something that was to be changed is gone: look again.") from error
    if len(refused) == len(parts) > 1:
        why = refused[0]
        return (tr("Nothing could be written: the token may only read here, as with pull requests from forks. {why}", why=why),)
    return (*told, *refused)


def _parts(client: Client, pull: PullRequest, draft: Draft, login: str) -> list[tuple[str, Callable[[], Sequence[str]]]]:
    """What there is to say, in the order in which it is said, each with its name for people."""
    summary, review, check = draft.summary, draft.review, draft.check
    parts: list[tuple[str, Callable[[], Sequence[str]]]] = []
    if summary is not None:
        parts.append((tr_noop("The summary"), lambda: _summary(client, pull, summary)))
    if review is not None:
        parts.append((tr_noop("The notes on lines"), lambda: _review(client, pull, review, draft.head_sha, login)))
    if draft.edits:
        parts.append((tr_noop("Some changes of older notes"), lambda: _edits(client, draft.edits)))
    if draft.resolve:
        parts.append((tr_noop("That some threads are resolved"), lambda: _resolve(client, draft.resolve)))
    if draft.hide:
        parts.append((tr_noop("That some notes are outdated"), lambda: _hide(client, draft.hide)))
    if check is not None:
        parts.append((tr_noop("The check"), lambda: _check(client, check, draft.head_sha)))
    return parts


def _summary(client: Client, pull: PullRequest, summary: SummaryText) -> Sequence[str]:
    if summary.id is None:
        client.write("POST", "/repos/{repository}/issues/{number}/comments", {"body": summary.body}, number=pull.number)
    else:
        client.write("PATCH", "/repos/{repository}/issues/comments/{id}", {"body": summary.body}, id=summary.id)
    return ()


def _review(client: Client, pull: PullRequest, review: InlineReview, head_sha: str, login: str) -> Sequence[str]:
    orphaned = False
    for one in client.pages(f"{_PULL}/reviews", number=pull.number):
        if one["state"] == "PENDING":  # only its author is shown it
            client.write("DELETE", f"{_PULL}/reviews/{{id}}", number=pull.number, id=one["id"])
        elif not orphaned and _is_for(one, head_sha, login):
            orphaned = not any(client.pages(f"{_PULL}/reviews/{{id}}/comments", number=pull.number, id=one["id"]))
    if orphaned:
        return _one_by_one(client, pull, review.comments, head_sha)
    comments = [_placed(comment) for comment in review.comments]
    body = {"commit_id": head_sha, "event": "COMMENT", "body": review.body, "comments": comments}
    try:
        client.write("POST", f"{_PULL}/reviews", body, number=pull.number)
    except Refused as refused:
        if refused.status != 422:
            raise
        if "pending review" in refused.words:
            raise TryLater(f"{refused} Another review of ours is being written.", 5.0) from refused
        if client.get(_PULL, number=pull.number)["head"]["sha"] != head_sha:
            raise Unsure(f"{refused} The head moved meanwhile: look again.") from refused
        return _one_by_one(client, pull, review.comments, head_sha)
    return ()


def _is_for(review: Any, head_sha: str, login: str) -> bool:
    """Whether a review is one of ours for this commit."""
    ours = (review.get("user") or {}).get("login", "").lower() == login.lower()
    return ours and plain(review.get("body") or "").split("\n")[0] == review_mark(head_sha)


def _one_by_one(client: Client, pull: PullRequest, comments: Sequence[InlineComment], head_sha: str) -> Sequence[str]:
    placed = refused = 0
    for comment in comments:
        try:
            client.write("POST", f"{_PULL}/comments", {**_placed(comment), "commit_id": head_sha}, number=pull.number)
            placed += 1
        except Refused as error:
            refused += 1
            if error.status != 422 or refused == _MOST_REFUSED:
                break
    left = len(comments) - placed
    if not left:
        return ()
    return (
        trn(
            "GitHub refused {count:,} note on the lines of this change; the summary has what they say.",
            "GitHub refused {count:,} notes on the lines of this change; the summary has what they say.",
            left,
        ),
    )


def _placed(comment: InlineComment) -> dict[str, Any]:
    """RIGHT is the head's file, context lines included; a range is refused without `start_side` (PyGithub/PyGithub#3294)."""
    at = {"path": comment.path, "body": comment.body, "line": comment.line, "side": "RIGHT"}
    return at if comment.start_line is None else {**at, "start_line": comment.start_line, "start_side": "RIGHT"}


def _edits(client: Client, edits: Sequence[CommentEdit]) -> Sequence[str]:
    for edit in edits:
        client.write("PATCH", "/repos/{repository}/pulls/comments/{id}", {"body": edit.body}, id=edit.id)
    return ()


def _resolve(client: Client, threads: Sequence[str]) -> Sequence[str]:
    for thread in threads:
        client.graphql("Resolve", _RESOLVE, {"id": thread}, writes=True)
    return ()


def _hide(client: Client, hidings: Sequence[Hiding]) -> Sequence[str]:
    for hiding in hidings:
        client.graphql("Hide", _HIDE, {"id": hiding.node_id, "classifier": hiding.classifier}, writes=True)
    return ()


def _check(client: Client, check: CheckRun, head_sha: str) -> Sequence[str]:
    """The run with its first annotations, then the others: each request adds to those that are there (OA:checks/update)."""
    first, *more = check.batches or ((),)
    run: dict[str, Any] = {
        "name": CHECK_NAME,
        "external_id": check.external_id,
        "status": "completed",
        "conclusion": check.conclusion,
        "output": _output(check, first),
        "actions": [{"label": one.label, "description": one.description, "identifier": one.identifier} for one in check.buttons],
    }
    one = "/repos/{repository}/check-runs/{id}"
    if check.id is None:
        run_id = client.write("POST", "/repos/{repository}/check-runs", {**run, "head_sha": head_sha})["id"]
    else:
        run_id = check.id
        client.write("PATCH", one, run, id=run_id)
    for batch in more:
        client.write("PATCH", one, {"output": _output(check, batch)}, id=run_id)
    return ()


def _output(check: CheckRun, annotations: Sequence[Annotation]) -> dict[str, Any]:
    listed = [
        {
            "path": one.path,
            "start_line": one.start_line,
            "end_line": one.end_line,
            "annotation_level": one.level,
            "title": one.title,
            "message": one.message,
        }
        for one in annotations
    ]
    return {"title": check.title, "summary": check.summary, "annotations": listed}
