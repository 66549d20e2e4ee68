"""How much GitHub takes: sizes of texts, calls an hour, and the secondary limits in the three forms they come in."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from tests.github.contracts import error_bodies
from tests.github.state import Clock, Refused

BODY_CHARACTERS = 65_536  # README of the contracts, B.3-1
CHECK_TEXT = 65_535  # B.3-2: summary and text
ANNOTATIONS = 50  # B.3-2: a request
ANNOTATION_TEXT = 64 * 1024  # B.3-2: message and raw_details, in bytes
FORMS = ("retry-after", "silent", "abuse")


@dataclass
class Limits:
    """The numbers of B.4-4 and B.4-5; a test sets them lower, or None to switch one off."""

    installation_per_hour: int | None = 5_000
    actions_per_hour: int | None = 1_000
    anonymous_per_hour: int | None = 60
    points_per_minute: int | None = 900
    content_per_minute: int | None = 80
    content_per_hour: int | None = 500
    concurrent: int | None = 100
    form: str = "retry-after"
    exceeded_status: int = 403  # 403 or 429, both are documented

    def off(self) -> None:
        """What a GHES does by default (B.4-8)."""
        self.installation_per_hour = self.actions_per_hour = self.anonymous_per_hour = None
        self.points_per_minute = self.content_per_minute = self.content_per_hour = self.concurrent = None


@dataclass
class _Bucket:
    reset: int = 0
    used: int = 0


@dataclass
class Meter:
    """What each bearer has used."""

    clock: Clock
    limits: Limits
    buckets: dict[str, _Bucket] = field(default_factory=dict)
    points: dict[tuple[str, str], deque[tuple[int, int]]] = field(default_factory=dict)
    content: dict[str, deque[int]] = field(default_factory=dict)

    def allowance(self, kind: str) -> int | None:
        by_kind = {"actions": self.limits.actions_per_hour, "anonymous": self.limits.anonymous_per_hour}
        return by_kind.get(kind, self.limits.installation_per_hour)

    def headers(self, bearer: str, kind: str) -> dict[str, str]:
        allowed = self.allowance(kind)
        if allowed is None:
            return {}
        bucket = self._bucket(bearer)
        return {
            "x-ratelimit-limit": str(allowed),
            "x-ratelimit-remaining": str(max(0, allowed - bucket.used)),
            "x-ratelimit-used": str(bucket.used),
            "x-ratelimit-reset": str(bucket.reset),
            "x-ratelimit-resource": "core",
        }

    def _bucket(self, bearer: str) -> _Bucket:
        now = self.clock.epoch()
        bucket = self.buckets.setdefault(bearer, _Bucket(now + 3600))
        if now >= bucket.reset:
            bucket.reset, bucket.used = now + 3600, 0
        return bucket

    def give_back(self, bearer: str) -> None:
        """A 304 does not count (B.4-5)."""
        self._bucket(bearer).used -= 1

    def charge_primary(self, bearer: str, kind: str, installation: int | None) -> None:
        allowed = self.allowance(kind)
        if allowed is None:
            return
        bucket = self._bucket(bearer)
        if bucket.used >= allowed:
            body = dict(error_bodies()["primary.403"]["body"])
            body["message"] = f"API rate limit exceeded for installation ID {installation}." if installation else "API rate limit exceeded."
            raise Refused(self.limits.exceeded_status, body)
        bucket.used += 1

    def charge_secondary(self, bearer: str, method: str, template: str) -> None:
        now = self.clock.epoch()
        if self.limits.points_per_minute is not None:
            window = self.points.setdefault((bearer, template), deque())
            while window and window[0][0] <= now - 60:
                window.popleft()
            price = 1 if method in ("GET", "HEAD") else 5
            if sum(points for _, points in window) + price > self.limits.points_per_minute:
                raise self.secondary("retry-after")
            window.append((now, price))

    def charge_content(self, bearer: str) -> None:
        """Every request that makes content people are notified of."""
        now = self.clock.epoch()
        window = self.content.setdefault(bearer, deque())
        while window and window[0] <= now - 3600:
            window.popleft()
        minute, hour = self.limits.content_per_minute, self.limits.content_per_hour
        if (minute is not None and sum(when > now - 60 for when in window) >= minute) or (hour is not None and len(window) >= hour):
            raise self.secondary(self.limits.form)
        window.append(now)

    def secondary(self, form: str) -> Refused:
        """403 with retry-after, 403 without, or 422 with code abuse (B.4-5, B.4-7)."""
        if form == "abuse":
            return Refused(422, error_bodies()["abuse.422"]["body"])
        known = error_bodies()["secondary.403"]
        return Refused(self.limits.exceeded_status, known["body"], {"retry-after": "60"} if form == "retry-after" else {})


def long_body(resource: str, text: str | None) -> None:
    """Refuse a body over the limit; characters are counted, not bytes."""
    if text is not None and len(text) > BODY_CHARACTERS:
        body: dict[str, Any] = error_bodies()["issue_comment.too_long"]["body"]
        raise Refused(422, {**body, "errors": [{**body["errors"][0], "resource": resource}]})
