"""A place in a file that outlives edits to it: named by blocks, attribute and keys, not by bytes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from clops_app.hcl.syntax import Attribute, Block, Body, Expression, File, Interpolation, Literal, ObjectItems, Parentheses, TupleItems

Step = str | int


@dataclass(frozen=True, slots=True)
class BlockName:
    """A block among its siblings: `number` counts those of the same type and labels, from 0."""

    type: str
    labels: tuple[str, ...]
    number: int


@dataclass(frozen=True, slots=True)
class Spot:
    """An attribute (written or not) of the body inside `blocks`, or something inside its value; `attribute` "" is the body itself."""

    path: str
    blocks: tuple[BlockName, ...]
    attribute: str = ""
    inside: tuple[Step, ...] = ()


def chain_at(body: Body, offset: int) -> tuple[tuple[BlockName, ...], tuple[Block, ...]]:
    """The blocks around a byte, outermost first."""
    names: list[BlockName] = []
    blocks: list[Block] = []
    while True:
        found = next((block for block in body.blocks if block.start <= offset < block.end), None)
        if found is None:
            return tuple(names), tuple(blocks)
        names.append(name_of(found, body))
        blocks.append(found)
        body = found.body


def name_of(block: Block, among: Body) -> BlockName:
    same = [other for other in among.blocks if (other.type, other.labels) == (block.type, block.labels)]
    return BlockName(block.type, block.labels, same.index(block))


def block_named(body: Body, name: BlockName) -> Block | None:
    same = [block for block in body.blocks if (block.type, block.labels) == (name.type, name.labels)]
    return same[name.number] if name.number < len(same) else None


def body_at(file: File, names: Iterable[BlockName]) -> tuple[Block | None, Body] | None:
    """The innermost block (None for the file itself) and its body; None when one of them is not there."""
    block: Block | None = None
    body = file.body
    for name in names:
        block = block_named(body, name)
        if block is None:
            return None
        body = block.body
    return block, body


def attribute_of(body: Body, name: str) -> Attribute | None:
    return next((item for item in body.attributes if item.name == name), None)


def unwrapped(expression: Expression) -> Expression:
    """Without parentheses and without `"${…}"` around it: neither changes a value."""
    while isinstance(expression, Parentheses | Interpolation):
        expression = expression.inner
    return expression


def item_at(expression: Expression, step: Step) -> Expression | None:
    """What is written at a key or index of a written object or list."""
    match unwrapped(expression), step:
        case ObjectItems(items=items), _:
            # Later keys win, as in Terraform.
            return next((value for key, value in reversed(items) if _is_key(key, step)), None)
        case TupleItems(items=values), int():
            return values[step] if step < len(values) else None
        case _:
            return None


def _is_key(expression: Expression, step: Step) -> bool:
    key = unwrapped(expression)
    return isinstance(key, Literal) and str(key.value) == str(step)
