"""A team can see what would leave the machine, with no provider and no key."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

MAIN = """
provider "aws" {
  region = "us-east-1"
}

resource "aws_db_instance" "main" {
  engine            = "postgres"
  instance_class    = "db.t4g.micro"
  allocated_storage = 20
  password          = "correct-horse-battery"
}
"""


def clops(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "main.tf").write_text(MAIN)
    command = [sys.executable, "-m", "clops_app", "review", str(folder), "--base", "none", "-q", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_explain_facts_prints_the_json_that_a_model_would_be_given(tmp_path: Path) -> None:
    done = clops(tmp_path, "--explain-facts")
    document = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert document["verdict"] == "fail"
    assert "aws_db_instance.main" in {finding["say"]["address"] for finding in document["findings"]}
    assert "correct-horse" not in done.stdout


def test_dry_run_prompt_prints_the_instructions_and_the_same_json(tmp_path: Path) -> None:
    facts, prompt = clops(tmp_path, "--explain-facts"), clops(tmp_path, "--dry-run-prompt")
    assert prompt.returncode == 0
    assert prompt.stdout.startswith("--- the same for every review ---\nYou write the words of ClOps")
    assert f"<facts>\n{facts.stdout}</facts>\n" in prompt.stdout


def test_the_result_can_go_to_a_file(tmp_path: Path) -> None:
    assert clops(tmp_path, "--explain-facts", "-o", str(tmp_path / "facts.json")).stdout == ""
    assert json.loads((tmp_path / "facts.json").read_text())["language"] == "English"
