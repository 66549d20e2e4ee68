"""What a user asks is one value: settings, variables, usage, the day; no use case looks anywhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from clops_app.cost.usage import Usage, no_usage
from clops_app.model.finding import Category
from clops_app.model.source import SourceTree
from clops_app.ports import Checkout
from clops_app.rulebook.ignore import IgnoreEntry
from clops_app.terraform.inputs import Inputs, hcl
from clops_app.terraform.plan_json import Plan
from clops_app.usecases.config import Config
from clops_app.usecases.paths import matches

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Question:
    """`today` decides which ignores still count. `environment` holds TF_VAR_ values by variable name.

    `variables` and `var_files` come from the command line and win over the settings in `config`, which was read from
    `config_path` ("" when there is no file). `plan` is of the head.
    """

    today: date
    config: Config = field(default_factory=Config)
    config_path: str = ""
    variables: tuple[tuple[str, str], ...] = ()
    var_files: tuple[tuple[str, bytes], ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    usage: Usage = no_usage
    region: str | None = None
    plan: Plan | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """What the head is compared with, and what people call it ("merge base with main")."""

    checkout: Checkout
    name: str


def inputs_for(question: Question, tree: SourceTree, root: str, declared: frozenset[str]) -> Inputs:
    """What one root is given. Variables that are told for all roots reach those that declare them."""
    settings = question.config.terraform
    found = (_var_file(question, tree, root, name) for name in settings.var_files)
    told = "".join(f"{name} = {hcl(value)}\n" for name, value in sorted(settings.vars.items()) if name in declared)
    return Inputs(
        variables=tuple((name, value) for name, value in question.variables if name in declared),
        var_files=(
            *(file for file in found if file is not None),
            *(((question.config_path, told.encode()),) if told else ()),
            *question.var_files,
        ),
        environment=question.environment,
        workspace=settings.workspace,
        region=question.region,
    )


def missing_var_files(question: Question, tree: SourceTree, roots: Iterable[str]) -> tuple[str, ...]:
    """The variable files of the settings that no root has."""
    roots = tuple(roots)
    return tuple(
        name for name in question.config.terraform.var_files if not any(_var_file(question, tree, root, name) is not None for root in roots)
    )


def undeclared(question: Question, declared: Iterable[frozenset[str]]) -> tuple[str, ...]:
    """The variables that were given a value and that no root declares, sorted."""
    given = {*question.config.terraform.vars, *(name for name, _ in question.variables)}
    return tuple(sorted(given.difference(*declared)))


def var_file_paths(question: Question, root: str) -> tuple[str, ...]:
    """Where the variable files of the settings are looked for, for one root."""
    return tuple(path for name in question.config.terraform.var_files for path in _places(question, root, name))


def _var_file(question: Question, tree: SourceTree, root: str, name: str) -> tuple[str, bytes] | None:
    path = next((path for path in _places(question, root, name) if path in tree.files), None)
    return None if path is None else (path, tree.files[path])


def _places(question: Question, root: str, name: str) -> tuple[str, ...]:
    return tuple(f"{place}/{name}".removeprefix("/") for place in (root, question.config_path.rpartition("/")[0]))


def ignores(question: Question) -> tuple[IgnoreEntry, ...]:
    return tuple(
        IgnoreEntry(item.rule, item.address, item.reason, item.until, f"{question.config_path} (ignore {number})")
        for number, item in enumerate(question.config.ignore, start=1)
    )


def relaxed(question: Question, root: str) -> frozenset[Category]:
    """The categories that do not matter in the environments this root belongs to."""
    environments = question.config.environments.values()
    return frozenset(category for item in environments if any(matches(pattern, root) for pattern in item.paths) for category in item.relax)
