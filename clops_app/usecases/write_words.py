"""A model may put a review into words: one call, at most one more, within a budget; whatever goes wrong, the templates speak."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from clops_app.model.review import Review
from clops_app.model.source import SourceTree
from clops_app.model.writing import Facts, Prompt, Spent
from clops_app.ports import Writer, WriterError
from clops_app.review.check_writing import Checked, checked
from clops_app.review.fact_sheet import tokens
from clops_app.review.facts import Context, facts_of
from clops_app.review.prompt import prompt_of
from clops_app.review.redact import hidden_in_files, hidden_in_text
from clops_app.review.render.markdown.safe import visible
from clops_app.review.render.words import nothing_to_say, people_of
from clops_app.review.words import NotWritten, Words
from clops_app.rulebook.page import RulePage
from clops_app.usecases.question import Question

SECONDS = 60.0
_LEAST_SECONDS = 5.0  # no model answers sooner; another round is not worth beginning
_COMPLAINTS = 20


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the words of one review may take at most: tokens in and out together, and US dollars where the price is known."""

    tokens: int = 60_000
    usd: Decimal = Decimal("0.50")

    def left(self, spent: Sequence[Spent], next_tokens: int) -> bool:
        """Whether a call that takes about as much as the last one, and at least `next_tokens`, stays within it."""
        used = sum(each.input_tokens + each.output_tokens for each in spent)
        paid = [each.usd for each in spent if each.usd is not None]
        last = spent[-1] if spent else None
        again = next_tokens if last is None else max(next_tokens, last.input_tokens + last.output_tokens)
        dearest = Decimal(0) if last is None or last.usd is None else last.usd
        return used + again <= self.tokens and sum(paid, Decimal(0)) + dearest <= self.usd


ALLOWANCE = Allowance()


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

    `clock` gives seconds that only grow. A second call is made when the first answer cannot be used or more than a third of
    its sentences were refused, and time and budget are left for it; the better answer of the two is taken.
    """
    if writer is None or nothing_to_say(review):
        return None
    facts = facts_of(review, pages, context)
    prompt = prompt_of(facts)
    size = tokens(prompt.fixed) + tokens(prompt.facts)
    if not allowance.left((), size):
        return NotWritten(f"{writer.name} was not asked: about {size:,} tokens are more than the {allowance.tokens:,} that are allowed")
    end = clock() + seconds
    first = _asked(writer, prompt, facts, seconds, ())
    if isinstance(first, NotWritten) or not first.poor:
        return first.written if isinstance(first, Checked) else first
    if end - clock() < _LEAST_SECONDS or not allowance.left(first.written.spent, size):
        return _usable(writer, first)
    second = _asked(writer, prompt, facts, end - clock(), first.written.spent, first.written.refused[:_COMPLAINTS])
    if isinstance(second, NotWritten):
        return _usable(writer, first)
    best = max(second, first, key=lambda answer: (answer.usable, -len(answer.written.refused)))
    return _usable(writer, replace(best, written=replace(best.written, spent=second.written.spent)))


def _usable(writer: Writer, answer: Checked) -> Words:
    if answer.usable:
        return answer.written
    why = f"too much of what {writer.name} wrote had to be refused"
    return NotWritten(why, answer.written.spent, len(answer.written.refused))


def _asked(
    writer: Writer, prompt: Prompt, facts: Facts, seconds: float, spent: Sequence[Spent], complaints: tuple[str, ...] = ()
) -> Checked | NotWritten:
    try:
        writing, taken = writer.write(prompt, seconds, complaints)
    except WriterError as error:
        return NotWritten(visible(str(error)).rstrip(".") or f"{writer.name} gave no usable answer", tuple(spent))
    return checked(writing, facts, (*spent, taken))
