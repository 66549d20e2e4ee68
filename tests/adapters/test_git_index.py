"""What git's index tells of a working tree is what reading every file would tell, or it is not believed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest

from clops_app.adapters.git import GitGatherer
from clops_app.adapters.git_index import read_index
from clops_app.adapters.git_process import Git, altered
from clops_app.model.source import differ, suspects
from clops_app.ports import Entry
from tests.adapters.repositories import commit, git, repository, write

GATHERER = GitGatherer(dict(os.environ))
FILES = {
    "a/main.tf": "a = 1\n",
    "b/main.tf": "b = 1\n",
    "b/run.sh": "true\n",
    "empty.tf": "",
    "한글.tf": "k = 1\n",
    "README.md": "r\n",
    ".gitignore": "*.tfvars\n",
}


def settle(top: Path) -> None:
    """As if the index had been written a while after the files."""
    index = top / git(top, "rev-parse", "--git-path", "index")
    later = max(path.lstat().st_mtime_ns for path in top.rglob("*")) + 10**9
    os.utime(index, ns=(later, later))


def kept(top: Path) -> dict[str, str]:
    """What git itself says that the files of HEAD are called."""
    lines = git(top, "-c", "core.quotePath=false", "ls-tree", "-r", "HEAD").splitlines()
    return {path: about.split()[2] for about, path in (line.split("\t") for line in lines)}


def known(top: Path) -> set[str] | None:
    """The files that the index vouches for; None where the index is not believed."""
    tree = GATHERER.working_tree(str(top)).tree
    index = read_index(Git(str(top), dict(os.environ)), git(top, "rev-parse", "HEAD"), tree)
    return None if index is None else {*index.known}


def seen(top: Path, ref: str) -> tuple[bool, dict[str, bytes], dict[str, str], set[str], list[str]]:
    """Whether the working tree is changed, the base, what is refused there, the paths that differ, what is said."""
    head = GATHERER.working_tree(str(top))
    base = GATHERER.at_ref(head, ref)
    paths = {*head.tree.files, *base.tree.files}
    differing = {path for path in paths if differ(head.tree, base.tree, path)}
    return head.changed, dict(base.tree.files), dict(base.tree.refused), differing, [each.what for each in head.diagnostics]


def test_files_that_nobody_wrote_to_are_known_by_the_names_that_git_gives_them(tmp_path: Path) -> None:
    top = repository(tmp_path, FILES)
    settle(top)
    checkout = GATHERER.working_tree(str(top))
    assert (known(top), checkout.changed) == ({*FILES} - {"empty.tf"}, False)
    assert checkout.tree.names == kept(top)
    assert GATHERER.at_ref(checkout, "HEAD").tree.names == kept(top)


def test_nothing_is_read_that_the_index_vouches_for(tmp_path: Path) -> None:
    top = repository(tmp_path, {path: text for path, text in FILES.items() if text})
    commit(top, {"a/main.tf": "a = 2\n"})
    settle(top)
    with patch("clops_app.adapters.disk._read", side_effect=AssertionError("a file was read")):
        head = GATHERER.working_tree(str(top))
        base = GATHERER.at_ref(head, "HEAD~1")
        assert {path for path in head.tree.files if path not in suspects(head.tree, base.tree)} == {*head.tree.files} - {"a/main.tf"}
        assert base.tree.files["a/main.tf"] == b"a = 1\n"
    assert base.tree.files["b/main.tf"] == b"b = 1\n"


def test_a_file_written_to_in_the_moment_of_the_index_is_read(tmp_path: Path) -> None:
    top = repository(tmp_path, FILES)
    written = {path: (top / path).stat().st_mtime_ns for path in FILES}
    for moment in (min(written.values()), max(written.values())):
        os.utime(top / ".git/index", ns=(moment, moment))
        assert known(top) == {path for path in FILES if written[path] < moment and FILES[path]}
        assert (GATHERER.working_tree(str(top)).changed, GATHERER.working_tree(str(top)).tree.names["a/main.tf"]) == (
            False,
            kept(top)["a/main.tf"],
        )


def test_a_file_system_that_counts_in_seconds_is_given_two_of_them(tmp_path: Path) -> None:
    top = repository(tmp_path, FILES)
    for path in FILES:
        os.utime(top / path, (1_000_000_000, 1_000_000_000))
    git(top, "update-index", "--refresh")
    for later, vouched in ((1_000_000_001, False), (1_000_000_003, True)):
        os.utime(top / ".git/index", (later, later))
        assert ("a/main.tf" in (known(top) or ())) is vouched


def nothing(_: Path) -> None:
    pass


def longer_names(top: Path) -> None:
    """The repository has SHA-256 names from its beginning."""
    assert len(git(top, "rev-parse", "HEAD")) == 64
    edit(top)


def edit(top: Path) -> None:
    (top / "a/main.tf").write_text("a = 2\n")


def edit_in_secret(top: Path) -> None:
    """The same size, and the time of before."""
    before = (top / "a/main.tf").stat()
    edit(top)
    os.utime(top / "a/main.tf", ns=(before.st_atime_ns, before.st_mtime_ns))


def replace_in_secret(top: Path) -> None:
    before = (top / "a/main.tf").stat()
    (top / "a/new").write_text("a = 2\n")
    os.utime(top / "a/new", ns=(before.st_atime_ns, before.st_mtime_ns))
    (top / "a/new").replace(top / "a/main.tf")


def touch(top: Path) -> None:
    os.utime(top / "a/main.tf", (1, 1))


def copy(top: Path) -> None:
    """Another inode."""
    (top / "a/main.tf").rename(top / "a/old")
    (top / "a/main.tf").write_bytes((top / "a/old").read_bytes())
    (top / "a/old").unlink()


def stage(top: Path) -> None:
    edit(top)
    git(top, "add", "a/main.tf")


def stage_and_take_back(top: Path) -> None:
    stage(top)
    (top / "a/main.tf").write_text(FILES["a/main.tf"])


def delete(top: Path) -> None:
    (top / "a/main.tf").unlink()


def delete_staged(top: Path) -> None:
    git(top, "rm", "--quiet", "a/main.tf")


def untrack(top: Path) -> None:
    git(top, "rm", "--quiet", "--cached", "a/main.tf")


def move(top: Path) -> None:
    git(top, "mv", "a", "c")


def add(top: Path) -> None:
    write(top, {"a/new.tf": "n"})


def mean_to_add(top: Path) -> None:
    add(top)
    git(top, "add", "--intent-to-add", "a/new.tf")


def ignored(top: Path) -> None:
    write(top, {"a/terraform.tfvars": "x = 1\n", "a/.terraform/modules/modules.json": "{}"})


def line_ends(top: Path) -> None:
    git(top, "config", "core.autocrlf", "true")
    (top / "a/main.tf").unlink()
    git(top, "checkout", "--", "a/main.tf")
    assert (top / "a/main.tf").read_bytes() == b"a = 1\r\n"


def promise(top: Path) -> None:
    git(top, "update-index", "--assume-unchanged", "a/main.tf")
    settle(top)


def promise_and_edit(top: Path) -> None:
    promise(top)
    edit(top)


def link_to_another(top: Path) -> None:
    (top / "a/main.tf").unlink()
    (top / "a/main.tf").symlink_to("../b/main.tf")


def lock(top: Path) -> None:
    (top / ".git/index.lock").write_text("")


def unmode(top: Path) -> None:
    (top / "a/main.tf").chmod(0o755)


def conflict(top: Path) -> None:
    git(top, "checkout", "--quiet", "-b", "other", "HEAD~1")
    commit(top, {"b/main.tf": "b = 3\n"})
    with pytest.raises(Exception, match="merge"):
        git(top, "merge", "main")


def corrupt(top: Path) -> None:
    content = bytearray((top / ".git/index").read_bytes())
    content[40] ^= 255
    (top / ".git/index").write_bytes(content)


def truncate(top: Path) -> None:
    (top / ".git/index").write_bytes((top / ".git/index").read_bytes()[:100])


def no_index(top: Path) -> None:
    (top / ".git/index").unlink()


def newer(top: Path) -> None:
    git(top, "config", "index.skipHash", "true")
    git(top, "update-index", "--index-version", "4", "--force-write-index")


def zeros(top: Path) -> None:
    content = (top / ".git/index").read_bytes()
    (top / ".git/index").write_bytes(content[:-20] + bytes(20))


def split(top: Path) -> None:
    git(top, "update-index", "--split-index")


def nested(top: Path) -> None:
    other = repository(top.parent / "other", {"main.tf": "o\n"})
    git(top, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other), "vendor")


def sparse(top: Path) -> None:
    git(top, "sparse-checkout", "set", "--no-cone", "/a/", "/.gitignore")


def sparse_by_directory(top: Path) -> None:
    git(top, "sparse-checkout", "set", "--cone", "--sparse-index", "a")


SCENES: list[tuple[Callable[[Path], None], bool]] = [
    (nothing, False), (longer_names, True), (edit, True), (edit_in_secret, True), (replace_in_secret, True), (touch, False), (copy, False), (stage, True),
    (stage_and_take_back, False), (delete, True), (delete_staged, True), (untrack, False), (move, True), (add, True), (mean_to_add, True),
    (ignored, False), (line_ends, False), (promise, False), (promise_and_edit, True), (link_to_another, True), (lock, False),
    (unmode, False), (conflict, True), (corrupt, False), (truncate, False), (no_index, False), (newer, False), (zeros, False),
    (split, False), (nested, True), (sparse, False), (sparse_by_directory, False),
]  # fmt: skip


@pytest.mark.parametrize(("happens", "changed"), SCENES, ids=[scene.__name__ for scene, _ in SCENES])
def test_what_the_index_tells_is_what_reading_every_file_tells(tmp_path: Path, happens: Callable[[Path], None], changed: bool) -> None:
    top = tmp_path / "top"
    top.mkdir()
    git(top, "init", "--quiet", "--initial-branch=main", f"--object-format={'sha256' if happens is longer_names else 'sha1'}")
    (top / "linked").mkdir()
    (top / "linked/main.tf").symlink_to("../a/main.tf")
    (top / "copied").symlink_to("b", target_is_directory=True)
    commit(top, FILES)
    commit(top, {"b/main.tf": "b = 2\n", "b/more.tf": "m\n"})
    settle(top)
    happens(top)
    told = seen(top, "HEAD~1")
    with patch("clops_app.adapters.git.read_index", return_value=None):
        assert seen(top, "HEAD~1") == told
    assert told[0] is changed


@pytest.mark.parametrize("happens", [newer, zeros, lock, mean_to_add, sparse, delete_staged], ids=lambda scene: scene.__name__)
def test_an_index_is_believed_whatever_its_version_and_flags(tmp_path: Path, happens: Callable[[Path], None]) -> None:
    top = repository(tmp_path, FILES)
    happens(top)
    settle(top)
    assert known(top) == {path for path in kept(top) if FILES[path] and (top / path).exists()}


@pytest.mark.parametrize("happens", [corrupt, truncate, no_index, split, sparse_by_directory], ids=lambda scene: scene.__name__)
def test_an_index_that_is_not_understood_is_not_believed(tmp_path: Path, happens: Callable[[Path], None]) -> None:
    top = repository(tmp_path, {**FILES, "b/deep/main.tf": "d\n"})
    settle(top)
    happens(top)
    assert known(top) is None


def test_an_index_that_is_written_meanwhile_is_not_believed(tmp_path: Path) -> None:
    top = repository(tmp_path, FILES)
    settle(top)

    def meanwhile(*asked: object) -> dict[bytes, Entry | None]:
        git(top, "update-index", "--force-write-index")
        return altered(*asked)  # type: ignore[arg-type]

    with patch("clops_app.adapters.git_index.altered", side_effect=meanwhile):
        assert known(top) is None


def test_a_worktree_has_an_index_of_its_own(tmp_path: Path) -> None:
    top = repository(tmp_path / "top", FILES)
    beside = tmp_path / "beside"
    git(top, "worktree", "add", "--quiet", str(beside))
    settle(beside)
    assert known(beside) == {path for path in FILES if FILES[path]}


def test_what_a_sparse_checkout_leaves_out_is_missing_on_both_sides_and_said(tmp_path: Path) -> None:
    top = repository(tmp_path, FILES)
    commit(top, {"a/main.tf": "a = 2\n", "b/main.tf": "b = 2\n"})
    sparse(top)
    head = GATHERER.working_tree(str(top))
    base = GATHERER.at_ref(head, "HEAD~1")
    assert (head.changed, sorted(head.tree.files), sorted(base.tree.files)) == (
        False,
        [".gitignore", "a/main.tf"],
        [".gitignore", "a/main.tf"],
    )
    assert [(each.what, each.lost) for each in head.diagnostics] == [("Terraform files that are not checked out were left out (3)", False)]


def test_a_file_that_stands_where_a_sparse_checkout_leaves_one_out_counts(tmp_path: Path) -> None:
    top = repository(tmp_path, FILES)
    sparse(top)
    write(top, {"b/main.tf": "b = 2\n"})
    head = GATHERER.working_tree(str(top))
    assert (head.changed, GATHERER.at_ref(head, "HEAD").tree.files["b/main.tf"]) == (True, b"b = 1\n")


def test_of_a_partial_clone_only_what_differs_is_asked_for(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin", FILES)
    git(origin, "config", "uploadpack.allowFilter", "true")
    commit(origin, {"b/main.tf": "b = 2\n"})
    git(tmp_path, "clone", "--quiet", "--filter=blob:none", "--sparse", f"file://{origin}", "clone")
    clone = tmp_path / "clone"
    git(clone, "sparse-checkout", "set", "a")
    head = GATHERER.working_tree(str(clone))
    base = GATHERER.at_ref(head, "HEAD~1")
    assert (head.changed, base.tree.files["a/main.tf"]) == (False, b"a = 1\n")
    assert "b/main.tf" not in base.tree.files
