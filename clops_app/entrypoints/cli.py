"""`clops` on the command line: arguments in, a result on stdout, one of four exit codes, never a traceback."""

from __future__ import annotations

import gc
import os
import sys
import threading
from contextvars import copy_context

RECURSION_LIMIT = 6_000  # of Python frames, which since 3.11 do not use the C stack
# New objects before garbage in rings is looked for, which Python does every 700: of a tree of thousands of files all stay to the end.
GARBAGE_AFTER = 100_000
INTERRUPTED = 130  # as a shell would say of a program that Ctrl-C ended


def main() -> None:
    """The command line. What is left to go wrong is told without a traceback: CLOPS_DEBUG=1 shows it."""
    gc.set_threshold(GARBAGE_AFTER)
    try:
        # Here, so that Ctrl-C during the imports ends as quietly as it does later.
        from clops_app.entrypoints.arguments import app

        # Locals that wait for locals go some eight frames deep each; what is deeper still is Unknown, never a crash.
        sys.setrecursionlimit(RECURSION_LIMIT)
        copy_context().run(app)  # the language spoken is that of this one run
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - the last of the house's two: a bug of ours must not print the user's code
        from clops_app.entrypoints.failure import explained

        sys.exit(explained(error, os.environ))


def run() -> None:
    """The console script: `main`, and then the end of the process at once. To free what a review has gathered takes a tenth of its time."""
    try:
        main()
        code = 0
    except SystemExit as ended:
        if not isinstance(ended.code, int | None) or threading.active_count() > 1:
            raise
        code = ended.code or 0
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        sys.exit(code)  # Python says what is wrong with it
    os._exit(code)
