"""The rules exist: every folder of rules/ is a Rule, its page read, its check imported only when it runs."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeAlias, cast

from clops_app.kit import Architecture, Hit
from clops_app.language import Language, spoken
from clops_app.rulebook.page import RulePage, in_other_words, parse_page

Check: TypeAlias = Callable[[Architecture], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One folder of rules/. `id` is its path, "aws/single_az_database"; `check` imports its check.py, once."""

    id: str
    page: RulePage
    check: Callable[[], Check]


def load_rules() -> tuple[Rule, ...]:
    """All rules in the order of their ids, their pages in the language spoken. Raises PageError for one that is wrong: a bug of ours."""
    return _load(spoken())


@cache
def _load(language: Language) -> tuple[Rule, ...]:
    directory = rules_directory()
    return read_rules(directory) if language == "en" else translated(_load("en"), directory, language)


def rules_directory() -> Traversable:
    """Where the rules are: inside an installed wheel, beside the package in a checkout."""
    package = files("clops_app")
    installed = package / "_rules"
    return installed if installed.is_dir() else package / ".." / "rules"


def read_rules(directory: Traversable) -> tuple[Rule, ...]:
    """Read the rules in a directory laid out as rules/ is."""
    folders = [(f"{group.name}/{folder.name}", folder) for group in _folders(directory) for folder in _folders(group)]
    # Changing branches leaves folders with nothing but __pycache__ in them; what is half a rule fails in tests/test_rules.py.
    pages = [(name, folder) for name, folder in folders if (folder / "rule.md").is_file()]
    return tuple(_rule(name, folder) for name, folder in sorted(pages, key=lambda item: item[0]))


def translated(rules: Iterable[Rule], directory: Traversable, language: Language) -> tuple[Rule, ...]:
    """The same rules with their pages in another language; one that has none in it keeps its own."""
    return tuple(_translated(rule, directory, language) for rule in rules)


def _translated(rule: Rule, directory: Traversable, language: Language) -> Rule:
    name = f"{rule.id}/rule.{language}.md"
    file = directory.joinpath(name)
    if not file.is_file():
        return rule
    return replace(rule, page=in_other_words(rule.page, file.read_text(encoding="utf-8"), f"rules/{name}", language))


def _folders(directory: Traversable) -> list[Traversable]:
    return [item for item in directory.iterdir() if item.is_dir() and not item.name.startswith(("_", "."))]


def _rule(name: str, folder: Traversable) -> Rule:
    page = parse_page((folder / "rule.md").read_text(encoding="utf-8"), f"rules/{name}/rule.md")
    return Rule(name, page, cache(partial(_import_check, name, str(folder / "check.py"))))


def _import_check(name: str, path: str) -> Check:
    # By path, not by package: a rule folder is data that ships beside the code, and its name need not be a module's.
    spec = importlib.util.spec_from_file_location(f"clops_rules.{name.replace('/', '.')}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"rules/{name}/check.py cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast("Check", module.check)
