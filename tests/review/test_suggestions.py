"""Pressing the button gives the proven patch byte for byte, or there is no button."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from clops_app.model.draft import InlineComment
from clops_app.model.finding import Patch, Safety
from clops_app.model.source import Edit, SourceTree, Span
from clops_app.patch.diff import edits_between
from clops_app.review.hunks import Hunk
from clops_app.review.suggestions import Suggestion, suggested, suggestion_of
from tests.review.conversation import pressed

EVERYTHING = (Hunk(1, 10_000, frozenset()),)
DATABASE = b'resource "aws_db_instance" "main" {\n  engine = "postgres"\n}\n'


def comment(suggestion: Suggestion) -> InlineComment:
    start = None if suggestion.start_line == suggestion.line else suggestion.start_line
    return InlineComment(suggestion.path, start, suggestion.line, f"Why.\n\n{suggestion.block}")


def accepted(before: bytes, after: bytes, hunks: tuple[Hunk, ...] = EVERYTHING) -> bytes | None:
    """The file after pressing the button; None where there is no button."""
    suggestion = suggested("a.tf", before, after, hunks)
    return None if suggestion is None else pressed(before, comment(suggestion))


def lines_of(suggestion: Suggestion | None) -> tuple[int, int] | None:
    return None if suggestion is None else (suggestion.start_line, suggestion.line)


def test_a_changed_line_is_replaced_alone() -> None:
    suggestion = suggested("a.tf", DATABASE, DATABASE.replace(b"postgres", b"mysql"), EVERYTHING)
    assert suggestion == Suggestion("a.tf", 2, 2, '```suggestion\n  engine = "mysql"\n```')


def test_a_line_that_is_added_comes_with_the_one_above_it() -> None:
    after = DATABASE.replace(b"}\n", b"  multi_az = true\n}\n")
    suggestion = suggested("a.tf", DATABASE, after, EVERYTHING)
    assert suggestion == Suggestion("a.tf", 2, 2, '```suggestion\n  engine = "postgres"\n  multi_az = true\n```')
    assert accepted(DATABASE, after) == after


def test_a_line_that_is_added_at_the_edge_of_a_hunk_comes_with_the_one_below() -> None:
    after = DATABASE.replace(b"}\n", b"  multi_az = true\n}\n")
    below = (Hunk(3, 9, frozenset()),)
    assert lines_of(suggested("a.tf", DATABASE, after, below)) == (3, 3)
    assert accepted(DATABASE, after, below) == after


def test_a_line_that_is_removed_takes_no_empty_block() -> None:
    after = DATABASE.replace(b'  engine = "postgres"\n', b"")
    suggestion = suggested("a.tf", DATABASE, after, EVERYTHING)
    assert lines_of(suggestion) == (1, 2)
    assert accepted(DATABASE, after) == after


def test_a_line_that_becomes_empty_takes_no_block_of_an_empty_line() -> None:
    after = DATABASE.replace(b'  engine = "postgres"\n', b"\n")
    assert accepted(DATABASE, after) == after
    assert lines_of(suggested("a.tf", DATABASE, after, EVERYTHING)) == (2, 3)


def test_changes_apart_are_one_run_of_lines_if_one_hunk_shows_them() -> None:
    before = b"".join(b"%d\n" % number for number in range(1, 21))
    after = before.replace(b"\n3\n", b"\nthree\n").replace(b"\n7\n", b"\nseven\n")
    assert lines_of(suggested("a.tf", before, after, (Hunk(2, 8, frozenset()),))) == (3, 7)
    assert suggested("a.tf", before, after, (Hunk(1, 5, frozenset()), Hunk(6, 9, frozenset()))) is None


def test_lines_that_the_diff_does_not_show_get_no_button() -> None:
    after = DATABASE.replace(b"postgres", b"mysql")
    assert [suggested("a.tf", DATABASE, after, hunks) for hunks in ((), (Hunk(3, 9, frozenset()),))] == [None, None]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"a\r\nb\r\n", b"a\r\nc\r\n"),
        (b"a\r\nb\n", b"a\r\nc\n"),
        (b"a\nb", b"a\nc"),
        (b"a\nb", b"a\nb\n"),
        (b"a\nb\n", b"a\nb"),
        (b"a\n\xff\n", b"b\n\xff\n"),
        (b"a\nb\n", b"a\n\x1b[31mb\n"),
        (b"a\nb\n", "a\n\u202eb\n".encode()),
        (b"a\x0cx\nb\n", b"a\x0cx\nc\n"),
        (b"a\nb\n", b"a\nb\n"),
        (b"", b"a\n"),
        (b"a\n", b""),
        (b"\n\n", b"\n"),
        (b"a\n```\nb\n```\n", b"a\n```\nc\n~~~\n"),
    ],
    ids=[
        *("CRLF", "mixed", "unended last line", "an end added", "an end removed", "not UTF-8", "control", "turned around"),
        *("form feed", "no change", "empty file", "emptied file", "only empty lines", "fence lines"),
    ],
)
def test_what_a_button_may_get_wrong_gets_none(before: bytes, after: bytes) -> None:
    assert suggested("a.tf", before, after, EVERYTHING) is None


def test_an_unended_last_line_does_not_matter_above_it() -> None:
    assert accepted(b"a\nb\nc", b"a\nB\nc") == b"a\nB\nc"


def test_backticks_inside_a_line_get_a_longer_fence() -> None:
    after = b"a\nx = 1 # see ````hcl```` there\n"
    suggestion = suggested("a.tf", b"a\nb\n", after, EVERYTHING)
    assert suggestion is not None
    assert suggestion.block.startswith("`````suggestion\n")
    assert accepted(b"a\nb\n", after) == after


def test_tabs_and_blanks_at_the_ends_stay() -> None:
    assert accepted(b"\ta = 1 \n", b"\t\tb = [ 1,\t\n\n   2 ]  \n") == b"\t\tb = [ 1,\t\n\n   2 ]  \n"


def patch(*edits: Edit, safety: Safety = "safe", replaces: bool = False) -> Patch:
    return Patch("Do it", edits, safety, replaces, "", Decimal(0))


def test_a_patch_that_is_to_be_read_first_or_touches_two_files_gets_no_button() -> None:
    tree, hunks = SourceTree({"a.tf": b"a\n", "b.tf": b"b\n"}), {"a.tf": EVERYTHING, "b.tf": EVERYTHING}
    here, there = Edit(Span("a.tf", 0, 1), "x"), Edit(Span("b.tf", 0, 1), "x")
    asked = (patch(here), patch(here, safety="review"), patch(here, safety="show"), patch(here, replaces=True), patch(here, there))
    assert [suggestion_of(one, tree, hunks) is not None for one in asked] == [True, True, False, False, False]


WORDS = (
    "a",
    "b",
    "}",
    "",
    "",
    "  x = 1",
    "\tt",
    "- `a`",
    "```",
    "# ```x```",
    "~~~",
    "> q",
    "<details>",
    "<!-- clops:finding x -->",
    "é 한글",
    "   ",
    "1. x",
    "    z",
)
FILES = st.lists(st.sampled_from(WORDS), max_size=12)


@given(
    FILES,
    st.integers(0, 12),
    st.integers(0, 4),
    st.lists(st.sampled_from(WORDS), max_size=4),
    st.integers(1, 3),
    st.integers(3, 12),
    st.booleans(),
)
def test_pressing_gives_the_patch_or_there_is_no_button(
    lines: list[str], at: int, count: int, written: list[str], start: int, length: int, ended: bool
) -> None:
    edited = [*lines[:at], *written, *lines[at + count :]]
    before, after = ("\n".join(one).encode() + (b"\n" if ended and one else b"") for one in (lines, edited))
    hunk = Hunk(start, start + length, frozenset())
    suggestion = suggested("a.tf", before, after, (hunk,))
    event("a button" if suggestion else "no button")
    if suggestion is None:
        return
    assert hunk.start <= suggestion.start_line <= suggestion.line <= hunk.end
    assert pressed(before, comment(suggestion)) == after


@given(st.lists(st.sampled_from(("a = 1", "  b = 2", "}", "\tc")), min_size=2, max_size=12), st.data())
def test_whatever_changes_in_plain_lines_that_are_shown_gets_a_button(lines: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(lines)))
    count = data.draw(st.integers(0, len(lines) - 1))
    written = data.draw(st.lists(st.sampled_from(("a = 1", "", "new = 3")), max_size=3))
    edited = [*lines[:at], *written, *lines[at + count :]]
    before, after = ("".join(f"{line}\n" for line in one).encode() for one in (lines, edited))
    assume(before != after and after.strip() and not after.endswith(b"\n\n"))
    tree = SourceTree({"a.tf": before})
    suggestion = suggestion_of(patch(*edits_between("a.tf", before, after)), tree, {"a.tf": EVERYTHING})
    assert suggestion is not None
    assert pressed(before, comment(suggestion)) == after
