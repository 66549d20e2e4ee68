"""The Action installs what it needs and nothing else: with that alone it reviews a pull request, and a second machine takes it from the cache."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("openapi_schema_validator", reason="NOT PROVEN: the strict GitHub needs the extra `github-test`")

from tests.action.runner import Runner
from tests.action.test_pull_request import jobs


@pytest.mark.slow
def test_what_is_installed_is_enough_and_is_kept(tmp_path: Path) -> None:
    with jobs(tmp_path / "first") as job:
        job.runner.installed = False
        ended = job.run()
        assert (ended.code, len(job.summaries), len(job.pull.comments)) == (0, 1, 8), ended.log
        placed = tmp_path / "first" / "temp" / "clops-python"
        assert not list(placed.glob("lib/*/site-packages/pip"))
        written = (tmp_path / "first" / "output-Find-what-is-installed-already").read_text()
        kept = placed.rename(tmp_path / "kept")
        (kept / "mark").touch()
        job.runner.cache = {line.partition("=")[2]: kept for line in written.splitlines() if line.startswith("key=")}
        again = job.run()
        assert (again.code, again.outputs["findings"], (placed / "mark").exists()) == (0, "8", True), again.log


@pytest.mark.slow
def test_another_lock_is_another_cache(tmp_path: Path) -> None:
    """What is cached is found by the lock, the Python and the place; any of them changed, and it is installed anew."""
    runner = Runner(tmp_path)
    runner.run({}, inputs={"version": "none"})
    first = (tmp_path / "output-Find-what-is-installed-already").read_text()
    copy = tmp_path / "source"
    (copy / "action").mkdir(parents=True)
    for name in ("install.sh", "requirements.txt"):
        (copy / "action" / name).write_text((runner.source / "action" / name).read_text() + "\n# changed\n")
    Runner(tmp_path, source=copy).run({})
    assert (tmp_path / "output-Find-what-is-installed-already").read_text() != first


@pytest.mark.slow
def test_installing_imports_nothing_of_the_reviewed_repository(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    for name in ("compileall", "ensurepip", "pip", "runpy", "sitecustomize", "venv"):
        (checkout / f"{name}.py").write_text(f"open({str(tmp_path / 'pwned')!r}, 'w')\n")
    runner = Runner(tmp_path / "machine", installed=False)
    runner.run({}, inputs={"version": "none"}, GITHUB_WORKSPACE=str(checkout), PYTHONPATH=str(checkout))
    assert (tmp_path / "machine" / "temp" / "clops-python" / "complete").exists()
    assert not (tmp_path / "pwned").exists()
