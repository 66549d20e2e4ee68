"""A directory as an immutable tree: nothing outside it is read, nothing too large, and what was not read is named."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter

from clops_app.adapters.names import from_disk, on_disk, why_unshowable
from clops_app.language import later
from clops_app.model.resource import Diagnostic
from clops_app.model.source import SourceTree
from clops_app.ports import Checkout, GatherError, Rewrite
from clops_app.usecases.settings import SETTINGS

# The largest Terraform file among 2,248 in public repositories has 61 KB; 2 MiB parse in a fraction of a second.
MAX_FILE_BYTES = 2 * 1024 * 1024
# Files, directories and links together. A walk of so many takes about a second; links could otherwise multiply without end.
MAX_ENTRIES = 100_000

_NEVER_ENTERED = frozenset({".git", "node_modules", ".venv", ".terragrunt-cache"})
# Not blocking: a pipe put in the place of a file must not hang the review. Not following: links were resolved before.
_READING = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_PIECE = 64 * 1024  # bytes read at once of a file that does not tell its size
_TOO_LARGE = later("larger than 2 MiB")


def read_directory(top: str, scope: str = "", limit: int = MAX_ENTRIES) -> Checkout:
    """List the tree below `top`; contents are read when asked for. `scope` is listed first, in case there is too much.

    `.git`, `node_modules`, `.venv`, `.terragrunt-cache` and `.terraform` are left out, but for `.terraform/modules`.
    Raises GatherError when `top` cannot be listed.
    """
    top = os.path.realpath(top)
    try:
        os.scandir(top).close()
    except OSError as error:
        raise GatherError(f"{top} cannot be read: {_reason(error)}. Check its permissions.") from error
    walk = _Walk(top, {}, {})
    complete = walk.run(scope, limit)
    left_out = Diagnostic(
        what=later("only {count:,} files and directories were looked at", count=limit),
        where=scope or ".",
        why=later(
            "the directory holds more than that; give the directory with the Terraform code as PATH, or name the roots in .clops.yml"
        ),
        lost=True,
    )
    tree = SourceTree(Contents(dict(sorted(walk.found.items())), {}), dict(sorted(walk.refused.items())))
    return Checkout(tree, scope, top, diagnostics=() if complete else (left_out,))


def read_file(path: str, limit: int = MAX_FILE_BYTES) -> bytes:
    """The content of one file that the user named (a variable file, a configuration, a plan). Raises GatherError."""
    try:
        return _read(os.path.realpath(path), path, limit)
    except OSError as error:
        raise GatherError(f"{path} cannot be read: {_reason(error)}.") from error


def write_new(top: str, path: str, content: bytes, *, overwrite: bool) -> bool:
    """Write a file that is not there yet. False, with nothing written, when it is. Raises GatherError."""
    location = os.path.join(top, *on_disk(path).split("/"))
    if not _is_below(os.path.realpath(location), os.path.realpath(top)):
        raise GatherError(f"{path} is a link that leads outside the repository. Nothing was written to it.")
    try:
        os.makedirs(os.path.dirname(location), exist_ok=True)
        with open(location, "wb" if overwrite else "xb") as file:
            file.write(content)
    except FileExistsError:
        return False
    except OSError as error:
        raise GatherError(f"{path} cannot be written: {_reason(error)}.") from error
    return True


# What the file system says of a file; whoever writes to it leaves another: its size, the last 32 bits of its inode (all that git
# keeps of one), and in nanoseconds when it was modified (mtime) and when it, its name or its mode was changed (ctime).
Stamp = tuple[int, int, int, int]
# Where a file really is, every link on the way followed, and its stamp when it was found there. Plain tuples: there are many.
Found = tuple[str, Stamp]


@dataclass(frozen=True, slots=True)
class Contents(Mapping[str, bytes]):
    """Files by tree path, read from where they really are when first asked for, and remembered."""

    found: Mapping[str, Found]
    remembered: dict[str, bytes] = field(repr=False, compare=False)

    def __getitem__(self, path: str) -> bytes:
        found = self.remembered.get(path)
        if found is None:
            location, (size, *_) = self.found[path]
            try:
                found = self.remembered[path] = _read(location, path, size=size)
            except OSError as error:
                raise GatherError(f"{path} changed while it was being read: {_reason(error)}. Run the command again.") from error
        return found

    def __contains__(self, path: object) -> bool:
        return path in self.found

    def __iter__(self) -> Iterator[str]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)


def found_in(tree: SourceTree) -> Mapping[str, Found]:
    """Where each file of a tree is, if the tree is a directory."""
    return tree.files.found if isinstance(tree.files, Contents) else {}


def _read(location: str, shown: str, limit: int = MAX_FILE_BYTES, size: int = -1) -> bytes:
    """The content of a file; `size` is what it had, where that is known."""
    file = os.open(location, _READING)
    try:
        content = os.read(file, min(size, limit) + 1) if size >= 0 else b""
        if len(content) != size:  # it was not known, is another by now, or did not come at once
            status = os.fstat(file)
            if not stat.S_ISREG(status.st_mode):
                raise GatherError(f"{shown} is not a regular file.")
            # A buffer as large as the limit would take longer than reading what is there.
            piece = max(status.st_size, _PIECE)
            while len(content) <= limit and (more := os.read(file, min(piece, limit - len(content)) + 1)):
                content += more
    finally:
        os.close(file)
    if len(content) > limit:
        raise GatherError(f"{shown} is larger than {limit // (1024 * 1024)} MiB.")
    return content


@dataclass(frozen=True, slots=True)
class _Walk:
    top: str
    found: dict[str, Found]
    refused: dict[str, str]

    def run(self, scope: str, limit: int) -> bool:
        """List everything, `scope` first. False when the limit was reached before the end."""
        # One item: tree path of a directory, where it really is, and the real directories that led to it.
        pending: list[tuple[str, str, tuple[str, ...]]] = [("", self.top, ())]
        if scope:
            pending.append((scope, os.path.join(self.top, *on_disk(scope).split("/")), (self.top,)))
        seen = 0
        while pending:
            directory, location, around = pending.pop()
            led = (*around, location)
            below = []
            for entry in self._entries(directory, location):
                seen += 1
                if seen > limit:
                    return False
                name = entry.name if entry.name.isascii() else from_disk(entry.name)
                path = f"{directory}/{name}" if directory else name
                if path == scope and not around:
                    continue  # listed already
                inner = self._take(path, name, entry, led)
                if inner is not None:
                    below.append((path, inner, led))
            pending += reversed(below)
        return True

    def _entries(self, directory: str, location: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(location) as listing:
                entries = sorted(listing, key=attrgetter("name"))
        except OSError as error:
            self.refused[directory or "."] = later("a directory that cannot be read: {reason}", reason=_reason(error))
            return []
        if directory.rpartition("/")[2] == ".terraform":
            return [entry for entry in entries if entry.name == "modules"]
        return entries

    def _take(self, path: str, name: str, entry: os.DirEntry[str], around: tuple[str, ...]) -> str | None:
        """File the entry under found or refused; where it really is, when it is a directory to be listed."""
        if name in _NEVER_ENTERED:
            return None
        unshowable = why_unshowable(name)
        if unshowable:
            self._refuse(path, unshowable)
            return None
        try:
            location = self._resolved(path, entry, around) if entry.is_symlink() else entry.path
            if location is None:
                return None
            is_directory = entry.is_dir()
            if not is_directory:
                self._take_file(path, location, os.stat(location, follow_symlinks=False))
        except OSError as error:
            self._refuse(path, later("cannot be read: {reason}", reason=_reason(error)))
            return None
        if is_directory and name == SETTINGS:
            self._refuse(path, later("a directory, not a file"))  # an empty one would leave no trace in the tree
            return None
        return location if is_directory else None

    def _resolved(self, path: str, entry: os.DirEntry[str], around: tuple[str, ...]) -> str | None:
        try:
            location = os.path.realpath(entry.path, strict=True)
        except FileNotFoundError:
            self._refuse(path, later("a link that leads nowhere"))
            return None
        if not _is_below(location, self.top):
            self._refuse(path, later("a link that leads outside the repository"))
        elif ".git" in os.path.relpath(location, self.top).split(os.sep):
            self._refuse(path, later("a link into .git"))  # where a checkout keeps credentials
        elif location in around:
            self._refuse(path, later("a link to a directory that it is in"))
        else:
            return location
        return None

    def _take_file(self, path: str, location: str, status: os.stat_result) -> None:
        if not stat.S_ISREG(status.st_mode):
            self._refuse(path, later("not a regular file"))
        elif status.st_size > MAX_FILE_BYTES:
            self._refuse(path, _TOO_LARGE)
        elif not status.st_mode & stat.S_IROTH and not os.access(location, os.R_OK):
            self._refuse(path, later("no permission to read it"))
        else:
            self.found[path] = location, (status.st_size, status.st_ino & 0xFFFFFFFF, status.st_mtime_ns, status.st_ctime_ns)

    def _refuse(self, path: str, why: str) -> None:
        # A name that cannot be shown is shown escaped.
        self.refused[path if not why_unshowable(path) else ascii(path)[1:-1]] = why


def _is_below(location: str, top: str) -> bool:
    return location == top or location.startswith(top.rstrip(os.sep) + os.sep)


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


@dataclass(frozen=True, slots=True)
class DiskWriter:
    """Writes files back into the directory they were read from."""

    def rewrite(self, checkout: Checkout, files: Mapping[str, Rewrite]) -> None:
        """Check every file first, then replace each at once, so that none is ever half written. Raises GatherError."""
        wanted: dict[str, Rewrite] = {}
        for path, rewrite in sorted(files.items()):
            if wanted.setdefault(_writable(checkout, path, rewrite), rewrite) != rewrite:
                raise GatherError(f"{path} is a link to a file that would be changed in another way too. Nothing was changed.")
        written: list[str] = []
        for location, rewrite in wanted.items():
            try:
                _replace(location, rewrite.after)
            except OSError as error:
                kept = [os.path.relpath(place, checkout.top) for place in written if not _put_back(place, wanted[place].before)]
                outcome = f"These are changed all the same: {', '.join(kept)}." if kept else "Nothing was changed."
                raise GatherError(f"{os.path.relpath(location, checkout.top)} cannot be written: {_reason(error)}. {outcome}") from error
            written.append(location)


def _put_back(location: str, content: bytes) -> bool:
    try:
        _replace(location, content)
    except OSError:
        return False
    return True


def _writable(checkout: Checkout, path: str, rewrite: Rewrite) -> str:
    location = os.path.realpath(os.path.join(checkout.top, *on_disk(path).split("/")))
    if not _is_below(location, checkout.top):
        raise GatherError(f"{path} is a link that leads outside the repository. Nothing was changed.")
    try:
        now = _read(location, path)
    except OSError as error:
        raise GatherError(f"{path} cannot be read any more: {_reason(error)}. Nothing was changed.") from error
    if now != rewrite.before:
        raise GatherError(f"{path} was changed after it was read. Nothing was written; run the command again.")
    return location


def _replace(location: str, content: bytes) -> None:
    beside = f"{location}.clops-{os.getpid()}"
    try:
        with open(beside, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(beside, stat.S_IMODE(os.stat(location).st_mode))
        os.replace(beside, location)
    finally:
        if os.path.lexists(beside):
            os.unlink(beside)
