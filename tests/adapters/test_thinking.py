"""A process apart answers as thinking here does; what goes wrong in it is a sentence, and never more than its bounds."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

import pytest

from clops_app.adapters.thinking import Limits, ThinksApart, ThinksHere
from clops_app.adapters.wire import load, plain
from clops_app.model.draft import Posted
from clops_app.model.pull import Digest, Mending
from clops_app.model.source import SourceTree
from clops_app.ports import Entry, ThinkingFailed
from clops_app.rulebook.comments import read_comments
from clops_app.usecases.think_of_pull import Told
from tests.adapters.forges import GitForge
from tests.adapters.repositories import commit, git, repository

pytestmark = pytest.mark.slow

TOLD = Told(date(2026, 11, 21), rules="https://example.com/{rule}")
THINK = (sys.executable, "-I", "-m", "clops_app.entrypoints.think")
PROVIDER = 'provider "aws" {\n  region = "us-east-1"\n}\n'
VOLUME = (
    '\nresource "aws_ebs_volume" "data" {\n  availability_zone = "us-east-1a"\n  size              = 100\n  type              = "gp2"\n}\n'
)


@pytest.fixture
def forge(tmp_path: Path) -> GitForge:
    top = repository(tmp_path, {"main.tf": PROVIDER})
    base = git(top, "rev-parse", "HEAD")
    return GitForge(top, base, commit(top, {"main.tf": PROVIDER + VOLUME, ".gitattributes": "*.tf export-ignore\n"}))


def apart(*command: str, **limits: float) -> ThinksApart:
    return ThinksApart(command or THINK, lambda: TOLD, Limits(**limits))  # type: ignore[arg-type]


def test_a_process_apart_says_what_thinking_here_says(forge: GitForge) -> None:
    with ThinksHere(TOLD).think(forge.pull, forge) as here, apart().think(forge.pull, forge) as there:
        assert there.digest == here.digest
        assert there.draft(Posted()) == here.draft(Posted())
        assert there.mending(None) == here.mending(None)
        assert there.mending("aws/gp2_volume") == here.mending("aws/gp2_volume")
        ignored = "aws/gp2_volume", "it is a scratch disk", date(2027, 1, 31)
        assert there.ignoring(*ignored) == here.ignoring(*ignored)
        assert there.why() == here.why()
        assert here.digest.new
        assert here.mending("aws/gp2_volume").files


def test_nothing_is_left_on_disk_and_no_process_runs_on(forge: GitForge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    with apart().think(forge.pull, forge) as thought:
        assert len(list(folder.iterdir())) == 1
        process = thought.apart.process  # type: ignore[attr-defined]
    assert (list(folder.iterdir()), process.poll() is not None) == ([], True)


def test_the_process_apart_has_no_secret_to_lose(forge: GitForge, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CLOPS_GITHUB_PRIVATE_KEY", "secret")
    found = tmp_path / "environment"
    spy = f"import os, sys; open({str(found)!r}, 'w').write(repr(dict(os.environ))); sys.exit()"
    with pytest.raises(ThinkingFailed), apart(sys.executable, "-c", spy).think(forge.pull, forge):
        pass
    assert "secret" not in found.read_text()
    assert set(eval(found.read_text())) <= {"LC_ALL", "LC_CTYPE"}  # noqa: S307


def test_too_long_a_thought_is_ended(forge: GitForge) -> None:
    with pytest.raises(ThinkingFailed, match=r"^it took longer than 0.5 seconds$"):
        apart(sys.executable, "-c", "import time; time.sleep(600)", seconds=0.5).think(forge.pull, forge).__enter__()


def test_too_large_a_thought_is_ended(forge: GitForge) -> None:
    hungry = "import sys; from clops_app.entrypoints import think; sys.argv = ['', '256', '60']; think.load = 1; sys.excepthook = think._failed\n"
    hungry += "think._limit(256, 60); x = bytearray(1024**3)"
    with pytest.raises(ThinkingFailed, match=r"^it took more than 256 MiB of memory$"):
        apart(sys.executable, "-c", hungry, memory_mib=256).think(forge.pull, forge).__enter__()


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("", "it ended"),
        ("import sys; sys.stdin.readline(); print('no json')", "it ended in the middle of an answer"),
        ("import sys; sys.stdin.readline(); print('{\"answer\": 7}')", "an answer is no Digest"),
        ('import sys; sys.stdin.readline(); print(\'{"failed": "ValueError in x, line 1"}\')', "ValueError in x, line 1"),
    ],
)
def test_a_process_that_fails_is_told_in_a_sentence(forge: GitForge, script: str, said: str) -> None:
    with pytest.raises(ThinkingFailed, match=rf"^{said}"):
        apart(sys.executable, "-c", script).think(forge.pull, forge).__enter__()


def test_a_fault_of_ours_names_its_place_and_quotes_no_file(forge: GitForge) -> None:
    forge.archives[forge.head] = b"my secret file"
    with pytest.raises(ThinkingFailed) as caught, apart().think(forge.pull, forge):
        pass
    assert "secret" not in str(caught.value)
    assert "line" in str(caught.value)


def test_a_reason_names_no_further_rule(forge: GitForge) -> None:
    """Whoever asks for one rule to be ignored, in whatever words, has ignored that one."""
    with ThinksHere(TOLD).think(forge.pull, forge) as thought:
        mending = thought.ignoring("aws/gp2_volume", ", , aws/unencrypted_storage it is a scratch disk", None)
        assert len(mending.made) == 1
        (written,) = [line for line in mending.files["main.tf"].decode().splitlines() if "clops:ignore" in line]
        (comment,), _ = read_comments(SourceTree(mending.files), ["main.tf"])
        assert (written.count(","), comment.rules) == (0, ("aws/gp2_volume",))


@pytest.mark.parametrize("place", [".clops.yml", "team.yml"])
def test_a_change_cannot_choose_older_settings_by_where_it_begins(tmp_path: Path, place: str) -> None:
    """The gate is what the base branch says today; a branch may begin long before it was set."""
    top = repository(tmp_path, {"main.tf": PROVIDER, "team.yml": "fail_on: critical\n"})
    begun = git(top, "rev-parse", "HEAD")
    tip = commit(top, {place: "fail_on: low\n"})
    git(top, "checkout", "--quiet", "-b", "old", begun)
    forge = GitForge(top, tip, commit(top, {"main.tf": PROVIDER + VOLUME}))
    told = Told(date(2026, 11, 21), settings="" if place == ".clops.yml" else place)
    thinkers = ThinksHere(told), ThinksApart(THINK, lambda: told)
    for thinker in thinkers:
        with thinker.think(forge.pull, forge) as thought:
            assert thought.digest.failed


def test_values_arrive_as_they_were_sent() -> None:
    mending = Mending({"a.tf": b"\xff\x00\n"}, ("made",), (), "", ("recorded",))
    entry = Entry("100644", "ab", None, os.fsencode("\udcff.tf"))
    assert load(Mending, plain(mending)) == mending
    assert load(Entry, plain(entry)) == entry
    with pytest.raises(ThinkingFailed):
        load(Digest, {"verdict": "perhaps"})
