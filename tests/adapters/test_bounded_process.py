"""Another program in its bounds: what it sees, what ends it, what is left of it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from clops_app.adapters.bounded_process import BoundedProcess, Limits, ToolFailed
from tests.adapters.tools import tool

PATH = {"PATH": os.environ["PATH"]}


def answer_of(path: Path, limits: Limits, **environment: str) -> bytes:
    with BoundedProcess(limits) as process:
        process.start((str(path),), PATH | environment)
        return process.answer()


def test_a_tool_sees_the_copied_files_and_the_given_environment_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "ghs_secret")
    path = tool(tmp_path, "look", "print(sorted(os.environ), Path('deep/main.tf').read_text())")
    with BoundedProcess(Limits()) as process:
        process.copy({"deep/main.tf": b"hello"})
        process.start((str(path),), PATH | {"LC_ALL": "C.UTF-8"})
        assert process.answer() == b"['HOME', 'LC_ALL', 'PATH', 'TMPDIR'] hello\n"


def test_the_directory_is_gone_afterwards() -> None:
    with BoundedProcess(Limits()) as process:
        process.copy({"main.tf": b""})
        code = Path(process.code)
        assert code.is_dir()
    assert not code.parent.exists()


def test_a_tool_that_takes_too_long_is_stopped_with_all_that_it_started(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    child = f"import time; held = open({str(pipe)!r}, 'w'); time.sleep(600)"
    path = tool(tmp_path, "slow", f"import subprocess\nsubprocess.Popen([{sys.executable!r}, '-c', {child!r}]).wait()")
    with BoundedProcess(Limits(seconds=2)) as process:
        process.start((str(path),), PATH)
        with pipe.open() as held:  # opens when the child has opened the other side
            with pytest.raises(ToolFailed, match="longer than 2 seconds"):
                process.answer()
            assert held.read() == ""  # the end of the file comes when nobody holds the other side


def test_leaving_the_context_ends_a_tool_that_nobody_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    path = tool(tmp_path, "slow", f"import time\nheld = open({str(pipe)!r}, 'w')\ntime.sleep(600)")
    with BoundedProcess(Limits()) as process:
        process.start((str(path),), PATH)
        held = pipe.open()
    with held:
        assert held.read() == ""


@pytest.mark.skipif(sys.platform != "linux", reason="NOT PROVEN: only Linux bounds the address space")
def test_a_tool_that_takes_too_much_memory_fails(tmp_path: Path) -> None:
    path = tool(tmp_path, "big", "print(len(bytearray(2 * 1024**3)))")
    with pytest.raises(ToolFailed, match="exit code 1"):
        answer_of(path, Limits(memory_bytes=1024**3))


def test_a_tool_that_prints_too_much_fails(tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match="more than 1 MiB"):
        answer_of(tool(tmp_path, "loud", "print('x' * 2 * 1024**2)"), Limits(output_bytes=1024**2))


def test_a_failure_quotes_nothing_that_the_tool_wrote(tmp_path: Path) -> None:
    path = tool(tmp_path, "broken", "print('secret of main.tf', file=sys.stderr); sys.exit(7)")
    with pytest.raises(ToolFailed) as caught:
        answer_of(path, Limits())
    assert str(caught.value) == "it ended with an error (exit code 7)"
