"""What an expression needs from around it: names, files and a limit on its work, whoever provides them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from clops_app.language import tr
from clops_app.model.values import Unknown
from clops_app.terraform.values import T, too_much

# A root of 1,189 instances takes about 0.1 M steps; 2 M is some three seconds of Python, and no real root needs it.
STEPS = 2_000_000
# Expressions that wait for each other (a local that needs a local that …). Real roots stay below 30.
WAITING = 200


# The function of every kind of node of an expression: what is given a node and its Frame.
Nodes: TypeAlias = Mapping[type, Callable[..., T]]


class Files(Protocol):
    """The files a function may read. Paths are relative to the root module's directory, as Terraform's are."""

    def read(self, path: str) -> bytes | Unknown:
        """The content. Raises EvaluationError if there is no such file; Unknown if it must not be read."""
        ...

    def exists(self, path: str) -> bool | Unknown:
        """Whether there is a regular file."""
        ...

    def match(self, directory: str, pattern: str, spend: Callable[[int], None]) -> tuple[str, ...] | Unknown:
        """The files below `directory` whose path relative to it matches Terraform's glob `pattern`, sorted.

        `spend` is told what it costs to look. Raises EvaluationError for a glob that is none.
        """
        ...


@dataclass(slots=True)
class Budget:
    """Counts the work of one root: `spent` steps of `limit`, and how many expressions are `waiting` for another."""

    limit: int = STEPS
    spent: int = 0
    waiting: int = 0

    def spend(self, steps: int) -> None:
        """Count steps. Raises StaticError once there were too many."""
        self.spent += steps
        if self.spent > self.limit:
            raise too_much(tr("Evaluating this took more than {limit:,} steps.", limit=self.limit))


class Scope(Protocol):
    """Where an expression stands: one module instance, usually."""

    @property
    def files(self) -> Files: ...

    @property
    def budget(self) -> Budget: ...

    def head(self, names: tuple[str, ...]) -> tuple[T, int]:
        """The value that a traversal begins with, and how many of `names` say so (2 for `var.region`).

        Raises StaticError for what is not declared, EvaluationError for what cannot be evaluated.
        """
        ...

    def unplanned(self, nodes: Nodes) -> Scope | None:
        """The same scope before anything is planned; None where there is no difference. `nodes` evaluates its local values."""
        ...
