"""A note reaches Slack, through an incoming webhook or into a channel, or one exception says why not."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from clops_app.model.pull import Digest, PullRequest
from clops_app.ports import AnnounceError
from clops_app.usecases.errors import ConfigError
from clops_app.usecases.slack import Message, note

if TYPE_CHECKING:
    from slack_sdk import WebClient
    from slack_sdk.web import SlackResponse

HOOKS = "https://hooks.slack.com"
API = "https://slack.com/api/"

_TIMEOUT_SECONDS = 5
_LONGEST_WAIT_SECONDS = 30
_USUAL_WAIT_SECONDS = 1  # a channel takes one message a second: docs.slack.dev/apis/web-api/rate-limits
# What conversations.history gives to apps that are not on Slack's marketplace (changelog of 2025-05-29).
_MOST_MESSAGES = 15
_EVENT = "clops_review"
_NOT_TO_BE_UPDATED = frozenset({"cant_update_message", "edit_window_closed", "message_not_found"})
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_WORD = re.compile(r"[a-z_]{1,64}")

_Answer = TypeVar("_Answer")


class _Busy(Exception):
    """Slack wants to be asked later; nothing was posted."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Slack asks for {seconds} s of patience.")
        self.seconds = seconds


class _Refused(AnnounceError):
    """`word` is Slack's name for the reason, or the status."""

    def __init__(self, word: str) -> None:
        super().__init__(f"Slack refused the note: {word}.")
        self.word = word


@dataclass(frozen=True, slots=True)
class IncomingWebhook:
    """Posts every note anew: a webhook can neither change nor find what it posted.

    `target` is the secret part of the address. It is kept apart from the origin because httpx logs the URLs it asks.
    """

    origin: str
    target: str = field(repr=False)
    wait: Callable[[float], None] = time.sleep

    def announce(self, pull: PullRequest, digest: Digest, comment: int | None = None) -> None:
        message = note(pull, digest, comment)
        _patiently(lambda: self._post(message), self.wait)

    def _post(self, message: Message) -> None:
        import httpx

        payload = {"text": message.text, "blocks": list(message.blocks), "unfurl_links": False, "unfurl_media": False}
        # `target` takes the place of the path on the wire: python-httpx.org/advanced/extensions
        extensions = {"target": self.target.encode()}
        try:
            with (
                httpx.Client(timeout=_TIMEOUT_SECONDS) as client,
                client.stream("POST", self.origin, json=payload, extensions=extensions) as response,
            ):
                if response.status_code == 429:
                    raise _Busy(_wait_of(response.headers))
                if response.status_code != 200:
                    word = next(response.iter_raw(), b"")[:65].decode("ascii", "replace").strip()
                    raise _Refused(word if _WORD.fullmatch(word) else str(response.status_code))
        except httpx.HTTPError as error:
            raise _unreachable(error) from error


@dataclass(frozen=True, slots=True)
class Channel:
    """Posts to a channel, and changes the newest note of the same pull request in place while the verdict stays the same.

    A new verdict is a new note, since nobody is told of a change in place. Which note is whose stands in the message's
    metadata, so nothing is kept here. Without the scope `channels:history` (`groups:history`) every note is a new one.
    `channel` is an id (`C0123ABCD`), not a name: chat.update takes no other.
    """

    token: str = field(repr=False)
    channel: str
    base: str = API
    wait: Callable[[float], None] = time.sleep

    def announce(self, pull: PullRequest, digest: Digest, comment: int | None = None) -> None:
        from slack_sdk import WebClient

        client = WebClient(self.token, base_url=self.base, timeout=_TIMEOUT_SECONDS, retry_handlers=[])
        message = note(pull, digest, comment)
        subject = f"{pull.repository}#{pull.number}".lower()
        metadata = {"event_type": _EVENT, "event_payload": {"pull": subject, "verdict": digest.verdict}}
        earlier = _earlier(client, self.channel, subject, digest.verdict)
        if earlier is None or not self._update(client, earlier, message, metadata):
            self._post(client, message, metadata)

    def _update(self, client: WebClient, ts: str, message: Message, metadata: Mapping[str, object]) -> bool:
        """False when that message is not ours to change, or gone."""
        try:
            _patiently(
                lambda: _asked(
                    lambda: client.chat_update(
                        channel=self.channel, ts=ts, text=message.text, blocks=_blocks(message), metadata=dict(metadata)
                    )
                ),
                self.wait,
            )
        except _Refused as refused:
            if refused.word in _NOT_TO_BE_UPDATED:
                return False
            raise
        return True

    def _post(self, client: WebClient, message: Message, metadata: Mapping[str, object]) -> None:
        _patiently(
            lambda: _asked(
                lambda: client.chat_postMessage(
                    channel=self.channel,
                    text=message.text,
                    blocks=_blocks(message),
                    metadata=dict(metadata),
                    unfurl_links=False,
                    unfurl_media=False,
                )
            ),
            self.wait,
        )


def incoming_webhook(url: str, base: str = HOOKS) -> IncomingWebhook:
    """`url` must lie below `base`, which only a proxy of one's own makes another than Slack's. Raises ConfigError, without the URL."""
    _check_base(base)
    try:
        asked, allowed = urlsplit(url), urlsplit(base)
        same = (asked.scheme, asked.hostname, asked.port) == (allowed.scheme, allowed.hostname, allowed.port)
    except ValueError:
        same = False
    target = asked.path if same else ""
    if not re.fullmatch(r"/[!-~]+", target) or asked.query or asked.fragment or asked.username is not None:
        raise ConfigError((f"The address of the Slack webhook is not one of {base}: it begins with {base}/services/.",))
    return IncomingWebhook(f"{allowed.scheme}://{allowed.netloc}", target)


def channel(token: str, name: str, base: str = API) -> Channel:
    """Notes into the channel with the id `name`, as the bot with this token. Raises ConfigError."""
    _check_base(base)
    if not re.fullmatch(r"[CG][A-Z0-9]{2,20}", name):
        raise ConfigError(("The Slack channel must be given by its id, such as C0123ABCD (channel details, at the bottom).",))
    return Channel(token, name, base)


def _check_base(base: str) -> None:
    try:
        parts = urlsplit(base)
        good = parts.username is None and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK))
    except ValueError:
        good = False
    if not good:
        raise ConfigError(("The base address of Slack must begin with https://.",))


def _earlier(client: WebClient, name: str, subject: str, verdict: str) -> str | None:
    """The newest note of the pull request, if it says the same verdict. None as well where we may not look."""
    try:
        answer = _asked(lambda: client.conversations_history(channel=name, limit=_MOST_MESSAGES, include_all_metadata=True))
    except (_Refused, _Busy):
        return None
    messages: object = answer.get("messages")
    for message in messages if isinstance(messages, list) else ():
        match message:
            case {"ts": str() as ts, "metadata": {"event_type": event, "event_payload": {"pull": pull, "verdict": said}}} if (
                event == _EVENT and pull == subject
            ):
                return ts if said == verdict else None
    return None


def _asked(call: Callable[[], SlackResponse]) -> SlackResponse:
    from slack_sdk.errors import SlackApiError, SlackClientError

    try:
        return call()
    except SlackApiError as error:
        if error.response.status_code == 429:
            raise _Busy(_wait_of(error.response.headers)) from error
        word = str(error.response.get("error"))
        raise _Refused(word if _WORD.fullmatch(word) else str(error.response.status_code)) from error
    # AttributeError: the SDK takes any JSON for an object.
    except (SlackClientError, OSError, HTTPException, ValueError, AttributeError) as error:
        raise _unreachable(error) from error


def _patiently(send: Callable[[], _Answer], wait: Callable[[float], None]) -> _Answer:
    """Once more when Slack was busy and does not ask for too much. An error or silence is not tried again: it may have been posted."""
    try:
        return send()
    except _Busy as busy:
        if busy.seconds > _LONGEST_WAIT_SECONDS:
            raise AnnounceError(str(busy)) from busy
        wait(busy.seconds)
    try:
        return send()
    except _Busy as busy:
        raise AnnounceError(str(busy)) from busy


def _wait_of(headers: Mapping[str, str]) -> int:
    """Seconds."""
    found = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return int(found) if re.fullmatch(r"[0-9]{1,9}", found) else _USUAL_WAIT_SECONDS


def _blocks(message: Message) -> list[dict[str, object]]:
    return [dict(block) for block in message.blocks]


def _unreachable(error: Exception) -> AnnounceError:
    return AnnounceError(f"Slack did not answer as it should: {type(error).__name__}.")
