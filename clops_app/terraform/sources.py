"""A source tree as Terraform walks it: by directory, every file parsed once, however many trees share it."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field

from clops_app.hcl.parser import parse
from clops_app.hcl.syntax import File
from clops_app.model.source import SourceTree
from clops_app.terraform.modelled import Beside, ModelDirectories, with_models


@dataclass(slots=True)
class Parsed:
    """What was parsed, by path and content: base, head and every patched copy share the files they have in common.

    `calls`: the name and source of each module that a file calls (`module_calls.calls_of`).
    """

    files: dict[tuple[str, bytes], File] = field(default_factory=dict)
    calls: dict[tuple[str, bytes], tuple[tuple[str, str | None], ...]] = field(default_factory=dict)

    def file(self, path: str, content: bytes) -> File:
        key = (path, content)
        found = self.files.get(key)
        if found is None:
            found = self.files[key] = _parse_json(path, content) if path.endswith(".json") else parse(path, content)
        return found


def _parse_json(path: str, content: bytes) -> File:
    from clops_app.hcl.json_syntax import parse_json

    return parse_json(path, content)


@dataclass(frozen=True, slots=True)
class Sources:
    """One tree, its files by directory, and the parses it may share. Models of modules are found in it by path (`modelled`).

    `callees`: the directories that the code of each directory calls, as far as somebody asked (`roots.callees_of`).
    """

    tree: SourceTree
    directories: Mapping[str, tuple[str, ...]]
    parsed: Parsed
    callees: dict[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)

    def file(self, path: str) -> File:
        return self.parsed.file(path, self.tree.files[path])


def sources_of(tree: SourceTree, parsed: Parsed | None = None) -> Sources:
    directories: dict[str, list[str]] = {}
    for path in tree.files:
        directories.setdefault(path.rpartition("/")[0], []).append(path)
    found = {name: tuple(sorted(paths)) for name, paths in directories.items()}
    return Sources(with_models(tree), Beside(found, ModelDirectories()), parsed or Parsed())


def is_configuration(path: str) -> bool:
    return path.endswith((".tf", ".tf.json", ".tofu", ".tofu.json"))


def joined(directory: str, relative: str) -> str | None:
    """The path inside the tree ("" is its top), or None where it leads out of it."""
    path = posixpath.normpath(posixpath.join(directory or ".", relative))
    if path == ".." or path.startswith(("../", "/")):
        return None
    return "" if path == "." else path
