"""On other events than a pull request the Action reviews what is checked out, and says so in the job alone."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.action.runner import ACTION, HOUSE, Run, Runner

GAME = 'resource "aws_instance" "web" {\n  ami           = "ami-0123456789abcdef0"\n  instance_type = "t3.micro"\n}\n'


def git(repository: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"]
    return subprocess.run(["git", *identity, *arguments], cwd=repository, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def pushed(tmp_path: Path) -> Path:
    """A checkout of a branch that adds a server to main."""
    repository = tmp_path / "checkout"
    repository.mkdir()
    git(repository, "init", "-q")
    (repository / "main.tf").write_text('provider "aws" {\n  region = "us-east-1"\n}\n')
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "base")
    git(repository, "checkout", "-qb", "feature")
    (repository / "main.tf").write_text((repository / "main.tf").read_text() + "\n" + GAME)
    git(repository, "commit", "-qam", "head")
    return repository


def run(repository: Path, tmp_path: Path, event: dict[str, object], PYTHONPATH: str = "", **inputs: str) -> Run:  # noqa: N803
    where = {"GITHUB_WORKSPACE": str(repository), "GITHUB_REPOSITORY": "acme/game", "PYTHONPATH": PYTHONPATH}
    return Runner(tmp_path / "machine").run(event, inputs=inputs, **where)


def test_a_push_is_compared_with_the_default_branch_and_summed_up(pushed: Path, tmp_path: Path) -> None:
    ended = run(pushed, tmp_path, {"ref": "refs/heads/feature"}, base="main")
    assert (ended.code, ended.outputs["verdict"]) == (0, "fail"), ended.log
    assert "aws_instance.web" in ended.summary
    assert any(line.startswith("::error file=main.tf,line=5") for line in ended.annotations)


def test_the_gate_fails_the_step_and_the_summary_is_still_written(pushed: Path, tmp_path: Path) -> None:
    ended = run(pushed, tmp_path, {}, base="main", **{"fail-on": "high"})
    assert ended.code == 1
    assert "aws_instance.web" in ended.summary


def test_an_input_that_looks_like_an_option_is_none(pushed: Path, tmp_path: Path) -> None:
    ended = run(pushed, tmp_path, {}, base="--upload-pack=touch pwned")
    assert (ended.code, [line.startswith("::error title=ClOps cannot start::") for line in ended.annotations]) == (2, [True])
    assert not (pushed / "pwned").exists()


def test_nothing_of_the_reviewed_repository_is_imported(pushed: Path, tmp_path: Path) -> None:
    """By no step: what stands in the working directory is read, whatever it is called, and whatever PYTHONPATH says."""
    for name in ("clops_app", "hashlib", "json", "platform", "sitecustomize", "yaml"):
        (pushed / f"{name}.py").write_text("open('pwned', 'w')\n")
    assert run(pushed, tmp_path, {}, base="main", PYTHONPATH=str(pushed)).code == 0
    assert not (pushed / "pwned").exists()


def test_a_directory_s_name_is_no_command_to_the_runner(pushed: Path, tmp_path: Path) -> None:
    """`##[…]` is obeyed wherever it stands in a line, on standard error too: this one would silence our annotations."""
    sly = pushed / "##[stop-commands]quiet"
    sly.mkdir()
    (sly / "main.tf").write_text(GAME)
    ended = run(pushed, tmp_path, {}, base="main")
    assert (ended.code, "##[" in ended.log) == (0, False)
    assert "stop-commands" in ended.log


def test_no_expression_stands_in_a_shell_script() -> None:
    assert [step["name"] for step in ACTION["runs"]["steps"] if "${{" in step.get("run", "")] == []


def test_what_the_action_uses_is_pinned_to_a_commit() -> None:
    used = [step["uses"] for step in ACTION["runs"]["steps"] if "uses" in step]
    assert [one for one in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", one)] == []


def test_every_input_reaches_the_script() -> None:
    used = set(re.findall(r"inputs\.([\w-]+)", (HOUSE / "action.yml").read_text()))
    assert used == set(ACTION["inputs"])


def test_every_package_is_named_with_its_hash_and_is_one_of_the_locked() -> None:
    text = (HOUSE / "action" / "requirements.txt").read_text()
    packages = re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE)
    hashed = re.findall(r"^([\w.-]+)==\S+[^\n]*\\\n    --hash=sha256:", text, re.MULTILINE)
    assert [name for name, _ in packages] == hashed
    locked = dict(re.findall(r"^([\w.-]+)==(\S+)", (HOUSE / "constraints.txt").read_text(), re.MULTILINE))
    assert {name: version for name, version in packages if locked.get(name) != version} == {}
