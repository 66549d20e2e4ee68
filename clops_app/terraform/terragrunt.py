"""Directories that Terragrunt runs are known by their terragrunt.hcl: what Terraform is given there, nobody but Terragrunt tells."""

from __future__ import annotations

from collections.abc import Iterator

from clops_app.hcl.syntax import Block, Literal
from clops_app.terraform.sources import Sources, is_configuration, joined

# https://terragrunt.gruntwork.io/docs/reference/config-blocks-and-attributes/
_FILES = ("terragrunt.hcl", "terragrunt.hcl.json")
_STACK = "terragrunt.stack.hcl"


def units(sources: Sources, scope: str = "") -> tuple[str, ...]:
    """The directories at or below `scope` in which Terragrunt runs Terraform, in path order; not those that others include."""
    return tuple(name for name in sorted(sources.directories) if _inside(name, scope) and _is_unit(sources, name))


def sourced(sources: Sources, unit: str) -> str | None:
    """The directory of this repository whose code a unit runs; None where it is its own, another repository's, or not written plainly."""
    for block in _blocks(sources, unit):
        for item in block.body.attributes if block.type == "terraform" else ():
            match item.value:
                case Literal(value=str() as source) if item.name == "source" and source.startswith("."):
                    # `//` parts what is copied from what is run in it.
                    return joined(unit, source.replace("//", "/"))
                case _:
                    pass
    return None


def _is_unit(sources: Sources, name: str) -> bool:
    paths = sources.directories[name]
    if not any(path.rpartition("/")[2] in (*_FILES, _STACK) for path in paths):
        return False
    # The file at the top that all others include has neither code nor a source of its own.
    return any(map(is_configuration, paths)) or any(
        block.type in ("terraform", "include", "unit", "stack") for block in _blocks(sources, name)
    )


def _blocks(sources: Sources, name: str) -> Iterator[Block]:
    for path in sources.directories[name]:
        if path.rpartition("/")[2] in (*_FILES, _STACK):
            yield from sources.file(path).body.blocks


def _inside(name: str, scope: str) -> bool:
    hidden = any(part.startswith(".") or part == "node_modules" for part in name.split("/"))
    return not hidden and (not scope or name == scope or name.startswith(scope + "/"))
