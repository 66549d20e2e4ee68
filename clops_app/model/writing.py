"""What a model is told, what it answers, and what is left of its answer once every figure in it is ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

Json: TypeAlias = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a model may speak of. `document` is what it is sent; `shown` is how each reference in it is printed, as Markdown.

    A reference is written `{{cost.delta}}`, `{{finding:3.address}}`; its key in `shown` is what stands between the braces.
    """

    document: Mapping[str, Json]
    shown: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Prompt:
    """`fixed` is the same for every review (and cached by providers), `facts` is this review's document as JSON text."""

    fixed: str
    facts: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Some words on one finding; `finding` is its id in the facts, such as `finding:3`."""

    finding: str
    text: str


@dataclass(frozen=True, slots=True)
class Writing:
    """What a model answers: sentences with references in the place of everything that the engine computed.

    `story` are paragraphs, `priorities` ids of findings, most urgent first, `questions` are for the author of the change.
    """

    headline: str
    story: tuple[str, ...]
    explanations: tuple[Explanation, ...]
    priorities: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rewording:
    """What a refused sentence shall say instead; `sentence` is where it stands, as `Refusal` names it. An empty text: nothing."""

    sentence: str
    text: str


@dataclass(frozen=True, slots=True)
class Replacement:
    """Text of one file, exactly as it stands there once, and what is to stand in its place."""

    path: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Terraform that a model would write to mend a finding; nothing of it is proven. `reason` is a sentence of the model."""

    finding: str
    edits: tuple[Replacement, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Spent:
    """What an answer took; `usd` None where the model's price is not known. `model` is what people call it."""

    model: str
    input_tokens: int
    output_tokens: int
    usd: Decimal | None


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the words of one review may take at most: tokens in and out together, and US dollars where the price is known."""

    tokens: int = 60_000
    usd: Decimal = Decimal("0.50")

    def left(self, spent: Sequence[Spent], next_tokens: int) -> bool:
        """Whether a call that takes about as much as the last one, and at least `next_tokens`, stays within it."""
        used = sum(each.input_tokens + each.output_tokens for each in spent)
        paid = sum((each.usd for each in spent if each.usd is not None), Decimal(0))
        last = spent[-1] if spent else None
        again = next_tokens if last is None else max(next_tokens, last.input_tokens + last.output_tokens)
        dearest = Decimal(0) if last is None or last.usd is None else last.usd
        return used + again <= self.tokens and paid < self.usd and paid + dearest <= self.usd

    def half(self) -> Allowance:
        return Allowance(self.tokens // 2, self.usd / 2)

    def after(self, spent: Sequence[Spent]) -> Allowance:
        """What is left of it."""
        tokens = self.tokens - sum(each.input_tokens + each.output_tokens for each in spent)
        return Allowance(max(tokens, 0), max(self.usd - sum((each.usd or Decimal(0) for each in spent), Decimal(0)), Decimal(0)))


ALLOWANCE = Allowance()


@dataclass(frozen=True, slots=True)
class Proposals:
    """How a model was asked for patches: of how many findings, for how many one is proven, for how many none of what it proposed.

    `seconds` is how long that took of the time that the words have too. `failure` says why it gave no answer, or no further one.
    """

    model: str
    asked: int
    proven: int = 0
    refused: int = 0
    spent: tuple[Spent, ...] = ()
    seconds: float = 0.0
    failure: str = ""
    allowance: Allowance = ALLOWANCE


@dataclass(frozen=True, slots=True)
class Written:
    """Words that may be shown, as Markdown with every reference filled in. `refused` are the reasons why sentences were left out.

    `priorities` are ids of findings, most urgent first by the model's lights. `reworded` counts sentences that were refused at first.
    """

    headline: str
    story: tuple[str, ...]
    explanations: Mapping[str, str]
    questions: tuple[str, ...]
    refused: tuple[str, ...]
    priorities: tuple[str, ...] = ()
    reworded: int = 0
    spent: tuple[Spent, ...] = ()
    allowance: Allowance = ALLOWANCE
