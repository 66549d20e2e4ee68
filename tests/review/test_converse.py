"""What is said on a pull request, for real reviews of real changes in real git repositories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest

from clops_app.model.draft import Draft, Posted, PostedComment, PostedSummary
from clops_app.model.review import Review
from clops_app.model.source import SourceTree
from clops_app.patch.diff import changed_paths
from clops_app.ports import Checkout
from clops_app.review.converse import converse
from clops_app.review.render.markdown.comment import comment
from clops_app.review.said import fingerprint_token, fingerprints_of, has_suggestion, is_summary, marked_summary
from clops_app.usecases.question import Compared, Question
from clops_app.usecases.review_change import review_change
from clops_app.usecases.think import Mind, mind
from tests.github.git import Content
from tests.github.placement import fault
from tests.review.conversation import Change, change, pressed, published, silent, tree_contents
from tests.stories.tell import BASE, COMMIT, STORIES, reviewed, tree_of
from tests.stories.tell import HERE as STORY_FOLDER

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "viral-game"
PROVIDER = 'provider "aws" {\n  region = "us-east-1"\n}\n'
DATABASE = """
resource "aws_db_instance" "main" {
  identifier              = "game"
  engine                  = "postgres"
  instance_class          = "db.t4g.micro"
  allocated_storage       = 20
  storage_encrypted       = true
  multi_az                = true
  backup_retention_period = BACKUPS
  username                = "game"
  password                = "none"
  skip_final_snapshot     = true
  deletion_protection     = true
}
"""
DISK = 'resource "aws_ebs_volume" "a" {\n  availability_zone = "us-east-1a"\n  size              = 10\n  encrypted         = true\n  type              = "gp2"\n}\n'


@lru_cache
def thinking() -> Mind:
    return mind(Question(date(2026, 11, 21)))


def review_of(head: Mapping[str, Content] | SourceTree, base: Mapping[str, Content], commit: str = COMMIT) -> Review:
    tree = head if isinstance(head, SourceTree) else SourceTree({path: _bytes(text) for path, text in head.items()})
    before = SourceTree({path: _bytes(text) for path, text in base.items()})
    return review_change(thinking(), Checkout(tree, "", "/nowhere", commit), Compared(Checkout(before, "", "/nowhere", BASE), BASE))


def _bytes(text: Content) -> bytes:
    return text.encode() if isinstance(text, str) else text or b""


def draft_of(review: Review, made: Change, posted: Posted | None = None, sha: str = COMMIT) -> Draft:
    return converse(review, comment(review, {}, version="0.1.0"), posted or Posted(), made.diff, made.head, sha)


def database(backups: int) -> dict[str, Content]:
    return {"main.tf": PROVIDER + DATABASE.replace("BACKUPS", str(backups))}


@pytest.fixture
def raised(tmp_path: Path) -> tuple[Review, Change, Draft]:
    """A change takes a database's backups away; that is raised at the line."""
    made = change(tmp_path / "r", database(7), database(0))
    review = review_of(made.head, database(7))
    return review, made, draft_of(review, made)


def only(posted: Posted) -> PostedComment:
    assert len(posted.comments) == 1
    return posted.comments[0]


def test_what_the_change_brings_is_raised_once_at_its_line_with_a_button(raised: tuple[Review, Change, Draft]) -> None:
    _, made, draft = raised
    assert draft.review is not None
    (said,) = draft.review.comments
    assert (said.path, said.start_line, said.line) == ("main.tf", None, 12)
    assert pressed(made.head.files["main.tf"], said) == _bytes(database(7)["main.tf"])


def test_the_comment_is_marked_with_its_finding_and_the_summary_with_its_commit(raised: tuple[Review, Change, Draft]) -> None:
    review, _, draft = raised
    new = [finding.fingerprint for finding in review.findings if finding.status == "new"]
    assert draft.review is not None
    assert draft.review.comments[0].body.startswith(f"<!-- clops:finding {new[0]} -->\n")
    assert draft.summary is not None
    assert (draft.summary.id, is_summary(draft.summary.body)) == (None, True)
    assert draft.summary.body.startswith(marked_summary("", COMMIT))


def test_what_was_said_is_not_said_again(raised: tuple[Review, Change, Draft]) -> None:
    review, made, draft = raised
    assert silent(draft_of(review, made, published(draft, Posted())))


def test_the_next_commit_edits_the_summary_and_leaves_the_comment(raised: tuple[Review, Change, Draft]) -> None:
    review, made, draft = raised
    again = draft_of(review, made, published(draft, Posted()), "f" * 40)
    assert again.summary is not None
    assert again.summary.id == 1
    assert again.summary.body.startswith(marked_summary("", "f" * 40))
    assert (again.review, again.edits, again.hide, again.resolve) == (None, (), (), ())


@pytest.mark.parametrize("may_resolve", [False, True])
def test_what_is_mended_is_closed_and_has_no_button_left(
    raised: tuple[Review, Change, Draft], tmp_path: Path, *, may_resolve: bool
) -> None:
    _, _, draft = raised
    before = replace(published(draft, Posted()), may_resolve=may_resolve)
    mended = change(tmp_path / "next", database(7), {"main.tf": _bytes(database(7)["main.tf"]) + b"\n"})
    review = review_of(mended.head, database(7))
    closing = draft_of(review, mended, before, "f" * 40)
    (edit,) = closing.edits
    assert edit.body.split("\n")[1:] == [
        "<!-- clops:closed fixed -->",
        "✅ Fixed in `fffffff`: 🟠 **Database keeps no backups** (high). `aws_db_instance.main` keeps no backups: a bad deploy, "
        "a wrong script or a lost disk loses everything in it for good.",
    ]
    assert (closing.resolve, [hiding.classifier for hiding in closing.hide]) == ((("PRRT_101",), []) if may_resolve else ((), ["RESOLVED"]))
    assert silent(draft_of(review, mended, published(closing, before), "f" * 40))


def test_what_was_mended_and_comes_back_is_raised_again(raised: tuple[Review, Change, Draft], tmp_path: Path) -> None:
    review, made, draft = raised
    mended = change(tmp_path / "next", database(7), {"main.tf": _bytes(database(7)["main.tf"]) + b"\n"})
    closed = published(draft_of(review_of(mended.head, database(7)), mended, published(draft, Posted())), published(draft, Posted()))
    back = draft_of(review, made, closed)
    assert back.review == draft.review
    assert back.edits == ()


@pytest.mark.parametrize("how", [{"hidden": True}, {"resolved": "by_person"}])
def test_what_a_person_dismissed_stays_dismissed(raised: tuple[Review, Change, Draft], how: dict[str, bool]) -> None:
    review, made, draft = raised
    before = published(draft, Posted())
    dismissed = replace(before, comments=(replace(only(before), **how),))  # type: ignore[arg-type]
    assert silent(draft_of(review, made, dismissed))


def test_a_dismissal_in_the_code_closes_the_comment_with_its_reason(raised: tuple[Review, Change, Draft], tmp_path: Path) -> None:
    _, _, draft = raised
    text = str(database(0)["main.tf"]).replace("resource", "# clops:ignore aws/database_without_backups only for the demo\nresource")
    ignoring = change(tmp_path / "next", database(7), {"main.tf": text})
    closing = draft_of(review_of(ignoring.head, database(7)), ignoring, published(draft, Posted()))
    assert [edit.body.split("\n")[1] for edit in closing.edits] == ["<!-- clops:closed dismissed -->"]
    assert "🔕 Dismissed (only for the demo): " in closing.edits[0].body
    assert closing.review is None


def test_an_outdated_comment_says_where_it_is_now_and_loses_its_button(raised: tuple[Review, Change, Draft]) -> None:
    review, made, draft = raised
    before = published(draft, Posted())
    outdated = replace(before, comments=(replace(only(before), line=None, start_line=None),))
    edited = draft_of(review, made, outdated)
    (edit,) = edited.edits
    assert "These lines have changed since, and it is still so: `main.tf:12`." in edit.body
    assert (has_suggestion(edit.body), "```diff" in edit.body, edited.review) == (False, True, None)
    assert silent(draft_of(review, made, published(edited, outdated)))


def test_a_comment_that_somebody_answered_is_left_alone_when_outdated(raised: tuple[Review, Change, Draft]) -> None:
    review, made, draft = raised
    before = published(draft, Posted())
    answered = replace(before, comments=(replace(only(before), line=None, answered=True),))
    assert silent(draft_of(review, made, answered))


@pytest.mark.parametrize("may_resolve", [False, True])
def test_a_comment_that_somebody_answered_is_at_most_resolved_when_mended(
    raised: tuple[Review, Change, Draft], tmp_path: Path, *, may_resolve: bool
) -> None:
    _, _, draft = raised
    before = published(draft, Posted())
    answered = replace(before, comments=(replace(only(before), answered=True),), may_resolve=may_resolve)
    mended = change(tmp_path / "next", database(7), {"main.tf": _bytes(database(7)["main.tf"]) + b"\n"})
    review = review_of(mended.head, database(7))
    closing = draft_of(review, mended, answered)
    assert (closing.edits, closing.hide, closing.resolve) == ((), (), ("PRRT_101",) if may_resolve else ())
    again = draft_of(review, mended, published(closing, answered))
    assert (again.edits, again.hide, again.resolve, again.summary) == ((), (), (), None)


def test_nothing_is_called_mended_while_a_file_cannot_be_read(raised: tuple[Review, Change, Draft], tmp_path: Path) -> None:
    _, _, draft = raised
    broken = change(tmp_path / "next", database(7), {"main.tf": PROVIDER, "db.tf": str(DATABASE) + "}}} = ["})
    said = draft_of(review_of(broken.head, database(7)), broken, published(draft, Posted()))
    assert (said.edits, said.resolve, said.hide) == ((), (), ())


def test_publishing_that_was_cut_short_is_made_whole(raised: tuple[Review, Change, Draft], tmp_path: Path) -> None:
    _, _, draft = raised
    before = published(draft, Posted())
    mended = change(tmp_path / "next", database(7), {"main.tf": _bytes(database(7)["main.tf"]) + b"\n"})
    review = review_of(mended.head, database(7))
    closing = draft_of(review, mended, before)
    halfway = published(replace(closing, hide=()), before)
    rest = draft_of(review, mended, halfway)
    assert (rest.hide, rest.edits, rest.review, rest.summary) == (closing.hide, (), None, None)


def test_what_two_runs_at_once_said_twice_is_said_once(raised: tuple[Review, Change, Draft]) -> None:
    review, made, draft = raised
    one = published(draft, Posted())
    twin = replace(only(one), id=102, node_id="PRRC_102", thread_id="PRRT_102")
    twice = Posted((*one.summaries, PostedSummary(2, "IC_2", one.summaries[0].body)), (*one.comments, twin), one.check)
    tidying = draft_of(review, made, twice)
    assert [(hiding.node_id, hiding.classifier) for hiding in tidying.hide] == [("IC_2", "DUPLICATE"), ("PRRC_102", "DUPLICATE")]
    assert ([edit.id for edit in tidying.edits], tidying.review, tidying.summary) == ([102], None, None)
    assert silent(draft_of(review, made, published(tidying, twice)))


def test_of_two_comments_on_one_finding_the_answered_one_stays(raised: tuple[Review, Change, Draft]) -> None:
    review, made, draft = raised
    one = published(draft, Posted())
    twin = replace(only(one), id=102, node_id="PRRC_102", thread_id="PRRT_102", answered=True)
    tidying = draft_of(review, made, replace(one, comments=(*one.comments, twin)))
    assert ([edit.id for edit in tidying.edits], [hiding.node_id for hiding in tidying.hide]) == ([101], ["PRRC_101"])


def test_a_finding_outside_the_diff_is_in_the_summary_only(tmp_path: Path) -> None:
    base = {"main.tf": PROVIDER + 'variable "kind" {\n  default = "gp3"\n}\n', "disk.tf": DISK.replace('"gp2"', "var.kind")}
    head = {**base, "main.tf": base["main.tf"].replace("gp3", "gp2")}
    made = change(tmp_path / "r", base, head)
    review = review_of(made.head, base)
    draft = draft_of(review, made)
    assert [(finding.rule, finding.path) for finding in review.findings if finding.status == "new"] == [("aws/gp2_volume", "disk.tf")]
    assert draft.review is None
    assert draft.summary is not None
    assert "aws/gp2_volume" in draft.summary.body


def test_a_file_with_crlf_gets_the_patch_as_a_diff_and_no_button(tmp_path: Path) -> None:
    base = {"main.tf": PROVIDER.replace("\n", "\r\n")}
    made = change(tmp_path / "r", base, {"main.tf": (PROVIDER + DISK).replace("\n", "\r\n")})
    draft = draft_of(review_of(made.head, base), made)
    assert draft.review is not None
    assert [(has_suggestion(said.body), "```diff" in said.body) for said in draft.review.comments] == [(False, True)]


def test_fifty_machines_of_one_block_are_one_comment(tmp_path: Path) -> None:
    base = {"main.tf": PROVIDER}
    made = change(tmp_path / "r", base, {"main.tf": PROVIDER + DISK.replace("{\n", "{\n  count = 50\n", 1)})
    review = review_of(made.head, base)
    draft = draft_of(review, made)
    assert draft.review is not None
    (said,) = draft.review.comments
    assert (len(fingerprints_of(said.body)), "`aws_ebs_volume.a[*]`" in said.body) == (50, True)
    assert silent(draft_of(review, made, published(draft, Posted())))


def test_at_most_twenty_five_comments_are_open_and_no_run_adds_the_rest(tmp_path: Path) -> None:
    base = {"main.tf": PROVIDER}
    made = change(tmp_path / "r", base, {f"disk{number:02}.tf": DISK.replace('"a"', f'"d{number}"') for number in range(40)} | base)
    review = review_of(made.head, base)
    draft = draft_of(review, made)
    assert draft.review is not None
    assert len(draft.review.comments) == 25
    before = published(draft, Posted())
    assert silent(draft_of(review, made, before))
    answered = replace(before, comments=tuple(replace(one, answered=True) for one in before.comments))
    assert silent(draft_of(review, made, answered))
    resolved = replace(before, comments=tuple(replace(one, resolved="by_person") if one.id < 106 else one for one in before.comments))
    more = draft_of(review, made, resolved)
    assert more.review is not None
    assert len(more.review.comments) == 5


def test_two_patches_for_the_same_lines_have_one_button(tmp_path: Path) -> None:
    disk = DISK.replace('  type              = "gp2"\n', "").replace("true", "true").replace("  encrypted         = true\n", "")
    base = {"main.tf": PROVIDER}
    made = change(
        tmp_path / "r",
        base,
        {"main.tf": PROVIDER + DATABASE.replace("BACKUPS", "0").replace("  multi_az                = true\n", "") + disk},
    )
    draft = draft_of(review_of(made.head, base), made)
    assert draft.review is not None
    buttons = [(said.path, said.start_line or said.line, said.line) for said in draft.review.comments if has_suggestion(said.body)]
    assert all(one[2] < other[1] or other[2] < one[1] for one in buttons for other in buttons if one is not other)
    assert 0 < len(buttons) < len(draft.review.comments)


PULLS = [*(story for story in STORIES if (STORY_FOLDER / story / "base").is_dir()), "viral-game"]


@pytest.fixture(params=PULLS)
def told(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Review, Change, Draft]:
    """Each story and the example as a pull request."""
    folder = EXAMPLE if request.param == "viral-game" else STORY_FOLDER / request.param
    base, head = tree_contents(tree_of(folder / "base")), tree_contents(tree_of(folder / "head"))
    made = change(tmp_path / "r", base, head)
    review = review_of(made.head, base) if request.param == "viral-game" else reviewed(request.param)
    return review, made, draft_of(review, made)


def test_every_comment_stands_where_github_takes_it(told: tuple[Review, Change, Draft]) -> None:
    _, made, draft = told
    for said in draft.review.comments if draft.review else ():
        entry = {"path": said.path, "line": said.line, "side": "RIGHT", "body": said.body}
        entry |= {} if said.start_line is None else {"start_line": said.start_line, "start_side": "RIGHT"}
        assert fault(made.files, entry) is None


def test_every_button_gives_the_proven_patch(told: tuple[Review, Change, Draft]) -> None:
    review, made, draft = told
    patches = {fingerprint_token(one.fingerprint): one.patch for one in review.findings if one.patch is not None}
    for said in draft.review.comments if draft.review else ():
        if has_suggestion(said.body):
            patch = next(patches[token] for token in fingerprints_of(said.body) if token in patches)
            assert changed_paths(patch.edits) == (said.path,)
            assert pressed(made.head.files[said.path], said) == made.head.edited(patch.edits).files[said.path]


def test_every_new_finding_in_the_diff_is_said_once(told: tuple[Review, Change, Draft]) -> None:
    review, made, draft = told
    tokens = [token for said in (draft.review.comments if draft.review else ()) for token in fingerprints_of(said.body)]
    new = {finding.fingerprint for finding in review.findings if finding.status == "new"}
    assert len(tokens) == len(set(tokens))
    assert set(tokens) <= new
    assert silent(draft_of(review, made, published(draft, Posted())))


def test_a_patch_too_long_for_a_comment_is_named_not_cut(tmp_path: Path) -> None:
    base = {"main.tf": PROVIDER}
    made = change(tmp_path / "r", base, {"main.tf": PROVIDER + DISK})
    review = review_of(made.head, base)
    (found,) = [finding for finding in review.findings if finding.status == "new"]
    assert found.patch is not None
    long = replace(found.patch, diff="+ é\n" * 30_000, edits=tuple(replace(edit, text="é" * 70_000 + "\n") for edit in found.patch.edits))
    draft = draft_of(replace(review, findings=(replace(found, patch=long),)), made)
    assert draft.review is not None
    (said,) = draft.review.comments
    assert (len(said.body) < 1000, has_suggestion(said.body), "`clops fix --rule aws/gp2_volume --write`" in said.body) == (
        True,
        False,
        True,
    )


def test_every_text_keeps_to_githubs_limits(raised: tuple[Review, Change, Draft]) -> None:
    review, made, _ = raised
    draft = converse(review, "<!-- clops:review -->\n### ClOps\n\n" + "wörd " * 300_000, Posted(), made.diff, made.head, COMMIT)
    assert draft.summary is not None
    assert draft.check is not None
    assert len(draft.summary.body) <= 65_536
    assert len(draft.check.summary) <= 65_535
    assert len(draft.job_summary.encode()) <= 1_048_576
