"""checkov and Infracost beside a review, from the command line, by stand-ins on PATH."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.adapters.repositories import repository, write
from tests.adapters.tools import RECORD, breakdown, failed_check, printing, report, resource, tool
from tests.entrypoints.processes import Ended, clops

PROVIDER = 'provider "aws" {\n  region = "us-east-1"\n}\n'
DISK = (
    'resource "aws_ebs_volume" "{name}" {{\n  availability_zone = "us-east-1a"\n  size              = 10\n  type              = "gp3"\n}}\n'
)
OLD, NEW = DISK.format(name="old"), DISK.format(name="new")

# Fails CKV_AWS_189 for each disk that is written in main.tf.
CHECKOV = (
    RECORD
    + """
import re
names = [(path, name) for path in seen["files"] for name in re.findall('"aws_ebs_volume" "(.*?)"', Path(path).read_text())]
check = json.loads(CHECK)
failed = [check | {"resource": f"aws_ebs_volume.{name}", "file_path": f"/{path}"} for path, name in names]
print(json.dumps(json.loads(REPORT) | {"results": {"failed_checks": failed}}))
""".replace("CHECK)", f"{json.dumps(failed_check('CKV_AWS_189'))!r})").replace("REPORT", repr(json.dumps(report())))
)


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    return tmp_path / "tools"


def run(tools: Path, *arguments: str | Path, cwd: Path, **environment: str) -> Ended:
    return clops(*arguments, cwd=cwd, PATH=f"{tools}:{os.environ['PATH']}", INFRACOST_API_KEY="ico-key", **environment)


def changed(tmp_path: Path) -> Path:
    """Two roots of which a change touches one."""
    top = repository(tmp_path / "work", {"a/main.tf": PROVIDER + OLD, "b/main.tf": PROVIDER + OLD})
    write(top, {"a/main.tf": PROVIDER + "\n" + OLD + NEW})
    return top


def seen(tools: Path) -> list[list[str]]:
    return sorted(json.loads(line)["files"] for line in (tools / "seen.jsonl").read_text().splitlines())


def test_only_roots_that_changed_are_scanned_and_only_what_is_new_is_new(tmp_path: Path, tools: Path) -> None:
    tool(tools, "checkov", CHECKOV)
    document = json.loads(run(tools, "review", "--checkov", "--format", "json", "--base", "HEAD", cwd=changed(tmp_path)).stdout)
    assert [(one["address"], one["path"], one["status"]) for one in document["scanners"]["checkov"]["findings"]] == [
        ("aws_ebs_volume.new", "a/main.tf", "new"),
        ("aws_ebs_volume.old", "a/main.tf", "existing"),
    ]
    assert seen(tools) == [["a/main.tf"], ["a/main.tf"]]


def test_two_directories_are_compared_by_what_is_in_them(tmp_path: Path, tools: Path) -> None:
    tool(tools, "checkov", CHECKOV)
    write(tmp_path, {"before/main.tf": PROVIDER + OLD, "after/main.tf": PROVIDER + OLD + NEW})
    ended = run(tools, "review", "after", "--checkov", "--format", "json", "--base", "./before", cwd=tmp_path)
    found = json.loads(ended.stdout)["scanners"]["checkov"]["findings"]
    assert {one["address"]: one["status"] for one in found} == {"aws_ebs_volume.new": "new", "aws_ebs_volume.old": "existing"}


def test_without_a_base_every_root_is_scanned_with_the_modules_it_calls(tmp_path: Path, tools: Path) -> None:
    tool(tools, "checkov", CHECKOV)
    files = {
        "infra/main.tf": PROVIDER + 'module "disk" {\n  source = "../modules/disk"\n}\n',
        "infra/prod.tfvars": "",
        "infra/notes.txt": "",
        "modules/disk/main.tf": OLD,
        "modules/unused/main.tf": NEW,
        ".checkov.yml": "external-checks-dir: [checks]\n",
        "checks/evil.py": "",
    }
    write(tmp_path / "work", files)
    document = json.loads(run(tools, "review", "--checkov", "--format", "json", cwd=tmp_path / "work").stdout)
    assert seen(tools) == [["infra/main.tf", "infra/prod.tfvars", "modules/disk/main.tf"]]
    assert document["scanners"]["checkov"]["compared"] is False


def test_the_verdict_and_the_exit_code_are_ours_alone(tmp_path: Path, tools: Path) -> None:
    tool(tools, "checkov", CHECKOV)
    top = changed(tmp_path)
    alone, together = (run(tools, "review", *more, "--format", "json", "--fail-on", "low", cwd=top) for more in ((), ("--checkov",)))
    assert alone.code == together.code
    assert json.loads(alone.stdout)["verdict"] == json.loads(together.stdout)["verdict"]


@pytest.mark.parametrize("program", ["sys.exit(2)", "print('no JSON')"])
def test_a_tool_that_fails_is_named_and_changes_nothing_else(tmp_path: Path, tools: Path, program: str) -> None:
    top = changed(tmp_path)
    alone = run(tools, "review", "--format", "json", cwd=top)
    tool(tools, "checkov", program)
    tool(tools, "infracost", program)
    together = run(tools, "review", "--checkov", "--infracost", "--format", "json", cwd=top)
    before, after = json.loads(alone.stdout), json.loads(together.stdout)
    said = [one["what"] for one in after["diagnostics"] if one not in before["diagnostics"]]
    assert said == ["checkov said nothing", "Infracost gave no second opinion"]
    assert (alone.code, {**before, "diagnostics": []}) == (together.code, {**after, "diagnostics": []})


def test_a_base_that_cannot_be_scanned_makes_everything_new_and_says_so(tmp_path: Path, tools: Path) -> None:
    tool(tools, "checkov", CHECKOV.replace("import re\n", "import re\n'new' in Path('a/main.tf').read_text() or sys.exit(3)\n"))
    document = json.loads(run(tools, "review", "--checkov", "--format", "json", "--base", "HEAD", cwd=changed(tmp_path)).stdout)
    assert {one["status"] for one in document["scanners"]["checkov"]["findings"]} == {"new"}
    assert "checkov said nothing of the base, so all that it found counts as new" in [one["what"] for one in document["diagnostics"]]


def test_when_no_root_changed_nothing_is_started(tmp_path: Path, tools: Path) -> None:
    tool(tools, "checkov", CHECKOV)
    top = repository(tmp_path / "work", {"a/main.tf": PROVIDER + OLD})
    assert run(tools, "review", "--checkov", "--base", "HEAD", cwd=top).code == 0
    assert not (tools / "seen.jsonl").exists()


def test_nothing_in_a_repository_can_have_a_tool_run(tmp_path: Path, tools: Path) -> None:
    tool(tools, "checkov", CHECKOV)
    top = changed(tmp_path)
    assert run(tools, "review", cwd=top).code == 0
    assert not (tools / "seen.jsonl").exists()
    write(top, {".clops.yml": "checkov: true\n"})
    assert run(tools, "review", "--config", ".clops.yml", cwd=top).code == 2


def test_the_cost_of_everything_has_a_second_opinion(tmp_path: Path, tools: Path) -> None:
    prices = {"root-0": [resource("aws_ebs_volume.old", "0.8"), resource("aws_gamelift_fleet.a", "90")], "root-1": []}
    tool(tools, "infracost", printing(breakdown(prices)))
    top = changed(tmp_path)
    document = json.loads(run(tools, "cost", "--infracost", "--format", "json", cwd=top).stdout)
    assert [
        (one["address"], one["clops_monthly_usd"], one["infracost_monthly_usd"]) for one in document["second_opinion"]["resources"]
    ] == [
        ("aws_ebs_volume.new", "0.80", None),
        ("aws_ebs_volume.old", "0.80", "0.80"),
        ("aws_gamelift_fleet.a", None, "90.00"),
        ("aws_ebs_volume.old", "0.80", None),
    ]
    assert document["monthly"]["after"] == "2.40"
    assert "Infracost's second opinion" in run(tools, "cost", "--infracost", cwd=top).stdout


def test_a_cost_without_its_second_opinion_says_why_on_stderr(tmp_path: Path, tools: Path) -> None:
    ended = run(tools, "cost", "--infracost", cwd=changed(tmp_path))
    assert (ended.code, "Infracost gave no second opinion: it is not installed" in ended.stderr) == (0, True)


def test_a_review_has_a_second_opinion_on_the_roots_that_changed(tmp_path: Path, tools: Path) -> None:
    tool(tools, "infracost", RECORD + printing(breakdown({"root-0": [resource("aws_ebs_volume.old", "0.8")]})))
    ended = run(tools, "review", "--infracost", "--base", "HEAD", "--format", "json", cwd=changed(tmp_path))
    resources = json.loads(ended.stdout)["cost"]["second_opinion"]["resources"]
    assert {(one["root"], one["address"]) for one in resources} == {("a", "aws_ebs_volume.old"), ("a", "aws_ebs_volume.new")}
    assert seen(tools) == [["a/main.tf"]]
