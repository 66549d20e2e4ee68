"""A model writes only where the team's settings name one: credentials that lie about are no wish to send anything anywhere."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clops_app.entrypoints.gather import Gathered
    from clops_app.model.review import Review
    from clops_app.review.words import Words
    from clops_app.rulebook.page import RulePage


def words_for(review: Review, pages: Mapping[str, RulePage], gathered: Gathered, environment: Mapping[str, str]) -> Words | None:
    """What a model says of a review; None where none is to be asked. Raises ConfigError for a provider without its credential."""
    ai = gathered.question.config.ai
    if ai.provider == "none":
        return None
    from clops_app.adapters.writer.writers import writer_for
    from clops_app.review.words import NotWritten
    from clops_app.usecases.write_words import context_of, words_of

    choice = writer_for(ai.provider, environment, model=ai.model)
    if choice.writer is None:
        return NotWritten(choice.why)
    trees = (gathered.head.tree, *((gathered.base.checkout.tree,) if gathered.base else ()))
    return words_of(choice.writer, review, pages, context_of(gathered.question, *trees), clock=time.monotonic)
