"""`--plan FILE`: known values on stdout, and one sentence with exit code 2 for what is no plan of this root."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.adapters.repositories import write
from tests.entrypoints.processes import clops
from tests.terraform.plans import text
from tests.usecases.test_with_a_plan import MAIN, PLAN


@pytest.fixture
def top(tmp_path: Path) -> Path:
    write(tmp_path, {"main.tf": MAIN})
    (tmp_path / "plan.json").write_bytes(text(PLAN))
    return tmp_path


def test_every_command_that_reads_code_takes_a_plan(top: Path) -> None:
    plan = ("--plan", top / "plan.json")
    review = json.loads(clops("review", top, "--format", "json", *plan).stdout)
    assert [finding["address"] for finding in review["findings"] if finding["rule"] == "aws/gp2_volume"] == ["aws_ebs_volume.a"]
    assert json.loads(clops("graph", top, *plan).stdout)["resources"][0]["values"]["type"] == "gp2"
    # 10 GB of gp2 in us-east-1 at $0.10: the price book that is embedded
    assert json.loads(clops("cost", top, "--format", "json", *plan).stdout)["monthly"]["after"] == "1.00"
    assert "var.kind is given from outside" in clops("fix", top, "--rule", "aws/gp2_volume", *plan).stderr


def test_a_plan_in_utf_16_is_read(top: Path) -> None:
    (top / "plan.json").write_bytes(text(PLAN).decode().encode("utf-16"))  # as `>` of Windows PowerShell writes it
    assert clops("graph", top, "--plan", top / "plan.json").code == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"hunter2": ', "it is not JSON; make it with: terraform plan -out plan.bin && terraform show -json plan.bin > plan.json"),
        ('{"format_version": "1.0", "values": {"x": "hunter2"}}', "this is a state, not a plan"),
    ],
)
def test_what_is_no_plan_ends_with_2_and_is_not_quoted(top: Path, content: str, said: str) -> None:
    (top / "plan.json").write_text(content)
    ended = clops("review", top, "--plan", top / "plan.json")
    assert (ended.code, ended.stdout, said in ended.stderr, "hunter2" in ended.stderr) == (2, "", True, False)


def test_a_missing_plan_ends_with_2(top: Path) -> None:
    ended = clops("cost", top, "--plan", top / "none.json")
    assert (ended.code, "none.json cannot be read" in ended.stderr) == (2, True)


def test_a_plan_larger_than_50_mib_is_not_read(top: Path) -> None:
    with (top / "plan.json").open("wb") as file:
        file.truncate(50 * 1024 * 1024 + 1)
    ended = clops("graph", top, "--plan", top / "plan.json")
    assert (ended.code, "larger than 50 MiB" in ended.stderr) == (2, True)


def test_two_roots_are_one_too_many(tmp_path: Path) -> None:
    write(tmp_path, {"a/main.tf": MAIN, "b/main.tf": MAIN})
    (tmp_path / "plan.json").write_bytes(text(PLAN))
    ended = clops("review", tmp_path, "--plan", tmp_path / "plan.json")
    assert (ended.code, "Give the directory that was planned as PATH." in ended.stderr) == (2, True)
