"""The README shows what its main job really prints, and names only what there is. `python -m tests.stories.rewrite` writes it anew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clops_app.rulebook.load import load_rules
from tests.stories.readme import HOUSE, PICTURE, README, drawn, example, said

PAGES = [README, *sorted((HOUSE / "docs").glob("*.md"))]


def test_the_example_is_what_the_main_job_prints() -> None:
    assert example() == said()


def test_the_picture_is_what_the_main_job_prints() -> None:
    assert PICTURE.read_text(encoding="utf-8") == drawn()


def test_the_picture_loads_nothing_from_anywhere() -> None:
    assert re.findall(r"url\(\"?http|href=\"http", PICTURE.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_leads_to_is_there(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_rule_that_a_page_names_exists(page: Path) -> None:
    known = {rule.id for rule in load_rules()}
    named = re.findall(r"(?<![\w./-])(?:aws|terraform)/\w+", page.read_text(encoding="utf-8"))
    assert [name for name in named if name not in known] == []
