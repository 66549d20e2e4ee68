"""An answer has a shape: what a model may say is asked for by this schema and bounded by it. Imported in the call only."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from clops_app.model.writing import Explanation, Proposal, Replacement, Rewording, Writing

Reference = Annotated[str, Field(min_length=1, max_length=80)]
Paragraph = Annotated[str, Field(min_length=1, max_length=1_500)]
Code = Annotated[str, Field(max_length=8_000)]


class ExplanationAnswer(BaseModel):
    """Some words on one finding."""

    finding: Reference = Field(description="The finding's id in the facts, such as finding:3")
    text: Paragraph


class WritingAnswer(BaseModel):
    """The words of the review."""

    headline: Annotated[str, Field(min_length=1, max_length=300)]
    story: Annotated[list[Paragraph], Field(min_length=1, max_length=6)] = Field(description="Paragraphs, in order")
    explanations: Annotated[list[ExplanationAnswer], Field(max_length=40)]
    priorities: Annotated[list[Reference], Field(max_length=40)] = Field(description="Ids of findings, most urgent first")
    questions: Annotated[list[Annotated[str, Field(min_length=1, max_length=400)]], Field(max_length=5)] = Field(
        description="For the author of the change"
    )

    def plain(self) -> Writing:
        return Writing(
            headline=self.headline,
            story=tuple(self.story),
            explanations=tuple(Explanation(one.finding, one.text) for one in self.explanations),
            priorities=tuple(self.priorities),
            questions=tuple(self.questions),
        )


class RewordingAnswer(BaseModel):
    """One sentence, worded anew."""

    id: Reference = Field(description="The id of the refused sentence")
    text: Annotated[str, Field(max_length=1_500)] = Field(description="What it shall say instead; empty for nothing")


class RewordingsAnswer(BaseModel):
    """The sentences that were refused, each worded anew."""

    sentences: Annotated[list[RewordingAnswer], Field(max_length=40)]

    def plain(self) -> tuple[Rewording, ...]:
        return tuple(Rewording(one.id, one.text) for one in self.sentences)


class ReplacementAnswer(BaseModel):
    """One change of one file."""

    path: Annotated[str, Field(min_length=1, max_length=500)]
    old: Code = Field(description="The exact text that is replaced; it stands in the file once")
    new: Code


class ProposalAnswer(BaseModel):
    """The change that mends one finding."""

    finding: Reference = Field(description="The finding's id in the facts, such as finding:3")
    edits: Annotated[list[ReplacementAnswer], Field(min_length=1, max_length=10)]
    reason: Paragraph


class ProposalsAnswer(BaseModel):
    """Changes, at most one a finding; none for a finding that no small change mends."""

    proposals: Annotated[list[ProposalAnswer], Field(max_length=10)]

    def plain(self) -> tuple[Proposal, ...]:
        return tuple(
            Proposal(one.finding, tuple(Replacement(edit.path, edit.old, edit.new) for edit in one.edits), one.reason)
            for one in self.proposals
        )
