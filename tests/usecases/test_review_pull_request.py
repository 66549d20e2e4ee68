"""A pull request is reviewed by the settings of its base, answered once, and not at all when a push overtook it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from unittest.mock import patch

from clops_app.adapters.thinking import ThinksHere
from clops_app.model.draft import Draft, Posted
from clops_app.model.pull import PullRequest
from clops_app.terraform.evaluate import evaluate_root
from clops_app.usecases.review_pull_request import Outcome, failure_of, review_pull_request
from clops_app.usecases.think_of_pull import PullThought, Told
from tests.adapters.forges import GitForge
from tests.adapters.repositories import commit, git, repository
from tests.review.conversation import published

TODAY = date(2026, 11, 21)
PROVIDER = 'provider "aws" {\n  region = "us-east-1"\n}\n'
VOLUME = (
    '\nresource "aws_ebs_volume" "data" {\n  availability_zone = "us-east-1a"\n  size              = 100\n  type              = "gp2"\n}\n'
)
LOGS = '\nresource "aws_cloudwatch_log_group" "game" {\n  name = "game"\n}\n'


def forge_of(top: Path, before: dict[str, str], after: dict[str, str]) -> GitForge:
    repository(top, {"main.tf": PROVIDER, **before})
    base = git(top, "rev-parse", "HEAD")
    return GitForge(top, base, commit(top, after))


def thought_of(forge: GitForge, told: Told | None = None) -> PullThought:
    with ThinksHere(told or Told(TODAY)).think(forge.pull, forge) as thought:
        return thought


def review(forge: GitForge) -> Outcome:
    return review_pull_request(forge, ThinksHere(Told(TODAY)), 7)


def test_a_change_cannot_switch_off_its_own_review(tmp_path: Path) -> None:
    off = "rules: {disable: [aws/gp2_volume]}\n"
    quiet = thought_of(forge_of(tmp_path / "a", {".clops.yml": off}, {"main.tf": PROVIDER + VOLUME}))
    loud = thought_of(forge_of(tmp_path / "b", {}, {"main.tf": PROVIDER + VOLUME, ".clops.yml": off}))
    assert "aws/gp2_volume" not in {finding.rule for finding in quiet.review.findings}
    assert "aws/gp2_volume" in {finding.rule for finding in loud.review.findings}
    assert "this change brings other settings" in {item.what for item in loud.review.diagnostics}


def test_settings_that_cannot_be_read_are_said_and_the_review_goes_on(tmp_path: Path) -> None:
    thought = thought_of(forge_of(tmp_path, {".clops.yml": "fail_onn: high\n"}, {"main.tf": PROVIDER + VOLUME}))
    said = {item.what: item for item in thought.review.diagnostics}
    assert "fail_onn" in said["the settings were not read"].why
    assert said["the settings were not read"].lost
    assert {"aws/gp2_volume"} <= {finding.rule for finding in thought.review.findings}
    assert thought.digest.verdict == "warn"


def test_wrong_settings_are_told_before_they_are_merged(tmp_path: Path) -> None:
    thought = thought_of(forge_of(tmp_path, {}, {".clops.yml": "budgett: {}\n"}))
    assert [
        "budgett" in item.why for item in thought.review.diagnostics if item.what == "the settings that this change brings are not valid"
    ] == [True]


def test_those_who_run_clops_may_set_gate_scope_and_settings(tmp_path: Path) -> None:
    forge = forge_of(
        tmp_path,
        {"infra/main.tf": PROVIDER, "ci/ours.yml": "rules: {disable: [aws/gp2_volume]}\n"},
        {"main.tf": PROVIDER + VOLUME, "infra/main.tf": PROVIDER + LOGS},
    )
    assert not thought_of(forge).failed
    assert thought_of(forge, Told(TODAY, fail_on="low")).failed
    scoped = thought_of(forge, Told(TODAY, scope="infra"))
    assert {finding.path for finding in scoped.review.findings} == {"infra/main.tf"}
    silenced = thought_of(forge, Told(TODAY, settings="ci/ours.yml"))
    assert "aws/gp2_volume" not in {finding.rule for finding in silenced.review.findings}
    lost = thought_of(forge, Told(TODAY, settings="ci/gone.yml"))
    assert ["ci/gone.yml is not in the base" in item.why for item in lost.review.diagnostics if item.lost] == [True]


def test_the_first_review_is_published_and_the_second_adds_nothing(tmp_path: Path) -> None:
    forge = forge_of(tmp_path, {}, {"main.tf": PROVIDER + VOLUME})
    first = review(forge)
    assert (first.state, len(forge.said)) == ("published", 1)
    forge.there = published(forge.said[0], Posted())
    assert (review(forge).state, len(forge.said)) == ("unchanged", 1)


def test_a_push_that_came_while_we_thought_silences_us(tmp_path: Path) -> None:
    class Pushed(GitForge):
        reads = 0

        def read(self, number: int) -> PullRequest:
            self.reads += 1
            now = super().read(number)
            return now if self.reads == 1 else replace(now, head_sha="f" * 40)

    forge = forge_of(tmp_path, {}, {"main.tf": PROVIDER + VOLUME})
    assert (review(Pushed(forge.top, forge.base, forge.head)).state, forge.said) == ("overtaken", [])


def test_a_closed_pull_request_is_left_alone(tmp_path: Path) -> None:
    class Closed(GitForge):
        @property
        def pull(self) -> PullRequest:
            return replace(super().pull, state="closed")

    forge = forge_of(tmp_path, {}, {"main.tf": PROVIDER + VOLUME})
    assert review(Closed(forge.top, forge.base, forge.head)).state == "closed"


def test_what_two_runs_said_at_once_is_closed_by_the_later_look(tmp_path: Path) -> None:
    class Twice(GitForge):
        def publish(self, pull: PullRequest, draft: Draft) -> tuple[str, ...]:
            if not self.said:
                once = published(draft, Posted())
                other = tuple(replace(one, id=one.id + 900, node_id=f"{one.node_id}-other") for one in once.summaries)
                again = tuple(replace(one, id=one.id + 900, node_id=f"{one.node_id}-other") for one in once.comments)
                self.there = replace(once, summaries=(*once.summaries, *other), comments=(*once.comments, *again))
            return super().publish(pull, draft)

    forge = forge_of(tmp_path, {}, {"main.tf": PROVIDER + VOLUME})
    twice = Twice(forge.top, forge.base, forge.head)
    review(twice)
    first, second = twice.said
    assert first.review is not None
    assert (second.summary, second.review, second.check) == (None, None, None)
    assert {hiding.classifier for hiding in second.hide} == {"DUPLICATE"}
    assert len(second.hide) == 1 + len(first.review.comments)


def test_the_sign_of_a_failure_blocks_nobody_and_names_the_log(tmp_path: Path) -> None:
    draft = failure_of(forge_of(tmp_path, {}, {}).pull, "a1b2c3")
    assert draft.check is not None
    assert (draft.check.conclusion, draft.check.title, "a1b2c3" in draft.check.summary) == ("neutral", "ClOps failed, not you", True)
    assert (draft.summary, draft.review) == (None, None)


def test_only_what_the_change_brings_is_mended(tmp_path: Path) -> None:
    forge = forge_of(tmp_path, {"old.tf": VOLUME.replace('"data"', '"old"')}, {"main.tf": PROVIDER + VOLUME})
    assert list(thought_of(forge).mending("aws/gp2_volume").files) == ["main.tf"]


def test_roots_that_the_change_does_not_touch_are_not_evaluated_to_mend_it(tmp_path: Path) -> None:
    others = {f"{root}/main.tf": PROVIDER + VOLUME for root in ("a", "b")}
    thought = thought_of(forge_of(tmp_path, {**others, "c/main.tf": PROVIDER}, {"c/main.tf": PROVIDER + VOLUME}))
    with patch("clops_app.usecases.think.evaluate_root", wraps=evaluate_root) as evaluated:
        assert list(thought.mending("aws/gp2_volume").files) == ["c/main.tf"]
        assert list(thought.ignoring("aws/gp2_volume", "why", None).files) == ["c/main.tf"]
    assert {call.args[1] for call in evaluated.call_args_list} == {"c"}


def test_what_changes_how_things_run_is_mended_when_its_rule_is_named(tmp_path: Path) -> None:
    thought = thought_of(forge_of(tmp_path, {}, {"main.tf": PROVIDER + LOGS}))
    every, named = thought.mending(None), thought.mending("aws/log_group_without_retention")
    assert (every.files, list(named.files), named.not_made) == ({}, ["main.tf"], ())
    assert ["`/clops fix aws/log_group_without_retention` commits it" in line for line in every.not_made] == [True]


def test_an_ignored_finding_is_quiet_after_and_the_code_says_why(tmp_path: Path) -> None:
    forge = forge_of(tmp_path, {}, {"main.tf": PROVIDER + VOLUME})
    mending = thought_of(forge).ignoring("aws/gp2_volume", "a\nscratch \x1b disk", date(2027, 1, 31))
    text = mending.files["main.tf"].decode()
    assert "\n# clops:ignore aws/gp2_volume until=2027-01-31 a scratch disk\nresource" in text
    forge.head = commit(forge.top, {"main.tf": text})
    assert "aws/gp2_volume" not in {finding.rule for finding in thought_of(forge).review.findings if finding.status == "new"}


def test_where_a_comment_cannot_stand_nothing_is_made(tmp_path: Path) -> None:
    code = '{"resource": {"aws_ebs_volume": {"data": {"availability_zone": "us-east-1a", "size": 9, "type": "gp2"}}}}'
    forge = forge_of(tmp_path, {}, {"main.tf": PROVIDER, "more.tf.json": code})
    mending = thought_of(forge).ignoring("aws/gp2_volume", "why", None)
    assert (mending.files, mending.made) == ({}, ())
    assert ["JSON has no comments" in line for line in mending.not_made] == [True]


def test_a_line_of_a_windows_file_ends_as_the_others(tmp_path: Path) -> None:
    forge = forge_of(tmp_path, {}, {})
    (forge.top / "win.tf").write_bytes(VOLUME.replace("\n", "\r\n").encode())
    git(forge.top, "config", "core.autocrlf", "false")
    forge.head = commit(forge.top, {})
    text = thought_of(forge).ignoring("aws/gp2_volume", "why", None).files["win.tf"]
    assert b"aws/gp2_volume why\r\nresource" in text
