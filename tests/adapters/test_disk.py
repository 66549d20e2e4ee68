"""A directory becomes a tree that holds everything readable inside it and nothing from outside."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from clops_app.adapters.disk import DiskWriter, read_directory, read_file
from clops_app.ports import GatherError, Rewrite
from tests.adapters.repositories import write


def test_files_are_named_by_their_path_from_the_top(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": "a", "modules/vpc/main.tf": "b"})
    assert dict(read_directory(str(tmp_path)).tree.files) == {"main.tf": b"a", "modules/vpc/main.tf": b"b"}


def test_names_with_spaces_and_unicode_are_kept(tmp_path: Path) -> None:
    write(tmp_path, {"인프라 prod/주 파일.tf": "a"})
    assert dict(read_directory(str(tmp_path)).tree.files) == {"인프라 prod/주 파일.tf": b"a"}


def test_what_is_no_code_of_the_project_is_left_out(tmp_path: Path) -> None:
    left_out = {".git/config": "", "node_modules/a/main.tf": "", ".venv/a.tf": "", ".terraform/providers/a.tf": ""}
    write(tmp_path, {**left_out, ".terraform/modules/modules.json": "{}", "main.tf": ""})
    assert sorted(read_directory(str(tmp_path)).tree.files) == [".terraform/modules/modules.json", "main.tf"]


def test_a_file_keeps_the_content_that_was_read_first(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": "first"})
    tree = read_directory(str(tmp_path)).tree
    first = tree.files["main.tf"]
    write(tmp_path, {"main.tf": "second"})
    assert (first, tree.files["main.tf"]) == (b"first", b"first")


def test_a_file_above_the_limit_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "big.tf").write_bytes(b"#" * 10_000_000)
    (tmp_path / "just.tf").write_bytes(b"#" * 2 * 1024 * 1024)
    checkout = read_directory(str(tmp_path))
    assert (dict(checkout.tree.refused), list(checkout.tree.files)) == ({"big.tf": "larger than 2 MiB"}, ["just.tf"])


def test_links_are_followed_inside_the_tree_only(tmp_path: Path) -> None:
    write(tmp_path, {"outside/secret": "s", "top/shared/providers.tf": "p", "top/.git/config": "token"})
    top = tmp_path / "top"
    (top / "providers.tf").symlink_to("shared/providers.tf")
    (top / "copy").symlink_to("shared", target_is_directory=True)
    (top / "out.tf").symlink_to(tmp_path / "outside/secret")
    (top / "outdir").symlink_to(tmp_path / "outside", target_is_directory=True)
    (top / "nowhere.tf").symlink_to("missing.tf")
    (top / "self.tf").symlink_to("self.tf")
    (top / "token.tf").symlink_to(".git/config")
    (top / "shared/loop").symlink_to("..", target_is_directory=True)
    tree = read_directory(str(top)).tree
    assert dict(tree.files) == dict.fromkeys(["copy/providers.tf", "providers.tf", "shared/providers.tf"], b"p")
    assert dict(tree.refused) == {
        "copy/loop": "a link to a directory that it is in",
        "nowhere.tf": "a link that leads nowhere",
        "out.tf": "a link that leads outside the repository",
        "outdir": "a link that leads outside the repository",
        "self.tf": "cannot be read: too many levels of symbolic links",
        "shared/loop": "a link to a directory that it is in",
        "token.tf": "a link into .git",
    }


def test_directories_linked_to_each_other_come_to_an_end(tmp_path: Path) -> None:
    names = [f"d{number}" for number in range(8)]
    write(tmp_path, {f"{name}/main.tf": "" for name in names})
    for name in names:
        for other in names:
            if other != name:
                (tmp_path / name / f"to_{other}").symlink_to(f"../{other}", target_is_directory=True)
    checkout = read_directory(str(tmp_path), limit=1000)
    assert len(checkout.diagnostics) == 1
    assert len(checkout.tree.files) + len(checkout.tree.refused) <= 1000


def test_a_pipe_is_refused_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "main.tf")
    assert dict(read_directory(str(tmp_path)).tree.refused) == {"main.tf": "not a regular file"}


def test_a_name_that_is_not_utf8_is_refused_and_shown_escaped(tmp_path: Path) -> None:
    Path(os.fsdecode(bytes(tmp_path) + b"/caf\xe9.tf")).write_text("")
    assert dict(read_directory(str(tmp_path)).tree.refused) == {"caf\\udce9.tf": "its name is not UTF-8"}


def test_a_name_that_would_write_on_the_terminal_is_refused_and_shown_escaped(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[2J\n.tf").write_text("")
    assert dict(read_directory(str(tmp_path)).tree.refused) == {"a\\x1b[2J\\n.tf": "its name holds control characters"}


def test_too_many_files_are_said_and_the_scope_is_read_first(tmp_path: Path) -> None:
    write(tmp_path, {f"data/{number}.csv": "" for number in range(50)} | {"infra/prod/main.tf": "a"})
    checkout = read_directory(str(tmp_path), "infra/prod", limit=10)
    assert "infra/prod/main.tf" in checkout.tree.files
    assert [diagnostic.what for diagnostic in checkout.diagnostics] == ["only 10 files and directories were looked at"]


def test_a_directory_nested_deeper_than_a_path_may_be_long_does_not_end_the_reading(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": "a"})
    made = os.getcwd()
    os.chdir(tmp_path)
    try:
        for _ in range(600):
            os.mkdir("deeper_still")
            os.chdir("deeper_still")
        Path("main.tf").write_text("far")
    finally:
        os.chdir(made)
    tree = read_directory(str(tmp_path)).tree
    assert list(tree.files) == ["main.tf"]
    assert [why for why in tree.refused.values() if "file name too long" in why] != []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": "a"})
    (tmp_path / "main.tf").chmod(0)
    assert dict(read_directory(str(tmp_path)).tree.refused) == {"main.tf": "no permission to read it"}


def test_a_missing_file_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(GatherError, match=r"prod\.tfvars cannot be read: no such file or directory"):
        read_file(str(tmp_path / "prod.tfvars"))


def test_a_device_is_not_read_as_a_variable_file() -> None:
    with pytest.raises(GatherError, match="/dev/zero is not a regular file"):
        read_file("/dev/zero")


def test_rewriting_puts_the_new_content_and_keeps_the_mode(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": "old"})
    (tmp_path / "main.tf").chmod(0o640)
    DiskWriter().rewrite(read_directory(str(tmp_path)), {"main.tf": Rewrite(b"old", b"new")})
    assert ((tmp_path / "main.tf").read_text(), (tmp_path / "main.tf").stat().st_mode & 0o777) == ("new", 0o640)
    assert os.listdir(tmp_path) == ["main.tf"]


def test_rewriting_refuses_everything_when_one_file_was_changed_meanwhile(tmp_path: Path) -> None:
    write(tmp_path, {"a.tf": "old", "b.tf": "old"})
    checkout = read_directory(str(tmp_path))
    write(tmp_path, {"b.tf": "somebody's"})
    with pytest.raises(GatherError, match=r"b\.tf was changed after it was read"):
        DiskWriter().rewrite(checkout, {"a.tf": Rewrite(b"old", b"new"), "b.tf": Rewrite(b"old", b"new")})
    assert [(tmp_path / name).read_text() for name in ("a.tf", "b.tf")] == ["old", "somebody's"]


def test_rewriting_through_a_link_changes_the_file_and_keeps_the_link(tmp_path: Path) -> None:
    write(tmp_path, {"shared/providers.tf": "old"})
    (tmp_path / "providers.tf").symlink_to("shared/providers.tf")
    DiskWriter().rewrite(read_directory(str(tmp_path)), {"providers.tf": Rewrite(b"old", b"new")})
    assert ((tmp_path / "shared/providers.tf").read_text(), (tmp_path / "providers.tf").is_symlink()) == ("new", True)


def test_two_different_rewrites_of_one_file_are_refused(tmp_path: Path) -> None:
    write(tmp_path, {"shared/providers.tf": "old"})
    (tmp_path / "providers.tf").symlink_to("shared/providers.tf")
    files = {"providers.tf": Rewrite(b"old", b"one"), "shared/providers.tf": Rewrite(b"old", b"other")}
    with pytest.raises(GatherError, match="would be changed in another way too"):
        DiskWriter().rewrite(read_directory(str(tmp_path)), files)
    assert (tmp_path / "shared/providers.tf").read_text() == "old"
