"""The real `terraform`, offline, against the stand-in provider: fmt, validate, plan."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tests.oracle.schemas import aws_types

LEARNING_ROUNDS = 25
SECONDS = 240
# Providers by the first word of a type, where it is not hashicorp/<word>.
PROVIDERS = {
    "auth0": "auth0/auth0",
    "cloudflare": "cloudflare/cloudflare",
    "datadog": "datadog/datadog",
    "docker": "kreuzwerker/docker",
    "fastly": "fastly/fastly",
    "github": "integrations/github",
    "kubectl": "gavinbunney/kubectl",
    "mongodbatlas": "mongodb/mongodbatlas",
    "pagerduty": "pagerduty/pagerduty",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What Terraform makes of a root: `plan` is the document of `terraform show -json`; or the errors of the stage that failed."""

    plan: dict[str, Any] | None
    stage: str
    errors: tuple[str, ...]
    supplied: dict[str, str]
    seconds: float


@dataclass(frozen=True, slots=True)
class Terraform:
    """`directory` says where the stand-in answers. One plan at a time: what was learnt is shared."""

    directory: Path

    def run(self, root: Path, *arguments: str, region: str = "us-east-1") -> subprocess.CompletedProcess[str]:
        keep = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "AWS_"))}
        env = {**keep, "TF_REATTACH_PROVIDERS": (self.directory / "reattach.json").read_text(), "TF_IN_AUTOMATION": "1",
               "CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.devnull, "AWS_REGION": region}  # fmt: skip
        return subprocess.run(["terraform", *arguments], cwd=root, env=env, capture_output=True, text=True, timeout=SECONDS, check=False)

    def validate(self, root: Path) -> list[str]:
        """Terraform's errors, none when the directory is valid. Leaves `.terraform` behind."""
        started = self.run(root, "init", "-input=false", "-no-color", "-backend=false")
        if started.returncode:
            return [started.stderr + started.stdout]
        told = json.loads(self.run(root, "validate", "-json").stdout)
        return [f"{item['summary']}: {item['detail']}" for item in told["diagnostics"] if item["severity"] == "error"]

    def plan(
        self,
        root: Path,
        repository: Path | None = None,
        region: str = "us-east-1",
        variables: Mapping[str, str] = MappingProxyType({}),
        *,
        applied: bool = False,
    ) -> Plan:
        """Plan a copy of the repository: nothing is written into it. Variables without a default get a plain value of their type.

        `variables` are given on the command line; `applied`: the plan is of what was applied before.
        """
        repository = (repository or root).resolve()
        with tempfile.TemporaryDirectory(prefix="clops-oracle-") as temporary:
            work = Path(temporary) / "w"
            shutil.copytree(repository, work, symlinks=True, ignore=shutil.ignore_patterns(".git", "*.lock.hcl"))
            here = work / root.resolve().relative_to(repository)
            supplied = _prepared(here)
            began = time.perf_counter()
            for stage in ("init", "learn", *(["apply"] if applied else []), "plan"):
                if stage == "learn":
                    self._learn(here)
                    continue
                arguments = [
                    "-input=false",
                    "-no-color",
                    *([] if stage == "init" else [f"-var={name}={value}" for name, value in variables.items()]),
                ]
                arguments += {"plan": ["-refresh=false", "-out=plan.out"], "apply": ["-auto-approve"]}.get(stage, [])
                ended = self.run(here, stage, *arguments, region=region)
                if ended.returncode:
                    errors = re.findall(r"Error: (.*)", ended.stderr + ended.stdout) or [ended.stderr[-400:]]
                    return Plan(None, stage, tuple(dict.fromkeys(errors)), supplied, time.perf_counter() - began)
            shown = json.loads(self.run(here, "show", "-json", "plan.out").stdout)
            return Plan(shown, "plan", (), supplied, time.perf_counter() - began)

    def _learn(self, root: Path) -> None:
        """Configurations of older provider versions: what `validate` does not expect is laid over the schemas."""
        extras: dict[str, Any] = {}
        tried: set[tuple[str, ...]] = set()
        (self.directory / "extras.json").write_text("{}")
        for _ in range(LEARNING_ROUNDS):
            told = json.loads(self.run(root, "validate", "-json").stdout or "{}")
            errors = [item for item in told.get("diagnostics", []) if item["severity"] == "error"]
            if told.get("valid") or not _learnt(errors, extras, tried):
                return
            (self.directory / "extras.json").write_text(json.dumps(extras))


@contextmanager
def serving() -> Iterator[Terraform]:
    """A stand-in provider for as long as the block runs."""
    with tempfile.TemporaryDirectory(prefix="clops-tf-") as temporary:
        directory = Path(temporary)
        server = subprocess.Popen([sys.executable, "-m", "tests.oracle.provider", str(directory)], cwd=Path(__file__).parents[2])
        try:
            for _ in range(600):
                if (directory / "reattach.json").exists():
                    break
                if server.poll() is not None:
                    raise RuntimeError(f"the stand-in provider ended with {server.returncode}")
                time.sleep(0.05)
            yield Terraform(directory)
        finally:
            server.kill()
            server.wait()


def _prepared(root: Path) -> dict[str, str]:
    """Any version, a local backend, and a value for each variable that has none; returns those values as HCL."""
    (root / "zz_oracle_override.tf").write_text('terraform {\n  required_version = ">= 0.12"\n  backend "local" {}\n}\n')
    given = "".join(path.read_text() for path in root.glob("*.tfvars"))
    supplied = {name: value for name, value in _required(root).items() if not re.search(rf"^\s*{re.escape(name)}\s*=", given, re.MULTILINE)}
    (root / "aa_oracle.auto.tfvars").write_text("".join(f"{name} = {value}\n" for name, value in supplied.items()))
    return supplied


def _required(root: Path) -> dict[str, str]:
    """Variables without a default, by brace matching: our own parser must not judge itself."""
    found = {}
    for path in root.glob("*.tf"):
        text = path.read_text(errors="replace")
        for match in re.finditer(r'^\s*variable\s+"([^"]+)"\s*\{', text, re.MULTILINE):
            depth, at = 1, match.end()
            while at < len(text) and depth:
                depth += {"{": 1, "}": -1}.get(text[at], 0)
                at += 1
            body = text[match.end() : at]
            if re.search(r"\bdefault\s*=", body):
                continue
            kind = re.search(r'type\s*=\s*"?([a-z]+)', body)
            name = kind.group(1) if kind else "string"
            plain = {
                "string": '"stub"',
                "number": "1",
                "bool": "false",
                "list": "[]",
                "set": "[]",
                "tuple": "[]",
                "map": "{}",
                "object": "{}",
            }
            found[match.group(1)] = plain.get(name, '"stub"')
    return found


def _learnt(errors: list[dict[str, Any]], extras: dict[str, Any], tried: set[tuple[str, ...]]) -> bool:
    new = False
    for error in errors:
        snippet = error.get("snippet") or {}
        match = re.match(r'\s*(resource|data|provider) "([^"]+)"', snippet.get("context") or "") or re.match(
            r'\s*(resource|data|provider) "([^"]+)"', snippet.get("code") or ""
        )
        if match:
            new = _learnt_one(error, snippet.get("code") or "", match.group(1), match.group(2), extras, tried) or new
    return new


def _learnt_one(error: dict[str, Any], code: str, kind: str, type_name: str, extras: dict[str, Any], tried: set[tuple[str, ...]]) -> bool:
    word = type_name.partition("_")[0]
    provider = PROVIDERS.get(word, f"hashicorp/{word}")
    slot = extras.setdefault(provider, {}).setdefault(kind, {}).setdefault("provider" if kind == "provider" else type_name, {})
    if error["summary"] in ("Invalid resource type", "Invalid data source"):
        if (provider, kind, type_name) in tried:
            return False
        tried.add((provider, kind, type_name))
        slot.setdefault("", {})
        return True
    named = re.search(r'(?:argument named|Blocks of type|block type named|named) "([^"]+)"', error.get("detail") or "")
    if not named or not error["summary"].startswith(("Unsupported argument", "Unsupported block type", "Unsupported attribute")):
        return False
    name, block = named.group(1), error["summary"] == "Unsupported block type"
    guess: Any = "block" if block else _guess(code)
    inner = "block" if block else "string" if guess == "dynamic" else guess
    for path in ["", *sorted({path for path in slot if path} | {key for key, value in slot.get("", {}).items() if value == "block"}), "*"]:
        if (type_name, path, name) in tried:
            continue
        tried.add((type_name, path, name))
        for target in _blocks().get(type_name, []) if path == "*" else [path]:
            slot.setdefault(target, {})[name] = inner if target else guess
        return True
    return False


def _guess(code: str) -> Any:
    value = code.split("=", 1)[1].strip() if "=" in code else ""
    return ["list", "string"] if value.startswith("[") else ["map", "string"] if value.startswith("{") else "dynamic"


def _blocks() -> dict[str, list[str]]:
    return {name: sorted(schema["block"].get("block_types", {})) for name, schema in aws_types()["resource_schemas"].items()}
