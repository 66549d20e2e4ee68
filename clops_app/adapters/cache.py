"""Where this user's programs keep what can be had again. Source: XDG Base Directory Specification 0.8."""

from __future__ import annotations

import os
from collections.abc import Mapping


def cache_directory(environment: Mapping[str, str]) -> str:
    """Ours among them; it need not be there."""
    named = environment.get("XDG_CACHE_HOME", "")
    base = named if os.path.isabs(named) else os.path.join(environment.get("HOME") or os.path.expanduser("~"), ".cache")
    return os.path.join(base, "clops")
