"""Expressions give what Terraform 1.11.4 gave, value, type, unknowns, marks and errors; where they do not, the reason is written down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from clops_app.hcl.syntax import SyntaxProblem
from clops_app.terraform.convert import apply_defaults, convert, parse_type
from clops_app.terraform.expressions import evaluate
from clops_app.terraform.values import EvaluationError
from tests.terraform.truth import Answer, Json, agrees, answer, ask, parsed, read_data, recorded, scope


class Case(NamedTuple):
    expression: str
    theirs: Answer
    # Why we answer differently; empty where we must not.
    reason: str


def _members(value: Json) -> dict[str, Json]:
    assert isinstance(value, dict)
    return value


def _cases(name: str) -> Iterator[Case]:
    reasons = _members(_members(read_data("known_differences.json"))[name])
    data = _members(read_data(name))
    listed = data.get("cases")
    found = listed if isinstance(listed, list) else list(data.values())
    for each in found:
        case = _members(each)
        expression = str(case.get("expression") or case["expr"])
        yield Case(expression, recorded(case), str(reasons.get(expression, "")))


FIRST = tuple(_cases("expressions.json"))
MORE = tuple(_cases("more_expressions.json"))
# What `python -m tests.oracle.expressions` showed to be wrong, an expression a class, and some of what it invents.
GENERATED = tuple(_cases("generated_expressions.json"))


@pytest.mark.parametrize("case", [*FIRST, *MORE, *GENERATED], ids=lambda case: case.expression[:70])
def test_it_answers_as_terraform_does_or_says_why_not(case: Case) -> None:
    ours = ask(case.expression)
    if case.reason:
        assert not agrees(ours, case.theirs), f"agrees by now: take it out of known_differences.json ({case.reason})"
    else:
        assert agrees(ours, case.theirs), f"ours: {ours}\nTerraform's: {case.theirs}"


def test_at_least_97_of_100_first_recorded_answers_agree() -> None:
    agreeing = sum(not case.reason for case in FIRST)
    assert agreeing >= 0.97 * len(FIRST)


def test_every_known_difference_is_of_a_recorded_expression() -> None:
    recorded_ones = {"expressions.json": {case.expression for case in FIRST}, "more_expressions.json": {case.expression for case in MORE},
                     "generated_expressions.json": {case.expression for case in GENERATED}}  # fmt: skip
    listed = _members(read_data("known_differences.json"))
    assert [
        expression for name, reasons in listed.items() for expression in _members(reasons) if expression not in recorded_ones[name]
    ] == []


def _conversions() -> Iterator[tuple[str, str, Answer]]:
    cases = _members(read_data("conversions.json"))["cases"]
    assert isinstance(cases, list)
    for each in cases:
        case = _members(each)
        yield str(case["constraint"]), str(case["given"]), recorded(case)


@pytest.mark.parametrize(
    ("constraint", "given", "theirs"), [*_conversions()], ids=lambda value: value[:50] if isinstance(value, str) else ""
)
def test_a_variable_of_a_type_takes_what_terraform_takes(constraint: str, given: str, theirs: Answer) -> None:
    type_node, value_node = parsed(constraint), parsed(given)
    assert not isinstance(type_node, SyntaxProblem)
    assert not isinstance(value_node, SyntaxProblem)
    wanted, defaults = parse_type(type_node)
    try:
        ours = answer(convert(apply_defaults(evaluate(value_node, scope(), {}), defaults), wanted))
    except EvaluationError:
        ours = Answer(error=theirs.error or "refused by us alone")  # the summary is the variable's, not the conversion's
    assert agrees(ours, theirs), f"ours: {ours}\nTerraform's: {theirs}"
