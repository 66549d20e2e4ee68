"""An archive gives the very files that git lists: no more, no fewer, no others, whatever the archive says."""

from __future__ import annotations

import gzip
import hashlib
import os
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from clops_app.adapters.archive import MAX_FETCHED, read_archive
from clops_app.adapters.disk import MAX_FILE_BYTES
from clops_app.adapters.git_tree import listing_of
from clops_app.ports import Checkout, Entry, GatherError
from tests.adapters.forges import GitForge
from tests.adapters.repositories import commit, git, repository

LINK = "120000"
CODE = 'resource "aws_vpc" "main" {}\n'


def read(forge: GitForge, **options: int) -> Checkout:
    return read_archive(forge.packed(forge.head), forge.listing(forge.head), forge.head, forge.blob, **options)


def forge_of(top: Path) -> GitForge:
    head = git(top, "rev-parse", "HEAD")
    return GitForge(top, head, head)


def archive_of(members: dict[str, bytes], **links: str) -> bytes:
    """A tar file with whatever names."""
    packed = BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in members.items():
            about = tarfile.TarInfo(name)
            about.size = len(content)
            archive.addfile(about, BytesIO(content))
        for name, target in links.items():
            about = tarfile.TarInfo(f"x/{name}")
            about.type, about.linkname = tarfile.SYMTYPE, target
            archive.addfile(about)
    return packed.getvalue()


def test_the_tree_is_that_of_git_and_nothing_was_fetched_one_by_one(tmp_path: Path) -> None:
    forge = forge_of(repository(tmp_path, {"main.tf": CODE, "a/b/c.tf": "", "read.me": "words", "größe.tf": CODE}))
    checkout = read(forge)
    assert {path: checkout.tree.files[path] for path in checkout.tree.files} == {
        "main.tf": CODE.encode(), "a/b/c.tf": b"", "read.me": b"words", "größe.tf": CODE.encode(),
    }  # fmt: skip
    assert (forge.fetched, checkout.commit, checkout.tree.refused, checkout.diagnostics) == ([], forge.head, {}, ())


@pytest.mark.parametrize("attributes", ["*.tf export-ignore\n", "* export-ignore\n", "*.tf export-subst\n"])
def test_a_change_cannot_hide_its_code_from_the_archive(tmp_path: Path, attributes: str) -> None:
    code = 'resource "aws_vpc" "$Format:%H$" {}\n'
    forge = forge_of(repository(tmp_path, {".gitattributes": attributes, "main.tf": code}))
    assert read(forge).tree.files["main.tf"] == code.encode()
    assert len(forge.fetched) == 1


def test_what_is_left_out_and_is_not_terraform_is_named_not_fetched(tmp_path: Path) -> None:
    forge = forge_of(repository(tmp_path, {".gitattributes": "*.md export-ignore\n", "main.tf": CODE, "a.md": "words"}))
    checkout = read(forge)
    assert (set(checkout.tree.files), checkout.tree.refused, forge.fetched) == (
        {".gitattributes", "main.tf"}, {"a.md": "git does not have its content here"}, [],
    )  # fmt: skip


def test_so_many_hidden_files_are_fetched_and_the_rest_is_said(tmp_path: Path) -> None:
    files = {f"n{number}.tf": f"# {number}\n" for number in range(MAX_FETCHED + 5)}
    forge = forge_of(repository(tmp_path, {".gitattributes": "*.tf export-ignore\n", **files}))
    checkout = read(forge)
    assert len(forge.fetched) == MAX_FETCHED
    assert [(item.what, item.lost) for item in checkout.diagnostics] == [
        (f"only {MAX_FETCHED} of {MAX_FETCHED + 5} files that the archive leaves out were read", True)
    ]


def test_names_that_lead_out_and_contents_that_git_does_not_know_are_not_let_in(tmp_path: Path) -> None:
    forge = forge_of(repository(tmp_path / "r", {"main.tf": CODE}))
    forge.archives[forge.head] = archive_of(
        {
            "x/main.tf": b"# not what was committed\n",
            "x/../../escape.tf": b"x",
            "/etc/passwd.tf": b"x",
            "x/new.tf": b"x",
            "x/a/../main.tf": CODE.encode(),
        },
        link="/etc/passwd",
    )
    checkout = read(forge)
    assert ({path: checkout.tree.files[path] for path in checkout.tree.files}, len(forge.fetched)) == ({"main.tf": CODE.encode()}, 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r"]


def test_links_are_followed_inside_the_commit_only(tmp_path: Path) -> None:
    top = repository(tmp_path, {"shared/vars.tf": CODE})
    os.symlink("shared/vars.tf", top / "vars.tf")
    os.symlink("shared", top / "again")
    os.symlink("/etc/passwd", top / "out.tf")
    commit(top, {})
    checkout = read(forge_of(top))
    assert sorted(checkout.tree.files) == ["again/vars.tf", "shared/vars.tf", "vars.tf"]
    assert checkout.tree.files["vars.tf"] == checkout.tree.files["again/vars.tf"] == CODE.encode()
    assert checkout.tree.refused == {"out.tf": "a link that leads outside the repository"}


def test_large_files_are_refused_by_name(tmp_path: Path) -> None:
    forge = forge_of(repository(tmp_path, {"main.tf": CODE, "big.tf": "#" * (MAX_FILE_BYTES + 1)}))
    checkout = read(forge)
    assert (list(checkout.tree.files), checkout.tree.refused) == (["main.tf"], {"big.tf": "larger than 2 MiB"})


def test_a_bomb_is_left_alone_and_what_came_before_it_is_kept(tmp_path: Path) -> None:
    forge = forge_of(repository(tmp_path, {"a.tf": CODE}))
    forge.archives[forge.head] = archive_of({"x/a.tf": CODE.encode(), "x/z": bytes(4 * 1024**2)})
    checkout = read(forge, limit=1024**2)
    assert [(item.what, item.lost) for item in checkout.diagnostics] == [("not all files were read", True)]
    assert checkout.tree.files["a.tf"] == CODE.encode()


@pytest.mark.parametrize(
    "content",
    [b"", b"no archive", gzip.compress(b"no tar" * 200), archive_of({"x/a.tf": os.urandom(9999)})[:-4000]],
    ids=["empty", "text", "no tar", "cut"],
)
def test_what_is_no_archive_is_said(tmp_path: Path, content: bytes) -> None:
    forge = forge_of(repository(tmp_path, {"main.tf": CODE}))
    forge.archives[forge.head] = content
    with pytest.raises(GatherError, match=r"the archive of the repository cannot be read: \w+\.$"):
        read(forge)


def listed(*paths: str, mode: str = "100644", content: bytes = b"x") -> list[Entry]:
    name = hashlib.sha1(b"blob %d\0%s" % (len(content), content), usedforsecurity=False).hexdigest()
    return [Entry(mode, name, len(content), path.encode()) for path in paths]


def test_many_small_files_do_not_crowd_out_the_code() -> None:
    """A change may bring any number of files whose names come first."""
    content = b"code"
    entries = [*listed(*(f"0/{number}" for number in range(9))), *listed("main.tf", "z.tfvars", content=content)]
    listing = listing_of(entries, lambda _: (), "c" * 40, limit=4)
    assert {"main.tf", "z.tfvars"} <= listing.objects.keys()
    assert len(listing.objects) == 4
    assert [one.lost for one in listing.diagnostics] == [True]


def test_a_link_to_a_directory_has_all_that_links_brought_into_it() -> None:
    entries = [
        *listed("a/x.tf", "b/y.tf", "b-c/z.tf"),
        *listed("a/inner", mode=LINK, content=b"../b"),
        *listed("z", mode=LINK, content=b"a"),
    ]
    contents = {entries[-2].object: b"../b", entries[-1].object: b"a"}
    listing = listing_of(entries, lambda names: [(name, contents[name]) for name in names], "c" * 40)
    assert sorted(listing.objects) == ["a/inner/y.tf", "a/x.tf", "b-c/z.tf", "b/y.tf", "z/inner/y.tf", "z/x.tf"]


@pytest.mark.parametrize("path", ["../evil.tf", "a/../../evil.tf", "/etc/evil.tf", ".git/config.tf", "a//b.tf"])
def test_a_name_that_leads_elsewhere_is_refused(path: str) -> None:
    """Git's objects can hold such names; other tools are given copies on disk."""
    listing = listing_of(listed(path), lambda _: (), "c" * 40)
    assert (list(listing.objects), list(listing.refused)) == ([], [path])
