"""Trees without positions, and templates rendered, so that tests compare meanings."""

from __future__ import annotations

from collections.abc import Mapping

from clops_app.hcl.parser import parse, parse_expression
from clops_app.hcl.syntax import (
    Body,
    Conditional,
    Expression,
    File,
    Interpolation,
    Literal,
    Parentheses,
    SyntaxProblem,
    Template,
    TemplateFor,
    TemplateIf,
    TemplatePart,
    Traversal,
    TupleItems,
)
from clops_app.model.source import line_starts, position


def read(text: str) -> File:
    """A file that must be whole."""
    file = parse("main.tf", text.encode())
    assert file.problems == ()
    return file


def expression(text: str) -> Expression:
    """An expression that must be whole."""
    found = parse_expression(text)
    assert not isinstance(found, SyntaxProblem), found
    return found


def value_of(text: str) -> object:
    """The value of a literal."""
    found = expression(text)
    assert isinstance(found, Literal), found
    return found.value


def shape(node: object) -> object:
    """A node as its type's name and its fields, positions left out."""
    if not isinstance(node, tuple):
        return (type(node).__name__, node)
    if type(node) is tuple:
        return tuple(shape(item) for item in node)
    fields = node._asdict()  # type: ignore[attr-defined]
    return (type(node).__name__, *(shape(item) for name, item in fields.items() if name not in {"start", "end", "name_end"}))


def outline(body: Body) -> list[object]:
    """Attribute names and blocks, nested, in the order they are written."""
    items = [(item.start, item.name) for item in body.attributes]
    nested = [(block.start, (block.type, *block.labels, outline(block.body))) for block in body.blocks]
    return [held for _, held in sorted([*items, *nested], key=lambda item: item[0])]


def told(text: str | bytes) -> list[tuple[int, str]]:
    """Line and summary of every problem."""
    content = text.encode() if isinstance(text, str) else text
    starts = line_starts(content)
    return [(position(starts, problem.offset).line, problem.summary) for problem in parse("main.tf", content).problems]


def rendered(node: TemplatePart, names: Mapping[str, str]) -> str:
    """A template's text, for the few kinds of expressions that these tests put into templates."""
    match node:
        case Literal(_, _, value):
            return str(value)
        case Template(_, _, parts):
            return "".join(rendered(part, names) for part in parts)
        case Interpolation(_, _, inner) | Parentheses(_, _, inner):
            return rendered(inner, names)
        case Traversal(_, _, path):
            return names[path[-1]]
        case Conditional(_, _, condition, then, otherwise):
            return rendered(then if _is_true(condition) else otherwise, names)
        case TemplateIf(_, _, condition, held, instead):
            return "".join(rendered(part, names) for part in (held if _is_true(condition) else instead))
        case TemplateFor(_, _, _, name, TupleItems(_, _, items), held):
            rounds = [{**names, name: rendered(item, names)} for item in items]
            return "".join(rendered(part, bound) for bound in rounds for part in held)
    raise AssertionError(node)


def _is_true(node: Expression) -> bool:
    assert isinstance(node, Literal)
    return node.value is True
