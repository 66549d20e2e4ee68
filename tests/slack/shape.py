"""What Slack takes for a message, and what of it would reach people as more than words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_LINK = re.compile(r"<https?://[!-;=?-{}~]+\|[^<>|]+>")
_BLOCKS = {"section", "context"}


def complaints(message: Any) -> list[str]:
    """Everything that is wrong with a message's JSON; empty when Slack would take it and nobody would be harmed."""
    if not isinstance(message, dict):
        return ["a message is an object"]
    return list(_complaints(message))


def mrkdwn_of(message: dict[str, Any]) -> str:
    """All that people read of its blocks."""
    return "\n".join(one["text"] for block in message["blocks"] for one in _texts(block))


def _complaints(message: dict[str, Any]) -> Iterator[str]:
    text, blocks = message.get("text"), message.get("blocks")
    if not isinstance(text, str) or not 1 <= len(text) <= 4000:
        yield "text: 1 to 4,000 characters"
    else:
        yield from _markup(text)
    if not isinstance(blocks, list) or not 1 <= len(blocks) <= 50:
        yield "blocks: 1 to 50"
        return
    for block in blocks:
        yield from _block(block)
    if sum(len(one["text"]) for block in blocks for one in _texts(block)) > 12_000:
        yield "msg_blocks_too_long"


def _block(block: Any) -> Iterator[str]:
    if block.get("type") not in _BLOCKS:
        yield f"block type {block.get('type')!r}"
    allowed = {"type", "text"} if block.get("type") == "section" else {"type", "elements"}
    if set(block) != allowed:
        yield f"keys of a block: {sorted(block)}"
    texts = list(_texts(block))
    if not 1 <= len(texts) <= 10:
        yield "1 to 10 elements"
    for one in texts:
        if set(one) != {"type", "text", "verbatim"} or one["type"] != "mrkdwn" or one["verbatim"] is not True:
            yield f"a text object that Slack makes links in: {one}"
        if not 1 <= len(one["text"]) <= 3000:
            yield "text object: 1 to 3,000 characters"
        yield from _markup(one["text"])


def _texts(block: dict[str, Any]) -> list[dict[str, Any]]:
    return [block["text"]] if "text" in block else list(block.get("elements", []))


def _markup(text: str) -> Iterator[str]:
    rest = _LINK.sub("", text)
    if "<" in rest or ">" in rest:
        yield f"a control sequence that is no link: {text!r}"
    if re.search(r"&(?!amp;|lt;|gt;)", text):
        yield f"a bare &: {text!r}"
    if re.search(r"@\w", rest):
        yield f"a mention: {text!r}"
    if re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08]", text):
        yield f"what cannot be seen: {text!r}"
