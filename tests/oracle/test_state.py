"""What Terraform remembers between runs: moves that a child module writes, and the workspace. Its built-in provider is enough."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from clops_app.adapters.disk import read_directory
from clops_app.graph.build import build_graph
from clops_app.graph.diff import diff
from clops_app.terraform.evaluate import evaluate
from clops_app.terraform.inputs import Inputs

pytestmark = pytest.mark.terraform

CALL = 'module "m" {\n  for_each = toset(["a", "b"])\n  source = "./m"\n}\n'
BEFORE = 'resource "terraform_data" "old" {\n  input = 1\n}\nresource "terraform_data" "list" {\n  input = 2\n}\n'
AFTER = """resource "terraform_data" "new" {
  input = 1
}
resource "terraform_data" "list" {
  for_each = toset(["x"])
  input    = 2
}
moved {
  from = terraform_data.old
  to   = terraform_data.new
}
moved {
  from = terraform_data.list
  to   = terraform_data.list["x"]
}
"""


def _terraform(where: Path, *arguments: str) -> str:
    keep = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    environment = {**keep, "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"}
    return subprocess.run(("terraform", *arguments), cwd=where, env=environment, check=True, capture_output=True, text=True).stdout


def _planned(where: Path) -> dict[str, Any]:
    _terraform(where, "plan", "-out=p", "-input=false")
    shown: dict[str, Any] = json.loads(_terraform(where, "show", "-json", "p"))
    return shown


def test_a_move_that_a_child_module_writes_is_a_move_of_each_of_its_instances(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "main.tf").write_text(CALL)
    (tmp_path / "m" / "main.tf").write_text(BEFORE)
    base = evaluate(read_directory(str(tmp_path)).tree, "")
    _terraform(tmp_path, "init", "-input=false")
    _terraform(tmp_path, "apply", "-auto-approve", "-input=false")
    (tmp_path / "m" / "main.tf").write_text(AFTER)
    theirs = {(each["previous_address"], each["address"]) for each in _planned(tmp_path)["resource_changes"] if "previous_address" in each}
    head = evaluate(read_directory(str(tmp_path)).tree, "")
    ours = {(change.base.address, change.head.address) for change in diff(build_graph(base), build_graph(head)).moved}
    assert len(theirs) == 4
    assert ours == theirs


def test_the_workspace_is_the_one_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        'resource "terraform_data" "d" {\n  count = terraform.workspace == "blue" ? 2 : 1\n  input = terraform.workspace\n}\n'
    )
    _terraform(tmp_path, "init", "-input=false")
    _terraform(tmp_path, "workspace", "new", "blue")
    theirs = [(each["address"], each["change"]["after"]["input"]) for each in _planned(tmp_path)["resource_changes"]]
    ours = evaluate(read_directory(str(tmp_path)).tree, "", Inputs(workspace="blue"))
    assert [(each.address, each.values["input"]) for each in ours.resources] == theirs
