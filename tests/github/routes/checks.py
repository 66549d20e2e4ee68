"""Check runs and suites: what an app says of a commit, with annotations fifty at a time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.github import events, limits
from tests.github.calls import Answer, Call, Route, page
from tests.github.shapes import work
from tests.github.state import CheckRun, CheckSuite, Refused, invalid, not_found

READ, WRITE = ("checks=read",), ("checks=write",)
# OA:checks/create, as B.3-2 counts them
TITLE_CHARACTERS, ACTIONS = 255, 3
ACTION_CHARACTERS = {"label": 20, "description": 40, "identifier": 20}


def _checked(body: dict[str, Any]) -> None:
    """The limits the document states in words only."""
    output = body.get("output") or {}
    for name in ("summary", "text"):
        if len(output.get(name) or "") > limits.CHECK_TEXT:
            raise invalid("CheckRun", "custom", name, f"{name} is too long (maximum is {limits.CHECK_TEXT} characters)")
    annotations = output.get("annotations") or []
    if len(annotations) > limits.ANNOTATIONS:
        message = f"No subschema in \"anyOf\" matched. More than {limits.ANNOTATIONS} items for 'properties/annotations'."
        raise Refused(
            422, {"message": f"Invalid request.\n\n{message}", "documentation_url": "https://docs.github.com/rest", "status": "422"}
        )
    for one in annotations:
        _annotation(one)
    actions = body.get("actions") or []
    if len(actions) > ACTIONS:
        raise invalid("CheckRun", "custom", "actions", f"only {ACTIONS} actions are allowed")
    for action in actions:
        for name, most in ACTION_CHARACTERS.items():
            if len(action[name]) > most:
                raise invalid("CheckRun", "custom", f"actions.{name}", f"{name} is too long (maximum is {most} characters)")


def _annotation(one: dict[str, Any]) -> None:
    for name in ("message", "raw_details"):
        if len((one.get(name) or "").encode()) > limits.ANNOTATION_TEXT:
            raise invalid("CheckAnnotation", "custom", name, f"{name} is too long (maximum is 64 KB)")
    if len(one.get("title") or "") > TITLE_CHARACTERS:
        raise invalid("CheckAnnotation", "custom", "title", f"title is too long (maximum is {TITLE_CHARACTERS} characters)")
    if one["start_line"] != one["end_line"] and (one.get("start_column") is not None or one.get("end_column") is not None):
        raise invalid("CheckAnnotation", "custom", "start_column", "start_column and end_column are only for annotations of one line")
    if one["end_line"] < one["start_line"]:
        raise invalid("CheckAnnotation", "custom", "end_line", "end_line must not be before start_line")


def _apply(call: Call, run: CheckRun, body: dict[str, Any]) -> None:
    """What a request says about a run; a conclusion completes it, annotations are added."""
    now = call.hub.clock.now()
    output = dict(body.get("output") or {})
    run.annotations += output.pop("annotations", None) or []
    output.pop("images", None)
    run.output |= output
    run.actions = body.get("actions", run.actions)
    run.name = body.get("name") or run.name
    run.external_id = body.get("external_id", run.external_id)
    run.details_url = body.get("details_url", run.details_url)
    if body.get("started_at"):
        run.started_at = datetime.fromisoformat(body["started_at"])
    if body.get("status"):
        run.status = body["status"]
        if run.status != "completed":
            run.conclusion = run.completed_at = None
    if body.get("conclusion"):
        run.status, run.conclusion, run.completed_at = "completed", body["conclusion"], now
    if run.status == "completed" and run.conclusion is None:
        raise invalid("CheckRun", "missing_field", "conclusion")
    if body.get("completed_at"):
        run.completed_at = datetime.fromisoformat(body["completed_at"])
    run.suite.updated_at = now


def create(call: Call) -> Answer:
    hub, body = call.hub, call.body
    _checked(body)
    head = call.repository.git.resolve(body["head_sha"])
    if head is None or head != body["head_sha"]:
        message = f"No commit found for SHA: {body['head_sha']}"
        raise Refused(422, {"message": message, "documentation_url": "https://docs.github.com/rest", "status": "422"})
    if call.app is None:
        raise Refused(403, {"message": "You must authenticate via a GitHub App.", "documentation_url": "https://docs.github.com/rest"})
    suite, _ = events.suite_for(hub, call.repository, call.app, head, _branch(call, head))
    made = CheckRun(hub.next_id(), suite, body["name"], head, "queued", None, "", None, hub.clock.now(), None)
    _apply(call, made, body)
    call.repository.runs[made.id] = made
    events.check_run(hub, call.repository, made, "created", call.account)
    if made.status == "completed":
        _completed(call, made)
    return Answer(201, work.check_run(hub, call.repository, made))


def _branch(call: Call, head: str) -> str | None:
    return next((branch for branch, sha in call.repository.heads.items() if sha == head), None)


def _completed(call: Call, run: CheckRun) -> None:
    events.check_run(call.hub, call.repository, run, "completed", call.account)
    if work.suite_state(call.repository, run.suite)[0] == "completed":
        events.check_suite(call.hub, call.repository, run.suite, "completed", call.account)


def _run(call: Call) -> CheckRun:
    run = call.repository.runs.get(call.number("check_run_id"))
    if run is None:
        raise not_found()
    return run


def _own(call: Call, run: CheckRun) -> None:
    if run.suite.app is not call.app:
        message = (
            "Invalid app_id `"
            + str(call.app.id if call.app else "")
            + "` - check run can only be modified by the GitHub App that created it."
        )
        raise Refused(403, {"message": message, "documentation_url": "https://docs.github.com/rest", "status": "403"})


def show(call: Call) -> Answer:
    return Answer(200, work.check_run(call.hub, call.repository, _run(call)))


def change(call: Call) -> Answer:
    run = _run(call)
    _own(call, run)
    _checked(call.body)
    was = run.status
    _apply(call, run, call.body)
    if run.status == "completed" and was != "completed":
        _completed(call, run)
    return Answer(200, work.check_run(call.hub, call.repository, run))


def list_annotations(call: Call) -> Answer:
    run = _run(call)
    return page(call, run.annotations, lambda one: work.annotation(call.hub, call.repository, run, one))


def rerequest(call: Call) -> Answer:
    """Resets the suite only; the app must act on the event (B.9)."""
    run = _run(call)
    events.check_run(call.hub, call.repository, run, "rerequested", call.account)
    return Answer(201, {})


def runs_of(call: Call) -> Answer:
    head = call.hub.commit(call.repository, call.params["ref"])
    wanted = {name: call.query.get(name) for name in ("check_name", "status")}
    found = [
        one
        for one in call.repository.runs.values()
        if one.head == head
        and wanted["check_name"] in (None, one.name)
        and wanted["status"] in (None, one.status)
        and call.query.get("app_id") in (None, str(one.suite.app.id))
    ]
    if call.query.get("filter", "latest") == "latest":
        found = list({(one.suite.id, one.name): one for one in found}.values())
    found.reverse()
    show_one = lambda one: work.check_run(call.hub, call.repository, one)  # noqa: E731 -- the name says which way it is shown
    return page(call, found, show_one, lambda shown, total: {"total_count": total, "check_runs": shown})


def suites_of(call: Call) -> Answer:
    head = call.hub.commit(call.repository, call.params["ref"])
    app = call.query.get("app_id")
    found = [one for one in call.repository.suites.values() if one.head == head and app in (None, str(one.app.id))]
    wrap = lambda shown, total: {"total_count": total, "check_suites": shown}  # noqa: E731
    return page(call, found, lambda one: work.check_suite(call.hub, call.repository, one), wrap)


def show_suite(call: Call) -> Answer:
    one: CheckSuite | None = call.repository.suites.get(call.number("check_suite_id"))
    if one is None:
        raise not_found()
    return Answer(200, work.check_suite(call.hub, call.repository, one))


_R = "/repos/{owner}/{repo}"
ROUTES = (
    Route("POST", f"{_R}/check-runs", create, WRITE),
    Route("GET", f"{_R}/check-runs/{{check_run_id}}", show, READ),
    Route("PATCH", f"{_R}/check-runs/{{check_run_id}}", change, WRITE),
    Route("GET", f"{_R}/check-runs/{{check_run_id}}/annotations", list_annotations, READ),
    Route("POST", f"{_R}/check-runs/{{check_run_id}}/rerequest", rerequest, WRITE),
    Route("GET", f"{_R}/commits/{{ref}}/check-runs", runs_of, READ),
    Route("GET", f"{_R}/commits/{{ref}}/check-suites", suites_of, READ),
    Route("GET", f"{_R}/check-suites/{{check_suite_id}}", show_suite, READ),
)
