"""The check run says the same as the review, fifty annotations at a time and none of them twice."""

from __future__ import annotations

from dataclasses import replace

from clops_app.model.draft import CheckRun, PostedCheck
from clops_app.model.finding import Patch
from clops_app.model.review import Review
from clops_app.review.converse import whole
from clops_app.review.render.check import check_run
from clops_app.review.topics import topics_of
from clops_app.usecases.webhooks import BUTTONS
from tests.review.samples import finding, second_server

HEAD = "a" * 40


def checked(review: Review, posted: PostedCheck | None = None, *, failed: bool = False) -> CheckRun | None:
    topics = topics_of(one for one in review.findings if one.status == "new")
    return check_run(review, topics, "Words.", HEAD, failed=failed, posted=posted)


def made(review: Review, posted: PostedCheck | None = None, *, failed: bool = False) -> CheckRun:
    check = checked(review, posted, failed=failed)
    assert check is not None
    return check


def many(count: int) -> Review:
    found = tuple(finding("aws/gp2_volume", f"aws_x.r{number}", "m" * 90_000, path=f"{number}.tf") for number in range(count))
    return second_server(findings=found)


def test_there_is_a_button_where_somebody_listens_and_something_is_safe() -> None:
    safe = replace(second_server().findings[0], patch=Patch("Protect it", (), "safe", replaces=False, diff="", monthly_usd_delta=None))
    review = second_server(findings=(safe,))
    topics = topics_of(review.findings)
    runs = [check_run(review, topics, "Words.", HEAD, failed=False, posted=None, may_commit=may) for may in (True, False)]
    (button,), nothing = (run.buttons for run in runs if run is not None)
    assert (button.identifier in BUTTONS, nothing, made(second_server(findings=())).buttons) == (True, (), ())
    assert (len(button.label) <= 20, len(button.description) <= 40, len(button.identifier) <= 20) == (True, True, True)


def test_the_title_is_the_verdict_in_a_line() -> None:
    assert made(second_server()).title == "Not yet: 6 new findings (4 high, 2 medium), $21.57 → $29.16 a month"


def test_findings_on_the_same_lines_are_one_annotation() -> None:
    (batch,) = made(second_server()).batches
    assert [(one.path, one.start_line, one.end_line, one.level) for one in batch] == [
        ("main.tf", 6, 14, "failure"),
        ("main.tf", 6, 14, "failure"),
        ("main.tf", 6, 14, "failure"),
        ("main.tf", 17, 25, "failure"),
        ("main.tf", 17, 25, "warning"),
        ("sg.tf", 8, 16, "warning"),
    ]
    assert (
        batch[1].message
        == "aws_instance.game[0]: Nothing spreads players across the servers of aws_instance.game. The same holds for 1 other."
    )


def test_only_a_gate_that_the_team_set_fails() -> None:
    quiet = second_server(verdict="pass", findings=())
    assert [made(second_server()).conclusion, made(second_server(), failed=True).conclusion, made(quiet).conclusion] == [
        "neutral",
        "failure",
        "success",
    ]


def test_annotations_come_fifty_at_a_time_and_end_at_five_hundred() -> None:
    assert [len(batch) for batch in made(many(120)).batches] == [50, 50, 20]
    assert sum(len(batch) for batch in made(many(700)).batches) == 500


def test_texts_keep_to_githubs_limits() -> None:
    annotation = made(many(1)).batches[0][0]
    long = replace(second_server().findings[0], title="é" * 300, message="`é` " * 30_000)
    wide = made(second_server(findings=(long,))).batches[0][0]
    assert [len(one.message.encode()) <= 65_536 and len(one.title) <= 255 for one in (annotation, wide)] == [True, True]


def test_what_is_there_is_not_added_again() -> None:
    whole_run = made(many(120))
    there = PostedCheck(7, whole_run.external_id, completed=True, annotations=120)
    assert checked(many(120), there) is None
    rest = made(many(120), replace(there, annotations=100))
    assert (rest.id, [len(batch) for batch in rest.batches]) == (7, [20])


def test_other_words_on_the_same_commit_are_a_new_run_unless_it_has_only_begun() -> None:
    there = PostedCheck(7, "another", completed=True, annotations=3)
    assert [made(many(3), there).id, made(many(3), replace(there, completed=False, annotations=0)).id] == [None, 7]
    assert made(many(3)).external_id == made(many(3)).external_id != made(many(4)).external_id


def test_a_text_too_long_is_not_cut_inside_a_fold() -> None:
    body = f"### Head\n\nFacts.\n\n<details><summary>x</summary>\n\n{'y' * 500}\n\n</details>"
    note = "Too long to be shown here. `clops review --format json` has all of it."
    assert [whole(body, 2000), whole(body, 200), whole("z" * 300, 200)] == [body, f"### Head\n\nFacts.\n\n{note}", note]
