"""The true checkov: that what we say is the same is the same, and that a hostile repository runs nothing through us.

Run where CLOPS_CHECKOV_PATH names one or uvx can bring it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from clops_app.adapters.bounded_process import Limits
from clops_app.adapters.checkov import Checkov
from clops_app.graph.aws import Reading
from clops_app.graph.build import build_graph
from clops_app.model.opinion import Scanned
from clops_app.model.source import SourceTree
from clops_app.review.groups import block_address
from clops_app.review.second_opinion import SAME_AS
from clops_app.rulebook.load import load_rules
from clops_app.rulebook.run import RuleSettings, run_rules
from clops_app.terraform.evaluate import evaluate

RULES = Path(__file__).parents[2] / "rules"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (os.environ.get("CLOPS_CHECKOV_PATH") or shutil.which("uvx")),
        reason="NOT PROVEN: no checkov here; set CLOPS_CHECKOV_PATH to one, or have uvx on PATH",
    ),
]


def scan(files: Mapping[str, bytes]) -> Scanned:
    with Checkov(os.environ, Limits(seconds=300)).start([files]) as scanning:
        [result] = scanning.results()
    assert isinstance(result, Scanned), result
    return result


def hits(rule: str, name: str) -> set[str]:
    """The blocks of a rule's file that the rule hits."""
    tree = SourceTree({"main.tf": (RULES / rule / name).read_bytes()})
    graph = build_graph(evaluate(tree, ""))
    rules = tuple(one for one in load_rules() if one.id == rule)
    findings, _ = run_rules(rules, Reading(graph), tree, "", RuleSettings({}, frozenset()))
    return {block_address(finding.address) for finding in findings}


@pytest.fixture(scope="module")
def failed() -> Mapping[tuple[str, str], set[str]]:
    """The blocks for which a check fails, by check and file, in the files of all rules that are said to be the same as a check."""
    files = {
        f"{rule.replace('/', '_')}/{name}/main.tf": (RULES / rule / f"{name}.tf").read_bytes()
        for rule in set(SAME_AS.values())
        for name in ("bad", "fixed")
    }
    found: dict[tuple[str, str], set[str]] = {}
    for remark in scan(files).remarks:
        found.setdefault((remark.check, remark.path), set()).add(block_address(remark.address))
    return found


@pytest.mark.parametrize(("check", "rule"), SAME_AS.items())
def test_a_check_that_is_said_to_be_the_same_fails_where_the_rule_hits_and_not_where_it_is_mended(
    failed: Mapping[tuple[str, str], set[str]], check: str, rule: str
) -> None:
    folder = rule.replace("/", "_")
    bad = failed.get((check, f"{folder}/bad/main.tf"), set())
    assert bad, f"{check} does not fail on bad.tf of {rule}"
    assert bad <= hits(rule, "bad.tf")
    assert failed.get((check, f"{folder}/fixed/main.tf"), set()) == set()


def test_settings_and_checks_of_the_repository_are_not_run(tmp_path: Path) -> None:
    """Everything that checkov would run or obey when it is started in the repository itself, and that is not Terraform."""
    from clops_app.adapters.disk import read_directory
    from clops_app.terraform.roots import code_of
    from clops_app.terraform.sources import sources_of

    flag = tmp_path / "ran"
    top = tmp_path / "repository"
    evil = f"open({str(flag)!r}, 'w').close()\n"
    written = {
        ".checkov.yml": "external-checks-dir: [checks]\nskip-check: [CKV_AWS_18]\ncompact: false\n",
        ".checkov.yaml": "external-checks-dir: [checks]\nskip-check: [CKV_AWS_18]\n",
        "checks/__init__.py": evil,
        "checks/evil.py": evil,
        "sitecustomize.py": evil,
        "usercustomize.py": evil,
        "json.py": evil,
        "checkov/__init__.py": evil,
        "checkov/main.py": evil,
        ".env": "CKV_SKIP_CHECK=CKV_AWS_18\n",
        "main.tf": 'resource "aws_s3_bucket" "a" {\n  bucket = "abcdefgh"\n}\nmodule "far" {\n  source = "git::file:///nowhere"\n}\n',
    }
    for name, text in written.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text)
    tree = read_directory(str(top)).tree
    files = {path: tree.files[path] for path in code_of(sources_of(tree), "")}
    assert set(files) == {"main.tf"}
    assert "CKV_AWS_18" in {remark.check for remark in scan(files).remarks}
    assert not flag.exists()


def test_the_same_repository_does_run_its_checks_when_checkov_is_started_in_it(tmp_path: Path) -> None:
    """That the test above can fail: the settings are obeyed where they are seen."""
    flag = tmp_path / "ran"
    files = {
        ".checkov.yml": b"external-checks-dir: [checks]\n",
        "checks/__init__.py": b"",
        "checks/evil.py": f"open({str(flag)!r}, 'w').close()\n".encode(),
        "main.tf": b'resource "aws_s3_bucket" "a" {\n  bucket = "abcdefgh"\n}\n',
    }
    scan(files)
    assert flag.exists()


def test_instances_of_modules_are_named_as_terraform_names_them() -> None:
    files = {
        "infra/main.tf": b'module "z" {\n  source = "../m"\n  count  = 2\n}\n',
        "m/main.tf": b'resource "aws_s3_bucket" "b" {\n  bucket = "abcdefgh"\n}\n',
    }
    found = {(remark.address, remark.path) for remark in scan(files).remarks if remark.check == "CKV_AWS_18"}
    assert found == {("module.z[0].aws_s3_bucket.b", "m/main.tf"), ("module.z[1].aws_s3_bucket.b", "m/main.tf")}


def test_a_broken_file_is_counted_and_the_others_are_read() -> None:
    found = scan({"broken.tf": b'resource "aws_s3_bucket" {{{\n', "main.tf": b'resource "aws_s3_bucket" "a" {\n  bucket = "abcdefgh"\n}\n'})
    assert found.unread == 1
    assert found.remarks
