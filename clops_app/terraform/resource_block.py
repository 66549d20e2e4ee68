"""A resource or data block, and what all its instances have in common: worked out once, however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from sys import intern
from typing import Literal, NamedTuple, TypeAlias, cast

from clops_app.hcl import syntax
from clops_app.hcl.find import mentions, traversals
from clops_app.hcl.syntax import Attribute, Block, Body, Expression, make
from clops_app.model.source import Span
from clops_app.model.types import ListType, MapType, ObjectType, SetType, Type
from clops_app.model.values import Datum
from clops_app.terraform.convert import is_constant
from clops_app.terraform.declarations import Declared, brought_by
from clops_app.terraform.providers import configured_by
from clops_app.terraform.schema import BlockSchema, resource_schema
from clops_app.terraform.scope import Budget

META_ARGUMENTS = frozenset({"count", "for_each", "depends_on", "provider"})
META_BLOCKS = frozenset({"lifecycle", "provisioner", "connection"})
_OF_ONE = frozenset({"each", "count", "self"})
# Telling a nested block costs about as much as twenty steps of an expression; `dynamic` inside `dynamic` multiplies.
BLOCK_STEPS = 20
# What a nested body is checked against: a block's schema, or the object type of an attribute written as blocks.
Shape: TypeAlias = BlockSchema | ObjectType | None


class Argument(NamedTuple):
    """An attribute as it is written. `path` is its place in the resource ("ingress[0].from_port"), `wanted` the provider's type of it.

    `constant` is its value where that is what is written, else None. `as_blocks`: it is a nested block to the provider, and JSON writes
    such a block as an object. `sensitive`: the provider says so.
    """

    name: str
    path: str
    expression: Expression
    span: Span
    wanted: Type | None
    constant: str | bool | int | None
    as_blocks: bool
    sensitive: bool


class Outline(NamedTuple):
    """A body at its place in a resource ("" is the resource itself): what it says of every instance, and what each must evaluate.

    `values` are in the order of the source, with None in the place of what is evaluated: the arguments `open`, and `groups` of
    nested blocks. `loose`: which nested blocks there are, only an instance knows; then none of them is told here. `is_constant`:
    nothing is left.
    """

    path: str
    body: Body
    shape: Shape
    file: str
    values: Mapping[str, Datum]
    open: tuple[Argument, ...]
    groups: tuple[tuple[str, tuple[Mapping[str, Datum] | Outline, ...]], ...]
    loose: bool
    is_constant: bool


class Part(NamedTuple):
    """A resource, or a block in it that only an instance knows of: its outline, and where all that is told in it stands.

    `sensitive`: the paths that the provider calls so. `steps`: what all of it costs an instance.
    """

    outline: Outline
    spans: Mapping[str, Span]
    sensitive: frozenset[str]
    steps: int


class ResourceBlock:
    """The block of `mode`, `type` and `name`, as it is declared in one directory.

    `arguments` are its attributes by name, `meta` those that are Terraform's own (count, depends_on), each with its place; `groups` are
    the names of the nested blocks that it may have.
    """

    __slots__ = (
        "_own",
        "_parts",
        "_whole",
        "arguments",
        "declared",
        "groups",
        "ignored",
        "is_regional",
        "meta",
        "mode",
        "name",
        "provider",
        "region",
        "schema",
        "span",
        "type",
    )

    def __init__(self, declared: Declared, key: tuple[str, str, str]) -> None:
        self.declared = declared
        self.mode = cast('Literal["managed", "data"]', key[0])
        self.type, self.name = key[1:]
        self.schema = resource_schema(self.mode, self.type)
        self.span = Span(declared.path, declared.block.start, declared.block.end)
        self.ignored = _ignored(declared.block)
        self.meta: dict[str, tuple[Attribute, Span]] = {}
        self.arguments: dict[str, Argument] = {}
        for item in declared.block.body.attributes:
            path = declared.paths.get(item.name, declared.path)
            if item.name in META_ARGUMENTS:
                self.meta[item.name] = item, Span(path, item.start, item.end)
            else:
                self.arguments[item.name] = argument_of(item, item.name, self.schema, path)
        self.groups = frozenset(map(brought_by, declared.block.body.blocks))
        self.provider = configured_by(self.meta["provider"][0] if "provider" in self.meta else None, self.type)
        self.is_regional = self.type.startswith(("aws_", "awscc_"))
        # Where the schema is known and has no `region`, the provider is of a version that does not know it either.
        self.region = self.arguments.get("region") if self.schema is None or "region" in self.schema.attributes else None
        self._own: dict[Span, bool] = {}
        self._whole: Part | None = None
        self._parts: dict[tuple[str, int], Part] = {}

    def is_own(self, argument: Argument) -> bool:
        """Whether every instance has its own value of an argument: it says which one it is."""
        found = self._own.get(argument.span)
        if found is None:
            found = self._own[argument.span] = mentions(argument.expression, _OF_ONE)
        return found

    def whole(self, budget: Budget) -> Part:
        """All of the block. Raises StaticError where that is more than the budget allows."""
        found = self._whole
        if found is None:
            outliner = _Outliner(self.declared, budget)
            outline = outliner.outline(self.declared.block.body, "", self.schema, self.declared.path, self.arguments.values())
            found = self._whole = outliner.part(outline)
        return found

    def part(self, outer: Outline, name: str, path: str, body: Body, budget: Budget) -> Part:
        """A nested block that only an instance knows of, called `name` by the provider. Raises StaticError likewise."""
        found = self._parts.get((path, id(body)))
        if found is None:
            outliner = _Outliner(self.declared, budget)
            file = outer.file if outer.path else self.declared.path_of(name)
            found = self._parts[path, id(body)] = outliner.part(outliner.nested(body, path, block_shape(outer.shape, name), file))
        return found


class _Outliner:
    """Makes the outlines of one part, and gathers what is said of all of them together."""

    def __init__(self, declared: Declared, budget: Budget) -> None:
        self._declared = declared
        self._budget = budget
        self._spans: dict[str, Span] = {}
        self._sensitive: list[str] = []
        self._steps = 0

    def part(self, outline: Outline) -> Part:
        return Part(outline, self._spans, frozenset(self._sensitive), self._steps)

    def nested(self, body: Body, path: str, shape: Shape, file: str) -> Outline:
        arguments = [argument_of(item, intern(f"{path}.{item.name}"), shape, file) for item in body.attributes]
        return self.outline(body, path, shape, file, arguments)

    def outline(self, body: Body, path: str, shape: Shape, file: str, arguments: Iterable[Argument]) -> Outline:
        values: dict[str, Datum] = {}
        evaluated: list[Argument] = []
        for argument in arguments:
            self._spans[argument.path] = argument.span
            if argument.sensitive:
                self._sensitive.append(argument.path)
            constant = values[argument.name] = argument.constant
            if constant is None:
                evaluated.append(argument)
        self._steps += len(values) - len(evaluated)
        if not body.blocks:
            return Outline(path, body, shape, file, values, tuple(evaluated), (), False, not evaluated)
        loose = any(is_dynamic(block) for block in body.blocks)
        left: list[tuple[str, tuple[Mapping[str, Datum] | Outline, ...]]] = []
        for name, group in ({} if loose else self._groups(body, path, shape, file)).items():
            if name not in values and all(one.is_constant for one in group):
                values[name] = tuple(one.values for one in group)
            else:
                values[name] = None
                left.append((name, tuple(one.values if one.is_constant else one for one in group)))
        return Outline(path, body, shape, file, values, tuple(evaluated), tuple(left), loose, not (evaluated or left or loose))

    def _groups(self, body: Body, path: str, shape: Shape, file: str) -> dict[str, list[Outline]]:
        """The nested blocks by their names."""
        groups: dict[str, list[Outline]] = {}
        for block in body.blocks:
            if not path and block.type in META_BLOCKS:
                continue
            self._budget.spend(BLOCK_STEPS)
            self._steps += BLOCK_STEPS
            group = groups.setdefault(block.type, [])
            place = nested_path(path, block.type, len(group))
            inside = file if path else self._declared.path_of(block.type)
            self._spans[place] = Span(inside, block.start, block.end)
            group.append(self.nested(block.body, place, block_shape(shape, block.type), inside))
        return groups


def argument_of(attribute: Attribute, path: str, shape: Shape, file: str) -> Argument:
    """An attribute of a body of that shape, at that path of its resource."""
    start, end, name, _, expression = attribute
    wanted = None
    as_blocks = sensitive = False
    if isinstance(shape, BlockSchema):
        known = shape.attributes.get(name)
        if known is None:
            as_blocks = name in shape.blocks
        else:
            wanted, sensitive = known.type, known.sensitive
    elif shape is not None:
        wanted = shape.attributes.get(name)
    constant = None
    if type(expression) is syntax.Literal and wanted is not None and is_constant(value := expression.value, wanted):
        constant = value
    return make(Argument, (name, path, expression, make(Span, (file, start, end)), wanted, constant, as_blocks, sensitive))


def nested_path(path: str, name: str, number: int) -> str:
    """Where the nested block `name` of that number stands: "ingress[0]", "rule[1].apply[0]"."""
    return intern(f"{path}.{name}[{number}]" if path else f"{name}[{number}]")


def is_dynamic(block: Block) -> bool:
    """Whether only its for_each says how many blocks it stands for."""
    return block.type == "dynamic" and len(block.labels) > 0


def block_shape(shape: Shape, name: str) -> Shape:
    """What the blocks named `name` are checked against; an attribute of objects may be written as blocks."""
    match shape:
        case BlockSchema():
            if name in shape.blocks:
                return shape.blocks[name].block
            known = shape.attributes.get(name)
            return _object_type(known.type) if known is not None else None
        case ObjectType():
            inner = shape.attributes.get(name)
            return _object_type(inner) if inner is not None else None
        case None:
            return None


def _object_type(kind: Type) -> ObjectType | None:
    match kind:
        case ListType(ObjectType() as element) | SetType(ObjectType() as element) | MapType(ObjectType() as element):
            return element
        case ObjectType():
            return kind
        case _:
            return None


def _ignored(block: Block) -> tuple[str, ...]:
    """What lifecycle.ignore_changes leaves to others; "all" for everything."""
    if not block.body.blocks:
        return ()
    lifecycle = next((item for item in block.body.blocks if item.type == "lifecycle"), None)
    attribute = next((item for item in lifecycle.body.attributes if item.name == "ignore_changes"), None) if lifecycle else None
    if attribute is None:
        return ()
    return tuple(".".join(traversal.names) for traversal in traversals(attribute.value))
