"""A commit as an immutable tree, read from git's objects: nothing is checked out, so nothing of it can run.

Where the objects come from does not matter: a repository here, or an archive of one elsewhere.
"""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from clops_app.adapters.disk import MAX_ENTRIES, MAX_FILE_BYTES
from clops_app.adapters.git_process import SUBMODULE, GitError
from clops_app.adapters.names import why_unshowable
from clops_app.language import later
from clops_app.model.resource import Diagnostic
from clops_app.model.source import SourceTree
from clops_app.ports import Entry, GatherError, Tracked

TERRAFORM_FILES = (".tf", ".tf.json", ".tofu", ".tofu.json", ".tfvars", ".tfvars.json")
READ_TOGETHER = (*TERRAFORM_FILES, ".hcl", ".tftpl", ".tpl", ".clops.yml")
_READ_TOGETHER = tuple(name.encode() for name in READ_TOGETHER)
_LINK = "120000"
# Git itself makes no such entry, but takes one from elsewhere; written to a disk it would lead out of the directory.
_NOWHERE = frozenset({"", ".", "..", ".git"})
# The contents of objects by name, in any order; those that are not there are left out.
Read = Callable[[Iterable[str]], Iterable[tuple[str, bytes]]]
_EMPTY = SourceTree({})
_NO_FILES: Mapping[str, str] = MappingProxyType({})
_MAX_LINKS = 40  # as many as Linux follows in one path


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a commit: the object of each by path, what was refused and why, and whether that is all."""

    objects: Mapping[str, str]
    refused: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]


def listing_of(listed: Sequence[Entry], read: Read, commit: str, limit: int = MAX_ENTRIES, files: Mapping[str, str] = _NO_FILES) -> Listing:
    """Links are followed inside the commit; submodules are refused. Raises what `read` raises.

    Of too many files those that Terraform reads come first: a change must not crowd them out. `files` are plain ones besides.
    """
    found = dict(files)
    refused: dict[str, str] = {}
    links: dict[str, str] = {}
    count = len(files) + len(listed)
    for entry in listed if count <= limit else sorted(listed, key=_rank)[: max(0, limit - len(files))]:
        path = entry.path.decode("utf-8", "surrogateescape")
        why = _why_refused(entry, path)
        if why:
            refused[ascii(path)[1:-1] if why_unshowable(path) else path] = why
        else:
            (links if entry.mode == _LINK else found)[path] = entry.object
    _follow(read, links, found, refused)
    cut = Diagnostic(
        what=later("only {limit:,} of {count:,} files were looked at", limit=limit, count=count),
        where=commit[:12],
        why=later("the commit holds too many; what lies beyond is missing from the comparison"),
        lost=True,
    )
    return Listing(dict(sorted(found.items())), dict(sorted(refused.items())), (cut,) if count > limit else ())


def other_side(tracked: Tracked, altered: Mapping[bytes, Entry | None]) -> Tracked:
    """What another commit holds, told from where it differs."""
    files = dict(tracked.files)
    for path in altered:
        files.pop(path.decode("utf-8", "surrogateescape"), None)
    kept = (entry for entry in tracked.others if entry.path not in altered)
    return replace(tracked, files=files, others=(*kept, *filter(None, altered.values())))


def files_of(read: Read, listing: Listing, here: SourceTree = _EMPTY) -> SourceTree:
    """The listed files, with the contents that `read` gives; but those that are the same `here` are read here."""
    return SourceTree(_Objects(read, listing.objects, {}, here), listing.refused, listing.objects)


def is_plain(path: str) -> bool:
    """Whether a file may be at this path, and be shown."""
    return not why_unshowable(path) and _NOWHERE.isdisjoint(path.split("/"))


def _rank(entry: Entry) -> int:
    return 0 if entry.path.endswith(_READ_TOGETHER) else 1 if entry.mode == _LINK else 2


def _why_refused(entry: Entry, path: str) -> str:
    if not is_plain(path):
        return why_unshowable(path) or later("its name is none that git would check out")
    if entry.mode == SUBMODULE:
        return later("a submodule: its files are in another repository")
    if entry.size is None:
        return later("git does not have its content here")
    return later("larger than 2 MiB") if entry.size > MAX_FILE_BYTES else ""


def _follow(read: Read, links: Mapping[str, str], found: dict[str, str], refused: dict[str, str]) -> None:
    """Enter what links lead to under the names of the links."""
    if not links:
        return
    contents = dict(read(links.values()))
    targets = {path: contents.get(name, b"").decode("utf-8", "surrogateescape") for path, name in links.items()}
    directories = {parent for path in found for parent in _parents(path)}
    to_directories: dict[str, str] = {}
    for path in sorted(targets):
        place = _followed(path, targets)
        if place is None:
            refused[path] = later("a link that leads outside the repository")
        elif place in found:
            found[path] = found[place]
        elif place not in directories:
            refused[path] = later("a link that leads nowhere")
        elif path.startswith(f"{place}/"):
            refused[path] = later("a link to a directory that it is in")
        else:
            to_directories[path] = place
    names = sorted(found)  # what is in a directory stands together
    for path, place in to_directories.items():
        inside = names[bisect_left(names, f"{place}/") : bisect_left(names, f"{place}0")]  # "0" comes right after "/"
        if len(found) + len(inside) > MAX_ENTRIES:
            refused[path] = later("a link to a directory with too many files")
            continue
        here = [path + name[len(place) :] for name in inside]
        found.update(zip(here, (found[name] for name in inside), strict=True))
        at = bisect_left(names, f"{path}/")
        names[at:at] = here


def _parents(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _followed(path: str, targets: Mapping[str, str]) -> str | None:
    """Where a link leads in the end, every link on the way followed; None when that is outside, or goes round."""
    for _ in range(_MAX_LINKS):
        link = next((part for part in (*reversed(list(_parents(path))), path) if part in targets), None)
        if link is None:
            return path
        target = targets[link]
        path = posixpath.normpath(posixpath.join(posixpath.dirname(link), target) + path[len(link) :])
        if not target or path.startswith(("/", "../")) or path in (".", ".."):
            return None
    return None


@dataclass(frozen=True, slots=True)
class _Objects(Mapping[str, bytes]):
    """Files by path, read from git when first asked for: all that Terraform reads in one go, others one by one.

    Those that are the same `here` are read here.
    """

    read: Read
    names: Mapping[str, str]
    remembered: dict[str, bytes] = field(repr=False, compare=False)
    here: SourceTree = field(repr=False)

    def __getitem__(self, path: str) -> bytes:
        name = self.names[path]
        if self.here.names.get(path) == name:
            return self.here.files[path]
        if name not in self.remembered:
            together = self._together() if path.endswith(READ_TOGETHER) else ()
            try:
                self.remembered.update(self.read(dict.fromkeys((name, *together))))
            except GitError as error:
                raise GatherError(f"{path} cannot be read from git: {error}") from error
        if name not in self.remembered:
            raise GatherError(f"{path} cannot be read from git: the object {name} is missing. Try: git fetch --refetch")
        return self.remembered[name]

    def _together(self) -> list[str]:
        here = self.here.names
        return [name for path, name in self.names.items() if path.endswith(READ_TOGETHER) and here.get(path) != name]

    def __contains__(self, path: object) -> bool:
        return path in self.names

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)
