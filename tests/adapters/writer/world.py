"""A provider of models on loopback: real HTTP, strict about what it is asked, and ill when told to be."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jsonschema

from tests.adapters.writer.dialects import Dialect, matches

BODY = "the provider's own words, s3cr3t-body"
WORDS: dict[str, Any] = {
    "headline": "Costs {{cost.delta}} more.",
    "story": ["Die erste Flut trifft {{finding:1.address}}.", "두 번째 문단."],
    "explanations": [{"finding": "finding:1", "text": "One zone only."}],
    "priorities": ["finding:1"],
    "questions": ["Who is on call?"],
}


@dataclass(frozen=True)
class Answer:
    """Words in the asked shape; `end` is one of a dialect's ends. With `prose` there is no shape."""

    words: object = field(default_factory=lambda: WORDS)
    end: str = "good"
    prose: str = ""


@dataclass(frozen=True)
class Ill:
    """An error as this provider words it; the text must never be shown."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Raw:
    """A body as it is; `cut`: the connection ends after so many bytes of it."""

    body: bytes
    cut: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Silence:
    """Nothing is said until the event is set."""

    until: threading.Event


Said = Answer | Ill | Raw | Silence


@dataclass
class World:
    """`says` is said first, one a request; after that a good answer. `asked` are the bodies that came, `wrong` what was wrong with them."""

    dialect: Dialect
    url: str = ""
    says: list[Said] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@contextmanager
def world_of(dialect: Dialect) -> Iterator[World]:
    """Until the block ends; then raises if anybody sent what the provider would not take."""
    world = World(dialect)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.path == "/token":
                _send(self, 200, {"access_token": "ya29.s3cr3t", "expires_in": 3600, "token_type": "Bearer"})
                return
            world.wrong += _wrong(world.dialect, self, body)
            asked = json.loads(body)
            world.asked.append(asked)
            _say(self, world, world.says.pop(0) if world.says else Answer(), asked)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    world.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield world
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert world.wrong == []


def _wrong(dialect: Dialect, request: BaseHTTPRequestHandler, body: bytes) -> Iterator[str]:
    if not matches(dialect.path, request.path):
        yield f"path {request.path}"
    for name, pattern in dialect.headers.items():
        if not matches(pattern, request.headers.get(name)):
            yield f"header {name}: {request.headers.get(name)}"
    for error in jsonschema.Draft202012Validator(dialect.shape).iter_errors(json.loads(body)):
        yield f"{error.json_path}: {error.message[:300]}"


def _say(request: BaseHTTPRequestHandler, world: World, said: Said, asked: Mapping[str, Any]) -> None:
    dialect = world.dialect
    match said:
        case Answer(words, end, prose):
            content = dialect.prose(prose) if prose else dialect.content(asked, words)
            _send(request, 200, dialect.said(content, dialect.ends[end]))
        case Ill(status, headers):
            # The number of Bedrock's overload is another.
            number = 503 if status == 529 and dialect.name == "bedrock" else status
            _send(request, number, dialect.error(status, BODY), {**dialect.error_headers(status), **headers})
        case Raw(body, cut, headers):
            _send_bytes(request, 200, body if cut is None else body[:cut], headers, len(body))
        case Silence(until):
            until.wait(30)
            request.close_connection = True


def _send(request: BaseHTTPRequestHandler, status: int, body: object, headers: Mapping[str, str] | None = None) -> None:
    written = json.dumps(body).encode()
    _send_bytes(request, status, written, headers or {}, len(written))


def _send_bytes(request: BaseHTTPRequestHandler, status: int, body: bytes, headers: Mapping[str, str], length: int) -> None:
    request.send_response(status)
    for name, value in {"content-type": "application/json", "content-length": str(length), "connection": "close", **headers}.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)
    request.close_connection = True
