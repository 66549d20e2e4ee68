"""What an edit reaches is told: the top-level blocks it touches, the addresses written in them, and what refers to these."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from clops_app.hcl.syntax import File
from clops_app.model.resource import Configuration
from clops_app.model.source import Edit, Span

Block = tuple[str, int]  # path, first byte

# What is written in these has addresses. A variable, a local or a provider reaches whoever reads it.
WITH_ADDRESSES = frozenset({"resource", "data", "module"})

_INDEX = re.compile(r'\[(?:\d+|\*|"(?:[^"\\]|\\.)*")\]$')


def blocks_at(spans: Iterable[Span], file: Callable[[str], File]) -> frozenset[Block] | None:
    """The resource, data and module blocks that the spans touch. None: they touch something else, which may reach anything."""
    found: set[Block] = set()
    for span in spans:
        body = file(span.path).body
        if any(_meets(span, attribute.start, attribute.end) for attribute in body.attributes):
            return None
        first = max(bisect_left(body.blocks, span.start, key=lambda block: block.start) - 1, 0)
        for block in body.blocks[first:]:
            if block.start > span.end:
                break
            if _meets(span, block.start, block.end):
                if block.type not in WITH_ADDRESSES:
                    return None
                found.add((span.path, block.start))
    return frozenset(found)


def _meets(span: Span, start: int, end: int) -> bool:
    # An insertion touches what it stands inside of, not what it stands beside.
    return start < span.end and span.start < end


@dataclass(frozen=True, slots=True)
class Lines:
    """What edits have taken, by path, in order."""

    taken: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def take(self, edits: Iterable[Edit]) -> None:
        for edit in edits:
            insort(self.taken.setdefault(edit.span.path, []), (edit.span.start, edit.span.end))

    def meets(self, edit: Edit) -> bool:
        """Whether the edit touches what is taken. Two insertions at one place meet too: their order would be chance."""
        taken = self.taken.get(edit.span.path, [])
        # What is taken does not overlap, so only the last that begins before this one's end can reach it.
        last = bisect_right(taken, edit.span.end, key=lambda span: span[0])
        return last > 0 and edit.span.start <= taken[last - 1][1]


def landed(edits: Iterable[Edit]) -> Mapping[Edit, Span]:
    """Where each edit's text stands once all are made."""
    found: dict[Edit, Span] = {}
    shifts: dict[str, int] = {}
    for edit in sorted(edits):
        path, start, end = edit.span.path, edit.span.start, edit.span.end
        shift, length = shifts.get(path, 0), len(edit.text.encode())
        found[edit] = Span(path, start + shift, start + shift + length)
        shifts[path] = shift + length - (end - start)
    return found


def addresses_in(configuration: Configuration, blocks: Mapping[Block, int]) -> Iterator[tuple[str, int]]:
    """The addresses written in the blocks, each with the number its block has. All that a module call makes is written in the call too."""
    for resource in configuration.resources:
        if (number := blocks.get((resource.source.path, resource.source.start))) is not None:
            yield resource.address, number
    for call in configuration.modules:
        if (number := blocks.get((call.source.path, call.source.start))) is not None:
            inside = f"{call.address}."
            yield from ((r.address, number) for r in configuration.resources if f"{r.module}.".startswith(inside))


def neighbours(configurations: Sequence[Configuration]) -> Callable[[str], frozenset[str]]:
    """Of an address: what it refers to, what that refers to in turn, and what refers to it; without the index of an instance.

    A value comes from what is referred to. A price may also come from what refers: a scaling target, a listener.
    """
    targets: dict[str, set[str]] = {}
    sources: dict[str, set[str]] = {}
    for resource in (resource for configuration in configurations for resource in configuration.resources):
        for link in resource.links:
            targets.setdefault(plain(resource.address), set()).add(plain(link.target))
            sources.setdefault(plain(link.target), set()).add(plain(resource.address))

    def of(address: str) -> frozenset[str]:
        found: set[str] = set()
        waiting = [plain(address)]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += targets.get(name, ())
        return frozenset(found | sources.get(plain(address), set()))

    return of


def plain(address: str) -> str:
    """The address without the index of an instance: `aws_subnet.a["x"]` to `aws_subnet.a`."""
    return _INDEX.sub("", address)
