"""A pull request from its first push to its last: after each step one summary for the newest head, each finding once, nobody's words touched."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from clops_app.review.said import ending_of
from tests.conversation.stage import ASKS, COMMITS, PROVIDER, Stage, stages, volume
from tests.github import scene
from tests.github.state import ReviewComment

BASE = {"main.tf": PROVIDER}


def disks(*kinds: str) -> dict[str, str]:
    """disks.tf with a volume of each kind: v0, v1, …"""
    return {"disks.tf": "\n".join(volume(f"v{number}", kind) for number, kind in enumerate(kinds))}


def settled(stage: Stage) -> None:
    """Review, see that what must always hold does, and that a second run adds nothing."""
    stage.reviews()
    stage.assert_finite()
    seen = stage.seen()
    assert stage.reviews().state == "unchanged"
    assert stage.seen() == seen


def names(notes: list[ReviewComment]) -> list[str]:
    """The volumes that these are about."""
    return sorted(note.body.partition("`aws_ebs_volume.")[2][:2] for note in notes)


@pytest.fixture(params=[ASKS, COMMITS], ids=["reads contents", "writes contents"])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    with stages(disks("gp2", "gp2", "gp2"), BASE, permissions=request.param) as made:
        settled(made)
        assert names(made.open_notes) == ["v0", "v1", "v2"]
        yield made


def test_what_a_person_mends_is_closed_and_stays_closed(stage: Stage) -> None:
    stage.push(disks("gp3", "gp2", "gp2"))
    settled(stage)
    assert names(stage.open_notes) == ["v1", "v2"]
    assert ending_of(stage.note("aws_ebs_volume.v0").body) == "fixed"
    stage.push(disks("gp3", "gp3", "gp3"))
    settled(stage)
    assert (stage.open_notes, len(stage.notes)) == ([], 3)


def test_what_comes_back_is_raised_anew(stage: Stage) -> None:
    for kind in ("gp3", "gp2"):
        stage.push(disks(kind, "gp2", "gp2"))
        settled(stage)
    assert names(stage.open_notes) == ["v0", "v1", "v2"]
    assert len(stage.notes) == 4


def test_suggestions_pressed_one_by_one_and_together_end_their_findings(stage: Stage) -> None:
    stage.presses(stage.note("aws_ebs_volume.v1"))
    settled(stage)
    assert names(stage.open_notes) == ["v0", "v2"]
    stage.presses(*stage.open_notes)
    settled(stage)
    assert (stage.open_notes, stage.file("disks.tf")) == ([], disks("gp3", "gp3", "gp3")["disks.tf"])


def test_what_a_person_dismisses_is_not_said_again(stage: Stage) -> None:
    note = stage.note("aws_ebs_volume.v1")
    stage.resolves(note)
    body = note.body
    for files in (disks("gp2", "gp2", "gp2") | {"more.tf": "# more\n"}, disks("gp3", "gp2", "gp3")):
        stage.push(files)
        settled(stage)
    assert (stage.open_notes, note.body, len(stage.notes)) == ([], body, 3)


def test_where_a_person_answers_nothing_is_edited(stage: Stage) -> None:
    note = stage.note("aws_ebs_volume.v1")
    stage.answers(note)
    body = note.body
    for kinds in (("gp2", "gp2", "gp3"), ("gp3", "gp3", "gp3"), ("gp3", "gp2", "gp3")):
        stage.push(disks(*kinds))
        settled(stage)
        assert (note.body, note.minimized) == (body, None)


def test_a_rename_and_moved_lines_keep_each_conversation(stage: Stage) -> None:
    before = {note.id for note in stage.open_notes}
    stage.push({"disks.tf": "# moved\n\n\n" + disks("gp2", "gp2", "gp2")["disks.tf"]})
    settled(stage)
    stage.push({"disks.tf": None, "volumes.tf": disks("gp2", "gp2", "gp2")["disks.tf"]})
    settled(stage)
    assert {note.id for note in stage.open_notes} == before


def test_a_force_push_that_takes_findings_away_closes_them(stage: Stage) -> None:
    stage.push({"other.tf": "# nothing\n"}, onto="main")
    settled(stage)
    assert stage.open_notes == []
    stage.push(disks("gp2", "gp3", "gp3"), onto="main")
    settled(stage)
    assert names(stage.open_notes) == ["v0"]


def test_a_rebase_onto_a_base_that_moved_says_nothing_new(stage: Stage) -> None:
    before = {note.id for note in stage.open_notes}
    scene.push(stage.hub, stage.repository, "main", {"main.tf": "# a line above\n" + PROVIDER, "base.tf": "# new\n"})
    settled(stage)
    stage.push(disks("gp2", "gp2", "gp2"), onto="main")
    settled(stage)
    assert {note.id for note in stage.open_notes} == before


def test_what_the_base_has_by_now_is_nobodys_new_finding(stage: Stage) -> None:
    scene.push(stage.hub, stage.repository, "main", {"disks.tf": volume("v0")})
    stage.push(disks("gp2", "gp2", "gp2"), onto="main")
    settled(stage)
    stage.push(disks("gp3", "gp3", "gp3"), onto="main")
    settled(stage)
    assert stage.open_notes == []


def test_closed_drafted_and_reopened_it_goes_on_where_it_was(stage: Stage) -> None:
    seen = stage.seen()
    scene.set_state(stage.hub, stage.repository, stage.pull, "closed")
    assert stage.reviews().state == "closed"
    assert stage.seen() == seen
    scene.set_state(stage.hub, stage.repository, stage.pull, "open")
    scene.set_draft(stage.hub, stage.repository, stage.pull, True)
    settled(stage)
    scene.set_draft(stage.hub, stage.repository, stage.pull, False)
    settled(stage)
    assert stage.seen() == seen


def test_fixed_and_ignored_by_command_everything_ends() -> None:
    with stages(disks("gp2", "gp2"), BASE, permissions=COMMITS) as stage:
        settled(stage)
        stage.asks("/clops ignore gp2_volume we know")
        settled(stage)
        assert ([ending_of(note.body) for note in stage.notes], stage.open_notes) == (["dismissed", "dismissed"], [])
        stage.push(disks("gp2", "gp2"))
        settled(stage)
        assert names(stage.open_notes) == ["v0", "v1"]
        stage.asks("/clops fix gp2_volume")
        settled(stage)
        assert (stage.open_notes, len(stage.notes), len(stage.summaries)) == ([], 4, 1)


def test_after_two_runs_at_once_and_one_more_nothing_is_there_twice() -> None:
    for permissions in (ASKS, COMMITS):
        with stages(disks("gp2", "gp2"), BASE, permissions=permissions) as stage:
            together = threading.Barrier(2)
            failures = []

            def run(stage: Stage = stage, together: threading.Barrier = together, failures: list[BaseException] = failures) -> None:
                job = stage.job()
                together.wait()
                try:
                    stage.does(job)
                except Exception as error:  # noqa: BLE001 -- told to the test below
                    failures.append(error)

            threads = [threading.Thread(target=run) for _ in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert failures == []
            settled(stage)
            assert names(stage.open_notes) == ["v0", "v1"]
            shown = [run for run in stage.repository.runs.values() if run.head == stage.pull.head]
            assert len({run.external_id for run in shown}) == 1
