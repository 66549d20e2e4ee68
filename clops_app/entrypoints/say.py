"""Results go to stdout or a file, everything else to stderr; a reader who goes away is no error, a result that is lost is."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from clops_app.model.resource import Diagnostic
from clops_app.ports import GatherError

if TYPE_CHECKING:
    from rich.console import Console

_PIECE = 1_000_000  # characters that are encoded at a time
_WIDTH_WITHOUT_TERMINAL = 110  # a table fits, and so does the log of a CI job


def emit(text: str, output: str | None = None) -> None:
    """Print a result, or put it into a file, in UTF-8. Raises GatherError when it cannot be written there."""
    try:
        if output is None:
            _print(text)
        else:
            with open(output, "w", encoding="utf-8") as file:
                file.write(text)
    except OSError as error:
        raise GatherError(f"{output or 'the result'} cannot be written: {(error.strerror or type(error).__name__).lower()}.") from error


def _print(text: str) -> None:
    # Whoever starts a program may close its stdout (`>&-`); Python then has None in its place.
    if sys.stdout is None:
        raise GatherError("the result cannot be written: standard output is closed.")
    try:
        # Whatever the locale says: a document is UTF-8, and a terminal that is not shows a few wrong signs.
        for start in range(0, len(text), _PIECE):
            sys.stdout.buffer.write(text[start : start + _PIECE].encode())
        sys.stdout.flush()
    except BrokenPipeError:
        abandon(sys.stdout)  # nobody reads any more (`clops review | head`)
    except OSError:
        abandon(sys.stdout)
        raise


def abandon(stream: TextIO | None) -> None:
    """Let what is left in a stream go nowhere: the interpreter writes it at its end, and would complain."""
    if stream is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def drawn(draw: Callable[[Console], None], output: str | None = None) -> str:
    """What `draw` prints on a console as wide and as colourful as stdout is (a file has no colours)."""
    from io import StringIO

    from rich.console import Console

    terminal = output is None and sys.stdout is not None and sys.stdout.isatty()
    text = StringIO()
    width = None if terminal else _WIDTH_WITHOUT_TERMINAL
    console = Console(file=text, force_terminal=terminal, width=width, highlight=False, markup=False, emoji=False)
    if console.width == 0:  # COLUMNS=0: what is drawn on no columns is nothing
        console.width = _WIDTH_WITHOUT_TERMINAL
    draw(console)
    return text.getvalue()


def note(text: str, quiet: bool = False) -> None:
    """Tell people something that is no part of the result. Where nobody can be told, the result still counts."""
    if quiet or sys.stderr is None:
        return
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        abandon(sys.stderr)


def report(diagnostics: Iterable[Diagnostic], quiet: bool = False) -> None:
    """Tell what could not be done, where the result has no place for it. Fatal ones are told even when quiet."""
    for diagnostic in diagnostics:
        note(f"{diagnostic.where}: {diagnostic.what}: {diagnostic.why}", quiet and not diagnostic.fatal)


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show what is being done, on a terminal only, and leave no trace of it."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(stderr=True)
    with console.status("Reading files") as status:
        yield lambda text: status.update(Text(text))
