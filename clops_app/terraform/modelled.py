"""Well-known registry modules that were not downloaded are read from models: small Terraform modules of our own text.

A model stands in `models/<namespace>/<name>/`: `model.json` says of which versions it speaks and in which of its directories,
`main.tf` (and those of `modules/<submodule>/`) has the module's variables, the resources they lead to with the attributes that
are looked at here, under the addresses that they have in the module, and its outputs. It is found by nobody who lists a tree,
and read like any downloaded module by who was led to it: below `.terraform`, so nothing is ever changed in it and no finding stands in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, reduce
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple, TypeVar

from clops_app.language import tr
from clops_app.model.source import SourceTree
from clops_app.terraform.versions import EVERY, Range, allowed

MODELS = ".terraform/modelled"
_BELOW = f"{MODELS}/"

V = TypeVar("V")

# https://developer.hashicorp.com/terraform/language/modules/sources
_REGISTRY = re.compile(r"(?:registry\.(?:terraform\.io|opentofu\.org)/)?([\w-]+)/([\w-]+)/aws(?://([\w./-]+))?")
_GIT = re.compile(
    r"(?:git::)?(?:https://|ssh://git@|git@)?github\.com[/:]([\w-]+)/terraform-aws-([\w-]+?)(?:\.git)?(?://([\w./-]+))?(?:\?(.*))?"
)
_TAG = re.compile(r"(?:refs/tags/)?v?(\d+\.\d+\.\d+)")


class Model(NamedTuple):
    """`directory` is where it is read. `said` tells people of which versions it speaks. `harmless`: inputs that change nothing in it.

    `certain` is False where the call allows newer versions than the model knows.
    """

    directory: str
    said: str
    harmless: frozenset[str]
    certain: bool


class Unmodelled(NamedTuple):
    """There is a model of the module, but not of what this call asks for: `why` says so."""

    why: str


@dataclass(frozen=True, slots=True)
class _Source:
    """A module's source, read: whose it is, what in it, and which versions it may be."""

    name: str
    below: str
    versions: Range | None


def model_of(source: str, version: str) -> Model | Unmodelled | None:
    """The model for a source and version constraint as a call writes them; None where there is none of that module."""
    read = _read(source, version)
    if read is None or _package(read.name) is None:
        return None
    versions = read.versions
    if versions is None:
        return Unmodelled(tr("its model cannot tell which version that is"))
    known = _models(read.name)
    # Terraform takes the newest version that is allowed.
    about = next((each for each in known if each.span.meets(versions)), None)
    if about is None:
        every = reduce(lambda one, other: tr("{one} and {other}", one=one, other=other), (each.said for each in reversed(known)))
        return Unmodelled(tr("its model speaks of {versions} only", versions=every))
    below = read.below.strip("/")
    directory = "/".join(part for part in (MODELS, read.name, about.directory, below) if part)
    if _content(f"{directory}/main.tf") is None:
        return Unmodelled(tr("its model does not have {directory}", directory=below))
    certain = versions.high is not None and about.span.high is not None and versions.high <= about.span.high
    return Model(directory, about.said, about.harmless.get(below, frozenset()), certain)


def is_model(path: str) -> bool:
    return path.startswith(_BELOW)


def module_of(path: str) -> str:
    """The module whose model, or part of it, is at `path`: `terraform-aws-modules/vpc`."""
    return "/".join(path.removeprefix(_BELOW).split("/")[:2])


def with_models(tree: SourceTree) -> SourceTree:
    """The tree, and the files of every model to who asks for one by its path."""
    return tree if isinstance(tree.files, Beside) else replace(tree, files=Beside(tree.files, _Files()))


@dataclass(frozen=True, slots=True)
class Beside(Mapping[str, V]):
    """A mapping, and beside it what is found by those who ask for it by name and by nobody who looks around."""

    seen: Mapping[str, V]
    unseen: Mapping[str, V]

    def __getitem__(self, key: str) -> V:
        return (self.unseen if key.startswith(_BELOW) else self.seen)[key]

    def __contains__(self, key: object) -> bool:
        return key in (self.unseen if isinstance(key, str) and key.startswith(_BELOW) else self.seen)

    def __iter__(self) -> Iterator[str]:
        return iter(self.seen)

    def __len__(self) -> int:
        return len(self.seen)


class _Files(Mapping[str, bytes]):
    """The files of the models by path."""

    def __getitem__(self, path: str) -> bytes:
        content = _content(path)
        if content is None:
            raise KeyError(path)
        return content

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class ModelDirectories(Mapping[str, tuple[str, ...]]):
    """The files of each model's directory; a model has one file in each."""

    def __getitem__(self, directory: str) -> tuple[str, ...]:
        path = f"{directory}/main.tf"
        if _content(path) is None:
            raise KeyError(directory)
        return (path,)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class _About(NamedTuple):
    """A model of some versions of a module. `majors`: the first and the last. `harmless`: by submodule ("" is the module itself)."""

    span: Range
    majors: tuple[int, int]
    directory: str
    harmless: Mapping[str, frozenset[str]]

    @property
    def said(self) -> str:
        first, last = self.majors
        return tr("versions {first}.x", first=first) if first == last else tr("versions {first}.x to {last}.x", first=first, last=last)


@cache
def _models(name: str) -> tuple[_About, ...]:
    """The models of a module, the newest first."""
    package = _package(name)
    told = () if package is None else json.loads((package / "model.json").read_bytes())["models"]
    found = []
    for each in told:
        first, last = each["majors"]
        harmless = {below: frozenset(names.split()) for below, names in each.get("harmless", {}).items()}
        found.append(_About(Range((first, 0, 0), (last + 1, 0, 0)), (first, last), each.get("directory", ""), harmless))
    return tuple(sorted(found, key=lambda about: about.span.low, reverse=True))


def _read(source: str, version: str) -> _Source | None:
    if (found := _REGISTRY.fullmatch(source)) is not None:
        return _Source(f"{found[1]}/{found[2]}", found[3] or "", allowed(version))
    if (found := _GIT.fullmatch(source)) is not None:
        ref = next((part[4:] for part in (found[4] or "").split("&") if part.startswith("ref=")), "")
        tag = _TAG.fullmatch(ref)
        versions = allowed(tag[1]) if tag is not None else None if ref else EVERY
        return _Source(f"{found[1]}/{found[2]}", found[3] or "", versions)
    return None


def _package(name: str) -> Traversable | None:
    namespace, _, module = name.partition("/")
    found = files("clops_app.terraform") / "models" / namespace / module
    return found if found.joinpath("model.json").is_file() else None


@cache
def _content(path: str) -> bytes | None:
    if not is_model(path) or ".." in path.split("/"):
        return None
    found = files("clops_app.terraform").joinpath("models", *path.removeprefix(_BELOW).split("/"))
    return found.read_bytes() if found.is_file() else None
