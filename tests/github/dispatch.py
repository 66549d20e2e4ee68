"""The order in which a request is judged: sender, version, credentials, allowance, place, right, form, then its own rules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from tests.github import graphql, web
from tests.github.calls import Answer, Call, Route
from tests.github.contracts import Operation, error_bodies
from tests.github.hub import Hub
from tests.github.routes import apps, checks, comments, contents, git_data, meta, pulls, reviews
from tests.github.state import Refused, Repository, not_found
from tests.github.tokens import Caller, caller_of, demand, visible

ROUTES: Mapping[tuple[str, str], Route] = {
    (one.method, one.template): one
    for module in (pulls, reviews, comments, checks, contents, git_data, apps, meta)
    for one in module.ROUTES
}
DEFAULT_VERSION = "2022-11-28"
NO_AGENT = "Request forbidden by administrative rules. Please make sure your request has a User-Agent header"


def dispatch(hub: Hub, request: Request, body: bytes, in_flight: int) -> Answer:
    """Answer a request; Refused is what GitHub would refuse."""
    path = request.url.path
    if path.startswith("/_codeload/"):
        return web.codeload(hub, request)
    if path == ("/api/graphql" if hub.ghes else "/graphql"):
        return _graphql(hub, request, body, in_flight)
    if hub.ghes:
        if not path.startswith("/api/v3"):
            return web.answer(hub, request, body)
        path = path.removeprefix("/api/v3") or "/"
    if not request.headers.get("user-agent"):
        raise Refused(403, {"message": NO_AGENT})
    version = request.headers.get("x-github-api-version", DEFAULT_VERSION)
    if version not in hub.versions:
        message = f"'{version}' is not a supported version; supported are {', '.join(hub.versions)}."
        raise Refused(400, {"message": message, "documentation_url": "https://docs.github.com/rest/overview/api-versions"})
    known = hub.contract(version).find(request.method, path)
    if known is None:
        return _unserved(hub, request, body, path)
    operation, params = known
    return _operated(hub, request, body, in_flight, path, version, operation, params)


def _unserved(hub: Hub, request: Request, body: bytes, path: str) -> Answer:
    if not path.startswith(("/repos/", "/app", "/user", "/orgs/", "/installation", "/search")):
        return web.answer(hub, request, body)
    hub.complain(f"{request.method} {path}: this GitHub does not serve it")
    raise Refused(501, {"message": f"{request.method} {path} is not served here"})


def _operated(
    hub: Hub,
    request: Request,
    body: bytes,
    in_flight: int,
    path: str,
    version: str,
    operation: Operation,
    params: dict[str, str],
) -> Answer:
    route = ROUTES.get((operation.method, operation.template))
    if route is None:
        return _unserved(hub, request, body, path)
    caller = caller_of(hub, request.headers.get("authorization"))
    limits: dict[str, str] = {}
    try:
        _charge(hub, caller, route, in_flight)
        answer = _judged(hub, request, body, path, version, operation, route, caller, params)
    except Refused as refused:
        limits = hub.meter.headers(caller.bearer, caller.kind)
        # what GitHub was seen to answer holds against its own document, e.g. the 422 of code abuse
        if not any(refused.body == one.get("body") for one in error_bodies().values()):
            _check(hub, version, operation, refused.status, refused.body)
        raise Refused(refused.status, refused.body, {**limits, **refused.headers}) from None
    contract = hub.contract(version)
    schema = contract.answer_schema(operation, answer.status)
    if answer.raw is None:
        if schema is not None:
            answer.body = contract.project(schema, answer.body)
        _check(hub, version, operation, answer.status, answer.body)
    limits = hub.meter.headers(caller.bearer, caller.kind)
    accepted = (
        {"X-Accepted-GitHub-Permissions": "; ".join(route.needs)} if route.needs and caller.kind in ("installation", "actions") else {}
    )
    media = {"X-GitHub-Media-Type": "github.v3; format=json", "X-GitHub-Api-Version-Selected": version}
    answer.headers = {**media, **accepted, **limits, "x-bearer": caller.bearer if limits else "", **answer.headers}
    return answer


def _charge(hub: Hub, caller: Caller, route: Route, in_flight: int) -> None:
    if route.template == "/rate_limit":
        return
    installation = caller.installation.id if caller.installation else None
    hub.meter.charge_primary(caller.bearer, caller.kind, installation)
    if hub.limits.concurrent is not None and in_flight > hub.limits.concurrent:
        raise hub.meter.secondary("retry-after")
    hub.meter.charge_secondary(caller.bearer, route.method, route.template)
    if route.content:
        hub.meter.charge_content(caller.bearer)


def _judged(
    hub: Hub,
    request: Request,
    body: bytes,
    path: str,
    version: str,
    operation: Operation,
    route: Route,
    caller: Caller,
    params: dict[str, str],
) -> Answer:
    if route.auth == "jwt" and caller.kind != "jwt":
        message = "A JSON web token could not be decoded"
        raise Refused(401, {"message": message, "documentation_url": "https://docs.github.com/rest", "status": "401"})
    if route.auth == "installation" and caller.kind != "installation":
        message = "You must authenticate with an installation access token in order to list repositories for an installation."
        raise Refused(403, {"message": message, "documentation_url": "https://docs.github.com/rest", "status": "403"})
    if caller.kind == "jwt" and route.auth != "jwt":
        raise Refused(401, {"message": "Bad credentials", "documentation_url": "https://docs.github.com/rest", "status": "401"})
    found = None
    if "owner" in params and "repo" in params:
        found = _repository(hub, request, path, params, caller)
        if route.auth != "jwt":
            demand(caller, found, route.needs)
    parsed = _parsed(body)
    query = dict(request.query_params)
    if problems := hub.contract(version).check_request(operation, query, parsed):
        hub.complain(f"request {request.method} {path}: {'; '.join(problems)}")
        message = "Invalid request.\n\n" + "\n".join(problems)
        raise Refused(422, {"message": message, "documentation_url": "https://docs.github.com/rest", "status": "422"})
    accept = request.headers.get("accept", "")
    return route.run(Call(hub, caller, request.method, path, params, query, parsed, accept, version, found))


def _repository(hub: Hub, request: Request, path: str, params: dict[str, str], caller: Caller) -> Repository:
    name = f"{params['owner']}/{params['repo']}"
    found = hub.repository(name)
    if found is None and name.lower() in hub.moved:
        now = hub.repositories[hub.moved[name.lower()]]
        to = f"{hub.api}/repos/{now.full_name}{path.removeprefix('/repos/' + name)}"
        if request.url.query:
            to += f"?{request.url.query}"
        status = 301 if request.method == "GET" else 307
        body = {"message": "Moved Permanently", "url": to, "documentation_url": "https://docs.github.com/rest"}
        raise Refused(status, body, {"Location": to})
    if found is None or (not visible(caller, found) and caller.kind != "jwt"):
        raise not_found()
    return found


def _parsed(body: bytes) -> Any:
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError as error:
        raise Refused(
            400, {"message": "Problems parsing JSON", "documentation_url": "https://docs.github.com/rest", "status": "400"}
        ) from error


def _check(hub: Hub, version: str, operation: Operation, status: int, body: Any) -> None:
    for problem in hub.contract(version).check_answer(operation, status, body):
        hub.complain(f"answer {status} of {operation.method} {operation.template} ({version}): {problem}")


def _graphql(hub: Hub, request: Request, body: bytes, in_flight: int) -> Answer:
    caller = caller_of(hub, request.headers.get("authorization"))
    if caller.kind in ("anonymous", "jwt"):
        raise Refused(
            401, {"message": "This endpoint requires you to be authenticated.", "documentation_url": "https://docs.github.com/graphql"}
        )
    route = Route(request.method, "/graphql", lambda _: Answer())
    _charge(hub, caller, route, in_flight)
    answer = graphql.answer(hub, caller, _parsed(body))
    answer.headers |= hub.meter.headers(caller.bearer, caller.kind)
    return answer
