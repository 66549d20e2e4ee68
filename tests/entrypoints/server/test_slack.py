"""The slash command over real HTTP; the signatures are made by Slack's own SDK."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clops_app.model.job import Job
from clops_app.ports import ForgeError, NotAllowed, NotThere, QueueError, TryLater
from clops_app.usecases.errors import ConfigError
from tests.slack.serving import serving
from tests.slack.shape import complaints, mrkdwn_of

fastapi = pytest.importorskip("fastapi", reason="NOT PROVEN: fastapi is not installed")
signature = pytest.importorskip("slack_sdk.signature", reason="NOT PROVEN: slack-sdk is not installed")

from clops_app.entrypoints.server.slack import signed, slack_router  # noqa: E402 -- after the skips

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = 1_795_000_000.0
INSTALLED = {"acme/infra": 42, "other/site": 43}


class Clock:
    def __init__(self, at: float) -> None:
        self.at = at

    def now(self) -> float:
        return self.at


def verifier(at: float = NOW) -> Any:
    return signature.SignatureVerifier(SECRET, Clock(at))


@dataclass
class Kept:
    """A queue that keeps a job once."""

    jobs: dict[str, Job] = field(default_factory=dict)
    broken: bool = False

    def put(self, job: Job) -> bool:
        if self.broken:
            raise QueueError("the disk is full")
        new = job.delivery not in self.jobs
        self.jobs.setdefault(job.delivery, job)
        return new


def installation_of(full_name: str) -> int:
    if full_name == "acme/ill":
        raise TryLater("GET /repos/acme/ill/installation: 503")
    if full_name == "acme/suspended":
        raise NotAllowed("GET /repos/acme/suspended/installation: 403")
    if full_name == "acme/odd":
        raise ForgeError("GET /repos/acme/odd/installation: 418")
    try:
        return INSTALLED[full_name]
    except KeyError:
        raise NotThere(f"GET /repos/{full_name}/installation: 404") from None


@dataclass
class Door:
    client: httpx.Client
    queue: Kept

    def raw(self, body: bytes, headers: Mapping[str, str | bytes]) -> httpx.Response:
        sent = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return self.client.post("/slack/commands", content=body, headers=sent)

    def post(self, body: bytes, at: float = NOW, **headers: str) -> httpx.Response:
        stamp = str(int(at))
        made = verifier(at).generate_signature(timestamp=stamp, body=body)
        return self.raw(body, {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": made, **headers})

    def type(self, text: str, trigger: str = "1.2.abc", team: str = "T1", **headers: str) -> str:
        """What is answered to `/clops text`, as mrkdwn."""
        fields = {
            "command": "/clops",
            "text": text,
            "trigger_id": trigger,
            "team_id": team,
            "response_url": "https://hooks.slack.com/commands/x",
        }
        answer = self.post(urlencode(fields).encode(), **headers)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
        said = answer.json()
        assert said.pop("response_type") == "ephemeral"
        assert complaints(said) == []
        return mrkdwn_of(said)


@contextmanager
def doors(ask: Callable[[str], int] = installation_of, **options: Any) -> Iterator[Door]:
    queue = Kept()
    application = fastapi.FastAPI()
    application.include_router(slack_router(SECRET, queue, ask, now=lambda: NOW, **options))
    with serving(application) as origin, httpx.Client(base_url=origin, timeout=20, trust_env=False) as client:
        yield Door(client, queue)


@pytest.fixture(scope="module")
def shared() -> Iterator[Door]:
    with doors() as door:
        yield door


@pytest.fixture
def door(shared: Door) -> Door:
    shared.queue.jobs.clear()
    shared.queue.broken = False
    return shared


def test_a_review_is_queued(door: Door) -> None:
    assert door.type("review acme/infra#7") == "ClOps reviews acme/infra#7. What it finds will stand on the pull request."
    (job,) = door.queue.jobs.values()
    assert (job.kind, job.installation, job.repository, job.number, job.said) == ("review", 42, "acme/infra", 7, None)


def test_the_same_trigger_is_one_job_however_often_it_is_sent(door: Door) -> None:
    first = door.type("review acme/infra#7")
    assert door.type("review acme/infra#7", **{"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}) == first
    assert len(door.queue.jobs) == 1


def test_another_trigger_is_another_job(door: Door) -> None:
    door.type("review acme/infra#7", trigger="1.2.abc")
    door.type("review acme/infra#7", trigger="1.2.abd")
    assert len(door.queue.jobs) == 2


def test_a_trigger_is_not_kept_as_it_is(door: Door) -> None:
    door.type("review acme/infra#7", trigger="1.2.secret")
    assert "1.2.secret" not in repr(door.queue.jobs)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("nobody/else#1", "not installed where nobody/else#1 is"),
        ("acme/suspended#1", "not installed where acme/suspended#1 is"),
        ("acme/ill#1", "GitHub could not be asked about acme/ill#1"),
        ("acme/odd#1", "GitHub could not be asked about acme/odd#1"),
    ],
)
def test_without_an_installation_nothing_is_queued(door: Door, target: str, said: str) -> None:
    assert said in door.type(f"review {target}")
    assert door.queue.jobs == {}


def test_a_queue_that_keeps_nothing_is_told(door: Door) -> None:
    door.queue.broken = True
    assert "cannot take acme/infra#7 now" in door.type("review acme/infra#7")


def test_only_listed_repositories_may_be_reviewed() -> None:
    asked = []

    def ask(full_name: str) -> int:
        asked.append(full_name)
        return 1

    with doors(ask, repositories=("acme/*",)) as door:
        assert "may not be asked about other/site#1" in door.type("review other/site#1")
        assert "may not be asked about acme2/site#1" in door.type("review acme2/site#1")
        assert "ClOps reviews ACME/infra#1" in door.type("review ACME/infra#1")
    assert asked == ["ACME/infra"]


def test_only_listed_workspaces_are_answered() -> None:
    with doors(teams=frozenset({"T1"})) as door:
        assert door.type("review acme/infra#7", team="T2") == "ClOps does not work for this workspace."
        assert door.queue.jobs == {}
        assert "ClOps reviews" in door.type("review acme/infra#7", team="T1")


def test_a_rule_is_explained(door: Door) -> None:
    assert "Database runs in one zone only" in door.type("explain aws/single_az_database")
    assert "Database runs in one zone only" in door.type("explain single_az_database")


def test_a_misspelt_rule_is_answered_with_the_nearest(door: Door) -> None:
    assert "aws/single_az_database" in door.type("explain aws/single_az_databas")
    assert "&lt;!channel&gt;" in door.type("explain <!channel>")


def test_rules_and_help_are_told(door: Door) -> None:
    assert "`aws/gp2_volume`" in door.type("rules")
    assert "`/clops review owner/name#7`" in door.type("help")
    assert "`/clops review owner/name#7`" in door.type("")
    assert "Did you mean `/clops review`?" in door.type("reveiw acme/infra#7")


def test_while_github_hangs_an_answer_comes_all_the_same_and_others_are_served() -> None:
    released = threading.Event()

    def hang(_: str) -> int:
        released.wait()
        return 42

    with doors(hang, patience_seconds=0.2) as door:
        try:
            for number in range(6):
                assert "GitHub is slow" in door.type(f"review acme/infra#{number + 1}", trigger=str(number))
            assert "lists all rules" in door.type("help")
        finally:
            released.set()


def test_a_forged_signature_is_refused_before_anything_is_read(door: Door) -> None:
    body = b"text=review+acme/infra%237&trigger_id=1"
    stamp = str(int(NOW))
    good = verifier().generate_signature(timestamp=stamp, body=body)
    for given_stamp, given_signature, sent in (
        (stamp, good[:-1] + ("0" if good[-1] != "0" else "1"), body),
        (stamp, good, body + b"8"),
        (stamp, good.replace("v0=", "v1="), body),
        (stamp, "", body),
        (str(int(NOW) + 1), good, body),
        ("", good, body),
    ):
        answer = door.raw(sent, {"X-Slack-Request-Timestamp": given_stamp, "X-Slack-Signature": given_signature})
        assert (answer.status_code, answer.content) == (401, b"")
    assert door.raw(body, {}).status_code == 401
    assert door.raw(b"\xff\xfe", {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": good}).status_code == 401
    assert door.queue.jobs == {}


@pytest.mark.parametrize("value", [b"\xff\xfe", "v0=\u00e9".encode(), "١٢٣".encode(), b"1_0", b"1e9", b"-5", b"9" * 5000])
def test_headers_that_are_not_ascii_or_no_number_do_no_harm(door: Door, value: bytes) -> None:
    stamp = str(int(NOW)).encode()
    assert door.raw(b"x=1", {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": value}).status_code == 401
    assert door.raw(b"x=1", {"X-Slack-Request-Timestamp": value, "X-Slack-Signature": b"v0=00"}).status_code == 401


@pytest.mark.parametrize(("apart", "status"), [(0, 200), (300, 200), (-300, 200), (301, 401), (-301, 401)])
def test_an_old_request_is_not_heard_again(door: Door, apart: int, status: int) -> None:
    assert door.post(b"text=help&trigger_id=1", at=NOW + apart).status_code == status


def test_a_body_of_more_than_64_kb_is_not_read(door: Door) -> None:
    filler = b"text=help&trigger_id=1&x="
    assert door.post(filler + b"a" * (64 * 1024 - len(filler))).status_code == 200
    assert door.post(b"a" * (64 * 1024 + 1)).status_code == 413


def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    with doors(patience_seconds=0.2) as door:
        at = (door.client.base_url.host, door.client.base_url.port or 80)
        line = socket.create_connection(at, timeout=10)
        line.sendall(b"POST /slack/commands HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\ntext=")
        assert line.recv(100).startswith(b"HTTP/1.1 408")
        line.close()


@pytest.mark.parametrize("body", [b"", b"text=help", b"%ff%fe=1", b"text=help&trigger_id=1" + b"&a=1" * 100])
def test_what_is_no_command_is_refused(door: Door, body: bytes) -> None:
    assert door.post(body).status_code == 400


def test_a_look_at_the_certificate_is_answered_without_words(door: Door) -> None:
    answer = door.post(b"ssl_check=1&token=x")
    assert (answer.status_code, answer.content) == (200, b"")


def test_without_a_secret_there_is_no_door() -> None:
    for secret in ("", "  "):
        with pytest.raises(ConfigError):
            slack_router(secret, Kept(), installation_of)


@pytest.mark.parametrize("stamp", ["1_795000000", "+1795000000", " 1795000000", "١٧٩٥٠٠٠٠٠٠"])
def test_a_timestamp_is_plain_digits_even_when_the_signature_fits(stamp: str) -> None:
    assert int(stamp) == NOW
    assert not signed(SECRET, stamp, verifier().generate_signature(timestamp=stamp, body=b"x"), b"x", NOW)


@given(body=st.text().map(str.encode), apart=st.integers(-400, 400), other=st.text(max_size=80))
def test_signatures_are_judged_as_slacks_own_sdk_judges_them(body: bytes, apart: int, other: str) -> None:
    stamp = str(int(NOW) + apart)
    good = verifier().generate_signature(timestamp=stamp, body=body)
    assert signed(SECRET, stamp, good, body, NOW) == verifier().is_valid(body, stamp, good)
    assert not signed(SECRET, stamp, other, body, NOW)
    assert not signed("another", stamp, good, body, NOW)


def test_a_server_that_was_told_so_answers_in_korean() -> None:
    with doors(language="ko") as door:
        assert door.type("review acme/infra#7") == "acme/infra#7 리뷰를 시작합니다. 결과는 풀 리퀘스트에 올라갑니다."
        assert door.type("revieww") == f"`revieww` 명령은 없습니다. 혹시 `/clops review` 명령인가요?\n{door.type('help')}"
        assert "`/clops rules` 모든 규칙을 나열합니다" in door.type("help")
        assert "*고치기*\n" in door.type("explain aws/gp2_volume")
        assert "(낮음)" in door.type("rules")
        for name in ("acme/ill", "acme/odd", "acme/gone"):
            assert re.search("[가-힣]", door.type(f"review {name}#7"))
