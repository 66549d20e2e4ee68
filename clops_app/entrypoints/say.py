"""Results go to stdout or a file, everything else to stderr; neither a closed pipe nor a plain terminal is an error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from clops_app.model.resource import Diagnostic
from clops_app.ports import GatherError

if TYPE_CHECKING:
    from rich.console import Console

_WIDTH_WITHOUT_TERMINAL = 110  # a table fits, and so does the log of a CI job


def emit(text: str, output: str | None = None) -> None:
    """Print a result, or put it into a file, in UTF-8. Raises GatherError when the file cannot be written."""
    if output is None:
        try:
            # Whatever the locale says: a document is UTF-8, and a terminal that is not shows a few wrong signs.
            sys.stdout.buffer.write(text.encode())
            sys.stdout.flush()
        except BrokenPipeError:
            # Nobody reads any more (`clops review | head`): the interpreter shall close stdout in peace.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return
    try:
        with open(output, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise GatherError(f"{output} cannot be written: {(error.strerror or type(error).__name__).lower()}.") from error


def drawn(draw: Callable[[Console], None], output: str | None = None) -> str:
    """What `draw` prints on a console as wide and as colourful as stdout is (a file has no colours)."""
    from io import StringIO

    from rich.console import Console

    terminal = sys.stdout.isatty() and output is None
    text = StringIO()
    width = None if terminal else _WIDTH_WITHOUT_TERMINAL
    draw(Console(file=text, force_terminal=terminal, width=width, highlight=False, markup=False, emoji=False))
    return text.getvalue()


def note(text: str, quiet: bool = False) -> None:
    """Tell people something that is no part of the result."""
    if not quiet:
        print(text, file=sys.stderr)


def report(diagnostics: Iterable[Diagnostic], quiet: bool = False) -> None:
    """Tell what could not be done, where the result has no place for it. Fatal ones are told even when quiet."""
    for diagnostic in diagnostics:
        note(f"{diagnostic.where}: {diagnostic.what}: {diagnostic.why}", quiet and not diagnostic.fatal)


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show what is being done, on a terminal only, and leave no trace of it."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(stderr=True)
    with console.status("Reading files") as status:
        yield lambda text: status.update(Text(text))
