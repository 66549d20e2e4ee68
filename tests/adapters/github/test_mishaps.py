"""What goes wrong while we speak: whatever may have been stored is looked for, and never said twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clops_app.model.draft import CommentEdit, InlineReview
from clops_app.ports import ForgeError, TryLater, Unsure
from clops_app.review.said import review_mark
from tests.adapters.github.saying import first_draft, forge, note, only, writes
from tests.github.contracts import error_bodies
from tests.github.world import World, lines, worlds

REVIEWS = r"/pulls/1/reviews$"


def reviews_of(world: World) -> int:
    return len(world.pull.reviews)


@pytest.mark.parametrize("path", [r"/issues/1/comments$", REVIEWS, r"/check-runs$"])
@pytest.mark.parametrize("kind", ["answered 502", "dropped"])
def test_what_was_stored_without_an_answer_is_found_and_not_said_again(world: World, path: str, kind: str) -> None:
    ours = forge(world)
    pull = ours.read(1)
    if kind == "dropped":
        world.hub.faults.drop("POST", path)
    else:
        world.hub.faults.after_store("POST", path)
    draft = first_draft(world)
    with pytest.raises(Unsure):
        ours.publish(pull, draft)
    posted = ours.posted(pull)
    rest = replace(
        draft,
        summary=None if posted.summaries else draft.summary,
        review=None if posted.comments else draft.review,
        check=None if posted.check else draft.check,
    )
    assert ours.publish(pull, rest) == ()
    after = ours.posted(pull)
    assert (len(after.summaries), len(after.comments), len(world.repository.runs)) == (1, 2, 1)


def test_a_write_that_fails_is_not_repeated(world: World) -> None:
    ours = forge(world)
    world.hub.faults.instead("POST", REVIEWS, 502, times=9)
    with pytest.raises(Unsure, match="502"):
        ours.publish(ours.read(1), only(world, review=first_draft(world).review))
    assert [one.times for one in world.hub.faults.waiting] == [8]


def test_nothing_was_done_where_nobody_listens(world: World) -> None:
    from clops_app.adapters.github.repository import with_token

    ours = forge(world)
    pull = ours.read(1)
    deaf = with_token("t", "acme/infra", api_url="http://127.0.0.1:9", login="clops[bot]")
    with pytest.raises(TryLater, match="nothing was sent"):
        deaf.publish(pull, only(world, summary=first_draft(world).summary))
    with pytest.raises(TryLater):
        deaf.read(1)


@pytest.mark.parametrize(("form", "seconds"), [("retry-after", 60), ("silent", 60), ("abuse", 60)])
def test_a_secondary_limit_says_when_to_come_back_in_each_of_its_forms(world: World, form: str, seconds: int) -> None:
    ours = forge(world)
    pull = ours.read(1)
    world.hub.limits.content_per_minute, world.hub.limits.form = 1, form
    with pytest.raises(TryLater) as told:
        ours.publish(pull, first_draft(world))
    assert told.value.seconds == seconds
    assert (len(world.repository.issue_comments), reviews_of(world)) == (1, 0)


@pytest.mark.parametrize("status", [403, 429])
def test_a_primary_limit_lasts_until_it_is_reset(world: World, status: int) -> None:
    ours = forge(world)
    pull = ours.read(1)
    world.hub.limits.installation_per_hour, world.hub.limits.exceeded_status = 1, status
    with pytest.raises(TryLater) as told:
        ours.read(1)
    assert 3_000 < told.value.seconds <= 3_600
    with pytest.raises(TryLater):
        ours.publish(pull, first_draft(world))


def test_words_submitted_too_quickly_and_graphql_limits_are_limits_too(world: World) -> None:
    ours = forge(world)
    pull = ours.read(1)
    world.hub.faults.instead("POST", REVIEWS, 422, {"message": "Validation Failed", "errors": ["was submitted too quickly"]})
    with pytest.raises(TryLater):
        ours.publish(pull, only(world, review=first_draft(world).review))
    limited = {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}
    world.hub.faults.instead("POST", r"/graphql$", 200, limited, headers={"x-ratelimit-remaining": "5"})
    with pytest.raises(TryLater):
        ours.posted(pull)


def test_a_review_of_ours_that_was_never_submitted_is_taken_away(world: World) -> None:
    ours = forge(world)
    pull = ours.read(1)
    begun = {"comments": [{"path": "main.tf", "line": 5, "side": "RIGHT", "body": note(5).body}]}
    assert world.client().post("/repos/acme/infra/pulls/1/reviews", json=begun).json()["state"] == "PENDING"
    assert ours.posted(pull).comments == ()
    assert ours.publish(pull, first_draft(world)) == ()
    assert [one.state for one in world.pull.reviews.values()] == ["COMMENTED"]
    assert len(ours.posted(pull).comments) == 2


def test_one_line_that_github_refuses_does_not_silence_the_others(world: World) -> None:
    ours = forge(world)
    pull = ours.read(1)
    (told,) = ours.publish(pull, first_draft(world, note(5), note(15), note(30)))
    assert told.startswith("GitHub refused 1 note ")
    assert [one.line for one in ours.posted(pull).comments] == [5, 30]
    assert all(one.body == "" for one in world.pull.reviews.values())


def test_the_same_refusal_again_ends_the_same_way(world: World) -> None:
    ours = forge(world)
    pull = ours.read(1)
    draft = only(world, review=first_draft(world, note(15)).review)
    assert ours.publish(pull, draft) == ours.publish(pull, draft) != ()
    assert reviews_of(world) == 0


def test_many_refusals_are_not_insisted_on(world: World) -> None:
    ours = forge(world)
    refused = tuple(note(line) for line in range(10, 25))
    (told,) = ours.publish(ours.read(1), only(world, review=first_draft(world, *refused).review))
    assert "15 notes" in told
    assert len(writes(world)) == 1 + 5


def test_a_body_whose_comments_were_refused_is_not_posted_again(world: World) -> None:
    ours = forge(world)
    pull = ours.read(1)
    world.hub.faults.orphan_body()
    draft = only(world, review=first_draft(world, note(5), note(15)).review)
    ours.publish(pull, draft)
    ours.publish(pull, only(world, review=InlineReview(f"{review_mark(pull.head_sha)}\nOne more.", (note(30),))))
    bodies = [one.body for one in world.pull.reviews.values() if one.body]
    assert len(bodies) == 1
    assert [one.line for one in ours.posted(pull).comments] == [5, 30]


def test_a_review_with_its_comments_is_no_orphan(world: World) -> None:
    ours = forge(world)
    pull = ours.read(1)
    ours.publish(pull, only(world, review=first_draft(world, note(5)).review))
    ours.publish(pull, only(world, review=first_draft(world, note(30)).review))
    assert [bool(one.body) for one in world.pull.reviews.values()] == [True, True]


def test_a_push_in_the_last_moment_has_us_look_again(world: World) -> None:
    ours = forge(world)
    pull = ours.read(1)
    draft = only(world, review=first_draft(world).review)
    world.push({"main.tf": lines(5, 31)}, onto=world.pull.base)
    with pytest.raises(Unsure, match="head moved"):
        ours.publish(pull, draft)
    assert reviews_of(world) == 0


def test_a_summary_that_somebody_deleted_has_us_look_again(world: World) -> None:
    ours = forge(world)
    pull = ours.read(1)
    ours.publish(pull, first_draft(world))
    before = ours.posted(pull)
    world.person("ada").delete(f"/repos/acme/infra/issues/comments/{before.summaries[0].id}")
    text = first_draft(world).summary
    assert text is not None
    with pytest.raises(Unsure, match="look again"):
        ours.publish(pull, only(world, summary=replace(text, id=before.summaries[0].id)))
    assert ours.posted(pull).summaries == ()


def test_a_note_that_somebody_deleted_has_us_look_again(world: World) -> None:
    ours = forge(world)
    pull = ours.read(1)
    ours.publish(pull, first_draft(world))
    gone = ours.posted(pull).comments[0]
    world.person("ada").delete(f"/repos/acme/infra/pulls/comments/{gone.id}")
    with pytest.raises(Unsure):
        ours.publish(pull, only(world, edits=(CommentEdit(gone.id, "x"),)))


def test_a_revoked_token_is_an_error_and_not_asked_for_again(world: World) -> None:
    ours = forge(world)
    pull = ours.read(1)
    world.hub.tokens[world.token].revoked = True
    with pytest.raises(ForgeError, match="401"):
        ours.read(1)
    with pytest.raises(ForgeError, match="401"):
        ours.publish(pull, first_draft(world))


def test_no_error_says_what_a_file_or_a_comment_holds(world: World) -> None:
    ours = forge(world)
    pull = ours.read(1)
    body = error_bodies()["review.line_outside_diff.2026"]["body"]
    world.hub.faults.instead("POST", r"/issues/1/comments$", 422, {**body, "message": "s3cr3t"})
    with pytest.raises(ForgeError) as told:
        ours.publish(pull, first_draft(world))
    assert str(told.value) == "POST /repos/{repository}/issues/{number}/comments: 422."


@pytest.mark.parametrize("old", [True, False])
def test_refusals_of_both_generations_are_understood(old: bool) -> None:
    with worlds(old_errors=old) as world:
        ours = forge(world)
        (told,) = ours.publish(ours.read(1), only(world, review=first_draft(world, note(15), note(5, "missing.tf")).review))
        assert "2 notes" in told


def test_a_locked_pull_request_is_left_in_peace(world: World) -> None:
    ours = forge(world)
    world.hub.faults.instead("POST", r"/issues/1/comments$", 403, {"message": "Unable to create comment because issue is locked."})
    told = ours.publish(ours.read(1), first_draft(world))
    assert [text.partition(" could")[0] for text in told] == ["The summary"]
    assert reviews_of(world) == 1
