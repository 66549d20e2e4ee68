"""The command line puts findings to a model only where settings name one and nobody says no; then its patches are in every format."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("pydantic_ai", reason="NOT PROVEN: pydantic-ai-slim is not installed")
pytest.importorskip("anthropic", reason="NOT PROVEN: anthropic is not installed")

from tests.adapters.writer.dialects import ANTHROPIC
from tests.adapters.writer.world import World, world_of
from tests.entrypoints.processes import Ended, clops
from tests.words.proposed import LEAD, MAIN, MENDED, NAME, WORDS, proposal

KEY = "sk-ant-s3cr3t"  # what the stand-in takes


@pytest.fixture
def world() -> Iterator[World]:
    """Proposes what is right, then writes."""
    with world_of(ANTHROPIC) as found:
        found.says = [proposal(MENDED), WORDS]
        yield found


def review(folder: Path, world: World, *arguments: str, provider: str = "anthropic") -> Ended:
    (folder / "main.tf").write_text(MAIN)
    (folder / ".clops.yml").write_text(f"ai: {{provider: {provider}}}\n")
    return clops("review", folder, "--base", "none", *arguments, ANTHROPIC_API_KEY=KEY, ANTHROPIC_BASE_URL=world.url)


@pytest.mark.slow
def test_the_terminal_shows_the_patch_and_who_wrote_it(tmp_path: Path, world: World) -> None:
    ended = review(tmp_path, world)
    assert f"Proposed by {NAME}, proven by ClOps." in ended.stdout, ended.stderr
    assert 'resource "aws_nat_gateway" "b" {' in ended.stdout
    assert LEAD in ended.stdout
    assert len(world.asked) == 2
    facts = json.dumps(world.asked[1]["messages"])
    assert "proven, review, proposed by a model" in facts


@pytest.mark.slow
def test_a_program_reads_who_wrote_the_patch(tmp_path: Path, world: World) -> None:
    ended = review(tmp_path, world, "--format", "json")
    assert json.loads(ended.stdout)["findings"][0]["patch"]["proposed_by"] == NAME
    (sent,) = world.asked  # a document has no words
    shown = review(tmp_path, world, "--dry-run-prompt").stdout
    assert sent["messages"][0]["content"][0]["text"] in shown
    assert sent["system"][0]["text"] in shown
    assert len(world.asked) == 1


@pytest.mark.slow
@pytest.mark.parametrize(("provider", "arguments"), [("anthropic", ["--no-ai"]), ("none", [])])
def test_where_no_model_is_wanted_none_is_asked(tmp_path: Path, world: World, provider: str, arguments: list[str]) -> None:
    ended = review(tmp_path, world, *arguments, "--format", "markdown", provider=provider)
    assert (world.asked, "single_nat_gateway" in ended.stdout, "roposed" in ended.stdout) == ([], True, False)


def test_without_a_model_nothing_of_one_is_imported(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(MAIN)
    code = (
        "import sys\n"
        "from clops_app.entrypoints.commands import print_review\n"
        "from clops_app.entrypoints.gather import Asked\n"
        "print_review(Asked(sys.argv[1]), {}, 'json', '/dev/null', True)\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'pydantic_ai', 'anthropic', 'httpx'}))\n"
        "print([name for name in sys.modules if name.startswith('clops_app.adapters.writer')])\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n[]\n"


def test_the_whole_prompt_is_shown_before_anything_is_sent(tmp_path: Path, world: World) -> None:
    ended = review(tmp_path, world, "--dry-run-prompt")
    words, _, proposals = ended.stdout.partition("\n=== sent before that: what is to propose patches ===\n")
    assert words.startswith("--- the same for every review ---\nYou write the words of ClOps")
    assert proposals.startswith("--- the same for every review ---\nYou propose changes of Terraform code for ClOps")
    assert (world.asked, "aws_route_table_association" in proposals) == ([], True)


def test_clops_fix_knows_nothing_of_what_a_model_proposed(tmp_path: Path, world: World) -> None:
    (tmp_path / "main.tf").write_text(MAIN)
    (tmp_path / ".clops.yml").write_text("ai: {provider: anthropic}\n")

    ended = clops("fix", tmp_path, "--rule", "aws/single_nat_gateway", "--write", ANTHROPIC_API_KEY=KEY, ANTHROPIC_BASE_URL=world.url)
    assert (ended.stdout, world.asked, (tmp_path / "main.tf").read_text()) == ("", [], MAIN)
