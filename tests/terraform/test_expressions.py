"""What expressions must do beyond giving Terraform's values: say whose attribute an unknown is, where an error stands, and stop."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from clops_app.hcl.parser import parse_expression
from clops_app.hcl.syntax import SyntaxProblem
from clops_app.model.types import ListType, ObjectType, type_bool, type_string
from clops_app.model.values import Reference, Unknown
from clops_app.terraform.expressions import evaluate
from clops_app.terraform.functions import FUNCTIONS
from clops_app.terraform.scope import Budget
from clops_app.terraform.values import EvaluationError, ListValue, Sensitive, StaticError, T, plain
from tests.terraform.truth import read_data


class Names:
    """A scope of a few names, which is all that these tests need."""

    def __init__(self, names: dict[str, T], budget: Budget | None = None) -> None:
        self._names = names
        self.budget = budget or Budget()

    @property
    def files(self) -> Names:
        return self

    def read(self, path: str) -> bytes | Unknown:
        raise EvaluationError("No such file", f'no file exists at "{path}"')

    def exists(self, path: str) -> bool | Unknown:
        return Unknown(f"{path} is not looked at")

    def match(self, directory: str, pattern: str, _: Callable[[int], None]) -> tuple[str, ...] | Unknown:
        return Unknown(f"{directory}/{pattern} is not looked at")

    def head(self, names: tuple[str, ...]) -> tuple[T, int]:
        if names[0] not in self._names:
            raise StaticError("Reference to undeclared resource", names[0])
        return self._names[names[0]], 1

    def unplanned(self, _: object) -> None:
        return None


def unknown_id(name: str) -> Unknown:
    return Unknown(f"{name} is not made yet", Reference(f"aws_subnet.{name}", "id"), not_null=True, type=type_string)


A, B = unknown_id("a"), unknown_id("b")
NAMES: dict[str, T] = {
    "a": A,
    "b": B,
    "ids": (A, B),
    "region": Unknown("var.region has no default"),
    "vpc": Unknown("vpc is not made yet", Reference("aws_vpc.v", "")),
    "group": Unknown("it is not made yet", Reference("aws_lb.x", "subnet_mapping")),
    "secret": Sensitive("hush"),
    "yes_or_no": Unknown("var.flag has no default", type=type_bool),
}


def value(text: str, budget: Budget | None = None) -> T:
    node = parse_expression(text)
    assert not isinstance(node, SyntaxProblem), node
    return evaluate(node, Names(NAMES, budget), {})


def failure(text: str, budget: Budget | None = None) -> EvaluationError:
    with pytest.raises(EvaluationError) as caught:
        value(text, budget)
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        "a",
        '"${a}"',
        "(a)",
        "[a, b][0]",
        "ids[0]",
        "element(ids, 2)",
        "one([a])",
        'coalesce("", a)',
        "coalesce(null, a, b)",
        "try(a.nothing, a)",
        "try(ids[5], ids[0])",
        "tolist([a, b])[0]",
        "concat([a], [b])[0]",
        "flatten([[a], [b]])[0]",
        "distinct([a, a, b])[0]",
        'compact(["", a])[0]',
        "sort([a, a])[0]",
        "reverse([b, a])[0]",
        "slice(ids, 0, 1)[0]",
        "{ x = a }.x",
        '{ x = a }["x"]',
        "merge({ x = b }, { x = a }).x",
        'lookup({ x = a }, "x", "d")',
        "values({ x = a })[0]",
        'zipmap(["x"], [a]).x',
        "[for s in ids : s][0]",
        "{ for i, s in ids : i => s }[0]",
        "(ids[*])[0]",
        "true ? a : null",
        'false ? "z" : a',
        "tostring(a)",
        "nonsensitive(sensitive(a))",
        "tolist(toset([a]))[0]",
        "coalescelist([], [a])[0]",
    ],
)
def test_an_id_stays_the_id_of_its_resource(text: str) -> None:
    found = value(text)
    assert isinstance(found, Unknown)
    assert found.ref == Reference("aws_subnet.a", "id")


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("vpc.id", Reference("aws_vpc.v", "id")),
        ("vpc[0].id", Reference("aws_vpc.v[0]", "id")),
        ('vpc["x"].id', Reference('aws_vpc.v["x"]', "id")),
        ("vpc[*].id", Reference("aws_vpc.v[*]", "id")),
        ("[for v in vpc : v.id]", Reference("aws_vpc.v[*]", "id")),
        ("group[0].subnet_id", Reference("aws_lb.x", "subnet_mapping[0].subnet_id")),
        ("group.0.subnet_id", Reference("aws_lb.x", "subnet_mapping[0].subnet_id")),
        ("element(group, 1)", Reference("aws_lb.x", "subnet_mapping[1]")),
        ("vpc[region].id", Reference("aws_vpc.v[*]", "id")),
    ],
)
def test_a_part_of_an_unknown_says_which_part_of_what_it_is(text: str, reference: Reference) -> None:
    found = value(text)
    assert isinstance(found, Unknown)
    assert found.ref == reference


@pytest.mark.parametrize("text", ['"x-${a}"', 'a == "x"', "upper(a)", "yes_or_no ? a : b", "jsonencode(a)", "length(vpc)"])
def test_what_is_made_of_an_id_is_not_that_id(text: str) -> None:
    found = value(text)
    assert isinstance(found, Unknown)
    assert found.ref is None


def test_an_unknown_says_the_reason_of_its_first_cause() -> None:
    found = value('upper("${region}-${a}")')
    assert isinstance(found, Unknown)
    assert found.why == "var.region has no default"


def test_an_unknown_condition_gives_its_own_reason() -> None:
    found = value('yes_or_no ? "x" : "y"')
    assert found == Unknown("var.flag has no default", not_null=True, type=type_string)


@pytest.mark.parametrize("text", ["yes_or_no ? a : a", "yes_or_no ? [1, 2] : [1, 2]", 'yes_or_no ? "x" : "x"'])
def test_branches_that_are_the_same_are_known_under_an_unknown_condition(text: str) -> None:
    assert value(text) in (A, (1, 2), "x")


def test_a_known_beginning_of_an_unknown_string_is_kept() -> None:
    found = value('join("-", ["a", format("b-%s", region)])')
    assert isinstance(found, Unknown)
    assert found.prefix == "a-b-"


@pytest.mark.parametrize(("text", "expected"), [("false && yes_or_no", False), ("yes_or_no && false", False), ("true || region.x", True)])
def test_the_operand_that_decides_is_enough(text: str, expected: bool) -> None:
    assert value(text) is expected


def test_a_number_is_an_int_when_whole_and_a_decimal_otherwise() -> None:
    assert [(found, type(found)) for found in (value("4 / 2"), value("1.50"), value("0.1 + 0.2"), value("1e3"))] == [
        (2, int),
        (Decimal("1.5"), Decimal),
        (Decimal("0.3"), Decimal),
        (1000, int),
    ]


def test_a_third_times_three_is_one() -> None:
    assert value("1 / 3 * 3 == 1") is True


def test_a_mark_follows_the_value_to_its_leaf() -> None:
    assert plain(value("{ user = [secret, 1], pass = upper(secret) }"), Budget().spend) == (
        {"user": ("hush", 1), "pass": "HUSH"},
        frozenset({"user[0]", "pass"}),
    )


def test_a_key_that_is_no_word_is_quoted_in_a_sensitive_path() -> None:
    assert plain(value('{ "a b" = { c = secret } }'), Budget().spend)[1] == frozenset({'["a b"].c'})


@pytest.mark.parametrize(
    ("text", "place", "summary"),
    [
        ('[1, upper("a", [2])]', 'upper("a", [2])', "Too many function arguments"),
        ("1 + lower([2])", "[2]", "Invalid function argument"),
        ("[for x in [1] : { a = 1 }.b]", "{ a = 1 }.b", "Unsupported attribute"),
        ("nothing.at_all", "nothing.at_all", "Reference to undeclared resource"),
        ("true ? 1 : []", "true ? 1 : []", "Inconsistent conditional result types"),
        ("{ for x in [1] : null => x }", "null", "Invalid object key"),
        ('"a${[1]}"', "[1]", "Invalid template interpolation value"),
    ],
)
def test_an_error_stands_where_the_fault_is(text: str, place: str, summary: str) -> None:
    error = failure(text)
    assert (text[error.start : error.end], error.summary) == (place, summary)


def test_what_is_not_declared_is_not_hidden_by_try() -> None:
    assert failure("try(nothing.at_all, 1)").summary == "Reference to undeclared resource"


def test_a_function_of_a_provider_is_unknown() -> None:
    assert value('provider::aws::arn_parse("x")') == Unknown("provider::aws::arn_parse() is a function of a provider")


def test_the_functions_that_terraform_removed_still_work() -> None:
    assert value('list("a", 1)') == ListValue(("a", "1"), type_string)
    assert value('map("a", 1, "b", a)') == {"a": "1", "b": A}


def test_a_loop_beyond_the_budget_stops() -> None:
    error = failure("[for i in range(1000) : [for j in range(1000) : i * j]]", Budget(limit=50_000))
    assert (error.summary, isinstance(error, StaticError)) == ("Evaluation limit exceeded", True)


def test_slow_arithmetic_counts_for_more_than_a_step() -> None:
    assert failure("[for i in range(1000) : i / 7]", Budget(limit=50_000)).summary == "Evaluation limit exceeded"


def test_a_value_that_doubles_ten_times_too_often_stops() -> None:
    text = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"
    for _ in range(7):
        text = f"[for x in [{text}] : [x, x, x, x, x, x, x, x, x, x]]"
    assert failure(text).summary == "Evaluation limit exceeded"


def test_a_string_beyond_a_megabyte_stops() -> None:
    text = '"xxxxxxxxxx"'
    for _ in range(6):
        text = f'join("", [for i in range(10) : {text}])'
    assert failure(text).summary == "Evaluation limit exceeded"


def test_a_chain_of_operators_is_not_recursed_into() -> None:
    assert value(" + ".join(["1"] * 1_900)) == 1_900


def test_laughing_yaml_is_refused() -> None:
    laughs = "\\n".join([f"a0: &a0 [{', '.join(['x'] * 10)}]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 8))])
    assert "too large" in failure(f'yamldecode("{laughs}")').detail


def test_json_that_is_nested_too_deeply_is_refused() -> None:
    assert "nested too deeply" in failure(f'jsondecode("{"[" * 400}{"]" * 400}")').detail


def test_a_pattern_that_python_would_never_finish_is_matched_at_once() -> None:
    assert value(f'can(regex("^(a+)+$", "{"a" * 400}b"))') is False


def test_a_number_that_nobody_can_print_is_refused() -> None:
    assert failure('tonumber("1e9999") * 2').summary in {"Number out of range", "Invalid function argument"}


def test_locals_that_wait_for_each_other_too_long_stop() -> None:
    assert failure("1 + 1", Budget(waiting=200)).summary == "Evaluation limit exceeded"


def test_every_function_of_terraform_is_there() -> None:
    signatures = read_data("functions.json")
    assert isinstance(signatures, list)
    assert [name for name in signatures if name not in FUNCTIONS and name not in {"try", "can"}] == []


def test_a_type_knows_the_attributes_that_an_unknown_has() -> None:
    scope = Names({"x": Unknown("later", type=ObjectType({"ids": ListType(type_string)}))})
    node = parse_expression("try(x.nothing, x.ids[0])")
    assert not isinstance(node, SyntaxProblem)
    assert evaluate(node, scope, {}) == Unknown("later", type=type_string)


@pytest.mark.parametrize(
    "text",
    [
        'try(nowhere.a ? 1 : 2, "hidden")',
        "can(nowhere.a ? 1 : 2)",
        "true ? 1 : (nowhere.a ? 1 : 2)",
        "[for x in [1] : try(nowhere.a, 1) ? 1 : 2]",
        "[for x in [1] : x if nowhere.a]",
        '{ for x in ["a"] : nowhere.a => x }',
        'try("%{ if nowhere.a }a%{ endif }", "hidden")',
    ],
)
def test_what_is_not_declared_is_told_wherever_it_stands(text: str) -> None:
    with pytest.raises(StaticError, match="Reference to undeclared resource"):
        value(text)


def test_after_a_hundred_errors_a_loop_has_no_length() -> None:
    assert value("true ? [for i in range(102) : 1] : [for i in range(102) : i.x]") == (1,) * 102


@pytest.mark.parametrize(
    ("sought", "expected"),
    [
        ('["arn:${a}", "x"]', ("a",)),
        ('["x", a]', ("a",)),
        ('[a, "x"]', ()),
        ('["y", "z"]', ()),
    ],
)
def test_keys_are_compared_in_order_with_what_is_searched_for(sought: str, expected: tuple[str, ...]) -> None:
    assert value(f'matchkeys(["a"], ["x"], {sought})') == expected
