"""The README's main job, run in this process: its output is the README's example, as text and as a picture."""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import replace
from functools import cache
from io import StringIO
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console

from clops_app.entrypoints.gather import Asked, gather
from clops_app.review.render.terminal.review import print_review
from clops_app.review.render.words import people_of
from clops_app.usecases.review_change import review_change
from clops_app.usecases.think import mind

HOUSE = Path(__file__).parent.parent.parent
README = HOUSE / "README.md"
PICTURE = HOUSE / "docs" / "review.svg"
WIDTH = 100
_MAIN_JOB = re.compile(r"<!-- main-job -->\n```\n(.*?)\n```\n", re.DOTALL)
_EXAMPLE = re.compile(r"(<!-- example -->\n```\n)(.*?)(```\n)", re.DOTALL)
# A picture in a README may load nothing, so the fonts that rich names would not come.
_WITHOUT_FONTS = re.sub(r"@font-face \{\{.*?\}\}\n", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)


def arguments() -> list[str]:
    """What `clops` is called with by the README's main job."""
    found = _MAIN_JOB.search(README.read_text(encoding="utf-8"))
    assert found is not None, "the README's main job was not found"
    return shlex.split(found[1].rpartition("&&")[2])[1:]


@cache
def console() -> Console:
    """A terminal with colours on which the main job was run."""
    words = arguments()
    assert (words[0], words[2], len(words)) == ("review", "--base", 4), f"another command than was known here: {words}"
    path, base = HOUSE / words[1], HOUSE / words[3]
    gathered = gather(Asked(str(path), str(base)), {"PATH": os.environ["PATH"]})
    thinking = mind(gathered.question)
    # The commit of the day would be another one every day.
    review = replace(review_change(thinking, gathered.head, gathered.base), commit=None)
    to = Console(
        file=StringIO(), record=True, width=WIDTH, force_terminal=True, color_system="truecolor", legacy_windows=False, highlight=False
    )
    people = people_of(gathered.question.config.service.kind)
    print_review(to, review, {rule.id: rule.page for rule in thinking.rules}, people=people, scope=gathered.head.scope)
    return to


def said() -> str:
    """What the main job prints, without colour."""
    lines = console().export_text(clear=False).strip("\n").splitlines()
    return "\n".join(line.rstrip() for line in lines) + "\n"


def drawn() -> str:
    """What the main job prints, as a picture."""
    picture = console().export_svg(title="clops review", clear=False, code_format=_WITHOUT_FONTS, unique_id="clops")
    return "\n".join(line.rstrip() for line in picture.strip().splitlines()) + "\n"


def example() -> str:
    """What the README says that the main job prints."""
    found = _EXAMPLE.search(README.read_text(encoding="utf-8"))
    assert found is not None, "the README's example was not found"
    return found[2]


def rewrite() -> None:
    text = README.read_text(encoding="utf-8")
    README.write_text(_EXAMPLE.sub(lambda found: found[1] + said() + found[3], text), encoding="utf-8")
    PICTURE.write_text(drawn(), encoding="utf-8")
