"""An input variable's value: what is given, else its default, as its type; Terraform's order, null and marks kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clops_app.hcl.parser import parse_expression
from clops_app.hcl.strings import composed
from clops_app.hcl.syntax import Attribute, Literal, SyntaxProblem, Traversal
from clops_app.language import say, tr
from clops_app.model.values import Unknown
from clops_app.terraform.convert import apply_defaults, convert, parse_type
from clops_app.terraform.declarations import Declared
from clops_app.terraform.inputs import GivenExpression, GivenText
from clops_app.terraform.session import Cell
from clops_app.terraform.values import EvaluationError, T, is_null, marked

# What one variable of one module instance costs, in steps, beside its value (measured: some 10 µs).
_VARIABLE = 10

if TYPE_CHECKING:
    from clops_app.terraform.module import ModuleInstance


def variable_value(module: ModuleInstance, name: str, declared: Declared) -> T:
    """The value, unknown where it does not fit. Raises StaticError once the root took too many steps."""
    module.budget.spend(_VARIABLE)
    written = {item.name: item for item in declared.block.body.attributes}
    constraint, default = written.get("type"), written.get("default")
    what = f"var.{name}" if not module.address else f"{module.address}.var.{name}"
    wanted = None
    if constraint is not None:
        try:
            wanted = parse_type(constraint.value, module.budget)
        except EvaluationError as error:
            module.session.failed(declared.path_of("type"), constraint.start, tr("the type of {what}", what=what), error)
    value: T
    given, path, offset = _given(module, name, declared, constraint)
    if given is not None:
        value = given.get() if isinstance(given, Cell) else given
    elif default is not None:
        value, path, offset = (
            module.value_of(default.value, declared.path_of("default"), what),
            declared.path_of("default"),
            default.start,
        )
    else:
        if module.parent is not None:
            module.session.complain(
                declared.path,
                declared.block.start,
                tr("{what} is not set", what=what),
                tr("the call of {module} gives no value and it has no default", module=module.address),
            )
        value = Unknown(tr("{variable} has no default and no value is given", variable=f"var.{name}"))
    if is_null(value) and default is not None and "nullable" in written and flag(declared, "nullable", True) is False:
        value = module.value_of(default.value, declared.path_of("default"), what)
    if wanted is not None:
        try:
            value = convert(apply_defaults(value, wanted[1], module.budget), wanted[0])
        except EvaluationError as error:
            unfit = tr("the value of {what} does not fit its type", what=what)
            module.session.complain(path, offset, unfit, error.detail)
            value = Unknown(unfit)
    return marked(value, "sensitive" in written and flag(declared, "sensitive"))


def _given(module: ModuleInstance, name: str, declared: Declared, constraint: Attribute | None) -> tuple[Cell | T | None, str, int]:
    if module.parent is not None:
        return module.given.get(name), declared.path, declared.block.start
    match module.root_given.get(name):
        case GivenExpression(expression, path):
            return Cell(module.session, f"var.{name}", lambda: module.value_of(expression, path, f"var.{name}")), path, expression.start
        case GivenText(text, _) if _is_plain_text(constraint):
            return composed(text), declared.path, declared.block.start
        case GivenText(text, origin):
            parsed = parse_expression(text)
            if isinstance(parsed, SyntaxProblem):
                said = tr("{given} is not a value: {summary}", given=origin, summary=say(parsed.summary))
                why = tr("a list or map is written as in HCL: '[\"a\"]'")
                module.session.complain(declared.path, declared.block.start, said, why)
                return Unknown(tr("{given} is not a value", given=origin)), declared.path, declared.block.start
            value = module.value_of(parsed, declared.path, origin)
            return Cell(module.session, f"var.{name}", lambda: value), declared.path, declared.block.start
        case None:
            return None, declared.path, declared.block.start


def _is_plain_text(constraint: Attribute | None) -> bool:
    """Whether a value given as text is a plain string to this variable, as Terraform decides it."""
    match constraint:
        case None:
            return True
        case (
            Attribute(value=Traversal(names=("string" | "number" | "bool",))) | Attribute(value=Literal(value="string" | "number" | "bool"))
        ):
            return True
        case _:
            return False


def flag(declared: Declared, name: str, default: bool = False) -> bool:
    attribute = declared.attribute(name)
    return attribute.value.value is True if attribute is not None and isinstance(attribute.value, Literal) else default
