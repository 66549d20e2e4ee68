"""The code that a change may have to touch: the blocks of findings, what these refer to, what refers to them; whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeAlias

from clops_app.hcl.find import traversals
from clops_app.hcl.syntax import Block, Body
from clops_app.model.finding import Finding
from clops_app.patch.follow import Context, unreachable
from clops_app.review.fact_sheet import Cleaner, json_text, tokens
from clops_app.review.groups import block_address
from clops_app.review.redact_code import code_to_show
from clops_app.terraform.sources import is_configuration

_UP = 2  # what uses a thing, and what uses that: a NAT gateway, the routes through it, the subnets that take them
# A stranger may write a block of megabytes, and thousands of blocks: no more is looked at.
_MOST_BYTES, _NEAR = 20_000, 50
Place: TypeAlias = tuple[str, int]  # path, first byte
Name: TypeAlias = tuple[str, str]  # directory, what it is called there: `aws_subnet.a`, `var.zones`


@dataclass(frozen=True, slots=True)
class Excerpts:
    """`shown` are the names of the findings whose block is there, `files` the blocks by path, as they may leave, in source order."""

    shown: tuple[str, ...]
    files: Mapping[str, tuple[str, ...]]


def may_be_changed(path: str, context: Context) -> bool:
    """Whether a model may propose to change this file: code of this repository that the root reads."""
    return is_configuration(path) and path in context.configuration.files and unreachable(context, path) is None


def excerpts(named: Mapping[str, Finding], contexts: Mapping[str, Context], cleaner: Cleaner, most_tokens: int) -> Excerpts:
    """As many blocks as fit, those of the findings first, in their order.

    A finding that stands in anything but a resource of AWS, or in a file that may not be changed, is not shown.
    """
    webs = {root: _web(contexts[root], cleaner) for root in {finding.root for finding in named.values()} & {*contexts}}
    own = {name: (place, webs[one.root]) for name, one in named.items() if one.root in webs and (place := _own(one, webs[one.root]))}
    sheet = _Sheet(cleaner, most_tokens)
    shown = tuple(name for name, (place, web) in own.items() if sheet.takes(place, web))
    for name in shown:
        place, web = own[name]
        for near in islice(_around(place, web), _NEAR):
            sheet.takes(near, web)
    paths = sorted({path for path, _ in sheet.taken})
    return Excerpts(shown, {path: tuple(text for (at, _), text in sorted(sheet.taken.items()) if at == path) for path in paths})


@dataclass(slots=True)
class _Sheet:
    """Blocks as they may leave, while there is room: `left` in tokens."""

    cleaner: Cleaner
    left: int
    taken: dict[Place, str] = field(default_factory=dict)

    def takes(self, place: Place, web: _Web) -> bool:
        """Whether the block is on it now."""
        if place not in self.taken:
            block = web.blocks[place]
            if block.end - block.start > _MOST_BYTES:
                return False
            text = code_to_show(web.context.tree.files[place[0]], block, self.cleaner.without_secrets)
            size = tokens(json_text(text))
            if size > self.left:
                return False
            self.left -= size
            self.taken[place] = text
        return True


@dataclass(frozen=True, slots=True)
class _Web:
    """The top-level blocks of one root that may be shown, and what refers to what."""

    context: Context
    blocks: dict[Place, Block] = field(default_factory=dict)
    declared: dict[Name, list[Place]] = field(default_factory=dict)
    refers: dict[Place, tuple[Name, ...]] = field(default_factory=dict)
    used: dict[Name, list[Place]] = field(default_factory=dict)


def _web(context: Context, cleaner: Cleaner) -> _Web:
    web = _Web(context)
    for path in sorted(filter(lambda path: may_be_changed(path, context), context.configuration.files)):
        if cleaner.clean(path) != path:
            continue  # a model could not name it, and must not
        directory = path.rpartition("/")[0]
        for block in context.sources.file(path).body.blocks:
            place = (path, block.start)
            web.blocks[place] = block
            for declared in _declares(block):
                web.declared.setdefault((directory, declared), []).append(place)
            web.refers[place] = tuple(dict.fromkeys((directory, name) for name in _names_in(block.body)))
            for name in web.refers[place]:
                web.used.setdefault(name, []).append(place)
    return web


def _declares(block: Block) -> tuple[str, ...]:
    match block.type, block.labels:
        case "resource", (kind, name):
            return (f"{kind}.{name}",)
        case "data", (kind, name):
            return (f"data.{kind}.{name}",)
        case "variable", (name,):
            return (f"var.{name}",)
        case "module", (name,):
            return (f"module.{name}",)
        case "locals", ():
            return tuple(f"local.{item.name}" for item in block.body.attributes)
        case _:
            return ()


def _names_in(body: Body) -> Iterator[str]:
    for item in body.attributes:
        for path in traversals(item.value):
            yield ".".join(path.names[: 3 if path.names[0] == "data" else 2])
    for block in body.blocks:
        yield from _names_in(block.body)


def _own(finding: Finding, web: _Web) -> Place | None:
    """The resource of AWS that a finding stands in."""
    at = finding.span.start
    for (path, start), block in web.blocks.items():
        if path == finding.path and start <= at < block.end:
            named = f".{block_address(finding.address)}".endswith(f".{'.'.join(block.labels)}")
            return (path, start) if named and block.type == "resource" and block.labels[0].startswith("aws_") else None
    return None


def _around(own: Place, web: _Web) -> Iterator[Place]:
    """What a block refers to, and what that refers to in turn; then the same of what uses it, and of what uses that."""
    seen = {own}
    above = [own, *_calls(own[0].rpartition("/")[0], web)]
    for _ in range(_UP + 1):
        yield from (place for place in above if place != own)
        seen.update(above)
        below = above
        while below := list(dict.fromkeys(place for place in _below(below, web) if place not in seen)):
            yield from below
            seen.update(below)
        above = list(dict.fromkeys(place for place in _users(above, web) if place not in seen))


def _below(places: Iterable[Place], web: _Web) -> Iterator[Place]:
    return (found for place in places for name in web.refers[place] for found in web.declared.get(name, ()))


def _users(places: Iterable[Place], web: _Web) -> Iterator[Place]:
    for place in places:
        for name in _declares(web.blocks[place]):
            yield from web.used.get((place[0].rpartition("/")[0], name), ())


def _calls(directory: str, web: _Web) -> Iterator[Place]:
    """The module calls that bring what stands in a directory."""
    for call in web.context.configuration.modules:
        if call.directory == directory and (place := (call.source.path, call.source.start)) in web.blocks:
            yield place
