"""A pull request, its diff and its files as GitHub has them now."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

import httpx

from clops_app.adapters.github.client import TIMEOUT, Client
from clops_app.adapters.github.failures import Refused
from clops_app.model.pull import PullRequest
from clops_app.ports import ForgeError, NotThere, TooLarge, TryLater

_PULL = "/repos/{repository}/pulls/{number}"
_DIFF = "application/vnd.github.diff"
MOST_ARCHIVE_BYTES = 200 * 1024 * 1024  # ours
_MOST_LISTED = 300  # ours: so many open pull requests, the last changed first, are looked through for a fork's commit
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def read(client: Client, number: int) -> PullRequest:
    return _pull(client.get(_PULL, number=number))


def _pull(shown: Any) -> PullRequest:
    base, head = shown["base"], shown["head"]
    return PullRequest(
        repository=base["repo"]["full_name"],
        number=shown["number"],
        url=shown["html_url"],
        state="open" if shown["state"] == "open" else "closed",
        author=(shown.get("user") or {}).get("login", "ghost"),  # "ghost" is whom GitHub shows for a deleted account
        base_branch=base["ref"],
        base_sha=base["sha"],
        head_branch=head["ref"],
        head_sha=head["sha"],
        head_repository=head["repo"]["full_name"] if head.get("repo") else None,
    )


def with_head(client: Client, commit: str) -> int | None:
    """Where GitHub tells nothing of a commit, as with forks (palantir/bulldozer#563), open pull requests are looked through."""
    try:
        told = list(client.pages("/repos/{repository}/commits/{commit}/pulls", commit=commit))
    except (NotThere, Refused):  # 422: no such commit
        told = []
    found = next(_open_with(commit, told), None)
    if found is not None:
        return found
    query = {"state": "open", "sort": "updated", "direction": "desc"}
    listed = islice(client.pages("/repos/{repository}/pulls", query=query), _MOST_LISTED)
    return next(_open_with(commit, listed), None)


def _open_with(commit: str, listed: Any) -> Iterator[int]:
    return (shown["number"] for shown in listed if shown["state"] == "open" and shown["head"]["sha"] == commit)


def merge_base(client: Client, pull: PullRequest) -> str:
    """The diff of a pull request is a three-dot one (docs.github.com, "About comparing branches in pull requests")."""
    template = "/repos/{repository}/compare/{base}...{head}"
    compared = client.get(template, query={"per_page": 1}, base=pull.base_sha, head=pull.head_sha)
    return str(compared["merge_base_commit"]["sha"])


def diff(client: Client, pull: PullRequest) -> str:
    """GitHub's diff; where it is too large for that (406), as much of it as the list of files shows."""
    try:
        return client.read(_PULL, accept=_DIFF, number=pull.number).content.decode("utf-8", "replace")
    except Refused as refused:
        if refused.status != 406:
            raise
    files = client.pages(f"{_PULL}/files", number=pull.number)
    return "".join(_section(file) for file in files if file.get("patch"))


def _section(file: Any) -> str:
    """One file of the list as git prints it; `patch` holds the hunks only, and is absent where GitHub shows none."""
    after, status = file["filename"], file["status"]
    before = file.get("previous_filename") or after
    old = "/dev/null" if status == "added" else _quoted(f"a/{before}")
    new = "/dev/null" if status == "removed" else _quoted(f"b/{after}")
    return f"diff --git {_quoted(f'a/{before}')} {_quoted(f'b/{after}')}\n--- {old}\n+++ {new}\n{file['patch']}\n"


def _quoted(path: str) -> str:
    """A path as git writes it: in quotes where it holds a quote, a backslash or a control character (git-config, core.quotePath)."""
    if not any(letter < " " or letter in '"\\\x7f' for letter in path):
        return path
    letters = (_ESCAPES.get(letter) or (f"\\{ord(letter):03o}" if letter < " " or letter == "\x7f" else letter) for letter in path)
    return f'"{"".join(letters)}"'


def archive(client: Client, commit: str, into: BinaryIO, *, most_bytes: int = MOST_ARCHIVE_BYTES) -> None:
    """GitHub answers with a temporary address on another host, which gets no token (OA:repos/download-tarball-archive)."""
    address = client.address("/repos/{repository}/tarball/{commit}", commit=commit)
    try:
        _download(address, into, most_bytes)
    except httpx.RequestError as error:
        raise TryLater(f"The archive broke off: {type(error).__name__}.") from error


def _download(address: httpx.URL, into: BinaryIO, most_bytes: int) -> None:
    # `identity` and raw bytes: a compressed transfer could unfold to any size.
    headers = {"User-Agent": "ClOps", "Accept-Encoding": "identity"}
    with httpx.stream("GET", address, headers=headers, timeout=TIMEOUT, follow_redirects=True) as response:
        match response.status_code:
            case 200:
                pass
            case 404 | 410:
                raise NotThere(f"The archive: {response.status_code}.")
            case status if status >= 500 or status == 429:
                raise TryLater(f"The archive: {status}.")
            case status:
                raise ForgeError(f"The archive: {status}.")
        size = 0
        for piece in response.iter_raw():
            size += len(piece)
            if size > most_bytes:
                raise TooLarge(f"The repository's archive has more than {most_bytes} bytes.")
            into.write(piece)
