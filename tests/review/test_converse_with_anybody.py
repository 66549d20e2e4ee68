"""Whatever people do between two pushes: saying a Draft leaves nothing to say, and nobody's words are touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from clops_app.model.draft import Draft, Posted, PostedComment
from clops_app.model.finding import Finding, Patch
from clops_app.model.resource import Diagnostic
from clops_app.model.review import Review
from clops_app.model.source import Edit, SourceTree, Span, line_starts
from clops_app.review.assemble import RootResult, assemble
from clops_app.review.converse import MOST_INLINE, converse
from clops_app.review.said import fingerprints_of, has_suggestion, state_of
from tests.review.conversation import published, silent
from tests.review.samples import EMPTY, bill, finding

RULES = ("aws/gp2_volume", "aws/ssh_open_to_world", "aws/database_without_backups")
# An index that would end the mark, were it written as it is.
ADDRESSES = ("aws_x.a", "aws_x.b", 'aws_x.c["-->"]', "aws_x.d[0]", "aws_x.d[1]")
CONTENT = "".join(f"  line_{number} = {number}\n" for number in range(1, 41)).encode()
HEAD = SourceTree({"main.tf": CONTENT})
DIFF = (
    """\
diff --git a/main.tf b/main.tf
--- a/main.tf
+++ b/main.tf
@@ -5,0 +5,10 @@
"""
    + "".join(f"+  line_{number} = {number}\n" for number in range(5, 15))
    + "@@ -15,0 +25,8 @@\n"
    + "".join(f"+  line_{number} = {number}\n" for number in range(25, 33))
)


def patch(line: int) -> Patch:
    at = line_starts(CONTENT)[line]
    return Patch("Mend it", (Edit(Span("main.tf", at, at), f"  mended_{line} = true\n"),), "safe", False, "+ mended", Decimal(0))


@st.composite
def findings(draw: st.DrawFn) -> list[Finding]:
    """Each rule and address at most once, on any line, some with a patch."""
    made = []
    for rule, address in draw(
        st.lists(st.sampled_from([(rule, address) for rule in RULES for address in ADDRESSES]), unique=True, max_size=9)
    ):
        line = draw(st.sampled_from((3, 6, 7, 12, 26, 38)))
        status = draw(st.sampled_from(("new", "new", "new", "existing")))
        fixed = patch(line) if draw(st.booleans()) else None
        made.append(
            replace(
                finding(rule, address, "It is `so`.", start_line=line, status=status, patch=fixed), end_line=line + draw(st.integers(0, 1))
            )
        )
    return made


@st.composite
def reviews(draw: st.DrawFn) -> Review:
    found = draw(findings())
    dismissed = found[: draw(st.integers(0, 2))]
    unread = draw(st.booleans()) and draw(st.booleans())
    said = (Diagnostic("syntax error", "b.tf:1", "odd", lost=True),) if unread else ()
    result = RootResult("", "", EMPTY, bill(), tuple(found[len(dismissed) :]), tuple((one, "meant") for one in dismissed), said)
    return assemble([result], commit=None, base="main", budget=None)


def drafted(review: Review, posted: Posted) -> Draft:
    return converse(review, "<!-- clops:review -->\nhello", posted, DIFF, HEAD, "a" * 40)


DEEDS: Sequence[Mapping[str, object]] = (
    {},
    {},
    {"answered": True},
    {"hidden": True},
    {"resolved": "by_person"},
    {"line": None, "start_line": None},
    {"line": None, "start_line": None, "answered": True},
)


def lived(draw: st.DrawFn, posted: Posted) -> Posted:
    """The same after people came by; what they did stays done."""
    return replace(posted, comments=tuple(replace(one, **draw(st.sampled_from(DEEDS))) for one in posted.comments))  # type: ignore[arg-type]


@st.composite
def histories(draw: st.DrawFn) -> tuple[Review, Posted]:
    """A review, and what earlier ones and people left of the talk before it."""
    posted = Posted(may_resolve=draw(st.booleans()))
    for _ in range(draw(st.integers(0, 3))):
        draft = drafted(draw(reviews()), posted)
        if draw(st.booleans()):  # the network failed somewhere in between
            draft = replace(draft, hide=draft.hide[1:], edits=draft.edits[1:])
        posted = lived(draw, published(draft, posted))
    return draw(reviews()), posted


@settings(max_examples=150, deadline=None)
@given(histories())
def test_when_all_was_said_there_is_nothing_to_say(history: tuple[Review, Posted]) -> None:
    review, before = history
    after = published(drafted(review, before), before)
    assert silent(drafted(review, after))


@settings(max_examples=150, deadline=None)
@given(histories())
def test_nothing_changes_above_somebodys_answer_or_against_a_persons_will(history: tuple[Review, Posted]) -> None:
    review, before = history
    draft = drafted(review, before)
    untouchable = [one for one in before.comments if one.answered or state_of(one) == "dismissed"]
    assert {one.id for one in untouchable} & {edit.id for edit in draft.edits} == set()
    assert {one.node_id for one in untouchable} & {hiding.node_id for hiding in draft.hide} == set()
    dismissed = {token for one in before.comments if state_of(one) == "dismissed" for token in fingerprints_of(one.body)}
    raised = [set(fingerprints_of(said.body)) for said in (draft.review.comments if draft.review else ())]
    assert [tokens for tokens in raised if tokens & dismissed] == []


@settings(max_examples=150, deadline=None)
@given(histories())
def test_no_finding_is_open_twice_and_no_two_buttons_meet(history: tuple[Review, Posted]) -> None:
    review, before = history
    after = published(drafted(review, before), before)
    ours = [one for one in after.comments if state_of(one) == "open" and not one.answered]
    tokens = [token for one in ours for token in fingerprints_of(one.body)]
    assert len(tokens) == len(set(tokens))
    assert len(ours) <= MOST_INLINE
    lines = [_lines(one) for one in after.comments if state_of(one) == "open" and one.line is not None and has_suggestion(one.body)]
    assert all(not set(one) & set(other) for number, one in enumerate(lines) for other in lines[:number])


def _lines(comment: PostedComment) -> range:
    assert comment.line is not None
    return range(comment.start_line or comment.line, comment.line + 1)
