"""What was told of files is recalled for the same content only, and whoever wrote it can do no more than that."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from clops_app.adapters import told_before
from clops_app.adapters.git import GitGatherer
from clops_app.adapters.told_before import ToldBefore
from clops_app.ports import Checkout
from clops_app.terraform.sources import Call, Parsed, Read
from tests.adapters.repositories import commit, git, repository
from tests.entrypoints.processes import clops

CODE = {
    "live/main.tf": 'module "game" {\n  source = "../game"\n}\n\nlocals {\n  user_data = file("${path.module}/start.sh")\n}\n',
    "live/start.sh": "#!/bin/sh\n",
    "game/main.tf": 'resource "aws_ebs_volume" "old" {\n  availability_zone = "us-east-1a"\n  size              = 10\n  type              = "gp2"\n}\n',
    "lone/main.tf": 'terraform {\n  required_version = "1.9.0"\n}\n',
}


@pytest.fixture(autouse=True)
def worth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told_before, "WORTH", 1)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return GitGatherer({}).working_tree(str(repository(tmp_path / "top", CODE)))


def before(tmp_path: Path, checkout: Checkout) -> ToldBefore:
    return ToldBefore({"XDG_CACHE_HOME": str(tmp_path / "cache")}, checkout)


def learnt(checkout: Checkout) -> Parsed:
    parsed = Parsed()
    for path, name in checkout.tree.names.items():
        parsed.calls[False, name] = (Call("game", "../game"), Call("odd", None)) if path == "live/main.tf" else ()
        parsed.reads[name] = {"live/main.tf": (Read("start.sh", True, False),), "lone/main.tf": None}.get(path, ())
    return parsed


def kept(tmp_path: Path) -> Path:
    (found,) = (tmp_path / "cache/clops/repositories").iterdir()
    return found


def test_what_was_kept_is_recalled(tmp_path: Path, checkout: Checkout) -> None:
    parsed = learnt(checkout)
    before(tmp_path, checkout).keep(parsed)
    found = before(tmp_path, checkout).recalled()
    assert (found.calls, found.reads) == (parsed.calls, parsed.reads)
    assert kept(tmp_path).stat().st_mode & 0o077 == 0


def test_nothing_is_written_when_nothing_is_new(tmp_path: Path, checkout: Checkout) -> None:
    before(tmp_path, checkout).keep(learnt(checkout))
    written = kept(tmp_path).stat().st_mtime_ns
    again = before(tmp_path, checkout)
    again.keep(again.recalled())
    assert kept(tmp_path).stat().st_mtime_ns == written


def test_what_is_gone_is_forgotten_once_something_is_new(tmp_path: Path, checkout: Checkout) -> None:
    before(tmp_path, checkout).keep(learnt(checkout))
    commit(Path(checkout.top), {"lone/main.tf": "locals {}\n"})
    later = GitGatherer({}).working_tree(checkout.top)
    again = before(tmp_path, later)
    parsed = again.recalled()
    for name in later.tree.names.values():
        parsed.calls.setdefault((False, name), ())
        parsed.reads.setdefault(name, ())
    again.keep(parsed)
    assert before(tmp_path, later).recalled().reads.keys() == set(later.tree.names.values())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "[" * 100_000,
        "{}",
        "[]",
        '{"made_by": "another", "nothing": {}, "something": {}}',
        '{"made_by": "%", "nothing": [1], "something": {}}',
        '{"made_by": "%", "nothing": {}, "something": {"b": [1, [["x"]], []]}}',
        '{"made_by": "%", "nothing": {}, "something": {"b": [1, [[1, "./x"]], []]}}',
        '{"made_by": "%", "nothing": {}, "something": {"b": [1, [], [["x", true]]]}}',
        '{"made_by": "%", "nothing": {}, "something": {"b": 3}}',
    ],
)
def test_what_was_written_otherwise_is_as_if_it_was_not_there(tmp_path: Path, checkout: Checkout, text: str) -> None:
    before(tmp_path, checkout).keep(learnt(checkout))
    kept(tmp_path).write_text(text.replace("%", told_before._MADE_BY))
    found = before(tmp_path, checkout).recalled()
    assert (found.calls, found.reads) == ({}, {})


def test_what_a_filter_makes_of_a_content_is_not_told_of_the_content(tmp_path: Path) -> None:
    top = repository(tmp_path / "top", {**CODE, ".gitattributes": "live/*.tf filter=crypt\n"})
    locked = GitGatherer({}).working_tree(str(top))
    before(tmp_path, locked).keep(learnt(locked))
    assert len(before(tmp_path, locked).recalled().calls) == len(set(locked.tree.names.values()))
    git(top, "config", "filter.crypt.smudge", "base64")
    git(top, "config", "filter.crypt.clean", "base64 --decode")
    (top / "live/main.tf").unlink()
    git(top, "checkout", "--", "live/main.tf")
    later = time.time() + 5
    os.utime(top / ".git/index", (later, later))  # what was written at the same moment as the index, git does not trust
    unlocked = GitGatherer({}).working_tree(str(top))
    name = unlocked.tree.names["live/main.tf"]
    assert name == locked.tree.names["live/main.tf"]
    again = before(tmp_path, unlocked)
    parsed = again.recalled()
    assert name not in parsed.reads
    parsed.calls[False, name], parsed.reads[name] = (), ()
    again.keep(parsed)
    assert name not in before(tmp_path, unlocked).recalled().reads


def test_where_nothing_can_be_kept_nothing_is(tmp_path: Path, checkout: Checkout) -> None:
    (tmp_path / "cache").write_text("a file")
    again = before(tmp_path, checkout)
    again.keep(learnt(checkout))
    assert again.recalled().calls == {}


def test_a_small_repository_leaves_no_trace(tmp_path: Path, checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told_before, "WORTH", 1_000)
    before(tmp_path, checkout).keep(learnt(checkout))
    assert not (tmp_path / "cache").exists()


@pytest.mark.slow
def test_a_large_repository_is_reviewed_alike_the_second_time_and_after_a_change(tmp_path: Path) -> None:
    many = {f"teams/{number}/main.tf": f"# {number}\n" + CODE["game/main.tf"] for number in range(1_000)}
    top = repository(tmp_path / "top", {**CODE, **many})
    commit(top, {"game/more.tf": CODE["game/main.tf"].replace('"old"', '"new"')})
    ran = [clops("review", "--base", "HEAD~1", "--format", "json", top, XDG_CACHE_HOME=str(tmp_path / "cache")) for _ in range(2)]
    assert ran[0] == ran[1]
    assert json.loads(kept(tmp_path).read_text())["nothing"]
    commit(top, {"teams/7/main.tf": 'module "game" {\n  source = "../../game"\n}\n'})
    arguments = ("review", "--base", "HEAD~1", "--format", "json", top)
    assert clops(*arguments, XDG_CACHE_HOME=str(tmp_path / "cache")) == clops(*arguments, XDG_CACHE_HOME="/dev/null")


def test_a_file_that_is_gone_by_now_is_let_be(tmp_path: Path, checkout: Checkout) -> None:
    parsed = learnt(checkout)
    Path(checkout.top, "lone/main.tf").unlink()
    before(tmp_path, checkout).keep(parsed)
    assert len(before(tmp_path, checkout).recalled().calls) < len(parsed.calls)
