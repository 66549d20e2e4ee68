"""A coroutine runs on an event loop of its own and is waited for no longer than asked, whatever it waits for itself."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def bounded(work: Callable[[], Coroutine[Any, Any, T]], seconds: float) -> T:
    """What the work returns or raises. Raises TimeoutError after `seconds`, and cancels the work, as on an interrupt of the caller.

    The thread is a daemon, as are those that it begins: a client that blocks (boto3 does) holds up neither us nor the interpreter's end.
    """
    loop = asyncio.new_event_loop()
    threading.Thread(target=_serve, args=(loop,), name="clops-writer", daemon=True).start()
    try:
        return asyncio.run_coroutine_threadsafe(work(), loop).result(seconds)
    finally:
        asyncio.run_coroutine_threadsafe(_end(), loop)


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()


async def _end() -> None:
    """Cancel what still runs, and stop the loop when all of it has closed what it held."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)  # taken, or asyncio would log what nobody waits for any more
    asyncio.get_running_loop().stop()
