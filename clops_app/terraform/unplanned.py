"""What Terraform knows before it plans: no variable, no resource, no output of a module. What it finds wrong even so, it tells first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from clops_app.hcl.syntax import Expression
from clops_app.model.types import ListType, MapType, ObjectType, Type, type_any, type_number, type_string
from clops_app.model.values import Unknown
from clops_app.terraform.convert import parse_type
from clops_app.terraform.declarations import Declared
from clops_app.terraform.frame import Frame
from clops_app.terraform.scope import Budget, Files, Nodes
from clops_app.terraform.values import EvaluationError, Sensitive, StaticError, T
from clops_app.terraform.variables import flag

if TYPE_CHECKING:
    from clops_app.terraform.module import ModuleInstance

_UNPLANNED = "nothing is planned yet"
_EACH: Mapping[str, T] = {
    "each": {"key": Unknown(_UNPLANNED, type=type_string), "value": Unknown(_UNPLANNED)},
    "count": {"index": Unknown(_UNPLANNED, type=type_number)},
}


def errors_before_plan(node: Expression, frame: Frame) -> list[EvaluationError]:
    """What is wrong with an expression before it is planned; where nothing is, what was wrong with it when it was."""
    scope = frame.scope.unplanned(frame.nodes)
    if scope is None or frame.budget.spent > frame.budget.limit // 2:
        return frame.errors  # what has cost so much is not gone through twice
    before = Frame(scope, {name: _EACH.get(name, value) for name, value in frame.names.items()}, frame.nodes)
    try:
        before.value(node)
    except (StaticError, RecursionError):
        return frame.errors
    if not before.errors or _is_same(before.errors[0], frame.errors[0]):
        return frame.errors  # in words that know more
    return before.errors


def _is_same(one: EvaluationError, other: EvaluationError) -> bool:
    return (one.summary, one.start, one.end) == (other.summary, other.start, other.end)


class Unplanned:
    """The scope of a module instance as `terraform validate` has it (internal/terraform/evaluate.go, walkValidate, 1.11.4)."""

    __slots__ = ("_locals", "_module", "_nodes", "_variables")

    def __init__(self, module: ModuleInstance, nodes: Nodes) -> None:
        self._module = module
        self._nodes = nodes
        self._locals: dict[str, T] = {}
        self._variables: dict[str, T] = {}

    @property
    def files(self) -> Files:
        return self._module.files

    @property
    def budget(self) -> Budget:
        return self._module.budget

    def unplanned(self, _: Nodes) -> None:
        return None

    def head(self, names: tuple[str, ...]) -> tuple[T, int]:
        match names:
            case ("path" | "terraform", *_):
                return self._module.head(names)
            case ("local", name, *_):
                return self._local(name), 2
            case ("var", name, *_):
                return self._variable(name), 2
            case ("module", name, *_):
                return Unknown(_UNPLANNED, type=self._call_type(name)), 2
            case ("data" | "resource", _, _, *_):
                return Unknown(_UNPLANNED), 3
            case _:
                return Unknown(_UNPLANNED), min(2, len(names))

    def _local(self, name: str) -> T:
        if name not in self._locals:
            self._locals[name] = Unknown(_UNPLANNED)  # also for whoever asks while it is evaluated
            found = self._module.declarations.locals.get(name)
            if found is not None:
                self._locals[name] = Frame(self, {}, self._nodes).value(found[1].value)
        return self._locals[name]

    def _variable(self, name: str) -> T:
        if name not in self._variables:
            self._variables[name] = _unplanned_variable(self._module.declarations.variables.get(name), self.budget)
        return self._variables[name]

    def _call_type(self, name: str) -> Type | None:
        """An object of the outputs; Terraform takes several instances for a list or a map here."""
        module = self._module
        if name not in module.declarations.modules:
            return None
        _, instances = module.calls(name)
        declared = module.declarations.modules[name]
        kinds = {frozenset(instance.names()) for instance in instances}
        if len(kinds) != 1:
            return None
        one = ObjectType(dict.fromkeys(sorted(kinds.pop()), type_any))
        if declared.attribute("count") is not None:
            return ListType(one)
        return MapType(one) if declared.attribute("for_each") is not None else one


def _unplanned_variable(declared: Declared | None, budget: Budget) -> T:
    constraint = None if declared is None else declared.attribute("type")
    kind: Type | None = None
    if constraint is not None:
        try:
            kind, _ = parse_type(constraint.value, budget)
        except EvaluationError:
            kind = None
    unknown = Unknown(_UNPLANNED, type=None if kind == type_any else kind)
    return Sensitive(unknown) if declared is not None and flag(declared, "sensitive") else unknown
