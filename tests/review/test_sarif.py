"""The SARIF log: what GitHub reads, and what the standard asks for."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from clops_app.model.finding import Patch, Severity
from clops_app.model.resource import Diagnostic
from clops_app.model.review import Review
from clops_app.model.source import Edit, SourceTree, Span
from clops_app.review.assemble import RootResult, assemble
from clops_app.review.render.json_document import dumps
from clops_app.review.render.links import Links
from clops_app.review.render.sarif import sarif_log
from tests.review.samples import BASE, EMPTY, GP2, NO_BACKUPS, PAGES, SSH, bill, finding, second_server

TREE = SourceTree({"main.tf": b"x" * 20})


def log(review: Review, tree: SourceTree = TREE, *, complete: bool = False, links: Links = Links()) -> dict[str, Any]:  # noqa: B008 - frozen
    found: dict[str, Any] = json.loads(dumps(sarif_log(review, PAGES, tree, version="0.1.0", links=links, complete=complete)))
    return found


def run(review: Review, tree: SourceTree = TREE, *, complete: bool = False) -> dict[str, Any]:
    (only,) = log(review, tree, complete=complete)["runs"]
    assert isinstance(only, dict)
    return only


def reviewed(*findings: Any, **changes: Any) -> Review:
    return assemble([replace(RootResult("", "why", EMPTY, bill(), findings), **changes)], base=BASE)


def test_the_log_is_sarif_2_1_0() -> None:
    written = log(second_server())
    assert (written["version"], "sarif-schema-2.1.0" in written["$schema"]) == ("2.1.0", True)


def test_every_result_points_at_its_rule_and_at_a_line_of_a_file() -> None:
    only = run(second_server())
    rules = only["tool"]["driver"]["rules"]
    for result in only["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        assert 1 <= physical["region"]["startLine"] <= physical["region"]["endLine"]
        assert physical["artifactLocation"]["uriBaseId"] in only["originalUriBaseIds"]
        assert result["message"]["text"]


def test_each_rule_is_written_once_with_help_from_its_page() -> None:
    rules = run(second_server())["tool"]["driver"]["rules"]
    ids = [rule["id"] for rule in rules]
    assert ids == sorted(set(ids))
    (backups,) = [rule for rule in rules if rule["id"] == "aws/database_without_backups"]
    assert backups["shortDescription"]["text"] == "Database keeps no backups"
    assert backups["help"]["markdown"].startswith("## What\n\nDatabase keeps no backups, as written.\n\n## Why\n\nWithout backups")


@pytest.mark.parametrize(("severity", "level"), [("critical", "error"), ("high", "error"), ("medium", "warning"), ("low", "note")])
def test_a_severity_is_a_level(severity: Severity, level: str) -> None:
    (result,) = run(reviewed(replace(NO_BACKUPS, severity=severity)))["results"]
    assert result["level"] == level


@pytest.mark.parametrize(
    ("severity", "low", "high"), [("critical", 9.0, 10.0), ("high", 7.0, 8.9), ("medium", 4.0, 6.9), ("low", 0.1, 3.9)]
)
def test_security_findings_have_a_score_in_githubs_band(severity: Severity, low: float, high: float) -> None:
    (rule,) = run(reviewed(replace(SSH, severity=severity)))["tool"]["driver"]["rules"]
    assert low <= float(rule["properties"]["security-severity"]) <= high


def test_a_finding_that_is_not_about_security_has_no_security_score() -> None:
    (rule,) = run(reviewed(NO_BACKUPS))["tool"]["driver"]["rules"]
    assert "security-severity" not in rule["properties"]


def test_a_message_names_the_instance_once() -> None:
    texts = [result["message"]["text"] for result in run(reviewed(NO_BACKUPS, finding("aws/x", "aws_x.y[3]", "It is `odd`.")))["results"]]
    assert texts == [
        "aws_x.y[3]: It is odd.",
        "aws_db_instance.main keeps no backups: a bad deploy or a lost disk takes every account with it.",
    ]


def test_a_fingerprint_is_the_findings_own() -> None:
    (result,) = run(reviewed(NO_BACKUPS))["results"]
    assert result["partialFingerprints"] == {"clops/v1": NO_BACKUPS.fingerprint}


def test_against_a_base_results_say_whether_they_are_new() -> None:
    only = run(reviewed(NO_BACKUPS, replace(GP2, status="existing")))
    assert [result["baselineState"] for result in only["results"]] == ["new", "unchanged"]
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", only["baselineGuid"])


def test_without_a_base_there_is_no_baseline() -> None:
    only = run(assemble([RootResult("", "why", EMPTY, bill(), (NO_BACKUPS,))]))
    assert ("baselineGuid" in only, "baselineState" in only["results"][0]) == (False, False)


MENDED_AND_DISMISSED = reviewed(NO_BACKUPS, replace(GP2, status="fixed"), ignored=((SSH, "only for a week"),))


def test_github_is_given_only_what_is_wrong_now() -> None:
    assert [result["ruleId"] for result in run(MENDED_AND_DISMISSED)["results"]] == ["aws/database_without_backups"]


def test_a_complete_log_has_what_was_mended_and_what_was_dismissed() -> None:
    results = run(MENDED_AND_DISMISSED, complete=True)["results"]
    assert [(result["ruleId"], result["baselineState"], result.get("suppressions")) for result in results] == [
        ("aws/database_without_backups", "new", None),
        ("aws/gp2_volume", "absent", None),
        ("aws/ssh_open_to_world", "new", [{"kind": "external", "justification": "only for a week"}]),
    ]


def test_what_could_not_be_evaluated_is_a_notification() -> None:
    review = reviewed(diagnostics=(Diagnostic("var.x has no value", "main.tf:3", "no default"),))
    (invocation,) = run(review)["invocations"]
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == "var.x has no value (main.tf:3): no default"


def test_a_root_without_result_is_an_execution_that_failed() -> None:
    review = reviewed(diagnostics=(Diagnostic("broken", "main.tf:3", "a cycle", fatal=True),))
    assert run(review)["invocations"][0]["executionSuccessful"] is False


def test_a_path_becomes_a_uri() -> None:
    (result,) = run(reviewed(finding("aws/x", "aws_x.y", "m", path="en vs/прод#1/main.tf")))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "en%20vs/%D0%BF%D1%80%D0%BE%D0%B4%231/main.tf"


def test_a_rule_links_to_its_page_where_there_is_one() -> None:
    written = log(reviewed(NO_BACKUPS), links=Links(rules="https://example.com/{rule}"))
    assert written["runs"][0]["tool"]["driver"]["rules"][0]["helpUri"] == "https://example.com/aws/database_without_backups"


FILES = {
    "main.tf": 'resource "aws_db_instance" "게임" {\r\n  engine = "postgres" # 😀 emoji\r\n  multi_az = false\r\n}\r\n'.encode(),
    "새 파일.tf": b"",
}


@pytest.mark.parametrize(
    "edits",
    [
        [("main.tf", "multi_az = false", "multi_az = true")],
        [("main.tf", "# 😀 emoji\r\n", "# 🙂\r\n  backup_retention_period = 7\r\n"), ("main.tf", "게임", "game")],
        [("main.tf", "", "\n# at the very start"), ("새 파일.tf", "", 'resource "aws_backup_vault" "a" {}\n')],
        [("main.tf", "}\r\n", "}\r\n\r\n# at the very end\r\n")],
    ],
)
def test_a_fix_gives_the_very_bytes_of_the_patched_files(edits: list[tuple[str, str, str]]) -> None:
    tree = SourceTree(FILES)
    made = [
        Edit(Span(path, FILES[path].index(old.encode()), FILES[path].index(old.encode()) + len(old.encode())), new)
        for path, old, new in edits
    ]
    patched = replace(NO_BACKUPS, patch=Patch("p", tuple(made), "safe", False, "-\n+\n", None))
    (result,) = run(reviewed(patched), tree)["results"]
    assert applied(FILES, result["fixes"][0]) == dict(tree.edited(made).files)


def applied(files: dict[str, bytes], fix: dict[str, Any]) -> dict[str, bytes]:
    """Do what a SARIF reader does: code points in lines, from the last replacement to the first."""
    from urllib.parse import unquote

    result = dict(files)
    for change in fix["artifactChanges"]:
        path = unquote(change["artifactLocation"]["uri"])
        lines = result[path].decode().split("\n")
        starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(len(lines))]
        text = result[path].decode()
        for replacement in reversed(change["replacements"]):
            region = replacement["deletedRegion"]
            start = starts[region["startLine"] - 1] + region["startColumn"] - 1
            end = starts[region["endLine"] - 1] + region["endColumn"] - 1
            text = text[:start] + replacement["insertedContent"]["text"] + text[end:]
        result[path] = text.encode()
    return result


def test_a_file_whose_columns_cannot_be_told_gives_no_fix() -> None:
    tree = SourceTree({"main.tf": b"# \xff\xfe\n"})
    patched = replace(NO_BACKUPS, patch=Patch("p", (Edit(Span("main.tf", 4, 4), "x"),), "safe", False, "-\n+\n", None))
    (result,) = run(reviewed(patched), tree)["results"]
    assert "fixes" not in result


def test_the_same_review_gives_the_same_bytes() -> None:
    assert dumps(sarif_log(second_server(), PAGES, TREE, version="0")) == dumps(sarif_log(second_server(), PAGES, TREE, version="0"))
