"""JSON that another program printed is read for what is well formed in it; the rest is as if it were not there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

_LONGEST = 500  # characters of any text


def parsed(printed: bytes) -> object:
    """Raises ValueError for what is not JSON, or nested too deep to read."""
    try:
        return json.loads(printed)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def items(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()


def text(value: object) -> str:
    """A text on one line, the start of a very long one."""
    return " ".join(value[:_LONGEST].split()) if isinstance(value, str) else ""
