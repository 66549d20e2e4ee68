"""What a user types, what comes out where, and the exit code."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from clops_app import __version__
from tests.adapters.repositories import commit, git, repository, write
from tests.entrypoints.processes import CLOPS, ENVIRONMENT, clops, started

PROVIDER = 'provider "aws" {\n  region = "us-east-1"\n}\n'
OLD_DISK = (
    'resource "aws_ebs_volume" "old" {\n  availability_zone = "us-east-1a"\n  size              = 10\n  type              = "gp2"\n}\n'
)
NEW_DISK = OLD_DISK.replace('"old"', '"new"')
GOOD_DISK = OLD_DISK.replace("gp2", "gp3").replace('"old"', '"good"')


def review(*arguments: str | Path, cwd: Path | None = None) -> dict[str, object]:
    ended = clops("review", "--format", "json", *arguments, cwd=cwd)
    assert ended.code in (0, 1, 3), ended.stderr
    document = json.loads(ended.stdout)
    assert isinstance(document, dict)
    return document


def raised(document: dict[str, object], rule: str = "aws/gp2_volume") -> dict[str, str]:
    """Status of the rule's findings by address."""
    findings = document["findings"]
    assert isinstance(findings, list)
    return {finding["address"]: finding["status"] for finding in findings if finding["rule"] == rule}


def test_help_lists_only_what_works() -> None:
    ended = clops("--help")
    listed = [line.split()[0] for line in ended.stdout.partition("Commands:\n")[2].partition("\n\n")[0].splitlines() if line.strip()]
    assert (ended.code, listed) == (
        0,
        ["review", "graph", "cost", "fix", "rules", "explain", "schema", "init", "serve", "worker", "version"],
    )
    assert {name: clops(name, "--help").code for name in listed} == dict.fromkeys(listed, 0)


def test_the_version_is_told() -> None:
    assert [started(argument).stdout for argument in ("--version", "version")] == [f"clops {__version__}\n"] * 2


def test_a_folder_outside_git_is_reviewed_as_it_stands(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": PROVIDER + OLD_DISK})
    assert raised(review(tmp_path)) == {"aws_ebs_volume.old": "new"}
    assert started("review", tmp_path) == clops("review", tmp_path)


def test_a_branch_is_compared_with_where_it_left_the_default_branch(tmp_path: Path) -> None:
    top = repository(tmp_path, {"infra/main.tf": PROVIDER + OLD_DISK})
    git(top, "switch", "--quiet", "--create", "feature")
    commit(top, {"infra/more.tf": NEW_DISK})
    assert raised(review("infra", cwd=top)) == {"aws_ebs_volume.new": "new", "aws_ebs_volume.old": "existing"}


def test_the_working_tree_counts_not_the_last_commit(tmp_path: Path) -> None:
    top = repository(tmp_path, {"main.tf": PROVIDER + OLD_DISK})
    write(top, {"more.tf": NEW_DISK})
    document = review(cwd=top)
    assert (raised(document), document["commit"]) == ({"aws_ebs_volume.new": "new", "aws_ebs_volume.old": "existing"}, None)


def test_what_is_mended_is_told_as_fixed(tmp_path: Path) -> None:
    top = repository(tmp_path, {"main.tf": PROVIDER + OLD_DISK})
    commit(top, {"main.tf": PROVIDER + OLD_DISK.replace("gp2", "gp3")})
    assert raised(review("--base", "HEAD~1", cwd=top)) == {"aws_ebs_volume.old": "fixed"}


def test_a_root_that_is_removed_takes_its_findings_with_it(tmp_path: Path) -> None:
    top = repository(tmp_path, {"a/main.tf": PROVIDER + OLD_DISK, "b/main.tf": PROVIDER + GOOD_DISK})
    git(top, "rm", "--quiet", "-r", "a")
    document = review("--base", "HEAD", cwd=top)
    assert raised(document) == {"aws_ebs_volume.old": "fixed"}


def test_base_none_says_outright_that_everything_is_new(tmp_path: Path) -> None:
    top = repository(tmp_path, {"main.tf": PROVIDER + OLD_DISK})
    assert raised(review("--base", "none", cwd=top)) == {"aws_ebs_volume.old": "new"}


def test_without_a_base_the_reason_is_told_on_stderr(tmp_path: Path) -> None:
    top = repository(tmp_path, {"main.tf": PROVIDER + OLD_DISK})
    ended = clops("review", "--format", "json", cwd=top)
    assert "Nothing to compare with: this is main itself" in ended.stderr
    assert clops("review", "--format", "json", "--quiet", cwd=top).stderr == ""


def test_two_directories_are_compared_without_git(tmp_path: Path) -> None:
    write(tmp_path, {"before/main.tf": PROVIDER + OLD_DISK, "after/main.tf": PROVIDER + OLD_DISK + NEW_DISK})
    document = review(tmp_path / "after", "--base", tmp_path / "before")
    assert raised(document) == {"aws_ebs_volume.new": "new", "aws_ebs_volume.old": "existing"}


def test_two_directories_of_one_repository_are_compared(tmp_path: Path) -> None:
    files = {"before/app/main.tf": PROVIDER + OLD_DISK, "x/after/app/main.tf": PROVIDER + OLD_DISK + NEW_DISK}
    top = repository(tmp_path, files)
    document = review("x/after", "--base", "./before", cwd=top)
    assert raised(document) == {"aws_ebs_volume.new": "new", "aws_ebs_volume.old": "existing"}


def test_a_branch_called_as_a_directory_is_meant_unless_there_is_a_slash(tmp_path: Path) -> None:
    top = repository(tmp_path, {"main.tf": PROVIDER + OLD_DISK, "old/main.tf": PROVIDER})
    git(top, "branch", "old")
    write(top, {"main.tf": f"{PROVIDER}{OLD_DISK}# touched\n"})
    assert raised(review("--base", "old", cwd=top))["aws_ebs_volume.old"] == "existing"
    assert raised(review("--base", "./old", cwd=top))["aws_ebs_volume.old"] == "new"


@pytest.mark.parametrize("name", ["review", "cost", "graph"])
def test_json_is_all_that_stdout_holds_and_keeps_to_its_schema(tmp_path: Path, name: str) -> None:
    write(tmp_path, {"a/main.tf": PROVIDER + OLD_DISK, "b/main.tf": GOOD_DISK})
    ended = clops(name, "--format", "json", tmp_path)
    schema = json.loads(clops("schema", name).stdout)
    jsonschema.validate(json.loads(ended.stdout), schema)
    assert ended.code == 0


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    write(tmp_path, {"a/main.tf": PROVIDER + OLD_DISK, "b/main.tf": PROVIDER + NEW_DISK})
    for arguments in (("review", "--format", "json"), ("review", "--format", "sarif"), ("graph",), ("cost",)):
        first, second = started(*arguments, tmp_path, PYTHONHASHSEED="1"), started(*arguments, tmp_path, PYTHONHASHSEED="2")
        assert first == second


@pytest.mark.parametrize("format", ["terminal", "markdown", "json", "sarif"])
def test_every_format_names_the_finding(tmp_path: Path, format: str) -> None:
    write(tmp_path, {"main.tf": PROVIDER + OLD_DISK})
    ended = clops("review", tmp_path, "--format", format)
    assert (ended.code, "aws_ebs_volume.old" in ended.stdout) == (0, True)


def test_a_pipe_gets_no_colours(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": PROVIDER + OLD_DISK})
    assert "\x1b" not in clops("review", tmp_path).stdout + clops("cost", tmp_path).stdout + clops("rules").stdout


def test_the_result_goes_to_a_file_when_asked(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": PROVIDER + OLD_DISK})
    ended = clops("review", tmp_path, "--format", "sarif", "--output", tmp_path / "out.sarif")
    assert (ended.stdout, json.loads((tmp_path / "out.sarif").read_text())["version"]) == ("", "2.1.0")


@pytest.mark.parametrize(("threshold", "code"), [("critical", 0), ("low", 1)])
def test_the_gate_is_at_the_severity_that_is_asked_for(tmp_path: Path, threshold: str, code: int) -> None:
    write(tmp_path, {"main.tf": PROVIDER + OLD_DISK})
    assert clops("review", tmp_path, "--fail-on", threshold).code == code


def test_without_a_gate_a_finding_does_not_fail(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": PROVIDER + OLD_DISK})
    assert clops("review", tmp_path).code == 0


def test_an_old_finding_does_not_fail_the_gate(tmp_path: Path) -> None:
    top = repository(tmp_path, {"main.tf": PROVIDER + OLD_DISK})
    write(top, {"more.tf": "locals {\n  a = 1\n}\n"})
    assert clops("review", "--fail-on", "low", "--base", "HEAD", cwd=top).code == 0


def test_the_settings_may_set_the_gate(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": PROVIDER + OLD_DISK, ".clops.yml": "fail_on: low\n"})
    assert (clops("review", tmp_path).code, clops("review", tmp_path, "--fail-on", "critical").code) == (1, 0)


def test_a_budget_that_fails_when_exceeded_fails_the_gate(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": PROVIDER + OLD_DISK, ".clops.yml": "budget: {monthly_usd: 0.5, on_exceed: fail}\n"})
    assert clops("review", tmp_path).code == 1
    write(tmp_path, {".clops.yml": "budget: {monthly_usd: 0.5, on_exceed: warn}\n"})
    assert clops("review", tmp_path).code == 0


def test_a_change_cannot_switch_off_its_own_review(tmp_path: Path) -> None:
    top = repository(tmp_path, {"main.tf": PROVIDER, ".clops.yml": "fail_on: low\n"})
    write(top, {"more.tf": NEW_DISK, ".clops.yml": "rules: {disable: [aws/gp2_volume]}\n"})
    ended = clops("review", "--format", "json", cwd=top)
    assert (ended.code, raised(json.loads(ended.stdout))) == (1, {"aws_ebs_volume.new": "new"})


def test_settings_that_the_base_lacks_are_read_from_the_change(tmp_path: Path) -> None:
    top = repository(tmp_path, {"main.tf": PROVIDER})
    write(top, {"more.tf": NEW_DISK, ".clops.yml": "rules: {disable: [aws/gp2_volume]}\n"})
    assert raised(review(cwd=top)) == {}


def test_settings_that_nothing_uses_yet_are_named(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": PROVIDER + GOOD_DISK, ".clops.yml": "traffic: {peak_concurrent: 60}\n"})
    assert ".clops.yml: valid, but without effect in this version of ClOps: traffic.\n" in clops("review", tmp_path).stderr


def test_settings_may_be_named(tmp_path: Path) -> None:
    write(tmp_path, {"tf/main.tf": PROVIDER + OLD_DISK, "tf/.clops.yml": "", "other.yml": "rules: {disable: [aws/gp2_volume]}\n"})
    assert raised(review(tmp_path / "tf", "--config", tmp_path / "other.yml")) == {}


def test_settings_stand_at_the_path_or_above(tmp_path: Path) -> None:
    top = repository(tmp_path, {"infra/a/main.tf": PROVIDER + OLD_DISK, "infra/.clops.yml": "rules: {disable: [aws/gp2_volume]}\n"})
    assert raised(review("--base", "none", "infra/a", cwd=top)) == {}


def test_an_environment_may_relax_a_category(tmp_path: Path) -> None:
    settings = 'environments:\n  dev: {paths: ["envs/dev/**"], relax: [cost]}\n'
    write(tmp_path, {"envs/dev/main.tf": PROVIDER + OLD_DISK, "envs/prod/main.tf": PROVIDER + NEW_DISK, ".clops.yml": settings})
    assert raised(review(tmp_path)) == {"aws_ebs_volume.new": "new"}


def test_roots_may_be_named(tmp_path: Path) -> None:
    write(tmp_path, {"infra/a/main.tf": OLD_DISK, "infra/b/deep/main.tf": NEW_DISK, ".clops.yml": 'roots: ["infra/*"]\n'})
    assert raised(review(tmp_path)) == {"aws_ebs_volume.old": "new"}


def test_an_ignore_counts_until_its_day(tmp_path: Path) -> None:
    settings = "ignore:\n  - {{rule: aws/gp2_volume, reason: because, until: {day}}}\n"
    write(tmp_path, {"main.tf": PROVIDER + OLD_DISK, ".clops.yml": settings.format(day="2099-01-01")})
    assert raised(review(tmp_path)) == {}
    write(tmp_path, {".clops.yml": settings.format(day="2020-01-01")})
    document = review(tmp_path)
    assert raised(document) == {"aws_ebs_volume.old": "new"}
    assert "has expired" in json.dumps(document["diagnostics"])


def test_variables_come_from_everywhere_and_the_command_line_wins(tmp_path: Path) -> None:
    code = 'variable "kind" {\n  type = string\n}\nresource "aws_ebs_volume" "a" {\n  size = 1\n  type = var.kind\n}\n'
    write(tmp_path, {"tf/main.tf": PROVIDER + code, "gp2.tfvars": 'kind = "gp2"\n', "tf/prod.tfvars": 'kind = "gp2"\n'})
    top = tmp_path / "tf"

    def kind(*arguments: str | Path, **environment: str) -> object:
        document = json.loads(clops("graph", top, *arguments, **environment).stdout)
        return next(resource["values"].get("type") for resource in document["resources"] if resource["type"] == "aws_ebs_volume")

    assert kind() is None
    assert kind(TF_VAR_kind="io1") == "io1"
    assert kind("--var-file", tmp_path / "gp2.tfvars", TF_VAR_kind="io1") == "gp2"
    assert kind("--var-file", tmp_path / "gp2.tfvars", "--var", "kind=st1") == "st1"
    write(top, {".clops.yml": "terraform: {vars: {kind: sc1}}\n"})
    assert kind() == "sc1"
    assert kind("--var", "kind=st1") == "st1"
    write(top, {".clops.yml": "terraform: {var_files: [prod.tfvars]}\n"})
    assert kind() == "gp2"


def test_a_variable_that_nothing_declares_is_told_with_its_name(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": PROVIDER + GOOD_DISK})
    told = json.dumps(review(tmp_path, "--var", "regoin=x")["diagnostics"])
    assert "var.regoin has no effect" in told


def test_a_rule_that_does_not_exist_is_told_with_the_nearest(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": PROVIDER + GOOD_DISK, ".clops.yml": "rules: {disable: [aws/gp2_volumes]}\n"})
    assert "aws/gp2_volume" in json.dumps(review(tmp_path)["diagnostics"])


def test_usage_gives_the_bill_its_quantities(tmp_path: Path) -> None:
    gateway = 'resource "aws_nat_gateway" "a" {\n  subnet_id = "subnet-1"\n}\n'
    write(tmp_path, {"tf/main.tf": PROVIDER + gateway, "usage.yml": "aws_nat_gateway: {monthly_data_processed_gb: 100}\n"})

    def monthly(*arguments: str | Path) -> str:
        document = json.loads(clops("cost", "--format", "json", tmp_path / "tf", *arguments).stdout)
        return str(document["monthly"]["after"])

    assert [monthly(), monthly("--usage", tmp_path / "usage.yml")] == ["32.85", "37.35"]


def test_the_cost_of_a_change_has_a_before_and_an_after(tmp_path: Path) -> None:
    top = repository(tmp_path, {"main.tf": PROVIDER + GOOD_DISK})
    write(top, {"more.tf": GOOD_DISK.replace('"good"', '"better"')})
    document = json.loads(clops("cost", "--format", "json", cwd=top).stdout)
    assert document["monthly"] == {"before": "0.80", "after": "1.60", "delta": "0.80"}


def test_a_diff_of_all_fixes_is_printed_and_nothing_changed(tmp_path: Path) -> None:
    top = repository(tmp_path, {"main.tf": PROVIDER + OLD_DISK})
    ended = clops("fix", "--rule", "aws/gp2_volume", cwd=top)
    assert (ended.code, git(top, "status", "--porcelain")) == (0, "")
    subprocess.run(("git", "apply", "--check"), cwd=top, input=ended.stdout, text=True, check=True)
    assert '-  type              = "gp2"\n+  type              = "gp3"\n' in ended.stdout


def test_fixes_are_written_and_then_there_is_nothing_left_to_fix(tmp_path: Path) -> None:
    top = repository(tmp_path, {"infra/main.tf": PROVIDER + OLD_DISK})
    ended = clops("fix", "infra", "--rule", "aws/gp2_volume", "--write", cwd=top)
    assert (ended.code, (top / "infra/main.tf").read_text()) == (0, PROVIDER + OLD_DISK.replace("gp2", "gp3"))
    assert f"git -C {top} restore infra/main.tf" in ended.stderr
    again = clops("fix", "infra", "--rule", "aws/gp2_volume", "--write", cwd=top)
    assert (again.code, again.stdout, "Nothing to change." in again.stderr) == (0, "", True)


def test_rules_are_listed_and_explained(tmp_path: Path) -> None:
    assert "aws/gp2_volume" in clops("rules").stdout
    whole, short = clops("explain", "aws/gp2_volume"), clops("explain", "gp2_volume")
    assert (whole.code, whole.stdout) == (0, short.stdout)


def test_rules_are_listed_and_explained_in_korean_when_asked() -> None:
    listed, told = clops("rules", "--language", "ko"), clops("explain", "gp2_volume", "--language", "ko")
    assert (listed.code, "비용" in listed.stdout, "reliability" in listed.stdout.lower()) == (0, True, False)
    assert (told.code, "고치기" in told.stdout, "출처" in told.stdout) == (0, True, True)
    assert clops("explain", "gp2_volume", "--language", "en").stdout == clops("explain", "gp2_volume").stdout


def test_a_misspelt_rule_is_told_with_the_nearest() -> None:
    ended = clops("explain", "aws/gp2_volum")
    assert (ended.code, ended.stdout) == (2, "")
    assert ended.stderr == "clops: there is no rule 'aws/gp2_volum'; did you mean 'aws/gp2_volume'?\n"


def test_init_writes_settings_that_can_be_read_and_overwrites_nothing(tmp_path: Path) -> None:
    top = repository(tmp_path, {"infra/main.tf": PROVIDER + GOOD_DISK})
    first = clops("init", "infra", cwd=top)
    assert (first.code, "put the owner of the repository" in first.stderr) == (0, True)
    assert sorted(git(top, "status", "--porcelain", "--untracked-files=all").split()) == [
        ".clops.yml",
        ".github/workflows/clops.yml",
        "??",
        "??",
    ]
    assert clops("review", cwd=top).code == 0
    write(top, {".clops.yml": "language: ko\n"})
    ended = clops("init", cwd=top)
    assert ((top / ".clops.yml").read_text(), ".clops.yml: exists already" in ended.stderr) == ("language: ko\n", True)
    assert clops("init", "--force", cwd=top).code == 0
    assert (top / ".clops.yml").read_text() != "language: ko\n"


def test_progress_is_shown_on_a_terminal_and_leaves_stdout_alone(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": PROVIDER + OLD_DISK})
    ours, theirs = pty.openpty()
    command = (CLOPS, "review", "--format", "json", tmp_path)
    done = subprocess.run(command, env={**ENVIRONMENT, "TERM": "xterm"}, stdout=subprocess.PIPE, stderr=theirs, check=True)
    os.close(theirs)
    shown = os.read(ours, 65536).decode()
    os.close(ours)
    assert ("Reading" in shown, list(raised(json.loads(done.stdout)))) == (True, ["aws_ebs_volume.old"])


def test_ctrl_c_ends_without_a_word(tmp_path: Path) -> None:
    write(tmp_path, {"top/main.tf": PROVIDER})
    interrupted = "import clops_app.usecases.think as module\ndef mind(*_, **__):\n    raise KeyboardInterrupt\nmodule.mind = mind\n"
    write(tmp_path, {"shadow/sitecustomize.py": interrupted})
    ended = started("review", tmp_path / "top", PYTHONPATH=str(tmp_path / "shadow"))
    assert (ended.code, ended.stdout, ended.stderr) == (130, "", "")


def test_a_reader_who_goes_away_is_no_error(tmp_path: Path) -> None:
    write(tmp_path, {f"{number}.tf": OLD_DISK.replace('"old"', f'"a{number}"') for number in range(100)})
    running = subprocess.Popen(
        (CLOPS, "review", "--quiet", "--format", "json", tmp_path), env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.close()
    told = running.stderr.read().decode()
    running.stderr.close()
    assert (running.wait(timeout=60), told) == (0, "")


def test_the_exit_code_stays_when_what_is_left_cannot_be_written() -> None:
    code = "import sys\nfrom clops_app.entrypoints import cli\n\ndef main():\n    sys.stdout.close()\n    sys.exit(1)\n\ncli.main = main\ncli.run()\n"
    assert subprocess.run((sys.executable, "-c", code), capture_output=True, check=False).returncode == 1
