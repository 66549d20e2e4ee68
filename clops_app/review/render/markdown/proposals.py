"""How a model was asked for patches, in small print."""

from __future__ import annotations

from clops_app.model.writing import Proposals
from clops_app.review.render.markdown.fit import Section, section
from clops_app.review.render.markdown.safe import prose
from clops_app.review.render.proposed import proposals_line


def proposals_section(record: Proposals | None) -> tuple[Section, ...]:
    return () if record is None else (section(10, f"<sub>{prose(proposals_line(record))}</sub>"),)
