"""A source tree as Terraform walks it: by directory, every file parsed once, however many trees share it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from clops_app.hcl.parser import parse
from clops_app.hcl.syntax import File
from clops_app.model.source import SourceTree
from clops_app.terraform.modelled import Beside, ModelDirectories, with_models

_HIDDEN = re.compile(r"(?:^|/)(?:\.|node_modules(?:/|$))")
# https://terragrunt.gruntwork.io/docs/reference/config-blocks-and-attributes/
_TERRAGRUNT = ("terragrunt.hcl", "terragrunt.hcl.json", "terragrunt.stack.hcl")


# Bytes of source whose parses are kept at most, and from one root to the next; each byte takes some 25 more.
MOST, KEPT = 8_000_000, 500_000


class Call(NamedTuple):
    """A call of a module. `source` None: it is not a plain string."""

    name: str
    source: str | None


class Read(NamedTuple):
    """A file that code reads, or with `below` a directory of which it lists the files. `own`: seen from the directory of the code."""

    path: str
    own: bool
    below: bool


@dataclass(slots=True)
class Parsed:
    """What was parsed, by path and content: base, head and every patched copy share the files they have in common.

    `calls` (`module_calls.calls_of`, whether of JSON) and `reads` (`touched`) are known of a content, or of its name where that is known.
    """

    files: dict[tuple[str, bytes], File] = field(default_factory=dict)
    calls: dict[tuple[bool, bytes | str], tuple[Call, ...]] = field(default_factory=dict)
    reads: dict[bytes | str, tuple[Read, ...] | None] = field(default_factory=dict)
    _size: int = 0

    def file(self, path: str, content: bytes) -> File:
        key = (path, content)
        found = self.files.pop(key, None)
        if found is None:
            found = _parse_json(path, content) if path.endswith(".json") else parse(path, content)
            self._size += len(content)
        self.files[key] = found
        if self._size > MOST:
            self.make_room(MOST)
        return found

    def make_room(self, kept: int | None = None) -> None:
        """Forget what was asked for the longest ago: for who goes from one root to the next, and has no use for most of it."""
        while self._size > (KEPT if kept is None else kept) and len(self.files) > 1:
            oldest = next(iter(self.files))
            self._size -= len(oldest[1])
            del self.files[oldest]


def _parse_json(path: str, content: bytes) -> File:
    from clops_app.hcl.json_syntax import parse_json

    return parse_json(path, content)


@dataclass(frozen=True, slots=True)
class Sources:
    """One tree, its files by directory, and the parses it may share. Models of modules are found in it by path (`modelled`).

    `configured` are the directories with code, `terragrunt` those with Terragrunt's, in path order; hidden ones are in neither.
    `callees`: the directories that the code of each directory calls, as far as somebody asked (`roots.callees_of`).
    """

    tree: SourceTree
    directories: Mapping[str, tuple[str, ...]]
    configured: tuple[str, ...]
    terragrunt: tuple[str, ...]
    parsed: Parsed
    callees: dict[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)

    def file(self, path: str) -> File:
        return self.parsed.file(path, self.tree.files[path])

    def content(self, path: str) -> bytes | str:
        """What tells the content of a file from every other: its name where that is known, or it itself."""
        return self.tree.names.get(path) or self.tree.files[path]

    def edited(self, tree: SourceTree) -> Sources:
        """The same files with other contents."""
        return replace(self, tree=tree, callees={})


def sources_of(tree: SourceTree, parsed: Parsed | None = None) -> Sources:
    directories: dict[str, list[str]] = {}
    for path in tree.files:
        directories.setdefault(path.rpartition("/")[0], []).append(path)
    found = {name: tuple(sorted(paths)) for name, paths in sorted(directories.items())}
    code = tuple(name for name, paths in found.items() if any(map(is_configuration, paths)) and not _HIDDEN.search(name))
    run = {path.rpartition("/")[0] for path in tree.files if path.endswith(_TERRAGRUNT) and is_terragrunt(path)}
    terragrunt = tuple(name for name in sorted(run) if not _HIDDEN.search(name))
    return Sources(with_models(tree), Beside(found, ModelDirectories()), code, terragrunt, parsed or Parsed())


def is_below(name: str, scope: str) -> bool:
    """Whether a directory is the scope or stands below it."""
    return not scope or name == scope or name.startswith(f"{scope}/")


def is_terragrunt(path: str) -> bool:
    return path.endswith(_TERRAGRUNT) and path.rpartition("/")[2] in _TERRAGRUNT


def is_configuration(path: str) -> bool:
    """Whether Terraform or OpenTofu reads the file: not what editors leave, `.#main.tf` (terraform, configs.IsIgnoredFile)."""
    return path.endswith((".tf", ".tf.json", ".tofu", ".tofu.json")) and not path.rpartition("/")[2].startswith(".")


def joined(directory: str, relative: str) -> str | None:
    """The path inside the tree ("" is its top), or None where it leads out of it."""
    path = posixpath.normpath(posixpath.join(directory or ".", relative))
    if path == ".." or path.startswith(("../", "/")):
        return None
    return "" if path == "." else path
