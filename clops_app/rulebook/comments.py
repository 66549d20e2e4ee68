"""`clops:ignore` comments are known: which rules, until when, why, and the block or attribute each one stands on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from clops_app.hcl.parser import parse
from clops_app.hcl.syntax import Body
from clops_app.language import tr
from clops_app.model.resource import Diagnostic
from clops_app.model.source import SourceTree, Span, line_starts, position

_MARK = b"clops:ignore"
_COMMENT = re.compile(r"^(?P<before>.*?)(?:#|//|/\*)\s*clops:ignore\b(?P<rest>.*?)(?:\*/.*)?$")
_ONLY_COMMENT = re.compile(r"^\s*(?:#|//|/\*.*\*/\s*$|$)")
_RULES = re.compile(r"\s+([\w-]+/[\w-]+(?:\s*,\s*[\w-]+/[\w-]+)*)\s*")
_UNTIL = re.compile(r"\s*until=(\S+)\s*")


@dataclass(frozen=True, slots=True)
class IgnoreComment:
    """A comment and the node it stands on: `span`. `module` is "module.x" when that is a module call of `directory`, else ""."""

    rules: tuple[str, ...]
    until: date | None
    reason: str
    span: Span
    module: str
    directory: str
    where: str


class _Node(NamedTuple):
    start: int
    end: int
    module: str


def read_comments(tree: SourceTree, files: Iterable[str]) -> tuple[tuple[IgnoreComment, ...], tuple[Diagnostic, ...]]:
    """Read the ignore comments of these files, and say of those that cannot work why not."""
    comments: list[IgnoreComment] = []
    diagnostics: list[Diagnostic] = []
    for path in sorted(set(files)):
        content = tree.files.get(path, b"")
        if _MARK in content and not path.endswith(".json"):
            for found in _in_file(path, content):
                match found:
                    case IgnoreComment():
                        comments.append(found)
                    case Diagnostic():
                        diagnostics.append(found)
    return tuple(comments), tuple(diagnostics)


def _in_file(path: str, content: bytes) -> Iterator[IgnoreComment | Diagnostic]:
    lines = content.decode(errors="replace").split("\n")
    nodes = _by_line(content, parse(path, content).body)
    for number, line in enumerate(lines, start=1):
        found = _COMMENT.match(line.rstrip("\r"))
        # An odd number of quotes before it: the words stand inside a string.
        if found is not None and found["before"].count('"') % 2 == 0:
            target = number if found["before"].strip() else _next_code(lines, number)
            yield _comment(path, number, found["rest"], nodes.get(target))


def _next_code(lines: list[str], number: int) -> int:
    """The number of the first line below `number` that is more than a comment."""
    return next((at for at in range(number + 1, len(lines) + 1) if not _ONLY_COMMENT.match(lines[at - 1])), 0)


def _by_line(content: bytes, body: Body) -> dict[int, _Node]:
    """The outermost block or attribute that starts on each line."""
    starts = line_starts(content)
    nodes: dict[int, _Node] = {}
    for node in _nodes(body):
        nodes.setdefault(position(starts, node.start).line, node)
    return nodes


def _nodes(body: Body) -> Iterator[_Node]:
    for attribute in body.attributes:
        yield _Node(attribute.start, attribute.end, "")
    for block in body.blocks:
        called = f"module.{block.labels[0]}" if block.type == "module" and len(block.labels) == 1 else ""
        yield _Node(block.start, block.end, called)
        yield from _nodes(block.body)


def _comment(path: str, number: int, rest: str, node: _Node | None) -> IgnoreComment | Diagnostic:
    where = f"{path}:{number}"
    named = _RULES.match(rest)
    if named is None:
        return _useless(where, tr("it names no rule; write `clops:ignore aws/rule_name until=2027-01-31 reason`"))
    until, reason = _until(rest[named.end() :])
    if isinstance(until, str):
        return _useless(where, tr("{written!r} is not a date; write until=2027-01-31", written=until))
    if node is None:
        return _useless(where, tr("no block or attribute starts on this line or the next; put it right above the one that it is about"))
    rules = tuple(name.strip() for name in named.group(1).split(","))
    return IgnoreComment(rules, until, reason, Span(path, node.start, node.end), node.module, path.rpartition("/")[0], where)


def _useless(where: str, why: str) -> Diagnostic:
    return Diagnostic(tr("ignore has no effect"), where, why)


def _until(text: str) -> tuple[date | None | str, str]:
    """The date, None, or the text that is no date; and the reason that follows."""
    found = _UNTIL.match(text)
    if found is None:
        return None, text.strip()
    try:
        return date.fromisoformat(found.group(1)), text[found.end() :].strip()
    except ValueError:
        return found.group(1), ""
