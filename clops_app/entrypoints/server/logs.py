"""The log is one JSON object a line (words in colour on a terminal), in which no key, no token and no message of an exception stands."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from types import TracebackType
from typing import Any, TextIO

import structlog

# The forms that GitHub, Slack, AWS, Anthropic and Google publish for secret scanning, a JSON web token, a PEM key, an address's password.
_SECRETS = re.compile(
    r"gh[a-z]_[A-Za-z0-9_.-]{8,}|github_pat_\w{8,}|xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}|(?:AKIA|ASIA)[0-9A-Z]{16}"
    r"|sk-ant-[\w-]{8,}|AIza[\w-]{8,}|ya29\.[\w.-]{8,}"
    r"|eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?|-----BEGIN[A-Z ]*PRIVATE KEY-----(?:(?!-----END)[^\"])*(?:-----END[A-Z ]*-----)?"
    r"|(?<=hooks\.slack\.com/)[\w/-]+|(?<=://)[^\s/:@\"]*:[^\s/@\"]+(?=@)"
)
_MASK = "[masked]"
_MOST_FRAMES = 12

Event = MutableMapping[str, Any]


def configure(level: str, stream: TextIO = sys.stderr) -> None:
    """Send all logs, ours and the libraries', to a stream."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _exceptions_without_words,
    ]
    tty = stream.isatty()
    last = structlog.dev.ConsoleRenderer() if tty else structlog.processors.JSONRenderer(ensure_ascii=True, default=repr)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                lambda logger, name, event: masked(str(last(logger, name, event))),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for chatty in ("httpx", "httpcore", "botocore", "urllib3"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    for own_handlers in ("uvicorn", "uvicorn.error", "uvicorn.access", "dbos"):
        logging.getLogger(own_handlers).handlers.clear()
        logging.getLogger(own_handlers).propagate = True


def masked(line: str) -> str:
    """A line without what looks like a token, a key or a password. JSON stays JSON."""
    return _SECRETS.sub(_MASK, line)


def _exceptions_without_words(_logger: object, _name: str, event: Event) -> Mapping[str, Any]:
    """Of an exception its types and its places: its message may quote a payload, a reviewed file or a credential."""
    found = event.pop("exc_info", None)
    error = sys.exc_info()[1] if found is True else found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["frames"] = _frames(error.__traceback__)
        if error.__cause__ is not None:
            event["cause"] = type(error.__cause__).__name__
    event.pop("exc_text", None)
    return event


def _frames(traceback: TracebackType | None) -> list[str]:
    frames = []
    while traceback is not None:
        frame = traceback.tb_frame
        frames.append(f"{frame.f_globals.get('__name__', '?')}.{frame.f_code.co_name}:{traceback.tb_lineno}")
        traceback = traceback.tb_next
    return frames[-_MOST_FRAMES:]
