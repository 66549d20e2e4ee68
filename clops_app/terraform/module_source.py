"""Where a module call leads: a directory of this repository, what `terraform init` has placed, or nowhere."""

from __future__ import annotations

import json
from dataclasses import dataclass

from clops_app.hcl.syntax import Literal
from clops_app.terraform.declarations import Declarations, Declared, load
from clops_app.terraform.modelled import Model, model_of, module_of
from clops_app.terraform.protocols import ModuleScope
from clops_app.terraform.sources import Sources, is_configuration, joined

MAX_MODULE_DEPTH = 30  # ENGINE.md §5


@dataclass(frozen=True, slots=True)
class Located:
    """`directory` None: the module is opaque, and `why` completes "module.x …". `key` is its name in modules.json.

    `model`: the source is not here, and `directory` is that of its model.
    """

    source: str
    directory: str | None
    why: str
    key: str
    model: Model | None = None


def locate(module: ModuleScope, declared: Declared, name: str) -> Located:
    key = f"{module.key}.{name}" if module.key else name
    attribute = declared.attribute("source")
    if attribute is None or not isinstance(attribute.value, Literal) or not isinstance(attribute.value.value, str):
        why = "has no source that can be read"
        module.session.complain(declared.path, declared.block.start, f"module.{name} {why}", "a module's source is a plain string")
        return Located("", None, why, key)
    source = attribute.value.value
    sources = module.session.sources
    directory: str | None
    ours = source.startswith(("./", "../")) or source in (".", "..")
    if ours:
        directory = joined(module.directory, source)
        why = "lies outside of the reviewed directory" if directory is None else ""
    else:
        directory = installed(sources, module.session.root).get(key)
        model = model_of(source, _version(declared)) if directory is None and module.session.inputs.models else None
        if isinstance(model, Model):
            _tell(module, declared, name, source, model)
            return Located(source, model.directory, "", key, model)
        why = "" if directory is not None else f"comes from {source.partition('?')[0]}, which is not downloaded"
        if model is not None:
            why += f"; its model {model.why}"
    if directory is not None and not any(map(is_configuration, sources.directories.get(directory, ()))):
        why = f"leads to {directory or '.'}, where there are no Terraform files"
        directory = None
    if directory is not None and module.is_inside(directory):
        why = "calls itself: it includes a directory that is already being evaluated"
        directory = None
    if directory is not None and module.depth >= MAX_MODULE_DEPTH:
        why = f"is nested more than {MAX_MODULE_DEPTH} modules deep"
        directory = None
    if directory is None:
        advice = (
            "run `terraform init` first, or its resources stay unreviewed" if "not downloaded" in why else "its resources are not reviewed"
        )
        module.session.complain(declared.path, attribute.start, f"module.{name} {why}", advice, lost=ours)
    return Located(source, directory, why, key)


def _version(declared: Declared) -> str:
    attribute = declared.attribute("version")
    match attribute.value if attribute is not None else None:
        case None:
            return ""
        case Literal(value=str() as constraint):
            return constraint
        case _:
            return "decided by an expression"


def _tell(module: ModuleScope, declared: Declared, name: str, source: str, model: Model) -> None:
    """Say that a model stands for the module, and what of this call the model leaves open."""
    bare = source.partition("?")[0]
    session = module.session
    session.modelled.setdefault(module_of(model.directory), session.where(declared.path, declared.block.start))
    why = f"what it creates was read from a model of {model.said}"
    if not model.certain:
        why += ", which may not be the version that is used: the call allows newer ones"
    module.session.complain(
        declared.path,
        declared.block.start,
        f"module.{name} is modelled: {bare} was not downloaded",
        f"{why}; `terraform init` brings the module itself",
    )
    unread = unread_inputs(module.session.declarations(model.directory), declared, model)
    if unread:
        what = f"module.{name}: the model does not know {', '.join(unread)}"
        module.session.complain(declared.path, declared.block.start, what, f"what that changes in {bare} is not reviewed")


# What a call says of itself, and not to the module. https://developer.hashicorp.com/terraform/language/block/module
META_ARGUMENTS = frozenset({"source", "version", "count", "for_each", "providers", "depends_on"})


def unread_inputs(model_declares: Declarations, declared: Declared, model: Model) -> tuple[str, ...]:
    """The inputs of a call that its model neither reads nor knows to change nothing."""
    known = {*model_declares.variables, *model.harmless, *META_ARGUMENTS}
    return tuple(sorted(item.name for item in declared.block.body.attributes if item.name not in known))


def not_installed(sources: Sources, root: str) -> tuple[tuple[str, ...], ...]:
    """The calls of modules that are not in this tree, as they are written: (directory, name, source, version)."""
    found: list[tuple[str, ...]] = []
    waiting, seen = [(root, "")], set[str]()
    placed = installed(sources, root)
    while waiting:
        directory, prefix = waiting.pop()
        if directory in seen:
            continue
        seen.add(directory)
        for name, declared in load(sources, directory).modules.items():
            attribute = declared.attribute("source")
            source = str(attribute.value.value) if attribute is not None and isinstance(attribute.value, Literal) else ""
            local = joined(directory, source) if source.startswith(("./", "../")) or source in (".", "..") else None
            key = f"{prefix}{name}"
            if local is not None:
                waiting.append((local, f"{key}."))
            elif key not in placed and source and not source.startswith("."):
                found.append((directory, name, source, _version(declared)))
    return tuple(sorted(found))


def installed(sources: Sources, root: str) -> dict[str, str]:
    """Module key → directory, as `terraform init` wrote them to `.terraform/modules/modules.json`."""
    path = f"{root}/.terraform/modules/modules.json" if root else ".terraform/modules/modules.json"
    content = sources.tree.files.get(path)
    if content is None:
        return {}
    try:
        entries = json.loads(content)["Modules"]
        pairs = [(entry["Key"], joined(root, entry["Dir"])) for entry in entries if entry["Key"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    return {key: directory for key, directory in pairs if directory is not None}
