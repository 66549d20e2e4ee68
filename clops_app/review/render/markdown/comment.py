"""The one sticky comment on a pull request, whole: from the verdict to the small print."""

from __future__ import annotations

from collections.abc import Mapping

from clops_app.model.review import Review
from clops_app.review.costs import cost_changes
from clops_app.review.groups import grouped
from clops_app.review.render.links import Links
from clops_app.review.render.markdown.cost import cost_section
from clops_app.review.render.markdown.diagram import diagram_section
from clops_app.review.render.markdown.findings import Telling, findings_sections
from clops_app.review.render.markdown.fit import LIMIT, Section, fitted, section
from clops_app.review.render.markdown.folds import existing_section, footer, ignore_section, reviewed_section, unevaluated_section
from clops_app.review.render.markdown.headline import MARKER, headline, lead_sentence, one_line
from clops_app.review.render.markdown.opinions import opinion_sections
from clops_app.review.render.markdown.story import story
from clops_app.review.render.words import over_budget
from clops_app.rulebook.page import RulePage

NO_LINKS = Links()


def comment(
    review: Review,
    pages: Mapping[str, RulePage],
    *,
    version: str,
    links: Links = NO_LINKS,
    people: str = "users",
    limit: int = LIMIT,
) -> str:
    """Write the comment, at most `limit` bytes. `people` is what those who use the service are called: users, players.

    The first line is the hidden marker by which the comment is found again.
    """
    new = grouped(finding for finding in review.findings if finding.status == "new")
    existing = grouped(finding for finding in review.findings if finding.status == "existing")
    fixed = grouped(finding for finding in review.findings if finding.status == "fixed")
    small_print = footer(review, version)
    if not review.roots and not review.diagnostics:
        return fitted([section(10, f"{MARKER}\n**ClOps: nothing to review.** No Terraform was found here."), small_print], limit)
    if not (new or fixed) and _quiet(review):
        said = section(10, f"{MARKER}\n{one_line(review, existing)}")
        roots = reviewed_section(review) if len(review.roots) > 1 else ()
        others = opinion_sections(review, links)
        return fitted([said, *others, *unevaluated_section(review.diagnostics), *roots, small_print], limit)
    lead = lead_sentence(review, new, fixed, people)
    sections: list[Section] = [
        section(10, f"{MARKER}\n{headline(review, new, lead)}"),
        section(8, story(new, fixed, pages), ""),
        *findings_sections(new, Telling(pages, links, people, existing, lead)),
        *cost_section(review),
        *diagram_section(review),
        *existing_section(existing, links),
        *opinion_sections(review, links),
        *unevaluated_section(review.diagnostics),
        *reviewed_section(review),
        *ignore_section(new, review.ignored),
        small_print,
    ]
    return fitted(sections, limit)


def _quiet(review: Review) -> bool:
    """Neither money nor budget nor a root that failed gives anything to talk about."""
    compared = review.base is not None or not review.roots
    return review.verdict == "pass" and compared and not cost_changes(review) and over_budget(review) is None
