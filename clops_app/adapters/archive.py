"""A commit out of a tar file, held against git's own list of it: an archive is only how the contents travel.

What `git archive` leaves out or rewrites (`export-ignore` and `export-subst` in .gitattributes, which a change may set to
hide its own code) is noticed, because every content is known by git's name for it, and fetched one by one. Nothing is
unpacked, so no path of a stranger reaches the disk.
"""

from __future__ import annotations

import hashlib
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO

from clops_app.adapters.disk import MAX_FILE_BYTES
from clops_app.adapters.git_tree import READ_TOGETHER, files_of, listing_of
from clops_app.language import later
from clops_app.model.resource import Diagnostic
from clops_app.ports import Checkout, Entry, GatherError

MAX_UNPACKED = 2 * 1024**3  # bytes that are unpacked; most are skipped, a gigabyte takes some three seconds
MAX_TERRAFORM = 64 * 1024**2  # bytes kept of files that Terraform reads as code; 2,248 public ones have 5 MiB together
MAX_OTHERS = 32 * 1024**2  # bytes kept of files that code may read with file() and templatefile()
MAX_FETCHED = 200  # files fetched one by one
_LINK = "120000"

Fetch = Callable[[str], bytes]


def read_archive(file: BinaryIO, listed: Sequence[Entry], commit: str, fetch: Fetch, limit: int = MAX_UNPACKED) -> Checkout:
    """The tree of a commit. `listed` are its files by git; `fetch` gets the content of one of its objects.

    Raises GatherError when the file is no archive, and what `fetch` raises.
    """
    by_path = {entry.path.decode("utf-8", "surrogateescape"): entry for entry in listed}
    contents, diagnostics = _contents(file, by_path, limit)
    missing = [entry for path, entry in by_path.items() if _essential(path, entry) and entry.object not in contents]
    contents.update((name, fetch(name)) for name in dict.fromkeys(entry.object for entry in missing[:MAX_FETCHED]))
    listing = listing_of([_or_absent(entry, contents) for entry in listed], lambda names: _present(names, contents), commit)
    tree = files_of(lambda names: _present(names, contents), listing)
    if len(missing) > MAX_FETCHED:
        what = later("only {limit} of {count:,} files that the archive leaves out were read", limit=MAX_FETCHED, count=len(missing))
        why = later("remove export-ignore and export-subst from Terraform files")
        diagnostics.append(Diagnostic(what, ".gitattributes", why, lost=True))
    return Checkout(tree, "", "", commit, diagnostics=(*listing.diagnostics, *diagnostics))


def _contents(file: BinaryIO, by_path: dict[str, Entry], limit: int) -> tuple[dict[str, bytes], list[Diagnostic]]:
    """What the archive holds of the listed objects, by their names, as far as there is room."""
    found: dict[str, bytes] = {}
    room = {True: MAX_TERRAFORM, False: MAX_OTHERS}
    unpacked = 0
    try:
        with tarfile.open(fileobj=file, mode="r|gz") as archive:
            for member in archive:
                unpacked += max(member.size, 0) + tarfile.BLOCKSIZE
                if unpacked > limit:
                    why = later("the repository unpacks to more than {size:,} MiB", size=limit // 1024**2)
                    return found, [Diagnostic(later("not all files were read"), later("the archive"), why, lost=True)]
                path = member.name.partition("/")[2]
                entry = by_path.get(path)
                if entry is None or not _fits(member, entry, room[path.endswith(READ_TOGETHER)]):
                    continue
                content = _content(archive, member)
                if entry.object == _name(content, entry.object):
                    found[entry.object] = content
                    room[path.endswith(READ_TOGETHER)] -= len(content)
    except (tarfile.TarError, OSError, EOFError, zlib.error, ValueError) as error:
        raise GatherError(f"the archive of the repository cannot be read: {type(error).__name__}.") from error
    return found, []


def _fits(member: tarfile.TarInfo, entry: Entry, room: int) -> bool:
    if entry.mode == _LINK:
        return member.issym()
    return member.isreg() and member.size <= min(MAX_FILE_BYTES, room)


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    if member.issym():
        return member.linkname.encode("utf-8", "surrogateescape")
    stream = archive.extractfile(member)
    return b"" if stream is None else stream.read()


def _name(content: bytes, like: str) -> str:
    """What git calls this content."""
    text = b"blob %d\0%s" % (len(content), content)
    return hashlib.sha256(text).hexdigest() if len(like) == 64 else hashlib.sha1(text, usedforsecurity=False).hexdigest()


def _essential(path: str, entry: Entry) -> bool:
    """Whether a file must not be missing: Terraform's own files, and links, which may lead to one."""
    return entry.mode == _LINK or (entry.mode.startswith("100") and path.endswith(READ_TOGETHER) and (entry.size or 0) <= MAX_FILE_BYTES)


def _or_absent(entry: Entry, contents: dict[str, bytes]) -> Entry:
    """An entry without a size is one whose content is not here."""
    return entry if entry.object in contents or (entry.size or 0) > MAX_FILE_BYTES else replace(entry, size=None)


def _present(names: Iterable[str], contents: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    return ((name, contents[name]) for name in names if name in contents)
