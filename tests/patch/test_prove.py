"""Only what was tried and holds is offered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from clops_app.kit import (
    AddBlock,
    AddResource,
    Architecture,
    Change,
    Code,
    Fix,
    Hit,
    NewBlock,
    RemoveAttribute,
    SetAttribute,
    at,
    blocks,
    is_false,
    is_true,
    read,
)
from clops_app.language import speaking
from clops_app.model.finding import Finding, Patch
from clops_app.patch.batch import GIVEN_UP
from clops_app.patch.combine import combine
from clops_app.patch.findings import patch_findings
from clops_app.patch.work import LIMITS, Limits
from clops_app.rulebook.load import Rule
from tests.patch.workbench import findings_of, flag_rule, rule, tree_of, turn_on, workshop_of

MULTI_AZ = flag_rule("single_az", "aws_db_instance", "multi_az", turn_on("multi_az"))
PROTECTION = flag_rule("unprotected", "aws_db_instance", "deletion_protection", turn_on("deletion_protection"))


def patched(files: Mapping[str, str], *rules: Rule, roots: Iterable[str] = ("",), limits: Limits = LIMITS) -> tuple[Finding, ...]:
    workshop = workshop_of(tree_of(files), rules, roots)
    return patch_findings(findings_of(workshop), workshop, limits)


def only_patch(files: Mapping[str, str], *rules: Rule) -> Patch:
    (finding,) = patched(files, *rules)
    assert finding.patch is not None, finding.why_no_patch
    return finding.patch


def why(files: Mapping[str, str], *rules: Rule) -> str:
    found = patched(files, *rules)
    assert [finding.patch for finding in found] == [None] * len(found)
    return found[0].why_no_patch


DATABASE = """\
resource "aws_db_instance" "main" {
  engine            = "postgres"
  instance_class    = "db.t3.micro"
  allocated_storage = 20
  multi_az          = false
}
"""
REGION = 'provider "aws" {\n  region = "us-east-1"\n}\n'
FILES = {"db.tf": DATABASE, "main.tf": REGION}


def test_a_patch_that_mends_its_finding_is_offered_with_its_diff_and_cost() -> None:
    patch = only_patch(FILES, MULTI_AZ)
    assert patch.title == "Turn it on"
    assert (patch.safety, patch.replaces) == ("safe", False)
    assert patch.diff == (
        "--- a/db.tf\n+++ b/db.tf\n@@ -2,5 +2,5 @@\n"
        '   engine            = "postgres"\n   instance_class    = "db.t3.micro"\n   allocated_storage = 20\n'
        "-  multi_az          = false\n+  multi_az          = true\n }\n"
    )
    assert patch.monthly_usd_delta is not None
    # A standby costs what the instance and its storage cost: the bill doubles.
    assert patch.monthly_usd_delta == workshop_of(tree_of(FILES), ()).thought[""].bill.monthly_usd > Decimal(0)


def test_a_patch_that_changes_nothing_for_its_finding_is_refused() -> None:
    useless = flag_rule("single_az", "aws_db_instance", "multi_az", turn_on("copy_tags_to_snapshot"))
    assert why(FILES, useless) == "with the change made, the finding is still there"


def test_a_patch_that_brings_a_new_finding_is_refused() -> None:
    def check(architecture: Architecture) -> Iterable[Hit]:
        for resource in architecture.resources("aws_db_instance"):
            if not is_false(read(resource, "multi_az"), default=False):
                yield Hit("two zones are dear", at(resource))

    assert why(FILES, MULTI_AZ, rule("dear", check)) == "it would bring a new finding: dear (aws_db_instance.main)"


def test_why_there_is_no_patch_is_said_in_the_language_spoken() -> None:
    unknown = flag_rule("single_az", "aws_db_instance", "multi_az", lambda _: (SetAttribute("aws_db_instance.main", "two_zones", True),))
    elsewhere = flag_rule("single_az", "aws_db_instance", "multi_az", lambda _: (SetAttribute("aws_db_instance.other", "multi_az", True),))
    with speaking("ko"):
        assert why(FILES, unknown) == "프로바이더가 거부할 내용입니다: aws_db_instance: two_zones 인수가 없습니다"
        assert why(FILES, elsewhere) == "aws_db_instance.other 리소스가 이 루트에 쓰여 있지 않습니다"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ((SetAttribute("aws_db_instance.main", "two_zones", True),), "aws_db_instance has no argument two_zones"),
        ((SetAttribute("aws_db_instance.main", "endpoint", "x"),), "aws_db_instance.endpoint is set by AWS and cannot be written"),
        ((SetAttribute("aws_db_instance.main", "multi_az", "yes"),), "aws_db_instance.multi_az must be a bool"),
        ((AddBlock("aws_db_instance.main", "", NewBlock("standby")),), "aws_db_instance has no block standby"),
        (
            (AddResource("aws_db_instance.main", NewBlock("resource", ("aws_ebs_volume", "v"))),),
            "aws_ebs_volume requires availability_zone",
        ),
        (
            (AddResource("aws_db_instance.main", NewBlock("resource", ("kubernetes_pod", "p"))),),
            "no schema of kubernetes_pod is at hand to check it against",
        ),
    ],
)
def test_a_patch_that_the_provider_would_refuse_is_refused(changes: tuple[Change, ...], reason: str) -> None:
    broken = flag_rule("single_az", "aws_db_instance", "multi_az", lambda _: changes)
    assert why(FILES, broken) == f"the provider would refuse it: {reason}"


def test_a_patch_that_refers_to_what_is_not_there_is_refused() -> None:
    lost = flag_rule(
        "single_az",
        "aws_db_instance",
        "multi_az",
        lambda address: (SetAttribute(address, "multi_az", True), SetAttribute(address, "kms_key_id", Code("aws_kms_key.lost.arn"))),
    )
    assert why(FILES, lost).startswith("it could not be evaluated: aws_db_instance.main.kms_key_id")


def test_a_patch_that_recreates_the_resource_says_so_and_wants_eyes() -> None:
    encrypted = flag_rule("unencrypted", "aws_db_instance", "storage_encrypted", turn_on("storage_encrypted"))
    patch = only_patch(FILES, encrypted)
    assert (patch.safety, patch.replaces) == ("review", True)


def test_a_rule_that_offers_no_patch_gives_none() -> None:
    workshop = replace(workshop_of(tree_of(FILES), [MULTI_AZ]), permissions={})
    (finding,) = patch_findings(findings_of(workshop), workshop)
    assert (finding.patch, finding.why_no_patch) == (None, "there is no single change that mends it")


def test_instances_of_one_block_are_mended_by_the_same_patch() -> None:
    found = patched({**FILES, "db.tf": DATABASE.replace("{\n", "{\n  count             = 3\n", 1)}, MULTI_AZ)
    assert len(found) == 3
    assert found[0].patch is not None
    assert {finding.patch for finding in found} == {found[0].patch}


def test_no_more_work_is_done_than_allowed_and_that_is_said() -> None:
    queues = "".join(f'resource "aws_sqs_queue" "q{n}" {{\n  fifo_queue = false\n}}\n' for n in range(4))
    fifo = flag_rule("unordered", "aws_sqs_queue", "fifo_queue", turn_on("fifo_queue"))
    found = patched({"q.tf": queues, "main.tf": REGION}, fifo, limits=Limits(alone=20, at_most=15))
    assert [finding.patch is not None for finding in found] == [True, True, True, False]
    assert found[3].why_no_patch == GIVEN_UP


def test_of_two_findings_at_one_address_the_first_can_be_mended_alone() -> None:
    def check(architecture: Architecture) -> Iterable[Hit]:
        for group in architecture.resources("aws_security_group"):
            for number in range(2):
                path = f"ingress[{number}].self"
                if is_false(read(group, path), default=True):
                    yield Hit("open", at(group, path), Fix("Close it", (SetAttribute(group.address, path, True),)))

    ingress = '  ingress {\n    from_port = 1\n    to_port   = 1\n    protocol  = "tcp"\n    self      = false\n  }\n'
    found = patched({"g.tf": f'{REGION}\nresource "aws_security_group" "g" {{\n{ingress}{ingress}}}\n'}, rule("open", check))
    assert [finding.why_no_patch for finding in found] == ["", ""]


MODULE = {
    "db/main.tf": 'variable "ha" {\n  default = false\n}\n\n' + DATABASE.replace("= false", "= var.ha"),
    "dev/main.tf": f'{REGION}\nmodule "db" {{\n  source = "../db"\n}}\n',
    "prod/main.tf": f'{REGION}\nmodule "db" {{\n  source = "../db"\n}}\n',
}


def test_a_change_of_a_shared_module_is_thought_through_in_every_root() -> None:
    def check(architecture: Architecture) -> Iterable[Hit]:
        for resource in architecture.resources("aws_db_instance"):
            if read(resource, "deletion_protection") == read(resource, "multi_az"):
                yield Hit("both or neither", at(resource))

    files = {**MODULE, "dev/main.tf": MODULE["dev/main.tf"].replace('"../db"\n', '"../db"\n  ha     = true\n')}
    found = patched(files, PROTECTION, rule("both", check), roots=("dev", "prod"))
    assert {finding.why_no_patch for finding in found if finding.rule == "test/unprotected"} == {
        "it would bring a new finding: both (module.db.aws_db_instance.main)"
    }


def test_the_cost_is_of_all_roots_that_change() -> None:
    costly = flag_rule("single_az", "aws_db_instance", "iam_database_authentication_enabled", lambda address: (
        SetAttribute(address, "iam_database_authentication_enabled", True),
        SetAttribute(address, "instance_class", "db.t3.small"),
    ))  # fmt: skip
    one = patched({**MODULE}, costly, roots=("prod",))
    two = patched({**MODULE}, costly, roots=("dev", "prod"))
    assert one[0].patch is not None
    assert two[0].patch is not None
    assert one[0].patch.monthly_usd_delta is not None
    assert two[0].patch.monthly_usd_delta == 2 * one[0].patch.monthly_usd_delta > 0


def test_the_cost_is_not_told_where_a_resource_becomes_unpriced() -> None:
    odd = flag_rule(
        "single_az", "aws_db_instance", "multi_az", lambda address: (
            SetAttribute(address, "multi_az", True), SetAttribute(address, "instance_class", "db.z99.mega"),
        )
    )  # fmt: skip
    assert only_patch(FILES, odd).monthly_usd_delta is None


def test_patches_of_one_block_are_combined() -> None:
    workshop = workshop_of(tree_of(FILES), [MULTI_AZ, PROTECTION])
    together = combine(patch_findings(findings_of(workshop), workshop), workshop)
    assert together.left_out == ()
    assert together.tree.files["db.tf"].decode() == DATABASE.replace(
        "  multi_az          = false\n", "  multi_az            = true\n  deletion_protection = true\n"
    ).replace("engine            ", "engine              ").replace("instance_class    ", "instance_class      ").replace(
        "allocated_storage ", "allocated_storage   "
    )
    assert workshop.tree.edited(together.edits).files["db.tf"] == together.tree.files["db.tf"]


def test_patches_that_exclude_each_other_come_in_as_far_as_they_can() -> None:
    def check(architecture: Architecture) -> Iterable[Hit]:
        for resource in architecture.resources("aws_db_instance"):
            if is_true(read(resource, "multi_az")) and is_true(read(resource, "deletion_protection")):
                yield Hit("not both", at(resource))

    workshop = workshop_of(tree_of(FILES), [MULTI_AZ, PROTECTION, rule("both", check)])
    found = patch_findings(findings_of(workshop), workshop)
    assert [finding.patch is not None for finding in found] == [True, True]
    together = combine(found, workshop)
    assert together.mended == found[:1]
    assert [reason for _, reason in together.left_out] == ["it would bring a new finding: both (aws_db_instance.main)"]


def test_patches_far_apart_are_proven_at_once() -> None:
    files = {"main.tf": REGION, **{f"db{n}.tf": DATABASE.replace('"main"', f'"d{n}"') for n in range(5)}}
    workshop = workshop_of(tree_of(files), [MULTI_AZ])
    together = combine(patch_findings(findings_of(workshop), workshop), workshop, Limits(alone=0, at_most=0))
    assert len(together.mended) == 5
    assert together.monthly_usd_delta == 5 * workshop_of(tree_of(FILES), ()).thought[""].bill.monthly_usd


def test_what_the_second_root_reads_is_thought_of_again_when_patches_are_combined() -> None:
    files = {"a/main.tf": REGION + DATABASE, "b/main.tf": REGION + DATABASE}
    workshop = workshop_of(tree_of(files), [MULTI_AZ, PROTECTION], roots=("a", "b"))
    together = combine(patch_findings(findings_of(workshop), workshop), workshop)
    assert len(together.mended) == 4
    assert b"= false" not in together.tree.files["a/main.tf"] + together.tree.files["b/main.tf"]


def test_blocks_that_move_up_are_still_the_right_ones_to_remove() -> None:
    def check(architecture: Architecture) -> Iterable[Hit]:
        for group in architecture.resources("aws_security_group"):
            for path, _ in blocks(group, "ingress"):
                if is_false(read(group, f"{path}.self"), default=True):
                    yield Hit("open", at(group, path), Fix("Close it", (RemoveAttribute(group.address, path),)))

    ingress = '  ingress {\n    from_port = %d\n    to_port   = 1\n    protocol  = "tcp"\n    self      = %s\n  }\n'
    written = [ingress % (number, "true" if number == 2 else "false") for number in range(4)]
    text = f'{REGION}\nresource "aws_security_group" "g" {{\n{"".join(written)}}}\n'
    workshop = workshop_of(tree_of({"g.tf": text}), [rule("open", check)])
    together = combine(patch_findings(findings_of(workshop), workshop), workshop)
    assert len(together.mended) == 3
    assert together.tree.files["g.tf"].decode() == f'{REGION}\nresource "aws_security_group" "g" {{\n{written[2]}}}\n'


def test_a_patch_that_makes_the_resource_go_away_is_refused() -> None:
    gone = flag_rule("single_az", "aws_db_instance", "multi_az", lambda address: (SetAttribute(address, "count", 0),))
    assert why(FILES, gone) == "with the change made, aws_db_instance.main is not there any more"
