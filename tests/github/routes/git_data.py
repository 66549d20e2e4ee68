"""git's own objects over HTTP: blobs, trees, commits and references, read and made."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from tests.github.calls import Answer, Call, Route
from tests.github.git import EMPTY_TREE, GitRefused
from tests.github.routes.contents import READ, WRITE, announce_ref
from tests.github.shapes import work
from tests.github.state import Refused, not_found

TREE_ENTRIES = 100_000  # B.3-9


def _refused(message: str) -> Refused:
    return Refused(422, {"message": message, "documentation_url": "https://docs.github.com/rest/git", "status": "422"})


def _url(call: Call, kind: str, sha: str) -> str:
    return f"{call.hub.api}/repos/{call.repository.full_name}/git/{kind}/{sha}"


def show_tree(call: Call) -> Answer:
    git, named = call.repository.git, call.params["tree_sha"]
    sha = git.resolve(named) or named
    if sha != EMPTY_TREE and git.kind(sha) not in ("commit", "tree"):
        raise not_found()
    entries = git.entries(sha, recursive="recursive" in call.query)
    tree = git.commit(sha).tree if git.kind(sha) == "commit" else sha
    return Answer(
        200,
        {
            "sha": tree,
            "url": _url(call, "trees", tree),
            "tree": _shown(call, entries[:TREE_ENTRIES]),
            "truncated": len(entries) > TREE_ENTRIES,
        },
    )


def _shown(call: Call, entries: list[Any]) -> list[dict[str, Any]]:
    shown = []
    for one in entries:
        item: dict[str, Any] = {"path": one.path, "mode": one.mode, "type": one.type, "sha": one.sha}
        if one.type != "commit":
            item["url"] = _url(call, f"{one.type}s", one.sha)
        if one.size is not None:
            item["size"] = one.size
        shown.append(item)
    return shown


def make_tree(call: Call) -> Answer:
    git, base = call.repository.git, call.body.get("base_tree")
    if base and git.kind(base) not in ("tree", "commit"):
        raise _refused("base_tree is not a valid tree oid")
    entries = []
    for one in call.body["tree"]:
        if not one.get("path") or one["path"].startswith("/") or ".." in one["path"].split("/"):
            raise _refused(f"tree.path contains a malformed path component: {one.get('path')}")
        sha = git.write_blob(one["content"].encode()) if one.get("content") is not None else one.get("sha")
        if sha is not None and git.kind(sha) is None:
            raise _refused(f"tree.sha {sha} is not a valid blob")
        entries.append((one.get("mode") or "100644", one["path"], sha))
    try:
        made = git.write_tree(base, entries)
    except GitRefused as error:
        raise _refused("tree could not be made") from error
    shown = _shown(call, git.entries(made))
    return Answer(201, {"sha": made, "url": _url(call, "trees", made), "tree": shown, "truncated": False})


def show_blob(call: Call) -> Answer:
    git, sha = call.repository.git, call.params["file_sha"]
    if git.kind(sha) != "blob":
        raise not_found()
    content = git.blob(sha)
    if ".raw" in call.accept:
        return Answer(200, raw=content, media="application/vnd.github.raw+json; charset=utf-8")
    text = base64.encodebytes(content).decode()
    shown = {
        "sha": sha,
        "node_id": f"B_{sha}",
        "size": len(content),
        "url": _url(call, "blobs", sha),
        "content": text,
        "encoding": "base64",
    }
    return Answer(200, shown)


def make_blob(call: Call) -> Answer:
    content = call.body["content"]
    try:
        data = base64.b64decode(content, validate=False) if call.body.get("encoding") == "base64" else content.encode()
    except binascii.Error as error:
        raise _refused("content is not valid Base64") from error
    sha = call.repository.git.write_blob(data)
    return Answer(201, {"sha": sha, "url": _url(call, "blobs", sha)})


def show_commit(call: Call) -> Answer:
    git, sha = call.repository.git, call.params["commit_sha"]
    if git.kind(sha) != "commit":
        raise not_found()
    return Answer(200, work.git_commit(call.hub, call.repository, git.commit(sha)))


def make_commit(call: Call) -> Answer:
    git, body = call.repository.git, call.body
    if git.kind(body["tree"]) != "tree":
        raise _refused("Tree SHA does not exist")
    if any(git.kind(parent) != "commit" for parent in body.get("parents", [])):
        raise _refused("Parent SHA does not exist or is not a commit object")
    person = body.get("author") or {"name": call.account.login, "email": f"{call.account.login}@users.noreply.github.test"}
    who = (person["name"], person["email"])
    sha = git.write_commit(body["tree"], body.get("parents", []), body["message"], who=who, when=call.hub.clock.epoch())
    return Answer(201, work.git_commit(call.hub, call.repository, git.commit(sha)))


def _reference(call: Call, ref: str, sha: str) -> dict[str, Any]:
    kind = call.repository.git.kind(sha) or "commit"
    target = {"type": kind, "sha": sha, "url": _url(call, f"{kind}s", sha)}
    return {
        "ref": ref,
        "node_id": f"REF_{call.repository.id}_{ref}",
        "url": _url(call, "refs", ref.removeprefix("refs/")),
        "object": target,
    }


def show_ref(call: Call) -> Answer:
    ref = f"refs/{call.params['ref']}"
    sha = call.repository.git.refs().get(ref)
    if sha is None:
        raise not_found()
    return Answer(200, _reference(call, ref, sha))


def _guarded(call: Call, ref: str) -> None:
    """A branch that wants a pull request for each change is not pushed to by apps and tokens, a new branch of that name included
    (googleapis/repo-automation-bots#5255 and #5551; satisfactory-factories/application#67; actions/github-script#455)."""
    branch = ref.removeprefix("refs/heads/")
    kind = call.repository.protection(branch) if ref.startswith("refs/heads/") else None
    if kind == "ruleset":
        raise _refused("Repository rule violations found\n\nChanges must be made through a pull request.\n\n")
    if kind is not None:
        exists = ref in call.repository.git.refs()
        raise _refused("Changes must be made through a pull request." if exists else "Reference update failed")


def make_ref(call: Call) -> Answer:
    git, ref, sha = call.repository.git, call.body["ref"], call.body["sha"]
    if not ref.startswith("refs/") or ref.count("/") < 2:
        raise _refused("Reference name must start with 'refs/' and have at least two slashes.")
    if ref in git.refs():
        raise _refused("Reference already exists")
    if git.kind(sha) != "commit":
        raise _refused("Object does not exist")
    _guarded(call, ref)
    git.set_ref(ref, sha)
    if ref.startswith("refs/heads/"):
        announce_ref(call, ref.removeprefix("refs/heads/"), None, sha)
    return Answer(201, _reference(call, ref, sha))


def move_ref(call: Call) -> Answer:
    git, ref, sha = call.repository.git, f"refs/{call.params['ref']}", call.body["sha"]
    before = git.refs().get(ref)
    if before is None:
        raise _refused("Reference does not exist")
    if git.kind(sha) != "commit":
        raise _refused("Object does not exist")
    if not call.body.get("force") and git.merge_base(before, sha) != before:
        raise _refused("Update is not a fast forward")
    _guarded(call, ref)
    git.set_ref(ref, sha)
    if ref.startswith("refs/heads/"):
        announce_ref(call, ref.removeprefix("refs/heads/"), before, sha)
    return Answer(200, _reference(call, ref, sha))


_G = "/repos/{owner}/{repo}/git"
ROUTES = (
    Route("GET", f"{_G}/trees/{{tree_sha}}", show_tree, READ),
    Route("POST", f"{_G}/trees", make_tree, WRITE),
    Route("GET", f"{_G}/blobs/{{file_sha}}", show_blob, READ),
    Route("POST", f"{_G}/blobs", make_blob, WRITE),
    Route("GET", f"{_G}/commits/{{commit_sha}}", show_commit, READ),
    Route("POST", f"{_G}/commits", make_commit, WRITE),
    Route("GET", f"{_G}/ref/{{ref}}", show_ref, READ),
    Route("POST", f"{_G}/refs", make_ref, WRITE),
    Route("PATCH", f"{_G}/refs/{{ref}}", move_ref, WRITE),
)
