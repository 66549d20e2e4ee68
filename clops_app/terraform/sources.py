"""A source tree as Terraform walks it: by directory, every file parsed once, however many trees share it."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field

from clops_app.hcl.parser import parse
from clops_app.hcl.syntax import File
from clops_app.model.source import SourceTree


@dataclass(slots=True)
class Parsed:
    """What was parsed, by path and content: base, head and every patched copy share the files they have in common."""

    files: dict[tuple[str, bytes], File] = field(default_factory=dict)

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
    """One tree, its files by directory, and the parses it may share."""

    tree: SourceTree
    directories: Mapping[str, tuple[str, ...]]
    parsed: Parsed

    def file(self, path: str) -> File:
        return self.parsed.file(path, self.tree.files[path])


def sources_of(tree: SourceTree, parsed: Parsed | None = None) -> Sources:
    directories: dict[str, list[str]] = {}
    for path in tree.files:
        directories.setdefault(path.rpartition("/")[0], []).append(path)
    return Sources(tree, {name: tuple(sorted(paths)) for name, paths in directories.items()}, parsed or Parsed())


def is_configuration(path: str) -> bool:
    return path.endswith((".tf", ".tf.json", ".tofu", ".tofu.json"))


def joined(directory: str, relative: str) -> str | None:
    """The path inside the tree ("" is its top), or None where it leads out of it."""
    path = posixpath.normpath(posixpath.join(directory or ".", relative))
    if path == ".." or path.startswith(("../", "/")):
        return None
    return "" if path == "." else path
