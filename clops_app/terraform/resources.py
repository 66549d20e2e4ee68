"""A resource instance, told as a Resource: every configured value, where it is written, and what it refers to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from sys import intern

from clops_app.hcl.find import traversals
from clops_app.hcl.syntax import Block, Body, Literal, TupleItems
from clops_app.model.resource import Link, ModuleCall, Resource
from clops_app.model.source import Span
from clops_app.model.values import Datum, Unknown
from clops_app.terraform import data_sources
from clops_app.terraform.convert import is_constant
from clops_app.terraform.declarations import Declared
from clops_app.terraform.dynamic import Nested
from clops_app.terraform.instance import META_ARGUMENTS, META_BLOCKS, ResourceInstance, Shape, attribute_type, block_shape
from clops_app.terraform.module_source import Located
from clops_app.terraform.schema import BlockSchema
from clops_app.terraform.session import Session
from clops_app.terraform.values import T, opened, plain

# Telling a nested block costs about as much as twenty steps of an expression; `dynamic` inside `dynamic` multiplies.
BLOCK_STEPS = 20
_NOTHING: frozenset[str] = frozenset()  # an empty one, unlike an empty tuple, is a new one each time


@dataclass(slots=True)
class _Told:
    """What is gathered while a body is told."""

    instance: ResourceInstance
    session: Session
    spans: dict[str, Span] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    sensitive: set[str] = field(default_factory=set)

    def link(self, via: str, needed: Iterable[str], span: Span) -> None:
        if needed:
            self.links += [Link(via, target, span) for target in exact(needed) if target != self.instance.address]


def exact(needed: Iterable[str]) -> list[str]:
    """Without the resources of which a certain instance is named as well."""
    targets = list(dict.fromkeys(needed))
    indexed = {target.rpartition("[")[0] for target in targets if target[-1] == "]"}
    return [target for target in targets if target not in indexed] if indexed else targets


def resource_of(instance: ResourceInstance, expansion_needed: Iterable[str]) -> Resource:
    session, declared = instance.module.session, instance.declared
    told = _Told(instance, session)
    values = _body(told, declared.block.body, None, instance.each.names, instance.schema, "")
    for name in ("count", "for_each", "depends_on"):
        attribute = declared.attribute(name)
        if attribute is not None:
            span = Span(declared.path_of(name), attribute.start, attribute.end)
            told.link(name, _depends_on(instance, attribute.value) if name == "depends_on" else expansion_needed, span)
    modelled: tuple[str, ...] = ()
    if instance.mode == "data":
        modelled = tuple(name for name in data_sources.MODELLED.get(instance.type, ()) if name not in values)
        for name in modelled:
            values[name] = _told_value(told, name, instance.attribute(name))
    return Resource(
        instance.address, instance.mode, instance.type, instance.name, instance.module.address, instance.each.key, instance.region(),
        values, Span(declared.path, declared.block.start, declared.block.end), told.spans, tuple(dict.fromkeys(told.links)),
        instance.provider_key().text, frozenset(told.sensitive) if told.sensitive else _NOTHING, _ignored(declared), modelled,
    )  # fmt: skip


def _told_value(told: _Told, path: str, value: T) -> Datum:
    if isinstance(value, (str, int)):
        return value
    datum, sensitive = plain(value)
    told.sensitive.update(f"{path}{inner}" if not inner or inner.startswith("[") else f"{path}.{inner}" for inner in sensitive)
    return datum


def _body(told: _Told, body: Body, nested: Nested | None, names: Mapping[str, T], shape: Shape, prefix: str) -> dict[str, Datum]:
    instance, values = told.instance, dict[str, Datum]()
    for attribute in body.attributes:
        if not prefix and attribute.name in META_ARGUMENTS:
            continue
        path = intern(f"{prefix}.{attribute.name}") if prefix else attribute.name
        file = instance.path_of(attribute.name if nested is None else nested.written.type)
        span = told.spans[path] = Span(file, attribute.start, attribute.end)
        expression, wanted = attribute.value, attribute_type(shape, attribute.name)
        if isinstance(expression, Literal) and is_constant(expression.value, wanted):
            told.session.budget.spend(1)
            values[attribute.name] = expression.value
        else:
            needed: Iterable[str]
            if nested is None:
                value, needed = instance.told(attribute)
            else:
                with told.session.watching() as needed:
                    value = instance.value_of(expression, file, f"{instance.address}.{path}", names, wanted)
            values[attribute.name] = _as_blocks(_told_value(told, path, opened(value)), shape, attribute.name)
            told.link(path, needed, span)
        if isinstance(shape, BlockSchema) and attribute.name in shape.attributes and shape.attributes[attribute.name].sensitive:
            told.sensitive.add(path)
    if not body.blocks:
        return values
    groups: dict[str, list[Datum]] = {}
    with told.session.watching() as needed:
        blocks = instance.nested(body, instance.declared, None, names)
    for name, block in blocks:
        if not prefix and name in META_BLOCKS:
            continue
        group = groups.setdefault(name, [])
        path = intern(f"{prefix}.{name}[{len(group)}]" if prefix else f"{name}[{len(group)}]")
        if isinstance(block, Unknown):
            group.append(block)
            continue
        told.session.budget.spend(BLOCK_STEPS)
        span = told.spans[path] = Span(instance.path_of(name), block.written.start, block.written.end)
        if block.written.type == "dynamic":
            told.link(path, needed, span)
        group.append(_body(told, block.body, block, block.names, block_shape(shape, name), path))
    values.update({name: tuple(group) for name, group in groups.items()})
    return values


def _as_blocks(datum: Datum, shape: Shape, name: str) -> Datum:
    """In JSON syntax a nested block is written as an object: it is told like every other block, as a tuple of mappings."""
    if isinstance(shape, BlockSchema) and name in shape.blocks and isinstance(datum, Mapping):
        return (datum,)
    return datum


def _depends_on(instance: ResourceInstance, expression: object) -> list[str]:
    if not isinstance(expression, TupleItems):
        return []
    found = []
    prefix = f"{instance.module.address}." if instance.module.address else ""
    for names in (traversal.names for item in expression.items for traversal in traversals(item)):
        length = 3 if names[0] == "data" else 2
        found.append(prefix + ".".join(names[:length]))
    return found


def _ignored(declared: Declared) -> tuple[str, ...]:
    """What lifecycle.ignore_changes leaves to others; "all" for everything."""
    lifecycle = _nested(declared.block, "lifecycle")
    attribute = next((item for item in lifecycle.body.attributes if item.name == "ignore_changes"), None) if lifecycle else None
    if attribute is None:
        return ()
    return tuple(".".join(traversal.names) for traversal in traversals(attribute.value))


def _nested(block: Block, name: str) -> Block | None:
    return next((item for item in block.body.blocks if item.type == name), None)


def call_of(
    declared: Declared,
    address: str,
    located: Located,
    version: str,
    arguments: Mapping[str, tuple[T, Iterable[str]]],
    unread: tuple[str, ...] = (),
) -> ModuleCall:
    """A module call, told: its inputs (with what was needed for each) and where each is written."""
    spans = {item.name: Span(declared.path_of(item.name), item.start, item.end) for item in declared.block.body.attributes}
    values = {name: plain(opened(value))[0] for name, (value, _) in arguments.items()}
    links = tuple(Link(name, target, spans[name]) for name, (_, needed) in arguments.items() for target in exact(needed))
    span = Span(declared.path, declared.block.start, declared.block.end)
    modelled = located.model.said if located.model is not None else ""
    why = located.why(f"module.{declared.block.labels[0]}")
    return ModuleCall(address, located.source, version, located.directory, values, span, spans, why, links, modelled, unread)
