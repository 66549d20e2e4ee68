"""Who answers GitHub goes first: what thinks and what works takes the processor that is left."""

from __future__ import annotations

import os
from contextlib import suppress


def yield_to_others(nice: int) -> None:
    """`nice` is 0 to 19. Where Linux groups processes by session, a session of our own takes a word to the group as well (sched(7))."""
    os.nice(nice)
    if os.getsid(0) != os.getpid():
        return
    with suppress(OSError), open("/proc/self/autogroup", "w", encoding="ascii") as group:
        group.write(str(nice))
