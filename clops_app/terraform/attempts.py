"""try() and can(): the two functions that look at errors, and so get their arguments unevaluated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from clops_app.model.types import type_bool
from clops_app.model.values import Unknown
from clops_app.terraform.values import EvaluationError, T, first_unknown

# An argument when it is evaluated: its value, and what went wrong.
Attempt: TypeAlias = Callable[[], tuple[T, Sequence[EvaluationError]]]


def given(value: T) -> Attempt:
    """What was evaluated before, as an argument."""
    return lambda: (value, ())


def tried(attempts: Iterable[Attempt]) -> T:
    """try(): the first value that there is. Raises EvaluationError with all that went wrong."""
    failures: list[str] = []
    for attempt in attempts:
        value, errors = attempt()
        if not errors:
            return value
        failures += [f"- {error.summary}: {error.detail}" for error in errors]
    detail = "no expression succeeded:\n" + "\n".join(failures) if failures else "at least one argument is required."
    raise EvaluationError("Error in function call", f'Call to function "try" failed: {detail}')


def possible(attempts: Sequence[Attempt]) -> T:
    """can(): whether its one argument has a value. As long as a part of it is unknown, nobody knows: an index may yet lead nowhere."""
    if not attempts:
        raise EvaluationError("Not enough function arguments", 'Function "can" expects 1 argument(s). Missing value for "expression".')
    if len(attempts) > 1:
        raise EvaluationError("Too many function arguments", 'Function "can" expects only 1 argument(s).')
    value, errors = attempts[0]()
    if errors:
        return False
    unknown = first_unknown(value)
    return True if unknown is None else Unknown(unknown.why, type=type_bool, not_null=True)
