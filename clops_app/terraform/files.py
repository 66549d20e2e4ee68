"""What file(), templatefile() and fileset() may read: files of the repository, nothing else."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field

from clops_app.language import say, tr
from clops_app.model.values import Unknown
from clops_app.terraform.inputs import Inputs
from clops_app.terraform.sources import Sources, joined
from clops_app.terraform.values import EvaluationError

MAX_READ_BYTES = 1024 * 1024  # ENGINE.md §5: file() and its kin


@dataclass(frozen=True, slots=True)
class RepositoryFiles:
    """Paths are relative to the root module's directory, as `path.module` writes them. `seen` gathers what was read."""

    sources: Sources
    root: str
    inputs: Inputs
    seen: dict[str, None] = field(default_factory=dict)

    def read(self, path: str) -> bytes | Unknown:
        place = self._place(path)
        if isinstance(place, Unknown):
            return place
        refused = self._refused(place)
        if refused is not None:
            return Unknown(tr("{path} was not read: {why}", path=place, why=refused))
        content = self.sources.tree.files.get(place)
        if content is None:
            raise EvaluationError("Invalid function argument", f"No file exists at {place}.")
        if len(content) > MAX_READ_BYTES:
            return Unknown(tr("{path} was not read: {why}", path=place, why=tr("it is larger than 1 MiB")))
        self.seen.setdefault(place)
        return content

    def exists(self, path: str) -> bool | Unknown:
        place = self._place(path)
        if isinstance(place, Unknown):
            return place
        refused = self._refused(place)
        if refused is not None:
            return Unknown(tr("{path} was not looked at: {why}", path=place, why=refused))
        if place in self.sources.directories:
            raise EvaluationError("Error in function call", f"{place} is a directory, not a file.")
        return place in self.sources.tree.files

    def match(self, directory: str, pattern: str) -> tuple[str, ...] | Unknown:
        """The files below `directory` that match the glob, relative to it, sorted."""
        place = self._place(directory)
        if isinstance(place, Unknown):
            return place
        prefix = f"{place}/" if place else ""
        matches = re.compile(_glob(pattern)).fullmatch
        found = [
            path[len(prefix) :]
            for name, paths in self.sources.directories.items()
            if not place or name == place or name.startswith(prefix)
            for path in paths
            if matches(path[len(prefix) :])
        ]
        return tuple(sorted(found))

    def _place(self, path: str) -> str | Unknown:
        if path.startswith(self.inputs.directory + "/") or path == self.inputs.directory:
            inside = joined("", posixpath.relpath(path, self.inputs.directory))
        elif path.startswith(("/", "~")):
            inside = None
        else:
            inside = joined(self.root, path)
        return Unknown(tr("it reads a file outside of the repository")) if inside is None else inside

    def _refused(self, place: str) -> str | None:
        refused = self.sources.tree.refused
        parts = place.split("/")
        found = (refused.get("/".join(parts[:count])) for count in range(len(parts), 0, -1))
        return next((say(why) for why in found if why is not None), None)


def _glob(pattern: str) -> str:
    """A regular expression for fileset's patterns: `*` and `?` within a name, `**` across names, `{a,b}`, `[a-z]`."""
    out: list[str] = []
    at = 0
    depth = 0
    while at < len(pattern):
        char = pattern[at]
        if pattern.startswith("**/", at):
            out.append("(?:[^/]+/)*")
            at += 2
        elif pattern.startswith("**", at):
            out.append(".*")
            at += 1
        elif char == "*":
            out.append("[^/]*")
        elif char == "?":
            out.append("[^/]")
        elif char == "[" and "]" in pattern[at + 1 :]:
            end = pattern.index("]", at + 1)
            inner = pattern[at + 1 : end].replace("\\", "\\\\").replace("[", "\\[")
            out.append(f"[{'^' + inner[1:] if inner[:1] in '!^' else inner}]")
            at = end
        elif char == "{":
            out.append("(?:")
            depth += 1
        elif char == "}" and depth:
            out.append(")")
            depth -= 1
        elif char == "," and depth:
            out.append("|")
        else:
            out.append(re.escape(char))
        at += 1
    return "".join(out) + ")" * depth
