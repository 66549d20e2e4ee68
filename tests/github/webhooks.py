"""Webhooks leave here: signed over the raw bytes, tried once, remembered, and sent again only when asked."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import threading
import time
import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx

from tests.github.contracts import check_webhook
from tests.github.state import App, Delivery, Refused

if TYPE_CHECKING:
    from tests.github.hub import Hub

CAP_BYTES = 25 * 1024 * 1024  # B.5-6: what is larger is not sent
TIMEOUT_SECONDS, TIMEOUT_SECONDS_GHES = 10.0, 30.0  # B.5-2
RETENTION, RETENTION_GHES = timedelta(days=3), timedelta(days=7)  # B.5-3
SENDERS = 8  # several at once: order is not promised (B.5-5)


class Webhooks:
    """The outbox of a hub; `held` deliveries wait until a test releases them in the order and number it wants."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.timeout = TIMEOUT_SECONDS_GHES if hub.ghes else TIMEOUT_SECONDS
        self.retention = RETENTION_GHES if hub.ghes else RETENTION
        self.holding = False
        self.held: list[Delivery] = []
        self._client = httpx.Client(trust_env=False)
        self._pool = ThreadPoolExecutor(SENDERS, thread_name_prefix="webhook")
        self._open: set[Future[None]] = set()
        self._mutex = threading.Lock()

    def send(
        self, app: App, event: str, action: str | None, payload: dict[str, Any], installation: int | None, repository: int | None
    ) -> None:
        """Check a payload by the official schema and queue it for the app's hook."""
        self.hub.complaints += [f"webhook {event}.{action}: {problem}" for problem in check_webhook(event, action, payload)]
        body = json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()
        if app.hook_url is None or len(body) > CAP_BYTES:
            return
        guid = str(uuid.uuid4())
        self._queue(Delivery(self.hub.next_id(), guid, event, action, app, installation, repository, body, self.hub.clock.now()))

    def _queue(self, one: Delivery) -> None:
        self.hub.deliveries.append(one)
        if self.holding:
            self.held.append(one)
        else:
            self._start(one)

    def _start(self, one: Delivery) -> None:
        with self._mutex:
            future = self._pool.submit(self._deliver, one)
            self._open.add(future)
        future.add_done_callback(self._closed)

    def _closed(self, future: Future[None]) -> None:
        with self._mutex:
            self._open.discard(future)

    def hold(self) -> None:
        """Keep what is announced from now on."""
        self.holding = True

    def release(self, *, seed: int | None = None, duplicates: float = 0.0) -> list[Delivery]:
        """Send what was held; with a seed shuffled and a share of it sent twice under the same GUID."""
        self.holding = False
        batch, self.held = self.held, []
        if seed is not None:
            dice = random.Random(seed)
            batch += [self._again(one) for one in batch if dice.random() < duplicates]
            dice.shuffle(batch)
        for one in batch:
            self._start(one)
        return batch

    def _again(self, one: Delivery) -> Delivery:
        copy = replace(one, id=self.hub.next_id(), status="pending", status_code=0)
        self.hub.deliveries.append(copy)
        return copy

    def redeliver(self, identity: int) -> None:
        """Send a delivery again: a new id, the same GUID (B.5-4), within the days it is kept (B.5-3)."""
        old = next((one for one in self.hub.deliveries if one.id == identity), None)
        if old is None or old.created_at + self.retention < self.hub.clock.now():
            message = "The delivery is too old to be redelivered." if old else "Not Found"
            raise Refused(422 if old else 404, {"message": message, "documentation_url": "https://docs.github.com/rest"})
        made = replace(old, id=self.hub.next_id(), redelivery=True, created_at=self.hub.clock.now(), status="pending", status_code=0)
        self._queue(made)

    def settle(self, seconds: float = 30.0) -> None:
        """Wait until nothing is on its way; raises TimeoutError when that takes longer."""
        end = time.monotonic() + seconds
        while True:
            with self._mutex:
                waiting = list(self._open)
            if not waiting:
                return
            for one in waiting:
                one.result(max(0.0, end - time.monotonic()))

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._client.close()

    def _deliver(self, one: Delivery) -> None:
        """One attempt; no retry (B.5-3)."""
        headers = headers_of(one)
        one.request_headers = headers
        began = time.monotonic()
        try:
            answer = self._client.post(one.app.hook_url or "", content=one.body, headers=headers, timeout=self.timeout)
        except httpx.TimeoutException:
            one.status, one.status_code = "timed out", 0
        except httpx.HTTPError:
            one.status, one.status_code = "failed to connect to host", 0
        else:
            one.status_code = answer.status_code
            one.status = "OK" if answer.is_success else f"Invalid HTTP Response: {answer.status_code}"
            one.response_headers, one.response_body = dict(answer.headers), answer.text[:10_000]
        one.duration = time.monotonic() - began
        one.delivered_at = self.hub.clock.now()


def headers_of(one: Delivery) -> dict[str, str]:
    """The headers the official document marks as required."""
    headers = {
        "Accept": "*/*",
        "Content-Type": "application/json",
        "User-Agent": f"GitHub-Hookshot/{one.guid[:7]}",
        "X-GitHub-Delivery": one.guid,
        "X-GitHub-Event": one.event,
        "X-GitHub-Hook-ID": str(one.app.id),
        "X-GitHub-Hook-Installation-Target-ID": str(one.app.id),
        "X-GitHub-Hook-Installation-Target-Type": "integration",
    }
    if one.app.hook_secret is not None:
        headers["X-Hub-Signature-256"] = sign(one.app.hook_secret, one.body)
    return headers


def sign(secret: str, body: bytes) -> str:
    """The signature over the raw bytes (B.5-1)."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
