"""Globs of settings mean what people expect of paths: `*` stays within one name, `**` goes through directories."""

from __future__ import annotations

import re


def matches(pattern: str, directory: str) -> bool:
    """Whether a directory ("" is the top of the tree, matched as ".") is meant. `a/**` means `a` itself too."""
    return _compiled(pattern.removeprefix("./").rstrip("/") or ".").fullmatch(directory or ".") is not None


def _compiled(pattern: str) -> re.Pattern[str]:
    if pattern == "**":
        return re.compile(".*", re.DOTALL)
    parts = re.split(r"(/\*\*(?=/|$)|^\*\*/|\*|\?)", pattern)
    words = {"/**": "(?:/[^/]+)*", "**/": "(?:[^/]+/)*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(words.get(part, re.escape(part)) for part in parts), re.DOTALL)
