"""One resource instance: its attributes, evaluated when something asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from sys import intern
from typing import Literal, cast

from clops_app.hcl.syntax import Attribute, Body, Expression, Traversal
from clops_app.language import tr
from clops_app.model.types import ListType, MapType, ObjectType, SetType, Type, type_string
from clops_app.model.values import Reference, Unknown
from clops_app.terraform import data_sources
from clops_app.terraform.convert import convert, type_of
from clops_app.terraform.declarations import Declared
from clops_app.terraform.dynamic import Nested, expanded
from clops_app.terraform.expansion import Each
from clops_app.terraform.expressions import evaluate
from clops_app.terraform.protocols import ModuleScope, ProviderKey
from clops_app.terraform.reasons import after_apply, not_evaluated
from clops_app.terraform.references import meant, nearest
from clops_app.terraform.schema import BlockSchema, Mode, object_type, resource_schema
from clops_app.terraform.session import Cell
from clops_app.terraform.values import EvaluationError, StaticError, T, is_null, null_of

META_ARGUMENTS = frozenset({"count", "for_each", "depends_on", "provider"})
META_BLOCKS = frozenset({"lifecycle", "provisioner", "connection"})
# What a nested body is checked against: a block's schema, or the object type of an attribute written as blocks.
Shape = BlockSchema | ObjectType | None


class ResourceInstance:
    """An Attributes value. Unset attributes that AWS fills in are Unknown with a reference to themselves: the graph rests on that."""

    __slots__ = ("_cells", "_type", "_unknown", "address", "declared", "each", "mode", "module", "name", "schema", "type")

    def __init__(self, module: ModuleScope, declared: Declared, key: tuple[str, str, str], address: str, each: Each) -> None:
        self.module = module
        self.declared = declared
        self.mode = cast('Literal["managed", "data"]', key[0])
        self.type, self.name = key[1:]
        self.address = address
        self.each = each
        self.schema = resource_schema(self.mode, self.type)
        self._cells: dict[str, Cell] = {}
        self._unknown: dict[str, Unknown] = {}
        self._type: Type | None = None

    # -- as a value --------------------------------------------------------------------------------------------

    def attribute(self, name: str) -> T:
        self.module.session.need((self.address,))
        written = self.declared.attribute(name)
        known = self.schema.attributes.get(name) if self.schema else None
        if written is not None and name not in META_ARGUMENTS:
            value = self.written(written)
            return self._computed(name, known.type) if is_null(value) and known is not None and known.computed else value
        blocks = self.nested(self.declared.block.body, self.declared, name, self.each.names)
        if blocks or (self.schema is not None and name in self.schema.blocks):
            return self._block_value(name, blocks)
        answer = data_sources.answer(self, name) if self.mode == "data" else None
        if answer is not None:
            return answer
        if self.type == "terraform_data" and self.mode == "managed":
            return self._terraform_data(name)
        if known is not None and not known.computed:
            return null_of(known.type)
        if known is None and self.schema is not None:
            self._refuse_slip(name)
        return self._computed(name, known.type if known is not None else None)

    def _refuse_slip(self, name: str) -> None:
        """An attribute that the type does not have, and nearly has. Any other may be one of another version of the provider."""
        near = _nearest(self.mode, self.type, name)
        if near:
            detail = tr("{type} has no attribute `{name}`.", type=self.type, name=name) + meant(near)
            raise EvaluationError("Unsupported attribute", detail)

    def names(self) -> Iterable[str]:
        if self.type == "terraform_data" and self.mode == "managed":
            return ("id", "input", "output", "triggers_replace")
        written = [item.name for item in self.declared.block.body.attributes if item.name not in META_ARGUMENTS]
        return (*self.schema.attributes, *self.schema.blocks) if self.schema is not None else (*written, "id")

    def spend(self, steps: int) -> None:
        self.module.session.budget.spend(steps)

    def value_type(self) -> Type:
        if self.type != "terraform_data" or self.mode != "managed":
            return object_type(self.mode, self.type)
        if self._type is None:
            self._type = self.module.session.aside(lambda: ObjectType({name: type_of(self.attribute(name)) for name in self.names()}))
        return self._type

    def _computed(self, name: str, kind: Type | None) -> Unknown:
        found = self._unknown.get(name)
        if found is None:
            what = f"{self.address}.{name}"
            why = tr("{what} is read from AWS when Terraform runs", what=what) if self.mode == "data" else after_apply(what)
            found = self._unknown[name] = Unknown(why, Reference(self.address, name), type=kind)
        return found

    def _terraform_data(self, name: str) -> T:
        """As the built-in provider plans it: the id is never null, the output has the input's type."""
        match name:
            case "id":
                return Unknown(after_apply(f"{self.address}.id"), Reference(self.address, "id"), not_null=True, type=type_string)
            case "output":
                given = self.declared.attribute("input")
                value = None if given is None else self.written(given)
                if is_null(value) or "output" in self._unknown:
                    return value if is_null(value) else self._unknown["output"]
                return self._computed("output", self.module.session.aside(lambda: type_of(value)))
            case "input" | "triggers_replace":
                return None
            case _:
                raise EvaluationError("Unsupported attribute", f'This object does not have an attribute named "{name}".')

    # -- attributes --------------------------------------------------------------------------------------------

    def written(self, attribute: Attribute) -> T:
        """The value of a top-level attribute, converted as the provider's schema says."""
        cell = self._cells.get(attribute.name)
        if cell is None:
            what = f"{self.address}.{attribute.name}"
            cell = self._cells[attribute.name] = Cell(self.module.session, what, lambda: self._top(attribute, what))
        try:
            return cell.get()
        except EvaluationError as error:
            return self._failed(self.path_of(attribute.name), attribute.start, cell.what, error)

    def told(self, attribute: Attribute) -> tuple[T, Iterable[str]]:
        """As `written`, with the addresses that the value needed."""
        value = self.written(attribute)
        return value, self._cells[attribute.name].needed

    def _top(self, attribute: Attribute, what: str) -> T:
        return self.value_of(
            attribute.value, self.path_of(attribute.name), what, self.each.names, attribute_type(self.schema, attribute.name)
        )

    def value_of(self, expression: Expression, path: str, what: str, names: Mapping[str, T], wanted: Type | None) -> T:
        """Evaluate and convert; a failure is a diagnostic and Unknown."""
        try:
            value = evaluate(expression, self.module, names)
        except EvaluationError as error:
            return self._failed(path, expression.start, what, error)
        if wanted is None:
            return value
        try:
            return convert(value, wanted)
        except EvaluationError as error:
            unfit = tr("{what} is not of the type that the provider wants", what=what)
            self.module.session.complain(path, expression.start, unfit, error.detail or error.summary)
            return Unknown(unfit)

    def _failed(self, path: str, offset: int, what: str, error: EvaluationError) -> Unknown:
        """A failure is said, unless it is in an instance that there may not be: most such code is guarded by its count."""
        if isinstance(self.each.key, Unknown) and not isinstance(error, StaticError) and not error.surely:
            return not_evaluated(what, error)
        return self.module.session.failed(path, offset, what, error)

    def path_of(self, name: str) -> str:
        return self.declared.path_of(name)

    def config(self, name: str) -> T:
        """A configured attribute, None when it is not written."""
        attribute = self.declared.attribute(name)
        return None if attribute is None else self.written(attribute)

    # -- nested blocks -----------------------------------------------------------------------------------------

    def nested(self, body: Body, declared: Declared, wanted: str | None, names: Mapping[str, T]) -> list[tuple[str, Nested | Unknown]]:
        """The nested blocks of a body in source order, `dynamic` expanded; only those of type `wanted` when it is given.

        An Unknown stands for a dynamic block whose for_each is unknown: none, one or many.
        """
        found: list[tuple[str, Nested | Unknown]] = []
        for block in body.blocks:
            if block.type == "dynamic" and block.labels:
                if wanted in (None, block.labels[0]):
                    path = declared.path_of("dynamic")
                    items = expanded(self.module, block, path, self.address, names, self._failed)
                    found += [(block.labels[0], item) for item in items]
            elif wanted in (None, block.type):
                found.append((block.type, Nested(block, block.body, names)))
        return found

    def _block_value(self, name: str, blocks: list[tuple[str, Nested | Unknown]]) -> T:
        """`aws_x.y.block` in an expression."""
        if self.schema is None:
            # A list of one, or the one itself: that is the provider's choice.
            why = tr("how {type} holds {name} is not known", type=self.type, name=name)
            return Unknown(why, Reference(self.address, name))
        shape = self.schema.blocks.get(name)
        items: list[T] = []
        for number, (_, block) in enumerate(blocks):
            items.append(
                block if isinstance(block, Unknown) else self.body_value(block, shape.block if shape else None, f"{name}[{number}]")
            )
        unknown = next((item for item in items if isinstance(item, Unknown)), None)
        if unknown is not None:
            return Unknown(unknown.why)
        if shape is not None and shape.nesting in ("single", "group"):
            return items[0] if items else None
        return tuple(items)

    def body_value(self, block: Nested, shape: BlockSchema | None, path: str) -> dict[str, T]:
        found: dict[str, T] = {}
        for name, known in shape.attributes.items() if shape else ():
            found[name] = self._computed(f"{path}.{name}", known.type) if known.computed else null_of(known.type)
        for attribute in block.body.attributes:
            what = f"{self.address}.{path}.{attribute.name}"
            value = self.value_of(
                attribute.value, self.path_of(block.written.type), what, block.names, attribute_type(shape, attribute.name)
            )
            if not is_null(value) or attribute.name not in found:
                found[attribute.name] = value
        inner = self.nested(block.body, self.declared, None, block.names)
        for name in dict.fromkeys([*(shape.blocks if shape else ()), *(name for name, _ in inner)]):
            kind = shape.blocks.get(name) if shape else None
            items = tuple(
                item if isinstance(item, Unknown) else self.body_value(item, kind.block if kind else None, f"{path}.{name}[{number}]")
                for number, item in enumerate(item for inner_name, item in inner if inner_name == name)
            )
            found[name] = items
        return found

    # -- where -------------------------------------------------------------------------------------------------

    def provider_key(self) -> ProviderKey:
        written = self.declared.attribute("provider")
        match written:
            case Attribute(value=Traversal(names=(name,))):
                return ProviderKey(name, "")
            case Attribute(value=Traversal(names=(name, alias))):
                return ProviderKey(name, alias)
            case _:
                return ProviderKey(intern(self.type.partition("_")[0]), "")

    def region(self) -> str | Unknown:
        """Its own `region` argument, else its provider's."""
        if not self.type.startswith(("aws_", "awscc_")):
            return Unknown(tr("{type} has no AWS region", type=self.type))
        own = self.config("region") if self.schema is None or "region" in self.schema.attributes else None
        match own:
            case str() | Unknown():
                return own
            case _:
                return self.module.region(self.provider_key())


@lru_cache(1_000)
def _nearest(mode: Mode, type_name: str, name: str) -> str:
    return nearest(name, [*schema.attributes, *schema.blocks], 0.8) if (schema := resource_schema(mode, type_name)) is not None else ""


def attribute_type(shape: Shape, name: str) -> Type | None:
    match shape:
        case BlockSchema():
            known = shape.attributes.get(name)
            return known.type if known is not None else None
        case ObjectType():
            return shape.attributes.get(name)
        case None:
            return None


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
