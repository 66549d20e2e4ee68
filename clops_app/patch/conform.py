"""What is written in a block is what the provider's schema allows, or the difference is named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from clops_app.hcl.syntax import Attribute, Block, Body, Expression, Interpolation, ObjectItems, Parentheses, Template, TupleItems
from clops_app.hcl.syntax import Literal as LiteralExpression
from clops_app.language import tr
from clops_app.model.types import ListType, MapType, ObjectType, Primitive, SetType, TupleType, Type, type_string
from clops_app.terraform.schema import AttributeSchema, BlockSchema, NestedBlock, resource_schema

# https://developer.hashicorp.com/terraform/language/block/resource and /data: what every resource and data block may hold.
META_ARGUMENTS = frozenset({"count", "for_each", "depends_on", "provider"})
META_BLOCKS = frozenset({"lifecycle", "connection", "provisioner"})

# https://developer.hashicorp.com/terraform/language/block/terraform
_TERRAFORM_ARGUMENTS = frozenset({"required_version", "experiments", "language"})
_TERRAFORM_BLOCKS = frozenset({"backend", "cloud", "required_providers", "provider_meta"})

_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")


def _optional(of: Type) -> AttributeSchema:
    return AttributeSchema(of, required=False, optional=True, computed=False, sensitive=False)


# The compiled schema has no provider block. Of it, only what a fix may write is known here:
# https://registry.terraform.io/providers/hashicorp/aws/latest/docs#argument-reference
_TAGS = NestedBlock("list", BlockSchema({"tags": _optional(MapType(type_string))}, {}), 0, 1)
_PROVIDER = BlockSchema({"alias": _optional(type_string), "region": _optional(type_string)}, {"default_tags": _TAGS})


def new_problems(before: Block | None, after: Block) -> tuple[str, ...]:
    """What is wrong with a changed top-level block that was not wrong before: a stranger's older code is not ours to judge."""
    known = Counter(_block_problems(before)) if before is not None else Counter[str]()
    return tuple((Counter(_block_problems(after)) - known).elements())


def _block_problems(block: Block) -> Iterator[str]:
    match block.type, block.labels:
        case ("resource" | "data") as kind, (type_name, _):
            schema = resource_schema("managed" if kind == "resource" else "data", type_name)
            if schema is None:
                yield tr("no schema of {type} is at hand to check it against", type=type_name)
                return
            yield from _body_problems(block.body, schema, type_name, top=True)
        case "provider", ("aws",):
            yield from _body_problems(block.body, _PROVIDER, "provider aws", top=False)
        case "provider", (name, *_):
            yield tr("no schema of provider {name} is at hand to check it against", name=name)
        case "terraform", ():
            yield from (_no_argument("terraform", a.name) for a in block.body.attributes if a.name not in _TERRAFORM_ARGUMENTS)
            yield from (_no_block("terraform", b.type) for b in block.body.blocks if b.type not in _TERRAFORM_BLOCKS)
        case _:
            # Variables, locals, outputs and module calls have no provider schema; evaluating them again is their check.
            return


def _body_problems(body: Body, schema: BlockSchema, where: str, *, top: bool) -> Iterator[str]:
    written = {attribute.name for attribute in body.attributes}
    for attribute in body.attributes:
        if not (top and attribute.name in META_ARGUMENTS):
            yield from _attribute_problems(attribute, schema, where)
    counts: Counter[str] = Counter()
    dynamic: set[str] = set()
    for block in body.blocks:
        name, inner = _expanded(block)
        if top and name in META_BLOCKS:
            continue
        counts[name] += 1
        if block.type == "dynamic":
            dynamic.add(name)
        if inner is not None:
            yield from _nested_problems(name, inner, schema, where)
    for name, expected in schema.attributes.items():
        if expected.required and name not in written and counts[name] == 0:
            yield _requires(where, name)
    for name, nested in schema.blocks.items():
        yield from _count_problems(name, counts[name], name in dynamic, nested, where)


def _expanded(block: Block) -> tuple[str, Body | None]:
    """The name and body that a nested block stands for: those of its content, where it is dynamic."""
    if block.type != "dynamic":
        return block.type, block.body
    content = next((inner.body for inner in block.body.blocks if inner.type == "content"), None)
    return block.labels[0] if block.labels else "", content


def _attribute_problems(attribute: Attribute, schema: BlockSchema, where: str) -> Iterator[str]:
    name = attribute.name
    expected = schema.attributes.get(name)
    if expected is None:
        if name in schema.blocks:
            yield tr("{where} is a block, not an argument", where=f"{where}.{name}")
        else:
            yield _no_argument(where, name)
        return
    if expected.computed and not expected.optional:
        yield tr("{where} is set by AWS and cannot be written", where=f"{where}.{name}")
        return
    if expected.required and _is_null(attribute.value):
        yield _requires(where, name)
    yield from _type_problems(attribute.value, expected.type, f"{where}.{name}")


def _nested_problems(name: str, body: Body, schema: BlockSchema, where: str) -> Iterator[str]:
    nested = schema.blocks.get(name)
    if nested is not None:
        yield from _body_problems(body, nested.block, f"{where}.{name}", top=False)
        return
    match schema.attributes.get(name):
        case AttributeSchema(type=ListType(ObjectType(members)) | SetType(ObjectType(members))):
            # The provider's "attributes as blocks": `ingress { … }` for an attribute that is a set of objects.
            yield from _as_block_problems(body, members, f"{where}.{name}")
        case None:
            yield _no_block(where, name)
        case _:
            yield tr("{where} is an argument, not a block", where=f"{where}.{name}")


def _as_block_problems(body: Body, members: Mapping[str, Type], where: str) -> Iterator[str]:
    for attribute in body.attributes:
        of = members.get(attribute.name)
        if of is None:
            yield _no_argument(where, attribute.name)
        else:
            yield from _type_problems(attribute.value, of, f"{where}.{attribute.name}")
    yield from (_no_block(where, block.type) for block in body.blocks if block.type != "dynamic" and block.type not in members)


def _count_problems(name: str, count: int, dynamic: bool, nested: NestedBlock, where: str) -> Iterator[str]:
    most = 1 if nested.nesting in ("single", "group") else nested.max_items
    if count < nested.min_items and not dynamic:
        yield tr("{where} requires {least} {name}, {count} written", where=where, least=nested.min_items, name=name, count=count)
    # A dynamic block counts as one: it may make none, but a fix must not rely on that.
    if most and count > most:
        yield tr("{where} takes at most {most} {name}, {count} written", where=where, most=most, name=name, count=count)


def _is_null(expression: Expression) -> bool:
    return isinstance(expression, LiteralExpression) and expression.value is None


def _type_problems(expression: Expression, expected: Type, where: str) -> Iterator[str]:
    """Only what is written out can be judged here; references are judged by evaluating them."""
    match expression, expected:
        case ((Parentheses(inner=inner) | Interpolation(inner=inner)), _):
            yield from _type_problems(inner, expected, where)
        case LiteralExpression(value=value), _:
            if value is not None and not _converts(value, expected):
                yield _must_be(where, expected)
        case Template(), (ListType() | SetType() | MapType() | ObjectType() | TupleType() | Primitive("bool")):
            yield _must_be(where, expected)
        case TupleItems(items=items), (ListType(of) | SetType(of)):
            for item in items:
                yield from _type_problems(item, of, where)
        case TupleItems(), (Primitive() | MapType() | ObjectType()):
            yield _must_be(where, expected)
        case ObjectItems(items=pairs), MapType(of):
            for _, written in pairs:
                yield from _type_problems(written, of, where)
        case ObjectItems(items=pairs), ObjectType(members, optional):
            yield from _object_problems(pairs, members, optional, where)
        case ObjectItems(), (Primitive() | ListType() | SetType() | TupleType()):
            yield _must_be(where, expected)
        case _:
            return


def _object_problems(
    pairs: tuple[tuple[Expression, Expression], ...], members: Mapping[str, Type], optional: frozenset[str], where: str
) -> Iterator[str]:
    written = {key.value: value for key, value in pairs if isinstance(key, LiteralExpression) and isinstance(key.value, str)}
    if len(written) < len(pairs):
        return  # a computed key may be any of them
    for name, value in written.items():
        if name in members:
            yield from _type_problems(value, members[name], f"{where}.{name}")
    # Terraform converts an object to an object type only when no attribute is missing; others are dropped.
    yield from (_requires(where, name) for name in members if name not in written and name not in optional)


def _converts(value: object, expected: Type) -> bool:
    """Terraform's own conversions between string, number and bool."""
    match expected, value:
        case Primitive("string"), _:
            return True
        case Primitive("number"), str():
            return _NUMBER.fullmatch(value) is not None
        case Primitive("number"), _:
            return not isinstance(value, bool)
        case Primitive("bool"), (bool() | "true" | "false"):
            return True
        case ((Primitive() | ListType() | SetType() | MapType() | ObjectType() | TupleType()), _):
            return False
        case _:
            return True


def _requires(where: str, name: str) -> str:
    return tr("{where} requires {name}", where=where, name=name)


def _no_argument(where: str, name: str) -> str:
    return tr("{where} has no argument {name}", where=where, name=name)


def _no_block(where: str, name: str) -> str:
    return tr("{where} has no block {name}", where=where, name=name)


def _must_be(where: str, expected: Type) -> str:
    match expected:
        case Primitive(name):
            return tr("{where} must be a {type}", where=where, type=name)
        case ListType() | SetType() | TupleType():
            return tr("{where} must be a list", where=where)
        case MapType() | ObjectType():
            return tr("{where} must be a map", where=where)
        case _:
            return tr("{where} must be another type", where=where)
