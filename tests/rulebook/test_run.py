"""Findings have lines, severity and an identity that survives editing; a rule that crashes costs only itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from clops_app.kit import Architecture, Hit, at
from clops_app.model.finding import Finding, Place
from clops_app.model.source import SourceTree, Span
from clops_app.rulebook.load import Rule
from clops_app.rulebook.page import parse_page
from clops_app.rulebook.run import RuleSettings, run_rules
from tests.rulebook.architectures import reading, tree_of
from tests.rulebook.test_page import PAGE

GROUPS = """resource "aws_cloudwatch_log_group" "a" {
  name = "a"
}

resource "aws_cloudwatch_log_group" "b" {
  count = 2
  name  = "b"
}
"""


def rule(name: str, check: Callable[[Architecture], Iterable[Hit]]) -> Rule:
    return Rule(name, parse_page(PAGE, name), lambda: check)


def every_group(architecture: Architecture) -> Iterable[Hit]:
    for group in architecture.resources("aws_cloudwatch_log_group"):
        yield Hit("kept for ever", at(group, "name"))


def run(tree: SourceTree, *rules: Rule, root: str = "", settings: RuleSettings | None = None) -> tuple[Finding, ...]:
    findings, diagnostics = run_rules(rules, reading(tree, root), tree, root, settings or RuleSettings())
    assert diagnostics == ()
    return findings


def test_a_finding_knows_its_rule_place_and_lines() -> None:
    found = run(tree_of(main=GROUPS), rule("aws/kept", every_group))[0]
    assert (found.rule, found.title, found.severity, found.category) == ("aws/kept", "Logs are kept for ever", "low", "cost")
    assert (found.address, found.path, found.start_line, found.end_line) == ("aws_cloudwatch_log_group.a", "main.tf", 2, 2)
    assert (found.message, found.status) == ("kept for ever", "new")


def test_each_instance_has_its_own_finding_in_the_order_of_the_code() -> None:
    found = run(tree_of(main=GROUPS), rule("aws/kept", every_group))
    assert [item.address for item in found] == [
        "aws_cloudwatch_log_group.a",
        "aws_cloudwatch_log_group.b[0]",
        "aws_cloudwatch_log_group.b[1]",
    ]
    assert len({item.fingerprint for item in found}) == 3


def test_moving_and_editing_code_changes_no_identity() -> None:
    before = run(tree_of(main=GROUPS), rule("aws/kept", every_group))
    after = run(tree_of(main="\n# Logs.\n" + GROUPS.replace('"a"\n', '"api"\n')), rule("aws/kept", every_group))
    assert [item.fingerprint for item in after] == [item.fingerprint for item in before]


def test_rule_root_and_address_make_the_identity() -> None:
    here = run(tree_of(main=GROUPS), rule("aws/kept", every_group))
    other_rule = run(tree_of(main=GROUPS), rule("aws/other", every_group))
    other_root = run(tree_of(prod__main=GROUPS), rule("aws/kept", every_group), root="prod")
    assert len({item.fingerprint for item in (*here, *other_rule, *other_root)}) == 9


def test_keys_tell_hits_at_one_address_apart_in_any_order() -> None:
    def two(architecture: Architecture) -> list[Hit]:
        place = at(architecture.resources("aws_cloudwatch_log_group")[0])
        return [Hit("disk", place, key="/dev/sdf"), Hit("disk", place, key="/dev/sdg")]

    forth = run(tree_of(main=GROUPS), rule("aws/kept", two))
    back = run(tree_of(main=GROUPS), rule("aws/kept", lambda architecture: reversed(two(architecture))))
    assert len({item.fingerprint for item in forth}) == 2
    assert forth == back


def test_hits_that_nothing_tells_apart_are_still_two_findings() -> None:
    def twice(architecture: Architecture) -> list[Hit]:
        return [Hit("one", at(architecture.resources("aws_cloudwatch_log_group")[0]))] * 2

    found = run(tree_of(main=GROUPS), rule("aws/kept", twice))
    assert len({item.fingerprint for item in found}) == 2
    once = run(tree_of(main=GROUPS), rule("aws/kept", every_group))
    assert len({item.fingerprint for item in found} & {item.fingerprint for item in once}) == 1


def test_a_rule_whose_types_are_not_there_is_not_even_imported() -> None:
    def never() -> Callable[[Architecture], Iterable[Hit]]:
        raise AssertionError("imported")

    assert run(tree_of(main='resource "aws_vpc" "main" {}\n'), Rule("aws/kept", parse_page(PAGE, ""), never)) == ()


def test_a_rule_for_everything_runs_where_nothing_is() -> None:
    anything = replace(rule("aws/kept", lambda _: [Hit("empty", Place("terraform", Span("main.tf", 0, 1)))]))
    anything = replace(anything, page=replace(anything.page, resources=("*",)))
    assert [item.address for item in run(tree_of(main="locals {}\n"), anything)] == ["terraform"]


def test_a_rule_that_crashes_is_said_and_the_others_run() -> None:
    def broken(architecture: Architecture) -> Iterable[Hit]:
        yield from every_group(architecture)
        raise KeyError("count")

    tree = tree_of(main=GROUPS)
    findings, diagnostics = run_rules([rule("aws/broken", broken), rule("aws/kept", every_group)], reading(tree), tree, "", RuleSettings())
    assert {item.rule for item in findings} == {"aws/kept"}
    assert [(item.what, item.where, item.why) for item in diagnostics] == [
        ("rule aws/broken failed", ".", "KeyError: 'count'. This is a bug in the rule, not in your code; the other rules ran")
    ]


def test_a_team_changes_severities_and_switches_rules_and_categories_off() -> None:
    tree = tree_of(main=GROUPS)
    assert run(tree, rule("aws/kept", every_group), settings=RuleSettings(severity={"aws/kept": "high"}))[0].severity == "high"
    assert run(tree, rule("aws/kept", every_group), settings=RuleSettings(disabled=frozenset({"aws/kept"}))) == ()
    assert run(tree, rule("aws/kept", every_group), settings=RuleSettings(relaxed=frozenset({"cost"}))) == ()


def test_code_that_nobody_here_wrote_is_not_reported() -> None:
    downloaded = Place("module.logs.aws_cloudwatch_log_group.a", Span(".terraform/modules/logs/main.tf", 0, 1))
    absent = Place("module.logs.aws_cloudwatch_log_group.b", Span("../elsewhere/main.tf", 0, 1))
    tree = SourceTree({"main.tf": GROUPS.encode(), ".terraform/modules/logs/main.tf": GROUPS.encode()})
    assert run(tree, rule("aws/kept", lambda _: [Hit("theirs", downloaded), Hit("theirs", absent)])) == ()


def test_what_a_downloaded_module_makes_stands_where_it_is_called() -> None:
    manifest = '{"Modules":[{"Key":"logs","Source":"registry.terraform.io/a/logs/aws","Version":"1.0.0","Dir":".terraform/modules/logs"}]}'
    call = 'module "logs" {\n  source = "a/logs/aws"\n}\n'
    files = {"main.tf": "locals {}\n\n" + call, ".terraform/modules/modules.json": manifest, ".terraform/modules/logs/main.tf": GROUPS}
    found = run(SourceTree({path: text.encode() for path, text in files.items()}), rule("aws/kept", every_group))
    assert found != ()
    assert {(item.path, item.start_line, item.end_line) for item in found} == {("main.tf", 3, 5)}
    assert {item.address.split(".aws_")[0] for item in found} == {"module.logs"}
