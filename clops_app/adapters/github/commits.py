"""A mending becomes one commit on the head it was thought for, on the pull request's branch or one of our own; nothing is forced."""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import Any

from clops_app.adapters.github.client import Client
from clops_app.adapters.github.failures import Refused
from clops_app.model.pull import Mending, PullRequest
from clops_app.ports import NotAllowed, NotThere
from clops_app.review.said import asked_by, plain

_FILE, _PROGRAM = "100644", "100755"  # git's modes of a plain file and one that may be run
_TREE = "040000"


def committed(client: Client, pull: PullRequest, comment: int, login: str) -> str | None:
    """Our commit that a comment asked for. GitHub lists 250 commits of a pull request (OA:pulls/list-commits)."""
    for one in client.pages("/repos/{repository}/pulls/{number}/commits", number=pull.number):
        ours = (one.get("author") or {}).get("login", "").lower() == login.lower()
        if ours and plain(one["commit"]["message"]).split("\n")[-1] == asked_by(comment):
            return str(one["html_url"])
    return None


def commit(client: Client, pull: PullRequest, mending: Mending, message: str) -> str:
    """Raises NotAllowed where the branch is not ours to write, NotThere where it moved on or is gone."""
    _at_home(pull)
    made = _made(client, pull, mending, message)
    try:
        client.write(
            "PATCH",
            "/repos/{repository}/git/refs/heads/{branch}",
            {"sha": made["sha"], "force": False},
            branch=pull.head_branch,
        )
    except Refused as refused:
        if refused.status != 422:
            raise
        if "fast forward" in refused.words or "does not exist" in refused.words:
            raise NotThere(f"{refused} The branch moved on or is gone: nothing was committed to it.") from refused
        raise NotAllowed(f"{refused} The branch is protected.") from refused
    return str(made["html_url"])


def propose(client: Client, pull: PullRequest, mending: Mending, title: str, body: str) -> str:
    """The same change proposed again is the same branch, so the same pull request."""
    _at_home(pull)
    branch = f"clops/fix-{pull.number}-{_digest(mending)}"
    found = _open(client, pull, branch)
    if found is not None:
        return found
    if not _exists(client, branch):
        # Not the body: a message is no Markdown, so nothing in it can be quoted.
        made = _made(client, pull, mending, title)
        try:
            client.write("POST", "/repos/{repository}/git/refs", {"ref": f"refs/heads/{branch}", "sha": made["sha"]})
        except Refused as refused:
            if "already exists" not in refused.words:
                raise (NotAllowed(f"{refused} No branch may be made.") if refused.status == 422 else refused) from refused
    asked = {"title": title, "body": body, "head": branch, "base": pull.head_branch}
    try:
        return str(client.write("POST", "/repos/{repository}/pulls", asked)["html_url"])
    except Refused as refused:
        found = _open(client, pull, branch) if "already exists" in refused.words else None
        if found is None:
            raise
        return found


def _at_home(pull: PullRequest) -> None:
    """Where we are installed says nothing of a fork."""
    if pull.from_fork:
        raise NotAllowed("The pull request comes from a fork, which ClOps cannot write to.")


def _digest(mending: Mending) -> str:
    content = sha256()
    for path, data in sorted(mending.files.items()):
        content.update(f"{len(path.encode())} {len(data)} ".encode() + path.encode() + data)
    return content.hexdigest()[:10]


def _open(client: Client, pull: PullRequest, branch: str) -> str | None:
    owner = pull.repository.partition("/")[0]
    query = {"state": "open", "head": f"{owner}:{branch}", "base": pull.head_branch}
    return next((str(shown["html_url"]) for shown in client.pages("/repos/{repository}/pulls", query=query)), None)


def _exists(client: Client, branch: str) -> bool:
    try:
        client.get("/repos/{repository}/git/ref/heads/{branch}", branch=branch)
    except NotThere:
        return False
    return True


def _made(client: Client, pull: PullRequest, mending: Mending, message: str) -> Any:
    """The commit, which no branch has yet."""
    modes = _modes(client, pull.head_sha, sorted(mending.files))
    base = client.get("/repos/{repository}/git/commits/{commit}", commit=pull.head_sha)["tree"]["sha"]
    entries = [
        {"path": path, "mode": modes[path], "type": "blob", **_content(client, data)} for path, data in sorted(mending.files.items())
    ]
    tree = client.write("POST", "/repos/{repository}/git/trees", {"base_tree": base, "tree": entries})
    asked = {"message": message, "tree": tree["sha"], "parents": [pull.head_sha]}
    return client.write("POST", "/repos/{repository}/git/commits", asked)


def _content(client: Client, data: bytes) -> dict[str, str]:
    """Text goes with the tree and costs no write of its own; the rest is stored first (OA:git/create-tree, `content`)."""
    try:
        return {"content": data.decode()}
    except UnicodeDecodeError:
        blob = {"content": base64.b64encode(data).decode(), "encoding": "base64"}
        return {"sha": client.write("POST", "/repos/{repository}/git/blobs", blob)["sha"]}


def _modes(client: Client, head_sha: str, paths: list[str]) -> dict[str, str]:
    """The mode of each file at the head, that of a plain file for a new one. Read by directories: a whole tree can be cut short."""
    read: dict[str, dict[str, Any]] = {}

    def entries(tree: str) -> dict[str, Any]:
        if tree not in read:
            shown = client.get("/repos/{repository}/git/trees/{tree}", tree=tree)["tree"]
            read[tree] = {entry["path"]: entry for entry in shown}
        return read[tree]

    modes = {}
    for path in paths:
        *folders, name = path.split("/")
        tree: str | None = head_sha
        for folder in folders:
            entry = entries(tree).get(folder) if tree else None
            if entry is not None and entry["mode"] != _TREE:
                raise NotAllowed("A file to be changed lies behind a link or in a submodule.")
            tree = entry["sha"] if entry else None
        entry = entries(tree).get(name) if tree else None
        modes[path] = entry["mode"] if entry else _FILE
        if modes[path] not in (_FILE, _PROGRAM):
            raise NotAllowed("A file to be changed is a link, a directory or a submodule.")
    return modes
