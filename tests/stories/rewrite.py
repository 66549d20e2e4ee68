"""`python -m tests.stories.rewrite`: write what is said now into every story, into the README and into its picture."""

from __future__ import annotations

from tests.stories import readme
from tests.stories.tell import HERE, STORIES, tell


def main() -> None:
    for story in STORIES:
        for name, text in tell(story).items():
            (HERE / story / name).write_text(text, encoding="utf-8")
    readme.rewrite()


if __name__ == "__main__":
    main()
