"""A file name can be shown: what would hide, forge or break a line on a terminal or in a comment is not let in.

Inside a tree names are UTF-8, whatever the locale says; a plain C locale would have every name that is not ASCII be wrong.
"""

from __future__ import annotations

import os
import re

from clops_app.language import later

# Control characters, line and paragraph separators, and the marks that reverse the direction of text.
_UNSHOWABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_NOT_UNICODE = re.compile("[\ud800-\udfff]")


def why_unshowable(name: str) -> str:
    """Why a name cannot be shown, or "" when it can."""
    if name.isascii() and name.isprintable():
        return ""
    if _NOT_UNICODE.search(name):
        return later("its name is not UTF-8")
    if _UNSHOWABLE.search(name):
        return later("its name holds control characters")
    return ""


def from_disk(name: str) -> str:
    """A name as the operating system gave it, as it is called in a tree."""
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "surrogateescape")


def on_disk(name: str) -> str:
    """The other way round."""
    return name if name.isascii() else os.fsdecode(name.encode("utf-8", "surrogateescape"))
