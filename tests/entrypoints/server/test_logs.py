"""The log: one JSON object a line, in which no secret stands."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import pytest

pytest.importorskip("structlog", reason="NOT PROVEN: the server's log needs the extra `app`")

import structlog

from clops_app.entrypoints.server.logs import configure

SECRETS = [
    "ghs_" + "a1" * 18,
    "ghs_12345_eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxMjM0NSJ9.c2lnbmF0dXJl-_",
    "ghp_" + "b2" * 18,
    "gho_" + "b2" * 18,
    "github_pat_11ABCDEFG0_" + "c3" * 20,
    "xoxb-1234567890-abcdefghij",
    "xapp-1-A0000000000-abcdefgh",
    "sk-ant-api03-" + "d4-_" * 10,
    "AIza" + "Sy_-" * 8,
    "ya29." + "a0-_" * 10,
    "AKIAIOSFODNN7EXAMPLE",
    "ASIAIOSFODNN7EXAMPLE",
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxMjM0NSJ9.c2lnbmF0dXJl",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\nabc+/=\n-----END RSA PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\nMIIEowIBAAKCAQEA",
]


@pytest.fixture
def lines() -> Any:
    stream = io.StringIO()
    configure("info", stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().handlers.clear()
    structlog.reset_defaults()


@pytest.mark.parametrize("secret", SECRETS)
def test_what_looks_like_a_secret_is_masked_wherever_it_stands(lines: Any, secret: str) -> None:
    structlog.get_logger("clops").info(f"a {secret} b", one=secret, deep={"two": [f"x={secret}"]})
    logging.getLogger("library").warning("said %s", secret, extra={"three": secret})
    (ours, theirs) = lines()
    shown = json.dumps([ours, theirs])
    assert json.dumps(secret)[1:-1] not in shown
    assert "MIIE" not in shown
    assert shown.count("[masked]") == 5


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("postgresql://clops:pass-word@db.internal/clops", "postgresql://[masked]@db.internal/clops"),
        ("https://hooks.slack.com/services/T0/B0/abc", "https://hooks.slack.com/[masked]"),
    ],
)
def test_of_an_address_only_the_secret_part_is_masked(lines: Any, text: str, left: str) -> None:
    structlog.get_logger("clops").info("said", address=text)
    assert lines()[0]["address"] == left


def test_what_is_no_secret_is_left(lines: Any) -> None:
    said = {"repository": "acme/infra", "delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958", "sha": "a1" * 20, "path": "/webhooks/github"}
    structlog.get_logger("clops").info("delivery", **said)
    assert said.items() <= lines()[0].items()


def test_an_exception_is_told_without_its_words(lines: Any) -> None:
    try:
        raise ValueError("CANARY in a payload")
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
        structlog.get_logger("clops").exception("broken")
    for line in lines():
        assert (line["error"], "CANARY" in json.dumps(line)) == ("ValueError", False)
        assert "test_an_exception_is_told_without_its_words" in line["frames"][-1]


def test_a_line_break_in_what_is_said_makes_no_second_line(lines: Any) -> None:
    structlog.get_logger("clops").info("request", path='/\n{"event": "forged"}')
    assert len(lines()) == 1


def test_what_a_library_adds_to_its_words_is_kept(lines: Any) -> None:
    logging.getLogger("clops.queue").info("job", extra={"delivery": "d-1", "outcome": "done"})
    assert (lines()[0]["delivery"], lines()[0]["outcome"]) == ("d-1", "done")
