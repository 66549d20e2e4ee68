"""Webhooks leave at their time, late or not, over connections that are kept; each acknowledgement is timed in a process of its own."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import dataclass

_PATIENCE_S = 10.0  # B.5-2: as long as GitHub waits
_AGAIN_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Sent:
    """One attempt: when it was due and began, in seconds of the monotonic clock, how long it took; status 0: no answer."""

    due: float
    began: float
    seconds: float
    status: int
    accepted: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be sent when, in seconds of the monotonic clock."""

    due: float
    guid: str
    body: bytes


class _Connections:
    """HTTP/1.1 by hand: a client library takes as long as the server does, on the same two cores."""

    def __init__(self, port: int, secret: str) -> None:
        self._port = port
        self._secret = secret.encode()
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def send(self, letter: Letter) -> Sent:
        head = self._head(letter)
        began = time.monotonic()
        try:
            async with asyncio.timeout(_PATIENCE_S):
                status, accepted = await self._sent(head + letter.body)
        except (OSError, EOFError, TimeoutError):
            status, accepted = 0, False
        return Sent(letter.due, began, time.monotonic() - began, status, accepted)

    async def _sent(self, message: bytes) -> tuple[int, bool]:
        reader, writer = self._free.pop() if self._free else await asyncio.open_connection("127.0.0.1", self._port)
        try:
            writer.write(message)
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(int(line.partition(b":")[2]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
            body = await reader.readexactly(length)
        except BaseException:
            writer.close()
            raise
        self._free.append((reader, writer))
        return int(head.split(b" ", 2)[1]), b'"accepted":true' in body

    def _head(self, letter: Letter) -> bytes:
        signature = hmac.new(self._secret, letter.body, hashlib.sha256).hexdigest()
        lines = (
            "POST /webhooks/github HTTP/1.1", f"Host: 127.0.0.1:{self._port}", "User-Agent: GitHub-Hookshot/bench", "Accept: */*",
            "Content-Type: application/json", f"Content-Length: {len(letter.body)}", "X-GitHub-Event: pull_request",
            f"X-GitHub-Delivery: {letter.guid}", f"X-Hub-Signature-256: sha256={signature}",
        )  # fmt: skip
        return "\r\n".join((*lines, "", "")).encode()


def send(port: int, secret: str, letters: Sequence[Letter]) -> tuple[list[Sent], list[Sent]]:
    """Send all, and afterwards those again that were not taken, as people have GitHub do; blocks until both is done."""
    spawning = multiprocessing.get_context("spawn")
    with spawning.Pool(1) as pool:
        return pool.apply(_sending, (port, secret, letters))


def _sending(port: int, secret: str, letters: Sequence[Letter]) -> tuple[list[Sent], list[Sent]]:
    return asyncio.run(_all(_Connections(port, secret), letters))


async def _all(connections: _Connections, letters: Sequence[Letter]) -> tuple[list[Sent], list[Sent]]:
    tasks = []
    for letter in letters:
        await asyncio.sleep(max(0.0, letter.due - time.monotonic()))
        tasks.append(asyncio.create_task(connections.send(letter)))
    first = await asyncio.gather(*tasks)
    left = [letter for letter, sent in zip(letters, first, strict=True) if sent.status != 202]
    again: list[Sent] = []
    for start in range(0, len(left), _AGAIN_AT_ONCE):
        again += await asyncio.gather(*(connections.send(letter) for letter in left[start : start + _AGAIN_AT_ONCE]))
    return first, again
