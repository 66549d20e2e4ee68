"""New is what the change brings; what was there is existing under its new name too; what is gone is fixed."""

from __future__ import annotations

from clops_app.model.finding import Finding
from clops_app.model.source import Span
from clops_app.rulebook.match import match_findings
from clops_app.rulebook.run import fingerprint


def finding(address: str, line: int = 1, rule: str = "aws/public_database") -> Finding:
    return Finding(
        rule=rule,
        title="",
        severity="high",
        category="security",
        address=address,
        root="",
        path="main.tf",
        start_line=line,
        end_line=line,
        message="",
        fingerprint=fingerprint(rule, "", address, ""),
        span=Span("main.tf", 0, 1),
    )


def fates(*found: Finding) -> list[tuple[str, str]]:
    return [(item.address, item.status) for item in found]


def test_a_finding_that_the_base_has_too_is_existing_wherever_it_stands_now() -> None:
    matched = match_findings([finding("aws_db_instance.a", 90), finding("aws_db_instance.b", 5)], [finding("aws_db_instance.a", 3)])
    assert fates(*matched) == [("aws_db_instance.a", "existing"), ("aws_db_instance.b", "new")]


def test_with_no_base_everything_is_new() -> None:
    assert fates(*match_findings([finding("aws_db_instance.a")], [])) == [("aws_db_instance.a", "new")]


def test_what_the_base_had_and_the_head_has_not_is_fixed() -> None:
    assert fates(*match_findings([], [finding("aws_db_instance.a")])) == [("aws_db_instance.a", "fixed")]


def test_what_is_dismissed_is_not_called_fixed() -> None:
    assert match_findings([], [finding("aws_db_instance.a")], dismissed=[finding("aws_db_instance.a")]) == ()


def test_another_rule_at_the_same_address_is_another_finding() -> None:
    matched = match_findings([finding("aws_db_instance.a", rule="aws/unencrypted_storage")], [finding("aws_db_instance.a")])
    assert fates(*matched) == [("aws_db_instance.a", "new"), ("aws_db_instance.a", "fixed")]


def test_a_renamed_resource_keeps_its_old_findings() -> None:
    head = [finding("aws_db_instance.game[0]"), finding("module.data.aws_db_instance.a")]
    base = [finding("aws_db_instance.main[0]"), finding("module.db.aws_db_instance.a")]
    moved = [("aws_db_instance.main", "aws_db_instance.game"), ("module.db", "module.data")]
    assert [item.status for item in match_findings(head, base, moved=moved)] == ["existing", "existing"]


def test_a_rename_explains_one_finding_not_two() -> None:
    head = [finding("aws_db_instance.new"), finding("aws_db_instance.newer")]
    matched = match_findings(head, [finding("aws_db_instance.old")], moved=[("aws_db_instance.old", "aws_db_instance.new")])
    assert fates(*matched) == [("aws_db_instance.new", "existing"), ("aws_db_instance.newer", "new")]
