"""With a plan the review knows more, says the same of what it knew, and still compares like with like."""

from __future__ import annotations

from datetime import date

import pytest

from clops_app.model.review import Review
from clops_app.terraform.plan_json import read_plan
from clops_app.usecases.apply_fixes import find_fixes
from clops_app.usecases.draw_graph import draw_graph
from clops_app.usecases.errors import ConfigError
from clops_app.usecases.price import price
from clops_app.usecases.question import Compared, Question
from clops_app.usecases.review_change import review_change
from clops_app.usecases.think import Mind, mind
from tests.terraform.plans import Shape, block, change, code, constants, document, refers, text
from tests.usecases.test_review_change import PROVIDER, checkout, statuses

TODAY = date(2026, 11, 21)
MAIN = PROVIDER + (
    'variable "kind" {}\n'
    'resource "aws_ebs_volume" "a" {\n  availability_zone = "us-east-1a"\n  size              = 10\n  type              = var.kind\n  encrypted         = true\n}\n'
)
VOLUME = block("aws_ebs_volume.a", constants(availability_zone="us-east-1a", size=10) | {"type": refers("var.kind")})
VALUES = {"availability_zone": "us-east-1a", "size": 10, "type": "gp2", "encrypted": True, "iops": None}
PLAN = document(code(VOLUME), change("aws_ebs_volume.a", VALUES, {"id": True}), variables={"kind": "gp2"})


def knowing(plan: Shape | None) -> Mind:
    return mind(Question(TODAY, plan=None if plan is None else read_plan(text(plan))))


def reviewed(head: str, base: str | None, plan: Shape | None) -> Review:
    compared = None if base is None else Compared(checkout(main=base), "main")
    return review_change(knowing(plan), checkout(main=head), compared)


def test_a_finding_that_only_the_plan_can_tell_stands_on_the_line_that_says_so() -> None:
    assert statuses(reviewed(MAIN, None, None)) == {}
    found = [finding for finding in reviewed(MAIN, None, PLAN).findings if finding.rule == "aws/gp2_volume"]
    assert [(finding.address, finding.path, finding.start_line) for finding in found] == [("aws_ebs_volume.a", "main.tf", 8)]


def test_what_the_plan_tells_of_code_that_did_not_change_is_nothing_new() -> None:
    assert statuses(reviewed("# a comment\n" + MAIN, MAIN, PLAN)) == {":aws_ebs_volume.a": "existing"}


def test_what_changed_is_compared_with_what_was_written_before() -> None:
    review = reviewed(MAIN, MAIN.replace("var.kind\n", '"gp3"\n'), PLAN)
    assert (statuses(review), review.before) == (
        {":aws_ebs_volume.a": "new"},
        price(knowing(None), checkout(main=MAIN.replace("var.kind\n", '"gp3"\n')), None).bills[0][1].monthly_usd,
    )


def test_the_cost_before_is_of_the_planned_values_where_the_code_is_the_same() -> None:
    prices = price(knowing(PLAN), checkout(main=MAIN), checkout(main="\n" + MAIN))
    assert prices.before == prices.bills[0][1].monthly_usd != 0


def test_a_patch_is_proven_against_the_changed_code_not_against_the_plan() -> None:
    written = MAIN.replace("var.kind\n", '"gp2"\n')
    fixes = find_fixes(knowing(PLAN), checkout(main=written), "aws/gp2_volume", frozenset({"safe", "review"}))
    assert [finding.address for finding in fixes.made] == ["aws_ebs_volume.a"]
    assert fixes.rewrites["main.tf"].after == written.replace('"gp2"', '"gp3"').encode()


def test_a_value_that_was_given_to_terraform_is_not_patched() -> None:
    fixes = find_fixes(knowing(PLAN), checkout(main=MAIN), "aws/gp2_volume", frozenset({"safe", "review"}))
    assert [why for _, why in fixes.not_made] == ["var.kind is given from outside the repository (the plan)"]


def test_nothing_is_patched_in_a_module_whose_source_is_not_here() -> None:
    call = {"disk": {"expressions": {}, "module": code(VOLUME)}}
    plan = document(code(calls=call), change("module.disk.aws_ebs_volume.a", VALUES))
    head = PROVIDER + 'module "disk" {\n  source = "acme/disk/aws"\n}\n'
    fixes = find_fixes(knowing(plan), checkout(main=head), "aws/gp2_volume", frozenset({"safe", "review", "show"}))
    assert [(finding.address, why) for finding, why in fixes.not_made] == [
        ("module.disk.aws_ebs_volume.a", "module.disk.aws_ebs_volume.a is not written in this root")
    ]


def test_the_graph_is_of_the_planned_instances() -> None:
    main = 'variable "n" {}\nresource "aws_sqs_queue" "q" {\n  count = var.n\n}\n'
    plan = document(code(block("aws_sqs_queue.q", counted=True)), *(change(f"aws_sqs_queue.q[{n}]", {}) for n in range(2)))
    graphs, _ = draw_graph(knowing(plan), checkout(main=PROVIDER + main))
    assert [*graphs[0].resources] == ["aws_sqs_queue.q[0]", "aws_sqs_queue.q[1]"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a__main": MAIN, "b__main": MAIN}, "--plan is the plan of one root, and in the whole repository there are 2 (a, b)."),
        ({}, "--plan is the plan of one root, and in the whole repository there is none."),
        ({"main": 'resource "aws_sqs_queue" "q" {}\n'}, "--plan is not the plan of this directory"),
    ],
)
def test_a_plan_is_of_exactly_one_root_and_of_this_one(files: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigError, match="--plan") as caught:
        review_change(knowing(PLAN), checkout(**files), None)
    assert str(caught.value).startswith(said)
