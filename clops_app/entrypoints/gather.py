"""Command line, environment and files become a question and the trees it is about."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from clops_app.adapters.disk import read_file
from clops_app.adapters.git import GitGatherer
from clops_app.adapters.names import from_disk
from clops_app.cost.usage import no_usage, parse_usage
from clops_app.language import say, tr, use_language
from clops_app.model.finding import Severity
from clops_app.ports import Checkout, NoBase
from clops_app.terraform.plan_json import MAX_PLAN_BYTES, Plan, read_plan
from clops_app.terraform.plan_values import PlanError
from clops_app.usecases.config import Config, without_effect
from clops_app.usecases.errors import ConfigError
from clops_app.usecases.question import Compared, Progress, Question
from clops_app.usecases.settings import settings_from, settings_in


@dataclass(frozen=True, slots=True)
class Asked:
    """What was written on the command line. `base` None: find one; "none": compare with nothing."""

    path: str
    base: str | None = "none"
    config: str | None = None
    variables: tuple[str, ...] = ()
    var_files: tuple[str, ...] = ()
    usage: str | None = None
    fail_on: Severity | None = None
    plan: str | None = None
    download_modules: bool = False
    module_hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gathered:
    """`notes` are for people who look at the terminal, not part of any result."""

    question: Question
    head: Checkout
    base: Compared | None
    notes: tuple[str, ...]


def gather(asked: Asked, environment: Mapping[str, str], progress: Progress = lambda _: None) -> Gathered:
    """Read everything that the answer depends on; from then on the team's language is spoken. Raises GatherError and ConfigError."""
    gatherer = GitGatherer(environment)
    head = gatherer.working_tree(asked.path)
    base = _base(gatherer, head, asked.base)
    compared = base if isinstance(base, Compared) else None
    path, config = _config(asked, head, compared)
    use_language(config.language)
    if compared is not None:
        compared = replace(compared, name=say(compared.name))  # it was found before the language was
    if asked.fail_on is not None:
        config = replace(config, fail_on=asked.fail_on)
    question = Question(
        today=datetime.now(UTC).date(),
        config=config,
        config_path=path,
        variables=tuple(_pair(text) for text in asked.variables),
        var_files=tuple((_shown(head, file), read_file(file)) for file in asked.var_files),
        environment={name[7:]: value for name, value in environment.items() if name.startswith("TF_VAR_")},
        usage=no_usage,
        region=environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or None,
        plan=_plan(asked.plan),
    )
    question = replace(question, usage=parse_usage(_usage(asked, config))[0])
    if asked.download_modules:
        from clops_app.adapters.modules import ModuleDownloads

        downloads = ModuleDownloads(environment, asked.module_hosts, progress)
        head = downloads.brought(head, config.roots)
        compared = None if compared is None else replace(compared, checkout=downloads.brought(compared.checkout, config.roots))
    elif asked.module_hosts:
        raise ConfigError(("--module-host allows a host for --download-modules, which is not given.",))
    return Gathered(question, head, compared, tuple(_notes(path, config, base)))


def _notes(path: str, config: Config, base: Compared | NoBase | None) -> Iterator[str]:
    if isinstance(base, NoBase):
        yield tr("Nothing to compare with: {why}. Everything counts as new.", why=say(base.why))
    unused = without_effect(config)
    if unused:
        yield tr("{path}: valid, but without effect in this version of ClOps: {keys}.", path=path, keys=", ".join(unused))


def _base(gatherer: GitGatherer, head: Checkout, asked: str | None) -> Compared | NoBase | None:
    if asked == "none":
        return None
    if asked is None:
        found = gatherer.default_base(head)
        return found if isinstance(found, NoBase) else Compared(gatherer.at_ref(head, found.commit), found.name)
    # A name with a slash that is a directory is meant as one, even if a branch is called so; `main` is a branch first.
    if os.path.isdir(asked) and (os.sep in asked or asked in (".", "..") or not gatherer.has_ref(head, asked)):
        return Compared(gatherer.working_tree(asked), asked)
    return Compared(gatherer.at_ref(head, asked), asked)


def _config(asked: Asked, head: Checkout, base: Compared | None) -> tuple[str, Config]:
    """The settings and where they stand: what --config names, else the file of the base, else that of the head."""
    if asked.config is not None:
        path = _shown(head, asked.config)
        return path, settings_from(path, read_file(asked.config))
    for checkout in (*((base.checkout,) if base else ()), head):
        found = settings_in(checkout.tree, checkout.scope)
        if found is not None:
            return found
    return "", Config()


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip().replace("-", "_").isidentifier():
        raise ConfigError((f"--var {text.partition('=')[0]!r} is not of the form NAME=VALUE.",))
    return name.strip(), value


def _plan(path: str | None) -> Plan | None:
    if path is None:
        return None
    try:
        return read_plan(read_file(path, MAX_PLAN_BYTES))
    except PlanError as error:
        raise ConfigError((f"--plan {path}: {error}",)) from error


def _usage(asked: Asked, config: Config) -> Mapping[str, object]:
    """The usage of the settings, and over it that of --usage, key by key."""
    if asked.usage is None:
        return config.usage
    from clops_app.usecases.config_file import read_usage

    told = read_usage(asked.usage, read_file(asked.usage))
    return {**config.usage, **told}


def _shown(head: Checkout, path: str) -> str:
    """How a file is called in what we print: by its path in the tree when it is in it, else as it was given."""
    real = os.path.realpath(path)
    below = from_disk(os.path.relpath(real, head.top).replace(os.sep, "/"))
    return path if below.startswith("../") or below not in head.tree.files else below
