"""The lines a comment may stand on are those of the strict reader of GitHub's rules, for what git itself prints."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clops_app.review.hunks import Hunk, hunk_with, hunks_of, read_diff
from tests.github.placement import commentable
from tests.review.conversation import Change, change

LINES = tuple(f"line {number}\n" for number in range(1, 41))


def by_the_rules(patch: str) -> dict[int, int]:
    """Each commentable line of the right side with its hunk's number."""
    return {line: place.hunk for (side, line), place in commentable(patch).items() if side == "RIGHT"}


def by_us(hunks: Sequence[Hunk]) -> dict[int, int]:
    return {line: number for number, hunk in enumerate(hunks) for line in range(hunk.start, hunk.end + 1)}


def agreed(made: Change) -> dict[str, dict[int, int]]:
    """Our reading of git's diff; it must be that of the strict reader, of each file's patch, too."""
    ours = {path: by_us(hunks) for path, hunks in read_diff(made.diff).items()}
    strict = {path: by_the_rules(file.patch or "") for path, file in made.files.items() if file.status != "removed"}
    assert {path: lines for path, lines in ours.items() if lines} == {path: lines for path, lines in strict.items() if lines}
    alone = {path: by_us(hunks_of(file.patch)) for path, file in made.files.items() if file.patch}
    assert {path: lines for path, lines in alone.items() if lines} == {path: lines for path, lines in ours.items() if lines}
    return ours


def test_the_lines_around_a_change_are_shown_and_no_others(tmp_path: Path) -> None:
    lines = agreed(change(tmp_path / "r", {"main.tf": "".join(LINES)}, {"main.tf": "".join((*LINES[:9], "new\n", *LINES[9:]))}))
    assert lines == {"main.tf": dict.fromkeys(range(7, 14), 0)}


def test_two_changes_far_apart_are_two_hunks_and_no_range_spans_them(tmp_path: Path) -> None:
    edited = ("first\n", *LINES[1:39], "last\n")
    made = change(tmp_path / "r", {"main.tf": "".join(LINES)}, {"main.tf": "".join(edited)})
    agreed(made)
    hunks = read_diff(made.diff)["main.tf"]
    assert [(hunk.start, hunk.end, sorted(hunk.added)) for hunk in hunks] == [(1, 4, [1]), (37, 40, [40])]
    assert [hunk_with(hunks, *lines) for lines in ((1, 4), (4, 5), (4, 37), (37, 40), (36, 36))] == [hunks[0], None, None, hunks[1], None]


@pytest.mark.parametrize(
    "name", ["with space.tf", 'quo"te.tf', "back\\slash.tf", "tab\there.tf", "게임/서버.tf", "a/b/+++ b/c.tf", "b/b.tf"]
)
def test_odd_names_are_read_as_git_writes_them(tmp_path: Path, name: str) -> None:
    assert agreed(change(tmp_path / "r", {name: "a\n"}, {name: "b\n"})) == {name: {1: 0}}


def test_lines_that_look_like_headers_are_lines(tmp_path: Path) -> None:
    before = "-- a/main.tf\n++ b/other.tf\n@ -1 +1 @@\ndiff --git a/x b/x\n"
    after = "-- b/main.tf\n++ b/evil.tf\n@@ -1 +1 @@\ndiff --git a/y b/y\n"
    assert agreed(change(tmp_path / "r", {"a.tf": before, "z.tf": "1\n"}, {"a.tf": after, "z.tf": "2\n"})) == {
        "a.tf": dict.fromkeys(range(1, 5), 0),
        "z.tf": {1: 0},
    }


def test_new_deleted_renamed_binary_and_unended_files(tmp_path: Path) -> None:
    body = "".join(LINES)
    base = {"gone.tf": body, "old.tf": body, "same.tf": body + "1\n", "photo.png": b"\0\1", "end.tf": "a\nb"}
    head = {"new.tf": "1\n2\n", "moved.tf": body, "shifted.tf": body + "2\n", "photo.png": b"\0\2", "end.tf": "a\nc"}
    made = change(tmp_path / "r", base, head)
    assert {path: sorted(lines) for path, lines in agreed(made).items() if lines} == {
        "new.tf": [1, 2],
        "shifted.tf": [38, 39, 40, 41],
        "end.tf": [1, 2],
    }


def test_a_hunk_that_only_removes_shows_no_line() -> None:
    assert [(hunk.start, hunk.end) for hunk in hunks_of("@@ -1,2 +0,0 @@\n-a\n-b")] == [(0, -1)]
    assert hunk_with(hunks_of("@@ -1,2 +0,0 @@\n-a\n-b"), 0, 0) is None


def test_a_diff_that_is_cut_short_counts_as_far_as_it_goes() -> None:
    cut = "diff --git a/a.tf b/a.tf\n--- a/a.tf\n+++ b/a.tf\n@@ -1,5 +1,6 @@\n a\n+b\n"
    assert [(hunk.start, hunk.end, sorted(hunk.added)) for hunk in read_diff(cut)["a.tf"]] == [(1, 2, [2])]


@pytest.mark.parametrize(
    "text", ["", "\n", "not a diff", "diff --git", "+++ b/a.tf\n@@ -1 +1 @@\n+x", "@@ -1 +1 @@", "diff --git a b\n+++ c\n@@ -1 +1 @@\n+x"]
)
def test_what_is_no_diff_shows_nothing(text: str) -> None:
    assert read_diff(text) == {}


def test_what_github_is_too_full_to_show_is_not_commented_on() -> None:
    def section(name: str, count: int, width: int = 1) -> str:
        return f"diff --git a/{name} b/{name}\n--- /dev/null\n+++ b/{name}\n@@ -0,0 +1,{count} @@\n" + ("+" + "x" * width + "\n") * count

    assert set(read_diff(section("a.tf", 10) + section("long.tf", 20_000) + section("z.tf", 1))) == {"a.tf"}
    assert set(read_diff(section("a.tf", 1) + section("wide.tf", 6, 100_000) + section("z.tf", 1))) == {"a.tf", "z.tf"}
    assert len(read_diff("".join(section(f"{number}.tf", 1) for number in range(400)))) == 300


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(("a\n", "b\n", "}\n", "\n", "--- x\n", "+++ y\n", "\f\n", "é\r\n")), max_size=60),
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 8), st.lists(st.sampled_from(("new\n", "}\n", "\n", "-- \n")), max_size=4)), max_size=5
    ),
    st.booleans(),
)
def test_whatever_git_prints_is_read_by_the_rules(
    tmp_path_factory: pytest.TempPathFactory, before: list[str], edits: list[tuple[int, int, list[str]]], ended: bool
) -> None:
    after = list(before)
    for at, count, lines in edits:
        after[at : at + count] = lines
    written = "".join(after) if ended else "".join(after).removesuffix("\n")
    agreed(change(tmp_path_factory.mktemp("git") / "r", {"a.tf": "".join(before), "k.tf": "k\n"}, {"a.tf": written, "k.tf": "l\n"}))
