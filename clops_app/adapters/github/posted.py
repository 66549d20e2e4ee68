"""What we said on a pull request before is known from our own comments, whoever else wrote the same marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from clops_app.adapters.github.client import Client
from clops_app.model.draft import Posted, PostedCheck, PostedComment, PostedSummary, Resolved
from clops_app.model.pull import PullRequest
from clops_app.ports import NotAllowed, NotThere
from clops_app.review.said import is_summary

CHECK_NAME = "ClOps"

# One query for both lists, as whether a comment is minimised or its thread resolved is in GraphQL alone. 100 is the most
# of a page. `databaseId` has 32 bits, fewer than today's ids (schema: deprecated for `fullDatabaseId`).
_SAID = """
query Said($owner: String!, $name: String!, $number: Int!, $talk: String, $threads: String, $moreTalk: Boolean!, $moreThreads: Boolean!) {
  viewer { login }
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      comments(first: 100, after: $talk) @include(if: $moreTalk) {
        pageInfo { hasNextPage endCursor }
        nodes { id fullDatabaseId body isMinimized author { __typename login } }
      }
      reviewThreads(first: 100, after: $threads) @include(if: $moreThreads) {
        pageInfo { hasNextPage endCursor }
        nodes {
          id isResolved viewerCanResolve resolvedBy { login }
          first: comments(first: 1) {
            nodes { id fullDatabaseId body path line startLine outdated state isMinimized author { __typename login } }
          }
          talk: comments(first: 50) { nodes { author { __typename login } } }
        }
      }
    }
  }
}
"""
# What GitHub Actions writes as the external id of a job's own check run, which has the job's name and the same app as ours there.
_JOB = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_VIEWER = "query Viewer { viewer { login } }"


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment of the conversation that has our login."""

    id: int
    node_id: str
    body: str
    hidden: bool


def login_of(client: Client) -> str:
    """Whose token it is. The REST API tells that to people only (GET /user is 403 for an installation's token, so for
    every GITHUB_TOKEN), GraphQL to all (fullsend-ai/fullsend#1953)."""
    return str(client.graphql("Viewer", _VIEWER, {})["viewer"]["login"])


def conversation(client: Client, pull: PullRequest, login: str) -> tuple[Comment, ...]:
    """Our comments of the conversation, oldest first. Those of others are not kept: anybody may write any number of them."""
    return tuple(_comment(node) for node, _ in _said(client, pull, threads=False) if node and _wrote(node, login))


def posted(client: Client, pull: PullRequest, login: str, *, may_resolve: bool, may_commit: bool) -> Posted:
    """Everything of ours. `may_resolve`: nothing is known that forbids it; GitHub says it of each thread as well."""
    talk: list[Comment] = []
    comments: list[PostedComment] = []
    resolvable = False
    for comment, thread in _said(client, pull, threads=True):
        if comment and _wrote(comment, login):
            talk.append(_comment(comment))
        ours = _thread(thread, login) if thread else None
        if thread and ours:
            comments.append(ours)
            resolvable = resolvable or bool(thread["viewerCanResolve"])
    summaries = tuple(PostedSummary(one.id, one.node_id, one.body, one.hidden) for one in talk if is_summary(one.body))
    return Posted(summaries, tuple(comments), _check(client, pull.head_sha, login), may_resolve and resolvable, may_commit)


def _said(client: Client, pull: PullRequest, *, threads: bool) -> Iterator[tuple[Any, Any]]:
    """Each comment of the conversation and each thread, one of the two being None."""
    owner, _, name = pull.repository.partition("/")
    at: dict[str, Any] = {"talk": None, "threads": None, "moreTalk": True, "moreThreads": threads}
    while at["moreTalk"] or at["moreThreads"]:
        data = client.graphql("Said", _SAID, {"owner": owner, "name": name, "number": pull.number, **at})
        shown = (data.get("repository") or {}).get("pullRequest")
        if shown is None:
            raise NotThere("The pull request is not there, or not for us.")
        talk, told = shown.get("comments"), shown.get("reviewThreads")
        yield from ((node, None) for node in _nodes(talk))
        yield from ((None, node) for node in _nodes(told))
        at = {**_after(talk, "talk", "moreTalk"), **_after(told, "threads", "moreThreads")}


def _nodes(connection: Mapping[str, Any] | None) -> list[Any]:
    return [node for node in connection["nodes"] or () if node] if connection else []


def _after(connection: Mapping[str, Any] | None, cursor: str, more: str) -> dict[str, Any]:
    page = connection["pageInfo"] if connection else {}
    return {cursor: page.get("endCursor"), more: bool(page.get("hasNextPage"))}


def _comment(node: Mapping[str, Any]) -> Comment:
    return Comment(int(node["fullDatabaseId"]), node["id"], node["body"], node["isMinimized"])


def _thread(thread: Mapping[str, Any], login: str) -> PostedComment | None:
    """The comment that begins a thread, if it is ours and everybody can see it."""
    first = next(iter(_nodes(thread["first"])), None)
    if first is None or first["state"] == "PENDING" or not _wrote(first, login):
        return None
    outdated = first["outdated"] or first["line"] is None
    return PostedComment(
        id=int(first["fullDatabaseId"]),
        node_id=first["id"],
        thread_id=thread["id"],
        body=first["body"],
        path=first["path"],
        line=None if outdated else first["line"],
        start_line=None if outdated else first["startLine"],
        answered=any(not _wrote(node, login) for node in _nodes(thread["talk"])),
        hidden=first["isMinimized"],
        resolved=_resolved(thread, login),
    )


def _resolved(thread: Mapping[str, Any], login: str) -> Resolved:
    if not thread["isResolved"]:
        return "no"
    # `resolvedBy` is a User in the schema, so whether it is a bot is not told; with or without [bot], it is our name.
    by = (thread.get("resolvedBy") or {}).get("login", "")
    return "by_us" if by and _plain(by) == _plain(login) else "by_person"


def _wrote(node: Mapping[str, Any], login: str) -> bool:
    """Whether a login is the author's; a bot's has no [bot] in GraphQL, and a person may have the rest of its name."""
    author = node.get("author") or {"login": ""}
    written = _plain(author["login"]) + ("[bot]" if author.get("__typename") == "Bot" else "")
    return written == login.lower()


def _plain(login: str) -> str:
    return login.lower().removesuffix("[bot]")


def _check(client: Client, head_sha: str, login: str) -> PostedCheck | None:
    """Our newest check run on the commit; None as well where we may not read check runs, as then we may write none."""
    query = {"check_name": CHECK_NAME, "filter": "all"}
    template = "/repos/{repository}/commits/{commit}/check-runs"
    try:
        runs = list(client.pages(template, key="check_runs", query=query, commit=head_sha))
    except NotAllowed:
        return None
    # The app of a GITHUB_TOKEN has another id on each GHES; its slug is the bot's login everywhere.
    ours = [run for run in runs if f"{(run.get('app') or {}).get('slug', '')}[bot]".lower() == login.lower() and not _is_job(run)]
    newest = max(ours, key=lambda run: run["id"], default=None)
    if newest is None:
        return None
    annotations = (newest.get("output") or {}).get("annotations_count") or 0
    return PostedCheck(newest["id"], newest.get("external_id") or "", newest["status"] == "completed", annotations)


def _is_job(run: Mapping[str, Any]) -> bool:
    return _JOB.fullmatch(run.get("external_id") or "") is not None
