"""How a server takes malformed requests: `python -m tests.bench.hostile` sends 5,000 to one of our own on loopback and counts.

A request counts as refused when it is answered by a 4xx, or, where it is no HTTP at all, when the connection is closed.
"""

from __future__ import annotations

import hashlib
import hmac
import random
import re
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

SECRET = "It's a Secret to Everybody"
_LEAK = re.compile(rb"Traceback|File \"|/site-packages/|\.py\b|/root/|/home/|/tmp/|PRIVATE KEY|gh[sp]_|Secret to|Error:|line \d+")
_JUNK = (b"\x00", b"\xff\xfe", b"'\"<script>", "é漢字".encode(), b"../../etc/passwd", b"%00%2e%2e", b"{{7*7}}", b"9" * 5_000, b"A" * 9_000)


@dataclass
class Result:
    """`wrong` are (what was sent, what came) that were not refused; `leaks` are answers that told too much."""

    refused: int = 0
    wrong: list[tuple[str, bytes]] = field(default_factory=list)
    leaks: list[bytes] = field(default_factory=list)
    alive: bool = False


def attack(address: str, count: int, seed: int = 1) -> Result:
    """Send so many malformed requests, the same for the same seed."""
    dice, result = random.Random(seed), Result()
    for _ in range(count):
        kind = dice.choice(_KINDS)
        request = kind(dice)
        answer = _exchange(address, request, end=kind is _no_http)
        if _LEAK.search(answer):
            result.leaks.append(answer[:500])
        if re.match(rb"HTTP/1\.1 4\d\d ", answer) or (answer == b"" and kind is _no_http):
            result.refused += 1
        else:
            result.wrong.append((kind.__name__, answer[:200]))
    result.alive = _exchange(address, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 200")
    return result


def _exchange(address: str, request: bytes, *, end: bool = False) -> bytes:
    """All that is answered until the server closes. `end` says that nothing more comes, which a server may take for a hang-up."""
    parts = urlsplit(address)
    answer = b""
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=30) as connection:
        with suppress(ConnectionError):  # refused while we were still speaking: what it said can be read all the same
            connection.sendall(request)
            if end:
                connection.shutdown(socket.SHUT_WR)
        with suppress(ConnectionError):
            while part := connection.recv(65_536):
                answer += part
    return answer


def _post(body: bytes, path: bytes = b"/webhooks/github", **headers: bytes) -> bytes:
    plain = {
        "Host": b"x",
        "Connection": b"close",
        "Content-Type": b"application/json",
        "X-GitHub-Event": b"pull_request",
        "X-GitHub-Delivery": b"72d3162e-cc78-11e3-81ab-4c9367dc0958",
        "X-Hub-Signature-256": b"sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest().encode(),
        "Content-Length": str(len(body)).encode(),
    }
    shown = {**plain, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return (
        b"POST "
        + path
        + b" HTTP/1.1\r\n"
        + b"".join(name.encode() + b": " + value + b"\r\n" for name, value in shown.items())
        + b"\r\n"
        + body
    )


def _signed_bomb(dice: random.Random) -> bytes:
    depth = dice.randrange(7_000, 60_000)
    return _post(
        dice.choice(
            (
                b"[" * depth,
                b'{"a":' * depth + b"1" + b"}" * depth,
                b'{"a":' + b"9" * dice.randrange(4_301, 200_000) + b"}",
                b'{"a":NaN}',
                b'{"a":1,"a":2}',
                b"[1]",
                b"",
                b'"' + b"x" * depth,
                b"\xff" * 100,
                '{"a":1}'.encode("utf-32"),
                dice.randbytes(depth),
            )
        )
    )


def _wrong_signature(dice: random.Random) -> bytes:
    signature = dice.choice(
        (b"", b"sha256=", b"sha1=" + b"0" * 40, b"sha256=" + b"0" * 64, b"\xe9" * 71, b"sha256=" + b"\xe9" * 64, dice.choice(_JUNK))
    )
    return _post(b"{}", X_Hub_Signature_256=signature.replace(b"\x00", b""))


def _wrong_header(dice: random.Random) -> bytes:
    name = dice.choice(("X_GitHub_Event", "X_GitHub_Delivery"))
    return _post(b"{}", **{name: dice.choice(_JUNK)})


def _wrong_length(dice: random.Random) -> bytes:
    return _post(b"{}", Content_Length=dice.choice((b"-1", b"abc", b"9" * 30, b"99999999999", b"1e3", b"", b"0x10")))


def _wrong_path(dice: random.Random) -> bytes:
    path = b"/" + bytes(dice.choice(b"abc/.%2eE-_~") for _ in range(dice.randrange(1, 60)))
    return b"GET " + path + b"?" + dice.choice((b"a=b", b"token=%00", b"x" * 3_000)) + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def _wrong_method(dice: random.Random) -> bytes:
    method = dice.choice((b"PUT", b"DELETE", b"PATCH", b"TRACE", b"OPTIONS", b"INVENTED"))
    path = dice.choice((b"/", b"/setup", b"/healthz", b"/metrics", b"/webhooks/github", b"/setup/callback"))
    return method + b" " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def _wrong_setup(dice: random.Random) -> bytes:
    return _post(
        b"token=" + dice.choice(_JUNK) + b"&name=" + dice.choice(_JUNK), b"/setup", Content_Type=b"application/x-www-form-urlencoded"
    )


def _wrong_callback(dice: random.Random) -> bytes:
    query = (
        b"code=" + dice.choice((b"%00", b"..%2f", b"A" * 3_000, b"%ff%fe")) + b"&state=" + dice.choice((b"%00", b"a.9999999999", b"%ff"))
    )
    return (
        b"GET /setup/callback?" + query + b" HTTP/1.1\r\nHost: x\r\nCookie: clops-setup=" + b"\xe9." * 9 + b"\r\nConnection: close\r\n\r\n"
    )


def _no_http(dice: random.Random) -> bytes:
    return dice.choice((dice.randbytes(dice.randrange(1, 3_000)), b"\x16\x03\x01\x02\x00\x01", b"GET\r\n\r\n", b"\r\n" * 99))


def _wrong_version(dice: random.Random) -> bytes:
    return b"GET / HTTP/" + dice.choice((b"9.9", b"0.9", b"2.0", b"3.0")) + b"\r\nHost: x\r\nConnection: close\r\n\r\n"


_KINDS: tuple[Callable[[random.Random], bytes], ...] = (
    _signed_bomb,
    _wrong_signature,
    _wrong_header,
    _wrong_length,
    _wrong_path,
    _wrong_method,
    _wrong_setup,
    _wrong_callback,
    _wrong_version,
    _no_http,
)


def main() -> int:
    """Print the count; 1 unless every request was refused, nothing was told, and the server lives."""
    import tempfile
    from pathlib import Path

    from tests.entrypoints.server.stage import listening, staged

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    with tempfile.TemporaryDirectory() as folder, listening(staged(Path(folder)).app) as address:
        result = attack(address, count)
    print(f"{result.refused} of {count} refused, {len(result.leaks)} told too much, alive at the end: {result.alive}")
    for sent, came in result.wrong[:20]:
        print(f"  {sent}: {came!r}")
    return 0 if result.refused == count and not result.leaks and result.alive else 1


if __name__ == "__main__":
    sys.exit(main())
