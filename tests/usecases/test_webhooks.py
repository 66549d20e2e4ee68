"""Webhook payloads become jobs, and whatever stands in them, reading never raises."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clops_app.model.job import Job, Said
from clops_app.usecases.webhooks import BUTTONS, Gist, Nothing, gist_of, job_of

SHA = "a1" * 20
US = "clops[bot]"
AROUND: dict[str, Any] = {
    "repository": {"id": 5, "full_name": "acme/infra"},
    "installation": {"id": 77},
    "sender": {"login": "ana", "type": "User"},
}


def pull(action: str, **more: Any) -> dict[str, Any]:
    return {**AROUND, "action": action, "number": 4, "pull_request": {"number": 4, "head": {"sha": SHA}, "draft": False}, **more}


def comment(body: str, **user: str) -> dict[str, Any]:
    author = {"login": "ana", "type": "User", **user}
    on = {"number": 4, "pull_request": {"url": "https://api.github.com/repos/acme/infra/pulls/4"}}
    return {**AROUND, "action": "created", "issue": on, "comment": {"id": 9, "body": body, "user": author}, "sender": author}


def check(action: str, kind: str = "check_run", pulls: Any = ({"number": 4, "base": {"repo": {"id": 5}}},), **more: Any) -> dict[str, Any]:
    return {**AROUND, "action": action, kind: {"head_sha": SHA, "app": {"slug": "clops"}, "pull_requests": list(pulls)}, **more}


def reading(event: str, payload: dict[str, Any], own_login: str | None = US) -> Job | Nothing:
    return job_of(event, "d-1", payload, own_login)


@pytest.mark.parametrize("action", ["opened", "reopened", "synchronize", "ready_for_review"])
def test_what_changes_a_pull_request_asks_for_a_review(action: str) -> None:
    assert reading("pull_request", pull(action)) == Job("d-1", "review", 77, "acme/infra", 4, SHA)


def test_a_draft_is_reviewed_as_soon_as_it_is_opened() -> None:
    payload = pull("opened")
    payload["pull_request"]["draft"] = True
    assert isinstance(reading("pull_request", payload), Job)


def test_another_base_asks_for_a_review_and_another_title_does_not() -> None:
    assert isinstance(reading("pull_request", pull("edited", changes={"base": {"ref": {"from": "old"}}})), Job)
    assert isinstance(reading("pull_request", pull("edited", changes={"title": {"from": "old"}})), Nothing)


@pytest.mark.parametrize("action", ["closed", "labeled", "assigned", "locked", "converted_to_draft", "invented_later"])
def test_what_changes_no_file_asks_for_nothing(action: str) -> None:
    assert isinstance(reading("pull_request", pull(action)), Nothing)


@pytest.mark.parametrize("event", ["installation", "installation_repositories", "ping", "push", "workflow_run", "invented_later"])
def test_other_events_ask_for_nothing(event: str) -> None:
    assert isinstance(reading(event, pull("created")), Nothing)


def test_without_an_installation_nobody_could_answer() -> None:
    payload = pull("opened")
    del payload["installation"]
    assert isinstance(reading("pull_request", payload), Nothing)


@pytest.mark.parametrize("body", ["/clops fix all", "/clops", "/clops\r\nplease", "/clops\tfix", " /clops fix"])
def test_a_comment_that_speaks_to_us_is_a_command(body: str) -> None:
    assert reading("issue_comment", comment(body)) == Job("d-1", "command", 77, "acme/infra", 4, said=Said(9, "ana", body))


@pytest.mark.parametrize("body", ["hello", "", "see\n/clops fix", "/clopsy", "`/clops fix`", "> /clops fix", "/clops-fix"])
def test_a_comment_that_does_not_speak_to_us_asks_for_nothing(body: str) -> None:
    assert isinstance(reading("issue_comment", comment(body)), Nothing)


def test_a_long_comment_is_kept_to_its_first_2000_characters() -> None:
    job = reading("issue_comment", comment("/clops " + "x" * 70_000))
    assert isinstance(job, Job)
    assert job.said is not None
    assert job.said.text == "/clops " + "x" * 1_993


def test_what_no_database_keeps_is_taken_out_of_a_command() -> None:
    job = reading("issue_comment", comment("/clops \ud800 a\0b"))
    assert isinstance(job, Job)
    assert job.said is not None
    assert job.said.text == "/clops ? ab"


@pytest.mark.parametrize("user", [{"type": "Bot"}, {"login": US}, {"login": "other[bot]"}, {"login": "Clops[bot]", "type": "User"}])
def test_no_bot_commands_us_and_we_not_ourselves(user: dict[str, str]) -> None:
    assert isinstance(reading("issue_comment", comment("/clops fix all", **user)), Nothing)


def test_a_comment_edited_deleted_or_on_a_plain_issue_commands_nothing() -> None:
    for action in ("edited", "deleted"):
        assert isinstance(reading("issue_comment", {**comment("/clops fix"), "action": action}), Nothing)
    plain = comment("/clops fix")
    del plain["issue"]["pull_request"]
    assert isinstance(reading("issue_comment", plain), Nothing)


@pytest.mark.parametrize("kind", ["check_run", "check_suite"])
def test_a_check_asked_for_again_is_a_review(kind: str) -> None:
    assert reading(kind, check("rerequested", kind)) == Job("d-1", "review", 77, "acme/infra", 4, SHA)


def test_a_check_of_a_fork_is_known_by_its_commit() -> None:
    assert reading("check_run", check("rerequested", pulls=())) == Job("d-1", "review", 77, "acme/infra", None, SHA)


def test_a_pull_request_into_another_repository_is_not_ours() -> None:
    elsewhere = {"number": 8, "base": {"repo": {"id": 6}}}
    job = reading("check_run", check("rerequested", pulls=(elsewhere, {"number": 4, "base": {"repo": {"id": 5}}})))
    assert isinstance(job, Job)
    assert job.number == 4


def test_a_check_of_another_app_is_not_ours() -> None:
    assert isinstance(reading("check_run", check("rerequested"), "others[bot]"), Nothing)
    assert isinstance(reading("check_run", check("rerequested"), None), Job)


@pytest.mark.parametrize(("identifier", "command"), sorted(BUTTONS.items()))
def test_a_button_says_a_command_for_who_presses_it(identifier: str, command: str) -> None:
    pressed = check("requested_action", requested_action={"identifier": identifier})
    assert len(identifier) <= 20
    assert reading("check_run", pressed) == Job("d-1", "command", 77, "acme/infra", 4, SHA, Said(0, "ana", command))


def test_a_button_that_we_did_not_offer_does_nothing() -> None:
    assert isinstance(reading("check_run", check("requested_action", requested_action={"identifier": "rm -rf"})), Nothing)


def test_names_of_another_form_are_not_taken_and_not_logged() -> None:
    payload = pull("opened", repository={"full_name": "acme/infra\n../../secret"})
    assert isinstance(reading("pull_request", payload), Nothing)
    assert gist_of({**payload, "action": "Opened!"}) == Gist("", "", 4)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
EVENTS = ["pull_request", "issue_comment", "check_run", "check_suite", "installation", "ping", "push", ""]
STARTS = [
    pull("opened"),
    pull("edited", changes={"base": {}}),
    comment("/clops fix"),
    check("rerequested"),
    check("rerequested", "check_suite"),
    check("requested_action", requested_action={"identifier": "fix_all"}),
]


def mutilated(payload: Any, data: st.DataObject) -> Any:
    """The payload with something else in one place."""
    copy = json.loads(json.dumps(payload))
    place = copy
    while True:
        keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not (isinstance(place[key], dict | list) and place[key]) or data.draw(st.booleans()):
            place[key] = data.draw(JSON)
            return copy
        place = place[key]


@given(st.data(), st.sampled_from(EVENTS), st.sampled_from(STARTS))
def test_whatever_stands_in_a_payload_gives_a_job_that_can_be_kept_or_nothing(data: st.DataObject, event: str, start: Any) -> None:
    payload = mutilated(start, data)
    gist_of(payload)
    match reading(event, payload):
        case Job() as job:
            kept = [job.repository, job.head_sha, job.said.text if job.said else "", job.said.author if job.said else ""]
            assert all("\0" not in text and text.encode() is not None for text in kept)
            assert 0 < job.installation < 2**63
            assert (job.number or 1) < 2**63
        case Nothing(why):
            assert why


@given(st.dictionaries(st.text(), JSON), st.sampled_from(EVENTS))
def test_any_json_object_can_be_read(payload: dict[str, Any], event: str) -> None:
    gist_of(payload)
    assert isinstance(reading(event, payload), Nothing)
