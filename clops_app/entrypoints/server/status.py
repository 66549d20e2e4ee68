"""The front page says what runs here and how it fares; whose code is reviewed it says only to who holds the token."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse

from clops_app import __version__
from clops_app.adapters.queue.table import Recent, Stats
from clops_app.entrypoints.server.health import authorized
from clops_app.entrypoints.server.page import facts, page, section
from clops_app.entrypoints.server.parts import Parts
from clops_app.ports import QueueError

_SHOWN = 10
_TONE = {"waiting": "wait", "running": "wait", "done": "good", "failed": "bad", "superseded": "soft"}


def status(parts: Parts) -> APIRouter:
    """`GET /`; with `?names=1` the browser asks for the status token, as the password of any user."""
    router = APIRouter()
    asking: dict[int | str, dict[str, object]] = {
        401: {"content": {"text/html": {"schema": {"type": "string"}}}, "description": "The status token is missing or wrong."}
    }

    @router.get("/", response_class=HTMLResponse, responses=asking)
    def front(request: Request, names: Annotated[str, Query()] = "") -> HTMLResponse:
        named = parts.status_token is not None and authorized(request, parts.status_token)
        if names and parts.status_token is not None and not named:
            refused = page("A token is needed", "Names of repositories are shown to who holds CLOPS_STATUS_TOKEN.", status=401)
            refused.headers["WWW-Authenticate"] = 'Basic realm="ClOps", charset="UTF-8"'
            return refused
        return page("ClOps", "Reviews Terraform in pull requests before it is merged.", *_sections(parts, named=named))

    return router


def _sections(parts: Parts, *, named: bool) -> list[str]:
    credentials = parts.credentials.now()
    host = urlsplit(parts.web_url).netloc
    shown = []
    if credentials is None:
        words = "<p>No GitHub App is registered here yet. It takes three clicks, and no file to edit.</p>"
        shown.append(section("One step to go", words, '<a class="button" href="/setup">Register the App</a>', kind="call"))
    try:
        shown += [_queue(parts.queue.stats()), _latest(parts.queue.recent(_SHOWN), parts, named=named)]
    except QueueError:
        shown.append(
            section("Queue", '<p class="bad">The queue does not answer. Deliveries are refused until it does, and asked for again.</p>')
        )
    if credentials is not None:
        shown.append(_next(credentials.page))
    app = "not registered" if credentials is None else credentials.slug or f"number {credentials.app_id}"
    shown.append(section("What runs here", facts((("Version", __version__), ("Rules", str(parts.rules)), ("GitHub", host), ("App", app)))))
    return shown


def _queue(now: Stats) -> str:
    pairs = (("Waiting", now.waiting), ("Running", now.running), ("Done in an hour", now.done_last_hour), ("Failed", now.failed))
    cells = "".join(
        f"<div><dt>{name}</dt><dd{' class=bad' if name == 'Failed' and count else ''}>{count}</dd></div>" for name, count in pairs
    )
    waits = f'<p class="soft">The oldest has waited {_long(now.oldest_waiting_s)}.</p>' if now.oldest_waiting_s is not None else ""
    return section("Queue", f'<dl class="figures">{cells}</dl>', waits)


def _latest(jobs: Sequence[Recent], parts: Parts, *, named: bool) -> str:
    if not jobs:
        return section("Latest", '<p class="soft">Nothing yet. Open a pull request that changes Terraform.</p>')
    head = f"<tr>{'<th>Pull request</th>' if named else ''}<th>What</th><th>State</th><th>When</th></tr>"
    rows = "".join(
        f"<tr>{f'<td>{escape(job.subject)}</td>' if named else ''}<td>{escape(job.kind)}</td>"
        f'<td class="{_TONE[job.state]}">{job.state}</td><td>{_long(parts.clock() - _when(job))} ago</td></tr>'
        for job in jobs
    )
    more = '<p class="soft"><a href="/?names=1">Show the names</a> (the password is the status token).</p>'
    return section("Latest", f"<table>{head}{rows}</table>", "" if named or parts.status_token is None else more)


def _when(job: Recent) -> float:
    return (job.ended_at or job.begun_at or job.put_at).timestamp()


def _next(app_page: str) -> str:
    install = f'<a href="{escape(app_page)}/installations/new">Install it</a>' if app_page else "Install it from its page on GitHub"
    steps = (
        f"{install} on the repositories that hold Terraform.",
        "Open a pull request: the review comes as a comment, with suggestions to accept by a click.",
        "Write <code>/clops help</code> in it to see what else can be asked.",
    )
    return section("What to do next", f"<ol>{''.join(f'<li>{step}</li>' for step in steps)}</ol>")


def _long(seconds: float) -> str:
    """A length of time, roughly."""
    for name, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {name}{'' if count == 1 else 's'}"
    count = max(0, int(seconds))
    return f"{count} second{'' if count == 1 else 's'}"
