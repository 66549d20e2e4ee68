"""A comment that fits: sections give way whole, the least important first, and the comment says what gave way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clops_app.language import tr

# GitHub answers 422 "Body is too long (maximum is 65536 characters)". Counted here in bytes, which are never fewer
# than characters, with room for what a publisher adds; so no way of counting can disagree.
LIMIT = 65_000


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to write a section, whole in itself. `lost` says what it leaves out that the first one has: "12 patches".

    `rank` is when it gives way to the next, if that is not the section's own: patches go before the findings they are in.
    """

    text: str
    lost: str = ""
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Ways to write one part of the comment, longest first. The section with the lowest `rank` gives way first.

    The last variant should be short enough for any comment; an empty text leaves the section out.
    """

    rank: int
    variants: tuple[Variant, ...]


def section(rank: int, *variants: Variant | str) -> Section:
    return Section(rank, tuple(Variant(variant) if isinstance(variant, str) else variant for variant in variants))


def fitted(sections: Sequence[Section], limit: int = LIMIT) -> str:
    """The sections in their order, shortened by rank until the whole is at most `limit` bytes of UTF-8."""
    chosen = [0] * len(sections)
    text = _written(sections, chosen)
    while len(text.encode()) > limit:
        able = [number for number, part in enumerate(sections) if chosen[number] + 1 < len(part.variants)]
        if not able:
            break
        chosen[min(able, key=lambda number: _rank(sections[number], chosen[number]))] += 1
        text = _written(sections, chosen)
    return text


def _rank(part: Section, chosen: int) -> int:
    own = part.variants[chosen].rank
    return part.rank if own is None else own


def _written(sections: Sequence[Section], chosen: Sequence[int]) -> str:
    variants = [part.variants[number] for part, number in zip(sections, chosen, strict=True)]
    parts = [variant.text for variant in variants if variant.text]
    lost = [variant.lost for variant in variants if variant.lost]
    if lost:
        left_out = tr("Left out here for length: {lost}. `clops review --format json` has all of it.", lost=", ".join(lost))
        parts.append(f"<sub>{left_out}</sub>")
    return "\n\n".join(parts) + "\n"


def details(summary: str, body: str, *, opened: bool = False) -> str:
    """A fold. `summary` is HTML, `body` is Markdown; the blank lines make GitHub read it as such."""
    return f"<details{' open' if opened else ''}><summary>{summary}</summary>\n\n{body}\n\n</details>"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """A GitHub table. Cells must be safe already; `right` are the columns of numbers."""
    marks = ["---:" if column in right else "---" for column in range(len(head))]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, marks, *rows))
