"""The reasons why a value is unknown that several places give, in the language spoken."""

from __future__ import annotations

from clops_app.language import tr
from clops_app.model.values import Unknown
from clops_app.terraform.values import EvaluationError


def after_apply(what: str) -> str:
    """The reason for what AWS will give: that of most unknown values."""
    return tr("{what} is known only after apply", what=what)


def not_evaluated(what: str, error: EvaluationError) -> Unknown:
    """The value of what could not be evaluated."""
    return Unknown(_not_evaluated(what, error.summary))


def tells_failure(value: Unknown, what: str) -> bool:
    """Whether this is what `not_evaluated` said of `what`."""
    before, after = _not_evaluated(what, "\0").split("\0")
    return value.why.startswith(before) and value.why.endswith(after)


def _not_evaluated(what: str, summary: str) -> str:
    return tr("{what} could not be evaluated ({summary})", what=what, summary=summary)


def too_deep(what: str) -> Unknown:
    """The value of what waits for more others than there is room for."""
    return Unknown(tr("{what} is nested too deep", what=what))
