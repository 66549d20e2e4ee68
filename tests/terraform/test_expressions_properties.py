"""Whatever stands in an expression, evaluating it gives a value or an EvaluationError, and the same one each time."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from clops_app.hcl.syntax import SyntaxProblem
from clops_app.model.types import Type
from clops_app.terraform.convert import convert, parse_type
from clops_app.terraform.expressions import evaluate
from clops_app.terraform.functions import FUNCTIONS
from clops_app.terraform.scope import Budget
from clops_app.terraform.unify import convertible, unify
from clops_app.terraform.values import EvaluationError, plain
from tests.terraform.truth import Answer, answer, ask, parsed, scope

LEAVES = st.sampled_from(
    [
        "null", "true", "false", "0", "1", "-1", "2.5", "1e9", "1/3", '""', '"a"', '"1"', '"é"', '"a,b"', '"10.0.0.0/16"',
        '"[1"', '"%s"', '"("', "[]", "{}", "[1, 2]", '["a", "b"]', "[null]", "{ a = 1 }", '{ a = "x", b = null }',
        "tolist([])", 'toset(["b", "a"])', "tomap({ a = 1 })", "local.unk", "local.unkd", "local.unkl", "local.unkm",
        "local.unkmap", "local.sec", "terraform_data.f", "terraform_data.c", "module.cnt", "module.o", "path.module",
        '"2020-01-02T03:04:05Z"', '"t.tftpl"', "local.nothing",
    ]
)  # fmt: skip
NAMES = st.sampled_from(sorted({*FUNCTIONS, "try", "can"}))
OPERATORS = st.sampled_from(["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||"])


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds(lambda name, arguments: f"{name}({', '.join(arguments)})", NAMES, st.lists(inner, max_size=4)),
        st.builds(lambda name, argument: f"{name}({argument}...)", NAMES, inner),
        st.builds(lambda left, operator, right: f"({left} {operator} {right})", inner, OPERATORS, inner),
        st.builds(lambda operator, operand: f"{operator}{operand}", st.sampled_from("-!"), inner),
        st.builds(lambda condition, then, otherwise: f"({condition} ? {then} : {otherwise})", inner, inner, inner),
        st.builds(lambda of, key: f"({of})[{key}]", inner, inner),
        st.builds(lambda of, name: f"({of}).{name}", inner, st.sampled_from(["a", "b", "0", "id", "input"])),
        st.builds(lambda of, each: f"({of})[*]{each}", inner, st.sampled_from(["", ".a", "[0]", ".id"])),
        st.builds(lambda of, each: f"({of}).*{each}", inner, st.sampled_from(["", ".a", ".id"])),
        st.builds(lambda items: f"[{', '.join(items)}]", st.lists(inner, max_size=3)),
        st.builds(lambda key, item, other: f"{{ ({key}) = {item}, b = {other} }}", inner, inner, inner),
        st.builds(lambda source, result: f"[for k, v in {source} : {result}]", inner, st.sampled_from(["v", "k", "[k, v]", '"${k}=${v}"'])),
        st.builds(lambda source, condition: f"[for v in {source} : v if {condition}]", inner, inner),
        st.builds(lambda source, key: f"{{ for k, v in {source} : {key} => v... }}", inner, st.sampled_from(["v", "k", '"x"'])),
        st.builds(lambda source: f"{{ for k, v in {source} : k => v }}", inner),
        st.builds(lambda part, other: f'"a${{{part}}}b${{{other}}}"', inner, inner),
        st.builds(lambda condition, part: f'"%{{ if {condition} }}x%{{ else }}${{{part}}}%{{ endif }}"', inner, inner),
        st.builds(lambda source: f'"%{{ for k, v in {source} }}${{k}}${{v}}%{{ endfor }}"', inner),
    )


EXPRESSIONS = st.recursive(LEAVES, _grown, max_leaves=6)


@settings(max_examples=600, deadline=None)
@given(EXPRESSIONS)
def test_an_expression_gives_a_value_or_an_evaluation_error(text: str) -> None:
    first = ask(text)
    assert isinstance(first, Answer)
    assert ask(text) == first


@settings(max_examples=200, deadline=None)
@given(NAMES, st.lists(LEAVES, max_size=4))
def test_every_function_takes_anything(name: str, arguments: list[str]) -> None:
    assert isinstance(ask(f"{name}({', '.join(arguments)})"), Answer)


@settings(max_examples=200, deadline=None)
@given(EXPRESSIONS)
def test_every_value_becomes_data(text: str) -> None:
    node = parsed(text)
    assert not isinstance(node, SyntaxProblem)
    try:
        value = evaluate(node, scope(), {})
    except EvaluationError:
        return
    plain(value, Budget().spend)


@settings(max_examples=200, deadline=None)
@given(EXPRESSIONS)
def test_what_an_error_points_at_is_in_the_expression(text: str) -> None:
    node = parsed(text)
    assert not isinstance(node, SyntaxProblem)
    try:
        evaluate(node, scope(), {})
    except EvaluationError as error:
        place = (error.start, error.end)
    else:
        place = (node.start, node.end)
    assert 0 <= place[0] < place[1] <= len(text.encode())


def _types(*names: str) -> st.SearchStrategy[str]:
    return st.recursive(
        st.sampled_from(names),
        lambda inner: st.one_of(
            st.builds(lambda kind, element: f"{kind}({element})", st.sampled_from(["list", "set", "map"]), inner),
            st.builds(lambda left, right: f"tuple([{left}, {right}])", inner, inner),
            st.builds(lambda left, right: f"object({{ a = {left}, b = optional({right}) }})", inner, inner),
        ),
        max_leaves=5,
    )


def _read(constraint: str) -> Type:
    node = parsed(constraint)
    assert not isinstance(node, SyntaxProblem)
    return parse_type(node)[0]


@settings(max_examples=300, deadline=None)
@given(EXPRESSIONS, _types("string", "number", "bool", "any"))
def test_a_converted_value_converts_to_itself(text: str, constraint: str) -> None:
    node, wanted = parsed(text), _read(constraint)
    assert not isinstance(node, SyntaxProblem)
    try:
        converted = convert(evaluate(node, scope(), {}), wanted)
    except EvaluationError:
        return
    assert answer(convert(converted, wanted)) == answer(converted)


@settings(max_examples=300, deadline=None)
@given(st.lists(_types("string", "number", "bool"), min_size=1, max_size=4))
def test_every_type_converts_to_the_one_that_all_become(constraints: list[str]) -> None:
    types = [_read(constraint) for constraint in constraints]
    common = unify(types)
    assert common is None or all(convertible(one, common) for one in types)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(-5, 5), max_size=6), st.lists(st.text(max_size=3), max_size=6))
def test_a_set_is_sorted_and_unique_whatever_the_order_it_is_made_in(numbers: list[int], texts: list[str]) -> None:
    assert convert(tuple(numbers), _read("set(number)")) == tuple(sorted(set(numbers)))
    assert convert(tuple(texts), _read("set(string)")) == tuple(sorted(set(texts)))
