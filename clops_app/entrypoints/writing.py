"""A model writes only where settings name one: credentials that lie about are no wish to send anything anywhere."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clops_app.model.review import Review
    from clops_app.model.source import SourceTree
    from clops_app.review.words import Words
    from clops_app.rulebook.page import RulePage
    from clops_app.usecases.question import Question


def words_for(
    review: Review, pages: Mapping[str, RulePage], question: Question, trees: tuple[SourceTree, ...], environment: Mapping[str, str]
) -> Words | None:
    """What a model says of a review, or why it does not; None where none is to be asked. `trees` are searched for what must not leave."""
    ai = question.config.ai
    if ai.provider == "none":
        return None
    from clops_app.adapters.writer.writers import writer_for
    from clops_app.review.words import NotWritten
    from clops_app.usecases.errors import ConfigError
    from clops_app.usecases.write_words import context_of, words_of

    try:
        choice = writer_for(ai.provider, environment, model=ai.model)
    except ConfigError as error:
        # A developer without the team's key, a fork's pull request without its secrets: the review is whole all the same.
        return NotWritten(" ".join(error.faults))
    if choice.writer is None:
        return NotWritten(choice.why)
    return words_of(choice.writer, review, pages, context_of(question, *trees), clock=time.monotonic)
