"""Of what many changes did together, each gets what is its own; what cannot be told apart names those who may have done it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from clops_app.hcl.syntax import File
from clops_app.model.resource import Configuration
from clops_app.model.source import Edit
from clops_app.patch.cost_delta import changed_addresses, cost_moves
from clops_app.patch.prove import Fault, Trial
from clops_app.patch.reach import Block, addresses_in, blocks_at, landed, neighbours, plain
from clops_app.patch.replacement import replaced
from clops_app.patch.thought import Thought, rethought

FileAt = Callable[[str], File]


@dataclass(frozen=True, slots=True)
class Share:
    """What one change does: how it moves the bill at each address, and which addresses it recreates."""

    moves: list[Decimal | None] = field(default_factory=list)
    replaced: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Owners:
    """Whose the blocks are, before and after, by the change's number in its batch. `loose` touch more than such blocks."""

    before: Mapping[Block, int]
    after: Mapping[Block, int]
    loose: frozenset[int]


def owners(changes: Sequence[Iterable[Edit]], old: FileAt, new: FileAt) -> Owners:
    at = landed(edit for edits in changes for edit in edits)
    before: dict[Block, int] = {}
    after: dict[Block, int] = {}
    loose = set()
    for number, edits in enumerate(changes):
        were, are = blocks_at((edit.span for edit in edits), old), blocks_at((at[edit] for edit in edits), new)
        if were is None or are is None:
            loose.add(number)
        before |= dict.fromkeys(were or (), number)
        after |= dict.fromkeys(are or (), number)
    return Owners(before, after, frozenset(loose))


Told = Callable[[str], frozenset[int]]  # of an address: the changes that may have moved it


def claims(*versions: tuple[Configuration, Mapping[Block, int]]) -> tuple[Told, Told]:
    """Who touched the block that an address is written in, and who touched a neighbour of it."""
    own: dict[str, set[int]] = {}
    near: dict[str, set[int]] = {}
    for configuration, blocks in versions:
        for address, number in addresses_in(configuration, blocks):
            own.setdefault(address, set()).add(number)
            near.setdefault(plain(address), set()).add(number)

    @cache
    def around() -> Callable[[str], frozenset[str]]:
        return neighbours([configuration for configuration, _ in versions])

    def owning(address: str) -> frozenset[int]:
        return frozenset(own.get(address, ()))

    def beside(address: str) -> frozenset[int]:
        return frozenset(number for name in around()(address) for number in near.get(name, ()))

    return owning, beside


def shares_of(trial: Trial, base: Thought, whose: Owners, count: int) -> list[Share] | frozenset[int]:
    """What each change did, or, where something cannot be told apart, the numbers of those that may have done it.

    An address belongs to the change that touched the block it is written in. Any other that moved belongs to the
    one change that touched a neighbour of it; where these are several, or none, it is nobody's.
    """
    shares = [Share() for _ in range(count)]
    suspects = set(whose.loose)
    for was, now in rethought(base, trial.thought).values():
        moves = cost_moves(was.configuration, was.bill, now.configuration, now.bill)
        recreated = replaced(was.configuration, now.configuration)
        owning, beside = claims((was.configuration, whose.before), (now.configuration, whose.after))
        for address in sorted(changed_addresses(was.configuration, now.configuration) | moves.keys()):
            found = owning(address) or beside(address) or frozenset(range(count))
            if len(found) > 1:
                suspects |= found
                continue
            (number,) = found
            if address in moves:
                shares[number].moves.append(moves[address])
            if address in recreated:
                shares[number].replaced.add(address)
    return frozenset(suspects) or shares


@dataclass(frozen=True, slots=True)
class Blame:
    """`guilty`: whose block a fault stands in, and why that one is refused. `near`: who touched a neighbour of one that is in nobody's."""

    guilty: Mapping[int, str]
    near: frozenset[int] = frozenset()


def blame(faults: Iterable[Fault], base: Thought, whose: Owners, new: FileAt) -> Blame:
    told = {root: claims((one.configuration, whose.before)) for root, one in base.items()}
    guilty: dict[int, str] = {}
    near: set[int] = set()
    for fault in faults:
        owning, beside = told.get(fault.root, (_nobody, _nobody))
        found = owning(fault.address) or _in_block(fault, whose, new)
        if len(found) == 1:
            guilty.setdefault(next(iter(found)), fault.why)
        else:
            near |= found or beside(fault.address)
    return Blame(guilty, frozenset(near - guilty.keys()))


def _nobody(_: str) -> frozenset[int]:
    return frozenset()


def _in_block(fault: Fault, whose: Owners, new: FileAt) -> frozenset[int]:
    blocks = new(fault.path).body.blocks if fault.path else ()
    starts = (block.start for block in blocks if block.start <= fault.offset < block.end)
    return frozenset(whose.after[fault.path, start] for start in starts if (fault.path, start) in whose.after)
