"""Strings out of pieces: what a template or join() gives, and how a partly unknown one surely begins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from clops_app.hcl.strings import composed
from clops_app.hcl.syntax import TemplatePart
from clops_app.language import tr
from clops_app.model.types import type_string
from clops_app.model.values import Unknown
from clops_app.terraform.convert import convert
from clops_app.terraform.scope import Budget
from clops_app.terraform.values import EvaluationError, StaticError, T, is_null, marked, too_much, unmarked

# A megabyte: more than any policy or user data that AWS accepts.
LONGEST = 1_000_000


def joined(pieces: Iterable[T], places: Sequence[TemplatePart], budget: Budget) -> T:
    """The string of the pieces, each with the node it is the value of; those beyond the last are of that one."""
    known: list[str] = []
    length = 0
    hidden = False
    unknown: Unknown | None = None
    prefix = ""
    for number, piece in enumerate(pieces):
        bare = piece
        if type(bare) is not str:
            bare, secret = unmarked(piece)
            hidden = hidden or secret
            bare = _as_string(bare, places[min(number, len(places) - 1)])
        if isinstance(bare, str):
            length += len(bare)
            if length > LONGEST:
                raise too_long()
            known.append(bare)
        elif isinstance(bare, Unknown) and unknown is None:
            unknown = bare
            prefix = "".join(known) + bare.prefix
    budget.spent += length >> 6
    if unknown is not None:
        return marked(Unknown(unknown.why, prefix=prefix, not_null=True, type=type_string), hidden)
    text = composed("".join(known))
    return marked(text, True) if hidden else text


def _as_string(value: T, place: TemplatePart) -> T:
    if isinstance(value, (str, Unknown)):
        return value
    summary, start, end = "Invalid template interpolation value", place.start, place.end
    if is_null(value):
        raise EvaluationError(summary, "The expression result is null. Cannot include a null value in a string template.", start, end)
    try:
        return convert(value, type_string)
    except EvaluationError as error:
        raise EvaluationError(summary, f"Cannot include the given value in a string template: {error.detail}", start, end) from error


def too_long() -> StaticError:
    return too_much(tr("A string has more than {limit:,} characters.", limit=LONGEST))
