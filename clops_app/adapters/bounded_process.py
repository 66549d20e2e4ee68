"""Another tool works on a copy of the code, alone in a directory of its own, and is gone when its time is.

It gets no environment but what it is given, a bound on memory and written bytes, and is killed with everything it started.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from clops_app.adapters.names import on_disk
from clops_app.language import tr

# Set in the tool's own process before it begins: `preexec_fn` is not safe beside threads, and a limit set from outside comes
# late. What a system does not know (RLIMIT_AS on macOS) is left out. The processor limit ends a tool whose starter was killed.
_LAUNCH = """
import os, sys
try:
    import resource
except ImportError:
    pass
else:
    for name, text in zip(("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE"), sys.argv[1:4]):
        try:
            kind = getattr(resource, name)
            hard = resource.getrlimit(kind)[1]
            most = int(text) if hard == resource.RLIM_INFINITY else min(int(text), hard)
            resource.setrlimit(kind, (most, most))
        except (AttributeError, ValueError, OSError):
            pass
os.execv(sys.argv[4], sys.argv[4:])
"""
_WRITTEN_BYTES = 512 * 1024 * 1024  # one file; the largest wheel that uvx unpacks for checkov has 17 MB
_CPU_SECONDS_FOR_EACH = 4  # a tool may use several processors


class ToolFailed(Exception):
    """The tool gave no answer. The message is a phrase that says why, and quotes nothing that the tool wrote."""


@dataclass(frozen=True, slots=True)
class Limits:
    seconds: int = 60
    memory_bytes: int = 4 * 1024**3
    output_bytes: int = 32 * 1024**2


LIMITS = Limits()


def found(program: str, environment: Mapping[str, str]) -> str | None:
    """Where a program is on PATH. A relative entry of PATH is passed over: it may lead into the repository that is reviewed."""
    places = environment.get("PATH", "").split(os.pathsep)
    return shutil.which(program, path=os.pathsep.join(place for place in places if os.path.isabs(place)) or os.devnull)


class BoundedProcess:
    """One run of a tool on a copy of some files. Leaving the context ends it and takes its directory away."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._until = 0.0

    def __enter__(self) -> BoundedProcess:
        self._place = tempfile.TemporaryDirectory(prefix="clops-", ignore_cleanup_errors=True)
        top = os.path.realpath(self._place.name)
        self.code, self.home, self._temporary, self._answer = (os.path.join(top, name) for name in ("code", "home", "tmp", "answer"))
        for directory in (self.code, self.home, self._temporary):
            os.mkdir(directory)
        return self

    def __exit__(self, *_: object) -> None:
        self._kill()
        self._place.cleanup()

    def copy(self, files: Mapping[str, bytes]) -> None:
        """Write files below `code`. Raises OSError."""
        for path, content in files.items():
            location = os.path.join(self.code, *on_disk(path).split("/"))
            os.makedirs(os.path.dirname(location), exist_ok=True)
            with open(location, "xb") as file:
                file.write(content)

    def start(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Begin, in `code`. `command[0]` is a whole path. Raises OSError."""
        limits = self._limits
        bounds = (limits.memory_bytes, limits.seconds * _CPU_SECONDS_FOR_EACH, _WRITTEN_BYTES)
        self._until = time.monotonic() + limits.seconds
        with open(self._answer, "xb") as answer:
            self._process = subprocess.Popen(
                (sys.executable, "-I", "-S", "-c", _LAUNCH, *map(str, bounds), *command),
                cwd=self.code, env={**environment, "HOME": self.home, "TMPDIR": self._temporary},
                stdin=subprocess.DEVNULL, stdout=answer, stderr=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip

    def answer(self) -> bytes:
        """Wait until the tool has ended, and give what it printed. Raises ToolFailed."""
        if self._process is None:
            raise ToolFailed(tr("it was not started"))
        try:
            code = self._process.wait(max(0.0, self._until - time.monotonic()))
        except subprocess.TimeoutExpired as error:
            self._kill()
            raise ToolFailed(tr("it took longer than {seconds} seconds and was stopped", seconds=self._limits.seconds)) from error
        if code != 0:
            raise ToolFailed(tr("it ended with an error (exit code {code})", code=code))
        with open(self._answer, "rb") as file:
            printed = file.read(self._limits.output_bytes + 1)
        if len(printed) > self._limits.output_bytes:
            raise ToolFailed(tr("it printed more than {size} MiB", size=self._limits.output_bytes // 1024**2))
        return printed

    def _kill(self) -> None:
        """The whole group, even when its first process has ended: what that one started may still run."""
        if self._process is None:
            return
        # macOS refuses where all members have ended and nobody has asked for their exit code yet.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
