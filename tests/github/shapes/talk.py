"""Pull requests and what is said in them as GitHub prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.github import placement
from tests.github.git import FileDiff
from tests.github.shapes import people
from tests.github.state import Account, Issue, IssueComment, Pull, Reaction, Repository, Review, ReviewComment, stamp

if TYPE_CHECKING:
    from tests.github.hub import Hub

REACTIONS = ("+1", "-1", "laugh", "confused", "heart", "hooray", "eyes", "rocket")


def association(repository: Repository, who: Account) -> str:
    if who.login == repository.owner.login:
        return "OWNER"
    return {"none": "NONE", "read": "NONE"}.get(repository.role(who), "COLLABORATOR") if who.kind != "Bot" else "NONE"


def label(hub: Hub, repository: Repository, name: str, number: int) -> dict[str, Any]:
    url = f"{hub.api}/repos/{repository.full_name}/labels/{name}"
    return {"id": number, "node_id": f"LA_{number}", "url": url, "name": name, "description": None, "color": "ededed", "default": False}


def labels(hub: Hub, repository: Repository, issue: Issue) -> list[dict[str, Any]]:
    return [label(hub, repository, name, number) for name, number in issue.labels.items()]


def issue_of(hub: Hub, repository: Repository, one: Issue) -> dict[str, Any]:
    """The issue that a pull request also is, as it comes with issue_comment events."""
    url = f"{hub.api}/repos/{repository.full_name}/issues/{one.number}"
    kind = "pull" if isinstance(one, Pull) else "issues"
    html = f"{hub.web}/{repository.full_name}/{kind}/{one.number}"
    shown: dict[str, Any] = {
        "url": url,
        "repository_url": f"{hub.api}/repos/{repository.full_name}",
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "timeline_url": f"{url}/timeline",
        "html_url": html,
        "id": one.id,
        "node_id": f"I_{one.id}",
        "number": one.number,
        "title": one.title,
        "user": people.account(hub, one.user),
        "labels": labels(hub, repository, one),
        "state": one.state,
        "locked": one.locked,
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "comments": sum(each.number == one.number for each in repository.issue_comments.values()),
        "created_at": stamp(one.created_at),
        "updated_at": stamp(one.updated_at),
        "closed_at": stamp(one.closed_at) if one.closed_at else None,
        "author_association": association(repository, one.user),
        "active_lock_reason": None,
        "body": one.body,
        "reactions": reactions(url, []),
        "performed_via_github_app": None,
        "state_reason": None,
    }
    if isinstance(one, Pull):
        pull_url = f"{hub.api}/repos/{repository.full_name}/pulls/{one.number}"
        merged = stamp(one.merged_at) if one.merged_at else None
        shown["draft"] = one.draft
        shown["pull_request"] = {
            "url": pull_url,
            "html_url": html,
            "diff_url": f"{html}.diff",
            "patch_url": f"{html}.patch",
            "merged_at": merged,
        }
    return shown


def _links(url: str, api: str, html: str, one: Pull) -> dict[str, dict[str, str]]:
    issue = f"{api}/issues/{one.number}"
    found = {
        "self": url,
        "html": html,
        "issue": issue,
        "comments": f"{issue}/comments",
        "review_comments": f"{url}/comments",
        "review_comment": f"{api}/pulls/comments{{/number}}",
        "commits": f"{url}/commits",
        "statuses": f"{api}/statuses/{one.head}",
    }
    return {name: {"href": href} for name, href in found.items()}


def pull(hub: Hub, repository: Repository, one: Pull) -> dict[str, Any]:
    """The full form; the contract cuts the simple form of lists from it."""
    api = f"{hub.api}/repos/{repository.full_name}"
    url, html = f"{api}/pulls/{one.number}", f"{hub.web}/{repository.full_name}/pull/{one.number}"
    files = hub.files(repository, one)
    base_tip = repository.heads.get(one.base_ref, one.base)
    merge = hub.merge_commit(repository, one, base_tip) if one.state == "open" else None
    head = one.head_repository
    owner = people.account(hub, repository.owner)
    return {
        "url": url,
        "id": one.id,
        "node_id": f"PR_{one.id}",
        "html_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "issue_url": f"{api}/issues/{one.number}",
        "commits_url": f"{url}/commits",
        "review_comments_url": f"{url}/comments",
        "review_comment_url": f"{api}/pulls/comments{{/number}}",
        "comments_url": f"{api}/issues/{one.number}/comments",
        "statuses_url": f"{api}/statuses/{one.head}",
        "number": one.number,
        "state": one.state,
        "locked": one.locked,
        "title": one.title,
        "user": people.account(hub, one.user),
        "body": one.body,
        "labels": labels(hub, repository, one),
        "milestone": None,
        "active_lock_reason": None,
        "created_at": stamp(one.created_at),
        "updated_at": stamp(one.updated_at),
        "closed_at": stamp(one.closed_at) if one.closed_at else None,
        "merged_at": stamp(one.merged_at) if one.merged_at else None,
        "merge_commit_sha": merge,
        "assignee": None,
        "assignees": [],
        "requested_reviewers": [],
        "requested_teams": [],
        "head": {
            "label": one.head_label,
            "ref": one.head_ref,
            "sha": one.head,
            "user": people.account(hub, head.owner) if head else people.account(hub, one.user),
            "repo": people.repository(hub, head) if head else None,
        },
        "base": {
            "label": f"{repository.owner.login}:{one.base_ref}",
            "ref": one.base_ref,
            "sha": one.base,
            "user": owner,
            "repo": people.repository(hub, repository),
        },
        "_links": _links(url, api, html, one),
        "author_association": association(repository, one.user),
        "auto_merge": None,
        "draft": one.draft,
        "merged": one.merged_at is not None,
        "mergeable": None if one.state != "open" else merge is not None,
        "rebaseable": None,
        "mergeable_state": "unknown" if one.state != "open" else "clean" if merge else "dirty",
        "merged_by": None,
        "comments": sum(each.number == one.number for each in repository.issue_comments.values()),
        "review_comments": len(one.comments),
        "maintainer_can_modify": one.maintainer_can_modify,
        "commits": len(hub.commits(repository, one)),
        "additions": sum(file.additions for file in files),
        "deletions": sum(file.deletions for file in files),
        "changed_files": len(files),
    }


def file(hub: Hub, repository: Repository, commit: str, one: FileDiff) -> dict[str, Any]:
    web = f"{hub.web}/{repository.full_name}"
    shown = {
        "sha": one.blob,
        "filename": one.path,
        "status": one.status,
        "additions": one.additions,
        "deletions": one.deletions,
        "changes": one.additions + one.deletions,
        "blob_url": f"{web}/blob/{commit}/{one.path}",
        "raw_url": f"{web}/raw/{commit}/{one.path}",
        "contents_url": f"{hub.api}/repos/{repository.full_name}/contents/{one.path}?ref={commit}",
    }
    if one.patch is not None:
        shown["patch"] = one.patch
    if one.previous is not None:
        shown["previous_filename"] = one.previous
    return shown


def reactions(url: str, found: list[Reaction]) -> dict[str, Any]:
    counts = {name: sum(one.content == name for one in found) for name in REACTIONS}
    return {"url": f"{url}/reactions", "total_count": len(found), **counts}


def reaction(hub: Hub, one: Reaction) -> dict[str, Any]:
    user = people.account(hub, one.user)
    return {"id": one.id, "node_id": f"REA_{one.id}", "user": user, "content": one.content, "created_at": stamp(one.created_at)}


def issue_comment(hub: Hub, repository: Repository, one: IssueComment) -> dict[str, Any]:
    api = f"{hub.api}/repos/{repository.full_name}"
    url = f"{api}/issues/comments/{one.id}"
    kind = "pull" if isinstance(repository.issues[one.number], Pull) else "issues"
    return {
        "url": url,
        "html_url": f"{hub.web}/{repository.full_name}/{kind}/{one.number}#issuecomment-{one.id}",
        "issue_url": f"{api}/issues/{one.number}",
        "id": one.id,
        "node_id": f"IC_{one.id}",
        "user": people.account(hub, one.user),
        "created_at": stamp(one.created_at),
        "updated_at": stamp(one.updated_at),
        "author_association": association(repository, one.user),
        "body": one.body,
        "reactions": reactions(url, one.reactions),
        "performed_via_github_app": people.app(hub, one.app) if one.app else None,
    }


def review(hub: Hub, repository: Repository, on: Pull, one: Review) -> dict[str, Any]:
    html = f"{hub.web}/{repository.full_name}/pull/{on.number}#pullrequestreview-{one.id}"
    url = f"{hub.api}/repos/{repository.full_name}/pulls/{on.number}"
    shown = {
        "id": one.id,
        "node_id": f"PRR_{one.id}",
        "user": people.account(hub, one.user),
        "body": one.body,
        "state": one.state,
        "html_url": html,
        "pull_request_url": url,
        "author_association": association(repository, one.user),
        "_links": {"html": {"href": html}, "pull_request": {"href": url}},
        "commit_id": one.commit,
    }
    if one.submitted_at:
        shown["submitted_at"] = stamp(one.submitted_at)
    return shown


def review_comment(hub: Hub, repository: Repository, on: Pull, one: ReviewComment) -> dict[str, Any]:
    api = f"{hub.api}/repos/{repository.full_name}"
    url, pull_url = f"{api}/pulls/comments/{one.id}", f"{api}/pulls/{on.number}"
    html = f"{hub.web}/{repository.full_name}/pull/{on.number}#discussion_r{one.id}"
    now = hub.place_now(repository, on, one)
    shown = {
        "url": url,
        "pull_request_review_id": one.review,
        "id": one.id,
        "node_id": f"PRRC_{one.id}",
        "diff_hunk": one.hunk,
        "path": one.anchor.path,
        "commit_id": one.commit if now is None else on.head,
        "original_commit_id": one.commit,
        "user": people.account(hub, one.user),
        "body": one.body,
        "created_at": stamp(one.created_at),
        "updated_at": stamp(one.updated_at),
        "html_url": html,
        "pull_request_url": pull_url,
        "author_association": association(repository, one.user),
        "_links": {"self": {"href": url}, "html": {"href": html}, "pull_request": {"href": pull_url}},
        "reactions": reactions(url, one.reactions),
        "start_line": now.start_line if now else None,
        "original_start_line": one.anchor.start_line,
        "start_side": one.anchor.start_side,
        "line": now.line if now else None,
        "original_line": one.anchor.line,
        "side": one.anchor.side,
        "position": _position(hub, repository, on, now),
        "original_position": one.position,
        "subject_type": "file" if one.whole_file else "line",
    }
    if one.reply_to is not None:
        shown["in_reply_to_id"] = one.reply_to
    return shown


def _position(hub: Hub, repository: Repository, on: Pull, now: placement.Anchor | None) -> int | None:
    if now is None or now.line is None:
        return None
    patch = next((one.patch for one in hub.files(repository, on) if one.path == now.path), None)
    return placement.commentable(patch)[now.side, now.line].position if patch else None
