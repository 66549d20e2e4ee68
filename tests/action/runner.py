"""A runner of GitHub Actions for one composite action: its steps as action.yml writes them, its files, its environment, nothing else."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

HOUSE = Path(__file__).parent.parent.parent
ACTION = yaml.safe_load((HOUSE / "action.yml").read_text())
_EXPRESSION = re.compile(r"\$\{\{\s*([\w.-]+)\s*\}\}")


@dataclass
class Run:
    """What a job left behind. `log` is all that it printed, without the commands for the runner, which are `annotations`."""

    code: int
    log: str
    annotations: list[str]
    outputs: dict[str, str]
    summary: str


@dataclass
class Runner:
    """`folder` is the machine; `cached` what actions/cache would restore. `installed`: the Python of this very test is the one installed."""

    folder: Path
    installed: bool = True
    source: Path = HOUSE
    cache: dict[str, Path] = field(default_factory=dict)

    def run(self, event: Mapping[str, Any], *, token: str = "", inputs: Mapping[str, str] | None = None, **environment: str) -> Run:
        """Run the action. `event` is the payload; `environment` adds to what a runner sets (GITHUB_API_URL and its like)."""
        temp = self.folder / "temp"
        temp.mkdir(parents=True, exist_ok=True)
        if self.installed:
            self._install(temp / "clops-python")
        files = {name: self.folder / name for name in ("GITHUB_STEP_SUMMARY", "GITHUB_EVENT_PATH")}
        files["GITHUB_EVENT_PATH"].write_text(json.dumps(event))
        files["GITHUB_STEP_SUMMARY"].write_text("")
        base = {
            "PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8", "CI": "true", "GITHUB_ACTIONS": "true",
            "RUNNER_TEMP": str(temp), **{name: str(path) for name, path in files.items()}, **environment,
        }  # fmt: skip
        context = {"github.action_path": str(self.source), "github.token": token}
        for name, about in ACTION["inputs"].items():
            given = (inputs or {}).get(name, about.get("default", ""))
            context[f"inputs.{name}"] = _filled(given, context)
        log, code = "", 0
        for step in ACTION["runs"]["steps"]:
            if "uses" in step:
                self._use(step, context)
                continue
            output = self.folder / f"output-{step['name']}".replace(" ", "-")
            output.write_text("")
            env = {name: _filled(value, context) for name, value in step.get("env", {}).items()}
            ended = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                cwd=environment.get("GITHUB_WORKSPACE", str(self.folder)),
                env={**base, **env, "GITHUB_OUTPUT": str(output)},
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            )  # fmt: skip
            log += ended.stdout
            outputs = _outputs(output.read_text())
            context.update({f"steps.{step.get('id')}.outputs.{name}": value for name, value in outputs.items()})
            code = ended.returncode
            if code:
                break
        lines = log.splitlines()
        shown = {name: _filled(about["value"], context) for name, about in ACTION["outputs"].items()}
        return Run(
            code,
            "\n".join(line for line in lines if not line.startswith("::")),
            [line for line in lines if line.startswith("::")],
            shown,
            files["GITHUB_STEP_SUMMARY"].read_text(),
        )

    def _use(self, step: Mapping[str, Any], context: Mapping[str, str]) -> None:
        """actions/cache: restores what is kept under the key; what is there at the end of the job is for the test to keep."""
        assert step["uses"].startswith("actions/cache@")
        key, place = (_filled(step["with"][name], context) for name in ("key", "path"))
        if key in self.cache and not Path(place).exists():
            subprocess.run(["cp", "-a", str(self.cache[key]), place], check=True)

    def _install(self, place: Path) -> None:
        """In the place of an environment of its own, which takes seconds, the one that this test runs in."""
        if place.exists():
            return
        (place / "bin").mkdir(parents=True)
        (place / "complete").touch()
        script = place / "bin" / "python"
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        script.chmod(0o755)


def _filled(text: str, context: Mapping[str, str]) -> str:
    """The expressions of GitHub that action.yml uses: plain names, absent ones empty."""
    return _EXPRESSION.sub(lambda found: context.get(found[1], ""), str(text))


def _outputs(text: str) -> dict[str, str]:
    """GITHUB_OUTPUT, both of its forms (docs.github.com, "Workflow commands")."""
    found: dict[str, str] = {}
    lines = iter(text.splitlines())
    for line in lines:
        name, heredoc, end = line.partition("<<")
        if heredoc and "=" not in name:
            value = []
            for inner in lines:
                if inner == end:
                    break
                value.append(inner)
            found[name] = "\n".join(value)
        elif line:
            name, _, value_ = line.partition("=")
            found[name] = value_
    return found
