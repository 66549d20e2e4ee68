"""A model's words in the comment: its story in the place of the template's, its questions, and who wrote it at what price."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from clops_app.model.writing import Written
from clops_app.review.groups import Group
from clops_app.review.render.markdown.fit import Section, details, section
from clops_app.review.render.markdown.safe import prose
from clops_app.review.render.markdown.story import mended
from clops_app.review.render.words import listed, plural
from clops_app.review.words import NotWritten, Words, taken


def written_story(words: Words | None, fixed: Sequence[Group]) -> str:
    """The paragraphs, and what the change mends, which is ours to say; empty where a model wrote none."""
    if not isinstance(words, Written) or not words.story:
        return ""
    return "\n\n".join([*words.story, *mended(fixed)])


def questions_section(words: Words | None) -> tuple[Section, ...]:
    """What the author of the change may want to answer."""
    if not isinstance(words, Written) or not words.questions:
        return ()
    return (section(3, "**Questions to the author:**\n\n" + "\n".join(f"- {question}" for question in words.questions), ""),)


def words_section(words: Words | None) -> tuple[Section, ...]:
    """Who wrote, what it took, what was not let through; or why the templates wrote, in one line."""
    match words:
        case None:
            return ()
        case NotWritten():
            took = f" ({taken(words.spent)})" if words.spent else ""
            return (section(10, f"<sub>Words from templates: {prose(words.why.rstrip('.'))}{took}.</sub>"),)
        case Written():
            by = listed([prose(model) for model in dict.fromkeys(each.model for each in words.spent)])
            return (section(2, details(f"✍ Words by a language model{_refused(words)}", "\n\n".join(_small_print(words, by)))),)


def _refused(words: Written) -> str:
    return f", {plural(len(words.refused), 'sentence')} refused" if words.refused else ""


def _small_print(words: Written, by: str) -> Iterator[str]:
    yield f"The headline, the story and the explanations are by {by or 'a language model'}: {taken(words.spent)}."
    yield "Every finding, figure, name and the verdict are ClOps's own; the model can neither state nor change one."
    if words.refused:
        # `story 1, sentence 2: a figure in words: three`: of these the kind, not the place and the word.
        reasons = Counter(refused.split(": ")[1] for refused in words.refused)
        told = ", ".join(f"{prose(reason)} ({count})" for reason, count in sorted(reasons.items()))
        yield f"Sentences that were not let through: {told}."
