"""Type constraints as they are written, `optional(list(string), [])` and the quoted ones of old Terraform included."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from clops_app.hcl.syntax import Call, Expression, Literal, ObjectItems, Parentheses, Traversal, TupleItems
from clops_app.language import tr
from clops_app.model.types import ListType, MapType, ObjectType, SetType, TupleType, Type, type_any, type_bool, type_number, type_string
from clops_app.model.values import Unknown
from clops_app.terraform.convert import Defaults, apply_defaults, convert
from clops_app.terraform.expressions import evaluate
from clops_app.terraform.references import did_you_mean
from clops_app.terraform.scope import Budget, Nodes
from clops_app.terraform.values import EvaluationError, StaticError, T

_NAMED: Mapping[str, Type] = {
    "string": type_string,
    "number": type_number,
    "bool": type_bool,
    "any": type_any,
    # Without an element type: Terraform 0.11's way, still accepted as "of any".
    "list": ListType(type_any),
    "map": MapType(type_any),
    "set": SetType(type_any),
}
# What it costs, in steps, to read one part of a type (measured: 1 to 2 µs). Each module instance reads the types of its variables.
_PART = 3
_COLLECTIONS: Mapping[str, Callable[[Type], Type]] = {"list": ListType, "set": SetType, "map": MapType}


def read_type(expression: Expression, budget: Budget) -> tuple[Type, Defaults | None]:
    """The type, and what optional() gives a default.

    Raises EvaluationError for what is no type, StaticError once too many steps of the budget are spent.
    """
    budget.spend(_PART)
    match expression:
        case Parentheses(inner=inner):
            return read_type(inner, budget)
        case Traversal(names=(name,)) | Literal(value=str(name)) if name in _NAMED:
            return _NAMED[name], None
        case Call(name=name, arguments=(element,)) if name in _COLLECTIONS:
            inner_type, defaults = read_type(element, budget)
            return _COLLECTIONS[name](inner_type), None if defaults is None else Defaults(children={"": defaults})
        case Call(name="tuple", arguments=(TupleItems(items=items),)):
            return _tuple(items, budget)
        case Call(name="object", arguments=(ObjectItems(items=items),)):
            return _object(items, budget)
        case Traversal(names=(name,)) | Call(name=name):
            detail = tr("`{name}` is no type.", name=name) + did_you_mean(name, [*_NAMED, *_COLLECTIONS, "object", "tuple"])
            raise EvaluationError("Invalid type specification", detail, expression.start, expression.end)
        case _:
            raise EvaluationError("Invalid type specification", "This is no type constraint.", expression.start, expression.end)


def _tuple(items: tuple[Expression, ...], budget: Budget) -> tuple[Type, Defaults | None]:
    read = [read_type(item, budget) for item in items]
    children = {str(number): defaults for number, (_, defaults) in enumerate(read) if defaults is not None}
    return TupleType(tuple(element for element, _ in read)), Defaults(children=children) if children else None


def _object(items: tuple[tuple[Expression, Expression], ...], budget: Budget) -> tuple[Type, Defaults | None]:
    attributes: dict[str, Type] = {}
    optional: set[str] = set()
    values: dict[str, T] = {}
    children: dict[str, Defaults] = {}
    for key, written in items:
        name = _attribute_name(key)
        match written:
            case Call(name="optional", arguments=(constraint, *rest)) if len(rest) <= 1:
                optional.add(name)
                wanted, defaults = read_type(constraint, budget)
                if rest:
                    values[name] = _default(rest[0], wanted, defaults, budget)
            case _:
                wanted, defaults = read_type(written, budget)
        attributes[name] = wanted
        if defaults is not None:
            children[name] = defaults
    return ObjectType(attributes, frozenset(optional)), Defaults(values, children) if values or children else None


def _attribute_name(key: Expression) -> str:
    match key:
        case Literal(value=str(name)) | Traversal(names=(name,)):
            return name
        case _:
            raise EvaluationError("Invalid type specification", "Object constructor map keys must be attribute names.", key.start, key.end)


def _default(written: Expression, wanted: Type, defaults: Defaults | None, budget: Budget) -> T:
    value = evaluate(written, _Nothing(budget), {})
    try:
        return convert(apply_defaults(value, defaults, budget), wanted)
    except StaticError:
        raise
    except EvaluationError as error:
        detail = f"This default value is not compatible with the attribute's type constraint: {error.detail}"
        raise EvaluationError("Invalid default value for optional attribute", detail, written.start, written.end) from error


@dataclass(slots=True)
class _Nothing:
    """The scope of a constant: no names, no files."""

    budget: Budget

    @property
    def files(self) -> _Nothing:
        return self

    def read(self, path: str) -> bytes | Unknown:
        raise EvaluationError("No such file", f"A default value can't read {path}.")

    def exists(self, path: str) -> bool | Unknown:
        return Unknown(tr("a default value can't read {path}", path=path))

    def match(self, directory: str, pattern: str, _: Callable[[int], None]) -> tuple[str, ...] | Unknown:
        return Unknown(tr("a default value can't read {path}", path=f"{directory}/{pattern}"))

    def unplanned(self, _: Nodes) -> None:
        return None

    def head(self, names: tuple[str, ...]) -> tuple[T, int]:
        raise StaticError("Variables not allowed", f"Variables may not be used here: {'.'.join(names)}.")
