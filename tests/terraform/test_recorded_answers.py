"""What is recorded as Terraform's answer is what Terraform answers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.terraform.truth import FILES, PRELUDE, Answer, Json, read_data, recorded

OFFLINE = {"TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}


def _terraform(directory: Path, *arguments: str) -> str:
    run = subprocess.run(
        ["terraform", *arguments], cwd=directory, env={**os.environ, **OFFLINE}, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def _answers(directory: Path, expressions: dict[str, str]) -> dict[str, Answer]:
    """Ask for all of them in one plan: none may be an error."""
    outputs = [f'output "{name}" {{\n  sensitive = true\n  value = {text}\n}}\n' for name, text in expressions.items()]
    for path, text in {**FILES, "prelude.tf": PRELUDE, "cases.tf": "".join(outputs)}.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_text(text, encoding="utf-8")
    _terraform(directory, "init", "-input=false", "-backend=false")
    _terraform(directory, "plan", "-out=plan.bin", "-input=false", "-lock=false", "-refresh=false")
    shown = json.loads(_terraform(directory, "show", "-json", "plan.bin"))
    changes, values = shown["output_changes"], shown["planned_values"]["outputs"]
    return {
        name: recorded(
            {
                "value": changes[name].get("after"),
                "type": values.get(name, {}).get("type"),
                "unknown": changes[name].get("after_unknown", False),
            }
        )
        for name in expressions
    }


@pytest.mark.terraform
@pytest.mark.skipif(shutil.which("terraform") is None, reason="NOT PROVEN: there is no terraform binary on this machine")
def test_terraform_still_answers_what_is_recorded(tmp_path: Path) -> None:
    data = read_data("expressions.json")
    assert isinstance(data, dict)
    # Errors would need a plan each; of the file system beside the root nothing is recorded.
    cases: dict[str, dict[str, Json]] = {
        name: case
        for name, case in data.items()
        if isinstance(case, dict) and "error" not in case and not str(case["expr"]).startswith(("fileset", "file("))
    }
    fresh = _answers(tmp_path, {name: str(case["expr"]) for name, case in cases.items()})
    expected = {name: recorded({**case, "sensitive": None}) for name, case in cases.items()}
    assert fresh == expected
