"""GraphQL: every operation is checked against GitHub's schema; the fields needed are served, any other is refused by name."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import cache
from typing import Any

import graphql as core
from graphql import GraphQLError, GraphQLResolveInfo, GraphQLSchema

from tests.github import scene
from tests.github.calls import Answer
from tests.github.contracts import graphql_sdl
from tests.github.graph_objects import Viewer, node, repository_object, review_thread
from tests.github.hub import Hub
from tests.github.state import Pull, Repository, ReviewComment
from tests.github.tokens import Caller, allowed, visible

FORBIDDEN = "Resource not accessible by integration"


@cache
def schema() -> GraphQLSchema:
    """GitHub's schema; built once, it takes a second."""
    return core.build_schema(graphql_sdl(), assume_valid_sdl=True, assume_valid=True)


class Denied(GraphQLError):
    """An error with GitHub's `type`."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def answer(hub: Hub, caller: Caller, body: Any) -> Answer:
    """HTTP 200 whatever happens (B.8-9)."""
    if not isinstance(body, dict) or not isinstance(body.get("query"), str):
        return Answer(200, {"errors": [{"message": "A query attribute must be specified and must be a string."}]})
    try:
        document = core.parse(body["query"])
    except core.GraphQLSyntaxError as error:
        hub.complain(f"GraphQL: {error.message}")
        return Answer(200, {"errors": [_shown(error)]})
    if problems := core.validate(schema(), document):
        hub.complain(f"GraphQL: {'; '.join(one.message for one in problems)}")
        return Answer(200, {"errors": [_shown(one) for one in problems]})
    result = core.execute_sync(
        schema(),
        document,
        root_value={},
        context_value=Viewer(hub, caller),
        variable_values=body.get("variables"),
        operation_name=body.get("operationName"),
        field_resolver=_field,
    )
    shown: dict[str, Any] = {"data": result.data}
    if result.errors:
        shown["errors"] = [_shown(one) for one in result.errors]
    return Answer(200, shown)


def _shown(error: GraphQLError) -> dict[str, Any]:
    original = error.original_error or error
    shown: dict[str, Any] = {
        "message": error.message,
        "locations": [{"line": at.line, "column": at.column} for at in error.locations or ()],
    }
    if error.path:
        shown["path"] = error.path
    if isinstance(original, Denied):
        shown["type"] = original.kind
    return shown


def _field(source: Any, info: GraphQLResolveInfo[Viewer], **arguments: Any) -> Any:
    """A field of an object that is served; what is not is an error, never a silent null."""
    name = f"{info.parent_type.name}.{info.field_name}"
    if name in _ROOT:
        return _ROOT[name](info.context, **arguments)
    if info.field_name not in source:
        info.context.hub.complain(f"GraphQL: {name} is not served here")
        raise GraphQLError(f"{name} is not served here")
    value = source[info.field_name]
    return value(**arguments) if callable(value) else value


def _repository(viewer: Viewer, owner: str, name: str, followRenames: bool = True) -> Any:  # noqa: N803 -- GitHub's name
    """What was renamed is found by its old name, unless that is declined (schema: Query.repository)."""
    found = viewer.hub.repository(f"{owner}/{name}")
    if found is None and followRenames:
        found = viewer.hub.repositories.get(viewer.hub.moved.get(f"{owner}/{name}".lower(), 0))
    if found is None or not visible(viewer.caller, found):
        raise Denied("NOT_FOUND", f"Could not resolve to a Repository with the name '{owner}/{name}'.")
    return repository_object(viewer, found)


def _node(viewer: Viewer, id: str) -> Any:
    return node(viewer, id)


def _viewer(viewer: Viewer) -> Any:
    login = viewer.caller.account.login if viewer.caller.account else ""
    return {"__typename": "User", "login": login}


def _limit(viewer: Viewer, **_: Any) -> Any:
    headers = viewer.hub.meter.headers(viewer.caller.bearer, viewer.caller.kind)
    if not headers:
        return None
    return {
        "limit": int(headers["x-ratelimit-limit"]),
        "remaining": int(headers["x-ratelimit-remaining"]),
        "cost": 1,
        "used": int(headers["x-ratelimit-used"]),
    }


def _demand(viewer: Viewer, repository: Repository, *needs: str) -> None:
    if not any(allowed(viewer.caller, repository, *need.split("=")) for need in needs):
        raise Denied("FORBIDDEN", FORBIDDEN)


def _found(viewer: Viewer, identity: str) -> tuple[Repository, Pull | None, Any]:
    """The repository, pull request and thing of a node id the caller may see."""
    kind, _, number = identity.rpartition("_")
    for repository in viewer.hub.repositories.values():
        if not visible(viewer.caller, repository) or not number.isdigit():
            continue
        if kind == "IC" and int(number) in repository.issue_comments:
            return repository, None, repository.issue_comments[int(number)]
        for pull in repository.pulls():
            if kind in ("PRRC", "PRRT") and int(number) in pull.comments:
                return repository, pull, pull.comments[int(number)]
            if kind == "PRR" and int(number) in pull.reviews:
                return repository, pull, pull.reviews[int(number)]
    raise Denied("NOT_FOUND", f"Could not resolve to a node with the global id of '{identity}'")


def _minimize(reason: bool) -> Callable[..., Any]:
    def run(viewer: Viewer, input: dict[str, Any]) -> Any:
        repository, _, thing = _found(viewer, input["subjectId"])
        _demand(viewer, repository, "pull_requests=write", "issues=write")
        # minimizedReason is printed in lower case with a dash (schema: IssueComment.minimizedReason is a plain String)
        thing.minimized = input["classifier"].lower().replace("_", "-") if reason else None
        shown = node(viewer, input["subjectId"])
        key = "minimizedComment" if reason else "unminimizedComment"
        return {key: shown, "clientMutationId": input.get("clientMutationId")}

    return run


def _resolve(resolved: bool) -> Callable[..., Any]:
    def run(viewer: Viewer, input: dict[str, Any]) -> Any:
        repository, pull, first = _found(viewer, input["threadId"])
        if pull is None or not isinstance(first, ReviewComment):
            raise Denied("NOT_FOUND", f"Could not resolve to a node with the global id of '{input['threadId']}'")
        _demand(viewer, repository, "contents=write")
        scene.resolve_thread(viewer.hub, repository, pull, first, viewer.caller.account if resolved else None)
        return {"thread": review_thread(viewer, repository, pull, first), "clientMutationId": input.get("clientMutationId")}

    return run


def _commit(viewer: Viewer, input: dict[str, Any]) -> Any:
    """Several files in one commit, when the branch is where the asker believes."""
    branch, changes = input["branch"], input.get("fileChanges") or {}
    repository = viewer.hub.repository(branch.get("repositoryNameWithOwner") or "")
    if repository is None or not visible(viewer.caller, repository):
        raise Denied("NOT_FOUND", f"Could not resolve to a Repository with the name '{branch.get('repositoryNameWithOwner')}'.")
    _demand(viewer, repository, "contents=write")
    name = (branch.get("branchName") or "").removeprefix("refs/heads/")
    tip = repository.git.refs().get(f"refs/heads/{name}")
    if tip is None:
        raise Denied("NOT_FOUND", f'No such branch "{name}"')
    if tip != input["expectedHeadOid"]:
        raise Denied("STALE_DATA", f'Expected branch to point to "{tip}" but it did not. Pull and try again.')
    files: dict[str, bytes | None] = {one["path"]: None for one in changes.get("deletions") or ()}
    files |= {one["path"]: base64.b64decode(one["contents"]) for one in changes.get("additions") or ()}
    message = "\n\n".join(text for text in (input["message"]["headline"], input["message"].get("body")) if text)
    account = viewer.caller.account
    sha = scene.push(viewer.hub, repository, name, files, by=account or "ghost", message=message)
    url = f"{viewer.hub.web}/{repository.full_name}/commit/{sha}"
    shown = {"__typename": "Commit", "id": f"C_{sha}", "oid": sha, "url": url, "commitUrl": url, "message": message}
    return {"commit": shown, "clientMutationId": input.get("clientMutationId")}


_ROOT: dict[str, Callable[..., Any]] = {
    "Query.repository": _repository,
    "Query.node": _node,
    "Query.viewer": _viewer,
    "Query.rateLimit": _limit,
    "Mutation.minimizeComment": _minimize(True),
    "Mutation.unminimizeComment": _minimize(False),
    "Mutation.resolveReviewThread": _resolve(True),
    "Mutation.unresolveReviewThread": _resolve(False),
    "Mutation.createCommitOnBranch": _commit,
}
