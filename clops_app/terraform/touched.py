"""Which roots a change leaves alone, told without evaluating any: nothing that they could read differs between two trees.

What a root reads is told from text, and rather too much of it than too little: every file of its directory and of the modules
that it reaches, and what file() and its kin name. A root of which that cannot be told is touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from typing import NamedTuple

from clops_app.model.source import differ, suspects
from clops_app.terraform.module_source import installed
from clops_app.terraform.roots import callees_of
from clops_app.terraform.sources import Read, Sources, is_configuration, joined

_PLACED = ".terraform/modules/modules.json"
# The names of all functions that read a file begin, but for templatefile(), with "file" (functions/filesystem.py), and none is longer.
_READS = re.compile(rb"file\w{0,12}[ \t\r\n]*\(")
_ARGUMENT = re.compile(
    rb'[ \t\r\n]*(?:"\$\{path\.(module|root)\}(?:/([^"\\$%]*))?"|path\.(module|root)|"([^"\\$%/~][^"\\$%]*)")[ \t\r\n]*[,)]'
)


class Reach(NamedTuple):
    """The directories of which a root may read what Terraform reads of one."""

    directories: frozenset[str]

    def code(self, path: str) -> bool:
        """Whether this is code or values that the root may read."""
        return path.rpartition("/")[0] in self.directories and _is_read(path)


class _Named(NamedTuple):
    """The modules and the places that the code of one directory names; `reads` None where it may read others too."""

    modules: frozenset[str]
    reads: tuple[Read, ...] | None


class _Places(NamedTuple):
    """Files that are read, and directories of which the names of all files below are."""

    files: frozenset[str]
    below: frozenset[str]


_NOWHERE = _Places(frozenset(), frozenset())


def changed_directories(head: Sources, base: Sources) -> frozenset[str]:
    """The directories in which code or values differ; those whose placed modules do."""
    read = (path for path in suspects(head.tree, base.tree) if _is_read(path) or path.endswith(_PLACED))
    paths = (path for path in read if differ(head.tree, base.tree, path))
    return frozenset(path.removesuffix(_PLACED).rpartition("/")[0] for path in paths)


def untouched(
    roots: Iterable[str],
    head: Sources,
    base: Sources,
    changed: frozenset[str],
    given: Callable[[str], Iterable[str]],
) -> Mapping[str, Reach]:
    """Those of the roots, which both trees have, that surely read the same in both, and what they read.

    `changed` are the `changed_directories`, `given` the paths at which variable files are looked for that a root is given.
    """
    refused = frozenset(path for path, _ in head.tree.refused.items() ^ base.tree.refused.items())
    alone = {*head.tree.files} ^ {*base.tree.files}
    named = cache(partial(_named, head))

    @cache
    def same_file(path: str) -> bool:
        # A template may read others.
        return not differ(head.tree, base.tree, path) and _READS.search(head.tree.files.get(path, b"")) is None

    def same(places: _Places) -> bool:
        return places is _NOWHERE or (
            all(map(same_file, places.files))
            and not any(_holds(place, path) for place in places.below for path in alone | refused)
            and not any(_holds(path, place) for path in refused for each in places for place in each)
        )

    @cache
    def same_directory(directory: str) -> bool:
        reads = named(directory).reads
        near = (path.rpartition("/")[0] == directory or _holds(path, directory) for path in refused)
        return directory not in changed and reads is not None and same(_places(directory, reads, own=True)) and not any(near)

    def told() -> Iterator[tuple[str, Reach]]:
        for root in roots:
            reached = _reached(root, installed(head, root).values(), named)
            reads = [read for directory in reached for read in named(directory).reads or ()]
            if all(map(same_directory, reached)) and same(_places(root, reads, own=False, given=given(root))):
                yield root, Reach(reached)

    return dict(told())


def _reached(root: str, placed: Iterable[str], named: Callable[[str], _Named]) -> frozenset[str]:
    reached: set[str] = set()
    waiting = [root, *placed]
    while waiting:
        directory = waiting.pop()
        if directory not in reached:
            reached.add(directory)
            waiting += named(directory).modules
    return frozenset(reached)


def _places(directory: str, reads: Iterable[Read], *, own: bool, given: Iterable[str] = ()) -> _Places:
    """The places of the tree that are meant, of those seen from the directory of the code (`own`) or of those seen from the root."""
    files, below = {*given}, set[str]()
    for read in reads:
        place = joined(directory, read.path) if read.own is own else None
        if place is not None:
            (below if read.below else files).add(place)
    return _Places(frozenset(files), frozenset(below)) if files or below else _NOWHERE


def _holds(directory: str, path: str) -> bool:
    """Whether a place is this directory ("" is the top of the tree), or below it."""
    return not directory or path == directory or path.startswith(f"{directory}/")


def _named(sources: Sources, directory: str) -> _Named:
    modules = callees_of(sources, directory) if directory in sources.directories else frozenset[str]()
    # Variable files are left out: Terraform calls no function for a value in one.
    reads = [_reads_of(sources, path) for path in sources.directories.get(directory, ()) if is_configuration(path)]
    told = [read for each in reads if each is not None for read in each]
    return _Named(modules, None if None in reads else tuple(told))


def _reads_of(sources: Sources, path: str) -> tuple[Read, ...] | None:
    """What the code in a file reads; None where that is not written plainly."""
    key = sources.content(path)
    if key not in sources.parsed.reads:
        content = sources.tree.files[path]
        sources.parsed.reads[key] = _reads(content) if b"file" in content else ()
    return sources.parsed.reads[key]


def _reads(content: bytes) -> tuple[Read, ...] | None:
    found = []
    for function in _READS.finditer(content):
        argument = _ARGUMENT.match(content, function.end())
        relative = b"" if argument is None else argument[2] or argument[4] or b""
        if argument is None or not relative.isascii():
            return None
        found.append(Read(relative.decode(), b"module" in (argument[1], argument[3]), function[0].startswith(b"fileset")))
    return tuple(found)


def _is_read(path: str) -> bool:
    return is_configuration(path) or path.endswith((".tfvars", ".tfvars.json"))
