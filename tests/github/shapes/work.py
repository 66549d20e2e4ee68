"""Commits, checks and webhook deliveries as GitHub prints them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.github.git import Commit
from tests.github.shapes import people
from tests.github.state import CheckRun, CheckSuite, Delivery, Repository, stamp

if TYPE_CHECKING:
    from tests.github.hub import Hub

UNSIGNED = {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}


def moment(epoch: int) -> str:
    return stamp(datetime.fromtimestamp(epoch, UTC))


def _people(one: Commit) -> tuple[dict[str, str], dict[str, str]]:
    author = {"name": one.author, "email": one.author_email, "date": moment(one.author_time)}
    return author, {"name": one.committer, "email": one.committer_email, "date": moment(one.committer_time)}


def git_commit(hub: Hub, repository: Repository, one: Commit) -> dict[str, Any]:
    api, web = f"{hub.api}/repos/{repository.full_name}/git", f"{hub.web}/{repository.full_name}"
    author, committer = _people(one)
    parents = [{"sha": sha, "url": f"{api}/commits/{sha}", "html_url": f"{web}/commit/{sha}"} for sha in one.parents]
    return {
        "sha": one.sha,
        "node_id": f"C_{one.sha}",
        "url": f"{api}/commits/{one.sha}",
        "html_url": f"{web}/commit/{one.sha}",
        "author": author,
        "committer": committer,
        "tree": {"sha": one.tree, "url": f"{api}/trees/{one.tree}"},
        "message": one.message.rstrip("\n"),
        "parents": parents,
        "verification": UNSIGNED,
    }


def commit(hub: Hub, repository: Repository, one: Commit) -> dict[str, Any]:
    api, web = f"{hub.api}/repos/{repository.full_name}", f"{hub.web}/{repository.full_name}"
    author, committer = _people(one)
    url = f"{api}/commits/{one.sha}"
    by = hub.account_of_email(one.author_email)
    return {
        "url": url,
        "sha": one.sha,
        "node_id": f"C_{one.sha}",
        "html_url": f"{web}/commit/{one.sha}",
        "comments_url": f"{url}/comments",
        "commit": {
            "url": f"{api}/git/commits/{one.sha}",
            "author": author,
            "committer": committer,
            "message": one.message.rstrip("\n"),
            "comment_count": 0,
            "tree": {"sha": one.tree, "url": f"{api}/git/trees/{one.tree}"},
            "verification": UNSIGNED,
        },
        "author": people.account(hub, by) if by else None,
        "committer": people.account(hub, by) if by else None,
        "parents": [{"sha": sha, "url": f"{api}/commits/{sha}", "html_url": f"{web}/commit/{sha}"} for sha in one.parents],
    }


def simple_commit(one: Commit) -> dict[str, Any]:
    author, committer = _people(one)
    person = {"name": author["name"], "email": author["email"]}
    who = {"name": committer["name"], "email": committer["email"]}
    when = committer["date"]
    return {"id": one.sha, "tree_id": one.tree, "message": one.message.rstrip("\n"), "timestamp": when, "author": person, "committer": who}


def pushed_commit(hub: Hub, repository: Repository, one: Commit) -> dict[str, Any]:
    files = repository.git.diff(one.parents[0], one.sha) if one.parents else ()
    by_status = {name: [file.path for file in files if file.status == name] for name in ("added", "removed", "modified")}
    url = f"{hub.web}/{repository.full_name}/commit/{one.sha}"
    return {**simple_commit(one), "url": url, "distinct": True, **by_status}


def linked_pulls(hub: Hub, repository: Repository, head: str) -> list[dict[str, Any]]:
    """The open pull requests of this repository's own branches at this head: empty for forks (B.5-8)."""
    api = f"{hub.api}/repos/{repository.full_name}"
    reference = {"id": repository.id, "url": api, "name": repository.name}
    return [
        {
            "url": f"{api}/pulls/{one.number}",
            "id": one.id,
            "number": one.number,
            "head": {"ref": one.head_ref, "sha": one.head, "repo": reference},
            "base": {"ref": one.base_ref, "sha": one.base, "repo": reference},
        }
        for one in repository.pulls()
        if one.head == head and one.state == "open" and one.head_repository is repository
    ]


def check_run(hub: Hub, repository: Repository, one: CheckRun) -> dict[str, Any]:
    api = f"{hub.api}/repos/{repository.full_name}"
    url, html = f"{api}/check-runs/{one.id}", f"{hub.web}/{repository.full_name}/runs/{one.id}"
    output = {name: one.output.get(name) for name in ("title", "summary", "text")}
    return {
        "id": one.id,
        "name": one.name,
        "node_id": f"CR_{one.id}",
        "head_sha": one.head,
        "external_id": one.external_id,
        "url": url,
        "html_url": html,
        "details_url": one.details_url or html,
        "status": one.status,
        "conclusion": one.conclusion,
        "started_at": stamp(one.started_at),
        "completed_at": stamp(one.completed_at) if one.completed_at else None,
        "output": {**output, "annotations_count": len(one.annotations), "annotations_url": f"{url}/annotations"},
        "check_suite": {"id": one.suite.id},
        "app": people.app(hub, one.suite.app),
        "pull_requests": linked_pulls(hub, repository, one.head),
    }


def suite_state(repository: Repository, one: CheckSuite) -> tuple[str, str | None]:
    """What a suite says: queued without runs, completed when all are, then the worst conclusion."""
    runs = [run for run in repository.runs.values() if run.suite is one]
    if not runs:
        return "queued", None
    if any(run.status != "completed" for run in runs):
        return "in_progress", None
    for worst in ("failure", "timed_out", "cancelled", "action_required", "stale", "neutral", "skipped"):
        if any(run.conclusion == worst for run in runs):
            return "completed", worst
    return "completed", "success"


def check_suite(hub: Hub, repository: Repository, one: CheckSuite) -> dict[str, Any]:
    url = f"{hub.api}/repos/{repository.full_name}/check-suites/{one.id}"
    status, conclusion = suite_state(repository, one)
    head = repository.git.commit(one.head)
    return {
        "id": one.id,
        "node_id": f"CS_{one.id}",
        "head_branch": one.branch,
        "head_sha": one.head,
        "status": status,
        "conclusion": conclusion,
        "url": url,
        "before": head.parents[0] if head.parents else None,
        "after": one.head,
        "pull_requests": linked_pulls(hub, repository, one.head),
        "app": people.app(hub, one.app),
        "repository": people.repository(hub, repository),
        "created_at": stamp(one.created_at),
        "updated_at": stamp(one.updated_at),
        "head_commit": simple_commit(head),
        "latest_check_runs_count": sum(run.suite is one for run in repository.runs.values()),
        "check_runs_url": f"{url}/check-runs",
        "rerequestable": True,
        "runs_rerequestable": True,
    }


def annotation(hub: Hub, repository: Repository, run: CheckRun, one: dict[str, Any]) -> dict[str, Any]:
    blob = f"{hub.web}/{repository.full_name}/blob/{run.head}/{one['path']}"
    optional = {name: one.get(name) for name in ("start_column", "end_column", "title", "raw_details")}
    return {**one, **optional, "blob_href": blob}


def delivery(one: Delivery, *, whole: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": one.id,
        "guid": one.guid,
        "delivered_at": stamp(one.delivered_at or one.created_at),
        "redelivery": one.redelivery,
        "duration": round(one.duration, 2),
        "status": one.status,
        "status_code": one.status_code,
        "event": one.event,
        "action": one.action,
        "installation_id": one.installation,
        "repository_id": one.repository,
        "throttled_at": None,
    }
    if whole:
        shown["url"] = one.app.hook_url or ""
        shown["request"] = {"headers": one.request_headers, "payload": json.loads(one.body)}
        shown["response"] = {"headers": one.response_headers, "payload": one.response_body}
    return shown
