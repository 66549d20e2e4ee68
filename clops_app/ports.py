"""What ClOps asks of the world, as narrow Protocols; adapters answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from clops_app.model.resource import Diagnostic
from clops_app.model.source import SourceTree


class GatherError(Exception):
    """A tree could not be read or written. The message says what, where, why and what to do."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A tree of files and the directory inside it that was asked for.

    `scope` is that directory ("" for the whole tree); `top` is where the tree is on this machine, for reading and
    writing only, never for showing. `commit` is None without git; `changed` tells whether the files that Terraform
    reads differ from `commit`. `diagnostics` name what could not be read.
    """

    tree: SourceTree
    scope: str
    top: str
    commit: str | None = None
    changed: bool = False
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Base:
    """What to compare with when nobody said: a commit, and what people call it."""

    commit: str
    name: str


@dataclass(frozen=True, slots=True)
class NoBase:
    """There is nothing to compare with; `why` is a phrase for people."""

    why: str


class Gatherer(Protocol):
    """Reads trees of files, whole and safely: nothing outside the repository, nothing through a link that leads out."""

    def working_tree(self, path: str) -> Checkout:
        """The repository around `path`, or `path` itself where there is no repository. Raises GatherError."""

    def at_ref(self, checkout: Checkout, ref: str) -> Checkout:
        """The same repository as of a git ref, read from git's objects. Raises GatherError."""

    def default_base(self, checkout: Checkout) -> Base | NoBase:
        """The merge base of HEAD with the default branch."""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One file to be written: what it must still hold, and what it shall hold."""

    before: bytes
    after: bytes


class FileWriter(Protocol):
    """Writes into a checkout, all files or none."""

    def rewrite(self, checkout: Checkout, files: Mapping[str, Rewrite]) -> None:
        """Raises GatherError, with nothing written, when a file no longer holds what was read."""
