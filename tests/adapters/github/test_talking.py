"""People are answered once, and their fixes are committed where that is allowed."""

from __future__ import annotations

import pytest

from clops_app.model.pull import Mending, PullRequest
from clops_app.ports import NotAllowed, NotThere, Unsure
from tests.adapters.github.saying import action, forge, writes
from tests.github import scene
from tests.github.world import World, lines, worlds

WRITER = {"metadata": "read", "contents": "write", "pull_requests": "write", "issues": "write"}


def mending(**files: str | bytes) -> Mending:
    content = {
        path.replace("__", "/").replace("_tf", ".tf"): text.encode() if isinstance(text, str) else text for path, text in files.items()
    }
    return Mending(content, ("Mended.",), (), "", ("Mended.",))


def file_at(world: World, commit: str, path: str) -> bytes:
    return world.repository.git.run("show", f"{commit}:{path}")


def tip(world: World, branch: str) -> str | None:
    return world.repository.git.refs().get(f"refs/heads/{branch}")


def fork_pull(world: World) -> PullRequest:
    theirs = scene.fork(world.hub, world.repository, "max")
    scene.push(world.hub, theirs, "mine", {"main.tf": lines(7)}, by="max")
    return forge(world).read(scene.open_pull(world.hub, world.repository, "mine", head_repository=theirs, by="max").number)


def test_those_who_may_write_are_told_from_all_others(world: World) -> None:
    ours = forge(world)
    scene.comment(world.hub, world.repository, 1, "Hello", by="eve")
    assert [ours.may_write(login) for login in ("ana", "ada", "max", "eve", "nobody", "../ana")] == [True, True, False, False, False, False]


def test_a_reaction_needs_a_permission_of_its_own(world: World) -> None:
    said = scene.comment(world.hub, world.repository, 1, "/clops why", by="ana")
    with pytest.raises(NotAllowed, match="issues=write"):
        forge(world).react(said.id, "eyes")
    may = action(world)
    may.react(said.id, "eyes")
    may.react(said.id, "eyes")
    assert [one.content for one in said.reactions] == ["eyes"]


def test_an_answer_given_again_is_the_same_comment(world: World) -> None:
    ours = forge(world)
    pull = ours.read(1)
    asked = scene.comment(world.hub, world.repository, 1, "/clops why", by="ana")
    other = scene.comment(world.hub, world.repository, 1, "/clops help", by="ana")
    ours.reply(pull, asked.id, "First words.")
    ours.reply(pull, asked.id, "Better words.")
    ours.reply(pull, asked.id, "Better words.")
    ours.reply(pull, other.id, "Help.")
    said = [one.body for one in world.repository.issue_comments.values() if one.user.login == "clops[bot]"]
    assert said == [f"<!-- clops:reply {asked.id} -->\nBetter words.", f"<!-- clops:reply {other.id} -->\nHelp."]
    assert [method for method, _, _ in writes(world)] == ["POST", "PATCH", "POST"]


def test_an_answer_that_was_stored_without_an_answer_is_not_given_twice(world: World) -> None:
    ours = forge(world)
    pull = ours.read(1)
    world.hub.faults.after_store("POST", r"/issues/1/comments$")
    with pytest.raises(Unsure):
        ours.reply(pull, 7, "Words.")
    ours.reply(pull, 7, "Words.")
    assert len(world.repository.issue_comments) == 1


def test_an_answer_that_somebody_forged_is_not_taken_for_ours(world: World) -> None:
    ours = forge(world)
    scene.comment(world.hub, world.repository, 1, "<!-- clops:reply 7 -->\nLies.", by="max")
    ours.reply(ours.read(1), 7, "Words.")
    assert [one.user.login for one in world.repository.issue_comments.values()] == ["max", "clops[bot]"]


def test_a_mending_is_one_commit_on_the_head() -> None:
    with worlds(WRITER) as world:
        world.push({"deep/er/a.tf": "old\n"})
        head = world.pull.head
        ours = forge(world)
        page = ours.commit(ours.read(1), mending(main_tf=lines(5), deep__er__a_tf="new\n", fresh__b_tf="b\n"), "Fix it\n\n- Mended.")
        made = tip(world, "feature")
        assert made is not None
        assert (page.endswith(made), world.pull.head) == (True, made)
        commit = world.repository.git.commit(made)
        assert (list(commit.parents), commit.message.strip()) == ([head], "Fix it\n\n- Mended.")
        assert [file_at(world, made, path) for path in ("main.tf", "deep/er/a.tf", "fresh/b.tf", "new.tf")] == [
            lines(5).encode(),
            b"new\n",
            b"b\n",
            b"a\nb\n",
        ]
        assert [path.rpartition("/git/")[2].partition("/")[0] for _, path, _ in writes(world)] == ["trees", "commits", "refs"]


def test_bytes_that_are_no_text_and_files_that_may_be_run_stay_what_they_are() -> None:
    with worlds(WRITER) as world:
        git = world.repository.git
        blob = git.write_blob(b"#!/bin/sh\n")
        tree = git.write_tree(git.commit(world.pull.head).tree, [("100755", "run.tf", blob)])
        sha = git.write_commit(tree, [world.pull.head], "Add", who=("ana", "ana@users.noreply.github.test"), when=world.hub.clock.epoch())
        git.set_ref("refs/heads/feature", sha)
        scene.notice(world.hub)
        ours = forge(world)
        ours.commit(ours.read(1), mending(run_tf=b"\xff\r\n", new_tf="a\r\nb"), "Fix")
        made = tip(world, "feature") or ""
        assert (file_at(world, made, "run.tf"), file_at(world, made, "new.tf")) == (b"\xff\r\n", b"a\r\nb")
        assert {one.path: one.mode for one in git.entries(made, recursive=True)}["run.tf"] == "100755"


def test_a_link_is_not_written_to() -> None:
    with worlds(WRITER) as world:
        git = world.repository.git
        tree = git.write_tree(
            git.commit(world.pull.head).tree, [("120000", "link.tf", git.write_blob(b"main.tf")), ("120000", "dir", git.write_blob(b"x"))]
        )
        sha = git.write_commit(tree, [world.pull.head], "Add", who=("ana", "ana@users.noreply.github.test"), when=world.hub.clock.epoch())
        git.set_ref("refs/heads/feature", sha)
        scene.notice(world.hub)
        ours = forge(world)
        for one in (mending(link_tf="x"), mending(dir__a_tf="x")):
            with pytest.raises(NotAllowed, match="link"):
                ours.commit(ours.read(1), one, "Fix")
        assert (tip(world, "feature"), writes(world)) == (sha, [])


def test_a_branch_that_moved_on_is_left_alone() -> None:
    with worlds(WRITER) as world:
        ours = forge(world)
        pull = ours.read(1)
        moved = world.push({"new.tf": "c\n"})
        with pytest.raises(NotThere, match="moved on"):
            ours.commit(pull, mending(main_tf="x\n"), "Fix")
        assert tip(world, "feature") == moved


def test_a_protected_branch_is_not_ours_to_write() -> None:
    with worlds(WRITER) as world:
        ours = forge(world)
        refusal = {"message": "Repository rule violations found\n\nChanges must be made through a pull request."}
        world.hub.faults.instead("PATCH", "/git/refs/heads/feature$", 422, refusal)
        with pytest.raises(NotAllowed, match="protected"):
            ours.commit(ours.read(1), mending(main_tf="x\n"), "Fix")


def test_without_the_permission_nothing_is_committed(world: World) -> None:
    ours = forge(world)
    with pytest.raises(NotAllowed, match="contents=write"):
        ours.commit(ours.read(1), mending(main_tf="x\n"), "Fix")
    with pytest.raises(NotAllowed):
        ours.propose(ours.read(1), mending(main_tf="x\n"), "Fix", "- Mended.")


def test_a_fork_is_not_written_to() -> None:
    with worlds(WRITER) as world:
        ours, pull = forge(world), fork_pull(world)
        with pytest.raises(NotAllowed, match="fork"):
            ours.commit(pull, mending(main_tf="x\n"), "Fix")
        with pytest.raises(NotAllowed, match="fork"):
            ours.propose(pull, mending(main_tf="x\n"), "Fix", "")
        assert writes(world) == []


def test_a_proposal_is_a_pull_request_into_the_pull_requests_branch() -> None:
    with worlds(WRITER) as world:
        ours = forge(world)
        page = ours.propose(ours.read(1), mending(main_tf=lines(5)), "Fix a fault", "- Mended.")
        (made,) = [one for one in world.repository.pulls() if one is not world.pull]
        assert page.endswith(f"/pull/{made.number}")
        assert (made.title, made.body, made.base_ref) == ("Fix a fault", "- Mended.", "feature")
        assert made.head_ref.startswith("clops/fix-1-")
        assert file_at(world, made.head, "main.tf") == lines(5).encode()


def test_the_same_proposal_is_made_once_and_another_one_beside_it() -> None:
    with worlds(WRITER) as world:
        ours = forge(world)
        pull = ours.read(1)
        first = ours.propose(pull, mending(main_tf=lines(5)), "Fix", "")
        assert ours.propose(pull, mending(main_tf=lines(5)), "Fix", "") == first
        assert ours.propose(pull, mending(main_tf=lines(30)), "Fix", "") != first


@pytest.mark.parametrize("path", [r"/git/refs$", r"/pulls$"])
def test_a_proposal_that_broke_off_is_gone_on_with(path: str) -> None:
    with worlds(WRITER) as world:
        ours = forge(world)
        pull = ours.read(1)
        world.hub.faults.after_store("POST", path)
        with pytest.raises(Unsure):
            ours.propose(pull, mending(main_tf=lines(5)), "Fix", "")
        page = ours.propose(pull, mending(main_tf=lines(5)), "Fix", "")
        assert [f"/pull/{one.number}" in page for one in world.repository.pulls()] == [False, True]
