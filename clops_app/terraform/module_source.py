"""Where a module call leads: a directory of this repository, what `terraform init` has placed, or nowhere."""

from __future__ import annotations

import json
from dataclasses import dataclass

from clops_app.hcl.syntax import Literal
from clops_app.terraform.declarations import Declared
from clops_app.terraform.protocols import ModuleScope
from clops_app.terraform.sources import Sources, is_configuration, joined

MAX_MODULE_DEPTH = 30  # ENGINE.md §5


@dataclass(frozen=True, slots=True)
class Located:
    """`directory` None: the module is opaque, and `why` completes "module.x …". `key` is its name in modules.json."""

    source: str
    directory: str | None
    why: str
    key: str


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
    if source.startswith(("./", "../")) or source in (".", ".."):
        directory = joined(module.directory, source)
        why = "lies outside of the reviewed directory" if directory is None else ""
    else:
        directory = installed(sources, module.session.root).get(key)
        why = "" if directory is not None else f"comes from {source.partition('?')[0]}, which is not downloaded"
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
        module.session.complain(declared.path, attribute.start, f"module.{name} {why}", advice)
    return Located(source, directory, why, key)


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
