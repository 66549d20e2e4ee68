"""A process that has the command line imported, and runs it in a fork of itself for every JSON document that it reads."""

from __future__ import annotations

import gc
import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout, suppress
from io import StringIO
from tempfile import TemporaryDirectory
from typing import Any, NoReturn

from clops_app.entrypoints.cli import main


def serve() -> None:
    answers = os.dup(1)
    _import_everything()
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os.close(answers)
            _run(json.loads(line))
        _, status = os.waitpid(child, 0)
        os.write(answers, f"{os.waitstatus_to_exitcode(status)}\n".encode())


def _import_everything() -> None:
    nowhere = StringIO()
    with TemporaryDirectory() as empty, redirect_stdout(nowhere), redirect_stderr(nowhere), suppress(SystemExit):
        sys.argv = ["clops", "review", empty]
        main()


def _run(asked: dict[str, Any]) -> NoReturn:
    """What the console script does."""
    for descriptor, path in enumerate((os.devnull, *asked["output"])):
        opened = os.open(path, os.O_RDWR)
        os.dup2(opened, descriptor)
        os.close(opened)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["directory"])
    sys.argv = ["clops", *asked["arguments"]]
    main()
    sys.exit()


if __name__ == "__main__":
    serve()
