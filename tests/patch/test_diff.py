"""Diffs are taken by git, whatever the line ends."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from clops_app.model.source import SourceTree
from clops_app.patch.diff import diff_of, edits_between, unified_diff

BASE = b'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
LONG = b"".join(b"line %d\n" % number for number in range(40))

CASES: dict[str, tuple[str, bytes, bytes]] = {
    "a line is added": ("main.tf", BASE, BASE.replace(b"}\n", b"  fifo_queue = true\n}\n")),
    "a line is removed": ("main.tf", BASE, BASE.replace(b'  name = "q"\n', b"")),
    "the file has CRLF": ("main.tf", BASE.replace(b"\n", b"\r\n"), BASE.replace(b'"q"\n', b'"p"\n').replace(b"\n", b"\r\n")),
    "the last line has no newline": ("main.tf", BASE[:-1], BASE[:-1].replace(b'= "q"', b'= "p"')),
    "the last line without newline changes": ("main.tf", b"a = 1\nb = 2", b"a = 1\nb = 3"),
    "a newline is given to the last line": ("main.tf", b"a = 1\nb = 2", b"a = 1\nb = 2\nc = 3\n"),
    "the file was empty": ("main.tf", b"", b"a = 1\n"),
    "two hunks are far apart": ("main.tf", LONG, LONG.replace(b"line 3\n", b"x\n").replace(b"line 30\n", b"y\ny\n")),
    "two changes are near": ("main.tf", LONG, LONG.replace(b"line 3\n", b"x\n").replace(b"line 9\n", b"y\n")),
    "two changes are six lines apart": ("main.tf", LONG, LONG.replace(b"line 3\n", b"x\n").replace(b"line 10\n", b"")),
    "two changes are seven lines apart": ("main.tf", LONG, LONG.replace(b"line 3\n", b"x\n").replace(b"line 11\n", b"")),
    "first and last line change": ("main.tf", LONG, b"z\n" + LONG[7:-8] + b"w\n"),
    "the text is not ASCII": ("main.tf", "# 서버\na = 1\n".encode(), "# 서버\na = 2 # 둘\n".encode()),
    "a line holds a form feed": ("main.tf", b"# a\x0cb\na = 1\n", b"# a\x0cb\na = 2\n"),
    "the path holds spaces": ("my infra/main file.tf", b"a = 1\n", b"a = 2\n"),
    "the path holds a quote": ('say "hi".tf', b"a = 1\n", b"a = 2\n"),
    "the path is not ASCII": ("인프라/main.tf", b"a = 1\n", b"a = 2\n"),
}


def applied(folder: Path, path: str, before: bytes, diff: str) -> bytes:
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(before)
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    subprocess.run(["git", "apply", "--whitespace=nowarn", "-"], cwd=folder, input=diff.encode(), check=True)
    return target.read_bytes()


@pytest.mark.parametrize("name", CASES)
def test_git_applies_the_diff_when(name: str, tmp_path: Path) -> None:
    path, before, after = CASES[name]
    diff = unified_diff(SourceTree({path: before}), SourceTree({path: after}), [path])
    assert applied(tmp_path, path, before, diff) == after


@pytest.mark.parametrize("name", CASES)
def test_the_diff_of_edits_is_the_diff_of_the_trees_when(name: str) -> None:
    path, before, after = CASES[name]
    tree = SourceTree({path: before})
    assert diff_of(tree, edits_between(path, before, after)) == unified_diff(tree, SourceTree({path: after}), [path])


@pytest.mark.parametrize("name", CASES)
def test_the_edits_make_the_new_file_when(name: str) -> None:
    path, before, after = CASES[name]
    assert SourceTree({path: before}).edited(edits_between(path, before, after)).files[path] == after


def test_git_applies_any_change_of_lines(tmp_path: Path) -> None:
    for seed in range(40):
        dice = random.Random(seed)
        old = [b"%d\n" % dice.randrange(6) for _ in range(dice.randrange(30))]
        new = [line for line in old if dice.random() > 0.1]
        for _ in range(dice.randrange(4)):
            new.insert(dice.randrange(len(new) + 1), b"new %d\n" % dice.randrange(9))
        before, after = b"".join(old), b"".join(new)
        if before == after or not before or not after:
            continue
        diff = unified_diff(SourceTree({"f": before}), SourceTree({"f": after}), ["f"])
        assert applied(tmp_path, "f", before, diff) == after, seed


def test_a_file_that_did_not_change_has_no_diff() -> None:
    tree = SourceTree({"main.tf": BASE})
    assert unified_diff(tree, tree, ["main.tf"]) == ""


def test_the_diff_reads_as_git_writes_it() -> None:
    after = SourceTree({"a/main.tf": BASE.replace(b'"q"\n', b'"p"\n')})
    assert unified_diff(SourceTree({"a/main.tf": BASE}), after, ["a/main.tf"]) == (
        '--- a/a/main.tf\n+++ b/a/main.tf\n@@ -1,3 +1,3 @@\n resource "aws_sqs_queue" "q" {\n-  name = "q"\n+  name = "p"\n }\n'
    )


def test_hundreds_of_changes_are_hundreds_of_hunks() -> None:
    blocks = [b'resource "aws_sqs_queue" "q%d" {\n  a = 1\n  b = 2\n  c = 3\n  d = 4\n  e = 5\n  f = 6\n}\n' % n for n in range(400)]
    before = b"".join(blocks)
    after = before.replace(b"  c = 3\n", b"  c = 3\n  x = 1\n")
    assert [edit.text for edit in edits_between("main.tf", before, after)] == ["  x = 1\n"] * 400
