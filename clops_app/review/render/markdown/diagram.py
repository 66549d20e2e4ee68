"""The architecture after this change, drawn by GitHub, in a fold."""

from __future__ import annotations

from clops_app.language import tr, trn
from clops_app.model.review import Review, RootReview
from clops_app.review.costs import seen_whole
from clops_app.review.diagram import Diagram, diagram
from clops_app.review.render.markdown.fit import Section, Variant, details, section
from clops_app.review.render.markdown.safe import code, fenced
from clops_app.review.render.mermaid import mermaid

_MOST_ROOTS = 3


def diagram_section(review: Review) -> tuple[Section, ...]:
    """One flowchart for each root that changes; for every root where there was nothing to compare with."""
    whole, compared = seen_whole(review), review.base is not None
    drawn = [(root, diagram(root.graph, root.base_graph, compared=compared, whole=whole)) for root in review.roots]
    worth = [(root, picture) for root, picture in drawn if picture.nodes and (picture.changed or not compared)]
    if not worth:
        return ()
    left = len(worth) - _MOST_ROOTS
    parts = [_part(root, picture, named=len(review.roots) > 1) for root, picture in worth[:_MOST_ROOTS]]
    if left > 0:
        parts.append(
            trn(
                "And {count:,} more root: `clops graph --format mermaid` draws them.",
                "And {count:,} more roots: `clops graph --format mermaid` draws them.",
                left,
            )
        )
    title = tr("Architecture after this change") if compared else tr("Architecture")
    return (section(1, Variant(details(f"🗺 {title}", "\n\n".join(parts))), Variant("", tr("the architecture diagram"))),)


def _part(root: RootReview, picture: Diagram, *, named: bool) -> str:
    return (f"{code(root.root or '.')}\n\n" if named else "") + fenced(mermaid(picture), "mermaid")
