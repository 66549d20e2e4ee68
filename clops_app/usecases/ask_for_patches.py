"""New findings that no fixer mends are put to a model, before any word is written; nothing but patches can come of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from clops_app.model.finding import SEVERITIES
from clops_app.model.review import Review
from clops_app.model.source import SourceTree
from clops_app.model.writing import ALLOWANCE, Allowance
from clops_app.patch.findings import Workshop, contexts_of
from clops_app.ports import Proposer
from clops_app.review.facts import Context, cleaner_of, numbered
from clops_app.review.proposal_prompt import proposal_prompt
from clops_app.review.redact_code import secrets_in
from clops_app.rulebook.page import RulePage
from clops_app.terraform.sources import is_configuration
from clops_app.usecases.propose_patches import Request, propose_patches
from clops_app.usecases.question import Question
from clops_app.usecases.review_change import Reviewed
from clops_app.usecases.write_words import SECONDS

MOST_FINDINGS = 5
# Of what the words have. They come after, to speak of the patches, and have what is left.
SHARE_SECONDS, SHARE = SECONDS / 2, ALLOWANCE.half()
# Who proposes patches, if anybody does. The trees are searched for what must not leave.
Proposing = Callable[[Reviewed, Mapping[str, RulePage], Question, tuple[SourceTree, ...]], Review]


def as_it_is(reviewed: Reviewed, *_: object) -> Review:
    """No model is asked."""
    return reviewed.review


def request_for(reviewed: Reviewed, pages: Mapping[str, RulePage], context: Context) -> Request | None:
    """What a model would be asked: the worst new findings without a patch whose code can be shown; None where there is none."""
    review, workshop = reviewed.review, reviewed.workshop
    without = [(name, group) for name, group in numbered(review) if group.patch is None]
    worst = dict(sorted(without, key=lambda pair: SEVERITIES.index(pair[1].first.severity))[:MOST_FINDINGS])
    if not worst:
        return None
    cleaner = cleaner_of(review, context, _written_secrets(workshop))
    prompt, shown = proposal_prompt(worst, pages, contexts_of(workshop.tree, workshop.thought, workshop), cleaner)
    return Request(prompt, {name: worst[name].findings for name in shown}, cleaner.clean) if shown else None


def _written_secrets(workshop: Workshop) -> Iterator[str]:
    """What code and variables call secret, whether or not anything uses it: what the proof says may quote any value."""
    read = {path for one in workshop.thought.values() for path in one.configuration.files if is_configuration(path)}
    for path in sorted(read | {path for path in workshop.tree.files if path.endswith((".tfvars", ".tfvars.json"))}):
        content = workshop.tree.files[path]
        yield from secrets_in(workshop.parsed.file(path, content), content)


def with_proposals(
    proposer: Proposer,
    reviewed: Reviewed,
    pages: Mapping[str, RulePage],
    context: Context,
    clock: Callable[[], float],
    seconds: float = SHARE_SECONDS,
    allowance: Allowance = SHARE,
) -> Review:
    """The review with what a model proposed and the proof let through. Findings, severities, cost and verdict are what they were."""
    request = request_for(reviewed, pages, context)
    if request is None:
        return reviewed.review
    proposed = propose_patches(proposer, request, reviewed.workshop, clock, seconds, allowance)
    mended = {finding.fingerprint: finding for finding in proposed.mended}
    findings = tuple(mended.get(finding.fingerprint, finding) for finding in reviewed.review.findings)
    return replace(reviewed.review, findings=findings, proposals=proposed.record)
