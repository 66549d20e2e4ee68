"""The bytes that a node names are that node: read alone, they give it again."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from clops_app.hcl.find import walk
from clops_app.hcl.parser import parse, parse_expression
from clops_app.hcl.syntax import (
    Block,
    Body,
    Expression,
    GetAttribute,
    Index,
    Literal,
    ObjectItems,
    Splat,
    SplatItem,
    SyntaxProblem,
    Template,
    TemplateFor,
    TemplateIf,
)
from tests.hcl.samples import SAMPLES
from tests.hcl.trees import shape

_SIMPLE = (
    *("a", "var.x", "aws_instance.web.0.id", "é", "x-y", "each.value"),
    *("1", "2.50", "1e3", "true", "null", '"s"', '"é\\n\\"q\\" $${x}"', '""', "<<-EOT\n    a\n      b\n  EOT\n"),
)
_GAPS = ("", " ", "  ", " /* c */ ")
_OPERATORS = ("+", "-", "*", "/", "%", "==", "!=", "<", ">=", "&&", "||")
_ACCESSES = (".a", ".0", "[*].a.b", ".*.a", "[*]", ".a[0].b", "[ * ].c")
_CALLS = ("f", "core::f", "provider::p::f")
_TEXTS = (" ", "x", "$ 100% ", "é", "\\n")
# `T` is a term, `E` any expression, `_` blanks or a comment, `O` an operator, `A` what follows a term, `F` a function, `S` text.
_FORMS = (
    *("T", "T_O_T - T", "-T", "!T", "T ? T : T", "TA", "T[E]", "F_(E, E)", "F()", "F(E...)"),
    *("[E, E]", "[]", "{\n  k = E\n  l = E\n}", '{"q" = T, (E) : 1}', "[for i, v in E : E if E]", "{for v in E : E => E...}"),
    *('"S${E}S"', '"${_E_}"', '"S%{ if E }a${E}%{ else }${E}%{ endif }%{ for v in E }${v}%{ endfor }"', "<<EOT\n  ${E} x\nEOT\n"),
)
_CHOICES = {"_": _GAPS, "O": _OPERATORS, "A": _ACCESSES, "F": _CALLS, "S": _TEXTS}


@st.composite
def _expressions(draw: st.DrawFn, depth: int = 3) -> str:
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from(_SIMPLE))
    pieces = []
    form = draw(st.sampled_from(_FORMS))
    for character in form if "EOT" not in form else ("<<EOT\n  ${", "E", "} x\nEOT\n"):
        if character in {"E", "T"}:
            inner = draw(_expressions(depth - 1))
            pieces.append(f"({inner})" if character == "T" else inner)
        else:
            pieces.append(draw(st.sampled_from(_CHOICES[character])) if character in _CHOICES else character)
    return "".join(pieces)


def _readable_alone(expression: Expression) -> list[Expression]:
    """All nodes but those that mean something only where they stand: text of templates, bare keys, a splat's element."""
    bound: set[int] = set()
    for node in walk(expression):
        if isinstance(node, Template):
            bound |= _texts(node.parts)
        if isinstance(node, ObjectItems):
            bound |= {id(key) for key, _ in node.items if isinstance(key, Literal)}
    return [node for node in walk(expression) if id(node) not in bound and not any(isinstance(held, SplatItem) for held in _open(node))]


def _texts(parts: object) -> set[int]:
    assert isinstance(parts, tuple)
    found: set[int] = set()
    for part in parts:
        if isinstance(part, Literal):
            found.add(id(part))
        elif isinstance(part, TemplateIf):
            found |= _texts(part.then) | _texts(part.otherwise)
        elif isinstance(part, TemplateFor):
            found |= _texts(part.body)
    return found


def _open(node: Expression) -> list[Expression]:
    """What stands at the root of a chain of attributes and indexes."""
    found: list[Expression] = [node]
    while isinstance(last := found[-1], GetAttribute | Index | Splat):
        found.append(last.of)
    return found


@settings(max_examples=150, deadline=None)
@given(_expressions())
def test_every_expression_within_an_expression_reads_the_same_alone(text: str) -> None:
    whole = parse_expression(text)
    assert not isinstance(whole, SyntaxProblem), (text, whole)
    content = text.encode()
    for node in _readable_alone(whole):
        # A heredoc's span ends with its marker, which needs a newline to be one.
        assert shape(parse_expression(content[node.start : node.end] + b"\n")) == shape(node)


@settings(max_examples=50, deadline=None)
@given(st.lists(_expressions().map("({}\n)".format), min_size=1, max_size=4), st.sampled_from(["\n", "\r\n"]))
def test_arguments_read_the_same_alone_and_do_not_touch(texts: list[str], newline: str) -> None:
    lines = "".join(f"  name{number}  =  {text}  # {number}\n" for number, text in enumerate(texts))
    content = f'block "label" {{\n{lines}}}\n'.replace("\n", newline).encode()
    (block,) = parse("main.tf", content).body.blocks
    ends = [block.body.start]
    for attribute in block.body.attributes:
        assert attribute.start >= ends[-1]
        ends.append(attribute.end)
        (alone,) = parse("main.tf", content[attribute.start : attribute.end]).body.attributes
        assert shape(alone) == shape(attribute)
    assert len(ends) == len(texts) + 1


def test_every_block_of_the_samples_reads_the_same_alone() -> None:
    for sample in SAMPLES:
        content = sample.encode()
        blocks = _blocks(parse("main.tf", content).body)
        for block in blocks:
            (alone,) = parse("main.tf", content[block.start : block.end]).body.blocks
            assert shape(alone) == shape(block)
            assert content[block.body.start - 1 : block.body.start] + content[block.body.end : block.end] == b"{}"
        assert len(blocks) > 6


def _blocks(body: Body) -> list[Block]:
    return [found for block in body.blocks for found in (block, *_blocks(block.body))]
