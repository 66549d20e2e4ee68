"""The App sees one repository at a time, with no more rights than it needs there, and looks after its own events."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from clops_app.adapters.github.app import GitHubApp, conversion
from clops_app.adapters.github.repository import GitHubRepository
from clops_app.ports import Forge, ForgeError, Forges, NotThere, TryLater
from tests.adapters.github.saying import at_once, first_draft, only
from tests.github import scene
from tests.github.state import Token
from tests.github.world import World, worlds


def app_of(world: World, **options: object) -> GitHubApp:
    return GitHubApp(world.app.id, world.app.private_key, api_url=world.hub.api, pace=at_once, **options)  # type: ignore[arg-type]


def issued(world: World) -> list[Token]:
    """The tokens that the app asked for; the scene's own is not counted."""
    return [one for text, one in world.hub.tokens.items() if one.kind == "installation" and text != world.token]


def ours(world: World) -> GitHubRepository:
    return app_of(world).repository(world.installation.id, "acme/infra")


def test_the_app_reviews_as_itself(world: World) -> None:
    forges: Forges = app_of(world)
    forge: Forge = forges.repository(world.installation.id, "acme/infra")
    pull = forge.read(1)
    assert forge.publish(pull, first_draft(world)) == ()
    posted = forge.posted(pull)
    assert (len(posted.summaries), len(posted.comments), posted.may_resolve) == (1, 2, False)
    assert app_of(world).login == "clops[bot]"


def test_a_token_reaches_one_repository_and_what_is_needed_of_what_was_granted() -> None:
    granted = {
        "metadata": "read",
        "contents": "read",
        "pull_requests": "write",
        "checks": "write",
        "actions": "write",
        "deployments": "read",
    }
    with worlds(granted) as world:
        ours(world).read(1)
        (token,) = issued(world)
        assert token.permissions == {"metadata": "read", "contents": "read", "pull_requests": "write", "checks": "write"}
        assert token.repositories == {world.repository.id}


def test_what_is_granted_beyond_the_least_is_used() -> None:
    granted = {"metadata": "read", "contents": "write", "pull_requests": "write", "checks": "write", "issues": "write"}
    with worlds(granted) as world:
        forge = ours(world)
        pull = forge.read(1)
        forge.publish(pull, first_draft(world))
        assert forge.posted(pull).may_resolve
        (token,) = issued(world)
        assert token.permissions == granted


def test_one_token_is_kept_for_all_who_ask(world: World) -> None:
    app = app_of(world)
    forges = [app.repository(world.installation.id, name) for name in ("acme/infra", "Acme/Infra", "acme/infra")]
    threads = [threading.Thread(target=forge.read, args=(1,)) for forge in forges * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(issued(world)) == 1


def test_a_token_is_renewed_before_it_expires(world: World) -> None:
    time = [datetime.now(UTC)]
    app = app_of(world, now=lambda: time[0])
    forge = app.repository(world.installation.id, "acme/infra")
    forge.read(1)
    time[0] += timedelta(minutes=50)
    forge.read(1)
    assert len(issued(world)) == 1
    time[0] += timedelta(minutes=6)
    forge.read(1)
    assert len(issued(world)) == 2


def test_a_token_refused_in_the_middle_is_replaced_for_a_read(world: World) -> None:
    forge = ours(world)
    forge.read(1)
    issued(world)[0].revoked = True
    assert forge.read(1).number == 1
    assert len(issued(world)) == 2


def test_a_token_refused_at_a_write_says_to_come_back_with_a_new_one(world: World) -> None:
    forge = ours(world)
    pull = forge.read(1)
    issued(world)[0].revoked = True
    draft = only(world, summary=first_draft(world).summary)
    with pytest.raises(TryLater, match="401"):
        forge.publish(pull, draft)
    assert forge.publish(pull, draft) == ()
    assert len(world.repository.issue_comments) == 1


def test_an_app_that_is_gone_is_told_at_once(world: World) -> None:
    forge = ours(world)
    forge.read(1)
    scene.change_installation(world.hub, world.installation, "deleted")
    with pytest.raises(ForgeError):
        forge.read(1)
    with pytest.raises(NotThere):
        app_of(world).installation_of("acme/infra")


def test_a_suspended_app_and_a_repository_out_of_reach_are_told(world: World) -> None:
    other = scene.add_repository(world.hub, "acme/other", {"a": "b"}, private=True)
    scene.choose_repositories(world.hub, world.installation, (world.repository,))
    with pytest.raises(NotThere):
        app_of(world).repository(world.installation.id, other.full_name).read(1)
    scene.change_installation(world.hub, world.installation, "suspend")
    with pytest.raises(ForgeError):
        ours(world).read(1)


def test_an_installation_is_found_by_its_repository(world: World) -> None:
    app = app_of(world)
    assert app.installation_of("acme/infra") == world.installation.id
    assert app.repository(0, "acme/infra").read(1).number == 1


def test_a_token_that_github_is_slow_to_give_is_asked_for_again(world: World) -> None:
    world.hub.faults.instead("POST", "/access_tokens$", 502, times=2)
    assert ours(world).read(1).number == 1


def test_a_wrong_key_is_refused_without_a_word_of_it(world: World) -> None:
    from tests.github.tokens import key_pair

    wrong = GitHubApp(world.app.id, key_pair(99)[0], api_url=world.hub.api)
    with pytest.raises(ForgeError, match=r"^GET /app: 401\.$"):
        _ = wrong.login


def test_what_is_no_key_is_said_to_be_none(world: World) -> None:
    for text in ("s3cr3t", "-----BEGIN RSA PRIVATE KEY-----\ns3cr3t\n-----END RSA PRIVATE KEY-----\n"):
        with pytest.raises(ForgeError, match="private key cannot be read") as told:
            _ = GitHubApp(1, text, api_url=world.hub.api).login
        assert (told.value.__cause__, "s3cr3t" in str(told.value)) == (None, False)


def test_the_app_works_on_a_github_of_ones_own() -> None:
    with worlds(ghes=True) as world:
        forge = ours(world)
        pull = forge.read(1)
        assert forge.publish(pull, first_draft(world)) == ()
        assert len(forge.posted(pull).comments) == 2


def test_events_that_never_arrived_are_found_and_sent_again() -> None:
    began = datetime.now(UTC) - timedelta(minutes=5)
    with worlds(hook_url="http://127.0.0.1:9/hook") as world:
        world.hub.outbox.settle()
        app = app_of(world)
        missed = app.failed_deliveries(began)
        assert {one.event for one in missed} >= {"installation", "pull_request"}
        assert [one.delivered_at for one in missed] == sorted(one.delivered_at for one in missed)
        app.redeliver(missed[0].id)
        world.hub.outbox.settle()
        again = app.failed_deliveries(began)
        assert {one.guid for one in again} == {one.guid for one in missed}
        for one in world.hub.deliveries:
            if one.redelivery:
                one.status, one.status_code = "OK", 202
        assert missed[0].guid not in {one.guid for one in app.failed_deliveries(began)}
        assert app.failed_deliveries(datetime.now(UTC) + timedelta(minutes=1)) == ()


def test_a_manifest_becomes_an_app_once(world: World) -> None:
    manifest = '{"name": "My Clops", "url": "https://example.com", "redirect_url": "https://example.com/done", "hook_attributes": {"url": "https://example.com/hook"}}'
    answered = httpx.post(f"{world.hub.web}/settings/apps/new", data={"manifest": manifest}, trust_env=False)
    code = httpx.URL(answered.headers["Location"]).params["code"]
    made = conversion(code, api_url=world.hub.api)
    assert (made.slug, bool(made.client_id)) == ("my-clops", True)
    assert made.private_key.startswith("-----BEGIN")
    assert not any(secret in repr(made) for secret in (made.private_key, made.webhook_secret, made.client_secret))
    assert GitHubApp(made.id, made.private_key, api_url=world.hub.api).login == "my-clops[bot]"
    with pytest.raises(NotThere):
        conversion(code, api_url=world.hub.api)


def test_who_may_write_no_more_writes_nothing_more(world: World) -> None:
    """A worker that was away for too long finds its job taken up by another one."""
    allowed = iter([True, False])

    def may_write() -> None:
        if not next(allowed):
            raise TryLater("Another worker has taken this job up.", 1.0)

    forge = app_of(world, may_write=may_write).repository(world.installation.id, "acme/infra")
    with pytest.raises(TryLater, match="Another worker"):
        forge.publish(forge.read(1), first_draft(world))
    assert (len(world.repository.issue_comments), world.pull.comments, world.repository.runs) == (1, {}, {})
