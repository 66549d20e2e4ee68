"""Files and commits: read, compared, written one at a time, and the whole tree as an archive."""

from __future__ import annotations

import base64
import secrets
from typing import Any

from tests.github import events, scene
from tests.github.calls import Answer, Call, Route, page
from tests.github.git import TreeEntry
from tests.github.shapes import talk, work
from tests.github.state import Refused, not_found

INLINE_BYTES, RAW_BYTES = 1_000_000, 100_000_000  # B.3-8
DIRECTORY_ENTRIES = 1_000  # B.3-8
COMPARED_FILES, COMPARED_COMMITS = 300, 250  # B.3-7
ARCHIVE_SECONDS = 300  # B.3-10
READ, WRITE = ("contents=read",), ("contents=write",)
MEDIA_RAW = "application/vnd.github.raw+json; charset=utf-8"


def _url(call: Call, path: str, ref: str) -> dict[str, str]:
    return {
        "url": f"{call.hub.api}/repos/{call.repository.full_name}/contents/{path}?ref={ref}",
        "html_url": f"{call.hub.web}/{call.repository.full_name}/blob/{ref}/{path}",
    }


def _described(call: Call, entry: TreeEntry, ref: str) -> dict[str, Any]:
    api = f"{call.hub.api}/repos/{call.repository.full_name}"
    kind = {"tree": "dir", "commit": "submodule" if call.version != "2022-11-28" else "file"}.get(entry.type, "file")
    if entry.mode == "120000":
        kind = "symlink"
    git_url = f"{api}/git/{'trees' if entry.type == 'tree' else 'blobs'}/{entry.sha}"
    urls = _url(call, entry.path, ref)
    download = f"{call.hub.web}/{call.repository.full_name}/raw/{ref}/{entry.path}" if entry.type == "blob" else None
    return {
        "name": entry.path.rsplit("/", 1)[-1],
        "path": entry.path,
        "sha": entry.sha,
        "size": entry.size or 0,
        "type": kind,
        **urls,
        "git_url": git_url,
        "download_url": download,
        "_links": {"self": urls["url"], "git": git_url, "html": urls["html_url"]},
    }


def show(call: Call) -> Answer:
    git, path = call.repository.git, call.params["path"].strip("/")
    ref = call.query.get("ref", call.repository.default_branch)
    commit = git.resolve(ref)
    if commit is None:
        message = f"No commit found for the ref {ref}"
        raise Refused(404, {"message": message, "documentation_url": "https://docs.github.com/rest", "status": "404"})
    entry = git.entry(commit, path)
    if entry is None:
        raise not_found()
    if entry.type == "tree":
        return Answer(200, [_described(call, one, ref) for one in git.entries(commit, f"{path}/")[:DIRECTORY_ENTRIES]])
    if entry.mode == "120000":
        target = git.blob(entry.sha).decode(errors="replace")
        pointed = git.entry(commit, _joined(path, target))
        if pointed is None or pointed.type != "blob":
            return Answer(200, {**_described(call, entry, ref), "target": target})
        entry = pointed  # symlinks are followed (B.3-8)
    return _file(call, entry, ref)


def _joined(path: str, target: str) -> str:
    parts = path.split("/")[:-1]
    for step in target.split("/"):
        if step == "..":
            parts = parts[:-1]
        elif step not in (".", ""):
            parts.append(step)
    return "/".join(parts)


def _file(call: Call, entry: TreeEntry, ref: str) -> Answer:
    size = entry.size or 0
    if size > RAW_BYTES:
        error = {"resource": "Blob", "field": "data", "code": "too_large"}
        message = "This API returns blobs up to 100 MB in size. The requested blob is too large to fetch via the API."
        raise Refused(403, {"message": message, "errors": [error], "documentation_url": "https://docs.github.com/rest"})
    content = call.repository.git.blob(entry.sha)
    if ".raw" in call.accept:
        return Answer(200, raw=content, media=MEDIA_RAW)
    small = size <= INLINE_BYTES
    text = base64.encodebytes(content).decode() if small else ""
    return Answer(200, {**_described(call, entry, ref), "encoding": "base64" if small else "none", "content": text})


def write(call: Call) -> Answer:
    """One file, one commit: 409 when the branch has another content than the asker believes."""
    hub, git, body, path = call.hub, call.repository.git, call.body, call.params["path"]
    branch = body.get("branch") or call.repository.default_branch
    before = git.refs().get(f"refs/heads/{branch}")
    if before is None:
        message = f"Branch {branch} not found"
        raise Refused(404, {"message": message, "documentation_url": "https://docs.github.com/rest", "status": "404"})
    known = git.entry(before, path)
    if known and not body.get("sha"):
        message = 'Invalid request.\n\n"sha" wasn\'t supplied.'
        raise Refused(422, {"message": message, "documentation_url": "https://docs.github.com/rest", "status": "422"})
    if body.get("sha") and (known is None or known.sha != body["sha"]):
        message = f"{path} does not match {body['sha']}"
        raise Refused(409, {"message": message, "documentation_url": "https://docs.github.com/rest", "status": "409"})
    try:
        content = base64.b64decode(body["content"])
    except ValueError as error:
        message = "content is not valid Base64"
        raise Refused(422, {"message": message, "documentation_url": "https://docs.github.com/rest", "status": "422"}) from error
    after = scene.push(hub, call.repository, branch, {path: content}, by=call.account, message=body["message"])
    entry = git.entry(after, path)
    shown = _described(call, entry, branch) if entry else None
    return Answer(200 if known else 201, {"content": shown, "commit": work.git_commit(hub, call.repository, git.commit(after))})


def show_commit(call: Call) -> Answer:
    git = call.repository.git
    sha = call.hub.commit(call.repository, call.params["ref"])
    if ".sha" in call.accept:
        return Answer(200, raw=sha.encode(), media="application/vnd.github.sha; charset=utf-8")
    one = git.commit(sha)
    files = git.diff(one.parents[0], sha) if one.parents else ()
    added, removed = sum(file.additions for file in files), sum(file.deletions for file in files)
    shown = work.commit(call.hub, call.repository, one)
    shown["stats"] = {"additions": added, "deletions": removed, "total": added + removed}
    shown["files"] = [talk.file(call.hub, call.repository, sha, file) for file in files[:COMPARED_FILES]]
    return Answer(200, shown)


def compare(call: Call) -> Answer:
    """Three dots: from the merge base; files on the first page only."""
    git, (base_name, _, head_name) = call.repository.git, call.params["basehead"].partition("...")
    base, head = git.resolve(base_name.rpartition(":")[2]), git.resolve(head_name.rpartition(":")[2])
    if base is None or head is None:
        raise not_found()
    root = git.merge_base(base, head)
    ahead, behind = git.history(base, head), git.history(head, base)
    web = f"{call.hub.web}/{call.repository.full_name}/compare/{call.params['basehead']}"
    status = "identical" if base == head else "diverged" if ahead and behind else "ahead" if ahead else "behind"

    def shown(sha: str) -> dict[str, Any]:
        return work.commit(call.hub, call.repository, git.commit(sha))

    def wrap(commits: list[Any], total: int) -> dict[str, Any]:
        first = int(call.query.get("page", 1)) == 1
        files = git.diff(root, head)[:COMPARED_FILES] if first else ()
        return {
            "url": f"{call.hub.api}{call.path}",
            "html_url": web,
            "permalink_url": web,
            "diff_url": f"{web}.diff",
            "patch_url": f"{web}.patch",
            "base_commit": shown(base),
            "merge_base_commit": shown(root),
            "status": status,
            "ahead_by": len(ahead),
            "behind_by": len(behind),
            "total_commits": total,
            "commits": commits,
            "files": [talk.file(call.hub, call.repository, head, file) for file in files],
        }

    return page(call, ahead[:COMPARED_COMMITS], shown, wrap)


def archive(call: Call) -> Answer:
    """A redirect to an address that works for five minutes and needs no token."""
    form = "tar.gz" if "/tarball/" in call.path else "zip"
    sha = call.repository.git.resolve(call.params["ref"])
    if sha is None:
        raise not_found()
    secret = secrets.token_urlsafe(16)
    until = call.hub.clock.now().timestamp() + ARCHIVE_SECONDS
    prefix = f"{call.repository.owner.login}-{call.repository.name}-{sha[:7]}"
    call.hub.links[secret] = (call.repository, sha, form, until, prefix)
    # another host name than the API's, as codeload.github.com is: clients drop the token there (B.3-10)
    place = call.hub.web.replace("127.0.0.1", "localhost")
    return Answer(302, headers={"Location": f"{place}/_codeload/{secret}/{prefix}.{form}"})


def show_branch(call: Call) -> Answer:
    name = call.params["branch"]
    sha = call.repository.git.refs().get(f"refs/heads/{name}")
    if sha is None:
        raise Refused(404, {"message": "Branch not found", "documentation_url": "https://docs.github.com/rest", "status": "404"})
    url = f"{call.hub.api}/repos/{call.repository.full_name}/branches/{name}"
    html = f"{call.hub.web}/{call.repository.full_name}/tree/{name}"
    commit = work.commit(call.hub, call.repository, call.repository.git.commit(sha))
    shown = {"name": name, "commit": commit, "_links": {"self": url, "html": html}}
    shown["protected"] = call.repository.protection(name) is not None
    return Answer(200, {**shown, "protection": {"enabled": False}, "protection_url": f"{url}/protection"})


def announce_ref(call: Call, branch: str, before: str | None, after: str) -> None:
    events.pushed(call.hub, call.repository, branch, before, after, call.account)


_R = "/repos/{owner}/{repo}"
ROUTES = (
    Route("GET", f"{_R}/contents/{{path}}", show, READ),
    Route("PUT", f"{_R}/contents/{{path}}", write, WRITE),
    Route("GET", f"{_R}/commits/{{ref}}", show_commit, READ),
    Route("GET", f"{_R}/compare/{{basehead}}", compare, READ),
    Route("GET", f"{_R}/branches/{{branch}}", show_branch, READ),
    Route("GET", f"{_R}/tarball/{{ref}}", archive, READ),
    Route("GET", f"{_R}/zipball/{{ref}}", archive, READ),
)
