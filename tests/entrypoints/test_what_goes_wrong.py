"""Whatever is handed in, there is a sentence and an exit code, never a traceback."""

from __future__ import annotations

import json
import os
import pty
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.adapters.repositories import ENVIRONMENT as GIT_ENVIRONMENT
from tests.adapters.repositories import git, repository, write
from tests.entrypoints.processes import CLOPS, ENVIRONMENT, Ended, clops, started

PROVIDER = 'provider "aws" {\n  region = "us-east-1"\n}\n'
DISK = 'resource "aws_ebs_volume" "a" {\n  availability_zone = "us-east-1a"\n  size = 10\n  type = "gp2"\n}\n'


def reviewed(top: Path, *arguments: str) -> tuple[Ended, dict[str, list[dict[str, str]]]]:
    """A review in JSON, after every other command has met the same input."""
    for command in ("cost", "graph", "fix"):
        ended = clops(command, top)
        assert (ended.code in (0, 3), ended.stderr.count("sorry")) == (True, 0), ended.stderr
    ended = clops("review", "--format", "json", top, *arguments)
    assert "Traceback" not in ended.stderr
    assert "sorry" not in ended.stderr
    return ended, json.loads(ended.stdout)


def told(document: dict[str, list[dict[str, str]]], where: str) -> list[str]:
    return [
        diagnostic["what"] + ": " + diagnostic["why"] for diagnostic in document["diagnostics"] if diagnostic["where"].startswith(where)
    ]


def addresses(document: dict[str, list[dict[str, str]]]) -> set[str]:
    return {finding["address"] for finding in document["findings"] if finding["rule"] == "aws/gp2_volume"}


def test_a_broken_file_is_told_and_the_others_are_reviewed(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": DISK, "broken.tf": 'resource "aws_instance" "x" {\n  ami = \n'})
    ended, document = reviewed(tmp_path)
    assert (ended.code, addresses(document), told(document, "broken.tf:") != []) == (0, {"aws_ebs_volume.a"}, True)


def test_a_root_of_which_nothing_can_be_read_ends_with_3_and_the_others_are_reviewed(tmp_path: Path) -> None:
    write(tmp_path, {"bad/main.tf": "}}}}{{{{ [[ =", "good/main.tf": DISK})
    ended, document = reviewed(tmp_path)
    assert (ended.code, addresses(document), told(document, "bad") != []) == (3, {"aws_ebs_volume.a"}, True)


def test_a_missing_module_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": DISK + 'module "gone" {\n  source = "./modules/gone"\n}\n'})
    ended, document = reviewed(tmp_path)
    assert (ended.code, addresses(document), told(document, "main.tf") != []) == (0, {"aws_ebs_volume.a"}, True)


def test_locals_in_a_ring_are_told(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": DISK + 'locals {\n  a = local.b\n  b = local.a\n}\noutput "a" {\n  value = local.a\n}\n'})
    ended, document = reviewed(tmp_path)
    assert (ended.code, any("depends on itself" in line for line in told(document, "main.tf"))) == (0, True)


def test_a_module_that_calls_itself_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": DISK + 'module "me" {\n  source = "./"\n}\n'})
    ended, document = reviewed(tmp_path)
    assert (ended.code, told(document, "main.tf") != []) == (0, True)


def test_an_unknown_variable_is_no_error(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": 'variable "kind" {}\n' + DISK.replace('"gp2"', "var.kind") + 'output "x" {\n  value = var.nowhere\n}\n'})
    ended, document = reviewed(tmp_path)
    assert (ended.code, addresses(document), told(document, "main.tf") != []) == (0, set(), True)


@pytest.mark.parametrize("path", ["/etc/hostname", "../secret.txt", "link.txt", "../../../../../etc/hostname", "pipe"])
def test_a_file_outside_of_the_repository_is_never_read(tmp_path: Path, path: str) -> None:
    top = tmp_path / "top"
    secret = "a secret that must not be shown"
    write(tmp_path, {"secret.txt": secret, "top/main.tf": f'{DISK}output "x" {{\n  value = file("{path}")\n}}\n'})
    (top / "link.txt").symlink_to(tmp_path / "secret.txt")
    os.mkfifo(top / "pipe")
    ended, document = reviewed(top)
    assert (ended.code, addresses(document)) == (0, {"aws_ebs_volume.a"})
    graph = clops("graph", top).stdout
    assert "value" not in json.loads(graph)["outputs"]["x"]
    assert secret not in graph + ended.stdout + ended.stderr


def test_a_file_of_10_mb_is_told_and_not_read(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": DISK, "big.tf": "#" * 10_000_000})
    ended, document = reviewed(tmp_path)
    assert (ended.code, told(document, "big.tf")) == (0, ["a file was not read: larger than 2 MiB"])


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 10_000 + "]" * 10_000,
        "a {\n" * 10_000 + "}\n" * 10_000,
        "locals {\n  x = " + "(" * 10_000 + "1" + ")" * 10_000 + "\n}\n",
        "locals {\n  x = " + "1 + " * 10_000 + "1\n}\n",
        'locals {\n  x = "' + '${"' * 10_000 + "\n}\n",
        "locals {\n  x = " + "!" * 10_000 + "true\n}\n",
    ],
)
def test_nesting_ten_thousand_deep_is_survived(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"main.tf": DISK, "deep.tf": text})
    ended, document = reviewed(tmp_path)
    assert (ended.code, addresses(document)) == (0, {"aws_ebs_volume.a"})


def test_a_binary_file_called_tf_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": DISK})
    (tmp_path / "binary.tf").write_bytes(bytes(range(256)) * 64)
    ended, document = reviewed(tmp_path)
    assert (ended.code, addresses(document), told(document, "binary.tf") != []) == (0, {"aws_ebs_volume.a"}, True)


def test_a_directory_called_tf_is_survived(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": DISK, "odd.tf/readme": ""})
    assert addresses(reviewed(tmp_path)[1]) == {"aws_ebs_volume.a"}


def test_an_empty_directory_is_fine_and_said_to_hold_no_terraform(tmp_path: Path) -> None:
    ended, document = reviewed(tmp_path)
    assert (ended.code, [diagnostic["what"] for diagnostic in document["diagnostics"]]) == (0, ["no Terraform was found"])
    assert "no Terraform was found" in clops("review", tmp_path).stdout
    assert "no Terraform was found" in clops("cost", tmp_path).stderr


def test_a_link_that_leads_outside_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"outside/main.tf": DISK, "top/main.tf": DISK})
    (tmp_path / "top/linked.tf").symlink_to(tmp_path / "outside/main.tf")
    _, document = reviewed(tmp_path / "top")
    assert told(document, "linked.tf") == ["a file was not read: a link that leads outside the repository"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("review", "nowhere"), "clops: nowhere does not exist. PATH is a directory with Terraform code."),
        (("cost", "main.tf"), "clops: main.tf is not a directory. Give the directory that holds it."),
        (
            ("review", "--base", "xyz"),
            "clops: base ref 'xyz' does not exist here, nor does 'origin/xyz'. Fetch it first: git fetch origin xyz",
        ),
        (("review", "--base", "--", "."), "clops: base ref '--' does not exist here"),
        (("review", "--var", "novalue"), "clops: --var 'novalue' is not of the form NAME=VALUE."),
        (("review", "--var", "=x"), "clops: --var '' is not of the form NAME=VALUE."),
        (("review", "--var-file", "gone.tfvars"), "clops: gone.tfvars cannot be read: no such file or directory."),
        (("review", "--config", "gone.yml"), "clops: gone.yml cannot be read: no such file or directory."),
        (("review", "--usage", "main.tf"), "clops: main.tf"),
        (("review", "--output", "nowhere/x"), "clops: nowhere/x cannot be written: no such file or directory."),
        (("fix", "--rule", "aws/gp2_volum"), "clops: there is no rule 'aws/gp2_volum'; did you mean 'aws/gp2_volume'?"),
    ],
)
def test_wrong_usage_ends_with_2_and_a_sentence(tmp_path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    top = repository(tmp_path, {"main.tf": DISK})
    ended = clops(*arguments, cwd=top)
    assert (ended.code, ended.stdout, ended.stderr.startswith(sentence)) == (2, "", True), ended.stderr


@pytest.mark.parametrize(
    "arguments",
    [("review", "--format", "xml"), ("review", "--fail-on", "worst"), ("reviw",), ("review", "--bse", "x"), ("schema", "x"), ("explain",)],
)
def test_what_the_command_line_does_not_know_ends_with_2(arguments: tuple[str, ...]) -> None:
    ended = clops(*arguments)
    assert (ended.code, ended.stdout, "Usage: clops" in ended.stderr) == (2, "", True)


def test_a_directory_that_was_removed_around_us_ends_with_2(tmp_path: Path) -> None:
    ended = in_a_shell("mkdir gone && cd gone && rmdir ../gone && clops review", tmp_path)
    assert (ended.code, ended.stderr) == (2, "clops: . cannot be read: no such file or directory. Go to another directory.\n")


def test_a_ref_outside_git_ends_with_2(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": DISK})
    ended = clops("review", tmp_path, "--base", "main")
    assert (ended.code, "is not in a git repository" in ended.stderr) == (2, True)


def test_wrong_settings_end_with_2_and_name_every_fault(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": DISK, ".clops.yml": "fail_on: hgih\nbudgt: 3\n"})
    ended = clops("review", tmp_path)
    assert (ended.code, [line[:18] for line in ended.stderr.splitlines()]) == (2, ["clops: .clops.yml:", "clops: .clops.yml:"])


def test_settings_under_another_name_are_not_passed_over(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": DISK, ".clops.yaml": "fail_on: high\n"})
    ended = clops("review", tmp_path)
    assert (ended.code, ended.stderr) == (2, "clops: .clops.yaml is not read: rename it to .clops.yml.\n")


def test_a_path_with_spaces_and_letters_of_every_kind_is_fine(tmp_path: Path) -> None:
    top = repository(tmp_path / "게임 서버 ünïcode", {"인프라 prod/주 파일.tf": DISK})
    ended, document = reviewed(top / "인프라 prod", "--base", "none")
    assert (ended.code, addresses(document)) == (0, {"aws_ebs_volume.a"})
    assert {finding["path"] for finding in document["findings"]} == {"인프라 prod/주 파일.tf"}


def test_a_plain_c_locale_is_fine(tmp_path: Path) -> None:
    top = tmp_path / "게임"
    write(top, {"인프라.tf": DISK})
    ended = started("review", top, LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert (ended.code, "aws_ebs_volume.a" in ended.stdout) == (0, True), ended.stderr


def test_a_directory_that_cannot_be_written_is_reviewed_and_a_fix_told_to_be_impossible(tmp_path: Path) -> None:
    write(tmp_path, {"top/main.tf": PROVIDER + DISK})
    (tmp_path / "top").chmod(0o555)
    assert clops("review", tmp_path / "top").code == 0
    if os.geteuid() != 0:
        ended = clops("fix", tmp_path / "top", "--rule", "aws/gp2_volume", "--write")
        assert (ended.code, "cannot be written" in ended.stderr) == (2, True)
    (tmp_path / "top").chmod(0o755)


COMMANDS = ("review", "cost", "fix --rule aws/gp2_volume", "rules")
NOT_WRITTEN = "clops: the result cannot be written: "


def in_a_shell(command: str, top: Path) -> Ended:
    """A command line, run by a shell that fails when any part of a pipe does; `clops` is the console script."""
    line = command.replace("clops", shlex.quote(str(CLOPS)), 1)
    done = subprocess.run(
        ("bash", "-o", "pipefail", "-c", line), cwd=top, env=ENVIRONMENT, capture_output=True, encoding="utf-8", timeout=120, check=False
    )
    return Ended(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_result_that_cannot_be_printed_ends_with_2_and_a_sentence(tmp_path: Path, command: str) -> None:
    write(tmp_path, {"main.tf": PROVIDER + DISK})
    closed, full = in_a_shell(f"clops {command} >&-", tmp_path), in_a_shell(f"clops {command} >/dev/full", tmp_path)
    assert (closed.code, closed.stderr.splitlines()[-1:]) == (2, [NOT_WRITTEN + "standard output is closed."])
    assert (full.code, full.stderr.splitlines()[-1:]) == (2, [NOT_WRITTEN + "no space left on device."])
    assert "Traceback" not in closed.stderr + full.stderr


@pytest.mark.parametrize("command", ["version", "--help"])
def test_help_that_cannot_be_printed_ends_with_2_and_a_sentence(tmp_path: Path, command: str) -> None:
    ended = in_a_shell(f"clops {command} >/dev/full", tmp_path)
    assert (ended.code, ended.stderr) == (2, NOT_WRITTEN + "no space left on device.\n")


def test_a_full_disk_under_an_output_file_ends_with_2_and_a_sentence(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": DISK})
    ended = clops("review", tmp_path, "--output", "/dev/full", "--quiet")
    assert (ended.code, ended.stderr) == (2, "clops: /dev/full cannot be written: no space left on device.\n")


@pytest.mark.parametrize("errors", ["<&- 2>&-", "2>/dev/full"])
def test_notes_that_cannot_be_printed_leave_the_result_and_its_exit_code_alone(tmp_path: Path, errors: str) -> None:
    top = repository(tmp_path, {"main.tf": DISK})
    assert "Nothing to compare with" in clops("review", top).stderr
    ended = in_a_shell(f"clops review --format json --fail-on low {errors}", top)
    assert (ended.code, addresses(json.loads(ended.stdout)), ended.stderr) == (1, {"aws_ebs_volume.a"}, "")
    assert in_a_shell(f"clops review --base x..y {errors}", top) == Ended(2, "", "")
    assert in_a_shell(f"clops review >&- {errors}", top) == Ended(2, "", "")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_reader_of_the_first_line_only_is_no_error(tmp_path: Path, command: str) -> None:
    write(tmp_path, {"main.tf": PROVIDER, **{f"{number}.tf": DISK.replace('"a"', f'"a{number}"') for number in range(9)}})
    for together in ("", "2>&1"):
        ended = in_a_shell(f"clops {command} {together} | head -n 1", tmp_path)
        assert (ended.code, len(ended.stdout.splitlines()), "Traceback" in ended.stderr, "sorry" in ended.stderr) == (0, 1, False, False)


def test_a_terminal_that_says_it_has_no_columns_is_printed_on_all_the_same() -> None:
    ours, theirs = pty.openpty()
    subprocess.run((CLOPS, "explain", "gp2_volume"), env={**ENVIRONMENT, "TERM": "xterm", "COLUMNS": "0"}, stdout=theirs, check=True)
    os.close(theirs)
    shown = os.read(ours, 65536).decode()
    os.close(ours)
    assert "gp2" in shown


def test_nothing_is_changed_when_the_diff_that_undoes_it_cannot_be_printed(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": PROVIDER + DISK})
    assert in_a_shell("clops fix --rule aws/gp2_volume --write >&-", tmp_path).code == 2
    assert (tmp_path / "main.tf").read_text() == PROVIDER + DISK


@pytest.mark.parametrize("path", ["main.tf", 'the game\'s "prod"/a file.tf', ":(top)x.tf", "-x.tf", "$(touch pwned)/[a]*.tf"])
def test_the_command_that_undoes_fixes_does(tmp_path: Path, path: str) -> None:
    top = repository(tmp_path / "it's a `game`", {path: PROVIDER + DISK})
    ended = clops("fix", top, "--rule", "aws/gp2_volume", "--write")
    told, _, command = ended.stderr.partition(". To undo: ")
    assert (ended.code, told.splitlines()[-1], git(top, "status", "--porcelain") != "") == (0, f"1 file changed: {shlex.quote(path)}", True)
    subprocess.run(("sh", "-c", command), cwd=tmp_path, env=GIT_ENVIRONMENT, check=True)
    assert ((top / path).read_text(), git(top, "status", "--porcelain")) == (PROVIDER + DISK, "")


def test_the_diff_that_undoes_fixes_does_where_git_could_not(tmp_path: Path) -> None:
    top = repository(tmp_path / "the game", {"infra/main.tf": PROVIDER})
    write(top, {"infra/main.tf": PROVIDER + DISK})
    ended = clops("fix", "infra", "--rule", "aws/gp2_volume", "--write", cwd=top)
    command = ended.stderr.partition("save the diff printed above and give it to ")[2]
    assert (top / "infra/main.tf").read_text() != PROVIDER + DISK
    subprocess.run(("sh", "-c", command), cwd=top / "infra", env=GIT_ENVIRONMENT, input=ended.stdout, text=True, check=True)
    assert (top / "infra/main.tf").read_text() == PROVIDER + DISK


def test_roots_that_are_nowhere_are_told_and_not_that_there_is_no_terraform(tmp_path: Path) -> None:
    write(tmp_path, {"infra/prod/main.tf": DISK, ".clops.yml": "roots: [infra/prd]\n"})
    ended, document = reviewed(tmp_path)
    assert (ended.code, document["verdict"], told(document, ".clops.yml")[0].partition(":")[0]) == (
        0,
        "warn",
        "`roots` finds nothing for infra/prd",
    )
    for command in ("cost", "graph"):
        assert clops(command, tmp_path).stderr.endswith(f"{tmp_path}: `roots` in .clops.yml finds nothing here: infra/prd\n")


def test_a_bug_of_ours_is_told_without_what_stands_in_the_files(tmp_path: Path) -> None:
    write(tmp_path, {"top/main.tf": DISK})
    fault = """
import clops_app.usecases.review_change as module
def broken(*_):
    raise KeyError("SECRET")
module.think_of_change = broken
"""
    write(tmp_path, {"shadow/sitecustomize.py": fault})
    ended = started("review", tmp_path / "top", PYTHONPATH=str(tmp_path / "shadow"))
    assert (ended.code, ended.stdout, "SECRET" in ended.stderr, "Traceback" in ended.stderr) == (3, "", False, False)
    assert "sorry, this is a bug in ClOps" in ended.stderr
    assert "KeyError" in ended.stderr
    assert "Traceback" in started("review", tmp_path / "top", PYTHONPATH=str(tmp_path / "shadow"), CLOPS_DEBUG="1").stderr
