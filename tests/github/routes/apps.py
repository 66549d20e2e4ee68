"""An app speaking for itself: its installations, tokens, hook and deliveries."""

from __future__ import annotations

from typing import Any

from tests.github import tokens
from tests.github.calls import Answer, Call, Route, page
from tests.github.shapes import people, work
from tests.github.state import App, Installation, Refused, not_found, stamp

MANIFEST_SECONDS = 3600  # B.10: all steps within one hour
TOKEN_REPOSITORIES = 500  # B.4-2


def _app(call: Call) -> App:
    if call.caller.app is None:
        raise not_found()
    return call.caller.app


def show_app(call: Call) -> Answer:
    return Answer(200, people.app(call.hub, _app(call), public=False))


def _mine(call: Call) -> list[Installation]:
    return [one for one in call.hub.installations.values() if one.app is call.app and not one.removed]


def list_installations(call: Call) -> Answer:
    return page(call, _mine(call), lambda one: people.installation(call.hub, one))


def _installation(call: Call) -> Installation:
    found = next((one for one in _mine(call) if one.id == call.number("installation_id")), None)
    if found is None:
        raise not_found()
    return found


def show_installation(call: Call) -> Answer:
    return Answer(200, people.installation(call.hub, _installation(call)))


def make_token(call: Call) -> Answer:
    hub, one, body = call.hub, _installation(call), call.body or {}
    if one.suspended_at:
        raise Refused(403, {"message": "This installation has been suspended", "documentation_url": "https://docs.github.com/rest"})
    chosen = _chosen(call, one, body)
    token = tokens.issue(hub, one, body.get("permissions"), chosen)
    shown: dict[str, Any] = {
        "token": token.text,
        "expires_at": stamp(token.expires_at or hub.clock.now()),
        "permissions": token.permissions,
        "repository_selection": "all" if token.repositories is None else "selected",
    }
    if chosen is not None:
        shown["repositories"] = [people.repository(hub, hub.repositories[each]) for each in sorted(chosen)]
    return Answer(201, shown)


def _chosen(call: Call, one: Installation, body: dict[str, Any]) -> set[int] | None:
    if "repositories" not in body and "repository_ids" not in body:
        return None
    names, found = body.get("repositories", []), set(body.get("repository_ids", []))
    if len(names) + len(found) > TOKEN_REPOSITORIES:
        raise Refused(422, {"message": "Too many repositories.", "documentation_url": "https://docs.github.com/rest", "status": "422"})
    for name in names:
        repository = call.hub.repository(f"{one.account.login}/{name}")
        found.add(repository.id if repository else -1)
    return found


def installation_of_repository(call: Call) -> Answer:
    found = next((one for one in _mine(call) if tokens.sees(one, call.repository)), None)
    if found is None:
        raise not_found()
    return Answer(200, people.installation(call.hub, found))


def installation_of_account(call: Call) -> Answer:
    login = call.params.get("org") or call.params.get("username")
    found = next((one for one in _mine(call) if one.account.login == login), None)
    if found is None:
        raise not_found()
    return Answer(200, people.installation(call.hub, found))


def my_repositories(call: Call) -> Answer:
    found = [one for one in call.hub.repositories.values() if tokens.inside(call.caller, one)]
    selection = "all" if call.caller.repositories is None else "selected"

    def wrap(shown: list[Any], total: int) -> dict[str, Any]:
        return {"total_count": total, "repositories": shown, "repository_selection": selection}

    return page(call, found, lambda one: people.repository(call.hub, one), wrap)


def revoke_token(call: Call) -> Answer:
    if call.caller.token:
        call.caller.token.revoked = True
    return Answer(204)


def _config(app: App) -> dict[str, Any]:
    secret = {"secret": "********"} if app.hook_secret else {}
    return {"content_type": "json", "insecure_ssl": "0", "url": app.hook_url or "", **secret}


def show_hook(call: Call) -> Answer:
    return Answer(200, _config(_app(call)))


def change_hook(call: Call) -> Answer:
    app = _app(call)
    app.hook_url = call.body.get("url", app.hook_url)
    app.hook_secret = call.body.get("secret", app.hook_secret)
    return Answer(200, _config(app))


def list_deliveries(call: Call) -> Answer:
    """The newest first, by cursor, as this endpoint has no pages."""
    size = min(100, int(call.query.get("per_page", 30)))
    found = [one for one in call.hub.deliveries if one.app is call.app and one.status != "pending"]
    found.sort(key=lambda one: one.id, reverse=True)
    if call.query.get("status") == "failure":
        found = [one for one in found if one.status != "OK"]
    cursor = call.query.get("cursor", "")
    if cursor:
        if not cursor.removeprefix("v1_").isdigit():
            raise Refused(422, {"message": "Invalid cursor", "documentation_url": "https://docs.github.com/rest", "status": "422"})
        found = [one for one in found if one.id <= int(cursor.removeprefix("v1_"))]
    shown, rest = found[:size], found[size:]
    link = f'<{call.hub.api}{call.path}?per_page={size}&cursor=v1_{rest[0].id}>; rel="next"' if rest else ""
    return Answer(200, [work.delivery(one, whole=False) for one in shown], {"Link": link} if link else {})


def show_delivery(call: Call) -> Answer:
    found = next((one for one in call.hub.deliveries if one.id == call.number("delivery_id") and one.app is call.app), None)
    if found is None:
        raise not_found()
    return Answer(200, work.delivery(found, whole=True))


def redeliver(call: Call) -> Answer:
    if not any(one.id == call.number("delivery_id") and one.app is call.app for one in call.hub.deliveries):
        raise not_found()
    call.hub.outbox.redeliver(call.number("delivery_id"))
    return Answer(202, {})


def convert_manifest(call: Call) -> Answer:
    """The code of the manifest flow, once, for the app's credentials (B.10)."""
    known = call.hub.manifests.pop(call.params["code"], None)
    if known is None or call.hub.clock.now().timestamp() > known[1] + MANIFEST_SECONDS:
        raise not_found()
    app = known[0]
    credentials = {"client_secret": f"{app.id:040x}", "webhook_secret": app.hook_secret, "pem": app.private_key}
    return Answer(201, {**people.app(call.hub, app), **credentials})


ROUTES = (
    Route("GET", "/app", show_app, auth="jwt"),
    Route("GET", "/app/installations", list_installations, auth="jwt"),
    Route("GET", "/app/installations/{installation_id}", show_installation, auth="jwt"),
    Route("POST", "/app/installations/{installation_id}/access_tokens", make_token, auth="jwt"),
    Route("GET", "/repos/{owner}/{repo}/installation", installation_of_repository, auth="jwt"),
    Route("GET", "/orgs/{org}/installation", installation_of_account, auth="jwt"),
    Route("GET", "/users/{username}/installation", installation_of_account, auth="jwt"),
    Route("GET", "/installation/repositories", my_repositories, auth="installation"),
    Route("DELETE", "/installation/token", revoke_token, auth="installation"),
    Route("GET", "/app/hook/config", show_hook, auth="jwt"),
    Route("PATCH", "/app/hook/config", change_hook, auth="jwt"),
    Route("GET", "/app/hook/deliveries", list_deliveries, auth="jwt"),
    Route("GET", "/app/hook/deliveries/{delivery_id}", show_delivery, auth="jwt"),
    Route("POST", "/app/hook/deliveries/{delivery_id}/attempts", redeliver, auth="jwt"),
    Route("POST", "/app-manifests/{code}/conversions", convert_manifest),
)
