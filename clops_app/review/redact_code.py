"""A block of code as it may leave: every byte as the file holds it, or a mark in the place of what was taken out.

Taken out are the words of comments, texts of more than one line (scripts, policies, keys), what the provider's schema or a name
calls a secret, and all that is taken out of any text. An edit that holds the mark fits no file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from clops_app.hcl.find import walk
from clops_app.hcl.syntax import Block, Body, Expression, File, Interpolation, Literal, ObjectItems, Template
from clops_app.review.redact import REDACTED, hidden_in_text, names_a_secret
from clops_app.terraform.schema import BlockSchema, resource_schema

_COMMENT = re.compile(rb"(?P<line>#|//)[^\r\n]*|(?P<long>/\*)(?:.*?(?P<end>\*/)|.*)", re.DOTALL)
_NOTHING_KNOWN = BlockSchema({}, {})
_LEAST_LINE = 8  # characters; `else` and `}` are in many a script, and tell nothing
_VALUES = frozenset({"val", "value", "values", "default"})  # what stands beside a name: `name = "DB_PASSWORD", value = "…"`
_SCRIPTS = frozenset({"command", "inline", "user_data", "user_data_base64"})  # texts of more than one line, however they are written

Cut: TypeAlias = tuple[int, int]


def code_to_show(content: bytes, block: Block, clean: Callable[[str], str]) -> str:
    """A top-level block of a file. `clean` takes out of a text what must not leave."""
    kept: list[str] = []
    at = block.start
    cuts = sorted({*_secrets(block, content), *_scripts(block.body), *_comments(block, content)}, key=lambda cut: (cut[0], -cut[1]))
    for start, end in (*cuts, (block.end, block.end)):
        if start >= at:
            kept += (clean(content[at:start].decode(errors="replace")), REDACTED)
            at = end
    text = "".join(kept[:-1]).replace("\r\n", "\n")
    return "".join(sign if sign.isprintable() or sign in "\n\t" else "\ufffd" for sign in text)


def secrets_in(file: File, content: bytes) -> Iterator[str]:
    """The texts that are taken out of a file of code or of variables wherever they stand; lines of long texts by themselves."""
    values = Body(file.body.start, file.body.end, file.body.attributes, ())
    spans = {*_in_body(values, _NOTHING_KNOWN, content), *(span for block in file.body.blocks for span in _secrets(block, content))}
    for start, end in sorted(spans):
        written = content[start:end]
        if b"\n" in written and written.startswith((b"<<", b'"')):
            yield from (line for line in map(str.strip, written.decode(errors="replace").splitlines()) if len(line) >= _LEAST_LINE)
        else:
            yield from hidden_in_text(written)


def _secrets(block: Block, content: bytes) -> Iterator[Cut]:
    schema = None
    match block.type, block.labels:
        case ("resource" | "data") as kind, (type_name, *_):
            schema = resource_schema("managed" if kind == "resource" else "data", type_name)
        case (("variable" | "output"), (name, *_)) if names_a_secret(name) or _is_sensitive(block.body):
            yield from ((item.value.start, item.value.end) for item in block.body.attributes if item.name in _VALUES)
    yield from _in_body(block.body, schema or _NOTHING_KNOWN, content)


def _is_sensitive(body: Body) -> bool:
    """Whether it says `sensitive`, and not plainly `false`."""
    return any(item.name == "sensitive" and not (isinstance(item.value, Literal) and item.value.value is False) for item in body.attributes)


def _in_body(body: Body, schema: BlockSchema, content: bytes) -> Iterator[Cut]:
    named = any(_names(item.value) for item in body.attributes)
    for item in body.attributes:
        known = schema.attributes.get(item.name)
        if (known is not None and known.sensitive) or names_a_secret(item.name) or (named and item.name in _VALUES):
            yield item.value.start, item.value.end
        yield from _in_value(item.value, content)
    for block in body.blocks:
        name = block.labels[0] if block.type == "dynamic" and block.labels else block.type
        nested = schema.blocks.get(name)
        # The schema knows nothing of `content`: what stands in it is the dynamic block's own.
        below = schema if nested is None and name == "content" else _NOTHING_KNOWN if nested is None else nested.block
        yield from _in_body(block.body, below, content)


def _scripts(body: Body) -> Iterator[Cut]:
    yield from ((item.value.start, item.value.end) for item in body.attributes if item.name in _SCRIPTS)
    for block in body.blocks:
        yield from _scripts(block.body)


def _in_value(value: Expression, content: bytes) -> Iterator[Cut]:
    for node in walk(value):
        match node:
            case Literal(value=str()) | Template() if b"\n" in content[node.start : node.end]:
                yield node.start, node.end
            case ObjectItems(items=items):
                named = any(_names(inner) for _, inner in items)
                for key, inner in items:
                    name = content[key.start : key.end].decode(errors="replace").strip('"')
                    if names_a_secret(name) or (named and name in _VALUES):
                        yield inner.start, inner.end
            case _:
                pass


def _names(value: Expression) -> bool:
    return isinstance(value, Literal) and isinstance(value.value, str) and names_a_secret(value.value)


def _comments(block: Block, content: bytes) -> Iterator[Cut]:
    """The words of each comment, without the signs that begin and end it."""
    at = block.body.start
    for start, end in sorted([*_texts(block.body), (block.end, block.end)]):
        for found in _COMMENT.finditer(content, at, max(at, start)):
            first, last = found.end("line" if found["line"] else "long"), found.start("end") if found["end"] else found.end()
            if content[first:last].strip():
                yield first, last
        at = max(at, end)


def _texts(body: Body) -> Iterator[Cut]:
    """Where a sign of a comment is none: in quotes, in heredocs, in the header of a block."""
    for item in body.attributes:
        yield from ((node.start, node.end) for node in walk(item.value) if isinstance(node, Literal | Template | Interpolation))
    for block in body.blocks:
        yield block.start, block.body.start
        yield from _texts(block.body)
