"""What GitHub says about itself and its people."""

from __future__ import annotations

import cmarkgfm

from tests.github.calls import Answer, Call, Route
from tests.github.shapes import people
from tests.github.state import not_found


def show_limits(call: Call) -> Answer:
    """Costs nothing; 404 where limits are off, as on a GHES."""
    headers = call.hub.meter.headers(call.caller.bearer, call.caller.kind)
    if not headers:
        raise not_found()
    core = {name: int(headers[f"x-ratelimit-{name}"]) for name in ("limit", "used", "remaining", "reset")}
    return Answer(200, {"resources": {"core": core, "search": core, "graphql": core}, "rate": core})


def show_versions(call: Call) -> Answer:
    return Answer(200, list(call.hub.versions))


def show_user(call: Call) -> Answer:
    found = call.hub.accounts.get(call.params["username"])
    if found is None:
        raise not_found()
    return Answer(200, people.public_account(call.hub, found))


def show_permission(call: Call) -> Answer:
    """What decides who may command (B.5-9): admin, write, read or none, and the finer role."""
    found = call.hub.accounts.get(call.params["username"])
    if found is None:
        raise not_found()
    role = call.repository.role(found)
    level = {"triage": "read", "maintain": "write"}.get(role, role)
    rights = {
        name: level == "admin" or (level == "write" and name == "push") or (level != "none" and name == "pull")
        for name in ("admin", "push", "pull")
    }
    user = {**people.account(call.hub, found), "permissions": rights, "role_name": role}
    return Answer(200, {"permission": level, "role_name": role, "user": user})


def render(call: Call) -> Answer:
    html = cmarkgfm.github_flavored_markdown_to_html(call.body["text"])
    return Answer(200, raw=html.encode(), media="text/html;charset=utf-8")


ROUTES = (
    Route("GET", "/rate_limit", show_limits),
    Route("GET", "/versions", show_versions),
    Route("GET", "/users/{username}", show_user),
    Route("GET", "/repos/{owner}/{repo}/collaborators/{username}/permission", show_permission, ("metadata=read",)),
    Route("POST", "/markdown", render),
)
