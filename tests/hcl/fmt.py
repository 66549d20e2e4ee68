"""The real `terraform fmt` and `terraform plan`, as judges."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

needs_terraform = [
    pytest.mark.terraform,
    pytest.mark.skipif(shutil.which("terraform") is None, reason="NOT PROVEN: there is no terraform binary on this machine"),
]
_ERROR = re.compile(r"Error: (.*)\n\n  on (\S+) line (\d+)")


def _terraform(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"}
    return subprocess.run(["terraform", *arguments], cwd=directory, env=environment, capture_output=True, text=True, check=False)


def _write(directory: Path, texts: Sequence[bytes]) -> list[str]:
    names = [f"{number:05}.tf" for number in range(len(texts))]
    for name, text in zip(names, texts, strict=True):
        (directory / name).write_bytes(text)
    return names


def errors(directory: Path, texts: Sequence[bytes]) -> list[list[tuple[int, str]]]:
    """Line and summary of every syntax error that Terraform tells of each text, in its order."""
    names = _write(directory, texts)
    result = _terraform(directory, "fmt", "-no-color", "-check", "-list=false", "-write=false", *names)
    found: dict[str, list[tuple[int, str]]] = {name: [] for name in names}
    for summary, name, line in _ERROR.findall(result.stderr):
        found[name].append((int(line), summary))
    return list(found.values())


def formatted(directory: Path, texts: Sequence[bytes]) -> list[bytes]:
    """Each text as `terraform fmt` leaves it."""
    names = _write(directory, texts)
    result = _terraform(directory, "fmt", "-list=false", ".")
    assert result.returncode == 0, result.stderr
    return [(directory / name).read_bytes() for name in names]


def values(directory: Path, expressions: Mapping[str, str], x: str) -> dict[str, object]:
    """What `terraform plan` makes of each expression, where `local.x` is `x`; what it refuses is left out."""
    left = dict(expressions)
    (directory / "x.tf").write_text(f"locals {{\n  x = {json.dumps(x)}\n}}\n")
    for name, text in left.items():
        (directory / f"{name}.tf").write_text(f'output "{name}" {{\n  value = {text}\n}}\n', newline="")
    for _ in range(8):
        result = _terraform(directory, "plan", "-json", "-out=plan", "-input=false")
        messages = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]
        refused = {Path(message["diagnostic"]["range"]["filename"]).stem for message in messages if message.get("@level") == "error"}
        if not refused:
            shown = json.loads(_terraform(directory, "show", "-json", "plan").stdout)
            return {name: shown["planned_values"]["outputs"][name]["value"] for name in left}
        for name in refused:
            del left[name]
            (directory / f"{name}.tf").unlink()
    raise AssertionError("Terraform finds new errors in every round")
