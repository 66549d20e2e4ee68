"""A story is a folder: what was there (`base`), what the change makes of it (`head`), and all that ClOps says of it.

`python -m tests.stories.rewrite` writes what is said now into every story; read the difference before you keep it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from io import StringIO
from pathlib import Path

from rich.console import Console

from clops_app.model.review import Review
from clops_app.model.source import SourceTree
from clops_app.ports import Checkout
from clops_app.review.render.json_document import dumps, review_document
from clops_app.review.render.links import Links
from clops_app.review.render.markdown.comment import comment
from clops_app.review.render.sarif import sarif_log
from clops_app.review.render.terminal.review import print_review
from clops_app.review.render.words import people_of
from clops_app.usecases.config import Config
from clops_app.usecases.config_file import read_config
from clops_app.usecases.explain_rule import list_rules
from clops_app.usecases.question import Compared, Question
from clops_app.usecases.review_change import review_change
from clops_app.usecases.think import mind

HERE = Path(__file__).parent
STORIES = sorted(path.name for path in HERE.iterdir() if (path / "head").is_dir())
COMMIT = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d"
BASE = "9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c"
TODAY = date(2026, 11, 21)
LINKS = Links(f"https://github.com/acme/game/blob/{COMMIT}", "https://example.com/rules/{rule}")
VERSION = "0.1.0"  # goldens must not change with every release


def tell(story: str) -> Mapping[str, str]:
    """All that is said of a story, by file name."""
    tree, config = tree_of(HERE / story / "head"), config_of(HERE / story)
    review, pages = reviewed(story), list_rules()
    console = Console(file=StringIO(), width=80, force_terminal=False, color_system=None)
    people = people_of(config.service.kind)
    print_review(console, review, pages, people=people)
    assert isinstance(console.file, StringIO)
    return {
        "comment.md": comment(review, pages, version=VERSION, links=LINKS, people=people),
        "terminal.txt": "\n".join(line.rstrip() for line in console.file.getvalue().splitlines()) + "\n",
        "review.json": dumps(review_document(review)),
        "review.sarif": dumps(sarif_log(review, pages, tree, version=VERSION, links=LINKS)),
    }


def reviewed(story: str) -> Review:
    """The Review of a story: its head against its base, if it has one."""
    folder = HERE / story
    head = Checkout(tree_of(folder / "head"), "", str(folder / "head"), COMMIT)
    base = Checkout(tree_of(folder / "base"), "", str(folder / "base"), BASE) if (folder / "base").is_dir() else None
    question = Question(today=TODAY, config=config_of(folder), config_path=".clops.yml")
    return review_change(mind(question), head, None if base is None else Compared(base, BASE))


def tree_of(folder: Path) -> SourceTree:
    return SourceTree({path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()})


def config_of(folder: Path) -> Config:
    """The settings of the base, as for a pull request; none where there are none."""
    path = folder / "base" / ".clops.yml"
    return read_config(".clops.yml", path.read_bytes()) if path.exists() else Config()
