"""The Action runs as a runner runs it: inputs by environment, the event by file, the summary and outputs to files."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

HOUSE = Path(__file__).parent.parent
GAME = 'resource "aws_instance" "web" {\n  ami           = "ami-0123456789abcdef0"\n  instance_type = "t3.micro"\n}\n'


def git(repository: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"]
    return subprocess.run(["git", *identity, *arguments], cwd=repository, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def pull_request(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """A checkout of a pull request that adds a server, and what a runner would set."""
    repository = tmp_path / "checkout"
    repository.mkdir()
    git(repository, "init", "-q")
    (repository / "main.tf").write_text('provider "aws" {\n  region = "us-east-1"\n}\n')
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "base")
    base = git(repository, "rev-parse", "HEAD")
    (repository / "main.tf").write_text((repository / "main.tf").read_text() + "\n" + GAME)
    git(repository, "commit", "-qam", "head")
    (tmp_path / "event.json").write_text(json.dumps({"pull_request": {"base": {"sha": base}}}))
    files = {name: str(tmp_path / name) for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
    return repository, {"RUNNER_TEMP": str(tmp_path), "GITHUB_EVENT_PATH": str(tmp_path / "event.json"), "CLOPS_PATH": ".", **files}


def run(repository: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    script = [sys.executable, str(HOUSE / "action" / "review.py")]
    return subprocess.run(script, cwd=repository, env={**os.environ, **env}, capture_output=True, text=True, check=False)


def test_a_pull_request_is_compared_with_its_base_and_summed_up(pull_request: tuple[Path, dict[str, str]]) -> None:
    repository, env = pull_request
    ended = run(repository, env)
    summary = Path(env["GITHUB_STEP_SUMMARY"]).read_text()
    assert ended.returncode == 0, ended.stderr
    assert "aws_instance.web" in summary
    assert Path(env["GITHUB_OUTPUT"]).read_text() == f"report={Path(env['RUNNER_TEMP']) / 'clops-review.md'}\n"
    assert "Terraform's memory" not in summary.partition("<details>")[0]


def test_the_gate_fails_the_step_and_the_summary_is_still_written(pull_request: tuple[Path, dict[str, str]]) -> None:
    repository, env = pull_request
    assert run(repository, {**env, "CLOPS_FAIL_ON": "high"}).returncode == 1
    assert "aws_instance.web" in Path(env["GITHUB_STEP_SUMMARY"]).read_text()


def test_an_input_that_looks_like_an_option_is_none(pull_request: tuple[Path, dict[str, str]]) -> None:
    repository, env = pull_request
    assert run(repository, {**env, "CLOPS_BASE": "--upload-pack=touch pwned"}).returncode == 2
    assert not (repository / "pwned").exists()


def test_no_expression_stands_in_a_shell_script() -> None:
    action = yaml.safe_load((HOUSE / "action.yml").read_text())
    assert [step["name"] for step in action["runs"]["steps"] if "${{" in step["run"]] == []


def test_every_input_reaches_the_script() -> None:
    action = yaml.safe_load((HOUSE / "action.yml").read_text())
    used = set(re.findall(r"inputs\.([\w-]+)", (HOUSE / "action.yml").read_text()))
    assert used == set(action["inputs"])
