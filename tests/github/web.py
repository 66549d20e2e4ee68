"""The pages of GitHub that a person uses and no API replaces: committing a suggestion, registering an app, fetching an archive."""

from __future__ import annotations

import html
import json
import re
import secrets
from typing import Any
from urllib.parse import parse_qs, urlencode

import cmarkgfm
from starlette.requests import Request

from tests.github import scene, suggestions
from tests.github.calls import Answer
from tests.github.hub import Hub
from tests.github.state import Account, Pull, Refused, Repository, not_found
from tests.github.tokens import caller_of

PULL = re.compile(r"/([^/]+)/([^/]+)/pull/(\d+)")
MANIFEST = re.compile(r"(?:/organizations/([^/]+))?/settings/apps/new")
HTML = "text/html; charset=utf-8"
MEDIA = {"tar.gz": "application/x-gzip", "zip": "application/zip"}


def answer(hub: Hub, request: Request, body: bytes) -> Answer:
    """A page; 404 for what is none."""
    path = request.url.path
    if match := MANIFEST.fullmatch(path):
        return _register(hub, request, body, match[1])
    if match := PULL.fullmatch(path):
        repository = hub.repository(f"{match[1]}/{match[2]}")
        if repository is not None and request.method == "GET":
            return Answer(200, raw=_page(hub, repository, hub.pull(repository, int(match[3]))).encode(), media=HTML)
    if (match := PULL.match(path)) and path == f"{match[0]}/suggestions" and request.method == "POST":
        repository = hub.repository(f"{match[1]}/{match[2]}")
        if repository is not None:
            return _commit(hub, request, body, repository, hub.pull(repository, int(match[3])))
    raise not_found()


def codeload(hub: Hub, request: Request) -> Answer:
    """An archive at its temporary address, which no token may be sent to (B.3-10)."""
    known = hub.links.get(request.url.path.split("/")[2])
    if request.headers.get("authorization"):
        hub.complain("the token was sent to the host of archives")
    if known is None or hub.clock.now().timestamp() > known[3]:
        raise not_found()
    repository, sha, form, _, prefix = known
    fault = hub.faults.take("GET", request.url.path, "tarball")
    content = fault.content if fault else repository.git.archive(sha, prefix, form)
    headers = {"Content-Disposition": f"attachment; filename={prefix}.{form}"}
    return Answer(200, raw=content, media=MEDIA[form], headers=headers)


def _person(hub: Hub, request: Request, repository: Repository) -> Account:
    """The bearer of a personal token; without one the owner of the laptop, who may do all."""
    caller = caller_of(hub, request.headers.get("authorization"))
    return caller.account or repository.owner


def _commit(hub: Hub, request: Request, body: bytes, repository: Repository, pull: Pull) -> Answer:
    """{"comments": [ids], "block": 0} in JSON, or the page's own form; answers the commit."""
    form = "json" not in request.headers.get("content-type", "")
    asked: dict[str, Any] = {"comments": [int(one) for one in parse_qs(body.decode())["comment"]]} if form else json.loads(body)
    if any(each not in pull.comments for each in asked["comments"]):
        raise not_found()
    chosen = [pull.comments[each] for each in asked["comments"]]
    try:
        sha = suggestions.apply(hub, repository, pull, chosen, _person(hub, request, repository), asked.get("block", 0))
    except suggestions.NotApplied as refused:
        raise Refused(422, {"error": str(refused)}) from None
    if form:
        return Answer(303, raw=b"", media=HTML, headers={"Location": f"{hub.web}/{repository.full_name}/pull/{pull.number}"})
    return Answer(200, {"sha": sha})


def _register(hub: Hub, request: Request, body: bytes, organization: str | None) -> Answer:
    """The manifest flow's first step (B.10), the person agreeing at once."""
    manifest = json.loads(parse_qs(body.decode()).get("manifest", ["{}"])[0])
    if "url" not in manifest or ("hook_attributes" in manifest and "url" not in manifest["hook_attributes"]):
        raise Refused(422, {"error": "Invalid GitHub App configuration: url is required"})
    if len(manifest.get("callback_urls", [])) > 10 or "redirect_url" not in manifest:
        raise Refused(422, {"error": "Invalid GitHub App configuration: redirect_url and at most 10 callback_urls"})
    app = scene.add_app(
        hub,
        re.sub(r"[^a-z0-9]+", "-", manifest.get("name", "app").lower()).strip("-"),
        organization or "acme",
        permissions=manifest.get("default_permissions", {}),
        app_events=tuple(manifest.get("default_events", ())),
        hook_url=manifest.get("hook_attributes", {}).get("url"),
        hook_secret=secrets.token_hex(20),
    )
    code = secrets.token_hex(20)
    hub.manifests[code] = (app, hub.clock.now().timestamp())
    query = {"code": code} | ({"state": request.query_params["state"]} if "state" in request.query_params else {})
    glue = "&" if "?" in manifest["redirect_url"] else "?"
    return Answer(302, raw=b"", media=HTML, headers={"Location": f"{manifest['redirect_url']}{glue}{urlencode(query)}"})


def _page(hub: Hub, repository: Repository, pull: Pull) -> str:
    """A plain page of the conversation, each suggestion with its button."""
    parts = [f"<h1>{html.escape(pull.title)} #{pull.number}</h1><p>{pull.state}, head {pull.head[:12]}</p>"]
    parts += [
        f"<article><b>{html.escape(one.user.login)}</b>{'' if one.minimized is None else ' (hidden: ' + one.minimized + ')'}{_html(one.body)}</article>"
        for one in repository.issue_comments.values()
        if one.number == pull.number
    ]
    for one in pull.comments.values():
        now = hub.place_now(repository, pull, one)
        where = f"{one.anchor.path}:{now.line}" if now else f"{one.anchor.path} (outdated)"
        state = " resolved" if one.resolved_by else ""
        button = ""
        if suggestions.blocks(one.body) and now and not one.applied:
            action = f"/{repository.full_name}/pull/{pull.number}/suggestions"
            button = f'<form method="post" action="{action}"><button name="comment" value="{one.id}">Commit suggestion</button></form>'
        parts.append(f"<article><b>{html.escape(one.user.login)}</b> at {html.escape(where)}{state}{_html(one.body)}{button}</article>")
    for run in repository.runs.values():
        if run.head == pull.head:
            parts.append(f"<p>check <b>{html.escape(run.name)}</b>: {run.conclusion or run.status}</p>")
    style = "body{font:16px sans-serif;max-width:60em;margin:2em auto}article{border:1px solid #ccc;padding:1em;margin:1em 0}"
    return f"<!doctype html><title>#{pull.number}</title><style>{style}</style>{''.join(parts)}"


def _html(body: str) -> str:
    return str(cmarkgfm.github_flavored_markdown_to_html(body))
