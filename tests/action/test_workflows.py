"""The workflows that we tell people to use, and the Action, are what GitHub's schemas want and zizmor has nothing to say about."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clops_app.usecases.start import OWNER, first_files
from tests.action.runner import HOUSE

PINNED = "acme/clops@" + "a1b2c3d4" * 5 + " # v0.1.0"
TOOLS = Path(sys.executable).parent


def tool(name: str) -> str:
    found = shutil.which(name, path=f"{TOOLS}:/usr/bin")
    if found is None:
        pytest.skip(f"NOT PROVEN: {name} is not installed (the extra `lint`)")
    return found


def documented() -> dict[str, str]:
    """The workflows of docs/action.md."""
    found = re.findall(r"```yaml\n(name: .*?)```", (HOUSE / "docs" / "action.md").read_text(), re.DOTALL)
    return {f"documented-{number}.yml": text for number, text in enumerate(found)}


def written(folder: Path) -> list[Path]:
    """All of them with a pinned Action, as people are told to have it."""
    texts = {Path(path).name: content.decode() for path, content in first_files(forks=True).items() if path.startswith(".github")}
    assert len(documented()) == 2
    for name, text in {**texts, **documented()}.items():
        assert f"{OWNER}/clops@v0" in text
        (folder / name).write_text(text.replace(f"{OWNER}/clops@v0", PINNED))
    return sorted(folder.iterdir())


def test_they_are_what_the_schemas_want(tmp_path: Path) -> None:
    check = tool("check-jsonschema")
    for schema, files in (("vendor.github-workflows", written(tmp_path)), ("vendor.github-actions", [HOUSE / "action.yml"])):
        ended = subprocess.run([check, "--builtin-schema", schema, *map(str, files)], capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stdout


def test_the_auditor_has_nothing_to_say(tmp_path: Path) -> None:
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    files = [path for path in written(folder) if path.name.startswith("clops")]
    ended = subprocess.run(
        [tool("zizmor"), "--offline", "--no-progress", "--persona", "regular", *map(str, files), str(HOUSE / "action.yml")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout


def test_the_auditor_would_say_something(tmp_path: Path) -> None:
    """That the proof above can fail."""
    path = tmp_path / "action.yml"
    path.write_text(
        (HOUSE / "action.yml")
        .read_text()
        .replace('run: bash "$CLOPS_SOURCE/action/install.sh" review', "run: echo ${{ github.event.pull_request.title }}")
    )
    ended = subprocess.run([tool("zizmor"), "--offline", "--no-progress", str(path)], capture_output=True, text=True, check=False)
    assert "template-injection" in ended.stdout


def test_every_input_and_output_is_documented() -> None:
    from tests.action.runner import ACTION

    page = (HOUSE / "docs" / "action.md").read_text()
    assert [name for name in (*ACTION["inputs"], *ACTION["outputs"]) if f"`{name}`" not in page] == []
