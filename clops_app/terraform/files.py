"""What file(), templatefile() and fileset() may read: files of the repository, nothing else."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from clops_app.language import say, tr
from clops_app.model.values import Unknown
from clops_app.terraform.inputs import Inputs
from clops_app.terraform.sources import Sources, joined
from clops_app.terraform.values import EvaluationError

MAX_READ_BYTES = 1024 * 1024  # ENGINE.md §5: file() and its kin
_SHOWN = 200  # characters of a pattern that a message repeats
_DIRECTORIES = 2  # a directory that is not below the one that is meant costs a quarter of a step (its bits)
_LOOK = 3  # steps to match a path: 2 µs (measured)


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

    def match(self, directory: str, pattern: str, spend: Callable[[int], None]) -> tuple[str, ...] | Unknown:
        """The files below `directory` that match the glob, relative to it, sorted. Raises EvaluationError for a glob that is none.

        `spend` is told of the characters of the glob, the directories and the files that are looked at.
        """
        place = self._place(directory)
        if isinstance(place, Unknown):
            return place
        prefix = f"{place}/" if place else ""
        directories = self.sources.directories
        spend(len(pattern) + (len(directories) >> _DIRECTORIES))
        matches = _matcher(pattern)
        found: list[str] = []
        for name, paths in directories.items():
            if not place or name == place or name.startswith(prefix):
                spend(len(paths) * _LOOK)
                found += [path for path in paths if matches(path[len(prefix) :])]
        return tuple(sorted(path[len(prefix) :] for path in found))

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


@lru_cache(20)
def _matcher(pattern: str) -> Callable[[str], object]:
    """What tells whether a path matches the glob: by RE2, in linear time. Raises EvaluationError for a glob that is none."""
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(_glob(pattern), options).fullmatch  # type: ignore[no-any-return]
    except re2.error as error:
        raise _bad_pattern(pattern) from error


def _bad_pattern(pattern: str) -> EvaluationError:
    return EvaluationError("Error in function call", f"failed to glob pattern ({pattern[:_SHOWN]}): syntax error in pattern")


def _glob(pattern: str) -> str:
    """A regular expression for fileset's patterns: `*` and `?` within a name, `**` across names, `{a,b}`, `[a-z]`.

    Raises EvaluationError for brackets with nothing between.
    """
    out: list[str] = []
    at = 0
    depth = 0
    last = pattern.rfind("]")
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
        elif char == "[" and at < last:
            end = pattern.index("]", at + 1)
            inner = pattern[at + 1 : end].replace("\\", "\\\\").replace("[", "\\[")
            if inner in {"", "!", "^"}:
                raise _bad_pattern(pattern)
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
