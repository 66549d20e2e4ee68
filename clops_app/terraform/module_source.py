"""Where a module call leads: a directory of this repository, what `terraform init` has placed, or nowhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from clops_app.hcl.syntax import Literal
from clops_app.language import tr, tr_noop
from clops_app.terraform.declarations import Declarations, Declared, load
from clops_app.terraform.modelled import Model, Unmodelled, model_of, module_of
from clops_app.terraform.protocols import ModuleScope
from clops_app.terraform.sources import Sources, is_configuration, joined

MAX_MODULE_DEPTH = 30  # ENGINE.md §5


# Of a call by its address: why its source is not here.
Why = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Located:
    """`directory` None: the module is opaque, and `why` says why. `key` is its name in modules.json.

    `model`: the source is not here, and `directory` is that of its model.
    """

    source: str
    directory: str | None
    why: Why
    key: str
    model: Model | None = None


def locate(module: ModuleScope, declared: Declared, name: str) -> Located:
    key = f"{module.key}.{name}" if module.key else name
    attribute = declared.attribute("source")
    if attribute is None or not isinstance(attribute.value, Literal) or not isinstance(attribute.value.value, str):
        why = _because(tr_noop("{module} has no source that can be read"))
        module.session.complain(declared.path, declared.block.start, why(f"module.{name}"), tr("a module's source is a plain string"))
        return Located("", None, why, key)
    source = attribute.value.value
    sources = module.session.sources
    ours = source.startswith(("./", "../")) or source in (".", "..")
    directory = joined(module.directory, source) if ours else installed(sources, module.session.root).get(key)
    asked = directory is None and not ours and module.session.inputs.models
    model = model_of(source, _version(declared)) if asked else None
    if isinstance(model, Model):
        _tell(module, declared, name, source, model)
        return Located(source, model.directory, _here, key, model)
    opaque = _opaque(module, directory) if directory is not None else _outside if ours else _not_downloaded(source, model)
    if opaque is None:
        return Located(source, directory, _here, key)
    advice = tr("its resources are not reviewed")
    if directory is None and not ours:
        advice = tr("run `terraform init` first, or its resources stay unreviewed")
    module.session.complain(declared.path, attribute.start, opaque(f"module.{name}"), advice, lost=ours)
    return Located(source, None, opaque, key)


def _because(message: str, **values: object) -> Why:
    return lambda module: tr(message, module=module, **values)


def _here(_: str) -> str:
    return ""


_outside = _because(tr_noop("{module} lies outside of the reviewed directory"))


def _not_downloaded(source: str, model: Unmodelled | None) -> Why:
    bare = source.partition("?")[0]
    if model is None:
        return _because(tr_noop("{module} comes from {source}, which is not downloaded"), source=bare)
    return _because(tr_noop("{module} comes from {source}, which is not downloaded; {model}"), source=bare, model=model.why)


def _opaque(module: ModuleScope, directory: str) -> Why | None:
    """Why the module in a directory of this tree is not evaluated; None where it is."""
    if not any(map(is_configuration, module.session.sources.directories.get(directory, ()))):
        return _because(tr_noop("{module} leads to {directory}, where there are no Terraform files"), directory=directory or ".")
    if module.is_inside(directory):
        return _because(tr_noop("{module} calls itself: it includes a directory that is already being evaluated"))
    if module.depth >= MAX_MODULE_DEPTH:
        return _because(tr_noop("{module} is nested more than {limit} modules deep"), limit=MAX_MODULE_DEPTH)
    return None


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
    why = tr("what it creates was read from a model of {versions}; `terraform init` brings the module itself", versions=model.said)
    if not model.certain:
        why = tr(
            "what it creates was read from a model of {versions}, which may not be the version that is used: the call allows newer ones; "
            "`terraform init` brings the module itself",
            versions=model.said,
        )
    what = tr("{module} is modelled: {source} was not downloaded", module=f"module.{name}", source=bare)
    module.session.complain(declared.path, declared.block.start, what, why)
    unread = unread_inputs(module.session.declarations(model.directory), declared, model)
    if unread:
        what = tr("{module}: the model does not know {inputs}", module=f"module.{name}", inputs=", ".join(unread))
        why = tr("what that changes in {source} is not reviewed", source=bare)
        module.session.complain(declared.path, declared.block.start, what, why)


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
    if path not in sources.tree.files:
        return {}
    try:
        entries = json.loads(sources.tree.files[path])["Modules"]
        pairs = [(entry["Key"], joined(root, entry["Dir"])) for entry in entries if entry["Key"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    return {key: directory for key, directory in pairs if directory is not None}
