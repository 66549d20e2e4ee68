"""templatefile() and templatestring(): a template that sees its variables, the functions, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from clops_app.hcl.syntax import SyntaxProblem
from clops_app.terraform.functions.signature import bad_argument, bad_call
from clops_app.terraform.quoting import go_quoted
from clops_app.terraform.scope import Budget, Files, Nodes, Scope
from clops_app.terraform.values import EvaluationError, StaticError, T, is_null, marked, opened, unmarked

_VARIABLE = re.compile(r"[^\W\d][\w-]*")
_TEXT = 1  # a character of a template costs half a step to parse (its bits; measured)


@dataclass(frozen=True, slots=True)
class TemplateScope:
    """What a template sees. A template must not read another with templatefile(): it might be itself."""

    files: Files
    budget: Budget
    name: str

    def unplanned(self, _: Nodes) -> None:
        return None

    def head(self, names: tuple[str, ...]) -> tuple[T, int]:
        raise StaticError("Invalid template variable", f"vars map does not contain key {go_quoted(names[0])}")


def render(text: str, variables: T, scope: Scope, name: str, wrong: Callable[[str], EvaluationError]) -> T:
    """What the template gives. Raises EvaluationError, naming the template; `wrong` makes that of a template that is none."""
    from clops_app.hcl.parser import parse_template
    from clops_app.terraform.expressions import evaluate

    if isinstance(scope, TemplateScope):
        raise bad_argument(0, "cannot recursively call templatefile or templatestring from inside another template")
    scope.budget.spend(len(text) >> _TEXT)
    parsed = parse_template(text)
    if isinstance(parsed, SyntaxProblem):
        raise wrong(f"{name}: {parsed.summary}; {parsed.detail}")
    names, hidden = unmarked(variables)
    names = opened(names)
    if not isinstance(names, dict):
        raise bad_argument(1, "invalid vars value: must be a map")
    for key in names:
        if _VARIABLE.fullmatch(key) is None:
            rule = "must start with a letter, followed by zero or more letters, digits, and underscores"
            raise bad_argument(1, f"invalid template variable name {go_quoted(key)}: {rule}")
    try:
        value = marked(evaluate(parsed, TemplateScope(scope.files, scope.budget, name), names), hidden)
    except StaticError as error:
        if error.summary == "Invalid template variable":
            raise bad_argument(1, f"{error.detail}, referenced at {name}") from error
        raise StaticError(error.summary, error.detail) from error  # without the place, which is in the template
    except EvaluationError as error:
        raise bad_call(f"{name}: {error.summary}; {error.detail}") from error
    if is_null(unmarked(value)[0]):
        raise bad_call(f"{name}: Template result is null")
    return value
