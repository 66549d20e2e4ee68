"""What was told of the files of a large repository, kept for the next time: which modules each calls, and what else it reads.

By the name that git gives a content, in one file for each repository below the user's cache. It is JSON of names, sizes and
strings, checked when it is read: whoever wrote it, nothing in it is run. Where nothing can be kept nothing is, and that is all
the difference. A file whose content is not what git has under its name, as git-crypt and LFS make it, is left out.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from clops_app import __version__
from clops_app.adapters.cache import cache_directory
from clops_app.adapters.disk import found_in
from clops_app.adapters.git_process import blob_name
from clops_app.model.source import SourceTree
from clops_app.ports import Checkout, GatherError
from clops_app.terraform.sources import Call, Parsed, Read

WORTH = 1_000  # files that git has a name for; to read fewer than that anew takes no longer
_MOST_BYTES = 64 * 1024 * 1024  # of what is kept: forty bytes and a little more for a file
_MADE_BY = f"2, clops {__version__}"


class _Told(NamedTuple):
    """What was told of a content of so many bytes."""

    size: int
    calls: tuple[Call, ...]
    reads: tuple[Read, ...] | None


@dataclass(slots=True)
class ToldBefore:
    """Of one repository. Of `environment` only where the user's cache is is used."""

    environment: Mapping[str, str]
    checkout: Checkout
    _before: dict[str, _Told] = field(default_factory=dict)

    def recalled(self) -> Parsed:
        """What is known of files before any is read."""
        parsed = Parsed()
        if self._is_large():
            with suppress(OSError, ValueError, TypeError, KeyError, RecursionError), open(self._place(), "rb") as file:
                kept = dict(_understood(json.loads(file.read(_MOST_BYTES))))
                self._before = {name: kept[name] for name in _same(self.checkout.tree, kept)}
            parsed.calls.update(((False, name), told.calls) for name, told in self._before.items())
            parsed.reads.update((name, told.reads) for name, told in self._before.items())
        return parsed

    def keep(self, parsed: Parsed) -> None:
        """For the next time, if more is known by now: what is known of the files that there are. Where that is impossible it is let be."""
        if not self._is_large() or len(parsed.calls) == len(self._before):
            return
        new = self._told(parsed)
        if new:
            with suppress(OSError):
                self._write(json.dumps(_document({**self._before, **new}), separators=(",", ":")))

    def _told(self, parsed: Parsed) -> Mapping[str, _Told]:
        """Of the files of which nothing was kept what is known now, where git has the content that was read."""
        tree, found = self.checkout.tree, dict[str, _Told]()
        seen = {*self._before}
        for path, name in tree.names.items():
            if name in seen or path.endswith(".json") or (False, name) not in parsed.calls or name not in parsed.reads:
                continue
            seen.add(name)
            with suppress(GatherError):  # it is gone by now
                content = tree.files[path]
                if blob_name(content, name) == name:
                    found[name] = _Told(len(content), parsed.calls[False, name], parsed.reads[name])
        return found

    def _is_large(self) -> bool:
        return len(self.checkout.tree.names) >= WORTH

    def _place(self) -> str:
        repository = hashlib.sha256(os.fsencode(os.path.realpath(self.checkout.top))).hexdigest()
        return os.path.join(cache_directory(self.environment), "repositories", f"{repository}.json")

    def _write(self, text: str) -> None:
        place = self._place()
        directory = os.path.dirname(place)
        os.makedirs(directory, mode=0o700, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory) as beside:
            written = os.path.join(beside, "told.json")
            with open(written, "w", encoding="utf-8", opener=partial(os.open, mode=0o600)) as file:
                file.write(text)
            os.replace(written, place)


def _same(tree: SourceTree, kept: Mapping[str, _Told]) -> set[str]:
    """The names of the contents that are on the disk as they were: all files that git calls so have as many bytes."""
    found = found_in(tree)
    same, other = set[str](), set[str]()
    for path, name in tree.names.items():
        told = kept.get(name)
        if told is not None and path in found:
            (same if found[path][1][0] == told.size else other).add(name)
    return same - other


def _document(known: Mapping[str, _Told]) -> Mapping[str, object]:
    """Most files call and read nothing: of them the size is enough."""
    return {
        "made_by": _MADE_BY,
        "nothing": {name: told.size for name, told in known.items() if told[1:] == ((), ())},
        "something": {name: told for name, told in known.items() if told[1:] != ((), ())},
    }


def _understood(document: Mapping[str, object]) -> Iterator[tuple[str, _Told]]:
    """Raises ValueError, TypeError and KeyError for what was not written by `_document`."""
    nothing, something = document["nothing"], document["something"]
    if document["made_by"] != _MADE_BY or not isinstance(nothing, dict) or not isinstance(something, dict):
        raise ValueError("another made it")
    for name, size in nothing.items():
        yield name, _Told(size, (), ())
    for name, (size, calls, reads) in something.items():
        called = tuple(Call(_text(to), source if source is None else _text(source)) for to, source in calls)
        read = None if reads is None else tuple(Read(_text(path), own is True, below is True) for path, own, below in reads)
        yield name, _Told(size, called, read)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a string is wanted")
    return value
