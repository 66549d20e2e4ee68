"""The remembered as GraphQL objects: mappings from field to value, or to a function of the field's arguments."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from graphql import GraphQLError

from tests.github.hub import Hub
from tests.github.routes.reviews import submitted
from tests.github.state import Account, IssueComment, Pull, Repository, Review, ReviewComment, stamp
from tests.github.tokens import Caller, allowed, visible

T = TypeVar("T")
PAGE_LIMIT = 100  # docs: rate limits and query limits for the GraphQL API, "Node limit"


@dataclass(frozen=True)
class Viewer:
    hub: Hub
    caller: Caller


def connection(items: Sequence[T], show: Callable[[T], Any]) -> Callable[..., Any]:
    """A connection; `first` or `last` is demanded, at most a hundred (GitHub's GraphQL limits)."""

    def run(first: int | None = None, last: int | None = None, after: str | None = None, before: str | None = None, **_: Any) -> Any:
        if first is None and last is None:
            raise GraphQLError("You must provide a `first` or `last` value to properly paginate the connection.")
        if max(first or 0, last or 0) > PAGE_LIMIT:
            raise GraphQLError(f"Requesting {first or last} records on the connection exceeds the `first` limit of {PAGE_LIMIT} records.")
        start = _index(after) + 1 if after else 0
        end = _index(before) if before else len(items)
        if first is not None:
            end = min(end, start + first)
        elif last is not None:
            start = max(start, end - last)
        nodes = [show(one) for one in items[start:end]]
        cursors = [_cursor(number) for number in range(start, start + len(nodes))]
        info = {
            "hasNextPage": end < len(items),
            "hasPreviousPage": start > 0,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        }
        edges = [{"node": one, "cursor": cursor} for one, cursor in zip(nodes, cursors, strict=True)]
        return {"nodes": nodes, "edges": edges, "pageInfo": info, "totalCount": len(items)}

    return run


def _cursor(number: int) -> str:
    return base64.b64encode(f"cursor:v2:{number}".encode()).decode()


def _index(cursor: str) -> int:
    try:
        return int(base64.b64decode(cursor).decode().rpartition(":")[2])
    except ValueError as error:
        raise GraphQLError(f"`{cursor}` does not appear to be a valid cursor.") from error


def actor(viewer: Viewer, one: Account) -> dict[str, Any]:
    """A bot's login has no [bot] here, unlike in REST."""
    login = one.login.removesuffix("[bot]")
    url = f"{viewer.hub.web}/{'apps/' if one.kind == 'Bot' else ''}{login}"
    return {
        "__typename": one.kind,
        "id": f"U_{one.id}",
        "databaseId": one.id,
        "login": login,
        "url": url,
        "avatarUrl": lambda **_: f"{url}.png",
    }


def repository_object(viewer: Viewer, one: Repository) -> dict[str, Any]:
    def by_number(number: int) -> Any:
        found = one.issues.get(number)
        if not isinstance(found, Pull):
            raise GraphQLError(f"Could not resolve to a PullRequest with the number of {number}.")
        if not allowed(viewer.caller, one, "pull_requests", "read"):
            raise GraphQLError("Resource not accessible by integration")
        return pull_request(viewer, one, found)

    return {
        "__typename": "Repository",
        "id": f"R_{one.id}",
        "databaseId": one.id,
        "name": one.name,
        "nameWithOwner": one.full_name,
        "owner": actor(viewer, one.owner),
        "isPrivate": one.private,
        "url": f"{viewer.hub.web}/{one.full_name}",
        "pullRequest": by_number,
    }


def pull_request(viewer: Viewer, repository: Repository, one: Pull) -> dict[str, Any]:
    talk = [each for each in repository.issue_comments.values() if each.number == one.number]
    # their author is shown the comments of a review that is not submitted yet (schema: PullRequestReviewCommentState)
    own = [each for each in one.comments.values() if one.reviews[each.review].state == "PENDING" and each.user is viewer.caller.account]
    firsts = [each for each in (*submitted(repository, one), *own) if each.reply_to is None]
    reviews = [each for each in one.reviews.values() if each.state != "PENDING" or each.user is viewer.caller.account]
    return {
        "__typename": "PullRequest",
        "id": f"PR_{one.id}",
        "databaseId": one.id,
        "number": one.number,
        "title": one.title,
        "body": one.body,
        "url": f"{viewer.hub.web}/{repository.full_name}/pull/{one.number}",
        "state": "MERGED" if one.merged_at else one.state.upper(),
        "isDraft": one.draft,
        "author": actor(viewer, one.user),
        "headRefName": one.head_ref,
        "headRefOid": one.head,
        "baseRefName": one.base_ref,
        "baseRefOid": one.base,
        "isCrossRepository": one.head_repository is not repository,
        "createdAt": stamp(one.created_at),
        "updatedAt": stamp(one.updated_at),
        "repository": lambda: repository_object(viewer, repository),
        "comments": connection(talk, lambda each: issue_comment(viewer, repository, each)),
        "reviews": connection(reviews, lambda each: review(viewer, repository, one, each)),
        "reviewThreads": connection(firsts, lambda each: review_thread(viewer, repository, one, each)),
    }


def _said(viewer: Viewer, one: IssueComment | ReviewComment | Review) -> dict[str, Any]:
    mine = one.user is viewer.caller.account
    return {
        "databaseId": one.id,
        "fullDatabaseId": str(one.id),
        "body": one.body,
        "author": actor(viewer, one.user),
        "isMinimized": one.minimized is not None,
        "minimizedReason": one.minimized,
        "viewerDidAuthor": mine,
    }


def issue_comment(viewer: Viewer, repository: Repository, one: IssueComment) -> dict[str, Any]:
    url = f"{viewer.hub.web}/{repository.full_name}/pull/{one.number}#issuecomment-{one.id}"
    times = {"createdAt": stamp(one.created_at), "updatedAt": stamp(one.updated_at)}
    return {"__typename": "IssueComment", "id": f"IC_{one.id}", "url": url, **times, **_said(viewer, one)}


def review(viewer: Viewer, repository: Repository, on: Pull, one: Review) -> dict[str, Any]:
    comments = [each for each in on.comments.values() if each.review == one.id]
    return {
        "__typename": "PullRequestReview",
        "id": f"PRR_{one.id}",
        "url": f"{viewer.hub.web}/{repository.full_name}/pull/{on.number}#pullrequestreview-{one.id}",
        "state": one.state,
        "submittedAt": stamp(one.submitted_at) if one.submitted_at else None,
        "commit": {"__typename": "Commit", "id": f"C_{one.commit}", "oid": one.commit},
        "comments": connection(comments, lambda each: review_comment(viewer, repository, on, each)),
        **_said(viewer, one),
    }


def review_comment(viewer: Viewer, repository: Repository, on: Pull, one: ReviewComment) -> dict[str, Any]:
    now = viewer.hub.place_now(repository, on, one)
    return {
        "__typename": "PullRequestReviewComment",
        "id": f"PRRC_{one.id}",
        "url": f"{viewer.hub.web}/{repository.full_name}/pull/{on.number}#discussion_r{one.id}",
        "path": one.anchor.path,
        "line": now.line if now else None,
        "startLine": now.start_line if now else None,
        "originalLine": one.anchor.line,
        "originalStartLine": one.anchor.start_line,
        "outdated": now is None,
        "state": "PENDING" if on.reviews[one.review].state == "PENDING" else "SUBMITTED",
        "diffHunk": one.hunk,
        "createdAt": stamp(one.created_at),
        "updatedAt": stamp(one.updated_at),
        "replyTo": (lambda: review_comment(viewer, repository, on, on.comments[one.reply_to])) if one.reply_to in on.comments else None,
        "pullRequestReview": lambda: review(viewer, repository, on, on.reviews[one.review]),
        **_said(viewer, one),
    }


def review_thread(viewer: Viewer, repository: Repository, on: Pull, first: ReviewComment) -> dict[str, Any]:
    now = viewer.hub.place_now(repository, on, first)
    comments = [first, *(one for one in on.comments.values() if one.reply_to == first.id)]
    may = allowed(viewer.caller, repository, "contents", "write")
    return {
        "__typename": "PullRequestReviewThread",
        "id": f"PRRT_{first.id}",
        "isResolved": first.resolved_by is not None,
        "isOutdated": now is None,
        "isCollapsed": first.resolved_by is not None,
        "resolvedBy": actor(viewer, first.resolved_by) if first.resolved_by else None,
        "path": first.anchor.path,
        "line": now.line if now else None,
        "startLine": now.start_line if now else None,
        "originalLine": first.anchor.line,
        "originalStartLine": first.anchor.start_line,
        "diffSide": first.anchor.side,
        "startDiffSide": first.anchor.start_side,
        "subjectType": "FILE" if first.whole_file else "LINE",
        "viewerCanResolve": may and first.resolved_by is None,
        "viewerCanUnresolve": may and first.resolved_by is not None,
        "viewerCanReply": allowed(viewer.caller, repository, "pull_requests", "write"),
        "comments": connection(comments, lambda one: review_comment(viewer, repository, on, one)),
    }


def node(viewer: Viewer, identity: str) -> Any:
    """The object of a node id; null where the caller sees none."""
    kind, _, number = identity.rpartition("_")
    if not number.isdigit():
        return None
    for repository in viewer.hub.repositories.values():
        if not visible(viewer.caller, repository):
            continue
        if kind == "IC" and int(number) in repository.issue_comments:
            return issue_comment(viewer, repository, repository.issue_comments[int(number)])
        for pull in repository.pulls():
            if kind == "PR" and pull.id == int(number):
                return pull_request(viewer, repository, pull)
            if kind == "PRRC" and int(number) in pull.comments:
                return review_comment(viewer, repository, pull, pull.comments[int(number)])
            if kind == "PRRT" and int(number) in pull.comments:
                return review_thread(viewer, repository, pull, pull.comments[int(number)])
            if kind == "PRR" and int(number) in pull.reviews:
                return review(viewer, repository, pull, pull.reviews[int(number)])
    return None
