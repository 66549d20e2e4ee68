"""Templates and heredocs mean what they mean to Terraform."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from clops_app.hcl.parser import parse_expression, parse_template
from clops_app.hcl.syntax import Interpolation, Literal, SyntaxProblem, Template, TemplateFor, Traversal
from tests.hcl.fmt import needs_terraform, values
from tests.hcl.trees import expression, rendered, shape


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"a ${~ local.x ~} b"', "aXb"),
        ('"a ${ local.x ~} \\n b"', "a Xb"),
        ('"%{ if true ~} a %{ else } b %{~ endif } c"', "a  c"),
        ('"%{ for v in ["p", "q"] }${v},%{ endfor }"', "p,q,"),
        ("<<EOT\na\n  b\nEOT\n", "a\n  b\n"),
        ("<<EOT\nEOT\n", ""),
        ('<<EOT\n\\n " $${a} %%{b} $ %\nEOT\n', '\\n " ${a} %{b} $ %\n'),
        ("<<-EOT\n    a\n      b\n    EOT\n", "a\n  b\n"),
        ("<<-EOT\n    a\n\n   \n      b\n  EOT\n", "a\n\n   \n  b\n"),
        ("<<-EOT\n    a\n  ${local.x}\n    EOT\n", "  a\nX\n"),
        ("<<-EOT\n    a\n${local.x}\n    EOT\n", "    a\nX\n"),
        ("<<-EOT\n\ta\n\t\tb\n\tEOT\n", "a\n\tb\n"),
        ("<<-EOT\n  \ta\n   b\n  EOT\n", "a\nb\n"),
        # The newline after `~}` is stripped first; the next line then begins no line and keeps its blanks.
        ("<<-EOT\n    ${local.x ~}\n    a\n    EOT\n", "X    a\n"),
        ("<<EOT\na ${~ local.x}\n  ${~ local.x}\nEOT\n", "aX\nX\n"),
        ('<<EOT\n%{ for v in ["p", "q"] ~}\n  ${v}\n%{ endfor ~}\nEOT\n', "  p\n  q\n"),
        ("<<EOT\n  EOT b\nEOT c\n  EOT\n", "  EOT b\nEOT c\n"),
        ('<<EOT\na ${"EOT"}\nb ${\n  local.x\n}\nEOT\n', "a EOT\nb X\n"),
        ("<<EOT\r\na\r\nEOT\r\n", "a\r\n"),
    ],
)
def test_a_template_renders_as_terraform_renders_it(text: str, value: str) -> None:
    assert rendered(expression(text), {"x": "X"}) == value


def test_the_end_marker_inside_an_interpolation_ends_nothing() -> None:
    assert rendered(expression('<<EOT\n${\n"a"\n}${<<EOT\nb\nEOT\n}\nEOT\n'), {}) == "ab\n\n"


def test_a_heredoc_ends_with_its_marker() -> None:
    found = expression("<<-EOT\n  a\n  EOT\n")
    assert found == Literal(0, 16, "a\n")


def test_one_interpolation_alone_keeps_its_type_and_any_text_beside_it_makes_a_string() -> None:
    assert shape(expression('"${a}"')) == shape(Interpolation(0, 0, Traversal(0, 0, ("a",))))
    assert shape(expression('"${a ~} "')) == shape(Template(0, 0, (Traversal(0, 0, ("a",)),)))


def test_a_template_file_has_no_escapes_but_those_of_markers() -> None:
    assert parse_template('a "b" \\n $${c} 100%\n') == Literal(0, 20, 'a "b" \\n ${c} 100%\n')
    found = parse_template("%{ for i, v in xs ~}\n${v}\n%{ endfor ~}\n")
    assert isinstance(found, Template)
    (loop,) = found.parts
    assert isinstance(loop, TemplateFor)
    assert (loop.key, loop.value, shape(loop.body)) == ("i", "v", shape((Traversal(0, 0, ("v",)), Literal(0, 0, "\n"))))


def test_a_template_file_of_one_interpolation_keeps_its_type() -> None:
    assert shape(parse_template("${a}")) == shape(Interpolation(0, 0, Traversal(0, 0, ("a",))))


_STRIPS = ("", "~")
_QUOTED_TEXT = (" ", "  ", "a", "b c", "$", "%", "$$", "%%", "$${", "%%{", "{", "}", "~", "é", "#", '\\"', "\\n", "\\t", "\\\\")
_HEREDOC_TEXT = (*_QUOTED_TEXT[:-4], '"', "\\n", "\\", "\n", "\n  ", "\n    ", "\n\t", "\n\n", "a \n", "   \n", "\r\n")
_INSIDE = ("local.x", '"a"', '"b${local.x}c"', " local.x ", "\nlocal.x\n", '(true ? "q" : "z")')


def _body(chance: random.Random, texts: tuple[str, ...], size: int) -> str:
    return "".join(_piece(chance, texts) for _ in range(chance.randrange(size)))


def _piece(chance: random.Random, texts: tuple[str, ...]) -> str:
    def marker(kind: str, inside: str) -> str:
        return f"{kind}{{{chance.choice(_STRIPS)} {inside} {chance.choice(_STRIPS)}}}"

    draw = chance.random()
    if draw < 0.6:
        return chance.choice(texts)
    if draw < 0.8:
        return marker("$", chance.choice(_INSIDE))
    if draw < 0.9:
        otherwise = marker("%", "else") + _body(chance, texts, 3) if chance.random() < 0.5 else ""
        return marker("%", f"if {chance.choice(('true', 'false'))}") + _body(chance, texts, 3) + otherwise + marker("%", "endif")
    return marker("%", 'for v in ["p", "q"]') + _body(chance, texts, 3) + "${v}" + marker("%", "endfor")


def _templates(seed: int, count: int) -> dict[str, str]:
    chance = random.Random(seed)
    made = {}
    for number in range(count):
        if number % 3:
            dash, indent = chance.choice(("", "-", "-")), chance.choice(("", "  ", "    ", "\t"))
            made[f"c{number}"] = f"<<{dash}EOT\n{indent}{_body(chance, _HEREDOC_TEXT, 10)}\n{chance.choice(('', '  '))}EOT\n"
        else:
            made[f"c{number}"] = f'"{_body(chance, _QUOTED_TEXT, 7)}"'
    return made


class TestAgainstTerraform:
    pytestmark = needs_terraform

    def test_templates_made_by_chance_mean_the_same(self, tmp_path: Path) -> None:
        templates = _templates(seed=1, count=200)
        true = values(tmp_path, templates, x="X")
        read = {name: parse_expression(text) for name, text in templates.items()}
        ours = {name: rendered(node, {"x": "X"}) for name, node in read.items() if not isinstance(node, SyntaxProblem)}
        assert ours == true
