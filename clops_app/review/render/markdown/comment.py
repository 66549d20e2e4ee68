"""The one sticky comment on a pull request, whole: from the verdict to the small print."""

from __future__ import annotations

from collections.abc import Mapping

from clops_app.language import tr
from clops_app.model.review import Review
from clops_app.review.groups import grouped
from clops_app.review.render.links import Links
from clops_app.review.render.markdown.cost import cost_section
from clops_app.review.render.markdown.diagram import diagram_section
from clops_app.review.render.markdown.findings import Telling, findings_sections
from clops_app.review.render.markdown.fit import LIMIT, Section, fitted, section
from clops_app.review.render.markdown.folds import existing_section, footer, ignore_section, reviewed_section, unevaluated_section
from clops_app.review.render.markdown.headline import MARKER, headline, lead_sentence, one_line
from clops_app.review.render.markdown.opinions import opinion_sections
from clops_app.review.render.markdown.proposals import proposals_section
from clops_app.review.render.markdown.story import story
from clops_app.review.render.markdown.written import questions_section, with_story, words_section
from clops_app.review.render.words import nothing_to_say
from clops_app.review.words import Words, explained, lead_of, urgency
from clops_app.rulebook.page import RulePage

NO_LINKS = Links()


def comment(
    review: Review,
    pages: Mapping[str, RulePage],
    *,
    version: str,
    links: Links = NO_LINKS,
    people: str = "users",
    words: Words | None = None,
    limit: int = LIMIT,
) -> str:
    """Write the comment, at most `limit` bytes. `people` is what those who use the service are called: users, players.
    `words` are a model's, in the place of the templates'; what is found, what it costs and the verdict do not depend on them.

    The first line is the hidden marker by which the comment is found again.
    """
    new = grouped(finding for finding in review.findings if finding.status == "new")
    existing = grouped(finding for finding in review.findings if finding.status == "existing")
    fixed = grouped(finding for finding in review.findings if finding.status == "fixed")
    small_print = footer(review, version)
    if not review.roots and not review.diagnostics:
        nothing = tr("**ClOps: nothing to review.** No Terraform was found here.")
        return fitted([section(10, f"{MARKER}\n{nothing}"), small_print], limit)
    if nothing_to_say(review):
        said = section(10, f"{MARKER}\n{one_line(review, existing)}")
        roots = reviewed_section(review) if len(review.roots) > 1 else ()
        others = opinion_sections(review, links)
        return fitted([said, *others, *unevaluated_section(review.diagnostics), *roots, small_print], limit)
    lead = lead_of(words) or lead_sentence(review, new, fixed, people)
    told = story(new, fixed, pages, urgency(review, words))
    sections: list[Section] = [
        section(10, f"{MARKER}\n{headline(review, new, lead)}"),
        section(8, *with_story(words, told), told, ""),
        *findings_sections(new, Telling(pages, links, people, existing, lead, explained(review, words))),
        *cost_section(review),
        *diagram_section(review),
        *existing_section(existing, links),
        *opinion_sections(review, links),
        *unevaluated_section(review.diagnostics),
        *reviewed_section(review),
        *ignore_section(new, review.ignored),
        *questions_section(words),
        *proposals_section(review.proposals),
        *words_section(words),
        small_print,
    ]
    return fitted(sections, limit)
