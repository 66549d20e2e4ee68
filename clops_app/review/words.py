"""The words of a review are a model's, or it is said why they are not; without a model nothing is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from clops_app.model.review import Review
from clops_app.model.writing import Spent, Written
from clops_app.review.facts import numbered
from clops_app.review.render.money import plain


@dataclass(frozen=True, slots=True)
class NotWritten:
    """A model was to write and the templates speak all the same: `why` names it and says so; `refused` counts sentences not kept."""

    why: str
    spent: tuple[Spent, ...] = ()
    refused: int = 0


Words: TypeAlias = Written | NotWritten


def explained(review: Review, words: Words | None) -> dict[str, str]:
    """What is explained of new findings, by the fingerprint of a group's first finding."""
    if not isinstance(words, Written):
        return {}
    return {group.first.fingerprint: words.explanations[name] for name, group in numbered(review) if name in words.explanations}


def lead_of(words: Words | None) -> str:
    return words.headline if isinstance(words, Written) else ""


def taken(spent: Sequence[Spent]) -> str:
    """`2,345 tokens in, 321 out, $0.012`; no amount where a price is not known."""
    tokens_in, tokens_out = sum(each.input_tokens for each in spent), sum(each.output_tokens for each in spent)
    prices = [each.usd for each in spent]
    amounts = [price for price in prices if price is not None]
    cost = f"${plain(sum(amounts, Decimal(0)).quantize(Decimal('0.0001')))}" if len(amounts) == len(prices) else "price not known"
    return f"{tokens_in:,} tokens in, {tokens_out:,} out, {cost}"
