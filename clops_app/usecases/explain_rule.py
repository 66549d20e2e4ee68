"""A rule's page is found by its name, and a misspelt name by the one it is near to."""

from __future__ import annotations

from collections.abc import Mapping

from clops_app.rulebook.ignore import unknown_rule
from clops_app.rulebook.load import load_rules
from clops_app.rulebook.page import RulePage
from clops_app.usecases.errors import ConfigError


def list_rules() -> Mapping[str, RulePage]:
    """The pages of all rules by id."""
    return {rule.id: rule.page for rule in load_rules()}


def explain_rule(name: str) -> tuple[str, RulePage]:
    """The id and page of a rule; `aws/` may be left out. Raises ConfigError with the nearest name."""
    pages = list_rules()
    found = [rule for rule in pages if name in (rule, rule.partition("/")[2])]
    if len(found) != 1:
        raise ConfigError((unknown_rule(name, pages),))
    return found[0], pages[found[0]]
