"""The files of a commit, one by one, without fetching the whole repository."""

from __future__ import annotations

import pytest

from clops_app.adapters.github import objects
from clops_app.ports import NotThere, TooLarge
from tests.adapters.github.saying import forge
from tests.github import scene
from tests.github.routes import git_data
from tests.github.world import World


def with_link(world: World) -> str:
    """The head with a link, a program and files in directories."""
    world.push({"deep/er/a.tf": "a\n", "deep/b.tf": b"\xff\0"})
    git = world.repository.git
    tree = git.write_tree(git.commit(world.pull.head).tree, [("120000", "link.tf", git.write_blob(b"main.tf"))])
    sha = git.write_commit(tree, [world.pull.head], "Add", who=("ana", "ana@users.noreply.github.test"), when=world.hub.clock.epoch())
    git.set_ref("refs/heads/feature", sha)
    scene.notice(world.hub)
    return sha


def test_every_file_and_link_of_a_commit_is_listed_with_its_content_to_be_had(world: World) -> None:
    ours = forge(world)
    listed = {one.path: one for one in ours.listing(with_link(world))}
    assert {path: one.mode for path, one in listed.items()} == {
        b"deep/b.tf": "100644",
        b"deep/er/a.tf": "100644",
        b"link.tf": "120000",
        b"main.tf": "100644",
        b"new.tf": "100644",
    }
    assert [ours.blob(listed[path].object) for path in (b"deep/b.tf", b"deep/er/a.tf", b"link.tf")] == [b"\xff\0", b"a\n", b"main.tf"]


def test_a_tree_cut_short_is_read_by_its_directories(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, sha = forge(world), with_link(world)
    whole = ours.listing(sha)
    monkeypatch.setattr(git_data, "TREE_ENTRIES", 4)
    assert sorted(one.path for one in ours.listing(sha)) == sorted(one.path for one in whole)


def test_more_files_than_we_or_github_list_are_too_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, sha = forge(world), with_link(world)
    monkeypatch.setattr(objects, "MOST_ENTRIES", 4)
    with pytest.raises(TooLarge):
        ours.listing(sha)
    monkeypatch.undo()
    monkeypatch.setattr(git_data, "TREE_ENTRIES", 2)
    with pytest.raises(TooLarge):
        ours.listing(sha)


def test_a_tree_that_would_take_all_our_requests_is_too_large(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its author may be anybody, and the requests of an hour are for all repositories of an installation."""
    world.push({f"{number:02}/a.tf": "a\n" for number in range(20)})
    monkeypatch.setattr(git_data, "TREE_ENTRIES", 25)
    monkeypatch.setattr(objects, "MOST_TREES", 10)
    asked = len(world.hub.requests)
    with pytest.raises(TooLarge):
        forge(world).listing(world.pull.head)
    assert len(world.hub.requests) - asked <= 11


def test_a_file_too_large_or_gone_is_told(world: World) -> None:
    ours = forge(world)
    sha = world.repository.git.write_blob(b"x" * (objects.MOST_BYTES + 1))
    with pytest.raises(TooLarge):
        ours.blob(sha)
    with pytest.raises(NotThere):
        ours.blob("0" * 40)
