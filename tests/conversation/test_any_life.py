"""Whatever people do to a pull request, in any order: each finding is said once, and a run that has nothing to say says nothing."""

from __future__ import annotations

from contextlib import ExitStack
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.conversation.stage import ASKS, COMMITS, PROVIDER, Stage, stages, volume
from tests.github import scene
from tests.github.state import ReviewComment

NAMES = ("v0", "v1", "v2")
IGNORED = "# clops:ignore aws/gp2_volume we know\n"


class Life(RuleBasedStateMachine):
    """A file of volumes that are gp2 (a finding) or not, ignored in the code or not, here or there."""

    permissions: ClassVar[dict[str, str]] = COMMITS

    def __init__(self) -> None:
        super().__init__()
        self.left = ExitStack()
        self.path, self.above, self.base_moves = "disks.tf", 0, 0
        self.kinds = dict.fromkeys(NAMES, "gp2")
        self.ignored: set[str] = set()
        self.untouchable: dict[int, str] = {}
        self.stage: Stage

    @initialize(private=st.booleans())
    def begin(self, private: bool) -> None:  # noqa: ARG002 -- so that two beginnings are tried
        self.stage = self.left.enter_context(stages({self.path: self._file()}, {"main.tf": PROVIDER}, permissions=self.permissions))

    def teardown(self) -> None:
        self.left.close()

    def _file(self) -> str:
        """As it would be written, but for what was ignored in the code by a command."""
        written = [(IGNORED if name in self.ignored else "") + volume(name, kind) for name, kind in self.kinds.items()]
        return "# a line\n" * self.above + "\n".join(written)

    def _push(self, **more: str) -> None:
        self.stage.push({self.path: self._file()}, **more)

    def _note(self, name: str) -> ReviewComment | None:
        return next((note for note in self.stage.open_notes if f"`aws_ebs_volume.{name}`" in note.body), None)

    @rule(name=st.sampled_from(NAMES))
    def a_person_changes_a_volume(self, name: str) -> None:
        self.kinds[name] = "gp3" if self.kinds[name] == "gp2" else "gp2"
        self._push()

    @rule(count=st.integers(0, 6))
    def lines_move(self, count: int) -> None:
        self.above = count
        self._push()

    @rule()
    def the_file_is_renamed(self) -> None:
        before, self.path = self.path, "volumes.tf" if self.path == "disks.tf" else "disks.tf"
        self.stage.push({before: None, self.path: self._file()})

    @rule()
    def the_base_moves_and_the_branch_is_rebased(self) -> None:
        self.base_moves += 1
        files = {"main.tf": "# above\n" * self.base_moves + PROVIDER}
        scene.push(self.stage.hub, self.stage.repository, "main", files)
        self._push(onto="main")

    @rule()
    def the_branch_is_rewritten(self) -> None:
        self._push(onto="main")

    @rule(name=st.sampled_from(NAMES))
    def a_suggestion_is_pressed(self, name: str) -> None:
        note = self._note(name)
        if note is not None and "```suggestion" in note.body:
            self.stage.presses(note)
            self.kinds[name] = "gp3"
            assert self.stage.file(self.path) == self._file()

    @precondition(lambda self: self.permissions is COMMITS)
    @rule()
    def all_is_fixed_by_command(self) -> None:
        self.stage.asks("/clops fix gp2_volume")
        self.kinds = {name: kind if name in self.ignored else "gp3" for name, kind in self.kinds.items()}
        assert self.stage.file(self.path) == self._file()

    @precondition(lambda self: self.permissions is COMMITS)
    @rule()
    def all_is_ignored_by_command(self) -> None:
        self.stage.asks("/clops ignore gp2_volume we know")
        self.ignored |= {name for name, kind in self.kinds.items() if kind == "gp2"}
        assert self.stage.file(self.path) == self._file()

    @rule(name=st.sampled_from(NAMES))
    def an_ignoring_comment_is_taken_out(self, name: str) -> None:
        if name in self.ignored:
            self.ignored.discard(name)
            self._push()

    @rule(name=st.sampled_from(NAMES))
    def a_person_resolves(self, name: str) -> None:
        if (note := self._note(name)) is not None:
            self.stage.resolves(note)

    @rule(name=st.sampled_from(NAMES))
    def a_person_answers(self, name: str) -> None:
        if (note := self._note(name)) is not None:
            self.stage.answers(note)
            self.untouchable[note.id] = note.body

    @rule()
    def it_is_closed_and_opened_again(self) -> None:
        for state in ("closed", "open"):
            scene.set_state(self.stage.hub, self.stage.repository, self.stage.pull, state)

    @rule(words=st.sampled_from(["review", "why", "explain gp2_volume", "help", "fix nothing"]))
    def somebody_asks(self, words: str) -> None:
        self.stage.asks(f"/clops {words}")

    @invariant()
    def it_is_finite(self) -> None:
        stage = self.stage
        stage.reviews()
        stage.assert_finite()
        seen = stage.seen()
        assert stage.reviews().state == "unchanged"
        assert stage.seen() == seen
        assert {number: stage.pull.comments[number].body for number in self.untouchable} == self.untouchable
        talked = {one.reply_to for one in stage.pull.comments.values() if one.user is not stage.app.bot}
        ours_to_end = [note for note in stage.open_notes if note.id not in talked]
        wanted = {name for name, kind in self.kinds.items() if kind == "gp2" and name not in self.ignored} - self._silenced(talked)
        assert {note.body.partition("`aws_ebs_volume.")[2][:2] for note in ours_to_end} == wanted

    def _silenced(self, talked: set[int | None]) -> set[str]:
        """What a person has the last word on: they resolved it, or wrote under it and it is open."""
        theirs = [
            note
            for note in self.stage.notes
            if (note.resolved_by is not None and note.resolved_by is not self.stage.app.bot) or (note.id in talked and not note.resolved_by)
        ]
        return {name for name in NAMES if any(f"`aws_ebs_volume.{name}`" in note.body for note in theirs)}


class ReadingLife(Life):
    """The App may not write contents: it cannot resolve threads, so it minimises what is over."""

    permissions: ClassVar[dict[str, str]] = ASKS


BOUNDS = settings(max_examples=8, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck))
TestLife = pytest.mark.slow(Life.TestCase)
TestReadingLife = pytest.mark.slow(ReadingLife.TestCase)
TestLife.settings = TestReadingLife.settings = BOUNDS
