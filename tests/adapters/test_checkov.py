"""checkov as a subprocess: how it is found and called, and what becomes of whatever it prints."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from clops_app.adapters.bounded_process import LIMITS, Limits
from clops_app.adapters.checkov import VERSION, Checkov
from clops_app.model.opinion import Remark, Scanned
from clops_app.model.resource import Diagnostic
from tests.adapters.tools import RECORD, failed_check, printing, report, tool

FILES = {"main.tf": b'resource "aws_security_group" "game" {}\n', "m/a.tf": b""}
SECRETS = {"GITHUB_TOKEN": "ghs_x", "AWS_SECRET_ACCESS_KEY": "x", "BC_API_KEY": "x", "CKV_EXTERNAL_CHECKS_DIR": "x", "PYTHONPATH": "/x"}


def results_of(environment: dict[str, str], *trees: dict[str, bytes], limits: Limits = LIMITS) -> tuple[Scanned | Diagnostic, ...]:
    with Checkov(environment, limits).start(trees or (FILES,)) as scanning:
        return scanning.results()


def answer_to(tmp_path: Path, document: object) -> Scanned | Diagnostic:
    return results_of({"CLOPS_CHECKOV_PATH": str(tool(tmp_path, "checkov", printing(document))), "PATH": os.environ["PATH"]})[0]


def remarks(result: Scanned | Diagnostic) -> list[tuple[str, str, str]]:
    assert isinstance(result, Scanned)
    return [(remark.check, remark.address, remark.path) for remark in result.remarks]


def seen(tmp_path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (tmp_path / "seen.jsonl").read_text().splitlines()]


def test_a_failed_check_becomes_a_remark(tmp_path: Path) -> None:
    found = answer_to(tmp_path, report(failed_check(guideline="https://docs.example.com/policies/aws-1#fix")))
    assert found == Scanned(
        "3.3.30",
        (
            Remark(
                "main.tf",
                1,
                3,
                "CKV_AWS_23",
                "aws_security_group.game",
                "Ensure what CKV_AWS_23 asks",
                "https://docs.example.com/policies/aws-1#fix",
            ),
        ),
    )


def test_it_gets_a_copy_of_the_files_and_no_secret(tmp_path: Path) -> None:
    tool(tmp_path, "checkov", RECORD + printing(report()))
    results_of({"PATH": f"{tmp_path}:{os.environ['PATH']}", "HOME": "/nonexistent", **SECRETS})
    [call] = seen(tmp_path)
    assert (call["files"], call["home"], call["beside_home"]) == (["m/a.tf", "main.tf"], [], True)
    assert set(SECRETS) & set(call["environment"]) == set()  # type: ignore[call-overload]


def test_each_tree_is_scanned_by_itself(tmp_path: Path) -> None:
    tool(tmp_path, "checkov", RECORD + printing(report(failed_check())))
    first, second = results_of({"PATH": f"{tmp_path}:{os.environ['PATH']}"}, {"main.tf": b""}, {"other.tf": b""})
    assert (remarks(first), remarks(second)) == ([("CKV_AWS_23", "aws_security_group.game", "main.tf")], [])
    assert sorted(call["files"] for call in seen(tmp_path)) == [["main.tf"], ["other.tf"]]  # type: ignore[type-var]


def test_the_named_program_goes_before_the_one_on_path(tmp_path: Path) -> None:
    tool(tmp_path / "path", "checkov", "sys.exit(9)")
    named = tool(tmp_path / "named", "mine", printing(report(failed_check())))
    [result] = results_of({"PATH": f"{tmp_path / 'path'}:{os.environ['PATH']}", "CLOPS_CHECKOV_PATH": str(named)})
    assert isinstance(result, Scanned)


def test_a_program_of_the_directory_we_stand_in_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool(tmp_path, "checkov", RECORD + printing(report()))
    monkeypatch.chdir(tmp_path)
    results_of({"PATH": f".::{os.devnull}"})
    assert not (tmp_path / "seen.jsonl").exists()


@pytest.mark.parametrize(("name", "options"), [("uvx", ["--quiet", "--from"]), ("pipx", ["run", "--spec"])])
def test_without_checkov_an_installer_that_is_there_brings_the_pinned_one(tmp_path: Path, name: str, options: list[str]) -> None:
    tool(tmp_path, name, RECORD + printing(report(failed_check())))
    [result] = results_of({"PATH": str(tmp_path), "HOME": "/home-of-user", "XDG_CACHE_HOME": "/cache"})
    assert isinstance(result, Scanned)
    [call] = seen(tmp_path)
    assert call["arguments"][:4] == [*options, f"checkov=={VERSION}", "checkov"]  # type: ignore[index]
    given = call["environment"]
    assert isinstance(given, dict)
    assert (given["XDG_CACHE_HOME"], given["XDG_CONFIG_HOME"]) == ("/cache", "/home-of-user/.config")


@pytest.mark.parametrize("named", [{}, {"CLOPS_CHECKOV_PATH": "/nowhere/checkov"}])
def test_where_there_is_none_the_way_to_get_it_is_told(tmp_path: Path, named: dict[str, str]) -> None:
    [result] = results_of({"PATH": str(tmp_path), **named})
    assert isinstance(result, Diagnostic)
    assert (result.what, "uv tool install checkov" in result.why) == ("checkov said nothing", True)


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("sys.exit(2)", "it ended with an error (exit code 2)"),
        ("import time; time.sleep(600)", "it took longer than 1 seconds and was stopped"),
        ("print('Traceback: no JSON')", "what it printed is not JSON"),
        ("print('[' * 200_000)", "what it printed is not JSON"),
    ],
)
def test_a_failure_is_a_sentence(tmp_path: Path, program: str, why: str) -> None:
    [result] = results_of(
        {"CLOPS_CHECKOV_PATH": str(tool(tmp_path, "checkov", program)), "PATH": os.environ["PATH"]}, limits=Limits(seconds=1)
    )
    assert result == Diagnostic("checkov said nothing", "", why)


def test_a_name_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    path = tool(tmp_path, "checkov", printing(report()))
    [result] = results_of({"CLOPS_CHECKOV_PATH": str(path), "PATH": os.environ["PATH"]}, {f"{'a' * 300}.tf": b""})
    assert result == Diagnostic("checkov said nothing", "", "it could not be started (file name too long)")


def test_nothing_to_check_is_no_failure(tmp_path: Path) -> None:
    assert answer_to(tmp_path, {"passed": 0, "failed": 0, "checkov_version": "3.3.30"}) == Scanned("3.3.30", ())


def test_several_reports_are_read_as_one(tmp_path: Path) -> None:
    both = [report(failed_check("CKV_AWS_1")), report(failed_check("CKV_AWS_2"))]
    assert [check for check, _, _ in remarks(answer_to(tmp_path, both))] == ["CKV_AWS_1", "CKV_AWS_2"]


@pytest.mark.parametrize(
    "changes",
    [
        {"check_id": "<img src=x>"},
        {"check_id": None},
        {"file_path": "/etc/passwd"},
        {"file_path": "/../main.tf"},
        {"resource": ""},
        {"resource": ["a"]},
        {"file_line_range": [3, 1]},
        {"file_line_range": [-1, 1]},
        {"file_line_range": "1-3"},
    ],
)
def test_what_is_not_well_formed_is_left_out(tmp_path: Path, changes: dict[str, object]) -> None:
    assert remarks(answer_to(tmp_path, report(failed_check() | changes))) == []


@pytest.mark.parametrize("link", ["javascript:alert(1)", "http://example.com/", "https://x.com/) [a](https://evil", 7, None])
def test_only_a_plain_https_address_is_a_link(tmp_path: Path, link: object) -> None:
    found = answer_to(tmp_path, report(failed_check(guideline=link)))
    assert isinstance(found, Scanned)
    assert [remark.link for remark in found.remarks] == [""]


@pytest.mark.parametrize(
    "document", [[], {}, 7, {"results": []}, {"results": {"failed_checks": {"a": 1}}}, {"results": {"failed_checks": [7]}}]
)
def test_whatever_it_prints_raises_nothing(tmp_path: Path, document: object) -> None:
    assert remarks(answer_to(tmp_path, document)) == []


def test_files_that_it_could_not_read_are_counted(tmp_path: Path) -> None:
    found = answer_to(tmp_path, report(unread=2))
    assert isinstance(found, Scanned)
    assert found.unread == 2
