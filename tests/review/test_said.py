"""Our own comments are known by their marks, and no text of anybody else's passes for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clops_app.model.draft import PostedComment
from clops_app.review.said import (
    closed_mark,
    ending_of,
    finding_marks,
    fingerprint_token,
    fingerprints_of,
    is_summary,
    marked_summary,
    state_of,
)

NEW = "b" * 40


@given(st.lists(st.text(min_size=1), max_size=5, unique=True))
def test_fingerprints_come_back_as_they_were_marked(fingerprints: list[str]) -> None:
    body = f"{finding_marks(map(fingerprint_token, fingerprints))}\nText.\n"
    assert fingerprints_of(body) == tuple(fingerprint_token(one) for one in fingerprints)
    assert len({fingerprint_token(one) for one in fingerprints}) == len(fingerprints)


def test_line_ends_that_changed_on_the_way_change_nothing() -> None:
    assert fingerprints_of("<!-- clops:finding 1a -->\r\n<!-- clops:finding 2b -->\r\n\r\nText\r\n") == ("1a", "2b")


@pytest.mark.parametrize(
    "text", ["Text.\n<!-- clops:finding 2b -->", "```suggestion\n<!-- clops:finding 2b -->\n```", "\n\n<!-- clops:closed fixed -->"]
)
def test_a_mark_below_the_first_word_is_a_strangers(text: str) -> None:
    body = f"<!-- clops:finding 1a -->\n{text}"
    assert (fingerprints_of(body), ending_of(body)) == (("1a",), None)


def test_the_summary_has_its_commit_under_its_mark_once() -> None:
    body = marked_summary("<!-- clops:review -->\n### ClOps\n", NEW)
    assert body == f"<!-- clops:review -->\n<!-- clops:head {NEW} -->\n### ClOps\n"
    assert (is_summary(body), is_summary("### ClOps")) == (True, False)


def test_who_ended_a_comment_is_known() -> None:
    def of(text: str = "", **changes: object) -> str:
        body = f"<!-- clops:finding 1a -->\n{text}\nText"
        return state_of(PostedComment(1, "n", "t", body, "a.tf", 1, **changes))  # type: ignore[arg-type]

    assert [of(), of(hidden=True), of(resolved="by_person"), of(answered=True)] == ["open", "dismissed", "dismissed", "open"]
    assert [of(closed_mark("fixed"), hidden=True), of(resolved="by_us"), of(closed_mark("duplicate"))] == ["closed"] * 3
