"""The words of a review are a model's, or it is said why they are not; without a model nothing is said of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from clops_app.language import tr
from clops_app.model.review import Review
from clops_app.model.writing import ALLOWANCE, Allowance, Proposals, Spent, Written
from clops_app.review.facts import numbered
from clops_app.review.render.money import dollars, plain, usd


@dataclass(frozen=True, slots=True)
class NotWritten:
    """A model was to write and the templates speak all the same: `why` names it and says so; `refused` counts sentences not kept."""

    why: str
    spent: tuple[Spent, ...] = ()
    refused: int = 0
    allowance: Allowance = ALLOWANCE


Words: TypeAlias = Written | NotWritten


def explained(review: Review, words: Words | None) -> dict[str, str]:
    """What is explained of new findings, by the fingerprint of a group's first finding."""
    if not isinstance(words, Written):
        return {}
    return {group.first.fingerprint: words.explanations[name] for name, group in numbered(review) if name in words.explanations}


def lead_of(words: Words | None) -> str:
    return words.headline if isinstance(words, Written) else ""


def urgency(review: Review, words: Words | None) -> dict[str, int]:
    """The place of new findings in a model's order, by the fingerprint of a group's first finding; it counts among equals alone."""
    if not isinstance(words, Written):
        return {}
    places = {name: place for place, name in enumerate(words.priorities)}
    return {group.first.fingerprint: places[name] for name, group in numbered(review) if name in places}


def taken(words: Words | Proposals) -> str:
    """`2,345 tokens in, 321 out, $0.012 of at most $0.50`; where a price is not known the tokens are what is bounded."""
    spent, most = words.spent, words.allowance
    tokens_in, tokens_out = sum(each.input_tokens for each in spent), sum(each.output_tokens for each in spent)
    amounts = [each.usd for each in spent if each.usd is not None]
    if len(amounts) < len(spent):
        return tr(
            "{tokens_in:,} tokens in, {tokens_out:,} out of at most {tokens:,}, price not known",
            tokens_in=tokens_in,
            tokens_out=tokens_out,
            tokens=most.tokens,
        )
    cost = dollars(plain(sum(amounts, Decimal(0)).quantize(Decimal("0.0001"))))
    return tr(
        "{tokens_in:,} tokens in, {tokens_out:,} out, {cost} of at most {limit}",
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        cost=cost,
        limit=usd(most.usd),
    )
