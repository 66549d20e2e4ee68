"""Real git repositories, made in a directory of the test."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
    "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com", "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
}  # fmt: skip


def git(top: Path, *arguments: str) -> str:
    return subprocess.run(("git", *arguments), cwd=top, env=ENVIRONMENT, check=True, capture_output=True, text=True).stdout.strip()


def write(top: Path, files: dict[str, str]) -> None:
    for path, content in files.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(content)


def repository(top: Path, files: dict[str, str]) -> Path:
    """A repository with these files in one commit on branch main."""
    top.mkdir(parents=True, exist_ok=True)
    git(top, "init", "--quiet", "--initial-branch=main")
    commit(top, files)
    return top


def commit(top: Path, files: dict[str, str]) -> str:
    write(top, files)
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "--allow-empty", "--message=change")
    return git(top, "rev-parse", "HEAD")
