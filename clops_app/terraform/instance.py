"""One resource instance: its attributes, evaluated when something asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache, partial

from clops_app.hcl.syntax import Body
from clops_app.language import tr
from clops_app.model.source import Span
from clops_app.model.types import ObjectType, Type, type_string
from clops_app.model.values import Reference, Unknown
from clops_app.terraform import data_sources
from clops_app.terraform.convert import convert, type_of
from clops_app.terraform.declarations import Declared, brought_by
from clops_app.terraform.dynamic import Nested, expanded
from clops_app.terraform.expansion import Each
from clops_app.terraform.expressions import evaluate
from clops_app.terraform.protocols import ModuleScope
from clops_app.terraform.reasons import after_apply, not_evaluated, too_deep
from clops_app.terraform.references import meant, nearest
from clops_app.terraform.resource_block import Argument, ResourceBlock, argument_of, is_dynamic
from clops_app.terraform.schema import BlockSchema, Mode, object_type, resource_schema
from clops_app.terraform.session import NOTHING, Cell
from clops_app.terraform.values import EvaluationError, StaticError, T, is_null, null_of

# Values of arguments and what each needed, by where they are written: the same code may have another path in another instance.
Kept = dict[Span, tuple[T, Mapping[str, None]]]
_BEING_TOLD: tuple[T, Mapping[str, None]] = (None, NOTHING)


class ResourceInstance:
    """An Attributes value. Unset attributes that AWS fills in are Unknown with a reference to themselves: the graph rests on that."""

    __slots__ = ("_others", "_shared", "_type", "_unknown", "_values", "address", "block", "each", "module")

    def __init__(self, module: ModuleScope, block: ResourceBlock, address: str, each: Each, shared: Kept | None) -> None:
        """`shared` are the values that all instances of the block have in common; None where there is but one."""
        self.module = module
        self.block = block
        self.address = address
        self.each = each
        self._values: Kept = {}
        self._shared = shared
        self._others: dict[str, Cell] = {}  # of what no argument says, by attribute
        self._unknown: dict[str, Unknown] = {}
        self._type: Type | None = None

    @property
    def type(self) -> str:
        return self.block.type

    # -- as a value --------------------------------------------------------------------------------------------

    def attribute(self, name: str) -> T:
        self.module.session.needed[self.address] = None
        block = self.block
        schema = block.schema
        known = schema.attributes.get(name) if schema else None
        argument = block.arguments.get(name)
        if argument is not None:
            value = self.written(argument)
            return self._computed(name, known.type) if is_null(value) and known is not None and known.computed else value
        if name not in block.groups and block.mode == "managed":
            return self._unset(name)
        cell = self._others.get(name)
        if cell is None:
            cell = self._others[name] = Cell(self.module.session, f"{self.address}.{name}", partial(self._group, name))
        return cell.get()

    def _unset(self, name: str) -> T:
        """An attribute that is set neither by an argument nor by blocks."""
        block = self.block
        schema = block.schema
        if schema is not None and name in schema.blocks:
            return None if schema.blocks[name].nesting in ("single", "group") else ()
        known = schema.attributes.get(name) if schema else None
        answer = self._answer(name) if block.mode == "data" else None
        if answer is not None:
            return answer
        if block.type == "terraform_data" and block.mode == "managed":
            return self._terraform_data(name)
        if known is not None and not known.computed:
            return null_of(known.type)
        if known is None and schema is not None:
            self._refuse_slip(name)
        return self._computed(name, known.type if known is not None else None)

    def _answer(self, name: str) -> T:
        """What is known of a data source without asking AWS."""
        try:
            return data_sources.answer(self, name)
        except EvaluationError as error:  # it looks into values that are evaluated only then
            return self._failed(self.block.span.path, self.block.span.start, f"{self.address}.{name}", error)

    def _refuse_slip(self, name: str) -> None:
        """An attribute that the type does not have, and nearly has. Any other may be one of another version of the provider."""
        near = _nearest(self.block.mode, self.block.type, name)
        if near:
            detail = tr("{type} has no attribute `{name}`.", type=self.type, name=name) + meant(near)
            raise EvaluationError("Unsupported attribute", detail)

    def names(self) -> Iterable[str]:
        block, schema = self.block, self.block.schema
        if block.type == "terraform_data" and block.mode == "managed":
            return ("id", "input", "output", "triggers_replace")
        return (*block.arguments, "id") if schema is None else (*schema.attributes, *schema.blocks)

    def spend(self, steps: int) -> None:
        self.module.session.budget.spend(steps)

    def value_type(self) -> Type:
        if self.block.type != "terraform_data" or self.block.mode != "managed":
            return object_type(self.block.mode, self.block.type)
        if self._type is None:
            self._type = self.module.session.aside(lambda: ObjectType({name: type_of(self.attribute(name)) for name in self.names()}))
        return self._type

    def _computed(self, name: str, kind: Type | None) -> Unknown:
        found = self._unknown.get(name)
        if found is None:
            what = f"{self.address}.{name}"
            why = tr("{what} is read from AWS when Terraform runs", what=what) if self.block.mode == "data" else after_apply(what)
            found = self._unknown[name] = Unknown(why, Reference(self.address, name), type=kind)
        return found

    def _terraform_data(self, name: str) -> T:
        """As the built-in provider plans it: the id is never null, the output has the input's type."""
        match name:
            case "id":
                return Unknown(after_apply(f"{self.address}.id"), Reference(self.address, "id"), not_null=True, type=type_string)
            case "output":
                given = self.block.arguments.get("input")
                value = None if given is None else self.written(given)
                if is_null(value) or "output" in self._unknown:
                    return value if is_null(value) else self._unknown["output"]
                return self._computed("output", self.module.session.aside(lambda: type_of(value)))
            case "input" | "triggers_replace":
                return None
            case _:
                raise EvaluationError("Unsupported attribute", f'This object does not have an attribute named "{name}".')

    # -- attributes --------------------------------------------------------------------------------------------

    def written(self, argument: Argument) -> T:
        """The value of an argument outside `dynamic` blocks, converted as the provider's schema says."""
        return self.told(argument)[0] if argument.constant is None else argument.constant

    def told(self, argument: Argument) -> tuple[T, Mapping[str, None]]:
        """As `written`, with the addresses that the value needed."""
        kept = self._values if self._shared is None or self.block.is_own(argument) else self._shared
        found = kept.get(argument.span)
        if found is None:
            return self._told(argument, kept)
        if found is _BEING_TOLD:
            what = f"{self.address}.{argument.path}"
            cycle = EvaluationError("Cycle", tr("{what} depends on itself.", what=what))
            return self._failed(argument.span.path, argument.span.start, what, cycle), NOTHING
        if found[1]:
            self.module.session.budget.spent += len(found[1])
            self.module.session.needed.update(found[1])
        return found

    def _told(self, argument: Argument, kept: Kept) -> tuple[T, Mapping[str, None]]:
        """As a Cell does it, without one: of most arguments nobody asks but the review."""
        session = self.module.session
        outer = session.needed
        mine: dict[str, None] = {}
        session.needed = mine
        kept[argument.span] = _BEING_TOLD
        found: tuple[T, Mapping[str, None]] | None = None
        try:
            found = self.value_of(argument, self.each.names), mine or NOTHING
        except RecursionError:
            found = too_deep(f"{self.address}.{argument.path}"), mine or NOTHING
        finally:
            session.needed = outer
            outer.update(mine)
            if found is None:
                del kept[argument.span]  # too deep even to say so; another may ask from less deep
        kept[argument.span] = found
        return found

    def value_of(self, argument: Argument, names: Mapping[str, T]) -> T:
        """Evaluate and convert; a failure is a diagnostic and Unknown."""
        try:
            value = evaluate(argument.expression, self.module, names)
        except EvaluationError as error:
            return self._failed(argument.span.path, argument.expression.start, f"{self.address}.{argument.path}", error)
        if argument.wanted is None or (argument.wanted is type_string and type(value) is str):
            return value
        try:
            return convert(value, argument.wanted)
        except EvaluationError as error:
            unfit = tr("{what} is not of the type that the provider wants", what=f"{self.address}.{argument.path}")
            self.module.session.complain(argument.span.path, argument.expression.start, unfit, error.detail or error.summary)
            return Unknown(unfit)

    def _failed(self, path: str, offset: int, what: str, error: EvaluationError) -> Unknown:
        """A failure is said, unless it is in an instance that there may not be: most such code is guarded by its count."""
        if isinstance(self.each.key, Unknown) and not isinstance(error, StaticError) and not error.surely:
            return not_evaluated(what, error)
        return self.module.session.failed(path, offset, what, error)

    def config(self, name: str) -> T:
        """A configured attribute, None when it is not written."""
        argument = self.block.arguments.get(name)
        return None if argument is None else self.written(argument)

    # -- nested blocks -----------------------------------------------------------------------------------------

    def nested(self, body: Body, declared: Declared, wanted: str | None, names: Mapping[str, T]) -> list[tuple[str, Nested | Unknown]]:
        """The nested blocks of a body in source order, `dynamic` expanded; only those of type `wanted` when it is given.

        An Unknown stands for a dynamic block whose for_each is unknown: none, one or many.
        """
        found: list[tuple[str, Nested | Unknown]] = []
        for block in body.blocks:
            if is_dynamic(block):
                if wanted in (None, block.labels[0]):
                    path = declared.path_of(block.labels[0])
                    items = expanded(self.module, block, path, self.address, names, self._failed)
                    found += [(block.labels[0], item) for item in items]
            elif wanted in (None, block.type):
                found.append((block.type, Nested(block, block.body, names)))
        return found

    def _group(self, name: str) -> T:
        """`aws_x.y.block` in an expression: the blocks of one name, where there are any."""
        schema = self.block.schema
        blocks = self.nested(self.block.declared.block.body, self.block.declared, name, self.each.names)
        if not blocks:
            return self._unset(name)
        if schema is None:
            # A list of one, or the one itself: that is the provider's choice.
            why = tr("how {type} holds {name} is not known", type=self.type, name=name)
            return Unknown(why, Reference(self.address, name))
        shape = schema.blocks.get(name)
        items: list[T] = []
        for number, (_, block) in enumerate(blocks):
            items.append(
                block if isinstance(block, Unknown) else self.body_value(block, shape.block if shape else None, f"{name}[{number}]")
            )
        unknown = next((item for item in items if isinstance(item, Unknown)), None)
        if unknown is not None:
            return Unknown(unknown.why)
        if shape is not None and shape.nesting in ("single", "group"):
            return items[0]
        return tuple(items)

    def body_value(self, block: Nested, shape: BlockSchema | None, path: str) -> dict[str, T]:
        found: dict[str, T] = {}
        for name, known in shape.attributes.items() if shape else ():
            found[name] = self._computed(f"{path}.{name}", known.type) if known.computed else null_of(known.type)
        file = self.block.declared.path_of(brought_by(block.written))
        for attribute in block.body.attributes:
            value = self.value_of(argument_of(attribute, f"{path}.{attribute.name}", shape, file), block.names)
            if not is_null(value) or attribute.name not in found:
                found[attribute.name] = value
        inner = self.nested(block.body, self.block.declared, None, block.names)
        for name in dict.fromkeys([*(shape.blocks if shape else ()), *(name for name, _ in inner)]):
            kind = shape.blocks.get(name) if shape else None
            items = tuple(
                item if isinstance(item, Unknown) else self.body_value(item, kind.block if kind else None, f"{path}.{name}[{number}]")
                for number, item in enumerate(item for inner_name, item in inner if inner_name == name)
            )
            found[name] = items
        return found

    # -- where -------------------------------------------------------------------------------------------------

    def region(self) -> str | Unknown:
        """Its own `region` argument, else its provider's."""
        block = self.block
        if not block.is_regional:
            return Unknown(tr("{type} has no AWS region", type=block.type))
        own = self.written(block.region) if block.region is not None else None
        return own if isinstance(own, (str, Unknown)) else self.module.region(block.provider)


@lru_cache(1_000)
def _nearest(mode: Mode, type_name: str, name: str) -> str:
    return nearest(name, [*schema.attributes, *schema.blocks], 0.8) if (schema := resource_schema(mode, type_name)) is not None else ""
