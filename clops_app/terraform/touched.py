"""Which roots a change leaves alone, told without evaluating any: nothing that they could read differs between two trees.

What a root reads is told from text, and rather too much of it than too little: every file of its directory and of the modules
that it reaches, and what file() and its kin name. A root of which that cannot be told is touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from clops_app.terraform.modelled import Beside
from clops_app.terraform.module_source import installed
from clops_app.terraform.roots import callees_of
from clops_app.terraform.sources import Sources, is_configuration, joined

_PLACED = ".terraform/modules/modules.json"
# The names of all functions that read a file begin, but for templatefile(), with "file" (functions/filesystem.py), and none is longer.
_READS = re.compile(rb"file\w{0,12}[ \t\r\n]*\(")
_ARGUMENT = re.compile(
    rb'[ \t\r\n]*(?:"\$\{path\.(module|root)\}(?:/([^"\\$%]*))?"|path\.(module|root)|"([^"\\$%/~][^"\\$%]*)")[ \t\r\n]*[,)]'
)
_KINDS = ((False, False), (True, False), (False, True), (True, True))  # whether a directory is meant, and whether seen from the root


@dataclass(frozen=True, slots=True)
class Reach:
    """What a root may read: what Terraform reads of some directories, some files, and the names of those below some places."""

    directories: frozenset[str]
    files: frozenset[str]
    below: frozenset[str]

    def code(self, path: str) -> bool:
        """Whether this is code or values that the root may read."""
        return path.rpartition("/")[0] in self.directories and _is_read(path)


class _Named(NamedTuple):
    """What the code of one directory names: modules, and files; of those that it gives from the root on, the relative path.

    `certain` is False where it may read others too. A fileset's directory stands in `below`.
    """

    modules: frozenset[str]
    files: frozenset[str]
    below: frozenset[str]
    files_of_root: frozenset[str]
    below_root: frozenset[str]
    certain: bool


@dataclass(frozen=True, slots=True)
class _Reaches:
    """The reach of every root of one tree; what a directory names is found once, however many roots come by."""

    sources: Sources
    known: dict[str, _Named] = field(default_factory=dict)
    templates: dict[str, bool] = field(default_factory=dict)

    def of(self, root: str, given: Iterable[str]) -> Reach | None:
        """None where it cannot be told."""
        reached: dict[str, _Named] = {}
        waiting = [root, *installed(self.sources, root).values()]
        while waiting:
            directory = waiting.pop()
            if directory not in reached:
                named = reached[directory] = self._named(directory)
                waiting += named.modules
        files, below = {*given}, set[str]()
        for named in reached.values():
            if not named.certain:
                return None
            files |= named.files
            below |= named.below
            files.update(path for relative in named.files_of_root if (path := joined(root, relative)) is not None)
            below.update(path for relative in named.below_root if (path := joined(root, relative)) is not None)
        return None if any(map(self._reads_others, files)) else Reach(frozenset(reached), frozenset(files), frozenset(below))

    def _named(self, directory: str) -> _Named:
        found = self.known.get(directory)
        if found is None:
            found = self.known[directory] = _named(self.sources, directory)
        return found

    def _reads_others(self, path: str) -> bool:
        """Whether this may be a template that reads others."""
        found = self.templates.get(path)
        if found is None:
            found = self.templates[path] = _READS.search(self.sources.tree.files.get(path, b"")) is not None
        return found


def changed_directories(head: Sources, base: Sources) -> frozenset[str]:
    """The directories in which code or values differ; those whose placed modules do."""
    now, then = _seen(head), _seen(base)
    paths = (path for path in {*now, *then} if (_is_read(path) or path.endswith(_PLACED)) and now.get(path) != then.get(path))
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
    alone = {*_seen(head)} ^ {*_seen(base)}

    @cache
    def differs(path: str) -> bool:
        return head.tree.files.get(path) != base.tree.files.get(path)

    def same(reach: Reach) -> bool:
        return (
            reach.directories.isdisjoint(changed)
            and not any(_may_be_read(path, reach) for path in refused)
            and not any(map(differs, reach.files))
            and not any(not place or path.startswith(f"{place}/") for place in reach.below for path in alone)
        )

    reaches = _Reaches(head)
    told = ((root, reaches.of(root, given(root))) for root in roots)
    return {root: reach for root, reach in told if reach is not None and same(reach)}


def _seen(sources: Sources) -> Mapping[str, bytes]:
    """The tree's own files, without the models beside them."""
    files = sources.tree.files
    return files.seen if isinstance(files, Beside) else files


def _named(sources: Sources, directory: str) -> _Named:
    named: dict[tuple[bool, bool], set[str]] = {kind: set() for kind in _KINDS}
    certain = True
    for path in filter(_is_read, sources.directories.get(directory, ())):
        content = sources.tree.files[path]
        for function in _READS.finditer(content) if b"file" in content else ():
            argument = _ARGUMENT.match(content, function.end())
            relative = b"" if argument is None else argument[2] or argument[4] or b""
            if argument is None or not relative.isascii():
                certain = False
                break
            own = b"module" in (argument[1], argument[3])
            place = joined(directory, relative.decode()) if own else relative.decode()
            if place is not None:
                named[function[0].startswith(b"fileset"), not own].add(place)
    files, below, files_of_root, below_root = (frozenset(named[key]) for key in _KINDS)
    modules = callees_of(sources, directory) if directory in sources.directories else frozenset[str]()
    return _Named(modules, files, below, files_of_root, below_root, certain)


def _is_read(path: str) -> bool:
    return is_configuration(path) or path.endswith((".tfvars", ".tfvars.json"))


def _may_be_read(path: str, reach: Reach) -> bool:
    """Whether what stands at this path, be it a file or a directory, may be something that the root reads."""
    named = (*reach.directories, *reach.files, *reach.below)
    return (
        path.rpartition("/")[0] in reach.directories
        or any(place == path or place.startswith(f"{path}/") for place in named)
        or any(not place or path.startswith(f"{place}/") for place in reach.below)
    )
