"""What goes wrong ends with a sentence and an exit code: the user's mistakes in full, ours without their files."""

from __future__ import annotations

import errno
import sys
import traceback
from collections.abc import Mapping

from clops_app import __version__


def explained(error: Exception, environment: Mapping[str, str]) -> int:
    """Say on stderr what happened; the exit code to end with."""
    from clops_app.entrypoints.say import abandon, note
    from clops_app.ports import GatherError
    from clops_app.usecases.errors import ConfigError

    if environment.get("CLOPS_DEBUG"):
        note("".join(traceback.format_exception(error)).rstrip("\n"))
    match error:
        case GatherError() | ConfigError():
            for line in str(error).splitlines():
                note(f"clops: {line}")
            return 2
        case OSError(errno=errno.ENOSPC):
            # Of what is printed by the reader of the command line itself: help, the version, a wrong option.
            abandon(sys.stdout)
            note("clops: the result cannot be written: no space left on device.")
            return 2
        case _:
            # Never the message of the exception: it may hold what stands in the user's files or environment.
            last = traceback.extract_tb(error.__traceback__)[-1:]
            where = "".join(f" in {frame.name}, line {frame.lineno}" for frame in last)
            note(
                f"clops: sorry, this is a bug in ClOps {__version__}, not in your code ({type(error).__name__}{where}).\n"
                "clops: please report it with this line and your command; CLOPS_DEBUG=1 shows a traceback (it may quote your files)."
            )
            return 3
