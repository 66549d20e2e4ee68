"""An expression has a value: one function a kind of node, run on the tree as it is.

Interpreted, not compiled to closures: most expressions of a root are evaluated once (measured: equal or slower compiled).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from unicodedata import normalize

from clops_app.hcl import syntax
from clops_app.hcl.syntax import Expression, TemplateFor, TemplateIf, TemplatePart
from clops_app.language import tr
from clops_app.model.types import AnyType, ListType, SetType, TupleType, Type, type_string
from clops_app.model.values import Unknown
from clops_app.terraform import functions
from clops_app.terraform.access import attribute_of, index_of, is_lone_instance, part
from clops_app.terraform.attempts import possible, tried
from clops_app.terraform.conditionals import as_branch, branch_type, common_type, condition_of, either, type_of_failed
from clops_app.terraform.convert import convert
from clops_app.terraform.iteration import built, duplicate_key, kept, pairs, result_key, splat_source, spread
from clops_app.terraform.numbers import whole
from clops_app.terraform.operators import binary, decided, negation, negative
from clops_app.terraform.references import no_attribute
from clops_app.terraform.scope import WAITING, Frame, Scope
from clops_app.terraform.text import joined
from clops_app.terraform.unify import type_of, unify
from clops_app.terraform.values import EvaluationError, ListValue, Sensitive, SetValue, StaticError, T, marked, too_much, unmarked

_NO_PARAMETERS: Mapping[str, T] = {}
_LOOPED = frozenset({"each", "count"})
# What computing a fraction costs, in steps: 0.1 ms of 512-bit arithmetic against 1 µs for a node (measured).
_FRACTION = 100


def evaluate(node: Expression, scope: Scope, names: Mapping[str, T] = _NO_PARAMETERS) -> T:
    """The value of an expression. `names` (each, count, self, iterators) come before what the scope knows.

    Raises EvaluationError where Terraform would refuse it.
    """
    budget = scope.budget
    if budget.waiting >= WAITING:
        raise too_much(tr("More than {count} expressions wait for each other.", count=WAITING), node.start, node.end)
    budget.waiting += 1
    try:
        return value_of(node, Frame(scope, names))
    except RecursionError:
        raise too_much(tr("The expression is nested too deeply."), node.start, node.end) from None
    finally:
        budget.waiting -= 1


def value_of(node: Expression, frame: Frame) -> T:
    """The value of one node; an error without a place gets the node's."""
    budget = frame.budget
    budget.spent += 1
    if budget.spent > budget.limit:
        budget.spend(0)
    try:
        return _NODES[type(node)](node, frame)
    except EvaluationError as error:
        if not error.end:
            error.start, error.end = node.start, node.end
        error.type = type_of_failed(node, error.type)
        raise


def _literal(node: syntax.Literal, _: Frame) -> T:
    value = node.value
    if isinstance(value, str):
        return value if value.isascii() else normalize("NFC", value)  # Terraform's strings are in normal form C
    return whole(value) if isinstance(value, Decimal) else value


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
    if used < len(names) and first in _LOOPED and isinstance(value, dict) and names[used] not in value:
        raise no_attribute(first, names[used])
    for name in names[used:]:
        value = attribute_of(value, name)
    return value


def _get_attribute(node: syntax.GetAttribute, frame: Frame) -> T:
    return attribute_of(value_of(node.of, frame), node.name)


def _index(node: syntax.Index, frame: Frame) -> T:
    value = value_of(node.of, frame)
    if isinstance(node.of, syntax.Traversal) and is_lone_instance(value, node.of.names) and node.of.names[0] not in frame.names:
        name = ".".join(node.of.names)
        detail = tr("{address} has neither `count` nor `for_each`, so there is one of it; remove the index in brackets.", address=name)
        raise StaticError("Unexpected resource instance key", detail)
    return index_of(value, value_of(node.key, frame))


def _splat_item(_: syntax.SplatItem, frame: Frame) -> T:
    return frame.item


def _splat(node: syntax.Splat, frame: Frame) -> T:
    source, hidden = unmarked(splat_source(value_of(node.of, frame)))
    if isinstance(source, Unknown):
        return marked(_splat_of_unknown(node, source, frame), hidden)
    if not isinstance(source, tuple):
        raise TypeError("splat_source gives a sequence or an unknown")
    inner = Frame(frame.scope, frame.names)
    items: list[T] = []
    for item in source:
        inner.item = item
        items.append(value_of(node.each, inner))
    if isinstance(source, (ListValue, SetValue)):
        if not items and not isinstance(source.element, AnyType):
            inner.item = Unknown("the list is empty", type=source.element)
            return marked(ListValue((), type_of(value_of(node.each, inner))), hidden)
        return marked(built(ListValue(items, unify(map(type_of, items)) or type_of(None)), frame.budget), hidden)
    return marked(built(tuple(items), frame.budget), hidden)


def _splat_of_unknown(node: syntax.Splat, source: Unknown, frame: Frame) -> Unknown:
    """Unknown as a whole, but of every element we know which attribute it is."""
    several = source.type is None or isinstance(source.type, (AnyType, ListType, SetType, TupleType))
    element: Type | None = getattr(source.type, "element", None) if several else source.type
    each = value_of(node.each, Frame(frame.scope, frame.names, part(source, "[*]", element)))
    reference = each.ref if isinstance(each, Unknown) else None
    return Unknown(source.why, reference, type=ListType(type_of(each)) if isinstance(source.type, (ListType, SetType, TupleType)) else None)


def _call(node: syntax.Call, frame: Frame) -> T:
    name = node.name.removeprefix("core::")
    if name in {"try", "can"}:
        attempts: list[Callable[[], T]] = [partial(value_of, argument, frame) for argument in node.arguments]
        if node.spread:
            last = spread(attempts.pop()())
            if isinstance(last, Unknown):
                return last
            attempts += [partial(marked, value, False) for value in last]
        return tried(attempts) if name == "try" else possible(attempts)
    frame.budget.spend(1)
    functions.check_call(name, node)
    arguments = [value_of(argument, frame) for argument in node.arguments]
    if node.spread:
        last = spread(arguments.pop())
        if isinstance(last, Unknown):
            return last
        arguments += last
    try:
        return functions.call(node.name, arguments, frame.scope)
    except EvaluationError as error:
        if error.argument is not None:
            place = node.arguments[min(error.argument, len(node.arguments) - 1)]
            error.start, error.end, error.argument = place.start, place.end, None
        raise


def _conditional(node: syntax.Conditional, frame: Frame) -> T:
    then = _branch(node.then, frame)
    otherwise = _branch(node.otherwise, frame)
    common = common_type(then, otherwise, node)
    try:
        condition, hidden = unmarked(condition_of(value_of(node.condition, frame), node.condition))
    except EvaluationError as error:
        error.type = common or branch_type(then)
        raise
    hidden = hidden or isinstance(then, Sensitive) or isinstance(otherwise, Sensitive)  # of either branch, taken or not
    if isinstance(condition, Unknown):
        return marked(either(condition, as_branch(then, common, node), as_branch(otherwise, common, node), common), hidden)
    chosen = then if condition else otherwise
    if isinstance(chosen, EvaluationError):
        raise chosen
    return marked(as_branch(chosen, common, node), hidden)


def _branch(node: Expression, frame: Frame) -> T | EvaluationError:
    """The value of a branch; the error of the branch that is not taken is nobody's business."""
    try:
        return value_of(node, frame)
    except StaticError:
        raise
    except EvaluationError as error:
        return error


def _binary(node: syntax.Binary, frame: Frame) -> T:
    """A chain `a + b + c + …` is a tree as deep as it is long: it is walked, not recursed into."""
    chain: list[syntax.Binary] = []
    first: Expression = node
    while isinstance(first, syntax.Binary):
        chain.append(first)
        first = first.left
    result = value_of(first, frame)
    for link in reversed(chain):
        if not decided(link.operator, result):
            result = binary(link.operator, result, value_of(link.right, frame))
        else:
            result = binary(link.operator, result, result)
        if isinstance(result, Decimal):
            frame.budget.spend(_FRACTION)
    return result


def _unary(node: syntax.Unary, frame: Frame) -> T:
    operand = value_of(node.operand, frame)
    return negation(operand) if node.operator == "!" else negative(operand)


def _inner(node: syntax.Parentheses | syntax.Interpolation, frame: Frame) -> T:
    return value_of(node.inner, frame)


def _tuple(node: syntax.TupleItems, frame: Frame) -> T:
    return built(tuple([value_of(item, frame) for item in node.items]), frame.budget)


def _object(node: syntax.ObjectItems, frame: Frame) -> T:
    made: dict[str, T] = {}
    hidden = False
    unknown: Unknown | None = None
    for key_node, item in node.items:
        key, secret = unmarked(value_of(key_node, frame))
        hidden = hidden or secret
        if key is None:
            raise EvaluationError("Null value as key", "Can't use a null value as a key.", key_node.start, key_node.end)
        try:
            key = convert(key, type_string)
        except EvaluationError as error:
            detail = f"Can't use this value as a key: {error.detail}"
            raise EvaluationError("Incorrect key type", detail, key_node.start, key_node.end) from error
        if isinstance(key, Unknown):
            unknown = unknown if unknown is not None else key
            value_of(item, frame)
        else:
            made[str(key)] = value_of(item, frame)
    return marked(built(made, frame.budget) if unknown is None else Unknown(unknown.why), hidden)


def _each(node: syntax.ForTuple | syntax.ForObject | TemplateFor, source: T, frame: Frame) -> Iterator[Frame]:
    """One frame for every element; the same object each time, with other names."""
    names = dict(frame.names)
    inner = Frame(frame.scope, names, frame.item)
    for key, item in pairs(source):
        frame.budget.spend(1)
        if node.key is not None:
            names[node.key] = key
        names[node.value] = item
        yield inner


def _for_tuple(node: syntax.ForTuple, frame: Frame) -> T:
    source, hidden = unmarked(value_of(node.collection, frame))
    if isinstance(source, Unknown):
        return marked(_for_of_unknown(node, source, frame), hidden)
    items: list[T] = []
    unknown: Unknown | None = None
    _checked(node, frame)
    for inner in _each(node, source, frame):
        keep, secret = _kept(node.condition, inner)
        hidden = hidden or secret
        if isinstance(keep, Unknown):
            unknown = keep  # the others are gone through all the same: one of them may be wrong
        elif keep:
            items.append(value_of(node.result, inner))
    if unknown is not None:
        return marked(Unknown(unknown.why), hidden)
    return marked(built(tuple(items), frame.budget), hidden)


def _checked(node: syntax.ForTuple | syntax.ForObject, frame: Frame) -> None:
    """The `if` clause must make sense whatever the elements are, even where there are none."""
    if node.condition is not None:
        anything = Unknown("it stands for every element")
        names = {**frame.names, node.value: anything}
        if node.key is not None:
            names[node.key] = anything
        _kept(node.condition, Frame(frame.scope, names, frame.item))


def _for_of_unknown(node: syntax.ForTuple, source: Unknown, frame: Frame) -> T:
    """Unknown, but `[for s in aws_subnet.all : s.id]` still says whose ids these are."""
    pairs(source)
    if source.type is not None:
        _checked(node, frame)
    if source.ref is None or node.condition is not None:
        return Unknown(source.why)
    names = {**frame.names, node.value: part(source, "[*]", getattr(source.type, "element", None))}
    if node.key is not None:
        names[node.key] = Unknown(source.why)
    each = _branch(node.result, Frame(frame.scope, names, frame.item))
    return Unknown(source.why, each.ref if isinstance(each, Unknown) else None)


def _kept(condition: Expression | None, frame: Frame) -> tuple[bool | Unknown, bool]:
    """What the `if` clause says, and whether that is a secret."""
    return (True, False) if condition is None else kept(value_of(condition, frame), condition)


def _for_object(node: syntax.ForObject, frame: Frame) -> T:
    source, hidden = unmarked(value_of(node.collection, frame))
    made: dict[str, T] = {}
    groups: dict[str, list[T]] = {}
    if isinstance(source, Unknown):
        pairs(source)
        if source.type is not None:
            _checked(node, frame)
        return marked(Unknown(source.why), hidden)
    _checked(node, frame)
    for inner in _each(node, source, frame):
        keep, secret = _kept(node.condition, inner)
        if isinstance(keep, Unknown):
            return marked(Unknown(keep.why), hidden or secret)
        hidden = hidden or secret
        if not keep:
            continue
        key, secret = unmarked(result_key(value_of(node.result_key, inner), node.result_key))
        hidden = hidden or secret
        if isinstance(key, Unknown):
            return marked(Unknown(key.why), hidden)
        name = str(key)
        value = value_of(node.result, inner)
        if node.grouped:
            groups.setdefault(name, []).append(value)
        elif name in made:
            raise duplicate_key(name, node.result_key)
        else:
            made[name] = value
    if node.grouped:
        made = {name: tuple(group) for name, group in groups.items()}
    return marked(built(made, frame.budget), hidden)


def _template(node: syntax.Template, frame: Frame) -> T:
    return _joined_parts(node.parts, frame)


def _joined_parts(parts: Sequence[TemplatePart], frame: Frame) -> T:
    return joined(((_part_value(one, frame), one.start, one.end) for one in parts), frame.budget)


def _template_branch(parts: Sequence[TemplatePart], frame: Frame) -> T:
    try:
        return _joined_parts(parts, frame)
    except StaticError:
        raise
    except EvaluationError as error:
        return Unknown(tr("one branch can't be evaluated ({summary})", summary=error.summary))


def _part_value(node: TemplatePart, frame: Frame) -> T:
    match node:
        case TemplateIf():
            condition, hidden = unmarked(condition_of(value_of(node.condition, frame), node.condition))
            if isinstance(condition, Unknown):
                then, otherwise = _template_branch(node.then, frame), _template_branch(node.otherwise, frame)
                return marked(either(condition, then, otherwise, type_string), hidden)
            return marked(_joined_parts(node.then if condition else node.otherwise, frame), hidden)
        case TemplateFor():
            source, hidden = unmarked(value_of(node.collection, frame))
            if isinstance(source, Unknown):
                pairs(source)
                return marked(Unknown(source.why, type=type_string, not_null=True), hidden)
            pieces = ((_joined_parts(node.body, inner), node.start, node.end) for inner in _each(node, source, frame))
            return marked(joined(pieces, frame.budget), hidden)
        case _:
            return value_of(node, frame)


_NODES: Mapping[type, Callable[..., T]] = {
    syntax.Literal: _literal,
    syntax.Template: _template,
    syntax.Interpolation: _inner,
    syntax.Traversal: _traversal,
    syntax.GetAttribute: _get_attribute,
    syntax.Index: _index,
    syntax.SplatItem: _splat_item,
    syntax.Splat: _splat,
    syntax.Call: _call,
    syntax.Conditional: _conditional,
    syntax.Binary: _binary,
    syntax.Unary: _unary,
    syntax.Parentheses: _inner,
    syntax.TupleItems: _tuple,
    syntax.ObjectItems: _object,
    syntax.ForTuple: _for_tuple,
    syntax.ForObject: _for_object,
}
