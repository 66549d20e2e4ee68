"""An App is registered by the manifest flow, once, by whoever read the token in this server's own log, and its key is shown to nobody."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from dataclasses import dataclass
from html import escape
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import parse_qs, quote, urlsplit

import structlog
from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse

from clops_app.entrypoints.server.page import page, section
from clops_app.entrypoints.server.parts import Parts
from clops_app.entrypoints.server.receive import Doorway, Refusal
from clops_app.ports import ForgeError

_HOUR = 3_600  # B.10: all steps of the flow within one hour
_MOST_FORM_BYTES = 16_384
_MOST_NAME = 34  # characters of an App's name: docs.github.com, "Registering a GitHub App"
COOKIE = "clops-setup"
_FIELDS = ("token", "owner", "organization", "name", "public_url", "may_commit", "may_react")
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38})")
_CODE = re.compile(r"[A-Za-z0-9_-]{1,200}")
_TITLE = "Register the App"

log = structlog.get_logger("clops.setup")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the form says. `organization` "" is the person's own account."""

    organization: str
    name: str
    public_url: str
    may_commit: bool
    may_react: bool


def permissions(wish: Wish) -> dict[str, str]:
    """The least that reviewing takes (README of the contracts, B.4), and what was ticked."""
    return {
        "metadata": "read",
        "contents": "write" if wish.may_commit else "read",
        "pull_requests": "write",
        "checks": "write",
        **({"issues": "write"} if wish.may_react else {}),
    }


def manifest(wish: Wish) -> dict[str, object]:
    """What GitHub is asked to register (B.10)."""
    return {
        "name": wish.name,
        "url": wish.public_url,
        "description": "Reviews Terraform for AWS before it is merged: will it hold, what does it cost, what breaks first.",
        "hook_attributes": {"url": f"{wish.public_url}/webhooks/github", "active": True},
        "redirect_url": f"{wish.public_url}/setup/callback",
        "public": False,
        "default_permissions": permissions(wish),
        "default_events": ["pull_request", "issue_comment", "check_run"],
    }


def setup(parts: Parts) -> APIRouter:
    """`GET` and `POST /setup`, `GET /setup/callback`."""
    router, doorway = APIRouter(), Doorway()
    said: dict[int | str, dict[str, object]] = {
        status: {"content": {"text/html": {"schema": {"type": "string"}}}, "description": words}
        for status, words in ((400, "Not understood."), (403, "Not allowed."), (404, "An App is registered."), (502, "GitHub refused."))
    }
    form = {"type": "object", "properties": {name: {"type": "string"} for name in _FIELDS}, "additionalProperties": False}
    body = {"requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": form}}}}

    @router.get("/setup", response_class=HTMLResponse, responses={404: said[404]})
    def ask(request: Request, token: Annotated[str, Query()] = "") -> HTMLResponse:
        if parts.credentials.now() is not None:
            return _over()
        return _form(parts, _address_of(request, parts), token)

    @router.post("/setup", response_class=HTMLResponse, responses={**said, 408: said[400], 413: said[400]}, openapi_extra=body)
    async def hand_over(request: Request) -> HTMLResponse:
        if parts.credentials.now() is not None:
            return _over()
        try:
            fields = _fields(await doorway.body(request, _MOST_FORM_BYTES))
            if not hmac.compare_digest(fields.get("token", "").strip().encode(), parts.setup_token.encode()):
                raise Refusal(403, "This is not the setup token. It stands in the log of this server, or in CLOPS_SETUP_TOKEN.")
            wish = _wish(fields, parts)
        except Refusal as refusal:
            return _form(parts, _address_of(request, parts), "", refusal)
        return _handed_over(parts, wish)

    @router.get("/setup/callback", response_class=HTMLResponse, responses=said)
    async def back(request: Request, code: Annotated[str, Query()] = "", state: Annotated[str, Query()] = "") -> HTMLResponse:
        if parts.credentials.now() is not None:
            return _over()
        if not _CODE.fullmatch(code) or not _state_holds(state, request.cookies.get(COOKIE, ""), parts):
            words = "<p>This is not the answer to a registration that was begun here within the last hour, in this browser.</p>"
            return page(
                _TITLE, "That did not work.", section("Begin again", words, '<a class="button" href="/setup">Begin again</a>'), status=403
            )
        return await run_in_threadpool(_registered, parts, code)

    return router


def _registered(parts: Parts, code: str) -> HTMLResponse:
    try:
        credentials = parts.registrar(code)
    except ForgeError as error:
        log.error("GitHub did not hand out the credentials", error=type(error).__name__)
        words = "<p>GitHub did not hand out the App's credentials. A code is good once and for an hour.</p>"
        return page(
            _TITLE, "That did not work.", section("Begin again", words, '<a class="button" href="/setup">Begin again</a>'), status=502
        )
    kept = parts.credentials.keep(credentials)
    log.info("an App was registered", app=credentials.app_id, slug=credentials.slug, kept=kept)
    if kept:
        words = (
            f"<p>GitHub knows it as <b>{escape(credentials.slug)}</b>. Its key is kept on this server, readable by this server alone.</p>"
        )
        button = f'<a class="button" href="{escape(credentials.page)}/installations/new">Install it on your repositories</a>'
        answer = page("The App is registered", "One last click.", section("Now install it", words, button, kind="call"))
    else:
        answer = page("The App is registered", "Its key could not be kept here.", _by_hand(credentials.app_id, credentials.page))
    answer.delete_cookie(COOKIE, path="/setup")
    return answer


def _by_hand(app_id: int, app_page: str) -> str:
    steps = (
        f'Open <a href="{escape(app_page)}">the App</a> on GitHub, then <b>App settings</b>.',
        "Under <b>Private keys</b> choose <b>Generate a private key</b>: a file is downloaded.",
        "Under <b>Webhook</b> enter a long random secret.",
        "Start this server again with these variables.",
    )
    variables = (
        f"CLOPS_GITHUB_APP_ID={app_id}\nCLOPS_GITHUB_PRIVATE_KEY_FILE=(the path of the key file)\nCLOPS_GITHUB_WEBHOOK_SECRET=(the secret)"
    )
    listed = "".join(f"<li>{step}</li>" for step in steps)
    return section("Hand it its key", f"<p>The state directory cannot be written.</p><ol>{listed}</ol><pre>{variables}</pre>", kind="call")


def _over() -> HTMLResponse:
    words = "<p>An App is registered here already, so there is nothing to set up.</p>"
    return page("Nothing to set up", "ClOps", section("All set", words, '<a class="button" href="/">See how it fares</a>'), status=404)


def _form(parts: Parts, address: str, token: str, refusal: Refusal | None = None) -> HTMLResponse:
    host = escape(urlsplit(parts.web_url).netloc)
    fault = "" if refusal is None else f'<p class="bad" role="alert">{escape(refusal.why[:1].upper() + refusal.why[1:].rstrip("."))}.</p>'
    unkept = (
        ""
        if parts.credentials.writable()
        else '<p class="wait">The state directory cannot be written: you will be told how to hand over the key by hand.</p>'
    )
    where = (
        ""
        if parts.public_url is not None
        else '<label for="public_url">Address of this server, as GitHub can reach it</label>'
        f'<input type="url" id="public_url" name="public_url" value="{escape(address)}" required>'
    )
    form = (
        f'<form method="post" action="/setup">{fault}{unkept}'
        '<label for="token">Setup token</label>'
        f'<input type="password" id="token" name="token" value="{escape(token[:200])}" autocomplete="off" required>'
        '<p class="soft">It is in the log of this server, so that no stranger is first.</p>'
        "<fieldset><legend>Whose App is it to be?</legend>"
        '<label class="pick"><input type="radio" name="owner" value="me" checked><span>My own account</span></label>'
        '<label class="pick"><input type="radio" name="owner" value="organization"><span>An organisation, named here:</span></label>'
        '<input type="text" name="organization" aria-label="Organisation" placeholder="my-studio" maxlength="39"></fieldset>'
        f'<label for="name">Name of the App, unique on {host}</label>'
        f'<input type="text" id="name" name="name" value="ClOps {secrets.token_hex(2)}" maxlength="{_MOST_NAME}" required>{where}'
        "<fieldset><legend>What it may do besides reviewing</legend>"
        '<label class="tick"><input type="checkbox" name="may_commit" value="1">'
        "<span>Write files: lets <code>/clops fix</code> commit, and resolves what is mended</span></label>"
        '<label class="tick"><input type="checkbox" name="may_react" value="1">'
        "<span>Write in issues: lets it put a reaction on a command that it has seen</span></label></fieldset>"
        "<button>Continue</button></form>"
    )
    return page(
        _TITLE, "Three clicks, and pull requests are reviewed.", section("Your GitHub App", form), status=refusal.status if refusal else 200
    )


def _handed_over(parts: Parts, wish: Wish) -> HTMLResponse:
    """The page whose button takes the manifest to GitHub, and the cookie that knows the answer."""
    state = f"{secrets.token_urlsafe(24)}.{int(parts.clock()) + _HOUR}"
    owner = f"/organizations/{quote(wish.organization)}" if wish.organization else ""
    target = f"{parts.web_url}{owner}/settings/apps/new?state={quote(state)}"
    local = (
        '<p class="wait">GitHub cannot reach an address that is only known on this machine; it will refuse this one.</p>'
        if _is_local(wish.public_url)
        else ""
    )
    rights = "".join(f"<li>{name.replace('_', ' ')}: {level}</li>" for name, level in sorted(permissions(wish).items()))
    form = (
        f"{local}<p>GitHub shows what is asked for once more, and you confirm it there.</p><ul>{rights}</ul>"
        f'<form method="post" action="{escape(target)}"><input type="hidden" name="manifest" value="{escape(json.dumps(manifest(wish)))}">'
        f"<button>Create it on {escape(urlsplit(parts.web_url).netloc)}</button></form>"
    )
    answer = page(_TITLE, "Two clicks to go.", section(wish.name, form, kind="call"), forms_to=parts.web_url)
    answer.set_cookie(
        COOKIE,
        f"{state}.{_seal(state, parts)}",
        _HOUR,
        path="/setup",
        secure=wish.public_url.startswith("https:"),
        httponly=True,
        samesite="lax",
    )
    return answer


def _seal(state: str, parts: Parts) -> str:
    return hmac.new(parts.cookie_key, state.encode(), hashlib.sha256).hexdigest()


def _state_holds(state: str, cookie: str, parts: Parts) -> bool:
    """Whether the state is the one that we sealed into this browser's cookie, less than an hour ago."""
    expected = f"{state}.{_seal(state, parts)}"
    until = state.rpartition(".")[2]
    return hmac.compare_digest(expected.encode(), cookie.encode()) and until.isdecimal() and parts.clock() < int(until)


def _fields(body: bytes) -> dict[str, str]:
    try:
        return {name: values[-1] for name, values in parse_qs(body.decode(), max_num_fields=20).items()}
    except ValueError:
        raise Refusal(400, "The form was not understood") from None


def _wish(fields: dict[str, str], parts: Parts) -> Wish:
    organization = fields.get("organization", "").strip() if fields.get("owner") == "organization" else ""
    if fields.get("owner") == "organization" and not _LOGIN.fullmatch(organization):
        raise Refusal(400, "Write the organisation as it stands in its address on GitHub")
    name = " ".join(fields.get("name", "").split())
    if not 1 <= len(name) <= _MOST_NAME or not name.isprintable():
        raise Refusal(400, f"The name has 1 to {_MOST_NAME} characters")
    address = parts.public_url or fields.get("public_url", "").strip().rstrip("/")
    if not _is_address(address):
        raise Refusal(400, "The address of this server is one such as https://clops.example.com")
    return Wish(organization, name, address, may_commit="may_commit" in fields, may_react="may_react" in fields)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and not (parts.query or parts.fragment or parts.username)
            and len(text) < 500
        )
    except ValueError:
        return False


def _is_local(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local"))


def _address_of(request: Request, parts: Parts) -> str:
    return parts.public_url or f"{request.url.scheme}://{request.url.netloc}"[:200]
