"""try() and can(): the two functions that look at errors, and so get their arguments unevaluated."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from clops_app.model.types import type_bool
from clops_app.model.values import Unknown
from clops_app.terraform.values import EvaluationError, StaticError, T, unmarked


def tried(attempts: Iterable[Callable[[], T]]) -> T:
    """try(): the first value that there is. Raises EvaluationError with all that went wrong."""
    failures: list[str] = []
    for attempt in attempts:
        try:
            return attempt()
        except StaticError:
            raise
        except EvaluationError as error:
            failures.append(f"- {error.summary}: {error.detail}")
    detail = "no expression succeeded:\n" + "\n".join(failures) if failures else "at least one argument is required."
    raise EvaluationError("Error in function call", f'Call to function "try" failed: {detail}')


def possible(attempts: list[Callable[[], T]]) -> T:
    """can(): whether its one argument has a value."""
    if not attempts:
        raise EvaluationError("Not enough function arguments", 'Function "can" expects 1 argument(s). Missing value for "expression".')
    if len(attempts) > 1:
        raise EvaluationError("Too many function arguments", 'Function "can" expects only 1 argument(s).')
    try:
        value = attempts[0]()
    except StaticError:
        raise
    except EvaluationError:
        return False
    bare, _ = unmarked(value)
    return Unknown(bare.why, type=type_bool, not_null=True) if isinstance(bare, Unknown) else True
