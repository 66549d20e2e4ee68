"""A repository is read at any commit, the commit to compare with is found, and nothing of the repository is run."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

from clops_app.adapters.git import GitGatherer
from clops_app.ports import Base, GatherError, NoBase
from tests.adapters.repositories import commit, git, repository, write

GATHERER = GitGatherer(dict(os.environ))


def test_the_tree_is_the_whole_repository_and_the_scope_the_path_inside(tmp_path: Path) -> None:
    top = repository(tmp_path, {"modules/vpc/main.tf": "m", "infra/prod/main.tf": "p"})
    checkout = GATHERER.working_tree(str(top / "infra/prod"))
    assert (checkout.scope, sorted(checkout.tree.files)) == ("infra/prod", ["infra/prod/main.tf", "modules/vpc/main.tf"])
    assert (checkout.commit, checkout.changed) == (git(top, "rev-parse", "HEAD"), False)


def test_outside_git_the_tree_is_the_path(tmp_path: Path) -> None:
    write(tmp_path, {"a/main.tf": "a", "b/main.tf": "b"})
    checkout = GATHERER.working_tree(str(tmp_path / "a"))
    assert (checkout.scope, dict(checkout.tree.files), checkout.commit) == ("", {"main.tf": b"a"}, None)


def test_a_path_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(GatherError, match="nowhere does not exist"):
        GATHERER.working_tree(str(tmp_path / "nowhere"))


def test_a_path_that_is_empty_is_told() -> None:
    with pytest.raises(GatherError, match="'' does not exist"):
        GATHERER.working_tree("")


def test_a_file_in_the_place_of_a_directory_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": ""})
    with pytest.raises(GatherError, match=r"main\.tf is not a directory"):
        GATHERER.working_tree(str(tmp_path / "main.tf"))


def test_a_commit_is_read_from_the_objects_as_it_was(tmp_path: Path) -> None:
    top = repository(tmp_path, {"main.tf": "old", "gone.tf": "g", "한글 파일.tf": "k"})
    before = git(top, "rev-parse", "HEAD")
    git(top, "rm", "--quiet", "gone.tf")
    commit(top, {"main.tf": "new"})
    base = GATHERER.at_ref(GATHERER.working_tree(str(top)), before)
    assert dict(base.tree.files) == {"gone.tf": b"g", "main.tf": b"old", "한글 파일.tf": b"k"}
    assert base.commit == before


def test_an_empty_file_and_binary_content_come_back_exactly(tmp_path: Path) -> None:
    top = repository(tmp_path, {"empty.tf": ""})
    (top / "binary.tf").write_bytes(b"\n\0\xff\n")
    commit(top, {})
    base = GATHERER.at_ref(GATHERER.working_tree(str(top)), "HEAD")
    assert dict(base.tree.files) == {"binary.tf": b"\n\0\xff\n", "empty.tf": b""}


def test_links_of_a_commit_are_followed_inside_it_only(tmp_path: Path) -> None:
    top = repository(tmp_path / "top", {"shared/providers.tf": "p"})
    (top / "providers.tf").symlink_to("shared/providers.tf")
    (top / "copy").symlink_to("shared", target_is_directory=True)
    (top / "through.tf").symlink_to("copy/providers.tf")
    (top / "out.tf").symlink_to("../secret")
    (top / "absolute.tf").symlink_to("/etc/passwd")
    (top / "nowhere.tf").symlink_to("missing.tf")
    (top / "round").symlink_to("round")
    (top / "shared/loop").symlink_to("../shared")
    commit(top, {})
    tree = GATHERER.at_ref(GATHERER.working_tree(str(top)), "HEAD").tree
    assert dict(tree.files) == dict.fromkeys(["copy/providers.tf", "providers.tf", "shared/providers.tf", "through.tf"], b"p")
    assert dict(tree.refused) == {
        "absolute.tf": "a link that leads outside the repository",
        "nowhere.tf": "a link that leads nowhere",
        "out.tf": "a link that leads outside the repository",
        "round": "a link that leads outside the repository",
        "shared/loop": "a link to a directory that it is in",
    }


def test_the_same_links_are_followed_in_the_working_tree_and_in_the_commit(tmp_path: Path) -> None:
    top = repository(tmp_path, {"shared/main.tf": "p"})
    (top / "copy").symlink_to("shared", target_is_directory=True)
    commit(top, {})
    checkout = GATHERER.working_tree(str(top))
    assert (checkout.changed, dict(GATHERER.at_ref(checkout, "HEAD").tree.files)) == (False, dict(checkout.tree.files))


def test_a_submodule_of_a_commit_is_refused(tmp_path: Path) -> None:
    other = repository(tmp_path / "other", {"main.tf": ""})
    top = repository(tmp_path / "top", {"main.tf": ""})
    git(top, "update-index", "--add", "--cacheinfo", f"160000,{git(other, 'rev-parse', 'HEAD')},vendor/other")
    git(top, "commit", "--quiet", "--message=submodule")
    tree = GATHERER.at_ref(GATHERER.working_tree(str(top)), "HEAD").tree
    assert dict(tree.refused) == {"vendor/other": "a submodule: its files are in another repository"}


def test_a_large_file_of_a_commit_is_refused(tmp_path: Path) -> None:
    top = repository(tmp_path, {"big.tf": "#" * 3_000_000})
    assert dict(GATHERER.at_ref(GATHERER.working_tree(str(top)), "HEAD").tree.refused) == {"big.tf": "larger than 2 MiB"}


def test_a_missing_ref_is_told_with_the_command_that_fetches_it(tmp_path: Path) -> None:
    top = repository(tmp_path, {"main.tf": ""})
    with pytest.raises(GatherError, match=r"base ref 'xyz' does not exist here.*git fetch origin xyz"):
        GATHERER.at_ref(GATHERER.working_tree(str(top)), "xyz")


@pytest.mark.parametrize("ref", ["--upload-pack=touch pwned", "-", "--all", "a\nb", ""])
def test_a_ref_is_never_taken_for_an_option(tmp_path: Path, ref: str) -> None:
    top = repository(tmp_path, {"main.tf": ""})
    with pytest.raises(GatherError, match="does not exist here"):
        GATHERER.at_ref(GATHERER.working_tree(str(top)), ref)
    assert sorted(path.name for path in top.iterdir()) == [".git", "main.tf"]


@pytest.mark.parametrize(
    "ref",
    [
        "main..feature",
        "main...feature",
        "main..HEAD",
        "^main",
        "a b",
        "-x",
        "x^{tree}",
        "main^{tree}",
        "x:y",
        "a~b",
        "/nowhere",
        "../x",
        "x.lock",
        "",
    ],
)
def test_a_name_that_git_does_not_allow_is_told_as_such(tmp_path: Path, ref: str) -> None:
    top = repository(tmp_path, {"main.tf": ""})
    git(top, "branch", "feature")
    with pytest.raises(GatherError) as raised:
        GATHERER.at_ref(GATHERER.working_tree(str(top)), ref)
    assert str(raised.value) == (
        f"base ref {ref!r} does not exist here: it is neither a directory here nor a name that git allows for a branch, tag or "
        "commit, such as main, v1.2 or HEAD~3."
    )
    assert not GATHERER.has_ref(GATHERER.working_tree(str(top)), ref)


@pytest.mark.parametrize("ref", ["HEAD~1", "HEAD^", "v1^", "v1~1^{commit}", "main@{1}", "HEAD^{/first}", "main~", "@~1"])
def test_a_revision_that_leads_back_from_a_name_is_found(tmp_path: Path, ref: str) -> None:
    top = repository(tmp_path, {"main.tf": "old"})
    before = git(top, "rev-parse", "HEAD")
    git(top, "commit", "--quiet", "--amend", "--message=first")
    first = git(top, "rev-parse", "HEAD")
    commit(top, {"main.tf": "new"})
    git(top, "tag", "--annotate", "--message=one", "v1")
    checkout = GATHERER.working_tree(str(top))
    assert before != first
    assert {GATHERER.at_ref(checkout, name).commit for name in (ref, first, first[:8])} == {first}


def test_a_revision_further_back_than_the_history_is_told_as_such(tmp_path: Path) -> None:
    top = repository(tmp_path, {"main.tf": ""})
    with pytest.raises(GatherError) as raised:
        GATHERER.at_ref(GATHERER.working_tree(str(top)), "HEAD~3")
    assert str(raised.value) == "base ref 'HEAD~3' does not exist here: 'HEAD' does, but has no such commit."


@pytest.mark.parametrize(
    ("ref", "told"),
    [
        ("x", "base ref 'x' does not exist here, nor does 'origin/x'. Fetch it first: git fetch origin x:refs/remotes/origin/x"),
        ("x~2", "base ref 'x~2' does not exist here, nor does 'origin/x~2'. Fetch it first: git fetch origin x:refs/remotes/origin/x"),
        ("origin/x", "base ref 'origin/x' does not exist here. Fetch it first: git fetch origin x:refs/remotes/origin/x"),
        ("ours/x", "base ref 'ours/x' does not exist here. Fetch it first: git fetch ours x:refs/remotes/ours/x"),
        ("1234567", "base ref '1234567' does not exist here, nor does 'origin/1234567'. Fetch it first: git fetch origin 1234567"),
        (
            "a;b",
            "base ref 'a;b' does not exist here, nor does 'origin/a;b'. Fetch it first: git fetch origin 'a;b:refs/remotes/origin/a;b'",
        ),
    ],
)
def test_a_ref_is_fetched_from_the_remote_that_it_names(tmp_path: Path, ref: str, told: str) -> None:
    top = repository(tmp_path, {"main.tf": ""})
    git(top, "remote", "add", "ours", "nowhere")
    with pytest.raises(GatherError) as raised:
        GATHERER.at_ref(GATHERER.working_tree(str(top)), ref)
    assert str(raised.value) == told


def test_the_command_that_is_told_brings_the_ref_into_a_shallow_clone(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin", {"main.tf": "a"})
    git(origin, "branch", "feature")
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{origin}", "clone")
    clone = tmp_path / "clone"
    with pytest.raises(GatherError) as raised:
        GATHERER.at_ref(GATHERER.working_tree(str(clone)), "feature")
    command = str(raised.value).partition("Fetch it first: ")[2].partition(". ")[0]
    git(clone, *shlex.split(command)[1:])
    assert GATHERER.at_ref(GATHERER.working_tree(str(clone)), "feature").commit == git(origin, "rev-parse", "HEAD")


def test_a_ref_outside_git_is_told(tmp_path: Path) -> None:
    with pytest.raises(GatherError, match="neither a directory nor a git ref"):
        GATHERER.at_ref(GATHERER.working_tree(str(tmp_path)), "main")


def test_a_ref_that_only_the_remote_has_is_found(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin", {"main.tf": "a"})
    git(origin, "branch", "feature")
    git(tmp_path, "clone", "--quiet", str(origin), "clone")
    checkout = GATHERER.working_tree(str(tmp_path / "clone"))
    assert GATHERER.at_ref(checkout, "feature").commit == checkout.commit


def test_the_default_base_is_the_merge_base_with_the_default_branch(tmp_path: Path) -> None:
    top = repository(tmp_path, {"main.tf": "a"})
    forked = git(top, "rev-parse", "HEAD")
    git(top, "switch", "--quiet", "--create", "feature")
    commit(top, {"main.tf": "b"})
    git(top, "switch", "--quiet", "main")
    commit(top, {"other.tf": "c"})
    git(top, "switch", "--quiet", "feature")
    assert GATHERER.default_base(GATHERER.working_tree(str(top))) == Base(forked, "merge base with main")


def test_the_remote_default_branch_counts_before_the_local_one(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin", {"main.tf": "a"})
    git(tmp_path, "clone", "--quiet", str(origin), "clone")
    clone = tmp_path / "clone"
    pushed = git(clone, "rev-parse", "HEAD")
    commit(clone, {"main.tf": "not pushed"})
    assert GATHERER.default_base(GATHERER.working_tree(str(clone))) == Base(pushed, "merge base with origin/HEAD")


def test_on_an_unchanged_default_branch_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    top = repository(tmp_path, {"main.tf": "a"})
    answer = GATHERER.default_base(GATHERER.working_tree(str(top)))
    assert answer == NoBase("this is main itself, or an earlier commit of it, with nothing changed")


def test_on_a_changed_default_branch_the_commit_is_the_base(tmp_path: Path) -> None:
    top = repository(tmp_path, {"main.tf": "a"})
    write(top, {"main.tf": "b"})
    checkout = GATHERER.working_tree(str(top))
    assert (checkout.changed, GATHERER.default_base(checkout)) == (True, Base(git(top, "rev-parse", "HEAD"), "merge base with main"))


@pytest.mark.parametrize(
    ("files", "changed"),
    [
        ({"README.md": "other"}, False),
        ({"new.tf": ""}, True),
        ({"ignored.tfvars": "a = 1"}, False),
        ({"main.tf": "line\r\n"}, False),
        ({"main.tf": "other\n"}, True),
    ],
)
def test_only_what_terraform_reads_makes_a_tree_changed(tmp_path: Path, files: dict[str, str], changed: bool) -> None:
    top = repository(tmp_path, {"main.tf": "line\n", "README.md": "r", ".gitignore": "ignored.tfvars\n"})
    for path, content in files.items():
        (top / path).write_bytes(content.encode())
    assert GATHERER.working_tree(str(top)).changed is changed


def test_a_removed_file_makes_a_tree_changed(tmp_path: Path) -> None:
    top = repository(tmp_path, {"main.tf": "", "other.tf": ""})
    (top / "other.tf").unlink()
    assert GATHERER.working_tree(str(top)).changed is True


def test_what_git_ignores_is_the_same_at_the_base(tmp_path: Path) -> None:
    top = repository(tmp_path, {"main.tf": "", ".gitignore": "*.tfvars\n.terraform/\n"})
    write(top, {"terraform.tfvars": "a = 1", ".terraform/modules/modules.json": "{}", "new.tf": ""})
    base = GATHERER.at_ref(GATHERER.working_tree(str(top)), "HEAD")
    assert sorted(base.tree.files) == [".gitignore", ".terraform/modules/modules.json", "main.tf", "terraform.tfvars"]
    assert base.tree.files["terraform.tfvars"] == b"a = 1"


def test_a_variable_file_that_git_would_take_is_part_of_the_change(tmp_path: Path) -> None:
    top = repository(tmp_path, {"main.tf": ""})
    write(top, {"terraform.tfvars": "a = 1"})
    assert sorted(GATHERER.at_ref(GATHERER.working_tree(str(top)), "HEAD").tree.files) == ["main.tf"]


def test_a_shallow_clone_is_explained(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin", {"main.tf": "a"})
    git(origin, "switch", "--quiet", "--create", "feature")
    commit(origin, {"main.tf": "b"})
    git(origin, "switch", "--quiet", "main")
    git(tmp_path, "clone", "--quiet", "--depth=1", "--branch=feature", f"file://{origin}", "clone")
    checkout = GATHERER.working_tree(str(tmp_path / "clone"))
    answer = GATHERER.default_base(checkout)
    assert isinstance(answer, NoBase)
    assert "shallow clone: git fetch --unshallow, or fetch-depth: 0" in answer.why
    with pytest.raises(GatherError, match="shallow clone"):
        GATHERER.at_ref(checkout, "main")


def test_a_partial_clone_is_explained_and_nothing_is_fetched(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin", {"main.tf": "a"})
    git(origin, "config", "uploadpack.allowFilter", "true")
    commit(origin, {"main.tf": "b"})
    git(tmp_path, "clone", "--quiet", "--filter=blob:none", f"file://{origin}", "clone")
    with pytest.raises(GatherError, match="this is a partial clone, without its files"):
        GATHERER.at_ref(GATHERER.working_tree(str(tmp_path / "clone")), "HEAD~1")


def test_a_repository_without_commits_is_read_and_has_no_base(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    write(tmp_path, {"main.tf": "a"})
    checkout = GATHERER.working_tree(str(tmp_path))
    assert (dict(checkout.tree.files), checkout.commit) == ({"main.tf": b"a"}, None)
    assert GATHERER.default_base(checkout) == NoBase("there is no git history here")
    with pytest.raises(GatherError, match="base ref 'HEAD' does not exist here: there is no commit yet"):
        GATHERER.at_ref(checkout, "HEAD")


def test_without_git_installed_the_directory_is_still_read(tmp_path: Path) -> None:
    top = repository(tmp_path, {"main.tf": "a"})
    checkout = GitGatherer({"PATH": str(tmp_path)}).working_tree(str(top))
    assert (dict(checkout.tree.files), checkout.commit) == ({"main.tf": b"a"}, None)


def test_a_worktree_is_its_own_top(tmp_path: Path) -> None:
    top = repository(tmp_path / "top", {"infra/main.tf": "a"})
    git(top, "worktree", "add", "--quiet", str(tmp_path / "beside"))
    checkout = GATHERER.working_tree(str(tmp_path / "beside/infra"))
    assert (checkout.scope, list(checkout.tree.files), checkout.changed) == ("infra", ["infra/main.tf"], False)


def test_a_git_environment_of_another_repository_does_not_mislead(tmp_path: Path) -> None:
    other = repository(tmp_path / "other", {"main.tf": "other"})
    top = repository(tmp_path / "top", {"main.tf": "top"})
    gatherer = GitGatherer({**os.environ, "GIT_DIR": str(other / ".git"), "GIT_WORK_TREE": str(other)})
    checkout = gatherer.working_tree(str(top))
    assert dict(gatherer.at_ref(checkout, "HEAD").tree.files) == {"main.tf": b"top"}


def test_nothing_that_the_repository_configures_is_run(tmp_path: Path) -> None:
    top = repository(tmp_path / "top", {"main.tf": "a", ".gitattributes": "*.tf filter=evil diff=evil\n"})
    trap = f"touch {tmp_path}/ran; cat"
    for key in ("filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "diff.evil.textconv", "core.fsmonitor", "core.pager"):
        git(top, "config", key, trap)
    for hook in ("post-checkout", "post-index-change", "reference-transaction", "fsmonitor-watchman"):
        (top / ".git/hooks").mkdir(exist_ok=True)
        (top / ".git/hooks" / hook).write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        (top / ".git/hooks" / hook).chmod(0o755)
    write(top, {"main.tf": "b", "terraform.tfvars": ""})
    checkout = GATHERER.working_tree(str(top))
    GATHERER.default_base(checkout)
    base = GATHERER.at_ref(checkout, "HEAD")
    assert (base.tree.files["main.tf"], (tmp_path / "ran").exists()) == (b"a", False)


def test_reading_leaves_the_repository_as_it_was(tmp_path: Path) -> None:
    top = repository(tmp_path, {"main.tf": "a"})
    os.utime(top / "main.tf", (1, 1))
    before = {path: path.stat().st_mtime_ns for path in top.rglob("*")}
    checkout = GATHERER.working_tree(str(top))
    GATHERER.at_ref(checkout, "HEAD")
    GATHERER.default_base(checkout)
    assert {path: path.stat().st_mtime_ns for path in top.rglob("*")} == before


def test_a_working_tree_configured_elsewhere_does_not_lead_there(tmp_path: Path) -> None:
    write(tmp_path, {"secrets/main.tf": "secret"})
    top = repository(tmp_path / "top", {"main.tf": "a"})
    git(top, "config", "core.worktree", str(tmp_path / "secrets"))
    assert dict(GATHERER.working_tree(str(top)).tree.files) == {"main.tf": b"a"}
