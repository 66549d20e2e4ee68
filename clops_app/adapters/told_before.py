"""What was told of the files of a large repository, kept for the next time: which modules each calls, and what else it reads.

By the name that git gives a content, in one file for each repository below the user's cache. It is JSON of strings, checked
when it is read: whoever wrote it, nothing in it is run. Where nothing can be kept nothing is, and that is all the difference.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from clops_app import __version__
from clops_app.adapters.cache import cache_directory
from clops_app.ports import Checkout
from clops_app.terraform.sources import Call, Parsed, Read

WORTH = 1_000  # files that git has a name for; to read fewer than that anew takes no longer
_MOST_BYTES = 64 * 1024 * 1024  # of what is kept: forty bytes and a little more for a file
_MADE_BY = f"1, clops {__version__}"

Told = Mapping[str, tuple[tuple[Call, ...], tuple[Read, ...] | None]]


@dataclass(slots=True)
class ToldBefore:
    """Of one repository. Of `environment` only where the user's cache is is used."""

    environment: Mapping[str, str]
    checkout: Checkout
    _before: Told = field(default_factory=dict)

    def recalled(self) -> Parsed:
        """What is known of files before any is read."""
        parsed = Parsed()
        if self._is_large():
            with suppress(OSError, ValueError, TypeError, KeyError, RecursionError), open(self._place(), "rb") as file:
                self._before = dict(_understood(json.loads(file.read(_MOST_BYTES))))
            parsed.calls.update(((False, name), calls) for name, (calls, _) in self._before.items())
            parsed.reads.update((name, reads) for name, (_, reads) in self._before.items())
        return parsed

    def keep(self, parsed: Parsed) -> None:
        """For the next time, if more is known by now: what is known of the files that there are. Where that is impossible it is let be."""
        if not self._is_large() or len(parsed.calls) == len(self._before):
            return
        names = dict.fromkeys(name for path, name in self.checkout.tree.names.items() if not path.endswith(".json"))
        known = {name: (parsed.calls[False, name], parsed.reads[name]) for name in names if _is_known(parsed, name)}
        if not known.keys() <= self._before.keys():
            with suppress(OSError):
                self._write(json.dumps(_document(known), separators=(",", ":")))

    def _is_large(self) -> bool:
        return len(self.checkout.tree.names) >= WORTH

    def _place(self) -> str:
        repository = hashlib.sha256(os.fsencode(os.path.realpath(self.checkout.top))).hexdigest()
        return os.path.join(cache_directory(self.environment), "repositories", f"{repository}.json")

    def _write(self, text: str) -> None:
        place = self._place()
        directory = os.path.dirname(place)
        os.makedirs(directory, mode=0o700, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=directory, delete=False) as file:
            file.write(text)
        os.replace(file.name, place)


def _is_known(parsed: Parsed, name: str) -> bool:
    return (False, name) in parsed.calls and name in parsed.reads


def _document(known: Told) -> Mapping[str, object]:
    """Most files call and read nothing: of them the names are enough."""
    return {
        "made_by": _MADE_BY,
        "nothing": [name for name, told in known.items() if told == ((), ())],
        "something": {name: told for name, told in known.items() if told != ((), ())},
    }


def _understood(document: Mapping[str, object]) -> Iterator[tuple[str, tuple[tuple[Call, ...], tuple[Read, ...] | None]]]:
    """Raises ValueError, TypeError and KeyError for what was not written by `_document`."""
    nothing, something = document["nothing"], document["something"]
    if document["made_by"] != _MADE_BY or not isinstance(nothing, list) or not isinstance(something, dict):
        raise ValueError("another made it")
    for name in nothing:
        yield _text(name), ((), ())
    for name, (calls, reads) in something.items():
        called = tuple(Call(_text(to), source if source is None else _text(source)) for to, source in calls)
        read = None if reads is None else tuple(Read(_text(path), own is True, below is True) for path, own, below in reads)
        yield name, (called, read)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a string is wanted")
    return value
