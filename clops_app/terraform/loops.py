"""What goes through a collection element by element: for-expressions, splats, and the `for` of a template."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clops_app.hcl import syntax
from clops_app.hcl.syntax import Expression, TemplateFor
from clops_app.language import tr, tr_noop
from clops_app.model.types import AnyType, ListType, SetType, TupleType, Type, type_any, type_string
from clops_app.model.values import Unknown
from clops_app.terraform.access import part
from clops_app.terraform.frame import MANY, Frame
from clops_app.terraform.iteration import built, duplicate_key, kept, pairs, result_key, splat_source
from clops_app.terraform.text import joined
from clops_app.terraform.unify import type_of, unify
from clops_app.terraform.values import EvaluationError, ListValue, SetValue, StaticError, T, is_null, marked, unmarked

_CUT_OFF = tr_noop("too many of its elements could not be evaluated")


def splat_item(_: syntax.SplatItem, frame: Frame) -> T:
    return frame.item


def splat(node: syntax.Splat, frame: Frame) -> T:
    wrong = len(frame.errors)
    value = frame.value(node.of)
    if len(frame.errors) > wrong:
        return Unknown(tr("what it takes a part of could not be evaluated"))
    source, hidden = unmarked(splat_source(value))
    if isinstance(source, Unknown):
        return marked(_splat_of_unknown(node, source, frame), hidden)
    if not isinstance(source, tuple):
        raise TypeError("splat_source gives a sequence or an unknown")
    inner = frame.inside(frame.names)
    items: list[T] = []
    for item in source:
        inner.item = item
        items.append(inner.value(node.each))
        if len(frame.errors) > wrong + MANY:
            return marked(Unknown(tr(_CUT_OFF)), hidden)
    made: T
    if isinstance(source, (ListValue, SetValue)):
        if not items and not isinstance(source.element, AnyType):
            inner.item = Unknown(tr("the list is empty"), type=source.element)
            return marked(ListValue((), type_of(inner.value(node.each))), hidden)
        made = ListValue(items, unify(map(type_of, items)) or type_any)
    else:
        made = tuple(items)
    if len(frame.errors) > wrong:
        return marked(Unknown(tr("a part of it could not be evaluated"), type=type_of(made)), hidden)
    return marked(built(made, frame.budget), hidden)


def _splat_of_unknown(node: syntax.Splat, source: Unknown, frame: Frame) -> Unknown:
    """Unknown as a whole, but of every element we know which attribute it is."""
    several = source.type is None or isinstance(source.type, (AnyType, ListType, SetType, TupleType))
    element: Type | None = getattr(source.type, "element", None) if several else source.type
    inner = frame.inside(frame.names)
    inner.item = part(source, "[*]", element)
    each = inner.value(node.each)
    reference = each.ref if isinstance(each, Unknown) else None
    if isinstance(source.type, (ListType, SetType)):
        return Unknown(source.why, reference, not_null=True, type=ListType(type_of(each)))
    return Unknown(source.why, reference)


def _each(node: syntax.ForTuple | syntax.ForObject | TemplateFor, entries: Iterable[tuple[T, T]], frame: Frame) -> Iterator[Frame]:
    """One frame for every element; the same object each time, with other names. It ends after many that could not be evaluated."""
    names = dict(frame.names)
    inner = frame.inside(names)
    enough = len(frame.errors) + MANY
    for key, item in entries:
        if len(frame.errors) > enough:
            return
        frame.budget.spend(1)
        if node.key is not None:
            names[node.key] = key
        names[node.value] = item
        yield inner


def for_tuple(node: syntax.ForTuple, frame: Frame) -> T:
    source, hidden = unmarked(frame.value(node.collection))
    entries = pairs(source)
    if isinstance(source, Unknown):
        return marked(_for_of_unknown(node, source, frame), hidden)
    items: list[T] = []
    unknown = _senseless(node, frame)
    wrong = len(frame.errors)
    for inner in _each(node, entries, frame) if unknown is None else ():
        keep, secret = _kept(node.condition, inner, unknown is None)
        hidden = hidden or secret
        if isinstance(keep, Unknown):
            unknown = keep  # the others are gone through all the same: one of them may be wrong
        elif keep:
            items.append(inner.value(node.result))
    if unknown is not None or len(frame.errors) > wrong + MANY:
        return marked(Unknown(tr(_CUT_OFF) if unknown is None else unknown.why), hidden)
    return marked(built(tuple(items), frame.budget), hidden)


def _senseless(node: syntax.ForTuple | syntax.ForObject, frame: Frame) -> Unknown | None:
    """Nothing, if the `if` clause makes sense whatever the elements are, even where there are none."""
    if node.condition is None:
        return None
    wrong = len(frame.errors)
    anything = Unknown(tr("it stands for every element"))
    value = _any(node, anything, anything, frame).value(node.condition)
    if is_null(unmarked(value)[0]):
        detail = "The value of the 'if' clause must not be null."
        raise EvaluationError("Condition is null", detail, node.condition.start, node.condition.end)
    kept(value, node.condition)
    return Unknown(tr("the `if` clause could not be evaluated")) if len(frame.errors) > wrong else None


def _any(node: syntax.ForTuple | syntax.ForObject, key: Unknown, element: Unknown, frame: Frame) -> Frame:
    """The frame of an element that stands for all of them."""
    return frame.inside({**frame.names, node.value: element, **({} if node.key is None else {node.key: key})})


def _for_of_unknown(node: syntax.ForTuple, source: Unknown, frame: Frame) -> T:
    """Unknown, but `[for s in aws_subnet.all : s.id]` still says whose ids these are."""
    if source.type is not None:
        _senseless(node, frame)
    if source.ref is None or node.condition is not None:
        return Unknown(source.why)
    element = part(source, "[*]", getattr(source.type, "element", None))
    each, _ = _any(node, Unknown(source.why), element, frame).attempt(node.result)
    return Unknown(source.why, each.ref if isinstance(each, Unknown) else None)


def _kept(condition: Expression | None, frame: Frame, telling: bool) -> tuple[bool | Unknown, bool]:
    """What the `if` clause says, and whether that is a secret.

    Once the result of the `for` is unknown, a clause and a key that are of no fitting type are not told any more.
    """
    if condition is None:
        return True, False
    try:
        return kept(frame.value(condition), condition)
    except StaticError:
        raise
    except EvaluationError as error:
        return frame.failed(error) if telling else Unknown(error.summary), False


def for_object(node: syntax.ForObject, frame: Frame) -> T:
    source, hidden = unmarked(frame.value(node.collection))
    entries = pairs(source)
    if isinstance(source, Unknown):
        if source.type is not None:
            _senseless(node, frame)
        return marked(Unknown(source.why), hidden)
    made: dict[str, T] = {}
    groups: dict[str, list[T]] = {}
    unknown = _senseless(node, frame)
    wrong = len(frame.errors)
    for inner in _each(node, entries, frame) if unknown is None else ():
        key, secret = _key(node, inner, unknown is None)
        hidden = hidden or secret
        if isinstance(key, Unknown):
            unknown = key
        elif key is not None:
            value = inner.value(node.result)
            if node.grouped:
                groups.setdefault(key, []).append(value)
            elif key in made:
                frame.failed(duplicate_key(key, node.result_key))
            else:
                made[key] = value
    if unknown is not None or len(frame.errors) > wrong + MANY:
        return marked(Unknown(tr(_CUT_OFF) if unknown is None else unknown.why), hidden)
    if node.grouped:
        made = {name: tuple(group) for name, group in groups.items()}
    return marked(built(made, frame.budget), hidden)


def _key(node: syntax.ForObject, frame: Frame, telling: bool) -> tuple[str | Unknown | None, bool]:
    """The key of an element, None for one that is left out, and whether the key or what decides about it is a secret."""
    keep, hidden = _kept(node.condition, frame, telling)
    if isinstance(keep, Unknown):
        return keep, hidden
    if not keep:
        return None, hidden
    value, secret = unmarked(frame.value(node.result_key))
    try:
        return result_key(value, node.result_key), hidden or secret
    except StaticError:
        raise
    except EvaluationError as error:
        return frame.failed(error) if telling else Unknown(error.summary), hidden or secret


def template_for(node: TemplateFor, frame: Frame) -> T:
    source, hidden = unmarked(frame.value(node.collection))
    entries = pairs(source)
    if isinstance(source, Unknown):
        return marked(Unknown(source.why, type=type_string, not_null=True), hidden)
    body = syntax.Template(node.start, node.end, node.body)
    pieces = (inner.value(body) for inner in _each(node, entries, frame))
    return marked(joined(pieces, (node,), frame.budget), hidden)
