"""Git's own objects: what a commit holds, and the content of one of them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from itertools import count
from typing import Any

from clops_app.adapters.github.client import Client
from clops_app.ports import Entry, ForgeError, TooLarge

MOST_ENTRIES = 500_000
MOST_TREES = 500  # ours: an installation may ask 5,000 times an hour (docs.github.com, "Rate limits for GitHub Apps")
MOST_BYTES = 4 * 1024**2
_TREE, _BLOB = "/repos/{repository}/git/trees/{sha}", "/repos/{repository}/git/blobs/{sha}"


def listing(client: Client, commit: str) -> tuple[Entry, ...]:
    """Every file, link and submodule. Where a tree is too large for one answer (OA:git/get-tree), its directories are asked one by one."""
    found: list[Entry] = []
    for entry in _walk(client, commit, "", count(1)):
        found.append(entry)
        if len(found) > MOST_ENTRIES:
            raise TooLarge(f"The repository holds more than {MOST_ENTRIES:,} files.")
    return tuple(found)


def _walk(client: Client, tree: str, above: str, asked: Iterator[int]) -> Iterator[Entry]:
    if next(asked) > MOST_TREES:
        raise TooLarge(f"More than {MOST_TREES} directories of the repository would have to be asked for one by one.")
    answered = client.get(_TREE, query={"recursive": "1"}, sha=tree)
    if not answered.get("truncated"):
        yield from (_entry(item, above) for item in answered["tree"] if item["type"] != "tree")
        return
    answered = client.get(_TREE, sha=tree)
    if answered.get("truncated"):
        raise TooLarge("A directory of the repository holds more files than GitHub lists.")
    for item in answered["tree"]:
        if item["type"] == "tree":
            yield from _walk(client, item["sha"], f"{above}{item['path']}/", asked)
        else:
            yield _entry(item, above)


def _entry(item: Any, above: str) -> Entry:
    return Entry(item["mode"], item["sha"], item.get("size"), f"{above}{item['path']}".encode("utf-8", "surrogateescape"))


def blob(client: Client, name: str) -> bytes:
    """Always base64, whatever the content is (OA:git/get-blob)."""
    answered = client.get(_BLOB, sha=name)
    if int(answered.get("size") or 0) > MOST_BYTES:
        raise TooLarge(f"A file has more than {MOST_BYTES} bytes.")
    try:
        return base64.b64decode(answered["content"])
    except binascii.Error as error:
        raise ForgeError(f"GET {_BLOB}: its content is not base64.") from error
