"""What to do first, and what then."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from clops_app.model.finding import Finding
from clops_app.review.advice import first_sentence, lowered, price, steps
from clops_app.review.groups import grouped
from clops_app.review.stories import stories
from clops_app.rulebook.load import load_rules
from tests.review.samples import GP2, NO_BACKUPS, ONE_ZONE_DATABASE, PAGES, SERVERS, SSH, finding, patch


def advised(*findings: Finding) -> list[tuple[str, str]]:
    return [(step.group.address, step.words) for step in steps(stories(grouped(findings)), PAGES)]


def patched(name: str, delta: str | None = "0", **changes: object) -> Finding:
    return replace(finding("aws/x", f"aws_x.{name}", "m", patch=patch(name, f"+{name}", delta)), **changes)  # type: ignore[arg-type]


def test_nothing_found_is_nothing_to_do() -> None:
    assert advised() == []


def test_a_proven_patch_goes_before_what_needs_a_hand_and_then_comes_the_worst_that_is_left() -> None:
    assert advised(*SERVERS, NO_BACKUPS, ONE_ZONE_DATABASE) == [
        ("aws_db_instance.main", "keep 7 days of backups"),
        ("aws_instance.game[*]", "put an `aws_lb` before the servers"),
    ]


def test_the_most_severe_patch_goes_first_although_another_is_cheaper() -> None:
    assert advised(patched("cheap", severity="medium"), patched("dear", "99"))[0] == ("aws_x.dear", "dear")


@pytest.mark.parametrize("other", ["0.01", "12", None])
def test_of_equally_severe_patches_what_costs_nothing_goes_first(other: str | None) -> None:
    assert [step[1] for step in advised(patched("paid", other), patched("free"))] == ["free", "paid"]


def test_of_equally_severe_ones_the_given_order_goes_first_and_before_what_costs_nothing() -> None:
    free, paid, other = patched("free"), patched("paid", "12"), patched("other", "5")
    order = {paid.fingerprint: 0, other.fingerprint: 1}
    assert [step.words for step in steps(stories(grouped([free, other, paid])), PAGES, order)] == ["paid", "other"]
    assert [step.words for step in steps(stories(grouped([free, other, paid])), PAGES, {"gone": 0})] == ["free", "other"]


def test_no_order_brings_a_finding_before_a_worse_one() -> None:
    small, large = patched("small", severity="medium"), patched("large", "99")
    assert [step.words for step in steps(stories(grouped([small, large])), PAGES, {small.fingerprint: 0})] == ["large", "small"]


def test_a_patch_that_saves_money_is_free_and_no_more() -> None:
    assert [step[1] for step in advised(patched("first", "0"), patched("saves", "-5"))] == ["first", "saves"]


def test_a_proposal_and_a_patch_that_recreates_the_resource_are_nothing_to_do_at_once() -> None:
    shown = replace(NO_BACKUPS, patch=patch("Shown", "+a", safety="show"))
    recreated = finding("aws/y", "aws_y.y", "m", patch=patch("Recreated", "+b", replaces=True))
    assert advised(shown, recreated, SSH, ONE_ZONE_DATABASE)[0][1] == "keep a second copy in another zone"


def test_a_patch_for_a_trifle_does_not_go_before_something_that_matters() -> None:
    trifle = replace(GP2, address="aws_ebs_volume.x", patch=patch("Use gp3", "+c", "-2"))
    assert [step[0] for step in advised(trifle, *SERVERS)] == ["aws_instance.game[*]", "aws_instance.game[*]"]


def test_what_the_first_patch_mends_as_well_is_not_the_next_step() -> None:
    assert advised(NO_BACKUPS, replace(ONE_ZONE_DATABASE, patch=NO_BACKUPS.patch)) == [("aws_db_instance.main", "keep 7 days of backups")]


@pytest.mark.parametrize(
    ("delta", "expected"),
    [("0", "free"), ("0.004", "free"), ("12.5", "+$12.50 a month"), ("-3.65", "saves $3.65 a month"), (None, "price not known")],
)
def test_the_price_of_a_patch_in_words(delta: str | None, expected: str) -> None:
    assert price(replace(patch("p"), monthly_usd_delta=None if delta is None else Decimal(delta))) == expected


@pytest.mark.parametrize(("text", "expected"), [("Keep it", "keep it"), ("SSH in", "SSH in"), ("`x` is", "`x` is"), ("", "")])
def test_words_are_lowered_for_the_middle_of_a_sentence(text: str, expected: str) -> None:
    assert lowered(text) == expected


def test_every_rule_says_in_one_short_sentence_how_to_mend_it() -> None:
    assert [rule.id for rule in load_rules() if len(first_sentence(rule.page.fix)) > 80] == []
