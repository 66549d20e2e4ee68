"""A patch that a model wrote says so wherever it is shown, and a review says how a model was asked for patches."""

from __future__ import annotations

from clops_app.language import tr, trn
from clops_app.model.finding import Patch
from clops_app.model.writing import Proposals
from clops_app.review.render.markdown.safe import code
from clops_app.review.words import taken


def author(patch: Patch) -> str:
    """``Proposed by `acme: strong`, proven by ClOps``; empty for a rule's own fix."""
    return tr("Proposed by {model}, proven by ClOps", model=code(patch.proposed_by)) if patch.proposed_by else ""


def by_hand(*, shown: bool) -> str:
    """How to take what only this review has; no command of ours knows it."""
    if shown:
        return tr("To take it over, give the diff to {command}.", command=code("git apply"))
    return tr("There is no room for it here.")


def proposals_line(record: Proposals) -> str:
    """How many findings a model was asked about, what came of it and what it took; or why nothing did. Sentences of plain text."""
    why = record.failure.rstrip(".")
    if not record.spent:
        return tr("No patches from a model: {why}.", why=why)
    asked = trn(
        "{model} was asked for a patch of {count:,} finding: {proven:,} proven ({taken}).",
        "{model} was asked for patches of {count:,} findings: {proven:,} proven ({taken}).",
        record.asked,
        model=record.model,
        proven=record.proven,
        taken=taken(record),
    )
    refused = trn(
        "What it proposed for {count:,} finding could not be proven and is left out.",
        "What it proposed for {count:,} findings could not be proven and is left out.",
        record.refused,
    )
    further = tr("It gave no further answer: {why}.", why=why)
    return " ".join([asked, *([refused] if record.refused else []), *([further] if why else [])])
