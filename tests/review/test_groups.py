"""What one block says many times is said once."""

from __future__ import annotations

import pytest

from clops_app.review.groups import block_address, count_by_severity, grouped, message_of, shared_address, type_of
from clops_app.review.stories import PHRASES, stories
from clops_app.rulebook.load import load_rules
from tests.review.samples import GP2, NO_BACKUPS, ONE_ZONE_DATABASE, SERVERS, SSH, finding, servers


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        (("aws_instance.game",), "aws_instance.game"),
        (("aws_instance.game[0]",), "aws_instance.game[0]"),
        (("aws_instance.game[0]", "aws_instance.game[1]"), "aws_instance.game[*]"),
        (('aws_instance.game["a.b"]', 'aws_instance.game["c]d"]'), "aws_instance.game[*]"),
        (("module.web[0].aws_lb.main", "module.web[1].aws_lb.main"), "module.web[*].aws_lb.main"),
        (("module.web[0].aws_instance.a[0]", "module.web[0].aws_instance.a[1]"), "module.web[0].aws_instance.a[*]"),
        (('aws_instance.game["say \\"hi\\""]', 'aws_instance.game["b"]'), "aws_instance.game[*]"),
    ],
)
def test_instances_of_a_block_share_an_address(addresses: tuple[str, ...], expected: str) -> None:
    assert shared_address(addresses) == expected


def test_a_block_address_has_no_index_at_all() -> None:
    assert block_address('module.a["x.y"].module.b[3].aws_instance.game[*]') == "module.a.module.b.aws_instance.game"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("aws_instance.game[0]", "aws_instance"),
        ('module.web["a.b"].aws_lb.main', "aws_lb"),
        ("module.a.module.b.data.aws_ami.x", "aws_ami"),
        ("data.aws_ami.x", "aws_ami"),
    ],
)
def test_the_type_is_read_off_an_address(address: str, expected: str) -> None:
    assert type_of(address) == expected


def test_findings_of_one_rule_about_one_block_are_one_group() -> None:
    assert [(group.address, len(group.findings)) for group in grouped(servers("aws/single_az_compute", "m", range(50)))] == [
        ("aws_instance.game[*]", 50)
    ]


def test_findings_of_two_rules_about_one_block_are_two_groups() -> None:
    assert len(grouped((NO_BACKUPS, ONE_ZONE_DATABASE))) == 2


def test_a_new_and_an_old_finding_about_one_block_are_two_groups() -> None:
    both = (finding("aws/x", "aws_instance.a[0]", "m"), finding("aws/x", "aws_instance.a[1]", "m", status="existing"))
    assert [group.address for group in grouped(both)] == ["aws_instance.a[0]", "aws_instance.a[1]"]


def test_the_message_of_a_group_speaks_of_all_its_instances() -> None:
    (group,) = grouped(servers("aws/x", "`ADDRESS` is alone."))
    assert message_of(group) == "`aws_instance.game[*]` is alone."


def test_severities_are_counted_by_group_most_severe_first() -> None:
    assert count_by_severity(grouped((GP2, SSH, *SERVERS))) == {"high": 3, "medium": 1, "low": 1}


def test_group_load_balancer_and_zones_of_serving_compute_are_one_story() -> None:
    told = stories(grouped((*SERVERS, NO_BACKUPS)))
    assert [[group.first.rule for group in story.groups] for story in told] == [
        ["aws/compute_without_load_balancer", "aws/compute_without_autoscaling", "aws/single_az_compute"],
        ["aws/database_without_backups"],
    ]


def test_two_databases_are_two_stories() -> None:
    other = finding("aws/single_az_database", "aws_db_instance.other", "m", severity="medium")
    assert [len(story.groups) for story in stories(grouped((NO_BACKUPS, ONE_ZONE_DATABASE, other)))] == [2, 1]


def test_whatever_else_is_said_of_a_server_belongs_to_its_story() -> None:
    disk = finding("aws/gp2_volume", "aws_instance.game[0]", "m", severity="low")
    assert [len(story.groups) for story in stories(grouped((disk, *SERVERS)))] == [4]


def test_what_is_said_of_one_block_is_one_story_with_or_without_a_phrase() -> None:
    assert [len(story.groups) for story in stories(grouped((NO_BACKUPS, finding("aws/x", "aws_db_instance.main", "m"))))] == [2]


def test_every_phrase_is_about_a_rule_that_there_is_and_reads_as_part_of_a_sentence() -> None:
    known = {rule.id for rule in load_rules()}
    assert [rule for rule in PHRASES if rule not in known] == []
    assert [phrase.clause for phrase in PHRASES.values() if phrase.clause.endswith(".")] == []
    assert [phrase.consequence for phrase in PHRASES.values() if not phrase.consequence.endswith(".")] == []


def test_the_worst_story_is_told_first_and_of_equals_the_one_with_most_to_say() -> None:
    told = stories(grouped((SSH, NO_BACKUPS, *SERVERS)))
    assert [story.groups[0].first.rule for story in told] == [
        "aws/compute_without_load_balancer",
        "aws/database_without_backups",
        "aws/ssh_open_to_world",
    ]
