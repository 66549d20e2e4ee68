"""Which modules a file calls: told from its text where the text leaves no doubt, which takes a tenth of the time of parsing it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from clops_app.hcl.syntax import Literal
from clops_app.terraform.sources import Sources


class Call(NamedTuple):
    """`source` None: it is not a plain string."""

    name: str
    source: str | None


# Files as `terraform fmt` leaves them: a block begins and ends at the first column, and all in it stands further right.
_BLOCK = rb'[a-z_]+(?:[ ]"[^"\\\n]*")*[ ]\{(?:[^\n]*|[ ]*\n(?:[ ][^\n]*\n|\n)*)\}[ ]*(?:\n|\Z)'
_FORMATTED = re.compile(rb"(?:\n|(?:\#|//)[^\n]*\n|" + _BLOCK + rb")*+")
_MODULE = re.compile(rb'^module "([\w-]+)" \{[ ]*\n((?:[ ][^\n]*\n|\n)*)\}', re.MULTILINE)
_SAYS_MODULE = re.compile(rb'module(?:[ \t]+["\w]|")')
_SOURCE = re.compile(rb'[^\[({]*?^[ ]+source[ ]*=[ ]*"([\w./:@?=&~+ -]*)"[ ]*\n', re.MULTILINE)
_SAYS_SOURCE = re.compile(rb"(?<![\w.-])source(?![\w-])")


def calls_of(sources: Sources, path: str) -> tuple[Call, ...]:
    """The calls in one file, in its order."""
    content = sources.tree.files[path]
    if b"module" not in content:
        return ()
    key = (path, content)
    found = sources.parsed.calls.get(key)
    if found is None:
        plain = None if path.endswith(".json") else plain_calls(content)
        found = tuple(_parsed(sources, path)) if plain is None else plain
        sources.parsed.calls[key] = tuple((call.name, call.source) for call in found)
    return tuple(Call(*call) for call in found)


def plain_calls(content: bytes) -> tuple[Call, ...] | None:
    """The calls that the text says, or None where only parsing can tell."""
    if b"<<" in content or b"/*" in content or b"\r" in content or content.count(b"{") != content.count(b"}"):
        return None
    modules = list(_MODULE.finditer(content))
    if len(modules) != len(_SAYS_MODULE.findall(content)) or _FORMATTED.fullmatch(content) is None:
        return None
    found = []
    for module in modules:
        source = _SOURCE.match(module[2])
        if source is None or len(_SAYS_SOURCE.findall(module[2])) != 1:
            return None
        found.append(Call(module[1].decode(), source[1].decode()))
    return tuple(found)


def _parsed(sources: Sources, path: str) -> Iterator[Call]:
    for block in sources.file(path).body.blocks:
        if block.type == "module" and len(block.labels) == 1:
            value = next(
                (item.value.value for item in block.body.attributes if item.name == "source" and isinstance(item.value, Literal)), None
            )
            yield Call(block.labels[0], value if isinstance(value, str) else None)
