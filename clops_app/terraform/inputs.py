"""What a root is given from outside: variable values and workspace, in Terraform's own order of precedence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from clops_app.hcl.syntax import Expression, File
from clops_app.terraform.sources import Sources


class KnownKeys(NamedTuple):
    """The instance keys of one resource or module call, learnt elsewhere than from its count or for_each.

    They hold where evaluation cannot tell, and where it tells what `instead_of` says (the ends of the addresses).
    """

    keys: tuple[int | str, ...]
    instead_of: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Inputs:
    """`environment` holds TF_VAR_ values by variable name; `var_files` are (name, content) of --var-file in order given;

    `variables` are --var pairs, which win over all. `directory` is what stands before the root in `path.cwd`;
    `region` is the AWS region where the configuration names none (None: us-east-1 is assumed, and said).
    `keys` are instance keys by address without index, as a plan tells them. `models`: whether models stand for modules that are not here.
    """

    variables: tuple[tuple[str, str], ...] = ()
    var_files: tuple[tuple[str, bytes], ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    workspace: str = "default"
    directory: str = "/workspace"
    region: str | None = None
    keys: Mapping[str, KnownKeys] = field(default_factory=dict)
    models: bool = True


class GivenText(NamedTuple):
    """A value as text (--var, TF_VAR_): whether it is a string or HCL depends on the variable's type."""

    text: str
    origin: str


class GivenExpression(NamedTuple):
    """A value as written in a tfvars file."""

    expression: Expression
    path: str


Given = GivenText | GivenExpression


def tfvars_of(sources: Sources, root: str) -> tuple[str, ...]:
    """The variable files that Terraform loads by itself, in the order in which later ones win."""
    paths = [path for path in sources.directories.get(root, ()) if path.endswith((".tfvars", ".tfvars.json"))]
    own = [path for name in ("terraform.tfvars", "terraform.tfvars.json") for path in paths if path.rpartition("/")[2] == name]
    return (*own, *(path for path in paths if path.endswith((".auto.tfvars", ".auto.tfvars.json"))))


def given_variables(sources: Sources, root: str, inputs: Inputs) -> tuple[dict[str, Given], list[tuple[File, bytes]]]:
    """The value each variable is given, and the files they came from (with their syntax problems)."""
    given: dict[str, Given] = {name: GivenText(text, f"TF_VAR_{name}") for name, text in inputs.environment.items()}
    contents = [(path, sources.tree.files[path]) for path in tfvars_of(sources, root)] + list(inputs.var_files)
    files = []
    for path, content in contents:
        file = sources.parsed.file(path, content)
        files.append((file, content))
        given.update({item.name: GivenExpression(item.value, path) for item in file.body.attributes})
    given.update({name: GivenText(text, f"--var {name}") for name, text in inputs.variables})
    return given, files


def hcl(value: object) -> str:
    """A value of a settings file or of a plan as an HCL expression. JSON is HCL but for interpolation, which is escaped."""
    match value:
        case Mapping():
            return "{" + ", ".join(f"{hcl(str(key))} = {hcl(inner)}" for key, inner in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(hcl, value)) + "]"
        case str():
            return json.dumps(value, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
        case Decimal():
            return format(value, "f")
        case _:
            return json.dumps(value)
