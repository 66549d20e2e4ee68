"""A resource instance, told as a Resource: every configured value, where it is written, and what it refers to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from clops_app.hcl.find import traversals
from clops_app.hcl.syntax import TupleItems, make
from clops_app.model.resource import Link, ModuleCall, Resource
from clops_app.model.source import Span
from clops_app.model.values import Datum, Unknown
from clops_app.terraform import data_sources
from clops_app.terraform.declarations import Declared
from clops_app.terraform.instance import ResourceInstance
from clops_app.terraform.module_source import Located
from clops_app.terraform.resource_block import BLOCK_STEPS, META_BLOCKS, Outline, nested_path
from clops_app.terraform.session import Session
from clops_app.terraform.values import T, plain

_FEW = 8  # links
_LINKING = ("count", "for_each", "depends_on")


class _Told:
    """What is gathered while an instance is told, beside what its block says of every one."""

    __slots__ = ("instance", "links", "sensitive", "session", "spans")

    def __init__(self, instance: ResourceInstance, session: Session) -> None:
        self.instance = instance
        self.session = session
        self.sensitive: set[str] = set()
        self.spans: dict[str, Span] = {}
        self.links: list[Link] = []

    def link(self, via: str, needed: Iterable[str], span: Span) -> None:
        """Raises StaticError where there are too many: a hundred blocks that each need a thousand instances make many."""
        own = self.instance.address
        targets = exact(needed)
        if len(targets) > _FEW:  # fewer cost no more than the argument that needs them
            self.session.budget.spend(len(targets) << 1)
        for target in targets:
            if target != own:
                self.links.append(make(Link, (via, target, span)))


def exact(needed: Iterable[str]) -> list[str]:
    """Without the resources of which a certain instance is named as well."""
    targets = list(needed) if isinstance(needed, dict) else list(dict.fromkeys(needed))
    if len(targets) < 2:
        return targets
    indexed = {target.rpartition("[")[0] for target in targets if target[-1] == "]"}
    return [target for target in targets if target not in indexed] if indexed else targets


def resource_of(instance: ResourceInstance, expansion_needed: Iterable[str]) -> Resource:
    session, block = instance.module.session, instance.block
    whole = block.whole(session.budget)
    session.budget.spend(whole.steps)
    told = _Told(instance, session)
    values = _values(told, whole.outline, instance.each.names)
    for name in _LINKING if block.meta else ():
        if name in block.meta:
            attribute, span = block.meta[name]
            told.link(name, _depends_on(instance, attribute.value) if name == "depends_on" else expansion_needed, span)
    modelled: tuple[str, ...] = ()
    if block.mode == "data":
        modelled = tuple(name for name in data_sources.MODELLED.get(block.type, ()) if name not in values)
        values = {**values, **{name: _told_value(told, name, instance.attribute(name)) for name in modelled}}
    return Resource(
        instance.address, block.mode, block.type, block.name, instance.module.address, instance.each.key, instance.region(),
        values, block.span, {**whole.spans, **told.spans} if told.spans else whole.spans, tuple(told.links),
        block.provider.text, whole.sensitive | told.sensitive if told.sensitive else whole.sensitive, block.ignored, modelled,
    )  # fmt: skip


def _told_value(told: _Told, path: str, value: T) -> Datum:
    if isinstance(value, (str, int)):
        return value
    datum, sensitive = plain(value, told.session.budget.spend)
    if sensitive:
        told.sensitive.update(f"{path}{inner}" if not inner or inner.startswith("[") else f"{path}.{inner}" for inner in sensitive)
    return datum


def _values(told: _Told, outline: Outline, names: Mapping[str, T]) -> Mapping[str, Datum]:
    if outline.is_constant:
        return outline.values
    values = dict(outline.values)
    needed: Mapping[str, None]
    for argument in outline.open:
        if names is told.instance.each.names:
            value, needed = told.instance.told(argument)
        else:
            with told.session.watching() as needed:
                value = told.instance.value_of(argument, names)
        datum = _told_value(told, argument.path, value)
        # In JSON syntax a nested block is written as an object: it is told like every other block, as a tuple of mappings.
        values[argument.name] = (datum,) if argument.as_blocks and isinstance(datum, Mapping) else datum
        if needed:
            told.link(argument.path, needed, argument.span)
    for name, group in outline.groups:
        values[name] = tuple(_values(told, one, names) if isinstance(one, Outline) else one for one in group)
    if outline.loose:
        values.update(_loose(told, outline, names))
    return values


def _loose(told: _Told, outline: Outline, names: Mapping[str, T]) -> Mapping[str, Datum]:
    """The nested blocks of a body in which some are `dynamic`."""
    instance, budget = told.instance, told.session.budget
    groups: dict[str, list[Datum]] = {}
    with told.session.watching() as needed:
        blocks = instance.nested(outline.body, instance.block.declared, None, names)
    for name, block in blocks:
        if not outline.path and name in META_BLOCKS:
            continue
        group = groups.setdefault(name, [])
        if isinstance(block, Unknown):
            group.append(block)
            continue
        path = nested_path(outline.path, name, len(group))
        part = instance.block.part(outline, name, path, block.body, budget)
        budget.spend(BLOCK_STEPS + part.steps)
        span = told.spans[path] = Span(part.outline.file, block.written.start, block.written.end)
        told.spans.update(part.spans)
        told.sensitive.update(part.sensitive)
        if block.written.type == "dynamic":
            told.link(path, needed, span)
        group.append(_values(told, part.outline, block.names))
    return {name: tuple(group) for name, group in groups.items()}


def _depends_on(instance: ResourceInstance, expression: object) -> list[str]:
    if not isinstance(expression, TupleItems):
        return []
    found = []
    prefix = f"{instance.module.address}." if instance.module.address else ""
    for names in (traversal.names for item in expression.items for traversal in traversals(item)):
        length = 3 if names[0] == "data" else 2
        found.append(prefix + ".".join(names[:length]))
    return found


def call_of(
    declared: Declared,
    address: str,
    located: Located,
    version: str,
    arguments: Mapping[str, tuple[T, Iterable[str]]],
    spend: Callable[[int], None],
    unread: tuple[str, ...] = (),
) -> ModuleCall:
    """A module call, told: its inputs (with what was needed for each) and where each is written."""
    spans = {item.name: Span(declared.path_of(item.name), item.start, item.end) for item in declared.block.body.attributes}
    values = {name: plain(value, spend)[0] for name, (value, _) in arguments.items()}
    links = tuple(Link(name, target, spans[name]) for name, (_, needed) in arguments.items() for target in exact(needed))
    span = Span(declared.path, declared.block.start, declared.block.end)
    modelled = located.model.said if located.model is not None else ""
    why = located.why(f"module.{declared.block.labels[0]}")
    return ModuleCall(address, located.source, version, located.directory, values, span, spans, why, links, modelled, unread)
