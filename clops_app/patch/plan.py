"""A fix, told in resources, becomes edits of the files where those resources get their values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from clops_app.hcl.syntax import Attribute, Body
from clops_app.language import tr
from clops_app.model.finding import AddBlock, AddResource, Change, Code, Fix, NewBlock, RemoveAttribute, SetAttribute
from clops_app.model.resource import ModuleCall, Resource
from clops_app.model.source import Edit, Span
from clops_app.model.values import Plain
from clops_app.patch.follow import Context, NotPatchable, Origin, Written, constant, key_of, parent_of, permits, source_of, unreachable
from clops_app.patch.operations import AddInside, AddOnTop, Operation, Remove, RemoveBlock, Set, carried_out
from clops_app.patch.places import Spot, Step, attribute_of, chain_at, name_of
from clops_app.terraform.declarations import Declarations

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class _Target:
    """The block that a change's address names, and the module instance it is written in."""

    source: Span
    spans: Mapping[str, Span]
    module: str
    each: Step | None
    ignored: tuple[str, ...] = ()


def plan_edits(fix: Fix, context: Context) -> tuple[Edit, ...] | NotPatchable:
    """The edits that carry out a fix, as whole lines, in path order; or why there are none.

    Several changes of one body, which would each move its alignment, are made one after the other on the text.
    """
    operations: list[Operation] = []
    for change in fix.changes:
        operation = _operation(change, context)
        if isinstance(operation, NotPatchable):
            return operation
        if operation not in operations:  # instances of one block ask for the same
            operations.append(operation)
    if (clash := _clash(operations)) is not None:
        return clash
    edits: list[Edit] = []
    for path in sorted({operation.spot.path for operation in operations}):
        here = [operation for operation in operations if operation.spot.path == path]
        content = context.tree.files[path]
        if not _is_text(content):
            return NotPatchable(tr("{path} is not in UTF-8, as Terraform wants it", path=path))
        edits += carried_out(here, path, content, context.sources.parsed)
    return tuple(edits) or NotPatchable(tr("it is written so already"))


def _is_text(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _clash(operations: Iterable[Operation]) -> NotPatchable | None:
    """Two values for one place: instances of one block that would each need their own."""
    wanted: dict[Spot, Operation] = {}
    for operation in operations:
        if isinstance(operation, Set | Remove) and wanted.setdefault(operation.spot, operation) != operation:
            return NotPatchable(tr("its instances would need different values, and one line gives them all the same"))
    return None


def _operation(change: Change, context: Context) -> Operation | NotPatchable:
    target = _target(change.address, context)
    if target is None:
        if not change.address:
            return NotPatchable(tr("the root is not written in this root"))
        return NotPatchable(tr("{address} is not written in this root", address=change.address))
    match change:
        case SetAttribute(path=path, value=value):
            return _set(target, path, value, context)
        case RemoveAttribute(path=path):
            return _remove(target, path, context)
        case AddBlock(path=path, block=block):
            return _add_inside(target, path, block, context)
        case AddResource(block=block):
            return _add_on_top(target, block, context)


def _target(address: str, context: Context) -> _Target | None:
    configuration = context.configuration
    found: Resource | ModuleCall | None = next((r for r in configuration.resources if r.address == address), None)
    # A resource without its index: all its instances are one block.
    found = found or next((r for r in configuration.resources if r.address.startswith(f"{address}[")), None)
    if isinstance(found, Resource) and not _is_written(found, context):
        return None  # known from a plan alone: it stands in a module whose source is not here
    if isinstance(found, Resource):
        each = None if not isinstance(found.index, int | str) else found.index
        return _Target(found.source, found.spans, found.module, each, found.ignored_changes)
    call = next((c for c in configuration.modules if c.address == address or c.address.startswith(f"{address}[")), None)
    if call is not None:
        return _Target(call.source, call.spans, parent_of(call.address), key_of(call.address))
    provider = next((p for p in configuration.settings.providers if address in (p.name, f"provider.{p.name}")), None)
    span = provider.source if provider is not None else configuration.settings.span if address in ("", "terraform") else None
    return None if span is None else _Target(span, {}, "", None)


def _is_written(resource: Resource, context: Context) -> bool:
    """Whether its place is its own block, and not the module call or terraform block that stands for it."""
    _, blocks = chain_at(context.sources.file(resource.source.path).body, resource.source.start)
    return bool(blocks) and blocks[0].labels == (resource.type, resource.name)


@dataclass(frozen=True, slots=True)
class _Found:
    """How far a path is written: the innermost body or attribute on it, and the steps that are left."""

    spot: Spot
    attribute: Attribute | None
    rest: tuple[Step, ...]


def _walk(target: _Target, path: str, context: Context) -> _Found | NotPatchable:
    """Go down a path as far as it is written. Where `dynamic` made a block, only the evaluation knows which it is."""
    prefix = path
    while prefix and prefix not in target.spans:
        prefix = prefix[: max(prefix.rfind("."), prefix.rfind("["), 0)]
    start = target.spans[prefix] if prefix else target.source
    if start.path not in context.tree.files:
        return NotPatchable(tr("{path} is not in this repository", path=start.path))
    names, blocks = chain_at(context.sources.file(start.path).body, start.start)
    if not blocks:
        return NotPatchable(tr("its block was not found"))
    rest = tuple(name or int(number) for name, number in _STEP.findall(path[len(prefix) :]))
    spot, body = Spot(start.path, names), blocks[-1].body
    at = next((item for item in body.attributes if prefix and item.start == start.start), None)
    if at is not None:
        return _Found(replace(spot, attribute=at.name), at, rest)
    if blocks[-1].type == "dynamic" and (content := next((b for b in body.blocks if b.type == "content"), None)) is not None:
        spot, body = replace(spot, blocks=(*names, name_of(content, body))), content.body
    return _descend(spot, body, rest)


def _descend(spot: Spot, body: Body, rest: tuple[Step, ...]) -> _Found:
    match rest:
        case (str(name), *_) if (attribute := attribute_of(body, name)) is not None:
            return _Found(replace(spot, attribute=name), attribute, rest[1:])
        case (str(name), int(number), *_):
            dynamic = any(block.type == "dynamic" and name in block.labels for block in body.blocks)
            same = [block for block in body.blocks if block.type == name]
            if not dynamic and number < len(same):
                return _descend(replace(spot, blocks=(*spot.blocks, name_of(same[number], body))), same[number].body, rest[2:])
    return _Found(spot, None, rest)


def _set(target: _Target, path: str, value: Plain | Code, context: Context) -> Operation | NotPatchable:
    if any(name in ("all", re.split(r"[.\[]", path)[0]) for name in (ignored.partition(".")[0] for ignored in target.ignored)):
        return NotPatchable(tr("its lifecycle.ignore_changes keeps Terraform from applying it"))
    found = _walk(target, path, context)
    if isinstance(found, NotPatchable):
        return found
    if found.attribute is not None:
        return _set_written(target, found, found.attribute, value, context)
    if (why := unreachable(context, found.spot.path)) is not None:
        return NotPatchable(why)
    match found.rest:
        case (str(name),):
            return Set(replace(found.spot, attribute=name), value)
        case (str(name), str(key)) if not isinstance(value, Code):
            return Set(replace(found.spot, attribute=name), {key: value})
        case (str(block), 0, str(name)):
            return AddInside(found.spot, NewBlock(block, attributes={name: value}))
        case _:
            return NotPatchable(tr("{path} is not written", path=path))


def _set_written(target: _Target, found: _Found, attribute: Attribute, value: Plain | Code, context: Context) -> Operation | NotPatchable:
    written = source_of(context, Origin(found.spot, attribute.value, target.module, target.each), found.rest)
    if isinstance(written, NotPatchable):
        return written
    if not permits(written, value, target.module):
        if not target.module:
            return NotPatchable(tr("the new value names things of the root, and is given elsewhere"))
        return NotPatchable(tr("the new value names things of {module}, and is given elsewhere", module=target.module))
    return Set(written.spot, value)


def _remove(target: _Target, path: str, context: Context) -> Operation | NotPatchable:
    found = _walk(target, path, context)
    if isinstance(found, NotPatchable):
        return found
    if (why := unreachable(context, found.spot.path)) is not None:
        return NotPatchable(why)
    if found.rest:
        return NotPatchable(tr("{path} is not written", path=path))
    if found.attribute is None:
        dynamic = any(name.type == "dynamic" for name in found.spot.blocks)
        return NotPatchable(tr("{path} is made by a dynamic block", path=path)) if dynamic or not path else RemoveBlock(found.spot)
    if constant(found.attribute.value):
        return Remove(found.spot)
    written = source_of(context, Origin(found.spot, found.attribute.value, target.module, target.each))
    match written:
        case Written(spot, module) if module is not None and spot.blocks[0].type == "module" and not spot.inside:
            # Without the argument the module's own default applies; whether that mends it, the proof tells.
            return Remove(spot)
        case NotPatchable():
            return written
        case _:
            return NotPatchable(tr("its value is used elsewhere under the same name"))


def _add_inside(target: _Target, path: str, block: NewBlock, context: Context) -> Operation | NotPatchable:
    found = _walk(target, path, context)
    if isinstance(found, NotPatchable):
        return found
    if (why := unreachable(context, found.spot.path)) is not None:
        return NotPatchable(why)
    if found.rest or found.attribute is not None:
        return NotPatchable(tr("{path} is not written as a block", path=path))
    return AddInside(found.spot, block)


def _add_on_top(target: _Target, block: NewBlock, context: Context) -> Operation | NotPatchable:
    path = target.source.path
    if (why := unreachable(context, path)) is not None:
        return NotPatchable(why)
    names, _ = chain_at(context.sources.file(path).body, target.source.start)
    if _declared(context.declarations(path.rpartition("/")[0]), block):
        return NotPatchable(tr("{name} is already declared", name=f"{block.type} {'.'.join(block.labels)}"))
    return AddOnTop(Spot(path, names[:1]), block)


def _declared(there: Declarations, block: NewBlock) -> bool:
    match block.type, block.labels:
        case ("resource" | "data") as kind, (type_name, name):
            return ("managed" if kind == "resource" else "data", type_name, name) in there.resources
        case "variable", (name,):
            return name in there.variables
        case "module", (name,):
            return name in there.modules
        case "output", (name,):
            return name in there.outputs
        case "provider", (name,):
            return str(block.attributes.get("alias", "")) == "" and name in there.providers
        case _:
            return False
