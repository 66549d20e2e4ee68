"""A model's words in the comment: its story before the template's, its questions, and who wrote it at what price."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from clops_app.language import tr, trn
from clops_app.model.writing import Written
from clops_app.review.render.markdown.fit import Section, details, section
from clops_app.review.render.markdown.safe import prose
from clops_app.review.render.words import listed
from clops_app.review.words import NotWritten, Words, taken


def with_story(words: Words | None, ours: str) -> tuple[str, ...]:
    """The paragraphs before what is ours to say: what to do first, what the change mends; nothing where a model wrote none."""
    if not isinstance(words, Written) or not words.story:
        return ()
    return ("\n\n".join([*words.story, *([ours] if ours else [])]),)


def questions_section(words: Words | None) -> tuple[Section, ...]:
    """What the author of the change may want to answer."""
    if not isinstance(words, Written) or not words.questions:
        return ()
    questions = "\n".join(f"- {question}" for question in words.questions)
    return (section(3, tr("**Questions to the author:**") + f"\n\n{questions}", ""),)


def words_section(words: Words | None) -> tuple[Section, ...]:
    """Who wrote, what it took, what was not let through; or why the templates wrote, in one line."""
    match words:
        case None:
            return ()
        case NotWritten():
            return (section(10, f"<sub>{_templates(words)}</sub>"),)
        case Written():
            return (section(2, details(f"✍ {_heading(len(words.refused))}", "\n\n".join(_small_print(words)))),)


def _templates(words: NotWritten) -> str:
    why = prose(words.why.rstrip("."))
    if words.spent:
        return tr("Words from templates: {why} ({taken}).", why=why, taken=taken(words))
    return tr("Words from templates: {why}.", why=why)


def _heading(refused: int) -> str:
    if not refused:
        return tr("Words by a language model")
    return trn("Words by a language model, {count:,} sentence refused", "Words by a language model, {count:,} sentences refused", refused)


def _small_print(words: Written) -> Iterator[str]:
    by = listed([prose(model) for model in dict.fromkeys(each.model for each in words.spent)]) or tr("a language model")
    yield tr("The headline, the story and the explanations are by {model}: {taken}.", model=by, taken=taken(words))
    yield tr("Every finding, figure, name and the verdict are ClOps's own; the model can neither state nor change one.")
    if words.reworded:
        yield trn(
            "Refused at first and worded anew: {count:,} sentence.",
            "Refused at first and worded anew: {count:,} sentences.",
            words.reworded,
        )
    if words.refused:
        # `story 1, sentence 2: a figure in words: three`: of these the kind, not the place and the word.
        reasons = Counter(refused.split(": ")[1] for refused in words.refused)
        told = ", ".join(f"{prose(tr(reason))} ({count})" for reason, count in sorted(reasons.items()))
        yield tr("Sentences that were not let through: {reasons}.", reasons=told)
