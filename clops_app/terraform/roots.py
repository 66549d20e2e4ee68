"""Which directories are roots: those with Terraform files that no other directory calls, and that are not written to be called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache

from clops_app.language import tr, trn
from clops_app.terraform.module_calls import calls_of
from clops_app.terraform.module_source import installed
from clops_app.terraform.sources import Sources, is_below, is_configuration, joined
from clops_app.terraform.terragrunt import sourced, units


@dataclass(frozen=True, slots=True)
class Root:
    """A directory ("" is the top of the tree) and, for people, why it is taken for a root."""

    directory: str
    why: str


def find_roots(sources: Sources, scope: str = "", patterns: tuple[str, ...] = (), *, planned: bool = False) -> tuple[Root, ...]:
    """The roots at or below `scope`, in path order; only those that match one of `patterns` when there are any.

    What Terragrunt runs is none, unless it is `planned`: its values and sources are Terragrunt's to tell.
    """
    directories = [name for name in sources.configured if is_below(name, scope)]
    if patterns:
        why = tr("named by `roots` in the configuration")
        return tuple(Root(name, why) for name in directories if any(fnmatchcase(name or ".", pattern) for pattern in patterns))
    callees = {name: callees_of(sources, name) for name in directories}
    by_terragrunt = () if planned else units(sources, scope)
    callees |= {name: callees.get(name, frozenset()).union(filter(None, (sourced(sources, name),))) for name in by_terragrunt}
    directories = sorted({*directories, *by_terragrunt})
    callers: dict[str, str] = {}
    for name in directories:
        for callee in sorted(callees[name]):
            if callee != name:
                callers.setdefault(callee, name)
    uncalled = [name for name in directories if name not in callers]
    # A module that nobody calls makes nothing, unless there is nothing else here: then it is what somebody wants reviewed.
    roots = [name for name in uncalled if name not in by_terragrunt and not _is_module(sources, name)]
    roots = roots or [name for name in uncalled if name not in by_terragrunt and not by_terragrunt]
    reached = _reached(callees, uncalled)
    # Directories that call each other in a ring have no caller from outside: the first of them stands for the ring.
    for name in directories:
        if name not in reached:
            roots += [] if name in by_terragrunt else [name]
            reached |= _reached(callees, [name])
    reason = cache(_why)  # a few sentences for thousands of roots
    return tuple(Root(name, reason(len(callees[name]), any(map(_is_values, sources.directories[name])))) for name in sorted(roots))


def uncalled_modules(sources: Sources, scope: str, roots: tuple[Root, ...]) -> tuple[str, ...]:
    """The modules at or below `scope` that none of the roots reaches, in path order."""
    directories = [name for name in sources.configured if is_below(name, scope)]
    by_terragrunt = units(sources, scope)
    callees = {name: callees_of(sources, name) for name in directories}
    callees |= {name: callees.get(name, frozenset()).union(filter(None, (sourced(sources, name),))) for name in by_terragrunt}
    reached = _reached(callees, [*(root.directory for root in roots), *by_terragrunt])
    return tuple(name for name in directories if name not in reached)


def code_of(sources: Sources, root: str) -> tuple[str, ...]:
    """The files that Terraform reads for a root by itself: those of its directory, its values, and the modules that it reaches."""
    reached: set[str] = set()
    waiting = [root]
    while waiting:
        name = waiting.pop()
        if name not in reached and name in sources.directories:
            reached.add(name)
            waiting += callees_of(sources, name)
    return tuple(
        path
        for name in sorted(reached)
        for path in sources.directories[name]
        if is_configuration(path) or (name == root and _is_values(path))
    )


def _is_module(sources: Sources, name: str) -> bool:
    """Whether a directory is written to be called: it stands among modules and nothing in it is of a root's.

    That it asks for values is no sign: many roots do, and get them from outside.
    """
    if not any(part == "module" or part.endswith("modules") for part in name.split("/")):
        return False
    if any(path.endswith((".tfvars", ".tfvars.json", ".terraform.lock.hcl")) for path in sources.directories[name]):
        return False
    blocks = [block for path in filter(is_configuration, sources.directories[name]) for block in sources.file(path).body.blocks]
    if any(block.type == "provider" for block in blocks):
        return False
    settings = (inner.type for block in blocks if block.type == "terraform" for inner in block.body.blocks)
    return not any(kind in ("backend", "cloud") for kind in settings)


def callees_of(sources: Sources, name: str) -> frozenset[str]:
    """The directories that a directory calls as modules, be they there or not."""
    found = sources.callees.get(name)
    if found is None:
        found = sources.callees[name] = frozenset(_called(sources, name))
    return found


def _called(sources: Sources, name: str) -> Iterator[str]:
    placed = installed(sources, name)
    calls = [call for path in filter(is_configuration, sources.directories[name]) for call in calls_of(sources, path)]
    local = {call.source for call in calls if call.source is not None and call.source.startswith(".")}
    found = (*(joined(name, source) for source in local), *(placed.get(call.name) for call in calls if call.source not in local))
    return (directory for directory in found if directory is not None)


def _reached(callees: Mapping[str, frozenset[str]], roots: list[str]) -> set[str]:
    reached: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += callees.get(name, ())
    return reached


def _is_values(path: str) -> bool:
    return path.endswith((".tfvars", ".tfvars.json"))


def _why(called: int, states: bool) -> str:
    if not called:
        if states:
            return tr("no other directory calls it; it calls no local module and has its own tfvars")
        return tr("no other directory calls it; it calls no local module")
    if states:
        return trn(
            "no other directory calls it; it calls {count} local module and has its own tfvars",
            "no other directory calls it; it calls {count} local modules and has its own tfvars",
            called,
        )
    return trn(
        "no other directory calls it; it calls {count} local module",
        "no other directory calls it; it calls {count} local modules",
        called,
    )
