"""What the settings and the runner tell reaches what is printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.entrypoints.processes import clops

GAME = Path(__file__).parent.parent.parent / "examples" / "viral-game"


@pytest.mark.parametrize(("kind", "people"), [("game", "players"), ("ticketing", "buyers"), ("web", "users")])
@pytest.mark.parametrize("format", ["terminal", "markdown"])
def test_those_who_use_the_service_are_called_by_its_kind(kind: str, people: str, format: str, tmp_path: Path) -> None:
    settings = tmp_path / "settings.yml"
    settings.write_text(f"service: {{kind: {kind}}}\n")
    ended = clops("review", GAME / "head", "--base", "none", "--config", settings, "--format", format)
    assert f"If one machine fails, your {people} are out." in ended.stdout


def test_the_rules_pages_are_linked_when_the_action_runs(tmp_path: Path) -> None:
    source = tmp_path / "_actions" / "acme" / "clops" / "v0"
    ended = clops(
        "review", GAME / "head", "--base", "none", "--format", "sarif", GITHUB_SERVER_URL="https://github.com", CLOPS_SOURCE=str(source)
    )
    rules = {rule["id"]: rule["helpUri"] for rule in json.loads(ended.stdout)["runs"][0]["tool"]["driver"]["rules"]}
    assert rules["aws/ssh_open_to_world"] == "https://github.com/acme/clops/blob/v0/rules/aws/ssh_open_to_world/rule.md"


def test_several_roots_are_named_with_why_each_is_one(tmp_path: Path) -> None:
    for name in ("dev", "prod"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text('provider "aws" {\n  region = "us-east-1"\n}\n')
    words = " ".join(clops("review", tmp_path, "--base", "none").stdout.split())
    assert words.startswith("Reviewed: 2 roots ─")
    assert "dev no other directory calls it; it calls no local module prod no other directory calls it" in words
    assert "Reviewed:" not in clops("review", tmp_path / "dev", "--base", "none").stdout
