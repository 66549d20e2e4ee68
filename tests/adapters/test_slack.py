"""Notes through the true clients to a strict Slack on loopback."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator

import pytest
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from clops_app.adapters import slack
from clops_app.adapters.slack import Channel, IncomingWebhook, channel, incoming_webhook
from clops_app.ports import AnnounceError, Announcer
from clops_app.usecases.errors import ConfigError
from tests.slack.samples import digest, pull_request
from tests.slack.shape import mrkdwn_of
from tests.slack.workspace import CHANNEL, SECRET_PATH, TOKEN, Workspace, slow_down, workspaces

pytest.importorskip("httpx", reason="NOT PROVEN: httpx is not installed")
pytest.importorskip("slack_sdk", reason="NOT PROVEN: slack-sdk is not installed")

SECRET = SECRET_PATH.rpartition("/")[2]


@pytest.fixture(scope="module")
def shared() -> Iterator[Workspace]:
    with workspaces() as found:
        yield found


@pytest.fixture
def space(shared: Workspace) -> Iterator[Workspace]:
    yield shared
    shared.begin_anew()


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def hook(space: Workspace, waits: list[float]) -> IncomingWebhook:
    made = incoming_webhook(space.webhook, space.origin)
    return IncomingWebhook(made.origin, made.target, waits.append)


@pytest.fixture
def bot(space: Workspace, waits: list[float]) -> Channel:
    made = channel(TOKEN, CHANNEL, space.api)
    return Channel(made.token, made.channel, made.base, waits.append)


@pytest.fixture(params=["hook", "bot"])
def announcer(request: pytest.FixtureRequest) -> Announcer:
    found: Announcer = request.getfixturevalue(request.param)
    return found


def test_a_note_arrives(announcer: Announcer, space: Workspace) -> None:
    announcer.announce(pull_request(), digest(), 5)
    assert [message["text"] for message in space.posted] == [
        "acme/infra#7: Not yet: 3 new findings (1 critical, 2 high), $20.00 → $27.59 a month (+$7.59)"
    ]
    assert "#issuecomment-5|the whole review" in mrkdwn_of(space.posted[0])


def test_a_stranger_reaches_nobody(announcer: Announcer, space: Workspace) -> None:
    announcer.announce(pull_request(head_branch="<!channel>`@here <https://evil.example|x>\ud800"), digest(title="<!everyone> @channel"))
    assert len(space.posted) == 1  # the workspace complains of every mention and foreign link


def test_a_busy_webhook_is_asked_once_more_when_it_said(hook: IncomingWebhook, space: Workspace, waits: list[float]) -> None:
    space.faults = [slow_down("7")]
    hook.announce(pull_request(), digest())
    assert (len(space.posted), waits) == (1, [7])


def test_a_busy_channel_is_asked_once_more_when_it_said(bot: Channel, space: Workspace, waits: list[float]) -> None:
    space.faults = [JSONResponse({"ok": True, "messages": []}), slow_down("7")]
    bot.announce(pull_request(), digest())
    assert (len(space.posted), waits) == (1, [7])


@pytest.mark.parametrize("said", [None, "soon", "-1"])
def test_a_busy_slack_that_does_not_say_when_is_asked_a_second_later(
    hook: IncomingWebhook, space: Workspace, waits: list[float], said: str | None
) -> None:
    space.faults = [slow_down(said)]
    hook.announce(pull_request(), digest())
    assert (len(space.posted), waits) == (1, [1])


def test_a_slack_that_stays_busy_is_left_alone(announcer: Announcer, space: Workspace) -> None:
    space.faults = [slow_down(), slow_down(), slow_down()]
    with pytest.raises(AnnounceError, match="7 s of patience"):
        announcer.announce(pull_request(), digest())
    assert space.posted == []


def test_nobody_waits_for_an_hour(announcer: Announcer, space: Workspace, waits: list[float]) -> None:
    space.faults = [slow_down("3600"), slow_down("3600")]
    with pytest.raises(AnnounceError, match="3600 s"):
        announcer.announce(pull_request(), digest())
    assert waits == []


@pytest.mark.parametrize(
    "fault",
    [
        PlainTextResponse("rollup_error", 500),
        PlainTextResponse("<html>" + SECRET, 502),
        PlainTextResponse("", 404),
        JSONResponse([1], 500),
        JSONResponse([1], 503),
        RedirectResponse("https://evil.example/", 302),
    ],
)
def test_a_webhook_that_fails_is_not_asked_again(hook: IncomingWebhook, space: Workspace, fault: Response) -> None:
    space.faults = [fault]
    with pytest.raises(AnnounceError) as caught:
        hook.announce(pull_request(), digest())
    assert (len(space.asked), space.posted) == (1, [])
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("fault", [PlainTextResponse("oops", 500), JSONResponse([1]), PlainTextResponse("no json"), PlainTextResponse("")])
def test_a_web_api_that_fails_is_one_error(bot: Channel, space: Workspace, fault: Response) -> None:
    space.faults = [JSONResponse({"ok": True, "messages": []}), fault]
    with pytest.raises(AnnounceError):
        bot.announce(pull_request(), digest())
    assert space.posted == []


def test_slacks_own_word_for_the_reason_is_told(space: Workspace, hook: IncomingWebhook, bot: Channel) -> None:
    space.faults = [PlainTextResponse("channel_is_archived", 410)]
    with pytest.raises(AnnounceError, match="channel_is_archived"):
        hook.announce(pull_request(), digest())
    with pytest.raises(AnnounceError, match="invalid_auth"):
        Channel("xoxb-other", CHANNEL, bot.base).announce(pull_request(), digest())


def test_a_hanging_slack_is_given_up(announcer: Announcer, space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slack, "_TIMEOUT_SECONDS", 0.2)
    answered = threading.Event()
    space.faults = [answered]
    late = threading.Timer(3, answered.set)  # who waits longer gets the note delivered, and no error
    late.start()
    try:
        with pytest.raises(AnnounceError, match="Timeout"):
            announcer.announce(pull_request(), digest())
    finally:
        late.cancel()
        answered.set()


@pytest.mark.parametrize("kind", ["hook", "bot"])
def test_a_slack_that_hangs_up_is_not_asked_again(kind: str) -> None:
    """It may have posted the note."""
    met = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            while True:
                line, _ = listener.accept()
                with line:
                    asked = line.recv(65536)
                    if asked == b"over":
                        return
                    met.append(asked)

        thread = threading.Thread(target=hang_up, daemon=True)
        thread.start()
        origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        announcer = incoming_webhook(f"{origin}{SECRET_PATH}", origin) if kind == "hook" else channel(TOKEN, CHANNEL, origin)
        with pytest.raises(AnnounceError):
            announcer.announce(pull_request(), digest())
        with socket.create_connection(listener.getsockname()) as line:
            line.sendall(b"over")
        thread.join()
    assert len(met) == 1


def test_a_slack_that_is_not_there_is_one_error() -> None:
    for announcer in (
        incoming_webhook(f"http://127.0.0.1:9{SECRET_PATH}", "http://127.0.0.1:9"),
        channel(TOKEN, CHANNEL, "http://127.0.0.1:9/"),
    ):
        with pytest.raises(AnnounceError):
            announcer.announce(pull_request(), digest())


def test_no_secret_is_logged_shown_or_raised(
    space: Workspace, hook: IncomingWebhook, bot: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    hook.announce(pull_request(), digest())
    bot.announce(pull_request(), digest())
    said = [repr(hook), repr(bot), caplog.text]
    for announcer, faults in ((hook, [slow_down("999")]), (bot, [slow_down(), PlainTextResponse("x", 500)])):
        space.faults = list(faults)
        with pytest.raises(AnnounceError) as caught:
            announcer.announce(pull_request(), digest())
        said += [str(caught.value), repr(caught.value.__cause__), caplog.text]
    assert "HTTP Request: POST" in caplog.text  # httpx did log what it asked
    assert [text for text in said if SECRET in text or TOKEN in text] == []


def test_the_same_verdict_changes_the_note_in_place(bot: Channel, space: Workspace) -> None:
    bot.announce(pull_request(), digest())
    bot.announce(pull_request(number=8), digest())
    bot.announce(pull_request(head_sha="c" * 40), digest())
    assert [mrkdwn_of(message).count("`ccccccc`") for message in space.posted] == [1, 0]


def test_a_new_verdict_is_a_new_note(bot: Channel, space: Workspace) -> None:
    for verdict in ("fail", "pass", "fail"):
        bot.announce(pull_request(), digest(verdict=verdict))
    assert [message["metadata"]["event_payload"]["verdict"] for message in space.posted] == ["fail", "pass", "fail"]


def test_a_bot_that_may_not_read_the_channel_posts_anew(bot: Channel, space: Workspace) -> None:
    space.scopes.discard("channels:history")
    bot.announce(pull_request(), digest())
    bot.announce(pull_request(), digest())
    assert len(space.posted) == 2


def test_a_note_that_somebody_else_forged_is_left_alone(bot: Channel, space: Workspace) -> None:
    bot.announce(pull_request(), digest())
    space.posted[0]["bot_id"] = "B0OTHER"
    bot.announce(pull_request(head_sha="c" * 40), digest())
    assert ["`ccccccc`" in mrkdwn_of(message) for message in space.posted] == [False, True]


def test_what_others_write_in_the_channel_does_not_confuse(bot: Channel, space: Workspace) -> None:
    space.posted += [{"ts": 1}, {"ts": "2", "metadata": None}, {"ts": "3", "metadata": {"event_type": "clops_review", "event_payload": []}}]
    bot.announce(pull_request(), digest())
    assert len(space.posted) == 4


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.slack.com/services/T/B/x", "https://hooks.slack.com.evil.example/services/T/B/x", "https://evil.example/services/T/B/x",
        "https://hooks.slack.com@evil.example/x", "https://user:pw@hooks.slack.com/services/T/B/x", "https://hooks.slack.com:8443/x",
        "https://hooks.slack.com\\@evil.example/x", "https://hooks.slack.com", "https://hooks.slack.com/", "file:///etc/passwd", "", "https://[/x",
        "https://hooks.slack.com/a b", "https://hooks.slack.com/x?y=1", "https://hooks.slack.com/\r\nX: y",
    ],
)  # fmt: skip
def test_only_slack_is_posted_to(url: str) -> None:
    with pytest.raises(ConfigError):
        incoming_webhook(url)


def test_a_wrong_address_is_not_repeated_in_the_error() -> None:
    with pytest.raises(ConfigError) as caught:
        incoming_webhook(f"https://hooks.slack.com{SECRET_PATH}?x=1")
    assert SECRET not in str(caught.value)


def test_slacks_own_address_is_taken() -> None:
    made = incoming_webhook(f"https://hooks.slack.com{SECRET_PATH}")
    assert (made.origin, made.target) == ("https://hooks.slack.com", SECRET_PATH)


@pytest.mark.parametrize(
    "base", ["http://slack.com/api/", "http://10.0.0.1/", "ftp://slack.com/", "https://a:b@slack.com/", "https://[", ""]
)
def test_a_base_that_is_not_safe_is_refused(base: str) -> None:
    with pytest.raises(ConfigError):
        channel(TOKEN, CHANNEL, base)
    with pytest.raises(ConfigError):
        incoming_webhook(f"{base}x", base)


@pytest.mark.parametrize("name", ["#general", "general", "", "C1 2"])
def test_a_channel_is_given_by_its_id(name: str) -> None:
    with pytest.raises(ConfigError, match="C0123ABCD"):
        channel(TOKEN, name)
