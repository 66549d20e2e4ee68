"""What GitHub announces: one function an occurrence, each making the payload the official schema asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.github.shapes import people, talk, work
from tests.github.state import (
    Account,
    App,
    CheckRun,
    CheckSuite,
    Installation,
    IssueComment,
    Pull,
    Repository,
    Review,
    ReviewComment,
    stamp,
)
from tests.github.tokens import sees

if TYPE_CHECKING:
    from tests.github.hub import Hub

# Which permission an event needs; those not named come to every app (docs: webhook events and payloads).
NEEDS = {
    "pull_request": ("pull_requests",),
    "pull_request_review": ("pull_requests",),
    "pull_request_review_comment": ("pull_requests",),
    "pull_request_review_thread": ("pull_requests",),
    "issue_comment": ("issues", "pull_requests"),
    "check_run": ("checks",),
    "check_suite": ("checks",),
    "push": ("contents",),
}
UNASKED = ("installation", "installation_repositories", "github_app_authorization", "ping")
NOTHING = "0" * 40


def announce(
    hub: Hub, repository: Repository, event: str, action: str | None, fields: dict[str, Any], sender: Account, only: App | None = None
) -> None:
    """Tell every app that is installed here, subscribed and permitted."""
    base = {"action": action} if action else {}
    shown = people.pushed_repository(hub, repository) if event == "push" else people.repository(hub, repository)
    common: dict[str, Any] = {"repository": shown, "sender": people.account(hub, sender)}
    if repository.owner.kind == "Organization":
        common["organization"] = people.organization(hub, repository.owner)
    for one in hub.installations.values():
        if one.removed or one.suspended_at or not sees(one, repository) or (only and one.app is not only):
            continue
        by_default = event in ("check_suite", "check_run") and (only is one.app or action in ("requested", "rerequested"))
        permitted = any(one.permissions.get(name, "none") != "none" for name in NEEDS.get(event, ())) or event not in NEEDS
        if permitted and (by_default or event in one.app.events):
            reference = {"installation": {"id": one.id, "node_id": f"MDIz{one.id}"}}
            hub.outbox.send(one.app, event, action, {**base, **fields, **common, **reference}, one.id, repository.id)


def pull(hub: Hub, repository: Repository, one: Pull, action: str, sender: Account, **more: Any) -> None:
    announce(
        hub, repository, "pull_request", action, {"number": one.number, "pull_request": talk.pull(hub, repository, one), **more}, sender
    )


def issue_comment(hub: Hub, repository: Repository, one: IssueComment, action: str, sender: Account, **more: Any) -> None:
    issue = talk.issue_of(hub, repository, repository.issues[one.number])
    announce(
        hub, repository, "issue_comment", action, {"issue": issue, "comment": talk.issue_comment(hub, repository, one), **more}, sender
    )


def review(hub: Hub, repository: Repository, on: Pull, one: Review, action: str, sender: Account, **more: Any) -> None:
    shown = {"submitted_at": None, **talk.review(hub, repository, on, one), "state": one.state.lower()}
    fields = {"review": shown, "pull_request": talk.pull(hub, repository, on), **more}
    announce(hub, repository, "pull_request_review", action, fields, sender)


def review_comment(hub: Hub, repository: Repository, on: Pull, one: ReviewComment, action: str, sender: Account, **more: Any) -> None:
    fields = {"comment": talk.review_comment(hub, repository, on, one), "pull_request": talk.pull(hub, repository, on), **more}
    announce(hub, repository, "pull_request_review_comment", action, fields, sender)


def thread(hub: Hub, repository: Repository, on: Pull, comments: list[ReviewComment], action: str, sender: Account) -> None:
    shown = [talk.review_comment(hub, repository, on, one) for one in comments]
    fields = {"thread": {"node_id": f"PRRT_{comments[0].id}", "comments": shown}, "pull_request": talk.pull(hub, repository, on)}
    announce(hub, repository, "pull_request_review_thread", action, fields, sender)


def check_run(hub: Hub, repository: Repository, one: CheckRun, action: str, sender: Account, **more: Any) -> None:
    """Created and completed come to all who subscribed; what a person asked for, only to the run's own app."""
    only = one.suite.app if action in ("rerequested", "requested_action") else None
    shown = work.check_run(hub, repository, one)
    status, conclusion = work.suite_state(repository, one.suite)
    whole = work.check_suite(hub, repository, one.suite)
    kept = (
        "after",
        "app",
        "before",
        "created_at",
        "head_branch",
        "head_sha",
        "id",
        "node_id",
        "pull_requests",
        "repository",
        "updated_at",
        "url",
    )
    shown["check_suite"] = {**{name: whole[name] for name in kept}, "status": status, "conclusion": conclusion}
    announce(hub, repository, "check_run", action, {"check_run": shown, **more}, sender, only)


def check_suite(hub: Hub, repository: Repository, one: CheckSuite, action: str, sender: Account) -> None:
    shown = work.check_suite(hub, repository, one)
    del shown["repository"]
    announce(hub, repository, "check_suite", action, {"check_suite": shown}, sender, one.app)


def installed(hub: Hub, one: Installation, action: str, sender: Account) -> None:
    """The installation events, which come to every app unasked."""
    repositories = [_short(repository) for repository in hub.repositories.values() if sees(one, repository)]
    payload: dict[str, Any] = {"action": action, "installation": people.installation(hub, one), "sender": people.account(hub, sender)}
    if action in ("created", "deleted"):
        payload |= {"repositories": repositories, "requester": None} if action == "created" else {"repositories": repositories}
    if one.account.kind == "Organization":
        payload["organization"] = people.organization(hub, one.account)
    hub.outbox.send(one.app, "installation", action, payload, one.id, None)


def installed_repositories(hub: Hub, one: Installation, added: list[Repository], removed: list[Repository], sender: Account) -> None:
    payload = {
        "action": "added" if added else "removed",
        "installation": people.installation(hub, one),
        "repository_selection": "selected",
        "repositories_added": [_short(each) for each in added],
        "repositories_removed": [_short(each) for each in removed],
        "requester": None,
        "sender": people.account(hub, sender),
    }
    hub.outbox.send(one.app, "installation_repositories", str(payload["action"]), payload, one.id, None)


def ping(hub: Hub, app: App) -> None:
    when = stamp(app.created_at)
    config = {"content_type": "json", "insecure_ssl": "0", "secret": "********", "url": app.hook_url or ""}
    hook = {
        "type": "App",
        "id": app.id,
        "name": "web",
        "active": True,
        "events": app.events or ["*"],
        "config": config,
        "updated_at": when,
        "created_at": when,
        "app_id": app.id,
        "deliveries_url": f"{hub.api}/app/hook/deliveries",
    }
    hub.outbox.send(app, "ping", None, {"zen": "Keep it logically awesome.", "hook_id": app.id, "hook": hook}, None, None)


def pushed(hub: Hub, repository: Repository, branch: str, before: str | None, after: str | None, who: Account) -> None:
    """Everything a push sets off: push, synchronize of its pull requests, check suites."""
    git = repository.git
    repository.heads.pop(branch, None) if after is None else repository.heads.update({branch: after})
    forced = bool(before and after and git.merge_base(before, after) != before)
    commits = [git.commit(sha) for sha in git.history(before, after)] if before and after else []
    web = f"{hub.web}/{repository.full_name}"
    fields: dict[str, Any] = {
        "ref": f"refs/heads/{branch}",
        "before": before or NOTHING,
        "after": after or NOTHING,
        "created": before is None,
        "deleted": after is None,
        "forced": forced,
        "base_ref": None,
        "compare": f"{web}/compare/{(before or NOTHING)[:12]}...{(after or NOTHING)[:12]}",
        "commits": [work.pushed_commit(hub, repository, one) for one in commits],
        "head_commit": work.pushed_commit(hub, repository, git.commit(after)) if after else None,
        "pusher": {"name": who.login, "email": f"{who.login}@users.noreply.github.test"},
    }
    announce(hub, repository, "push", None, fields, who)
    for base in hub.repositories.values():
        for one in base.pulls():
            if one.state == "open" and one.head_repository is repository and one.head_ref == branch and after:
                synchronize(hub, base, one, after, who)
    if after:
        request_suites(hub, repository, after, branch, who)


def synchronize(hub: Hub, base: Repository, one: Pull, after: str, who: Account) -> None:
    before, one.head, one.updated_at = one.head, after, hub.clock.now()
    if one.head_repository is not None:
        base.git.fetch(one.head_repository.git.folder, f"refs/heads/{one.head_ref}", f"refs/pull/{one.number}/head")
    one.base = base.git.refs().get(f"refs/heads/{one.base_ref}", one.base)
    pull(hub, base, one, "synchronize", who, before=before, after=after)
    if one.head_repository is not base:
        request_suites(hub, base, after, None, who)


def request_suites(hub: Hub, repository: Repository, head: str, branch: str | None, who: Account) -> None:
    """A check suite for every app with checks: write (docs: using the REST API to interact with checks)."""
    for one in hub.installations.values():
        if not one.removed and sees(one, repository) and one.permissions.get("checks") == "write":
            made, is_new = suite_for(hub, repository, one.app, head, branch)
            if is_new:
                check_suite(hub, repository, made, "requested", who)


def suite_for(hub: Hub, repository: Repository, app: App, head: str, branch: str | None = None) -> tuple[CheckSuite, bool]:
    """The one suite of an app at a commit, and whether it is new."""
    for one in repository.suites.values():
        if one.app is app and one.head == head:
            return one, False
    now = hub.clock.now()
    made = CheckSuite(hub.next_id(), app, head, branch, now, now)
    repository.suites[made.id] = made
    return made, True


def _short(one: Repository) -> dict[str, Any]:
    return {"id": one.id, "node_id": f"R_{one.id}", "name": one.name, "full_name": one.full_name, "private": one.private}
