"""Pull requests: read, opened, changed, their files and commits."""

from __future__ import annotations

from tests.github import events, scene
from tests.github.calls import Answer, Call, Route, page
from tests.github.contracts import error_bodies
from tests.github.shapes import people, talk, work
from tests.github.state import Pull, Refused, invalid

FILES_LIMIT = 3_000  # B.3-3
COMMITS_LIMIT = 250  # B.3-7
DIFF_FILES, DIFF_LINES = 300, 20_000  # B.3-4
READ, WRITE = ("pull_requests=read",), ("pull_requests=write",)


def show_repository(call: Call) -> Answer:
    return Answer(200, people.repository(call.hub, call.repository))


def list_pulls(call: Call) -> Answer:
    state, head, base = call.query.get("state", "open"), call.query.get("head"), call.query.get("base")
    found = [
        one
        for one in call.repository.pulls()
        if state in (one.state, "all") and head in (None, one.head_label) and base in (None, one.base_ref)
    ]
    key = "updated_at" if call.query.get("sort") == "updated" else "created_at"
    newest_first = call.query.get("direction", "asc" if call.query.get("sort") else "desc") == "desc"
    found.sort(key=lambda one: (getattr(one, key), one.number), reverse=newest_first)
    return page(call, found, lambda one: talk.pull(call.hub, call.repository, one))


def open_pull(call: Call) -> Answer:
    body = call.body
    owner, _, branch = body["head"].rpartition(":")
    head = call.repository
    if owner and owner != call.repository.owner.login:
        head = next(
            (one for one in call.hub.repositories.values() if one.owner.login == owner and one.parent is call.repository), call.repository
        )
    if f"refs/heads/{branch}" not in head.git.refs():
        raise invalid("PullRequest", "invalid", "head")
    if f"refs/heads/{body['base']}" not in call.repository.git.refs():
        raise invalid("PullRequest", "invalid", "base")
    made = scene.open_pull(
        call.hub,
        call.repository,
        branch,
        title=body.get("title") or "",
        body=body.get("body") or "",
        base=body["base"],
        head_repository=head,
        by=call.account,
        draft=body.get("draft", False),
    )
    return Answer(201, talk.pull(call.hub, call.repository, made))


def _asked(call: Call) -> Pull:
    return call.hub.pull(call.repository, call.number("pull_number"))


def show_pull(call: Call) -> Answer:
    one = _asked(call)
    if "diff" not in call.accept and "patch" not in call.accept:
        return Answer(200, talk.pull(call.hub, call.repository, one))
    files = call.hub.files(call.repository, one)
    lines = sum(len((file.patch or "").split("\n")) for file in files)
    for too_many, name in ((len(files) > DIFF_FILES, "diff.too_many_files"), (lines > DIFF_LINES, "diff.too_many_lines")):
        if too_many:
            raise Refused(406, error_bodies()[name]["body"])
    base = call.hub.merge_base(call.repository, one)
    return Answer(
        200, raw=call.repository.git.run("diff", "-M", "--no-color", base, one.head), media="application/vnd.github.diff; charset=utf-8"
    )


def change_pull(call: Call) -> Answer:
    one, hub = _asked(call), call.hub
    for name in ("title", "body"):
        if call.body.get(name) is not None:
            setattr(one, name, call.body[name])
    if call.body.get("state") in ("open", "closed") and call.body["state"] != one.state:
        scene.set_state(hub, call.repository, one, call.body["state"], by=call.account)
    one.updated_at = hub.clock.now()
    return Answer(200, talk.pull(hub, call.repository, one))


def list_files(call: Call) -> Answer:
    one = _asked(call)
    files = call.hub.files(call.repository, one)[:FILES_LIMIT]
    return page(call, files, lambda file: talk.file(call.hub, call.repository, one.head, file))


def list_commits(call: Call) -> Answer:
    one = _asked(call)
    shas = call.hub.commits(call.repository, one)[:COMMITS_LIMIT]
    return page(call, shas, lambda sha: work.commit(call.hub, call.repository, call.repository.git.commit(sha)))


def pulls_of_commit(call: Call) -> Answer:
    sha = call.hub.commit(call.repository, call.params["commit_sha"])
    found = [one for one in call.repository.pulls() if sha in call.hub.commits(call.repository, one)]
    return page(call, found, lambda one: talk.pull(call.hub, call.repository, one))


def show_issue(call: Call) -> Answer:
    one = call.hub.issue(call.repository, call.number("issue_number"))
    return Answer(200, talk.issue_of(call.hub, call.repository, one))


def add_labels(call: Call) -> Answer:
    one, hub = call.hub.issue(call.repository, call.number("issue_number")), call.hub
    wanted = call.body["labels"] if isinstance(call.body, dict) else call.body
    for each in wanted:
        name = each if isinstance(each, str) else each["name"]
        if name not in one.labels:
            one.labels[name] = hub.next_id()
            if isinstance(one, Pull):
                shown = talk.label(hub, call.repository, name, one.labels[name])
                events.pull(hub, call.repository, one, "labeled", call.account, label=shown)
    return page(call, list(one.labels.items()), lambda each: talk.label(hub, call.repository, *each))


def remove_label(call: Call) -> Answer:
    one, hub = call.hub.issue(call.repository, call.number("issue_number")), call.hub
    number = one.labels.pop(call.params["name"], None)
    if number is None:
        raise Refused(404, {"message": "Label does not exist", "documentation_url": "https://docs.github.com/rest", "status": "404"})
    if isinstance(one, Pull):
        shown = talk.label(hub, call.repository, call.params["name"], number)
        events.pull(hub, call.repository, one, "unlabeled", call.account, label=shown)
    return page(call, list(one.labels.items()), lambda each: talk.label(hub, call.repository, *each))


_ONE = "/repos/{owner}/{repo}"
ROUTES = (
    Route("GET", _ONE, show_repository, ("metadata=read",)),
    Route("GET", f"{_ONE}/pulls", list_pulls, READ),
    Route("POST", f"{_ONE}/pulls", open_pull, WRITE, content=True),
    Route("GET", f"{_ONE}/pulls/{{pull_number}}", show_pull, READ),
    Route("PATCH", f"{_ONE}/pulls/{{pull_number}}", change_pull, WRITE),
    Route("GET", f"{_ONE}/pulls/{{pull_number}}/files", list_files, READ),
    Route("GET", f"{_ONE}/pulls/{{pull_number}}/commits", list_commits, READ),
    Route("GET", f"{_ONE}/commits/{{commit_sha}}/pulls", pulls_of_commit, ("pull_requests=read", "contents=read")),
    Route("GET", f"{_ONE}/issues/{{issue_number}}", show_issue, ("issues=read", "pull_requests=read")),
    Route("POST", f"{_ONE}/issues/{{issue_number}}/labels", add_labels, ("issues=write", "pull_requests=write")),
    Route("DELETE", f"{_ONE}/issues/{{issue_number}}/labels/{{name}}", remove_label, ("issues=write", "pull_requests=write")),
)
