"""What a change brings, keeps and mends is told apart, and what cannot be known is not told as good news."""

from __future__ import annotations

from datetime import date

import pytest

from clops_app.model.review import Review
from clops_app.model.source import SourceTree
from clops_app.ports import Checkout
from clops_app.usecases.config import Config, Environment, Ignore, RuleSettings, TerraformInputs
from clops_app.usecases.question import Compared, Question
from clops_app.usecases.review_change import review_change, scan_folder
from clops_app.usecases.think import mind

TODAY = date(2026, 11, 21)
PROVIDER = 'provider "aws" {\n  region = "us-east-1"\n}\n'
DISK = 'resource "aws_ebs_volume" "a" {\n  availability_zone = "us-east-1a"\n  size = 10\n  type = "gp2"\n}\n'


def checkout(scope: str = "", refused: dict[str, str] | None = None, **files: str) -> Checkout:
    """`a__main="…"` is a/main.tf."""
    named = {f"{name.replace('__', '/')}.tf": content.encode() for name, content in files.items()}
    return Checkout(SourceTree(named, refused or {}), scope, "/nowhere")


def reviewed(head: Checkout, base: Checkout | None = None, config: Config | None = None) -> Review:
    thinking = mind(Question(TODAY, config or Config(), ".clops.yml"))
    return scan_folder(thinking, head) if base is None else review_change(thinking, head, Compared(base, "main"))


def statuses(review: Review, rule: str = "aws/gp2_volume") -> dict[str, str]:
    return {f"{finding.root}:{finding.address}": finding.status for finding in review.findings if finding.rule == rule}


def whats(review: Review) -> set[str]:
    return {diagnostic.what for diagnostic in review.diagnostics}


def test_the_same_code_brings_nothing_new() -> None:
    review = reviewed(checkout(main=PROVIDER + DISK), checkout(main=PROVIDER + DISK))
    assert (statuses(review), review.before == review.after) == ({":aws_ebs_volume.a": "existing"}, True)


def test_a_finding_moves_with_its_code_from_file_to_file() -> None:
    review = reviewed(checkout(main=PROVIDER, disks="\n\n# moved here\n" + DISK), checkout(main=PROVIDER + DISK))
    assert statuses(review) == {":aws_ebs_volume.a": "existing"}


def test_a_change_of_a_shared_module_is_seen_in_the_root_that_calls_it() -> None:
    root = PROVIDER + 'module "m" {\n  source = "../modules/m"\n}\n'
    head = checkout("app", app__main=root, modules__m__main=DISK)
    base = checkout("app", app__main=root, modules__m__main=DISK.replace("gp2", "gp3"))
    assert statuses(reviewed(head, base)) == {"app:module.m.aws_ebs_volume.a": "new"}


def test_a_finding_in_a_file_that_is_broken_now_is_not_told_as_mended() -> None:
    review = reviewed(checkout(main=PROVIDER, disk=DISK + "}}} = ["), checkout(main=PROVIDER, disk="\n" + DISK))
    assert "fixed" not in statuses(review).values()


def test_a_root_that_cannot_be_read_now_mends_nothing() -> None:
    review = reviewed(checkout(main="}}}} = ["), checkout(main=PROVIDER + DISK))
    assert (statuses(review), any(diagnostic.fatal for diagnostic in review.diagnostics)) == ({}, True)


def test_a_root_that_could_not_be_read_before_leaves_the_cost_before_unknown() -> None:
    review = reviewed(checkout(main=PROVIDER + DISK), checkout(main="}}}} = ["))
    assert (statuses(review), review.before) == ({":aws_ebs_volume.a": "new"}, None)


def test_a_root_that_is_new_costs_nothing_before() -> None:
    review = reviewed(checkout(a__main=PROVIDER, b__main=PROVIDER + DISK), checkout(a__main=PROVIDER))
    assert (statuses(review), review.before) == ({"b:aws_ebs_volume.a": "new"}, 0)


def test_a_resource_that_a_moved_block_renames_keeps_its_finding() -> None:
    renamed = DISK.replace('"a"', '"b"') + "moved {\n  from = aws_ebs_volume.a\n  to   = aws_ebs_volume.b\n}\n"
    assert statuses(reviewed(checkout(main=PROVIDER + renamed), checkout(main=PROVIDER + DISK))) == {":aws_ebs_volume.b": "existing"}


def test_a_module_that_only_the_base_has_makes_its_root_be_read_again() -> None:
    root = PROVIDER + 'module "m" {\n  source = "./m"\n}\n'
    assert statuses(reviewed(checkout(main=root), checkout(main=root, m__main=DISK))) == {":module.m.aws_ebs_volume.a": "fixed"}


def test_a_file_that_only_the_base_has_makes_its_root_be_read_again() -> None:
    assert statuses(reviewed(checkout(main=PROVIDER), checkout(main=PROVIDER, disk=DISK))) == {":aws_ebs_volume.a": "fixed"}


def test_only_the_new_findings_of_a_change_get_patches() -> None:
    review = reviewed(checkout(main=PROVIDER + DISK + DISK.replace('"a"', '"b"')), checkout(main=PROVIDER + DISK))
    patched = {finding.address: finding.patch is not None for finding in review.findings if finding.rule == "aws/gp2_volume"}
    assert patched == {"aws_ebs_volume.a": False, "aws_ebs_volume.b": True}


def test_a_dismissed_finding_is_kept_with_its_reason_and_not_told_as_mended() -> None:
    comment = "# clops:ignore aws/gp2_volume bought for years\n"
    review = reviewed(checkout(main=PROVIDER + comment + DISK), checkout(main=PROVIDER + DISK))
    assert statuses(review) == {}
    assert [(finding.address, reason) for finding, reason in review.ignored] == [("aws_ebs_volume.a", "bought for years")]


def test_settings_relax_disable_and_change_severities() -> None:
    head = checkout(dev__main=PROVIDER + DISK, prod__main=PROVIDER + DISK)
    relaxed = Config(environments={"dev": Environment(("dev",), ("cost",))})
    assert statuses(reviewed(head, config=relaxed)) == {"prod:aws_ebs_volume.a": "new"}
    assert statuses(reviewed(head, config=Config(rules=RuleSettings(("aws/gp2_volume",))))) == {}
    louder = reviewed(head, config=Config(rules=RuleSettings(severity={"aws/gp2_volume": "critical"})))
    assert {finding.severity for finding in louder.findings if finding.rule == "aws/gp2_volume"} == {"critical"}


def test_only_the_scope_is_reviewed() -> None:
    assert statuses(reviewed(checkout("a", a__main=PROVIDER + DISK, b__main=PROVIDER + DISK))) == {"a:aws_ebs_volume.a": "new"}


def test_what_was_refused_below_the_scope_is_told() -> None:
    refused = {"a/big.tf": "larger than 2 MiB", "b/big.tf": "larger than 2 MiB", "a/photo.png": "larger than 2 MiB"}
    review = reviewed(checkout("a", refused, a__main=PROVIDER))
    assert [diagnostic.where for diagnostic in review.diagnostics if diagnostic.what == "a file was not read"] == ["a/big.tf"]


def test_a_value_told_for_several_roots_reaches_those_that_declare_it() -> None:
    declared = PROVIDER + 'variable "kind" {\n  type = string\n}\n' + DISK.replace('"gp2"', "var.kind")
    config = Config(terraform=TerraformInputs(vars={"kind": "gp2", "kin": "x"}))
    review = reviewed(checkout(a__main=declared, b__main=PROVIDER), config=config)
    assert statuses(review) == {"a:aws_ebs_volume.a": "new"}
    assert [what for what in sorted(whats(review)) if "no effect" in what] == ["the value given for var.kin has no effect"]


def test_a_variable_file_that_is_nowhere_is_told() -> None:
    review = reviewed(checkout(main=PROVIDER), config=Config(terraform=TerraformInputs(var_files=("prod.tfvars",))))
    assert "the variable file prod.tfvars was not found" in whats(review)


def test_a_root_that_a_change_removes_is_told_as_removed_and_its_cost_as_saved() -> None:
    review = reviewed(checkout(b__main=PROVIDER), checkout(a__main=PROVIDER + DISK, b__main=PROVIDER))
    assert {root.root: root.why for root in review.roots}["a"] == "this change removes it"
    assert (statuses(review), review.before, review.after) == ({"a:aws_ebs_volume.a": "fixed"}, 1, 0)


def test_a_root_that_becomes_a_module_is_not_told_as_removed() -> None:
    caller = PROVIDER + 'module "m" {\n  source = "../a"\n}\n'
    review = reviewed(checkout(a__main=DISK, b__main=caller), checkout(a__main=DISK, b__main=PROVIDER))
    assert {root.root: root.why for root in review.roots}["a"] == "it was a root before this change, and is none now"
    assert (review.before, review.after) == (1, 1)


def test_a_change_that_removes_everything_is_not_told_that_there_is_no_terraform() -> None:
    review = reviewed(checkout(), checkout(main=PROVIDER + DISK))
    assert (statuses(review), whats(review), review.verdict) == ({":aws_ebs_volume.a": "fixed"}, set(), "pass")
    review = reviewed(checkout(), checkout(a__main=PROVIDER + DISK), Config(roots=("a",)))
    assert (statuses(review), whats(review), review.verdict) == ({"a:aws_ebs_volume.a": "fixed"}, set(), "pass")


@pytest.mark.parametrize("head", [checkout(b__main=PROVIDER), checkout(a__main=PROVIDER, b__main=PROVIDER)], ids=["root", "resource"])
def test_a_finding_that_was_dismissed_before_is_not_told_as_mended_when_it_is_gone(head: Checkout) -> None:
    comment = "# clops:ignore aws/gp2_volume bought for years\n"
    other = DISK.replace('"a"', '"b"')
    review = reviewed(head, checkout(a__main=PROVIDER + comment + DISK + other, b__main=PROVIDER))
    assert statuses(review) == {"a:aws_ebs_volume.b": "fixed"}
    entry = Config(ignore=(Ignore("aws/gp2_volume", "aws_ebs_volume.a", "bought for years"),))
    assert statuses(reviewed(head, checkout(a__main=PROVIDER + DISK + other, b__main=PROVIDER), entry)) == {"a:aws_ebs_volume.b": "fixed"}


def test_a_finding_whose_dismissal_is_taken_back_is_an_old_one() -> None:
    comment = "# clops:ignore aws/gp2_volume bought for years\n"
    review = reviewed(checkout(main=PROVIDER + DISK), checkout(main=PROVIDER + comment + DISK))
    assert statuses(review) == {":aws_ebs_volume.a": "existing"}


@pytest.mark.parametrize(
    ("head", "refused"),
    [
        (checkout("", {"a/disk.tf": "larger than 2 MiB"}, a__main=PROVIDER), "a/disk.tf"),
        (checkout("", {"a/disk.tf": "larger than 2 MiB", "a/main.tf": "not a regular file"}), "a/disk.tf"),
        (checkout("", {"a": "a directory that cannot be read"}), "a"),
    ],
    ids=["file", "every file", "directory"],
)
def test_what_cannot_be_read_now_is_not_told_as_mended_or_removed(head: Checkout, refused: str) -> None:
    review = reviewed(head, checkout(a__disk=DISK, a__main=PROVIDER))
    assert (statuses(review), review.verdict) == ({}, "warn")
    assert refused in {diagnostic.where for diagnostic in review.diagnostics}
    assert not any("removes" in root.why for root in review.roots)


def test_a_removed_root_that_could_not_be_read_before_leaves_the_cost_before_unknown() -> None:
    review = reviewed(checkout(b__main=PROVIDER), checkout(a__main="}}}} = [", b__main=PROVIDER))
    assert (statuses(review), review.before) == ({}, None)


def test_where_the_only_file_could_not_be_read_it_is_not_said_that_there_is_none() -> None:
    review = reviewed(checkout("", {"main.tf": "not a regular file"}))
    assert (whats(review), review.verdict) == ({"a file was not read"}, "warn")


def test_roots_that_are_nowhere_are_told_by_pattern_and_nothing_passes() -> None:
    review = reviewed(checkout(infra__prod__main=PROVIDER + DISK), config=Config(roots=("infra/prd", "envs/*")))
    assert [(item.what, item.where) for item in review.diagnostics] == [("`roots` finds nothing for infra/prd and envs/*", ".clops.yml")]
    assert (statuses(review), review.verdict) == ({}, "warn")


def test_a_pattern_of_roots_that_finds_nothing_beside_one_that_does_is_told() -> None:
    review = reviewed(checkout(a__main=PROVIDER), checkout(a__main=PROVIDER), Config(roots=("a", "b")))
    assert (whats(review), review.verdict) == ({"`roots` finds nothing for b"}, "pass")


def test_roots_outside_of_the_directory_that_is_asked_for_are_not_told_as_missing() -> None:
    both = Config(roots=("a", "b"))
    assert whats(reviewed(checkout("a", a__main=PROVIDER, b__main=PROVIDER), config=both)) == set()
    review = reviewed(checkout("c", a__main=PROVIDER, b__main=PROVIDER, c__main=PROVIDER), config=both)
    assert [(item.what, item.where, item.why) for item in review.diagnostics] == [
        ("nothing was reviewed", "c", "`roots` in .clops.yml names none of the directories here or below, but a and b")
    ]
    assert review.verdict == "warn"


def test_a_module_that_is_called_no_more_is_named_and_not_reviewed() -> None:
    root = PROVIDER + 'module "m" {\n  source = "../modules/m"\n}\n'
    review = reviewed(checkout(app__main=PROVIDER, modules__m__main=DISK), checkout(app__main=root, modules__m__main=DISK))
    assert statuses(review) == {"app:module.m.aws_ebs_volume.a": "fixed"}
    assert [diagnostic.where for diagnostic in review.diagnostics if diagnostic.what == "a module was not reviewed"] == ["modules/m"]


@pytest.mark.parametrize(
    "code",
    ['module "db" {\n  source = "../elsewhere"\n}\n', 'resource "aws_eip" "many" {\n  count = 10000000\n}\n'],
    ids=["gone", "too many"],
)
def test_what_was_not_looked_at_is_never_fine(code: str) -> None:
    """A module that is not where its call says, and instances beyond the first: what matters may be just there."""
    review = reviewed(checkout(**{"infra/main.tf": 'terraform {\n  backend "s3" {}\n}\n' + code}), checkout())
    assert (review.verdict, [item.lost for item in review.diagnostics if "modul" in item.what or "instances" in item.what]) == (
        "warn",
        [True],
    )
