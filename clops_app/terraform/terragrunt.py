"""Directories that Terragrunt runs are known by their terragrunt.hcl: what Terraform is given there, nobody but Terragrunt tells."""

from __future__ import annotations

from collections.abc import Iterator

from clops_app.hcl.syntax import Block, Literal
from clops_app.terraform.sources import Sources, is_below, is_configuration, is_terragrunt, joined


def units(sources: Sources, scope: str = "") -> tuple[str, ...]:
    """The directories at or below `scope` in which Terragrunt runs Terraform, in path order; not those that others include."""
    return tuple(name for name in sources.terragrunt if is_below(name, scope) and _is_unit(sources, name))


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
    # The file at the top that all others include has neither code nor a source of its own.
    return any(map(is_configuration, sources.directories[name])) or any(
        block.type in ("terraform", "include", "unit", "stack") for block in _blocks(sources, name)
    )


def _blocks(sources: Sources, name: str) -> Iterator[Block]:
    for path in filter(is_terragrunt, sources.directories[name]):
        yield from sources.file(path).body.blocks
