"""A `dynamic` block is as many blocks as its for_each says, wherever blocks may be written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from clops_app.hcl.syntax import Block, Body, Traversal
from clops_app.language import tr
from clops_app.model.values import Unknown
from clops_app.terraform.expressions import evaluate
from clops_app.terraform.protocols import ModuleScope
from clops_app.terraform.values import EvaluationError, Sensitive, SetValue, T

# What is said of a failure: the path and offset of the code, what could not be evaluated, and why.
Failed = Callable[[str, int, str, EvaluationError], Unknown]


class Nested:
    """A nested block after `dynamic` was expanded: its body, the block that says so, and the names that have a meaning inside."""

    __slots__ = ("body", "names", "written")

    def __init__(self, written: Block, body: Body, names: Mapping[str, T]) -> None:
        self.written = written
        self.body = body
        self.names = names


def expanded(
    module: ModuleScope, block: Block, path: str, owner: str, names: Mapping[str, T], failed: Failed
) -> Iterator[Nested | Unknown]:
    """The blocks that a `dynamic` block of `owner` stands for; an Unknown where nobody knows how many."""
    what = tr("dynamic {name} of {address}", name=block.labels[0], address=owner)
    attributes = {item.name: item for item in block.body.attributes}
    content = next((item for item in block.body.blocks if item.type == "content"), None)
    for_each = attributes.get("for_each")
    if content is None or for_each is None:
        unwhole = tr("{what} is not whole", what=what)
        module.session.complain(path, block.start, unwhole, tr("a dynamic block needs `for_each` and `content`"))
        yield Unknown(unwhole)
        return
    iterator = attributes["iterator"].value if "iterator" in attributes else None
    name = iterator.names[0] if isinstance(iterator, Traversal) else block.labels[0]
    try:
        collection = evaluate(for_each.value, module, names)
    except EvaluationError as error:
        yield failed(path, for_each.start, tr("{argument} of {address}", argument="for_each", address=what), error)
        return
    pairs = _pairs(collection)
    match pairs:
        case Unknown():
            yield pairs
        case None:
            unexpanded = tr("{what} cannot be expanded", what=what)
            module.session.complain(path, for_each.start, unexpanded, tr("its for_each is neither a map nor a list nor a set"))
            yield Unknown(unexpanded)
        case _:
            module.session.budget.spend(len(pairs))
            yield from (Nested(block, content.body, {**names, name: {"key": key, "value": value}}) for key, value in pairs)


def _pairs(collection: T) -> list[tuple[T, T]] | Unknown | None:
    """Keys and values in the order of the blocks; None for what cannot be gone through."""
    match collection:
        case Sensitive(inner):
            return _pairs(inner)
        case Unknown(why=why):
            return Unknown(why)
        case dict():
            return sorted(collection.items())
        case SetValue():
            return [(item, item) for item in collection]
        case tuple():
            return list(enumerate(collection))
        case _:
            return None
