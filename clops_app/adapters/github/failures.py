"""What GitHub answers instead of doing what was asked becomes one of the port's errors: method, path and status, never a body."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from clops_app.ports import ForgeError, NotAllowed, NotThere, TryLater, Unsure

# docs.github.com, "Rate limits for the REST API", exceeding: without a header that tells, at least one minute.
_MINUTE = 60.0
_ILL_SECONDS = 30.0  # ours
_WORDS = 10_000  # ours: as much of a refusal is looked at
_ABUSE = re.compile(r'"code"\s*:\s*"abuse"')


@dataclass(frozen=True, slots=True)
class Request:
    """What may be said of a request: `template` is its path without what fills it. `elsewhere`: another host will have the answer."""

    method: str
    template: str
    writes: bool = False
    elsewhere: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.template}"


class Ill(TryLater):
    """GitHub failed at a read: worth another try."""


class Refused(ForgeError):
    """GitHub refused for a reason of its own. `words` (lower case) are for deciding what to do, not for showing."""

    def __init__(self, message: str, status: int, words: str) -> None:
        super().__init__(message)
        self.status = status
        self.words = words


def failure(request: Request, response: httpx.Response, now: float) -> ForgeError:
    """The error of an answer that is one; `now` in seconds since 1970, for the time at which a limit ends."""
    status, words = response.status_code, response.text[:_WORDS].lower()
    what = f"{request}: {status}"
    if _is_limit(status, response.headers, words):
        return TryLater(f"{what}, a rate limit.", _wait(response.headers, now))
    if status >= 500:
        return Unsure(f"{what}; it may have been stored all the same.") if request.writes else Ill(f"{what}.", _ILL_SECONDS)
    match status:
        case 404 | 410:
            return NotThere(f"{what}.")
        case 403:
            accepted = response.headers.get("x-accepted-github-permissions")
            return NotAllowed(f"{what}. It takes {accepted}." if accepted else f"{what}.")
        case _:
            return Refused(f"{what}.", status, words)


def broken(request: Request, error: httpx.TransportError) -> ForgeError:
    """The error of a request without an answer."""
    what = f"{request}: {type(error).__name__}"
    if not request.writes:
        return Ill(f"{what}.", _ILL_SECONDS)
    if isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)):
        return TryLater(f"{what}: nothing was sent.", _ILL_SECONDS)
    return Unsure(f"{what}; it may have been stored all the same.")


def graphql_failure(request: Request, errors: Iterable[Mapping[str, Any]], headers: Mapping[str, str], now: float) -> ForgeError:
    """The error of an answer with status 200 that holds errors (docs: they carry a `type` where GitHub knows one)."""
    listed = list(errors)
    kinds = {str(error.get("type")) for error in listed}
    words = " ".join(str(error.get("message", "")) for error in listed)[:_WORDS].lower()
    what = f"{request}: {', '.join(sorted(kinds - {'None'})) or 'errors'}"
    if "RATE_LIMITED" in kinds or "rate limit" in words:
        return TryLater(f"{what}, a rate limit.", _wait(headers, now))
    if "NOT_FOUND" in kinds or "could not resolve to" in words:
        return NotThere(f"{what}.")
    if kinds & {"FORBIDDEN", "INSUFFICIENT_SCOPES"} or "not accessible by" in words:
        return NotAllowed(f"{what}.")
    if "something went wrong" in words:  # what GitHub says when a query took more than its 10 s
        return Unsure(f"{what}; it may have been stored all the same.") if request.writes else Ill(f"{what}.", _ILL_SECONDS)
    return Refused(f"{what}.", 200, words)


def _is_limit(status: int, headers: Mapping[str, str], words: str) -> bool:
    """Primary, or secondary in any of its forms: 403 or 429 with or without `retry-after`, and 422 (octokit/plugin-throttling.js#775,
    src-d/lookout#264)."""
    match status:
        case 429:
            return True
        case 403:
            return "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0" or "rate limit" in words or "abuse" in words
        case 422:
            return bool(_ABUSE.search(words)) or "submitted too quickly" in words
    return False


def _wait(headers: Mapping[str, str], now: float) -> float:
    """`retry-after`; else until the reset, when nothing remains; else a minute (docs.github.com, "Best practices")."""
    after, reset = headers.get("retry-after", ""), headers.get("x-ratelimit-reset", "")
    if after.isdigit():
        return max(1.0, float(after))
    if headers.get("x-ratelimit-remaining") == "0" and reset.isdigit():
        return max(1.0, float(reset) - now)
    return _MINUTE
