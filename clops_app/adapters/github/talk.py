"""People are answered once, and only those who may write are obeyed."""

from __future__ import annotations

import re

from clops_app.adapters.github.client import Client
from clops_app.adapters.github.posted import conversation
from clops_app.model.pull import PullRequest
from clops_app.ports import NotThere, Reaction
from clops_app.review.said import plain

_LOGIN = re.compile(r"[\w-]+(?:\[bot\])?", re.ASCII)


def may_write(client: Client, login: str) -> bool:
    """GitHub gives `maintain` as write and `triage` as read (OA:repos/get-collaborator-permission-level)."""
    if not _LOGIN.fullmatch(login):
        return False
    try:
        shown = client.get("/repos/{repository}/collaborators/{login}/permission", login=login)
    except NotThere:
        return False
    return shown["permission"] in ("admin", "write")


def react(client: Client, comment: int, content: Reaction) -> None:
    client.write("POST", "/repos/{repository}/issues/comments/{id}/reactions", {"content": content}, id=comment)


def reply(client: Client, pull: PullRequest, to: int, body: str, login: str) -> None:
    """The answer begins with a hidden mark that says what it answers."""
    mark = f"<!-- clops:reply {to} -->"
    said = f"{mark}\n{body}"
    there = next((one for one in conversation(client, pull, login) if plain(one.body).split("\n")[0] == mark), None)
    if there is None:
        client.write("POST", "/repos/{repository}/issues/{number}/comments", {"body": said}, number=pull.number)
    elif plain(there.body) != plain(said):
        client.write("PATCH", "/repos/{repository}/issues/comments/{id}", {"body": said}, id=there.id)
