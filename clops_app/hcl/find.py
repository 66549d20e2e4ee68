"""Small look-ups in a syntax tree: the block at a place, the thing at a path, every expression inside another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from clops_app.hcl.syntax import Attribute, Block, Body, Expression, Literal, TemplateFor, TemplateIf, Traversal

_STEP = re.compile(r"([A-Za-z_][\w-]*)(?:\[(\d+)\])?(?:\.|$)")
_DIRECTIVES = (TemplateIf, TemplateFor)


def block_at(body: Body, start: int) -> Block | None:
    """The block, at any depth, whose first byte is `start`."""
    for block in body.blocks:
        if block.start == start:
            return block
        if block.start < start < block.end:
            return block_at(block.body, start)
    return None


def attribute_named(body: Body, name: str) -> Attribute | None:
    """The attribute of that name in this very body."""
    return next((attribute for attribute in body.attributes if attribute.name == name), None)


def at_path(body: Body, path: str) -> Attribute | Block | None:
    """What is written at `path` ("multi_az", "root_block_device[0].volume_type", "ingress[1]") inside a body.

    A block without a number is the first of its type. None where a dynamic block of that type is written too: then
    numbers count what it will bring, and nothing here can tell which block is meant.
    """
    at = 0
    while (step := _STEP.match(path, at)) is not None:
        name, number = step[1], step[2]
        at = step.end()
        if number is None and at == len(path) and (attribute := attribute_named(body, name)) is not None:
            return attribute
        if any(block.type == "dynamic" and block.labels == (name,) for block in body.blocks):
            return None
        blocks = [block for block in body.blocks if block.type == name]
        index = int(number or 0)
        if index >= len(blocks):
            return None
        if at == len(path):
            return blocks[index]
        body = blocks[index].body
    return None


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and all within it, in source order, those in template directives too. Never recurses."""
    # The tree is tuples of tuples: whatever is a tuple in a node is a node, or a tuple of nodes, or names.
    waiting: list[tuple[object, ...]] = [expression]
    while waiting:
        node = waiting.pop()
        if type(node) is not tuple and not isinstance(node, _DIRECTIVES):
            yield cast("Expression", node)
        waiting += [part for part in reversed(node) if isinstance(part, tuple)]


def mentions(expression: Expression, heads: frozenset[str]) -> bool:
    """Whether some dotted path in the expression begins with one of these names."""
    waiting: list[tuple[object, ...]] = [expression]
    for node in waiting:  # it grows while it is gone through
        kind = type(node)
        if kind is Traversal:
            if cast("Traversal", node).names[0] in heads:
                return True
        elif kind is not Literal:
            waiting += [part for part in node if isinstance(part, tuple)]
    return False


def traversals(expression: Expression) -> Iterator[Traversal]:
    """Every dotted path in an expression, in source order; names that a `for` binds are among them."""
    return (node for node in walk(expression) if isinstance(node, Traversal))
