"""The Action's thin entry: its inputs become the command line's, the review becomes the job summary."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path


def arguments(env: dict[str, str], report: Path) -> list[str]:
    """What `clops` is called with."""
    found = ["review", env.get("CLOPS_PATH") or ".", "--format", "markdown", "--output", str(report)]
    base = env.get("CLOPS_BASE") or base_of_pull_request(env)
    for flag, value in (("--base", base), ("--config", env.get("CLOPS_CONFIG", "")), ("--fail-on", env.get("CLOPS_FAIL_ON", ""))):
        if value:
            found.append(f"{flag}={value}")
    return found


def base_of_pull_request(env: dict[str, str]) -> str:
    """The commit that the pull request is compared with; "" on any other event."""
    event = env.get("GITHUB_EVENT_PATH", "")
    if not event or not Path(event).is_file():
        return ""
    pull_request = json.loads(Path(event).read_text(encoding="utf-8")).get("pull_request") or {}
    return str((pull_request.get("base") or {}).get("sha") or "")


def main() -> int:
    env = dict(os.environ)
    report = Path(env.get("RUNNER_TEMP", ".")) / "clops-review.md"
    ended = subprocess.run([sys.executable, "-m", "clops_app", *arguments(env, report)], check=False)
    if report.is_file():
        for name, text in (("GITHUB_STEP_SUMMARY", report.read_text(encoding="utf-8")), ("GITHUB_OUTPUT", f"report={report}\n")):
            if env.get(name):
                with Path(env[name]).open("a", encoding="utf-8") as file:
                    file.write(text)
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main())
