"""Where a node of an expression is evaluated; an error does not end it: Terraform notes what is wrong, and goes on with an unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from clops_app.hcl import syntax
from clops_app.hcl.syntax import Expression, Literal, TemplatePart
from clops_app.language import Language, spoken, tr
from clops_app.model.types import Type, type_bool, type_number, type_string
from clops_app.model.values import Unknown
from clops_app.terraform.scope import Budget, Nodes, Scope
from clops_app.terraform.values import EvaluationError, StaticError, T

# Of so many errors in one expression the first is told, and more say nothing new.
MANY = 100


class Frame:
    """The scope, the names that for-expressions and blocks add to it, the element of a splat, and what went wrong so far.

    `nodes` has the function of every kind of node.
    """

    __slots__ = ("budget", "errors", "item", "names", "nodes", "scope")

    def __init__(self, scope: Scope, names: Mapping[str, T], nodes: Nodes) -> None:
        self.scope = scope
        self.budget: Budget = scope.budget
        self.names = names
        self.nodes = nodes
        self.item: T = None
        self.errors: list[EvaluationError] = []

    def inside(self, names: Mapping[str, T]) -> Frame:
        """A frame inside this one, with other names."""
        inner = Frame(self.scope, names, self.nodes)
        inner.item, inner.errors = self.item, self.errors
        return inner

    def value(self, node: TemplatePart) -> T:
        """The value of a node; unknown where there is none, and what is wrong is noted, in the node's place if it has none.

        Raises StaticError.
        """
        budget = self.budget
        budget.spent += 1
        if type(node) is Literal and type(node.value) is not Decimal:  # what every third node is
            return node.value
        if budget.spent > budget.limit:
            budget.spend(0)
        try:
            return self.nodes[type(node)](node, self)
        except EvaluationError as error:
            if not error.end:
                error.start, error.end = node.start, node.end
            if isinstance(error, StaticError):
                raise
            return self.failed(error, _type_of_failed(node))

    def values(self, nodes: Sequence[Expression]) -> list[T]:
        """The value of each node. Raises StaticError."""
        self.budget.spent += len(nodes)
        value = self.value
        return [node.value if type(node) is Literal and type(node.value) is not Decimal else value(node) for node in nodes]

    def failed(self, error: EvaluationError, kind: Type | None = None) -> Unknown:
        """Note the error; what would have been a value of the type is unknown."""
        errors = self.errors
        # The frames that a traceback holds are not needed, nor are more errors, but their number is.
        errors.append(error.with_traceback(None) if len(errors) < MANY else errors[-1])
        return Unknown(_reason(error.summary, spoken()), type=kind)

    def attempt(self, node: TemplatePart) -> tuple[T, list[EvaluationError]]:
        """The value of a node, and what is wrong with it apart: that may be nobody's business."""
        outer, self.errors = self.errors, []
        try:
            return self.value(node), self.errors
        finally:
            self.errors = outer


@lru_cache(100)
def _reason(summary: str, _: Language) -> str:
    return tr("one branch can't be evaluated ({summary})", summary=summary)


def _type_of_failed(node: TemplatePart) -> Type | None:
    """What a node would have given, as far as the way it is written says so."""
    match node:
        case syntax.Template() | syntax.TemplateIf() | syntax.TemplateFor():
            return type_string
        case syntax.Unary(operator=operator) | syntax.Binary(operator=operator):
            return type_number if operator in {"+", "-", "*", "/", "%"} else type_bool
        case _:
            return None
