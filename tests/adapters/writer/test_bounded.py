"""Nobody waits longer than they said, and what is not waited for is ended."""

from __future__ import annotations

import asyncio
import signal
import threading

import pytest

from clops_app.adapters.writer.bounded import bounded


def test_what_the_work_returns_or_raises_is_handed_on() -> None:
    async def seven() -> int:
        await asyncio.sleep(0)
        return 7

    async def wrong() -> int:
        raise LookupError("x")

    assert bounded(seven, 20) == 7
    with pytest.raises(LookupError):
        bounded(wrong, 20)


def test_work_that_takes_too_long_is_cancelled_and_may_clean_up() -> None:
    cleaned = threading.Event()

    async def long() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned.set()

    with pytest.raises(TimeoutError):
        bounded(long, 0.05)
    assert cleaned.wait(20)


def test_work_that_blocks_its_thread_holds_nobody_up() -> None:
    free = threading.Event()

    async def blocks() -> bool:
        return free.wait(60)

    with pytest.raises(TimeoutError):
        bounded(blocks, 0.05)
    assert not free.is_set()
    free.set()


def test_an_interrupted_caller_cancels_the_work() -> None:
    cancelled = threading.Event()
    caller = threading.get_ident()

    async def long() -> None:
        signal.pthread_kill(caller, signal.SIGINT)
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    with pytest.raises(KeyboardInterrupt):
        bounded(long, 20)
    assert cancelled.wait(20)
