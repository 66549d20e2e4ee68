"""Somebody writes `/clops …` on a pull request: what is done, what is answered, and what is left alone."""

from __future__ import annotations

from contextlib import AbstractContextManager

import pytest

from clops_app.language import Language
from clops_app.model.job import Said
from clops_app.model.pull import PullRequest
from clops_app.ports import ForgeError, PullRequests, Thought
from tests.conversation.stage import ASKS, COMMITS, PROVIDER, Stage, apart, log_group, stages, volume
from tests.github import scene

HEAD = {"main.tf": PROVIDER + volume() + log_group()}
DATABASE = """resource "aws_db_instance" "main" {
  engine            = "postgres"
  instance_class    = "db.t4g.micro"
  allocated_storage = 20
  username          = "game"
  password          = "none"
}
"""
REACTS = {**COMMITS, "issues": "write"}


def test_each_command_is_answered_in_a_process_apart_as_here() -> None:
    answers = []
    for thinker in (None, apart()):
        with stages(HEAD, permissions=COMMITS) as stage:
            stage.thinker = thinker or stage.thinker
            words = ("review", "why", "explain gp2_volume", "fix gp2_volume", "fix all", "ignore log_group_without_retention we know")
            replies = [stage.asks(f"/clops {said}").reply.partition("](http")[0] for said in words]
            answers.append((replies, stage.file()))
    assert answers[0] == answers[1]


def test_a_review_that_was_asked_for_is_said_once() -> None:
    with stages(HEAD, permissions=REACTS) as stage:
        first = stage.asks("/clops review")
        assert (first.handled.state, first.reply, first.reactions) == ("review: published", "", ["eyes", "+1"])
        second = stage.asks("/clops review")
        assert second.handled.state == "review: unchanged"
        assert second.reply == f"I looked at `{stage.pull.head[:7]}` again: what the review says of it still holds."
        stage.assert_finite()


def test_a_rule_is_explained_by_its_page() -> None:
    with stages(HEAD, permissions=REACTS) as stage:
        asked = stage.asks("/clops explain gp2_volume")
        assert "[`aws/gp2_volume`](https://example.com/aws/gp2_volume)" in asked.reply
        assert "**Fix.** Set the type to `gp3`. AWS changes a disk in place, while it is in use.\n\n" in asked.reply
        assert asked.reactions == ["eyes", "+1"]


def test_why_says_what_the_verdict_rests_on() -> None:
    with stages(HEAD) as stage:
        assert "Fine to merge" in stage.asks("/clops why").reply


def test_help_is_given_to_who_asks_and_to_who_errs() -> None:
    with stages(HEAD, permissions=REACTS) as stage:
        asked, erred = stage.asks("/clops help"), stage.asks("/clops fxi all")
        assert asked.reply.startswith("| comment | what happens |")
        assert asked.reactions == ["eyes", "+1"]
        assert erred.reply == f"There is no such command; did you mean `/clops fix`?\n\n{asked.reply}"
        assert erred.reactions == ["eyes", "confused"]
        assert stage.asks("/clops fix gp3_volume").reply.startswith("There is no rule `gp3_volume`; did you mean `aws/gp2_volume`?\n\n")


def test_a_rules_fix_is_committed_to_the_branch_and_ends_its_finding() -> None:
    with stages(HEAD, permissions=REACTS) as stage:
        stage.reviews()
        asked = stage.asks("/clops fix gp2_volume")
        url = f"{stage.hub.web}/acme/infra/commit/{stage.pull.head}"
        assert asked.reply == f"1 fix in [this commit]({url}):\n\n- Use gp3 (`aws/gp2_volume` at `aws_ebs_volume.data`)"
        assert (asked.reactions, stage.file()) == (["eyes", "+1"], PROVIDER + volume(kind="gp3") + log_group())
        made = stage.repository.git.commit(stage.pull.head)
        assert made.message.strip() == (
            f"Fix aws/gp2_volume\n\n- Use gp3 ( aws/gp2_volume at aws_ebs_volume.data )\n\nAsked-in-comment: {asked.comment.id}"
        )
        stage.reviews()
        assert [note.body.count("aws/log_group") > 0 for note in stage.open_notes] == [True]
        stage.assert_finite()


def test_fix_all_leaves_what_wants_a_second_look_and_says_so() -> None:
    plain = PROVIDER + volume()
    unsafe = "it changes how things run; read its patch in the review, then `/clops fix aws/gp2_volume` commits it"
    with stages({"main.tf": plain}, permissions=COMMITS) as stage:
        reply = stage.asks("/clops fix all").reply
        assert reply == (
            "No new finding has a fix that is safe without a second look.\n\n"
            f"Not made:\n\n- `aws/gp2_volume` at `aws_ebs_volume.data`: {unsafe}"
        )
        assert stage.commits == 1


def test_fix_all_commits_what_is_safe_and_tells_of_the_rest() -> None:
    with stages({"main.tf": PROVIDER + DATABASE + volume()}, permissions=COMMITS) as stage:
        reply = stage.asks("/clops fix all").reply
        assert reply.startswith("1 fix in [this commit](")
        assert "\n\nNot made:\n\n- `aws/" in reply
        assert "deletion_protection = true" in " ".join(stage.file().split())
        assert 'type              = "gp2"' in stage.file()


def test_the_button_of_a_check_commits_and_is_answered_without_a_comment_to_react_to() -> None:
    with stages({"main.tf": PROVIDER + DATABASE}, permissions=REACTS) as stage:
        assert stage.does(stage.job(Said(0, "ana", "/clops fix all"))).state == "fix"
        assert stage.commits == 2
        assert [reply.startswith("1 fix in [this commit](") for reply in stage.replies(0)] == [True]


def test_a_finding_is_ignored_in_the_code_until_a_day() -> None:
    with stages(HEAD, permissions=REACTS) as stage:
        stage.reviews()
        asked = stage.asks("/clops ignore gp2_volume it is a scratch disk until=2027-01-31")
        line = "# clops:ignore aws/gp2_volume until=2027-01-31 it is a scratch disk\n"
        assert stage.file() == PROVIDER + line + volume() + log_group()
        assert asked.reply.startswith("`aws/gp2_volume` is ignored until 2027-01-31, as the code says after [this commit](")
        stage.reviews()
        assert ["aws/log_group" in note.body for note in stage.open_notes] == [True]
        assert "🔕 Dismissed (it is a scratch disk)" in stage.note("Disk of the older").body
        stage.assert_finite()


def test_a_day_that_is_past_ignores_nothing() -> None:
    with stages(HEAD, permissions=COMMITS) as stage:
        reply = stage.asks("/clops ignore gp2_volume it is a scratch disk until=2026-11-20").reply
        assert "the day until which it is to be ignored is past" in reply
        assert stage.commits == 1


@pytest.mark.parametrize("command", ["fix gp2_volume", "ignore gp2_volume we know"])
def test_without_the_right_to_react_all_else_is_done(command: str) -> None:
    with stages(HEAD, permissions=COMMITS) as stage:
        asked = stage.asks(f"/clops {command}")
        assert (asked.reactions, stage.commits) == ([], 2)
        assert "[this commit](" in asked.reply


@pytest.mark.parametrize("kind", ["protection", "ruleset"])
def test_where_the_branch_is_protected_the_fix_is_proposed_once(kind: str) -> None:
    with stages(HEAD, permissions=COMMITS) as stage:
        scene.protect(stage.hub, stage.repository, "feature", kind)
        asked = stage.asks("/clops fix gp2_volume")
        (proposed,) = (one for one in stage.repository.pulls() if one is not stage.pull)
        url = f"{stage.hub.web}/acme/infra/pull/{proposed.number}"
        assert asked.reply.startswith(f"1 fix in a [pull request into this branch]({url}), because committing to it is not allowed:")
        assert (proposed.base_ref, stage.repository.git.file(proposed.head, "main.tf")) == (
            "feature",
            (PROVIDER + volume(kind="gp3") + log_group()).encode(),
        )
        assert stage.file() == HEAD["main.tf"]
        asked.again()
        assert f"]({url})" in asked.reply
        assert f"]({url})" in stage.asks("/clops fix gp2_volume").reply
        assert len(stage.repository.pulls()) == 2


@pytest.mark.parametrize("why", ["permission", "every branch is protected", "fork"])
@pytest.mark.parametrize("command", ["fix gp2_volume", "ignore gp2_volume we know"])
def test_where_nothing_may_be_written_the_change_is_handed_over(command: str, why: str) -> None:
    permissions = ASKS if why == "permission" else COMMITS
    with stages(HEAD, permissions=permissions, forked=why == "fork") as stage:
        if why == "every branch is protected":
            scene.protect(stage.hub, stage.repository, "*", "ruleset")
        asked = stage.asks(f"/clops {command}")
        assert asked.reply.startswith("I may not commit here (`")
        assert "\n```diff\n--- a/main.tf\n+++ b/main.tf\n" in asked.reply
        assert (stage.commits, len(stage.repository.pulls())) == (1, 1)


def test_who_may_not_write_is_not_obeyed_and_hears_nothing() -> None:
    with stages(HEAD, permissions=REACTS) as stage:
        for stranger in ("max", "nobody"):
            asked = stage.asks("/clops fix all", by=stranger)
            assert (asked.handled.state, asked.reply, asked.reactions) == ("not allowed", "", ["confused"])
        assert (stage.commits, stage.ours) == (1, [])


def test_on_a_closed_pull_request_questions_are_answered_and_nothing_is_done() -> None:
    with stages(HEAD, permissions=COMMITS) as stage:
        scene.set_state(stage.hub, stage.repository, stage.pull, "closed")
        assert stage.asks("/clops review").reply == "This pull request is closed: it is reviewed no more."
        for command in ("fix all", "ignore gp2_volume we know"):
            assert stage.asks(f"/clops {command}").reply == "This pull request is closed: there is nothing to commit to."
        assert "Fine to merge" in stage.asks("/clops why").reply
        assert "Set the type to `gp3`" in stage.asks("/clops explain gp2_volume").reply
        assert (stage.commits, stage.summaries, stage.notes) == (1, [], [])


@pytest.mark.parametrize("command", ["help", "why", "explain gp2_volume", "review", "fix gp2_volume", "ignore gp2_volume we know", "fxi"])
def test_a_job_that_is_done_again_says_nothing_twice(command: str) -> None:
    with stages(HEAD, permissions=REACTS) as stage:
        asked = stage.asks(f"/clops {command}")
        commits = stage.commits
        asked.again()
        replies, seen = asked.reply, stage.seen()
        asked.again()
        assert (stage.commits, asked.reply, stage.seen()) == (commits, replies, seen)
        assert len(asked.reactions) == 2


@pytest.mark.parametrize("command", ["fix gp2_volume", "ignore gp2_volume we know"])
@pytest.mark.parametrize("fault", ["killed before the reply", "answered 502 after the commit"])
def test_a_job_cut_short_after_its_commit_commits_once_and_answers_truly(command: str, fault: str) -> None:
    with stages(HEAD, permissions=COMMITS) as stage:
        if fault == "killed before the reply":
            stage.hub.faults.instead("POST", r"/issues/\d+/comments$", 500, {"message": "Server Error"})
        else:
            stage.hub.faults.after_store("PATCH", r"/git/refs/")
        comment = stage.says(f"/clops {command}")
        job = stage.job(Said(comment.id, "ana", comment.body))
        with pytest.raises(ForgeError):
            stage.does(job)
        assert (stage.commits, stage.replies(comment.id)) == (2, [])
        stage.does(job)
        assert stage.commits == 2
        url = f"{stage.hub.web}/acme/infra/commit/{stage.pull.head}"
        assert stage.replies(comment.id) == [f"This was done in [this commit]({url})."]


def test_a_strangers_commit_with_our_mark_does_not_pass_for_ours() -> None:
    with stages(HEAD, permissions=COMMITS) as stage:
        comment = stage.says("/clops fix gp2_volume")
        stage.push({"other.tf": "# nothing\n"}, message=f"Look\n\nAsked-in-comment: {comment.id}")
        stage.does(stage.job(Said(comment.id, "ana", comment.body)))
        assert stage.replies(comment.id)[0].startswith("1 fix in [this commit](")
        assert stage.file() == PROVIDER + volume(kind="gp3") + log_group()


class Pushing:
    """A thinker during whose thinking somebody pushes, so often."""

    def __init__(self, stage: Stage, times: int) -> None:
        self.stage, self.thinker, self.times = stage, stage.thinker, times

    def think(self, pull: PullRequest, requests: PullRequests, *, silent: bool = False) -> AbstractContextManager[Thought]:
        if self.times:
            self.times -= 1
            self.stage.push({"other.tf": f"# {self.times}\n"})
        return self.thinker.think(pull, requests, silent=silent)

    def language(self, pull: PullRequest, requests: PullRequests) -> Language:
        return self.thinker.language(pull, requests)


def test_a_push_while_thinking_has_the_fix_made_for_the_new_head() -> None:
    with stages(HEAD, permissions=COMMITS) as stage:
        stage.thinker = Pushing(stage, 1)
        assert stage.asks("/clops fix gp2_volume").reply.startswith("1 fix in [this commit](")
        assert (stage.file(), stage.file("other.tf")) == (PROVIDER + volume(kind="gp3") + log_group(), "# 0\n")


def test_a_branch_that_never_rests_is_told_so() -> None:
    with stages(HEAD, permissions=COMMITS) as stage:
        stage.thinker = Pushing(stage, 9)
        assert stage.asks("/clops fix gp2_volume").reply.startswith("The branch was pushed to again and again")
        assert 'type              = "gp2"' in stage.file()
