"""A value is changed where it comes from: through module arguments, locals, variables and their files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from clops_app.hcl.find import traversals
from clops_app.hcl.syntax import Call, Conditional, Expression, GetAttribute, Index, Literal, ObjectItems, Traversal, TupleItems
from clops_app.language import tr
from clops_app.model.finding import Code
from clops_app.model.resource import Configuration, ModuleCall
from clops_app.model.source import SourceTree
from clops_app.patch.places import BlockName, Spot, Step, attribute_of, chain_at, item_at, unwrapped
from clops_app.terraform.declarations import Declarations, load
from clops_app.terraform.inputs import Given, GivenExpression, GivenText, Inputs, given_variables
from clops_app.terraform.modelled import is_model
from clops_app.terraform.sources import Sources

_MODULE = re.compile(r'module\.[\w-]+(?:\[(?:\d+|"(?:[^"\\]|\\.)*"|\*)\])?')
_KEY = re.compile(r'\[(?:(\d+)|"((?:[^"\\]|\\.)*)")\]$')


@dataclass(frozen=True, slots=True)
class NotPatchable:
    """`why` is a phrase for people: "its value is decided by an expression: var.env == …"."""

    why: str


@dataclass(frozen=True, slots=True)
class Context:
    """One root as it is now: what planning reads."""

    configuration: Configuration
    sources: Sources
    declarations: Callable[[str], Declarations]
    given: Callable[[str], Given | None]

    @property
    def tree(self) -> SourceTree:
        return self.sources.tree


@dataclass(frozen=True, slots=True)
class Origin:
    """A value as written: the expression, its place, the module instance it is written in and what `each` means there.

    `local`: references may be written here; they may not in a variable's default or a variable file.
    """

    spot: Spot
    expression: Expression
    module: str
    each: Step | None
    local: bool = True


@dataclass(frozen=True, slots=True)
class Written:
    """Where a new value belongs. `module` is None where no reference may stand (a default, a variable file)."""

    spot: Spot
    module: str | None


def context_of(configuration: Configuration, sources: Sources, inputs: Inputs) -> Context:
    @cache
    def declarations(directory: str) -> Declarations:
        return load(sources, directory)

    # A --var-file may be a file of this repository; one that is not, or reads differently there, cannot be changed here.
    elsewhere = {name for name, content in inputs.var_files if sources.tree.files.get(name) != content}

    @cache
    def given() -> dict[str, Given]:
        found = given_variables(sources, configuration.root, inputs)[0]
        for name, value in found.items():
            if isinstance(value, GivenExpression) and value.path in elsewhere:
                found[name] = GivenText("", value.path)
        return found

    return Context(configuration, sources, declarations, lambda name: given().get(name))


def parent_of(module: str) -> str:
    """`module.a["x.y"].module.b[0]` to `module.a["x.y"]`."""
    return ".".join(_MODULE.findall(module)[:-1])


def key_of(address: str) -> Step | None:
    """The instance key at the end of an address."""
    found = _KEY.search(address)
    if found is None:
        return None
    return int(found[1]) if found[1] is not None else found[2].replace('\\"', '"').replace("\\\\", "\\")


def unreachable(context: Context, path: str) -> str | None:
    """Why a file cannot be changed, or None."""
    if path not in context.tree.files:
        return tr("{path} is not in this repository", path=path)
    if is_model(path):
        return tr("it is made by a module that is not in this repository")
    if ".terraform" in path.split("/"):
        return tr("it is written in a downloaded module")
    if path.endswith(".json"):
        return tr("{path} is JSON, which is written by a program", path=path)
    return tr("{path} does not parse", path=path) if context.sources.file(path).problems else None


def source_of(context: Context, origin: Origin, rest: tuple[Step, ...] = (), seen: frozenset[Spot] = frozenset()) -> Written | NotPatchable:
    """Where to write so that the value at `rest` inside this one changes, and nothing else does."""
    if origin.spot in seen:
        return NotPatchable(tr("its value depends on itself"))
    seen |= {origin.spot}
    while rest and (item := item_at(origin.expression, rest[0])) is not None:
        origin = replace(origin, expression=item, spot=replace(origin.spot, inside=(*origin.spot.inside, rest[0])))
        rest = rest[1:]
    named = _named(origin.expression)
    if named is not None and named[0] not in ("path", "terraform"):
        return _referred(context, origin, named, rest, seen)
    for inner, steps in _passed_on(origin.expression):
        found = source_of(context, replace(origin, expression=inner), (*steps, *rest), seen - {origin.spot})
        if isinstance(found, Written):
            return found
    # A key that is not written can be added to a written object, whatever its other members are.
    added = len(rest) == 1 and isinstance(rest[0], str) and isinstance(unwrapped(origin.expression), ObjectItems)
    if rest and not added:
        return NotPatchable(tr("`{expression}` is not written out", expression=_excerpt(context, origin)))
    if (why := unreachable(context, origin.spot.path)) is not None:
        return NotPatchable(why)
    if added:
        origin = replace(origin, spot=replace(origin.spot, inside=(*origin.spot.inside, *rest)))
    elif not constant(origin.expression):
        return NotPatchable(tr("its value is decided by an expression: {expression}", expression=_excerpt(context, origin)))
    return Written(origin.spot, origin.module if origin.local else None)


def _referred(
    context: Context, origin: Origin, named: tuple[Step, ...], rest: tuple[Step, ...], seen: frozenset[Spot]
) -> Written | NotPatchable:
    match named + rest:
        case ("var", str(name), *steps):
            return _variable(context, origin.module, name, tuple(steps), seen)
        case ("local", str(name), *steps):
            found = context.declarations(_directory(context, origin.module)).locals.get(name)
            if found is None:
                return NotPatchable(tr("{name} is not declared", name=f"local.{name}"))
            path, attribute = found
            chain, _ = chain_at(context.sources.file(path).body, attribute.start)
            return source_of(context, Origin(Spot(path, chain, name), attribute.value, origin.module, None), tuple(steps), seen)
        case ("each", "value", *steps) if origin.each is not None and (looped := _loop(context, origin)) is not None:
            return source_of(context, looped, (origin.each, *steps), seen)
        case _:
            return NotPatchable(tr("its value is taken from {expression}", expression=_excerpt(context, origin)))


def _loop(context: Context, origin: Origin) -> Origin | None:
    """The for_each that gives `each` its meaning where this is written."""
    file = context.sources.file(origin.spot.path)
    block = next((b for b in file.body.blocks if origin.spot.blocks and BlockName(b.type, b.labels, 0) == origin.spot.blocks[0]), None)
    attribute = attribute_of(block.body, "for_each") if block is not None else None
    if attribute is None:
        return None
    # A for_each has no `each` of its own.
    return Origin(Spot(origin.spot.path, origin.spot.blocks[:1], "for_each"), attribute.value, origin.module, None)


def _variable(context: Context, module: str, name: str, rest: tuple[Step, ...], seen: frozenset[Spot]) -> Written | NotPatchable:
    if module:
        return _argument(context, module, name, rest, seen)
    match context.given(name):
        case GivenExpression(expression, path):
            spot = Spot(path, (), name)
            return source_of(context, Origin(spot, expression, "", None, local=False), rest, seen)
        case None:
            return _default(context, "", name, rest, seen)
        case outside:
            return NotPatchable(tr("var.{name} is given from outside the repository ({origin})", name=name, origin=outside.origin))


def _argument(context: Context, module: str, name: str, rest: tuple[Step, ...], seen: frozenset[Spot]) -> Written | NotPatchable:
    call = _call(context, module)
    if call is None:
        return NotPatchable(tr("the call of {module} was not found", module=module))
    parent = parent_of(module)
    path = call.source.path
    chain, blocks = chain_at(context.sources.file(path).body, call.source.start)
    attribute = attribute_of(blocks[-1].body, name) if blocks else None
    if attribute is not None:
        return source_of(context, Origin(Spot(path, chain, name), attribute.value, parent, key_of(module)), rest, seen)
    if name in call.spans:
        return NotPatchable(tr("{name} is given to {module} in an override file", name=name, module=module))
    if rest:
        return _default(context, module, name, rest, seen)
    if (why := unreachable(context, path)) is not None:
        return NotPatchable(why)
    # Given here it is for this call alone; changing the default would reach every other caller.
    return Written(Spot(path, chain, name), parent)


def _default(context: Context, module: str, name: str, rest: tuple[Step, ...], seen: frozenset[Spot]) -> Written | NotPatchable:
    declared = context.declarations(_directory(context, module)).variables.get(name)
    if declared is None:
        return NotPatchable(tr("{name} is not declared", name=f"var.{name}"))
    default = declared.attribute("default")
    if default is None:
        return NotPatchable(tr("var.{name} is given when Terraform runs, not in this repository", name=name))
    path = declared.path_of("default")
    chain, _ = chain_at(context.sources.file(path).body, default.start)
    return source_of(context, Origin(Spot(path, chain, "default"), default.value, module, None, local=False), rest, seen)


def _call(context: Context, module: str) -> ModuleCall | None:
    return next((call for call in context.configuration.modules if call.address == module), None)


def _directory(context: Context, module: str) -> str:
    call = _call(context, module) if module else None
    return context.configuration.root if call is None or call.directory is None else call.directory


def _named(expression: Expression) -> tuple[Step, ...] | None:
    """A reference as its names: `var.a["b"].c` to ("var", "a", "b", "c"); None for anything else."""
    match unwrapped(expression):
        case Traversal(names=names):
            return tuple(int(name) if name.isdigit() else name for name in names)
        case GetAttribute(of=of, name=name):
            steps = _named(of)
            return None if steps is None else (*steps, name)
        case Index(of=of, key=key):
            steps = _named(of)
            match unwrapped(key):
                case Literal(value=str() | int() as step) if steps is not None and not isinstance(step, bool):
                    return (*steps, step)
                case _:
                    return None
        case _:
            return None


def _passed_on(expression: Expression) -> Iterator[tuple[Expression, tuple[Step, ...]]]:
    """The references whose value this expression hands on unchanged, and the key it takes of them.

    Changed at their source, the expression keeps its meaning. A choice between two written values is none of these.
    """
    found: list[tuple[Expression, tuple[Step, ...]]] = []
    match unwrapped(expression):
        case Call(name="try" | "coalesce", arguments=arguments, spread=False):
            found = [(argument, ()) for argument in arguments]
        case Call(name="tobool" | "tonumber" | "tostring" | "sensitive" | "nonsensitive", arguments=(argument,)):
            found = [(argument, ())]
        case Call(name="lookup", arguments=(of, key, *_)):
            match unwrapped(key):
                case Literal(value=str() as step):
                    found = [(of, (step,))]
        case Conditional(then=then, otherwise=otherwise):
            found = [(then, ()), (otherwise, ())]
    for inner, steps in found:
        if _named(inner) is not None:
            yield inner, steps
        else:
            yield from _passed_on(inner)


def constant(expression: Expression) -> bool:
    """Whether it is written out: no reference in it, so replacing it loses nothing but itself."""
    match unwrapped(expression):
        case Literal():
            return True
        case TupleItems(items=items):
            return all(constant(item) for item in items)
        case ObjectItems(items=pairs):
            return all(constant(key) and constant(value) for key, value in pairs)
        case Call(arguments=arguments):
            return all(constant(argument) for argument in arguments)
        case _:
            return not any(True for _ in traversals(expression))


def permits(written: Written, value: object, module: str) -> bool:
    """Whether the value may stand there: code with references only in the module it was written for."""
    return not isinstance(value, Code) or written.module == module


def _excerpt(context: Context, origin: Origin) -> str:
    content = context.tree.files.get(origin.spot.path, b"")
    text = " ".join(content[origin.expression.start : origin.expression.end].decode("utf-8", "replace").split())
    return text if len(text) <= 60 else text[:57] + "..."
