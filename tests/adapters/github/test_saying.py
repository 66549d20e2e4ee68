"""What is said on a pull request: a first review, its second run, and all that people make of it in between."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clops_app.adapters.github.client import Client, FixedToken
from clops_app.adapters.github.pace import Pace
from clops_app.adapters.github.posted import conversation
from clops_app.model.draft import CheckRun, CommentEdit, Hiding, PostedSummary, SummaryText
from clops_app.review.said import is_summary, marked_summary
from tests.adapters.github.saying import action, annotations, first_draft, forge, note, only, silent, writes
from tests.github import scene
from tests.github.state import ReviewComment
from tests.github.world import World, lines, worlds

RESOLVER = {"metadata": "read", "contents": "write", "pull_requests": "write", "checks": "write"}


def comments(world: World) -> list[ReviewComment]:
    return list(world.pull.comments.values())


def test_a_first_review_is_three_writes_and_all_of_it_is_read_again(world: World) -> None:
    ours = forge(world)
    pull = ours.read(1)
    assert ours.publish(pull, first_draft(world, note(5), note(31, start=29))) == ()
    assert [path.rpartition("/")[2] for _, path, _ in writes(world)] == ["comments", "reviews", "check-runs"]
    posted = ours.posted(pull)
    (summary,) = posted.summaries
    assert (is_summary(summary.body), summary.hidden) == (True, False)
    assert [(one.path, one.start_line, one.line, one.answered, one.hidden, one.resolved) for one in posted.comments] == [
        ("main.tf", None, 5, False, False, "no"),
        ("main.tf", 29, 31, False, False, "no"),
    ]
    assert all(one.thread_id and one.node_id for one in posted.comments)
    assert posted.check is not None
    assert (posted.check.external_id, posted.check.completed, posted.check.annotations) == ("key-1", True, 2)
    assert posted.may_resolve is False


def test_everything_said_before_is_read_in_two_requests(world: World) -> None:
    ours = forge(world)
    pull = ours.read(1)
    ours.publish(pull, first_draft(world))
    asked = len(world.hub.requests)
    ours.posted(pull)
    assert len(world.hub.requests) - asked == 2


def test_a_draft_with_nothing_to_say_says_nothing(world: World) -> None:
    ours = forge(world)
    assert (ours.publish(ours.read(1), silent(world)), writes(world)) == ((), [])


def test_words_are_changed_in_place(world: World) -> None:
    ours = forge(world)
    pull = ours.read(1)
    ours.publish(pull, first_draft(world))
    before = ours.posted(pull)
    summary = SummaryText(before.summaries[0].id, marked_summary("Less of it.", pull.head_sha))
    ours.publish(pull, only(world, summary=summary, edits=(CommentEdit(before.comments[0].id, "Other words."),)))
    after = ours.posted(pull)
    assert [(one.id, "Less of it." in one.body) for one in after.summaries] == [(before.summaries[0].id, True)]
    assert [one.body for one in after.comments] == ["Other words.", before.comments[1].body]


def test_a_comment_whose_line_changed_is_outdated_and_one_that_moved_has_its_new_line(world: World) -> None:
    ours = forge(world)
    ours.publish(ours.read(1), first_draft(world))
    text = lines(5, 30).replace("line 5x\n", "line 5y\n").replace("line 20\n", "line 20\nline more\n")
    world.push({"main.tf": text})
    assert [one.line for one in ours.posted(ours.read(1)).comments] == [None, 31]


def test_an_answer_of_somebody_else_is_seen_and_our_own_words_are_none(world: World) -> None:
    ours = forge(world)
    pull = ours.read(1)
    ours.publish(pull, first_draft(world))
    one, two = comments(world)
    world.person("ana").post(f"/repos/acme/infra/pulls/1/comments/{one.id}/replies", json={"body": "Why?"})
    world.client().post(f"/repos/acme/infra/pulls/1/comments/{two.id}/replies", json={"body": "More."})
    assert [each.answered for each in ours.posted(pull).comments] == [True, False]


def test_only_what_we_wrote_ourselves_is_ours(world: World) -> None:
    ours = forge(world)
    pull = ours.read(1)
    forged = first_draft(world, note(5))
    stranger = forge(world, scene.personal_token(world.hub, "max"))
    stranger.publish(pull, replace(forged, check=None))
    namesake = forge(world, scene.personal_token(world.hub, "clops"))
    namesake.publish(pull, replace(forged, check=None))
    scene.comment(world.hub, world.repository, 1, forged.summary.body if forged.summary else "", by="ada")
    posted = ours.posted(pull)
    assert (posted.summaries, posted.comments) == ((), ())
    assert len(namesake.posted(pull).summaries) == 1


def test_our_other_comments_are_no_summary(world: World) -> None:
    ours = forge(world)
    pull = ours.read(1)
    ours.reply(pull, 7, "An answer.")
    assert ours.posted(pull).summaries == ()


def test_a_thread_is_resolved_by_us_or_by_a_person() -> None:
    with worlds(RESOLVER) as world:
        ours = forge(world)
        pull = ours.read(1)
        ours.publish(pull, first_draft(world))
        before = ours.posted(pull)
        assert before.may_resolve
        assert ours.publish(pull, only(world, resolve=(before.comments[0].thread_id,))) == ()
        scene.resolve_thread(world.hub, world.repository, world.pull, comments(world)[1], world.hub.account("ana"))
        assert [one.resolved for one in ours.posted(pull).comments] == ["by_us", "by_person"]


def test_a_thread_that_we_may_not_resolve_is_left_out_and_told_of(world: World) -> None:
    ours = forge(world)
    pull = ours.read(1)
    ours.publish(pull, first_draft(world))
    before = ours.posted(pull)
    told = ours.publish(pull, only(world, resolve=(before.comments[0].thread_id,), edits=(CommentEdit(before.comments[0].id, "x"),)))
    assert len(told) == 1
    assert "resolved" in told[0]
    assert [(one.resolved, one.body) for one in ours.posted(pull).comments][:1] == [("no", "x")]


def test_comments_are_minimised_wherever_they_are(world: World) -> None:
    ours = forge(world)
    pull = ours.read(1)
    ours.publish(pull, first_draft(world))
    before = ours.posted(pull)
    hidden = (Hiding(before.summaries[0].node_id, "DUPLICATE"), Hiding(before.comments[0].node_id, "RESOLVED"))
    assert ours.publish(pull, only(world, hide=hidden)) == ()
    after = ours.posted(pull)
    assert ([one.hidden for one in after.summaries], [one.hidden for one in after.comments]) == ([True], [True, False])


def test_more_than_a_hundred_comments_of_each_kind_are_all_read(world: World) -> None:
    world.hub.limits.off()
    ours = forge(world)
    pull = ours.read(1)
    for number in range(230):
        scene.comment(world.hub, world.repository, 1, f"Comment {number}", by="ana")
    ours.publish(pull, only(world, review=first_draft(world, note(5)).review))
    (first,) = comments(world)
    for _ in range(124):
        copy = replace(first, id=world.hub.next_id())
        world.pull.comments[copy.id] = copy
    ours.publish(pull, only(world, summary=SummaryText(None, marked_summary("Late.", pull.head_sha))))
    asked = len(world.hub.requests)
    posted = ours.posted(pull)
    assert (len(posted.comments), len(posted.summaries)) == (125, 1)
    assert len({one.id for one in posted.comments}) == 125
    assert len(world.hub.requests) - asked == 4


def test_annotations_go_fifty_at_a_time_to_one_run(world: World) -> None:
    ours = forge(world)
    pull = ours.read(1)
    ours.publish(pull, first_draft(world, annotated=120))
    (run,) = world.repository.runs.values()
    assert (len(run.annotations), run.conclusion, run.output["title"]) == (120, "neutral", "Warn: 2 new findings")
    assert ours.posted(pull).check is not None


def test_a_check_run_that_was_begun_is_gone_on_with(world: World) -> None:
    ours = forge(world)
    pull = ours.read(1)
    world.hub.faults.instead("PATCH", "/check-runs/", 502)
    draft = first_draft(world, annotated=60)
    with pytest.raises(Exception, match="502"):
        ours.publish(pull, draft)
    check = ours.posted(pull).check
    assert check is not None
    assert (check.external_id, check.annotations) == ("key-1", 50)
    ours.publish(pull, only(world, check=CheckRun(check.id, "key-1", "neutral", "Title", "All of it.", (annotations(10),))))
    (run,) = world.repository.runs.values()
    assert (len(run.annotations), run.conclusion) == (60, "neutral")


def test_the_newest_check_run_of_ours_is_read_and_nobody_elses(world: World) -> None:
    theirs = action(world)
    ours = forge(world)
    pull = ours.read(1)
    check = first_draft(world).check
    assert check is not None
    theirs.publish(pull, only(world, check=replace(check, external_id="of the Action")))
    assert ours.posted(pull).check is None
    ours.publish(pull, only(world, check=replace(check, external_id="old")))
    ours.publish(pull, only(world, check=replace(check, external_id="new")))
    found = ours.posted(pull).check
    assert found is not None
    assert found.external_id == "new"


def test_a_check_is_not_needed_to_say_the_rest(world: World) -> None:
    ours = action(world, {"contents": "read", "pull_requests": "write"})
    pull = ours.read(1)
    (told,) = ours.publish(pull, first_draft(world))
    assert told.startswith("The check could not be written")
    assert "checks=write" in told
    posted = ours.posted(pull)
    assert (len(posted.summaries), len(posted.comments), posted.check) == (1, 2, None)


def test_a_persons_token_says_all_but_the_check(world: World) -> None:
    ours = forge(world, scene.personal_token(world.hub, "ana"))
    pull = ours.read(1)
    (told,) = ours.publish(pull, first_draft(world))
    assert told.startswith("The check")
    assert len(ours.posted(pull).comments) == 2


def test_a_forks_token_writes_nothing_and_says_so_in_one_sentence(world: World) -> None:
    theirs = scene.fork(world.hub, world.repository, "max")
    scene.push(world.hub, theirs, "mine", {"main.tf": lines(5, 30)}, by="max")
    theirs_pull = scene.open_pull(world.hub, world.repository, "mine", head_repository=theirs, by="max")
    ours = action(world, pull=theirs_pull)
    pull = ours.read(theirs_pull.number)
    draft = replace(first_draft(world), head_sha=pull.head_sha)
    told = ours.publish(pull, draft)
    assert len(told) == 1
    assert told[0].startswith("Nothing could be written")
    assert (theirs_pull.comments, world.repository.issue_comments, world.repository.runs) == ({}, {}, {})


def test_a_fork_is_reviewed_by_the_app(world: World) -> None:
    theirs = scene.fork(world.hub, world.repository, "max")
    scene.push(world.hub, theirs, "mine", {"main.tf": lines(5, 30)}, by="max")
    theirs_pull = scene.open_pull(world.hub, world.repository, "mine", head_repository=theirs, by="max")
    ours = forge(world)
    pull = ours.read(theirs_pull.number)
    assert ours.publish(pull, replace(first_draft(world), head_sha=pull.head_sha)) == ()
    assert len(ours.posted(pull).comments) == 2


def test_a_github_of_ones_own_is_spoken_to_alike() -> None:
    with worlds(ghes=True) as world:
        ours = action(world)
        pull = ours.read(1)
        assert ours.publish(pull, first_draft(world, note(31, start=29))) == ()
        posted = ours.posted(pull)
        assert (len(posted.summaries), len(posted.comments)) == (1, 1)
        assert posted.check is not None
        assert ours.publish(pull, only(world, hide=(Hiding(posted.comments[0].node_id, "RESOLVED"),))) == ()


def test_a_renamed_repository_is_spoken_to_under_its_old_name(world: World) -> None:
    ours = forge(world)
    pull = ours.read(1)
    scene.rename(world.hub, world.repository, "platform")
    assert ours.publish(pull, first_draft(world)) == ()
    posted = ours.posted(pull)
    assert (len(posted.summaries), len(posted.comments)) == (1, 2)
    assert 307 in [status for _, _, status in world.hub.requests]


def test_writes_after_the_first_few_go_one_a_second() -> None:
    waited: list[float] = []
    time = [100.0]

    def sleep(seconds: float) -> None:
        waited.append(round(seconds, 3))
        time[0] += seconds

    pace = Pace(now=lambda: time[0], sleep=sleep)
    for _ in range(5):
        pace.wait()
    assert waited == [1.0, 1.0]
    time[0] += 60
    for _ in range(3):
        pace.wait()
    assert waited == [1.0, 1.0]


def test_two_summaries_are_both_told_of(world: World) -> None:
    ours = forge(world)
    pull = ours.read(1)
    for _ in range(2):
        ours.publish(pull, only(world, summary=SummaryText(None, marked_summary("Twice.", pull.head_sha))))
    assert [type(one) for one in ours.posted(pull).summaries] == [PostedSummary, PostedSummary]


def test_a_job_s_own_check_run_is_not_taken_for_ours(world: World) -> None:
    """A job that is called as our check is has its name and, in an Action, its author; only its external id tells them apart."""
    token = scene.actions_token(world.hub, world.repository, {"contents": "read", "pull_requests": "write", "checks": "write"})
    job = {"name": "ClOps", "head_sha": world.pull.head, "status": "in_progress", "external_id": "ca395085-040a-526b-2ce8-bdc85f692774"}
    with world.client(token) as runner:
        assert runner.post("/repos/acme/infra/check-runs", json=job).status_code == 201
    ours = forge(world, token)
    pull = ours.read(1)
    assert ours.posted(pull).check is None
    ours.publish(pull, first_draft(world))
    found = ours.posted(pull).check
    assert found is not None
    assert found.external_id == "key-1"
    assert [run.status for run in world.repository.runs.values()] == ["in_progress", "completed"]


def test_what_others_say_is_not_kept_in_memory(world: World) -> None:
    """Anybody may write any number of comments of 65,536 characters, with any of our marks."""
    forge(world).publish(forge(world).read(1), first_draft(world))
    for number in range(3):
        scene.comment(world.hub, world.repository, 1, f"<!-- clops:review -->\n<!-- clops:reply {number} -->", by="max")
    client = Client(FixedToken(world.token), "acme/infra", api_url=world.hub.api)
    (only_ours,) = conversation(client, forge(world).read(1), "clops[bot]")
    assert is_summary(only_ours.body)
    assert len(forge(world).posted(forge(world).read(1)).summaries) == 1
