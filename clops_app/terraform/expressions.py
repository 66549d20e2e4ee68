"""An expression has a value: one function a kind of node, run on the tree as it is.

Interpreted, not compiled to closures: most expressions of a root are evaluated once (measured: equal or slower compiled).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial

from clops_app.hcl import syntax
from clops_app.hcl.syntax import Expression, TemplateFor, TemplateIf
from clops_app.language import tr
from clops_app.model.types import ObjectType, type_string
from clops_app.model.values import Unknown
from clops_app.terraform import functions, loops
from clops_app.terraform.access import attribute_of, index_of, refuse_lone_instance
from clops_app.terraform.attempts import Attempt, given, possible, tried
from clops_app.terraform.conditionals import as_branch, common_type, condition_of, either
from clops_app.terraform.frame import Frame
from clops_app.terraform.iteration import built, object_key, spread
from clops_app.terraform.numbers import FRACTION_STEPS, parse_number, whole
from clops_app.terraform.operators import binary, decided, negation, negative
from clops_app.terraform.references import no_attribute
from clops_app.terraform.scope import WAITING, Scope
from clops_app.terraform.text import joined
from clops_app.terraform.unify import type_of
from clops_app.terraform.unplanned import errors_before_plan
from clops_app.terraform.values import (
    EvaluationError,
    ListValue,
    MapValue,
    Sensitive,
    SetValue,
    StaticError,
    T,
    marked,
    too_much,
    unmarked,
    weight,
)

_NO_PARAMETERS: Mapping[str, T] = {}
# The functions that look at errors get their arguments unevaluated.
_ATTEMPTS: Mapping[str, Callable[[Sequence[Attempt]], T]] = {"try": tried, "core::try": tried, "can": possible, "core::can": possible}
_LOOPED = frozenset({"each", "count"})
_ARITHMETIC, _EQUALITY = frozenset("+-*/%"), frozenset({"==", "!="})
# Computing a remainder costs three times what another operator does. Each decimal digit that a number is away from 1 costs a step,
# and more the more there are (measured: 0.3 ms for a remainder of small numbers, 3 ms at 1,900 digits, 9 ms at 3,800).
_REMAINDER, _MANY_DIGITS = 3, 1_000
# What has parts that a comparison goes through, and those of them whose type has as many parts.
_PARTS = frozenset({tuple, dict, ListValue, SetValue, MapValue, Sensitive})
_STRUCTURES = frozenset({tuple, dict, Sensitive})


def evaluate(node: Expression, scope: Scope, names: Mapping[str, T] = _NO_PARAMETERS) -> T:
    """The value of an expression. `names` (each, count, self, iterators) come before what the scope knows.

    Raises EvaluationError where Terraform would refuse it.
    """
    if type(node) is syntax.Literal:
        return _literal(node)
    budget = scope.budget
    if budget.waiting >= WAITING:
        raise too_much(tr("More than {count} expressions wait for each other.", count=WAITING), node.start, node.end)
    budget.waiting += 1
    frame = Frame(scope, names, _NODES)
    try:
        value = frame.value(node)
    except RecursionError:
        raise too_much(tr("The expression is nested too deeply."), node.start, node.end) from None
    finally:
        budget.waiting -= 1
    if frame.errors:
        raise errors_before_plan(node, frame)[0]
    return value


def _literal(node: syntax.Literal, _: Frame | None = None) -> T:
    return whole(node.value) if isinstance(node.value, Decimal) else node.value


def _traversal(node: syntax.Traversal, frame: Frame) -> T:
    names = node.names
    first = names[0]
    if first in frame.names:
        value, used = frame.names[first], 1
    else:
        try:
            value, used = frame.scope.head(names)
        except EvaluationError as error:
            error.start, error.end = node.start, node.end  # where it went wrong may be another file
            raise
    if used < len(names):
        if first in _LOOPED and isinstance(value, dict) and names[used] not in value:
            raise no_attribute(first, names[used])
        for name in names[used:]:
            value = attribute_of(value, name)
    return value


def _get_attribute(node: syntax.GetAttribute, frame: Frame) -> T:
    return attribute_of(frame.value(node.of), node.name)


def _index(node: syntax.Index, frame: Frame) -> T:
    value = frame.value(node.of)
    if isinstance(node.of, syntax.Traversal) and node.of.names[0] not in frame.names:
        refuse_lone_instance(value, node.of.names)
    return index_of(value, frame.value(node.key))


def _call(node: syntax.Call, frame: Frame) -> T:
    frame.budget.spent += 1
    written = node.arguments
    wrong = len(frame.errors)
    further: list[T] = []
    if node.spread:
        last, written = spread(frame.value(written[-1])), written[:-1]
        if isinstance(last, Unknown):
            return last
        further = last
    if node.name in _ATTEMPTS:
        attempts: list[Attempt] = [*[partial(frame.attempt, argument) for argument in written], *map(given, further)]
        return _ATTEMPTS[node.name](attempts)
    called = functions.called(node, len(written) + len(further))
    templated = called is not None and called.name == "templatestring"
    arguments = frame.values(written[1:] if templated else written)
    arguments += further
    if len(frame.errors) > wrong:
        return Unknown(tr("an argument of {function} could not be evaluated", function=f"{node.name.removeprefix('core::')}()"))
    if called is None:
        return Unknown(tr("{function} is a function of a provider", function=f"{node.name}()"))
    if templated:
        variables, hidden = unmarked(arguments[-1])
        if isinstance(variables, Unknown):
            return marked(Unknown(variables.why, not_null=True, type=type_string), hidden)
        functions.check_template(node)
        arguments.insert(0, frame.value(node.arguments[0]))
    try:
        return functions.run(called, arguments, frame.scope)
    except EvaluationError as error:
        if error.argument is not None:
            place = node.arguments[min(error.argument, len(node.arguments) - 1)]
            error.start, error.end, error.argument = place.start, place.end, None
        raise


def _conditional(node: syntax.Conditional, frame: Frame) -> T:
    """The branches come first: what is wrong with the one that is not taken is nobody's business, but its type is."""
    then, wrong_then = frame.attempt(node.then)
    otherwise, wrong_otherwise = frame.attempt(node.otherwise)
    if type(then) in _STRUCTURES or type(otherwise) in _STRUCTURES:
        frame.budget.spend(weight(then) + weight(otherwise))
    left, right = type_of(then), type_of(otherwise)
    if isinstance(left, ObjectType) and isinstance(right, ObjectType) and left is not right:
        frame.budget.spend(len(left.attributes) + len(right.attributes) << 3)
    common = common_type(then, left, otherwise, right, node)
    try:
        condition, hidden = unmarked(condition_of(frame.value(node.condition), node.condition))
        hidden = hidden or isinstance(then, Sensitive) or isinstance(otherwise, Sensitive)  # of either branch, taken or not
        if isinstance(condition, Unknown):
            return marked(either(condition, then, otherwise, common), hidden)
        chosen, kind, wrong = (then, left, wrong_then) if condition else (otherwise, right, wrong_otherwise)
        frame.errors += wrong
        # What is of the type already is not converted: a resource stays one, evaluated attribute by attribute.
        if kind is not common and kind != common:
            chosen = as_branch(chosen, common, node)
        return marked(chosen, hidden) if hidden else chosen
    except StaticError:
        raise
    except EvaluationError as error:
        return frame.failed(error, common)


def _binary(node: syntax.Binary, frame: Frame) -> T:
    """A chain `a + b + c + …` is a tree as deep as it is long: it is walked, not recursed into."""
    chain: list[syntax.Binary] = []
    first: Expression = node
    while isinstance(first, syntax.Binary):
        chain.append(first)
        first = first.left
    result = frame.value(first)
    for link in reversed(chain):
        if not decided(link.operator, result):
            left, right = result, frame.value(link.right)
            if link.operator in _EQUALITY and (type(left) in _PARTS or type(right) in _PARTS):
                frame.budget.spend(weight(left) + weight(right))
            result = binary(link.operator, left, right)
            if link.operator in _ARITHMETIC and not type(left) is type(right) is type(result) is int:
                frame.budget.spend(_effort(link.operator, left, right, result))
        else:
            result = binary(link.operator, result, result)
    return result


def _effort(operator: str, *operands: T) -> int:
    """What an operator of arithmetic costs for these operands and its result, in steps: nothing where none is a fraction."""
    numbers = [parse_number(bare) if isinstance(bare, str) else bare for bare, _ in map(unmarked, operands)]
    if not any(isinstance(number, Decimal) for number in numbers):
        return 0
    digits = max(map(_digits, numbers))
    steps = FRACTION_STEPS + digits * (1 + digits // _MANY_DIGITS)
    return steps * _REMAINDER if operator == "%" else steps


def _digits(number: T) -> int:
    """How many decimal digits a number is away from 1, or a few more."""
    if isinstance(number, Decimal):
        return abs(number.adjusted())
    return number.bit_length() // 3 if isinstance(number, int) else 0


def _unary(node: syntax.Unary, frame: Frame) -> T:
    operand = frame.value(node.operand)
    return negation(operand) if node.operator == "!" else negative(operand)


def _inner(node: syntax.Parentheses | syntax.Interpolation, frame: Frame) -> T:
    return frame.value(node.inner)


def _tuple(node: syntax.TupleItems, frame: Frame) -> T:
    return built(tuple(frame.values(node.items)), frame.budget)


def _object(node: syntax.ObjectItems, frame: Frame) -> T:
    made: dict[str, T] = {}
    hidden = False
    unknown: Unknown | None = None
    for key_node, item in node.items:
        key = key_node.value if type(key_node) is syntax.Literal and type(key_node.value) is str else frame.value(key_node)
        if type(key) is not str:
            given_key, secret = unmarked(key)
            hidden = hidden or secret
            key = object_key(given_key, key_node)
        if isinstance(key, Unknown):
            unknown = unknown if unknown is not None else key
            frame.value(item)
        else:
            made[key] = frame.value(item)
    result = built(made, frame.budget) if unknown is None else Unknown(unknown.why)
    return marked(result, True) if hidden else result


def _template(node: syntax.Template, frame: Frame) -> T:
    return joined(map(frame.value, node.parts), node.parts, frame.budget)


def _template_if(node: TemplateIf, frame: Frame) -> T:
    then, otherwise = (syntax.Template(node.start, node.end, parts) for parts in (node.then, node.otherwise))
    return _conditional(syntax.Conditional(node.start, node.end, node.condition, then, otherwise), frame)


_NODES: Mapping[type, Callable[..., T]] = {
    syntax.Literal: _literal,
    syntax.Template: _template,
    syntax.Interpolation: _inner,
    syntax.Traversal: _traversal,
    syntax.GetAttribute: _get_attribute,
    syntax.Index: _index,
    syntax.SplatItem: loops.splat_item,
    syntax.Splat: loops.splat,
    syntax.Call: _call,
    syntax.Conditional: _conditional,
    syntax.Binary: _binary,
    syntax.Unary: _unary,
    syntax.Parentheses: _inner,
    syntax.TupleItems: _tuple,
    syntax.ObjectItems: _object,
    syntax.ForTuple: loops.for_tuple,
    syntax.ForObject: loops.for_object,
    TemplateIf: _template_if,
    TemplateFor: loops.template_for,
}
