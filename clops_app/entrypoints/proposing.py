"""A model proposes patches only where settings name one that can be asked; where it cannot, the words say why."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clops_app.model.review import Review
    from clops_app.model.source import SourceTree
    from clops_app.rulebook.page import RulePage
    from clops_app.usecases.question import Question
    from clops_app.usecases.review_change import Reviewed


def with_proposals_for(
    reviewed: Reviewed, pages: Mapping[str, RulePage], question: Question, trees: tuple[SourceTree, ...], environment: Mapping[str, str]
) -> Review:
    """The review, with patches that a model proposed and that are proven. `trees` are searched for what must not leave."""
    ai = question.config.ai
    if ai.provider == "none":
        return reviewed.review
    from clops_app.adapters.writer.writers import writer_for
    from clops_app.usecases.ask_for_patches import with_proposals
    from clops_app.usecases.errors import ConfigError
    from clops_app.usecases.write_words import context_of

    try:
        writer = writer_for(ai.provider, environment, model=ai.model).writer
    except ConfigError:
        return reviewed.review
    if writer is None:
        return reviewed.review
    return with_proposals(writer.strong, reviewed, pages, context_of(question, *trees), time.monotonic)
