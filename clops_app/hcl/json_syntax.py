"""`.tf.json` becomes the same tree as `.tf`: which members are blocks, which strings are templates, which are references.

Without a provider's schema nobody can tell a nested block from a map. So only the blocks that Terraform itself knows
become Blocks; every other member is an Attribute whose value is objects and tuples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from clops_app.hcl.json_reader import JsonArray, JsonNode, JsonObject, JsonScalar, JsonString, read_json
from clops_app.hcl.parser import expression_between, not_read, template_between
from clops_app.hcl.recovery import MAX_PROBLEMS
from clops_app.hcl.syntax import (
    Attribute,
    Block,
    Body,
    Expression,
    File,
    Interpolation,
    Literal,
    ObjectItems,
    SyntaxProblem,
    Traversal,
    TupleItems,
)
from clops_app.hcl.tokens import HclSyntaxError, too_deep
from clops_app.language import later


class _Kind(NamedTuple):
    """What Terraform knows of a kind of block: labels, nested blocks, strings that are references, strings that are text."""

    labels: int = 0
    blocks: Mapping[str, _Kind] = MappingProxyType({})
    references: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()


def _kind(labels: int = 0, references: str = "", texts: str = "", blocks: Mapping[str, _Kind] | None = None) -> _Kind:
    return _Kind(labels, MappingProxyType(dict(blocks or {})), frozenset(references.split()), frozenset(texts.split()))


# https://developer.hashicorp.com/terraform/language/syntax/json, "Block-type-specific Exceptions": which strings are
# templates, which are references or type expressions, and which are taken as they stand.
_EVERY = "*"
_CONDITION = _kind()
_LIFECYCLE = _kind(references="ignore_changes replace_triggered_by", blocks={"precondition": _CONDITION, "postcondition": _CONDITION})
_PROVISIONER = _kind(1, references="when on_failure", blocks={"connection": _kind()})
_INNER_DYNAMIC = _kind(1, references="iterator", blocks={"content": _kind()})
_DYNAMIC = _kind(1, references="iterator", blocks={"content": _kind(blocks={"dynamic": _INNER_DYNAMIC})})
_DATA = _kind(2, "depends_on provider", blocks={"lifecycle": _LIFECYCLE, "dynamic": _DYNAMIC})
_RESOURCE = _DATA._replace(blocks=MappingProxyType({**_DATA.blocks, "provisioner": _PROVISIONER, "connection": _kind()}))
_CLOUD = _kind(texts=_EVERY, blocks={"workspaces": _kind(texts=_EVERY)})
_TERRAFORM = {"backend": _kind(1, texts=_EVERY), "cloud": _CLOUD, "required_providers": _kind(texts=_EVERY), "provider_meta": _kind(1)}
_FILE = _kind(
    blocks={
        "resource": _RESOURCE,
        "data": _DATA,
        "ephemeral": _DATA,
        "module": _kind(1, "depends_on providers", "source version"),
        "variable": _kind(1, "type", "default description", {"validation": _CONDITION}),
        "output": _kind(1, "depends_on", "description", {"precondition": _CONDITION}),
        "locals": _kind(),
        "provider": _kind(1, texts="alias version", blocks={"dynamic": _DYNAMIC}),
        "terraform": _kind(texts="required_version", blocks=_TERRAFORM),
        "moved": _kind(references="from to"),
        "removed": _kind(references="from", blocks={"lifecycle": _kind(), "provisioner": _PROVISIONER}),
        "import": _kind(references="to provider"),
        "check": _kind(1, blocks={"data": _DATA, "assert": _CONDITION}),
    }
)
_VARIABLES = _kind(texts=_EVERY)


class _Converting(NamedTuple):
    """One document being converted, and the problems found on the way."""

    view: str
    problems: list[SyntaxProblem]


def parse_json(path: str, content: bytes) -> File:
    """Read one file in Terraform's JSON syntax; in a `.tfvars.json` every string is plain text."""
    empty = Body(0, len(content), (), ())
    if (refused := not_read(content)) is not None:
        return File(path, empty, (refused,))
    try:
        document = read_json(content)
    except HclSyntaxError as error:
        return File(path, empty, (error.problem,))
    except RecursionError:
        return File(path, empty, (too_deep(0).problem,))
    converting = _Converting(document.view, [])
    variables = path.endswith(".tfvars.json")
    kind = _VARIABLES if variables else _FILE
    body = _body(converting, kind, document.root, "Root value must be object")
    if not variables:
        for stray in body.attributes:
            detail = later("Terraform has no top-level `{name}`; a comment is written under the key `//`", name=stray.name)
            converting.problems.append(SyntaxProblem(stray.start, "Extraneous JSON object property", detail))
        body = body._replace(attributes=())
    return File(path, body._replace(start=0, end=len(content)), tuple(sorted(converting.problems)[:MAX_PROBLEMS]))


def _objects(converting: _Converting, node: JsonNode, summary: str) -> Iterator[JsonObject]:
    """The object, or each object of an array: Terraform takes both for one body, and null for an empty one."""
    for item in node.items if isinstance(node, JsonArray) else (node,):
        if isinstance(item, JsonObject):
            yield item
        elif not (isinstance(item, JsonScalar) and item.value is None):
            detail = later("a JSON object, or an array of objects, was expected here")
            converting.problems.append(SyntaxProblem(item.start, summary, detail))


def _body(converting: _Converting, kind: _Kind, node: JsonNode, summary: str = "Incorrect JSON value type") -> Body:
    attributes: dict[str, Attribute] = {}
    blocks: list[Block] = []
    for item in _objects(converting, node, summary):
        for key, value in item.members:
            if key.value == "//":
                continue
            nested = kind.blocks.get(key.value)
            if nested is not None:
                blocks += _blocks(converting, key.value, nested, (), key.start, value)
            elif key.value in attributes:
                detail = later("`{name}` is already set in this object; remove one of the two", name=key.value)
                converting.problems.append(SyntaxProblem(key.start, "Duplicate argument", detail))
            else:
                expression = _argument(converting, kind, key.value, value)
                attributes[key.value] = Attribute(key.start, value.end, key.value, key.end, expression)
    return Body(node.start + 1, node.end - 1, tuple(attributes.values()), tuple(blocks))


def _blocks(converting: _Converting, name: str, kind: _Kind, labels: tuple[str, ...], start: int, node: JsonNode) -> Iterator[Block]:
    """The blocks under one key. Each begins at its innermost label's key, or at its own brace in an array."""
    if len(labels) < kind.labels:
        for item in _objects(converting, node, "Incorrect JSON value type"):
            for key, value in item.members:
                yield from _blocks(converting, name, kind, (*labels, key.value), key.start, value)
        return
    for item in _objects(converting, node, "Incorrect JSON value type"):
        yield Block(item.start if isinstance(node, JsonArray) else start, item.end, name, labels, _body(converting, kind, item))


def _argument(converting: _Converting, kind: _Kind, name: str, node: JsonNode) -> Expression:
    if name in kind.references:
        return _converted(converting, node, _reference)
    if name in kind.texts or _EVERY in kind.texts:
        return _converted(converting, node, _text)
    return _converted(converting, node, _template)


_ReadString = Callable[[_Converting, JsonString], Expression]


def _converted(converting: _Converting, node: JsonNode, read: _ReadString) -> Expression:
    match node:
        case JsonString():
            return read(converting, node)
        case JsonScalar(start, end, value):
            return Literal(start, end, value)
        case JsonArray(start, end, items):
            return TupleItems(start, end, tuple(_converted(converting, item, read) for item in items))
        case JsonObject(start, end, members):
            return ObjectItems(
                start, end, tuple((_key(converting, key, read), _converted(converting, value, read)) for key, value in members)
            )


def _key(converting: _Converting, key: JsonString, read: _ReadString) -> Expression:
    expression = read(converting, key)
    # A bare word is text, as in `providers = { aws = aws.replica }`.
    return _text(converting, key) if isinstance(expression, Traversal) and len(expression.names) == 1 else expression


def _text(_: _Converting, node: JsonString) -> Expression:
    return Literal(node.start, node.end, node.value)


def _template(converting: _Converting, node: JsonString) -> Expression:
    if ("${" not in node.value and "%{" not in node.value) or len(converting.problems) >= MAX_PROBLEMS:
        return _text(converting, node)
    template = template_between(converting.view, node.start + 1, node.start + 1 + node.size)
    if isinstance(template, SyntaxProblem):
        converting.problems.append(template)
        return _text(converting, node)
    return template._replace(start=node.start, end=node.end)


def _reference(converting: _Converting, node: JsonString) -> Expression:
    """The expression that a string stands for: `aws_s3_bucket.a`, `list(string)`, or the same within `${}`."""
    if "${" in node.value:
        template = _template(converting, node)
        return template.inner if isinstance(template, Interpolation) else template
    if len(converting.problems) >= MAX_PROBLEMS:
        return _text(converting, node)
    expression = expression_between(converting.view, node.start + 1, node.start + 1 + node.size)
    if isinstance(expression, SyntaxProblem):
        converting.problems.append(expression)
        return _text(converting, node)
    return expression
