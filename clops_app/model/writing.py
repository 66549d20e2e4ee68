"""What a model is told, what it answers, and what is left of its answer once every figure in it is ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
class Written:
    """Words that may be shown, as Markdown with every reference filled in. `refused` are the reasons why sentences were left out."""

    headline: str
    story: tuple[str, ...]
    explanations: Mapping[str, str]
    questions: tuple[str, ...]
    refused: tuple[str, ...]
    spent: tuple[Spent, ...] = field(default=())
