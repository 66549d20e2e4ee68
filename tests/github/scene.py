"""What people do on GitHub, for tests to say: make repositories, push, open pull requests, install apps, speak."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import ParamSpec, TypeVar

from tests.github import events, git
from tests.github.git import Content
from tests.github.hub import Hub
from tests.github.state import (
    ACTIONS_APP_ID,
    Account,
    App,
    CheckRun,
    Installation,
    Issue,
    IssueComment,
    Pull,
    Repository,
    ReviewComment,
    Token,
    invalid,
)
from tests.github.tokens import key_pair

P = ParamSpec("P")
R = TypeVar("R")
# What the App of this project asks for (README of the contracts, B.4).
MINIMUM = {"metadata": "read", "contents": "read", "pull_requests": "write", "checks": "write"}
SUBSCRIBED = ("pull_request", "issue_comment", "check_run", "pull_request_review_comment")


def _locked(function: Callable[P, R]) -> Callable[P, R]:
    """One thing at a time; the first argument is the hub."""

    @wraps(function)
    def run(*arguments: P.args, **named: P.kwargs) -> R:
        with arguments[0].lock:  # type: ignore[attr-defined]
            return function(*arguments, **named)

    return run


@_locked
def add_repository(
    hub: Hub,
    full_name: str,
    files: Mapping[str, Content],
    *,
    private: bool = False,
    default_branch: str = "main",
    organization: bool = True,
    roles: Mapping[str, str] | None = None,
) -> Repository:
    """A repository with one commit on its default branch; `roles` maps logins to read, triage, write, maintain or admin."""
    owner, _, name = full_name.partition("/")
    account = hub.account(owner, "Organization" if organization else "User")
    folder = git.create(hub.folder / f"{owner}-{name}.git", default_branch)
    made = Repository(hub.next_id(), account, name, private, default_branch, folder, hub.clock.now(), roles=dict(roles or {}))
    for login in made.roles:
        hub.account(login)
    hub.repositories[made.id] = made
    sha = folder.commit_files(default_branch, files, "Begin", parents=(), who=_who(account), when=hub.clock.epoch())
    made.heads[default_branch] = sha
    return made


@_locked
def fork(hub: Hub, parent: Repository, owner: str) -> Repository:
    """A fork in somebody's account, with all branches of the parent."""
    folder = git.create(hub.folder / f"{owner}-{parent.name}.git", parent.default_branch)
    folder.run("fetch", "--quiet", str(parent.git.folder), "+refs/heads/*:refs/heads/*")
    account = hub.account(owner)
    made = Repository(hub.next_id(), account, parent.name, parent.private, parent.default_branch, folder, hub.clock.now(), parent)
    made.heads = dict(parent.heads)
    hub.repositories[made.id] = made
    return made


@_locked
def push(
    hub: Hub,
    repository: Repository,
    branch: str,
    files: Mapping[str, Content],
    *,
    by: str | Account = "ana",
    message: str = "Change",
    onto: str | None = None,
    merging: str | None = None,
) -> str:
    """One commit on a branch and all it sets off; `onto` names another parent, which forces the push. Returns the sha."""
    refs = repository.git.refs()
    before = refs.get(f"refs/heads/{branch}")
    parent = repository.git.resolve(onto) if onto else before or refs[f"refs/heads/{repository.default_branch}"]
    account = hub.account(by) if isinstance(by, str) else by
    parents = [parent or "", *([repository.git.resolve(merging) or ""] if merging else [])]
    after = repository.git.commit_files(branch, files, message, parents=parents, who=_who(account), when=hub.clock.epoch())
    events.pushed(hub, repository, branch, before, after, account)
    return after


@_locked
def notice(hub: Hub) -> None:
    """Announce what was pushed into the bare repositories by git itself."""
    for repository in list(hub.repositories.values()):
        heads = {ref.removeprefix("refs/heads/"): sha for ref, sha in repository.git.refs().items() if ref.startswith("refs/heads/")}
        for branch in sorted(set(heads) | set(repository.heads)):
            if heads.get(branch) != repository.heads.get(branch):
                events.pushed(hub, repository, branch, repository.heads.get(branch), heads.get(branch), repository.owner)


@_locked
def open_pull(
    hub: Hub,
    repository: Repository,
    branch: str,
    *,
    title: str = "A change",
    body: str = "",
    base: str | None = None,
    head_repository: Repository | None = None,
    by: str | Account = "ana",
    draft: bool = False,
) -> Pull:
    """A pull request of a branch, here or in a fork."""
    head, target = head_repository or repository, base or repository.default_branch
    account = hub.account(by) if isinstance(by, str) else by
    label = f"{head.owner.login}:{branch}"
    if any(one.head_label == label and one.base_ref == target and one.state == "open" for one in repository.pulls()):
        raise invalid("PullRequest", "custom", "head", f"A pull request already exists for {label}.")
    tip, at = head.git.refs()[f"refs/heads/{branch}"], repository.git.refs()[f"refs/heads/{target}"]
    repository.numbers += 1
    number, now = repository.numbers, hub.clock.now()
    repository.git.fetch(head.git.folder, f"refs/heads/{branch}", f"refs/pull/{number}/head")
    if not repository.git.history(at, tip):
        repository.numbers -= 1
        raise invalid("PullRequest", "custom", "head", f"No commits between {target} and {branch}")
    made = Pull(hub.next_id(), number, title, body, account, now, now)
    made.head_repository, made.head_label, made.head_ref, made.head = head, label, branch, tip
    made.base_ref, made.base, made.draft = target, at, draft
    repository.issues[number] = made
    events.pull(hub, repository, made, "opened", account)
    if head is not repository:
        events.request_suites(hub, repository, tip, None, account)
    return made


@_locked
def set_state(hub: Hub, repository: Repository, pull: Pull, state: str, *, by: str | Account = "ana", merged: bool = False) -> None:
    """Close (or merge) and reopen."""
    account = hub.account(by) if isinstance(by, str) else by
    now = hub.clock.now()
    pull.state, pull.updated_at, pull.closed_at = state, now, now if state == "closed" else None
    pull.merged_at = now if merged else None
    events.pull(hub, repository, pull, "closed" if state == "closed" else "reopened", account)


@_locked
def set_draft(hub: Hub, repository: Repository, pull: Pull, draft: bool, *, by: str = "ana") -> None:
    pull.draft = draft
    events.pull(hub, repository, pull, "converted_to_draft" if draft else "ready_for_review", hub.account(by))


@_locked
def open_issue(hub: Hub, repository: Repository, title: str, *, by: str = "ana") -> Issue:
    """A plain issue, which is no pull request."""
    repository.numbers += 1
    now = hub.clock.now()
    made = Issue(hub.next_id(), repository.numbers, title, "", hub.account(by), now, now)
    repository.issues[made.number] = made
    return made


@_locked
def comment(hub: Hub, repository: Repository, number: int, text: str, *, by: str) -> IssueComment:
    """A person says something in a conversation."""
    now, account = hub.clock.now(), hub.account(by)
    made = IssueComment(hub.next_id(), number, account, text, None, now, now)
    repository.issue_comments[made.id] = made
    events.issue_comment(hub, repository, made, "created", account)
    return made


@_locked
def rename(hub: Hub, repository: Repository, name: str) -> None:
    """The old name answers with 301 from now on (B.4-11)."""
    hub.moved[repository.full_name.lower()] = repository.id
    repository.name = name


@_locked
def protect(hub: Hub, repository: Repository, pattern: str, kind: str = "protection") -> None:
    """Branches of this pattern take changes by pull request only: by the older branch protection, or a ruleset."""
    repository.protected[pattern] = kind


@_locked
def delete_fork(hub: Hub, repository: Repository) -> None:
    """Its pull requests live on with `head.repo` null."""
    del hub.repositories[repository.id]
    for base in hub.repositories.values():
        for pull in base.pulls():
            if pull.head_repository is repository:
                pull.head_repository = None


@_locked
def add_app(
    hub: Hub,
    slug: str,
    owner: str = "acme",
    *,
    permissions: Mapping[str, str] | None = None,
    app_events: tuple[str, ...] = SUBSCRIBED,
    hook_url: str | None = None,
    hook_secret: str | None = None,
) -> App:
    """A registered GitHub App with a new key and a bot account."""
    private, public = key_pair(len(hub.apps))
    identity = hub.next_id()
    made = App(
        identity,
        slug,
        hub.account(owner, "Organization"),
        hub.account(f"{slug}[bot]", "Bot"),
        f"Iv23li{identity:014d}",
        private,
        public,
        dict(MINIMUM if permissions is None else permissions),
        list(app_events),
        hook_url,
        hook_secret,
        hub.clock.now(),
    )
    hub.apps[identity] = made
    return made


@_locked
def install(hub: Hub, app: App, login: str, *, repositories: tuple[Repository, ...] | None = None, by: str = "ana") -> Installation:
    """Install an app on an account, for all or chosen repositories."""
    chosen = None if repositories is None else {one.id for one in repositories}
    made = Installation(hub.next_id(), app, hub.account(login, "Organization"), dict(app.permissions), chosen, hub.clock.now())
    hub.installations[made.id] = made
    events.installed(hub, made, "created", hub.account(by))
    return made


@_locked
def change_installation(hub: Hub, one: Installation, action: str, *, by: str = "ana") -> None:
    """suspend, unsuspend, deleted, or new_permissions_accepted (which grants what the app asks for by then)."""
    match action:
        case "suspend" | "unsuspend":
            one.suspended_at = hub.clock.now() if action == "suspend" else None
        case "deleted":
            one.removed = True
        case "new_permissions_accepted":
            one.permissions = dict(one.app.permissions)
        case _:
            raise ValueError(action)
    events.installed(hub, one, action, hub.account(by))


@_locked
def choose_repositories(hub: Hub, one: Installation, chosen: tuple[Repository, ...], *, by: str = "ana") -> None:
    """Change which repositories an installation may see."""
    before = set(hub.repositories) if one.repositories is None else one.repositories
    after = {each.id for each in chosen}
    one.repositories = after
    for added, removed in (((after - before), set()), (set(), (before - after))):
        if added or removed:
            shown = [[hub.repositories[each] for each in sorted(ids)] for ids in (added, removed)]
            events.installed_repositories(hub, one, shown[0], shown[1], hub.account(by))


@_locked
def personal_token(hub: Hub, login: str) -> str:
    """A person's own token."""
    text = f"ghp_{hub.next_id():036d}"
    hub.tokens[text] = Token(text, "user", hub.account(login), {}, None, None)
    return text


@_locked
def actions_token(hub: Hub, repository: Repository, permissions: Mapping[str, str], *, pull: Pull | None = None) -> str:
    """A GITHUB_TOKEN; for a pull request from a fork (or of Dependabot) read-only whatever is asked (B.6-1)."""
    app = hub.apps.get(ACTIONS_APP_ID)
    if app is None:
        app = add_app(hub, "github-actions", "github", permissions={}, app_events=())
        del hub.apps[app.id]
        app.id = ACTIONS_APP_ID
        hub.apps[ACTIONS_APP_ID] = app
    foreign = pull is not None and (pull.head_repository is not repository or pull.user.login == "dependabot[bot]")
    granted = {name: "read" if foreign and level == "write" else level for name, level in permissions.items()}
    text = f"ghs_{ACTIONS_APP_ID}_{hub.next_id():036d}"
    hub.tokens[text] = Token(text, "actions", app.bot, {"metadata": "read", **granted}, {repository.id}, None, None, app)
    return text


@_locked
def request_check(hub: Hub, repository: Repository, run: CheckRun, *, by: str = "ana", action: str | None = None) -> None:
    """A person presses Re-run on a check, or the button of one of its actions."""
    more = {"requested_action": {"identifier": action}} if action else {}
    events.check_run(hub, repository, run, "requested_action" if action else "rerequested", hub.account(by), **more)


@_locked
def resolve_thread(hub: Hub, repository: Repository, pull: Pull, first: ReviewComment, who: Account | None) -> None:
    """Mark a thread resolved by somebody, or unresolved (None)."""
    by = who or first.resolved_by or pull.user
    first.resolved_by = who
    thread = [first, *(one for one in pull.comments.values() if one.reply_to == first.id)]
    events.thread(hub, repository, pull, thread, "resolved" if who else "unresolved", by)


def _who(account: Account) -> tuple[str, str]:
    return account.login, f"{account.login}@users.noreply.github.test"
