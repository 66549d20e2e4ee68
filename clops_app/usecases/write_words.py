"""A strong model may put a review into words, a fast one words anew what was refused, once; whatever goes wrong, the templates speak."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from clops_app.language import tr
from clops_app.model.review import Review
from clops_app.model.source import SourceTree
from clops_app.model.writing import ALLOWANCE, Allowance, Facts, Prompt, Writing
from clops_app.ports import Writer, WriterError
from clops_app.review.check_writing import Checked, checked
from clops_app.review.fact_sheet import tokens
from clops_app.review.facts import Context, facts_of
from clops_app.review.prompt import prompt_of, rewording_of
from clops_app.review.redact import hidden_in_files, hidden_in_text
from clops_app.review.render.markdown.safe import visible
from clops_app.review.render.words import nothing_to_say, people_of
from clops_app.review.words import NotWritten, Words
from clops_app.rulebook.page import RulePage
from clops_app.usecases.question import Question

SECONDS = 60.0
_LEAST_SECONDS = 5.0  # no model answers sooner; another round is not worth beginning
_MOST_REWORDED = 20  # sentences; of an answer with more there is little left to save


def context_of(question: Question, *trees: SourceTree) -> Context:
    """What the settings tell of the service, and what must not leave: files named secret, values given from outside."""
    config, traffic = question.config, question.config.traffic
    given = [value for _, value in question.variables] + list(question.environment.values())
    files = [content for _, content in question.var_files]
    return Context(
        language=config.language,
        people=people_of(config.service.kind),
        service_kind=config.service.kind,
        service_name=config.service.name,
        monthly_users=None if traffic is None else traffic.monthly_users,
        peak_concurrent=None if traffic is None else traffic.peak_concurrent,
        spike=None if traffic is None else traffic.spike,
        availability=config.targets.availability,
        p95_ms=config.targets.p95_ms,
        scale_out_minutes=config.targets.scale_out_minutes,
        hidden=frozenset(given)
        | frozenset(value for content in files for value in hidden_in_text(content))
        | frozenset(value for text in given for value in hidden_in_text(text.encode()))
        | frozenset(value for tree in trees for value in hidden_in_files(tree)),
    )


def words_of(
    writer: Writer | None,
    review: Review,
    pages: Mapping[str, RulePage],
    context: Context,
    clock: Callable[[], float],
    seconds: float = SECONDS,
    allowance: Allowance = ALLOWANCE,
) -> Words | None:
    """The words of a review; None where no writer is asked: there is none, or there is nothing to say. Raises nothing of the writer's.

    `clock` gives seconds that only grow. Refused sentences are worded anew where there is time and budget left for it; if that
    fails, they are left out. What proposals of patches took of `seconds` and `allowance` is taken off.
    """
    if writer is None or nothing_to_say(review):
        return None
    if review.proposals is not None:
        seconds, allowance = max(seconds - review.proposals.seconds, _LEAST_SECONDS), allowance.after(review.proposals.spent)
    facts = facts_of(review, pages, context)
    prompt = prompt_of(facts)
    size = _size(prompt)
    if not allowance.left((), size):
        return NotWritten(not_asked(writer.name, size, allowance), allowance=allowance)
    end = clock() + seconds
    try:
        writing, taken = writer.write(prompt, seconds)
    except WriterError as error:
        why = visible(str(error)).rstrip(".") or tr("{name} gave no usable answer", name=writer.name)
        return NotWritten(why, allowance=allowance)
    answer = checked(writing, facts, (taken,))
    answer = _reworded(writer, writing, facts, answer, end - clock(), allowance)
    if answer.usable:
        return replace(answer.written, allowance=allowance)
    why = tr("too much of what {name} wrote had to be refused", name=writer.name)
    return NotWritten(why, answer.written.spent, len(answer.written.refused), allowance)


def _reworded(writer: Writer, writing: Writing, facts: Facts, first: Checked, seconds: float, allowance: Allowance) -> Checked:
    """The answer, its refused sentences worded anew as far as that could be had and may be shown."""
    refusals = first.refusals[:_MOST_REWORDED]
    if not refusals or seconds < _LEAST_SECONDS:
        return first
    prompt = rewording_of(refusals, writing, facts)
    if not allowance.left(first.written.spent, _size(prompt)):
        return first
    try:
        rewordings, taken = writer.reword(prompt, seconds)
    except WriterError:
        return first
    return checked(writing, facts, (*first.written.spent, taken), rewordings)


def not_asked(name: str, size: int, allowance: Allowance) -> str:
    """Why a prompt of `size` tokens was not sent, without a full stop."""
    if size <= allowance.tokens:
        return tr("{name} was not asked: the time or money that a review may take of a model is used up", name=name)
    return tr(
        "{name} was not asked: about {size:,} tokens are more than the {most:,} that are allowed",
        name=name,
        size=size,
        most=allowance.tokens,
    )


def _size(prompt: Prompt) -> int:
    return tokens(prompt.fixed) + tokens(prompt.facts)
